"""Hair by style, in layers: behind the body, over the clothes, before the face. `figure.py` calls it."""

from __future__ import annotations

from .head import hair_bend
from .looks import Looks
from .vector import Layers, draw, mirrored, part

# Hair that is drawn as little more than a shade on the skull.
BALD = "bald"


def hair_layer(looks: Looks, layer: str, turn: float) -> str:
    """One layer of the hair ("back", "mid", "front"), parted as the looks say."""
    if looks.hair.style == BALD:
        return ""
    shapes = _layers(looks).get(layer, ())
    if looks.hair.parting == "right":
        shapes = tuple(mirrored(shape) for shape in shapes)
    return draw(shapes, hair_bend(looks.face, turn))


def _layers(looks: Looks) -> Layers:
    return part("hair", looks.hair.style)
