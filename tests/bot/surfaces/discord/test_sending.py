"""Answers find their way: to the right eyes, in place of what they follow, and after a restart as before it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from bot.messages import (
    Button,
    Call,
    Catalog,
    CharacterCard,
    Confirm,
    Memories,
    PictureView,
    ProgressView,
    Replied,
    Started,
    Text,
    Tone,
    Wizard,
    WizardField,
)
from bot.messages import FieldKind as Kind
from engine.types import JobStatus, Role
from tests.bot.surfaces.discord.conftest import MAYA, MemoryCalls, MemoryLedger, Open, line, speak, words
from tests.loopback.discord import DiscordServer

CARD = CharacterCard("id-noor", "noor", "Noor", "reads the night", "media-noor", "painterly")


def by_bot(discord):
    """What to wait for: a message of the bot."""
    return lambda messages: next((m for m in messages if m.author is discord.bot), None)


def picture(key="picture-1", *buttons):
    """A finished picture's message."""
    view = PictureView(
        "media-jazz", "Noor at a jazz bar", 512, 512, datetime.now(UTC), "at a jazz bar", buttons
    )
    return Replied(line(key, "", picture=view))


def progress(key="picture-1", position=2):
    """A picture's message while it is being made."""
    view = ProgressView("job-1", JobStatus.QUEUED, 0.0, "waiting", position, 40.0, key, "", "at a jazz bar")
    return Replied(line(key, "", progress=view))


def wizard(step="looks", index=1, **more):
    """A step of the wizard."""
    fields = (WizardField("name", "Name", Kind.LINE, "", example="Noor"),)
    steps = (("start", "A starting point", True), ("looks", "Looks", False))
    return Wizard("draft-1", step, step.capitalize(), "Who is it?", index, 2, steps, fields, **more)


async def a_hall(discord: DiscordServer):
    ada = discord.control.user("Ada")
    return ada, discord.control.channel(discord.control.guild("Lab", ada), "hall")


def showing(*outbounds):
    """A script that shows these for whatever comes."""

    async def script(inbound, show):
        for outbound in outbounds:
            await show(outbound)

    return script


async def test_private_views_are_for_one_pair_of_eyes(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await a_hall(discord)
    bob = discord.control.user("Bob")
    discord.control.join(hall.guild, bob)
    async with connect() as house:
        house.door.script = showing(Memories(CARD, ()))
        await (await discord.control.slash(hall, ada, "memory")).reply()
        await house.door.settled()
    assert not discord.control.transcript(hall, bob)
    assert discord.control.transcript(hall, ada)


async def test_only_the_person_hears_why_there_is_no_picture(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await a_hall(discord)
    bob = discord.control.user("Bob")
    discord.control.join(hall.guild, bob)
    async with connect() as house:
        house.door.script = showing(Text("You have as many pictures under way as one may.", Tone.ERROR))
        asked = await discord.control.slash(hall, ada, "selfie", {"scene": "jazz"})
        error = await asked.followup(0)
        await house.door.settled()
    assert "under way" in error.text
    assert error.ephemeral
    assert not discord.control.transcript(hall, bob)


@pytest.mark.parametrize("blocked", [False, True])
async def test_private_views_asked_for_by_words_come_by_direct_message(
    discord: DiscordServer, connect: Open, blocked: bool
) -> None:
    ada, hall = await a_hall(discord)
    dm = discord.control.dm(ada)
    ada.blocks_bot = blocked
    async with connect() as house:
        house.door.script = showing(Memories(CARD, ()))
        await discord.control.say(hall, ada, "/memory", mention_bot=True)
        pointer = await hall.until(by_bot(discord))
        await house.door.settled()
    assert "Noor" not in pointer.text
    assert ("Use the command here" if blocked else "I have written to you") in pointer.text
    assert len([m for m in dm.messages.values() if m.author is discord.bot]) == (not blocked)


async def test_a_click_turns_the_page_in_place(discord: DiscordServer, connect: Open) -> None:
    ada = discord.control.user("Ada")
    dm = discord.control.dm(ada)
    cards = tuple(
        CharacterCard(f"id-{n}", f"c{n}", f"Person {n}", "kind", f"media-{n}", "painterly") for n in range(14)
    )
    async with connect() as house:
        house.door.script = showing(Catalog(cards))
        shown = await (await discord.control.slash(dm, ada, "characters")).reply()
        assert "Person 0" in shown.text
        forward = next(one for one in shown.labels if "Next" in one or "▶" in one)
        await discord.control.click(shown, forward, ada)
        await dm.until(lambda messages: "Person 7" in shown.text)
        await house.door.settled()
    assert "Person 0" not in shown.text
    assert len([m for m in dm.messages.values() if m.author is discord.bot]) == 1


async def test_a_confirmed_question_is_replaced_by_what_was_done(
    discord: DiscordServer, connect: Open
) -> None:
    ada, hall = await a_hall(discord)
    async with connect() as house:
        call = Call("forget_me", {"confirm": True})
        house.door.script = showing(Confirm("Delete everything?", Button("Delete it", call)))
        shown = await (await discord.control.slash(hall, ada, "forget_me")).reply()
        assert shown.ephemeral
        house.door.script = showing(Text("Everything is deleted.", Tone.INFO))
        await discord.control.click(shown, "Delete it", ada)
        await hall.until(lambda messages: "Everything is deleted." in shown.text)
        await house.door.settled()
    assert house.door.taken[-1].call == call


async def test_buttons_work_after_a_restart(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await a_hall(discord)
    ledger, calls = MemoryLedger(), MemoryCalls()
    media = "01a1fe9e-62f2-7aca-900f-e37dc0c427e5"
    again = Button("Same scene again", Call("vary", {"media": media, "what": "again"}))
    async with connect(ledger, calls) as house:
        house.door.script = showing(picture("picture-1", again))
        shown = await (await discord.control.slash(hall, ada, "selfie", {"scene": "jazz"})).reply()
        await house.door.settled()
    async with connect(ledger, calls) as house:
        house.door.script = showing(
            Started(line("said", "", Role.PERSON), "picture-2"), progress("picture-2")
        )
        await discord.control.click(shown, "Same scene again", ada)
        await hall.until(lambda messages: len([m for m in messages if m.author is discord.bot]) == 2)
        await house.door.settled()
        [inbound] = house.door.taken
        await house.surface.edit(inbound.origin, "picture-2", picture("picture-2"))
    assert inbound.call == Call("vary", {"media": media, "what": "again"})
    first, second = [m for m in hall.messages.values() if m.author is discord.bot]
    assert first.pictures and second.pictures  # the click left the first where it was


async def test_progress_is_edited_in_place_and_the_same_is_not_sent_twice(
    discord: DiscordServer, connect: Open
) -> None:
    ada = discord.control.user("Ada")
    dm = discord.control.dm(ada)
    async with connect() as house:
        house.door.script = showing(progress())
        await discord.control.say(dm, ada, "send me a picture")
        shown = await dm.until(by_bot(discord))
        await house.door.settled()
        [inbound] = house.door.taken
        for outbound in (progress(), progress(), progress(position=1), progress(position=1), picture()):
            await house.surface.edit(inbound.origin, "picture-1", outbound)
        edits = [one for one in discord.control.history(dm) if one.kind == "edit"]
    assert len(edits) == 2
    assert shown.pictures
    assert len([m for m in dm.messages.values() if m.author is discord.bot]) == 1


async def test_a_view_that_nobody_could_note_any_more_shows_what_is_new(
    discord: DiscordServer, connect: Open
) -> None:
    """Killed between the post and the ledger, and back while Discord knows the nonce."""
    ada = discord.control.user("Ada")
    dm = discord.control.dm(ada)
    async with connect() as house:
        house.door.script = showing(progress())
        await discord.control.say(dm, ada, "send me a picture")
        shown = await dm.until(by_bot(discord))
        await house.door.settled()
        [inbound] = house.door.taken
    async with connect(MemoryLedger()) as house:
        assert shown.labels == ["Cancel"]
        await house.surface.edit(inbound.origin, "picture-1", picture())
    assert not shown.labels
    assert len([m for m in dm.messages.values() if m.author is discord.bot]) == 1


async def test_in_a_private_chat_no_token_is_needed_to_change_anything(
    discord: DiscordServer, connect: Open
) -> None:
    ada = discord.control.user("Ada")
    dm = discord.control.dm(ada)
    async with connect() as house:
        house.door.script = showing(progress())
        await (await discord.control.slash(dm, ada, "selfie", {"scene": "jazz"})).reply()
        await house.door.settled()
        asked = len(discord.requests)
        [inbound] = house.door.taken
        await house.surface.edit(inbound.origin, "picture-1", progress(position=1))
        await house.surface.edit(inbound.origin, "picture-1", picture())
    changes = [(one.method, one.route, one.status) for one in discord.requests[asked:]]
    assert changes == [("PATCH", "/channels/{channel}/messages/{message}", 200)] * 2


async def test_a_private_chat_tells_who_speaks(discord: DiscordServer, connect: Open) -> None:
    ada = discord.control.user("Ada")
    dm = discord.control.dm(ada)
    async with connect() as house:

        async def script(inbound, show):
            await speak(inbound, show, "Good evening.")
            await speak(inbound, show, "# Hello, you two.", key="another", speaker=MAYA)

        house.door.script = script
        await discord.control.say(dm, ada, "hello")
        await house_settled(house, dm, discord)
        said = [m.content for m in dm.messages.values() if m.author is discord.bot]
    assert said == ["-# Noor\nGood evening.", "-# Maya\n\\# Hello, you two."]


async def test_news_that_overtake_the_first_showing_give_one_message(
    discord: DiscordServer, connect: Open
) -> None:
    ada, hall = await a_hall(discord)
    async with connect() as house:

        async def script(inbound, show):
            await house.surface.edit(inbound.origin, "picture-1", progress(position=1))
            await show(progress(position=2))
            await house.surface.edit(inbound.origin, "picture-1", picture())

        house.door.script = script
        asked = await discord.control.slash(hall, ada, "selfie", {"scene": "jazz"})
        shown = await asked.reply()
        await house.door.settled()
    assert shown.pictures
    assert len([m for m in hall.messages.values() if m.author is discord.bot]) == 1


async def test_a_form_sent_after_a_restart_still_counts(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await a_hall(discord)
    ledger, calls = MemoryLedger(), MemoryCalls()
    async with connect(ledger, calls) as house:
        house.door.script, house.door.answers = showing(wizard()), (wizard(),)
        shown = await (await discord.control.slash(hall, ada, "create")).reply()
        opener = next(one for one in shown.labels if one not in ("Next", "Back", "Save for later", "Discard"))
        form = await (await discord.control.click(shown, opener, ada)).opened()
        await house.door.settled()
    async with connect(ledger, calls) as house:
        house.door.script = showing(wizard("done", 1))
        await discord.control.submit(form, {"Name": "Zoe"}, ada)
        await hall.until(lambda messages: "Done" in shown.text)
        await house.door.settled()
        [inbound] = house.door.taken
    assert inbound.call is not None
    assert inbound.call.options["name"] == "Zoe"
    assert inbound.call.options["draft"] == "draft-1"
    assert len([m for m in hall.messages.values() if m.author is discord.bot]) == 1


async def test_a_new_command_takes_the_wizard_along(discord: DiscordServer, connect: Open) -> None:
    ada = discord.control.user("Ada")
    dm = discord.control.dm(ada)
    async with connect() as house:
        house.door.script = showing(wizard())
        first = await (await discord.control.slash(dm, ada, "create")).reply()
        await discord.control.say(dm, ada, "hm")
        second = await (await discord.control.slash(dm, ada, "create")).reply()
        await house.door.settled()
        await dm.until(lambda messages: first.deleted)
        origin = house.door.taken[-1].origin
        await house.surface.edit(origin, "draft:draft-1", wizard("done"))
    assert "Done" in second.text
    assert not second.deleted


async def test_where_the_bot_is_no_member_it_answers_by_the_token(
    discord: DiscordServer, connect: Open
) -> None:
    ada, bob = discord.control.user("Ada", installed=True), discord.control.user("Bob")
    chat = discord.control.private(ada, bob)
    async with connect() as house:

        async def script(inbound, show):
            await speak(inbound, show, "Hello, both of you. " * 150, pieces=20)

        house.door.script = script
        asked = await discord.control.slash(chat, ada, "talk", {"character": "noor"})
        await asked.reply()
        await house.door.settled()
        [inbound] = house.door.taken
    said = [m for m in chat.messages.values() if m.author is discord.bot]
    words = " ".join(m.content for m in said).replace("**Noor**\n", "")
    assert " ".join(words.split()) == ("Hello, both of you. " * 150).strip()
    assert inbound.origin.place == f"discord:channel:{chat.id}"
    assert not inbound.origin.private


async def test_a_late_picture_leaves_a_button_where_only_the_token_speaks(
    discord: DiscordServer, connect: Open
) -> None:
    ada, bob = discord.control.user("Ada", installed=True), discord.control.user("Bob")
    chat = discord.control.private(ada, bob)
    async with connect() as house:
        over = asyncio.Event()

        async def sleep(seconds: float) -> None:
            assert 800 < seconds < 850
            await over.wait()

        house.surface._sleep = sleep
        house.door.script = showing(progress())
        shown = await (await discord.control.slash(chat, ada, "selfie", {"scene": "jazz"})).reply()
        await house.door.settled()
        over.set()
        await chat.until(lambda messages: "Show picture" in shown.labels)
        house.door.script = showing(Text("Your pictures", Tone.INFO))
        clicked = await discord.control.click(shown, "Show picture", ada)
        fresh = await clicked.followup(0)
    assert "Your pictures" in fresh.text
    assert house.door.taken[-1].call == Call("gallery", {"character": "character-noor"})


async def test_long_replies_are_split_and_whole(discord: DiscordServer, connect: Open) -> None:
    ada = discord.control.user("Ada")
    dm = discord.control.dm(ada)
    text = " ".join(f"Sentence number {n} says a little." for n in range(150))
    async with connect() as house:

        async def script(inbound, show):
            await speak(inbound, show, text, pieces=50)

        house.door.script = script
        await discord.control.say(dm, ada, "tell me everything")
        await house_settled(house, dm, discord)
    shown = [m for m in dm.messages.values() if m.author is discord.bot]
    assert [m.content.startswith("-# Noor\n") for m in shown] == [True, False, False]
    parts = [words(m) for m in shown]
    assert " ".join(parts) == text
    assert len(parts) == 3
    assert all(part.endswith(".") for part in parts)


async def house_settled(house, channel, discord):
    """Wait until the bot has answered and nothing is on its way."""
    await channel.until(by_bot(discord), within=20)
    await house.door.settled()


async def test_nobody_is_ever_mentioned_and_nothing_unfurls(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await a_hall(discord)
    text = f"@everyone look, <@{ada.id}>: https://example.org/ <@&1> # not a heading"
    async with connect() as house:

        async def script(inbound, show):
            await speak(inbound, show, text)

        house.door.script = script
        await discord.control.say(hall, ada, "do it", mention_bot=True)
        reply = await hall.until(
            lambda messages: next((m for m in messages if m.author_name == "Noor"), None)
        )
        await house.door.settled()
    assert not reply.mentions
    assert "@everyone" not in reply.content
    assert reply.flags & 4
