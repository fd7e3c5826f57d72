"""What a language says of times, as data: its words, and the forms in which they stand; `english.py` and its neighbours.

A form is a pattern with places for words (`{weekday}`, `{number}`): `pattern_of` fills them in, and a reader of
`readings.py` turns what was matched into stretches of time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from engine.memory.times.almanac import Season

Meant = TypeVar("Meant")


class Unit(StrEnum):
    """What time is counted in."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEKEND = "weekend"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Part(StrEnum):
    """A part of a day."""

    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


class Reading(StrEnum):
    """How a form is read: `readings.py` has a function for each."""

    DATE = "date"  # 7 May [2023]
    NUMERIC = "numeric"  # 7.5.2023
    MONTH = "month"  # in May, last May
    SEASON = "season"
    FEAST = "feast"
    OCCASION = "occasion"  # on my birthday
    WEEKDAY = "weekday"
    DAY = "day"  # yesterday
    COUNTED = "counted"  # two weeks ago
    WITHIN = "within"  # in the last two weeks
    WHOLE = "whole"  # last week
    YEAR = "year"
    ORDINAL = "ordinal"  # on the 5th


@dataclass(frozen=True, slots=True)
class Form:
    """One way of putting a time. `turn`: -1 the last, 0 this, 1 the next, 2 the one after it; None: it does not say."""

    reading: Reading
    template: str
    turn: int | None = None


def forms(reading: Reading, *templates: str, turn: int | None = None) -> tuple[Form, ...]:
    """Several ways of putting the same."""
    return tuple(Form(reading, template, turn) for template in templates)


def numbered(words: str, first: int = 1) -> dict[str, int]:
    """Words with their numbers: those of one number are parted by blanks, the numbers by bars."""
    return {
        name.replace("_", " "): number
        for number, names in enumerate(words.split("|"), first)
        for name in names.split()
    }


def meaning(words: Mapping[Meant, str]) -> dict[str, Meant]:
    """What each word means, from the words for each meaning, parted by bars."""
    return {word: meant for meant, listed in words.items() for word in listed.split("|")}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one language, in lower case. A day is (days from today, part of the day)."""

    name: str
    # Words that hardly any text of the language lacks, and that the others have not.
    common: frozenset[str]
    past: re.Pattern[str]
    future: re.Pattern[str]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    units: Mapping[str, Unit]
    numbers: Mapping[str, int]
    vague: frozenset[str]  # numbers that are only about right: "a few"
    parts: Mapping[str, Part]
    days: Mapping[str, tuple[int, Part | None]]
    seasons: Mapping[str, Season]
    feasts: Mapping[str, str]  # the name in `almanac.FEASTS`
    occasions: Mapping[str, str]  # what `known` calls it
    clock: re.Pattern[str]  # "at 5 pm"
    forms: tuple[Form, ...]
    month_first: bool = False  # 5/7 is the seventh of May

    def place(self, name: str) -> Mapping[str, object]:
        """The words that stand in a place of a template."""
        places: Mapping[str, Mapping[str, object]] = {
            "month": self.months,
            "weekday": self.weekdays,
            "unit": self.units,
            "whole": {word: unit for word, unit in self.units.items() if unit in _WHOLE},
            "number": self.numbers,
            "part": self.parts,
            "day": self.days,
            "season": self.seasons,
            "feast": self.feasts,
            "occasion": self.occasions,
        }
        return places[name]


_WHOLE = (Unit.WEEKEND, Unit.WEEK, Unit.MONTH, Unit.YEAR)
# What has a place in templates and is no word of a language.
DIGITS = {
    "dom": r"(?P<dom>0?[1-9]|[12]\d|3[01])(?!\d)",
    "year": r"(?P<year>(?:19[3-9]|20[0-4])\d)(?!\d)",
}
_PLACE = re.compile(r"\{(\w+)\}")


def pattern_of(form: Form, words: Vocabulary) -> re.Pattern[str]:
    """A form as a pattern over whole words."""
    body = _PLACE.sub(lambda place: DIGITS.get(place[1]) or _named(place[1], words), form.template)
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)", re.IGNORECASE)


def _named(place: str, words: Vocabulary) -> str:
    longest_first = sorted(words.place(place), key=len, reverse=True)
    digits = r"\d{1,3}|" if place == "number" else ""
    return f"(?P<{place}>{digits}{'|'.join(re.escape(word) for word in longest_first)})"
