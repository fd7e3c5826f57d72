"""Whom a person means where a channel says it: by a reply, by name, or by whom they talk with there.

On the page a conversation has an address of its own; on messengers people write into a channel, and one channel may
seat several characters. Commands ask here; whoever was talked with last keeps the person's seat.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.commands.command import Request
from engine.errors import NotFoundError
from engine.types import PRIVATE_PLACE, CharacterRecord, Conversation, Message


async def conversation_here(request: Request) -> Conversation | None:
    """The conversation that a request is made in: the one it names, or that with whom is meant; None for nobody."""
    if request.conversation_id:
        conversation = await request.tools.engine.conversations.get(request.conversation_id)
        if conversation.person_id != request.person_id:
            raise NotFoundError
        return conversation
    record = await meant(request)
    if record is None:
        return None
    conversation, _ = await request.tools.engine.turn.greet(
        request.person_id, record, request.inbound.origin.place
    )
    return conversation


async def meant(request: Request) -> CharacterRecord | None:
    """The character that words in a channel are for, None where nobody was talked with yet."""
    origin = request.inbound.origin
    if not origin.channel:
        return None
    here = await present(request)
    if answered := await _answered(request):
        return next((record for record in here if record.id == answered), None)
    if not origin.private and (named := named_in(request.inbound.text, await seated(request))):
        return named
    for character_id in await _candidates(request):
        for record in here:
            if record.id == character_id:
                return record
    return None


async def take_seat(request: Request, character_id: str) -> None:
    """From now on the person talks with this character in this channel."""
    origin = request.inbound.origin
    if origin.channel:
        seats = request.tools.engine.seats
        await seats.take(origin.surface, origin.channel, origin.thread, request.person_id, character_id)


async def present(request: Request) -> list[CharacterRecord]:
    """Everyone a person may talk with here: the cast, their own, and whom others have brought to this channel."""
    entries = await request.tools.engine.characters.catalog(request.person_id)
    records = [record for record, _ in entries]
    known = {record.id for record in records}
    return [*records, *(record for record in await seated(request) if record.id not in known)]


async def seated(request: Request) -> list[CharacterRecord]:
    """The characters that anybody talks with in this channel, the latest first; nobody's in a private one."""
    origin = request.inbound.origin
    if origin.private or not origin.channel:
        return []
    engine = request.tools.engine
    ids: list[str] = []
    for thread in dict.fromkeys((origin.thread, "")):
        ids += await engine.seats.here(origin.surface, origin.channel, thread)
    records = []
    for character_id in dict.fromkeys(ids):
        try:
            records.append(await engine.characters.get(character_id))
        except NotFoundError:  # deleted between the two steps
            continue
    return records


def named_in(words: str, records: Iterable[CharacterRecord]) -> CharacterRecord | None:
    """Whose name is in the words first; the first name is enough."""
    found: list[tuple[int, CharacterRecord]] = []
    for record in records:
        for name in _names(record.persona.name):
            if match := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words, re.IGNORECASE):
                found.append((match.start(), record))
                break
    return min(found, key=lambda one: one[0])[1] if found else None


async def first_lines(request: Request, record: CharacterRecord) -> tuple[Conversation, Sequence[Message]]:
    """The conversation with a character here, and what it begins with if it is new: the notice and the greeting."""
    return await request.tools.engine.turn.greet(request.person_id, record, request.inbound.origin.place)


def moved_into(request: Request, conversation: Conversation) -> Request:
    """The request as one made in this conversation."""
    origin = replace(request.inbound.origin, conversation_id=conversation.id)
    return replace(request, inbound=replace(request.inbound, origin=origin))


async def _answered(request: Request) -> str:
    """The character whose message was replied to, "" for none."""
    engine = request.tools.engine
    if not request.inbound.answers:
        return ""
    try:
        message = await engine.conversations.message(request.inbound.answers)
        conversation = await engine.conversations.get(message.conversation_id)
    except NotFoundError:
        return ""
    # Somebody else's talk in another place names nobody here.
    return conversation.character_id if conversation.place == request.inbound.origin.place else ""


async def _candidates(request: Request) -> list[str]:
    """Character ids in the order in which they are likely meant."""
    origin, seats = request.inbound.origin, request.tools.engine.seats
    found = [await seats.character_of_topic(origin.surface, origin.channel, origin.thread)]
    threads = dict.fromkeys((origin.thread, ""))
    found += [await seats.of(origin.surface, origin.channel, thread, request.person_id) for thread in threads]
    if origin.private:
        latest = await request.tools.engine.conversations.latest(request.person_id, PRIVATE_PLACE)
        found.append(latest.character_id if latest else None)
    else:
        found += [record.id for record in await seated(request)]
    return [one for one in found if one]


def _names(name: str) -> tuple[str, ...]:
    """A full name, and its first word where that is a name and not an article or an initial."""
    first = name.split()[0] if name.split() else ""
    articles = ("the", "der", "die", "das", "le", "la", "el", "il", "o", "a")
    return (name, first) if len(first) > 2 and first.casefold() not in articles else (name,)
