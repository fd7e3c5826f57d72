"""Glasses, jewellery, hats and head coverings. `figure.py` calls it for each layer."""

from __future__ import annotations

from .face import ear_lobe
from .head import feature_bend, hair_bend
from .looks import Looks
from .vector import bent_path, draw, number, part, path

# What covers all hair.
COVERING = frozenset({"hijab", "turban", "headwrap"})
# Hats that cover the top of the head: hair that is piled up there is drawn close to the head.
HATS = frozenset(
    {"beanie", "beret", "cap", "crown", "fedora", "headwrap", "hijab", "hood", "top_hat", "turban", "witch"}
)
_BEHIND = ("horns", "animal_ears")
_ABOVE = ("headphones", "flower", "headband")


def draw_worn(looks: Looks, turn: float, layer: str) -> str:
    """What is worn on one layer: "neck", "under" the front hair, or "over" it."""
    if layer == "neck":
        return _necklace(looks)
    bend = feature_bend(looks.face, turn)
    if layer == "under":
        return _earrings(looks, turn) + _piercings(looks, turn)
    out = ""
    if looks.glasses:
        out += draw(part("worn", f"glasses_{looks.glasses}")["front"], bend)
    out += "".join(
        draw(part("worn", each)["front"], bend) for each in ("eyepatch", "monocle") if each in looks.worn
    )
    over = hair_bend(looks.face, turn)
    return out + "".join(draw(part("worn", each)["front"], over) for each in _ABOVE if each in looks.worn)


def draw_hat(looks: Looks, layer: str, turn: float) -> str:
    """A hat's back, middle or front, and horns behind the head."""
    bend = hair_bend(looks.face, turn)
    out = draw(part("worn", looks.hat).get(layer, ()), bend) if looks.hat in HATS else ""
    if layer == "back":
        out += "".join(draw(part("worn", each)["back"], bend) for each in _BEHIND if each in looks.worn)
    return out


def _earrings(looks: Looks, turn: float) -> str:
    kind = next((each for each in ("hoops", "drops", "studs") if each in looks.worn), "")
    out = ""
    for side in (-1, 1):
        x, y = ear_lobe(looks, side, turn)
        at = f'cx="{number(x)}"'
        if kind == "hoops":
            out += f'<circle {at} cy="{number(y + 19)}" r="19" class="s-metal" stroke-width="4"/><circle {at} cy="{number(y + 19)}" r="20" class="s-metal-light" stroke-width="1.2" stroke-opacity="0.8"/>'
        elif kind == "drops":
            out += path(
                f"M {number(x)} {number(y)} L {number(x)} {number(y + 14)}", "s-metal", 'stroke-width="2.4"'
            )
            out += f'<ellipse {at} cy="{number(y + 23)}" rx="6" ry="10" class="f-metal"/><ellipse cx="{number(x - 2)}" cy="{number(y + 20)}" rx="2" ry="4" class="f-metal-light"/>'
        elif kind == "studs":
            out += f'<circle {at} cy="{number(y)}" r="5" class="f-metal"/><circle cx="{number(x - 1.4)}" cy="{number(y - 1.4)}" r="2" class="f-metal-light"/>'
    if "hearing_aid" in looks.worn:
        x, y = ear_lobe(looks, 1, turn)
        out += path(
            f"M {number(x + 2)} {number(y - 60)} C {number(x + 20)} {number(y - 64)} {number(x + 20)} {number(y - 30)} {number(x + 8)} {number(y - 16)}",
            "s-frame-light",
            'stroke-width="8"',
        )
        out += path(
            f"M {number(x + 2)} {number(y - 60)} C {number(x - 8)} {number(y - 54)} {number(x - 8)} {number(y - 40)} {number(x - 4)} {number(y - 34)}",
            "s-metal",
            'stroke-width="2.4"',
        )
    return out


def _piercings(looks: Looks, turn: float) -> str:
    bend = feature_bend(looks.face, turn * 1.4)
    tip = 325 + looks.face.nose_length
    wing = 14.2 * looks.face.nose_width
    spots = {
        "nose_stud": (500 + wing * 0.8, tip - 1, 2.8),
        "brow_ring": (572, 246, 3.0),
        "lip_ring": (512, 371, 3.0),
        "bindi": (500, 246, 5.0),
    }
    out = ""
    for name, (x, y, radius) in spots.items():
        if name in looks.worn:
            x, y = bend(x, y)
            tone = "f-extra" if name == "bindi" else "f-metal-light"
            out += f'<circle cx="{number(x)}" cy="{number(y)}" r="{radius}" class="{tone}"/>'
    if "nose_ring" in looks.worn:
        out += path(
            bent_path(
                f"M {500 + wing * 0.75} {tip + 1} C {500 + wing * 1.3} {tip + 3} {500 + wing * 1.1} {tip + 12} {500 + wing * 0.5} {tip + 8}",
                bend,
            ),
            "s-metal",
            'stroke-width="2.6"',
        )
    if "septum" in looks.worn:
        out += path(
            bent_path(f"M 495 {tip + 8} C 491 {tip + 19} 509 {tip + 19} 505 {tip + 8}", bend),
            "s-metal",
            'stroke-width="2.8"',
        )
    return out


def _necklace(looks: Looks) -> str:
    out = ""
    wide = 0.5 + 0.5 * looks.body.neck
    if "choker" in looks.worn:
        out += path(
            f"M {number(500 - 45 * looks.body.neck)} 432 C 476 450 524 450 {number(500 + 45 * looks.body.neck)} 432",
            "s-dark",
            'stroke-width="9"',
        )
    chain = f"M {number(500 - 60 * wide)} 468 C {number(500 - 40 * wide)} 520 {number(500 + 40 * wide)} 520 {number(500 + 60 * wide)} 468"
    if "necklace" in looks.worn or "pendant" in looks.worn:
        out += path(chain, "s-metal", 'stroke-width="3.2"') + path(
            chain, "s-metal-light", 'stroke-width="1" opacity="0.9"'
        )
    if "pendant" in looks.worn:
        out += '<ellipse cx="500" cy="520" rx="11" ry="14" class="f-metal"/><ellipse cx="500" cy="520" rx="6" ry="8" class="f-extra"/><circle cx="498" cy="516" r="2" class="f-glint"/>'
    if "pearls" in looks.worn:
        beads = [(t / 10, 1 - t / 10) for t in range(11)]
        for t, u in beads:
            x = (
                u**3 * (500 - 60 * wide)
                + 3 * u * u * t * (500 - 40 * wide)
                + 3 * u * t * t * (500 + 40 * wide)
                + t**3 * (500 + 60 * wide)
            )
            y = 468 * (u**3 + t**3) + 520 * 3 * (u * u * t + u * t * t)
            out += f'<circle cx="{number(x)}" cy="{number(y)}" r="6" class="f-white"/><circle cx="{number(x - 1.6)}" cy="{number(y - 1.8)}" r="2" class="f-glint"/>'
    return out
