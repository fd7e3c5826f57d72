"""Which day people mean: "tomorrow", "on Friday", "3 May"; the rules of `engine/memory/rules/` call it."""

from __future__ import annotations

import re
from datetime import date, timedelta

from engine.memory.words import MONTHS, WEEKDAYS

_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"
DAY_MONTH = re.compile(
    rf"\b(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|º|er)?(?: of| de)? {_MONTH}\b(?:,? (?:de )?(?P<year>\d{{4}}))?",
    re.IGNORECASE,
)
MONTH_DAY = re.compile(
    rf"\b{_MONTH} (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year>\d{{4}}))?", re.IGNORECASE
)
RELATIVE = {
    "today": 0,
    "tonight": 0,
    "this evening": 0,
    "this afternoon": 0,
    "tomorrow": 1,
    "the day after tomorrow": 2,
}
_DAYS = "|".join(WEEKDAYS)
WHEN = re.compile(
    r"\b(?P<relative>the day after tomorrow|tomorrow(?: (?:morning|afternoon|evening|night))?|tonight|this (?:evening|afternoon)|today)\b|"
    rf"\b(?:on |this |(?P<next>next ))(?P<weekday>{_DAYS})\b(?: (?:morning|afternoon|evening|night))?|"
    r"\b(?P<week>next week|this weekend|next weekend|next month|next year)\b|"
    r"\bin (?P<count>a|one|two|three|four|five|six|\d{1,2}) (?P<unit>days?|weeks?|months?)\b",
    re.IGNORECASE,
)
COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def spoken_day(day: date) -> str:
    """A day as it is written in a fact: "Saturday, 22 November 2026"."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def find_date(text: str) -> tuple[int, int, int | None] | None:
    """Day, month and (if said) year of a calendar date in a text."""
    match = DAY_MONTH.search(text) or MONTH_DAY.search(text)
    if match is None:
        return None
    day, month = int(match["day"]), MONTHS[match["month"].lower()]
    try:
        date(2024, month, day)  # a leap year, so that 29 February is a day
    except ValueError:
        return None
    return day, month, int(match["year"]) if match["year"] else None


def find_when(text: str, today: date) -> tuple[str, str] | None:
    """The time expression of a plan as (the words, what they mean): ("tomorrow", "on Sunday, 22 November 2026")."""
    match = WHEN.search(text)
    if match:
        return match.group(), _meaning(match, today)
    match = DAY_MONTH.search(text) or MONTH_DAY.search(text)
    found = find_date(text)
    if match is None or found is None:
        return None
    return match.group(), f"on {spoken_day(_coming(found, today))}"


def _coming(found: tuple[int, int, int | None], today: date) -> date:
    day, month, year = found
    for candidate in (year,) if year else range(today.year, today.year + 9):
        try:
            coming = date(candidate, month, day)
        except ValueError:
            continue  # 29 February outside a leap year
        if year or coming >= today:
            return coming
    return today


def _meaning(match: re.Match[str], today: date) -> str:
    if match["relative"]:
        words = match["relative"].lower()
        ahead = next(
            days
            for name, days in sorted(RELATIVE.items(), key=lambda item: -len(item[0]))
            if words.startswith(name)
        )
        return f"on {spoken_day(today + timedelta(days=ahead))}"
    if match["weekday"]:
        ahead = (WEEKDAYS[match["weekday"].lower()] - today.weekday()) % 7 or 7
        # "Next Friday" said on a Monday is mostly the one of the week after.
        ahead += 7 if match["next"] and today.weekday() + ahead <= 6 else 0
        return f"on {spoken_day(today + timedelta(days=ahead))}"
    if match["week"]:
        return _span(match["week"].lower(), today)
    count = COUNTS.get(match["count"].lower()) or int(match["count"])
    length = {"d": 1, "w": 7, "m": 30}[match["unit"][0].lower()]
    return f"around {spoken_day(today + timedelta(days=count * length))}"


def _span(words: str, today: date) -> str:
    monday = today - timedelta(days=today.weekday())
    if words.endswith("weekend"):
        saturday = monday + timedelta(days=5 + (7 if words.startswith("next") else 0))
        return f"on the weekend of {saturday.day} {saturday:%B %Y}"
    if words == "next week":
        following = monday + timedelta(days=7)
        return f"in the week of {following.day} {following:%B %Y}"
    if words == "next year":
        return f"in {today.year + 1}"
    month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return f"in {month:%B %Y}"
