"""The whole engine with an embedding model: what is said is read in the background, and found by its meaning."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from engine.build import Engine, open_engine
from engine.config import EngineConfig, MemoryConfig
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, Conversation

ALL = 1_000


async def talk_of(engine: Engine) -> Conversation:
    person = await engine.people.ensure("test", "1", "Ann")
    record = await engine.characters.by_slug("noor")
    conversation, _ = await engine.turn.greet(person.id, record, PRIVATE_PLACE)
    return conversation


async def say(engine: Engine, talk: Conversation, text: str) -> None:
    async for _ in engine.turn.take(talk, text, f"event {text}"):
        pass


async def read_by_now(data: Path, talk: Conversation, name: str) -> int:
    """How many messages have numbers, as another process sees it."""
    store = await Store.open(data, clock=lambda: datetime.now(UTC), synchronous="NORMAL")
    try:
        return len(await store.vectors.read(await store.vectors.seqs(talk.id), name, most=ALL))
    finally:
        await store.close()


async def test_after_a_reply_and_after_a_start_what_is_new_is_read(
    tmp_path: Path, folder: Path, encoder: object
) -> None:
    name = encoder.name  # type: ignore[attr-defined]
    config = EngineConfig(memory=MemoryConfig(embedding_model=str(folder)))
    async with open_engine(config, tmp_path, clock=lambda: datetime.now(UTC)) as engine:
        talk = await talk_of(engine)
        await say(engine, talk, "My dog is called Biscuit.")  # nobody works yet: as if it was killed here
        assert await read_by_now(tmp_path, talk, name) == 0
    async with open_engine(config, tmp_path, clock=lambda: datetime.now(UTC)) as engine:
        work = asyncio.create_task(engine.background.run())
        await _until(tmp_path, talk, name, 3)  # the greeting, the message, the reply
        await say(engine, talk, "We went to Lisbon last summer.")
        await _until(tmp_path, talk, name, 5)
        work.cancel()


async def test_without_embeddings_nothing_is_read(tmp_path: Path, folder: Path, encoder: object) -> None:
    config = EngineConfig(memory=MemoryConfig(embeddings="off", embedding_model=str(folder)))
    async with open_engine(config, tmp_path, clock=lambda: datetime.now(UTC)) as engine:
        work = asyncio.create_task(engine.background.run())
        talk = await talk_of(engine)
        await say(engine, talk, "My dog is called Biscuit.")
        work.cancel()
    assert await read_by_now(tmp_path, talk, encoder.name) == 0  # type: ignore[attr-defined]


async def _until(data: Path, talk: Conversation, name: str, count: int) -> None:
    async with asyncio.timeout(20):
        while await read_by_now(data, talk, name) != count:
            await asyncio.sleep(0.02)
