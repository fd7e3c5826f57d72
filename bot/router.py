"""One door: access, one lane per conversation, dispatch; the place where errors become sentences.

Surfaces call `ask` for what they wait for (a page, a form) and `submit` for what streams; `bot/app.py` owns `run`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace

from bot.access import Access
from bot.commands.command import Command, Request, Tools, parse_options, parse_slash
from bot.messages import Call, Inbound, OptionValue, Outbound, Surface, Text, Tone
from characters.text import storable
from engine.errors import InputError, SelfsameError

log = logging.getLogger(__name__)


class Router:
    """Takes every event of every surface."""

    def __init__(self, tools: Tools, access: Access) -> None:
        self._tools = tools
        self._access = access
        self._surfaces: Mapping[str, Surface] = {}
        self._lanes: dict[str, _Lane] = {}
        self._tasks: asyncio.TaskGroup | None = None

    @asynccontextmanager
    async def running(self, surfaces: Mapping[str, Surface]) -> AsyncGenerator[None]:
        """Own the tasks of submitted events; what is in mid-reply on exit counts as unanswered and is resumed."""
        self._surfaces = surfaces
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            try:
                yield
            finally:
                self._tasks = None
                for lane in self._lanes.values():
                    for task in lane.tasks:
                        task.cancel()

    async def ask(self, inbound: Inbound) -> tuple[Outbound, ...]:
        """Handle one event and return all that it shows."""
        async with self._lane(inbound):
            return tuple([outbound async for outbound in self._handle(inbound)])

    def submit(self, inbound: Inbound) -> asyncio.Task[None]:
        """Handle one event in its conversation's lane; what it shows is delivered to its surface as it comes."""
        if self._tasks is None:
            raise SelfsameError(
                "Selfsame is shutting down. Your words are still in the box; send them again in a moment."
            )
        lane = self._lanes.setdefault(_lane_key(inbound), _Lane())
        task = self._tasks.create_task(self._deliver(inbound))
        lane.tasks.add(task)
        task.add_done_callback(lane.tasks.discard)
        return task

    async def _deliver(self, inbound: Inbound) -> None:
        surface = self._surfaces[inbound.origin.surface]
        async with self._lane(inbound), aclosing(self._handle(inbound)) as outbounds:
            async for outbound in outbounds:
                try:
                    await surface.deliver(inbound.origin, outbound)
                except Exception:
                    # It is stored all the same and shown on reload; one surface's mistake must not end the others.
                    log.exception("%s could not show a %s", surface.name, type(outbound).__name__)

    async def _handle(self, inbound: Inbound) -> AsyncGenerator[Outbound]:
        try:
            request, command = self._parse(inbound)
            if command.paced:
                self._access.admit(inbound.origin.person_id)
            async with aclosing(command.handler(request)) as outbounds:
                async for outbound in outbounds:
                    yield outbound
        except SelfsameError as error:
            yield Text(error.sentence, Tone.ERROR, field=getattr(error, "field", ""))
        except Exception:
            # The one broad catch of the bot floor: the person gets a sentence, the log gets the trace (no words).
            log.exception("an event of %s could not be handled", inbound.origin.surface)
            yield Text(
                "Something went wrong on our side. Nothing you confirmed is lost; please try again.",
                Tone.ERROR,
            )

    def _parse(self, inbound: Inbound) -> tuple[Request, Command]:
        inbound = _storable(inbound)
        call = inbound.call or parse_slash(inbound.text, self._tools.commands) or Call("say")
        command = self._tools.commands.get(call.name)
        if command is None:
            raise InputError(f"There is no command /{call.name[:40]}. Type /help to see what there is.")
        return Request(inbound, parse_options(command, call.options), self._tools), command

    @asynccontextmanager
    async def _lane(self, inbound: Inbound) -> AsyncGenerator[None]:
        """One event of a conversation at a time, in the order in which they came."""
        key = _lane_key(inbound)
        lane = self._lanes.setdefault(key, _Lane())
        lane.waiting += 1
        try:
            async with lane.lock:
                yield
        finally:
            lane.waiting -= 1
            if not lane.waiting and not self._others(lane):
                self._lanes.pop(key, None)

    @staticmethod
    def _others(lane: _Lane) -> bool:
        """Whether submitted events wait that have not reached the lock yet."""
        return any(task is not asyncio.current_task() for task in lane.tasks)


class _Lane:
    """The queue of one conversation: asyncio's lock lets its waiters in first come, first served."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0
        self.tasks: set[asyncio.Task[None]] = set()


def _storable(inbound: Inbound) -> Inbound:
    """The event without characters that nothing can keep or show, whichever surface let them through."""
    call = inbound.call
    if call is not None:
        call = Call(storable(call.name), {storable(name): _value(one) for name, one in call.options.items()})
    return replace(inbound, text=storable(inbound.text), call=call)


def _value(value: OptionValue) -> OptionValue:
    return storable(value) if isinstance(value, str) else value


def _lane_key(inbound: Inbound) -> str:
    origin = inbound.origin
    draft = str(inbound.call.options.get("draft", "")) if inbound.call else ""
    return origin.conversation_id or draft or f"person:{origin.person_id}"
