"""Eyes and brows, drawn from proportions and a mood. `face.py` calls `draw_eyes` and `draw_brows`."""

from __future__ import annotations

from .head import EYE_LINE
from .looks import FaceLook, Looks
from .moods import Mood
from .vector import MIDDLE, Bend, bent_path, number, path

# Half the distance of the pupils, and half the width of an eye, in units.
_APART = 43.0
_HALF = 22.5
_IRIS = 11.4


class Eye:
    """One eye: its corners and curves. `side` is -1 on the left of the picture and 1 on the right."""

    def __init__(self, face: FaceLook, mood: Mood, side: int, scale: float) -> None:
        self.side = side
        self.half = _HALF * face.eye_size * (1 + (scale - 1) * 0.4)
        # Large eyes opened wider still would stare.
        wide = min(mood.open, 1.12) if scale > 1 else mood.open
        self.high = 10.4 * face.eye_size * face.eye_open * wide * scale
        self.middle = MIDDLE + side * (_APART + face.eye_gap)
        self.inner = (self.middle - side * self.half, EYE_LINE + 3.0)
        self.outer = (self.middle + side * self.half, EYE_LINE + 2.0 - face.eye_tilt)
        self.low = self.high * (0.62 - 0.5 * mood.lower_lid) + (0.0 if mood.open > 0 else 3.0)
        self.radius = _IRIS * face.eye_size * (1 + (scale - 1) * 1.25)

    def upper(self, lift: float = 0.0) -> str:
        """The curve of the upper lid from the inner to the outer corner, lifted by some units."""
        (xi, yi), (xo, yo) = self.inner, self.outer
        top = 1.55 * self.high + lift
        return f"C {xi + self.side * self.half * 0.42} {yi - top} {xo - self.side * self.half * 0.5} {yo - top * 0.98} {xo} {yo}"

    def back(self, rise: float) -> str:
        """A curve back from the outer to the inner corner, below the corners for positive `rise`."""
        (xi, yi), (xo, yo) = self.inner, self.outer
        return f"C {xo - self.side * self.half * 0.45} {yo + rise} {xi + self.side * self.half * 0.5} {yi + rise} {xi} {yi}"

    def lens(self) -> str:
        """The opening between the lids."""
        return f"M {self.inner[0]} {self.inner[1]} {self.upper()} {self.back(1.3 * self.low)} Z"


def draw_eyes(looks: Looks, mood: Mood, bend: Bend, *, anime: bool) -> str:
    """Both eyes."""
    scale = 1.34 if anime else 1.0
    return "".join(_eye(Eye(looks.face, mood, side, scale), looks, mood, bend) for side in (-1, 1))


def _eye(eye: Eye, looks: Looks, mood: Mood, bend: Bend) -> str:
    if mood.open <= 0:
        return _closed(eye, looks, bend)
    name = "a" if eye.side < 0 else "b"
    lens = bent_path(eye.lens(), bend)
    ball = (
        f'<clipPath id="eye-{name}"><path d="{lens}"/></clipPath>'
        f'<g clip-path="url(#eye-{name})">{path(lens, "f-white")}{_iris(eye, mood, bend, name)}{_lid_shade(eye, bend)}</g>'
    )
    return _socket(eye, looks, bend) + ball + _lids(eye, looks, bend)


def _socket(eye: Eye, looks: Looks, bend: Bend) -> str:
    """The soft shade of the socket, and eyeshadow where make-up is worn."""
    (xi, yi), (xo, yo) = eye.inner, eye.outer
    tone, strength = ("f-lip-deep", 0.28) if looks.face.makeup > 0.6 else ("f-skin-shade", 0.34)
    lid = f"M {xi} {yi} {eye.upper(9.0)} {eye.back(-1.4 * eye.high)} Z"
    side = eye.side
    hollow = (
        f"M {xi - side * 4} {yi - 2} C {xi} {yi - 18} {xo - side * 8} {yo - 26} {xo + side * 6} {yo - 8} "
        f"C {xo + side * 2} {yo + 14} {xi + side * 6} {yi + 13} {xi - side * 4} {yi - 2} Z"
    )
    return path(bent_path(hollow, bend), "f-skin-shade", 'opacity="0.16"') + path(
        bent_path(lid, bend), tone, f'opacity="{strength}"'
    )


def _iris(eye: Eye, mood: Mood, bend: Bend, name: str) -> str:
    radius = eye.radius
    x, y = bend(eye.middle + mood.gaze[0] - eye.side * 0.6, EYE_LINE - 0.6 + mood.gaze[1] - 0.12 * eye.high)
    wide = 0.98
    parts = (
        f'<ellipse cx="{number(x)}" cy="{number(y)}" rx="{number(radius * wide)}" ry="{number(radius)}" class="f-iris-{name}-deep"/>'
        f'<ellipse cx="{number(x)}" cy="{number(y + 0.8)}" rx="{number(radius * 0.8)}" ry="{number(radius * 0.82)}" class="f-iris-{name}"/>'
        f'<ellipse cx="{number(x)}" cy="{number(y + radius * 0.42)}" rx="{number(radius * 0.55)}" ry="{number(radius * 0.36)}" class="f-iris-{name}-light" fill-opacity="0.75"/>'
        f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius * 0.43)}" class="f-pupil"/>'
    )
    glints = (
        f'<circle cx="{number(x - radius * 0.34)}" cy="{number(y - radius * 0.38)}" r="{number(radius * 0.25)}" class="f-glint"/>'
        f'<circle cx="{number(x + radius * 0.36)}" cy="{number(y + radius * 0.38)}" r="{number(radius * 0.12)}" class="f-glint" fill-opacity="0.7"/>'
    )
    return parts + glints


def _lid_shade(eye: Eye, bend: Bend) -> str:
    shade = f"M {eye.inner[0]} {eye.inner[1]} {eye.upper(2.0)} {eye.back(-1.05 * eye.high)} Z"
    return path(bent_path(shade, bend), "f-lid-shade", 'opacity="0.3"')


def _lids(eye: Eye, looks: Looks, bend: Bend) -> str:
    face, side = looks.face, eye.side
    thick = 2.3 + 2.2 * face.makeup + 0.9 * looks.feminine
    xo, yo = eye.outer
    wing = (2.2 + 4.2 * face.makeup) * min(1.0, 0.35 + looks.feminine)
    tip = f"L {xo + side * wing} {yo - wing * 0.85} "
    lash = f"M {eye.inner[0]} {eye.inner[1]} {eye.upper(0.4)} {tip}" + _reverse_upper(eye, thick * 1.5)
    out = path(bent_path(lash, bend), "f-lash")
    lower = f"M {xo} {yo} {eye.back(1.32 * eye.low)}"
    out += path(
        bent_path(lower, bend), "s-skin-deep", f'stroke-width="1.5" opacity="{0.4 + 0.25 * face.makeup:.2f}"'
    )
    if not face.monolid:
        crease = f"M {eye.inner[0] + side * 2} {eye.inner[1] - 5 - eye.high * 0.35} {_shifted_upper(eye, 5.0 - 3.0 * face.lid)}"
        out += path(bent_path(crease, bend), "s-skin-deep", 'stroke-width="1.7" opacity="0.6"')
    return out


def _reverse_upper(eye: Eye, lift: float) -> str:
    (xi, yi), (xo, yo) = eye.inner, eye.outer
    top, side, half = 1.55 * eye.high + lift, eye.side, eye.half
    return f"C {xo - side * half * 0.5} {yo - top} {xi + side * half * 0.42} {yi - top * 0.94} {xi} {yi} Z"


def _shifted_upper(eye: Eye, rise: float) -> str:
    (xi, yi), (xo, yo) = eye.inner, eye.outer
    top, side, half = 1.55 * eye.high + rise, eye.side, eye.half
    return f"C {xi + side * half * 0.42} {yi - top} {xo - side * half * 0.5} {yo - top} {xo + side * 1.5} {yo - rise * 0.9}"


def _closed(eye: Eye, looks: Looks, bend: Bend) -> str:
    """Eyes shut with laughing: an arc with lashes."""
    (xi, yi), (xo, yo), side, half = eye.inner, eye.outer, eye.side, eye.half
    arc = f"M {xi} {yi + 4} C {xi + side * half * 0.5} {yi - 12} {xo - side * half * 0.5} {yo - 12} {xo} {yo + 4}"
    out = path(bent_path(arc, bend), "s-lash", f'stroke-width="{number(3.6 + looks.face.makeup * 1.4)}"')
    fold = f"M {xi + side * 6} {yi - 13} C {xi + side * half * 0.7} {yi - 20} {xo - side * half * 0.5} {yo - 19} {xo} {yo - 9}"
    out += path(bent_path(fold, bend), "s-skin-deep", 'stroke-width="1.6" opacity="0.5"')
    if looks.feminine > 0.6:
        lashes = f"M {xo - side * 1} {yo + 3} L {xo + side * 6} {yo} M {xo - side * 5} {yo - 1} L {xo + side * 2} {yo - 6}"
        out += path(bent_path(lashes, bend), "s-lash", 'stroke-width="2"')
    return out


def draw_brows(looks: Looks, mood: Mood, bend: Bend, *, anime: bool) -> str:
    """Both eyebrows."""
    return "".join(_brow(looks, mood, bend, side, 5.0 if anime else 0.0) for side in (-1, 1))


def _brow(looks: Looks, mood: Mood, bend: Bend, side: int, lift: float) -> str:
    face = looks.face
    middle = MIDDLE + side * (_APART + face.eye_gap)
    thick = 7.2 * face.brow_weight
    # A high arch over low inner ends would scowl, whatever the mood.
    ease = 0.7 * max(0.0, face.brow_arch) if mood.brow_in > 0 else 0.0
    base = EYE_LINE - 25.5 + face.brow_height - lift
    xi, yi = middle - side * (25 + mood.pinch * 0.8), base + 0.4 - mood.brow_in - ease
    xp, yp = middle + side * 10, base - 3.6 - face.brow_arch - 0.35 * mood.brow_in - 0.65 * mood.brow_out
    xo, yo = middle + side * 30, base + 5.0 - mood.brow_out
    shape = (
        f"M {xi} {yi + thick * 0.42} C {xi + side * 9} {yi + thick * 0.1} {xp - side * 13} {yp + thick * 0.62} {xp} {yp + thick * 0.5} "
        f"C {xp + side * 8} {yp + thick * 0.5} {xo - side * 6} {yo - 4} {xo} {yo} "
        f"C {xo - side * 6} {yo - 7} {xp + side * 8} {yp - thick * 0.5} {xp} {yp - thick * 0.45} "
        f"C {xp - side * 13} {yp - thick * 0.4} {xi + side * 6} {yi - thick * 0.62} {xi} {yi - thick * 0.4} "
        f"C {xi - side * 2.5} {yi - thick * 0.1} {xi - side * 2} {yi + thick * 0.3} {xi} {yi + thick * 0.42} Z"
    )
    return path(bent_path(shape, bend), "f-brow", 'opacity="0.9"')
