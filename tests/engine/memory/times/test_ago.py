"""How long ago, and in how long: true to the calendar, in every zone, whatever the clocks do."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.memory.times.ago import ago, ago_days
from engine.memory.times.almanac import add_months

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 21, 19, 30, tzinfo=BERLIN)  # a Saturday evening
ZONES = sorted(available_timezones())
MOMENTS = some.integers(946_684_800, 4_102_444_799).map(lambda second: datetime.fromtimestamp(second, UTC))
DAYS = some.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("2026-11-21 19:29", "just now"),
        ("2026-11-21 19:10", "20 minutes ago"),
        ("2026-11-21 20:15", "in 45 minutes"),
        ("2026-11-21 09:00", "this morning"),
        ("2026-11-21 15:00", "this afternoon"),
        ("2026-11-21 23:00", "tonight"),
        ("2026-11-21 02:00", "last night"),
        ("2026-11-20 23:00", "last night"),
        ("2026-11-20 19:00", "yesterday evening"),
        ("2026-11-20 08:00", "yesterday morning"),
        ("2026-11-20 01:00", "yesterday"),
        ("2026-11-22 08:00", "tomorrow morning"),
        ("2026-11-22 12:00", "tomorrow"),
        ("2026-11-21 12:00", "today"),
        ("2026-11-19 08:00", "two days ago"),
        ("2026-11-17 08:00", "last Tuesday"),
        ("2026-11-14 08:00", "a week ago"),
        ("2026-11-11 08:00", "ten days ago"),
        ("2026-10-31 08:00", "three weeks ago"),
        ("2026-11-26 08:00", "in five days"),
        ("2026-12-12 08:00", "in three weeks"),
        ("2026-10-21 08:00", "a month ago"),
        ("2026-05-14 08:00", "six months ago"),
        ("2025-11-21 08:00", "a year ago"),
        ("2025-05-14 08:00", "a year and a half ago"),
        ("2023-05-14 08:00", "four years ago"),
        ("2027-11-21 08:00", "in a year"),
    ],
)
def test_what_people_would_say(then: str, words: str) -> None:
    assert ago(datetime.fromisoformat(then).replace(tzinfo=BERLIN), NOW, BERLIN) == words


def test_yesterday_begins_at_midnight_of_the_person() -> None:
    before_midnight = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)  # half past eleven in Berlin
    now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    assert ago(before_midnight, now, BERLIN) == "last night"
    assert ago(before_midnight, now, ZoneInfo("America/New_York")) == "yesterday evening"
    assert ago(before_midnight, now, ZoneInfo("Pacific/Auckland")) == "this morning"


def test_a_short_night_is_a_night() -> None:
    """On 29 March 2026 the clocks of Berlin skip an hour."""
    evening, morning = datetime(2026, 3, 28, 20, tzinfo=BERLIN), datetime(2026, 3, 29, 8, tzinfo=BERLIN)
    assert morning.astimezone(UTC) - evening.astimezone(UTC) == timedelta(hours=11)
    assert ago(evening, morning, BERLIN) == "yesterday evening"


def test_months_end_where_they_end() -> None:
    assert ago_days(date(2026, 1, 31), date(2026, 2, 28)) == "a month ago"
    assert ago_days(date(2024, 2, 29), date(2025, 2, 28)) == "a year ago"
    assert ago_days(date(2026, 2, 28), date(2026, 3, 27)) == "four weeks ago"
    assert add_months(date(2024, 2, 29), -12) == date(2023, 2, 28)


@given(MOMENTS, some.timedeltas(timedelta(days=-800), timedelta(days=800)), some.sampled_from(ZONES))
def test_both_ways_in_every_zone(now: datetime, away: timedelta, name: str) -> None:
    zone = ZoneInfo(name)
    then = now + away
    words = ago(then, now, zone)
    days = (then.astimezone(zone).date() - now.astimezone(zone).date()).days
    if "yesterday" in words:
        assert days == -1
    elif "tomorrow" in words:
        assert days == 1
    elif words.startswith("this") or words in ("today", "tonight", "last night"):
        assert abs(days) <= 1
    elif words.startswith("in "):
        assert then > now or days > 0
    else:
        assert words == "just now" or ((words.endswith(" ago") or words.startswith("last ")) and days <= 0)


@given(DAYS, some.integers(-36_000, 36_000))
def test_what_is_counted_is_about_right(now: date, days: int) -> None:
    then = now + timedelta(days=days) if date.min <= now else now
    words = ago_days(then, now)
    length = {"day": 1, "week": 7, "month": 30.44, "year": 365.25}
    counts = "no one two three four five six seven eight nine ten eleven twelve".split()
    match = re.fullmatch(r"(?:in )?(\w+) (day|week|month|year)s?(?: ago)?", words)
    if match is None:
        return
    number = 1 if match[1] == "a" else counts.index(match[1]) if match[1] in counts else int(match[1])
    unit = length[match[2]]
    assert abs(number * unit - abs(days)) <= 0.75 * unit + 1


@given(DAYS, some.integers(-36_000, -1), some.integers(0, 400))
def test_the_older_is_never_said_to_be_newer(now: date, days: int, older: int) -> None:
    """Within one kind of counting, a larger number is a longer time."""
    first, second = (ago_days(now + timedelta(days=away), now) for away in (days, days - older))
    found = [re.fullmatch(r"(\d+) (\w+?)s? ago", words) for words in (first, second)]
    if found[0] and found[1] and found[0][2] == found[1][2]:
        assert int(found[0][1]) <= int(found[1][1])
