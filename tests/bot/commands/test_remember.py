"""What is told outright, and what is corrected, through the open house."""

from __future__ import annotations

import pytest

from bot.messages import Memories, Text, Tone
from engine.memory.tell import LONGEST, TOO_LONG
from engine.types import Fact
from tests.bot.conftest import Guest


async def known(guest: Guest, *, every: bool = False) -> list[Fact]:
    conversation = await guest.house.engine.conversations.get(guest.origin.conversation_id)
    scope = conversation.person_id, conversation.character_id, conversation.place
    return await guest.house.engine.memories.known(*scope, include_superseded=every)


@pytest.mark.parametrize(
    ("words", "fact", "source"),
    [
        ("my sister is called Ana", "Your sister is called Ana.", "my sister is called Ana"),
        ("remember that I live in Lyon", "You live in Lyon.", "I live in Lyon"),
        (
            "The spare key is under the pot.",
            "You asked to remember: The spare key is under the pot.",
            "The spare key is under the pot.",
        ),
    ],
)
async def test_it_is_told_and_listed(guest: Guest, words: str, fact: str, source: str) -> None:
    await guest.talk()
    said, shown = await guest.call("remember", what=words)
    assert isinstance(said, Text) and said.text.endswith(f"will remember: {fact}")
    assert isinstance(shown, Memories)
    assert [view.text for _, facts in shown.topics for view in facts] == [fact]
    assert [view.source_text for _, facts in shown.topics for view in facts] == [source]


@pytest.mark.parametrize(
    ("words", "fact"),
    [
        ("Max", "Your dog is called Max."),
        ("My dog is called Max now.", "Your dog is called Max."),
        ("That was never my dog, it belongs to a friend", "That was never my dog, it belongs to a friend."),
    ],
)
async def test_a_correction_takes_its_place(guest: Guest, words: str, fact: str) -> None:
    await guest.talk()
    await guest.say("My dog is called Biscuit.")
    (old,) = await known(guest)
    said, shown = await guest.call("remember", fact=old.id, what=words)
    assert said == Text(f"Corrected: {fact}")
    assert isinstance(shown, Memories)
    ((_, (view,)),) = shown.topics
    assert (view.text, view.superseded_text) == (fact, "Your dog is called Biscuit.")
    assert {one.text for one in await known(guest, every=True)} == {fact, "Your dog is called Biscuit."}


async def test_what_is_not_taken_changes_nothing(guest: Guest) -> None:
    await guest.talk()
    (text,) = await guest.call("remember", what="a" * (LONGEST + 1))
    assert isinstance(text, Text) and (text.tone, text.text) == (Tone.ERROR, TOO_LONG)
    (text,) = await guest.call("remember", what="She is fifteen and we have sex")
    assert isinstance(text, Text) and text.tone is Tone.ERROR
    assert await known(guest) == []


async def test_nobody_corrects_what_is_anothers(guest: Guest) -> None:
    await guest.talk()
    (text,) = await guest.call("remember", fact="fact-of-somebody", what="Max")
    assert isinstance(text, Text) and text.tone is Tone.ERROR


async def test_what_holds_no_longer_stays_readable(guest: Guest) -> None:
    await guest.talk()
    await guest.say("I work at Siemens. I live in Lyon.")
    await guest.say("I don't work at Siemens any more.")
    (shown,) = await guest.call("memory")
    assert isinstance(shown, Memories)
    told = {topic: [view.text for view in facts] for topic, facts in shown.topics}
    assert told["places"] == ["You live in Lyon."]
    ((text,),) = [facts for topic, facts in told.items() if topic == "no longer"]
    assert text.startswith("You work at Siemens. (until ")
    assert list(told)[-1] == "no longer" and "work" not in told


async def test_what_is_told_to_be_over_is_listed_as_that(guest: Guest) -> None:
    await guest.talk()
    await guest.say("I work at Siemens.")
    said, shown = await guest.call("remember", what="I don't work at Siemens any more")
    assert said == Text("No longer so: You work at Siemens.")
    assert isinstance(shown, Memories) and [topic for topic, _ in shown.topics] == ["no longer"]


async def test_a_death_is_remembered_and_the_life_is_over(guest: Guest) -> None:
    await guest.talk()
    await guest.say("My dog loves cheese.")
    said, _ = await guest.call("remember", what="my dog died")
    assert isinstance(said, Text)
    assert said.text.endswith("will remember: Your dog has died. No longer so: Your dog loves cheese.")


async def test_a_corrected_memory_that_is_over_is_closed(guest: Guest) -> None:
    await guest.talk()
    await guest.say("I work at Siemens.")
    (work,) = await known(guest)
    said, _ = await guest.call("remember", fact=work.id, what="I no longer work at Siemens")
    assert said == Text("No longer so: You work at Siemens.")
    assert await known(guest) == []
