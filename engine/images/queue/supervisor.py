"""Keeps the worker processes running beside the bot: `engine/build.py` makes it, the app's TaskGroup runs it.

There is one for each device that renders. Its supervisor carries the doorbell both ways, starts the worker again when it dies, kills it when it hangs, and gives
back what a dead one held. The worker ends by itself when this process is gone, because then their line is cut.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import engine
from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig
from engine.images.device.hardware import CPU, environment
from engine.images.queue.embedded import EmbeddedQueue
from engine.images.queue.line import Word, WorkerConfig, write_config, write_word
from engine.store.db import Synchronous
from engine.store.ids import new_id

log = logging.getLogger(__name__)

# Seconds before a worker that died is started again: at once after a long life, later the more often it dies.
BACKOFF = (0.0, 0.2, 1.0, 3.0, 10.0, 30.0)
# Seconds of life after which earlier deaths are forgotten.
LONG_LIFE = 60.0
# Seconds that a worker may be silent until it is ready: it loads a model.
STARTING = 180.0
# Seconds that a worker may take to give back what it holds when its line is cut.
GRACE = 5.0


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """What every worker of a supervisor is started with."""

    data: Path
    images: ImagesConfig = field(default_factory=ImagesConfig)
    synchronous: Synchronous = "FULL"
    pipelines: Mapping[str, str] = field(default_factory=dict)  # more of them by name: "module:Class"
    blocked_phrases: tuple[str, ...] = ()  # the operator's, for the gate of the finished picture
    comfyui: ComfyConfig = field(default_factory=ComfyConfig)
    image_server: ImageServerConfig = field(default_factory=ImageServerConfig)
    device: str = CPU
    families: Mapping[str, str] = field(default_factory=dict)  # instead of the models of these names


class Workers:
    """One supervisor for each device."""

    def __init__(self, queue: EmbeddedQueue, plan: WorkerPlan, on: Sequence[str]) -> None:
        self._queue = queue
        self.each = tuple(WorkerSupervisor(queue, replace(plan, device=device)) for device in on)

    async def run(self) -> None:
        """Keep all workers running, and listeners told, until cancelled; then stop them in order."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._queue.watch())
            for supervisor in self.each:
                tasks.create_task(supervisor.keep())


class WorkerSupervisor:
    """One worker process at a time. `ready` is set while it is warm and claims."""

    def __init__(self, queue: EmbeddedQueue, plan: WorkerPlan) -> None:
        self.ready = asyncio.Event()
        self._queue, self._plan = queue, plan
        self._process: Process | None = None
        queue.on_ring(self._ring)

    @property
    def pid(self) -> int | None:
        """The worker's process id, while there is one."""
        return self._process.pid if self._process else None

    async def run(self) -> None:
        """Keep a worker running, and listeners told, until cancelled; then stop it in order."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._queue.watch())
            tasks.create_task(self.keep())

    async def keep(self) -> None:
        """Keep a worker running until cancelled; somebody else watches the queue."""
        deaths = 0
        while True:
            born = time.monotonic()
            await self._live()
            deaths = 0 if time.monotonic() - born > LONG_LIFE else deaths + 1
            pause = BACKOFF[min(deaths, len(BACKOFF)) - 1] if deaths else 0.0
            log.warning("The picture worker ended; it is started again in %.1f s.", pause)
            await asyncio.sleep(pause)

    async def _live(self) -> None:
        """One worker from its start to its end, whichever way it ends."""
        name = f"worker-{new_id()}"
        self._process = process = await self._start(name)
        try:
            await self._hear(process)
        finally:
            self.ready.clear()
            await asyncio.shield(self._bury(process, name))

    async def _start(self, name: str) -> Process:
        plan = self._plan
        config = WorkerConfig(
            name=name,
            data=plan.data.absolute(),
            settings=plan.images.model_dump(),
            synchronous=plan.synchronous,
            blocked_phrases=plan.blocked_phrases,
            pipelines=dict(plan.pipelines),
            comfyui=plan.comfyui,
            image_server=plan.image_server,
            device=plan.device,
            families=dict(plan.families),
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "engine.images.worker",
            stdin=PIPE,
            stdout=PIPE,
            env=_environment(plan.device),
            # Ctrl-C is for us: it would meet the worker while it imports, and we stop it in any case.
            start_new_session=True,
        )
        assert process.stdin is not None
        process.stdin.write(write_config(config))
        return process

    async def _hear(self, process: Process) -> None:
        """Listen until the line is cut, or too long silent: then the worker hangs."""
        assert process.stdout is not None
        while True:
            try:
                silence = self._plan.images.watchdog_seconds if self.ready.is_set() else STARTING
                # `wait_for` of Python 3.11 loses a cancellation that comes together with a line: it would never end.
                async with asyncio.timeout(silence):
                    line = await process.stdout.readline()
            except TimeoutError:
                log.warning("The picture worker %d hangs; it is replaced.", process.pid)
                process.kill()
                return
            if not line:
                return
            self._take(line.decode().strip())

    def _take(self, word: str) -> None:
        if word == Word.READY:
            self.ready.set()
        elif word == Word.CHANGED:
            self._queue.wake()

    async def _bury(self, process: Process, name: str) -> None:
        """Let a worker end, make it end, and give back what it held."""
        assert process.stdin is not None
        process.stdin.close()
        try:
            async with asyncio.timeout(GRACE):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        self._process = None
        await self._queue.release(name)
        self._queue.wake()

    def _ring(self) -> None:
        if self._process and self._process.stdin and not self._process.stdin.is_closing():
            with contextlib.suppress(ConnectionError):  # it died just now, and its successor looks anyway
                self._process.stdin.write(write_word(Word.RING))


def _environment(device: str) -> dict[str, str]:
    """The worker finds the same packages, wherever this process was started, and sees its own card alone."""
    root = str(Path(engine.__file__).parent.parent)
    paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {
        "PYTORCH_CUDA_ALLOC_CONF": "expandable_segments:True",  # models come and go: less is lost between them
        **os.environ,
        **environment(device, os.environ),
        "PYTHONPATH": os.pathsep.join(paths),
        "HF_HUB_OFFLINE": "1",  # no library fetches anything on its own
    }
