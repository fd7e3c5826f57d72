"""bot/commands/chat.py on the real engine: what is said, what is stored, what a crash leaves."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import open_house
from bot.commands.command import MESSAGE_LENGTH
from bot.messages import Delta, Inbound, Origin, Replied, Started, Text, Tone, Waiting
from engine.errors import BusyError
from engine.types import Role
from tests.bot.conftest import SETTINGS, Guest, Recorder, opened
from tests.engine.scripted import ScriptedModel


async def test_the_first_contact_says_that_this_is_an_ai(guest: Guest) -> None:
    chat = await guest.talk()
    notice, greeting = chat.messages
    assert notice.role is Role.NOTICE and "AI" in notice.text
    assert greeting.role is Role.CHARACTER and greeting.text
    again = await guest.talk()
    assert [message.id for message in again.messages] == [notice.id, greeting.id]


async def test_words_are_stored_streamed_and_answered(guest: Guest) -> None:
    await guest.talk()
    shown = await guest.say("Hello! My dog is called Biscuit.")
    started, *pieces, replied = shown
    assert isinstance(started, Started) and started.message.text == "Hello! My dog is called Biscuit."
    assert pieces and all(isinstance(piece, Delta) for piece in pieces)
    assert isinstance(replied, Replied)
    assert replied.message.id == started.reply_id
    assert (
        "".join(piece.text for piece in pieces if isinstance(piece, Delta)).strip()
        == replied.message.text.strip()
    )


async def test_what_was_told_is_known_later(guest: Guest) -> None:
    await guest.talk()
    await guest.say("My dog is called Biscuit.")
    for words in ("I had pasta for lunch.", "It rained all day here.", "I went for a run by the river."):
        await guest.say(words)
    replied = (await guest.say("What is my dog called?"))[-1]
    assert isinstance(replied, Replied) and "biscuit" in replied.message.text.casefold()


async def test_one_character_does_not_know_what_another_was_told(guest: Guest) -> None:
    await guest.talk("noor")
    await guest.say("My dog is called Biscuit.")
    await guest.talk("tomasz")
    replied = (await guest.say("What is my dog called?"))[-1]
    assert isinstance(replied, Replied) and "Biscuit" not in replied.message.text


async def test_one_person_does_not_hear_of_another(guest: Guest) -> None:
    await guest.talk()
    await guest.say("My dog is called Biscuit.")
    other = await guest.another("bo")
    await other.talk()
    replied = (await other.say("What is my dog called?"))[-1]
    assert isinstance(replied, Replied) and "Biscuit" not in replied.message.text
    stolen = replace(other, origin=replace(other.origin, conversation_id=guest.origin.conversation_id))
    (refused,) = await stolen.say("hello")
    assert isinstance(refused, Text) and refused.tone is Tone.ERROR


async def test_the_same_event_is_stored_and_answered_once(guest: Guest) -> None:
    await guest.talk()
    await guest.say("Good evening.", event_id="e1")
    again = await guest.say("Good evening.", event_id="e1")
    assert isinstance(again[0], Started)
    chat = await guest.talk()
    assert [message.role for message in chat.messages] == [
        Role.NOTICE,
        Role.CHARACTER,
        Role.PERSON,
        Role.CHARACTER,
    ]


@pytest.mark.parametrize(
    "words",
    [
        "🦊🦊🦊",
        "שלום, מה שלומך?",
        "H̸̡̪̯ͨ͊̽̅̾̎ẽ̛ ̂c̵o̷m̵e̵s̷",
        "<script>alert(1)</script>",
        "x" * MESSAGE_LENGTH,
        "?",
        "ok",
        "\u200b\u200bhm",
    ],
)
async def test_odd_words_are_answered_and_kept_as_they_are(guest: Guest, words: str) -> None:
    await guest.talk()
    shown = await guest.say(words)
    assert isinstance(shown[0], Started) and shown[0].message.text == words.strip()
    assert isinstance(shown[-1], Replied) and shown[-1].message.text


@pytest.mark.parametrize(
    ("words", "said"), [("", "nothing in that message"), ("   \n", "nothing"), ("x" * 100_000, "100000")]
)
async def test_unusable_words_are_explained_and_nothing_is_stored(
    guest: Guest, words: str, said: str
) -> None:
    before = await guest.talk()
    (text,) = await guest.say(words)
    assert isinstance(text, Text) and text.tone is Tone.ERROR and said in text.text
    assert (await guest.talk()).messages == before.messages


async def test_a_mistyped_command_is_explained(guest: Guest) -> None:
    await guest.talk()
    (text,) = await guest.say("/selfi at a jazz bar")
    assert isinstance(text, Text) and "Did you mean /selfie?" in text.text


async def test_what_a_crash_left_unanswered_is_answered_on_return(tmp_path: Path) -> None:
    async with opened(tmp_path) as guest:
        await guest.talk()
        recorder = Recorder()
        async with guest.house.router.running({recorder.name: recorder}):
            answer = guest.house.router.submit(
                Inbound(guest.origin, "e1", text="I passed my driving test today!")
            )
            await recorder.until(lambda: any(isinstance(one, Delta) for one in recorder.shown))
            answer.cancel()
            await asyncio.wait([answer])
    async with opened(tmp_path) as guest:
        chat = await guest.talk()
        assert chat.messages[-1].text == "I passed my driving test today!"
        assert chat.unanswered == chat.messages[-1].id
        shown = await guest.call("resume")
        assert isinstance(shown[-1], Replied)
        chat = await guest.talk()
        assert not chat.unanswered and chat.messages[-1].role is Role.CHARACTER
        assert await guest.call("resume") == ()


async def test_a_model_that_fails_says_why_and_the_words_are_answered_later(tmp_path: Path) -> None:
    model = ScriptedModel(replies=[[2, BusyError()], ["Well done!"]])
    async with open_house(SETTINGS, tmp_path, model=model) as (house, delivery, surfaces):
        guest = Guest(house, delivery, surfaces, Origin("recorder", house.owner.id))
        await guest.talk()
        started, waiting, told = await guest.say("I passed my driving test today!")
        assert isinstance(started, Started) and waiting == Waiting(started.reply_id, 2)
        assert told == Text(BusyError().sentence, Tone.ERROR)
        assert (await guest.talk()).unanswered == started.message.id
        (*_, replied) = await guest.call("resume")
        assert isinstance(replied, Replied) and replied.message.text == "Well done!"
        assert replied.message.id == started.reply_id
        assert not (await guest.talk()).unanswered


async def test_a_crisis_interrupts_the_role_play(guest: Guest) -> None:
    await guest.talk()
    shown = await guest.say("I want to kill myself tonight")
    assert isinstance(shown[0], Started)
    notice = shown[-1]
    assert isinstance(notice, Replied) and notice.message.role is Role.NOTICE and "988" in notice.message.text
    chat = await guest.talk()
    assert not chat.unanswered


async def test_conversations_wait_in_line_one_after_the_other(guest: Guest) -> None:
    await guest.talk()
    recorder = Recorder()
    async with guest.house.router.running({recorder.name: recorder}):
        answers = [
            guest.house.router.submit(Inbound(guest.origin, f"e{number}", text=f"Message number {number}."))
            for number in range(4)
        ]
        await asyncio.wait(answers)
    chat = await guest.talk()
    roles = [message.role for message in chat.messages[2:]]
    assert roles == [Role.PERSON, Role.CHARACTER] * 4
    said = [message.text for message in chat.messages if message.role is Role.PERSON]
    assert said == [f"Message number {number}." for number in range(4)]
