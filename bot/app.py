"""Composition root: settings → engine → surfaces; one TaskGroup; orderly shutdown. Called by `bot/__main__.py`."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from bot.access import Access
from bot.commands.command import Tools
from bot.commands.imports import told
from bot.commands.privacy import LOCAL
from bot.commands.registry import COMMANDS
from bot.config import Settings
from bot.delivery import Delivery
from bot.messages import Call, Inbound, Origin, Pictures, Surface, Wizard
from bot.messengers import build, keep_connected
from bot.ports import Messenger
from bot.router import Router
from bot.surfaces.terminal.surface import TerminalSurface
from bot.surfaces.terminal.talk import Ask, talk
from bot.surfaces.web.app import create_app
from bot.surfaces.web.config import WebConfig
from bot.surfaces.web.server import serve
from bot.surfaces.web.surface import WebSurface
from bot.wizard.machine import WizardMachine
from engine.build import ChatModel, Engine, open_engine, utc_now
from engine.errors import InputError, NotFoundError
from engine.types import PRIVATE_PLACE, CharacterRecord, Clock, Media, Person

log = logging.getLogger(__name__)

# The person at this machine, on the page and in the terminal alike.
OWNER = (LOCAL, "owner")


class EnginePictures:
    """Files of pictures for surfaces; a private picture exists for its person only."""

    def __init__(self, engine: Engine, wizard: WizardMachine) -> None:
        self._engine = engine
        self._wizard = wizard

    async def file(self, media_id: str, person_id: str) -> tuple[str, str]:
        """Path and MIME type of a picture. Raises NotFoundError."""
        media = await self._engine.media.get(media_id)
        if media.person_id in (None, person_id):
            return self._found(media)
        # Whoever was joined to somebody else since they were shown this goes on under that person's id.
        person_id = await self._engine.people.resolve(person_id)
        if media.person_id == person_id or await self._is_face_of_somebody_met(media, person_id):
            return self._found(media)
        raise NotFoundError

    async def _is_face_of_somebody_met(self, media: Media, person_id: str) -> bool:
        """Whoever talks with somebody else's character in a server sees its face, and nothing else of it."""
        if not media.character_id or not await self._engine.conversations.met(person_id, media.character_id):
            return False
        record = await self._engine.characters.get(media.character_id)
        return record.persona.references.headshot == media.id

    async def preview(self, job_id: str, person_id: str) -> str:
        """What the person's picture looks like while a model makes it; "" while there is nothing. Raises NotFoundError."""
        job = await self._engine.queue.get(job_id)
        if job.person_id not in (person_id, await self._engine.people.resolve(person_id)):
            raise NotFoundError
        path = await asyncio.to_thread(self._engine.previews.path, job_id)
        return str(path) if path else ""

    async def portrait(self, draft_id: str, person_id: str) -> tuple[str, str]:
        """Path and MIME type of a draft's live portrait."""
        draft = await self._wizard.own_draft(draft_id, person_id)
        media = await self._engine.selfie.portrait(draft)
        return self._found(media)

    def _found(self, media: Media) -> tuple[str, str]:
        return str(self._engine.media.path(media)), media.mime


@dataclass(frozen=True, slots=True)
class House:
    """An open product: what a surface is built from."""

    settings: Settings
    engine: Engine
    router: Router
    pictures: Pictures
    owner: Person


@asynccontextmanager
async def open_house(
    settings: Settings, data: Path, *, model: ChatModel | None = None, clock: Clock = utc_now
) -> AsyncGenerator[tuple[House, Delivery, dict[str, Surface]]]:
    """Open the engine and everything between it and the surfaces, which are added to the dictionary."""
    async with open_engine(settings.engine, data, clock=clock, model=model) as engine:
        wizard = WizardMachine(engine)
        surfaces: dict[str, Surface] = {}

        async def show_draft(draft_id: str, person_id: str) -> Wizard:
            return await wizard.show(await wizard.own_draft(draft_id, person_id))

        delivery = Delivery(engine, surfaces, show_draft)
        tools = Tools(engine=engine, wizard=wizard, delivery=delivery, settings=settings, commands=COMMANDS)
        access = Access(settings.access.messages_per_minute, time.monotonic)
        router = Router(tools, access, engine.inbox)
        owner = await engine.people.ensure(*OWNER, "")
        yield House(settings, engine, router, EnginePictures(engine, wizard), owner), delivery, surfaces


async def run_page(
    settings: Settings,
    data: Path,
    started: Callable[[str], None],
    say: Callable[[str], None],
    *,
    clock: Clock = utc_now,
) -> None:
    """Serve the page, Discord and Telegram until the process is asked to stop. Raises ConfigError.

    `started` is told the page's address, `say` a line when a messenger is there.
    """
    web = WebConfig(
        settings.web.host, settings.web.port, settings.web.access_token.get_secret_value(), settings.web.hosts
    )
    web.check()
    async with open_house(settings, data, clock=clock) as (house, delivery, surfaces):
        surface = WebSurface()
        page = create_app(
            door=house.router,
            pictures=house.pictures,
            surface=surface,
            config=web,
            person=lambda: house.owner.id,
            keep=house.engine.tray.put,
        )
        surfaces[surface.name] = surface
        messengers = build(settings, house.engine, house.router, house.pictures)
        await run_house(
            house,
            delivery,
            surfaces,
            lambda: serve(page, config=web, surface=surface, started=started),
            messengers=messengers,
            say=say,
        )


async def run_terminal(settings: Settings, data: Path, character: str, console: Console, ask: Ask) -> int:
    """Talk with a character in a terminal. Returns the exit code."""
    codes = []
    async with open_house(settings, data) as (house, delivery, surfaces):
        surface = TerminalSurface(console, house.pictures, house.owner.id)
        surfaces[surface.name] = surface

        async def main() -> None:
            keep = house.engine.tray.copy
            codes.append(await talk(house.router, surface, house.owner.id, character, ask, keep))

        await run_house(house, delivery, surfaces, main)
    return codes[0]


async def run_house(
    house: House,
    delivery: Delivery,
    surfaces: dict[str, Surface],
    main: Callable[[], Awaitable[None]],
    *,
    messengers: Sequence[Messenger] = (),
    say: Callable[[str], None] = log.info,
) -> None:
    """The worker, delivery, messengers and the router's tasks live as long as the main surface does."""
    surfaces.update({messenger.name: messenger for messenger in messengers})
    connecting = [messenger.name for messenger in messengers]
    async with (
        _beside(house.engine.run(), delivery.run()),
        house.router.running(surfaces, connecting=connecting),
        _beside(*(keep_connected(one, house.router.connected, say) for one in messengers)),
    ):
        try:
            await main()
        finally:
            house.router.stop()  # before the connections close


@asynccontextmanager
async def _beside(*works: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Work that goes on beside a block, and ends with it."""
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(work) for work in works]
        try:
            yield
        finally:
            for task in running:
                task.cancel()


async def draw_sheet(settings: Settings, data: Path, name: str, path: Path) -> None:
    """Write a character's contact sheet as PNG. Raises NotFoundError."""
    async with open_house(_silent(settings), data) as (house, _, _):
        record = await _find(house, name)
    png = await asyncio.to_thread(_contact_sheet, record)
    try:
        await asyncio.to_thread(path.write_bytes, png)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}. Choose another file with --out."
        ) from None


async def calibrate_character(settings: Settings, data: Path, name: str) -> str:
    """Calibrate how a character's face is recognised, and say what came of it. Raises NotFoundError, WeightsError."""
    async with open_house(_silent(settings), data) as (house, _, _):
        record = await _find(house, name)
        return await house.engine.calibration.calibrate(house.owner.id, record)


async def import_history(
    settings: Settings, data: Path, file: Path, character: str, me: str, console: Console
) -> None:
    """Make a conversation history a memory of a character's, with a bar while it takes. Raises InputError, NotFoundError."""
    async with open_house(_silent(settings), data) as (house, _, _):
        record = await _find(house, character)
        columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()
        with Progress(*columns, console=console, transient=True) as bars:
            bar = bars.add_task("")

            def show(stage: str, done: int, total: int) -> None:
                bars.update(bar, description=stage, completed=done, total=total or None)

            report = await house.engine.imports.take(
                file, house.owner.id, record, PRIVATE_PLACE, me=me, progress=show
            )
    console.print(told(report, record.persona.name), markup=False, highlight=False)


async def print_characters(settings: Settings, data: Path, console: Console) -> None:
    """List everyone who is here, as `/characters` does."""
    async with open_house(_silent(settings), data) as (house, _, _):
        surface = TerminalSurface(console, house.pictures, house.owner.id)
        origin = Origin(surface.name, house.owner.id)
        for outbound in await house.router.ask(Inbound(origin, "list", call=Call("characters"))):
            await surface.show(outbound)


def _silent(settings: Settings) -> Settings:
    """The settings without their chat model, where nobody talks: it would be loaded for nothing."""
    chat = settings.chat.model_copy(update={"model": "storyteller"})
    return settings.model_copy(update={"chat": chat})


async def _find(house: House, name: str) -> CharacterRecord:
    for record, _ in await house.engine.characters.catalog(house.owner.id):
        if name.casefold() in (record.slug.casefold(), record.persona.name.casefold(), record.id):
            return record
    raise NotFoundError(f"There is nobody called “{name}” here. See: selfsame character list")


def _contact_sheet(record: CharacterRecord) -> bytes:
    # The renderer is a library of its own weight: only the worker and this command load it.
    from engine.images.pipelines.illustrator.sheet import contact_sheet

    return contact_sheet(record.persona)
