"""What a character knows: `/memory`, `/remember`, `/forget`, pinning, `/reset`. Calls `engine/memory/`."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from bot import views
from bot.commands.character import find_character
from bot.commands.command import Request
from bot.messages import Button, Call, Confirm, Memories, OptionValue, Outbound, Replied, Text
from engine.errors import InputError, NotFoundError
from engine.images.job import PICTURE, from_json
from engine.memory.ending import holds
from engine.memory.forget import Meant
from engine.memory.found import Scope
from engine.memory.keep import Kept
from engine.memory.wish import ForgetWish
from engine.types import CharacterRecord, Fact

# Facts that a search shows.
FOUND_FACTS = 50
# Characters of a message that a question quotes.
QUOTED = 200


async def memory(request: Request) -> AsyncGenerator[Outbound]:
    """What a character knows about you, by topic, with sources."""
    record = await find_character(request, request.text("character"))
    yield await _memories(request, record, request.text("query"))


async def remember(request: Request) -> AsyncGenerator[Outbound]:
    """Remember something that is said outright, or put it in a memory's place."""
    engine, words = request.tools.engine, request.text("what")
    if fact_id := request.text("fact"):
        fact = await _own_fact(request, fact_id)
        record = await engine.characters.get(fact.character_id)
        yield Text(_kept(await engine.telling.correct(fact, words), "Corrected"))
    else:
        record = await find_character(request, request.text("character"))
        scope = Scope(request.person_id, record.id, request.inbound.origin.place)
        yield Text(_kept(await engine.telling.remember(scope, words), f"{record.persona.name} will remember"))
    yield await _memories(request, record, "")


async def forget(request: Request) -> AsyncGenerator[Outbound]:
    """Forget one fact, what one message told, or what some words mean; asks before it forgets several things."""
    record = await find_character(request, request.text("character"))
    meant = await _meant(request, record)
    if not meant:
        await request.tools.engine.memory.let_go(_event(request))
        yield Text(f"{record.persona.name} knows nothing about that. See /memory for what is known.")
    elif not request.flag("confirm") and (not meant.sure or len(meant.current) > 1):
        yield ask_to_forget(record, meant, request.text("what"), request.text("fact"))
    else:
        said = await forgotten(request, record, meant)
        if not request.text("fact"):  # where a memory was clicked on, the list without it says enough
            yield said
        yield await _memories(request, record, "")


async def wished(request: Request, record: CharacterRecord, meant: Meant, wish: ForgetWish) -> Outbound:
    """The answer to a wish to forget in the person's own words: it is done, or asked about first."""
    if wish.clear and meant.sure and len(meant.current) == 1:
        return await forgotten(request, record, meant)
    return ask_to_forget(record, meant, wish.what)


async def meant_by(request: Request, record: CharacterRecord, what: str) -> Meant:
    """What a wish to forget means here."""
    place = request.inbound.origin.place
    return await request.tools.engine.memory.meant(request.person_id, record.id, place, what)


async def forgotten(request: Request, record: CharacterRecord, meant: Meant) -> Text:
    """Forget what is meant, and say what that was."""
    place = request.inbound.origin.place
    await request.tools.engine.memory.forget(request.person_id, record.id, place, meant, _event(request))
    if meant.facts:
        return Text("Forgotten: " + " ".join(fact.text for fact in meant.current or meant.facts))
    return Text("Forgotten. Nobody here knows what you said there any more.")


def ask_to_forget(record: CharacterRecord, meant: Meant, what: str, fact_id: str = "") -> Confirm:
    """The question before something is forgotten that is several things, or may be something else."""
    # What was said last is another message by the time somebody clicks.
    meaning = {"fact": fact_id} if fact_id else {"line": meant.line} if meant.line else {"what": what}
    options: dict[str, OptionValue] = {"character": record.id, "confirm": True, **meaning}
    count = len(meant.current) or len(meant.lines)
    label = "Forget it" if count == 1 else f"Forget all {count}"
    return Confirm(_question(record, meant), Button(label, Call("forget", options)))


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
    every = await engine.memories.known(request.person_id, record.id, place, include_superseded=True)
    old = [fact for fact in every if fact.superseded_by]
    if query:
        facts = await engine.memories.search(request.person_id, record.id, place, query.split(), FOUND_FACTS)
        ended = []
    else:
        now = engine.clock()
        facts = [fact for fact in every if holds(fact, now)]
        ended = [fact for fact in every if not fact.superseded_by and not holds(fact, now)]
    return Memories(views.card(record, request.person_id), views.topics(facts, old, ended), query)


def _kept(kept: Kept, said: str) -> str:
    """What came of words that were told outright, for whoever told them."""
    told = f"{said}: " + " ".join(fact.text for fact in kept.told) if kept.told else ""
    over = "No longer so: " + " ".join(fact.text for fact in kept.ended) if kept.ended else ""
    return " ".join(part for part in (told, over) if part)


async def _own_fact(request: Request, fact_id: str) -> Fact:
    """A fact about this person. Raises NotFoundError for anyone else's."""
    fact = await request.tools.engine.memories.get(fact_id)
    if fact.person_id != request.person_id:
        raise NotFoundError
    return fact


async def _meant(request: Request, record: CharacterRecord) -> Meant:
    """What a call of the command means: a memory, what a message told, or what some words mean."""
    memory, place = request.tools.engine.memory, request.inbound.origin.place
    if fact_id := request.text("fact"):
        return await memory.meant_fact(await _own_fact(request, fact_id))
    if line := request.text("line"):
        return await memory.told_in(request.person_id, record.id, place, line)
    if what := request.text("what"):
        return await meant_by(request, record, what)
    raise InputError("Say what to forget, e.g. /forget my dog. See /memory for what is known.")


def _event(request: Request) -> tuple[str, str]:
    return request.inbound.origin.surface, request.inbound.event_id


def _question(record: CharacterRecord, meant: Meant) -> str:
    name, facts = record.persona.name, meant.current
    if len(facts) > 1:
        return f"{name} would forget {len(facts)} things: " + " ".join(fact.text for fact in facts)
    if facts:
        return f"Do you want {name} to forget this? {facts[0].text}"
    if len(meant.lines) > 1:
        return f"{name} remembers nothing of it as such, but you mentioned it {len(meant.lines)} times. Cut that out of what you said?"
    return f"Do you want {name} to forget that you said “{_short(meant.lines[0].text)}”?"


def _short(text: str) -> str:
    """The beginning of what somebody said, as a quotation."""
    plain = " ".join(text.split())
    return plain if len(plain) <= QUOTED else plain[: QUOTED - 1].rstrip() + "…"
