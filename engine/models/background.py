"""Small model work that waits for a quiet moment: what a talk told, its summary, its title. One piece at a time.

Whoever has such work calls `note` and goes on; `engine/build.py`'s `Engine.run` owns `run`. What waits is bounded:
newer work on a matter takes the place of the older, and with too many matters the oldest is left out. Work that was
left out or ended by a shutdown is harmless to lose: each piece finds out for itself what is still to be done.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from engine.errors import SelfsameError

log = logging.getLogger(__name__)

Chore = Callable[[], Awaitable[object]]

# Matters that may wait: some for each of twenty people who talk at the same time.
MOST_WAITING = 64
# Seconds that one piece may take; each has a shorter limit of its own for the model.
LONGEST_S = 300.0


class Background:
    """The small work of one engine."""

    def __init__(self, *, most: int = MOST_WAITING) -> None:
        self._most = most
        self._waiting: dict[str, Chore] = {}
        self._noted = asyncio.Event()

    def note(self, matter: str, chore: Chore) -> None:
        """Have a piece of work done some time; it takes the place of what still waits on the same matter."""
        self._waiting.pop(matter, None)
        self._waiting[matter] = chore
        if len(self._waiting) > self._most:
            del self._waiting[next(iter(self._waiting))]
            log.info("more small work than can be done: the oldest piece is left out")
        self._noted.set()

    async def run(self) -> None:
        """Do what is noted, one after the other, until cancelled; what still waits then is dropped."""
        try:
            while True:
                await self._noted.wait()
                self._noted.clear()
                while self._waiting:
                    await self._do(self._waiting.pop(next(iter(self._waiting))))
        finally:
            self._waiting.clear()

    async def _do(self, chore: Chore) -> None:
        try:
            async with asyncio.timeout(LONGEST_S):
                await chore()
        except (SelfsameError, TimeoutError) as error:
            # Mostly: what it was about was deleted meanwhile.
            log.info("small work came to nothing: %s", type(error).__name__)
        except Exception as error:  # noqa: BLE001 - one piece of work never ends the others
            # Not the error's own text: a database's error names the words it was given.
            log.error("small work failed: %s", type(error).__name__)
