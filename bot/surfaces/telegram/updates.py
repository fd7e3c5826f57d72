"""Telegram's updates, one long poll after another: an update is confirmed only once its event is stored.

python-telegram-bot's own `Updater` confirms first and handles later, so a crash between the two would lose words. Here the
next poll's offset, which confirms, is sent after `handle` has returned; after a crash Telegram sends the rest again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.ext import ExtBot

from bot.ports import SurfaceError
from bot.surfaces.telegram.errors import seconds_of
from bot.surfaces.telegram.sending import Sleep

log = logging.getLogger(__name__)

ALLOWED = ("message", "callback_query", "my_chat_member")
# Seconds that Telegram holds a poll open while nothing happens.
LONG_POLL = 25
# Polls that may be refused because another one is open: our own of before a restart ends within one long poll.
CONFLICTS = 8
CONFLICT_PAUSE = 5.0  # seconds
LONGEST_PAUSE = 30.0  # seconds, between polls while the network is away
# Times an update is tried that could not be stored, before it is given up: the disk may be full for a while.
STORING_TRIES = 10

REFUSED = (
    "Telegram does not accept the token. Ask @BotFather: /mybots → your bot → API Token, and put it into "
    "SELFSAME_TELEGRAM_TOKEN."
)
ANOTHER = (
    "Another program polls this Telegram bot, and only one may. Stop the other one, or make a second bot with "
    "@BotFather: /newbot."
)

# Seconds between what came and the next question: answers go first, and asking again at once would only hold them up.
BREATH = 0.01

Handle = Callable[[Update], Awaitable[None]]


class Poller:
    """Asks for updates for ever. `handle` has stored an update when it returns."""

    def __init__(self, bot: ExtBot[Any], handle: Handle, sleep: Sleep = asyncio.sleep) -> None:
        self._bot, self._handle, self._sleep = bot, handle, sleep
        self._offset: int | None = None
        self._conflicts = 0
        self._pause = 0.0
        self._failures: dict[int, int] = {}

    async def run(self) -> None:
        """Poll until cancelled. Raises SurfaceError."""
        while True:
            updates = await self._poll()
            await self._take(updates)
            if pause := self._pause or (BREATH if updates else 0.0):
                await self._sleep(pause)

    async def _poll(self) -> list[Update]:
        try:
            updates = await self._bot.get_updates(self._offset, timeout=LONG_POLL, allowed_updates=ALLOWED)
        except TelegramError as error:
            await self._wait_out(error)
            return []
        except Exception as error:  # noqa: BLE001 - what the library cannot read, or it would come for ever
            log.warning("updates of Telegram cannot be read (%s)", type(error).__name__)
            return await self._poll_raw()
        self._conflicts, self._pause = 0, 0.0
        return list(updates)

    async def _poll_raw(self) -> list[Update]:
        """The same updates one by one, without those that the library cannot read."""
        try:
            raw = await self._bot.do_api_request("getUpdates", {"offset": self._offset})
        except TelegramError as error:
            await self._wait_out(error)
            return []
        read = [self._parsed(one) for one in raw]
        if not any(read):
            self._confirm(int(raw[-1]["update_id"]))
        return [update for update in read if update is not None]

    def _parsed(self, raw: dict[str, Any]) -> Update | None:
        """One update, None for one that the library cannot read."""
        try:
            return Update.de_json(raw, self._bot)
        except Exception:  # noqa: BLE001 - it was logged by its kind; its words must not reach the log
            return None

    async def _take(self, updates: list[Update]) -> None:
        """Handle updates: those of a chat in order, those of different chats at once."""
        chats: dict[int, list[Update]] = {}
        for update in updates:
            chats.setdefault(_chat_of(update), []).append(update)
        stuck = await asyncio.gather(*(self._take_in_order(lane) for lane in chats.values()))
        failed = [one for one in stuck if one is not None]
        if failed:
            self._confirm(min(failed) - 1)
            self._back_off()
        elif updates:
            self._confirm(updates[-1].update_id)
            self._failures.clear()

    async def _take_in_order(self, updates: list[Update]) -> int | None:
        """Handle a chat's updates. Returns the id of the first that could not be stored."""
        for update in updates:
            try:
                await self._handle(update)
            except Exception as error:
                failures = self._failures[update.update_id] = self._failures.get(update.update_id, 0) + 1
                if failures < STORING_TRIES:
                    log.warning("an update could not be stored (%s); trying again", type(error).__name__)
                    return update.update_id
                log.exception("an update could not be stored; it is given up")
        return None

    def _confirm(self, update_id: int) -> None:
        self._offset = max(self._offset or 0, update_id + 1)

    async def _wait_out(self, error: TelegramError) -> None:
        """What went wrong with a poll: wait, or give up with a sentence."""
        match error:
            case InvalidToken():
                raise SurfaceError(REFUSED) from None
            case Conflict():
                await self._after_conflict()
            case RetryAfter():
                await self._sleep(seconds_of(error))
            case TimedOut():  # a poll that the network swallowed: ask again at once
                pass
            case NetworkError():
                self._back_off()
            case _:
                log.warning("Telegram refused a poll: %s", type(error).__name__)
                self._back_off()

    async def _after_conflict(self) -> None:
        self._conflicts += 1
        if self._conflicts > CONFLICTS:
            raise SurfaceError(ANOTHER)
        await self._sleep(CONFLICT_PAUSE)

    def _back_off(self) -> None:
        self._pause = min(LONGEST_PAUSE, self._pause * 2 or 0.5)


def _chat_of(update: Update) -> int:
    chat = update.effective_chat
    return chat.id if chat else 0
