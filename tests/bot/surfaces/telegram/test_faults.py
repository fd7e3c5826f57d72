"""Whatever the network and Telegram do: each reply arrives, once, and nothing that was said is lost."""

import asyncio
import logging

import pytest

from bot.messages import Delta, MessageView, Origin, Started
from bot.ports import SurfaceError
from bot.surfaces.telegram import updates
from bot.surfaces.telegram.surface import TelegramSurface
from engine.types import Role
from tests.bot.surfaces.telegram.conftest import (
    NOON,
    NOOR,
    PATIENCE,
    Rig,
    finished,
    private_origin,
    said,
    under_way,
)
from tests.loopback.telegram import Chat, TelegramServer, User
from tests.loopback.telegram.methods import METHODS

OWN = MessageView("own", Role.PERSON, "hello", NOON)


def texts(chat: Chat) -> list[str]:
    return [one.text for one in chat.visible() if one.from_bot]


@pytest.mark.parametrize("fault", [429, 500, 502, "drop", "lost"])
async def test_a_reply_arrives_once_through_a_fault(
    surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat, fault: int | str
) -> None:
    await surface.deliver(private_origin(ada), said("First.", "m0"))
    server.faults.next("sendMessage", fault)
    await surface.deliver(private_origin(ada), said("Here I am.", "m1"))
    await surface.deliver(private_origin(ada), said("And then?", "m2"))
    assert texts(chat) == ["First.", "Here I am.", "And then?"]


async def test_a_double_is_found_although_others_spoke_meanwhile(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    ben = server.control.user("Ben")
    server.control.start(ben)
    server.control.say(ada, ada, "hello")
    await rig.door.until(2)
    server.faults.next("sendMessage", "lost", times=2)
    sending = asyncio.create_task(surface.deliver(private_origin(ada), said("Here I am.")))
    await server.until(lambda: len(server.called("sendMessage")) == 1)
    for words in ("one", "two", "three"):  # their ids come between the double and its repetition
        server.control.say(ben, ben, words)
    await sending
    assert texts(chat) == ["Here I am."]
    assert [one.text for one in server.control.private(ben).visible()][-3:] == ["one", "two", "three"]


async def test_nothing_but_the_double_is_touched(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    server.control.say(ada, ada, "hello")
    await rig.door.next()
    for number in range(3):
        await surface.deliver(private_origin(ada), said("The same words.", f"m{number}"))
    server.faults.next("sendMessage", "lost")
    await surface.deliver(private_origin(ada), said("The same words.", "m3"))
    assert texts(chat) == ["The same words."] * 4
    assert {row.ref for row in rig.ledger.rows.values()} == {
        str(one.id) for one in chat.visible() if one.from_bot
    }


@pytest.mark.parametrize("fault", ["lost", "drop", 502])
async def test_a_picture_arrives_once_in_its_place(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat, fault: int | str
) -> None:
    origin = private_origin(ada)
    server.control.say(ada, ada, "/selfie")
    await rig.door.next()
    server.faults.next("sendPhoto", fault)
    server.faults.next("editMessageMedia", fault)
    await surface.deliver(origin, under_way(0.0, position=1))
    await surface.edit(origin, "p1", finished())
    (shown,) = [one for one in chat.visible() if one.from_bot]
    assert shown.media is not None
    assert "jazz bar" in shown.text


async def test_a_picture_whose_progress_was_deleted_is_sent_anew(
    surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    origin = private_origin(ada)
    await surface.deliver(origin, under_way(0.0))
    (progress,) = [one for one in chat.visible() if one.from_bot]
    server.control.delete(progress, ada)
    await surface.edit(origin, "p1", finished())
    assert ["jazz bar" in text for text in texts(chat)] == [True]


async def test_who_blocked_the_bot_is_left_alone_until_they_come_back(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    server.control.block(ada)
    await server.world.updates.settled()
    await surface.deliver(private_origin(ada), said("Are you there?", "m1"))
    await surface.deliver(private_origin(ada), said("Hello?", "m2"))
    assert not server.called("sendMessage")
    server.control.unblock(ada)
    await server.world.updates.settled()
    await surface.deliver(private_origin(ada), said("Welcome back.", "m3"))
    assert texts(chat) == ["Welcome back."]


async def test_a_block_that_was_not_heard_of_is_not_tried_twice(
    surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    chat.blocked = True
    await surface.deliver(private_origin(ada), said("Are you there?", "m1"))
    await surface.deliver(private_origin(ada), said("Hello?", "m2"))
    assert len(server.called("sendMessage")) == 1


async def test_words_that_were_not_stored_come_again(rig: Rig, server: TelegramServer, ada: User) -> None:
    rig.door.trouble = [OSError("disk full"), OSError("disk full")]
    async with rig.running():
        server.control.say(ada, ada, "one")
        server.control.say(ada, ada, "two")
        accepted = await rig.door.until(2)
        await server.world.updates.settled()
    assert [one.text for one in accepted] == ["one", "two"]


async def test_words_reach_the_next_process_when_this_one_dies_before_they_are_stored(
    rig: Rig, server: TelegramServer, ada: User
) -> None:
    entered = asyncio.Event()

    async def die(_: object) -> None:
        entered.set()
        await asyncio.sleep(3600)

    rig.door.answer = die
    async with rig.running():
        server.control.say(ada, ada, "do not lose me")
        async with asyncio.timeout(PATIENCE):
            await entered.wait()
    rig.door.accepted.clear()
    rig.door.answer = None
    async with rig.running():
        inbound = await rig.door.next()
    assert inbound.text == "do not lose me"


async def test_a_repeated_update_is_the_same_event(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User
) -> None:
    server.world.updates.repeats_to_come = 1
    server.control.say(ada, ada, "once")
    first, second = (await rig.door.until(2))[:2]
    assert first.event_id == second.event_id
    assert first == second


async def test_a_wrong_token_is_one_sentence(rig: Rig, server: TelegramServer) -> None:
    wrong = "1234567890:another-token"
    server.token, right = wrong, server.token
    surface = rig.make()
    server.token = right
    with pytest.raises(SurfaceError, match="@BotFather: /mybots"):
        await surface.run(rig.lines.append)
    assert not rig.lines


async def test_a_second_program_is_one_sentence_after_some_patience(
    rig: Rig, server: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "CONFLICT_PAUSE", 0.0)
    server.world.updates.conflicts_to_come = updates.CONFLICTS + 1
    with pytest.raises(SurfaceError, match="Another program polls this Telegram bot"):
        await rig.make().run(rig.lines.append)
    server.world.updates.conflicts_to_come = updates.CONFLICTS - 1  # our own poll of before a restart
    async with rig.running():
        await server.until(lambda: not server.world.updates.conflicts_to_come)


async def test_the_network_may_be_away_at_the_start(rig: Rig, server: TelegramServer, ada: User) -> None:
    server.faults.next("getMe", "drop")
    async with rig.running():
        server.control.say(ada, ada, "hello")
        assert (await rig.door.next()).text == "hello"


async def test_a_press_that_is_too_old_to_be_answered_is_carried_out(
    rig: Rig, server: TelegramServer, ada: User, chat: Chat
) -> None:
    async with rig.running() as surface:
        await surface.deliver(private_origin(ada), finished())
    server.control.press(chat.visible()[-1], "💡 New light", ada)
    server.clock.advance(60)
    async with rig.running():
        inbound = await rig.door.next()
        await server.until(lambda: server.called("answerCallbackQuery"))
    assert server.called("answerCallbackQuery")[-1].status == 400
    assert inbound.call is not None
    assert (inbound.call.name, dict(inbound.call.options)) == ("vary", {"media": "m", "what": "light"})


async def test_a_reply_that_was_drafted_when_the_process_died_is_sent_by_the_next(
    rig: Rig, server: TelegramServer, ada: User, chat: Chat
) -> None:
    origin = private_origin(ada)
    async with rig.running() as surface:
        await surface.deliver(origin, Started(OWN, "m1", NOOR))
        await surface.deliver(origin, Delta("m1", "Half of "))
        await server.until(lambda: server.world.drafts(chat))
    async with rig.running() as surface:
        await surface.deliver(origin, said("Half of a sentence, and the rest."))
    assert texts(chat) == ["Half of a sentence, and the rest."]


async def test_a_group_reply_that_was_half_shown_is_completed_where_it_stands(
    rig: Rig, server: TelegramServer, ada: User
) -> None:
    group = server.control.group("Book club", ada)
    origin = Origin(
        "telegram", "p", f"telegram:chat:{group.id}", channel=str(group.id), reply=f"m:1:{ada.id}"
    )
    async with rig.running() as surface:
        await surface.deliver(origin, Started(OWN, "m1", NOOR))
        await surface.deliver(origin, Delta("m1", "Half of "))
        await server.until(lambda: [one for one in group.visible() if one.from_bot])
        (half,) = [one for one in group.visible() if one.from_bot]
        await server.until(lambda: [row for row in rig.ledger.rows.values() if row.ref])
    async with rig.running() as surface:
        await surface.deliver(origin, said("Half of a sentence, and the rest."))
    (whole,) = [one for one in group.visible() if one.from_bot]
    assert (whole.id, whole.text) == (half.id, "Noor\nHalf of a sentence, and the rest.")


async def test_a_webhook_of_another_program_is_removed(
    rig: Rig, server: TelegramServer, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rig.running():
        assert not server.called("deleteWebhook")
    (name,) = [one for one in METHODS if one.lower() == "getwebhookinfo"]
    webhook = {
        "url": "https://other.example/hook",
        "has_custom_certificate": False,
        "pending_update_count": 0,
    }
    monkeypatch.setitem(METHODS, name, lambda world, call: webhook)
    async with rig.running():
        (call,) = server.called("deleteWebhook")
    assert call.values.get("drop_pending_updates") in (None, "false")


async def test_what_cannot_be_read_does_not_stop_what_can(
    rig: Rig, server: TelegramServer, ada: User
) -> None:
    async with rig.running():
        server.world.updates.push("message", {"message_id": "no number", "date": 0, "chat": None})
        server.control.say(ada, ada, "hello")
        assert (await rig.door.next()).text == "hello"
        await server.world.updates.settled()


async def test_what_is_to_be_shown_waits_for_the_connection(
    rig: Rig, server: TelegramServer, ada: User, chat: Chat
) -> None:
    server.world.updates.conflicts_to_come = 1
    surface = rig.make()
    waiting = asyncio.create_task(surface.deliver(private_origin(ada), said("As soon as I can.")))
    await asyncio.sleep(0)
    assert not waiting.done()
    run = asyncio.create_task(surface.run(rig.lines.append))
    async with asyncio.timeout(PATIENCE):
        await waiting
    run.cancel()
    assert texts(chat) == ["As soon as I can."]


async def test_a_long_reply_is_several_messages_in_order(
    surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    words = " ".join(f"This is sentence number {number}." for number in range(300))
    await surface.deliver(private_origin(ada), said(words))
    shown = texts(chat)
    assert len(shown) == 3
    assert " ".join(shown) == words
    assert all(one.endswith(".") for one in shown)


async def test_neither_the_token_nor_anybodys_words_are_logged(
    rig: Rig, server: TelegramServer, ada: User, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.faults.next("sendMessage", 500)
    server.faults.next("getUpdates", 502)
    async with rig.running() as surface:
        server.world.updates.push("message", {"text": "unreadable marmalade"})
        server.control.say(ada, ada, "secret marmalade")
        await rig.door.next()
        await surface.deliver(private_origin(ada), said("marmalade it is"))
    assert "surfaces.telegram" in caplog.text
    assert server.token not in caplog.text
    assert server.token.partition(":")[2] not in caplog.text
    assert "marmalade" not in caplog.text
