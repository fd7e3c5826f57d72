"""Presses of buttons: answered at once, refused for others than the one they are for, read into a command.

`events.py` asks `read` and gives the command to the door.
"""

from __future__ import annotations

import logging
from typing import Any

from telegram import CallbackQuery, MaybeInaccessibleMessage, Update
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.messages import Inbound
from bot.ports import Calls, Ledger
from bot.surfaces.tasks import Tasks
from bot.surfaces.telegram.inbound import Reader
from bot.surfaces.telegram.place import SURFACE
from bot.surfaces.telegram.post import DISMISS, read_data
from bot.surfaces.telegram.sending import Sender
from engine.errors import SelfsameError

log = logging.getLogger(__name__)

NOT_YOURS = "That is for somebody else. Send the command yourself, and you get your own."
TOO_OLD = "This button is too old. Send the command again."
# Characters of an alert.
ALERT_LENGTH = 200


class Clicks:
    """Reads callback queries."""

    def __init__(
        self,
        bot: ExtBot[Any],
        sender: Sender,
        reader: Reader,
        ledger: Ledger,
        calls: Calls,
        tasks: Tasks,
    ) -> None:
        self._bot, self._sender = bot, sender
        self._reader, self._ledger, self._calls, self._tasks = reader, ledger, calls, tasks

    async def read(self, update: Update) -> Inbound | None:
        """A press as an event, None if nothing comes of it. Telegram's waiting sign ends at once."""
        query = update.callback_query
        assert query is not None
        if query.message is None or not query.data:
            self._refuse(query, TOO_OLD)
            return None
        if query.data == DISMISS:
            await self._dismiss(query, query.message)
            return None
        try:
            call, look = await read_data(query.data, self._calls)
        except SelfsameError as error:
            self._refuse(query, error.sentence)
            return None
        inbound = await self._reader.clicked(update.update_id, query, call, look)
        if not await self._may_press(query.message, inbound.origin.person_id):
            self._refuse(query, NOT_YOURS)
            return None
        self._tasks.start(self._answer(query.id, ""), "answer to a press")
        if call.options.get("confirm") or call.options.get("action") == "discard":  # it can be done once
            self._tasks.start(
                self._sender.clear_keyboard(query.message.chat.id, query.message.message_id),
                "buttons of a question",
            )
        return inbound

    async def _dismiss(self, query: CallbackQuery, message: MaybeInaccessibleMessage) -> None:
        """Take a question away that shall not be carried out."""
        person_id = await self._reader.person(query.from_user)
        if not await self._may_press(message, person_id):
            self._refuse(query, NOT_YOURS)
            return
        self._tasks.start(self._answer(query.id, ""), "answer to a press")
        self._tasks.start(self._sender.delete(message.chat.id, message.message_id), "a question taken back")

    async def _may_press(self, message: MaybeInaccessibleMessage, person_id: str) -> bool:
        """Buttons are for whoever asked for them; in a private chat there is nobody else."""
        if message.chat.type == "private":
            return True
        shown = await self._ledger.find(SURFACE, str(message.chat.id), str(message.message_id))
        return shown is None or shown.person_id in ("", person_id)

    def _refuse(self, query: CallbackQuery, sentence: str) -> None:
        """Say why nothing comes of a press."""
        self._tasks.start(self._answer(query.id, sentence), "answer to a press")

    async def _answer(self, query_id: str, alert: str) -> None:
        """End the waiting sign. A press that is too old to be answered is carried out all the same."""
        try:
            await self._bot.answer_callback_query(
                query_id, text=alert[:ALERT_LENGTH] or None, show_alert=bool(alert)
            )
        except TelegramError as error:
            log.debug("a press could not be answered (%s)", type(error).__name__)
