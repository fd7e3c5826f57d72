"""The nouns of memory: whose it is, the words that tell something, what was found in them, and a rule that finds it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose memory it is, of whom, and where."""

    person_id: str
    character_id: str
    place: str


@dataclass(frozen=True, slots=True)
class Source:
    """Words that tell something: whose memory they are for, and the message they stand in, if they stand in one.

    `at`: when they were said, on the clock of who said them, since their "tomorrow" counts from there.
    """

    scope: Scope
    words: str
    at: datetime
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A fact as its rule found it, before it has an owner. `exclusive`: a newer value takes its place.

    `ends`: it is told that this holds no longer; an empty value or relation there means whatever it was.
    """

    subject: str
    relation: str
    value: str
    text: str
    topic: str
    exclusive: bool = False
    confidence: float = 0.9
    source_text: str = ""
    happens_at: datetime | None = None  # of a plan or an event, where its day is known
    refers: str = ""  # what "his name" means in the next clause: "dog"
    valid_from: datetime | None = None  # "since March", where that was said
    ends: bool = False

    def from_words(self, words: str) -> Found:
        """The same fact with the words it was taken from."""
        return replace(self, source_text=words)


@dataclass(slots=True)
class Hearing:
    """One message while it is read: when it was said, and whom the last clause was about."""

    said_at: datetime
    shouted: bool = False  # all in capitals, so that capitals say nothing about names
    greeted: bool = False  # it begins with a hello, so that who speaks may say who they are
    tongue: str = "en"  # the language that is being tried
    last_subject: str = ""
    pronoun: str = ""  # what it was called by


Match = re.Match[str]
Facts = Sequence[Found]
NOTHING: Facts = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A form of words, and what it says; `read` gives nothing if the words mean something else."""

    pattern: re.Pattern[str]
    read: Callable[[Match, Hearing], Facts]


def rule(pattern: str, read: Callable[[Match, Hearing], Facts]) -> Rule:
    """A rule over a whole clause, whatever its case."""
    return Rule(re.compile(rf"^(?:{pattern})$", re.IGNORECASE), read)
