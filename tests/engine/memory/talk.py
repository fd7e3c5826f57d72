"""A talk on the real store that is learned from line by line, for the tests of memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from characters.character import Persona
from engine.memory.recall import Memory
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, Conversation, Fact, Message, Role


class Clock:
    """A clock that moves on by a step, a second if nothing else is said, with each look."""

    def __init__(
        self,
        now: datetime = datetime(2026, 11, 21, 12, tzinfo=UTC),
        step: timedelta = timedelta(seconds=1),
    ) -> None:
        self.now, self.step = now, step

    def __call__(self) -> datetime:
        self.now += self.step
        return self.now


@dataclass
class Talk:
    """One conversation, said line by line."""

    store: Store
    clock: Clock
    memory: Memory
    conversation: Conversation

    @property
    def scope(self) -> tuple[str, str, str]:
        """Whose memory it is: of which person, of which character, and where."""
        return self.conversation.person_id, self.conversation.character_id, self.conversation.place

    async def say(self, text: str, role: Role = Role.PERSON, **more: str) -> Message:
        """Somebody says something; what the person says is learned."""
        said = await self.store.conversations.append(self.conversation.id, role, text, **more)
        await self.memory.learn(self.conversation, said)
        return said

    async def forget(self, what: str) -> list[str]:
        """Forget what a wish means, as the command does once it was confirmed; gives what was current of it."""
        meant = await self.memory.meant(*self.scope, what)
        if meant:
            await self.memory.forget(*self.scope, meant)
        return [fact.text for fact in meant.current]

    async def known(self, *, ever: bool = False) -> list[Fact]:
        """What is known; with `ever` also what is replaced or over."""
        return await self.store.memories.known(*self.scope, include_superseded=ever)

    async def texts(self, *, ever: bool = False) -> set[str]:
        """The same in words."""
        return {fact.text for fact in await self.known(ever=ever)}


async def talk_of(
    store: Store, clock: Clock, *, account: str = "sam", place: str = PRIVATE_PLACE, name: str = "Maya"
) -> Talk:
    """A person's talk with a character: begun if there is none, gone on with if there is."""
    person = await store.people.ensure("test", account, account.title())
    character = await store.characters.ensure_shipped(name.lower(), Persona(name=name))
    conversation = await store.conversations.open(person.id, character.id, place)
    return Talk(store, clock, Memory(store, clock), conversation)


@asynccontextmanager
async def talking(data: Path, clock: Clock | None = None) -> AsyncIterator[Talk]:
    """A talk in a store of its own."""
    clock = clock or Clock()
    store = await Store.open(data, clock=clock, synchronous="NORMAL")
    try:
        yield await talk_of(store, clock)
    finally:
        await store.close()
