"""Planned prompts on the real model: long talks within its context, little read twice, nothing kept of what is erased."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from characters.character import Persona
from engine.chat.planner import Planner
from engine.chat.prompt import Written
from engine.config import ChatConfig, LlmConfig, MemoryConfig
from engine.memory.recall import Memory
from engine.memory.summary import Summaries
from engine.models.ask import Asker
from engine.models.background import Background
from engine.models.llama.chat import LlamaChat, open_llama
from engine.models.port import Finish, Sampling, Work
from engine.safety.policy import load_policy
from engine.safety.text import Gate
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, CharacterRecord, Conversation, Role
from tests.engine.models.llama.models import Model
from tests.engine.store.conftest import Clock

LLM = LlmConfig(context_tokens=3000, slots=4, threads=1, kv_type="f32", flash_attention="off")
CHAT = ChatConfig(window_messages=10, reply_tokens=32)
MAYA = Persona("Maya", tagline="A night-shift radio host", greeting="Evening.")


class Talk:
    """One person with Maya, turn by turn."""

    def __init__(
        self, store: Store, model: LlamaChat, character: CharacterRecord, talk: Conversation
    ) -> None:
        self.store, self.model, self.character, self.conversation = store, model, character, talk
        self.background = Background()
        gate = Gate(load_policy([]))
        summaries = Summaries(store, Asker(model), gate, self.background)
        memory, clock = Memory(store, Clock()), Clock()
        self.planner = Planner(store, model, memory, clock, CHAT, MemoryConfig(), summaries)

    async def turn(self, said: str) -> tuple[Written, Finish]:
        window = await self.planner.window(self.conversation)
        message = await self.store.conversations.append(self.conversation.id, Role.PERSON, said)
        written = await self.planner.plan(self.conversation, self.character.persona, message, window)
        sampling = Sampling(max_tokens=CHAT.reply_tokens, temperature=0)
        items = [
            item
            async for item in self.model.stream(
                written.prompt, sampling, Work(conversation=self.conversation.id)
            )
        ]
        words = "".join(item for item in items if isinstance(item, str)).strip() or "Hm."
        await self.store.conversations.append(
            self.conversation.id, Role.CHARACTER, words, reply_to=message.id
        )
        self.planner.answered(self.conversation)
        finish = items[-1]
        assert isinstance(finish, Finish)
        return written, finish


@asynccontextmanager
async def seated(path: Path, folder: Path) -> AsyncIterator[Talk]:
    store = await Store.open(folder, clock=Clock(), synchronous="NORMAL")
    async with open_llama(LLM, path, parked=folder / "parked") as model:
        await store.on_erased(model.forget)
        person = await store.people.ensure("test", "ana", "Ana")
        record = await store.characters.ensure_shipped("maya", MAYA)
        yield Talk(store, model, record, await store.conversations.open(person.id, record.id, PRIVATE_PLACE))
    await store.close()


@pytest.mark.parametrize("shape", ["tiny", "tiny-window", "tiny-sentencepiece", "tiny-thinking"])
async def test_a_long_talk_stays_within_the_context_and_reads_little_twice(
    model: Model, tmp_path: Path, shape: str
) -> None:
    async with seated(model(shape), tmp_path) as talk:
        read, cuts = [], 0
        for number in range(24):
            written, finish = await talk.turn(f"I counted {number} boats.")
            assert finish.read + finish.kept == talk.model.prompt_tokens(written.prompt)
            assert finish.read + finish.kept + CHAT.reply_tokens <= talk.model.context_tokens
            assert [turn.text for turn in written.prompt.turns] == [
                line.text for line in written.history.messages
            ]
            cuts += written.history.cut
            if number and not written.history.cut:
                read.append(finish.read / (finish.read + finish.kept))
        assert cuts >= 1
        # Spelling vocabularies make the notes long; what came before them is never read again.
        assert sum(read) / len(read) < 0.35


async def test_a_cut_and_what_was_read_survive_a_restart(model: Model, tmp_path: Path) -> None:
    cut = False
    async with seated(model("tiny"), tmp_path) as talk:
        while not cut:
            written, _ = await talk.turn("I counted boats.")
            cut = written.history.cut
        await talk.turn("And birds.")
    async with seated(model("tiny"), tmp_path) as talk:
        again, finish = await talk.turn("And clouds.")
        assert not again.history.cut and again.history.messages[0].id == written.history.messages[0].id
        assert finish.kept > finish.read


async def test_nothing_of_what_is_hidden_stays_parked(model: Model, tmp_path: Path) -> None:
    async with seated(model("tiny"), tmp_path) as talk:
        await talk.turn("I like boats.")
    assert talk.conversation.id in _parked(talk)
    async with seated(model("tiny"), tmp_path) as talk:
        (told, *_) = await talk.store.conversations.window(talk.conversation.id, 10)
        await talk.store.conversations.hide_from_prompt([told.id])
        assert talk.conversation.id not in _parked(talk)
        written, _ = await talk.turn("What do I like?")
        assert "boats" not in str(written.prompt)
        await talk.store.conversations.clear(talk.conversation.id)
    assert talk.conversation.id not in _parked(talk)


async def test_a_real_model_is_asked_for_summaries_and_its_nonsense_does_no_harm(
    model: Model, tmp_path: Path
) -> None:
    async with seated(model("tiny"), tmp_path) as talk:
        for number in range(14):
            written, _ = await talk.turn(f"I counted {number} boats.")
            while talk.background._waiting:
                await talk.background._do(talk.background._waiting.pop(next(iter(talk.background._waiting))))
        assert talk.model.prompt_tokens(written.prompt) + CHAT.reply_tokens <= talk.model.context_tokens


def _parked(talk: Talk) -> frozenset[str]:
    return talk.model._engine.shelf.names()
