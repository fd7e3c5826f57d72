"""What a webhook posts comes back over the gateway: so a post whose answer was lost is found instead of doubled.

Discord de-duplicates the bot's own messages by their nonce, but not those of webhooks. `sending.py` posts within
`Echoes.post`, and `surface.py` tells every echo to `heard`.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

from bot.surfaces.sending import TransientError

log = logging.getLogger(__name__)

# How long the echo of a post may take whose answer was lost. Echoes mostly come before answers.
ECHO_S = 2.0
REMEMBERED = 5000  # posts whose echo may still come

Delete = Callable[[str], Awaitable[None]]


class Echoes:
    """Posts of webhooks in flight, and those that have settled."""

    def __init__(self, *, patience: float = ECHO_S) -> None:
        self._patience = patience
        self._flights: dict[str, _Flight] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._settled: OrderedDict[str, None] = OrderedDict()

    async def post(self, lane: str, send: Callable[[], Awaitable[str]], delete: Delete) -> str:
        """Post once and return the message's id, even if Discord's answer is lost. One at a time in a lane.

        Raises TransientError if the post has not arrived.
        """
        lock = self._locks.get(lane) or self._locks.setdefault(lane, asyncio.Lock())
        async with lock:
            flight = self._flights[lane] = _Flight()
            try:
                ref = await self._landed(flight, send)
                self._remember(ref)
            finally:
                del self._flights[lane]
            for doubled in [one for one in flight.heard if one != ref]:
                self._remember(doubled)
                await delete(doubled)
            return ref

    def heard(self, lane: str, ref: str) -> bool:
        """A webhook's message came over the gateway. False if nobody here knows of it."""
        if ref in self._settled:
            return True
        if flight := self._flights.get(lane):
            flight.hear(ref)
            return True
        return False

    def _remember(self, ref: str) -> None:
        self._settled[ref] = None
        while len(self._settled) > REMEMBERED:
            self._settled.popitem(last=False)

    async def _landed(self, flight: _Flight, send: Callable[[], Awaitable[str]]) -> str:
        try:
            return await send()
        except TransientError:
            try:
                async with asyncio.timeout(self._patience):
                    await flight.any.wait()
            except TimeoutError:
                pass
            if not flight.heard:
                raise
            log.info("Discord: the answer to a post was lost; its echo tells that it arrived")
            return flight.heard[0]


class _Flight:
    def __init__(self) -> None:
        self.heard: list[str] = []
        self.any = asyncio.Event()

    def hear(self, ref: str) -> None:
        if ref not in self.heard:
            self.heard.append(ref)
        self.any.set()
