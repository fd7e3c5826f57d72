"""Who there is: `/characters`, a character's page, and finding one by what people type."""

from __future__ import annotations

import difflib
import re
from collections.abc import AsyncGenerator, Sequence

from bot import views
from bot.commands.command import Request
from bot.commands.seat import conversation_here, present, seated
from bot.messages import Button, Call, Catalog, CharacterCard, Confirm, Outbound, Text
from engine.errors import InputError, NotFoundError
from engine.images.job import PICTURE, from_json
from engine.types import CharacterRecord

# Pictures shown on a character's page; the gallery has them all.
PROFILE_PICTURES = 12
GONE = "That character is not here any more. /characters shows everyone who is."

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def characters(request: Request) -> AsyncGenerator[Outbound]:
    """The catalog of faces, and the drafts that wait."""
    query = request.text("query").casefold()
    entries = await request.tools.engine.characters.catalog(request.person_id)
    cards = [views.card(record, request.person_id, last) for record, last in entries]
    cards += [views.card(record, request.person_id) for record in await _brought_here(request, cards)]
    if query:
        cards = [
            card for card in cards if query in f"{card.name} {card.tagline} {' '.join(card.tags)}".casefold()
        ]
    drafts = () if query else await request.tools.wizard.open_drafts(request.person_id)
    yield Catalog(tuple(cards), drafts, query=request.text("query"))


async def profile(request: Request) -> AsyncGenerator[Outbound]:
    """A character's own page."""
    record = await find_character(request, request.text("character"))
    pictures = await request.tools.engine.media.gallery(request.person_id, record.id, PROFILE_PICTURES)
    entries = await request.tools.engine.characters.catalog(request.person_id)
    talked_at = next((last for one, last in entries if one.id == record.id), None)
    yield views.profile(record, request.person_id, pictures, talked_at)


async def delete_character(request: Request) -> AsyncGenerator[Outbound]:
    """Delete a character of one's own, with its conversations, memories and pictures."""
    record = await find_character(request, request.text("character"))
    if record.owner_id != request.person_id:
        raise InputError(
            f"{record.persona.name} came with Selfsame and stays; /reset forgets your conversation."
        )
    if not request.flag("confirm"):
        button = Button(
            f"Delete {record.persona.name}", Call("delete", {"character": record.id, "confirm": True})
        )
        yield Confirm(
            f"Delete {record.persona.name} with all conversations, memories and pictures? This cannot be undone.",
            button,
        )
        return
    await request.tools.delivery.withdraw(
        lambda job: job.kind == PICTURE and from_json(job.payload).character_id == record.id
    )
    await request.tools.engine.characters.delete(record.id)
    yield Text(f"{record.persona.name} is deleted, with everything that belonged to it.")


async def _brought_here(request: Request, cards: Sequence[CharacterCard]) -> list[CharacterRecord]:
    """Others' characters that sit in this channel."""
    known = {card.id for card in cards}
    return [record for record in await seated(request) if record.id not in known]


async def find_character(request: Request, wanted: str) -> CharacterRecord:
    """The character a person means, by id, slug or name, among those it may see. Raises NotFoundError, InputError."""
    if not wanted:
        return await _of_conversation(request)
    records = await present(request)
    key = wanted.strip().casefold()
    for record in records:
        if key in (record.id.casefold(), record.slug.casefold(), record.persona.name.casefold()):
            return record
    starts = [record for record in records if record.persona.name.casefold().startswith(key)]
    if len(starts) == 1:
        return starts[0]
    names = {record.persona.name.casefold(): record.persona.name for record in records}
    if _ID.fullmatch(key):  # of a button: nobody knows it, and nobody typed it
        raise NotFoundError(GONE)
    near = difflib.get_close_matches(key, names, n=1)
    hint = f"Did you mean {names[near[0]]}?" if near else "The catalog shows everyone who is here."
    raise NotFoundError(f"There is nobody called “{wanted[:60]}” here. {hint}")


async def _of_conversation(request: Request) -> CharacterRecord:
    conversation = await conversation_here(request)
    if conversation is None:
        raise InputError(
            "Say which character you mean, e.g. character:noor. See /characters for everyone who is here."
        )
    return await request.tools.engine.characters.get(conversation.character_id)
