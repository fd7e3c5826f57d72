"""Where to draw the line between a character's own pictures and others': plain arithmetic. `calibrate.py` calls it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.images.identity.gates import Gates

# Fewer than this many pictures on one side say nothing about where they end.
FEWEST_OWN, FEWEST_OTHERS = 4, 3
# So many pictures on the smaller side count as much as the usual gates do.
TRUST = 5
# Of the character's own pictures, the lowest tenth may be bad ones.
LOWEST = 0.10
# Of the room between the two, so much stays at either side.
ROOM = 0.25


@dataclass(frozen=True, slots=True)
class Fit:
    """Gates that fit, and whether the character and the others are apart at all."""

    accept: float
    repair: float
    apart: bool
    wrong: float  # share of the pictures, of the worse side, on the wrong side of `accept`


def fit(own: Sequence[float], others: Sequence[float], usual: Gates) -> Fit:
    """Gates between the scores of a character's own pictures and those of others; both as many as are needed.

    Where they are apart, accept lies between them, the nearer to the usual gate the fewer they are; where they are not,
    where as few as possible are taken for the other. What is repaired is never more like the others than they are.
    """
    low, high = quantile(own, LOWEST), max(others)
    apart = low > high
    best = (low + high) / 2 if apart else _least_wrong(own, others)
    few = min(len(own), len(others))
    accept = (best * few + usual.accept * TRUST) / (few + TRUST)
    if apart:
        room = ROOM * (low - high)
        accept = min(max(accept, high + room), low - room)
    bottom = high if apart else statistics.median(others)
    repair = min(accept, max(accept - (usual.accept - usual.repair), bottom))
    return Fit(round(accept, 4), round(repair, 4), apart, round(_wrong(own, others, accept), 4))


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share of them lies, between two of them where it falls there."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    at = int(place)
    after = ordered[min(at + 1, len(ordered) - 1)]
    return ordered[at] + (place - at) * (after - ordered[at])


def _least_wrong(own: Sequence[float], others: Sequence[float]) -> float:
    both = sorted({*own, *others})
    lines = [(one + two) / 2 for one, two in pairwise(both)] or both
    return min(lines, key=lambda line: (_wrong(own, others, line), -line))


def _wrong(own: Sequence[float], others: Sequence[float], line: float) -> float:
    missed = sum(one < line for one in own) / len(own)
    taken = sum(one >= line for one in others) / len(others)
    return max(missed, taken)
