"""Which messages are for us, what they say, and where they are from."""

import asyncio

import pytest

from bot.messages import Call, Origin
from bot.surfaces.telegram.inbound import ask_key
from bot.surfaces.telegram.surface import TelegramSurface
from tests.bot.surfaces.telegram.conftest import Rig, private_origin, said
from tests.loopback.telegram import Chat, TelegramServer, User

pytestmark = pytest.mark.usefixtures("surface")


@pytest.fixture
def group(server: TelegramServer, ada: User) -> Chat:
    return server.control.group("Book club", ada)


async def none_of(rig: Rig, server: TelegramServer, user: User) -> None:
    """Nothing so far was for us: the next thing that surely is comes first."""
    server.control.say(user, user, "the end")
    inbound = await rig.door.next()
    assert inbound.text == "the end"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("@selfsame_bot what do you think?", "what do you think?"),
        ("@SelfSame_Bot, what do you think?", "what do you think?"),
        ("what do you think, @selfsame_bot ?", "what do you think, ?"),
        ("🎷 hey @selfsame_bot play", "🎷 hey play"),
    ],
)
async def test_a_mention_in_a_group_is_for_us_and_goes_from_the_text(
    rig: Rig, server: TelegramServer, ada: User, group: Chat, words: str, meant: str
) -> None:
    message = server.control.say(group, ada, words)
    inbound = await rig.door.next()
    assert inbound.text == meant
    assert inbound.origin.place == f"telegram:chat:{group.id}"
    assert not inbound.origin.private
    assert inbound.origin.reply == f"m:{message.id}:{ada.id}"


async def test_a_reply_says_whose_words_it_answers(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User, group: Chat
) -> None:
    server.control.say(group, ada, "@selfsame_bot hello")
    origin = (await rig.door.next()).origin
    await surface.deliver(origin, said("Hello, all of you.", "m7"))
    ours = group.visible()[-1]
    assert "Noor" in ours.text
    server.control.say(group, ada, "and you?", reply_to=ours)
    inbound = (await rig.door.until(2))[-1]
    assert (inbound.text, inbound.answers) == ("and you?", "m7")


async def test_a_reply_to_what_answered_nobody_is_for_us(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User, group: Chat
) -> None:
    place = f"telegram:chat:{group.id}"
    await surface.deliver(Origin("telegram", "p", place, channel=str(group.id)), said("Good evening.", "m7"))
    server.control.say(
        group, ada, "and to you", reply_to=group.visible()[-1]
    )  # it begins a thread of replies
    inbound = await rig.door.next()
    assert (inbound.text, inbound.answers, inbound.origin.place) == ("and to you", "m7", place)


async def test_talk_of_others_is_not_for_us(rig: Rig, server: TelegramServer, ada: User, group: Chat) -> None:
    ben = server.control.user("Ben")
    robot = server.control.user("Robot", "robot_bot", bot=True)
    server.bot.privacy = False
    server.control.join(group, ben)
    server.control.join(group, robot)
    said_first = server.control.say(group, ben, "nice weather")
    server.control.say(group, ada, "indeed", reply_to=said_first)
    server.control.say(group, robot, "@selfsame_bot buy now")
    server.control.say(group, ada, "/roll@robot_bot 6")
    server.control.say(group, ada, "/roll 6")
    await none_of(rig, server, ada)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("/selfie at a jazz bar", "/selfie at a jazz bar"),
        ("/selfie@selfsame_bot at a jazz bar", "/selfie at a jazz bar"),
        ("/memory", "/memory"),
        ("/unheard_of@selfsame_bot", "/unheard_of"),
    ],
)
async def test_commands_of_a_group_are_left_to_the_router(
    rig: Rig, server: TelegramServer, ada: User, group: Chat, typed: str, text: str
) -> None:
    server.control.say(group, ada, typed)
    inbound = await rig.door.next()
    assert (inbound.text, inbound.call) == (text, None)


async def test_start_is_a_command_of_its_own(rig: Rig, server: TelegramServer) -> None:
    ben = server.control.user("Ben")
    server.control.start(ben)
    server.control.start(ben, "noor")
    first, second = await rig.door.until(2)
    assert first.call == Call("start")
    assert second.call == Call("start", {"character": "noor"})


async def test_pictures_and_stickers_say_nothing_and_an_album_says_it_once(
    rig: Rig, server: TelegramServer, ada: User
) -> None:
    server.control.photo(ada, ada)
    server.control.photo(ada, ada, caption="look at this")
    first, second = await rig.door.until(2)
    assert (first.text, second.text) == ("", "look at this")


async def test_service_messages_are_no_words(
    rig: Rig, server: TelegramServer, ada: User, group: Chat
) -> None:
    ben = server.control.user("Ben")
    server.control.join(group, ben)
    server.control.leave(group, ben)
    await none_of(rig, server, ada)


async def test_a_topic_is_a_place_of_its_own(rig: Rig, server: TelegramServer, ada: User) -> None:
    forum = server.control.group("Forum", ada, forum=True, admin=True)
    topic = server.control.create_topic(forum, ada, "Music")
    server.control.say(forum, ada, "@selfsame_bot hello", topic=topic)
    inbound = await rig.door.next()
    assert inbound.origin.place == f"telegram:chat:{forum.id}:thread:{topic.id}"
    assert inbound.origin.thread == str(topic.id)
    assert inbound.answers == ""


async def test_the_answer_to_a_question_completes_its_command(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    await surface.deliver(private_origin(ada), said("What shall the name be?", "q1"))
    question = chat.visible()[-1]
    key = ask_key(question.id, "name", "c:create?draft=d1&action=answer&step=person")
    await rig.ledger.put(
        "telegram", key, 0, person_id="p", channel=str(ada.id), ref=str(question.id), done=True
    )
    server.control.answer(question, ada, "Mira\nand more")
    server.control.say(ada, ada, "just talk")
    first, second = await rig.door.until(2)
    assert first.call == Call(
        "create", {"draft": "d1", "action": "answer", "step": "person", "name": "Mira\nand more"}
    )
    assert (second.text, second.call) == ("just talk", None)


async def test_each_chat_keeps_its_order_and_waits_for_nobody_else(
    rig: Rig, server: TelegramServer, ada: User
) -> None:
    ben = server.control.user("Ben")
    held = asyncio.Event()

    async def hold(inbound: object) -> None:
        if getattr(inbound, "text", "") == "ada 0":
            await held.wait()

    rig.door.answer = hold
    server.control.start(ben)
    for number in range(3):
        server.control.say(ada, ada, f"ada {number}")
        server.control.say(ben, ben, f"ben {number}")
    accepted = await rig.door.until(2)
    held.set()
    accepted = await rig.door.until(7)
    words = [one.text for one in accepted if one.text]
    assert [one for one in words if one.startswith("ada")] == ["ada 0", "ada 1", "ada 2"]
    assert [one for one in words if one.startswith("ben")] == ["ben 0", "ben 1", "ben 2"]
