"""Finds what was said before that matters for what is said now; `engine/memory/recall.py` calls it.

Words and times are looked up in the store, meanings where there is an embedding model; the best few hundred messages
are fetched with the turns beside them, and `rank.py` puts them in order.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from engine.memory.ranking.asked import Asked, Span, read
from engine.memory.ranking.port import Question, Semantics
from engine.memory.ranking.rank import WEIGHTS, Candidate, Ranked, Rarity, answers_nothing, rank
from engine.memory.times.spans import find_spans
from engine.store.lookup import Scope
from engine.store.store import Store
from engine.types import Clock, Conversation

# Messages that are fetched and weighed one by one: enough that the right one is among them, few enough to be quick.
POOL = 256
# Of these, so many for their meaning whatever their words are.
BY_MEANING = 128


@dataclass(frozen=True, slots=True)
class _Hits:
    masks: Mapping[int, int]
    said: Collection[int]
    meanings: Mapping[int, float]
    rarity: Rarity


class Finder:
    """Finds earlier turns of one scope. Without `semantics` by words, speakers and times alone."""

    def __init__(self, store: Store, clock: Clock, semantics: Semantics | None = None) -> None:
        self._store = store
        self._clock = clock
        self._semantics = semantics

    async def find(
        self, conversation: Conversation, text: str, window_ids: Collection[str] = ()
    ) -> list[Ranked]:
        """All turns that may matter for a reply to `text`, the likeliest first, without those of the window."""
        lookup = self._store.lookup
        scope = await lookup.scope(conversation.person_id, conversation.character_id, conversation.place)
        spans = _spans(text, self._clock(), scope.timezone)
        asked = read(text, conversation.person_name, scope.character_name, spans)
        masks = await lookup.hits(scope, asked.words)
        said = await lookup.said(scope, spans) if spans else ()
        meanings = await self._meanings(scope, conversation, text)
        if not (masks or said or meanings):
            return []
        hits, chosen = await asyncio.to_thread(_choose, asked, scope, masks, said, meanings)
        messages = await lookup.messages(chosen)
        window = set(window_ids)
        candidates = [
            Candidate(seq, message, masks.get(seq, 0), meanings.get(seq))
            for seq, message in messages.items()
            if message.id not in window
        ]
        return await asyncio.to_thread(_ranked, candidates, hits, asked)

    async def _meanings(self, scope: Scope, conversation: Conversation, text: str) -> Mapping[int, float]:
        if self._semantics is None:
            return {}
        question = Question(text, conversation.person_name, scope.character_name)
        return await self._semantics.scores([talk.seqs for talk in scope.talks], question)


def _ranked(candidates: Sequence[Candidate], hits: _Hits, asked: Asked) -> list[Ranked]:
    ranked = rank(candidates, hits.masks, hits.rarity, asked)
    return [one for one in ranked if not answers_nothing(one.message, asked, one.cover)]


def _choose(
    asked: Asked,
    scope: Scope,
    masks: Mapping[int, int],
    said: Collection[int],
    meanings: Mapping[int, float],
) -> tuple[_Hits, set[int]]:
    """The messages that are worth a closer look."""
    counts = [sum(mask >> bit & 1 for mask in masks.values()) for bit in range(len(asked.words))]
    rarity = Rarity(counts, scope.messages)
    worth = _worth(masks, rarity)
    for seq in said:
        worth[seq] = worth.get(seq, 0.0) + WEIGHTS.date / WEIGHTS.words
    chosen = set(heapq.nlargest(POOL, worth, key=lambda seq: (worth[seq], seq)))
    chosen.update(heapq.nlargest(BY_MEANING, meanings, key=lambda seq: (meanings[seq], seq)))
    return _Hits(masks, said, meanings, rarity), chosen


def _worth(masks: Mapping[int, int], rarity: Rarity) -> dict[int, float]:
    """What the words of the hits and of the turns beside them are worth."""
    nothing = 0
    return {
        seq: rarity.window(masks.get(seq - 1, nothing), masks.get(seq, nothing), masks.get(seq + 1, nothing))
        for hit in masks
        for seq in (hit - 1, hit, hit + 1)
    }


def _spans(text: str, now: datetime, timezone: str) -> list[Span]:
    """The times that a text speaks of, as far as they have begun: nothing was said in the future."""
    zone: tzinfo = ZoneInfo(timezone) if timezone else (now.astimezone().tzinfo or UTC)
    return [(span.start, span.end) for span in find_spans(text, now, zone) if span.start <= now]
