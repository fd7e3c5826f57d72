"""What the guard knows of a talk, and what it says of a finished reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from characters.character import Persona


@dataclass(frozen=True, slots=True)
class Talk:
    """Who talks here, and what was said before this reply, oldest first."""

    persona: Persona
    person_name: str = ""
    others: Sequence[str] = ()  # names of other people and characters here
    earlier: Sequence[str] = ()  # the character's latest replies
    said: Sequence[str] = ()  # the person's latest lines, the newest last


class Fault(StrEnum):
    """Why a reply cannot be used as it is."""

    NOTHING = "nothing"  # no words of the character's own
    VOICE = "voice"  # somebody else's words from its start
    REPETITION = "repetition"  # what was said a moment ago
    LANGUAGE = "language"  # a language that nobody here speaks


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A finished reply: what is stored, what of it was not shown yet, and why it had better be written anew."""

    text: str
    rest: str = ""
    fault: Fault | None = None
    note: str = ""  # what the model is told before it tries again
