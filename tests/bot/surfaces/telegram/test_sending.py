"""Sending by itself: markup, albums, files, limits, topics that are gone, groups that moved."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.ext import ExtBot

from bot.surfaces.sending import GoneError, UndeliverableError
from bot.surfaces.telegram.limiter import Limiter
from bot.surfaces.telegram.message_ids import LOOKED_AT, MessageIds
from bot.surfaces.telegram.sending import Sender, Spot, Words
from tests.loopback.telegram import Chat, TelegramServer, User

HELLO = Words("<b>Hello</b>", "Hello")
KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("Again", callback_data="c:again")]])


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[ExtBot[Any]]:
    async with ExtBot(server.token, server.base_url, rate_limiter=Limiter()) as bot:
        yield bot


@pytest.fixture
def ids() -> MessageIds:
    return MessageIds()


@pytest.fixture
def sender(bot: ExtBot[Any], ids: MessageIds) -> Sender:
    async def refuge(spot: Spot) -> Spot:
        return replace(spot, thread=None)

    async def remembered(chat: int, message_id: int) -> bool:
        return False

    return Sender(bot, ids, refuge, remembered)


def texts(chat: Chat) -> list[str]:
    return [one.text for one in chat.visible() if one.from_bot]


async def test_markup_that_telegram_cannot_read_becomes_plain_text(
    sender: Sender, server: TelegramServer, ada: User, chat: Chat
) -> None:
    sent = await sender.text(Spot(ada.id), Words("<nonsense>3 < 4", "3 < 4"))
    await sender.edit_text(ada.id, sent, Words("<b>5 < 4", "5 < 4"))
    assert texts(chat) == ["5 < 4"]


async def test_an_album_a_picture_and_a_file(
    sender: Sender, server: TelegramServer, ada: User, chat: Chat, tmp_path: Path
) -> None:
    path = tmp_path / "one.png"
    Image.new("RGB", (32, 32), "green").save(path)
    album = await sender.album(Spot(ada.id), [(str(path), HELLO), (str(path), HELLO), (str(path), HELLO)])
    await sender.photo(Spot(ada.id), str(path), HELLO, KEYS)
    await sender.document(Spot(ada.id), "all.json", b"{}", Words("Yours", "Yours"))
    shown = [one for one in chat.visible() if one.from_bot]
    assert len({one.album for one in shown[:3]}) == 1
    assert [one.id for one in shown[:3]] == list(album)
    assert tuple(shown[3].labels) == ("Again",)
    assert shown[4].text == "Yours"


@pytest.mark.parametrize("kind", ["album", "photo", "document"])
async def test_no_file_is_sent_twice(
    sender: Sender, ids: MessageIds, server: TelegramServer, ada: User, chat: Chat, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "one.png"
    Image.new("RGB", (32, 32), "green").save(path)
    await sender.text(Spot(ada.id), HELLO)
    server.faults.next("*", "lost")
    match kind:
        case "album":
            await sender.album(Spot(ada.id), [(str(path), HELLO), (str(path), HELLO)])
        case "photo":
            await sender.photo(Spot(ada.id), str(path), HELLO, KEYS)
        case _:
            await sender.document(Spot(ada.id), "all.json", b"{}", HELLO)
    assert len(texts(chat)) == (3 if kind == "album" else 2)


async def test_without_a_known_id_nothing_is_deleted(
    sender: Sender, server: TelegramServer, ada: User, chat: Chat, bot: ExtBot[Any]
) -> None:
    await bot.send_message(ada.id, "of the last process")
    server.faults.next("sendMessage", "lost")
    await sender.text(Spot(ada.id), HELLO)
    assert texts(chat)[0] == "of the last process"


async def test_messages_of_a_chat_keep_their_order(
    sender: Sender, server: TelegramServer, ada: User, chat: Chat
) -> None:
    server.faults.next("sendMessage", 502)
    words = [str(number) for number in range(3)]
    await asyncio.gather(*(sender.text(Spot(ada.id), Words(one, one)) for one in words))
    assert texts(chat) == words


async def test_a_thread_that_is_gone_has_a_refuge(sender: Sender, server: TelegramServer, ada: User) -> None:
    group = server.control.group("Club", ada, forum=True, admin=True)
    topic = server.control.create_topic(group, ada, "Noor")
    server.control.delete_topic(group, topic)
    await sender.text(Spot(group.id, topic.id), HELLO)
    assert texts(group) == ["Hello"]


async def test_a_group_that_became_a_supergroup_is_followed(
    sender: Sender, server: TelegramServer, ada: User
) -> None:
    group = server.control.group("Club", ada, kind="group")
    bigger = server.control.upgrade(group)
    await sender.text(Spot(group.id), HELLO)
    await sender.text(Spot(group.id), HELLO)
    assert texts(bigger) == ["Hello", "Hello"]


async def test_what_is_gone_cannot_be_edited_and_may_be_deleted(
    sender: Sender, server: TelegramServer, ada: User, chat: Chat
) -> None:
    sent = await sender.text(Spot(ada.id), HELLO)
    await sender.delete(ada.id, sent)
    await sender.delete(ada.id, sent)
    await sender.clear_keyboard(ada.id, sent)
    with pytest.raises(GoneError):
        await sender.edit_text(ada.id, sent, HELLO)


async def test_nobody_is_there(sender: Sender) -> None:
    with pytest.raises(UndeliverableError):
        await sender.text(Spot(987654321), HELLO)


async def test_a_long_wait_in_one_chat_holds_nobody_else_up(
    sender: Sender, server: TelegramServer, ada: User
) -> None:
    ben = server.control.user("Ben")
    server.control.start(ben)
    server.faults.next(
        "sendMessage", 429, retry_after=5, where=lambda call: call.text("chat_id") == str(ada.id)
    )
    slow = asyncio.create_task(sender.text(Spot(ada.id), HELLO))
    await server.until(lambda: server.called("sendMessage"))
    async with asyncio.timeout(2):
        await sender.text(Spot(ben.id), HELLO)
    assert not slow.done()
    await slow


def test_ids_between_are_few_and_unknown_ones_only() -> None:
    ids = MessageIds()
    ids.see(5, 10)
    ids.see(6, 12)
    assert ids.latest(7) == 12
    assert ids.unknown(5, 10, 15) == [11, 13, 14]
    assert len(ids.unknown(5, 10, 10_000)) == LOOKED_AT
    assert ids.latest(-1_000_000_000_001) is None
