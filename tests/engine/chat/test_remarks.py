"""What a prompt says of its memories: that two of them quarrel, or that none tells what is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from characters.character import Persona
from engine.chat.planner import Planner
from engine.chat.sections import NOTHING
from engine.config import ChatConfig, MemoryConfig
from engine.models.port import SectionKind
from engine.store.memories import Memories
from engine.store.people import People
from engine.types import Role
from tests.engine.chat.paper import PaperModel
from tests.engine.memory import talk as talks

MAYA = Persona("Maya")


@dataclass
class Talk:
    """A talk through the real planner."""

    talk: talks.Talk
    model: PaperModel

    async def turn(self, said: str, answered: str = "Tell me more.") -> list[str]:
        """One turn; gives the memories of its prompt, line by line."""
        store, memory, conversation = self.talk.store, self.talk.memory, self.talk.conversation
        planner = Planner(store, self.model, memory, self.talk.clock, ChatConfig(), MemoryConfig())
        window = await planner.window(conversation)
        message = await store.conversations.append(conversation.id, Role.PERSON, said)
        written = await planner.plan(conversation, MAYA, message, window)
        await memory.learn(conversation, message)
        await store.conversations.append(conversation.id, Role.CHARACTER, answered, reply_to=message.id)
        assert self.model.prompt_tokens(written.prompt) <= self.model.context_tokens
        return written.prompt.section(SectionKind.MEMORY).splitlines()


@pytest.fixture(params=[4096, 1024])
async def talk(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    async with talks.talking(tmp_path) as begun:
        yield Talk(begun, PaperModel(request.param))


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


async def test_what_is_known_and_whose_clock_counts_are_looked_up_once_for_a_prompt(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.turn("I live in Lyon.")
    asked: list[str] = []
    for kind, name in ((Memories, "known"), (People, "get")):
        real = getattr(kind, name)

        async def counted(*of: object, _real: Any = real, _name: str = name, **more: object) -> object:
            asked.append(_name)
            return await _real(*of, **more)

        monkeypatch.setattr(kind, name, counted)
    conversation, said = talk.talk.conversation, "I live in Porto."
    store, memory = talk.talk.store, talk.talk.memory
    planner = Planner(store, talk.model, memory, talk.talk.clock, ChatConfig(), MemoryConfig())
    message = await store.conversations.append(conversation.id, Role.PERSON, said)
    await planner.plan(conversation, MAYA, message, await planner.window(conversation))
    assert sorted(asked) == ["get", "known"]
