"""A running product beside messengers' loopback servers, which a test may kill and start again."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path

import pytest

from tests.loopback.discord import DiscordServer
from tests.loopback.telegram import TelegramServer
from tests.product import Product

QUICK = "[chat]\npace_ms = 0\n[images]\nsize = 256\nlease_seconds = 5\n"
# Slow words and large pictures, so that there is a middle to be killed in.
SLOW = "[chat]\npace_ms = 300\n[images]\nsize = 1024\nlease_seconds = 5\n"


class Bot:
    """The product as a process, and the messengers that it is on."""

    def __init__(
        self, product: Product, discord: DiscordServer | None = None, telegram: TelegramServer | None = None
    ) -> None:
        self.product = product
        self._discord = discord
        self._telegram = telegram

    async def start(self) -> None:
        """Start it and wait until it can be talked to."""
        polls = [self._telegram.world.updates.next_poll()] if self._telegram else []
        waiting = asyncio.gather(*polls)
        await asyncio.to_thread(self.product.start)
        await waiting
        if self._discord:
            await self._discord.gateway.until_ready()
            await self._discord.control.until_commands()

    async def kill(self) -> None:
        """kill -9; Discord has noticed, and Telegram's updates wait for whoever asks for them."""
        await asyncio.to_thread(self.product.kill)
        if self._discord:
            await self._discord.gateway.until_gone()

    async def knows(self, ref: int) -> None:
        """Wait until it has heard, and noted, which message its words became: from then on they stand there once."""

        def noted() -> bool:
            path = self.product.data / "selfsame.db"
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
                return bool(db.execute("SELECT 1 FROM shown WHERE ref = ?", (str(ref),)).fetchone())

        await eventually(noted)

    async def restart(self) -> None:
        """kill -9, and start again."""
        await self.kill()
        await self.start()


async def eventually(look: Callable[[], object], patience: float = 20.0) -> None:
    """Look again and again until something is so that announces itself to nobody."""
    async with asyncio.timeout(patience):
        while not look():
            await asyncio.sleep(0.02)


Running = Callable[..., AbstractAsyncContextManager[Bot]]


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


def settings_of(discord: DiscordServer | None, telegram: TelegramServer | None) -> str:
    """The tables that lead to the loopback servers."""
    tables = [("discord", discord), ("telegram", telegram)]
    return "".join(
        f'[{name}]\ntoken = "{server.token}"\napi_url = "{server.url}"\n' for name, server in tables if server
    )


@asynccontextmanager
async def running(
    data: Path,
    settings: str,
    *,
    discord: DiscordServer | None = None,
    telegram: TelegramServer | None = None,
) -> AsyncIterator[Bot]:
    """Run the product for the length of a block; nothing that it asked of a server was unknown there."""
    bot = Bot(Product(data, settings + settings_of(discord, telegram)), discord, telegram)
    try:
        await bot.start()
        yield bot
        for server in (discord, telegram):
            assert server is None or not server.unknown_requests
        assert "Traceback" not in bot.product.said()
    finally:
        await asyncio.to_thread(bot.product.kill)


@pytest.fixture
def on_discord(discord: DiscordServer, tmp_path: Path) -> Running:
    """Run the product on Discord."""
    return lambda settings=QUICK: running(tmp_path / "data", settings, discord=discord)


@pytest.fixture
def on_telegram(telegram: TelegramServer, tmp_path: Path) -> Running:
    """Run the product on Telegram."""
    return lambda settings=QUICK: running(tmp_path / "data", settings, telegram=telegram)


@pytest.fixture
def on_both(discord: DiscordServer, telegram: TelegramServer, tmp_path: Path) -> Running:
    """Run the product on Discord and on Telegram."""
    return lambda settings=QUICK: running(tmp_path / "data", settings, discord=discord, telegram=telegram)
