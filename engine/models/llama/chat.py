"""The async side of the model in this process: prompts in, pieces of text out. `engine/models/choose.py` opens it.

Here lives what the event loop may do: tokens are counted, orders are put into the thread's queue, and what the thread
has for anybody comes back once a step.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from engine.config import LlmConfig
from engine.errors import BusyError, DownError, ModelError
from engine.models.llama.cache import Cache, erase_orphans, parked_pasts
from engine.models.llama.commands import Cancel, Close, Forget, Orphans, Submit
from engine.models.llama.context import Context, Shape
from engine.models.llama.job import Item, Job, Order, Place
from engine.models.llama.library import library
from engine.models.llama.loop import Loop, Post
from engine.models.llama.metrics import Metrics, Snapshot
from engine.models.llama.model import Model, fingerprint_of, open_model
from engine.models.llama.reading import Reading
from engine.models.llama.shelf import Shelf
from engine.models.machine import look_around
from engine.models.port import Finish, Prompt, Sampling, Work
from engine.models.text import RawWords

log = logging.getLogger(__name__)

MIB = 1 << 20
# Tokens that may rest in the context while others are written to. A processor walks over all cells for every step:
# 1,400 cost a tenth of a step of one (0.5B shape, flash attention), and putting a conversation of 1,000 tokens back
# costs 40 ms once. A GPU does not feel them.
IDLE_CELLS_CPU = 256
# Where nothing is said about room: so many full conversations, in at most this share of the memory that is free.
FULL_CONVERSATIONS, MEMORY_SHARE = 4, 0.25
NOT_ERASED = (
    "What the model has read of a deleted conversation could not be erased from the disk. "
    "Delete the folder parked in the data directory."
)


class Engine:
    """All that belongs to one model in this process, and the thread that works with it."""

    def __init__(
        self, config: LlmConfig, path: Path, *, parked: Path | None, gpu_layers: int, kv_tokens: int
    ) -> None:
        """Load it all: seconds to minutes. Raises ModelError with what to do."""
        with ExitStack() as stack:
            self.model = open_model(path, gpu_layers=gpu_layers)
            stack.callback(self.model.close)
            self.reading = Reading(self.model)
            self.limit = min(config.context_tokens, self.model.context or config.context_tokens)
            cells = kv_tokens or config.kv_tokens or _room(self.model, config, self.limit)
            shape = _shape(config, max(cells, self.limit), gpu=gpu_layers > 0)
            self.context = Context(self.model, shape, config.adapter)
            stack.callback(self.context.close)
            self.shelf = _shelf(config, parked, self.model)
            stack.callback(self.shelf.close)
            self.metrics = Metrics()
            idle = self.context.cells if gpu_layers > 0 else IDLE_CELLS_CPU
            self.cache = Cache(self.context, self.shelf, self.metrics, idle_cells=idle)
            self._stack = stack.pop_all()

    def start(self, post: Post, slots: int) -> tuple[Loop, threading.Thread]:
        """Start the thread. It ends after `Close`."""
        loop = Loop(self.model, self.context, self.cache, self.metrics, post, slots=slots)
        thread = threading.Thread(target=loop.run, name="llama", daemon=True)
        thread.start()
        return loop, thread

    def close(self) -> None:
        """Park what is on the shelf, and free everything. The thread must have ended."""
        self._stack.close()


@asynccontextmanager
async def open_llama(
    config: LlmConfig, path: Path, *, parked: Path | None, gpu_layers: int = 0, kv_tokens: int = 0
) -> AsyncIterator[LlamaChat]:
    """A chat model from a GGUF file, ready to answer. Raises ModelError with what to do.

    `parked`: the folder for what it has read of conversations that rest; None: they are kept in memory only.
    `kv_tokens`: how many tokens it holds ready; 0: as the configuration says.
    """
    engine = await _loaded(config, path, parked, gpu_layers, kv_tokens)
    events = asyncio.get_running_loop()

    def post(items: Sequence[tuple[Job, Item]]) -> None:
        # Nobody is left to hear of it once the event loop has ended.
        with contextlib.suppress(RuntimeError):
            events.call_soon_threadsafe(_hand_out, items)

    loop, thread = engine.start(post, config.slots)
    try:
        yield LlamaChat(engine, loop, config, thread)
    finally:
        loop.tell(Close())
        await asyncio.shield(asyncio.to_thread(_end, thread, engine))
        log.info("The chat model ends: %s", engine.metrics.snapshot().numbers)


async def _loaded(
    config: LlmConfig, path: Path, parked: Path | None, gpu_layers: int, kv_tokens: int
) -> Engine:
    loading = asyncio.create_task(
        asyncio.to_thread(Engine, config, path, parked=parked, gpu_layers=gpu_layers, kv_tokens=kv_tokens)
    )
    try:
        return await asyncio.shield(loading)
    except asyncio.CancelledError:
        # The thread cannot be stopped; what it has loaded by then is freed.
        engine = await loading
        await asyncio.to_thread(engine.close)
        raise


def _end(thread: threading.Thread, engine: Engine) -> None:
    thread.join()
    engine.close()


def _hand_out(items: Sequence[tuple[Job, Item]]) -> None:
    """What a step had for everybody; the only thing that the thread ever asks the event loop to do."""
    for job, item in items:
        job.deliver(item)


class LlamaChat:
    """A `ChatModel` on llama.cpp in this process."""

    def __init__(self, engine: Engine, loop: Loop, config: LlmConfig, thread: threading.Thread) -> None:
        self._engine = engine
        self._thread = thread
        self._loop = loop
        self._config = config
        self._under_way = 0

    @property
    def name(self) -> str:
        """The model's name and how its numbers are written, e.g. "Qwen3 8B Q4_K_M"."""
        return self._engine.model.facts.title

    @property
    def context_tokens(self) -> int:
        """The most tokens that a prompt and its reply may have together."""
        return self._engine.limit

    @property
    def structured(self) -> bool:
        """It can follow schemas and grammars."""
        return True

    def metrics(self) -> Snapshot:
        """What it has done so far, and how fast."""
        return self._engine.metrics.snapshot()

    def count_tokens(self, text: str) -> int:
        """How many tokens a text has as somebody's words."""
        return self._engine.reading.count(text)

    def prompt_tokens(self, prompt: Prompt) -> int:
        """How many tokens the whole prompt has as the model reads it."""
        return self._engine.reading.length(prompt)

    async def stream(
        self,
        prompt: Prompt,
        sampling: Sampling,
        work: Work = Work(),  # noqa: B008 - it is frozen
    ) -> AsyncGenerator[str | Finish]:
        """Answer piece by piece, then say how it went. Closing the generator stops the work at once."""
        inbox: asyncio.Queue[Item] = asyncio.Queue()
        job = self._job(prompt, sampling, work, inbox)
        if self._under_way >= self._config.slots + self._config.max_waiting:
            raise BusyError
        if not self._loop.tell(Submit(job)):
            raise DownError
        self._under_way += 1
        over = False
        try:
            while not over:
                item = await inbox.get()
                over = isinstance(item, Finish | ModelError)
                if isinstance(item, ModelError):
                    raise item
                if isinstance(item, Place):
                    if work.on_place:
                        work.on_place(item.number)
                else:
                    yield item
        finally:
            self._under_way -= 1
            if not over:
                self._loop.tell(Cancel(job))

    async def forget(self, conversations: Collection[str]) -> None:
        """Erase all that was kept for these conversations; it is gone when this returns. Raises ModelError if not."""
        self._engine.reading.forget()
        left = await self._told(lambda done: Forget(frozenset(conversations), done))
        if left is None:
            left = await asyncio.to_thread(self._forget_parked, conversations)
        else:
            parked = await asyncio.to_thread(parked_pasts, self._engine.shelf)
            left |= await self._told(lambda done: Orphans(parked, done)) or frozenset()
        if left:
            raise ModelError(NOT_ERASED)

    async def _told(
        self, command: Callable[[Callable[[frozenset[str]], None]], Forget | Orphans]
    ) -> frozenset[str] | None:
        """Tell the thread to erase something; what it could not erase. None if the thread has ended."""
        events = asyncio.get_running_loop()
        left: asyncio.Future[frozenset[str]] = events.create_future()

        def done(names: frozenset[str]) -> None:
            # Nobody is left to hear of it once the event loop has ended.
            with contextlib.suppress(RuntimeError):
                events.call_soon_threadsafe(_resolve, left, names)

        return await left if self._loop.tell(command(done)) else None

    def _forget_parked(self, conversations: Collection[str]) -> frozenset[str]:
        """The same once the thread has ended, on its own or at the end: all that it had read is on the shelf then."""
        self._thread.join()
        shelf = self._engine.shelf
        return shelf.drop(conversations) | erase_orphans(shelf, parked_pasts(shelf))

    async def erase_strangers(self, known: Collection[str]) -> None:
        """Erase what is parked of all conversations but these: for the start, after a crash."""
        await asyncio.to_thread(self._engine.shelf.erase_strangers, known)

    def _job(self, prompt: Prompt, sampling: Sampling, work: Work, inbox: asyncio.Queue[Item]) -> Job:
        """An order in the model's own terms. Raises ModelError if the prompt is too long."""
        read = self._engine.reading.prompt(prompt)
        room = self.context_tokens - len(read.tokens)
        if room < 1:
            raise ModelError(
                f"That is too long for the model: {len(read.tokens)} tokens, and it holds {self.context_tokens}."
            )
        in_form = bool(sampling.schema or sampling.grammar)
        opened = "" if in_form else self._engine.reading.template.opens_reasoning
        now = time.monotonic()
        order = Order(
            tokens=read.tokens,
            shared=read.shared,
            steady=read.steady,
            most=max(min(sampling.max_tokens, room), 1),
            sampling=sampling,
            conversation=work.conversation,
            priority=work.priority,
            asked=now,
            deadline=now + (self._config.deadline_seconds if work.deadline_s is None else work.deadline_s),
        )
        # Where the vocabulary does not know the template's marks, the model writes them out letter by letter.
        closing = self._engine.reading.template.closing
        stops = (*sampling.stops, closing) if closing and not in_form else sampling.stops
        return Job(order, inbox.put_nowait, RawWords(stops, opened=opened, thinks=not in_form))


def _resolve(future: asyncio.Future[frozenset[str]], names: frozenset[str]) -> None:
    if not future.done():
        future.set_result(names)


def _shape(config: LlmConfig, cells: int, *, gpu: bool) -> Shape:
    return Shape(
        cells=cells,
        slots=config.slots,
        threads=config.threads or _cores(),
        kv_type=config.kv_type,
        flash=config.flash_attention,
        gpu=gpu,
    )


def _cores() -> int:
    """The processor's cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _room(model: Model, config: LlmConfig, limit: int) -> int:
    """How many tokens to hold ready where nobody has said: some whole conversations, if they fit."""
    wish = limit * min(config.slots, FULL_CONVERSATIONS)
    token_bytes = sum(model.facts.kv_bytes(config.kv_type))
    if not token_bytes:
        return wish
    fits = int(look_around().ram_free * MEMORY_SHARE / token_bytes)
    return max(min(wish, fits), limit)


def _shelf(config: LlmConfig, parked: Path | None, model: Model) -> Shelf:
    """The shelf for states of just this model, read in just this way."""
    adapter = fingerprint_of(Path(config.adapter)) if config.adapter else "-"
    scope = " ".join([model.fingerprint, library().version, config.kv_type, config.flash_attention, adapter])
    return Shelf(
        parked,
        scope=scope,
        ram_bytes=config.park_ram_mb * MIB,
        disk_bytes=config.park_disk_mb * MIB,
        passphrase=config.park_key.get_secret_value(),
    )
