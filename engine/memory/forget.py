"""Forgetting: which facts are meant, and everything that says them. `recall.py` calls it; the store carries it out."""

from __future__ import annotations

from collections.abc import Sequence

from engine.memory.match import find_matching
from engine.memory.words import content_words
from engine.store.store import Store
from engine.types import Fact

# Messages that one forgotten value is looked for in; more often nobody says a dog's name before asking to forget it.
HIDDEN_AT_MOST = 500


class Forgetting:
    """Forgets facts with what said them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def matching(self, person_id: str, character_id: str, place: str, query: str) -> Sequence[Fact]:
        """Forget the facts that match ("my dog", "everything about Anna"), and hide where they were said."""
        known = await self._store.memories.known(person_id, character_id, place, include_superseded=True)
        meant = find_matching(known, query)
        if not meant:
            return ()
        await self.facts(meant)
        return [fact for fact in meant if not fact.superseded_by]

    async def facts(self, facts: Sequence[Fact]) -> None:
        """Forget these facts of one person, and hide the messages that said or repeated them."""
        hidden = {fact.source_message_id for fact in facts if fact.source_message_id}
        for fact in facts:
            hidden |= await self._repeats(fact)
        await self._store.conversations.hide_from_prompt(sorted(hidden))
        await self._store.memories.forget(facts[0].person_id, [fact.id for fact in facts])

    async def _repeats(self, fact: Fact) -> set[str]:
        """Messages in which the forgotten value comes up, e.g. the character's "How is Biscuit?"."""
        words = content_words(fact.value)
        if not words or not _telling(fact):
            return set()
        hits = await self._store.conversations.search(
            fact.person_id, fact.character_id, fact.place, words, HIDDEN_AT_MOST
        )
        return {hit.id for hit in hits if set(words) <= set(content_words(hit.text))}


def _telling(fact: Fact) -> bool:
    """Whether a value is particular enough (a name, a place) that messages with it are about the fact."""
    return any(word[:1].isupper() for word in fact.value.split())
