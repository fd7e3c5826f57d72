"""Who waits for which server; `chat.py` enters a reply here before each attempt.

A person's reply goes before background work, which also leaves a free place on every server that has more than one.
Among the free servers the conversation's own is taken, because it still knows what was said, unless another one has
clearly less to do; else the one with the least to do.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from engine.errors import BusyError, DownError, ModelError
from engine.models.openai.asked import Asked
from engine.models.openai.faults import Blame
from engine.models.openai.server import Server

# Replies that may wait before more are refused with a sentence: as [llm] max_waiting.
MOST_WAITING = 64
# A conversation leaves its server for one that has so many replies less to do. Reading a whole conversation anew
# costs about as much as a reply or two.
WORTH_MOVING = 3
# Conversations whose server is remembered, the latest ones.
MOST_HOMES = 4096


@dataclass(eq=False, slots=True)
class Waiting:
    """A reply in line."""

    asked: Asked
    server: asyncio.Future[Server]
    place: int = field(default=0)

    @property
    def rank(self) -> tuple[int, int]:
        """People first, then in the order of asking: whoever tries again keeps the place."""
        return int(self.asked.work.priority), self.asked.number


class Line:
    """The servers and those who wait for them. Everything here happens on the event loop, without a pause."""

    def __init__(self, servers: Sequence[Server]) -> None:
        self._servers = tuple(servers)
        self._waiting: list[Waiting] = []
        self._homes: OrderedDict[str, Server] = OrderedDict()
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def turn(self, asked: Asked) -> AsyncIterator[Server]:
        """A place on a server for the length of a block. Raises BusyError, DownError, DeadlineError."""
        server = await self._turn(asked)
        try:
            yield server
        finally:
            self._leave(server)

    def forget(self, conversations: Collection[str]) -> None:
        """Nobody's server is remembered any more."""
        for conversation in conversations:
            self._homes.pop(conversation, None)

    def move_up(self) -> None:
        """Give free places to those who wait; called whenever a server or somebody in line has changed."""
        for waiting in list(self._waiting):
            self._seat(waiting)
        self._tell_places()
        self._wake_later()

    def close(self) -> None:
        """No more timers."""
        if self._timer is not None:
            self._timer.cancel()

    async def _turn(self, asked: Asked) -> Server:
        if asked.fault is None and len(self._waiting) >= MOST_WAITING:
            raise BusyError()
        waiting = Waiting(asked, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._waiting.sort(key=lambda one: one.rank)
        self.move_up()
        try:
            return await asked.wait(lambda: waiting.server)
        except BaseException:
            self._give_up(waiting)
            raise

    def _seat(self, waiting: Waiting) -> None:
        """Give one of those who wait a server, or the reason why there will be none."""
        if waiting.server.done():
            self._waiting.remove(waiting)
            return
        left = [
            server for server in self._servers if server not in waiting.asked.without and server.out is None
        ]
        if error := self._hopeless(waiting.asked, left):
            waiting.server.set_exception(error)
            self._waiting.remove(waiting)
        elif server := self._choice(waiting.asked, left):
            self._take(waiting.asked, server)
            self._waiting.remove(waiting)
            waiting.server.set_result(server)
            _tell(waiting.asked, 0)

    def _hopeless(self, asked: Asked, left: Sequence[Server]) -> ModelError | None:
        """Why nobody will take this reply in time; None if somebody may."""
        if not left:
            return self._nobody(asked)
        if min(server.rests_until for server in left) > asked.deadline:
            return BusyError()
        return None

    def _nobody(self, asked: Asked) -> ModelError:
        """What to say where no server is left to be asked: down is the model only if none of them works."""
        out = [server.out for server in self._servers if server.out is not None]
        fault = asked.fault or next(iter(out), None)
        if fault is None or fault.blame is Blame.LOAD:
            return BusyError()
        is_down = len(out) == len(self._servers) or fault.blame in {Blame.SERVER, Blame.SETTINGS}
        return DownError(fault.sentence) if is_down else fault

    def _choice(self, asked: Asked, left: Sequence[Server]) -> Server | None:
        """The free server that suits best."""
        free = [server for server in left if server.has_room(asked.work.priority)]
        if not free:
            return None
        least = min(free, key=lambda server: (server.running, server.served))
        home = self._homes.get(asked.work.conversation)
        stays = home is not None and home in free and home.running - least.running < WORTH_MOVING
        return home if stays else least

    def _take(self, asked: Asked, server: Server) -> None:
        server.running += 1
        server.served += 1
        if not (conversation := asked.work.conversation):
            return
        self._homes[conversation] = server
        self._homes.move_to_end(conversation)
        if len(self._homes) > MOST_HOMES:
            self._homes.popitem(last=False)

    def _leave(self, server: Server) -> None:
        server.running -= 1
        self.move_up()

    def _give_up(self, waiting: Waiting) -> None:
        """Out of the line; a place that was given in the same moment is free again."""
        if waiting in self._waiting:
            self._waiting.remove(waiting)
        if waiting.server.cancel() or waiting.server.cancelled() or waiting.server.exception():
            self.move_up()
        else:
            self._leave(waiting.server.result())

    def _tell_places(self) -> None:
        """Tell everybody whose place has changed."""
        for place, waiting in enumerate(tuple(self._waiting), start=1):
            if waiting.place != place:
                waiting.place = place
                _tell(waiting.asked, place)

    def _wake_later(self) -> None:
        """Look again when the next resting server may be asked."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        loop = asyncio.get_running_loop()
        rests = [server.rests_until for server in self._servers if server.rests_until > loop.time()]
        if self._waiting and rests:
            self._timer = loop.call_at(min(rests), self.move_up)


def _tell(asked: Asked, place: int) -> None:
    if asked.work.on_place is not None:
        asked.work.on_place(place)
