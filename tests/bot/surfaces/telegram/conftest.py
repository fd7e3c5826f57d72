"""The surface against the loopback Bot API, with ports of its own: what the door was given, and what is remembered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from bot.commands.registry import COMMANDS
from bot.messages import (
    Button,
    Call,
    Inbound,
    MessageView,
    Origin,
    Outbound,
    PictureView,
    ProgressView,
    Replied,
    Speaker,
)
from bot.surfaces.telegram.config import TelegramConfig
from bot.surfaces.telegram.surface import TelegramSurface
from engine.errors import NotFoundError
from engine.types import JobStatus, Role, Shown
from tests.loopback.telegram import Chat, TelegramServer, User

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOOR = Speaker("0193-noor", "Noor", "face")
# Seconds until something that happens in another task must have happened.
PATIENCE = 10.0


@dataclass
class Door:
    """Keeps what it was given; `trouble` is raised instead, once each."""

    accepted: list[Inbound] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    answer: Callable[[Inbound], Awaitable[None]] | None = None

    async def accept(self, inbound: Inbound) -> bool:
        if self.trouble:
            raise self.trouble.pop(0)
        known = {one.event_id for one in self.accepted}
        self.accepted.append(inbound)
        self.changed.set()
        if self.answer is not None and inbound.event_id not in known:
            await self.answer(inbound)
        return inbound.event_id not in known

    async def ask(self, inbound: Inbound) -> tuple[Outbound, ...]:
        raise NotImplementedError

    def submit(self, inbound: Inbound) -> asyncio.Task[None]:
        raise NotImplementedError

    async def until(self, count: int) -> list[Inbound]:
        """Wait for that many events."""
        async with asyncio.timeout(PATIENCE):
            while len(self.accepted) < count:
                self.changed.clear()
                await self.changed.wait()
        return self.accepted

    async def next(self) -> Inbound:
        """The one event that came, or will come."""
        return (await self.until(1))[-1]


class Ledger:
    """The engine's ledger, in memory."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int], Shown] = {}

    async def parts(self, surface: str, key: str) -> tuple[Shown, ...]:
        return tuple(row for (name, _), row in sorted(self.rows.items()) if name == key)

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
        self.rows[key, part] = Shown(key, part, channel, ref, done, digest, person_id)

    async def find(self, surface: str, channel: str, ref: str) -> Shown | None:
        found = [row for row in self.rows.values() if (row.channel, row.ref) == (channel, ref)]
        return found[-1] if found else None

    async def drop(self, surface: str, key: str, part: int | None = None) -> None:
        for name, number in tuple(self.rows):
            if name == key and part in (None, number):
                del self.rows[name, number]


class Calls:
    """The engine's kept calls, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Call] = {}

    async def keep(self, person_id: str, call: Call) -> str:
        token = f"token{len(self.kept)}"
        self.kept[token] = call
        return token

    async def recall(self, token: str) -> Call:
        if token not in self.kept:
            raise NotFoundError("This button is too old.")
        return self.kept[token]


class Topics:
    """The engine's topics, in memory."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, str], str] = {}

    async def topic(self, surface: str, channel: str, person_id: str, character_id: str) -> str:
        return self.rows.get((channel, person_id, character_id), "")

    async def set_topic(
        self, surface: str, channel: str, person_id: str, character_id: str, thread: str
    ) -> None:
        self.rows[channel, person_id, character_id] = thread

    async def drop_topic(self, surface: str, channel: str, thread: str) -> None:
        self.rows = {key: value for key, value in self.rows.items() if (key[0], value) != (channel, thread)}


class Pictures:
    """Two pictures: whatever is asked for is one of them. Portraits wait for `drawn`."""

    def __init__(self, folder: Path, drawn: asyncio.Event | None = None) -> None:
        self._folder, self._drawn = folder, drawn

    async def file(self, media_id: str, person_id: str) -> tuple[str, str]:
        path = self._folder / f"{media_id}.png"
        if not path.exists():
            colours = {"face": "red", "face-6": "green"}
            Image.new("RGB", (64, 64), colours.get(media_id, "blue")).save(path)
        return str(path), "image/png"

    async def portrait(self, draft_id: str, person_id: str) -> tuple[str, str]:
        if self._drawn is not None:
            await self._drawn.wait()
        return await self.file("face", person_id)


@dataclass
class Rig:
    """The surface, running against a server; what happens to it is kept."""

    server: TelegramServer
    folder: Path
    door: Door = field(default_factory=Door)
    ledger: Ledger = field(default_factory=Ledger)
    calls: Calls = field(default_factory=Calls)
    topics: Topics = field(default_factory=Topics)
    names_a_character: bool = False
    portrait: asyncio.Event | None = None  # portraits are drawn when it is set; at once without it
    lines: list[str] = field(default_factory=list)

    def make(self) -> TelegramSurface:
        """A surface on what is remembered, as a new process has it."""

        async def account(external_id: str, name: str) -> str:
            return f"person-{external_id}"

        async def addressed(surface: str, channel: str, thread: str, text: str) -> bool:
            return self.names_a_character

        config = TelegramConfig(self.server.token, self.server.url)
        return TelegramSurface(
            config,
            self.door,
            Pictures(self.folder, self.portrait),
            account,
            self.ledger,
            self.calls,
            self.topics,
            addressed,
            COMMANDS,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[TelegramSurface]:
        """A process of the surface, from its start until it is killed."""
        surface = self.make()
        run = asyncio.create_task(surface.run(self.lines.append))
        try:
            poll = asyncio.create_task(self.server.world.updates.next_poll())
            done, _ = await asyncio.wait((run, poll), return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE)
            assert poll in done, f"never polled: {run}"
            yield surface
        finally:
            run.cancel()
            await asyncio.wait((run,))


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
def rig(server: TelegramServer, tmp_path: Path) -> Rig:
    return Rig(server, tmp_path)


@pytest.fixture
async def surface(rig: Rig) -> AsyncIterator[TelegramSurface]:
    async with rig.running() as surface:
        yield surface


@pytest.fixture
def ada(server: TelegramServer) -> User:
    """Somebody who may be written to."""
    ada = server.control.user("Ada", "ada")
    server.control.start(ada)
    server.world.updates.drop()  # it is not what is tested
    return ada


@pytest.fixture
def chat(server: TelegramServer, ada: User) -> Chat:
    return server.control.private(ada)


def said(text: str, message_id: str = "m1", role: Role = Role.CHARACTER) -> Replied:
    """A finished line."""
    return Replied(MessageView(message_id, role, text, NOON, speaker=NOOR))


def under_way(progress: float, *, stage: str = "sketching", position: int = 0) -> Replied:
    """A picture that is being made."""
    status = JobStatus.QUEUED if position else JobStatus.RUNNING
    view = ProgressView("job1", status, progress, stage, position, None, "p1")
    return Replied(MessageView("p1", Role.CHARACTER, "", NOON, progress=view, speaker=NOOR))


def finished(caption: str = "Noor at a jazz bar") -> Replied:
    """The picture that became of it."""
    buttons = (Button("New light", Call("vary", {"media": "m", "what": "light"})),)
    view = PictureView("picture", caption, 64, 64, NOON, buttons=buttons)
    return Replied(MessageView("p1", Role.CHARACTER, "", NOON, picture=view, speaker=NOOR))


def private_origin(user: User, *, thread: str = "", message: int = 1) -> Origin:
    """An event of a private chat."""
    return Origin(
        "telegram", f"person-{user.id}", channel=str(user.id), thread=thread, reply=f"m:{message}:{user.id}"
    )
