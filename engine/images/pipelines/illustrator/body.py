"""Neck, torso, arms, hands and legs: where the joints are, and how clothes bend to a build. `figure.py` calls it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .looks import BodyLook, Looks
from .vector import MIDDLE, Bend, bent_path, number, path, ramp

# Feet of the drawn standard body; the board of the figure ends below them.
SOLE = 1900.0
_NECK = (
    "M 454 360 L 455 428 C 454 452 440 466 412 477 C 388 486 372 494 366 520 L 420 640 L 580 640 L 634 520 "
    "C 628 494 612 486 588 477 C 560 466 546 452 545 428 L 546 360 Z"
)
# Its outline ends where the shoulders begin: the torso's goes on from there.
_NECK_SIDES = "M 454 360 L 455 428 C 454 452 440 466 412 477 M 546 360 L 545 428 C 546 452 560 466 588 477"
_TORSO = (
    "M 412 477 C 382 493 360 505 342 527 C 352 584 384 636 388 700 C 390 740 394 780 394 810 C 390 870 358 910 354 970 "
    "L 354 1070 L 646 1070 L 646 970 C 642 910 610 870 606 810 C 606 780 610 740 612 700 C 616 636 648 584 658 527 "
    "C 640 505 618 493 588 477 C 560 500 440 500 412 477 Z"
)


@dataclass(frozen=True, slots=True)
class Point:
    """A point on the board."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm: three joints, how thick it is, and what its hand does."""

    shoulder: Point
    elbow: Point
    wrist: Point
    thick: float
    hand: str = "relaxed"  # relaxed, grip, open, none
    side: int = 1


def body_bend(body: BodyLook) -> Bend:
    """How clothes and torso follow the build."""
    curve = (
        (430.0, body.neck), (468.0, (body.neck + body.shoulders) / 2), (510.0, body.shoulders), (640.0, body.chest),
        (800.0, body.waist), (965.0, body.hips), (1120.0, (body.hips + body.limbs) / 2), (1450.0, (body.limbs + 1) / 2), (1850.0, 1.0),
    )  # fmt: skip

    def bend(x: float, y: float) -> tuple[float, float]:
        aside = x - MIDDLE
        factor = ramp(curve, y)
        # Long skirts and coats keep their own width below the hips.
        return MIDDLE + aside * factor, y

    return bend


def draw_neck(looks: Looks, bend: Bend) -> str:
    """Neck and the skin that a neckline shows, with the shadow of the chin."""
    shape = bent_path(_NECK, bend)
    throat = bent_path(
        "M 455 372 L 455 428 C 454 440 450 448 446 454 C 470 452 486 444 500 440 C 514 444 530 452 554 454 C 550 448 546 440 545 428 L 545 372 Z",
        bend,
    )
    bones = bent_path("M 486 492 C 460 486 436 486 410 492 M 514 492 C 540 486 564 486 590 492", bend)
    cords = bent_path("M 468 446 C 474 466 484 480 493 488 M 532 446 C 526 466 516 480 507 488", bend)
    strength = 0.25 + 0.25 * max(0.0, 1.1 - looks.body.waist) + (0.2 if looks.age > 60 else 0.0)
    out = path(shape, "f-skin") + path(bent_path(_NECK_SIDES, bend), "s-skin-line edge", 'stroke-width="2.2"')
    out += f'<path d="{throat}" fill="url(#g-throat)"/>'
    out += path(bones, "s-skin-deep", f'stroke-width="2.6" opacity="{strength:.2f}"')
    out += path(cords, "s-skin-shade", f'stroke-width="3" opacity="{strength:.2f}"')
    if looks.feminine < 0.4:
        out += path(
            bent_path("M 494 436 C 496 442 504 442 506 436", bend),
            "s-skin-deep",
            'stroke-width="2.4" opacity="0.4"',
        )
    if any(mark.kind == "tattoo" and mark.where == "neck" for mark in looks.marks):
        out += _neck_tattoo(bend)
    return out


def _neck_tattoo(bend: Bend) -> str:
    stem = bent_path("M 536 470 C 524 452 540 438 532 420 C 528 410 536 404 540 400", bend)
    leaves = bent_path(
        "M 533 448 C 520 446 516 436 520 432 C 528 434 534 440 533 448 Z M 534 440 C 546 440 550 430 546 424 C 538 426 534 432 534 440 Z "
        "M 533 424 C 522 422 520 414 524 410 C 530 412 534 418 533 424 Z", bend)  # fmt: skip
    return path(stem, "s-ink", 'stroke-width="2.4"') + path(leaves, "f-ink")


def draw_torso(looks: Looks, bend: Bend) -> str:
    """The bare torso under clothes that show some of it."""
    shape = bent_path(_TORSO, bend)
    return path(shape, "f-skin") + path(shape, "s-skin-line edge", 'stroke-width="2.2"')


def capsule(x1: float, y1: float, r1: float, x2: float, y2: float, r2: float) -> str:
    """A tapering rod with round ends, as path data."""
    long = math.hypot(x2 - x1, y2 - y1) or 1.0
    nx, ny = (y2 - y1) / long, -(x2 - x1) / long
    points = [
        number(v)
        for v in (
            x1 + nx * r1,
            y1 + ny * r1,
            x2 + nx * r2,
            y2 + ny * r2,
            x2 - nx * r2,
            y2 - ny * r2,
            x1 - nx * r1,
            y1 - ny * r1,
        )
    ]
    a, b, c, d, e, f, g, h = points
    return f"M {a} {b} L {c} {d} A {number(r2)} {number(r2)} 0 0 1 {e} {f} L {g} {h} A {number(r1)} {number(r1)} 0 0 1 {a} {b} Z"


def shoulder(body: BodyLook, side: int) -> Point:
    """The shoulder joint."""
    return Point(
        MIDDLE + side * (138 * body.shoulders - 8 * (body.limbs - 1)),
        552 + 2 * body.stoop + 32 * (body.limbs - 1),
    )


def draw_arm(arm: Arm, sleeve: str, tone: str, metal: bool = False) -> str:
    """An arm in its sleeve: none, short, half, long or wide. `tone` is the colour name of the cloth."""
    skin = "metal" if metal else "skin"
    t, s, e, w = arm.thick, arm.shoulder, arm.elbow, arm.wrist
    upper = capsule(s.x, s.y, 38 * t, e.x, e.y, 32 * t)
    fore = capsule(e.x, e.y, 32 * t, w.x, w.y, 21 * t)
    out = draw_hand(arm, skin)
    out += _tube((upper, fore), skin) + ("" if metal else _deltoid(arm, 38 * t, skin))
    if sleeve == "none":
        return out
    share = {"cap": 0.2, "short": 0.62, "half": 1.0, "rolled": 1.0}.get(sleeve)
    if share is not None:
        ex, ey = s.x + (e.x - s.x) * share, s.y + (e.y - s.y) * share
        wide = {"cap": 0, "short": 4, "half": 4, "rolled": 3}[sleeve]
        cloth = [capsule(s.x, s.y, 41 * t, ex, ey, (42 - 7 * share) * t + wide)]
        if sleeve == "rolled":
            cloth.append(
                capsule(e.x, e.y, 38 * t, e.x + (w.x - e.x) * 0.22, e.y + (w.y - e.y) * 0.22, 37 * t)
            )
        return out + _tube(tuple(cloth), tone) + _deltoid(arm, 41 * t, tone)
    return out + _long_sleeve(arm, sleeve, tone)


def _long_sleeve(arm: Arm, sleeve: str, tone: str) -> str:
    t, s, e, w = arm.thick, arm.shoulder, arm.elbow, arm.wrist
    cuff = {"wide": 44.0, "coat": 31.0}.get(sleeve, 26.0)
    extra = {"wide": 10.0, "coat": 6.0}.get(sleeve, 3.0)
    wx, wy = e.x + (w.x - e.x) * 0.94, e.y + (w.y - e.y) * 0.94
    top, bend = 41 * t + extra * 0.4, 33 * t + extra * 0.7
    upper = capsule(s.x, s.y, top, e.x, e.y, bend)
    fore = capsule(e.x, e.y, bend, wx, wy, cuff * t)
    folds = (
        f"M {number(e.x - 22 * t)} {number(e.y - 14)} C {number(e.x - 8)} {number(e.y - 4)} {number(e.x + 8)} {number(e.y - 6)} {number(e.x + 20 * t)} {number(e.y - 20)} "
        f"M {number(e.x - 24 * t)} {number(e.y + 8)} C {number(e.x - 8)} {number(e.y + 12)} {number(e.x + 4)} {number(e.y + 8)} {number(e.x + 14 * t)} {number(e.y + 2)}"
    )
    tube = _tube((upper, fore), tone) + _deltoid(arm, top, tone)
    return tube + path(folds, f"s-{tone}-shade", 'stroke-width="4" opacity="0.7"')


def _deltoid(arm: Arm, radius: float, tone: str) -> str:
    """The arm flows into the trunk: cloth or skin over the inner half of the round end's outline."""
    x, y = arm.shoulder.x - 4 * arm.side, arm.shoulder.y - 2
    return path(capsule(x, y, radius + 1, x - 28 * arm.side, y - 14, radius * 0.7), f"f-{tone}")


def _tube(shapes: tuple[str, ...], tone: str) -> str:
    """Joined rods: their outlines first, so that no line shows where they overlap."""
    lines = "".join(path(each, f"s-{tone}-line edge", 'stroke-width="4.6"') for each in shapes)
    return lines + "".join(path(each, f"f-{tone}") for each in shapes)


def draw_hand(arm: Arm, skin: str = "skin") -> str:
    """The hand at the end of an arm."""
    if arm.hand == "none":
        return ""
    angle = math.atan2(arm.wrist.y - arm.elbow.y, arm.wrist.x - arm.elbow.x)
    cos, sin = math.cos(angle), math.sin(angle)
    size = 0.82 + 0.24 * arm.thick

    def rod(x1: float, y1: float, r1: float, x2: float, y2: float, r2: float) -> str:
        # The hand's own axes: x along the forearm, y towards the thumb.
        y1, y2 = y1 * arm.side, y2 * arm.side
        ax, ay = arm.wrist.x + size * (x1 * cos - y1 * sin), arm.wrist.y + size * (x1 * sin + y1 * cos)
        bx, by = arm.wrist.x + size * (x2 * cos - y2 * sin), arm.wrist.y + size * (x2 * sin + y2 * cos)
        return capsule(ax, ay, r1 * size, bx, by, r2 * size)

    palm = rod(6, 0, 19, 40, 0, 21)
    fingers = {
        "relaxed": ((52, -15, 58, -11), (56, -5, 66, -3), (56, 5, 64, 5), (50, 14, 56, 11)),
        "grip": ((46, -17, 30, -24), (50, -7, 38, -22), (50, 4, 42, -18), (46, 13, 40, -12)),
        "open": ((54, -16, 84, -26), (58, -6, 96, -9), (58, 5, 95, 8), (54, 15, 84, 24)),
        "point": ((54, -14, 96, -18), (50, -4, 36, -10), (50, 5, 38, 0), (48, 13, 38, 10)),
    }[arm.hand]
    thumb = {
        "relaxed": (22, 18, 48, 24),
        "grip": (24, 18, 50, 14),
        "open": (18, -20, 48, -48),
        "point": (24, 16, 46, 4),
    }[arm.hand]
    rods = (
        palm,
        *(rod(a, b, 8.6, c, d, 7.2) for a, b, c, d in fingers),
        rod(thumb[0], thumb[1], 9.0, thumb[2], thumb[3], 7.6),
    )
    return _tube(rods, skin) + _knuckles(rods[1:5], skin)


def _knuckles(fingers: tuple[str, ...], skin: str) -> str:
    return "".join(path(each, f"s-{skin}-deep", 'stroke-width="1.3" opacity="0.35"') for each in fingers)
