"""What people said while nobody listened: Discord tells a new session nothing of what came before it.

`events.py` owns it. With each new session, though never with a resumed one, every channel where we were talking lately is
read on from what was heard or shown there last, and what is for us goes to the door as if it had just come; the door
knows what it has taken before. Whatever comes live waits until its channel has been read: so the order stays.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import discord

from bot.ports import Ledger
from bot.surfaces.discord.errors import RefusedError, translated
from bot.surfaces.discord.inbound import NAME, written_at
from bot.surfaces.sending import UndeliverableError, until_sent
from bot.surfaces.tasks import Tasks

log = logging.getLogger(__name__)

# A channel is read if something was shown there within this time.
TALKING = timedelta(days=14)
# Older words are not answered any more: whoever wrote them has gone on.
ANSWERED_LATE = timedelta(hours=24)
CHANNELS = 200
MESSAGES = 50  # in each of them
# Seconds for which a channel that cannot be read just now is tried again.
PATIENCE_S = 60.0
HEARD_CHANNELS = 5000

Take = Callable[[discord.Message], Awaitable[None]]


class CatchUp:
    """Reads what was missed, channel by channel, once for each new session."""

    def __init__(self, ledger: Ledger, take: Take, *, now: Callable[[], float]) -> None:
        self._ledger = ledger
        self._take = take
        self._now = now
        self._began = now()
        self._heard: OrderedDict[str, int] = OrderedDict()  # the newest message of a channel that came live
        self._shown: dict[str, int] = {}  # and the newest that an earlier run has shown there
        self._due: dict[str, int] = {}  # channels that are not read yet, and after what to begin
        self._readings: dict[str, asyncio.Task[None]] = {}
        self._listed = asyncio.Event()
        self._listed.set()
        self._sweep: asyncio.Task[None] | None = None
        self._client: discord.Client | None = None
        self._tasks: Tasks | None = None

    async def remember(self) -> None:
        """Note where an earlier run was, before this one shows anything."""
        for channel, ref in await self._recent():
            self._shown.setdefault(channel, ref)

    def hear(self, channel: str, message: int) -> None:
        """A message came live: so everything before it did."""
        self._heard[channel] = max(message, self._heard.get(channel, 0))
        self._heard.move_to_end(channel)
        while len(self._heard) > HEARD_CHANNELS:
            self._heard.popitem(last=False)

    def begin(self, client: discord.Client, tasks: Tasks) -> None:
        """A new session: from now on `of` makes messages wait for what was said before them."""
        self._client, self._tasks = client, tasks
        self._listed.clear()
        tasks.start(self._list(dict(self._heard)), "finding out where something was missed")
        if self._sweep is not None:
            self._sweep.cancel()
        self._sweep = tasks.start(self._all(client), "catching up")

    async def done(self) -> None:
        """Wait until all channels of the newest session have been read."""
        if self._sweep is not None:
            await asyncio.wait([self._sweep])

    async def _all(self, client: discord.Client) -> None:
        """Read all channels that are due, one after the other: the rate limits are left to those who talk now."""
        # The servers come after a session has begun, and one of several connections may begin anew on its own.
        shard = isinstance(client, discord.AutoShardedClient) and client.is_ready()
        await client.wait_for("shard_ready" if shard else "ready")
        await self._listed.wait()
        for channel in tuple(self._due):
            await self.of(channel)

    async def of(self, channel: str) -> None:
        """Read what was missed in a channel, if that has not been done."""
        await self._listed.wait()
        if channel in self._due and channel not in self._readings and self._tasks is not None:
            reading = self._tasks.start(
                self._read(channel, self._due.pop(channel)), "reading what was missed"
            )
            self._readings[channel] = reading
            reading.add_done_callback(lambda _: self._readings.pop(channel))
        if channel in self._readings:
            await asyncio.wait([self._readings[channel]])

    async def _list(self, heard: dict[str, int]) -> None:
        try:
            recent = await self._recent()
            self._due = {one: heard.get(one, self._shown.get(one, shown)) for one, shown in recent}
        finally:
            self._listed.set()

    async def _recent(self) -> list[tuple[str, int]]:
        since = datetime.fromtimestamp(self._now(), UTC) - TALKING
        return [(channel, int(ref)) for channel, ref in await self._ledger.recent(NAME, since, CHANNELS)]

    async def _read(self, channel: str, after: int) -> None:
        """Hand on what a channel has; one that is gone or closed to us is skipped."""
        oldest = datetime.fromtimestamp(self._now(), UTC) - ANSWERED_LATE
        after = max(after, discord.utils.time_snowflake(oldest))
        try:
            missed = await until_sent(lambda: self._messages(channel, after), patience=PATIENCE_S)
        except (RefusedError, UndeliverableError, discord.DiscordException) as error:
            log.info("Discord: a channel could not be read for what was missed: %s", type(error).__name__)
            return
        for message in missed:
            await self._take(message)

    async def _messages(self, channel: str, after: int) -> list[discord.Message]:
        assert self._client is not None
        with translated():
            place = self._client.get_channel(int(channel)) or await self._client.fetch_channel(int(channel))
            if not isinstance(place, discord.abc.Messageable) or _newest(place) <= after:
                return []
            history = place.history(limit=MESSAGES, after=discord.Object(after), oldest_first=True)
            return self._not_answered([message async for message in history])

    def _not_answered(self, found: list[discord.Message]) -> list[discord.Message]:
        """Without what an earlier run went past: its answer stands there even if its person is forgotten by now."""
        behind = [number for number, message in enumerate(found, 1) if self._by_an_earlier_run(message)]
        return found[max(behind, default=0) :]

    def _by_an_earlier_run(self, message: discord.Message) -> bool:
        assert self._client is not None
        ours = message.application_id == self._client.application_id or message.author == self._client.user
        return ours and written_at(str(message.id)) < self._began


def _newest(place: object) -> float:
    """The newest message of a channel, as far as that is known without asking."""
    return getattr(place, "last_message_id", None) or float("inf")
