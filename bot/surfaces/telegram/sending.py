"""Every message of ours to Telegram: sent once, in order within its chat, whatever the network does.

Screens, views and topics call the `Sender`; it calls python-telegram-bot. A chat's messages wait for each other, edits do
not. HTML that Telegram cannot read becomes plain text, a topic that is gone is replaced, a group that moved is followed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from weakref import WeakValueDictionary

from telegram import (
    ForceReply,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode
from telegram.ext import ExtBot

from bot.surfaces.sending import GoneError, UndeliverableError, until_sent
from bot.surfaces.telegram.errors import (
    AmbiguousError,
    MarkupError,
    MigratedError,
    ThreadGoneError,
    UnchangedError,
    asked,
)
from bot.surfaces.telegram.message_ids import LOOKED_AT, MessageIds

log = logging.getLogger(__name__)

Markup = InlineKeyboardMarkup | ForceReply
Sleep = Callable[[float], Awaitable[None]]
# Changes of where or how a message goes, before one gives up: HTML to plain, topic to topic, group to supergroup.
DETOURS = 4
# The most ids that are looked at for what a process sent that was killed: other people's may lie between.
LOOKED_AT_AFTER_A_KILL = 12
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a message goes: a chat, its topic, and the message that it answers."""

    chat: int
    thread: int | None = None
    answers: int | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The same text twice: as Telegram's HTML, and plain for when it cannot read that."""

    html: str
    plain: str


@dataclass(slots=True)
class _Way:
    """Where and how a message goes by now, after what Telegram answered so far."""

    spot: Spot
    html: bool = True
    ambiguous: bool = False  # an attempt may have been applied although its answer was lost


class Noted(Protocol):
    """What a message will show, noted while it goes out."""

    async def note(self, before: int | None) -> int | None:
        """Its id will be above `before`. Returns above which id it may stand already, None if it surely does not."""


# One attempt to send, to a place and with HTML or without; the ids that the messages got.
Once = Callable[[Spot, bool], Awaitable[Sequence[Message]]]
# Whether a message of ours in a chat, from this process or an earlier one, is remembered.
Remembered = Callable[[int, int], Awaitable[bool]]


class Sender:
    """Sends, edits and deletes messages of the bot."""

    def __init__(
        self,
        bot: ExtBot[Any],
        ids: MessageIds,
        refuge: Callable[[Spot], Awaitable[Spot]],
        remembered: Remembered,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._bot, self._ids, self._refuge, self._sleep = bot, ids, refuge, sleep
        self._remembered = remembered
        self._queues: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._moved: dict[int, int] = {}
        self._blocked: set[int] = set()

    # ------------------------------------------------------------ who can be reached

    def block(self, chat: int) -> None:
        """Nobody can be reached there until further notice."""
        self._blocked.add(chat)

    def unblock(self, chat: int) -> None:
        """Somebody was heard of there."""
        self._blocked.discard(chat)

    def moved(self, chat: int, to: int) -> None:
        """A group became a supergroup."""
        self._moved[chat] = to

    def heard(self, chat: int, message_id: int) -> None:
        """A message that is answered: what is sent now comes after it."""
        self._ids.see(chat, message_id)

    # ------------------------------------------------------------ sending

    async def text(
        self, spot: Spot, words: Words, markup: Markup | None = None, noted: Noted | None = None
    ) -> int:
        """Send a text. Returns its message id."""

        async def once(to: Spot, html: bool) -> Sequence[Message]:
            message = await self._bot.send_message(
                text=words.html if html else words.plain,
                parse_mode=ParseMode.HTML if html else None,
                reply_markup=markup,
                link_preview_options=NO_PREVIEW,
                **_where(to),
            )
            return (message,)

        return (await self._send(spot, once, markup, noted))[0]

    async def photo(
        self,
        spot: Spot,
        picture: str | bytes,
        words: Words,
        markup: Markup | None = None,
        noted: Noted | None = None,
    ) -> int:
        """Send a picture, by its path or as it is, with its caption. Returns its message id."""
        filename, content = await _file(picture)

        async def once(to: Spot, html: bool) -> Sequence[Message]:
            message = await self._bot.send_photo(
                photo=InputFile(content, filename=filename),
                caption=words.html if html else words.plain,
                parse_mode=ParseMode.HTML if html else None,
                reply_markup=markup,
                **_where(to),
            )
            return (message,)

        return (await self._send(spot, once, markup, noted))[0]

    async def album(
        self, spot: Spot, pictures: Sequence[tuple[str, Words]], noted: Noted | None = None
    ) -> tuple[int, ...]:
        """Send 2 to 10 pictures as one album. Returns their message ids."""
        files = [(await _attached(path), words) for path, words in pictures]

        async def once(to: Spot, html: bool) -> Sequence[Message]:
            media = [_photo(file, words, html) for file, words in files]
            return await self._bot.send_media_group(media=media, **_where(to))

        return await self._send(spot, once, None, noted)

    async def document(self, spot: Spot, filename: str, content: bytes, words: Words) -> int:
        """Send a file. Returns its message id."""

        async def once(to: Spot, html: bool) -> Sequence[Message]:
            message = await self._bot.send_document(
                document=InputFile(content, filename=filename),
                caption=words.html if html else words.plain,
                parse_mode=ParseMode.HTML if html else None,
                **_where(to),
            )
            return (message,)

        return (await self._send(spot, once, None))[0]

    async def _send(
        self, spot: Spot, once: Once, markup: Markup | None, noted: Noted | None = None
    ) -> tuple[int, ...]:
        chat = self._moved.get(spot.chat, spot.chat)
        way = _Way(replace(spot, chat=chat))
        async with self._queue(chat):
            before = self._ids.latest(chat)
            sent, since = await self._send_noted(way, once, noted, before)
            ids = tuple(message.message_id for message in sent)
            for one in ids:
                self._ids.see(way.spot.chat, one)
            if way.spot.chat != chat:  # the group moved, to ids of its own
                return ids
            if since is not None:
                await self._remove_doubles(chat, since, min(ids), markup, LOOKED_AT_AFTER_A_KILL)
            elif way.ambiguous and before is not None:
                await self._remove_doubles(chat, before, min(ids), markup)
            return ids

    async def _send_noted(
        self, way: _Way, once: Once, noted: Noted | None, before: int | None
    ) -> tuple[Sequence[Message], int | None]:
        """Note a message before it goes out: a commit's milliseconds, so that a kill never leaves it twice."""
        since = await noted.note(before) if noted is not None else None
        sent = await until_sent(lambda: self._attempt(way, once), sleep=self._sleep)
        return sent, since

    def _queue(self, chat: int) -> asyncio.Lock:
        return self._queues.setdefault(chat, asyncio.Lock())

    async def _attempt(self, way: _Way, once: Once) -> Sequence[Message]:
        if way.spot.chat in self._blocked:
            raise UndeliverableError("Telegram: blocked")
        for _ in range(DETOURS):
            try:
                return await asked(lambda: once(way.spot, way.html))
            except MarkupError:
                way.html = False
            except ThreadGoneError:
                way.spot = await self._refuge(way.spot)
            except MigratedError as error:
                self.moved(way.spot.chat, error.chat)
                way.spot = replace(way.spot, chat=error.chat, thread=None, answers=None)
            except AmbiguousError:
                way.ambiguous = True
                raise
            except UndeliverableError as error:
                self._note_block(way.spot.chat, error)
                raise
        raise UndeliverableError("Telegram: no way there")

    def _note_block(self, chat: int, error: UndeliverableError) -> None:
        """A person who blocked the bot is not tried again until they unblock it, which Telegram tells."""
        if chat > 0 and "forbidden" in str(error):
            self.block(chat)

    async def _remove_doubles(
        self, chat: int, above: int, below: int, markup: Markup | None, at_most: int = LOOKED_AT
    ) -> None:
        """Delete what an attempt sent whose answer was lost, or was not noted any more.

        All other messages of ours are accounted for: the chat's messages wait for each other, and those of an earlier
        process are remembered, whatever they show. So what is ours among the unknown is the double.
        """
        keys = markup if isinstance(markup, InlineKeyboardMarkup) else None
        for candidate in await self._unaccounted(chat, above, below, at_most):
            if await self._is_ours(chat, candidate, keys):
                log.info("a message of a lost answer is deleted: it was sent twice")
                await self.delete(chat, candidate)
            self._ids.see(chat, candidate)

    async def _unaccounted(self, chat: int, above: int, below: int, at_most: int) -> list[int]:
        """Ids between two of which nothing is known, also from before a restart."""
        unknown = self._ids.unknown(chat, above, below)
        return [one for one in unknown if not await self._remembered(chat, one)][:at_most]

    async def _is_ours(self, chat: int, message_id: int, keys: InlineKeyboardMarkup | None) -> bool:
        """Whether a message is the bot's own.

        Asked to show certain buttons, one of ours shows them, or has them already and is “not modified”; anything else
        “can't be edited” or is “not found”, and stays as it is.
        """
        request = partial(self._bot.edit_message_reply_markup, chat, message_id, reply_markup=keys)
        try:
            await self._patiently(request)
        except UnchangedError:
            return True
        except (GoneError, UndeliverableError):
            return False
        return True

    # ------------------------------------------------------------ changing what was sent

    async def edit_text(
        self,
        chat: int,
        message_id: int,
        words: Words,
        markup: InlineKeyboardMarkup | None = None,
        *,
        patient: bool = True,
    ) -> None:
        """Change a text. Raises GoneError; unless patient also what asks to try again later."""

        async def once(html: bool) -> object:
            return await self._bot.edit_message_text(
                words.html if html else words.plain,
                chat_id=chat,
                message_id=message_id,
                parse_mode=ParseMode.HTML if html else None,
                reply_markup=markup,
                link_preview_options=NO_PREVIEW,
            )

        await self._edit(once, patient=patient)

    async def edit_caption(
        self, chat: int, message_id: int, words: Words, markup: InlineKeyboardMarkup | None = None
    ) -> None:
        """Change what stands under a picture. Raises GoneError."""

        async def once(html: bool) -> object:
            return await self._bot.edit_message_caption(
                chat_id=chat,
                message_id=message_id,
                caption=words.html if html else words.plain,
                parse_mode=ParseMode.HTML if html else None,
                reply_markup=markup,
            )

        await self._edit(once)

    async def edit_photo(
        self,
        chat: int,
        message_id: int,
        picture: str | bytes,
        words: Words,
        markup: InlineKeyboardMarkup | None = None,
    ) -> None:
        """Put another picture in place, also of no picture. Raises GoneError."""
        file = await _attached(picture)

        async def once(html: bool) -> object:
            return await self._bot.edit_message_media(
                _photo(file, words, html), chat_id=chat, message_id=message_id, reply_markup=markup
            )

        await self._edit(once)

    async def _edit(self, once: Callable[[bool], Awaitable[object]], *, patient: bool = True) -> None:
        """Editing may be repeated, so a lost answer costs nothing."""

        async def attempt() -> None:
            try:
                await asked(lambda: once(True))
            except MarkupError:
                await asked(lambda: once(False))

        try:
            await (until_sent(attempt, sleep=self._sleep) if patient else attempt())
        except UnchangedError:
            return
        except (MigratedError, ThreadGoneError):
            raise GoneError from None

    async def clear_keyboard(self, chat: int, message_id: int) -> None:
        """Take the buttons off a message that has done its work."""
        try:
            await self._patiently(lambda: self._bot.edit_message_reply_markup(chat, message_id))
        except (UnchangedError, GoneError, UndeliverableError):
            return

    async def delete(self, chat: int, message_id: int) -> None:
        """Remove a message of ours; one that is gone already is fine, one that is too old stays."""
        try:
            await self._patiently(lambda: self._bot.delete_message(chat, message_id))
        except (GoneError, UndeliverableError):
            return

    async def _patiently(self, request: Callable[[], Awaitable[object]]) -> None:
        await until_sent(lambda: asked(request), sleep=self._sleep)

    # ------------------------------------------------------------ what does not stay

    async def typing(self, spot: Spot) -> None:
        """Show for five seconds that an answer is on its way."""
        await asked(
            lambda: self._bot.send_chat_action(spot.chat, ChatAction.TYPING, message_thread_id=spot.thread)
        )

    async def draft(self, spot: Spot, draft_id: int, words: Words) -> None:
        """Show the beginning of a message in a private chat, for 30 seconds. Raises what `asked` raises."""

        async def once(html: bool) -> object:
            return await self._bot.send_message_draft(
                spot.chat,
                draft_id,
                words.html if html else words.plain,
                message_thread_id=spot.thread,
                parse_mode=ParseMode.HTML if html else None,
            )

        try:
            await asked(lambda: once(True))
        except MarkupError:
            await asked(lambda: once(False))


def _where(spot: Spot) -> dict[str, Any]:
    """The library's own parameters for a place."""
    answers = None
    if spot.answers is not None:
        answers = ReplyParameters(spot.answers, allow_sending_without_reply=True)
    return {"chat_id": spot.chat, "message_thread_id": spot.thread, "reply_parameters": answers}


def _photo(file: InputFile, words: Words, html: bool) -> InputMediaPhoto:
    mode = ParseMode.HTML if html else None
    return InputMediaPhoto(file, caption=words.html if html else words.plain, parse_mode=mode)


async def _attached(picture: str | bytes) -> InputFile:
    """A file as part of a request that names it: for albums, and to replace another."""
    filename, content = await _file(picture)
    return InputFile(content, filename=filename, attach=True)


async def _file(picture: str | bytes) -> tuple[str, bytes]:
    """A picture's file name and content."""
    if isinstance(picture, bytes):
        return "picture.jpg", picture
    return Path(picture).name, await asyncio.to_thread(Path(picture).read_bytes)
