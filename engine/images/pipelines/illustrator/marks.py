"""Freckles, scars, moles, vitiligo, tattoos and the like. `face.py` calls it below and above the features."""

from __future__ import annotations

from random import Random

from .looks import Looks, Mark
from .vector import Bend, bent_path, number, path

# Where each place lies on the right of the picture; the left is its mirror.
_AT = {"brow": (556.0, 250.0), "cheek": (558.0, 325.0), "lip": (517.0, 347.0), "chin": (508.0, 389.0), "nose": (500.0, 302.0),
       "forehead": (470.0, 208.0), "eye": (552.0, 302.0), "neck": (530.0, 440.0)}  # fmt: skip


def draw_marks(looks: Looks, bend: Bend, *, below: bool) -> str:
    """The marks below the features (freckles, vitiligo, birthmarks), or those above them."""
    if below:
        return _freckles(looks, bend) + "".join(
            _draw(mark, bend) for mark in looks.marks if mark.kind in _BELOW
        )
    return "".join(_draw(mark, bend) for mark in looks.marks if mark.kind not in _BELOW)


_BELOW = ("vitiligo", "birthmark", "paint")


def _freckles(looks: Looks, bend: Bend) -> str:
    if not looks.face.freckles:
        return ""
    chance = Random(looks.face_seed ^ 0xF3)
    dots = []
    for _ in range(round(78 * looks.face.freckles)):
        side = chance.choice((-1, 1))
        x, y = 500 + side * min(84.0, abs(chance.gauss(34, 24))), chance.gauss(314, 13)
        if y < 300 and abs(x - 500) > 16:
            y = 302 + chance.random() * 14
        x, y = bend(x, min(y, 346))
        dots.append(
            f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(chance.uniform(0.9, 2.1))}" fill-opacity="{chance.uniform(0.3, 0.75):.2f}"/>'
        )
    return f'<g class="f-freckle">{"".join(dots)}</g>'


def _draw(mark: Mark, bend: Bend) -> str:
    place, _, side = mark.where.partition("-")
    x, y = _AT.get(place, _AT["cheek"])
    if side == "left":
        x = 1000 - x
    return {"scar": _scar, "mole": _mole, "vitiligo": _vitiligo, "tattoo": _tattoo, "birthmark": _birthmark, "paint": _paint}[mark.kind](
        place, x, y, bend)  # fmt: skip


def _scar(place: str, x: float, y: float, bend: Bend) -> str:
    lean = -1 if x < 500 else 1
    long = {
        "brow": 17,
        "cheek": 22,
        "eye": 20,
        "lip": 9,
        "chin": 9,
        "forehead": 16,
        "nose": 9,
        "neck": 16,
    }.get(place, 16)
    if place == "nose":
        data = f"M {x - 13} {y - 2} C {x - 5} {y + 1} {x + 5} {y - 1} {x + 13} {y + 2}"
    else:
        data = f"M {x + lean * long * 0.35} {y - long} C {x + lean * 1} {y - long * 0.3} {x + lean * 2} {y + long * 0.3} {x - lean * long * 0.3} {y + long}"
    line = bent_path(data, bend)
    return path(line, "s-skin-deep", 'stroke-width="4.6" opacity="0.35"') + path(
        line, "s-scar", 'stroke-width="3"'
    )


def _mole(place: str, x: float, y: float, bend: Bend) -> str:
    dx, dy = {"lip": (9, -4), "cheek": (-4, 14)}.get(place, (0, 0))
    x, y = bend(x + (dx if x > 500 else -dx), y + dy)
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="2.9" class="f-mole"/>'


def _vitiligo(place: str, x: float, y: float, bend: Bend) -> str:
    patches = (
        "M 410 296 C 424 284 446 288 450 302 C 462 306 462 322 450 326 C 448 342 428 350 416 340 C 406 328 404 308 410 296 Z",
        "M 476 366 C 490 360 512 362 520 372 C 528 386 514 399 500 398 C 482 398 468 380 476 366 Z",
        "M 556 208 C 572 204 584 220 580 236 C 570 246 556 240 548 230 C 544 220 548 210 556 208 Z",
        "M 532 262 C 548 252 572 256 578 270 C 582 292 560 300 544 296 C 530 290 524 272 532 262 Z",
    )
    return "".join(path(bent_path(each, bend), "f-vitiligo", 'opacity="0.85"') for each in patches)


def _birthmark(place: str, x: float, y: float, bend: Bend) -> str:
    data = f"M {x - 16} {y - 8} C {x - 8} {y - 22} {x + 12} {y - 18} {x + 17} {y - 5} C {x + 24} {y + 8} {x + 6} {y + 20} {x - 6} {y + 14} C {x - 20} {y + 12} {x - 24} {y + 2} {x - 16} {y - 8} Z"
    return path(bent_path(data, bend), "f-birthmark", 'opacity="0.7"')


def _paint(place: str, x: float, y: float, bend: Bend) -> str:
    out = ""
    for side in (-1, 1):
        for row in (0, 11):
            data = f"M {500 + side * 34} {312 + row} C {500 + side * 52} {308 + row} {500 + side * 66} {306 + row} {500 + side * 80} {300 + row}"
            out += path(bent_path(data, bend), "s-paint", 'stroke-width="5" opacity="0.8"')
    return out


def _tattoo(place: str, x: float, y: float, bend: Bend) -> str:
    if place == "neck":
        return ""  # drawn on the neck by `body.py`
    vine = f"M {x - 8} {y - 16} C {x + 6} {y - 8} {x - 8} {y + 4} {x + 4} {y + 18}"
    leaves = f"M {x - 2} {y - 8} C {x + 8} {y - 14} {x + 12} {y - 8} {x + 3} {y - 4} Z M {x - 2} {y + 3} C {x - 13} {y} {x - 13} {y + 8} {x - 3} {y + 7} Z M {x + 1} {y + 12} C {x + 11} {y + 6} {x + 14} {y + 13} {x + 4} {y + 16} Z"
    return path(bent_path(vine, bend), "s-ink", 'stroke-width="2" opacity="0.85"') + path(
        bent_path(leaves, bend), "f-ink", 'opacity="0.85"'
    )
