"""Which messages have the words that are looked for, and what that is worth; `find.py` makes it, `rank.py` reads it."""

from __future__ import annotations

import math
from collections.abc import Mapping

# How much of a word counts that only the turn before has (an answer to what it asked), or only the one after.
BEFORE, AFTER = 0.8, 0.3
# How far around a turn others speak for it, and what is left of their worth with each step.
NEARBY, FADING = 7, 0.8


class Hits:
    """The messages of one scope that have some of the words: a mask for each, bit n for the word n.

    A word is worth the more the rarer it is in the scope; all that are there at all are worth 1 together.
    """

    def __init__(self, masks: Mapping[int, int], words: int, messages: int) -> None:
        self._masks = masks
        counts = [sum(mask >> bit & 1 for mask in masks.values()) for bit in range(words)]
        self._worth = [_rarity(count, messages) for count in counts]
        self._whole = sum(self._worth) or 1.0
        self._known: dict[int, float] = {}
        self.windows: dict[int, float] = {
            seq: self.window(masks.get(seq - 1, 0), masks.get(seq, 0), masks.get(seq + 1, 0))
            for hit in masks
            for seq in (hit - 1, hit, hit + 1)
        }
        """What the words of each hit and of the turns beside it are worth, and those of the turns beside it."""

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
        windows = self.windows
        return max(
            FADING**step * max(windows.get(seq - step, 0.0), windows.get(seq + step, 0.0))
            for step in range(2, NEARBY + 1)
        )

    def _of(self, mask: int) -> float:
        known = self._known.get(mask)
        if known is None:
            worth = (value for bit, value in enumerate(self._worth) if mask >> bit & 1)
            known = self._known[mask] = sum(worth) / self._whole
        return known


def _rarity(count: int, messages: int) -> float:
    """As BM25 has it; a word that is nowhere is worth nothing."""
    return math.log(1 + (max(messages, count) - count + 0.5) / (count + 0.5)) if count else 0.0
