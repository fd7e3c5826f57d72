"""Since when something holds: "since 2019", "seit März", "desde hace dos años", "three years ago"; `facts.py` asks."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from engine.memory.rules.numbers import number
from engine.memory.words import MONTHS

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_SINCE = r"(?:since|seit|desde|depuis)"
YEAR = re.compile(rf"\b{_SINCE}(?: early| late| anfang| ende)? (?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)
MONTH = re.compile(
    rf"\b{_SINCE}(?: last| letzte[mnr]?| le mois de| o mês de)? (?P<month>{_MONTH})\b(?:,?(?: de| of)? (?P<year>(?:19|20)\d\d)\b)?",
    re.IGNORECASE,
)
_UNIT = r"(?P<unit>years?|months?|weeks?|days?|jahre?n?|monate?n?|wochen?|tage?n?|años?|mes(?:es)?|semanas?|días?|ans?|années?|mois|semaines?|jours?|anos?|mês|dias?)"
LONG = re.compile(
    rf"\b(?:for(?: the last| the past| about| over| almost)?|seit|vor|desde hace|hace|depuis|il y a|há|faz)(?: ungefähr| etwa| más de| casi| plus de| presque| mais de| quase)? (?P<count>\w+) {_UNIT}\b|"
    rf"\b(?P<ago>\w+) {_UNIT.replace('unit', 'units')} ago\b",
    re.IGNORECASE,
)
_DAYS = {"y": 365.25, "j": 365.25, "a": 365.25, "m": 30.44, "w": 7, "s": 7, "d": 1, "t": 1}


def find_since(clause: str, said_at: datetime) -> datetime | None:
    """Since when, if the clause says it; to the year, the month or the day."""
    if match := YEAR.search(clause):
        return _start(int(match["year"]), 1, said_at)
    if match := MONTH.search(clause):
        month = MONTHS[match["month"].lower()]
        year = int(match["year"]) if match["year"] else said_at.year - (month > said_at.month)
        return _start(year, month, said_at)
    match = LONG.search(clause)
    return _ago(match, said_at) if match else None


def _ago(match: re.Match[str], said_at: datetime) -> datetime | None:
    count = match["count"] or match["ago"]
    many = 1 if count.lower() in ("a", "an") else number(count)
    unit = (match["unit"] or match["units"]).lower()
    length = 1.0 if unit.startswith(("jour", "dia", "día")) else _DAYS[unit[0]]
    if many is None or many * length > said_at.toordinal() - 366:
        return None
    return (said_at - timedelta(days=many * length)).replace(hour=0, minute=0, second=0, microsecond=0)


def _start(year: int, month: int, said_at: datetime) -> datetime | None:
    start = datetime(year, month, 1, tzinfo=said_at.tzinfo)
    return start if start <= said_at else None
