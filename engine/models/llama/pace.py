"""How many tokens of prompts a step reads, so that those who are being written to never wait long. `loop.py` asks."""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

# A step that also reads of a long prompt takes so many times longer than one that only writes. Two times would still
# be bearable; the rest is for what cannot be foreseen, such as a machine that is slower for some seconds.
EXTRA = 0.9
# Tokens. Fewer a step would not be worth its fixed costs, however slow the machine is. Deep in a long prompt each of
# them costs five times what it does at its beginning: four made a step three times as long (0.5B shape, 4,000 tokens).
LEAST_BESIDE, LEAST_ALONE = 1, 32
# Processors compute so many rows of a batch at once, and each that is left over nearly at the price of all of them
# (llama.cpp's repacked weights): steps read up to a multiple where they can.
ROWS = 4
# What somebody says who comes back is read in one step: one wait of up to so many seconds is shorter than the many
# small steps it would take, of which each token costs two to three times as much (0.5B shape, flash attention).
BRIEF, BRIEF_S = 256, 1.0
# Seconds of a step while nobody is written to: so long do newcomers and cancels wait at most …
ALONE_S = 0.4
# … unless all who wait have read their prompts with it. Eight who come at once are answered sooner then, all of them.
ALL_S = 3.0
# The oldest reader's share, so that newcomers with short prompts cannot starve it.
OLDEST_SHARE = 4
# How much of each new measurement of writing goes into the running average.
USUAL_WEIGHT = 0.2
# Tokens of a reply after which its reader has a rhythm that may be kept. Before, many who came at once would wait for
# each other's first words.
SETTLED = 8
# From so many tokens on each is cheaper than in small steps, so that both are measured for themselves.
BULK = LEAST_ALONE
# So many measurements count, the latest ones: reading grows dearer as it gets deeper. Mostly it is the middle one, since
# a step that something else held up must not make the next ones small; where only one or two tokens are read it is
# the dearest, so that a machine that becomes slower is felt at once.
RECENT = 3
# A single step of writing that took more times longer than usual was held up by something else.
HELD_UP = 4.0


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody whose prompt is being read: tokens that may be read now, and that are read of the prompt in all."""

    left: int
    whole: int


@dataclass(frozen=True, slots=True)
class Budget:
    """How many tokens a step may read, and how many of them of prompts that take many steps."""

    tokens: int
    steady: int


class Pace:
    """Measures steps, and says how much the next one may read."""

    def __init__(self, most: int) -> None:
        """`most`: tokens that fit into a step."""
        self._most = most
        self._usual_s: dict[int, float] = {}  # of a step that only writes, to so many
        # Seconds of each token that is read: many in a step, a few that make its rows a multiple, and other few.
        self._bulk: deque[float] = deque(maxlen=RECENT)
        self._even: deque[float] = deque(maxlen=RECENT)
        self._odd: deque[float] = deque(maxlen=RECENT)
        self._depth = 0

    def budget(self, readers: Sequence[Reader], writers: int, *, settled: bool = True) -> Budget:
        """How much the next step may read while so many are written to, some of whom for a while."""
        if not (settled and writers):
            tokens = min(self._alone(readers), self._most)
            return Budget(tokens, tokens)
        cost = _middle(self._bulk)
        at_once = min(BRIEF, int(BRIEF_S / cost)) if cost else 0
        brief = [reader.left for reader in readers if reader.whole <= at_once]
        steady = self._steady([reader for reader in readers if reader.whole > at_once], writers)
        return Budget(min(steady + min(sum(brief), at_once), self._most), steady)

    def took(self, seconds: float, writers: int, read: int) -> None:
        """Such a step took so long."""
        if writers and not read:
            usual = self._usual_s.get(writers) or seconds
            self._usual_s[writers] = usual + USUAL_WEIGHT * (min(seconds, HELD_UP * usual) - usual)
        elif read:
            beside = min(self._usual(writers), seconds / 2)
            few = self._odd if (writers + read) % ROWS else self._even
            (self._bulk if read >= BULK else few).append((seconds - beside) / read)

    def _alone(self, readers: Sequence[Reader]) -> int:
        cost, left = _middle(self._bulk), sum(reader.left for reader in readers)
        if not cost:
            return LEAST_ALONE
        return max(left if left * cost <= ALL_S else int(ALONE_S / cost), LEAST_ALONE)

    def _steady(self, long: Sequence[Reader], writers: int) -> int:
        """Tokens of long prompts for a step: as many even ones as there is time for, else some odd ones."""
        depth = long[0].whole - long[0].left if long else 0
        if depth < self._depth:
            # Somebody else's prompt, and not as deep in it: what was measured is dear now.
            self._even.clear()
            self._odd.clear()
        self._depth = depth
        seconds = EXTRA * self._usual(writers)
        first = ROWS - writers % ROWS
        cost = _middle(self._even) or _middle(self._bulk)
        if cost and first * cost <= seconds:
            return first + ROWS * int((seconds / cost - first) / ROWS)
        odd = max(self._odd, default=0.0)
        return max(min(int(seconds / odd), first - 1), LEAST_BESIDE) if odd else LEAST_BESIDE

    def _usual(self, writers: int) -> float:
        """Seconds of a step that writes to so many, or to the next smaller number that is known."""
        known = [count for count in self._usual_s if count <= writers]
        return self._usual_s[max(known)] if known else 0.0


def shares(remaining: Sequence[int], budget: int, steady: int) -> list[int]:
    """How many tokens each reader gets: the first is the oldest; after its share the shortest are read first.

    `steady`: what each step reads of long prompts. Its share is one of that, and not of what is read at once.
    """
    given = [0] * len(remaining)
    if not remaining:
        return given
    given[0] = min(remaining[0], -(-min(budget, steady) // OLDEST_SHARE))
    left = budget - given[0]
    for place in sorted(range(len(remaining)), key=lambda place: remaining[place]):
        more = min(remaining[place] - given[place], left)
        given[place] += more
        left -= more
    return given


def _middle(recent: deque[float]) -> float:
    return statistics.median(recent) if recent else 0.0
