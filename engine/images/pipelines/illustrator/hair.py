"""Hair by style, in layers: behind the body, over the clothes, before the face. `figure.py` calls it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from .head import hair_bend
from .looks import HairLook, Looks
from .vector import Layers, Shape, draw, mirrored, part
from .worn import COVERING, HATS

# Hair that is no hair at all.
BALD = "bald"
# Styles whose front is a part of its own, and which front they wear where the words do not say.
_FRONTS = {
    "long_wavy": "front_swept", "lob_wavy": "front_swept", "long_straight": "front_middle", "lob": "front_swept",
    "bob": "front_fringe", "side_braid": "front_swept", "two_braids": "front_middle",
}  # fmt: skip
# Hair that stands where a hat sits, and what is seen of it under one.
_PILED = {
    "bun": "buzz",
    "topknot": "buzz",
    "space_buns": "buzz",
    "mohawk": "buzz",
    "crown_braid": "buzz",
    "afro": "curly_short",
}


def hair_layer(looks: Looks, layer: str, turn: float) -> str:
    """One layer of the hair ("back", "mid", "front"), parted as the looks say."""
    hair = looks.hair
    if hair.style == BALD or looks.hat in COVERING:
        return ""
    if looks.hat in HATS and looks.hat != "crown" and hair.style in _PILED:
        hair = replace(hair, style=_PILED[hair.style])
    shapes = _layers(hair).get(layer, ())
    if hair.blend == "streaks":
        shapes = _streaked(shapes, looks.face_seed)
    if hair.parting == "right":
        shapes = tuple(mirrored(shape) for shape in shapes)
    return draw(shapes, hair_bend(looks.face, turn))


def _layers(hair: HairLook) -> Layers:
    layers = dict(part("hair", hair.style))
    front = {"fringe": "front_fringe", "curtain": "front_curtain"}.get(
        hair.fringe, _FRONTS.get(hair.style, "")
    )
    if hair.parting == "middle" and not hair.fringe and hair.style in _FRONTS:
        front = "front_middle"
    if front and (hair.style in _FRONTS or hair.fringe):
        layers["front"] = part("hair", front)["front"]
    return layers


def _streaked(shapes: tuple[Shape, ...], seed: int) -> tuple[Shape, ...]:
    """Some strands in the second colour."""
    chance = Random(seed ^ 0x57)
    out = []
    for shape in shapes:
        attributes = shape.attributes.replace("s-hair-light", "s-second")
        if 'class="f-hair-light"' in attributes or (
            'class="f-hair"' in attributes and len(shapes) > 8 and chance.random() < 0.3
        ):
            attributes = attributes.replace("f-hair-light", "f-second").replace('"f-hair"', '"f-second"')
        out.append(Shape(shape.tokens, shape.ellipse, attributes))
    return tuple(out)
