"""A topic per character in private chats, and what becomes of one that is gone."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.messages import CharacterCard, Chat, MessageView, Origin, Speaker
from bot.surfaces.telegram.surface import TelegramSurface
from engine.types import Role
from tests.bot.surfaces.telegram.conftest import NOON, NOOR, Rig, private_origin, said
from tests.loopback.telegram import Chat as ServerChat
from tests.loopback.telegram import TelegramServer, User

CARD = CharacterCard(NOOR.character_id, "noor", "Noor", "Plays the oud.", "face", "drawn")
GREETING = MessageView("g1", Role.CHARACTER, "There you are.", NOON)
NOTICE = MessageView("n1", Role.NOTICE, "Noor is made up.", NOON)
OPENED = Chat("c1", CARD, (NOTICE, GREETING), "storyteller")


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(topics=True) as server:
        yield server


def in_topic(chat: ServerChat, thread: str) -> list[str]:
    return [one.text for one in chat.visible(topic=int(thread)) if one.from_bot and one.text]


async def test_a_talk_opens_a_topic_and_her_words_go_there(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User, chat: ServerChat
) -> None:
    origin = private_origin(ada)
    await surface.deliver(origin, OPENED)
    (thread,) = rig.topics.rows.values()
    assert in_topic(chat, thread)[-1] == "There you are."
    await surface.deliver(origin, said("I kept you a seat.", "m2"))
    assert in_topic(chat, thread)[-1] == "I kept you a seat."
    server.control.say(ada, ada, "thank you", topic=int(thread))
    inbound = await rig.door.next()
    assert (inbound.origin.thread, inbound.text) == (thread, "thank you")
    assert inbound.origin.private
    assert inbound.answers == ""


async def test_a_topic_is_opened_once(rig: Rig, server: TelegramServer, ada: User, chat: ServerChat) -> None:
    for _ in range(2):
        async with rig.running() as surface:
            await surface.deliver(private_origin(ada), OPENED)
    assert len(server.called("createForumTopic")) == 1


async def test_a_deleted_topic_is_made_anew(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User, chat: ServerChat
) -> None:
    await surface.deliver(private_origin(ada), OPENED)
    (old,) = rig.topics.rows.values()
    server.control.delete_topic(chat, int(old))
    await surface.deliver(private_origin(ada, thread=old), said("Where were we?", "m2"))
    (new,) = rig.topics.rows.values()
    assert new != old
    assert in_topic(chat, new) == ["Where were we?"]


async def test_without_topics_everything_is_in_the_chat(
    rig: Rig, server: TelegramServer, ada: User, chat: ServerChat
) -> None:
    server.bot.topics = False
    async with rig.running() as surface:
        await surface.deliver(private_origin(ada), OPENED)
    assert not server.called("createForumTopic")
    assert chat.visible()[-1].text == "There you are."


async def test_a_groups_topic_that_is_gone_is_answered_in_general(
    surface: TelegramSurface, server: TelegramServer, ada: User
) -> None:
    group = server.control.group("Forum", ada, forum=True, admin=True)
    topic = server.control.create_topic(group, ada, "Music")
    origin = Origin(
        "telegram", "p", f"telegram:chat:{group.id}", channel=str(group.id), thread=str(topic.id), reply=""
    )
    server.control.delete_topic(group, topic)
    speaker = Speaker(NOOR.character_id, "Noor", "face")
    await surface.deliver(origin, replace(said("I am here."), message=replace(GREETING, speaker=speaker)))
    words = [one.text for one in group.visible() if one.from_bot]
    assert words[0].startswith("The topic I was answering in is gone")
    assert "There you are." in words[1]
