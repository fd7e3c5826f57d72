"""Background tasks end with their owner, and a failure names its place and no words."""

from __future__ import annotations

import asyncio

import pytest

from bot.surfaces.tasks import Tasks


async def fail(words: str) -> None:
    raise ValueError(words)


async def test_a_failure_is_logged_without_words_and_ends_nobody_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    go_on = asyncio.Event()
    async with Tasks() as tasks:
        failing = tasks.start(fail("a secret of hers"), "typing")
        other = tasks.start(_wait(go_on), "a stream")
        await asyncio.wait([failing])
        go_on.set()
        await other
    assert "typing failed: ValueError at" in caplog.text
    assert "test_tasks.py" in caplog.text
    assert "secret" not in caplog.text


async def test_leaving_ends_all_and_waits_for_it() -> None:
    ended = []

    async def linger() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append("tidy")

    async with Tasks() as tasks:
        tasks.start(linger(), "lingering")
        await asyncio.sleep(0)
    assert ended == ["tidy"]


async def test_a_closed_owner_starts_nothing() -> None:
    async with Tasks() as tasks:
        pass
    late = tasks.create_task(_wait(asyncio.Event()), name="late")
    await asyncio.wait([late])
    assert late.cancelled()


async def _wait(event: asyncio.Event) -> None:
    await event.wait()
