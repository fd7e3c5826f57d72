"""Whom words in a channel are for: by reply, by name, by seat; and what stays apart between places."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messages import Catalog, Chat, Inbound, Memories, Origin, Outbound, Replied, Started, Text
from engine.errors import NotFoundError
from engine.types import PRIVATE_PLACE, PicturePurpose, Role, Shot
from tests.bot.conftest import Guest

SERVER = "discord:guild:1:channel:2"


def in_channel(guest: Guest, place: str = SERVER, channel: str = "2", thread: str = "") -> Guest:
    origin = Origin("recorder", guest.origin.person_id, place, channel=channel, thread=thread)
    return replace(guest, origin=origin)


def in_private(guest: Guest) -> Guest:
    return in_channel(guest, PRIVATE_PLACE, "dm")


def speakers(shown: tuple[Outbound, ...]) -> set[str]:
    lines = [one.message for one in shown if isinstance(one, Replied)]
    return {line.speaker.name for line in lines if line.speaker and line.role is Role.CHARACTER}


def text_of(shown: tuple[Outbound, ...]) -> str:
    return "\n".join(one.message.text for one in shown if isinstance(one, Replied))


async def names(guest: Guest) -> list[str]:
    (catalog,) = await guest.call("characters")
    assert isinstance(catalog, Catalog)
    return [card.name for card in catalog.characters]


async def test_the_first_words_wait_for_whoever_is_chosen(guest: Guest) -> None:
    here = in_private(guest)
    (question,) = await here.say("Good evening! My dog is called Biscuit.")
    assert isinstance(question, Catalog) and question.then_say == "Good evening! My dog is called Biscuit."
    chosen = question.characters[0]
    chat, *answer = await here.call("talk", character=chosen.id, say=question.then_say)
    assert isinstance(chat, Chat) and isinstance(answer[0], Started)
    assert answer[0].message.text == question.then_say
    assert speakers(tuple(answer)) == {chosen.name}


async def test_whoever_was_talked_with_last_is_meant(guest: Guest) -> None:
    here = in_private(guest)
    first, second = (await names(here))[:2]
    await here.call("talk", character=first)
    await here.call("talk", character=second)
    assert speakers(await here.say("Hello again")) == {second}
    await here.call("talk", character=first)
    assert speakers(await here.say("And you?")) == {first}


async def test_a_private_chat_goes_on_with_whom_it_was_elsewhere(guest: Guest) -> None:
    chat = await guest.talk()
    await guest.say("I keep bees.")
    assert speakers(await in_private(guest).say("What do I keep?")) == {chat.card.name}


async def test_a_new_conversation_begins_with_the_notice_once(guest: Guest) -> None:
    here = in_channel(guest)
    first, second = (await names(here))[:2]
    await here.call("talk", character=first)
    ana = in_channel(await guest.another("Ana"))
    shown = await ana.say("Hello, who are you?")
    lines = [one.message for one in shown if isinstance(one, Replied)]
    assert [line.role for line in lines] == [Role.NOTICE, Role.CHARACTER]
    assert speakers(shown) == {first} and second not in speakers(shown)
    again = [one.message.role for one in await ana.say("Nice") if isinstance(one, Replied)]
    assert again == [Role.CHARACTER]


async def test_a_name_in_the_words_decides_in_a_channel(guest: Guest) -> None:
    here = in_channel(guest)
    first, second = (await names(here))[:2]
    await here.call("talk", character=first)
    await here.call("talk", character=second)
    given = first.split()[0]
    assert speakers(await here.say(f"{given.upper()}, what do you think?")) == {first}
    assert speakers(await here.say("Go on")) == {first}  # the seat followed
    assert speakers(await here.say(f"And un{given.lower()}ly things, {second}?")) == {second}


async def test_a_reply_decides_over_the_seat(guest: Guest) -> None:
    here = in_channel(guest)
    first, second = (await names(here))[:2]
    shown = await here.call("talk", character=first)
    chat = shown[0]
    assert isinstance(chat, Chat)
    greeting = chat.messages[-1]
    await here.call("talk", character=second)
    answer = await here.house.router.ask(
        Inbound(here.origin, "e-1", text="I liked what you said", answers=greeting.id)
    )
    assert speakers(answer) == {first}


async def test_a_reply_to_another_places_message_names_nobody(guest: Guest) -> None:
    here = in_channel(guest)
    first, second = (await names(here))[:2]
    (elsewhere,) = await in_channel(guest, "discord:guild:9:channel:9", "9").call("talk", character=first)
    assert isinstance(elsewhere, Chat)
    await here.call("talk", character=second)
    said = Inbound(here.origin, "e-1", text="Hm", answers=elsewhere.messages[-1].id)
    assert speakers(await here.house.router.ask(said)) == {second}


async def test_a_thread_takes_over_its_channels_character(guest: Guest) -> None:
    here = in_channel(guest)
    first = (await names(here))[0]
    await here.call("talk", character=first)
    thread = in_channel(guest, f"{SERVER}:thread:3", thread="3")
    assert speakers(await thread.say("Let's go on in here")) == {first}


async def test_a_server_does_not_know_what_was_said_in_private(guest: Guest) -> None:
    private, server = in_private(guest), in_channel(guest)
    first = (await names(private))[0]
    await private.call("talk", character=first)
    await private.say("My sister is called Ottoline.")
    await server.call("talk", character=first)
    answer = await server.say("What is my sister called?")
    assert "Ottoline" not in text_of(answer)
    (known,) = await server.call("memory")
    assert isinstance(known, Memories) and not known.topics
    await server.say("My cat is called Quillon.")
    (known,) = await private.call("memory")
    assert isinstance(known, Memories) and "Quillon" not in repr(known) and "Ottoline" in repr(known)


async def test_others_characters_can_be_talked_with_where_they_sit_and_only_there(guest: Guest) -> None:
    engine = guest.house.engine
    record, _ = (await engine.characters.catalog(guest.origin.person_id))[0]
    own = await engine.characters.create(
        guest.origin.person_id, replace(record.persona, name="Wendeline Harrow")
    )
    ana = await guest.another("Ana")
    (refused,) = await in_channel(ana).call("talk", character="wendeline harrow")
    assert isinstance(refused, Text)
    await in_channel(guest).call("talk", character=own.id)
    (chat,) = await in_channel(ana).call("talk", character="Wendeline")
    assert isinstance(chat, Chat) and chat.card.id == own.id
    assert "Wendeline Harrow" in await names(in_channel(ana))
    (refused,) = await in_private(ana).call("talk", character="Wendeline")
    assert isinstance(refused, Text)


async def test_the_face_of_anothers_character_is_seen_by_whom_it_talks_with(guest: Guest) -> None:
    engine, pictures = guest.house.engine, guest.house.pictures
    record, _ = (await engine.characters.catalog(guest.origin.person_id))[0]
    own = await engine.characters.create(
        guest.origin.person_id, replace(record.persona, name="Wendeline Harrow")
    )
    face, other = [
        await engine.media.put(
            words,
            mime="image/png",
            width=8,
            height=8,
            person_id=guest.origin.person_id,
            character_id=own.id,
            purpose=PicturePurpose.TAKE,
            seed=1,
            pipeline="illustrator",
            shot=Shot(),
            caption="A face",
        )
        for words in (b"one", b"two")
    ]
    await engine.casting.set_primary(own, face)
    ana = await guest.another("Ana")
    with pytest.raises(NotFoundError):
        await pictures.file(face.id, ana.origin.person_id)
    await in_channel(guest).call("talk", character=own.id)
    await in_channel(ana).call("talk", character="Wendeline")
    assert (await pictures.file(face.id, ana.origin.person_id))[1] == "image/png"
    with pytest.raises(NotFoundError):
        await pictures.file(other.id, ana.origin.person_id)


async def test_in_a_channel_it_is_known_what_others_just_said(guest: Guest) -> None:
    engine = guest.house.engine
    here = in_channel(guest)
    first = (await names(here))[0]
    await here.call("talk", character=first)
    ana = in_channel(await guest.another("Ana"))
    await ana.say("I brought plum cake for everybody.")
    conversation = await engine.conversations.latest(guest.origin.person_id, SERVER)
    assert conversation is not None
    assert await engine.turn._planner.heard(conversation) == [
        "Also here, Ana said: I brought plum cake for everybody."
    ]
    private, _ = await engine.turn.greet(
        guest.origin.person_id, await engine.characters.get(conversation.character_id), PRIVATE_PLACE
    )
    assert await engine.turn._planner.heard(private) == []


async def test_a_link_leads_to_its_character(guest: Guest) -> None:
    here = in_private(guest)
    (chat,) = await here.call("start", character="noor")
    assert isinstance(chat, Chat)
    welcome, catalog = await here.call("start")
    assert isinstance(welcome, Text) and isinstance(catalog, Catalog)
    assert "AI" in welcome.text and not catalog.then_say


async def test_an_event_that_comes_again_shows_the_answer_again_and_nothing_new(guest: Guest) -> None:
    here = in_private(guest)
    await here.call("talk", character="noor")
    inbound = Inbound(here.origin, "m1", text="Say something nice")
    once = await here.house.router.ask(inbound)
    again = await here.house.router.ask(inbound)
    replies = [one for one in once if isinstance(one, Replied)]
    assert [one for one in again if isinstance(one, Replied)] == replies and replies
