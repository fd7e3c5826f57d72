"""How a form that was matched is read: the stretches of time that it can mean, the likeliest first; `spans.py` asks.

Everything here is on the person's own clock, without a zone: a day is a day there, however many hours it has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.memory.times.almanac import FEASTS, add_months, in_year, season
from engine.memory.times.vocabulary import Part, Reading, Unit, Vocabulary

# What stands for a day of which no hour is known: the same day nearly wherever the person is then.
NOON = time(12)
# From when to when a part of a day lasts, and when what is said to happen in it is taken to, in hours.
_PARTS = {
    Part.MORNING: (5, 12, 9),
    Part.NOON: (11, 14, 12),
    Part.AFTERNOON: (12, 18, 15),
    Part.EVENING: (17, 24, 19),
    Part.NIGHT: (20, 29, 22),
}
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
# How far a counted time may be off: half of what it is counted in.
_SLACK = {Unit.WEEK: timedelta(days=4), Unit.WEEKEND: timedelta(days=4), Unit.MONTH: timedelta(days=16)}
_HALF_A_YEAR = timedelta(days=183)
_SHORT_YEAR = 100


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the person's clock; `at`: the moment that is meant, where it is known to the day."""

    start: datetime
    end: datetime
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that speak of a time, and what they can mean on the person's own clock, the likeliest first."""

    begins: int
    words: str
    vocabulary: Vocabulary
    reading: Reading
    meanings: Sequence[Stretch]

    @property
    def ends(self) -> int:
        """Where the words end."""
        return self.begins + len(self.words)

    def overlaps(self, other: Mention) -> bool:
        """Whether two stand on the same words."""
        return self.begins < other.ends and other.begins < self.ends


@dataclass(frozen=True, slots=True)
class Said:
    """What was matched, and when it was said."""

    match: re.Match[str]
    words: Vocabulary
    turn: int | None
    now: datetime  # on the person's clock
    forward: bool  # the text speaks of what is to come
    south: bool
    known: Mapping[str, date]

    @property
    def today(self) -> date:
        """The day on which it was said."""
        return self.now.date()

    def has(self, place: str) -> bool:
        """Whether something stands in a place of the form."""
        return bool(self.match.groupdict().get(place))

    def word(self, place: str) -> str:
        """What stands there, in lower case."""
        return str(self.match[place]).lower()

    def year(self) -> int | None:
        """The year that is said, be it with two digits."""
        if not self.has("year"):
            return None
        year = int(self.match["year"])
        return year + 2000 if year < _SHORT_YEAR else year

    def count(self) -> int:
        """The number that is said; 1 where none is."""
        if not self.has("number"):
            return 1
        word = self.word("number")
        return int(word) if word.isdigit() else self.words.numbers[word]


def read(reading: Reading, said: Said) -> Sequence[Stretch]:
    """The stretches that a form can mean; none where it means none, e.g. 31 February."""
    try:
        return list(_READERS[reading](said))
    except (ValueError, OverflowError):
        return ()


def _whole_day(day: date, part: Part | None = None) -> Stretch:
    midnight = datetime.combine(day, time())
    if part is None:
        return Stretch(midnight, midnight + _DAY, datetime.combine(day, NOON))
    first, last, at = (timedelta(hours=hours) for hours in _PARTS[part])
    return Stretch(midnight + first, midnight + last, midnight + at)


def _days(first: date, end: date) -> Stretch:
    return Stretch(datetime.combine(first, time()), datetime.combine(end, time()))


def _part(said: Said) -> Part | None:
    return said.words.parts[said.word("part")] if said.has("part") else None


def _in_turn(said: Said, of_year: Callable[[int], tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """What comes every year, as it was meant: the last, this year's, the next; or both, if that was not said."""
    around = [of_year(year) for year in range(said.today.year - 2, said.today.year + 3)]
    gone = [one for one in reversed(around) if one[1] <= said.today]
    coming = [one for one in around if one[0] > said.today]
    running = [one for one in around if one[0] <= said.today < one[1]]
    if said.turn is None:
        yield from running
        yield from (coming[0], gone[0]) if said.forward else (gone[0], coming[0])
    elif said.turn == 0:
        yield from (
            running
            or [one for one in (gone[0], coming[0]) if one[0].year == said.today.year or one is coming[0]][:1]
        )
    else:
        yield gone[0] if said.turn < 0 else coming[0]


def _date(said: Said) -> Iterator[Stretch]:
    month, dom, year = said.words.months[said.word("month")], int(said.match["dom"]), said.year()
    yield from _calendar_day(said, month, dom, year)


def _calendar_day(said: Said, month: int, dom: int, year: int | None) -> Iterator[Stretch]:
    if year is not None:
        yield _whole_day(date(year, month, dom))
        return
    leap_day = date(2024, month, dom)  # of a leap year, so that 29 February is a day
    yield from (_whole_day(first) for first, _ in _in_turn(said, _kept(leap_day)))


def _numeric(said: Said) -> Iterator[Stretch]:
    first, second = int(said.match["first"]), int(said.match["second"])
    if said.has("iso"):
        yield _whole_day(date(int(said.match["iso"]), first, second))
        return
    orders = [(second, first), (first, second)] if said.words.month_first else [(first, second)]
    for dom, month in orders:
        if 1 <= month <= 12 and 1 <= dom <= 31:
            yield from _calendar_day(said, month, dom, said.year())
    if said.words.month_first is False and second > 12 >= first:
        yield from _calendar_day(said, first, second, said.year())


def _month(said: Said) -> Iterator[Stretch]:
    month = said.words.months[said.word("month")]

    def of_year(year: int) -> tuple[date, date]:
        first = date(year, month, 1)
        return first, add_months(first, 1)

    year = said.year()
    yield from (_days(*one) for one in ([of_year(year)] if year else _in_turn(said, of_year)))


def _season(said: Said) -> Iterator[Stretch]:
    which = said.words.seasons[said.word("season")]

    def of_year(year: int) -> tuple[date, date]:
        return season(which, year, south=said.south)

    year = said.year()
    yield from (_days(*one) for one in ([of_year(year)] if year else _in_turn(said, of_year)))


def _feast(said: Said) -> Iterator[Stretch]:
    of_year, year = FEASTS[said.words.feasts[said.word("feast")]], said.year()
    for first, end in [of_year(year)] if year else _in_turn(said, of_year):
        yield _whole_day(first) if end - first == _DAY else _days(first, end)


def _occasion(said: Said) -> Iterator[Stretch]:
    name = said.words.occasions[said.word("occasion")]
    if name in said.known:
        yield from on_known(said, said.known[name])


def on_known(said: Said, day: date) -> Iterator[Stretch]:
    """A yearly date that is known: when it was, and when it will be."""
    year = said.year()
    of_year = _kept(day)
    yield from (_whole_day(first) for first, _ in ([of_year(year)] if year else _in_turn(said, of_year)))


def _kept(day: date) -> Callable[[int], tuple[date, date]]:
    """When a yearly date is kept."""

    def of_year(year: int) -> tuple[date, date]:
        return in_year(day, year), in_year(day, year) + _DAY

    return of_year


def _weekday(said: Said) -> Iterator[Stretch]:
    wanted, part = said.words.weekdays[said.word("weekday")], _part(said)
    ahead = (wanted - said.today.weekday()) % 7
    coming, gone = said.today + timedelta(days=ahead or 7), said.today - timedelta(days=7 - ahead)
    today = [said.today] if ahead == 0 else []
    days: list[date]
    if said.turn is None:
        days = [coming, *today, gone] if said.forward else [*today, gone, coming]
    elif said.turn < 0:
        days = [gone]
    elif said.turn == 2 and coming.isocalendar()[:2] == said.today.isocalendar()[:2]:
        # "Next Friday" said on a Monday is mostly the one of the week after.
        days = [coming + _WEEK, coming]
    else:
        days = [*(today if said.turn == 0 else []), coming]
    yield from (_whole_day(day, part) for day in days)


def _day(said: Said) -> Iterator[Stretch]:
    ahead, part = said.words.days[said.word("day")]
    yield _whole_day(said.today + timedelta(days=ahead), _part(said) or part)


def _moved(said: Said, count: int) -> date:
    unit = said.words.units[said.word("unit")]
    if unit in (Unit.MONTH, Unit.YEAR):
        return add_months(said.today, count * (12 if unit is Unit.YEAR else 1))
    return said.today + count * (_DAY if unit is Unit.DAY else _WEEK)


def _counted(said: Said) -> Iterator[Stretch]:
    assert said.turn is not None
    unit, count = said.words.units[said.word("unit")], said.count() * said.turn
    if unit in (Unit.MINUTE, Unit.HOUR):
        then = said.now + count * timedelta(**{f"{unit}s": 1})
        yield Stretch(then - timedelta(hours=1), then + timedelta(hours=1), then)
        return
    day, vague = _moved(said, count), said.has("number") and said.word("number") in said.words.vague
    slack = _SLACK.get(unit, _HALF_A_YEAR if unit is Unit.YEAR else timedelta())
    slack = max(2 * slack, 2 * _DAY) if vague else slack
    exact = unit in (Unit.DAY, Unit.WEEK) and not vague
    stretch = _days(day - slack, day + slack + _DAY)
    yield Stretch(stretch.start, stretch.end, datetime.combine(day, NOON) if exact else None)


def _within(said: Said) -> Iterator[Stretch]:
    assert said.turn is not None
    there, midnight = _moved(said, said.count() * said.turn), datetime.combine(said.today, time())
    if said.turn < 0:
        yield Stretch(datetime.combine(there, time()), midnight + _DAY)
    else:
        yield Stretch(midnight, datetime.combine(there, time()) + _DAY)


def _whole(said: Said) -> Iterator[Stretch]:
    """A week, weekend, month or year of the calendar."""
    unit = said.words.units[said.word("whole")]
    turns = ([1, 0, -1] if said.forward else [0, -1, 1]) if said.turn is None else [said.turn]
    if unit is Unit.WEEKEND and said.turn is None and said.today.weekday() < 5:
        turns = [0, -1] if said.forward else [-1, 0]  # "at the weekend" is the one before, or the one to come
    yield from (_days(*_calendar(unit, said.today, turn)) for turn in turns)


def _calendar(unit: Unit, today: date, turn: int) -> tuple[date, date]:
    monday = today - timedelta(days=today.weekday()) + turn * _WEEK
    if unit is Unit.WEEK:
        return monday, monday + _WEEK
    if unit is Unit.WEEKEND:
        return monday + timedelta(days=5), monday + _WEEK
    months = 12 if unit is Unit.YEAR else 1
    first = add_months(today.replace(day=1), turn * months)
    first = first.replace(month=1) if unit is Unit.YEAR else first
    return first, add_months(first, months)


def _year(said: Said) -> Iterator[Stretch]:
    year = said.year()
    assert year is not None
    yield _days(date(year, 1, 1), date(year + 1, 1, 1))


def _ordinal(said: Said) -> Iterator[Stretch]:
    """ "On the 5th": of this month, the one before, the one to come, where they have such a day."""
    dom, first = int(said.match["dom"]), said.today.replace(day=1)
    days = []
    for months in (-2, -1, 0, 1, 2):
        month = add_months(first, months)
        if add_months(month, 1) - _DAY >= month + timedelta(days=dom - 1):
            days.append(month + timedelta(days=dom - 1))
    gone = [day for day in reversed(days) if day <= said.today][:1]
    coming = [day for day in days if day > said.today][:1]
    yield from (_whole_day(day) for day in ([*coming, *gone] if said.forward else [*gone, *coming]))


_READERS: Mapping[Reading, Callable[[Said], Iterator[Stretch]]] = {
    Reading.DATE: _date,
    Reading.NUMERIC: _numeric,
    Reading.MONTH: _month,
    Reading.SEASON: _season,
    Reading.FEAST: _feast,
    Reading.OCCASION: _occasion,
    Reading.WEEKDAY: _weekday,
    Reading.DAY: _day,
    Reading.COUNTED: _counted,
    Reading.WITHIN: _within,
    Reading.WHOLE: _whole,
    Reading.YEAR: _year,
    Reading.ORDINAL: _ordinal,
}
