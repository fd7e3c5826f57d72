"""How many tokens of prompts a step reads, so that those who are being written to never wait long. `loop.py` asks."""

from __future__ import annotations

from collections.abc import Sequence

# A step that also reads may take so many times longer than one that only writes. Three would still be bearable; the
# rest is for what cannot be foreseen.
EXTRA = 1.4
# Tokens. Fewer a step would not be worth its fixed costs, however slow the machine is.
LEAST_BESIDE, LEAST_ALONE = 16, 32
# Seconds of a step while nobody is written to: so long do newcomers and cancels wait at most.
ALONE_S = 0.4
# The oldest reader's share, so that newcomers with short prompts cannot starve it.
OLDEST_SHARE = 4
# How much of each new measurement goes into the running averages. Reading grows dearer as it gets deeper: that one
# has to follow quickly.
USUAL_WEIGHT, TOKEN_WEIGHT = 0.2, 0.5
# Steps that read fewer tokens say little about what one costs.
TELLING = 8
# A single step that took more times longer than usual was held up by something else.
HELD_UP = 4.0


class Pace:
    """Measures steps, and says how much the next one may read."""

    def __init__(self, most: int) -> None:
        """`most`: tokens that fit into a step."""
        self._most = most
        self._usual_s = 0.0  # of a step that only writes
        self._token_s = 0.0  # of each token that is read beside

    def budget(self, writers: int) -> int:
        """How many tokens the next step may read while so many are written to."""
        least = LEAST_BESIDE if writers else LEAST_ALONE
        if not self._token_s:
            return least
        seconds = EXTRA * self._usual_s if writers else ALONE_S
        return int(min(max(seconds / self._token_s, least), self._most))

    def took(self, seconds: float, writers: int, read: int) -> None:
        """Such a step took so long."""
        if writers and not read:
            self._usual_s = _follow(self._usual_s, seconds, USUAL_WEIGHT)
        elif read >= TELLING:
            beside = min(self._usual_s, seconds / 2) if writers else 0.0
            self._token_s = _follow(self._token_s, (seconds - beside) / read, TOKEN_WEIGHT)


def shares(remaining: Sequence[int], budget: int) -> list[int]:
    """How many tokens each reader gets: the first is the oldest; after its share the shortest are read first."""
    given = [0] * len(remaining)
    if not remaining:
        return given
    given[0] = min(remaining[0], -(-budget // OLDEST_SHARE))
    left = budget - given[0]
    for place in sorted(range(len(remaining)), key=lambda place: remaining[place]):
        more = min(remaining[place] - given[place], left)
        given[place] += more
        left -= more
    return given


def _follow(average: float, value: float, weight: float) -> float:
    if not average:
        return value
    return average + weight * (min(value, HELD_UP * average) - average)
