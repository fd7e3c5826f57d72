"""engine/turn.py with a scripted model at the port: the gates, their order, notices, and what is stored."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from characters.cast import load_cast
from engine.chat.planner import Planner
from engine.config import ChatConfig, MemoryConfig
from engine.errors import BusyError, ModelError
from engine.memory.recall import Memory
from engine.models.port import Ending, Finish, Sampling, SectionKind
from engine.safety.policy import load_policy
from engine.safety.text import Gate
from engine.store.store import Store
from engine.turn import Piece, Refused, Said, Stored, Turn, TurnEvent, Waiting
from engine.types import PRIVATE_PLACE, Conversation, Role
from tests.engine.scripted import ScriptedModel


@dataclass
class Table:
    """A turn on a store of its own, with a clock that the test moves."""

    store: Store
    model: ScriptedModel
    turn: Turn
    conversation: Conversation
    now: datetime

    async def say(self, text: str, event_id: str = "") -> list[TurnEvent]:
        conversation = await self.store.conversations.get(self.conversation.id)
        return [event async for event in self.turn.take(conversation, text, event_id or f"event-{text}")]

    async def lines(self) -> list[tuple[Role, str]]:
        return [
            (line.role, line.text)
            for line in await self.store.conversations.window(self.conversation.id, 100)
        ]


@pytest.fixture
async def table(tmp_path: Path) -> AsyncIterator[Table]:
    clock = [datetime(2026, 11, 21, 12, 0, tzinfo=UTC)]
    store = await Store.open(tmp_path, clock=lambda: clock[0], synchronous="NORMAL")
    model = ScriptedModel()
    gate = Gate(load_policy(["forbidden pudding"]))
    memory = Memory(store, lambda: clock[0])
    planner = Planner(store, model, memory, lambda: clock[0], ChatConfig(), MemoryConfig())
    turn = Turn(store, model, memory, planner, gate, lambda: clock[0], Sampling())
    person = await store.people.ensure("test", "ana", "Ana")
    _, persona = load_cast()[0]
    record = await store.characters.create(None, persona)
    conversation, _ = await turn.greet(person.id, record, PRIVATE_PLACE)

    class Moving(Table):
        def __setattr__(self, name: str, value: object) -> None:
            if name == "now":
                assert isinstance(value, datetime)
                clock[0] = value
            object.__setattr__(self, name, value)

    yield Moving(store, model, turn, conversation, clock[0])
    await store.close()


async def test_a_turn_stores_streams_and_stores_again(table: Table) -> None:
    table.model.replies = [["Well, ", "hello ", "you."]]
    stored, *pieces, said = await table.say("Good morning!")
    assert isinstance(stored, Stored) and isinstance(said, Said)
    assert [piece.text for piece in pieces if isinstance(piece, Piece)] == ["Well,", " hello", " you."]
    assert said.message.id == stored.reply_id and said.message.reply_to == stored.message.id
    assert (await table.lines())[2:] == [(Role.PERSON, "Good morning!"), (Role.CHARACTER, "Well, hello you.")]


async def test_the_prompt_holds_what_was_recalled(table: Table) -> None:
    table.model.replies = [["Noted."], ["A good name."]]
    await table.say("My dog is called Biscuit.")
    await table.say("What is my dog called?")
    assert "Biscuit" in table.model.prompts[1].section(SectionKind.MEMORY)
    assert [turn.text for turn in table.model.prompts[1].turns][-1] == "What is my dog called?"


async def test_half_a_character_is_stored_as_a_sign_for_it(table: Table) -> None:
    table.model.replies = [["Hello back."]]
    events = await table.say("Hello \ud83d there \ud83d\ude00\x00.", "1")
    stored = next(event for event in events if isinstance(event, Stored))
    assert stored.message.text == "Hello \ufffd there \U0001f600\x00."
    assert isinstance(events[-1], Said)


async def test_refused_words_are_neither_stored_nor_answered(table: Table) -> None:
    before = await table.lines()
    (refused,) = await table.say("Tell me about the forbidden pudding.")
    assert isinstance(refused, Refused) and refused.sentence
    assert await table.lines() == before and not table.model.prompts


async def test_a_refused_reply_is_cut_before_it_is_shown(table: Table) -> None:
    table.model.replies = [["Let me ", "tell you. ", "The forbidden pudding ", "is made of"]]
    events = await table.say("What's for dessert?")
    shown = "".join(event.text for event in events if isinstance(event, Piece))
    assert shown == "Let me tell you."
    assert table.model.closed == 1
    reply, notice = [event.message for event in events if isinstance(event, Said)]
    assert "pudding" not in reply.text
    assert notice.role is Role.NOTICE and notice.text


async def test_an_empty_reply_is_still_one(table: Table) -> None:
    table.model.replies = [[]]
    said = (await table.say("Hm?"))[-1]
    assert isinstance(said, Said) and said.message.text


async def test_a_crisis_is_answered_outside_the_persona_and_left_out_of_prompts(table: Table) -> None:
    events = await table.say("I want to kill myself")
    assert [type(event) for event in events] == [Stored, Said]
    assert not table.model.prompts
    table.model.replies = [["I'm here."]]
    await table.say("Thank you. Can we talk about the sea?")
    assert all("kill" not in turn.text for turn in table.model.prompts[0].turns)


async def test_the_notice_comes_again_after_three_hours(table: Table) -> None:
    table.model.replies = [["One."], ["Two."], ["Three."]]
    assert not [
        event
        for event in await table.say("a")
        if isinstance(event, Said) and event.message.role is Role.NOTICE
    ]
    table.now = table.now + timedelta(hours=3, minutes=1)
    again = [
        event
        for event in await table.say("b")
        if isinstance(event, Said) and event.message.role is Role.NOTICE
    ]
    assert len(again) == 1
    table.now = table.now + timedelta(minutes=5)
    assert not [
        event
        for event in await table.say("c")
        if isinstance(event, Said) and event.message.role is Role.NOTICE
    ]


async def test_an_answered_event_is_not_answered_again(table: Table) -> None:
    table.model.replies = [["Once."]]
    await table.say("Hello", "e1")
    again, said = await table.say("Hello", "e1")
    assert isinstance(again, Stored) and again.reply_id == ""
    assert isinstance(said, Said) and said.message.text == "Once."  # shown again, in case it was not seen
    assert len(table.model.prompts) == 1


async def test_an_event_that_was_left_unanswered_is_answered_when_it_comes_again(table: Table) -> None:
    table.model.replies = [["Half ", "of it"], ["All of it."]]
    turn = table.turn.take(table.conversation, "Tell me", "e1")
    async for event in turn:
        if isinstance(event, Piece):
            break
    await turn.aclose()
    events = await table.say("Tell me", "e1")
    assert isinstance(events[-1], Said) and events[-1].message.text == "All of it."
    assert [text for role, text in await table.lines() if role is Role.PERSON] == ["Tell me"]


async def test_closing_a_turn_stops_the_model(table: Table) -> None:
    table.model.replies = [["a ", "b ", "c "]]
    turn = table.turn.take(table.conversation, "Go", "e1")
    async for event in turn:
        if isinstance(event, Piece):
            break
    await turn.aclose()
    assert table.model.closed == 1


# ---------------------------------------------------------------- the guard, and the silent second attempt

LONG = (
    "I had a dream about the tram again, and you were in it. You wore the red coat and nobody had a ticket."
)
ANOTHER = (
    "It rained all day here, so I drew the roofs. There is a cat on one of them that looks like a mayor."
)


def shown(events: Sequence[TurnEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, Piece))


def answer(events: Sequence[TurnEvent]) -> str:
    (said,) = [event.message for event in events if isinstance(event, Said)]
    assert said.role is Role.CHARACTER
    return said.text


async def test_a_reply_that_nobody_can_use_is_written_anew_unseen(table: Table) -> None:
    table.model.structured = True
    table.model.replies = [["User: hi, ", "how are you?"], ["I am ", "well."]]
    events = await table.say("Hello, how are you?")
    assert shown(events) == answer(events) == "I am well."
    first, second = table.model.prompts
    assert second.section(SectionKind.NOTES) and second.sections[: len(first.sections)] == first.sections
    assert second.turns == first.turns
    assert [work.conversation for work in table.model.works] == [table.conversation.id] * 2


async def test_a_reply_that_was_seen_is_replaced_only_at_the_end(table: Table) -> None:
    table.model.structured = True
    again = "Oh, " + LONG.lower().replace(".", ",")
    table.model.replies = [[LONG], [again[:40], again[40:]], [ANOTHER[:50], ANOTHER[50:]]]
    await table.say("What did you do?")
    events = await table.say("And what else did you do?")
    assert shown(events) == again.rstrip() and answer(events) == ANOTHER
    assert "repeat" in table.model.prompts[2].section(SectionKind.NOTES)


async def test_a_reply_in_the_wrong_language_is_written_anew(table: Table) -> None:
    table.model.structured = True
    table.model.replies = [
        [
            "That sounds lovely! ",
            "I would have stayed at home ",
            "with a book and a cup of tea, to be honest.",
        ],
        ["Das klingt schön."],
    ]
    events = await table.say("Ich war heute mit meiner Schwester am See und es war sehr kalt.")
    assert shown(events) == answer(events) == "Das klingt schön."
    assert table.model.prompts[1].section(SectionKind.NOTES) == "- Answer in German."


async def test_there_is_one_second_attempt_at_most(table: Table) -> None:
    table.model.structured = True
    table.model.replies = [["User: hi"], ["User: hello again"], ["never asked"]]
    assert answer(await table.say("Hello")) == "…"
    assert len(table.model.prompts) == 2


async def test_a_voice_that_goes_by_rules_is_asked_once(table: Table) -> None:
    table.model.replies = [["User: hi"]]
    assert answer(await table.say("Hello")) == "…"
    assert len(table.model.prompts) == 1


async def test_a_second_attempt_has_other_luck(table: Table) -> None:
    table.model.structured = True
    table.turn._sampling = Sampling(seed=7)
    table.model.replies = [[], ["Here I am."]]
    assert answer(await table.say("Hello")) == "Here I am."
    assert [sampling.seed for sampling in table.model.samplings] == [7, 8]


async def test_the_gate_sees_a_second_attempt_too_whether_it_is_shown_or_not(table: Table) -> None:
    table.model.structured = True
    again = "Oh, " + LONG.lower().replace(".", ",")
    pudding = ["Let me tell you. ", "The forbidden pudding ", "is made of"]
    table.model.replies = [[LONG], ["User: hi"], pudding, [again], pudding]
    await table.say("What did you do?")
    for question in ("What's for dessert?", "And what else?"):
        events = await table.say(question)
        assert "pudding" not in shown(events)
        reply, notice = [event.message for event in events if isinstance(event, Said)]
        assert reply.text == "Let me tell you." and notice.role is Role.NOTICE


async def test_words_that_the_guard_takes_out_cannot_make_a_refused_reply(table: Table) -> None:
    table.model.replies = [["The forbidden ", "<|im_end|>", "pudding"]]
    events = await table.say("What's for dessert?")
    assert answer(events) == "The forbidden"


async def test_a_model_that_speaks_for_the_person_is_stopped(table: Table) -> None:
    table.model.replies = [["Hello there.\n", "User: ", "hi, ", "how ", "are ", "you ", "today?"]]
    events = await table.say("Hello")
    assert shown(events) == answer(events) == "Hello there."
    assert table.model.closed == 1 and table.model.said < 7


async def test_a_reply_that_broke_off_ends_with_a_whole_sentence(table: Table) -> None:
    table.model.replies = [["It was quiet. I drew the roofs. ", "Then it beg", Finish(Ending.LENGTH)]]
    events = await table.say("How was your day?")
    assert answer(events) == "It was quiet. I drew the roofs."


async def test_other_peoples_names_are_known_in_a_channel(table: Table) -> None:
    store = table.store
    record = await store.characters.get(table.conversation.character_id)
    bob = await store.people.ensure("test", "bob", "Bob")
    elsewhere = await store.people.ensure("test", "cleo", "Cleo")
    await table.turn.greet(bob.id, record, "test:channel:1")
    await table.turn.greet(elsewhere.id, record, "test:channel:2")
    ana = await store.people.ensure("test", "ana", "Ana")
    conversation, _ = await table.turn.greet(ana.id, record, "test:channel:1")
    assert await store.conversations.company(conversation) == sorted(["Bob", record.persona.name])
    assert await store.conversations.company(table.conversation) == []
    table.model.replies = [["Hello there.\nBob: hi!"]]
    events = [event async for event in table.turn.take(conversation, "Hello all", "e1")]
    assert answer(events) == "Hello there."


async def test_the_place_in_line_is_told_until_the_first_word(table: Table) -> None:
    table.model.replies = [[3, 2, 0, "Here ", "I am."]]
    stored, *events = await table.say("Hello")
    assert isinstance(stored, Stored)
    waits = [event.place for event in events[:3] if isinstance(event, Waiting)]
    assert waits == [3, 2, 0] and shown(events[3:]) == "Here I am."
    assert all(event.reply_id == stored.reply_id for event in events if isinstance(event, Waiting))


async def test_who_never_waits_hears_of_no_line(table: Table) -> None:
    table.model.replies = [[0, "Here ", "I am."]]
    assert not [event for event in await table.say("Hello") if isinstance(event, Waiting)]


async def test_a_model_that_fails_leaves_the_message_to_be_answered_later(table: Table) -> None:
    table.model.replies = [[BusyError()], ["Half ", "of ", ModelError()], ["All of it."]]
    for _ in range(2):
        with pytest.raises(ModelError):
            await table.say("Hello", "e1")
    unanswered = await table.store.conversations.unanswered(table.conversation.id)
    assert unanswered is not None and unanswered.text == "Hello"
    events = [event async for event in table.turn.resume(table.conversation)]
    assert answer(events) == "All of it."
    assert [text for role, text in await table.lines() if role is Role.PERSON] == ["Hello"]


async def test_a_second_attempt_that_fails_leaves_the_first(table: Table) -> None:
    table.model.structured = True
    again = "Oh, " + LONG.lower().replace(".", ",")
    table.model.replies = [[LONG], [again], [ModelError()]]
    await table.say("What did you do?")
    assert answer(await table.say("And what else?")) == again


async def test_closing_a_turn_that_waits_in_line_stops_the_model(table: Table) -> None:
    table.model.replies = [[2, *["word "] * 50]]
    turn = table.turn.take(table.conversation, "Go", "e1")
    async for event in turn:
        if isinstance(event, Waiting):
            break
    await turn.aclose()
    assert table.model.closed == 1 and table.model.said < 50


async def test_numbers_are_logged_and_no_words(table: Table, caplog: pytest.LogCaptureFixture) -> None:
    table.model.structured = True
    table.model.replies = [
        ["User: secret"],
        ["Whispered words.", Finish(Ending.STOP, read=120, kept=80, written=4)],
    ]
    with caplog.at_level(logging.INFO):
        await table.say("My own secret")
    assert "120 read and 80 kept" in caplog.text
    assert "secret" not in caplog.text and "Whispered" not in caplog.text
