"""`/timezone`: where on the clock somebody is, so that "tomorrow" and birthdays are right; the page tells it by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from bot.commands.command import Request
from bot.messages import Outbound, Text
from engine.errors import InputError
from engine.memory.times.zones import find_zone, like_zones, zone_of

# Says that the machine's zone is to be used again.
NONE = frozenset({"none", "machine", "off", "default"})
HOW = "Change it with /timezone and a city or an offset: /timezone Europe/Berlin, /timezone UTC-5."


async def timezone(request: Request) -> AsyncGenerator[Outbound]:
    """Show the person's time zone, or set it; what a page tells by itself counts only if none is set."""
    if not request.inbound.origin.private:
        raise InputError("Use /timezone in a private chat with me.")
    people, words = request.tools.engine.people, request.text("zone").strip()
    person = await people.get(request.person_id)
    if request.flag("unasked") and person.timezone:
        return
    if words:
        name = "" if words.lower() in NONE else await asyncio.to_thread(_zone, words)
        person = await people.set_timezone(request.person_id, name)
    zone = person.timezone or "the one of the machine that Selfsame runs on"
    local = request.tools.engine.clock().astimezone(zone_of(person.timezone))
    yield Text(f"Your time zone is {zone}: it is {local:%A}, {local:%H:%M} there. {HOW}")


def _zone(words: str) -> str:
    """The zone that is meant. Raises InputError, which offers some."""
    if name := find_zone(words):
        return name
    near = like_zones(words)
    hint = (
        f"Did you mean {' or '.join(near)}?"
        if near
        else "Try a large city near you: /timezone Europe/Berlin."
    )
    raise InputError(f"There is no time zone “{words[:40]}”. {hint}")
