"""The head as a bent board: every point of face and hair goes through these bends, so that all parts fit each other.

`face.py` and `hair.py` call it.
"""

from __future__ import annotations

from .looks import FaceLook
from .vector import MIDDLE, Bend, ramp

# The eye line: the skull above it keeps its height, the face below it is stretched.
EYE_LINE = 278.0
# How far, in units, the middle of the face moves at a full turn of the head.
TURN = 13.0
HEAD = (
    "M 400 262 C 396 186 440 132 500 132 C 560 132 604 186 600 262 C 600 300 596 328 582 354 "
    "C 564 386 530 405 500 405 C 470 405 436 386 418 354 C 404 328 400 300 400 262 Z"
)


def skin_bend(face: FaceLook) -> Bend:
    """How the outline of the head bends to its proportions."""
    curve = (
        (160.0, face.brow_width), (240.0, face.brow_width), (300.0, face.cheek),
        (352.0, face.jaw), (400.0, face.chin),
    )  # fmt: skip

    def bend(x: float, y: float) -> tuple[float, float]:
        return MIDDLE + (x - MIDDLE) * ramp(curve, y), stretched(face, y)

    return bend


def stretched(face: FaceLook, y: float) -> float:
    """The height of a point of the lower face."""
    return EYE_LINE + (y - EYE_LINE) * face.length if y > EYE_LINE else y


def hair_bend(face: FaceLook, turn: float) -> Bend:
    """How hair follows the head: with the skull above, its own way below the jaw."""
    curve = (
        (160.0, face.brow_width),
        (240.0, face.brow_width),
        (310.0, face.cheek),
        (400.0, face.cheek),
        (470.0, 1.0),
    )

    def bend(x: float, y: float) -> tuple[float, float]:
        return MIDDLE + (x - MIDDLE) * ramp(curve, y) + turn * 3.0, y

    return bend


def feature_bend(face: FaceLook, turn: float) -> Bend:
    """How features sit on the turned, round front of the head: the far side is foreshortened."""

    def bend(x: float, y: float) -> tuple[float, float]:
        aside = min(1.0, abs(x - MIDDLE) / 105.0)
        return x + turn * TURN * (1 - 0.6 * aside * aside), stretched(face, y)

    return bend
