"""Which days are near, and what the prompt says of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.memory.times.anniversaries import MOST_LINES, near_days, yearly
from engine.types import Fact, FactKind

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 21, 19, 30, tzinfo=BERLIN)
LONG_AGO = datetime(2025, 3, 1, tzinfo=UTC)


def fact(relation: str, value: str, *, subject: str = "you", text: str = "") -> Fact:
    return Fact("f", "p", "c", "private", subject, relation, value, text, "dates", "m", "", LONG_AGO)


def planned(text: str, happens_at: datetime, kind: FactKind = FactKind.FACT) -> Fact:
    return replace(fact("plan", text, text=text), happens_at=happens_at, kind=kind)


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("20 November", ["Yesterday was the person's birthday."]),
        ("21 November", ["Today is the person's birthday."]),
        ("22 November", ["Tomorrow is the person's birthday."]),
        ("24 November", ["The person's birthday is on Tuesday, in three days."]),
        ("27 November", ["The person's birthday is on Friday, in six days."]),
        ("28 November", []),
        ("19 November", []),
        ("some day", []),
    ],
)
def test_a_birthday_is_known_when_it_is_near(value: str, lines: list[str]) -> None:
    assert near_days([fact("birthday", value)], NOW) == lines


def test_the_day_is_that_of_the_persons_zone() -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    birthday = [fact("birthday", "22 November")]
    assert near_days(birthday, late.astimezone(BERLIN)) == ["Today is the person's birthday."]
    assert near_days(birthday, late.astimezone(ZoneInfo("America/New_York"))) == [
        "Tomorrow is the person's birthday."
    ]


def test_over_the_turn_of_a_year() -> None:
    silvester = datetime(2026, 12, 31, 12, tzinfo=BERLIN)
    assert near_days([fact("birthday", "1 January")], silvester) == ["Tomorrow is the person's birthday."]
    new_year = datetime(2027, 1, 1, 12, tzinfo=BERLIN)
    assert near_days([fact("birthday", "31 December")], new_year) == ["Yesterday was the person's birthday."]


def test_a_leap_days_birthday_is_kept_on_the_28th() -> None:
    kept = datetime(2026, 2, 28, 12, tzinfo=BERLIN)
    assert near_days([fact("birthday", "29 February")], kept) == ["Today is the person's birthday."]
    leap = datetime(2028, 2, 28, 12, tzinfo=BERLIN)
    assert near_days([fact("birthday", "29 February")], leap) == ["Tomorrow is the person's birthday."]


def test_others_and_anniversaries() -> None:
    facts = [
        fact("birthday", "21 November", subject="your sister"),
        fact("anniversary", "22 November"),
        replace(fact("birthday", "21 November", subject="your uncle"), superseded_by="g"),
    ]
    assert near_days(facts, NOW) == [
        "Today is the birthday of the person's sister.",
        "Tomorrow is the person's wedding anniversary.",
    ]


def test_a_plan_is_spoken_of_the_day_before_on_its_day_and_after_it() -> None:
    exam = planned("You have an exam.", datetime(2026, 11, 22, 12, tzinfo=BERLIN))
    lines = {days: near_days([exam], NOW + timedelta(days=days)) for days in range(-1, 4)}
    assert lines == {
        -1: [],
        0: ["Tomorrow: You have an exam."],
        1: ["Today: You have an exam."],
        2: ["Yesterday: You have an exam."],
        3: [],
    }


def test_what_was_told_afterwards_is_no_plan() -> None:
    told = replace(planned("You passed.", NOW - timedelta(days=1)), said_at=NOW)
    assert near_days([told], NOW) == []


def test_what_happened_together_comes_round() -> None:
    first = planned("You first talked.", datetime(2024, 11, 21, 9, tzinfo=BERLIN), FactKind.EPISODE)
    assert near_days([first], NOW) == ["On this day, two years ago: You first talked."]
    assert near_days([first], NOW + timedelta(days=1)) == []
    assert near_days([replace(first, happens_at=NOW)], NOW) == []


def test_the_nearest_come_first_and_there_are_not_many() -> None:
    facts = [fact("birthday", f"{day} November", subject=f"your friend {day}") for day in range(27, 19, -1)]
    lines = near_days(facts, NOW)
    assert len(lines) == MOST_LINES
    assert (
        lines[0].startswith("Today") and lines[1].startswith("Tomorrow") and lines[2].startswith("Yesterday")
    )


def test_the_yearly_dates_by_what_people_call_them() -> None:
    facts = [
        fact("birthday", "14 May"),
        fact("birthday", "29 February", subject="your sister"),
        fact("anniversary", "2 September"),
        fact("likes", "14 May"),
    ]
    assert yearly(facts) == {
        "my birthday": date(2024, 5, 14),
        "my sister's birthday": date(2024, 2, 29),
        "our anniversary": date(2024, 9, 2),
    }
