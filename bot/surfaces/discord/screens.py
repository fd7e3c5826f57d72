"""Where one reply appears: as the bot's own messages, or as answers to an interaction. `face_screen.py` has a third way.

`speech.py` gives each reply its screen, and `bot/surfaces/stream.py` writes on it. Where a thread is gone a screen goes
on in its channel.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from bot.surfaces.discord.errors import (
    CLOSED,
    THREAD_ARCHIVED,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    RefusedError,
)
from bot.surfaces.discord.markdown import plain, small, spoken
from bot.surfaces.discord.outgoing import MESSAGE_LENGTH, nonce, of_words, once
from bot.surfaces.discord.rest import Hook, Json, Rest
from bot.surfaces.sending import GoneError, UndeliverableError

log = logging.getLogger(__name__)

NO_THREAD = frozenset({UNKNOWN_CHANNEL, THREAD_ARCHIVED})
THREAD_GONE = small("The thread of this answer is closed, so it stands here.")


class Room:
    """The channel, or its thread, that a reply goes to."""

    def __init__(self, channel: str, thread: str = "") -> None:
        self.channel = channel
        self.thread = thread
        self.moved = False

    @property
    def id(self) -> str:
        """Where its messages are."""
        return self.thread or self.channel

    def lose_thread(self) -> bool:
        """The thread is gone: go on in its channel. False if there was none."""
        self.moved, self.thread = bool(self.thread), ""
        return self.moved


class PlainScreen:
    """The bot's own messages. As everybody speaks under its name there, `name` heads them, quietly in a private chat."""

    unfinished = " …"

    def __init__(
        self, rest: Rest, room: Room, key: str, *, name: str = "", private: bool = False, answers: str = ""
    ) -> None:
        self._rest = rest
        self._room = room
        self._key = key
        self._heading = _heading(name, private=private)
        self._answers = answers
        self._lost = 0
        self.limit = MESSAGE_LENGTH - len(self._heading)

    def length(self, text: str) -> int:
        """How much of Discord's limit words take."""
        return len(spoken(text))

    async def post(self, part: int, text: str, *, done: bool) -> str:
        """Post a part; the same part is never posted twice, whatever answers get lost."""
        payload = self._words(part, text) | once(nonce(self._key, part, self._lost, self._room.id))
        if self._answers and part == 0 and not self._room.moved:
            payload["message_reference"] = {"message_id": self._answers, "fail_if_not_exists": False}
        try:
            posted = await self._rest.post(self._room.id, payload)
        except RefusedError as error:
            if error.code in NO_THREAD and self._room.lose_thread():
                await self.explain()
                return await self.post(part, text, done=done)
            raise unreachable(error) from error
        ref = str(posted["id"])
        if str(posted.get("content", "")).strip() != payload["content"].strip():
            # Discord knew the nonce: an earlier run was killed here, and what it had written by then still stands.
            await self.edit(ref, part, text, done=done)
        return ref

    async def explain(self) -> None:
        """Say why an answer stands in the channel."""
        payload = of_words(THREAD_GONE).posted(**once(nonce(self._key, "moved")))
        try:
            await self._rest.post(self._room.id, payload)
        except RefusedError as error:
            raise unreachable(error) from error

    async def edit(self, ref: str, part: int, text: str, *, done: bool) -> None:
        """Change a part."""
        try:
            await self._rest.patch(self._room.id, ref, self._words(part, text))
        except RefusedError as error:
            self._lost += 1
            raise GoneError from error

    async def remove(self, ref: str) -> None:
        """Take a part away."""
        try:
            await self._rest.delete(self._room.id, ref)
        except RefusedError:
            return  # it is gone already, or an admin keeps it

    def _words(self, part: int, text: str) -> Json:
        return of_words((self._heading if part == 0 else "") + spoken(text)).payload


class TokenScreen:
    """Answers to an interaction where the bot is no member: the token is the only way to speak, for 15 minutes."""

    unfinished = " …"

    def __init__(
        self, rest: Rest, hook: Hook, *, first: Callable[[], Awaitable[bool]], name: str = ""
    ) -> None:
        self._rest = rest
        self._hook = hook
        self._first = first
        self._lost = False  # the promised answer was given and deleted
        self._heading = _heading(name)
        self.limit = MESSAGE_LENGTH - len(self._heading)

    def length(self, text: str) -> int:
        """How much of Discord's limit words take."""
        return len(spoken(text))

    async def post(self, part: int, text: str, *, done: bool) -> str:
        """Post a part: the first into the answer that was promised, if that waits still."""
        payload = self._words(part, text)
        try:
            if part == 0 and not self._lost and await self._first():
                return str((await self._rest.hook_patch(self._hook, "@original", payload))["id"])
            return str((await self._rest.hook_post(self._hook, payload))["id"])
        except RefusedError as error:
            raise unreachable(error) from error

    async def edit(self, ref: str, part: int, text: str, *, done: bool) -> None:
        """Change a part."""
        try:
            await self._rest.hook_patch(self._hook, ref, self._words(part, text))
        except RefusedError as error:
            if error.code == UNKNOWN_MESSAGE:
                self._lost = True
                raise GoneError from error
            raise unreachable(error) from error

    async def remove(self, ref: str) -> None:
        """Take a part away."""
        try:
            await self._rest.hook_delete(self._hook, ref)
        except RefusedError:
            return

    def _words(self, part: int, text: str) -> Json:
        return of_words((self._heading if part == 0 else "") + spoken(text)).payload


def _heading(name: str, *, private: bool = False) -> str:
    """Who speaks, where nothing else tells."""
    if not name:
        return ""
    return (small(plain(name)) if private else f"**{plain(name)}**") + "\n"


def unreachable(error: RefusedError) -> UndeliverableError:
    """Give up: nobody can be reached there, or Discord does not take it; only the code is logged."""
    if error.code not in CLOSED:
        log.warning("Discord refused a message with code %d, status %d", error.code, error.status)
    return UndeliverableError()
