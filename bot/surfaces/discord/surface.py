"""Discord as a surface: events in to the door, what the router and delivery show out to people. It decides nothing.

`bot/messengers.py` builds and runs it. `events.py` translates what comes, `speech.py` streams replies, `views.py` makes
messages of everything else, and `sending.py` posts them.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping
from dataclasses import replace

from bot.commands.command import Command
from bot.messages import (
    Chat,
    Confirm,
    Delta,
    Document,
    Door,
    Help,
    Memories,
    MessageView,
    Origin,
    Outbound,
    Pictures,
    ProgressView,
    Replied,
    Started,
    Text,
    Tone,
    Waiting,
    Wizard,
)
from bot.ports import Accounts, Addressed, Calls, Ledger
from bot.surfaces.discord import commands as menu
from bot.surfaces.discord.answers import Answers
from bot.surfaces.discord.client import logged_in, make_client, stay_connected
from bot.surfaces.discord.config import DiscordSettings
from bot.surfaces.discord.downloads import download
from bot.surfaces.discord.errors import RefusedError
from bot.surfaces.discord.events import Events
from bot.surfaces.discord.inbound import NAME, Reply
from bot.surfaces.discord.late import leave_button
from bot.surfaces.discord.outgoing import of_post
from bot.surfaces.discord.rest import Rest
from bot.surfaces.discord.sending import Sender
from bot.surfaces.discord.speech import Speech
from bot.surfaces.discord.views import Views, opening
from bot.surfaces.sending import GoneError, UndeliverableError, until_sent
from bot.surfaces.tasks import Tasks
from engine.types import Role

log = logging.getLogger(__name__)

# Views that are nobody else's business, wherever they were asked for.
PERSONAL = (Memories, Document, Confirm, Wizard)
# What Discord takes in one file, in bytes, where nobody pays for more.
UPLOAD_LIMIT = 10 * 1024 * 1024
TOO_LARGE = (
    "That file is too large for Discord. Open Selfsame's page instead, after /link has joined your accounts, "
    "and ask for /export there."
)
IN_PRIVATE = "That is between you and me: I have written to you directly."
NOT_IN_PRIVATE = (
    "That is between you and me, and I cannot write to you directly. Use the command here instead, by typing / – "
    "then only you see my answer."
)


class DiscordSurface:
    """Everything between Discord and the door."""

    def __init__(
        self,
        settings: DiscordSettings,
        door: Door,
        pictures: Pictures,
        accounts: Accounts,
        ledger: Ledger,
        calls: Calls,
        addressed: Addressed,
        commands: Mapping[str, Command],
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._commands = commands
        self._pictures = pictures
        self._ledger = ledger
        self._calls = calls
        self._now = now
        self._sleep = sleep
        self._rest = Rest()
        self._views = Views(pictures, calls)
        self._answers = Answers(self._rest)
        self._sender = Sender(self._rest, ledger, self._answers, now=now)
        self._events = Events(
            settings,
            door,
            rest=self._rest,
            accounts=accounts,
            ledger=ledger,
            calls=calls,
            addressed=addressed,
            commands=commands,
            answers=self._answers,
            now=now,
        )
        self._portraits: dict[str, asyncio.Task[None]] = {}
        self._leaving: dict[str, asyncio.Task[None]] = {}
        self._here = asyncio.Event()
        self._tasks: Tasks | None = None
        self._speech: Speech | None = None

    @property
    def name(self) -> str:
        """The name in `Origin.surface`."""
        return NAME

    def fetch(self, ref: str) -> AsyncIterable[bytes]:
        """A file that was sent with a command; `ref` is its address. Raises NotFoundError."""
        return download(ref, self._settings.api_url)

    # ------------------------------------------------------------ the connection

    async def run(self, ready: Callable[[str], None]) -> None:
        """Connect and serve for ever. Raises SurfaceError where the owner has to do something."""
        client = make_client(self._settings, self._events)
        async with Tasks() as tasks, logged_in(client, self._settings):
            self._rest.bind(client)
            self._tasks = tasks
            self._speech = self._new_speech(tasks)
            await self._events.hears(self._speech, client, tasks)
            self._here.set()
            tasks.start(self._sync(), "the commands' registration")

            def connected() -> None:
                self._events.session()
                ready(f"Discord: here as {client.user}")

            try:
                await stay_connected(client, connected)
            finally:
                self._here.clear()

    def _new_speech(self, tasks: Tasks) -> Speech:
        return Speech(
            self._rest,
            self._ledger,
            self._pictures,
            sender=self._sender,
            answers=self._answers,
            tasks=tasks,
            own_faces=self._settings.own_faces,
            since=self._now(),
        )

    async def _sync(self) -> None:
        """Tell Discord of our commands, if it does not know them yet."""
        wanted = menu.payloads(self._commands, adults_only=self._settings.age_restricted_only)
        try:
            await until_sent(lambda: menu.sync(self._rest, wanted))
        except (RefusedError, UndeliverableError, GoneError) as error:
            log.error("Discord does not take the commands: %s", type(error).__name__)

    async def _present(self) -> tuple[Speech, Tasks]:
        """Wait for the connection: what is shown before it is there is shown after it."""
        while self._speech is None or self._tasks is None or not self._here.is_set():
            await self._here.wait()
        return self._speech, self._tasks

    # ------------------------------------------------------------ the way out

    async def deliver(self, origin: Origin, outbound: Outbound) -> str:
        """Show something; returns when Discord has taken it, or when nobody can be reached."""
        if isinstance(outbound, Delta):
            if self._speech is not None:
                self._speech.feed(outbound)
            return ""
        speech, _ = await self._present()
        origin = await self._taken(origin)
        match outbound:
            case Started():
                speech.begin(origin, outbound)
                return ""
            case Waiting():
                return ""  # “… is typing” stands there
            case Replied():
                return await self._reply(speech, origin, outbound)
            case Chat():
                return await self._open(speech, origin, outbound)
            case Wizard():
                return await self._wizard(origin, outbound)
            case Text(tone=Tone.ERROR):
                speech.abandon(origin.reply)
            case ProgressView(message_id=key) if key and await self._ledger.parts(NAME, key):
                return ""  # delivery changes the message that shows it
            case Document(content=content) if len(content) > UPLOAD_LIMIT:
                outbound = Text(TOO_LARGE, Tone.ERROR)
        return await self._show(origin, outbound)

    async def _taken(self, origin: Origin) -> Origin:
        """Wait for Discord to take the interaction's first answer; where it did not, its token is worth nothing."""
        reply = Reply.parse(origin.reply)
        if reply is None or not reply.token or await self._answers.acknowledged(reply.id):
            return origin
        return replace(origin, reply=str(reply.without_token()))

    async def edit(self, origin: Origin, ref: str, outbound: Outbound) -> None:
        """Show something in place of what `ref` stands for: a message's id, or "draft:ID"."""
        if isinstance(outbound, Replied | Wizard):  # they carry their key themselves
            if _under_way(outbound):
                speech, _ = await self._present()
                await speech.turn(origin)
            await self.deliver(origin, outbound)
            return
        await self._present()
        await self._show(await self._taken(origin), outbound, key=ref)

    async def _reply(self, speech: Speech, origin: Origin, replied: Replied) -> str:
        message = replied.message
        if message.role is Role.PERSON:
            return ""  # they see what they wrote
        if message.role is Role.CHARACTER and not (message.picture or message.progress):
            await speech.finish(origin, message)
            return message.id
        speech.end(message.id)
        if self._too_late_for_progress(origin, message):
            return message.id
        ref = await self._show(origin, replied, key=message.id)
        await self._mind_the_token(origin, message, ref)
        return message.id

    def _too_late_for_progress(self, origin: Origin, message: MessageView) -> bool:
        """Whether only the finished picture is worth a direct message now."""
        reply = Reply.parse(origin.reply)
        if reply is None or not reply.outside or message.progress is None:
            return False
        return not message.progress.status.final and self._sender.living(reply) is None

    async def _mind_the_token(self, origin: Origin, message: MessageView, ref: str) -> None:
        """Where only the token can speak, leave a button before it ends, unless the picture is there by then."""
        reply = Reply.parse(origin.reply)
        waiting = message.progress is not None and not message.progress.status.final
        if not waiting:
            if leaving := self._leaving.pop(message.id, None):
                leaving.cancel()
        elif (
            reply and reply.outside and ref and message.id not in self._leaving and self._sender.living(reply)
        ):
            _, tasks = await self._present()
            leave = leave_button(
                self._rest,
                self._calls,
                reply,
                message,
                origin.person_id,
                ref,
                now=self._now,
                sleep=self._sleep,
            )
            self._leaving[message.id] = tasks.start(leave, "a late picture's button")

    async def _open(self, speech: Speech, origin: Origin, chat: Chat) -> str:
        """The card of whom one talks with, then the lines that begin the conversation."""
        ref = await self._show(origin, chat)
        for line in opening(chat):
            await self._reply(speech, origin, Replied(line))
        return ref

    async def _wizard(self, origin: Origin, view: Wizard) -> str:
        """A step at once, and its portrait as soon as it is drawn."""
        reply = Reply.parse(origin.reply)
        page, item = (reply.page, reply.item) if reply else (-1, "")
        post = await self._views.wizard(view, origin.person_id, page=page, item=item)
        key = f"draft:{view.draft_id}"
        alone = not origin.private
        if earlier := self._portraits.pop(key, None):
            earlier.cancel()  # it would bring the former step back
        shown_before = bool(await self._ledger.parts(NAME, key))
        ref = await self._sender.show(origin, of_post(post), key=key, alone=alone)
        await self._say_where(origin, reply, alone=alone and not shown_before, ref=ref)
        if post.waiting and ref:
            _, tasks = await self._present()
            drawing = tasks.start(self._portrait(origin, view, key, page, item), "a portrait")
            self._portraits[key] = drawing
            drawing.add_done_callback(lambda done: self._forget_portrait(key, done))
        return ref

    def _forget_portrait(self, key: str, done: asyncio.Task[None]) -> None:
        if self._portraits.get(key) is done:
            del self._portraits[key]

    async def _portrait(self, origin: Origin, view: Wizard, key: str, page: int, item: str) -> None:
        post = await self._views.wizard(view, origin.person_id, page=page, item=item, patience=None)
        await self._sender.show(origin, of_post(post), key=key, alone=not origin.private)

    async def _show(self, origin: Origin, outbound: Outbound, *, key: str = "") -> str:
        reply = Reply.parse(origin.reply)
        page, item = (reply.page, reply.item) if reply else (-1, "")
        post = await self._views.post(
            outbound, person_id=origin.person_id, shared=not origin.private, page=page, item=item
        )
        alone = _alone(origin, reply, outbound)
        ref = await self._sender.show(origin, of_post(post), key=key, alone=alone, moves=_moves(outbound))
        await self._say_where(origin, reply, alone=alone, ref=ref)
        return ref

    async def _say_where(self, origin: Origin, reply: Reply | None, *, alone: bool, ref: str) -> None:
        """In a server, what is nobody else's business was asked for by words: say where it is."""
        if not alone or reply is None or reply.token:
            return
        words = Text(IN_PRIVATE if ref else NOT_IN_PRIVATE)
        post = await self._views.post(words, person_id=origin.person_id, shared=True)
        await self._sender.show(origin, of_post(post))


def _alone(origin: Origin, reply: Reply | None, outbound: Outbound) -> bool:
    """Whether only the person sees it."""
    if origin.private:
        return False
    if isinstance(outbound, PERSONAL):
        return True
    if reply is None or isinstance(outbound, Replied):
        return False
    return reply.alone or (bool(reply.token) and (isinstance(outbound, Help) or _is_error(outbound)))


def _under_way(outbound: Outbound) -> bool:
    """Whether it shows the progress of a picture, of which only the newest matters."""
    progress = outbound.message.progress if isinstance(outbound, Replied) else None
    return progress is not None and not progress.status.final


def _moves(outbound: Outbound) -> bool:
    """Whether it may take the place of the message that was clicked."""
    return not (isinstance(outbound, Replied | Document | Chat) or _is_error(outbound))


def _is_error(outbound: Outbound) -> bool:
    return isinstance(outbound, Text) and outbound.tone is Tone.ERROR
