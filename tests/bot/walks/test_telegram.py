"""The product on Telegram as its people meet it: `/create` → chat → `/selfie` → button → kill -9 → button, by keyboards
and forced replies; then a group, where it is killed in the middle of a reply."""

from __future__ import annotations

import pytest

from tests.bot.walks.conftest import SLOW, Bot, Running
from tests.bot.walks.telegram import Draft, Person, has
from tests.loopback.telegram import Message, TelegramServer

pytestmark = pytest.mark.slow

# What fails now and then while it is killed again and again.
FAILING = ("sendMessage", "editMessageText", "editMessageReplyMarkup", "deleteMessage")


@pytest.fixture
def ada(telegram: TelegramServer) -> Person:
    """Ada, in her private chat with the bot."""
    return Person(telegram, telegram.control.user("Ada", "ada"))


# ---------------------------------------------------------------- the walk


async def test_from_create_to_a_deleted_picture(on_telegram: Running, ada: Person) -> None:
    async with on_telegram() as bot:
        ada.say("/create")
        await ada.finds("1/8")
        await create(ada, Draft(ada), bot)
        said = ada.say("Which sign did you paint last?")
        await ada.finds(after=said)
        asked = ada.say("/selfie at a jazz bar")
        first = await ada.finds(after=asked, label="New outfit")
        words = [event.text for event in ada.telegram.history(ada.chat) if event.message_id == first.id]
        assert any("%" in one or "line" in one or "Starting" in one for one in words), (
            "its progress came first"
        )
        assert first.media is not None
        await ada.press(first, "New outfit")
        second = await ada.finds(after=first, label="New outfit")
        await bot.restart()
        await after_the_restart(ada, first, second)


async def create(ada: Person, draft: Draft, bot: Bot) -> None:
    """The whole wizard: kill -9 with an open forced reply, a proposal of the coach by one press, an album of takes."""
    await draft.press("Artist")
    open_reply = await draft.question("Name")
    await bot.restart()
    await draft.changed(lambda: ada.telegram.control.answer(open_reply, ada.user, "Ines Okafor"))
    assert "Name: Ines Okafor" in draft.message.text
    await draft.choose("Presents as", "woman")
    await draft.press("Next ›")
    assert draft.message.media, "the live portrait"
    await draft.write("Hair colour", "red")
    await draft.press("✨ Use: ")
    assert "red" in draft.message.text and "a thousand heads of hair" not in draft.message.text
    await draft.press("Steps")
    await draft.press("Style")
    await draft.press("Painterly")
    await draft.press("Make the takes")
    await draft.until(lambda: has(draft.message, "1") and has(draft.message, "3"))
    shown = [len(line.media) for line in ada.telegram.transcript(ada.chat, ada.user)]
    assert 3 in shown or draft.message.media, "the takes, side by side"
    assert not has(draft.message, "Publish")
    await draft.press("2")
    await ada.press(draft.message, "Publish")
    born = await ada.finds("Meet Ines Okafor", label="Talk with")
    await ada.press(born, "Talk with")
    await ada.finds("is an AI, not a person", after=born)


async def after_the_restart(ada: Person, old: Message, new: Message) -> None:
    """The buttons of pictures from before it."""
    await ada.press(old, "New light")
    lit = await ada.finds(after=new, label="New outfit")
    assert lit.media and old.media and lit.media.content != old.media.content
    await ada.press(lit, "Make it my primary")
    await ada.finds("this is Ines Okafor’s picture everywhere", after=lit)
    await ada.press(old, "Delete")
    sure = await ada.finds("Delete this picture?", after=lit)
    await ada.press(sure, "Delete the picture")
    await ada.sees(lambda messages: old not in messages or not has(old, "New outfit"))


# ---------------------------------------------------------------- a group


async def test_a_group_by_mention_and_reply_with_a_kill_midway(on_telegram: Running, ada: Person) -> None:
    telegram = ada.telegram
    club = telegram.control.group("Book club", ada.user, telegram.control.user("Ben", "ben"))
    here = Person(telegram, ada.user, club)
    async with on_telegram(SLOW) as bot:
        telegram.control.start(ada.user, payload="noor")  # a deep link
        await ada.finds("Night desk, this is Noor.")
        here.say("/talk noor")
        await here.finds("Night desk, this is Noor.")
        after_talk = here.say("Nobody asked the bot anything.")
        asked = here.say("@selfsame_bot what do you like about evenings?")
        half = await here.finds(after=asked)
        cut = half.text
        await bot.knows(half.id)
        telegram.world.updates.repeats_to_come = 1
        await bot.restart()
        thanks = here.say("And mornings?", reply_to=half)
        await here.finds(after=thanks)  # what was said later is answered later
        between = [one for one in club.visible() if one.from_bot and asked.id < one.id < thanks.id]
        assert len(between) == 1 and len(between[0].text) > len(cut)
        assert not [one for one in club.visible() if one.from_bot and asked.id > one.id > after_talk.id]


async def test_replies_stand_there_once_although_it_is_killed_as_telegram_takes_them(
    on_telegram: Running, ada: Person
) -> None:
    """Twice with the same reply, before it can hear which messages those became; and other requests fail."""
    telegram = ada.telegram
    async with on_telegram() as bot:
        ada.say("/talk noor")
        await ada.finds("Night desk, this is Noor.")
        telegram.faults.randomly(0.2, 3, ("drop", "lost", 500), FAILING)
        telegram.faults.next("sendMessage", "delay", 2, seconds=600.0)
        telegram.faults.next(
            "deleteMessage", "lost"
        )  # one that is certain: what stands there twice is deleted
        asked = ada.say("Which sign did you paint last?")
        first = await ada.finds(after=asked)
        await bot.restart()
        second = await ada.finds(after=first)
        await bot.restart()
        await ada.sees(lambda shown: not {first, second} & set(shown) and len(answers(ada, asked)) == 1)
        assert len(telegram.faults.happened) > 2, "more than the kills went wrong"
        thanks = ada.say("Thank you.")
        await ada.finds(after=thanks)
        assert len(answers(ada, asked)) == 2, "nothing came later"


def answers(here: Person, after: Message) -> list[Message]:
    """What the bot says in a chat after a message."""
    return [one for one in here.chat.visible() if one.from_bot and one.id > after.id]


async def test_a_picture_that_was_under_way_comes_once(on_telegram: Running, ada: Person) -> None:
    """In a private chat; the answer to the picture's arrival is lost, too."""
    async with on_telegram(SLOW) as bot:
        ada.say("/talk noor")
        await ada.finds("Night desk, this is Noor.")
        asked = ada.say("/selfie at a jazz bar")
        shown = await ada.finds(after=asked, label="Cancel")
        # Killed before, it sends its words again and takes the first ones away.
        await bot.knows(shown.id)
        await bot.kill()
        assert not has(shown, "New outfit")
        ada.telegram.faults.next("editMessageMedia", "lost")
        await bot.start()
        picture = await ada.finds(after=asked, label="New outfit")
        later = await ada.asks("/help")
        assert picture.id == shown.id and ada.telegram.faults.happened
        assert [one.id for one in ada.chat.visible() if asked.id < one.id < later.id and one.from_bot] == [
            shown.id
        ]
