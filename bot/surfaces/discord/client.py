"""The connection: the library's own client, told to keep nothing, and its failures as sentences.

`surface.py` runs it. What the gateway brings goes to a `Listener`; everything that is sent goes by `rest.py`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.ports import SurfaceError
from bot.surfaces.discord.config import DiscordSettings

NOT_ACCEPTED = (
    "Discord does not accept the token. Make a new one: discord.com/developers → your application → Bot → "
    "Reset Token, and put it into SELFSAME_DISCORD_TOKEN."
)
WRONG_INTENT = (
    "Discord does not let this bot read messages that do not mention it. Switch it on: discord.com/developers → "
    "your application → Bot → Message Content Intent; or set message_content = false under [discord]."
)
NEEDS_SHARDS = (
    "This bot is in too many servers for one connection. Set shards = 1 under [discord], and Discord says how many "
    "it takes."
)
WRONG_SHARDS = "Discord does not accept that number of shards. Set shards = 1 under [discord], and Discord says how many it takes."

NO_ADDRESS = (
    "[discord] api_url is no address of Discord's API. It begins with http:// or https:// and ends in /api/v10; "
    "leave it out for Discord itself."
)

# The gateway's close codes after which trying again would not help.
CLOSED_FOR_GOOD = {
    4004: NOT_ACCEPTED,
    4010: WRONG_SHARDS,
    4011: NEEDS_SHARDS,
    4013: WRONG_INTENT,
    4014: WRONG_INTENT,
}
# The library names addresses when it waits for a rate limit, and some hold tokens of webhooks and interactions.
TOKEN_IN_ADDRESS = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?]+")
LOUD = ("discord.http", "discord.webhook.async_")


class Listener(Protocol):
    """Who hears of what happens on Discord."""

    async def message(self, message: discord.Message) -> None:
        """Somebody wrote."""

    async def interaction(self, interaction: discord.Interaction) -> None:
        """Somebody used a command, clicked, typed into an option, or sent a form."""


class WithoutTokens(logging.Filter):
    """Takes the tokens out of the library's own log lines."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through, without its tokens."""
        if isinstance(record.args, tuple):
            record.args = tuple(_without_token(value) for value in record.args)
        return True


def _without_token(value: object) -> object:
    return TOKEN_IN_ADDRESS.sub(r"\1…", value) if isinstance(value, str) else value


def intents(settings: DiscordSettings) -> discord.Intents:
    """What we ask Discord to tell us, and nothing else."""
    wanted = discord.Intents.none()
    wanted.guilds = wanted.guild_messages = wanted.dm_messages = True
    wanted.message_content = settings.message_content
    return wanted


def make_client(settings: DiscordSettings, listener: Listener) -> discord.Client:
    """The library's client: one connection or several, no cache of members or messages, nobody mentioned."""
    # Nobody speaks here: without its two libraries for voice the library would warn at every start.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    shards: int | None = settings.shards if settings.shards > 1 else None
    kind = discord.AutoShardedClient if settings.shards else discord.Client
    client = kind(
        intents=intents(settings),
        shard_count=shards,
        max_messages=None,
        member_cache_flags=discord.MemberCacheFlags.none(),
        chunk_guilds_at_startup=False,
        allowed_mentions=discord.AllowedMentions.none(),
    )

    @client.event
    async def on_message(message: discord.Message) -> None:
        await listener.message(message)

    @client.event
    async def on_interaction(interaction: discord.Interaction) -> None:
        await listener.interaction(interaction)

    return client


@asynccontextmanager
async def logged_in(client: discord.Client, settings: DiscordSettings) -> AsyncGenerator[None]:
    """Log in at the API, and close everything afterwards. Raises SurfaceError for a token that is none."""
    _keep_tokens_out_of_the_log()
    if settings.api_url:  # the library has one address for the whole process
        Route.BASE = settings.api_url.rstrip("/")
    if not (settings.token.isascii() and settings.token.isprintable()):
        raise SurfaceError(NOT_ACCEPTED)
    async with client:
        try:
            await client.login(settings.token)
            if settings.api_url:
                _, gateway, _ = await client.http.get_bot_gateway()
                DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
        except discord.LoginFailure:
            raise SurfaceError(NOT_ACCEPTED) from None
        except (
            discord.NotFound,
            aiohttp.InvalidURL,
            aiohttp.NonHttpUrlClientError,
            ValueError,
        ):  # something else answers, or nothing can
            raise SurfaceError(NO_ADDRESS) from None
        yield


async def stay_connected(client: discord.Client, connected: Callable[[], None]) -> None:
    """Follow the gateway for ever; dropped connections are resumed. Raises SurfaceError where that cannot help.

    `connected` is called for each new session, and not for one that is resumed.
    """

    @client.event
    async def on_connect() -> None:
        connected()

    try:
        await client.connect()
    except discord.PrivilegedIntentsRequired:
        raise SurfaceError(WRONG_INTENT) from None
    except discord.ConnectionClosed as closed:
        if sentence := CLOSED_FOR_GOOD.get(closed.code):
            raise SurfaceError(sentence) from None
        raise


def _keep_tokens_out_of_the_log() -> None:
    for name in LOUD:
        logger = logging.getLogger(name)
        if not any(isinstance(one, WithoutTokens) for one in logger.filters):
            logger.addFilter(WithoutTokens())
