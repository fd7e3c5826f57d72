"""A small bot on the unmodified library, for the loopback's own tests: it collects what it hears and answers nothing by
itself. `point_library_at` is what the product does with `[discord] api_url`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import discord
import pytest
import yarl
from discord import app_commands

from tests.loopback.discord.server import DiscordServer
from tests.loopback.discord.world import Changes


def point_library_at(server: DiscordServer, patch: pytest.MonkeyPatch) -> None:
    """discord.py talks to the loopback until the test ends."""
    patch.setattr(discord.http.Route, "BASE", server.url)
    patch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway.url))


class Impatient(discord.AutoShardedClient):
    """Does not wait 5 seconds between identifies, as the library does for Discord's sake."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """At once."""


class Ears:
    """What a client heard, in order."""

    def __init__(self, client: discord.Client) -> None:
        self.messages: list[discord.Message] = []
        self.interactions: list[discord.Interaction] = []
        self.changes = Changes()
        self.client = client
        client.event(self.on_message)
        client.event(self.on_interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Keep what others say."""
        if message.author.id != self.client.application_id:
            self.messages.append(message)
            self.changes.notify()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Keep every interaction."""
        self.interactions.append(interaction)
        self.changes.notify()

    async def message(self, number: int = 0) -> discord.Message:
        """Wait for the message with that number."""
        await self.changes.until(lambda: len(self.messages) > number, 10, lambda: "no message came")
        return self.messages[number]

    async def interaction(self, number: int = 0) -> discord.Interaction:
        """Wait for the interaction with that number."""
        await self.changes.until(lambda: len(self.interactions) > number, 10, lambda: "no interaction came")
        return self.interactions[number]


@asynccontextmanager
async def running(
    server: DiscordServer, client: discord.Client | None = None, **options: Any
) -> AsyncIterator[Ears]:
    """A client that is connected to the server until the block ends."""
    options = {"intents": discord.Intents.default(), "guild_ready_timeout": 0.05, **options}
    client = client or Impatient(**options)
    ears = Ears(client)
    task = asyncio.create_task(client.start(server.token))
    try:
        await server.gateway.until_ready(options.get("shard_count", 1))
        yield ears
    finally:
        await client.close()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def with_commands(ears: Ears, *commands: app_commands.Command[Any, ..., Any]) -> None:
    """Register slash commands; they do nothing but be heard."""
    tree = app_commands.CommandTree(ears.client)
    for command in commands:
        tree.add_command(command)
    await tree.sync()
