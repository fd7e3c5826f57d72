"""`selfsame chat NAME`: reads lines, hands them to the door, waits until they are answered."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from bot.messages import Call, Chat, Confirm, Door, Inbound, Origin, Outbound, Text, Tone, Wizard
from bot.surfaces.terminal.keyboard import ctrl_c
from bot.surfaces.terminal.surface import TerminalSurface
from bot.surfaces.terminal.wizard import fill_in
from characters.text import storable
from engine.errors import InputError

Ask = Callable[[str], Awaitable[str]]  # asks a person for a line; raises EOFError when there are no more
Keep = Callable[[Path], Awaitable[str]]  # keeps a file for `/import` and returns its name; raises InputError

# "/import ~/Noor.jsonl me:Ada", with quotes where the path has blanks; what begins with an option names no file.
_FILE = re.compile(
    r"/import\s+(?!\w+:(?![\\/]))(?:\"(?P<quoted>[^\"]+)\"|(?P<plain>\S+))(?P<rest>.*)", re.DOTALL
)


async def talk(
    door: Door,
    surface: TerminalSurface,
    person_id: str,
    character: str,
    ask: Ask,
    keep: Keep | None = None,
) -> int:
    """Talk until the person leaves. Returns the exit code: 1 if there is no such character.

    With `keep`, `/import` takes a path: whoever types here may read the files of this machine anyway.
    """

    async def ask_plainly(question: str) -> str:
        return await ask(storable(question))  # it quotes answers and names, which the terminal must not obey

    terminal = _Terminal(door, surface, Origin(surface.name, person_id), ask_plainly, keep)
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

    def __init__(
        self, door: Door, surface: TerminalSurface, origin: Origin, ask: Ask, keep: Keep | None
    ) -> None:
        self._door = door
        self._surface = surface
        self._origin = origin
        self._ask = ask
        self._keep = keep

    async def call(self, call: Call) -> bool:
        """Carry a command out; False if it failed."""
        outbounds = await self._door.ask(Inbound(self._origin, uuid.uuid4().hex, call=call))
        for outbound in outbounds:
            await self._meet(outbound)
        return not any(isinstance(outbound, Text) and outbound.tone is Tone.ERROR for outbound in outbounds)

    async def say(self, line: str) -> None:
        """Say a line (or a typed command) and wait for what it brings; Ctrl-C stops waiting, not the talk."""
        try:
            line = await self._with_file(line)
        except InputError as error:
            await self._surface.show(Text(error.sentence, Tone.ERROR))
            return
        answer = self._door.submit(Inbound(self._origin, uuid.uuid4().hex, text=line))
        coming = asyncio.create_task(self._surface.until_shown(answer))
        with ctrl_c(coming.cancel):
            await asyncio.wait([coming])
        if coming.cancelled():
            answer.cancel()
            self._surface.break_off()
        for question in self._surface.take_questions():
            await self._meet(question)

    async def _with_file(self, line: str) -> str:
        """The line with the name of the file that it brings instead of its path. Raises InputError."""
        match = _FILE.fullmatch(line.strip())
        if match is None or self._keep is None:
            return line
        self._surface.say("Reading …", dim=True)
        path = await asyncio.to_thread(Path(match["quoted"] or match["plain"]).expanduser)
        name = await self._keep(path)
        return f"/import file:{name}{match['rest']}"

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
