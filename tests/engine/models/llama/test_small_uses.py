"""The small uses on the real llama.cpp: random weights fill every form in somehow, and are believed in nothing.

Also here: small work never goes before a reply, on the loop that decides it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel

from characters.character import Persona
from engine.chat import title
from engine.config import LlmConfig
from engine.images.shot import scene
from engine.memory import extract
from engine.memory.recall import Memory
from engine.models.ask import Asker
from engine.models.llama.chat import LlamaChat, open_llama
from engine.models.port import Finish, Priority, Prompt, PromptTurn, Sampling, Section, SectionKind, Work
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, Role

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TEXT = "Seit letztem Sommer bin ich in Leipzig zu Hause."
FORMS = [
    (scene.Scene, scene.INSTRUCTION),
    (extract.Tellings, extract.INSTRUCTION),
    (title.Heading, title.INSTRUCTION),
]


@pytest.fixture
async def chat(tiny: Path) -> AsyncIterator[LlamaChat]:
    config = LlmConfig(kv_type="f32", flash_attention="off", threads=1, slots=2, context_tokens=4096)
    async with open_llama(config, tiny, parked=None, kv_tokens=8192) as opened:
        yield opened


@pytest.mark.parametrize(("form", "instruction"), FORMS, ids=lambda value: getattr(value, "__name__", ""))
async def test_any_weights_fill_a_form_in(chat: LlamaChat, form: type[BaseModel], instruction: str) -> None:
    filled = await Asker(chat).ask(form, instruction, TEXT, max_tokens=2000)
    assert isinstance(filled, form)


@pytest.mark.parametrize(("form", "instruction"), FORMS, ids=lambda value: getattr(value, "__name__", ""))
async def test_an_instruction_is_read_once_for_all_texts(
    chat: LlamaChat, form: type[BaseModel], instruction: str
) -> None:
    asker = Asker(chat)
    await asker.ask(form, instruction, TEXT, max_tokens=2000)
    first = chat.metrics()
    await asker.ask(form, instruction, "A wholly other text.", max_tokens=2000)
    second = chat.metrics()
    text = chat.count_tokens("<text>\nA wholly other text.\n</text>")
    # The text, and what the template puts around it.
    assert second.read - first.read <= text + 32
    assert first.read > 300


async def test_nonsense_is_never_remembered(chat: LlamaChat, tmp_path: Path) -> None:
    store = await Store.open(tmp_path, clock=lambda: NOON, synchronous="NORMAL")
    person = await store.people.ensure("web", "1", "Ann")
    maya = await store.characters.create(None, Persona("Maya"))
    talk = await store.conversations.open(person.id, maya.id, PRIVATE_PLACE)
    said = [await store.conversations.append(talk.id, Role.PERSON, f"{TEXT} {n}") for n in range(4)]
    assert await Memory(store, lambda: NOON, Asker(chat)).deepen(talk) == []
    assert (await store.studies.of(talk.id)).read_to in {"", *(message.id for message in said)}
    await store.close()


async def test_small_work_never_goes_before_a_reply(tiny: Path) -> None:
    """One slot: a reply is written, a question waits, then three more people come, and go first."""
    config = LlmConfig(kv_type="f32", flash_attention="off", threads=1, slots=1, context_tokens=2048)
    order: list[str] = []
    async with open_llama(config, tiny, parked=None, kv_tokens=4096) as chat:
        first = asyncio.create_task(_written(chat, "first", order, Priority.REPLY))
        while not order:
            await asyncio.sleep(0)
        asking = asyncio.create_task(_written(chat, "question", order, Priority.BACKGROUND))
        await asyncio.sleep(0)
        others = [asyncio.create_task(_written(chat, f"reply {n}", order, Priority.REPLY)) for n in range(3)]
        await asyncio.gather(first, asking, *others)
    ends = [line for line in order if line.endswith("ends")]
    assert ends[0] == "first ends"
    assert ends[-1] == "question ends"
    assert order.index("question begins") > max(order.index(f"reply {n} ends") for n in range(3))


async def _written(chat: LlamaChat, name: str, order: list[str], priority: Priority) -> None:
    prompt = Prompt((Section(SectionKind.RULES, f"You are {name}."),), (PromptTurn("person", "Hello."),))
    begun = False
    async for item in chat.stream(prompt, Sampling(max_tokens=40, temperature=0), Work(priority=priority)):
        if not begun:
            begun = True
            order.append(f"{name} begins")
        if isinstance(item, Finish):
            order.append(f"{name} ends")
