"""A running product beside a messenger's loopback server, which a test may kill and start again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from tests.loopback.discord import DiscordServer
from tests.product import Product

QUICK = "[chat]\npace_ms = 0\n[images]\nsize = 256\nlease_seconds = 5\n"
# Slow words and large pictures, so that there is a middle to be killed in.
SLOW = "[chat]\npace_ms = 300\n[images]\nsize = 768\nlease_seconds = 5\n"


class Bot:
    """The product as a process, and the Discord that it is on."""

    def __init__(self, product: Product, discord: DiscordServer) -> None:
        self.product = product
        self.discord = discord

    async def start(self) -> None:
        """Start it and wait until it can be talked to."""
        await asyncio.to_thread(self.product.start)
        await self.discord.gateway.until_ready()
        await self.discord.control.until_commands()

    async def kill(self) -> None:
        """kill -9, and Discord has noticed."""
        await asyncio.to_thread(self.product.kill)
        await self.discord.gateway.until_gone()

    async def restart(self) -> None:
        """kill -9, and start again."""
        await self.kill()
        await self.start()


async def eventually(look: Callable[[], object], patience: float = 20.0) -> None:
    """Look again and again until something is so that announces itself to nobody."""
    async with asyncio.timeout(patience):
        while not look():
            await asyncio.sleep(0.02)


OnDiscord = Callable[..., AbstractAsyncContextManager[Bot]]


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


@pytest.fixture
def on_discord(discord: DiscordServer, tmp_path: Path) -> OnDiscord:
    """Run the product on Discord for the length of a block."""

    @asynccontextmanager
    async def running(settings: str = QUICK, more: str = "") -> AsyncIterator[Bot]:
        config = f'{settings}[discord]\ntoken = "{discord.token}"\napi_url = "{discord.url}"\n{more}'
        bot = Bot(Product(tmp_path / "data", config), discord)
        try:
            await bot.start()
            yield bot
            assert not discord.unknown_requests
            assert "Traceback" not in bot.product.said()
        finally:
            await asyncio.to_thread(bot.product.kill)

    return running
