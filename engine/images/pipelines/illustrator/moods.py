"""What each expression does to brows, lids, gaze and mouth. Numbers are board units, openness is a share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from characters.character import Expression


@dataclass(frozen=True, slots=True)
class Mood:
    """One expression as numbers. Positive brow shifts go up."""

    mouth: str
    open: float = 1.0
    lower_lid: float = 0.0  # how far the lower lid comes up
    brow_in: float = 0.0
    brow_out: float = 0.0
    pinch: float = 0.0  # how near the brows come to each other
    gaze: tuple[float, float] = (0.0, 0.0)
    blush: float = 0.0
    cheeks: float = 0.0  # how much smiling lifts the cheeks


MOODS: Mapping[Expression, Mood] = {
    Expression.NEUTRAL: Mood("calm", 0.97, 0.14, 3.0, 1.5, cheeks=0.15),
    Expression.HAPPY: Mood("smile", 0.86, 0.32, 4.0, 4.0, blush=0.35, cheeks=0.8),
    Expression.SAD: Mood("sad", 0.78, 0.0, 10.0, -4.0, pinch=3.0, gaze=(0.0, 3.0)),
    Expression.SURPRISED: Mood("oh", 1.34, -0.1, 15.0, 14.0, blush=0.15),
    Expression.FOCUSED: Mood("set", 0.8, 0.1, 1.5, 0.5, pinch=1.5, gaze=(-1.0, 5.0)),
    Expression.ANGRY: Mood("grit", 0.84, 0.25, -11.0, 6.0, pinch=5.0, blush=0.25),
    Expression.LAUGHING: Mood("laugh", 0.0, 0.5, 8.0, 6.0, blush=0.5, cheeks=1.0),
}
