"""Loopback platforms as benchmarks/surfaces.py needs them: people in private chats with the bot, and what they were shown.

The servers are those of the tests (tests/loopback): they speak the platforms' protocols and enforce their limits.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, Protocol

from engine.errors import InputError

# Share of requests that fail in the test of many conversations, and the seed of which.
FAULTS, SEED = 0.02, 7


# Where the servers are; an installed Selfsame has none.
CHECKOUT = Path(__file__).parents[1]


def find_servers() -> None:
    """Make the tests' servers importable. Raises InputError where there are none."""
    if not (CHECKOUT / "tests" / "loopback").is_dir():
        raise InputError("The loopback servers are not here: run this in a checkout of Selfsame.")
    if str(CHECKOUT) not in sys.path:
        sys.path.insert(0, str(CHECKOUT))


class Town(Protocol):
    """A platform with people in it."""

    name: str

    @property
    def settings(self) -> dict[str, Any]:
        """The table of the configuration that connects the product to it."""

    async def move_in(self, people: int) -> None:
        """Let so many people open their private chat."""

    async def connected(self) -> None:
        """Wait for the bot."""

    async def say(self, person: int, text: str) -> float:
        """Somebody writes. Returns when (time.monotonic)."""

    def replies(self, person: int) -> list[str]:
        """What the bot's messages in the person's chat say now, in order."""

    def first_words(self, person: int, words: str) -> float | None:
        """When a message or a preview with these words was first shown in the person's chat."""

    def fail_sometimes(self) -> None:
        """From now on some requests fail: 429, 500, 502, or a broken connection."""

    def fair_weather(self) -> int:
        """No more failures. Returns how many there were."""

    def violations(self) -> int:
        """How often the bot went over the platform's limits."""


@contextlib.asynccontextmanager
async def discord_town(*, hurried: bool) -> AsyncGenerator[Town]:
    """Discord. `hurried` lifts the limit of 50 requests a second for the whole bot; the channels' own stay."""
    from tests.loopback.discord import DiscordServer

    async with DiscordServer() as server:
        if hurried:
            server.limits.per_second = None
        yield _Discord(server)


@contextlib.asynccontextmanager
async def telegram_town(*, hurried: bool) -> AsyncGenerator[Town]:
    """Telegram. `hurried` changes nothing: the bot itself keeps to 30 messages a second."""
    from tests.loopback.telegram import TelegramServer

    async with TelegramServer() as server:
        yield _Telegram(server)


TOWNS = {"discord": discord_town, "telegram": telegram_town}


class _Discord:
    name = "discord"

    def __init__(self, server: Any) -> None:
        self._server = server
        self._users: list[Any] = []

    @property
    def settings(self) -> dict[str, Any]:
        return {"discord": {"token": self._server.token, "api_url": self._server.url}}

    async def move_in(self, people: int) -> None:
        self._users = [self._server.control.user(f"Person {number}") for number in range(people)]

    async def connected(self) -> None:
        await self._server.gateway.until_ready()

    async def say(self, person: int, text: str) -> float:
        user = self._users[person]
        began = time.monotonic()
        await self._server.control.say(self._server.control.dm(user), user, text)
        return began

    def replies(self, person: int) -> list[str]:
        messages = self._server.control.dm(self._users[person]).messages.values()
        return [one.text for one in messages if one.author is self._server.bot and not one.deleted]

    def first_words(self, person: int, words: str) -> float | None:
        channel = self._server.control.dm(self._users[person])
        changes = self._server.control.history(channel)
        return next((change.time for change in changes if words in change.content and _by_bot(change)), None)

    def fail_sometimes(self) -> None:
        from tests.loopback.discord import Fault

        faults = (
            Fault("answer", 429, retry_after=0.5),
            Fault("answer", 500),
            Fault("answer", 502),
            Fault("drop"),
        )
        self._server.faults.sometimes(FAULTS, SEED, *faults)

    def fair_weather(self) -> int:
        happened = len(self._server.faults.happened)
        self._server.faults.stop()
        return happened

    def violations(self) -> int:
        return len(self._server.limits.violations)


class _Telegram:
    name = "telegram"

    def __init__(self, server: Any) -> None:
        self._server = server
        self._users: list[Any] = []

    @property
    def settings(self) -> dict[str, Any]:
        return {"telegram": {"token": self._server.token, "api_url": self._server.url}}

    async def move_in(self, people: int) -> None:
        control = self._server.control
        self._users = [control.user(f"Person {number}", f"person{number}") for number in range(people)]

    async def connected(self) -> None:
        await self._server.world.updates.first_poll()

    async def say(self, person: int, text: str) -> float:
        user = self._users[person]
        began = time.monotonic()
        self._server.control.say(user, user, text)
        return began

    def replies(self, person: int) -> list[str]:
        chat = self._server.control.private(self._users[person])
        return [one.text for one in chat.visible() if one.from_bot]

    def first_words(self, person: int, words: str) -> float | None:
        events = self._server.history(self._server.control.private(self._users[person]))
        return next((one.at for one in events if one.by is self._server.bot and words in one.text), None)

    def fail_sometimes(self) -> None:
        self._server.faults.randomly(FAULTS, seed=SEED, kinds=(429, 500, 502, "drop"))

    def fair_weather(self) -> int:
        happened = len(self._server.faults.happened)
        self._server.faults.clear()
        return happened

    def violations(self) -> int:
        return len(self._server.limits.violations)


def _by_bot(change: Any) -> bool:
    return not change.author.startswith("Person ")
