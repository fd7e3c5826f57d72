"""What is kept of a history's lines, and why the rest is not; `importing.py` calls it, beside the event loop.

The file is read twice: `look` sees who speaks in it and when, a `Sieve` then judges line by line.
"""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice

from characters.text import storable
from engine.memory.imports.lines import HistoryError, Left, Line, Reader
from engine.memory.imports.source import Source
from engine.memory.imports.speakers import Cast, Survey
from engine.safety.text import Action, Gate, Where
from engine.store.imports import NewLine
from engine.types import Role

# Lines of one import; more is a file of many people's talk.
MOST_LINES = 500_000
# Lines that are judged, kept and learned from at a time: some hundredths of a second each.
BATCH = 200
# Characters of one line: as many as one may say here.
LONGEST = 8_000
# Lines before one that are judged together with it, as in a turn.
CONTEXT_LINES = 6
# Nobody chatted before; such a date is a mistake, and so is one in the future.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
FUTURE = timedelta(days=1)

WORDLESS = "There is not a single line in it that could be remembered."


@dataclass(slots=True)
class Dates:
    """When lines were said: on the writer's clock, never in the future; a line without a date follows the one before."""

    zone: tzinfo
    now: datetime
    before: datetime  # what has no date at all was said before this

    def of(self, line: Line) -> datetime | None:
        """The date of a line, if it has one that can be true."""
        if line.said_at is None:
            return None
        try:
            at = line.said_at if line.said_at.tzinfo else line.said_at.replace(tzinfo=self.zone)
            at = at.astimezone(UTC)
        except (OverflowError, ValueError):
            return None
        return min(at, self.now) if EARLIEST <= at <= self.now + FUTURE else None


@dataclass(slots=True)
class Looked:
    """What the first reading found."""

    survey: Survey = field(default_factory=Survey)
    dated: int = 0
    first: datetime | None = None


class Sieve:
    """What is kept of a history's lines, and why the rest is not; used beside the event loop, one batch at a time."""

    def __init__(self, gate: Gate, who: Cast, dates: Dates, looked: Looked) -> None:
        self._gate, self._dates = gate, dates
        self.who, self.looked = who, looked
        self.left: Counter[Left] = Counter()
        self.kept = self._taken = 0
        self._before: deque[str] = deque(maxlen=CONTEXT_LINES)
        self._times: Counter[bytes] = Counter()
        undated = looked.survey.lines - looked.dated
        # Without any dates, what is imported was said before the talk here began, a second apart.
        self._at = looked.first or dates.before - timedelta(seconds=undated + 1)

    @property
    def reasons(self) -> Mapping[Left, int]:
        """Why lines were left out, and how many for each reason."""
        return {why: self.left[why] for why in Left if self.left[why]}

    def next(self, lines: Iterator[Line | Left]) -> Sequence[NewLine | None]:
        """The next lines, None in place of one that is not kept; nothing at the end."""
        return [self._sifted(found) for found in islice(lines, BATCH)]

    def added(self, added: int, offered: int) -> None:
        """Count what was new to the store."""
        self.kept += added
        self.left[Left.KNOWN] += offered - added

    def _sifted(self, found: Line | Left) -> NewLine | None:
        role = self.who.role(found) if isinstance(found, Line) else None
        kept = self._judged(found, role) if isinstance(found, Line) else found
        if isinstance(kept, Left):
            self.left[kept] += 1
            return None
        self._taken += 1
        self._before.append(kept.text)
        return kept

    def _judged(self, line: Line, role: Role | None) -> NewLine | Left:
        text = storable(line.text).strip()[:LONGEST]
        known = self._dates.of(line)
        self._at = known or self._at + timedelta(seconds=self.looked.dated == 0)
        if role is None:
            return Left.OTHERS
        if not text:
            return Left.EMPTY
        if self._taken >= MOST_LINES:
            return Left.BEYOND
        where = Where.SAID if role is Role.PERSON else Where.REPLY
        if self._gate.check(text, where, context=tuple(self._before)).action is Action.REFUSE:
            return Left.REFUSED
        return NewLine(role, text, self._at, known is not None, self._again(role, text, known))

    def _again(self, role: Role, text: str, at: datetime | None) -> int:
        """How often the same was said at the same moment before."""
        said = hashlib.blake2b(f"{role}\0{at}\0{text}".encode("utf-8", "replace"), digest_size=8).digest()
        self._times[said] += 1
        return self._times[said] - 1


def look(reader: Reader, source: Source, dates: Dates) -> Looked:
    """Who speaks in a file, and when it begins. Raises HistoryError where there is nothing in it."""
    looked = Looked()
    said = False
    with closing(read_all(reader, source)) as lines:
        for found in lines:
            looked.survey.add(found)
            if isinstance(found, Line):
                said = True
                if (at := dates.of(found)) is not None:
                    looked.dated += 1
                    looked.first = looked.first or at
    if not said:
        raise HistoryError(WORDLESS)
    return looked


def read_all(reader: Reader, source: Source) -> Generator[Line | Left]:
    """A generator over a file, so that it can be closed."""
    yield from reader.read(source)
