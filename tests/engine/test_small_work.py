"""The whole engine with a scripted model: after a reply its small work is done, behind every reply, and nobody waits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from engine.build import Engine, open_engine
from engine.config import EngineConfig
from engine.errors import ModelError
from engine.models.port import Ending, Finish, Priority, Prompt, Sampling, Work
from engine.turn import Said
from engine.types import PRIVATE_PLACE, Conversation, Role
from tests.engine.memory.test_extract import answer, told
from tests.engine.models.scripted import NOBODYS

HOME = told("in Leipzig zu Hause", "you", "lives in", "Leipzig", "You live in Leipzig.")
BEES = told("Bienen auf dem Dach", "you", "has", "bees", "You keep bees.")


@dataclass
class House:
    """A model that talks, and fills in forms by their names; `open`: forms are answered only once it is set."""

    forms: dict[str, list[str | Exception]] = field(default_factory=dict)
    name: str = "house"
    structured: bool = True
    context_tokens: int = 8192
    open: asyncio.Event = field(default_factory=asyncio.Event)
    log: list[str] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    under_way: int = 0

    def count_tokens(self, text: str) -> int:
        return len(text) // 4 + 1

    def prompt_tokens(self, prompt: Prompt) -> int:
        texts = (*(section.text for section in prompt.sections), *(turn.text for turn in prompt.turns))
        return sum(self.count_tokens(text) for text in texts)

    async def forget(self, conversations: Collection[str]) -> None:
        """It keeps nothing."""

    async def stream(
        self, prompt: Prompt, sampling: Sampling, work: Work = NOBODYS
    ) -> AsyncGenerator[str | Finish]:
        kind = next((name for name in ("facts", "title") if f'"{name}"' in sampling.schema), "reply")
        self.works.append(work)
        self.under_way += 1
        try:
            if kind != "reply":
                await self.open.wait()
            self.log.append(kind)
            given = self.forms.get(kind, [])
            said = given.pop(0) if given else answer() if kind == "facts" else "Tell me more, please."
            if isinstance(said, Exception):
                raise said
            yield said
            yield Finish(Ending.STOP)
        finally:
            self.under_way -= 1


@asynccontextmanager
async def house(data: Path, model: House) -> AsyncIterator[tuple[Engine, Conversation]]:
    config = EngineConfig()
    async with open_engine(config, data, clock=lambda: datetime.now(UTC), model=model) as engine:
        person = await engine.people.ensure("test", "1", "Ann")
        record = await engine.characters.by_slug("noor")
        conversation, _ = await engine.turn.greet(person.id, record, PRIVATE_PLACE)
        yield engine, conversation


@asynccontextmanager
async def working(engine: Engine) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        owner = tasks.create_task(engine.background.run())
        yield
        owner.cancel()


async def say(engine: Engine, talk: Conversation, text: str) -> str:
    fresh = await engine.conversations.get(talk.id)
    events = [event async for event in engine.turn.take(fresh, text, f"event {text}")]
    replies = [event.message for event in events if isinstance(event, Said)]
    assert replies[-1].role is Role.CHARACTER
    return replies[-1].text


async def known(engine: Engine, talk: Conversation) -> set[str]:
    facts = await engine.memories.known(talk.person_id, talk.character_id, talk.place)
    return {fact.text for fact in facts}


async def test_what_was_told_is_remembered_and_titled_after_the_reply(tmp_path: Path) -> None:
    model = House({"facts": [answer(HOME), answer(BEES)], "title": [json.dumps({"title": "Bienen"})]})
    async with house(tmp_path, model) as (engine, talk), working(engine):
        assert await say(engine, talk, "Seit Mai bin ich in Leipzig zu Hause.")
        await say(engine, talk, "Ich habe Bienen auf dem Dach stehen.")
        await say(engine, talk, "Und im Winter lese ich viel.")
        assert model.log == ["reply"] * 3
        model.open.set()
        async with asyncio.timeout(20):
            while "title" not in model.log or model.under_way:
                await asyncio.sleep(0.01)
            while "Bienen" not in (await engine.titles.of(talk.person_id, [talk]))[talk.id]:
                await asyncio.sleep(0.01)
        assert {"You live in Leipzig.", "You keep bees."} <= await known(engine, talk)
        small = [work for work in model.works if work.priority is Priority.BACKGROUND]
        assert len(small) == len(model.works) - 3
        assert all(work.deadline_s and not work.conversation for work in small)


async def test_small_work_does_not_pile_up_and_ends_with_its_owner(tmp_path: Path) -> None:
    model = House()
    async with house(tmp_path, model) as (engine, talk):
        async with working(engine):
            for number in range(12):
                await say(engine, talk, f"Das ist meine {number}. lange Geschichte von den Bienen.")
            # One question is under way, whatever was said since.
            assert model.under_way == 1
            assert len(model.works) == 12 + 1
        assert model.under_way == 0


async def test_what_a_restart_interrupted_is_read_with_the_next_reply(tmp_path: Path) -> None:
    model = House()
    async with house(tmp_path, model) as (engine, talk), working(engine):
        await say(engine, talk, "Seit Mai bin ich in Leipzig zu Hause.")
        while not model.under_way:
            await asyncio.sleep(0.001)
    model = House({"facts": [answer(HOME), answer(BEES)]})
    model.open.set()
    async with house(tmp_path, model) as (engine, talk), working(engine):
        await say(engine, talk, "Ich habe Bienen auf dem Dach stehen.")
        async with asyncio.timeout(20):
            while not {"You live in Leipzig.", "You keep bees."} <= await known(engine, talk):
                await asyncio.sleep(0.01)


async def test_a_failing_model_costs_no_reply(tmp_path: Path) -> None:
    model = House({"facts": [ModelError()] * 9, "title": [ModelError()] * 9})
    model.open.set()
    async with house(tmp_path, model) as (engine, talk), working(engine):
        for number in range(4):
            assert await say(engine, talk, f"Das ist meine {number}. Geschichte von den Bienen.")
        assert await known(engine, talk) == set()


async def test_the_storyteller_is_given_no_small_work(tmp_path: Path) -> None:
    model = House(structured=False)
    model.open.set()
    async with house(tmp_path, model) as (engine, talk), working(engine):
        await say(engine, talk, "Seit Mai bin ich in Leipzig zu Hause.")
        await engine.memory.deepen(talk)
        await engine.titles.make(talk)
        assert model.log == ["reply"]
