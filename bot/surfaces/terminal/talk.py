"""`selfsame chat NAME`: reads lines, hands them to the door, waits until they are answered."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.messages import Call, Chat, Confirm, Door, Inbound, Origin, Outbound, Text, Tone, Wizard
from bot.surfaces.terminal.keyboard import ctrl_c
from bot.surfaces.terminal.surface import TerminalSurface
from bot.surfaces.terminal.wizard import fill_in
from characters.text import storable

Ask = Callable[[str], Awaitable[str]]  # asks a person for a line; raises EOFError when there are no more


async def talk(door: Door, surface: TerminalSurface, person_id: str, character: str, ask: Ask) -> int:
    """Talk until the person leaves. Returns the exit code: 1 if there is no such character."""

    async def ask_plainly(question: str) -> str:
        return await ask(storable(question))  # it quotes answers and names, which the terminal must not obey

    terminal = _Terminal(door, surface, Origin(surface.name, person_id), ask_plainly)
    if not await terminal.call(Call("talk", {"character": character})):
        return 1
    while True:
        try:
            line = await ask("you: ")
        except EOFError:
            surface.say("")
            return 0
        if line.strip() in ("/quit", "/exit"):
            return 0
        if line.strip():
            await terminal.say(line)


class _Terminal:
    """One person's talk: where they are, and what they are asked."""

    def __init__(self, door: Door, surface: TerminalSurface, origin: Origin, ask: Ask) -> None:
        self._door = door
        self._surface = surface
        self._origin = origin
        self._ask = ask

    async def call(self, call: Call) -> bool:
        """Carry a command out; False if it failed."""
        outbounds = await self._door.ask(Inbound(self._origin, uuid.uuid4().hex, call=call))
        for outbound in outbounds:
            await self._meet(outbound)
        return not any(isinstance(outbound, Text) and outbound.tone is Tone.ERROR for outbound in outbounds)

    async def say(self, line: str) -> None:
        """Say a line (or a typed command) and wait for what it brings; Ctrl-C stops waiting, not the talk."""
        answer = self._door.submit(Inbound(self._origin, uuid.uuid4().hex, text=line))
        coming = asyncio.create_task(self._surface.until_shown(answer))
        with ctrl_c(coming.cancel):
            await asyncio.wait([coming])
        if coming.cancelled():
            answer.cancel()
            self._surface.break_off()
        for question in self._surface.take_questions():
            await self._meet(question)

    async def _meet(self, outbound: Outbound) -> None:
        match outbound:
            case Chat(conversation_id, unanswered=unanswered):
                self._origin = replace(self._origin, conversation_id=conversation_id)
                await self._surface.open_chat(outbound)
                if unanswered:
                    await self.say("/resume")
            case Confirm(question, button):
                answer = await self._ask(f"{question} [y/N] ")
                if answer.strip().lower() in ("y", "yes"):
                    await self.call(button.call)
            case Wizard():
                await fill_in(outbound, self._door, self._surface, self._origin, self._ask)
            case _:
                await self._surface.show(outbound)
