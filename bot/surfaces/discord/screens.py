"""Where one reply appears: as a webhook's message, as the bot's own, or as an answer to an interaction.

`speech.py` gives each reply its screen, and `bot/surfaces/stream.py` writes on it. A screen that cannot be used hands
over to the next: a webhook that may not be to the bot's own message, a thread that is gone to its channel.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from bot.messages import Speaker
from bot.surfaces.discord.echoes import Echoes
from bot.surfaces.discord.errors import (
    CLOSED,
    THREAD_ARCHIVED,
    TOKEN_EXPIRED,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    RefusedError,
)
from bot.surfaces.discord.markdown import plain, small, spoken
from bot.surfaces.discord.outgoing import MESSAGE_LENGTH, nonce, of_words, once
from bot.surfaces.discord.rest import Hook, Json, Rest
from bot.surfaces.discord.webhooks import Webhooks, acceptable
from bot.surfaces.sending import GoneError, LaterError, TransientError, UndeliverableError

log = logging.getLogger(__name__)

NO_THREAD = frozenset({UNKNOWN_CHANNEL, THREAD_ARCHIVED})
NO_HOOK = frozenset({UNKNOWN_WEBHOOK, TOKEN_EXPIRED})
THREAD_GONE = small("The thread of this answer is closed, so it stands here.")
# Messages after the person's among which an earlier run's unrecorded post is looked for.
LOOKED_THROUGH = 50
WRITERS_KNOWN = 5000


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
    """The bot's own messages; `name` heads them where the character has no face of its own."""

    unfinished = " …"

    def __init__(self, rest: Rest, room: Room, key: str, *, name: str = "", answers: str = "") -> None:
        self._rest = rest
        self._room = room
        self._key = key
        self._heading = f"**{plain(name)}**\n" if name else ""
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
            return str((await self._rest.post(self._room.id, payload))["id"])
        except RefusedError as error:
            if error.code in NO_THREAD and self._room.lose_thread():
                await self.explain()
                return await self.post(part, text, done=done)
            raise unreachable(error) from error

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


class Writers:
    """Which hook wrote which message: what is not known is asked of Discord."""

    def __init__(self, rest: Rest, webhooks: Webhooks) -> None:
        self._rest = rest
        self._webhooks = webhooks
        self._known: OrderedDict[str, Hook | None] = OrderedDict()

    def remember(self, ref: str, hook: Hook | None) -> None:
        """A message was posted by this hook; None: by the bot itself."""
        self._known[ref] = hook
        while len(self._known) > WRITERS_KNOWN:
            self._known.popitem(last=False)

    def knows(self, ref: str) -> bool:
        """Whether this run has posted it or asked for it."""
        return ref in self._known

    async def of(self, room: Room, ref: str) -> Hook | None:
        """Who wrote it. Raises GoneError if neither we nor Discord know."""
        if ref not in self._known:
            self.remember(ref, await self._ask(room, ref))
        return self._known[ref]

    async def _ask(self, room: Room, ref: str) -> Hook | None:
        try:
            message = await self._rest.message(room.id, ref)
        except RefusedError as error:
            raise GoneError from error
        webhook = str(message.get("webhook_id") or "")
        if not webhook or webhook == self._rest.application_id:
            return None
        hook = await self._webhooks.by_id(room.channel, webhook)
        if hook is None:
            raise GoneError
        return hook


class FaceScreen:
    """A character's own messages, by its webhook; the bot's own messages where it may not have one."""

    unfinished = " …"

    def __init__(
        self,
        rest: Rest,
        room: Room,
        *,
        webhooks: Webhooks,
        writers: Writers,
        echoes: Echoes,
        speaker: Speaker,
        person_id: str,
        fallback: PlainScreen,
        orphans: Callable[[Room, Hook], Awaitable[str]] | None = None,
    ) -> None:
        self._rest = rest
        self._room = room
        self._webhooks = webhooks
        self._writers = writers
        self._echoes = echoes
        self._speaker = speaker
        self._person_id = person_id
        self._fallback = fallback
        self._orphans = orphans
        self.limit = fallback.limit

    def length(self, text: str) -> int:
        """How much of Discord's limit words take."""
        return self._fallback.length(text)

    async def post(self, part: int, text: str, *, done: bool) -> str:
        """Post a part."""
        hook = await self._webhooks.of(self._room.channel, self._speaker, self._person_id)
        if hook is None:
            return await self._post_plainly(part, text, done)
        if ref := await self._orphan(part, hook):
            await self.edit(ref, part, text, done=done)
            return ref
        try:
            return await self._speak(hook, text)
        except RefusedError as error:
            return await self._after_refusal(error, part, text, done)

    async def edit(self, ref: str, part: int, text: str, *, done: bool) -> None:
        """Change a part."""
        hook = await self._writers.of(self._room, ref)
        if hook is None:
            await self._fallback.edit(ref, part, text, done=done)
            return
        payload = of_words(spoken(text)).payload
        try:
            await self._rest.hook_patch(hook, ref, payload, thread=self._room.thread)
        except RefusedError as error:
            if error.code in NO_HOOK:  # an admin deleted the webhook: nobody can change its messages any more
                self._webhooks.forget(self._room.channel)
                await self._fallback.remove(ref)
            raise GoneError from error

    async def remove(self, ref: str) -> None:
        """Take a part away."""
        try:
            hook = await self._writers.of(self._room, ref)
            if hook is None:
                await self._fallback.remove(ref)
            else:
                await self._rest.hook_delete(hook, ref, thread=self._room.thread)
        except (GoneError, RefusedError):
            return

    async def prepare(self) -> None:
        """Find or make the character's webhook before its first words."""
        try:
            await self._webhooks.of(self._room.channel, self._speaker, self._person_id)
        except (LaterError, TransientError):
            return  # the first words try again

    async def _speak(self, hook: Hook, text: str) -> str:
        room = self._room
        payload = of_words(spoken(text)).posted(username=acceptable(self._speaker.name))

        async def send() -> str:
            return str((await self._rest.hook_post(hook, payload, thread=room.thread))["id"])

        async def delete(ref: str) -> None:
            try:
                await self._rest.hook_delete(hook, ref, thread=room.thread)
            except RefusedError:
                return

        ref = await self._echoes.post(hook.id, send, delete)
        self._writers.remember(ref, hook)
        return ref

    async def _after_refusal(self, error: RefusedError, part: int, text: str, done: bool) -> str:
        if error.code in NO_HOOK:
            self._webhooks.forget(self._room.channel)
            hook = await self._webhooks.of(self._room.channel, self._speaker, self._person_id)
            if hook is not None:
                return await self._again(hook, part, text, done)
        elif error.code in NO_THREAD and self._room.lose_thread():
            await self._fallback.explain()
            return await self.post(part, text, done=done)
        return await self._post_plainly(part, text, done)

    async def _again(self, hook: Hook, part: int, text: str, done: bool) -> str:
        try:
            return await self._speak(hook, text)
        except RefusedError:
            return await self._post_plainly(part, text, done)

    async def _post_plainly(self, part: int, text: str, done: bool) -> str:
        ref = await self._fallback.post(part, text, done=done)
        self._writers.remember(ref, None)
        return ref

    async def _orphan(self, part: int, hook: Hook) -> str:
        """The message that a killed process posted and could not note any more."""
        if part or self._orphans is None:
            return ""
        look, self._orphans = self._orphans, None
        ref = await look(self._room, hook)
        if ref:
            self._writers.remember(ref, hook)
        return ref


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
        self._heading = f"**{plain(name)}**\n" if name else ""
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


def unreachable(error: RefusedError) -> UndeliverableError:
    """Give up: nobody can be reached there, or Discord does not take it; only the code is logged."""
    if error.code not in CLOSED:
        log.warning("Discord refused a message with code %d, status %d", error.code, error.status)
    return UndeliverableError()
