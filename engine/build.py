"""Wires the engine, opens it and closes it. `bot/app.py` and the command line call `open_engine`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.casting import Casting
from engine.chat.planner import Planner
from engine.chat.title import Titles
from engine.config import EngineConfig
from engine.images.device.hardware import devices
from engine.images.identity.calibration import Calibration
from engine.images.previews import Previews
from engine.images.queue.embedded import EmbeddedQueue
from engine.images.queue.supervisor import WorkerPlan, Workers
from engine.memory.consolidate import Consolidation
from engine.memory.embed.choose import open_meanings
from engine.memory.imports.importing import Importing
from engine.memory.imports.tray import Tray
from engine.memory.recall import Memory
from engine.memory.summary import Summaries
from engine.memory.tell import Telling
from engine.models.ask import Asker
from engine.models.background import Background
from engine.models.choose import PARKED, open_model
from engine.models.parked import erase_parked
from engine.models.port import ChatModel as ChatModel
from engine.models.port import Keeper, Sampling
from engine.safety.policy import load_policy
from engine.safety.text import Gate
from engine.schedule import Schedule
from engine.selfie import Selfie
from engine.store.calls import Calls
from engine.store.characters import Characters
from engine.store.conversations import Conversations
from engine.store.db import Forget
from engine.store.drafts import Drafts
from engine.store.inbox import Inbox
from engine.store.ledger import Ledger
from engine.store.links import Account as Account
from engine.store.links import Links
from engine.store.media import MediaShelf
from engine.store.memories import Memories
from engine.store.people import People
from engine.store.seats import Seats
from engine.store.store import Store
from engine.turn import Turn
from engine.types import Clock, Conversation

if TYPE_CHECKING:
    from engine.memory.embed.meanings import Meanings


def utc_now() -> datetime:
    """The clock of a running product; tests pass their own."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Engine:
    """What the floors above may use: the stories, the queue, the memory and the records."""

    turn: Turn
    selfie: Selfie
    casting: Casting
    queue: EmbeddedQueue
    workers: Workers
    schedule: Schedule
    calibration: Calibration
    background: Background
    consolidation: Consolidation
    memory: Memory
    telling: Telling
    imports: Importing
    tray: Tray
    titles: Titles
    people: People
    characters: Characters
    conversations: Conversations
    memories: Memories
    media: MediaShelf
    previews: Previews
    drafts: Drafts
    inbox: Inbox
    ledger: Ledger
    seats: Seats
    calls: Calls
    links: Links
    clock: Clock

    async def run(self) -> None:
        """Keep the workers alive, the schedule kept, small work done; owned by the app's TaskGroup."""
        with self.schedule.running():
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.background.run())
                tasks.create_task(self.consolidation.run())
                tasks.create_task(self.workers.run())


@asynccontextmanager
async def open_engine(
    config: EngineConfig, data: Path, *, clock: Clock, model: ChatModel | None = None
) -> AsyncGenerator[Engine]:
    """The engine on a data directory, with the cast in it. Raises NewerDatabaseError."""
    store = await Store.open(data, clock=clock, synchronous=config.store.synchronous)
    try:
        async with AsyncExitStack() as stack:
            if model is None:
                model = await stack.enter_async_context(open_model(config, data))
            background = Background()
            meanings = open_meanings(config.memory, data, store, background)
            if meanings is not None:
                stack.callback(meanings.close)
                meanings.note_all()
            await store.on_erased(_forgetting(model, data, meanings))
            if isinstance(model, Keeper):
                # A backup that was put back does not know conversations that were begun since.
                await model.erase_strangers(await store.conversations.ids())
            on = await asyncio.to_thread(devices, config.images)
            engine = _wire(config, data, store, clock, model, background, meanings, on)
            await engine.casting.ship_cast()
            await asyncio.to_thread(engine.tray.sweep)
            for conversation_id in await engine.imports.unlearned():
                _go_on_learning(engine.imports, background, conversation_id)
            yield engine
    finally:
        await store.close()


def _go_on_learning(imports: Importing, background: Background, conversation_id: str) -> None:
    """Have the rest of an import learned from, a part at a time."""

    async def learn() -> None:
        if await imports.go_on(conversation_id):
            _go_on_learning(imports, background, conversation_id)

    background.note(f"import {conversation_id}", learn)


def _forgetting(model: ChatModel, data: Path, meanings: Meanings | None) -> Forget:
    """How what was read of conversations is erased: by the models, and what an earlier one has parked."""

    async def forget(conversations: Collection[str]) -> None:
        if meanings is not None:
            await meanings.forget(conversations)
        await asyncio.to_thread(erase_parked, data / PARKED, conversations)
        await model.forget(conversations)

    return forget


def _wire(
    config: EngineConfig,
    data: Path,
    store: Store,
    clock: Clock,
    model: ChatModel,
    background: Background,
    meanings: Meanings | None,
    on: Sequence[str],
) -> Engine:
    gate = Gate(load_policy(config.safety.blocked_phrases))
    queue = EmbeddedQueue(store.jobs, clock, config.images)
    asker = Asker(model)
    memory = Memory(store, clock, asker, meanings)
    titles = Titles(store, asker, gate)
    summaries = Summaries(store, asker, gate, background)
    consolidation = Consolidation(store, memory, asker, background, config.memory)
    planner = Planner(store, model, memory, clock, config.chat, config.memory, summaries)

    def new_lines(conversation_id: str) -> None:
        """What new lines leave to be done, whether they were said or imported."""
        consolidation.note(conversation_id)
        if meanings is not None:
            meanings.note(conversation_id)

    def after(conversation: Conversation) -> None:
        """What a reply leaves to be done, in the order of its use."""
        planner.answered(conversation)
        new_lines(conversation.id)
        if asker.able:
            background.note(f"facts {conversation.id}", lambda: memory.deepen(conversation))
            background.note(f"title {conversation.id}", lambda: titles.make(conversation))

    return Engine(
        turn=Turn(store, model, memory, planner, gate, clock, _sampling(config), after),
        selfie=Selfie(store, queue, gate, clock, config.images, asker),
        casting=Casting(store, gate),
        queue=queue,
        workers=Workers(
            queue,
            WorkerPlan(
                data,
                config.images,
                config.store.synchronous,
                blocked_phrases=config.safety.blocked_phrases,
                comfyui=config.comfyui,
                image_server=config.image_server,
            ),
            on,
        ),
        schedule=Schedule(store, clock, config.images),
        calibration=Calibration(store, config, data),
        background=background,
        consolidation=consolidation,
        memory=memory,
        telling=Telling(store, gate, clock),
        imports=Importing(store, gate, memory.learn, clock, new_lines),
        tray=Tray(data / "imports"),
        titles=titles,
        people=store.people,
        characters=store.characters,
        conversations=store.conversations,
        memories=store.memories,
        media=store.media,
        previews=Previews(data),
        drafts=store.drafts,
        inbox=store.inbox,
        ledger=store.ledger,
        seats=store.seats,
        calls=store.calls,
        links=store.links,
        clock=clock,
    )


def _sampling(config: EngineConfig) -> Sampling:
    """How replies are sampled."""
    if config.chat.model == "server":
        return Sampling(max_tokens=config.chat.reply_tokens, temperature=config.server.temperature)
    llm = config.llm
    return Sampling(
        max_tokens=config.chat.reply_tokens,
        temperature=llm.temperature,
        top_k=llm.top_k,
        min_p=llm.min_p,
        repeat_penalty=llm.repeat_penalty,
        dry=llm.dry,
        xtc=llm.xtc,
    )
