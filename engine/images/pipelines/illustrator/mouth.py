"""Mouths: seven shapes from the proportions of the lips. `face.py` calls `draw_mouth`."""

from __future__ import annotations

from .looks import FaceLook, Looks
from .moods import Mood
from .vector import Bend, bent_path, path

# The height of the line between the lips.
LINE = 357.0


def draw_mouth(looks: Looks, mood: Mood, bend: Bend) -> str:
    """The mouth of a mood."""
    face = looks.face
    half = 27.0 * face.mouth_width
    shapes = {
        "calm": lambda: _shut(face, half, corner=-5.6, sag=2.4),
        "smile": lambda: _open(face, half * 1.2, corner=-9.5, sag=3.0, drop=15.0, teeth=True),
        "sad": lambda: _shut(face, half * 0.92, corner=5.5, sag=-4.0),
        "oh": lambda: _oh(face, half * 0.52),
        "set": lambda: _shut(face, half * 0.86, corner=-2.6, sag=1.0, pressed=0.85),
        "grit": lambda: _grit(face, half * 0.98),
        "laugh": lambda: _open(face, half * 1.26, corner=-11.0, sag=-1.0, drop=33.0, teeth=True, tongue=True),
    }
    return "".join(path(bent_path(data, bend), kind, extra) for data, kind, extra in shapes[mood.mouth]())


_Strokes = list[tuple[str, str, str]]


def _upper_lip(face: FaceLook, half: float, corner: float, sag: float, thin: float = 1.0) -> str:
    rise = 8.2 * face.upper_lip * thin
    y = LINE
    return (
        f"M {500 - half} {y + corner} C {500 - half * 0.6} {y - rise * 0.55 + corner * 0.3} {500 - half * 0.36} {y - rise * 1.08} {500 - half * 0.22} {y - rise} "
        f"C {500 - half * 0.12} {y - rise} {500 - half * 0.08} {y - rise * 0.78} 500 {y - rise * 0.72} "
        f"C {500 + half * 0.08} {y - rise * 0.78} {500 + half * 0.12} {y - rise} {500 + half * 0.22} {y - rise} "
        f"C {500 + half * 0.36} {y - rise * 1.08} {500 + half * 0.6} {y - rise * 0.55 + corner * 0.3} {500 + half} {y + corner} "
        f"C {500 + half * 0.45} {y + sag + 1.5} {500 + half * 0.2} {y + sag - 0.6} 500 {y + sag + 0.8} "
        f"C {500 - half * 0.2} {y + sag - 0.6} {500 - half * 0.45} {y + sag + 1.5} {500 - half} {y + corner} Z"
    )


def _lower_lip(face: FaceLook, half: float, corner: float, sag: float, top: float = 0.0) -> str:
    full = 10.6 * face.lower_lip
    y = LINE
    return (
        f"M {500 - half * 0.9} {y + corner * 0.85 + top * 0.3} C {500 - half * 0.45} {y + sag + 1.5 + top} {500 - half * 0.2} {y + sag - 0.6 + top} 500 {y + sag + 0.8 + top} "
        f"C {500 + half * 0.2} {y + sag - 0.6 + top} {500 + half * 0.45} {y + sag + 1.5 + top} {500 + half * 0.9} {y + corner * 0.85 + top * 0.3} "
        f"C {500 + half * 0.6} {y + full * 0.95 + top + sag * 0.5} {500 + half * 0.28} {y + full * 1.12 + top + sag * 0.6} 500 {y + full * 1.1 + top + sag * 0.6} "
        f"C {500 - half * 0.28} {y + full * 1.12 + top + sag * 0.6} {500 - half * 0.6} {y + full * 0.95 + top + sag * 0.5} {500 - half * 0.9} {y + corner * 0.85 + top * 0.3} Z"
    )


def _line(half: float, corner: float, sag: float) -> str:
    y = LINE
    return (
        f"M {500 - half} {y + corner} C {500 - half * 0.45} {y + sag + 1.5} {500 - half * 0.2} {y + sag - 0.6} 500 {y + sag + 0.8} "
        f"C {500 + half * 0.2} {y + sag - 0.6} {500 + half * 0.45} {y + sag + 1.5} {500 + half} {y + corner}"
    )


def _shadow(face: FaceLook, half: float, drop: float) -> tuple[str, str, str]:
    y = LINE + 11.5 * face.lower_lip + drop
    shape = f"M {500 - half * 0.42} {y + 3} C {500 - half * 0.2} {y + 8} {500 + half * 0.2} {y + 8} {500 + half * 0.42} {y + 3} C {500 + half * 0.2} {y + 4.6} {500 - half * 0.2} {y + 4.6} {500 - half * 0.42} {y + 3} Z"
    return shape, "f-skin-shade", 'opacity="0.6"'


def _shine(face: FaceLook, half: float, drop: float) -> tuple[str, str, str]:
    y = LINE + 5.2 * face.lower_lip + drop
    return (
        f"M {500 - half * 0.26} {y} C {500 - half * 0.1} {y + 2.2} {500 + half * 0.1} {y + 2.2} {500 + half * 0.26} {y}",
        "s-lip-light",
        'stroke-width="2.2" opacity="0.55"',
    )


def _shut(face: FaceLook, half: float, *, corner: float, sag: float, pressed: float = 1.0) -> _Strokes:
    return [
        (_upper_lip(face, half, corner, sag, pressed), "f-lip-deep", 'opacity="0.85"'),
        (_lower_lip(face, half, corner, sag), "f-lip", ""),
        _shine(face, half, sag * 0.5),
        (_line(half * 1.03, corner, sag), "s-mouth", 'stroke-width="2.2"'),
        _shadow(face, half, sag * 0.5),
    ]


def _open(
    face: FaceLook, half: float, *, corner: float, sag: float, drop: float, teeth: bool, tongue: bool = False
) -> _Strokes:
    y = LINE
    gap = (
        f"M {500 - half * 0.94} {y + corner} C {500 - half * 0.45} {y + sag} {500 + half * 0.45} {y + sag} {500 + half * 0.94} {y + corner} "
        f"C {500 + half * 0.72} {y + drop * 0.86} {500 + half * 0.36} {y + drop} 500 {y + drop} "
        f"C {500 - half * 0.36} {y + drop} {500 - half * 0.72} {y + drop * 0.86} {500 - half * 0.94} {y + corner} Z"
    )
    strokes: _Strokes = [
        (_lip_below(face, half, corner, drop), "f-lip", ""),
        (gap, "f-mouth", ""),
    ]
    if tongue:
        strokes.append((
            f"M {500 - half * 0.5} {y + drop * 0.82} C {500 - half * 0.3} {y + drop * 0.52} {500 + half * 0.3} {y + drop * 0.52} {500 + half * 0.5} {y + drop * 0.82} "
            f"C {500 + half * 0.3} {y + drop * 0.99} {500 - half * 0.3} {y + drop * 0.99} {500 - half * 0.5} {y + drop * 0.82} Z", "f-tongue", ""))  # fmt: skip
    if teeth:
        strokes += _teeth(face, half, corner, sag, min(drop * 0.62, 11.0))
    strokes += [
        (_lip_above(face, half, corner, sag), "f-lip-deep", 'opacity="0.9"'),
        (
            f"M {500 - half * 1.04} {y + corner - 2.5} C {500 - half * 0.99} {y + corner + 1} {500 - half * 0.96} {y + corner + 1} {500 - half * 0.92} {y + corner + 1.5}",
            "s-mouth",
            'stroke-width="2"',
        ),
        (
            f"M {500 + half * 1.04} {y + corner - 2.5} C {500 + half * 0.99} {y + corner + 1} {500 + half * 0.96} {y + corner + 1} {500 + half * 0.92} {y + corner + 1.5}",
            "s-mouth",
            'stroke-width="2"',
        ),
        _shadow(face, half, drop - 3),
    ]
    return strokes


def _lip_above(face: FaceLook, half: float, corner: float, sag: float) -> str:
    rise = 6.6 * face.upper_lip
    y = LINE
    top = y + sag * 0.75
    return (
        f"M {500 - half} {y + corner} C {500 - half * 0.62} {top - rise * 0.55} {500 - half * 0.34} {top - rise * 0.95} {500 - half * 0.18} {top - rise * 0.9} "
        f"C {500 - half * 0.1} {top - rise * 0.9} {500 - half * 0.06} {top - rise * 0.68} 500 {top - rise * 0.64} "
        f"C {500 + half * 0.06} {top - rise * 0.68} {500 + half * 0.1} {top - rise * 0.9} {500 + half * 0.18} {top - rise * 0.9} "
        f"C {500 + half * 0.34} {top - rise * 0.95} {500 + half * 0.62} {top - rise * 0.55} {500 + half} {y + corner} "
        f"C {500 + half * 0.45} {y + sag + 2} {500 - half * 0.45} {y + sag + 2} {500 - half} {y + corner} Z"
    )


def _lip_below(face: FaceLook, half: float, corner: float, drop: float) -> str:
    full = 7.4 * face.lower_lip
    y = LINE
    return (
        f"M {500 - half * 0.97} {y + corner} C {500 - half * 0.7} {y + 6} {500 + half * 0.7} {y + 6} {500 + half * 0.97} {y + corner} "
        f"C {500 + half * 0.78} {y + drop * 0.95 + full * 0.5} {500 + half * 0.36} {y + drop + full} 500 {y + drop + full} "
        f"C {500 - half * 0.36} {y + drop + full} {500 - half * 0.78} {y + drop * 0.95 + full * 0.5} {500 - half * 0.97} {y + corner} Z"
    )


def _teeth(face: FaceLook, half: float, corner: float, sag: float, high: float) -> _Strokes:
    y = LINE
    shape = (
        f"M {500 - half * 0.86} {y + corner + 1.6} C {500 - half * 0.45} {y + sag} {500 + half * 0.45} {y + sag} {500 + half * 0.86} {y + corner + 1.6} "
        f"C {500 + half * 0.66} {y + high * 0.7} {500 + half * 0.34} {y + sag * 0.75 + high} 500 {y + sag * 0.75 + high} "
        f"C {500 - half * 0.34} {y + sag * 0.75 + high} {500 - half * 0.66} {y + high * 0.7} {500 - half * 0.86} {y + corner + 1.6} Z"
    )
    out: _Strokes = [(shape, "f-teeth", "")]
    if face.gap_tooth:
        out.append(
            (f"M 500 {y + sag * 0.7} L 500 {y + sag * 0.75 + high - 0.6}", "s-mouth", 'stroke-width="2.6"')
        )
    return out


def _oh(face: FaceLook, half: float) -> _Strokes:
    y = LINE + 4
    ring = (
        f"M {500 - half * 1.3} {y + 1} C {500 - half * 1.3} {y - 17} {500 + half * 1.3} {y - 17} {500 + half * 1.3} {y + 1} "
        f"C {500 + half * 1.3} {y + 23} {500 - half * 1.3} {y + 23} {500 - half * 1.3} {y + 1} Z"
    )
    hole = (
        f"M {500 - half * 0.9} {y + 1} C {500 - half * 0.85} {y - 11} {500 + half * 0.85} {y - 11} {500 + half * 0.9} {y + 1} "
        f"C {500 + half * 0.85} {y + 16} {500 - half * 0.85} {y + 16} {500 - half * 0.9} {y + 1} Z"
    )
    teeth = f"M {500 - half * 0.62} {y - 5.5} C {500 - half * 0.4} {y - 8.5} {500 + half * 0.4} {y - 8.5} {500 + half * 0.62} {y - 5.5} C {500 + half * 0.3} {y - 3} {500 - half * 0.3} {y - 3} {500 - half * 0.62} {y - 5.5} Z"
    return [
        (ring, "f-lip", ""),
        (hole, "f-mouth", ""),
        (teeth, "f-teeth", ""),
        _shadow(face, half * 1.5, 10.0),
    ]


def _grit(face: FaceLook, half: float) -> _Strokes:
    y = LINE + 1
    gap = (
        f"M {500 - half * 0.8} {y + 3.5} C {500 - half * 0.5} {y - 7} {500 + half * 0.5} {y - 7} {500 + half * 0.8} {y + 3.5} "
        f"C {500 + half * 0.7} {y + 9} {500 - half * 0.7} {y + 9} {500 - half * 0.8} {y + 3.5} Z"
    )
    rim = (
        f"M {500 - half * 0.95} {y + 5} C {500 - half * 0.55} {y - 12 * face.upper_lip} {500 + half * 0.55} {y - 12 * face.upper_lip} {500 + half * 0.95} {y + 5} "
        f"C {500 + half * 0.8} {y + 13} {500 - half * 0.8} {y + 13} {500 - half * 0.95} {y + 5} Z"
    )
    lines = f"M {500 - half * 0.72} {y + 1.6} C {500 - half * 0.3} {y + 0.2} {500 + half * 0.3} {y + 0.2} {500 + half * 0.72} {y + 1.6}"
    folds = (
        f"M {500 - half * 1.1} {y + 1} C {500 - half * 1.16} {y + 5} {500 - half * 1.14} {y + 9} {500 - half * 1.06} {y + 12} "
        f"M {500 + half * 1.1} {y + 1} C {500 + half * 1.16} {y + 5} {500 + half * 1.14} {y + 9} {500 + half * 1.06} {y + 12}"
    )
    return [(rim, "f-lip", ""), (gap, "f-teeth", ""), (lines, "s-mouth", 'stroke-width="1.2" opacity="0.5"'),
            (gap, "s-mouth", 'stroke-width="2"'), (folds, "s-skin-deep", 'stroke-width="2" opacity="0.6"'), _shadow(face, half, 1.0)]  # fmt: skip
