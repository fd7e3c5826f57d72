"""One update of Telegram: words and clicks to the door, the rest to whoever has to know. Called by `updates.py`."""

from __future__ import annotations

import logging

from telegram import ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus

from bot.messages import Door
from bot.surfaces.telegram.clicks import Clicks
from bot.surfaces.telegram.inbound import Reader
from bot.surfaces.telegram.message_ids import MessageIds
from bot.surfaces.telegram.sending import Sender
from engine.errors import SelfsameError

log = logging.getLogger(__name__)

OUTSIDE = (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)


class Events:
    """Takes each update; when `handle` returns it is stored or was not for us."""

    def __init__(self, reader: Reader, clicks: Clicks, sender: Sender, ids: MessageIds, door: Door) -> None:
        self._reader, self._clicks, self._sender = reader, clicks, sender
        self._ids, self._door = ids, door

    async def handle(self, update: Update) -> None:
        """Take one update. Raises what keeps it from being stored."""
        try:
            if update.my_chat_member is not None:
                self._membership(update.my_chat_member)
            elif update.message is not None:
                await self._message(update.update_id, update.message)
            elif update.callback_query is not None and (clicked := await self._clicks.read(update)):
                await self._door.accept(clicked)
        except SelfsameError as error:  # the door has told the person; storing it again would not help
            log.warning("an update of Telegram was not taken (%s)", type(error).__name__)

    async def _message(self, update_id: int, message: Message) -> None:
        chat = message.chat.id
        self._ids.see(chat, message.message_id)
        self._sender.unblock(chat)
        if message.migrate_to_chat_id is not None:
            self._sender.moved(chat, message.migrate_to_chat_id)
        if await self._reader.moved(message):
            return
        if inbound := await self._reader.read(update_id, message):
            await self._door.accept(inbound)

    def _membership(self, change: ChatMemberUpdated) -> None:
        """Blocked, thrown out, or welcome again."""
        if change.new_chat_member.status in OUTSIDE:
            self._sender.block(change.chat.id)
        else:
            self._sender.unblock(change.chat.id)
