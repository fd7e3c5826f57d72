"""Talking: `/talk`, words said in a conversation, and the answer a crash left owing. Calls `engine/turn.py`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from bot import views
from bot.commands.character import find_character
from bot.commands.command import MESSAGE_LENGTH, Request, parse_slash
from bot.messages import Call, Chat, Delta, MessageView, Outbound, Replied, Started, Text, Tone
from engine.errors import InputError, NotFoundError
from engine.images.shot import picture_wish
from engine.turn import Piece, Refused, Said, Stored, TurnEvent
from engine.types import Conversation, Message

# Messages shown when a conversation is opened; older ones are in the export.
SHOWN_MESSAGES = 200


async def talk(request: Request) -> AsyncGenerator[Outbound]:
    """Open the conversation with a character."""
    engine = request.tools.engine
    record = await find_character(request, request.text("character"))
    conversation = await engine.turn.open(request.person_id, record, request.inbound.origin.place)
    lines = await engine.conversations.window(conversation.id, SHOWN_MESSAGES)
    unanswered = await engine.conversations.unanswered(conversation.id)
    yield Chat(
        conversation_id=conversation.id,
        card=views.card(record, request.person_id),
        messages=await _show(request, lines),
        model_name=engine.turn.model_name,
        unanswered=unanswered.id if unanswered else "",
    )


async def say(request: Request) -> AsyncGenerator[Outbound]:
    """Words said in a conversation: store them, answer them; a plain request for a picture gets one."""
    words = request.inbound.text.strip()
    conversation = await own_conversation(request)
    if not words:
        raise InputError("There is nothing in that message yet. Write something first.")
    if len(words) > MESSAGE_LENGTH:
        raise InputError(
            f"A message may have {MESSAGE_LENGTH} characters; yours has {len(words)}. "
            "Send it in parts; the text is still in the box."
        )
    if (scene := picture_wish(words)) is not None:
        async for outbound in _hand_over(request, Call("selfie", {"scene": scene})):
            yield outbound
        return
    events = request.tools.engine.turn.take(conversation, words, request.inbound.event_id)
    async with aclosing(events):
        async for event in events:
            yield _translate(event)


async def resume(request: Request) -> AsyncGenerator[Outbound]:
    """Answer the message that a crash left without a reply: words are answered, commands run again."""
    engine = request.tools.engine
    conversation = await own_conversation(request)
    owed = await engine.conversations.unanswered(conversation.id)
    if owed is None:
        return
    call = parse_slash(owed.text, request.tools.commands)
    if (scene := picture_wish(owed.text)) is not None:
        call = Call("selfie", {"scene": scene})
    if call is None:
        async with aclosing(engine.turn.resume(conversation)) as events:
            async for event in events:
                yield _translate(event)
        return
    # A picture request whose own message was not stored yet: the same event completes it without doubling.
    inbound = replace(request.inbound, event_id=owed.event_id or owed.id, text=owed.text)
    async for outbound in _hand_over(replace(request, inbound=inbound), call):
        yield outbound


async def _hand_over(request: Request, call: Call) -> AsyncGenerator[Outbound]:
    """Carry a command out that words asked for; the words stay what the person said."""
    command = request.tools.commands[call.name]
    async with aclosing(command.handler(replace(request, options=dict(call.options)))) as outbounds:
        async for outbound in outbounds:
            yield outbound


async def own_conversation(request: Request) -> Conversation:
    """The conversation that a request is made in. Raises NotFoundError for somebody else's."""
    if not request.conversation_id:
        raise InputError("Choose whom to talk with first: /talk and a name.")
    conversation = await request.tools.engine.conversations.get(request.conversation_id)
    if conversation.person_id != request.person_id:
        raise NotFoundError
    return conversation


def _translate(event: TurnEvent) -> Outbound:
    match event:
        case Stored(message, reply_id):
            return Started(views.message(message), reply_id)
        case Piece(reply_id, text):
            return Delta(reply_id, text)
        case Said(message):
            return Replied(views.message(message))
        case Refused(sentence):
            return Text(sentence, Tone.ERROR, field="text")


async def _show(request: Request, lines: Sequence[Message]) -> tuple[MessageView, ...]:
    engine = request.tools.engine
    shown = []
    for line in lines:
        if line.media_id:
            shown.append(views.message(line, media=await engine.media.get(line.media_id)))
        elif line.job_id:
            shown.append(await _promised(request, line, line.job_id))
        else:
            shown.append(views.message(line))
    return tuple(shown)


async def _promised(request: Request, line: Message, job_id: str) -> MessageView:
    """A picture message whose picture has not been put into it: under way, or finished for another surface."""
    engine = request.tools.engine
    try:
        ticket = await engine.queue.ticket(job_id)
        settled = await engine.selfie.settle(ticket.job)
        if settled is not None and settled.media_id:
            return views.message(settled, media=await engine.media.get(settled.media_id))
        return views.message(line, ticket=ticket)
    except NotFoundError:
        return views.lost_picture(line)
