"""What a character remembers of one person at one place; `engine/turn.py` and the memory commands call it.

Facts come from `facts.py` with their source message, and later, in the background, from `extract.py`; recall picks
those that matter for what is said, and finds earlier turns by words. Nothing crosses from one person or place to
another: every query of the store is scoped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from engine.memory.ending import ended_by
from engine.memory.forget import Forgetting
from engine.memory.found import Found
from engine.memory.match import rank_facts
from engine.memory.words import content_words
from engine.models.ask import Asker
from engine.store.memories import NewFact
from engine.store.store import Store
from engine.types import Clock, Conversation, Fact, Message, Role, spoken

# Hits looked at for one recalled turn: some are in the window, some are questions.
HITS_PER_TURN = 4
# Words that are looked up; the rarest of a long message still find its subject.
SEARCHED_WORDS = 12
# Lines of a talk in which a model looks for facts, and how many of the person's it reads at a time: what it could not
# read for a while, e.g. while its server was down, it reads up to here.
UNREAD_LINES, READ_AT_ONCE = 24, 8


@dataclass(frozen=True, slots=True)
class Recalled:
    """What comes to mind: facts, the most useful first, and earlier turns, oldest first."""

    facts: Sequence[Fact] = ()
    earlier: Sequence[Message] = ()


class Memory:
    """Remembers, recalls and forgets what people tell about themselves."""

    def __init__(self, store: Store, clock: Clock, asker: Asker | None = None) -> None:
        self._store = store
        self._clock = clock
        self._asker = asker
        self._forgetting = Forgetting(store)

    async def recall(
        self, conversation: Conversation, text: str, *, window_ids: Collection[str], limit: int
    ) -> Recalled:
        """The facts for a reply to `text`, and up to `limit` turns from before the window."""
        known = await self._store.memories.known(
            conversation.person_id, conversation.character_id, conversation.place
        )
        earlier = await self._earlier(conversation, content_words(text), set(window_ids), limit)
        return Recalled(rank_facts(known, text), earlier)

    async def learn(self, conversation: Conversation, message: Message) -> Sequence[Fact]:
        """Store what a person's message tells, with the message as its source."""
        if message.role is not Role.PERSON or not message.in_prompt:
            return ()
        found = await asyncio.to_thread(_find, message)
        await self._end(conversation, message, [fact for fact in found if fact.ends])
        told = [_owned(fact, conversation, message) for fact in found if not fact.ends]
        return await self._store.memories.add(told)

    async def _end(self, conversation: Conversation, message: Message, ends: Sequence[Found]) -> None:
        """Close the known facts of which a message says that they hold no longer."""
        if not ends:
            return
        scope = conversation.person_id, conversation.character_id, conversation.place
        over = ended_by(message, ends, await self._store.memories.known(*scope))
        over_ids = [fact.id for fact in over]
        await self._store.memories.end(conversation.person_id, over_ids, message.created_at, message.id)

    async def deepen(self, conversation: Conversation) -> Sequence[Fact]:
        """Store what a model finds in the person's latest messages beyond the rules; `engine/models/background.py`.

        Each message is read once. What the model did not answer is read the next time.
        """
        if self._asker is None or not self._asker.able:
            return ()
        learned: list[Fact] = []
        # Accounts may have been linked since: the conversation is another person's now.
        conversation = await self._store.conversations.get(conversation.id)
        for message in await self._unread(conversation):
            scope = conversation.person_id, conversation.character_id, conversation.place
            known = await self._store.memories.known(*scope)
            # Imported with the first message, like the rules.
            from engine.memory.extract import extract

            found = await extract(self._asker, message, known)
            if found is None:
                break
            learned += await self._store.memories.add([_owned(fact, conversation, message) for fact in found])
            await self._store.studies.set_read_to(conversation.id, message.id)
        return learned

    async def forget_matching(
        self, person_id: str, character_id: str, place: str, query: str
    ) -> Sequence[Fact]:
        """Forget the facts that match ("my dog", "everything about Anna"), and hide where they were said."""
        return await self._forgetting.matching(person_id, character_id, place, query)

    async def forget_facts(self, facts: Sequence[Fact]) -> None:
        """Forget these facts of one person, and hide the messages that said or repeated them."""
        await self._forgetting.facts(facts)

    async def _unread(self, conversation: Conversation) -> Sequence[Message]:
        """The person's messages that a model has not read for facts yet, oldest first."""
        window = await self._store.conversations.window(conversation.id, UNREAD_LINES)
        read_to = (await self._store.studies.of(conversation.id)).read_to
        at = next((index + 1 for index, message in enumerate(window) if message.id == read_to), 0)
        unread = [message for message in window[at:] if message.role is Role.PERSON and message.in_prompt]
        requests = {message.id for message in window} - {message.id for message in spoken(window)}
        return [message for message in unread if message.id not in requests][-READ_AT_ONCE:]

    async def _earlier(
        self, conversation: Conversation, words: Sequence[str], window: set[str], limit: int
    ) -> list[Message]:
        if not words or not limit:
            return []
        hits = await self._store.conversations.search_in_context(
            conversation.person_id,
            conversation.character_id,
            conversation.place,
            words[:SEARCHED_WORDS],
            limit * HITS_PER_TURN + len(window),
        )
        # A question that was asked earlier tells less than what was answered.
        ranked = sorted(hits, key=lambda found: found[0].text.rstrip().endswith("?"))
        picked: dict[str, Message] = {}
        for hit, before in ranked:
            if not _tellable(hit, window):
                continue
            for message in (hit, before):
                if message and _tellable(message, window) and len(picked) < limit:
                    picked.setdefault(message.id, message)
        return sorted(picked.values(), key=lambda message: message.id)


def _tellable(message: Message, window: set[str]) -> bool:
    return message.in_prompt and message.role is not Role.NOTICE and message.id not in window


def _find(message: Message) -> Sequence[Found]:
    # The rules are some hundred compiled patterns: they are loaded with the first message, beside the event loop.
    from engine.memory.facts import find_facts

    return find_facts(message.text, said_at=message.created_at)


def _owned(found: Found, conversation: Conversation, message: Message) -> NewFact:
    return NewFact(
        person_id=conversation.person_id,
        character_id=conversation.character_id,
        place=conversation.place,
        subject=found.subject,
        relation=found.relation,
        value=found.value,
        text=found.text,
        topic=found.topic,
        source_message_id=message.id,
        source_text=found.source_text or message.text,
        said_at=message.created_at,
        confidence=found.confidence,
        exclusive=found.exclusive,
        valid_from=found.valid_from,
    )
