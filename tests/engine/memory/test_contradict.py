"""Contradictions: noticed without a word of change, asked about once, settled by the answer, and the newer counts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from engine.memory.contradict import Contradictions
from engine.types import Message, Role
from tests.engine.memory.talk import Talk, talk_of, talking


async def doubts(talk: Talk, said: Message | None = None) -> Sequence[tuple[str, str]]:
    """What is unsure after what was said, or after the last line."""
    window = await talk.store.conversations.window(talk.conversation.id, 20)
    said = said or window[-1]
    before = [message for message in window if message.id != said.id]
    found = await Contradictions(talk.store, talk.clock).doubts(await talk.known(ever=True), said, before)
    return [(doubt.older.value, doubt.newer.value) for doubt in found]


async def values(talk: Talk, relation: str) -> list[str]:
    return [fact.value for fact in await talk.known() if fact.relation == relation]


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path) as talk:
        yield talk


async def test_what_contradicts_is_unsure_and_the_newer_counts(talk: Talk) -> None:
    await talk.say("I live in Lyon.")
    assert await doubts(talk) == []
    await talk.say("I live in Porto.")
    assert await doubts(talk) == [("Lyon", "Porto")]
    assert await values(talk, "lives in") == ["Porto"]


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
    await talk.say(first)
    await talk.say(then)
    assert await doubts(talk) == []


async def test_what_was_said_long_ago_has_changed(talk: Talk) -> None:
    await talk.say("I work as a nurse.")
    talk.clock.now += timedelta(days=200)
    await talk.say("I work as a baker.")
    assert await doubts(talk) == []


async def test_a_birthday_does_not_change(talk: Talk) -> None:
    await talk.say("My birthday is on 3 May.")
    talk.clock.now += timedelta(days=200)
    await talk.say("My birthday is on 4 June.")
    assert await doubts(talk) == [("3 May", "4 June")]


async def test_it_is_asked_once_and_let_go_when_nobody_answers(talk: Talk) -> None:
    await talk.say("I live in Lyon.")
    await talk.say("I live in Porto.")
    await talk.say("Wait: is it Lyon or Porto?", Role.CHARACTER)
    said = await talk.say("Look, a rainbow!")
    assert await doubts(talk, said) == []
    assert await doubts(talk, await talk.say("Where do I live?")) == [("Lyon", "Porto")]
    talk.clock.now += timedelta(days=31)
    assert await doubts(talk, await talk.say("Hello again.")) == []


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
    await talk.say("I live in Lyon.")
    await talk.say("I live in Porto.")
    await talk.say("Wait: is it Lyon or Porto?", Role.CHARACTER)
    said = await talk.say(answer)
    assert await doubts(talk, said) == [] or answer.endswith("?")
    assert await values(talk, "lives in") == [home or "Porto"]
    # Once settled, it is not unsure in another talk either, where nobody has asked.
    for number in range(20):
        await talk.say(f"Line {number}.", Role.CHARACTER)
    assert await doubts(talk, await talk.say("Good morning.")) == ([] if home else [("Lyon", "Porto")])


async def test_what_was_said_by_others_is_no_contradiction(talk: Talk) -> None:
    """Another person's home is nobody else's."""
    await talk.say("I live in Lyon.")
    bo = await talk_of(talk.store, talk.clock, account="bo")
    await bo.say("I live in Porto.")
    assert await doubts(bo) == [] and await doubts(talk) == []
