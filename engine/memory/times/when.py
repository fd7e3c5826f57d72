"""When something happens that a person tells of: "tomorrow I have an exam", "ayer fui al médico"; facts and episodes ask.

Only what is known to the day counts: "next month" is no moment, and a wrong day is worse than none.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

from engine.memory.times.readings import NOON, Mention
from engine.memory.times.spans import mentions_in

# The relations of facts that have a day; the rules' own words for them.
_PLAN, _EVENT = "plan", "event"
# A day as `days.spoken_day` writes it.
_NAMED_DAY = re.compile(r"\bon \w+day, (\d{1,2} \w+ \d{4})")
# An hour up to this one is in the afternoon unless it is said to be in the morning: few things are at five at night.
_LAST_AFTERNOON_HOUR = 7
_HALF_A_DAY = 12
_AFTER_NOON = frozenset({"p", "tarde", "noite", "noche"})
_BEFORE_NOON = frozenset({"a", "mañana", "manhã"})


def when(text: str, said_at: datetime, zone: tzinfo, *, forward: bool | None = True) -> datetime | None:
    """The moment that a text tells of, in the person's zone; None where it names none, or several days.

    A day without an hour is given as its noon (`NOON`). A time that may be gone or to come ("on Friday") is to come,
    unless the text says otherwise, or `forward` is false.
    """
    mentions = mentions_in(text, said_at.astimezone(zone).replace(tzinfo=None), zone, forward=forward)
    moments = [_moment(text, mention) for mention in mentions]
    days = {moment.date() for moment in moments if moment is not None}
    if len(days) != 1 or None in moments:
        return None
    # "Tomorrow, at 5 in the afternoon": the most particular of what was said of the day.
    moment = max((one for one in moments if one), key=lambda one: one.time() != NOON)
    return moment.replace(tzinfo=zone)


def happens(relation: str, sentence: str, words: str, said_at: datetime) -> datetime | None:
    """When what a fact tells happens, where its relation is of things that do; `said_at` is in the person's zone.

    The day that the fact's sentence names counts, since people read it there; the hour is in their own words.
    """
    if relation not in (_PLAN, _EVENT) or said_at.tzinfo is None:
        return None
    told = when(words, said_at, said_at.tzinfo, forward=relation == _PLAN)
    named = _NAMED_DAY.search(sentence)
    day = when(named[1], said_at, said_at.tzinfo) if named else None
    return told if day is None or (told and told.date() == day.date()) else day


def _moment(text: str, mention: Mention) -> datetime | None:
    at = mention.meanings[0].at
    if at is None:
        return None
    hour = _hour(text, mention, at)
    return at if hour is None else at.replace(hour=hour.seconds // 3600, minute=hour.seconds // 60 % 60)


def _hour(text: str, mention: Mention, at: datetime) -> timedelta | None:
    """The hour that is said beside a day, on a clock of 24; None where none is, or one that no clock has."""
    plain = text.replace("’", "'").lower()
    match = mention.vocabulary.clock.search(plain)
    if match is None:
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = match.groupdict().get("half") or ""
    later = half in _AFTER_NOON or (half not in _BEFORE_NOON and _evening(hour, at))
    if later and hour < _HALF_A_DAY:
        hour += _HALF_A_DAY
    if half in _BEFORE_NOON and hour == _HALF_A_DAY:
        hour = 0
    return timedelta(hours=hour, minutes=minute) if hour < 2 * _HALF_A_DAY else None


def _evening(hour: int, at: datetime) -> bool:
    """Whether an hour without half of the day is of the second one: by the part of the day, or as hours mostly are."""
    if at.time() == NOON:
        return 0 < hour <= _LAST_AFTERNOON_HOUR
    return at.hour >= _HALF_A_DAY > hour > 0
