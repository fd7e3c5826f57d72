"""Finds what was said before that matters for what is said now; `engine/memory/recall.py` calls it.

Words and times are looked up in the store, meanings where there is an embedding model; the best few hundred messages
are fetched with the turns beside them, and `rank.py` puts them in order.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from engine.memory.ranking.asked import Asked, Span, read
from engine.memory.ranking.forms import forms
from engine.memory.ranking.hits import Hits
from engine.memory.ranking.port import Question, Semantics
from engine.memory.ranking.rank import WEIGHTS, Candidate, Ranked, answers_nothing, rank
from engine.memory.times.spans import NOTHING_KNOWN, find_spans
from engine.memory.times.zones import zone_of
from engine.store.lookup import Scope
from engine.store.store import Store
from engine.types import Clock, Conversation

# Messages that are fetched and weighed one by one: enough that the right one is among them, few enough to be quick.
POOL = 160
# Whatever their words are: so many for their meaning, and those around the best so far to both sides.
BY_MEANING = 128
AMID, AROUND = 24, 3
# What the meaning of a turn right beside counts.
BESIDE = 0.2


class Finder:
    """Finds earlier turns of one scope. Without `semantics` by words, speakers and times alone."""

    def __init__(self, store: Store, clock: Clock, semantics: Semantics | None = None) -> None:
        self._store = store
        self._clock = clock
        self._semantics = semantics

    async def find(
        self,
        conversation: Conversation,
        text: str,
        window_ids: Collection[str] = (),
        dates: Mapping[str, date] = NOTHING_KNOWN,
    ) -> list[Ranked]:
        """All turns that may matter for a reply to `text`, the likeliest first, without those of the window.

        `dates`: yearly dates by what the person calls them ("my birthday").
        """
        lookup = self._store.lookup
        scope = await lookup.scope(conversation.person_id, conversation.character_id, conversation.place)
        spans = _spans(text, self._clock(), scope.timezone, dates)
        asked = read(text, conversation.person_name, scope.character_name, spans)
        # What the prompt has anyway says nothing about how rare a word is, and least of all what is answered now.
        window = await lookup.seqs(window_ids)
        (hits, said), meanings = await asyncio.gather(
            self._by_words(scope, asked, window), self._meanings(scope, conversation, text)
        )
        chosen = _choose(hits, said, meanings) - window
        candidates = [
            Candidate(seq, message, meanings.get(seq))
            for seq, message in (await lookup.messages(chosen)).items()
        ]
        return await asyncio.to_thread(_ranked, candidates, hits, asked)

    async def _by_words(
        self, scope: Scope, asked: Asked, window: Collection[int]
    ) -> tuple[Hits, Collection[int]]:
        """What has the words, and what was said at the times, that are meant."""
        lookup = self._store.lookup
        masks = await lookup.hits(scope, [forms(word) for word in asked.words])
        said = await lookup.said(scope, asked.spans)
        return await asyncio.to_thread(_weigh, masks, window, asked, scope), said

    async def _meanings(self, scope: Scope, conversation: Conversation, text: str) -> Mapping[int, float]:
        if self._semantics is None:
            return {}
        question = Question(text, conversation.person_name, scope.character_name)
        return _around(await self._semantics.scores([talk.seqs for talk in scope.talks], question))


def _weigh(masks: Mapping[int, int], window: Collection[int], asked: Asked, scope: Scope) -> Hits:
    outside = {seq: mask for seq, mask in masks.items() if seq not in window}
    return Hits(outside, len(asked.words), scope.messages)


def _ranked(candidates: Sequence[Candidate], hits: Hits, asked: Asked) -> list[Ranked]:
    ranked = rank(candidates, hits, asked)
    return [one for one in ranked if not answers_nothing(one.message, asked)]


def _choose(hits: Hits, said: Collection[int], meanings: Mapping[int, float]) -> set[int]:
    """The messages that are worth a closer look: for their words, their time and what is around them, or their meaning."""
    worth = dict(hits.windows)
    for seq in said:
        worth[seq] = worth.get(seq, 0.0) + WEIGHTS.date / WEIGHTS.words
    best = heapq.nlargest(POOL, worth, key=lambda seq: (worth[seq], seq))
    around = {seq + step for seq in best[:AMID] for step in range(-AROUND, AROUND + 1)}
    near = heapq.nlargest(BY_MEANING, meanings, key=lambda seq: (meanings[seq], seq))
    return around.union(best, near)


def _around(meanings: Mapping[int, float]) -> Mapping[int, float]:
    """Each meaning with something of the turns beside it: what they tell belongs together."""
    return {
        seq: own + BESIDE * (meanings.get(seq - 1, own) + meanings.get(seq + 1, own))
        for seq, own in meanings.items()
    }


def _spans(text: str, now: datetime, timezone: str, dates: Mapping[str, date]) -> list[Span]:
    """The times that a text speaks of, as far as they have begun: nothing was said in the future."""
    spans = find_spans(text, now, zone_of(timezone), dates)
    return [(span.start, span.end) for span in spans if span.start <= now]
