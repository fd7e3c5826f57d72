"""Pictures: `/selfie`, one thing changed, cancel, `/gallery`. Calls `engine/selfie.py`; delivery brings the result."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace

from bot import views
from bot.commands.character import find_character
from bot.commands.chat import own_conversation
from bot.commands.command import Request
from bot.messages import Button, Call, Confirm, Gallery, Outbound, Replied, Started, Text
from engine.errors import NotFoundError
from engine.selfie import Asked

# Pictures shown on one page of a gallery.
GALLERY_PICTURES = 200


async def selfie(request: Request) -> AsyncGenerator[Outbound]:
    """A picture of a character in a scene, from the conversation or by the character's name."""
    request = await _in_conversation(request)
    asked = await request.tools.engine.selfie.ask(
        request.conversation_id,
        request.text("scene"),
        words=request.inbound.text,
        event_id=request.inbound.event_id,
        surface=request.inbound.origin.surface,
        origin=request.inbound.origin.to_json(),
    )
    async for outbound in _show(request, asked):
        yield outbound


async def vary(request: Request) -> AsyncGenerator[Outbound]:
    """The same picture with one thing changed."""
    media = await request.tools.engine.media.get(request.text("media"))
    request = await _in_conversation(request, media.character_id or "")
    asked = await request.tools.engine.selfie.vary(
        request.conversation_id,
        media.id,
        request.text("what") or "again",
        event_id=request.inbound.event_id,
        surface=request.inbound.origin.surface,
        origin=request.inbound.origin.to_json(),
    )
    async for outbound in _show(request, asked):
        yield outbound


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
    yield Gallery(title, card, tuple(views.picture(one) for one in media))


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
    await request.tools.engine.media.delete(request.person_id, media_id)
    yield Text("The picture is deleted.")


async def _in_conversation(request: Request, character: str = "") -> Request:
    """The request with the conversation that it belongs to: the one it came from, or the named character's."""
    named = character or request.text("character")
    if request.conversation_id and not named:
        await own_conversation(request)
        return request
    record = await find_character(request, named)
    engine = request.tools.engine
    conversation = await engine.turn.open(request.person_id, record, request.inbound.origin.place)
    origin = replace(request.inbound.origin, conversation_id=conversation.id)
    return replace(request, inbound=replace(request.inbound, origin=origin))


async def _show(request: Request, asked: Asked) -> AsyncGenerator[Outbound]:
    yield Started(views.message(asked.said), asked.picture.id)
    yield Replied(views.message(asked.picture, ticket=asked.ticket))
    await request.tools.delivery.track(asked.ticket.job.id)
