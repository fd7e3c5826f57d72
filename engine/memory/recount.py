"""What a chat model finds of what two people went through together; `engine/memory/consolidate.py` calls `recount`.

The rules of `episodes.py` and `bond.py` know the forms of words for it; a model understands the rest, in any language.
It is believed as `extract.py` believes it: where it can show the words, and brings in no name that was not said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import tzinfo
from enum import StrEnum

from pydantic import BaseModel, Field

from engine.memory.extract import CONFIDENCE, LEAST_QUOTE, folded, letters, line_of, names_in, said_in
from engine.memory.happened import TOGETHER, US, Happened
from engine.memory.times.when import when
from engine.models.ask import Asker
from engine.types import FactKind, Message, Role, spoken

# Of one stretch of talk, at most, and the tokens of a form with all of them.
MOST, FORM_TOKENS = 5, 600
# Seconds for one stretch, waiting included; what is too late is tried again.
DEADLINE_S = 120.0
# Lines that are read at a time: small models lose the thread of more.
LINES = 24
# Characters of what is stored.
SENTENCE, QUOTE, VALUE = 160, 200, 60
_YOU = re.compile(r"\byou(?:r|rs)?\b", re.IGNORECASE)


class Sort(StrEnum):
    """What sort of thing happened between the two."""

    OUTING = "outing"
    PROMISE = "promise"
    MEETING = "meeting"
    MOMENT = "moment"
    NICKNAME = "nickname"
    JOKE = "joke"


class Shared(BaseModel):
    """One thing, as the model fills it in."""

    quote: str = Field(max_length=QUOTE, description="the words that show it, copied exactly from one line")
    sort: Sort
    value: str = Field(
        max_length=VALUE, description="what it is in a few words: the place, the promise, the name"
    )
    sentence: str = Field(
        max_length=SENTENCE, description='what happened, in English; the person is "you": "You and Maya went to a jazz bar."'
    )  # fmt: skip


class Story(BaseModel):
    """The form."""

    happened: list[Shared] = Field(max_length=MOST)


INSTRUCTION = (
    "You keep the diary of a person and a character. The text holds a stretch of their talk, line by line, in any "
    "language. Note only what the two went through together and will look back on: outings that they played to the "
    "end, promises that one made the other, appointments, names that they gave each other, jokes that both laughed "
    "about, moments that mattered to both. Note nothing that was only wished, asked or supposed, and no facts about "
    "the person's own life. Most talk holds nothing of the kind, and then the list is empty."
)
_RELATIONS = {
    Sort.OUTING: "outing",
    Sort.MEETING: "meeting",
    Sort.MOMENT: "moment",
    Sort.JOKE: "joke",
}


async def recount(
    asker: Asker, lines: Sequence[Message], person_name: str, name: str, zone: tzinfo
) -> Sequence[Happened] | None:
    """What the model found in a stretch of talk; None if it did not answer."""
    said = spoken([line for line in lines if line.in_prompt])
    found: list[Happened] = []
    for at in range(0, len(said), LINES):
        part = said[at : at + LINES]
        names = {Role.PERSON: person_name or "The person", Role.CHARACTER: name}
        text = "\n".join(f"{names[line.role]}: {line_of(line.text)}" for line in part)
        form = await asker.ask(Story, INSTRUCTION, text, max_tokens=FORM_TOKENS, deadline_s=DEADLINE_S)
        if form is None:
            return None
        believed = (_believed(one, part, f"{text} {name} {person_name}", name, zone) for one in form.happened)
        found += [happened for happened in believed if happened]
    return found


def _believed(one: Shared, lines: Sequence[Message], text: str, name: str, zone: tzinfo) -> Happened | None:
    """What happened, if its words were said, and nothing stands in it that was not."""
    source = next((line for line in lines if folded(one.quote) in folded(line.text)), None)
    value, sentence = line_of(one.value), line_of(one.sentence)
    if source is None or not value or letters(one.quote) < LEAST_QUOTE or not _YOU.search(sentence):
        return None
    if not all(said_in(known, text) for known in names_in(value, sentence)):
        return None
    if one.sort is Sort.NICKNAME and not said_in(folded(value), text):
        return None
    bond = one.sort in (Sort.NICKNAME, Sort.JOKE)
    return Happened(
        _relation(one.sort, source, sentence, name),
        value,
        sentence,
        source,
        line_of(one.quote),
        FactKind.BOND if bond else FactKind.EPISODE,
        US if bond else TOGETHER,
        "us" if bond else "together",
        exclusive=one.sort is Sort.NICKNAME,
        confidence=CONFIDENCE,
        happens_at=when(one.quote, source.created_at, zone) or (None if bond else source.created_at),
    )


def _relation(sort: Sort, source: Message, sentence: str, name: str) -> str:
    """The rules' own words for it, so that one memory reads as one."""
    mine = sentence.startswith("You ")
    if sort is Sort.PROMISE:
        return "promised" if mine and source.role is Role.PERSON else "was promised"
    if sort is Sort.NICKNAME:
        return "you call" if mine else "calls you"
    return _RELATIONS[sort]
