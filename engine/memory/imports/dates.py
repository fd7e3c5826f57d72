"""When a line was said, in the many ways in which programs write it; the readers call `read_date`.

A date without a zone comes back without one: it is the clock of whoever wrote it, and only `importing.py` knows where
that is.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

# Numbers greater than this are milliseconds since 1970, and greater than the other microseconds.
MILLISECONDS, MICROSECONDS = 100_000_000_000, 100_000_000_000_000
# A year of two digits belongs to the last century from here on.
LAST_CENTURY = 70
# Characters of something that can be a date.
LONGEST = 60

# "2024-01-02 @12h 34m 56s 789ms" and "2024-1-2@12h34m56s": what SillyTavern wrote for years.
_TAVERN = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})\s*@\s*(\d{1,2})h\s*(\d{1,2})m\s*(?:(\d{1,2})s)?(?:\s*\d{1,4}ms)?",
    re.IGNORECASE,
)
_CLOCK = r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?:[.,]\d+)?\s?(?P<half>[ap]\.?\s?m\.?)?"
# As in “January 2, 2024 12:34pm” or “2 Jan 2024 at 12:34”.
_NAMED = re.compile(
    rf"(?:(?P<month>[a-z]{{3,9}})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month2>[a-z]{{3,9}})\.?)"
    rf",?\s+(?P<year>\d{{4}})(?:,?\s+(?:at\s+)?{_CLOCK})?",
    re.IGNORECASE,
)
# As in “12/03/2022, 21:15”, “12.03.22 21:15:03” or “2022/03/12 9:15 PM”.
NUMERIC = rf"(?P<one>\d{{1,4}})(?P<sign>[./-])(?P<two>\d{{1,2}})(?P=sign)(?P<three>\d{{1,4}}),?\s+(?:at\s+)?{_CLOCK}"
_NUMERIC = re.compile(NUMERIC, re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_date(value: object, *, day_first: bool = True) -> datetime | None:
    """The moment that a value means; None if it means none. `day_first`: 3/4/2022 is in April."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _since_1970(value)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        return None
    text = " ".join(value.replace("\u202f", " ").replace("\xa0", " ").split())
    if re.fullmatch(r"\d{9,17}(?:\.\d{1,9})?", text):
        return _since_1970(float(text))
    return _iso(text) or _tavern(text) or _named(text) or _numeric(text, day_first)


def _since_1970(number: float) -> datetime | None:
    seconds = (
        number / 1_000_000 if number > MICROSECONDS else number / 1000 if number > MILLISECONDS else number
    )
    try:
        return _EPOCH + timedelta(seconds=seconds) if seconds > 0 else None
    except (OverflowError, ValueError):
        return None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.removesuffix(" UTC") + "+00:00" * text.endswith(" UTC"))
    except ValueError:
        return None


def _tavern(text: str) -> datetime | None:
    match = _TAVERN.fullmatch(text)
    return _moment(*(int(part or 0) for part in match.groups())) if match else None


def _named(text: str) -> datetime | None:
    match = _NAMED.fullmatch(text)
    name = (match["month"] or match["month2"])[:3].lower() if match else ""
    if match is None or name not in _MONTHS:
        return None
    return _moment(
        int(match["year"]), _MONTHS.index(name) + 1, int(match["day"] or match["day2"]), *_clock(match)
    )


def _numeric(text: str, day_first: bool) -> datetime | None:
    match = _NUMERIC.fullmatch(text)
    if match is None:
        return None
    one, two, three = int(match["one"]), int(match["two"]), int(match["three"])
    if len(match["one"]) == 4:
        year, month, day = one, two, three
    else:
        # Dots and hyphens are written by nobody who puts the month first.
        first = day_first or match["sign"] != "/"
        year, month, day = three, *((two, one) if first else (one, two))
    if year < 100:
        year += 1900 if year >= LAST_CENTURY else 2000
    return _moment(year, month, day, *_clock(match))


def _clock(match: re.Match[str]) -> tuple[int, int, int]:
    hour, half = int(match["hour"] or 0), (match["half"] or "").lower()
    if half:
        hour = hour % 12 + 12 * half.startswith("p")
    return hour, int(match["minute"] or 0), int(match["second"] or 0)


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - whose clock it is, the caller knows
    except ValueError:
        return None
