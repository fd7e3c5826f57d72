"""The worker process: claims picture jobs, renders them, stores the pictures. Started by queue/supervisor.py.

    job = await self._queue.claim(...)      under a lease that heartbeats prolong
    rendered = self._render(...)            in a thread of its own, which may block
    png = mark(rendered.png, ...)           made by a machine, and says so
    await self._store.finish_picture(...)   picture and success in one transaction, or neither

It ends when its line to the bot is cut: what it held goes back into the queue and runs again, once.
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
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import BinaryIO

from characters.character import Persona
from engine.errors import CancelledError, LostLeaseError, RenderError, SelfsameError
from engine.images.job import from_json
from engine.images.pipelines.port import Materials, Rendered
from engine.images.pipelines.registry import Registry
from engine.images.provenance import mark
from engine.images.queue.embedded import EmbeddedQueue
from engine.images.queue.line import Word, WorkerConfig, read_config, write_word
from engine.log import set_up_logging
from engine.safety.policy import load_policy
from engine.safety.text import Gate
from engine.store.media import Picture
from engine.store.store import Store
from engine.types import Job, PictureJob, PicturePurpose, Shot

log = logging.getLogger(__name__)

# Seconds between two records of progress: every one is a commit.
PACE = 0.25
# Seconds between two looks at the table: while others hold jobs that may come back, and while there are none.
LOOK_WAITING = 2.0
LOOK_IDLE = 60.0
# A worker says that it lives this often within the time that it may be silent.
SIGNS = 4
# Seconds that a busy machine may keep this process, which is nice, from running at all.
STARVED = 60.0
# Pixels of the picture that warms a pipeline up.
WARM_SIZE = 256
# Nice value: pictures may take the whole machine, but never before the bot's event loop.
NICE = 10

Say = Callable[[Word], None]


class Render:
    """One picture under way: what its thread says about progress, and whether it should stop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.share, self.stage, self.steps = 0.0, "", 0
        self.stop = threading.Event()
        self.moved = asyncio.Event()
        self._loop = loop

    def progress(self, share: float, stage: str) -> None:
        """Called by the pipeline in its thread. Raises CancelledError once the picture is not wanted."""
        if self.stop.is_set():
            raise CancelledError
        self.share, self.stage, self.steps = min(max(share, 0.0), 1.0), stage, self.steps + 1
        self._loop.call_soon_threadsafe(self.moved.set)


class Worker:
    """Claims and renders until it is cancelled."""

    def __init__(self, config: WorkerConfig, store: Store, say: Say) -> None:
        self._config, self._store, self._say = config, store, say
        self._queue = EmbeddedQueue(store.jobs, _now, config.images)
        self._gate = Gate(load_policy(config.blocked_phrases))
        self._registry = Registry(config.pipelines)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="render")
        self._bell = asyncio.Event()
        self._render: Render | None = None

    def ring(self) -> None:
        """There may be something to claim or to cancel."""
        self._bell.set()
        if self._render:
            self._render.moved.set()

    async def run(self) -> None:
        """Warm up, then work until cancelled."""
        await self._warm()
        self._say(Word.READY)
        while True:
            self._bell.clear()
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
            if self._render is None:
                self._say(Word.ALIVE)
            await asyncio.sleep(silence / SIGNS)

    async def give_back(self) -> None:
        """Put what is held back into the queue: it is not the picture's fault that this process ends."""
        await self._queue.release(self._config.name, forgive=True)

    async def _rest(self) -> None:
        patience = LOOK_WAITING if await self._queue.waiting() else LOOK_IDLE
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._bell.wait()

    async def _warm(self) -> None:
        """Load the pipeline and draw a small picture, so that the first real one does not wait for it."""
        name = self._config.images.pipeline
        nobody = PictureJob(PicturePurpose.PREVIEW, Persona("Nobody"), Shot(), 0, WARM_SIZE, WARM_SIZE, name)
        try:
            await asyncio.get_running_loop().run_in_executor(
                self._thread,
                lambda: self._registry.get(name).render(nobody, lambda _share, _stage: None, Materials()),
            )
        except Exception:
            log.exception(
                "The picture model could not be warmed up; it is tried again with the first picture."
            )

    async def _work(self, job: Job) -> None:
        """One job, from claim to its end. Whatever goes wrong ends in the job's record."""
        self._say(Word.CHANGED)
        try:
            await self._attempt(job)
        except LostLeaseError:
            log.warning("Picture %s was given to another worker, or its person is gone.", job.id)
        self._say(Word.CHANGED)

    async def _attempt(self, job: Job) -> None:
        try:
            await self._make(job)
        except LostLeaseError:
            raise
        except CancelledError:
            await self._queue.cancelled(job)
        except SelfsameError as error:
            await self._queue.fail(job, error.sentence, retry=isinstance(error, RenderError))
        except Exception:
            log.exception("Picture %s failed.", job.id)
            await self._queue.fail(job, RenderError().sentence, retry=True)

    async def _make(self, job: Job) -> None:
        asked = _read(job)
        rendered = await self._watched(job, asked)
        marks = partial(mark, pipeline=asked.pipeline, seed=asked.seed, character_id=asked.character_id)
        png = await asyncio.get_running_loop().run_in_executor(self._thread, marks, rendered.png)
        await self._store.finish_picture(job, png, _picture(job, asked, rendered))

    async def _watched(self, job: Job, asked: PictureJob) -> Rendered:
        """Render in the thread, with heartbeats beside it."""
        loop = asyncio.get_running_loop()
        self._render = render = Render(loop)
        picture = loop.run_in_executor(
            self._thread,
            lambda: self._registry.get(asked.pipeline).render(asked, render.progress, Materials()),
        )
        picture.add_done_callback(_heed)
        try:
            await self._beat(job, render, picture)
            return await picture
        finally:
            render.stop.set()  # if the lease is lost, the thread ends at its next sign of progress
            self._render = None

    async def _beat(self, job: Job, render: Render, picture: asyncio.Future[Rendered]) -> None:
        """Keep the lease while the thread renders: at each progress (not faster than PACE), or in time."""
        in_time = self._config.images.lease_seconds / 3
        told = 0
        while not await _done(picture, render.moved, in_time):
            render.moved.clear()
            steps = render.steps
            if not await self._queue.heartbeat(job, render.share, render.stage):
                render.stop.set()
            if steps > told:
                told = steps
                self._say(Word.CHANGED)
            await asyncio.wait((picture,), timeout=PACE)


async def _done(picture: asyncio.Future[Rendered], moved: asyncio.Event, patience: float) -> bool:
    """Wait for the picture, for a move, or for the time to pass; whether it was the picture."""
    move = asyncio.ensure_future(moved.wait())
    try:
        await asyncio.wait((picture, move), timeout=patience, return_when=asyncio.FIRST_COMPLETED)
    finally:
        move.cancel()
    return picture.done()


def _heed(picture: asyncio.Future[Rendered]) -> None:
    """Take note of how a picture ended that nobody waits for any more."""
    if not picture.cancelled():
        picture.exception()


def _read(job: Job) -> PictureJob:
    try:
        return from_json(job.payload)
    except ValueError as error:
        raise SelfsameError("This picture was asked for in a form that cannot be read any more.") from error


def _picture(job: Job, asked: PictureJob, rendered: Rendered) -> Picture:
    return Picture(
        mime="image/png",
        width=rendered.width,
        height=rendered.height,
        person_id=job.person_id,
        character_id=asked.character_id,
        purpose=asked.purpose,
        seed=asked.seed,
        pipeline=asked.pipeline,
        shot=asked.shot,
        caption=rendered.caption,
        job_id=job.id,
        draft_id=asked.draft_id,
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
