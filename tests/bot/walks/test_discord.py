"""The product on Discord as its people meet it: `/create` → chat → `/selfie` → button → kill -9 → button, and what a
kill -9 in the middle of something must not lose or double."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from tests.bot.walks.conftest import SLOW, Running, eventually
from tests.bot.walks.discord import INES, Draft, Person
from tests.loopback.discord import DiscordServer
from tests.loopback.discord.world import Message

pytestmark = pytest.mark.slow

PICTURE_BUTTONS = ["New outfit", "New light", "Same scene again"]


@pytest.fixture
def ada(discord: DiscordServer) -> Person:
    """Ada, in a channel of her server."""
    user = discord.control.user("Ada")
    guild = discord.control.guild("Lab", user)
    return Person(discord, discord.control.channel(guild, "hall"), user)


def in_private(person: Person) -> Person:
    """The same person in their direct messages with the bot."""
    return Person(person.discord, person.discord.control.dm(person.user), person.user)


# ---------------------------------------------------------------- the walk


async def test_from_create_to_a_deleted_picture(on_discord: Running, ada: Person) -> None:
    async with on_discord() as bot:
        draft = Draft(ada, await ada.slash("create"))
        assert draft.message.ephemeral
        await create(draft)
        await ada.click(draft.message, "Talk with Ines")
        hello = await ada.finds("So. You're the one with the ladder.")
        assert hello.author_name == "Ines Okafor" and hello.avatar_url
        said = await ada.say("Which sign did you paint last?", mention=True)
        reply = await ada.finds("", after=said)
        assert reply.author_name == "Ines Okafor"
        old, new = await pictures(ada, reply)
        await bot.restart()
        await after_the_restart(ada, old, new)


async def create(draft: Draft) -> None:
    """The whole wizard: every step with its live portrait, one proposal of the coach taken by one click."""
    await draft.answer(*INES[0])
    for number, (choices, written) in enumerate(INES[1:], 2):
        assert draft.step.startswith(f"{number}/8"), draft.message.text
        await draft.until(lambda: draft.message.pictures)
        if "copper" in choices:
            await draft.submit(await draft.own_words(beside="copper"), {"Hair colour": "red"})
            await draft.click("Use: ")
            assert "a thousand heads of hair" not in draft.message.text
            choices = tuple(one for one in choices if one != "copper")
        await draft.answer(choices, written)
    await draft.click("Make the takes")
    takes = ["Take 1", "Take 2", "Take 3"]
    await draft.until(lambda: [one for one in draft.message.labels if one.startswith("Take")] == takes)
    assert len(draft.message.pictures) == 3 and "Publish" not in draft.message.labels
    await draft.click("Take 2")
    await draft.click("Publish")
    assert "## Ines Okafor" in draft.message.text


async def pictures(ada: Person, reply: Message) -> tuple[Message, Message]:
    """One by the command, one by a button under it."""
    asked = await ada.slash("selfie", scene="at a jazz bar")
    first = await ada.picture(after=reply)
    assert first is asked, "the progress message becomes the picture"
    shown = [change.content for change in ada.discord.control.history(ada.channel)]
    assert any("at a jazz bar" in words and ("%" in words or "line" in words) for words in shown)
    assert first.labels[:3] == PICTURE_BUTTONS
    await ada.click(first, "New outfit")
    return first, await ada.picture(after=first)


async def after_the_restart(ada: Person, old: Message, new: Message) -> None:
    """The buttons of pictures from before it."""
    await ada.click(old, "New light")
    lit = await ada.picture(after=new)
    assert lit.pictures[-1].content != old.pictures[-1].content
    await ada.click(lit, "Make it my primary")
    await ada.finds("this is Ines Okafor’s picture everywhere", after=lit)
    await ada.click(old, "Delete")
    sure = await ada.finds("Delete this picture?", after=lit)
    assert sure.ephemeral
    await ada.click(sure, "Delete the picture")
    await ada.sees(lambda _: old.deleted or not old.pictures)


# ---------------------------------------------------------------- kill -9


async def test_a_form_that_was_open_when_it_was_killed_can_be_sent(on_discord: Running, ada: Person) -> None:
    async with on_discord() as bot:
        draft = Draft(ada, await ada.slash("create"))
        await draft.answer(*INES[0])
        form = await draft.form()
        await bot.restart()
        await draft.submit(form, INES[1][1])
        assert "Paints shop signs by hand" in draft.message.text
        form = await draft.form()
        changed = {**INES[1][1], "In one line": "Paints what other people only point at"}
        faults = ada.discord.faults
        faults.answer(500, times=99, method="PATCH", route="/webhooks/{webhook}/{token}/messages/{message}")
        await ada.discord.control.submit(form, changed, ada.user)
        await eventually(lambda: faults.happened)
        await bot.kill()
        faults.stop()
        await bot.start()
        await draft.until(lambda: changed["In one line"] in draft.message.text)
        for step in INES[1:3]:
            await draft.answer(step[0], {})
        assert draft.step.startswith("4/8")


@pytest.mark.parametrize("private", [True, False])
async def test_a_reply_that_was_killed_midway_stands_there_once(
    on_discord: Running, ada: Person, private: bool
) -> None:
    """In a server the reply is a webhook's, and the answer to its first post is lost, too."""
    person = in_private(ada) if private else ada
    question = "What do you like about evenings? My dog is called Biscuit."
    async with on_discord(SLOW) as bot:
        await meet_noor(person)
        if not private:
            ada.discord.faults.lose(method="POST", route="/webhooks/{webhook}/{token}")
        asked = await person.say(question, mention=not private)
        cut = (await person.finds("", after=asked)).text
        await bot.restart()
        await ada.discord.control.say(
            person.channel, person.user, id=asked.id
        )  # Discord tells of it once more
        thanks = await person.say("Thank you.", mention=not private)
        await person.finds("", after=thanks)  # what was said later is answered later
        speaks = "-# Noor Lindqvist\n"  # above her words where she speaks under the bot's name
        reply = [one.text.removeprefix(speaks) for one in person.screen if asked.id < one.id < thanks.id]
        assert reply == kept_words(await in_private(ada).slash("export"), question)
        assert len(reply) == 1 and len(reply[0]) > len(cut)


async def test_pictures_that_were_under_way_come_once(on_discord: Running, ada: Person) -> None:
    async with on_discord(SLOW) as bot:
        await meet_noor(ada)
        asked = [await ada.slash("selfie", scene=scene) for scene in ("at a jazz bar", "at the beach")]
        await ada.slash("memory")  # is answered when those have been, so that nothing of them is left to do
        assert len(done(ada)) < 2
        await bot.kill()
        ada.discord.clock.advance(16 * 60)  # the commands' tokens are dead by now
        await bot.start()
        for one in asked:
            ada.discord.control.repeat(one.interaction)
        await ada.sees(lambda _: len(done(ada)) == 2)
        await ada.slash("help")
        assert len(done(ada)) == 2
        assert not [one for one in ada.screen if "Cancel" in one.labels], "no progress is left behind"


async def test_a_webhook_that_was_deleted_while_it_was_away(on_discord: Running, ada: Person) -> None:
    control = ada.discord.control
    async with on_discord() as bot:
        await meet_noor(ada)
        await bot.kill()
        control.delete_webhooks(ada.channel)
        await bot.start()
        asked = await ada.say("And now?", mention=True)
        assert (await ada.finds("", after=asked)).author_name == "Noor Lindqvist"
        control.deny(ada.channel, "MANAGE_WEBHOOKS")
        control.delete_webhooks(ada.channel)
        asked = await ada.say("And without a webhook?", mention=True)
        assert (await ada.finds("Noor Lindqvist", after=asked)).author is ada.discord.world.bot


def done(person: Person) -> list[Message]:
    """The finished pictures on the screen."""
    return [one for one in person.screen if one.pictures and "New outfit" in one.labels]


async def meet_noor(person: Person) -> None:
    """Begin to talk with her; what is asked next is answered after it, so that nothing of it is left to do."""
    await person.slash("talk", character="noor")
    await person.finds("Night desk, this is Noor.")
    await person.slash("memory")


def kept_words(export: Message, question: str) -> list[str]:
    """What she said to a question according to the person's export: the truth that Discord has to show."""
    with zipfile.ZipFile(io.BytesIO(export.attachments[0].content)) as archive:
        conversations = json.loads(archive.read("selfsame.json"))["conversations"]
    for _, messages in conversations:
        for number, message in enumerate(messages):
            if message["text"] == question:
                after = [one["text"] for one in messages[number + 1 :] if one["role"] == "character"]
                return after[:1]
    raise AssertionError(f"{question!r} is not kept")
