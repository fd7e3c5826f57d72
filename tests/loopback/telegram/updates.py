"""The queue of updates and getUpdates' long poll: nothing leaves it before a higher offset confirms it."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.loopback.telegram.clock import Clock
from tests.loopback.telegram.errors import ApiError

# What a bot gets that names nothing: all but these.
UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}

# Telegram keeps updates for a day.
KEPT_SECONDS = 86_400

# The most updates of one answer.
MOST = 100

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass
class Update:
    """One update that waits for the bot."""

    id: int
    at: float
    kind: str
    payload: dict[str, Any]
    again: bool = False
    """Whether it is to come once more, after it was confirmed."""

    repeated: bool = False

    def to_api(self) -> dict[str, Any]:
        """The Bot API's Update."""
        return {"update_id": self.id, self.kind: self.payload}


class Updates:
    """What happened and is not yet confirmed."""

    def __init__(self, clock: Clock) -> None:
        self.pending: deque[Update] = deque()
        self.delivered: list[int] = []
        """The ids of all updates that were answered, repeats included."""
        self.polls = 0
        self.conflicts = 0
        self.conflicts_to_come = 0
        self.repeats_to_come = 0
        self._clock = clock
        self._next = 700_000_001
        self._allowed: list[str] = []
        self._turn = 0
        self._news = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self._first_poll = asyncio.Event()
        self._closed = False

    def push(self, kind: str, payload: dict[str, Any]) -> int | None:
        """Something happened; answers the update's id, or nothing if the bot did not ask for such updates."""
        if kind not in self._allowed if self._allowed else kind in UNASKED:
            return None
        update = Update(self._next, self._clock.now(), kind, payload)
        if self.repeats_to_come:
            self.repeats_to_come -= 1
            update.again = True
        self._next += 1
        self.pending.append(update)
        self._settled.clear()
        self._wake()
        return update.id

    async def poll(
        self,
        offset: int,
        limit: int,
        timeout: float,  # noqa: ASYNC109
        allowed: list[str] | None,
        alive: Callable[[], bool] = lambda: True,
    ) -> list[dict[str, Any]]:
        """Wait for updates from `offset` on; a newer poll ends this one with 409, if its caller is still there."""
        self._turn += 1
        turn = self._turn
        self.polls += 1
        self._first_poll.set()
        self._wake()
        if self.conflicts_to_come:
            self.conflicts_to_come -= 1
            self.conflicts += 1
            raise ApiError(409, CONFLICT)
        if allowed is not None:
            self._allowed = allowed
        self._confirm(offset)
        ends = asyncio.get_running_loop().time() + timeout
        while not (ready := self._ready(offset, limit)) and not self._closed:
            left = ends - asyncio.get_running_loop().time()
            if left <= 0 or not await self._more(left):
                break
            if turn != self._turn:
                if not alive():
                    return []
                self.conflicts += 1
                raise ApiError(409, CONFLICT)
        return ready

    async def settled(self, timeout: float = 10) -> None:  # noqa: ASYNC109
        """Wait until the bot has confirmed every update."""
        async with asyncio.timeout(timeout):
            await self._settled.wait()

    async def first_poll(self, timeout: float = 30) -> None:  # noqa: ASYNC109
        """Wait until a bot asks for updates for the first time."""
        async with asyncio.timeout(timeout):
            await self._first_poll.wait()

    async def next_poll(self, timeout: float = 30) -> None:  # noqa: ASYNC109
        """Wait for a poll that begins after now: of a restarted bot, for example."""
        seen = self.polls
        async with asyncio.timeout(timeout):
            while self.polls == seen:
                await self._news.wait()

    def drop(self) -> None:
        """Forget everything that waits (drop_pending_updates)."""
        self.pending.clear()
        self._settled.set()

    def open(self) -> None:
        """Polls are answered from now on."""
        self._closed = False

    def close(self) -> None:
        """End every open poll: the server stops."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        """Everyone who waits looks again."""
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def _more(self, seconds: float) -> bool:
        """Whether anything came within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        return True

    def _confirm(self, offset: int) -> None:
        """Forget what the bot has seen, and what is too old."""
        if offset < 0:
            offset = self.pending[offset].id if len(self.pending) >= -offset else 0
        oldest = self._clock.now() - KEPT_SECONDS
        kept: deque[Update] = deque()
        for update in self.pending:
            if update.at < oldest or (update.id < offset and not update.again):
                continue
            if update.id < offset:
                update.again, update.repeated = False, True
            kept.append(update)
        self.pending = kept
        if not kept:
            self._settled.set()

    def _ready(self, offset: int, limit: int) -> list[dict[str, Any]]:
        """What can be answered now."""
        ready = [u for u in self.pending if u.id >= offset or u.repeated][: max(1, min(limit, MOST))]
        self.delivered.extend(update.id for update in ready)
        return [update.to_api() for update in ready]
