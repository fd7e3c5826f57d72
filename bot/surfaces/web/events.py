"""Server-sent events: one channel per conversation, with a replay buffer for whoever lost the connection.

surface.py publishes, chat.py streams to browsers. A client that cannot keep up is dropped; it comes back with the id
of its last event, and is told to reload (`resync`) when that is no longer in the buffer.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

# Events kept per channel: a long reply is about 400 pieces.
REPLAY_EVENTS = 1024
# Events waiting for one browser before it counts as gone.
QUEUE_EVENTS = 512
# Channels kept; the least recently used goes first, and its readers reload.
CHANNELS = 128
# Seconds between comments that keep proxies and browsers from giving the connection up.
HEARTBEAT = 15.0


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its number in the hub, its kind, and a JSON text."""

    number: int
    kind: str
    data: str


@dataclass(slots=True)
class Channel:
    """What was said in one conversation lately, and who listens."""

    floor: int  # events up to this number are no longer known
    events: deque[Event] = field(default_factory=lambda: deque(maxlen=REPLAY_EVENTS))
    listeners: set[asyncio.Queue[Event | None]] = field(default_factory=set)
    unfinished: dict[str, int] = field(default_factory=dict)  # reply id -> number before its first event

    def add(self, event: Event) -> None:
        """Keep an event and hand it to all listeners; whoever is too slow is let go."""
        if len(self.events) == self.events.maxlen:
            self.floor = self.events[0].number
        self.events.append(event)
        for queue in tuple(self.listeners):
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                self.drop(queue)

    def drop(self, queue: asyncio.Queue[Event | None]) -> None:
        """End a listener's stream at once, whatever still waits in its queue."""
        self.listeners.discard(queue)
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)


class Hub:
    """All channels of the page."""

    def __init__(self, *, heartbeat: float = HEARTBEAT) -> None:
        self._epoch = secrets.token_hex(4)  # ids of an earlier run of the server mean nothing here
        self._number = 0
        self._channels: OrderedDict[str, Channel] = OrderedDict()
        self._heartbeat = heartbeat
        self._closed = False

    @property
    def epoch(self) -> str:
        """A word that changes with every start of the server."""
        return self._epoch

    def publish(self, name: str, kind: str, data: str) -> None:
        """Send an event to everybody who listens to a channel, now or when they come back."""
        channel = self._channel(name)
        self._number += 1
        channel.add(Event(self._number, kind, data))

    def begin(self, name: str, reply_id: str) -> None:
        """A reply starts: pages opened while it streams replay it from here."""
        self._channel(name).unfinished[reply_id] = self._number

    def end(self, name: str, reply_id: str) -> None:
        """A reply is complete; from now on it is in the store."""
        self._channel(name).unfinished.pop(reply_id, None)

    def streaming(self, name: str) -> frozenset[str]:
        """The replies under way in a channel."""
        return frozenset(self._channel(name).unfinished)

    @property
    def mark(self) -> int:
        """The number of the newest event of all channels."""
        return self._number

    def cursor(self, name: str, mark: int) -> str:
        """The id after which a page has to listen that began to be rendered at `mark`; replies under way come whole."""
        channel = self._channel(name)
        return self._id(max(channel.floor, min((mark, *channel.unfinished.values()))))

    async def stream(self, name: str, after: str) -> AsyncIterator[str]:
        """The events after an id, then every new one, as the text of an event stream."""
        channel = self._channel(name)
        queue: asyncio.Queue[Event | None] = asyncio.Queue(QUEUE_EVENTS)
        missed = self._missed(channel, after)  # no await from here to `add`: nothing falls between
        channel.listeners.add(queue)
        try:
            yield "retry: 1000\n\n" + (self._resync() if missed is None else "")
            for event in missed or ():
                yield self._text(event)
            async for text in self._live(queue):
                yield text
        finally:
            channel.listeners.discard(queue)

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        self._closed = True
        for channel in self._channels.values():
            for queue in tuple(channel.listeners):
                channel.drop(queue)

    async def _live(self, queue: asyncio.Queue[Event | None]) -> AsyncIterator[str]:
        while not self._closed:
            event: Event | None = None
            text = ": still here\n\n"
            with suppress(TimeoutError):
                async with asyncio.timeout(self._heartbeat):
                    event = await queue.get()
                if event is None:
                    return
                text = self._text(event)
            yield text

    def _missed(self, channel: Channel, after: str) -> list[Event] | None:
        epoch, _, digits = after.partition("-")
        if not after:
            return []
        if epoch != self._epoch or not digits.isdecimal() or not channel.floor <= int(digits) <= self._number:
            return None
        return [event for event in channel.events if event.number > int(digits)]

    def _channel(self, name: str) -> Channel:
        channel = self._channels.get(name)
        if channel is None:
            channel = self._channels[name] = Channel(floor=self._number)
            self._forget_oldest()
        self._channels.move_to_end(name)
        return channel

    def _forget_oldest(self) -> None:
        """Make room by channels that nobody listens to; made-up names must not cut off anyone who does."""
        for name in list(self._channels)[:-1]:  # the newest is about to be used
            if len(self._channels) <= CHANNELS:
                return
            if not self._channels[name].listeners:
                del self._channels[name]

    def _id(self, number: int) -> str:
        return f"{self._epoch}-{number}"

    def _text(self, event: Event) -> str:
        return f"id: {self._id(event.number)}\nevent: {event.kind}\ndata: {event.data}\n\n"

    def _resync(self) -> str:
        return f"id: {self._id(self._number)}\nevent: resync\ndata: {{}}\n\n"
