"""How many tokens of prompts a step reads, so that those who are being written to never wait long. `loop.py` asks."""

from __future__ import annotations

from collections.abc import Sequence

# A step that also reads may take so many times longer than one that only writes. Three would still be bearable; the
# rest is for what cannot be foreseen.
EXTRA = 1.4
# Tokens. Fewer a step would not be worth its fixed costs, however slow the machine is. Deep in a long prompt each of
# them costs three times what it does at its beginning: eight were five times the usual step (0.5B shape, 4,000 tokens).
LEAST_BESIDE, LEAST_ALONE = 4, 32
# Seconds of a step while nobody is written to: so long do newcomers and cancels wait at most.
ALONE_S = 0.4
# The oldest reader's share, so that newcomers with short prompts cannot starve it.
OLDEST_SHARE = 4
# How much of each new measurement goes into the running averages. Reading grows dearer as it gets deeper: that one
# has to follow quickly.
USUAL_WEIGHT, TOKEN_WEIGHT = 0.2, 0.5
# Tokens of a reply after which its reader has a rhythm that may be kept. Before, many who came at once would wait for
# each other's first words.
SETTLED = 8
# Steps that read fewer tokens say little about what one costs. Not more than LEAST_BESIDE, or nothing would be learned
# any more where a token is dear.
TELLING = LEAST_BESIDE
# A single step that took more times longer than usual was held up by something else.
HELD_UP = 4.0


class Pace:
    """Measures steps, and says how much the next one may read."""

    def __init__(self, most: int) -> None:
        """`most`: tokens that fit into a step."""
        self._most = most
        self._usual_s: dict[int, float] = {}  # of a step that only writes, to so many
        self._token_s = 0.0  # of each token that is read beside

    def budget(self, writers: int, *, settled: bool = True) -> int:
        """How many tokens the next step may read while so many are written to, some of whom for a while."""
        settled = settled and bool(writers)
        least = LEAST_BESIDE if settled else LEAST_ALONE
        if not self._token_s:
            return least
        seconds = EXTRA * self._usual(writers) if settled else ALONE_S
        return int(min(max(seconds / self._token_s, least), self._most))

    def took(self, seconds: float, writers: int, read: int) -> None:
        """Such a step took so long."""
        if writers and not read:
            self._usual_s[writers] = _follow(self._usual_s.get(writers, 0.0), seconds, USUAL_WEIGHT)
        elif read >= TELLING:
            beside = min(self._usual(writers), seconds / 2)
            self._token_s = _follow(self._token_s, (seconds - beside) / read, TOKEN_WEIGHT)

    def _usual(self, writers: int) -> float:
        """Seconds of a step that writes to so many, or to the next smaller number that is known."""
        known = [count for count in self._usual_s if count <= writers]
        return self._usual_s[max(known)] if known else 0.0


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
