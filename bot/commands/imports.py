"""A conversation history from elsewhere: `/import`. Calls `engine/memory/imports/`; the surfaces bring the file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import UTC, datetime

from bot.commands.character import find_character
from bot.commands.command import Request
from bot.messages import Button, Call, Confirm, OptionValue, Outbound, Text
from engine.errors import InputError, NotFoundError
from engine.memory.imports.importing import Import, Report
from engine.memory.imports.lines import Left
from engine.types import CharacterRecord

HOW = (
    "What you talked about elsewhere can become part of what {name} remembers: a SillyTavern chat, a Discord data package, "
    "an export of WhatsApp, Telegram or ChatGPT, or a text with a name before each line. Send it on the page, under Memory; "
    "on Discord as the file of /import; on Telegram as a file whose caption is /import; in the terminal by its path."
)
IN_PRIVATE = (
    "A history is yours alone. Import it where nobody reads along: on the page, or in a direct message."
)
NOTHING_NEW = "Nothing new was in it."
UNDATED = " The file does not say when; so they count as said before you talked here."


async def import_(request: Request) -> AsyncGenerator[Outbound]:
    """Make a file a memory, show what was imported, or take it back."""
    if not request.inbound.origin.private:
        raise InputError(IN_PRIVATE)
    record = await find_character(request, request.text("character"))
    if request.text("forget"):
        yield await _forget(request, record)
    elif request.text("file"):
        report = await _take(request, record)
        yield Text(told(report, record.persona.name))
        if report.conversation_id:
            yield _question(record, await _own(request, report.conversation_id))
    else:
        yield Text(await _overview(request, record))


def told(report: Report, name: str) -> str:
    """What came of an import, for people."""
    if report.lines:
        span = f" {_span(report.first, report.last)}" if report.dated else ""
        facts = _count(report.facts, "fact")
        words = f"{name} remembers {_count(report.lines, 'line')}{span} now, and {facts} from them."
        words += "" if report.dated else UNDATED
    else:
        words = NOTHING_NEW
    return words + _left_out(report.left)


async def _take(request: Request, record: CharacterRecord) -> Report:
    engine, file = request.tools.engine, request.text("file")
    if not engine.tray.named(file):
        file = await engine.tray.put(request.tools.delivery.fetch(request.inbound.origin.surface, file))
    path = engine.tray.path(file)
    try:
        report = await engine.imports.take(
            path, request.person_id, record, request.inbound.origin.place, me=request.text("me")
        )
    except Exception:
        await asyncio.to_thread(engine.tray.drop, file)
        raise
    await asyncio.to_thread(engine.tray.drop, file)
    return report


async def _forget(request: Request, record: CharacterRecord) -> Outbound:
    chosen = await _chosen(request, record)
    if not request.flag("confirm"):
        return _question(record, chosen)
    await request.tools.engine.imports.forget(request.person_id, chosen.conversation_id)
    return Text(f"Forgotten: {_described(chosen)}.")


async def _overview(request: Request, record: CharacterRecord) -> str:
    name = record.persona.name
    done = await _all(request, record)
    if not done:
        return HOW.format(name=name)
    lines = [f"{number}. {_described(one)}" for number, one in enumerate(done, 1)]
    return "\n".join([f"Imported for {name}:", *lines, "", "To take one back: /import forget:1"])


async def _all(request: Request, record: CharacterRecord) -> Sequence[Import]:
    return await request.tools.engine.imports.of(request.person_id, record.id, request.inbound.origin.place)


async def _chosen(request: Request, record: CharacterRecord) -> Import:
    """The import that is meant, by its number in the list or, from a button, by its id."""
    wanted = request.text("forget")
    if not wanted.isdecimal():
        return await _own(request, wanted)
    done = await _all(request, record)
    if not 1 <= int(wanted) <= len(done):
        raise InputError(f"There is no import {wanted[:9]}. /import lists them.")
    return done[int(wanted) - 1]


async def _own(request: Request, conversation_id: str) -> Import:
    try:
        return await request.tools.engine.imports.get(request.person_id, conversation_id)
    except NotFoundError:
        raise NotFoundError("That import is not there any more.") from None


def _question(record: CharacterRecord, one: Import) -> Confirm:
    """The way back, asked once more: nothing of it can be had back but by sending the file again."""
    options: dict[str, OptionValue] = {"forget": one.conversation_id, "character": record.id, "confirm": True}
    question = f"Take this import back? {record.persona.name} would forget its lines, and what was learned from them alone."
    return Confirm(f"{question}\n{_described(one)}.", Button("Forget this import", Call("import", options)))


def _described(one: Import) -> str:
    facts = f", {_count(one.facts, 'fact')}" if one.facts else ""
    broken = "" if one.whole else "; it broke off – send the file again, and it goes on"
    span = f" {_span(one.first, one.last)}" if one.first else ""
    return f"{one.title}, imported on {_day(one.begun_at)}: {_count(one.lines, 'line')}{span}{facts}{broken}"


def _left_out(left: Mapping[Left, int]) -> str:
    if not left:
        return ""
    reasons = ", ".join(f"{count:,} {why}" for why, count in left.items())
    return f" {_count(sum(left.values()), 'line')} left out: {reasons}."


def _span(first: datetime | None, last: datetime | None) -> str:
    if first is None or last is None:
        return ""
    return f"of {_day(first)}" if _day(first) == _day(last) else f"from {_day(first)} to {_day(last)}"


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%d %B %Y}".lstrip("0")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
