"""An open house on a data directory of its own: the product's own parts, with no surface and no worker started."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.app import House, open_house, run_house
from bot.config import Settings
from bot.delivery import Delivery
from bot.messages import Call, Chat, Inbound, OptionValue, Origin, Outbound, Replied, Surface

SETTINGS = Settings.model_validate({"chat": {"pace_ms": 0}, "images": {"size": 256, "lease_seconds": 5}})
# Seconds a real worker may take to start and draw before a test calls it lost.
PATIENCE = 60.0


@dataclass
class Recorder:
    """A surface at the port that remembers what it was shown."""

    name: str = "recorder"
    shown: list[Outbound] = field(default_factory=list)
    edits: list[tuple[str, Outbound]] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def deliver(self, origin: Origin, outbound: Outbound) -> str:
        self.shown.append(outbound)
        self.changed.set()
        return outbound.message.id if isinstance(outbound, Replied) else ""

    async def edit(self, origin: Origin, ref: str, outbound: Outbound) -> None:
        self.edits.append((ref, outbound))
        self.changed.set()

    async def until(self, found: Callable[[], bool]) -> None:
        """Wait until something has been shown."""
        async with asyncio.timeout(PATIENCE):
            while not found():
                self.changed.clear()
                await self.changed.wait()


@dataclass
class Guest:
    """One person who uses the house."""

    house: House
    delivery: Delivery
    surfaces: dict[str, Surface]
    origin: Origin

    async def call(self, name: str, /, **options: OptionValue) -> tuple[Outbound, ...]:
        inbound = Inbound(self.origin, uuid.uuid4().hex, call=Call(name, options))
        return await self.house.router.ask(inbound)

    async def say(self, text: str, event_id: str = "") -> tuple[Outbound, ...]:
        return await self.house.router.ask(Inbound(self.origin, event_id or uuid.uuid4().hex, text=text))

    async def talk(self, character: str = "noor") -> Chat:
        (chat,) = await self.call("talk", character=character)
        assert isinstance(chat, Chat), chat
        self.origin = replace(self.origin, conversation_id=chat.conversation_id)
        return chat

    async def another(self, name: str) -> Guest:
        person = await self.house.engine.people.ensure("test", name, name)
        return replace(self, origin=Origin("recorder", person.id))


@asynccontextmanager
async def opened(data: Path, settings: Settings = SETTINGS) -> AsyncIterator[Guest]:
    async with open_house(settings, data) as (house, delivery, surfaces):
        yield Guest(house, delivery, surfaces, Origin("recorder", house.owner.id))


@asynccontextmanager
async def working(data: Path, settings: Settings = SETTINGS) -> AsyncIterator[tuple[Guest, Recorder]]:
    """A house whose worker draws and whose delivery delivers."""
    async with opened(data, settings) as guest:
        recorder = Recorder()
        guest.surfaces[recorder.name] = recorder
        started, done = asyncio.Event(), asyncio.Event()

        async def main() -> None:
            started.set()
            await done.wait()

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(run_house(guest.house, guest.delivery, guest.surfaces, main))
            await started.wait()
            try:
                yield guest, recorder
            finally:
                done.set()


@pytest.fixture
async def guest(tmp_path: Path) -> AsyncIterator[Guest]:
    async with opened(tmp_path) as one:
        yield one
