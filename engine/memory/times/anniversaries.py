"""Days that come round, and days that are near: birthdays, anniversaries, what was planned; `engine/chat/planner.py` asks.

They come from facts with their dates. `near_days` gives them as lines for the prompt's scene, `yearly` as the dates
that `find_spans` knows, so that "on my birthday" finds its day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from engine.memory.days import find_date
from engine.memory.times.ago import ago_days
from engine.memory.times.almanac import in_year
from engine.types import Fact, FactKind

# Lines of the scene, at most: the nearest days.
MOST_LINES = 4
# A yearly day is looked forward to for so many days; a plan is spoken of the day before, on its day and the day after.
_AHEAD, _NEAR = timedelta(days=6), timedelta(days=1)
# For a yearly date of which no year is known: a leap year, so that 29 February is a day.
_ANY_YEAR = 2024
_BIRTHDAY, _ANNIVERSARY = "birthday", "anniversary"


def yearly(facts: Sequence[Fact]) -> Mapping[str, date]:
    """The yearly dates that are known of a person, as they call them: "my birthday", "my sister's birthday"."""
    dates: dict[str, date] = {}
    for fact in facts:
        day = _day_of(fact)
        if day is None:
            continue
        if fact.relation == _ANNIVERSARY:
            dates["our anniversary"] = day
        elif fact.subject == "you":
            dates["my birthday"] = day
        else:
            dates[f"my {fact.subject.removeprefix('your ')}'s birthday"] = day
    return dates


def near_days(facts: Sequence[Fact], now: datetime) -> Sequence[str]:
    """What is today, tomorrow or in a few days, or was yesterday, as lines of a prompt; today's first.

    `now` is in the person's zone. What is not known any more may not be among the facts.
    """
    today = now.date()
    near = [*_yearly_days(facts, today), *_plans(facts, now), *_back_then(facts, now)]
    return [line for _, line in sorted(near, key=lambda one: (abs(one[0]), one[0] < timedelta()))][
        :MOST_LINES
    ]


def _yearly_days(facts: Sequence[Fact], today: date) -> Iterator[tuple[timedelta, str]]:
    for fact in facts:
        day = _day_of(fact)
        if day is None:
            continue
        away = min((in_year(day, today.year + years) - today for years in (-1, 0, 1)), key=abs)
        if -_NEAR <= away <= _AHEAD:
            yield away, _celebrated(_whose(fact), today + away, today)


def _celebrated(what: str, day: date, today: date) -> str:
    away = (day - today).days
    if away in (-1, 0, 1):
        was = {-1: "Yesterday was", 0: "Today is", 1: "Tomorrow is"}[away]
        return f"{was} {what}."
    return f"{what[0].upper()}{what[1:]} is on {day:%A}, {ago_days(day, today)}."


def _whose(fact: Fact) -> str:
    what = "wedding anniversary" if fact.relation == _ANNIVERSARY else _BIRTHDAY
    if fact.subject == "you":
        return f"the person's {what}"
    return f"the {what} of the person's {fact.subject.removeprefix('your ')}"


def _plans(facts: Sequence[Fact], now: datetime) -> Iterator[tuple[timedelta, str]]:
    """What was to happen: it is spoken of the day before, on its day, and asked about the day after."""
    for fact in facts:
        if fact.happens_at is None or fact.kind is not FactKind.FACT:
            continue
        away = fact.happens_at.astimezone(now.tzinfo).date() - now.date()
        # What was told on that day, or after it, is no plan.
        if -_NEAR <= away <= _NEAR and fact.said_at < fact.happens_at:
            yield away, f"{ago_days(now.date() + away, now.date()).capitalize()}: {fact.text}"


def _back_then(facts: Sequence[Fact], now: datetime) -> Iterator[tuple[timedelta, str]]:
    """What happened together on this day of another year."""
    for fact in facts:
        if fact.happens_at is None or fact.kind is not FactKind.EPISODE:
            continue
        day = fact.happens_at.astimezone(now.tzinfo).date()
        if day.year < now.year and in_year(day, now.year) == now.date():
            yield timedelta(), f"On this day, {ago_days(day, now.date())}: {fact.text}"


def _day_of(fact: Fact) -> date | None:
    """The yearly date that a fact tells; None if it tells none."""
    if fact.relation not in (_BIRTHDAY, _ANNIVERSARY) or fact.superseded_by:
        return None
    found = find_date(fact.value)
    return date(_ANY_YEAR, found[1], found[0]) if found else None
