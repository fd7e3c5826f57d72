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
from functools import partial
from itertools import accumulate, pairwise
from typing import NamedTuple

from engine.memory.ranking.asked import Asked
from engine.memory.ranking.hits import Hits
from engine.memory.ranking.signs import asks, tells_time
from engine.memory.ranking.telling import NOTHING, Telling, telling
from engine.memory.words import content_words
from engine.types import Message, Role

# A talk that rests so long is another session when it goes on.
SESSION_GAP = timedelta(hours=4)
# What happened at a time is told then or soon after; and people are some days out when they ask.
TOLD_BEFORE, TOLD_AFTER = timedelta(days=3), timedelta(days=14)
# What is worth so much less than the best is not what is looked for.
MARGIN, MARGIN_WITH_MEANING = 7.0, 9.0
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
    answer: float  # the words that the turn before it asks with
    oneself: float = 0.0  # many things are asked for, and it tells of "I" more than of "you"
    names: float = 0.0  # the same, and it has names and numbers
    new: float = 0.0  # the same, and its words had not been said before


# By words, speakers and times alone.
WEIGHTS = Signs(
    words=6.0,
    session=4.2,
    near=3.3,
    about=3.1,
    date=3.4,
    question=-0.5,
    length=0.25,
    when=2.4,
    meaning=0.0,
    topic=0.0,
    answer=1.5,
)
# Where many things are asked for, its words matter less, and what a turn tells at all matters too.
BROAD = WEIGHTS._replace(words=4.0, session=2.1, near=1.0, oneself=5.3, names=1.0, new=1.8)
# Where meanings are known, words matter less.
WITH_MEANING = Signs(
    words=2.0,
    session=2.3,
    near=1.75,
    about=2.9,
    date=3.3,
    question=-0.55,
    length=0.0,
    when=2.1,
    meaning=0.8,
    topic=0.45,
    answer=1.5,
)
BROAD_WITH_MEANING = WITH_MEANING._replace(words=0.45, session=0.8, near=0.1, oneself=4.5, names=1.0, new=1.8)


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
    narrow, broad, margin = (
        (WITH_MEANING, BROAD_WITH_MEANING, MARGIN_WITH_MEANING) if meant else (WEIGHTS, BROAD, MARGIN)
    )
    weights = broad if asked.broad else narrow
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
    told = telling([one.message.text for one in inside]) if asked.broad else [NOTHING] * len(inside)
    signs = map(
        partial(_signs, asked),
        inside,
        zip(words, _best(words, numbers), (hits.near(one.seq) for one in inside), strict=True),
        zip(meanings, _best(meanings, numbers), strict=True),
        _asked_for(inside, words),
        told,
    )
    return list(zip(inside, signs, strict=True))


def _signs(
    asked: Asked,
    candidate: Candidate,
    words: tuple[float, float, float],
    meaning: tuple[float, float],
    answer: float,
    told: Telling,
) -> Signs:
    own, session, near = words
    message = candidate.message
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
        answer=answer,
        oneself=told.oneself,
        names=told.names,
        new=told.new,
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


def _asked_for(candidates: Sequence[Candidate], words: Sequence[float]) -> list[float]:
    """What the words of the turn before each are worth where that one asks: who answers seldom says them again."""
    worth = [0.0] * len(candidates)
    for at, (before, one) in enumerate(pairwise(candidates), start=1):
        beside = one.seq == before.seq + 1 and not _apart(before.message, one.message)
        if beside and asks(before.message.text):
            worth[at] = words[at - 1]
    return worth


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
