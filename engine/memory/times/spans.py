"""Which stretch of time a text speaks of: "last summer", "vorgestern", "el 7 de mayo"; recall asks `find_spans`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from types import MappingProxyType

NOTHING_KNOWN: Mapping[str, date] = MappingProxyType({})
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time that words speak of; `end` is outside of it. Both are in the zone that was asked for."""

    start: datetime
    end: datetime
    words: str


def find_spans(
    text: str, now: datetime, zone: tzinfo, known: Mapping[str, date] = NOTHING_KNOWN
) -> Sequence[Span]:
    """The times that a text speaks of, the likeliest reading of an ambiguous one first.

    `known` are dates by what they are called ("my birthday", "our anniversary"); their years do not matter.
    """
    return [span for match in _ISO.finditer(text) if (span := _day(match, zone))]


def _day(match: re.Match[str], zone: tzinfo) -> Span | None:
    try:
        day = date(*map(int, match.groups()))
    except ValueError:
        return None
    start = datetime.combine(day, time(), zone)
    return Span(start, datetime.combine(day + timedelta(days=1), time(), zone), match.group())
