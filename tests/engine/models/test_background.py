"""engine/models/background.py: one at a time, the newest of a matter, bounded, ended with its owner."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from engine.errors import NotFoundError
from engine.models.background import Background, Chore


@asynccontextmanager
async def running(background: Background) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        owner = tasks.create_task(background.run())
        yield
        owner.cancel()


class Work:
    """Pieces of work that note when they run, and the last of which a test can wait for."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.at_once = 0
        self.most_at_once = 0
        self.open = asyncio.Event()
        self.open.set()
        self.last = asyncio.Event()

    def piece(self, name: str) -> Chore:
        async def do() -> None:
            self.at_once += 1
            self.most_at_once = max(self.at_once, self.most_at_once)
            try:
                await self.open.wait()
                await asyncio.sleep(0)
                self.done.append(name)
            finally:
                self.at_once -= 1
            if name == "last":
                self.last.set()

        return do


async def test_work_is_done_one_at_a_time_in_its_order() -> None:
    work, background = Work(), Background()
    for name in ("a", "b", "c", "last"):
        background.note(name, work.piece(name))
    async with running(background):
        await work.last.wait()
    assert work.done == ["a", "b", "c", "last"]
    assert work.most_at_once == 1


async def test_the_newest_work_of_a_matter_takes_the_place_of_the_older() -> None:
    work, background = Work(), Background()
    for number in range(1000):
        background.note("one", work.piece(f"one {number}"))
    background.note("last", work.piece("last"))
    async with running(background):
        await work.last.wait()
    assert work.done == ["one 999", "last"]


async def test_work_noted_while_its_matter_is_at_work_comes_after_it() -> None:
    work, background = Work(), Background()
    work.open.clear()
    async with running(background):
        background.note("one", work.piece("first"))
        while not work.at_once:
            await asyncio.sleep(0)
        background.note("one", work.piece("lost"))
        background.note("one", work.piece("last"))
        work.open.set()
        await work.last.wait()
    assert work.done == ["first", "last"]


async def test_too_much_work_leaves_out_the_oldest() -> None:
    work, background = Work(), Background(most=3)
    for name in ("a", "b", "c", "d", "last"):
        background.note(name, work.piece(name))
    async with running(background):
        await work.last.wait()
    assert work.done == ["c", "d", "last"]


async def test_a_failing_piece_ends_no_other_and_says_no_words(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ValueError("my secret")

    async def gone() -> None:
        raise NotFoundError

    caplog.set_level(logging.DEBUG)
    work, background = Work(), Background()
    background.note("fails", fail)
    background.note("gone", gone)
    background.note("last", work.piece("last"))
    async with running(background):
        await work.last.wait()
    assert [record.levelname for record in caplog.records if record.name.startswith("engine")] == [
        "ERROR",
        "INFO",
    ]
    assert "secret" not in caplog.text


async def test_a_shutdown_ends_the_work_and_drops_what_waits() -> None:
    work, background = Work(), Background()
    work.open.clear()
    background.note("one", work.piece("one"))
    background.note("two", work.piece("two"))
    async with running(background):
        while not work.at_once:
            await asyncio.sleep(0)
    assert work.at_once == 0
    work.open.set()
    background.note("last", work.piece("last"))
    async with running(background):
        await work.last.wait()
    assert work.done == ["last"]
