"""engine/turn.py with a scripted model at the port: the gates, their order, notices, and what is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from characters.cast import load_cast
from engine.chat.planner import Planner
from engine.config import ChatConfig, MemoryConfig
from engine.memory.recall import Memory
from engine.models.port import Prompt, Sampling, SectionKind, Work
from engine.safety.policy import load_policy
from engine.safety.text import Gate
from engine.store.store import Store
from engine.turn import Piece, Refused, Said, Stored, Turn, TurnEvent
from engine.types import PRIVATE_PLACE, Conversation, Role

NOBODYS = Work()


@dataclass
class ScriptedModel:
    """Says what it is told to, in pieces, and remembers what it was given."""

    replies: list[Sequence[str]] = field(default_factory=list)
    prompts: list[Prompt] = field(default_factory=list)
    name: str = "scripted"
    context_tokens: int = 4096
    structured: bool = False
    closed: int = 0

    def count_tokens(self, text: str) -> int:
        return len(text) // 4 + 1

    def prompt_tokens(self, prompt: Prompt) -> int:
        texts = (*(section.text for section in prompt.sections), *(turn.text for turn in prompt.turns))
        return sum(self.count_tokens(text) for text in texts)

    async def forget(self, conversations: Collection[str]) -> None:
        raise AssertionError("nobody is forgotten here")

    async def stream(self, prompt: Prompt, sampling: Sampling, work: Work = NOBODYS) -> AsyncIterator[str]:
        self.prompts.append(prompt)
        try:
            for piece in self.replies.pop(0):
                yield piece
        finally:
            self.closed += 1


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
    turn = Turn(store, model, memory, planner, gate, lambda: clock[0], ChatConfig())
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
    assert [piece.text for piece in pieces if isinstance(piece, Piece)] == ["Well, ", "hello ", "you."]
    assert said.message.id == stored.reply_id and said.message.reply_to == stored.message.id
    assert (await table.lines())[2:] == [(Role.PERSON, "Good morning!"), (Role.CHARACTER, "Well, hello you.")]


async def test_the_prompt_holds_what_was_recalled(table: Table) -> None:
    table.model.replies = [["Noted."], ["A good name."]]
    await table.say("My dog is called Biscuit.")
    await table.say("What is my dog called?")
    assert "Biscuit" in table.model.prompts[1].section(SectionKind.MEMORY)
    assert [turn.text for turn in table.model.prompts[1].turns][-1] == "What is my dog called?"


async def test_refused_words_are_neither_stored_nor_answered(table: Table) -> None:
    before = await table.lines()
    (refused,) = await table.say("Tell me about the forbidden pudding.")
    assert isinstance(refused, Refused) and refused.sentence
    assert await table.lines() == before and not table.model.prompts


async def test_a_refused_reply_is_cut_before_it_is_shown(table: Table) -> None:
    table.model.replies = [["Let me ", "tell you. ", "The forbidden pudding ", "is made of"]]
    events = await table.say("What's for dessert?")
    shown = "".join(event.text for event in events if isinstance(event, Piece))
    assert shown == "Let me tell you. "
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
