"""One door: access, one lane per conversation, dispatch; the place where errors become sentences.

Surfaces call `ask` for what they wait for (a page, a form), `submit` for what streams to a page, and `accept` for what
a messenger sent them once: that is kept until it has been handled. `bot/app.py` owns `running`.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Collection, Coroutine, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import Any, Protocol

from bot.access import Access, CooldownError
from bot.commands.command import Command, Request, Tools, parse_options, parse_slash
from bot.lanes import Lanes, Place
from bot.messages import Call, Inbound, OptionValue, Origin, Outbound, Surface, Text, Tone
from characters.text import storable
from engine.errors import InputError, NotFoundError, SelfsameError
from engine.types import Waiting

log = logging.getLogger(__name__)

# How often an event is handled again that a process did not get done: the owner may have stopped it each time, so not
# too seldom; but what ends the process itself must not end it for ever.
REPEATS = 9

# The surfaces on which nobody talks but the owner.
OWNERS = frozenset({"web", "terminal"})

# Events that could not be kept, whose persons were told.
REMEMBERED_EVENTS = 1000

BROKEN = "Something went wrong on our side. Nothing you confirmed is lost; please try again."
CLOSING = "Selfsame is shutting down. Your words are still in the box; send them again in a moment."
GIVEN_UP = (
    "Something you sent could not be handled, although it was tried several times. Please put it another way."
)


class Inbox(Protocol):
    """Where events of messengers are kept until they have been handled (engine/store/inbox.py)."""

    async def take(self, surface: str, event_id: str, person_id: str, body: str) -> bool:
        """Keep an event; False if it came before. Raises NotFoundError for somebody who is not known."""

    async def begin(self, surface: str, event_id: str) -> int:
        """Count another attempt at handling an event. Returns how many there were with this one."""

    async def done(self, surface: str, event_id: str) -> None:
        """Record that an event was handled."""

    async def waiting(self) -> Sequence[Waiting]:
        """What has not been handled, oldest first."""


class Router:
    """Takes every event of every surface."""

    def __init__(self, tools: Tools, access: Access, inbox: Inbox) -> None:
        self._tools = tools
        self._access = access
        self._inbox = inbox
        self._surfaces: Mapping[str, Surface] = {}
        self._connected: Mapping[str, asyncio.Event] = {}
        self._lanes = Lanes()
        self._events: set[asyncio.Task[None]] = set()
        self._storing: set[asyncio.Task[None]] = set()
        self._unkept: deque[str] = deque(maxlen=REMEMBERED_EVENTS)
        self._stopping = False
        self._tasks: asyncio.TaskGroup | None = None

    @asynccontextmanager
    async def running(
        self, surfaces: Mapping[str, Surface], *, connecting: Collection[str] = ()
    ) -> AsyncGenerator[None]:
        """Own the tasks of events; what is in mid-reply on exit counts as unanswered and is resumed.

        Events that an earlier process did not get done are handled first; those of surfaces that are still
        `connecting` when `connected` is called.
        """
        self._surfaces, self._stopping = surfaces, False
        self._connected = {name: asyncio.Event() for name in connecting}
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            try:
                await self._replay()
                yield
            finally:
                self.stop()
                self._tasks = None

    def stop(self) -> None:
        """Break off what is being handled; what still comes in is kept, and handled at the next start.

        Called before the connections close: what could not be shown for that reason would count as handled.
        """
        self._stopping = True
        for event in self._events - self._storing:
            event.cancel()

    def connected(self, surface: str) -> None:
        """A surface can be reached now: what was waiting for it is handled."""
        if surface in self._connected:
            self._connected[surface].set()

    async def ask(self, inbound: Inbound) -> tuple[Outbound, ...]:
        """Handle one event and return all that it shows."""
        place = self._place(inbound)
        try:
            await place.come()
            return tuple([outbound async for outbound in self._handle(inbound)])
        finally:
            place.leave()

    def submit(self, inbound: Inbound) -> asyncio.Task[None]:
        """Handle one event in its conversation's lane; what it shows is delivered to its surface as it comes."""
        place = self._place(inbound)
        return self._start(self._answer(inbound, place), place, open_for=not self._stopping)

    async def accept(self, inbound: Inbound) -> bool:
        """Store one event, then handle it as `submit` does; False if this event came before.

        Whoever waits here may be cancelled (a connection that drops): what was accepted is handled all the same.
        """
        inbound = _storable(inbound)
        place = self._place(inbound)  # before anything is waited for
        stored: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        task = self._start(self._take_in(inbound, place, stored), place)
        self._storing.add(task)
        task.add_done_callback(self._storing.discard)
        task.add_done_callback(lambda _: _end(stored))
        return await asyncio.shield(stored)

    def _place(self, inbound: Inbound) -> Place:
        command = self._tools.commands.get(_command_name(inbound))
        return self._lanes.take("" if command is not None and command.at_once else _lane_key(inbound))

    def _start(
        self, work: Coroutine[Any, Any, None], place: Place, *, open_for: bool = True
    ) -> asyncio.Task[None]:
        if self._tasks is None or not open_for:
            work.close()
            place.leave()
            raise SelfsameError(CLOSING)
        task = self._tasks.create_task(work)
        self._events.add(task)
        task.add_done_callback(self._events.discard)
        task.add_done_callback(lambda _: place.leave())
        return task

    async def _take_in(self, inbound: Inbound, place: Place, stored: asyncio.Future[bool]) -> None:
        try:
            fresh = await self._keep(inbound)
        except NotFoundError:  # forgotten since the event was sent, and so is the event
            stored.set_result(False)
        except Exception as error:
            # What could not be kept is not confirmed either: the person is told, and the surface tries again.
            place.leave()
            log.exception("an event of %s could not be kept", inbound.origin.surface)
            await self._tell_unkept(inbound, error)
            stored.set_exception(error)
        else:
            stored.set_result(fresh)
            if fresh and not self._stopping:
                await self._see_through(inbound, place)

    async def _keep(self, inbound: Inbound) -> bool:
        origin, body = inbound.origin, inbound.to_json()
        task = asyncio.current_task()
        assert task is not None
        try:
            return await self._inbox.take(origin.surface, inbound.event_id, origin.person_id, body)
        finally:
            self._storing.discard(task)

    async def _tell_unkept(self, inbound: Inbound, error: Exception) -> None:
        """Say that an event could not be kept; once, however often the surface tries."""
        event = f"{inbound.origin.surface}/{inbound.event_id}"
        if event in self._unkept:
            return
        self._unkept.append(event)
        await self._show(inbound.origin, Text(getattr(error, "sentence", BROKEN), Tone.ERROR))

    async def _replay(self) -> None:
        """Line up what an earlier process left, before anything new can come."""
        for waiting in await self._inbox.waiting():
            if waiting.surface not in self._surfaces:
                continue  # switched off; it waits for the day when the surface is back
            try:
                inbound = Inbound.from_json(waiting.body)
            except (ValueError, TypeError, LookupError):
                log.error("an event of %s that an earlier version kept cannot be read", waiting.surface)
                await self._inbox.done(waiting.surface, waiting.event_id)
                continue
            # Who it was may be somebody else since: accounts can be joined.
            origin = replace(inbound.origin, person_id=waiting.person_id)
            inbound = replace(inbound, origin=origin)
            place = self._place(inbound)
            self._start(self._see_through(inbound, place, again=True), place)

    async def _see_through(self, inbound: Inbound, place: Place, *, again: bool = False) -> None:
        """Handle a stored event and record that it was; cancelled, it is handled again at the next start."""
        surface, event_id = inbound.origin.surface, inbound.event_id
        try:
            if again and surface in self._connected:
                await self._connected[surface].wait()
            await place.come()
            if again and await self._inbox.begin(surface, event_id) > REPEATS:
                # The process died of it again and again: the others are not to suffer from it for ever.
                log.error("an event of %s is given up: it could not be handled", surface)
                await self._show(inbound.origin, Text(GIVEN_UP, Tone.ERROR))
            else:
                await self._answer(inbound, place, again=again)
            await self._inbox.done(surface, event_id)
        except NotFoundError:  # whose event it was has been forgotten meanwhile
            return
        except Exception:
            log.exception("how an event of %s ended could not be kept; it comes again", surface)

    async def _answer(self, inbound: Inbound, place: Place, *, again: bool = False) -> None:
        await place.come()
        async with aclosing(self._handle(inbound, again=again)) as outbounds:
            async for outbound in outbounds:
                await self._show(inbound.origin, outbound)

    async def _show(self, origin: Origin, outbound: Outbound) -> None:
        try:
            await self._surfaces[origin.surface].deliver(origin, outbound)
        except Exception:
            # It is stored all the same and shown on reload; one surface's mistake must not end the others.
            log.exception("%s could not show a %s", origin.surface, type(outbound).__name__)

    async def _handle(self, inbound: Inbound, *, again: bool = False) -> AsyncGenerator[Outbound]:
        try:
            request, command = self._parse(inbound)
            if command.paced and not again:
                self._access.admit(inbound.origin.person_id)
            async with aclosing(command.handler(request)) as outbounds:
                async for outbound in outbounds:
                    yield outbound
        except CooldownError as error:
            # A page has a form that waits for its answer; a messenger's flood is not answered with another one.
            if error.first or not inbound.origin.channel:
                yield Text(error.sentence, Tone.ERROR)
        except SelfsameError as error:
            yield Text(
                _sentence(error, inbound.origin.surface), Tone.ERROR, field=getattr(error, "field", "")
            )
        except Exception:
            # The broad catch of what commands do: the person gets a sentence, the log gets the trace (no words).
            log.exception("an event of %s could not be handled", inbound.origin.surface)
            yield Text(BROKEN, Tone.ERROR)

    def _parse(self, inbound: Inbound) -> tuple[Request, Command]:
        inbound = _storable(inbound)
        call = inbound.call or parse_slash(inbound.text, self._tools.commands) or Call("say")
        command = self._tools.commands.get(call.name)
        if command is None:
            raise InputError(f"There is no command /{call.name[:40]}. Type /help to see what there is.")
        return Request(inbound, parse_options(command, call.options), self._tools), command


def _sentence(error: SelfsameError, surface: str) -> str:
    """What is said of an error; of the owner's machines and settings only on the owner's own surfaces."""
    if surface in OWNERS or error.discreet == error.sentence:
        return error.sentence
    log.warning("%s", error.sentence)
    return error.discreet


def _storable(inbound: Inbound) -> Inbound:
    """The event without characters that nothing can keep or show, whichever surface let them through."""
    call = inbound.call
    if call is not None:
        call = Call(storable(call.name), {storable(name): _value(one) for name, one in call.options.items()})
    return replace(inbound, text=storable(inbound.text), call=call)


def _value(value: OptionValue) -> OptionValue:
    return storable(value) if isinstance(value, str) else value


def _command_name(inbound: Inbound) -> str:
    """The command that an event calls, as far as can be told before it is parsed."""
    if inbound.call is not None:
        return inbound.call.name
    words = inbound.text.split(maxsplit=1)
    return words[0][1:].lower() if words and words[0].startswith("/") else ""


def _lane_key(inbound: Inbound) -> str:
    """Whose turn an event waits for: a conversation, a draft, a person in a channel, or else the person."""
    origin = inbound.origin
    draft = str(inbound.call.options.get("draft", "")) if inbound.call else ""
    if origin.channel and not origin.conversation_id and not draft:
        return f"{origin.surface}/{origin.channel}/{origin.thread}/{origin.person_id}"
    return origin.conversation_id or draft or f"person:{origin.person_id}"


def _end(stored: asyncio.Future[bool]) -> None:
    """Nobody waits for ever for what was cut off; and nobody has to be there to hear of it."""
    if not stored.done():
        stored.set_exception(SelfsameError(CLOSING))
    stored.exception()
