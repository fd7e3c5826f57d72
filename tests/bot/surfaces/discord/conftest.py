"""A loopback Discord with our surface connected to it, and fakes at its ports: a door that answers by script."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from PIL import Image

from bot.commands.registry import COMMANDS
from bot.messages import Call, Delta, Inbound, MessageView, Origin, Outbound, Replied, Speaker, Started
from bot.surfaces.discord.config import DiscordSettings
from bot.surfaces.discord.surface import DiscordSurface
from engine.errors import NotFoundError
from engine.types import Role, Shown
from tests.loopback.discord import DiscordServer

NOOR = Speaker("character-noor", "Noor", "media-noor")
MAYA = Speaker("character-maya", "Maya", "media-maya")


class MemoryLedger:
    """bot.ports.Ledger in memory; tests restart the surface on the same one."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int], Shown] = {}

    async def parts(self, surface: str, key: str) -> tuple[Shown, ...]:
        await asyncio.sleep(0)
        return tuple(row for (one, _), row in sorted(self.rows.items()) if one == key)

    async def put(
        self,
        surface: str,
        key: str,
        part: int,
        *,
        person_id: str,
        channel: str,
        ref: str,
        done: bool,
        digest: str = "",
    ) -> None:
        await asyncio.sleep(0)
        self.rows.pop((key, part), None)  # the newest comes last
        self.rows[key, part] = Shown(key, part, channel, ref, done, digest)

    async def find(self, surface: str, channel: str, ref: str) -> Shown | None:
        await asyncio.sleep(0)
        return next((row for row in self.rows.values() if (row.channel, row.ref) == (channel, ref)), None)

    async def recent(self, surface: str, since: datetime, limit: int) -> tuple[tuple[str, str], ...]:
        await asyncio.sleep(0)
        newest = {row.channel: row.ref for row in self.rows.values()}
        return tuple(reversed(newest.items()))[:limit]

    async def drop(self, surface: str, key: str, part: int | None = None) -> None:
        for one in [one for one in self.rows if one[0] == key and part in (None, one[1])]:
            del self.rows[one]


class MemoryCalls:
    """bot.ports.Calls in memory."""

    def __init__(self) -> None:
        self._kept: dict[str, Call] = {}

    async def keep(self, person_id: str, call: Call) -> str:
        token = f"token{len(self._kept)}"
        self._kept[token] = call
        return token

    async def recall(self, token: str) -> Call:
        if token not in self._kept:
            raise NotFoundError("That button is too old.")
        return self._kept[token]


class Faces:
    """bot.messages.Pictures: one coloured square for each picture."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def file(self, media_id: str, person_id: str) -> tuple[str, str]:
        path = self._folder / f"{media_id}.png"
        if not path.exists():
            # Not by `hash`: it is another one in every process, and two faces were alike now and then.
            red, green, blue = hashlib.blake2b(media_id.encode(), digest_size=3).digest()
            colour = (red, green, blue)
            Image.new("RGB", (512, 512), colour).save(path)
        return str(path), "image/png"

    async def portrait(self, draft_id: str, person_id: str) -> tuple[str, str]:
        return await self.file(f"portrait-{draft_id}", person_id)


Script = Callable[[Inbound, Callable[[Outbound], Awaitable[str]]], Awaitable[None]]


class ScriptedDoor:
    """bot.messages.Door: takes each event once, in lanes, and shows what the script says."""

    def __init__(self) -> None:
        self.taken: list[Inbound] = []
        self.script: Script = answer
        self.answers: tuple[Outbound, ...] = ()
        self.surface: DiscordSurface | None = None
        self._seen: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._lanes: dict[str, asyncio.Lock] = {}

    async def accept(self, inbound: Inbound) -> bool:
        if inbound.event_id in self._seen:
            return False
        self._seen.add(inbound.event_id)
        self.taken.append(inbound)
        self.submit(inbound)
        return True

    def submit(self, inbound: Inbound) -> asyncio.Task[None]:
        task = asyncio.create_task(self._handle(inbound))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def ask(self, inbound: Inbound) -> tuple[Outbound, ...]:
        return self.answers

    async def _handle(self, inbound: Inbound) -> None:
        lane = self._lanes.setdefault(f"{inbound.origin.channel}/{inbound.origin.person_id}", asyncio.Lock())
        async with lane:
            surface = self.surface
            assert surface is not None
            await self.script(inbound, lambda outbound: surface.deliver(inbound.origin, outbound))

    async def settled(self) -> None:
        """Wait for all that is being handled. A failure there is the test's."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def stop(self) -> None:
        """The process is killed: nothing is handled any more."""
        for task in self._tasks:
            task.cancel()


def line(key: str, text: str, role: Role = Role.CHARACTER, **more: Any) -> MessageView:
    """A line of a conversation."""
    speaker = more.pop("speaker", NOOR if role is Role.CHARACTER else None)
    return MessageView(key, role, text, datetime.now(UTC), speaker=speaker, **more)


async def speak(
    inbound: Inbound,
    show: Callable[[Outbound], Awaitable[str]],
    text: str,
    *,
    key: str = "",
    pieces: int = 1,
    speaker: Speaker = NOOR,
) -> None:
    """A streamed reply, as the router shows one."""
    key = key or f"reply-{inbound.event_id}"
    await show(Started(line(f"said-{inbound.event_id}", inbound.text, Role.PERSON), key, speaker))
    size = max(1, len(text) // pieces)
    for start in range(0, len(text), size):
        await show(Delta(key, text[start : start + size]))
        await asyncio.sleep(0)
    await show(Replied(line(key, text, speaker=speaker)))


async def answer(inbound: Inbound, show: Callable[[Outbound], Awaitable[str]]) -> None:
    """The usual script: Noor repeats what was said."""
    await speak(inbound, show, f"You said: {inbound.text}")


@dataclass
class House:
    """A connected surface and everything around it."""

    discord: DiscordServer
    surface: DiscordSurface
    door: ScriptedDoor
    ledger: MemoryLedger
    ready: list[str] = field(default_factory=list)

    @property
    def control(self) -> Any:
        return self.discord.control

    async def caught_up(self) -> None:
        """Wait until every channel has been read for what was missed."""
        await self.surface._events._catch_up.done()


Open = Callable[..., Any]


@pytest.fixture
async def discord() -> AsyncGenerator[DiscordServer]:
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with DiscordServer() as server:
        yield server
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@pytest.fixture
def connect(discord: DiscordServer, tmp_path: Path) -> Open:
    """Connect the surface; a second connection with the same ledger is a restart."""

    @asynccontextmanager
    async def opened(
        ledger: MemoryLedger | None = None,
        calls: MemoryCalls | None = None,
        *,
        door: ScriptedDoor | None = None,
        now: Callable[[], float] = time.time,
        **settings: Any,
    ) -> AsyncGenerator[House]:
        door, ledger = door or ScriptedDoor(), ledger or MemoryLedger()
        given = {"token": discord.token, "api_url": discord.url, **settings}
        numbers = itertools.count()
        names: dict[str, str] = {}

        async def accounts(external_id: str, name: str) -> str:
            await asyncio.sleep(0)
            return names.setdefault(external_id, f"person-{next(numbers)}-{name}")

        async def addressed(surface: str, channel: str, thread: str, text: str) -> bool:
            return "noor" in text.casefold()

        surface = DiscordSurface(
            DiscordSettings(**given),
            door,
            Faces(tmp_path),
            accounts,
            ledger,
            calls or MemoryCalls(),
            addressed,
            COMMANDS,
            now=now,
        )
        door.surface = surface
        house = House(discord, surface, door, ledger)
        connected = asyncio.Event()

        def ready(words: str) -> None:
            house.ready.append(words)
            connected.set()

        running = asyncio.create_task(surface.run(ready))
        try:
            waiting = asyncio.create_task(connected.wait())
            await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED, timeout=20)
            waiting.cancel()
            if running.done():
                running.result()
            await discord.gateway.until_ready()
            await discord.control.until_commands()
            yield house
        finally:
            door.stop()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    return opened


def words(message: Any) -> str:
    """What a message says, without the line of small print that tells in a private chat who speaks."""
    first, _, rest = message.content.partition("\n")
    return rest if first.startswith("-# ") and rest else message.content


def private_origin(channel: int, person_id: str = "person") -> Origin:
    """A one-to-one chat."""
    return Origin("discord", person_id, channel=str(channel))
