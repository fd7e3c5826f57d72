"""bot/lanes.py: whoever asks first is handled first, and nobody who left holds the others up."""

from __future__ import annotations

import asyncio

from bot.lanes import Lanes


async def test_turns_are_in_the_order_of_the_calls() -> None:
    lanes = Lanes()
    first, second, elsewhere = lanes.take("a"), lanes.take("a"), lanes.take("b")
    await first.come()
    await elsewhere.come()
    waiting = asyncio.ensure_future(second.come())
    await asyncio.sleep(0)
    assert not waiting.done()
    first.leave()
    await waiting


async def test_whoever_leaves_before_their_turn_is_passed_over() -> None:
    lanes = Lanes()
    first, gone, last = (lanes.take("a") for _ in range(3))
    gone.leave()
    gone.leave()
    waiting = asyncio.ensure_future(last.come())
    await asyncio.sleep(0)
    assert not waiting.done()
    first.leave()
    await waiting


async def test_empty_lines_are_forgotten_and_begin_anew() -> None:
    lanes = Lanes()
    first, free = lanes.take("a"), lanes.take("")
    await free.come()
    assert len(lanes) == 1
    first.leave()
    assert len(lanes) == 0
    later = lanes.take("a")
    first.leave()  # a second time, after the line has begun anew
    await later.come()
    assert len(lanes) == 1
