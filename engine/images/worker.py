"""The worker process: claims picture jobs, renders them, stores the pictures. Started by queue/supervisor.py.

    job = await self._queue.claim(...)           under a lease that heartbeats prolong
    orders += await self._taking.alike(...)      jobs that can be made together with it, when the line is long
    painted = await self._heart.keep(...)        in a thread of its own, which may block (`painter.py`)
    await self._ends.settle(order, one)          picture and success in one transaction, or neither (`ends.py`)

It ends when its line to the bot is cut, or when it has to be started anew because memory ran out or the card failed:
what it held goes back into the queue and runs again, once.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import BinaryIO, TypeVar

from engine.errors import NotFoundError, SelfsameError
from engine.images.device.forget import Forgetting
from engine.images.device.hardware import inside, ledger_name
from engine.images.device.ladder import LadderBook, RestartNeeded, Trouble
from engine.images.ends import Ends
from engine.images.heartbeat import Heartbeat
from engine.images.materials import Gatherer
from engine.images.orders import Orders
from engine.images.painter import Painter
from engine.images.pipelines.port import Rendered, Workshop
from engine.images.pipelines.registry import ILLUSTRATOR, Registry
from engine.images.previews import Previews
from engine.images.queue.embedded import EmbeddedQueue
from engine.images.queue.line import Word, WorkerConfig, read_config, write_word
from engine.images.underway import Underway
from engine.log import set_up_logging
from engine.safety.policy import load_policy
from engine.safety.text import Gate
from engine.store.store import Store
from engine.types import Job, JobStatus, PictureJob

log = logging.getLogger(__name__)

T = TypeVar("T")

# Seconds between two looks at the table: while others hold jobs that may come back, and while there are none.
LOOK_WAITING = 2.0
LOOK_IDLE = 60.0
# A worker says that it lives this often within the time that it may be silent.
SIGNS = 4
# Seconds that a busy machine may keep this process, which is nice, from running at all.
STARVED = 60.0
# Seconds that a model may be at something that tells nothing: it is loaded, compiled, or runs on a slow processor.
SLOWEST = 900.0
# Seconds between two looks whether pictures were erased of which models keep something.
FORGETTING = 60.0
# What stands for a job in the ladder's book where a worker was started anew in warming up.
WARMING_UP = "warming up"
# Nice value: pictures may take the whole machine, but never before the bot's event loop.
NICE = 10

Say = Callable[[Word], None]
# What is said where the process before this one died in warming up.
DIED_WARMING = (
    "Warming up the picture model ended the process before this one: there is too little memory, or the card fails. "
    "It is left to the first picture. docs/images.md says which model fits which machine."
)


class Worker:
    """Claims and renders until it is cancelled, or has to be started anew."""

    def __init__(self, config: WorkerConfig, store: Store, say: Say) -> None:
        self._config, self._say = config, say
        self._queue = EmbeddedQueue(store.jobs, _now, config.images)
        workshop = _workshop(config)
        self._registry = Registry(workshop, config.pipelines, config.families)
        self._painter = Painter(workshop, self._registry)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="render")
        self._book = LadderBook(config.data, workshop.card or workshop.device)
        self._previews = Previews(config.data)
        self._taking = Orders(
            config.name,
            self._queue,
            Gatherer(store),
            self._book,
            Gate(load_policy(config.blocked_phrases)),
            self._previews if config.images.previews else None,
        )
        self._heart = Heartbeat(self._queue, config.images.lease_seconds, partial(say, Word.CHANGED))
        self._ends = Ends(store, self._queue, self._book, self._stamped)
        self._forgetting, self._looked_at = Forgetting(config.data), 0.0
        self._bell = asyncio.Event()
        self._orders: Sequence[Underway] = ()
        self._warming = True

    def ring(self) -> None:
        """There may be something to claim or to cancel."""
        self._bell.set()
        for order in self._orders:
            order.ring()

    async def run(self) -> None:
        """Sweep and warm up, then work until cancelled, or until this process can do no more."""
        await self._sweep()
        await self._warm()
        self._warming = False
        self._say(Word.READY)
        while not self._ends.over:
            self._bell.clear()
            await self._look_for_erased()
            job = await self._queue.claim(self._config.name)
            if job is not None:
                await self._work(job)
            else:
                await self._rest()

    async def show_life(self) -> None:
        """Say regularly that this process lives; while it renders, only progress is a sign of life."""
        silence = self._config.images.watchdog_seconds
        while True:
            # If not even this loop runs any more (a library that keeps the interpreter to itself), and nobody
            # is left to notice, the process ends itself.
            faulthandler.dump_traceback_later(max(2 * silence, STARVED), exit=True)
            if self._is_well():
                self._say(Word.ALIVE)
            await asyncio.sleep(silence / SIGNS)

    def _is_well(self) -> bool:
        """Whether it rests, or is at something of which nothing can be told for minutes."""
        if self._warming or (self._orders and self._registry.slow):
            return time.monotonic() - self._heart.last_sign < SLOWEST
        return not self._orders

    async def give_back(self) -> None:
        """Put what is held back into the queue: it is not the picture's fault that this process ends."""
        await self._queue.release(self._config.name, forgive=True)

    async def _rest(self) -> None:
        patience = LOOK_WAITING if await self._queue.waiting() else LOOK_IDLE
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._bell.wait()

    # ------------------------------------------------------------ beginning, and looking after what is kept

    async def _sweep(self) -> None:
        """Remove previews of pictures that nobody makes any more, and what was read of pictures that are gone."""
        gone = {job_id for job_id in self._previews.jobs() if not await self._runs(job_id)}
        self._previews.sweep(gone)
        await asyncio.to_thread(self._forgetting.begin)
        self._looked_at = time.monotonic()

    async def _runs(self, job_id: str) -> bool:
        try:
            return (await self._queue.get(job_id)).status is JobStatus.RUNNING
        except NotFoundError:
            return False

    async def _look_for_erased(self) -> None:
        if time.monotonic() - self._looked_at >= FORGETTING:
            await asyncio.to_thread(self._forgetting.look)
            self._looked_at = time.monotonic()

    async def _warm(self) -> None:
        """Load the pipeline and draw a small picture, so that the first real one does not wait for it."""
        name = self._config.images.pipeline
        try:
            if name == ILLUSTRATOR:
                await self._in_thread(partial(self._painter.warm, name))
                return
            with self._book.warming() as go:
                said = await self._in_thread(partial(self._painter.warm, name)) if go else DIED_WARMING
            if said:
                log.warning("%s", said)
        except RestartNeeded as need:
            # Once: if it happens again, the jobs meet it, and they are counted.
            log.warning("The picture model could not be warmed up (%s).", need)
            self._ends.over = need.trouble is Trouble.FAULT and not self._book.restarted(WARMING_UP)
            self._book.note(need, [WARMING_UP] if self._ends.over else [])
        except SelfsameError as error:
            log.warning("The picture model could not be warmed up. %s", error.sentence)
        except Exception:
            log.exception(
                "The picture model could not be warmed up; it is tried again with the first picture."
            )

    # ------------------------------------------------------------ one job, or several that go together

    async def _work(self, job: Job) -> None:
        """From claim to end. Whatever goes wrong ends in the jobs' records."""
        self._say(Word.CHANGED)
        try:
            first = await self._taking.open(job)
        except SelfsameError as error:
            await self._ends.fail(job, error)
        else:
            self._orders = [first, *await self._taking.alike(first, self._keys)]
            painting = asyncio.ensure_future(self._in_thread(partial(self._painter.paint, self._orders)))
            painted = await self._heart.keep(self._orders, painting)
            for order, one in zip(self._orders, painted, strict=True):
                await self._ends.settle(order, one)
                self._previews.remove(order.job.id)
            self._orders = ()
        self._say(Word.CHANGED)

    async def _keys(self, orders: Sequence[Underway]) -> Sequence[Hashable | None]:
        return await self._in_thread(lambda: [self._painter.key(order) for order in orders])

    async def _stamped(self, rendered: Rendered, asked: PictureJob) -> bytes:
        return await self._in_thread(partial(self._painter.stamp, rendered, asked))

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)


def _workshop(config: WorkerConfig) -> Workshop:
    return Workshop(
        data=config.data,
        config=config.images,
        comfyui=config.comfyui,
        image_server=config.image_server,
        device=inside(config.device),
        card=ledger_name(config.device),
    )


def _now() -> datetime:
    return datetime.now(UTC)


# ---------------------------------------------------------------- the process


async def serve(config: WorkerConfig, line: BinaryIO, say: Say) -> None:
    """Work until the line is cut, then give back what is held."""
    store = await Store.open(config.data, clock=_now, synchronous=config.synchronous)
    worker = Worker(config, store, say)
    cut = asyncio.Event()
    _listen(line, worker.ring, cut.set)
    tasks = [asyncio.ensure_future(task) for task in (worker.run(), worker.show_life(), cut.wait())]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    await worker.give_back()
    await store.close()
    for end in ends:
        if isinstance(end, Exception):
            raise end


def _listen(line: BinaryIO, ring: Callable[[], None], cut: Callable[[], None]) -> None:
    """Read the line in a thread: pipes cannot be read asynchronously on every platform."""
    loop = asyncio.get_running_loop()

    def read() -> None:
        for _word in line:
            loop.call_soon_threadsafe(ring)
        loop.call_soon_threadsafe(cut)

    threading.Thread(target=read, name="line", daemon=True).start()


def _speaker() -> Say:
    """Words go to what is stdout now; whatever libraries print goes to stderr instead."""
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)

    def say(word: Word) -> None:
        with contextlib.suppress(OSError):  # the bot is gone; the listener hears it too
            out.write(write_word(word))

    return say


def main() -> None:
    """Entry of `python -m engine.images.worker`: the config comes as the first line."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the bot, which then cuts the line
    if hasattr(os, "nice"):
        os.nice(NICE)
    say = _speaker()
    line = sys.stdin.buffer.readline()
    if not line:
        return  # the bot was gone before this process had started
    config = read_config(line)
    set_up_logging("INFO", "%(levelname)s worker: %(message)s")
    code = 1
    try:
        asyncio.run(serve(config, sys.stdin.buffer, say))
        code = 0
    finally:
        logging.shutdown()
        os._exit(code)  # a thread that still renders must not keep the process


if __name__ == "__main__":
    main()
