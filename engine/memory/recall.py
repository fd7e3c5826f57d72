"""What a character remembers of one person at one place; `engine/turn.py` and the memory commands call it.

Facts come from `facts.py` with their source message, and later, in the background, from `extract.py`; recall picks
those that matter for what is said, and finds earlier turns (`ranking`). Nothing crosses from one person or place to
another: every query of the store is scoped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from engine.memory.ending import ended_by
from engine.memory.forget import Event, Forgetting, Meant, Scope
from engine.memory.found import Found
from engine.memory.match import rank_facts
from engine.memory.ranking.find import Finder
from engine.memory.ranking.pack import pack
from engine.memory.ranking.port import Semantics
from engine.memory.times.anniversaries import yearly
from engine.memory.times.facts import by_time
from engine.memory.times.spans import NOTHING_KNOWN
from engine.memory.times.when import happens
from engine.memory.times.zones import zone_of
from engine.models.ask import Asker
from engine.store.memories import NewFact
from engine.store.store import Store
from engine.types import Clock, Conversation, Fact, Message, Role, spoken

# What recalled turns take of a prompt at most, in tokens.
EARLIER_TOKENS = 512
# Lines before a message that tell whom "she" means.
LINES_BEFORE = 8
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

    def __init__(
        self, store: Store, clock: Clock, asker: Asker | None = None, semantics: Semantics | None = None
    ) -> None:
        """Without `semantics`, earlier turns are found by words, speakers and times alone."""
        self._finder = Finder(store, clock, semantics)
        self._store = store
        self._clock = clock
        self._asker = asker
        self._forgetting = Forgetting(store, clock)

    async def recall(
        self,
        conversation: Conversation,
        text: str,
        *,
        window_ids: Collection[str],
        limit: int,
        tokens: int = EARLIER_TOKENS,
    ) -> Recalled:
        """The facts for a reply to `text`, and turns from before the window: up to `limit`, in so many tokens."""
        known = await self._store.memories.known(
            conversation.person_id, conversation.character_id, conversation.place
        )
        earlier = await self.earlier(conversation, text, window_ids, yearly(known)) if limit else []
        picked = sorted(pack(earlier, tokens, limit), key=lambda message: (message.created_at, message.id))
        now = self._clock().astimezone(await self._zone(conversation))
        facts = await asyncio.to_thread(by_time, known, rank_facts(known, text), text, now)
        return Recalled(facts, picked)

    async def earlier(
        self,
        conversation: Conversation,
        text: str,
        window_ids: Collection[str] = (),
        dates: Mapping[str, date] = NOTHING_KNOWN,
    ) -> list[Message]:
        """The turns from before the window that matter for a reply to `text`, the likeliest first.

        `dates`: yearly dates by what the person calls them ("my birthday").
        """
        return [found.message for found in await self._finder.find(conversation, text, window_ids, dates)]

    async def learn(self, conversation: Conversation, message: Message) -> Sequence[Fact]:
        """Store what a person's message tells, with the message as its source."""
        if message.role is not Role.PERSON or not message.in_prompt:
            return ()
        said_at = await self._said_at(conversation, message)
        found = await asyncio.to_thread(_find, message, said_at, await self._before(message))
        past = await self._end(conversation, message, found)
        told = [_owned(fact, conversation, message) for fact in found if not fact.ends]
        return await self._store.memories.add([*past, *told])

    async def _before(self, message: Message) -> Sequence[tuple[bool, str]]:
        """The lines before a message, and whether the person said them: whom "she" means, and what was asked."""
        window = await self._store.conversations.window(message.conversation_id, LINES_BEFORE)
        lines = [line for line in window if line.id < message.id and line.in_prompt]
        return [(line.role is Role.PERSON, line.text) for line in lines if line.role is not Role.NOTICE]

    async def _end(
        self, conversation: Conversation, message: Message, found: Sequence[Found]
    ) -> Sequence[NewFact]:
        """Close the known facts of which a message says that they hold no longer; what was not known is past at once."""
        ends = [fact for fact in found if fact.ends]
        if not ends:
            return ()
        scope = conversation.person_id, conversation.character_id, conversation.place
        known = await self._store.memories.known(*scope)
        over = [fact for fact in ended_by(message, ends, known) if not _says_again(found, fact)]
        over_ids = [fact.id for fact in over]
        await self._store.memories.end(conversation.person_id, over_ids, message.created_at, message.id)
        news = [end for end in ends if end.text and not ended_by(message, [end], known)]
        return [
            replace(_owned(end, conversation, message), exclusive=False, valid_until=message.created_at)
            for end in news
        ]

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
            said_at = await self._said_at(conversation, message)
            dated = [_dated(fact, said_at) for fact in found]
            learned += await self._store.memories.add([_owned(fact, conversation, message) for fact in dated])
            await self._store.studies.set_read_to(conversation.id, message.id)
        return learned

    async def meant(self, person_id: str, character_id: str, place: str, what: str) -> Meant:
        """What a wish to forget means ("my dog", "that I live in Lyon", "that"); nothing is forgotten yet."""
        return await self._forgetting.meant(Scope(person_id, character_id, place), what)

    async def told_in(self, person_id: str, character_id: str, place: str, message_id: str) -> Meant:
        """What one message of the person told, to be forgotten; the message itself if it told no fact."""
        return await self._forgetting.told_in(Scope(person_id, character_id, place), message_id)

    async def meant_fact(self, fact: Fact) -> Meant:
        """What goes if one fact is forgotten: it, what it took the place of, and what tells of whom it names."""
        return await self._forgetting.with_all_of(fact)

    async def forget(
        self, person_id: str, character_id: str, place: str, meant: Meant, event: Event | None = None
    ) -> None:
        """Forget what is meant, in all that was kept; the event that asked for it counts as handled."""
        await self._forgetting.forget(Scope(person_id, character_id, place), meant, event)

    def left_of(self, conversation: Conversation, reply: str, asked_at: datetime) -> str:
        """What may be stored of a reply: nothing that was forgotten since that was said which it answers."""
        scope = Scope(conversation.person_id, conversation.character_id, conversation.place)
        return self._forgetting.left_of(scope, reply, asked_at)

    async def let_go(self, event: Event) -> None:
        """Let go of the words of a wish to forget what is not known any more."""
        await self._forgetting.let_go(event)

    async def forget_matching(
        self, person_id: str, character_id: str, place: str, query: str
    ) -> Sequence[Fact]:
        """Forget the facts that match ("my dog", "everything about Anna") and all that tells them."""
        return await self._forgetting.matching(Scope(person_id, character_id, place), query)

    async def forget_facts(self, facts: Sequence[Fact], event: Event | None = None) -> None:
        """Forget these facts of one person, and all that tells them."""
        await self._forgetting.facts(facts, event)

    async def _said_at(self, conversation: Conversation, message: Message) -> datetime:
        """When a message was said, on its writer's own clock: their "tomorrow" counts from there."""
        return message.created_at.astimezone(await self._zone(conversation))

    async def _zone(self, conversation: Conversation) -> tzinfo:
        return zone_of((await self._store.people.get(conversation.person_id)).timezone)

    async def _unread(self, conversation: Conversation) -> Sequence[Message]:
        """The person's messages that a model has not read for facts yet, oldest first."""
        window = await self._store.conversations.window(conversation.id, UNREAD_LINES)
        read_to = (await self._store.studies.of(conversation.id)).read_to
        at = next((index + 1 for index, message in enumerate(window) if message.id == read_to), 0)
        unread = [message for message in window[at:] if message.role is Role.PERSON and message.in_prompt]
        requests = {message.id for message in window} - {message.id for message in spoken(window)}
        return [message for message in unread if message.id not in requests][-READ_AT_ONCE:]


def _says_again(found: Sequence[Found], known: Fact) -> bool:
    """Whether a message that ends something says that this holds: "two cats" goes, and two cats come."""
    return any(
        (fact.subject, fact.relation, fact.value.casefold())
        == (known.subject, known.relation, known.value.casefold())
        for fact in found
        if not fact.ends
    )


def _find(message: Message, said_at: datetime, before: Sequence[tuple[bool, str]]) -> Sequence[Found]:
    # The rules are some hundred compiled patterns: they are loaded with the first message, beside the event loop.
    from engine.memory.facts import find_facts

    return [_dated(found, said_at) for found in find_facts(message.text, said_at=said_at, before=before)]


def _dated(found: Found, said_at: datetime) -> Found:
    return replace(found, happens_at=happens(found.relation, found.text, found.source_text, said_at))


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
        happens_at=found.happens_at,
        valid_from=found.valid_from,
    )
