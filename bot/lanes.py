"""Lines in which events wait for their turn: whoever asks first is handled first. Used by bot/router.py.

A place is taken at once, without waiting for anything, so that the order is that of the calls; what a surface's event
still has to go through (being stored) may take longer for the first than for the second.
"""

from __future__ import annotations

import asyncio
from collections import deque


class Lanes:
    """All lines that somebody waits in."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[Place]] = {}

    def __len__(self) -> int:
        """How many lines there are at the moment."""
        return len(self._lines)

    def take(self, key: str) -> Place:
        """The last place of a line; with "" a place that has nobody before it and nobody after it."""
        line = self._lines.setdefault(key, deque()) if key else deque[Place]()
        place = Place(self, key, line)
        line.append(place)
        line[0].call()
        return place

    def close(self, key: str) -> None:
        """Forget a line that nobody waits in any more."""
        self._lines.pop(key, None)


class Place:
    """A place in a line. Whoever took it leaves it, also when its turn never came."""

    def __init__(self, lanes: Lanes, key: str, line: deque[Place]) -> None:
        self._lanes = lanes
        self._key = key
        self._line = line
        self._turn = asyncio.Event()

    async def come(self) -> None:
        """Wait until everybody before has left."""
        await self._turn.wait()

    def call(self) -> None:
        """It is this place's turn."""
        self._turn.set()

    def leave(self) -> None:
        """Let the next one in; leaving twice is leaving once."""
        if self not in self._line:
            return
        self._line.remove(self)
        if self._line:
            self._line[0].call()
        else:
            self._lanes.close(self._key)
