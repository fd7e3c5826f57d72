"""Weighs what may come to mind: a small sum of what the words, the session, the speaker and the time say.

`find.py` gathers the candidates. The weights are the whole model: they were fitted on a few long talks (leaving one of
them out at a time gives nearly the same), then rounded; `selfsame bench recall` measures them.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from engine.memory.ranking.asked import Asked
from engine.memory.ranking.signs import ASKS, TIME_TOLD
from engine.types import Message, Role

# A talk that rests so long is another session when it goes on.
SESSION_GAP = timedelta(hours=4)
# How much of a word counts that only the turn before has (an answer to what it asked), or only the one after.
BEFORE, AFTER = 0.8, 0.3
# What happened at a time is told then or soon after; and zones shift days.
TOLD_BEFORE, TOLD_AFTER = timedelta(days=1), timedelta(days=14)
# Words of a turn from which on its length tells nothing more.
LONG = 60


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign is worth. All signs lie about between 0 and 1; `meaning` is standardised."""

    words: float = 5.0  # how many of the words, and how rare they are, in the turn and beside it
    session: float = 4.5  # the best of that in the same session
    about: float = 2.9  # the one who is asked about says it
    date: float = 3.4  # it was said at the time that is asked for
    question: float = -0.65  # it is itself a question
    length: float = 0.55  # the logarithm of its length
    when: float = 2.1  # a time is asked for, and it tells one
    meaning: float = 1.5  # how near its meaning is


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that may come to mind. `mask` has a bit for each of the words that it has."""

    seq: int
    message: Message
    mask: int = 0
    meaning: float | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A message with what it is worth, and how much of what is looked for its words and those beside it cover."""

    message: Message
    score: float
    cover: float


class Rarity:
    """What words are worth: the rarer in a scope, the more. A set of words is a mask of bits."""

    def __init__(self, counts: Sequence[int], messages: int) -> None:
        """`counts`: in how many of the messages each word is; a word that is nowhere is worth nothing."""
        self._worth = [
            math.log(1 + (max(messages, count) - count + 0.5) / (count + 0.5)) if count else 0.0
            for count in counts
        ]
        self._of: dict[int, float] = {}
        self.whole = sum(self._worth) or 1.0

    def of(self, mask: int) -> float:
        """What the words of a mask are worth together, as a share of all words."""
        known = self._of.get(mask)
        if known is None:
            worth = (value for bit, value in enumerate(self._worth) if mask >> bit & 1)
            known = self._of[mask] = sum(worth) / self.whole
        return known

    def window(self, before: int, own: int, after: int) -> float:
        """What a turn is worth with the words of the turns beside it."""
        worth = self.of(own)
        if before:
            worth += BEFORE * self.of(before & ~own)
        if after:
            worth += AFTER * self.of(after & ~(own | before))
        return worth


WEIGHTS = Weights()


def rank(
    candidates: Sequence[Candidate],
    masks: Mapping[int, int],
    rarity: Rarity,
    asked: Asked,
    weights: Weights = WEIGHTS,
) -> list[Ranked]:
    """The candidates, the likeliest first. `masks`: the words of all hits, also of those that are no candidates."""
    inside = _without_far_neighbours(sorted(candidates, key=lambda one: one.seq), masks, rarity)
    sessions = _best_of_session(inside)
    meanings = _standardised([one.meaning for one, _ in inside])
    ranked = [
        Ranked(
            one.message,
            weights.words * cover
            + weights.session * best
            + weights.meaning * meaning
            + signs(one.message, asked, weights),
            cover,
        )
        for (one, cover), best, meaning in zip(inside, sessions, meanings, strict=True)
    ]
    return sorted(ranked, key=lambda one: (-one.score, one.message.id))


def signs(message: Message, asked: Asked, weights: Weights = WEIGHTS) -> float:
    """What a turn is worth by itself for what is asked, whatever its words are."""
    text = message.text
    worth = weights.length * min(math.log1p(len(text.split())), math.log1p(LONG))
    if ASKS.search(text):
        worth += weights.question
    if asked.about is message.role:
        worth += weights.about * asked.certainty
    if asked.when and TIME_TOLD.search(text):
        worth += weights.when
    return worth + weights.date * _fits(message, asked)


def _fits(message: Message, asked: Asked) -> bool:
    return any(start - TOLD_BEFORE <= message.created_at < end + TOLD_AFTER for start, end in asked.spans)


def _without_far_neighbours(
    candidates: Sequence[Candidate], masks: Mapping[int, int], rarity: Rarity
) -> list[tuple[Candidate, float]]:
    """Each candidate with what its words and those beside it are worth; what was said hours apart is not beside it."""
    at = {one.seq: one.message for one in candidates}

    def mask(one: Candidate, step: int) -> int:
        other = at.get(one.seq + step)
        near = other is None or abs(other.created_at - one.message.created_at) < SESSION_GAP
        return masks.get(one.seq + step, 0) if near else 0

    return [(one, rarity.window(mask(one, -1), one.mask, mask(one, 1))) for one in candidates]


def _best_of_session(candidates: Sequence[tuple[Candidate, float]]) -> list[float]:
    """For each candidate (in the order of the talk) the best worth of words in its session."""
    numbers, number = [], 0
    for index, (one, _) in enumerate(candidates):
        if index and _apart(candidates[index - 1][0].message, one.message):
            number += 1
        numbers.append(number)
    best = [0.0] * (number + 1)
    for at, (_, cover) in zip(numbers, candidates, strict=True):
        best[at] = max(best[at], cover)
    return [best[at] for at in numbers]


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


def answers_nothing(message: Message, asked: Asked, cover: float) -> bool:
    """Whether a turn only asks the same again: the person's own question with all words that are asked for."""
    return message.role is Role.PERSON and cover >= 1.0 and bool(ASKS.search(message.text))
