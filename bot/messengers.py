"""Discord and Telegram: built when their token is set, given the engine's rooms, and kept connected.

`bot/app.py` calls it. Their libraries are imported only then: whoever has the page alone starts as quickly as ever.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Protocol

from bot.commands.registry import COMMANDS
from bot.config import DiscordConfig, Settings, TelegramConfig
from bot.messages import Call, Door, Pictures
from bot.ports import Accounts, Addressed, Calls, Ledger, Messenger, SurfaceError, Topics
from engine.build import Engine
from engine.errors import NotFoundError

if TYPE_CHECKING:
    from bot.surfaces.discord.config import DiscordSettings
    from bot.surfaces.telegram.config import TelegramConfig as TelegramSettings

log = logging.getLogger(__name__)

# Seconds until a surface whose connection failed connects again: the first time, and at most.
FIRST_WAIT = 1.0
LONGEST_WAIT = 300.0

Say = Callable[[str], None]


# Called with the surface's name once it can be reached.
Connected = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rooms:
    """What messengers are built from besides their settings."""

    door: Door
    pictures: Pictures
    accounts: Callable[[str], Accounts]  # of a surface
    ledger: Ledger
    calls: Calls
    topics: Topics
    addressed: Addressed


class KeptTexts(Protocol):
    """Texts behind tokens (engine/store/calls.py)."""

    async def keep(self, person_id: str, body: str) -> str:
        """The token of a text."""

    async def recall(self, token: str) -> str:
        """The text of a token. Raises NotFoundError."""


class KeptCalls:
    """Commands behind buttons, kept as JSON."""

    def __init__(self, texts: KeptTexts) -> None:
        self._texts = texts

    async def keep(self, person_id: str, call: Call) -> str:
        """A token for a command; the same command of the same person has the same."""
        return await self._texts.keep(person_id, json.dumps(asdict(call), ensure_ascii=False, sort_keys=True))

    async def recall(self, token: str) -> Call:
        """The command of a token. Raises NotFoundError with a sentence."""
        return Call(**json.loads(await self._texts.recall(token)))


def rooms(engine: Engine, door: Door, pictures: Pictures) -> Rooms:
    """The engine's rooms as messengers know them."""

    def accounts(surface: str) -> Accounts:
        async def person_of(external_id: str, name: str) -> str:
            # Asked every time: an account may have been joined to another or forgotten since its last message.
            return (await engine.people.ensure(surface, external_id, name)).id

        return person_of

    async def addressed(surface: str, channel: str, thread: str, text: str) -> bool:
        for character_id in await engine.seats.here(surface, channel, thread):
            if means(text, await _name(engine, character_id)):
                return True
        return False

    return Rooms(door, pictures, accounts, engine.ledger, KeptCalls(engine.calls), engine.seats, addressed)


def build(settings: Settings, engine: Engine, door: Door, pictures: Pictures) -> tuple[Messenger, ...]:
    """The messengers whose token is set."""
    given = rooms(engine, door, pictures)
    messengers: list[Messenger] = []
    if settings.discord.token.get_secret_value():
        messengers.append(_discord(settings.discord, given))
    if settings.telegram.token.get_secret_value():
        messengers.append(_telegram(settings.telegram, given))
    return tuple(messengers)


def _discord(config: DiscordConfig, given: Rooms) -> Messenger:
    from bot.surfaces.discord.surface import DiscordSurface

    return DiscordSurface(
        discord_settings(config),
        given.door,
        given.pictures,
        given.accounts("discord"),
        given.ledger,
        given.calls,
        given.addressed,
        COMMANDS,
    )


def _telegram(config: TelegramConfig, given: Rooms) -> Messenger:
    from bot.surfaces.telegram.surface import TelegramSurface

    return TelegramSurface(
        telegram_settings(config),
        given.door,
        given.pictures,
        given.accounts("telegram"),
        given.ledger,
        given.calls,
        given.topics,
        given.addressed,
        COMMANDS,
    )


def discord_settings(config: DiscordConfig) -> DiscordSettings:
    """What Discord's surface knows of the configuration."""
    from bot.surfaces.discord.config import DiscordSettings

    return DiscordSettings(
        token=config.token.get_secret_value(),
        api_url=config.api_url,
        message_content=config.message_content,
        own_faces=config.own_faces,
        age_restricted_only=config.age_restricted_only,
        shards=config.shards,
    )


def telegram_settings(config: TelegramConfig) -> TelegramSettings:
    """What Telegram's surface knows of the configuration."""
    from bot.surfaces.telegram.config import TelegramConfig as TelegramSettings

    return TelegramSettings(
        token=config.token.get_secret_value(), api_url=config.api_url, topics=config.topics
    )


async def keep_connected(
    messenger: Messenger,
    connected: Connected,
    say: Say,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Run a messenger for ever: connect again whatever happens, unless that would not help. Owned by the app."""
    wait, tell = FIRST_WAIT, say

    def ready(line: str) -> None:
        nonlocal wait, tell
        wait = FIRST_WAIT  # it was there: the next failure is a new one
        connected(messenger.name)
        tell(line)
        tell = log.info  # that it is there again is no news for the screen

    while True:
        try:
            await messenger.run(ready)
            why = "its connection ended"
        except Exception as error:
            # The page and the other messengers go on, whatever happens to this one.
            if hopeless := _hopeless(error):
                log.error("%s", hopeless.sentence)
                return
            why = type(error).__name__
            if wait == FIRST_WAIT and not isinstance(
                error, OSError | TimeoutError
            ):  # more than a network away
                log.exception("the connection to %s broke", messenger.name)
        log.warning("%s cannot be reached (%s); connecting again in %.0f s", messenger.name, why, wait)
        await sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)


def _hopeless(error: BaseException) -> SurfaceError | None:
    """The sentence of a failure that only the owner can mend, also from among others of a group."""
    if isinstance(error, SurfaceError):
        return error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return next((found for one in inner if (found := _hopeless(one))), None)


def means(text: str, name: str) -> bool:
    """Whether words call a character, by its whole name or its first: "Noor, come here", not "noorwegian"."""
    called = {name, *name.split()[:1]} - {""}
    return any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text, re.IGNORECASE) for one in called)


async def _name(engine: Engine, character_id: str) -> str:
    try:
        return (await engine.characters.get(character_id)).persona.name
    except NotFoundError:  # deleted a moment ago
        return ""
