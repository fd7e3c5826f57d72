"""Composition root: settings → engine → surfaces; one TaskGroup; orderly shutdown. Called by `bot/__main__.py`."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.access import Access
from bot.commands.command import Tools
from bot.commands.registry import COMMANDS
from bot.config import Settings
from bot.delivery import Delivery
from bot.messages import Pictures, Surface
from bot.router import Router
from bot.wizard.machine import WizardMachine
from engine.build import Engine, open_engine, utc_now
from engine.errors import ConfigError, NotFoundError
from engine.types import Person

# The person at this machine, on the page and in the terminal alike.
OWNER = ("local", "owner")
# Characters of an access token that is not guessed.
TOKEN_LENGTH = 16


class EnginePictures:
    """Files of pictures for surfaces; a private picture exists for its person only."""

    def __init__(self, engine: Engine, wizard: WizardMachine) -> None:
        self._engine = engine
        self._wizard = wizard

    async def file(self, media_id: str, person_id: str) -> tuple[str, str]:
        """Path and MIME type of a picture. Raises NotFoundError."""
        media = await self._engine.media.get(media_id)
        if media.person_id not in (None, person_id):
            raise NotFoundError
        return str(self._engine.media.path(media)), media.mime

    async def portrait(self, draft_id: str, person_id: str) -> tuple[str, str]:
        """Path and MIME type of a draft's live portrait."""
        draft = await self._wizard.own_draft(draft_id, person_id)
        media = await self._engine.selfie.portrait(draft)
        return str(self._engine.media.path(media)), media.mime


@dataclass(frozen=True, slots=True)
class House:
    """An open product: what a surface is built from."""

    settings: Settings
    engine: Engine
    router: Router
    pictures: Pictures
    owner: Person


Serve = Callable[[House], tuple[Sequence[Surface], Awaitable[None]]]


@asynccontextmanager
async def open_house(settings: Settings, data: Path) -> AsyncGenerator[tuple[House, Delivery, dict[str, Surface]]]:
    """Open the engine and everything between it and the surfaces."""
    async with open_engine(settings.engine, data, clock=utc_now) as engine:
        wizard = WizardMachine(engine)
        surfaces: dict[str, Surface] = {}
        delivery = Delivery(engine, surfaces)
        tools = Tools(engine=engine, wizard=wizard, delivery=delivery, settings=settings, commands=COMMANDS)
        router = Router(tools, Access(settings.access.messages_per_minute, time.monotonic))
        owner = await engine.people.ensure(*OWNER, "")
        house = House(settings, engine, router, EnginePictures(engine, wizard), owner)
        yield house, delivery, surfaces


async def run(settings: Settings, data: Path, serve: Serve) -> None:
    """Run surfaces until the main one ends: the worker, delivery and the router's tasks end with it."""
    async with open_house(settings, data) as (house, delivery, surfaces):
        built, main = serve(house)
        surfaces.update({surface.name: surface for surface in built})
        async with asyncio.TaskGroup() as tasks:
            background = [tasks.create_task(house.engine.run()), tasks.create_task(delivery.run())]
            try:
                async with house.router.running(surfaces):
                    await main
            finally:
                for task in background:
                    task.cancel()


def check_address(host: str, token: str) -> None:
    """Refuse to open the page to other machines without a password. Raises ConfigError."""
    if not is_loopback(host) and len(token) < TOKEN_LENGTH:
        raise ConfigError(
            f"The page would be open to other machines at {host}. Set SELFSAME_ACCESS_TOKEN to a password of at "
            f"least {TOKEN_LENGTH} characters first, or leave host at 127.0.0.1."
        )


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
