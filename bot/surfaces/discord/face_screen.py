"""A character's own messages in servers, by its webhook: name, face, and whose message is whose after a restart.

`speech.py` makes the screen; `webhooks.py` has the hooks, `echoes.py` sees to it that nothing is posted twice. Where the
bot may have no webhook, the screen hands over to the bot's own messages (`screens.py`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable

from bot.messages import Speaker
from bot.surfaces.discord.echoes import Echoes
from bot.surfaces.discord.errors import TOKEN_EXPIRED, UNKNOWN_WEBHOOK, RefusedError
from bot.surfaces.discord.markdown import spoken
from bot.surfaces.discord.outgoing import of_words
from bot.surfaces.discord.rest import Hook, Rest
from bot.surfaces.discord.screens import NO_THREAD, PlainScreen, Room
from bot.surfaces.discord.webhooks import Webhooks, acceptable
from bot.surfaces.sending import GoneError, LaterError, TransientError

NO_HOOK = frozenset({UNKNOWN_WEBHOOK, TOKEN_EXPIRED})
WRITERS_KNOWN = 5000


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
