"""What a character knows: `/memory`, `/forget`, pinning, `/reset`. Calls `engine/memory/`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from bot import views
from bot.commands.character import find_character
from bot.commands.command import Request
from bot.messages import Button, Call, Confirm, Memories, OptionValue, Outbound, Replied, Text
from engine.errors import InputError, NotFoundError
from engine.images.job import PICTURE, from_json
from engine.memory.match import find_matching
from engine.types import CharacterRecord, Fact

# Facts that a search shows.
FOUND_FACTS = 50


async def memory(request: Request) -> AsyncGenerator[Outbound]:
    """What a character knows about you, by topic, with sources."""
    record = await find_character(request, request.text("character"))
    yield await _memories(request, record, request.text("query"))


async def forget(request: Request) -> AsyncGenerator[Outbound]:
    """Forget one fact, or all that matches some words; asks before it forgets several."""
    engine = request.tools.engine
    record = await find_character(request, request.text("character"))
    place = request.inbound.origin.place
    if fact_id := request.text("fact"):
        await engine.memory.forget_facts([await _own_fact(request, fact_id)])
        yield await _memories(request, record, "")
        return
    what = request.text("what")
    if not what:
        raise InputError("Say what to forget, e.g. /forget my dog. See /memory for what is known.")
    known = await engine.memories.known(request.person_id, record.id, place)
    matching = find_matching(known, what)
    if not matching:
        yield Text(f"{record.persona.name} knows nothing about that. See /memory for what is known.")
    elif len(matching) > 1 and not request.flag("confirm"):
        yield Confirm(_question(record, matching), _confirm_button(record, what, len(matching)))
    else:
        forgotten = await engine.memory.forget_matching(request.person_id, record.id, place, what)
        yield Text("Forgotten: " + " ".join(fact.text for fact in forgotten))
        yield await _memories(request, record, "")


async def pin(request: Request) -> AsyncGenerator[Outbound]:
    """Pin a fact, so that it is always remembered, or unpin it."""
    engine = request.tools.engine
    fact = await _own_fact(request, request.text("fact"))
    await engine.memories.pin(request.person_id, fact.id, not fact.pinned)
    yield await _memories(request, await engine.characters.get(fact.character_id), "")


async def reset(request: Request) -> AsyncGenerator[Outbound]:
    """Start the conversation anew; what is remembered stays, unless it is asked to go too."""
    engine = request.tools.engine
    record = await find_character(request, request.text("character"))
    name = record.persona.name
    if not request.flag("confirm"):
        options: dict[str, OptionValue] = {
            "character": record.id,
            "confirm": True,
            "memories": request.flag("memories"),
        }
        extra = f" What {name} remembers about you goes too." if request.flag("memories") else ""
        yield Confirm(
            f"Delete this conversation with {name}? This cannot be undone.{extra}",
            Button("Start anew", Call("reset", options)),
        )
        return
    conversation = await engine.conversations.open(request.person_id, record.id, request.inbound.origin.place)
    await request.tools.delivery.withdraw(
        lambda job: job.kind == PICTURE and from_json(job.payload).conversation_id == conversation.id
    )
    await engine.conversations.clear(conversation.id)
    if request.flag("memories"):
        known = await engine.memories.known(
            request.person_id, record.id, request.inbound.origin.place, include_superseded=True
        )
        await engine.memories.forget(request.person_id, [fact.id for fact in known])
    _, fresh = await engine.turn.greet(request.person_id, record, request.inbound.origin.place)
    yield Text(f"The conversation with {name} starts anew.")
    if request.inbound.origin.channel:
        for line in fresh:
            yield Replied(views.message(line, speaker=views.speaker(record)))


async def _memories(request: Request, record: CharacterRecord, query: str) -> Memories:
    engine = request.tools.engine
    place = request.inbound.origin.place
    if query:
        facts = await engine.memories.search(request.person_id, record.id, place, query.split(), FOUND_FACTS)
    else:
        facts = await engine.memories.known(request.person_id, record.id, place)
    every = await engine.memories.known(request.person_id, record.id, place, include_superseded=True)
    old = [fact for fact in every if fact.superseded_by]
    return Memories(views.card(record, request.person_id), views.topics(facts, old), query)


async def _own_fact(request: Request, fact_id: str) -> Fact:
    """A fact about this person. Raises NotFoundError for anyone else's."""
    fact = await request.tools.engine.memories.get(fact_id)
    if fact.person_id != request.person_id:
        raise NotFoundError
    return fact


def _question(record: CharacterRecord, facts: Sequence[Fact]) -> str:
    return f"{record.persona.name} would forget {len(facts)} things: " + " ".join(fact.text for fact in facts)


def _confirm_button(record: CharacterRecord, what: str, count: int) -> Button:
    return Button(
        f"Forget all {count}", Call("forget", {"character": record.id, "what": what, "confirm": True})
    )
