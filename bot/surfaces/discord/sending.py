"""Views on their way out: each to the one person or the whole channel, in place of what showed it before, once.

`surface.py` calls `Sender.show` for everything that is no streamed reply. An answer tries one way after the other: the
interaction's own answer, the channel, a further answer by the interaction's token, and at last the person's DMs.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from weakref import WeakValueDictionary

from bot.messages import Origin
from bot.ports import Ledger
from bot.surfaces.discord.answers import Answers
from bot.surfaces.discord.errors import RefusedError
from bot.surfaces.discord.inbound import NAME, Reply, written_at
from bot.surfaces.discord.outgoing import Outgoing, nonce, once
from bot.surfaces.discord.rest import Hook, Rest
from bot.surfaces.discord.screens import unreachable
from bot.surfaces.sending import GoneError, UndeliverableError, until_sent

log = logging.getLogger(__name__)

PLAIN_KNOWN = 5000  # the bot's own messages: no token can change those
LATEST_KNOWN = 5000  # newest interaction by what it showed, so that a later change finds a living token

Sleep = Callable[[float], Awaitable[None]]
Landed = tuple[str, str]  # the message and the channel it stands in


class Sender:
    """Shows views, by key in place of what showed the key before."""

    def __init__(
        self,
        rest: Rest,
        ledger: Ledger,
        answers: Answers,
        *,
        now: Callable[[], float] = time.time,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._rest = rest
        self._ledger = ledger
        self._answers = answers
        self._now = now
        self._began = now()
        self._sleep = sleep
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._latest: OrderedDict[str, str] = OrderedDict()
        self._plain: OrderedDict[str, None] = OrderedDict()

    def living(self, reply: Reply | None) -> Hook | None:
        """Where an interaction can still be answered."""
        if reply is None or not reply.token or self._now() >= reply.until:
            return None
        return reply.hook(self._rest.application_id)

    async def show(
        self, origin: Origin, message: Outgoing, *, key: str = "", alone: bool = False, moves: bool = True
    ) -> str:
        """Show a message; returns its id, "" if nobody can be reached.

        `alone`: for the person's eyes only. `moves`: it may take the place of the message that was clicked.
        """
        if not moves:
            origin = _without_click(origin)
        try:
            if not key:
                return (await self._put(origin, message, message.digest, alone=alone))[0]
            async with self._locked(key):
                return await self._show_by_key(origin, message, key, alone)
        except UndeliverableError:
            return ""

    async def _show_by_key(self, origin: Origin, message: Outgoing, key: str, alone: bool) -> str:
        parts = await self._ledger.parts(NAME, key)
        reply = Reply.parse(origin.reply)
        self._remember(key, origin, reply)
        shown = (parts[0].ref, parts[0].channel) if parts else None
        moves = shown is None or await self._moves(reply, shown[0])
        if shown and not moves and parts[0].digest == message.digest:
            return shown[0]
        landed = None
        if shown and not moves:
            landed = await self._change(key, shown, message, private=origin.private)
        if landed is None:
            instead_of = shown[0] if shown and not moves else ""
            landed = await self._put(origin, message, key, instead_of=instead_of, alone=alone)
        await self._note(origin, key, landed, message)
        if shown and moves and shown != landed:
            await self._remove(shown)
        return landed[0]

    async def _note(self, origin: Origin, key: str, landed: Landed, message: Outgoing) -> None:
        await self._ledger.put(
            NAME,
            key,
            0,
            person_id=origin.person_id,
            channel=landed[1],
            ref=landed[0],
            done=True,
            digest=message.digest,
        )

    async def _moves(self, reply: Reply | None, ref: str) -> bool:
        """Whether it belongs elsewhere now: a new command was given, or another message clicked."""
        if reply is None or self.living(reply) is None:
            return False
        return (reply.replaces and reply.clicked != ref) or await self._answers.waits(reply)

    def _remember(self, key: str, origin: Origin, reply: Reply | None) -> None:
        if reply is None or not reply.token:
            return
        before = Reply.parse(self._latest.get(key, ""))
        if before is None or before.until <= reply.until:
            self._latest[key] = origin.reply
            self._latest.move_to_end(key)
        while len(self._latest) > LATEST_KNOWN:
            self._latest.popitem(last=False)

    # ------------------------------------------------------------ in place

    async def _change(self, key: str, shown: Landed, message: Outgoing, *, private: bool) -> Landed | None:
        """Change the message that shows the key; None if that is not possible any more."""
        latest = Reply.parse(self._latest.get(key, ""))
        ref, channel = shown
        # In a private chat every message is the bot's own: it needs no token to change it.
        hook = None if private or ref in self._plain else self.living(latest)

        async def change() -> None:
            if hook and latest and await self._by_token(hook, latest, ref, message):
                return
            try:
                await self._rest.patch(channel, ref, message.payload, message.uploads)
            except RefusedError as error:
                raise GoneError from error

        try:
            await until_sent(change, sleep=self._sleep)
        except GoneError:
            return None
        return shown

    async def _by_token(self, hook: Hook, reply: Reply, ref: str, message: Outgoing) -> bool:
        which = "@original" if reply.clicked == ref else ref
        try:
            await self._rest.hook_patch(hook, which, message.payload, message.uploads)
        except RefusedError:
            return False
        return True

    async def _remove(self, shown: Landed) -> None:
        """Take away what showed the key before it moved; what cannot be reached any more stays."""
        ref, channel = shown

        async def remove() -> None:
            await self._rest.delete(channel, ref)

        try:
            await until_sent(remove, sleep=self._sleep)
        except (RefusedError, UndeliverableError):
            return

    # ------------------------------------------------------------ anew

    async def _put(
        self, origin: Origin, message: Outgoing, key: str, *, alone: bool, instead_of: str = ""
    ) -> Landed:
        """Post a message by the first way that is open, maybe instead of one that cannot be changed any more."""
        ways = await self._ways(origin, message, key, alone=alone, instead_of=instead_of)

        async def send() -> Landed:
            refused = None
            for way in ways:
                try:
                    return await way()
                except RefusedError as error:
                    refused = error
            raise unreachable(refused) if refused else UndeliverableError()

        return await until_sent(send, sleep=self._sleep)

    async def _ways(
        self, origin: Origin, message: Outgoing, key: str, *, alone: bool, instead_of: str
    ) -> list[Callable[[], Awaitable[Landed]]]:
        reply = Reply.parse(origin.reply)
        hook = self.living(reply)
        name = f"{key} {instead_of}"
        ways: list[Callable[[], Awaitable[Landed]]] = []
        if reply and hook:
            if reply.replaces or await self._answers.claim(reply, key, again=not instead_of):
                aside = alone and reply.waits and not reply.alone
                first = self._aside if aside else self._first
                ways.append(lambda: first(hook, origin, message))
            if alone or reply.outside:
                ways.append(lambda: self._further(hook, origin, message, alone))
        if origin.private or not alone:
            late = reply is not None and bool(instead_of) and not origin.private
            shown = message.calling(reply.user) if reply and late else message
            ways.append(lambda: self._in_channel(origin.thread or origin.channel, origin, shown, name))
            if origin.thread:
                ways.append(lambda: self._in_channel(origin.channel, origin, shown, name))
        if hook:
            ways.append(lambda: self._further(hook, origin, message, alone))
        if reply and reply.user and not origin.private:
            ways.append(lambda: self._direct(reply.user, origin, message, name))
        return ways

    async def _first(self, hook: Hook, origin: Origin, message: Outgoing) -> Landed:
        """The answer that was promised; after a click, the message that was clicked."""
        sent = await self._rest.hook_patch(hook, "@original", message.payload, message.uploads)
        return str(sent["id"]), origin.thread or origin.channel

    async def _aside(self, hook: Hook, origin: Origin, message: Outgoing) -> Landed:
        """Everybody was promised an answer, but this one is for the person alone."""
        with suppress(RefusedError):  # an earlier attempt took it away
            await self._rest.hook_delete(hook, "@original")
        return await self._further(hook, origin, message, True)

    async def _further(self, hook: Hook, origin: Origin, message: Outgoing, alone: bool) -> Landed:
        payload = message.alone() if alone and not origin.private else message.payload
        sent = await self._rest.hook_post(hook, payload, message.uploads)
        return str(sent["id"]), origin.thread or origin.channel

    async def _in_channel(self, channel: str, origin: Origin, message: Outgoing, name: str) -> Landed:
        payload = message.posted(**once(nonce(origin.reply, name, channel)))
        reply = Reply.parse(origin.reply)
        if reply and reply.answered and not origin.private and channel == (origin.thread or origin.channel):
            payload["message_reference"] = {"message_id": reply.answered, "fail_if_not_exists": False}
        sent = await self._rest.post(channel, payload, message.uploads)
        ref = str(sent["id"])
        if written_at(ref) < self._began:
            # Discord knew the nonce: an earlier run was killed before it could note this, and it shows what it did then.
            await self._rest.patch(channel, ref, message.payload, message.uploads)
        self._plain[ref] = None
        while len(self._plain) > PLAIN_KNOWN:
            self._plain.popitem(last=False)
        return ref, channel

    async def _direct(self, user: str, origin: Origin, message: Outgoing, name: str) -> Landed:
        return await self._in_channel(await self._rest.direct(user), origin, message, name)

    @asynccontextmanager
    async def _locked(self, key: str) -> AsyncGenerator[None]:
        """One change of a key at a time; nobody keeps the lock of a key that nothing happens to."""
        lock = self._locks.get(key) or self._locks.setdefault(key, asyncio.Lock())
        async with lock:
            yield


def _without_click(origin: Origin) -> Origin:
    """The origin of something that stands beside what was clicked."""
    reply = Reply.parse(origin.reply)
    if reply is None or not reply.replaces:
        return origin
    return replace(origin, reply=str(replace(reply, replaces=False)))
