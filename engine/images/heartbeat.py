"""Keeps the leases of pictures while their thread renders, and passes on what it tells. `worker.py` calls `Heartbeat`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

from engine.errors import LostLeaseError
from engine.images.painter import Painted
from engine.images.queue.embedded import EmbeddedQueue
from engine.images.underway import PACE, Underway

Painting = asyncio.Future[list[Painted]]


class Heartbeat:
    """Of the orders that are rendered now. `told`: called whenever one of them has come further."""

    def __init__(self, queue: EmbeddedQueue, lease_seconds: float, told: Callable[[], None]) -> None:
        self._queue, self._in_time, self._told = queue, lease_seconds / 3, told
        self.last_sign = time.monotonic()

    async def keep(self, orders: Sequence[Underway], painting: Painting) -> Sequence[Painted]:
        """What comes of the orders. If all leases are lost, the thread ends at its next sign of progress."""
        self.last_sign = time.monotonic()
        painting.add_done_callback(_heed)
        beats = [asyncio.ensure_future(self._beat(order, painting)) for order in orders]
        try:
            await asyncio.gather(*beats)
            if all(order.lost for order in orders):
                return [LostLeaseError() for _ in orders]
            return await painting
        finally:
            for order in orders:
                order.stop.set()
            for beat in beats:
                beat.cancel()

    async def _beat(self, order: Underway, painting: Painting) -> None:
        """Keep one lease: at each progress (not faster than PACE), or in time, or when the bot rings."""
        told = 0
        while not await _done(painting, order, self._in_time):
            order.moved.clear()
            order.rung.clear()
            steps = order.steps
            try:
                if not await self._queue.heartbeat(order.job, order.share, order.stage):
                    order.stop.set()
            except LostLeaseError:
                order.lost = True
                order.stop.set()
                return
            if steps > told:
                told, self.last_sign = steps, time.monotonic()
                self._told()
            await _first(PACE, painting, order.rung)


async def _done(painting: Painting, order: Underway, patience: float) -> bool:
    """Wait for the picture, for a move, for the bell, or for the time to pass; whether it was the picture."""
    await _first(patience, painting, order.moved, order.rung)
    return painting.done()


async def _first(patience: float, painting: Painting, *events: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        every: list[asyncio.Future[Any]] = [painting, *waits]
        await asyncio.wait(every, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _heed(painting: Painting) -> None:
    """Take note of how pictures ended that nobody waits for any more."""
    if not painting.cancelled():
        painting.exception()
