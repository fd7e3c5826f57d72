"""What is shown where: each outbound to its stream, its place or a message. `surface.py` calls it while connected.

What is for one person alone goes to their private chat, also when they asked in a group.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace

from bot.messages import (
    Catalog,
    Chat,
    Delta,
    Document,
    Gallery,
    Memories,
    MessageView,
    Origin,
    Outbound,
    Replied,
    Speaker,
    Started,
    Text,
    Tone,
    Waiting,
    Wizard,
)
from bot.ports import Ledger
from bot.surfaces.sending import UndeliverableError
from bot.surfaces.stream import Pace, ReplyStream
from bot.surfaces.tasks import Tasks
from bot.surfaces.telegram.html import words_of
from bot.surfaces.telegram.intents import Intent
from bot.surfaces.telegram.place import SURFACE, Occasion, spot_of
from bot.surfaces.telegram.post import Post
from bot.surfaces.telegram.presenter import Places
from bot.surfaces.telegram.screens import ReplyScreen
from bot.surfaces.telegram.sending import Sender, Sleep, Spot
from bot.surfaces.telegram.topics import TopicKeeper
from bot.surfaces.telegram.typing_ import show_presence
from bot.surfaces.telegram.views import Views
from engine.types import Role

log = logging.getLogger(__name__)

# Seconds between changes of what stands in a chat: Telegram counts 20 a minute in groups, and all edits.
GROUP_PACE = 3.5
PRIVATE_PACE = 1.5
DRAFT_PACE = 0.7  # drafts are not counted
# Chats whose pace is remembered.
PACES = 2048
# Seconds that a portrait is waited for beside everything else.
PORTRAIT_PATIENCE = 300.0
FOR_ONE = (Memories, Document, Wizard, Gallery)
SENT_TO_YOU = "That is for you alone: I sent it to our private chat."


@dataclass(slots=True)
class _Reply:
    """A reply under way: where it is written, and the sign that it comes."""

    origin: Origin
    stream: ReplyStream
    presence: asyncio.Task[None] | None = None

    def end_presence(self) -> None:
        if self.presence is not None:
            self.presence.cancel()


class Show:
    """Shows outbounds on Telegram."""

    def __init__(
        self,
        sender: Sender,
        places: Places,
        topics: TopicKeeper,
        views: Views,
        ledger: Ledger,
        tasks: Tasks,
        *,
        username: str,
        sleep: Sleep = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sender, self._places, self._topics, self._views = sender, places, topics, views
        self._ledger, self._tasks, self._username = ledger, tasks, username
        self._sleep, self._monotonic = sleep, monotonic
        self._replies: dict[str, _Reply] = {}
        self._paces: OrderedDict[tuple[int, float], Pace] = OrderedDict()
        self._later: dict[str, tuple[Post, Spot, str]] = {}
        self._portraits: dict[str, asyncio.Task[None]] = {}

    async def deliver(self, origin: Origin, outbound: Outbound) -> str:
        """Show something."""
        self._hear(origin, outbound)
        match outbound:
            case Started():
                await self._begin(origin, outbound)
            case Waiting():
                pass  # “typing …” stands there
            case Delta():
                if reply := self._replies.get(outbound.reply_id):
                    reply.stream.feed(outbound.text)
            case Replied():
                await self._reply(origin, outbound.message)
                return outbound.message.id
            case Chat():
                await self._open_chat(origin, outbound)
            case Wizard():
                await self._step(origin, outbound)
            case _:
                await self._view(origin, outbound)
        return ""

    def _hear(self, origin: Origin, outbound: Outbound) -> None:
        """What is answered was there before the answer: a process that has just started knows of nothing else."""
        if not isinstance(outbound, Delta) and (occasion := Occasion.of(origin)):
            self._sender.heard(int(origin.channel), occasion.message)

    async def edit(self, origin: Origin, ref: str, outbound: Outbound) -> None:
        """Show something in place of what shows `ref`."""
        if isinstance(outbound, Wizard):
            await self._step(origin, outbound, in_place=True)
        else:
            await self.deliver(origin, outbound)

    # ------------------------------------------------------------ replies, streamed

    async def _begin(self, origin: Origin, started: Started) -> None:
        """Somebody is about to answer."""
        await self._abandon(origin)
        if not started.reply_id:
            return
        spot = await self._spot(origin, started.speaker)
        reply, screen = self._open_reply(started.reply_id, origin, spot, started.speaker)
        reply.presence = self._tasks.start(
            show_presence(self._sender, spot, screen, sleep=self._sleep, monotonic=self._monotonic), "typing"
        )
        self._replies[started.reply_id] = reply

    def _open_reply(
        self, reply_id: str, origin: Origin, spot: Spot, speaker: Speaker | None
    ) -> tuple[_Reply, ReplyScreen]:
        screen = ReplyScreen(
            self._sender,
            spot,
            reply_id,
            render=words_of,
            heading=speaker.name if speaker and not origin.private else "",
            drafts=origin.private,
            noted=lambda part: Intent(self._ledger, reply_id, part, origin.person_id, spot.chat),
            monotonic=self._monotonic,
        )
        stream = ReplyStream(
            screen,
            self._ledger,
            self._pace(spot.chat, DRAFT_PACE if origin.private else GROUP_PACE),
            surface=SURFACE,
            key=reply_id,
            person_id=origin.person_id,
            channel=str(spot.chat),
            tasks=self._tasks,
            sleep=self._sleep,
            monotonic=self._monotonic,
        )
        return _Reply(origin, stream), screen

    async def _reply(self, origin: Origin, message: MessageView) -> None:
        """A finished line: a character's words, a notice, a picture or its progress. A person's own is there."""
        if message.role is Role.PERSON:
            return
        spot = await self._spot(origin, message.speaker)
        if message.picture or message.progress or message.role is Role.NOTICE:
            await self._place(origin, message, spot)
            return
        reply = self._replies.pop(message.id, None)
        if reply is None:
            reply, _ = self._open_reply(message.id, origin, spot, message.speaker)
        reply.end_presence()
        await reply.stream.finish(message.text)

    async def _abandon(self, origin: Origin) -> None:
        """Whatever was being written to this person here will not come."""
        here = (origin.channel, origin.thread, origin.person_id)
        for reply_id, reply in tuple(self._replies.items()):
            if here == (reply.origin.channel, reply.origin.thread, reply.origin.person_id):
                self._replies.pop(reply_id, None)
                reply.end_presence()
                reply.stream.drop()

    # ------------------------------------------------------------ what stays in its place

    async def _place(self, origin: Origin, message: MessageView, spot: Spot) -> None:
        """A notice or a picture by its key; progress is shown no faster than Telegram likes."""
        post = await self._views.post(Replied(message), person_id=origin.person_id)
        final = message.progress is None or message.progress.status.final
        if not final:
            await self._place_soon(message.id, post, spot, origin.person_id)
            return
        self._later.pop(message.id, None)
        await self._places.show(message.id, post, spot, origin.person_id, done=True)

    async def _place_soon(self, key: str, post: Post, spot: Spot, person_id: str) -> None:
        pace = self._pace(spot.chat, PRIVATE_PACE if spot.chat > 0 else GROUP_PACE)
        if pace.wait_s() <= 0 or await self._places.shown(key) is None:
            pace.spend()
            await self._places.show(key, post, spot, person_id, done=False)
            return
        waiting = key in self._later
        self._later[key] = (post, spot, person_id)
        if not waiting:
            self._tasks.start(self._catch_up(key, pace), "progress of a picture")

    async def _catch_up(self, key: str, pace: Pace) -> None:
        """Show the newest progress once that is allowed; by then the picture may be there instead."""
        await self._sleep(pace.wait_s())
        if newest := self._later.pop(key, None):
            pace.spend()
            post, spot, person_id = newest
            await self._places.show(key, post, spot, person_id, done=False)

    async def _step(self, origin: Origin, wizard: Wizard, *, in_place: bool = False) -> None:
        """A step of the wizard, which is for one person alone."""
        if origin.private:
            await self._step_at(spot_of(origin), origin, wizard, in_place=in_place)
        elif in_place:  # its pictures have come: that needs no word in the group
            await self._step_at(_alone(origin), origin, wizard, in_place=True)
        else:
            await self._alone_with_a_word(origin, self._step_at(_alone(origin), origin, wizard))

    async def _step_at(self, spot: Spot, origin: Origin, wizard: Wizard, *, in_place: bool = False) -> None:
        """A step in one message that follows the talk: edited by its buttons, sent anew after an answer."""
        key = f"draft:{wizard.draft_id}"
        occasion = Occasion.of(origin)
        look = "" if in_place else _look(origin)
        post = await self._views.wizard(wizard, origin.person_id, look)
        if post.force_reply:  # a question about the step, which stays where it is
            await self._places.send(post, spot, origin.person_id)
            return
        shown = await self._places.shown(key)
        pressed = occasion and occasion.click and shown and shown.ref == str(occasion.message)
        anew = not (in_place or pressed)
        await self._places.show(key, post, spot, origin.person_id, done=False, anew=anew)
        self._bring_portrait(key, post, wizard, origin.person_id, look)

    def _bring_portrait(self, key: str, post: Post, wizard: Wizard, person_id: str, look: str) -> None:
        """A portrait that takes longer comes into its step when it is drawn; one for looks of before does not."""
        if earlier := self._portraits.pop(key, None):
            earlier.cancel()
        if post.awaits:
            task = self._tasks.start(self._portrait(key, wizard, person_id, look), "portrait of a draft")
            self._portraits[key] = task
            task.add_done_callback(lambda _: self._forget_portrait(key, task))

    def _forget_portrait(self, key: str, task: asyncio.Task[None]) -> None:
        if self._portraits.get(key) is task:
            del self._portraits[key]

    async def _portrait(self, key: str, wizard: Wizard, person_id: str, look: str) -> None:
        post = await self._views.wizard(wizard, person_id, look, patience=PORTRAIT_PATIENCE)
        await self._places.complete(key, post, person_id)

    # ------------------------------------------------------------ everything else

    async def _open_chat(self, origin: Origin, chat: Chat) -> None:
        """Whom one talks with now, where they have a topic there; a talk that begins shows its first lines."""
        spot = await self._chat_spot(origin, chat)
        post = await self._post(origin, chat)
        await self._places.send(post, spot, origin.person_id)
        if all(line.role is not Role.PERSON for line in chat.messages):
            speaker = Speaker(chat.card.id, chat.card.name, chat.card.picture_media_id)
            following = replace(origin, reply="")  # the card answers; what follows it need not say so again
            for line in chat.messages:
                await self._reply(following, replace(line, speaker=speaker))

    async def _chat_spot(self, origin: Origin, chat: Chat) -> Spot:
        spot = spot_of(origin)
        thread = await self._topics.of(origin, chat.card.id, chat.card.name)
        if thread is None or thread == spot.thread:
            return spot
        line = f"{chat.card.name} has a topic of its own here: “{chat.card.name}”. Go on there."
        await self._places.send(Post(line, line), spot, origin.person_id)
        return replace(spot, thread=thread, answers=None)

    async def _view(self, origin: Origin, outbound: Outbound) -> None:
        if isinstance(outbound, Text) and outbound.tone is Tone.ERROR:
            await self._abandon(origin)
        if not origin.private and isinstance(outbound, Catalog):
            outbound = _for_all(outbound)
        post = await self._post(origin, outbound)
        if not origin.private and isinstance(outbound, FOR_ONE):
            sending = self._send(post, _alone(origin), origin.person_id)
            await self._alone_with_a_word(origin, sending)
        elif len(post.album) > 1:  # takes its time, which nobody else should wait for
            sending = self._send(post, spot_of(origin), origin.person_id)
            self._tasks.start(sending, "pictures of a gallery")
        elif isinstance(outbound, Text) or not await self._turn_page(origin, post):
            await self._places.send(post, spot_of(origin), origin.person_id)

    async def _turn_page(self, origin: Origin, post: Post) -> bool:
        """Another page of the same view takes its place."""
        occasion = Occasion.of(origin)
        if occasion is None or not occasion.look or not occasion.click:
            return False
        return await self._places.turn(post, spot_of(origin), occasion.message, origin.person_id)

    async def _post(self, origin: Origin, outbound: Outbound) -> Post:
        return await self._views.post(
            outbound, person_id=origin.person_id, look=_look(origin), from_group=not origin.private
        )

    async def _send(self, post: Post, spot: Spot, person_id: str) -> None:
        await self._places.send(post, spot, person_id)

    async def _alone_with_a_word(self, origin: Origin, sending: Coroutine[None, None, None]) -> None:
        """Into the private chat, with a line where it was asked for."""
        try:
            await sending
            line = SENT_TO_YOU
        except UndeliverableError:
            line = (
                f"That is for you alone, and I may not write to you yet. Open https://t.me/{self._username}, "
                "press Start, and ask me there."
            )
        await self._places.send(Post(line, line), spot_of(origin), origin.person_id)

    async def _spot(self, origin: Origin, speaker: Speaker | None) -> Spot:
        """Where a character speaks: in its topic, if it has one."""
        spot = spot_of(origin)
        if speaker is None:
            return spot
        thread = await self._topics.known(origin, speaker.character_id, speaker.name)
        return replace(spot, thread=thread) if thread else spot

    def _pace(self, chat: int, every: float) -> Pace:
        pace = self._paces.setdefault((chat, every), Pace(every, monotonic=self._monotonic))
        self._paces.move_to_end((chat, every))
        if len(self._paces) > PACES:
            self._paces.popitem(last=False)
        return pace


def _look(origin: Origin) -> str:
    """How the view is shown that a button called."""
    occasion = Occasion.of(origin)
    return occasion.look if occasion else ""


def _for_all(catalog: Catalog) -> Catalog:
    """What everyone may see of a catalog: one's own characters and drafts are for the private chat."""
    others = tuple(card for card in catalog.characters if not card.mine)
    return replace(catalog, characters=others, drafts=())


def _alone(origin: Origin) -> Spot:
    """The private chat of who asked: its id is that of their account."""
    occasion = Occasion.of(origin)
    if occasion is None:
        raise UndeliverableError("Telegram: nobody asked")
    return Spot(occasion.user)
