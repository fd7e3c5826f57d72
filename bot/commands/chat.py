"""Talking: `/talk`, words said in a conversation, and the answer a crash left owing. Calls `engine/turn.py`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from bot import views
from bot.commands.character import find_character
from bot.commands.command import MESSAGE_LENGTH, TEXT_LENGTH, Request, parse_slash
from bot.commands.memory import ask_to_forget, meant_by, wished
from bot.commands.seat import conversation_here, first_lines, meant, moved_into, present, seated, take_seat
from bot.messages import (
    Call,
    Catalog,
    Chat,
    Delta,
    MessageView,
    Outbound,
    Replied,
    Started,
    Text,
    Tone,
    Waiting,
)
from engine.errors import InputError, NotFoundError
from engine.images.shot import picture_wish
from engine.memory.wish import forget_wish
from engine.turn import Piece, Refused, Said, Stored, TurnEvent
from engine.turn import Waiting as InLine
from engine.types import CharacterRecord, Conversation, Message, Role

# Messages shown when a conversation is opened; older ones are in the export.
SHOWN_MESSAGES = 200
WELCOME = """\
Hello, this is Selfsame. Here you talk with characters who remember you, and ask for pictures of them in scenes. \
They are made up, and an AI speaks for them.

Choose someone below, or make someone of your own with /create. /help shows what else there is, /privacy what is kept."""


async def start(request: Request) -> AsyncGenerator[Outbound]:
    """The first hello of a messenger, or a link that leads to a character."""
    if request.text("character"):
        async for outbound in talk(request):
            yield outbound
        return
    yield Text(WELCOME)
    async for outbound in _who(request, ""):
        yield outbound


async def talk(request: Request) -> AsyncGenerator[Outbound]:
    """Open the conversation with a character; words that waited for the choice are said to it."""
    engine = request.tools.engine
    record = await find_character(request, request.text("character"))
    conversation, _ = await first_lines(request, record)
    await take_seat(request, record.id)
    lines = await engine.conversations.window(conversation.id, SHOWN_MESSAGES)
    unanswered = await engine.conversations.unanswered(conversation.id)
    yield Chat(
        conversation_id=conversation.id,
        card=views.card(record, request.person_id),
        messages=await _show(request, record, lines),
        model_name=engine.turn.model_name,
        unanswered=unanswered.id if unanswered else "",
    )
    if words := request.text("say"):
        async for outbound in say(_with_words(moved_into(request, conversation), words)):
            yield outbound


async def say(request: Request) -> AsyncGenerator[Outbound]:
    """Words said in a conversation: store them, answer them; a plain request for a picture gets one."""
    words = request.inbound.text.strip()
    if not any(char.isprintable() and not char.isspace() for char in words):
        # Nothing, or only what nobody sees.
        raise InputError("There is nothing in that message that I can read. Write it in words.")
    if len(words) > MESSAGE_LENGTH:
        raise InputError(
            f"A message may have {MESSAGE_LENGTH} characters; yours has {len(words)}. "
            "Send it in parts; the text is still where you wrote it."
        )
    record = await _listener(request)
    if record is None:
        async for outbound in _who(request, words):
            yield outbound
        return
    conversation, fresh = await _meet(request, record)
    for line in notices(fresh):
        yield Replied(views.message(line))
    if (scene := picture_wish(words)) is not None:
        asked = moved_into(request, conversation)
        async for outbound in _hand_over(asked, Call("selfie", {"scene": scene})):
            yield outbound
        return
    wish = forget_wish(words)
    told = await meant_by(request, record, wish.what) if wish else None
    if wish and wish.plain and told:
        yield await wished(request, record, told, wish)
        return
    events = request.tools.engine.turn.take(conversation, words, request.inbound.event_id)
    async with aclosing(events):
        async for event in events:
            yield _translate(event, record, request.tools.engine.turn.model_name)
    if wish and told and told.facts:  # said on the way to something else: it may be no wish at all
        yield ask_to_forget(record, told, wish.what)


async def resume(request: Request) -> AsyncGenerator[Outbound]:
    """Answer the message that a crash left without a reply: words are answered, commands run again."""
    engine = request.tools.engine
    conversation = await own_conversation(request)
    owed = await engine.conversations.unanswered(conversation.id)
    if owed is None:
        return
    record = await engine.characters.get(conversation.character_id)
    call = parse_slash(owed.text, request.tools.commands)
    if (scene := picture_wish(owed.text)) is not None:
        call = Call("selfie", {"scene": scene})
    if call is None:
        async with aclosing(engine.turn.resume(conversation)) as events:
            async for event in events:
                yield _translate(event, record, engine.turn.model_name)
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
    """The conversation that a request is made in. Raises NotFoundError for somebody else's, InputError for none."""
    conversation = await conversation_here(request)
    if conversation is None:
        raise InputError("Choose whom to talk with first: /talk and a name.")
    return conversation


async def _listener(request: Request) -> CharacterRecord | None:
    """Whom words are said to, None where that has to be chosen first."""
    if request.conversation_id:
        conversation = await own_conversation(request)
        return await request.tools.engine.characters.get(conversation.character_id)
    record = await meant(request)
    if record is None and not request.inbound.origin.channel:
        raise InputError("Choose whom to talk with first: /talk and a name.")
    return record


async def _meet(request: Request, record: CharacterRecord) -> tuple[Conversation, Sequence[Message]]:
    """The conversation with whom is meant, with the lines that it begins with if it is new."""
    if request.conversation_id:
        return await own_conversation(request), ()
    conversation, fresh = await first_lines(request, record)
    await take_seat(request, record.id)
    return conversation, fresh


def notices(lines: Sequence[Message]) -> list[Message]:
    """What has to be shown of a new conversation's beginning when somebody begins it: they need no greeting."""
    return [line for line in lines if line.role is Role.NOTICE]


async def _who(request: Request, words: str) -> AsyncGenerator[Outbound]:
    """The catalog as a question; the words wait for whoever is chosen."""
    records = await present(request)
    if (
        not request.inbound.origin.private
    ):  # everybody sees the question: whom somebody made is theirs to bring
        here = await seated(request)
        records = [record for record in records if record.owner_id is None or record in here]
    cards = tuple(views.card(record, request.person_id) for record in records)
    yield Catalog(cards, then_say=words[:TEXT_LENGTH])


def _with_words(request: Request, words: str) -> Request:
    return replace(request, inbound=replace(request.inbound, text=words, call=None), options={})


def _translate(event: TurnEvent, record: CharacterRecord, model_name: str) -> Outbound:
    speaker = views.speaker(record)
    match event:
        case Stored(message, reply_id):
            return Started(views.message(message), reply_id, speaker)
        case InLine(reply_id, place):
            return Waiting(reply_id, place)
        case Piece(reply_id, text):
            return Delta(reply_id, text)
        case Said(message):
            return Replied(views.message(message, speaker=speaker), model_name)
        case Refused(sentence):
            return Text(sentence, Tone.ERROR, field="text")


async def _show(
    request: Request, record: CharacterRecord, lines: Sequence[Message]
) -> tuple[MessageView, ...]:
    shown = []
    for line in lines:
        if line.media_id or line.job_id:
            shown.append(await picture_line(request, record, line))
        else:
            shown.append(views.message(line, speaker=views.speaker(record)))
    return tuple(shown)


async def picture_line(request: Request, record: CharacterRecord, line: Message) -> MessageView:
    """A picture message as it is now: its picture, under way, or finished and not yet put into it."""
    engine = request.tools.engine
    speaker, mine = views.speaker(record), record.owner_id == request.person_id
    try:
        if not line.media_id:
            ticket = await engine.queue.ticket(line.job_id or "")
            settled = await engine.selfie.settle(ticket.job)
            if settled is None or not settled.media_id:
                return views.message(line, ticket=ticket, speaker=speaker)
            line = settled
        media = await engine.media.get(line.media_id or "")
        return views.message(line, media=media, speaker=speaker, mine=mine)
    except NotFoundError:
        return views.lost_picture(line)
