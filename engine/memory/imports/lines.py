"""The nouns of imports: a line of a history, why one is left out, and what every reader is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from engine.errors import InputError
from engine.memory.imports.source import Source


class HistoryError(InputError):
    """That is no conversation history that can be read."""


class Left(StrEnum):
    """Why a line is not imported; the words that people read."""

    BROKEN = "could not be read"
    EMPTY = "had no words (pictures, calls, joins)"
    HIDDEN = "were hidden there"
    OTHERS = "are other people's"
    REFUSED = "are nothing Selfsame keeps"
    KNOWN = "were here already"
    BEYOND = "came after the limit of one import"


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was said. `said_at` without a zone is the writer's own time; None is unknown.

    `mine`: whether the person said it, where the format tells; else `speaker` has to.
    """

    speaker: str
    text: str
    said_at: datetime | None = None
    mine: bool | None = None


class Reader(Protocol):
    """One format."""

    @property
    def title(self) -> str:
        """What it is, for people: "a SillyTavern chat"."""

    def fits(self, source: Source) -> bool:
        """Whether a file is of this format, judged by how it begins, never by its name."""

    def read(self, source: Source) -> Iterator[Line | Left]:
        """Its lines, oldest first as the file has them; a broken one is counted. Raises HistoryError."""
