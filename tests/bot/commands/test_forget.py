"""“Forget that” in plain words, through the open house: what goes, what is asked first, and what is only talk."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.messages import Confirm, Inbound, Outbound, Replied, Started, Text
from engine.types import CUT, FORGOTTEN, Role
from tests.bot.conftest import Guest, Recorder, opened
from tests.engine.memory.leftovers import files_with

SECRET = "Zorblaxine"


@pytest.fixture
async def talking(guest: Guest) -> AsyncIterator[Guest]:
    await guest.talk()
    yield guest


async def known(guest: Guest) -> list[str]:
    conversation = await guest.house.engine.conversations.get(guest.origin.conversation_id)
    facts = await guest.house.engine.memories.known(
        conversation.person_id, conversation.character_id, conversation.place
    )
    return [fact.text for fact in facts]


async def said(guest: Guest) -> list[str]:
    return [line.text for line in (await guest.talk()).messages if line.role is Role.PERSON]


async def click(guest: Guest, shown: Outbound) -> tuple[Outbound, ...]:
    assert isinstance(shown, Confirm), shown
    return await guest.call(shown.confirm.call.name, **shown.confirm.call.options)


@pytest.mark.parametrize(
    "wish",
    [
        "forget that",
        "Please forget what I just said.",
        f"please forget that my dog is called {SECRET}",
        "forget what I said about my dog",
        "vergiss das",
        "olvida eso",
        "oublie ça",
        "esquece isso",
    ],
)
async def test_one_thing_is_forgotten_at_once(talking: Guest, tmp_path: Path, wish: str) -> None:
    await talking.say("I live in Lyon.")
    await talking.say(f"My dog is called {SECRET}.")
    (text,) = await talking.say(wish)
    assert text == Text(f"Forgotten: Your dog is called {SECRET}.")
    assert await known(talking) == ["You live in Lyon."]
    assert await said(talking) == ["I live in Lyon.", FORGOTTEN]
    assert files_with(tmp_path, SECRET) == []


async def test_several_things_are_asked_about(talking: Guest, tmp_path: Path) -> None:
    await talking.say(f"My dog is called {SECRET}. I live in Quxhaven.")
    (question,) = await talking.say("forget that")
    assert isinstance(question, Confirm) and "2 things" in question.question
    assert len(await known(talking)) == 2
    await talking.say("I love jazz.")  # by now something else was said last
    done = await click(talking, question)
    assert isinstance(done[0], Text) and done[0].text.startswith("Forgotten: ")
    assert await known(talking) == ["You love jazz."]
    assert files_with(tmp_path, SECRET, "Quxhaven") == []


async def test_what_is_said_on_the_way_is_answered_and_asked_about(talking: Guest) -> None:
    await talking.say(f"My dog is called {SECRET}.")
    shown = await talking.say("Forget that, let's dance!")
    assert isinstance(shown[0], Started) and isinstance(shown[-2], Replied)
    assert await known(talking) == [f"Your dog is called {SECRET}."]
    await click(talking, shown[-1])
    assert await known(talking) == []
    assert await said(talking) == [FORGOTTEN, "Forget that, let's dance!"]


@pytest.mark.parametrize(
    "words",
    ["Forget that, let's dance!", "forget it", "please forget that we ever met", "Never forget that."],
)
async def test_what_may_be_a_story_deletes_nothing(talking: Guest, words: str) -> None:
    await talking.say("What a lovely evening, isn't it?")
    shown = await talking.say(words)
    assert isinstance(shown[-1], Replied)
    assert await said(talking) == ["What a lovely evening, isn't it?", words]


async def test_a_line_that_told_nothing_is_asked_about(talking: Guest, tmp_path: Path) -> None:
    await talking.say(f"Hm, {SECRET} over there looked at us.")
    (question,) = await talking.say("forget that")
    assert isinstance(question, Confirm) and SECRET in question.question
    await click(talking, question)
    assert await said(talking) == [FORGOTTEN]
    assert files_with(tmp_path, SECRET) == []


async def test_what_was_only_mentioned_is_asked_about(talking: Guest, tmp_path: Path) -> None:
    await talking.say(f"Hm, {SECRET} over there looked at us. It was late.")
    await talking.say("And then the rain came.")
    (question,) = await talking.say(f"forget what I said about {SECRET}")
    await click(talking, question)
    assert (await said(talking))[0] == f"{CUT} It was late."
    assert files_with(tmp_path, SECRET) == []


async def test_somebody_who_is_to_be_forgotten_is_asked_about(talking: Guest) -> None:
    await talking.say(f"My brother is called {SECRET}.")
    (question,) = await talking.say("Forget my brother.")
    assert isinstance(question, Confirm)
    assert await known(talking) == [f"Your brother is called {SECRET}."]


async def test_a_memory_that_others_hang_on_is_asked_about(talking: Guest) -> None:
    await talking.say(f"My dog is called {SECRET}.")
    await talking.say(f"Remember that {SECRET} needs his pills.")
    conversation = await talking.house.engine.conversations.get(talking.origin.conversation_id)
    facts = await talking.house.engine.memories.known(
        conversation.person_id, conversation.character_id, conversation.place
    )
    name = next(fact for fact in facts if fact.relation == "name")
    (question,) = await talking.call("forget", fact=name.id)
    assert isinstance(question, Confirm) and "2 things" in question.question
    await click(talking, question)
    assert await known(talking) == []


async def test_a_messengers_event_is_handled_once_and_leaves_no_word(tmp_path: Path) -> None:
    """Its words were written down before it was confirmed; if it came again, "that" would mean something else."""
    async with opened(tmp_path) as guest:
        recorder = Recorder()
        guest = replace(guest, origin=replace(guest.origin, channel="den"))
        await guest.call("talk", character="noor")

        async def hear(words: str, event_id: str = "") -> None:
            seen = len(recorder.shown)
            event = Inbound(guest.origin, event_id or uuid.uuid4().hex, text=words)
            await guest.house.router.accept(event)
            await recorder.until(
                lambda: any(isinstance(one, (Replied, Text)) for one in recorder.shown[seen:])
            )

        async with guest.house.router.running({recorder.name: recorder}):
            await hear("I live in Lyon.")
            await hear(f"My dog is called {SECRET}.")
            await hear(f"please forget that my dog is called {SECRET}", "e-wish")
            assert recorder.shown[-1] == Text(f"Forgotten: Your dog is called {SECRET}.")
            assert files_with(tmp_path, SECRET) == []
            await asyncio.sleep(0)
        assert await guest.house.engine.inbox.waiting() == []
        assert files_with(tmp_path, SECRET) == []
