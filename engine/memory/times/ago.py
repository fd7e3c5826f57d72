"""How long ago, or in how long, in words: "three weeks ago", "yesterday evening", "in five days"; prompts say it so.

True to the calendar of the person's zone: yesterday is the day before, however many hours ago, and a month is a month.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from engine.memory.times.almanac import add_months
from engine.memory.times.readings import NOON

_WORDS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
# Hours from which on it is the afternoon, the evening, the night; the night belongs to the day before until five.
_MORNING, _AFTERNOON, _EVENING, _NIGHT = 5, 12, 17, 22
# Minutes that are now, and an hour's.
_NOW, _HOUR = 2, 60
# Days up to which days are counted, and weekdays named.
_WEEK, _TWO_WEEKS = 7, 14
_YEAR = 12
# Months from which on half years are left out.
_LONG = 36


def ago(then: datetime, now: datetime, zone: tzinfo) -> str:
    """How far a moment is from another, both ways. A noon to the second is a day of which no hour is known."""
    there, here = then.astimezone(zone), now.astimezone(zone)
    timed = there.time() != NOON
    minutes = round((then - now).total_seconds() / 60)
    if timed and abs(minutes) < _HOUR:
        return "just now" if abs(minutes) < _NOW else _either(f"{_count(abs(minutes))} minutes", minutes > 0)
    days = (there.date() - here.date()).days
    if timed and -1 <= days <= 1:
        return _near(days, there, here)
    return ago_days(there.date(), here.date())


def ago_days(then: date, now: date) -> str:
    """The same for whole days."""
    days = (then - now).days
    near = {-2: "two days ago", -1: "yesterday", 0: "today", 1: "tomorrow", 2: "in two days"}
    if days in near:
        return near[days]
    if -_WEEK < days < 0:
        return f"last {then:%A}"
    if abs(days) < _TWO_WEEKS:
        return _either("a week" if abs(days) == _WEEK else f"{_count(abs(days))} days", days > 0)
    months = _months(*sorted((then, now)))
    if months == 0:
        return _either(f"{_count(round(abs(days) / _WEEK))} weeks", days > 0)
    return _either(_long(months), days > 0)


def _either(length: str, ahead: bool) -> str:
    return f"in {length}" if ahead else f"{length} ago"


def _count(number: int) -> str:
    return _WORDS[number] if number < len(_WORDS) else str(number)


def _near(days: int, there: datetime, here: datetime) -> str:
    """Today, yesterday or tomorrow, with the part of the day."""
    part = _part(there.hour)
    if part == "night":
        return _night(days, there, here)
    if days == 0:
        return f"this {part}"
    return f"{'yesterday' if days < 0 else 'tomorrow'} {part}"


def _night(days: int, there: datetime, here: datetime) -> str:
    # What was at one in the morning belongs to the night that began the evening before.
    began = days - (there.hour < _MORNING)
    tonight = -1 if here.hour < _MORNING else 0
    nights = {-1: "last night", 0: "tonight", 1: "tomorrow night"}
    return nights.get(began - tonight) or ("yesterday" if days < 0 else "today" if days == 0 else "tomorrow")


def _part(hour: int) -> str:
    if _MORNING <= hour < _AFTERNOON:
        return "morning"
    if _AFTERNOON <= hour < _EVENING:
        return "afternoon"
    return "evening" if _EVENING <= hour < _NIGHT else "night"


def _months(earlier: date, later: date) -> int:
    """Months between two days, rounded; 0 where not a whole one has passed."""
    whole = (later.year - earlier.year) * _YEAR + later.month - earlier.month
    if add_months(earlier, whole) > later:
        whole -= 1
    if whole <= 0:
        return 0
    before, after = add_months(earlier, whole), add_months(earlier, whole + 1)
    return whole + (2 * (later - before) > (after - before))


def _long(months: int) -> str:
    if months < _YEAR:
        return "a month" if months == 1 else f"{_count(months)} months"
    years, rest = divmod(months, _YEAR)
    if months < _LONG and 3 < rest < 9:
        return "a year and a half" if years == 1 else "two and a half years"
    years += rest >= _YEAR // 2
    return "a year" if years == 1 else f"{_count(years)} years"
