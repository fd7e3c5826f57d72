"""Picks the next line: fresh, fitting the speaker, with its slots filled; `talk.py` and `selfmoves.py` ask it.

The random generator is seeded by the prompt, so the same prompt and seed give the same words.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence

from engine.models.storyteller.ledger import Ledger
from engine.models.storyteller.library import Library, Line
from engine.models.storyteller.manner import Manner
from engine.models.storyteller.sheet import Sheet

ALTERNATIVES = re.compile(r"\[([^\[\]{}]*\|[^\[\]{}]*)\]")
SLOT = re.compile(r"\{(\w+)\}")
ADDRESS = "{,you}"
# How often an address is spoken where a line has room for one.
ADDRESSED = 0.3
# What a line that suits the speaker's temper gains over one that suits all.
SUITS = 0.55
# What each word costs a line of a speaker of few words.
TERSE_COST = 0.035


class Teller:
    """The lines of one reply."""

    def __init__(
        self, sheet: Sheet, library: Library, manner: Manner, ledger: Ledger, rng: random.Random
    ) -> None:
        self.sheet, self.library, self.manner, self.ledger, self.rng = sheet, library, manner, ledger, rng
        self._slots = {"name": sheet.name, "you": sheet.you, "quirk": sheet.quirk}

    def pool(self, name: str, *, strict: bool = True, **slots: str) -> str:
        """A fresh line of a pool; "" if all were said lately."""
        return self.pick(self.library.pools.get(name, ()), strict=strict, **slots)

    def pick(self, lines: Sequence[Line], *, strict: bool = True, **slots: str) -> str:
        """A fresh line of these. `strict`: also none that is much like one said before."""
        return self.pick_with(lines, slots, strict=strict)

    def pick_with(self, lines: Sequence[Line], slots: Mapping[str, str], *, strict: bool = True) -> str:
        """A fresh line of these, with slots of any names."""
        for line in self._ordered(lines):
            text = self.fill(line.text, **slots)
            if text and not self.said(text, strict=strict):
                self.ledger.note(text)
                return text
        return ""

    def first(self, texts: Iterable[str], *, strict: bool = True) -> str:
        """The first of these sentences that is fresh, as it is."""
        for text in texts:
            if text and not self.said(text, strict=strict):
                self.ledger.note(text)
                return text
        return ""

    def said(self, text: str, *, strict: bool = True) -> bool:
        """Whether a line came lately."""
        return self.ledger.knows(text) if strict else self.ledger.has_any(text)

    def fill(self, text: str, **slots: str) -> str:
        """A line with its alternatives chosen and its slots filled; "" if a slot has nothing to fill it."""
        text = ALTERNATIVES.sub(lambda match: self.rng.choice(match[1].split("|")), text)
        text = text.replace(ADDRESS, self._address())
        values = self._slots | slots
        if any(not values.get(name) for name in SLOT.findall(text)):
            return ""
        text = SLOT.sub(lambda match: values[match[1]], text)
        return text[:1].upper() + text[1:]

    def chance(self, share: float) -> bool:
        """True in this share of the cases."""
        return self.rng.random() < share

    def _ordered(self, lines: Sequence[Line]) -> list[Line]:
        tempers = self.manner.tempers
        fitting = [line for line in lines if not line.tags or line.tags & tempers]
        cost = TERSE_COST if self.manner.terse else 0.0
        weighed = [
            (self.rng.random() + SUITS * bool(line.tags) - cost * line.text.count(" "), at, line)
            for at, line in enumerate(fitting)
        ]
        return [line for _, _, line in sorted(weighed, key=lambda item: (-item[0], item[1]))]

    def _address(self) -> str:
        if not self.chance(ADDRESSED):
            return ""
        called = [
            *self.manner.address,
            *([self.sheet.you] if self.sheet.you and not self.manner.address else []),
        ]
        return f", {self.rng.choice(called)}" if called else ""
