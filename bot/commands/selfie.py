"""Pictures: `/selfie`, one thing changed, cancel, `/gallery`. Calls `engine/selfie.py`; delivery brings the result."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from bot import views
from bot.commands.character import find_character
from bot.commands.chat import notices, own_conversation, picture_line
from bot.commands.command import Request
from bot.commands.seat import first_lines, moved_into
from bot.messages import Button, Call, Confirm, Gallery, Outbound, Replied, Started, Text
from engine.errors import InputError, NotFoundError
from engine.selfie import Asked
from engine.types import CharacterRecord, JobStatus, Message

# Pictures shown on one page of a gallery.
GALLERY_PICTURES = 200


async def selfie(request: Request) -> AsyncGenerator[Outbound]:
    """A picture of a character in a scene, from the conversation or by the character's name."""
    request, record, fresh = await _in_conversation(request)
    for line in notices(fresh):
        yield Replied(views.message(line))
    asked = await request.tools.engine.selfie.ask(
        request.conversation_id,
        request.text("scene"),
        words=request.inbound.text,
        event_id=request.inbound.event_id,
        surface=request.inbound.origin.surface,
        origin=request.inbound.origin.to_json(),
    )
    async for outbound in _show(request, record, asked):
        yield outbound


async def vary(request: Request) -> AsyncGenerator[Outbound]:
    """The same picture with one thing changed."""
    media = await request.tools.engine.media.get(request.text("media"))
    request, record, _ = await _in_conversation(request, media.character_id or "")
    asked = await request.tools.engine.selfie.vary(
        request.conversation_id,
        media.id,
        request.text("what") or "again",
        event_id=request.inbound.event_id,
        surface=request.inbound.origin.surface,
        origin=request.inbound.origin.to_json(),
    )
    async for outbound in _show(request, record, asked):
        yield outbound


async def primary(request: Request) -> AsyncGenerator[Outbound]:
    """Make a picture the face of a character of one's own: avatar, catalog and every later scene."""
    engine = request.tools.engine
    media = await engine.media.get(request.text("media"))
    if media.person_id != request.person_id or not media.character_id:
        raise NotFoundError
    record = await engine.characters.get(media.character_id)
    if record.owner_id != request.person_id:
        raise InputError(
            f"{record.persona.name} came with Selfsame and keeps that face. /create makes someone whose face you choose."
        )
    await engine.casting.set_primary(record, media)
    yield Text(f"Done: from now on this is {record.persona.name}’s picture everywhere.")


async def cancel(request: Request) -> AsyncGenerator[Outbound]:
    """Stop a picture that waits or is being made."""
    engine = request.tools.engine
    ticket = await engine.selfie.cancel(request.text("job"), request.person_id)
    yield views.progress(ticket, await engine.conversations.by_job(ticket.job.id))


async def gallery(request: Request) -> AsyncGenerator[Outbound]:
    """Pictures of one character, or of all."""
    named = request.text("character")
    record = await find_character(request, named) if named or request.conversation_id else None
    media = await request.tools.engine.media.gallery(
        request.person_id, record.id if record else None, GALLERY_PICTURES
    )
    title = f"Pictures of {record.persona.name}" if record else "Your pictures"
    card = views.card(record, request.person_id) if record else None
    entries = await request.tools.engine.characters.catalog(request.person_id)
    own = {one.id for one, _ in entries if one.owner_id == request.person_id}
    yield Gallery(title, card, tuple(views.picture(one, mine=one.character_id in own) for one in media))


async def delete_picture(request: Request) -> AsyncGenerator[Outbound]:
    """Delete a picture of one's own."""
    media_id = request.text("media")
    media = await request.tools.engine.media.get(media_id)
    if media.person_id != request.person_id:
        raise NotFoundError
    if not request.flag("confirm"):
        call = Call("delete_picture", {"media": media_id, "confirm": True})
        yield Confirm("Delete this picture? This cannot be undone.", Button("Delete the picture", call))
        return
    engine = request.tools.engine
    line = await engine.conversations.by_job(media.job_id) if media.job_id else None
    await engine.media.delete(request.person_id, media_id)
    if line is not None and request.inbound.origin.channel:  # where it stands, it goes, too
        yield Replied(views.message(line, ticket=await engine.queue.ticket(media.job_id or "")))
    yield Text("The picture is deleted.")


async def _in_conversation(
    request: Request, character: str = ""
) -> tuple[Request, CharacterRecord, Sequence[Message]]:
    """The request moved into the conversation that it belongs to: the one it came from, or the named character's.

    With whom that is, and the lines that a new conversation begins with: on the page they are there when it is opened.
    """
    named = character or request.text("character")
    engine = request.tools.engine
    if request.conversation_id and not named:
        conversation = await own_conversation(request)
        return request, await engine.characters.get(conversation.character_id), ()
    record = await find_character(request, named)
    conversation, fresh = await first_lines(request, record)
    return moved_into(request, conversation), record, () if request.conversation_id else fresh


async def _show(request: Request, record: CharacterRecord, asked: Asked) -> AsyncGenerator[Outbound]:
    yield Started(views.message(asked.said), asked.picture.id, views.speaker(record))
    if asked.ticket.job.status is JobStatus.DONE:  # the same event once more, after a crash
        yield Replied(await picture_line(request, record, asked.picture))
    else:
        yield Replied(views.message(asked.picture, ticket=asked.ticket, speaker=views.speaker(record)))
    await request.tools.delivery.track(asked.ticket.job.id)
