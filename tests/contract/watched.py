"""Every surface, and what a person would see of it: the suites of this folder run against these.

The page and the terminal are looked at where they show things; Discord and Telegram are the production surfaces, connected
to the loopback servers, and what is seen is what stands on the server in a private chat.
"""

from __future__ import annotations

import asyncio
import html
import io
import json
import re
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol, Self

from discord.gateway import DiscordWebSocket
from discord.http import Route
from rich.console import Console

from bot.commands.registry import COMMANDS
from bot.messages import Origin, Surface
from bot.surfaces.discord.config import DiscordSettings
from bot.surfaces.discord.surface import DiscordSurface
from bot.surfaces.telegram.surface import TelegramSurface
from bot.surfaces.terminal.surface import TerminalSurface
from bot.surfaces.web.surface import WebSurface, channel_of
from tests.bot.surfaces.discord.conftest import Faces, MemoryCalls, MemoryLedger, ScriptedDoor
from tests.bot.surfaces.telegram.conftest import Rig
from tests.bot.surfaces.web.scripted import PaintedPictures
from tests.contract.reading import discord_words, telegram_words
from tests.loopback.discord import DiscordServer, Fault
from tests.loopback.discord.world import Message as DiscordMessage
from tests.loopback.telegram import TelegramServer

# Seconds until something that is on its way must be there, also on a loaded machine.
PATIENCE = 20.0
PERSON = "owner"


class Watched(Protocol):
    """A surface, and what a person would see of it."""

    @property
    def surface(self) -> Surface:
        """What is under test."""

    @property
    def origin(self) -> Origin:
        """Where the person is."""

    @property
    def emphasises(self) -> bool:
        """Whether a character's *emphasis* is shown in the platform's way, not as stars."""

    @property
    def rewrites(self) -> bool:
        """Whether what was shown can be changed."""

    def seen(self) -> str:
        """All words that a person can read now, without markup."""

    async def until(self, words: str) -> None:
        """Wait until they can be read."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...


class Messenger(Watched, Protocol):
    """A messenger's server keeps what was shown, whatever becomes of the process."""

    async def restart(self) -> None:
        """Another process with what is remembered; the former one was killed."""

    def trouble(self) -> None:
        """The next message meets a server that fails."""

    def storm(self) -> None:
        """A quarter of all requests about messages fails, or is done and its answer gets lost."""

    @property
    def failed(self) -> int:
        """How many requests failed so far."""

    async def go_down(self) -> None:
        """The platform cannot be reached."""

    async def come_back(self) -> None:
        """The platform is there again, as it was."""

    def delete_all(self) -> None:
        """Everything that the bot has sent is deleted."""

    def alarming(self) -> list[str]:
        """Whatever in the chat does more than stand there: people that are called, hidden words."""


class AtOnce:
    """What the page and the terminal show, they show at once."""

    async def until(self, words: str) -> None:
        assert words in self.seen()  # type: ignore[attr-defined]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


class WatchedPage(AtOnce):
    """The page: events applied as its script does, each message in its place."""

    emphasises, rewrites = True, True

    def __init__(self, folder: Path) -> None:
        self.surface = WebSurface()
        self.origin = Origin("web", PERSON, conversation_id="conversation-1")

    def seen(self) -> str:
        shown: dict[str, str] = {}
        waits: dict[str, str] = {}
        for event in self.surface.hub._channel(channel_of(self.origin)).events:
            data = json.loads(event.data)
            match event.kind:
                case "started" | "message":
                    shown[data["id"]] = data["html"]
                case "progress":
                    shown[data["message_id"]] = data["html"]
                case "waiting" if data["reply_id"] not in shown:
                    waits[data["reply_id"]] = html.escape(data["words"])
                case "delta":
                    shown[data["reply_id"]] = shown.get(data["reply_id"], "") + html.escape(data["text"])
                case "confirm":
                    shown["confirm"] = data["html"]
                case "text":
                    shown[str(event.number)] = html.escape(data["text"])
        return "\n".join(html.unescape(re.sub(r"<[^>]*>", "", one)) for one in (waits | shown).values())


class WatchedTerminal(AtOnce):
    """The terminal, as what was printed into it."""

    emphasises, rewrites = False, False

    def __init__(self, folder: Path) -> None:
        self._file = io.StringIO()
        console = Console(file=self._file, width=200, force_terminal=False)
        self.surface = TerminalSurface(console, PaintedPictures(folder), PERSON)
        self.origin = Origin("terminal", PERSON, conversation_id="conversation-1")

    def seen(self) -> str:
        return self._file.getvalue()


class WatchedDiscord:
    """A private chat on the loopback Discord."""

    emphasises, rewrites = True, True
    surface: DiscordSurface

    def __init__(self, folder: Path) -> None:
        self._pictures = Faces(folder)
        self._ledger, self._calls = MemoryLedger(), MemoryCalls()
        self._addresses = (
            Route.BASE,
            DiscordWebSocket.DEFAULT_GATEWAY,
        )  # the surface points the library elsewhere
        self._server = DiscordServer()
        self._server.limits.pace = 0.1  # Discord's limits, with windows of a tenth
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._server.start()
        self._ada = self._server.control.user("Ada")
        self._chat = self._server.control.dm(self._ada)
        self.origin = Origin("discord", PERSON, channel=str(self._chat.id))
        await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._kill()
        await self._server.stop()
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = self._addresses

    async def _start(self) -> None:
        settings = DiscordSettings(token=self._server.token, api_url=self._server.url)
        door = ScriptedDoor()
        self.surface = door.surface = DiscordSurface(
            settings, door, self._pictures, _account, self._ledger, self._calls, _nobody_is_named, COMMANDS
        )
        connected = asyncio.Event()
        self._running = asyncio.create_task(self.surface.run(lambda words: connected.set()))
        await _first(self._running, connected.wait())

    async def _kill(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])

    async def restart(self) -> None:
        await self._kill()
        await self._server.gateway.until_gone()
        await self._start()

    def storm(self) -> None:
        kinds = (Fault("answer", 502), Fault("drop"), Fault("lose"))
        self._server.faults.sometimes(0.25, 3, *kinds, route="/channels/{channel}/messages")

    @property
    def failed(self) -> int:
        return len(self._server.faults.happened)

    async def go_down(self) -> None:
        self._port = int(self._server.world.origin.rsplit(":", 1)[1])
        await self._server.stop()

    async def come_back(self) -> None:
        await self._server.start(self._port)

    def trouble(self) -> None:
        self._server.faults.answer(502, method="POST", route="/channels/{channel}/messages")

    def delete_all(self) -> None:
        for message in self._messages():
            self._server.control.delete_message(message)

    def alarming(self) -> list[str]:
        return [user.name for message in self._messages() for user in message.mentions]

    def seen(self) -> str:
        return "\n".join(discord_words(message) for message in self._messages())

    async def until(self, words: str) -> None:
        await self._chat.until(lambda _: words in self.seen(), PATIENCE)

    def _messages(self) -> list[DiscordMessage]:
        shown = self._server.control.transcript(self._chat, self._ada)
        return [one.message for one in shown if one.is_bot]


class WatchedTelegram:
    """A private chat on the loopback Bot API."""

    emphasises, rewrites = True, True
    surface: TelegramSurface

    def __init__(self, folder: Path) -> None:
        self._server = TelegramServer()
        self._rig = Rig(self._server, folder)
        self._process = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._server.start()
        self._ada = self._server.control.user("Ada", "ada")
        self._server.control.start(self._ada)
        self._server.world.updates.drop()  # pressing Start is not what is tested
        self._chat = self._server.control.private(self._ada)
        self.origin = Origin("telegram", PERSON, channel=str(self._ada.id), reply=f"m:1:{self._ada.id}")
        await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._process.aclose()
        await self._server.stop()

    async def _start(self) -> None:
        self.surface = await self._process.enter_async_context(self._rig.running())

    async def restart(self) -> None:
        await self._process.aclose()
        await self._start()

    def storm(self) -> None:
        methods = ("sendMessage", "sendMessageDraft", "editMessageText")
        self._server.faults.randomly(0.25, seed=3, kinds=(500, 502, "drop", "lost"), methods=methods)

    @property
    def failed(self) -> int:
        return len(self._server.faults.happened)

    async def go_down(self) -> None:
        await self._server.stop()

    async def come_back(self) -> None:
        await self._server.start()

    def trouble(self) -> None:
        self._server.faults.next("sendMessage", 502)

    def delete_all(self) -> None:
        for message in self._chat.visible():
            if message.from_bot:
                self._server.control.delete(message, self._ada)

    def alarming(self) -> list[str]:
        lines = self._server.transcript(self._chat, self._ada)
        # “@everyone” is a word like any other here: Telegram has no such call.
        kinds = ("text_mention", "text_link", "spoiler")
        found = [entity for line in lines if line.from_bot for entity in line.entities]
        return [str(entity) for entity in found if entity["type"] in kinds]

    def seen(self) -> str:
        lines = self._server.transcript(self._chat, self._ada)
        return "\n".join(telegram_words(line) for line in lines if line.from_bot)

    async def until(self, words: str) -> None:
        await self._server.until(lambda: words in self.seen(), PATIENCE)


async def _account(external_id: str, name: str) -> str:
    return f"person-{external_id}"


async def _nobody_is_named(surface: str, channel: str, thread: str, text: str) -> bool:
    return False


async def _first(running: asyncio.Task[None], connected: object) -> None:
    """Wait for the connection, or for what prevents it."""
    waiting = asyncio.ensure_future(connected)  # type: ignore[arg-type]
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE)
    waiting.cancel()
    if running.done():
        running.result()


MESSENGERS: dict[str, Callable[[Path], Messenger]] = {"discord": WatchedDiscord, "telegram": WatchedTelegram}
SURFACES: dict[str, Callable[[Path], Watched]] = {
    "web": WatchedPage,
    "terminal": WatchedTerminal,
    **MESSENGERS,
}
