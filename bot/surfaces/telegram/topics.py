"""A topic per character in private chats, and what becomes of words whose topic is gone.

`surface.py` asks where a character speaks; `sending.py` asks for a refuge when Telegram says that a topic is not there.
What is written in a topic is for its character: commands find that out by the engine's seats.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from telegram.constants import ForumTopicLimit
from telegram.ext import ExtBot

from bot.messages import Origin
from bot.ports import Topics
from bot.surfaces.sending import UndeliverableError
from bot.surfaces.telegram.errors import asked
from bot.surfaces.telegram.place import SURFACE
from bot.surfaces.telegram.sending import Spot

log = logging.getLogger(__name__)

GROUP_TOPIC_GONE = "The topic I was answering in is gone, so I answer here."


class TopicKeeper:
    """Opens topics and remembers whose they are. `on` only where the bot has topics in private chats."""

    def __init__(self, bot: ExtBot[Any], topics: Topics) -> None:
        self.on = False
        self._bot, self._topics = bot, topics
        self._owners: dict[tuple[int, int], tuple[str, str, str]] = {}

    async def of(self, origin: Origin, character_id: str, name: str) -> int | None:
        """A character's topic in a private chat, opened if there is none; None where there are no topics."""
        if not self.on or not origin.private:
            return None
        known = await self._topics.topic(SURFACE, origin.channel, origin.person_id, character_id)
        thread = int(known) if known else await self._open(origin, character_id, name)
        self._remember(int(origin.channel), thread, (origin.person_id, character_id, name))
        return thread

    async def known(self, origin: Origin, character_id: str, name: str) -> int | None:
        """A character's topic if it has one already."""
        if not self.on or not origin.private:
            return None
        known = await self._topics.topic(SURFACE, origin.channel, origin.person_id, character_id)
        if not known:
            return None
        self._remember(int(origin.channel), int(known), (origin.person_id, character_id, name))
        return int(known)

    async def refuge(self, spot: Spot) -> Spot:
        """Where words go whose topic is gone: a new one for a character's, else the chat itself."""
        if spot.thread is None:
            raise UndeliverableError("Telegram: no thread there")
        await self._topics.drop_topic(SURFACE, str(spot.chat), str(spot.thread))
        owner = self._owners.pop((spot.chat, spot.thread), None)
        if owner is not None:
            person_id, character_id, name = owner
            origin = Origin(SURFACE, person_id, channel=str(spot.chat))
            thread = await self._open(origin, character_id, name)
            self._remember(spot.chat, thread, owner)
            return replace(spot, thread=thread)
        if spot.chat < 0:
            await asked(lambda: self._bot.send_message(spot.chat, GROUP_TOPIC_GONE))
        return replace(spot, thread=None, answers=None)

    async def _open(self, origin: Origin, character_id: str, name: str) -> int:
        title = name[: ForumTopicLimit.MAX_NAME_LENGTH]
        topic = await asked(lambda: self._bot.create_forum_topic(int(origin.channel), title))
        thread = topic.message_thread_id
        await self._topics.set_topic(SURFACE, origin.channel, origin.person_id, character_id, str(thread))
        return thread

    def _remember(self, chat: int, thread: int, owner: tuple[str, str, str]) -> None:
        if len(self._owners) > 4096:
            self._owners.clear()  # only a shortcut: whoever speaks next is remembered again
        self._owners[chat, thread] = owner
