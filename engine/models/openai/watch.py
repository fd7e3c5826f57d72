"""Looks at the servers in the background, and at once when somebody needs one; `chat.py` owns its task."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from engine.models.openai.pace import Pace
from engine.models.openai.server import Server


class Watch:
    """Whether the servers are well."""

    def __init__(self, servers: Sequence[Server], pace: Pace, changed: Callable[[], None]) -> None:
        self._servers, self._pace, self._changed = servers, pace, changed
        self._round: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Look for ever at those whose time it is."""
        while True:
            await self._look([server for server in self._servers if server.is_due()])
            await asyncio.sleep(self._pace.ill)

    async def look(self) -> None:
        """Look at all that are out, now, but do not wait long for it; several who want it share one look."""
        if self._round is None:
            out = [server for server in self._servers if server.out is not None]
            self._round = asyncio.create_task(self._look(out), name="a look at the chat servers")
            self._round.add_done_callback(self._looked)
        await asyncio.wait([self._round], timeout=self._pace.knock)

    async def close(self) -> None:
        """End the look that is under way."""
        if self._round is not None:
            self._round.cancel()
            await asyncio.wait([self._round])

    async def _look(self, servers: Sequence[Server]) -> None:
        await asyncio.gather(*(server.look() for server in servers))
        self._changed()

    def _looked(self, _: asyncio.Task[None]) -> None:
        self._round = None
