"""Memory on the real store: learning, recalling, forgetting, and never telling anybody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.store.store import Store
from engine.types import CUT, FORGOTTEN, PRIVATE_PLACE, Fact, Role
from tests.engine.memory import talk as talks
from tests.engine.memory.talk import Clock


@dataclass
class Talk(talks.Talk):
    """A conversation and what comes to mind in it."""

    async def facts(self, text: str = "hello") -> list[str]:
        recalled = await self.memory.recall(self.conversation, text, window_ids=[], limit=6)
        return [fact.text for fact in recalled.facts]

    async def earlier(self, text: str, window_ids: tuple[str, ...] = (), limit: int = 6) -> list[str]:
        recalled = await self.memory.recall(self.conversation, text, window_ids=window_ids, limit=limit)
        return [message.text for message in recalled.earlier]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path, clock=Clock(), synchronous="NORMAL")
    yield opened
    await opened.close()


async def talk_of(store: Store, account: str = "sam", place: str = PRIVATE_PLACE, name: str = "Maya") -> Talk:
    begun = await talks.talk_of(store, Clock(), account=account, place=place, name=name)
    return Talk(begun.store, begun.clock, begun.memory, begun.conversation)


async def test_a_fact_keeps_its_source(store: Store) -> None:
    talk = await talk_of(store)
    said = await talk.say("Hi! My dog is called Biscuit.")
    recalled = await talk.memory.recall(talk.conversation, "what's my dog called?", window_ids=[], limit=6)
    (fact,) = recalled.facts
    assert fact.source_message_id == said.id
    assert fact.source_text == "My dog is called Biscuit"
    assert fact.said_at == said.created_at


async def test_only_the_person_teaches(store: Store) -> None:
    talk = await talk_of(store)
    await talk.say("My dog is called Rex.", Role.CHARACTER)
    assert await talk.facts() == []


async def test_a_correction_takes_the_place_of_the_older_fact(store: Store) -> None:
    talk = await talk_of(store)
    await talk.say("My dog is called Biscuit.")
    await talk.say("No, my dog is called Rex.")
    assert await talk.facts("my dog") == ["Your dog is called Rex."]


async def test_the_name_comes_first_and_what_matters_next(store: Store) -> None:
    talk = await talk_of(store)
    await talk.say("My name is Sam.")
    await talk.say("I have a cat named Mimi.")
    for taste in "jazz tea chess rain trains maps soup".split():
        await talk.say(f"I love {taste}.")
    facts = await talk.facts("do you remember my pet?")
    assert facts[:2] == ["Your name is Sam.", "Your cat is called Mimi."]


async def test_everything_is_recalled_when_asked_for(store: Store) -> None:
    talk = await talk_of(store)
    for taste in "jazz tea chess rain trains maps soup bread ferns glass".split():
        await talk.say(f"I love {taste}.")
    assert len(await talk.facts("what do you know about me?")) == 10


async def test_earlier_turns_come_by_words_with_the_turns_beside_them(store: Store) -> None:
    talk = await talk_of(store)
    await talk.say("What did you do on Sunday?", Role.CHARACTER)
    await talk.say("We took the ferry to the lighthouse and it broke down halfway.")
    for number in range(30):
        await talk.say(f"Small talk number {number}.")
    earlier = await talk.earlier("remember the lighthouse?")
    assert earlier[:3] == [
        "What did you do on Sunday?",
        "We took the ferry to the lighthouse and it broke down halfway.",
        "Small talk number 0.",
    ]
    assert "Small talk number 9." not in earlier


async def test_earlier_turns_are_from_before_the_window_and_few(store: Store) -> None:
    talk = await talk_of(store)
    said = [await talk.say(f"The lighthouse, part {number}.") for number in range(12)]
    window = tuple(message.id for message in said[6:])
    earlier = await talk.earlier("lighthouse", window, limit=3)
    assert len(earlier) == 3
    assert not set(earlier) & {message.text for message in said[6:]}


async def test_stop_words_alone_recall_nothing(store: Store) -> None:
    talk = await talk_of(store)
    await talk.say("It is what it is, and so it goes.")
    assert await talk.earlier("what is it and so on") == []


@pytest.mark.parametrize(
    "query",
    ["my dog", "everything about my dog", "Biscuit", "the name of my dog", "that my dog is called Biscuit"],
)
async def test_forgetting_cuts_the_source_and_what_repeats_it(store: Store, query: str) -> None:
    talk = await talk_of(store)
    await talk.say("My dog is called Biscuit.")
    await talk.say("Biscuit! What a name.", Role.CHARACTER)
    await talk.say("My cat is called Mimi.")
    assert await talk.forget(query) == ["Your dog is called Biscuit."]
    assert await talk.facts("dog") == ["Your cat is called Mimi."]
    assert await talk.earlier("Biscuit the dog") == []
    window = await store.conversations.window(talk.conversation.id, 10)
    assert [(message.text, message.in_prompt) for message in window] == [
        (FORGOTTEN, False),
        (f"{CUT} What a name.", True),
        ("My cat is called Mimi.", True),
    ]


async def test_forgetting_takes_what_was_superseded_along(store: Store) -> None:
    talk = await talk_of(store)
    await talk.say("I live in Hamburg.")
    await talk.say("Actually I live in Bonn now.")
    assert await talk.forget("where I live") == ["You live in Bonn."]
    assert await talk.earlier("Hamburg Bonn") == []


async def test_forgetting_what_was_never_said_forgets_nothing(store: Store) -> None:
    talk = await talk_of(store)
    await talk.say("My dog is called Biscuit.")
    assert await talk.forget("my sister") == []
    assert await talk.forget("") == []
    assert await talk.forget("my") == []
    assert await talk.facts() == ["Your dog is called Biscuit."]


async def test_forgetting_everything(store: Store) -> None:
    talk = await talk_of(store)
    await talk.say("I'm Sam, I live in Hamburg and I love jazz.")
    assert len(await talk.forget("everything")) == 3
    assert await talk.facts() == []


async def test_one_persons_words_never_reach_another(store: Store) -> None:
    """The same words, said to the same character: another person, another place, another character know nothing."""
    mine = await talk_of(store)
    await mine.say("My dog is called Biscuit and the lighthouse code is kelp-nine.")
    await mine.say("My dog is called Biscuit.")
    others = [
        await talk_of(store, account="eve"),
        await talk_of(store, place="discord:guild:1:channel:2"),
        await talk_of(store, name="Noor"),
    ]
    for other in others:
        await other.say("Tell me about the weather.")
        assert await other.facts("what is my dog Biscuit called? what do you know about me?") == []
        assert await other.earlier("dog Biscuit lighthouse code kelp-nine") == []
        assert await other.forget("my dog") == []
        assert await other.forget("everything") == []
    assert await mine.facts("my dog") == ["Your dog is called Biscuit."]
    window = await store.conversations.window(mine.conversation.id, 10)
    assert all(message.in_prompt for message in window)


async def test_learning_the_same_message_twice_stores_it_once(store: Store) -> None:
    talk = await talk_of(store)
    said = await talk.say("I love jazz.")
    again: list[Fact] = list(await talk.memory.learn(talk.conversation, said))
    assert len(again) == 1
    assert await talk.facts() == ["You love jazz."]
