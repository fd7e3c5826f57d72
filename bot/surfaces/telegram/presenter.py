"""A view's `Post` as messages: texts, pictures, albums, files, buttons and questions; and one message per key in place.

`surface.py` calls it with what views.py made; it calls `sending.py` and remembers in the ledger what shows what.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from weakref import WeakValueDictionary

from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup

from bot.ports import Calls, Ledger
from bot.surfaces.sending import GoneError
from bot.surfaces.telegram.html import said
from bot.surfaces.telegram.inbound import ask_key
from bot.surfaces.telegram.intents import Intent, settled
from bot.surfaces.telegram.place import SURFACE
from bot.surfaces.telegram.post import ALBUM, Key, Post, write_data
from bot.surfaces.telegram.questions import Questions
from bot.surfaces.telegram.sending import Markup, Sender, Spot, Words
from engine.errors import NotFoundError
from engine.types import Shown

# Bytes of a question's command in the ledger, which has room.
ASK_LENGTH = 2000


class Presenter:
    """Sends posts."""

    def __init__(self, sender: Sender, ledger: Ledger, calls: Calls, questions: Questions) -> None:
        self._sender, self._ledger, self._calls, self._questions = sender, ledger, calls, questions

    async def send(self, post: Post, spot: Spot, person_id: str, key: str = "") -> tuple[int, ...]:
        """Send a post. Returns its message ids: first the one with the words and buttons, then an album's.

        Pictures of an album are messages for Telegram, and whatever comes after many of them waits: so they come last,
        but a single one, which stands over words that are too long to be its caption. With a `key`, what a killed
        process may have sent of it already is taken away; the caller remembers which messages show it.
        """

        def noted(part: int) -> Intent | None:
            return Intent(self._ledger, key, part, person_id, spot.chat) if key else None

        before = await self._send_album(post, spot, noted) if len(post.album) == 1 else ()
        with self._questions.asking(spot.chat) if post.force_reply else nullcontext():
            main = await self._send_main(post, spot, person_id, noted(0))
            await self._ask(post, spot, main, person_id)
        sent = (main, *(before or await self._send_album(post, spot, noted)))
        if not key:
            await self._remember(sent[1:] if post.force_reply else sent, spot, person_id)
        return sent

    async def _send_main(self, post: Post, spot: Spot, person_id: str, noted: Intent | None) -> int:
        """The message with the words and buttons."""
        words, markup = Words(post.html, post.plain), await self.markup(post, person_id)
        if post.document:
            filename, content = post.document
            return await self._sender.document(spot, filename, content, words)
        if post.picture:
            return await self._sender.photo(spot, post.picture, words, markup, noted)
        return await self._sender.text(spot, words, markup, noted)

    async def turn(self, post: Post, spot: Spot, message_id: int, person_id: str) -> bool:
        """Show another page in place of the one whose button was pressed; False where that cannot be."""
        if post.album or post.document or post.force_reply:
            return False
        words, keys = Words(post.html, post.plain), await self.keyboard(post, person_id)
        try:
            if post.picture:
                await self._sender.edit_photo(spot.chat, message_id, post.picture, words, keys)
            else:
                await self._sender.edit_text(spot.chat, message_id, words, keys)
        except GoneError:
            return False
        return True

    async def markup(self, post: Post, person_id: str) -> Markup | None:
        """The buttons of a post, or the question that it asks."""
        if post.force_reply:
            return ForceReply(selective=True, input_field_placeholder=post.force_reply[:64])
        return await self.keyboard(post, person_id)

    async def keyboard(self, post: Post, person_id: str) -> InlineKeyboardMarkup | None:
        """The buttons of a post."""
        rows = [[await self._key(key, person_id) for key in row] for row in post.keyboard]
        return InlineKeyboardMarkup(rows) if rows else None

    async def _key(self, key: Key, person_id: str) -> InlineKeyboardButton:
        if key.url:
            return InlineKeyboardButton(key.label, url=key.url)
        data = await write_data(key, person_id, self._calls)
        return InlineKeyboardButton(key.label, callback_data=data)

    async def _send_album(
        self, post: Post, spot: Spot, noted: Callable[[int], Intent | None]
    ) -> tuple[int, ...]:
        pictures = [(path, said(caption)) for path, caption in post.album]
        if len(pictures) == 1:  # an album has at least two
            return (await self._sender.photo(spot, *pictures[0], noted=noted(1)),)
        sent: list[int] = []
        for start in range(0, len(pictures), ALBUM):
            sent += await self._sender.album(spot, pictures[start : start + ALBUM], noted(start + 1))
        return tuple(sent)

    async def _ask(self, post: Post, spot: Spot, message_id: int, person_id: str) -> None:
        """Remember which command the answer to a question completes."""
        if post.expects is not None:
            answered = Key("", post.expects, look=post.look)
            packed = await write_data(answered, person_id, self._calls, ASK_LENGTH)
            key = ask_key(message_id, post.option, packed)
            await self._put(key, 0, message_id, spot.chat, person_id, done=True)

    async def _remember(self, sent: Sequence[int], spot: Spot, person_id: str) -> None:
        """What shows no key: in groups it says whose buttons these are, and after a restart it is nobody's double."""
        for part, message_id in enumerate(sent):
            try:
                await self._put(
                    f"view:{spot.chat}:{sent[0]}", part, message_id, spot.chat, person_id, done=True
                )
            except NotFoundError:  # they are forgotten, and this told them so
                return

    async def _put(
        self, key: str, part: int, message_id: int, chat: int, person_id: str, *, done: bool, digest: str = ""
    ) -> None:
        await self._ledger.put(
            SURFACE,
            key,
            part,
            person_id=person_id,
            channel=str(chat),
            ref=str(message_id),
            done=done,
            digest=digest,
        )


class Places(Presenter):
    """Posts that stay where they are: a picture under way, which becomes the picture, and a draft's step."""

    def __init__(self, sender: Sender, ledger: Ledger, calls: Calls, questions: Questions) -> None:
        super().__init__(sender, ledger, calls, questions)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def shown(self, key: str) -> Shown | None:
        """The message that shows a key."""
        parts = await self._parts(key)
        return parts[0] if parts else None

    async def _parts(self, key: str) -> tuple[Shown, ...]:
        """The messages that show a key; what was only on its way is none."""
        return tuple(settled(one) for one in await self._ledger.parts(SURFACE, key) if one.ref)

    async def show(
        self, key: str, post: Post, spot: Spot, person_id: str, *, done: bool, anew: bool = False
    ) -> None:
        """Show a post under its key, in place of what was shown; `anew` sends it again below what was said since."""
        turn = self._turns.setdefault(key, asyncio.Lock())
        async with turn:
            before = await self._parts(key)
            look = _look(post)
            if before and not anew:
                if before[0].digest == look and before[0].done >= done:
                    return
                if before[0].done and not done:
                    return  # it was finished meanwhile
                if await self._change(post, before[0], look, person_id):
                    message_id, chat = int(before[0].ref), int(before[0].channel)
                    await self._put(key, 0, message_id, chat, person_id, done=done, digest=look)
                    return
            sent = await self.send(post, spot, person_id, key)
            for part, message_id in enumerate(sent):
                await self._put(key, part, message_id, spot.chat, person_id, done=done, digest=look)
            await self._tidy(key, [one for one in before if one.part >= len(sent)], before)

    async def complete(self, key: str, post: Post, person_id: str) -> None:
        """Put the picture in place that a post had to be shown without; nothing if something else is shown by now."""
        turn = self._turns.setdefault(key, asyncio.Lock())
        async with turn:
            shown, look = await self.shown(key), _look(post)
            if shown is None or shown.digest == look or _words_of(shown.digest) != _words_of(look):
                return
            if await self._change(post, shown, look, person_id):
                message_id, chat = int(shown.ref), int(shown.channel)
                await self._put(key, 0, message_id, chat, person_id, done=shown.done, digest=look)

    async def _change(self, post: Post, shown: Shown, look: str, person_id: str) -> bool:
        """Edit a message to what it shall show; False where that cannot be done in place."""
        old, new = shown.digest.split("."), look.split(".")
        if len(old) != len(new) or old[1] != new[1] or post.force_reply or post.document:
            return False
        if old[0] == "photo" and not post.picture:  # Telegram takes no picture away
            return False
        chat, message_id = int(shown.channel), int(shown.ref)
        words, keys = Words(post.html, post.plain), await self.keyboard(post, person_id)
        try:
            if not post.picture:
                await self._sender.edit_text(chat, message_id, words, keys)
            elif old[2] == new[2]:
                await self._sender.edit_caption(chat, message_id, words, keys)
            else:
                await self._sender.edit_photo(chat, message_id, post.picture, words, keys)
        except GoneError:
            return False
        return True

    async def _tidy(self, key: str, left: Sequence[Shown], before: Sequence[Shown]) -> None:
        """Take away what was shown before; only now that the new stands there."""
        for part in left:
            await self._ledger.drop(SURFACE, key, part.part)
        for part in before:
            await self._sender.delete(int(part.channel), int(part.ref))


def _look(post: Post) -> str:
    """What a post looks like: its kind, its album, its picture, and its words with their buttons."""
    album = _short(repr(post.album)) if post.album else ""
    kind = "photo" if post.picture else "text"
    return ".".join((kind, album, _short(post.picture), _short(f"{post.html}{post.keyboard!r}")))


def _words_of(look: str) -> str:
    return look.rpartition(".")[2]


def _short(content: str | bytes) -> str:
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    return hashlib.sha256(content).hexdigest()[:16] if content else ""
