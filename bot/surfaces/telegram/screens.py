"""One reply's place in a chat: the stream of bot/surfaces/stream.py writes here.

In private chats the beginning is shown as a draft, which is no message and costs nothing of the limits; the message comes
when the text is complete. Elsewhere a message is sent at once and edited.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace

from telegram.constants import MessageLimit

from bot.surfaces.render import utf16
from bot.surfaces.sending import LaterError, TransientError, UndeliverableError
from bot.surfaces.telegram.errors import MigratedError, ThreadGoneError
from bot.surfaces.telegram.sending import Noted, Sender, Spot, Words

Render = Callable[[str], Words]


class ReplyScreen:
    """Shows one reply of a character, part by part. `heading` says who speaks where several may.

    `noted` remembers of a part that it goes out, so that the next process finds it if this one is killed meanwhile.
    """

    unfinished = " …"

    def __init__(
        self,
        sender: Sender,
        spot: Spot,
        key: str,
        *,
        render: Render,
        heading: str = "",
        drafts: bool,
        noted: Callable[[int], Noted] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sender, self._spot, self._key = sender, spot, key
        self._render, self._heading, self._monotonic = render, heading, monotonic
        self._drafts, self._noted = drafts, noted
        self._draft: tuple[int, str] | None = None
        self.limit = MessageLimit.MAX_TEXT_LENGTH - self.length(heading) - 1
        self._quiet_until = float("-inf")  # Telegram asked for no more drafts until then
        self.visible = False
        self.drafted_at: float | None = None

    def length(self, text: str) -> int:
        """Telegram counts in units of UTF-16."""
        return utf16(text)

    async def post(self, part: int, text: str, *, done: bool) -> str:
        """Show a new part; "" where it is only a draft."""
        if self._drafts and not done:
            await self._show_draft(part, text)
            return ""
        # Only the first part is shown as the answer to a message; the others follow it.
        spot = self._spot if part == 0 else replace(self._spot, answers=None)
        noted = self._noted(part) if self._noted else None
        message_id = await self._sender.text(spot, self._words(part, text), noted=noted)
        self.visible, self.drafted_at = True, None
        return str(message_id)

    async def edit(self, ref: str, part: int, text: str, *, done: bool) -> None:
        """Change a part. Only the last text has to arrive: what is overtaken is not repeated."""
        await self._sender.edit_text(self._spot.chat, int(ref), self._words(part, text), patient=done)

    async def remove(self, ref: str) -> None:
        """Take a part away that the final text has no words for."""
        await self._sender.delete(self._spot.chat, int(ref))

    async def redraw(self) -> None:
        """Show the draft again before it fades."""
        if self._draft:
            await self._show_draft(*self._draft)

    async def _show_draft(self, part: int, text: str) -> None:
        """A draft that cannot be shown costs nothing: the message will come."""
        self._draft, self.drafted_at = (part, text), self._monotonic()
        if self._monotonic() < self._quiet_until:
            return
        try:
            await self._sender.draft(self._spot, _draft_id(self._key, part), self._words(part, text))
            self.visible = True
        except LaterError as error:
            self._quiet_until = self._monotonic() + error.seconds
        except (TransientError, UndeliverableError, ThreadGoneError, MigratedError):
            return

    def _words(self, part: int, text: str) -> Words:
        words = self._render(text)
        if not self._heading or part:
            return words
        heading = self._render(f"**{self._heading}**")
        return Words(f"{heading.html}\n{words.html}", f"{self._heading}\n{words.plain}")


def _draft_id(key: str, part: int) -> int:
    """A number that is the same after a restart, and never 0; the API takes 32 bits with a sign."""
    digest = hashlib.sha256(f"{key}/{part}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 0x7FFFFFFF + 1
