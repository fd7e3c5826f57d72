"""What a prompt says of its memories: that two of them quarrel, or that none tells what is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from characters.character import Persona
from engine.chat.planner import Planner
from engine.chat.sections import NOTHING
from engine.config import ChatConfig, MemoryConfig
from engine.memory.recall import Memory
from engine.models.port import SectionKind
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, Conversation, Role
from tests.engine.chat.paper import PaperModel

MAYA = Persona("Maya")


class Clock:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Talk:
    """A talk through the real planner."""

    store: Store
    clock: Clock
    conversation: Conversation
    model: PaperModel

    async def turn(self, said: str, answered: str = "Tell me more.") -> list[str]:
        """One turn; gives the memories of its prompt, line by line."""
        memory = Memory(self.store, self.clock)
        planner = Planner(self.store, self.model, memory, self.clock, ChatConfig(), MemoryConfig())
        window = await planner.window(self.conversation)
        append = self.store.conversations.append
        message = await append(self.conversation.id, Role.PERSON, said)
        written = await planner.plan(self.conversation, MAYA, message, window)
        await memory.learn(self.conversation, message)
        await append(self.conversation.id, Role.CHARACTER, answered, reply_to=message.id)
        assert self.model.prompt_tokens(written.prompt) <= self.model.context_tokens
        return written.prompt.section(SectionKind.MEMORY).splitlines()


@pytest.fixture(params=[4096, 1024])
async def talk(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    clock = Clock()
    store = await Store.open(tmp_path, clock=clock, synchronous="NORMAL")
    person = await store.people.ensure("web", "1", "Ann")
    record = await store.characters.create(None, MAYA)
    conversation = await store.conversations.open(person.id, record.id, PRIVATE_PLACE)
    yield Talk(store, clock, conversation, PaperModel(request.param))
    await store.close()


async def test_two_memories_that_quarrel_stand_in_one_line_and_nowhere_else(talk: Talk) -> None:
    await talk.turn("I live in Lyon.")
    await talk.turn("My dog is called Bo.")
    await talk.turn("I live in Porto.")
    first, *others = await talk.turn("What a day.")
    assert first.startswith("- Unsure: (") and first.endswith("Ask when it fits.")
    assert first.index("You live in Lyon.") < first.index("You live in Porto.")
    assert not any("You live" in line for line in others)


async def test_it_is_gone_once_it_was_asked_and_the_answer_is_known_from_then_on(talk: Talk) -> None:
    await talk.turn("I live in Lyon.")
    await talk.turn("I live in Porto.")
    await talk.turn("What a day.", "Is it Lyon or Porto?")
    await talk.turn("Lyon!")
    lines = await talk.turn("Where do I live?")
    assert not any("Unsure" in line or "Porto" in line for line in lines)
    assert any("You live in Lyon." in line for line in lines)


async def test_where_nothing_tells_what_is_asked_the_prompt_says_so(talk: Talk) -> None:
    await talk.turn("My dog is called Bo.")
    assert (await talk.turn("What's my sister's name?"))[0] == NOTHING
    assert NOTHING not in await talk.turn("What's my dog called?")
    assert NOTHING not in await talk.turn("Nice weather, isn't it?")
    # Told in this very talk, in words that no rule knows, is not nothing.
    await talk.turn("at the weekend Clara came by, that is my sister as you know")
    assert NOTHING not in await talk.turn("What's my sister's name?")
