"""Replies on their way out: typing, then words as they come, then exactly the final text, once.

`surface.py` tells it what the router tells. It gives each reply its screen (`screens.py`) and its stream
(`bot/surfaces/stream.py`), and one pace to all replies of a channel.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass

from bot.messages import Delta, MessageView, Origin, Pictures, Speaker, Started
from bot.ports import Ledger
from bot.surfaces.discord.answers import Answers
from bot.surfaces.discord.echoes import Echoes
from bot.surfaces.discord.errors import RefusedError
from bot.surfaces.discord.face_screen import FaceScreen, Writers
from bot.surfaces.discord.inbound import NAME, Reply, written_at
from bot.surfaces.discord.rest import Hook, Rest
from bot.surfaces.discord.screens import PlainScreen, Room, TokenScreen
from bot.surfaces.discord.sending import Sender
from bot.surfaces.discord.typing_ import keep_typing
from bot.surfaces.discord.webhooks import Webhooks, acceptable
from bot.surfaces.sending import LaterError, TransientError
from bot.surfaces.stream import Pace, ReplyStream, Screen
from bot.surfaces.tasks import Tasks

log = logging.getLogger(__name__)

# Discord takes about 5 edits in 5 seconds in a channel; more than one person may be answered there.
EDIT_EVERY_S = 1.5
PACES_KEPT = 2000
# Messages after the person's among which an earlier run's unrecorded post is looked for.
LOOKED_THROUGH = 50


@dataclass(slots=True)
class Current:
    """A reply that is being written."""

    stream: ReplyStream
    typing: asyncio.Task[None] | None
    event: str  # `Origin.reply` of what it answers

    def stop_typing(self) -> None:
        """Its first words are there, or will never be."""
        if self.typing is not None:
            self.typing.cancel()
            self.typing = None


class Speech:
    """All replies that are being written."""

    def __init__(
        self,
        rest: Rest,
        ledger: Ledger,
        pictures: Pictures,
        *,
        sender: Sender,
        answers: Answers,
        tasks: Tasks,
        own_faces: bool,
        since: float,
    ) -> None:
        self._rest = rest
        self._ledger = ledger
        self._sender = sender
        self._answers = answers
        self._tasks = tasks
        self._own_faces = own_faces
        self._since = since
        self.webhooks = Webhooks(rest, pictures)
        self.echoes = Echoes()
        self._writers = Writers(rest, self.webhooks)
        self._paces: OrderedDict[str, Pace] = OrderedDict()
        self._current: dict[str, Current] = {}

    def begin(self, origin: Origin, started: Started) -> None:
        """A reply is under way."""
        if not started.reply_id or started.reply_id in self._current:
            return
        room = Room(origin.channel, origin.thread)
        screen = self._screen(origin, room, started.reply_id, started.speaker)
        stream = self._stream(origin, room, started.reply_id, screen)
        if isinstance(screen, FaceScreen):  # its webhook is looked for while the model still thinks
            self._tasks.start(screen.prepare(), "a webhook")
        typing = None
        if not _outside(origin):
            typing = self._tasks.start(keep_typing(self._rest, room.id), "typing")
        self._current[started.reply_id] = Current(stream, typing, origin.reply)

    def feed(self, delta: Delta) -> None:
        """Further words of a reply; never waits."""
        if current := self._current.get(delta.reply_id):
            current.stop_typing()
            current.stream.feed(delta.text)

    async def finish(self, origin: Origin, message: MessageView) -> None:
        """A reply is complete: exactly this stands there when it returns, or nobody can be reached."""
        current = self._current.pop(message.id, None)
        if current is not None:
            current.stop_typing()
            await current.stream.finish(message.text)
            return
        room = Room(origin.channel, origin.thread)
        screen = self._screen(origin, room, message.id, message.speaker)
        await self._stream(origin, room, message.id, screen).finish(message.text)

    async def turn(self, origin: Origin) -> None:
        """Wait until a message of a channel may change again; what is newer by then is shown instead."""
        pace = self._pace(Room(origin.channel, origin.thread).id)
        await asyncio.sleep(pace.wait_s())
        pace.spend()

    def end(self, reply_id: str) -> None:
        """A reply became something else than words: a picture."""
        if current := self._current.pop(reply_id, None):
            current.stop_typing()
            current.stream.drop()

    def abandon(self, event: str) -> None:
        """What was being written in answer to an event will not come."""
        for reply_id in [one for one, current in self._current.items() if current.event == event]:
            self.end(reply_id)

    async def heard(self, channel: str, webhook: str, ref: str) -> None:
        """A webhook's message came over the gateway: one of ours that nobody here posted was taken twice."""
        known = self.webhooks.known(webhook)
        if known is None or self.echoes.heard(webhook, ref):
            return
        if await self._ledger.find(NAME, channel, ref) is not None:
            return
        home, hook = known
        try:
            await self._rest.hook_delete(hook, ref, thread="" if home == channel else channel)
        except (RefusedError, LaterError, TransientError):
            log.warning("Discord: a post that was taken twice could not be deleted")

    def _stream(self, origin: Origin, room: Room, key: str, screen: Screen) -> ReplyStream:
        return ReplyStream(
            screen,
            self._ledger,
            self._pace(room.id),
            surface=NAME,
            key=key,
            person_id=origin.person_id,
            channel=room.id,
            tasks=self._tasks,
        )

    def _screen(self, origin: Origin, room: Room, key: str, speaker: Speaker | None) -> Screen:
        reply = Reply.parse(origin.reply)
        name = speaker.name if speaker else ""
        hook = self._sender.living(reply)
        if reply and hook and reply.outside:
            return TokenScreen(self._rest, hook, first=lambda: self._answers.claim(reply, key), name=name)
        answers = reply.answered if reply and not origin.private else ""
        plain = PlainScreen(self._rest, room, key, name=name, private=origin.private, answers=answers)
        if origin.private or speaker is None or not self._own_faces:
            return plain
        return FaceScreen(
            self._rest,
            room,
            webhooks=self.webhooks,
            writers=self._writers,
            echoes=self.echoes,
            speaker=speaker,
            person_id=origin.person_id,
            fallback=plain,
            orphans=self._orphans(reply, speaker),
        )

    def _orphans(self, reply: Reply | None, speaker: Speaker) -> Orphans | None:
        """How to find what an earlier run posted in answer to an event and was killed before noting."""
        if reply is None or written_at(reply.id) >= self._since:
            return None
        return Orphans(self._rest, self._ledger, self._writers, reply.id, acceptable(speaker.name))

    def _pace(self, channel: str) -> Pace:
        pace = self._paces.get(channel) or Pace(EDIT_EVERY_S)
        self._paces[channel] = pace
        self._paces.move_to_end(channel)
        while len(self._paces) > PACES_KEPT:
            self._paces.popitem(last=False)
        return pace


@dataclass(frozen=True, slots=True)
class Orphans:
    """Looks for a webhook's message that answers an event and that nobody has noted."""

    rest: Rest
    ledger: Ledger
    writers: Writers
    after: str
    name: str

    async def __call__(self, room: Room, hook: Hook) -> str:
        try:
            messages = await self.rest.messages(room.id, after=self.after, limit=LOOKED_THROUGH)
        except RefusedError:
            return ""
        for message in messages:
            ref = str(message["id"])
            ours = str(message.get("webhook_id") or "") == hook.id
            named = str(message.get("author", {}).get("username", "")) == self.name
            if not (ours and named) or self.writers.knows(ref):
                continue
            if await self.ledger.find(NAME, room.id, ref) is None:
                return ref
        return ""


def _outside(origin: Origin) -> bool:
    reply = Reply.parse(origin.reply)
    return reply is not None and reply.outside
