"""What a character remembers of one person at one place; `engine/turn.py` and the memory commands call it.

Facts come from `facts.py` with their source message, and later, in the background, from `extract.py`; recall picks
those that matter for what is said, and finds earlier turns (`ranking`). Nothing crosses from one person or place to
another: every query of the store is scoped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from engine.memory.ending import holds
from engine.memory.forget import Event, Forgetting, Meant
from engine.memory.found import Found, Scope, Source
from engine.memory.keep import keep, own_zone
from engine.memory.match import rank_facts
from engine.memory.ranking.find import Finder
from engine.memory.ranking.pack import pack
from engine.memory.ranking.port import Semantics
from engine.memory.times.anniversaries import yearly
from engine.memory.times.facts import by_time
from engine.memory.times.spans import NOTHING_KNOWN
from engine.models.ask import Asker
from engine.store.store import Store
from engine.types import Clock, Conversation, Fact, Message, Role, spoken

# What recalled turns take of a prompt at most, in tokens.
EARLIER_TOKENS = 512
# Lines before a message that tell whom "she" means.
LINES_BEFORE = 8
# Lines of a talk in which a model looks for facts, and how many of the person's it reads at a time: what it could not
# read for a while, e.g. while its server was down, it reads up to here.
UNREAD_LINES, READ_AT_ONCE = 24, 8

Extract = Callable[[Asker, Message, Sequence[Fact]], Awaitable[Sequence[Found] | None]]


@dataclass(frozen=True, slots=True)
class Recalled:
    """What comes to mind: facts, the most useful first, and earlier turns, oldest first.

    `ever`: all facts that were ever known, of which `known` hold. `now`: the moment on the person's own clock.
    """

    facts: Sequence[Fact]
    earlier: Sequence[Message]
    known: Sequence[Fact]
    ever: Sequence[Fact]
    now: datetime


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
        scope = conversation.person_id, conversation.character_id, conversation.place
        ever = await self._store.memories.known(*scope, include_superseded=True)
        now = self._clock().astimezone(await own_zone(self._store, conversation.person_id))
        known = [fact for fact in ever if holds(fact, now)]
        earlier = await self.earlier(conversation, text, window_ids, yearly(known)) if limit else []
        picked = sorted(pack(earlier, tokens, limit), key=lambda message: (message.created_at, message.id))
        facts = await asyncio.to_thread(_come_to_mind, known, text, now)
        return Recalled(facts, picked, known, ever, now)

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
        """Store what a person's message tells, with the message as its source. Gives that, and what it ended."""
        if message.role is not Role.PERSON or not message.in_prompt:
            return ()
        source = await self._source(conversation, message)
        found = await asyncio.to_thread(_find, source, await self._before(message))
        kept = await keep(self._store, source, found)
        return [*kept.told, *kept.ended]

    async def _before(self, message: Message) -> Sequence[tuple[bool, str]]:
        """The lines before a message, and whether the person said them: whom "she" means, and what was asked."""
        window = await self._store.conversations.window(message.conversation_id, LINES_BEFORE)
        lines = [line for line in window if line.id < message.id and line.in_prompt]
        return [(line.role is Role.PERSON, line.text) for line in lines if line.role is not Role.NOTICE]

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
            extract = await asyncio.to_thread(_extractor)
            found = await extract(self._asker, message, known)
            if found is None:
                break
            learned += (await keep(self._store, await self._source(conversation, message), found)).told
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

    async def _source(self, conversation: Conversation, message: Message) -> Source:
        """A message as what tells something of its writer."""
        scope = Scope(conversation.person_id, conversation.character_id, conversation.place)
        at = message.created_at.astimezone(await own_zone(self._store, conversation.person_id))
        return Source(scope, message.text, at, message.id)

    async def _unread(self, conversation: Conversation) -> Sequence[Message]:
        """The person's messages that a model has not read for facts yet, oldest first."""
        window = await self._store.conversations.window(conversation.id, UNREAD_LINES)
        read_to = (await self._store.studies.of(conversation.id)).read_to
        at = next((index + 1 for index, message in enumerate(window) if message.id == read_to), 0)
        unread = [message for message in window[at:] if message.role is Role.PERSON and message.in_prompt]
        requests = {message.id for message in window} - {message.id for message in spoken(window)}
        return [message for message in unread if message.id not in requests][-READ_AT_ONCE:]


def _extractor() -> Extract:
    # Its forms are loaded with the first message, like the rules.
    from engine.memory.extract import extract

    return extract


def _come_to_mind(known: Sequence[Fact], text: str, now: datetime) -> Sequence[Fact]:
    return by_time(known, rank_facts(known, text), text, now)


def _find(source: Source, before: Sequence[tuple[bool, str]]) -> Sequence[Found]:
    # The rules are some hundred compiled patterns: they are loaded with the first message, beside the event loop.
    from engine.memory.facts import find_facts

    return find_facts(source.words, said_at=source.at, before=before)
