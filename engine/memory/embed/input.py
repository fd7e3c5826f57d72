"""What a model is given to read of a message: who says it, and what was said before; `meanings.py` calls it.

A line alone means little ("Yes, since May!"), so it is read together with the few before it. Of the numbers that come
out, those of its own words are kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.memory.ranking.port import Question
from engine.store.vectors import BEFORE, Line
from engine.types import Role

# Characters that are read of a message, and of each before it: more would push the message out of the model's view.
OWN_LENGTH, BEFORE_LENGTH = 900, 160
# Who speaks where no name is known.
NAMELESS = {Role.PERSON: "The person", Role.CHARACTER: "The character"}


@dataclass(frozen=True, slots=True)
class Text:
    """A text to be read. What is `before` is read with it, and only the words of `own` are kept."""

    own: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who says "I"."""

    person: str
    character: str

    def of(self, role: Role) -> str:
        """The name of whoever has this role."""
        named = {Role.PERSON: self.person, Role.CHARACTER: self.character}.get(role, "")
        return named or NAMELESS[role]


def contextual(line: Line, lines: Mapping[int, Line], speakers: Speakers) -> tuple[Text, tuple[Line, ...]]:
    """A message with what was said before it, and the lines that are in it."""
    before = [lines[seq] for seq in range(line.seq - BEFORE, line.seq) if seq in lines]
    told = " ".join(f"{speakers.of(one.role)}: {_plain(one.text)[:BEFORE_LENGTH]}" for one in before)
    own = f"{speakers.of(line.role)}: {_plain(line.text)[:OWN_LENGTH]}"
    return Text(own, told), (*before, line)


def asked(question: Question) -> Text:
    """What is asked."""
    return Text(_plain(question.text)[:OWN_LENGTH])


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
