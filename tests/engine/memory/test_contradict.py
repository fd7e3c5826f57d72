"""Contradictions: noticed without a word of change, asked about once, settled by the answer, and the newer counts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from characters.character import Persona
from engine.memory.contradict import Contradictions
from engine.memory.recall import Memory
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, Conversation, Message, Role


class Clock:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Talk:
    """One conversation, said line by line."""

    store: Store
    clock: Clock
    conversation: Conversation

    async def says(self, text: str) -> Message:
        """The person says something, and it is learned."""
        message = await self.store.conversations.append(self.conversation.id, Role.PERSON, text)
        await Memory(self.store, self.clock).learn(self.conversation, message)
        return message

    async def answers(self, text: str) -> None:
        await self.store.conversations.append(self.conversation.id, Role.CHARACTER, text)

    async def doubts(self, said: Message | None = None) -> Sequence[tuple[str, str]]:
        window = await self.store.conversations.window(self.conversation.id, 20)
        said = said or window[-1]
        before = [message for message in window if message.id != said.id]
        talk = self.conversation
        scope = talk.person_id, talk.character_id, talk.place
        known = await self.store.memories.known(*scope, include_superseded=True)
        found = await Contradictions(self.store, self.clock).doubts(known, said, before)
        return [(doubt.older.value, doubt.newer.value) for doubt in found]

    async def knows(self, relation: str) -> list[str]:
        talk = self.conversation
        known = await self.store.memories.known(talk.person_id, talk.character_id, talk.place)
        return [fact.value for fact in known if fact.relation == relation]


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    clock = Clock()
    store = await Store.open(tmp_path, clock=clock, synchronous="NORMAL")
    person = await store.people.ensure("web", "1", "Ann")
    maya = await store.characters.create(None, Persona("Maya"))
    yield Talk(store, clock, await store.conversations.open(person.id, maya.id, PRIVATE_PLACE))
    await store.close()


async def test_what_contradicts_is_unsure_and_the_newer_counts(talk: Talk) -> None:
    await talk.says("I live in Lyon.")
    assert await talk.doubts() == []
    await talk.says("I live in Porto.")
    assert await talk.doubts() == [("Lyon", "Porto")]
    assert await talk.knows("lives in") == ["Porto"]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("I live in Lyon.", "I moved to Porto, I live in Porto."),
        ("I live in Lyon.", "I live in Porto now."),
        ("I live in Lyon.", "Actually I live in Porto."),
        ("Ich wohne in Lyon.", "Ich wohne jetzt in Porto."),
        ("Vivo en Lyon.", "Ahora vivo en Porto."),
        ("J'habite à Lyon.", "J'habite à Porto depuis mai."),
        ("I live in France.", "I live in Lyon."),
        ("I live in Lyon.", "I live in Lyon, France."),
        ("I work as a nurse.", "I work as a night nurse."),
        ("I am 34 years old.", "I am 35 years old."),
        ("I like tea.", "I like coffee."),
    ],
)
async def test_what_changed_or_fits_is_no_contradiction(talk: Talk, first: str, then: str) -> None:
    await talk.says(first)
    await talk.says(then)
    assert await talk.doubts() == []


async def test_what_was_said_long_ago_has_changed(talk: Talk) -> None:
    await talk.says("I work as a nurse.")
    talk.clock.now += timedelta(days=200)
    await talk.says("I work as a baker.")
    assert await talk.doubts() == []


async def test_a_birthday_does_not_change(talk: Talk) -> None:
    await talk.says("My birthday is on 3 May.")
    talk.clock.now += timedelta(days=200)
    await talk.says("My birthday is on 4 June.")
    assert await talk.doubts() == [("3 May", "4 June")]


async def test_it_is_asked_once_and_let_go_when_nobody_answers(talk: Talk) -> None:
    await talk.says("I live in Lyon.")
    await talk.says("I live in Porto.")
    await talk.answers("Wait: is it Lyon or Porto?")
    said = await talk.says("Look, a rainbow!")
    assert await talk.doubts(said) == []
    assert await talk.doubts(await talk.says("Where do I live?")) == [("Lyon", "Porto")]
    talk.clock.now += timedelta(days=31)
    assert await talk.doubts(await talk.says("Hello again.")) == []


@pytest.mark.parametrize(
    ("answer", "home"),
    [
        ("Porto.", "Porto"),
        ("Lyon, Porto was a joke", "Lyon"),
        ("No, Lyon.", "Lyon"),
        ("I don't live in Lyon but in Porto", "Porto"),
        ("Nicht in Porto, sondern in Lyon.", "Lyon"),
        ("Lyon and Porto", None),  # nothing is settled by it
        ("Is it Lyon?", None),
        ("Lyon of course!", "Lyon"),
        ("not Porto", "Lyon"),
        ("I live in Lyon.", "Lyon"),
    ],
)
async def test_the_answer_settles_it(talk: Talk, answer: str, home: str | None) -> None:
    await talk.says("I live in Lyon.")
    await talk.says("I live in Porto.")
    await talk.answers("Wait: is it Lyon or Porto?")
    said = await talk.says(answer)
    assert await talk.doubts(said) == [] or answer.endswith("?")
    assert await talk.knows("lives in") == [home or "Porto"]
    # Once settled, it is not unsure in another talk either, where nobody has asked.
    for number in range(20):
        await talk.answers(f"Line {number}.")
    assert await talk.doubts(await talk.says("Good morning.")) == ([] if home else [("Lyon", "Porto")])


async def test_what_was_said_by_others_is_no_contradiction(talk: Talk) -> None:
    """Another person's home is nobody else's."""
    await talk.says("I live in Lyon.")
    other = await talk.store.people.ensure("web", "2", "Bo")
    theirs = await talk.store.conversations.open(other.id, talk.conversation.character_id, PRIVATE_PLACE)
    bo = Talk(talk.store, talk.clock, theirs)
    await bo.says("I live in Porto.")
    assert await bo.doubts() == [] and await talk.doubts() == []
