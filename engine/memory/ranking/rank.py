"""Weighs what may come to mind: a small sum of what the words, the session, the speaker and the time say.

`find.py` gathers the candidates. The weights are the whole model: they were fitted on a few long talks (leaving one of
them out at a time gives nearly the same), then rounded; `selfsame bench recall` measures them.
"""

from __future__ import annotations

import math
import operator
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate, pairwise
from typing import NamedTuple

from engine.memory.ranking.asked import Asked
from engine.memory.ranking.hits import Hits
from engine.memory.ranking.signs import asks, tells_time
from engine.memory.words import content_words
from engine.types import Message, Role

# A talk that rests so long is another session when it goes on.
SESSION_GAP = timedelta(hours=4)
# What happened at a time is told then or soon after; and people are some days out when they ask.
TOLD_BEFORE, TOLD_AFTER = timedelta(days=3), timedelta(days=14)
# What is worth so much less than the best is not what is looked for.
MARGIN, MARGIN_WITH_MEANING = 6.0, 8.0
# Words of a turn from which on its length tells nothing more.
LONG = 60


class Signs(NamedTuple):
    """What speaks for a turn, and as weights: what each of that is worth."""

    words: float  # how many of the words, and how rare they are, in the turn and beside it; up to 1
    session: float  # the best of that in the same session
    near: float  # the best of that a few turns away, less with each step
    about: float  # the one who is asked about says it
    date: float  # it was said at the time that is asked for
    question: float  # it is itself a question
    length: float  # the logarithm of its length in words
    when: float  # a time is asked for, and it tells one
    meaning: float  # how near its meaning is and what is around it, standardised
    topic: float  # the best of that in the same session


# By words, speakers and times alone.
WEIGHTS = Signs(
    words=5.0,
    session=4.0,
    near=2.8,
    about=2.9,
    date=3.4,
    question=-0.65,
    length=0.55,
    when=2.1,
    meaning=0.0,
    topic=0.0,
)
# Where meanings are known, words matter less.
WITH_MEANING = Signs(
    words=1.3,
    session=1.3,
    near=1.4,
    about=2.8,
    date=2.9,
    question=-0.8,
    length=0.0,
    when=1.95,
    meaning=0.82,
    topic=0.45,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that may come to mind."""

    seq: int
    message: Message
    meaning: float | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A message with what it is worth."""

    message: Message
    score: float


def rank(candidates: Sequence[Candidate], hits: Hits, asked: Asked) -> list[Ranked]:
    """The likely ones of the candidates, the likeliest first. `hits`: of all messages, also of those that are no candidates."""
    meant = any(one.meaning is not None for one in candidates)
    weights, margin = (WITH_MEANING, MARGIN_WITH_MEANING) if meant else (WEIGHTS, MARGIN)
    ranked = [
        Ranked(one.message, sum(map(operator.mul, signs, weights)))
        for one, signs in read_signs(candidates, hits, asked)
    ]
    least = max((one.score for one in ranked), default=0.0) - margin
    likely = (one for one in ranked if one.score >= least)
    return sorted(likely, key=lambda one: (-one.score, one.message.id))


def read_signs(candidates: Sequence[Candidate], hits: Hits, asked: Asked) -> list[tuple[Candidate, Signs]]:
    """What speaks for each of the candidates."""
    inside = sorted(candidates, key=lambda one: one.seq)
    numbers = _sessions(inside)
    words = _in_reach(inside, hits)
    meanings = _standardised([one.meaning for one in inside])
    sessions, topics = _best(words, numbers), _best(meanings, numbers)
    return [
        (one, _signs(one.message, asked, (*worth, hits.near(one.seq)), meaning))
        for one, *worth, meaning in zip(
            inside, words, sessions, zip(meanings, topics, strict=True), strict=True
        )
    ]


def _signs(message: Message, asked: Asked, words: tuple[float, ...], meaning: tuple[float, float]) -> Signs:
    own, session, near = words
    text = message.text
    return Signs(
        words=own,
        session=session,
        near=near,
        about=asked.certainty if asked.about is message.role else 0.0,
        date=float(_fits(message, asked)),
        question=float(asks(text)),
        length=math.log1p(min(len(text.split()), LONG)),
        when=float(asked.when and tells_time(text)),
        meaning=meaning[0],
        topic=meaning[1],
    )


def _fits(message: Message, asked: Asked) -> bool:
    return any(start - TOLD_BEFORE <= message.created_at < end + TOLD_AFTER for start, end in asked.spans)


def _in_reach(candidates: Sequence[Candidate], hits: Hits) -> list[float]:
    """What the words of each and of those beside it are worth; what was said hours apart is not beside it."""
    at = {one.seq: one.message for one in candidates}

    def mask(one: Candidate, step: int) -> int:
        other = at.get(one.seq + step)
        return 0 if other is not None and _apart(one.message, other) else hits.mask(one.seq + step)

    return [hits.window(mask(one, -1), hits.mask(one.seq), mask(one, 1)) for one in candidates]


def _sessions(candidates: Sequence[Candidate]) -> list[int]:
    """The number of the session of each, in the order of the talk."""
    apart = (_apart(one.message, other.message) for one, other in pairwise(candidates))
    return list(accumulate(apart, initial=0))[: len(candidates)]


def _best(values: Sequence[float], sessions: Sequence[int]) -> list[float]:
    """For each the best value of its session."""
    best: dict[int, float] = {}
    for value, session in zip(values, sessions, strict=True):
        best[session] = max(best.get(session, value), value)
    return [best[session] for session in sessions]


def _apart(one: Message, other: Message) -> bool:
    return (
        one.conversation_id != other.conversation_id or abs(other.created_at - one.created_at) >= SESSION_GAP
    )


def _standardised(values: Sequence[float | None]) -> list[float]:
    known = [value for value in values if value is not None]
    if len(known) < 2 or (spread := statistics.pstdev(known)) == 0:
        return [0.0] * len(values)
    mean, least = statistics.fmean(known), min(known)
    return [((least if value is None else value) - mean) / spread for value in values]


def answers_nothing(message: Message, asked: Asked) -> bool:
    """Whether a turn is only the person's own earlier question: it has no words but those that are asked with now."""
    if message.role is not Role.PERSON or not asks(message.text):
        return False
    return set(content_words(message.text)) <= set(content_words(asked.text))
