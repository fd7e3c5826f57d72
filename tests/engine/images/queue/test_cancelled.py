"""Who keeps the queue ends when they are cancelled, also in the very moment in which what they wait for comes.

Python 3.11's `asyncio.wait_for` swallows a cancellation then, and the process could not be stopped any more.
"""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from engine.config import ImagesConfig
from engine.images.queue.embedded import EmbeddedQueue
from engine.images.queue.supervisor import WorkerPlan, WorkerSupervisor
from engine.store.store import Store

# Turns of the event loop between what is waited for and the cancellation.
TURNS = range(6)


class Line:
    """What a supervisor hears of its worker."""

    pid = 1

    def __init__(self) -> None:
        self.stdout = asyncio.StreamReader()


@pytest.fixture
async def queue(tmp_path: Path) -> AsyncIterator[EmbeddedQueue]:
    store = await Store.open(tmp_path, clock=lambda: datetime.now(UTC), synchronous="NORMAL")
    yield EmbeddedQueue(store.jobs, lambda: datetime.now(UTC), ImagesConfig())
    await store.close()


async def ends(task: asyncio.Task[None]) -> bool:
    """Whether a task ends that was cancelled, and cancelled once."""
    await asyncio.wait([task], timeout=1)
    ended = task.done()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    return ended


@pytest.mark.parametrize("turns", TURNS)
async def test_the_supervisor_ends_although_a_line_comes(
    queue: EmbeddedQueue, tmp_path: Path, turns: int
) -> None:
    line = Line()
    supervisor = WorkerSupervisor(queue, WorkerPlan(tmp_path))
    hearing = asyncio.create_task(supervisor._hear(cast("Process", line)))
    await asyncio.sleep(0.01)
    line.stdout.feed_data(b"changed\n")
    for _ in range(turns):
        await asyncio.sleep(0)
    hearing.cancel()
    assert await ends(hearing)


@pytest.mark.parametrize("turns", TURNS)
async def test_the_watch_ends_although_there_is_news(queue: EmbeddedQueue, turns: int) -> None:
    watching = asyncio.create_task(queue.watch())
    await asyncio.sleep(0.05)
    queue.wake()
    for _ in range(turns):
        await asyncio.sleep(0)
    watching.cancel()
    assert await ends(watching)
