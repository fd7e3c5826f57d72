"""What one person does in one channel reaches the door in the order in which it happened. Used by all that listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Order:
    """One event of a person in a channel at a time; locks let in first come, first served."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def keep(self, channel: int, user: int) -> AsyncGenerator[None]:
        """Come after what the person did there before."""
        lock = self._locks.get((channel, user)) or self._locks.setdefault((channel, user), asyncio.Lock())
        async with lock:
            yield
