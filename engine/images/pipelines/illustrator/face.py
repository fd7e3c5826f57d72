"""The face: ears, outline, nose, cheeks, lines of age, and the eyes and mouth of a mood. `figure.py` calls `draw_face`.

The result depends on the looks, the mood and the turn of the head only, never on scene or clothes: that is identity.
"""

from __future__ import annotations

from characters.character import Expression

from .beards import draw_beard
from .colours import brightness
from .eyes import draw_brows, draw_eyes
from .head import HEAD, feature_bend, skin_bend
from .looks import Looks
from .marks import draw_marks
from .moods import MOODS, Mood
from .mouth import draw_mouth
from .vector import MIDDLE, Bend, bent_path, number, path


def draw_face(looks: Looks, expression: Expression, turn: float, *, anime: bool = False) -> str:
    """All of the face between the hair behind it and the hair before it."""
    mood = MOODS[expression]
    skin, bend = skin_bend(looks.face), feature_bend(looks.face, turn)
    outline = bent_path(HEAD, skin)
    return "".join((
        draw_ears(looks, turn),
        path(outline, "f-skin"), path(outline, "s-skin-line edge", 'stroke-width="2.2"'),
        f'<path d="{outline}" fill="url(#g-side)"/><path d="{outline}" fill="url(#g-key)"/>',
        _planes(looks, mood, bend), _cheeks(looks, mood, bend), draw_marks(looks, bend, below=True),
        _nose(looks, bend), _age(looks, mood, bend),
        draw_eyes(looks, mood, bend, anime=anime), draw_beard(looks, mood, skin, bend, behind=True),
        draw_mouth(looks, mood, bend), draw_beard(looks, mood, skin, bend, behind=False),
        draw_brows(looks, mood, bend, anime=anime), draw_marks(looks, bend, below=False),
    ))  # fmt: skip


def draw_ears(looks: Looks, turn: float) -> str:
    """Both ears; the one on the side that the head turns to hides behind the cheek."""
    return "".join(_ear(looks, side, turn) for side in (-1, 1))


def _ear(looks: Looks, side: int, turn: float) -> str:
    face = looks.face
    edge = MIDDLE + side * 100 * (face.brow_width + face.cheek) / 2 - side * 3 - turn * 5
    size = face.ears
    out = side * (17 * size - 5 * side * turn)
    top = 256 - 6 * size
    if face.pointed_ears:
        shape = f"M {edge - side * 4} {top + 10} C {edge + out * 0.6} {top - 4} {edge + out * 1.5} {top - 30} {edge + out * 2.1} {top - 44} C {edge + out * 1.9} {top - 8} {edge + out * 1.3} {top + 40} {edge + side * 2} {top + 66} C {edge - side * 6} {top + 60} {edge - side * 6} {top + 20} {edge - side * 4} {top + 10} Z"
        inner = f"M {edge + side * 3} {top + 18} C {edge + out * 0.8} {top + 6} {edge + out * 1.3} {top - 12} {edge + out * 1.65} {top - 22} M {edge + side * 3} {top + 40} C {edge + out * 0.6} {top + 30} {edge + out * 0.8} {top + 20} {edge + out * 0.9} {top + 12}"
    else:
        shape = f"M {edge - side * 4} {top + 8} C {edge + out * 0.4} {top - 9} {edge + out * 1.15} {top - 6} {edge + out * 1.12} {top + 18} C {edge + out * 1.1} {top + 36} {edge + out * 0.72} {top + 42} {edge + out * 0.62} {top + 56} C {edge + out * 0.5} {top + 69} {edge} {top + 70} {edge - side * 4} {top + 58} Z"
        inner = f"M {edge + out * 0.18} {top + 12} C {edge + out * 0.5} {top + 2} {edge + out * 0.9} {top + 6} {edge + out * 0.82} {top + 20} C {edge + out * 0.76} {top + 32} {edge + out * 0.42} {top + 36} {edge + out * 0.34} {top + 48} M {edge + out * 0.12} {top + 28} C {edge + out * 0.36} {top + 24} {edge + out * 0.46} {top + 30} {edge + out * 0.3} {top + 38}"
    tragus = f"M {edge + out * 0.1} {top + 34} C {edge + out * 0.4} {top + 28} {edge + out * 0.5} {top + 34} {edge + out * 0.28} {top + 46} C {edge + out * 0.12} {top + 50} {edge} {top + 44} {edge + out * 0.1} {top + 34} Z"
    return (
        path(shape, "f-skin") + path(shape, "s-skin-line edge", 'stroke-width="2"') + path(tragus, "f-skin-deep", 'opacity="0.45"')
        + path(inner, "s-skin-deep", 'stroke-width="2.2" opacity="0.55"')
    )  # fmt: skip


def ear_lobe(looks: Looks, side: int, turn: float) -> tuple[float, float]:
    """Where an earring hangs."""
    face = looks.face
    edge = MIDDLE + side * 100 * (face.brow_width + face.cheek) / 2 - side * 3 - turn * 5
    return edge + side * 7 * face.ears, 256 - 6 * face.ears + 62


def _blot(x: float, y: float, rx: float, ry: float, paint: str, opacity: float, bend: Bend) -> str:
    x, y = bend(x, y)
    return f'<ellipse cx="{number(x)}" cy="{number(y)}" rx="{number(rx)}" ry="{number(ry)}" fill="url(#{paint})" fill-opacity="{opacity:.2f}"/>'


def _planes(looks: Looks, mood: Mood, bend: Bend) -> str:
    """The modelling of the face: brow, cheekbones, hollow of the cheek, chin."""
    bone, calm = looks.face.cheekbones, max(0.25, min(1.0, brightness(looks.skin) * 1.6 - 0.45))
    out = _blot(486, 205, 62, 34, "g-glow", 0.42, bend) + _blot(500, 390, 22, 12, "g-glow", 0.35, bend)
    for side in (-1, 1):
        out += _blot(500 + side * 57, 306 - 4 * mood.cheeks, 24, 13, "g-glow", 0.28 + 0.3 * bone, bend)
        # Inside the jaw, however narrow: a shade that spills over the outline looks like a bruise.
        out += _blot(
            500 + side * 57 * looks.face.jaw, 344, 17, 25, "g-dusk", (0.1 + 0.32 * bone) * calm, bend
        )
        out += _blot(500 + side * 22, 272, 13, 17, "g-dusk", 0.5, bend)
    return out


def _cheeks(looks: Looks, mood: Mood, bend: Bend) -> str:
    strength = min(0.72, 0.14 + 0.5 * looks.face.rosy + 0.6 * mood.blush)
    rise = 5.0 * mood.cheeks
    out = "".join(_blot(500 + side * 55, 322 - rise, 28, 20, "g-cheek", strength, bend) for side in (-1, 1))
    if mood.cheeks:
        for side in (-1, 1):
            fold = f"M {500 + side * 27} {334} C {500 + side * 36} {338} {500 + side * 43} {346} {500 + side * 43} {357}"
            out += path(
                bent_path(fold, bend), "s-skin-deep", f'stroke-width="1.9" opacity="{0.34 * mood.cheeks:.2f}"'
            )
    if looks.face.dimples:
        for side in (-1, 1):
            dent = f"M {500 + side * 47} {344} C {500 + side * 51} {349} {500 + side * 51} {356} {500 + side * 48} {361}"
            out += path(
                bent_path(dent, bend),
                "s-skin-deep",
                f'stroke-width="2.6" opacity="{0.4 + 0.3 * mood.cheeks:.2f}"',
            )
    if looks.face.cleft:
        out += path(
            bent_path("M 500 388 C 498.5 392 498.5 396 500 399", bend),
            "s-skin-deep",
            'stroke-width="2.4" opacity="0.5"',
        )
    return out


def _nose(looks: Looks, bend: Bend) -> str:
    """Bridge, ball, wings and nostrils."""
    face = looks.face
    half, tip = 14.2 * face.nose_width, 325 + face.nose_length
    bump = 2.4 * face.nose_bridge

    def on(x: float, y: float) -> tuple[float, float]:
        # The tip stands out from the face, so it moves more than the rest when the head turns.
        bx, by = bend(x, y)
        reach = max(0.0, min(1.0, (y - 262) / (tip - 262)))
        return bx + (bend(MIDDLE, y)[0] - MIDDLE) * 0.55 * reach, by

    side = (
        f"M {508 + bump} 266 C {509 + bump} 284 {509 + bump * 1.6} 300 {500 + half * 0.62} {tip - 12} C {500 + half * 0.95} {tip - 6} {500 + half} {tip + 1} {500 + half * 0.9} {tip + 5} "
        f"C {500 + half * 0.5} {tip + 8} {505} {tip + 7} 504 {tip - 2} C {504} {tip - 24} {504 + bump * 0.5} 290 {508 + bump} 266 Z"
    )
    under = (
        f"M {500 - half * 0.92} {tip + 4} C {500 - half * 0.5} {tip + 5} {500 - half * 0.4} {tip + 8.5} 500 {tip + 8.5} C {500 + half * 0.4} {tip + 8.5} {500 + half * 0.5} {tip + 5} {500 + half * 0.92} {tip + 4} "
        f"C {500 + half * 0.8} {tip + 12} {500 + half * 0.2} {tip + 14} 500 {tip + 14} C {500 - half * 0.2} {tip + 14} {500 - half * 0.8} {tip + 12} {500 - half * 0.92} {tip + 4} Z"
    )
    wings = "".join(
        f"M {500 + s * half * 0.82} {tip - 7} C {500 + s * half * 1.14} {tip - 4} {500 + s * half * 1.1} {tip + 6} {500 + s * half * 0.76} {tip + 5.5} "
        for s in (-1, 1)
    )
    holes = "".join(
        f"M {500 + s * half * 0.7} {tip + 5} C {500 + s * half * 0.55} {tip + 1.8} {500 + s * half * 0.3} {tip + 3} {500 + s * half * 0.22} {tip + 7} C {500 + s * half * 0.4} {tip + 7.6} {500 + s * half * 0.6} {tip + 6.6} {500 + s * half * 0.7} {tip + 5} Z "
        for s in (-1, 1)
    )
    base = f"M {500 - half * 0.3} {tip + 8} C {500 - half * 0.1} {tip + 9.6} {500 + half * 0.1} {tip + 9.6} {500 + half * 0.3} {tip + 8}"
    groove = f"M 500 {tip + 15} L 500 {tip + 20}"
    shine = bent_path(f"M {499 - bump * 0.2} 284 C {498} 296 {497.5} {tip - 16} {497} {tip - 10}", on)
    x, y = on(497, tip - 4)
    return (
        path(bent_path(side, on), "f-skin-shade", 'opacity="0.42"') + path(bent_path(under, on), "f-skin-shade", 'opacity="0.55"')
        + path(shine, "s-skin-light", 'stroke-width="4.5" opacity="0.5"')
        + f'<ellipse cx="{number(x)}" cy="{number(y)}" rx="5" ry="4" fill="url(#g-glow)" fill-opacity="0.95"/>'
        + path(bent_path(wings, on), "s-skin-deep", 'stroke-width="1.9" opacity="0.6"')
        + path(bent_path(holes, on), "f-skin-line", 'opacity="0.75"') + path(bent_path(base, on), "s-skin-deep", 'stroke-width="1.6" opacity="0.6"')
        + path(bent_path(groove, bend), "s-skin-shade", 'stroke-width="3.4" opacity="0.45"')
    )  # fmt: skip


def _age(looks: Looks, mood: Mood, bend: Bend) -> str:
    """Lines that come with the years: under the eyes, beside the mouth, at the eyes' corners, on the brow."""
    years = looks.age
    out = ""

    def line(data: str, since: int, width: float, most: float = 0.6) -> str:
        strength = max(0.0, min(most, (years - since) / 45 + 0.12)) if years >= since else 0.0
        return (
            path(bent_path(data, bend), "s-skin-deep", f'stroke-width="{width}" opacity="{strength:.2f}"')
            if strength
            else ""
        )

    for s in (-1, 1):
        out += line(
            f"M {500 + s * 24} 333 C {500 + s * 34} 340 {500 + s * 40} 350 {500 + s * 38} 363", 36, 2.0
        )
        out += line(
            f"M {500 + s * 28} 294 C {500 + s * 40} 303 {500 + s * 56} 301 {500 + s * 64} 292", 42, 1.8
        )
        out += line(
            f"M {500 + s * 74} 272 L {500 + s * 84} 266 M {500 + s * 75} 279 L {500 + s * 87} 279 M {500 + s * 73} 286 L {500 + s * 84} 291",
            44,
            1.7,
        )
        out += line(
            f"M {500 + s * 36} 367 C {500 + s * 38} 374 {500 + s * 36} 381 {500 + s * 33} 385", 56, 1.8
        )
        out += line(
            f"M {500 + s * 62} 312 C {500 + s * 72} 326 {500 + s * 72} 340 {500 + s * 66} 356", 66, 1.7, 0.4
        )
        out += line(f"M {500 + s * 7} 246 C {500 + s * 6} 252 {500 + s * 6} 256 {500 + s * 8} 261", 50, 1.7)
    out += line("M 450 214 C 480 208 520 208 550 214", 48, 1.8, 0.5)
    out += line("M 456 229 C 482 224 518 224 544 229", 56, 1.8, 0.5)
    out += line("M 462 200 C 484 195 516 195 538 200", 66, 1.7, 0.45)
    if mood.pinch >= 3:
        for s in (-1, 1):
            out += path(
                bent_path(
                    f"M {500 + s * 7} 244 C {500 + s * 5} 250 {500 + s * 5.5} 256 {500 + s * 8} 260", bend
                ),
                "s-skin-deep",
                'stroke-width="1.8" opacity="0.5"',
            )
    if mood.brow_in > 8:
        out += path(
            bent_path("M 466 222 C 486 216 514 216 534 222", bend),
            "s-skin-deep",
            'stroke-width="1.7" opacity="0.35"',
        )
    return out
