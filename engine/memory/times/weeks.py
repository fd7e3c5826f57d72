"""A weekday of a week that is named beside it: "on Tuesday next week", "nächste Woche Dienstag"; `spans.py` asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from engine.memory.times.readings import Mention, Stretch
from engine.memory.times.vocabulary import Reading

# What may stand between the two.
_BETWEEN = re.compile(r"\s*,?\s*(?:of|in|am|der|de|del|da|do|la|le|the|on|el|na)?(?: (?:la|the|der))?\s*")
_WEEK = timedelta(weeks=1)


def in_weeks(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions of a text in their order, where a weekday and its week are one."""
    joined: list[Mention] = []
    for mention in mentions:
        one = _joined(text, joined[-1], mention) if joined else None
        joined = [*joined[:-1], one] if one else [*joined, mention]
    return joined


def _joined(text: str, first: Mention, second: Mention) -> Mention | None:
    day, week = (first, second) if first.reading is Reading.WEEKDAY else (second, first)
    if (day.reading, week.reading) != (Reading.WEEKDAY, Reading.WHOLE):
        return None
    if not _BETWEEN.fullmatch(text[first.ends : second.begins]) or not _is_week(week.meanings[0]):
        return None
    meanings = [_of_week(day.meanings[0], one) for one in week.meanings]
    return replace(day, begins=first.begins, words=text[first.begins : second.ends], meanings=meanings)


def _is_week(stretch: Stretch) -> bool:
    return stretch.end - stretch.start == _WEEK


def _of_week(day: Stretch, week: Stretch) -> Stretch:
    """The same weekday and hours in another week."""
    wanted = week.start.date() + timedelta(days=day.start.weekday())
    away = wanted - day.start.date()
    return Stretch(day.start + away, day.end + away, day.at + away if day.at else None)
