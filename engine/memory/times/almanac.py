"""What a calendar knows and `datetime` does not: months added, seasons, feasts; the readers of time expressions call it."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

MONTHS_OF_A_YEAR = 12


class Season(StrEnum):
    """A quarter of the year, as people speak of it."""

    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"
    WINTER = "winter"


# The month with which a season begins north of the equator; three months each, by the months and not by the sun.
_BEGINS = {Season.SPRING: 3, Season.SUMMER: 6, Season.AUTUMN: 9, Season.WINTER: 12}
_HALF_A_YEAR, _QUARTER = 6, 3


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the month's last day where it has no such day."""
    years, month = divmod(day.year * MONTHS_OF_A_YEAR + day.month - 1 + months, MONTHS_OF_A_YEAR)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def in_year(day: date, year: int) -> date:
    """The day on which a yearly date is kept: 29 February on the 28th where there is none."""
    return add_months(day, (year - day.year) * MONTHS_OF_A_YEAR)


def season(which: Season, year: int, *, south: bool) -> tuple[date, date]:
    """A season's first day and the day after its last; a winter counts to the year in which it begins."""
    month = _BEGINS[which] + (_HALF_A_YEAR if south else 0)
    first = add_months(date(year, 1, 1), (month - 1) % MONTHS_OF_A_YEAR)
    return first, add_months(first, _QUARTER)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the anonymous computus."""
    golden, century, rest = year % 19, *divmod(year, 100)
    leap, leap_rest = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * leap_rest + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _fixed(month: int, day: int, days: int = 1) -> Callable[[int], tuple[date, date]]:
    def feast(year: int) -> tuple[date, date]:
        first = date(year, month, day)
        return first, first + timedelta(days=days)

    return feast


def _from_easter(before: int, days: int) -> Callable[[int], tuple[date, date]]:
    def feast(year: int) -> tuple[date, date]:
        first = easter(year) - timedelta(days=before)
        return first, first + timedelta(days=days)

    return feast


def _thanksgiving(year: int) -> tuple[date, date]:
    """The fourth Thursday of November."""
    first = date(year, 11, 1)
    day = first + timedelta(days=(3 - first.weekday()) % 7 + 21)
    return day, day + timedelta(days=1)


# Feasts by their English names: from when to when they are kept in a year.
FEASTS: Mapping[str, Callable[[int], tuple[date, date]]] = MappingProxyType(
    {
        "christmas": _fixed(12, 24, 3),
        "christmas eve": _fixed(12, 24),
        "new year's eve": _fixed(12, 31),
        "new year": _fixed(1, 1),
        "epiphany": _fixed(1, 6),
        "valentine's day": _fixed(2, 14),
        "carnival": _from_easter(51, 5),
        "easter": _from_easter(2, 4),
        "holy week": _from_easter(7, 8),
        "pentecost": _from_easter(-49, 2),
        "brazil's valentine's day": _fixed(6, 12),
        "halloween": _fixed(10, 31),
        "all saints": _fixed(11, 1),
        "thanksgiving": _thanksgiving,
    }
)
