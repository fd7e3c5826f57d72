"""The owner of a messenger's background tasks: typing signs, streams, progress. A surface holds it while connected.

One task's failure is logged without the words it dealt with, and ends nobody else; leaving the block ends them all.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Protocol, Self

log = logging.getLogger(__name__)


class TaskOwner(Protocol):
    """Where a task may be started; `asyncio.TaskGroup` is one as well."""

    def create_task(self, coro: Coroutine[Any, Any, None], *, name: str | None = None) -> asyncio.Task[None]:
        """Start a task."""


class Tasks:
    """Tasks that end with the block at the latest."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        running = tuple(self._running)
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)

    def start(self, coro: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Start a task; `name` says in the log what failed. A closed owner starts nothing more."""
        task = asyncio.get_running_loop().create_task(coro, name=name)
        if self._closed:
            task.cancel()
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def create_task(self, coro: Coroutine[Any, Any, None], *, name: str | None = None) -> asyncio.Task[None]:
        """`start`, as `asyncio.TaskGroup` calls it."""
        return self.start(coro, name or "a task")

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        # The message of an error may quote somebody; where it happened is enough to find it.
        log.error("%s failed: %s at %s", task.get_name(), type(error).__name__, _where(error))


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    if trace is None:
        return "an unknown place"
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
