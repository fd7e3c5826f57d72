"""Telegram as a surface: the router and delivery call `deliver` and `edit`, `bot/app.py` runs it.

In: updates.py polls, inbound.py reads, the door stores. Out: views.py and the streams say what is shown, presenter.py and
screens.py bring it there, sending.py sends. It decides nothing.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping

from telegram.error import InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot.commands.command import Command
from bot.messages import Door, Origin, Outbound, Pictures
from bot.ports import Accounts, Addressed, Calls, Ledger, SurfaceError, Topics
from bot.surfaces.sending import UndeliverableError
from bot.surfaces.tasks import Tasks
from bot.surfaces.telegram.clicks import Clicks
from bot.surfaces.telegram.commands import publish
from bot.surfaces.telegram.config import TelegramConfig
from bot.surfaces.telegram.events import Events
from bot.surfaces.telegram.inbound import Me, Reader
from bot.surfaces.telegram.limiter import Limiter
from bot.surfaces.telegram.message_ids import MessageIds
from bot.surfaces.telegram.place import SURFACE
from bot.surfaces.telegram.presenter import Places
from bot.surfaces.telegram.questions import Questions
from bot.surfaces.telegram.quiet import quiet_libraries
from bot.surfaces.telegram.request import AiohttpRequest
from bot.surfaces.telegram.sending import Sender, Sleep
from bot.surfaces.telegram.show import Show
from bot.surfaces.telegram.topics import TopicKeeper
from bot.surfaces.telegram.updates import REFUSED, Poller
from bot.surfaces.telegram.views import Views
from engine.errors import NotFoundError

log = logging.getLogger(__name__)

# Requests at once: one for each chat that is being written to, within the limits; and how long each may take.
CONNECTIONS = 128
SECONDS = 20.0
UPLOAD_SECONDS = 60.0
# Seconds between attempts to connect while the network is away.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


# Bytes of a file that a bot may read: Telegram's limit, kept with servers of one's own, too; it is held in memory.
MOST_FILE = 20_000_000
LARGE = "Telegram lets bots read files of up to 20 MB. Send it on the page, under Memory, after /link has joined your accounts."
GONE = "That file cannot be fetched from Telegram any more. Please send it again."


class TelegramSurface:
    """The bot's account on Telegram."""

    name = "telegram"

    def __init__(
        self,
        config: TelegramConfig,
        door: Door,
        pictures: Pictures,
        accounts: Accounts,
        ledger: Ledger,
        calls: Calls,
        topics: Topics,
        addressed: Addressed,
        commands: Mapping[str, Command],
        *,
        sleep: Sleep = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._config, self._commands, self._sleep = config, commands, sleep
        self._door, self._accounts, self._addressed = door, accounts, addressed
        self._ledger, self._calls = ledger, calls
        self._bot = _bot(config)
        self._ids = MessageIds()
        self._topics = TopicKeeper(self._bot, topics)
        self._sender = Sender(self._bot, self._ids, self._topics.refuge, self._remembered, sleep)
        self._questions = Questions()
        self._places = Places(self._sender, ledger, calls, self._questions)
        self._views = Views(pictures)
        self._monotonic = monotonic
        self._show: asyncio.Future[Show] = asyncio.get_running_loop().create_future()

    async def run(self, ready: Callable[[str], None]) -> None:
        """Connect and serve for ever. Raises SurfaceError."""
        try:
            await self._connect()
            async with Tasks() as tasks:
                await self._serve(tasks, ready)
        finally:
            if self._show.done():  # whoever waits for a first connection goes on waiting
                self._show = asyncio.get_running_loop().create_future()
            await self._bot.shutdown()

    async def deliver(self, origin: Origin, outbound: Outbound) -> str:
        """Show something. A `Replied` is on Telegram when this returns, or there is nobody there any more."""
        show = await asyncio.shield(self._show)
        try:
            return await show.deliver(origin, outbound)
        except UndeliverableError as error:
            log.info("a %s reached nobody (%s)", type(outbound).__name__, error)
            return ""

    async def edit(self, origin: Origin, ref: str, outbound: Outbound) -> None:
        """Show something in place of what shows `ref`."""
        show = await asyncio.shield(self._show)
        try:
            await show.edit(origin, ref, outbound)
        except UndeliverableError as error:
            log.info("a %s reached nobody (%s)", type(outbound).__name__, error)

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """A file that was sent with a command; `ref` is Telegram's id of it. Raises NotFoundError."""
        try:
            file = await self._bot.get_file(ref)
            if (file.file_size or 0) > MOST_FILE:
                raise NotFoundError(LARGE)
            yield bytes(await file.download_as_bytearray())
        except TelegramError as error:
            raise NotFoundError(LARGE if "too big" in error.message.lower() else GONE) from error

    async def _remembered(self, chat: int, message_id: int) -> bool:
        return await self._ledger.find(SURFACE, str(chat), str(message_id)) is not None

    async def _connect(self) -> None:
        """Say hello until Telegram answers."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._bot.initialize()
                return
            except InvalidToken:
                raise SurfaceError(REFUSED) from None
            except TelegramError as error:
                log.warning("Telegram cannot be reached (%s)", type(error).__name__)
                await self._sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 2)

    async def _serve(self, tasks: Tasks, ready: Callable[[str], None]) -> None:
        me = Me.of(await self._bot.get_me())
        self._topics.on = me.topics and self._config.topics
        await self._take_over()
        reader = Reader(
            me, self._accounts, self._ledger, self._calls, self._addressed, self._commands, self._questions
        )
        show = Show(
            self._sender,
            self._places,
            self._topics,
            self._views,
            self._ledger,
            tasks,
            username=me.username,
            sleep=self._sleep,
            monotonic=self._monotonic,
        )
        self._show.set_result(show)
        clicks = Clicks(self._bot, self._sender, reader, self._ledger, self._calls, tasks)
        events = Events(reader, clicks, self._sender, self._ids, self._door)
        tasks.start(publish(self._bot, self._commands), "menu of commands")
        ready(f"Telegram: here as @{me.username}, https://t.me/{me.username}")
        await Poller(self._bot, events.handle, self._sleep).run()

    async def _take_over(self) -> None:
        """Remove a webhook: while one is set, nobody can poll."""
        webhook = await self._bot.get_webhook_info()
        if webhook.url:
            log.warning("this Telegram bot had a webhook of another program; it is removed")
            await self._bot.delete_webhook(drop_pending_updates=False)


def _bot(config: TelegramConfig) -> ExtBot[int]:
    quiet_libraries()  # making the bot already logs its address
    return ExtBot(
        config.token,
        config.base_url,
        config.base_file_url,
        request=AiohttpRequest(CONNECTIONS, seconds=SECONDS, upload=UPLOAD_SECONDS),
        get_updates_request=AiohttpRequest(1, seconds=SECONDS),
        rate_limiter=Limiter(),
    )
