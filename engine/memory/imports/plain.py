"""Plain text: "Ada: good morning", with or without dates before it, as WhatsApp and many others export it.

The file is read twice. The first time (`_Survey`) finds out whether lines begin with dates, in which order day and month
stand, and which words before a colon are names rather than something that was said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from engine.memory.imports.dates import NUMERIC, read_date
from engine.memory.imports.lines import Left, Line
from engine.memory.imports.source import HEAD, Source

# Of the lines at its beginning, the share that a chat needs to look like one, and how many of them.
LEAST_SHARE, LEAST_LINES = 0.3, 2
# Lines that are looked at before day and month are told apart, and names from other words.
SURVEYED = 20_000
# Names of a chat, at most; a group has fewer, and a list of terms has more.
MOST_NAMES = 60
# Characters of one message, continued lines included.
LONGEST = 8_000

# Signs that say in which direction to write; exports put them before dates and names.
_MARKS = "\u200e\u200f\u202a\u202c\ufeff"
_ISO = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,6})?(?:Z|[+-]\d{2}:?\d{2})?"
_DATED = re.compile(
    rf"^[{_MARKS}]*\[?(?P<stamp>{_ISO}|{NUMERIC})\]?\s*(?:[-–—|]\s+)?(?P<rest>.*)$", re.IGNORECASE
)
# "[21:15] Ada: …" and "21:15 <ada> …": a time without a day tells nothing about when.
_TIMED = re.compile(
    r"^\[?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp][Mm])?\]?\s*(?:[-–—|]\s+)?(?P<rest>(?:<|[^\W\d]).*)$"
)
_NAMED = re.compile(
    r"^(?:<(?P<nick>[^<>\s]{1,40})>|(?P<name>[+~]?[^\W_][^:\n<>{}\"“”?!;]{0,39}):)(?:\s+(?P<text>.*)|$)"
)
_HALF_DAY = re.compile(r"[ap]\.?\s?m\b", re.IGNORECASE)
# What stands in place of pictures, recordings and deleted messages, in the languages of WhatsApp that we read.
_NO_WORDS = re.compile(
    r"[\u200e\u200f]*(?:<[^<>]{3,40}>|(?:image|video|audio|sticker|GIF|document|Contact card) omitted|"
    r"(?:Bild|Video|Audio|Sticker|Dokument) weggelassen|(?:imagen|vídeo|video|audio|sticker|documento) omitid[oa]|"
    r"(?:image|vidéo|audio|document|sticker) absente?|(?:imagem|vídeo|áudio|figurinha|documento) ocult[oa]|"
    r"\S{1,80} \((?:file attached|Datei angehängt|archivo adjunto|fichier joint|arquivo anexado)\)|"
    r"(?:This message was deleted|You deleted this message|Diese Nachricht wurde gelöscht|Se eliminó este mensaje|"
    r"Ce message a été supprimé|Mensagem apagada|Missed (?:voice|video) call)\.?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Start:
    """The first line of a message."""

    name: str  # "" for a line that the program wrote
    text: str
    stamp: str = ""


class PlainText:
    """Reads lines that begin with a name."""

    title = "a chat as text"

    def fits(self, source: Source) -> bool:
        """Whether enough of its first lines begin as messages do."""
        head = source.head()
        if source.is_archive or (b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))):
            return False
        lines = [line for line in _first(source) if line.strip()]
        starts = [line for line in lines if (start := _start(line)) and start.name]
        return len(starts) >= max(LEAST_LINES, LEAST_SHARE * len(lines))

    def read(self, source: Source) -> Iterator[Line | Left]:
        """Its messages, each with the lines that continue it."""
        survey = _survey(source.lines())
        held: _Start | None = None
        for text in source.lines():
            if text is None:
                yield Left.BROKEN
                continue
            start = survey.start(text)
            if start is None and held is not None:
                held = _Start(held.name, f"{held.text}\n{text}"[:LONGEST], held.stamp)
            elif start is not None or text.strip():
                if held is not None:
                    yield _line(held, survey)
                held = start
                if start is None:
                    yield Left.BROKEN  # words before the first message
        if held is not None:
            yield _line(held, survey)


@dataclass(slots=True)
class _Survey:
    """What the beginning of a file says about the rest."""

    dated: bool = False
    day_first: bool = True
    names: set[str] = field(default_factory=set)

    def start(self, text: str) -> _Start | None:
        """The message that a line begins, None if it continues one."""
        start = _start(text)
        if start is None or (self.dated and not start.stamp):
            return None
        return start if start.name in self.names or start.stamp else None


def _survey(lines: Iterable[str | None]) -> _Survey:
    starts = [
        start
        for _, text in zip(range(SURVEYED), lines, strict=False)
        if text and (start := _start(text)) is not None
    ]
    dated = sum(bool(start.stamp) for start in starts) * 2 > len(starts)
    counted = Counter(start.name for start in starts if start.name and (start.stamp or not dated))
    # Somebody who said one thing only is somebody in a short chat, and "Note:" in a long one.
    least = 2 if len(starts) > 10 and not dated else 1
    names = {name for name, times in counted.most_common(MOST_NAMES) if times >= least}
    return _Survey(dated, _day_first([start.stamp for start in starts if start.stamp]), names)


def _day_first(stamps: list[str]) -> bool:
    """Whether 3/4/2022 is in April: no month is greater than 12, and chats go on from day to day."""
    pairs = [
        (int(match["one"]), int(match["two"]))
        for stamp in stamps
        if (match := re.match(NUMERIC, stamp, re.IGNORECASE))
    ]
    if any(one > 12 for one, _ in pairs):
        return True
    if any(two > 12 for _, two in pairs):
        return False
    ahead, back = _leaps(stamps, day_first=True), _leaps(stamps, day_first=False)
    # Where it cannot be told: those who write "9:15 PM" mostly put the month first.
    return ahead < back or (ahead == back and not any(_HALF_DAY.search(stamp) for stamp in stamps))


def _leaps(stamps: list[str], *, day_first: bool) -> int:
    """How often a chat read this way would go back in time."""
    moments = [
        moment.replace(tzinfo=None) for stamp in stamps if (moment := read_date(stamp, day_first=day_first))
    ]
    return sum(later < earlier for earlier, later in pairwise(moments))


def _start(text: str) -> _Start | None:
    dated = _DATED.match(text)
    timed = None if dated else _TIMED.match(text)
    rest = dated["rest"] if dated else timed["rest"] if timed else text.lstrip(_MARKS)
    stamp = dated["stamp"] if dated else ""
    named = _NAMED.match(rest.lstrip(_MARKS))
    if named is None:
        return _Start("", rest, stamp) if stamp else None
    return _Start((named["nick"] or named["name"]).strip(" ~" + _MARKS), named["text"] or "", stamp)


def _line(start: _Start, survey: _Survey) -> Line | Left:
    words = start.text.strip()
    if not start.name or not words or _NO_WORDS.fullmatch(words):
        return Left.EMPTY
    said_at: datetime | None = read_date(start.stamp, day_first=survey.day_first)
    return Line(start.name, words, said_at)


def _first(source: Source) -> Iterator[str]:
    """The lines of its beginning."""
    read = 0
    for text in source.lines():
        read += len(text or "")
        if read > HEAD:
            return
        yield text or ""
