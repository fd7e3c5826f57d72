"""What a model is given to read of a message: who says it, and what was said before; `meanings.py` calls it.

A line alone means little ("Yes, since May!"), so it is read together with the few before it. Of the numbers that come
out, those of its own words are kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.memory.ranking.port import Question
from engine.memory.words import STOP_WORDS
from engine.store.vectors import BEFORE, Line
from engine.types import Role

# Characters that are read of a message, and of each before it: more would push the message out of the model's view.
OWN_LENGTH, BEFORE_LENGTH = 900, 160
# What tokens of a question count: words that are in every question and signs, and names, which are in most lines.
PASSING, NAMED = 0.25, 0.5
WORD = re.compile(r"\w+(?:['’]\w+)*")
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
    """What is asked, as the one who is asked about would say it: talks say "I" where questions say a name."""
    text = _plain(question.text)[:OWN_LENGTH]
    named = [name for name in _names(question) if re.search(rf"\b{re.escape(name)}\b", text)]
    if len(named) != 1:
        return Text(text)
    text = re.sub(rf"\b{re.escape(named[0])}['’]s\b", "my", text)
    return Text(re.sub(rf"\b{re.escape(named[0])}\b", "I", text))


def weigh(text: Text, question: Question, places: Sequence[int]) -> list[float]:
    """How much the tokens of what is asked count, by where they begin: what it is about more than how it is asked."""
    names = {name.lower() for name in _names(question)}
    weights = [PASSING] * len(text.own)
    for word in WORD.finditer(text.own):
        plain = word[0].lower().replace("’", "'")
        weight = NAMED if plain in names or plain in ("i", "my") else PASSING if plain in STOP_WORDS else 1.0
        weights[word.start() : word.end()] = [weight] * len(word[0])
    return [weights[place] for place in places]


def _names(question: Question) -> list[str]:
    return [name for name in (question.person_name.strip(), question.character_name.strip()) if name]


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
