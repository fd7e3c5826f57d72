"""Which messages have the words that are looked for, and what that is worth; `find.py` makes it, `rank.py` reads it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

# How much of a word counts that only the turn before has (an answer to what it asked), or only the one after.
BEFORE, AFTER = 0.8, 0.3
# How far around a turn others speak for it, and what is left of their worth there.
NEARBY = tuple((step, 0.8**step) for step in range(2, 8))


class Hits:
    """The messages of one scope that have some of the words: a mask for each, bit n for the word n.

    A word is worth the more the rarer it is in the scope; all that are there at all are worth 1 together.
    """

    def __init__(self, masks: Mapping[int, int], words: int, messages: int) -> None:
        self._masks = masks
        kinds = Counter(masks.values())
        counts = [sum(count for mask, count in kinds.items() if mask >> bit & 1) for bit in range(words)]
        self._worth = [_rarity(count, messages) for count in counts]
        self._whole = sum(self._worth) or 1.0
        self._known: dict[int, float] = {}
        self.windows = self._windows()
        """What the words of each hit and of the turns beside it are worth, and those of the turns beside it."""

    def _windows(self) -> dict[int, float]:
        mask, found = self._masks.get, {}
        for hit, own in self._masks.items():
            before, after = mask(hit - 1, 0), mask(hit + 1, 0)
            found[hit] = self.window(before, own, after)
            if not before:
                found[hit - 1] = self.window(mask(hit - 2, 0), 0, own)
            if not after:
                found[hit + 1] = self.window(own, 0, mask(hit + 2, 0))
        return found

    def mask(self, seq: int) -> int:
        """The words of a message."""
        return self._masks.get(seq, 0)

    def window(self, before: int, own: int, after: int) -> float:
        """What a turn is worth with the words of the turns beside it."""
        worth = self._of(own)
        if before:
            worth += BEFORE * self._of(before & ~own)
        if after:
            worth += AFTER * self._of(after & ~(own | before))
        return worth

    def near(self, seq: int) -> float:
        """The best of what the turns around are worth, those right beside it left out; the nearer, the more."""
        found = self.windows.get
        best = 0.0
        for step, left in NEARBY:
            best = max(best, left * found(seq - step, 0.0), left * found(seq + step, 0.0))
        return best

    def _of(self, mask: int) -> float:
        known = self._known.get(mask)
        if known is None:
            worth = (value for bit, value in enumerate(self._worth) if mask >> bit & 1)
            known = self._known[mask] = sum(worth) / self._whole
        return known


def _rarity(count: int, messages: int) -> float:
    """As BM25 has it; a word that is nowhere is worth nothing."""
    return math.log(1 + (max(messages, count) - count + 0.5) / (count + 0.5)) if count else 0.0
