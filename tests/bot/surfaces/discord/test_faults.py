"""Whatever goes wrong on the way, every reply stands there once, and nobody's words are lost."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.messages import Call, Document, PictureView, ProgressView, Replied, Started, Text, Tone
from bot.ports import SurfaceError
from engine.types import JobStatus, Role
from tests.bot.surfaces.discord.conftest import MAYA, NOOR, MemoryLedger, Open, line, speak, words
from tests.loopback.discord import DiscordServer, Fault
from tests.product import Product


def said(text):
    """What to wait for: a message with these words."""
    return lambda messages: next((m for m in messages if words(m) == text), None)


def ours(channel):
    """What the bot and its characters have said, in order."""
    return [words(m) for m in channel.messages.values() if m.author.name != "Ada"]


async def a_dm(discord: DiscordServer):
    ada = discord.control.user("Ada")
    return ada, discord.control.dm(ada)


async def a_hall(discord: DiscordServer):
    ada = discord.control.user("Ada")
    return ada, discord.control.channel(discord.control.guild("Lab", ada), "hall")


async def test_a_wrong_token_says_where_to_click(discord: DiscordServer, connect: Open) -> None:
    with pytest.raises(SurfaceError, match="Reset Token"):
        async with connect(token="not-the-token"):
            pass


async def test_a_missing_intent_says_what_to_switch_on(discord: DiscordServer, connect: Open) -> None:
    discord.world.application.flags = 0
    with pytest.raises(SurfaceError, match="Message Content Intent"):
        async with connect(message_content=True):
            pass


async def test_too_many_servers_for_one_connection(discord: DiscordServer, connect: Open) -> None:
    discord.world.application.required_shards = 2
    with pytest.raises(SurfaceError, match="shards = 1"):
        async with connect():
            pass


async def test_shards_share_the_servers(discord: DiscordServer, connect: Open) -> None:
    discord.world.application.shards = 2
    ada = discord.control.user("Ada")
    halls = [discord.control.channel(discord.control.guild(f"Lab {n}", ada), "hall") for n in range(4)]
    dm = discord.control.dm(ada)
    async with connect(shards=1) as house:
        await discord.gateway.until_ready(shards=2)
        for number, channel in enumerate((*halls, dm)):
            await discord.control.say(channel, ada, f"hello {number}", mention_bot=channel is not dm)
        for number, channel in enumerate((*halls, dm)):
            await channel.until(said(f"You said: hello {number}"))
        await house.door.settled()


async def test_nothing_is_lost_when_the_gateway_drops(discord: DiscordServer, connect: Open) -> None:
    ada, dm = await a_dm(discord)
    async with connect() as house:
        await discord.control.say(dm, ada, "before")
        await dm.until(said("You said: before"))
        discord.gateway.drop(resumable=True)
        await discord.control.say(dm, ada, "while away")
        await dm.until(said("You said: while away"), within=20)
        await house.door.settled()
    assert discord.gateway.resumed == 1
    assert ours(dm) == ["You said: before", "You said: while away"]


async def test_a_session_that_is_over_is_begun_anew(discord: DiscordServer, connect: Open) -> None:
    ada, dm = await a_dm(discord)
    async with connect() as house:
        discord.gateway.drop(resumable=False)
        await discord.gateway.until_gone()
        await discord.gateway.until_ready()
        await discord.control.say(dm, ada, "afterwards")
        await dm.until(said("You said: afterwards"), within=20)
        await house.door.settled()


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_a_server_that_fails_is_asked_again(discord: DiscordServer, connect: Open, status: int) -> None:
    ada, dm = await a_dm(discord)
    async with connect() as house:
        discord.faults.answer(
            status, times=1, method="POST", route="/channels/{channel}/messages", retry_after=0.2
        )
        await discord.control.say(dm, ada, "hello")
        await dm.until(said("You said: hello"), within=10)
        await house.door.settled()
    assert ours(dm) == ["You said: hello"]
    assert discord.faults.happened


async def test_an_answer_that_was_lost_doubles_nothing(discord: DiscordServer, connect: Open) -> None:
    ada, dm = await a_dm(discord)
    async with connect() as house:
        discord.faults.lose(times=2, method="POST", route="/channels/{channel}/messages")
        await discord.control.say(dm, ada, "hello")
        await dm.until(said("You said: hello"), within=10)
        await house.door.settled()
    assert ours(dm) == ["You said: hello"]


async def test_a_post_that_nobody_could_note_any_more_gets_its_final_words(
    discord: DiscordServer, connect: Open
) -> None:
    """Killed between the first words and the ledger, and back within Discord's minutes: it knows the nonce."""
    ada, dm = await a_dm(discord)
    async with connect() as house:
        await discord.control.say(dm, ada, "hello")
        await dm.until(said("You said: hello"))
        await house.door.settled()
        [inbound] = house.door.taken
    shown = next(m for m in dm.messages.values() if m.author is discord.bot)
    shown.content = "-# Noor\nYou …"
    async with connect(MemoryLedger()) as house:
        for _ in range(2):
            await house.surface.deliver(
                inbound.origin, Replied(line("reply-" + inbound.event_id, "You said: hello"))
            )
        changes = [one.kind for one in discord.control.history(dm)]
        discord.control.delete_message(shown)
        house.ledger.rows.clear()
        await house.surface.deliver(
            inbound.origin, Replied(line("reply-" + inbound.event_id, "You said: bye"))
        )
    assert changes.count("edit") == 1
    assert ours(dm) == ["You said: bye"]


async def test_a_dropped_connection_is_tried_again(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await a_hall(discord)
    async with connect() as house:
        discord.faults.drop(times=3)
        await discord.control.say(hall, ada, "hello", mention_bot=True)
        await hall.until(said("You said: hello"), within=20)
        await house.door.settled()
    assert ours(hall) == ["You said: hello"]


async def test_whoever_blocks_the_bot_holds_up_nobody(discord: DiscordServer, connect: Open) -> None:
    ada, dm = await a_dm(discord)
    bob = discord.control.user("Bob")
    other = discord.control.dm(bob)
    async with connect() as house:

        async def script(inbound, show):
            ada.blocks_bot = True
            await speak(inbound, show, f"You said: {inbound.text}")

        house.door.script = script
        await discord.control.say(dm, ada, "hello")
        await discord.control.say(other, bob, "hi")
        await other.until(said("You said: hi"))
        await asyncio.wait_for(house.door.settled(), 5)
    assert ours(dm) == []


async def test_a_thread_that_is_gone_is_answered_in_its_channel(
    discord: DiscordServer, connect: Open
) -> None:
    ada, hall = await a_hall(discord)
    async with connect() as house:
        thread = discord.control.thread(hall, "side", ada)

        async def script(inbound, show):
            discord.control.delete_channel(thread)
            await speak(inbound, show, f"You said: {inbound.text}")

        house.door.script = script
        await discord.control.say(thread, ada, "hello", mention_bot=True)
        await hall.until(said("You said: hello"))
        await asyncio.wait_for(house.door.settled(), 5)


async def test_a_channel_that_is_gone_is_given_up(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await a_hall(discord)
    async with connect() as house:

        async def script(inbound, show):
            discord.control.delete_channel(hall)
            await speak(inbound, show, f"You said: {inbound.text}")

        house.door.script = script
        await discord.control.say(hall, ada, "hello", mention_bot=True)
        while not house.door.taken:
            await asyncio.sleep(0.01)
        await asyncio.wait_for(house.door.settled(), 5)


async def test_an_interaction_that_comes_twice_is_taken_once(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await a_hall(discord)
    async with connect() as house:

        async def script(inbound, show):
            await show(Text("Here it is.", Tone.INFO))

        house.door.script = script
        asked = await discord.control.slash(hall, ada, "privacy")
        shown = await asked.reply()
        discord.gateway.repeat_last()
        await asyncio.sleep(0.2)
        await house.door.settled()
    assert len(house.door.taken) == 1
    assert "Here it is." in shown.text
    assert len([m for m in hall.messages.values() if m.author is discord.bot]) == 1


async def test_a_lost_acknowledgement_is_no_failure(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await a_hall(discord)
    async with connect() as house:

        async def script(inbound, show):
            await show(Text("Here it is.", Tone.INFO))

        house.door.script = script
        discord.faults.lose(times=1, method="POST", route="/callback")
        asked = await discord.control.slash(hall, ada, "privacy")
        shown = await asked.reply()
        await house.door.settled()
    assert "Here it is." in shown.text


async def test_a_picture_after_the_quarter_of_an_hour(discord: DiscordServer, connect: Open) -> None:
    """The token is dead: the promised message is still changed, as the bot's own."""
    ada, hall = await a_hall(discord)
    async with connect() as house:
        asked = await progress(house, hall, ada)
        shown = await asked.reply()
        discord.clock.advance(16 * 60)
        [inbound] = house.door.taken
        await house.surface.edit(inbound.origin, "picture-1", Replied(picture("picture-1")))
        await house.door.settled()
    assert shown.pictures or [m for m in hall.messages.values() if m.pictures]


async def test_a_progress_message_that_was_deleted_comes_anew_and_calls(
    discord: DiscordServer, connect: Open
) -> None:
    ada, hall = await a_hall(discord)
    async with connect() as house:
        asked = await progress(house, hall, ada)
        discord.control.delete_message(await asked.reply())
        discord.clock.advance(16 * 60)
        [inbound] = house.door.taken
        await house.surface.edit(inbound.origin, "picture-1", Replied(picture("picture-1")))
        again = await hall.until(lambda messages: next((m for m in messages if m.pictures), None))
        for _ in range(3):  # delivery may repeat itself
            await house.surface.edit(inbound.origin, "picture-1", Replied(picture("picture-1")))
    assert ada.mention in again.text
    assert len([m for m in hall.messages.values() if m.pictures]) == 1


async def test_an_interaction_that_was_noticed_too_late_is_answered_all_the_same(
    discord: DiscordServer, connect: Open
) -> None:
    ada, dm = await a_dm(discord)
    async with connect() as house:

        async def script(inbound, show):
            await show(Text("Here it is.", Tone.INFO))

        house.door.script = script
        discord.faults.delay(3.5, times=1, method="POST", route="/callback")
        await discord.control.slash(dm, ada, "privacy")
        shown = await dm.until(
            lambda messages: next((m for m in messages if "Here it is." in m.text), None), within=15
        )
        await house.door.settled()
    assert shown.author is discord.bot


async def test_what_was_noticed_too_late_in_a_server_stays_between_two(
    discord: DiscordServer, connect: Open
) -> None:
    ada, hall = await a_hall(discord)
    dm = discord.control.dm(ada)
    async with connect() as house:

        async def script(inbound, show):
            await show(Text("Something very private.", Tone.INFO))

        house.door.script = script
        discord.faults.delay(3.5, times=1, method="POST", route="/callback")
        await discord.control.slash(hall, ada, "privacy")
        await dm.until(
            lambda messages: next((m for m in messages if "very private" in m.text), None), within=15
        )
        pointer = await hall.until(lambda messages: next((m for m in messages if m.author is not ada), None))
        await house.door.settled()
    assert "very private" not in pointer.text
    assert pointer.reference is None


async def test_a_file_that_discord_does_not_take_is_explained(discord: DiscordServer, connect: Open) -> None:
    ada, dm = await a_dm(discord)
    async with connect() as house:

        async def script(inbound, show):
            await show(Document("export.zip", "application/zip", b"x" * (10 * 1024 * 1024 + 1)))

        house.door.script = script
        shown = await (await discord.control.slash(dm, ada, "export")).reply()
        await house.door.settled()
    assert "too large" in shown.text


async def test_cancelling_changes_the_message_that_shows_the_progress(
    discord: DiscordServer, connect: Open
) -> None:
    ada, hall = await a_hall(discord)
    async with connect() as house:
        asked = await progress(house, hall, ada)
        shown = await asked.reply()

        async def script(inbound, show):
            view = ProgressView("job-1", JobStatus.CANCELLED, 0.0, "", 0, None, "picture-1", "Cancelled.")
            await show(view)
            await house.surface.edit(
                house.door.taken[0].origin, "picture-1", Replied(line("picture-1", "", progress=view))
            )

        house.door.script = script
        await discord.control.click(shown, "Cancel", ada)
        await hall.until(lambda messages: "Cancelled" in shown.text)
        await house.door.settled()
    assert house.door.taken[-1].call == Call("cancel", {"job": "job-1"})
    assert len([m for m in hall.messages.values() if m.author is discord.bot]) == 1


async def test_no_tokens_and_no_words_in_the_log(
    discord: DiscordServer, connect: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    ada, hall = await a_hall(discord)
    async with connect() as house:
        discord.faults.answer(429, times=3, method="PATCH", route="/webhooks/", retry_after=0.1)

        async def script(inbound, show):
            await show(Text("Something very private.", Tone.INFO))

        house.door.script = script
        asked = await discord.control.slash(hall, ada, "privacy")
        await asked.reply()
        await house.door.settled()
        [inbound] = house.door.taken
    token = inbound.origin.reply.split(":")[3]
    assert "rate limited" in caplog.text
    assert token not in caplog.text
    assert "very private" not in caplog.text
    assert discord.token not in caplog.text


def picture(key):
    """A finished picture's message."""
    view = PictureView("media-jazz", "Noor at a jazz bar", 512, 512, datetime.now(UTC), "at a jazz bar")
    return line(key, "", picture=view)


async def progress(house, hall, ada):
    """/selfie whose progress is shown."""

    async def script(inbound, show):
        await show(Started(line("said", inbound.text, Role.PERSON), "picture-1"))
        view = ProgressView(
            "job-1", JobStatus.QUEUED, 0.0, "waiting", 2, 40.0, "picture-1", "", "at a jazz bar"
        )
        await show(Replied(line("picture-1", "", progress=view)))

    house.door.script = script
    asked = await house.control.slash(hall, ada, "selfie", {"scene": "at a jazz bar"})
    await asked.reply()
    await house.door.settled()
    return asked


@pytest.mark.parametrize("seed", range(3))
async def test_many_talk_in_one_channel_while_requests_fail(
    discord: DiscordServer, connect: Open, seed: int
) -> None:
    people = [discord.control.user(f"Person {n}") for n in range(4)]
    hall = discord.control.channel(discord.control.guild("Lab", *people), "hall")
    speakers = (NOOR, MAYA)
    async with connect() as house:

        async def script(inbound, show):
            speaker = speakers[int(inbound.text) % 2]
            await speak(
                inbound, show, f"{speaker.name} heard {inbound.text}. Really.", pieces=4, speaker=speaker
            )

        house.door.script = script
        failures = (Fault("drop"), Fault("lose"), Fault("answer", status=503))
        discord.faults.sometimes(0.15, seed, *failures, route="/webhooks/")
        for n in range(12):
            await discord.control.say(hall, people[n % 4], str(n), mention_bot=True)
        await hall.until(
            lambda messages: len([m for m in messages if m.content.endswith("Really.")]) >= 12, within=60
        )
        await house.door.settled()
        discord.faults.stop()
        await asyncio.sleep(0.3)
    replies = [m for m in hall.messages.values() if m.author not in people]
    assert sorted(m.content for m in replies) == sorted(
        f"{speakers[n % 2].name} heard {n}. Really." for n in range(12)
    )
    assert all(m.content.startswith(m.author_name) for m in replies)
    for person in range(4):
        heard = [int(m.content.split()[2].strip(".")) for m in replies]
        own = [n for n in heard if n % 4 == person]
        assert own == sorted(own)


async def test_an_archived_thread_is_answered_all_the_same(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await a_hall(discord)
    async with connect() as house:
        thread = discord.control.thread(hall, "side", ada)

        async def script(inbound, show):
            discord.control.archive(thread)
            await speak(inbound, show, f"You said: {inbound.text}")

        house.door.script = script
        await discord.control.say(thread, ada, "hello", mention_bot=True)
        while not house.door.taken:
            await asyncio.sleep(0.01)
        await asyncio.wait_for(house.door.settled(), 10)
    assert (ours(thread) + ours(hall)).count("You said: hello") == 1


@pytest.mark.slow
async def test_killed_in_mid_stream_every_reply_stands_there_once(
    discord: DiscordServer, tmp_path: Path
) -> None:
    """The whole product, kill -9 while it writes in a private chat and, by webhook, in a server."""
    ada, hall = await a_hall(discord)
    dm = discord.control.dm(ada)
    settings = f'[discord]\napi_url = "{discord.url}"\n'
    product = Product(tmp_path / "data", settings, {"SELFSAME_DISCORD_TOKEN": discord.token})
    try:
        await asyncio.to_thread(product.start)
        await discord.gateway.until_ready()
        await discord.control.until_commands()
        before = {}
        for channel in (dm, hall):
            await (await discord.control.slash(channel, ada, "talk", {"character": "noor"})).reply()
            await channel.until(lambda messages: len([m for m in messages if m.author is not ada]) == 3)
            before[channel] = len(ours(channel))
        for channel in (dm, hall):
            await discord.control.say(channel, ada, "how was your day?", mention_bot=channel is hall)
        for channel in (dm, hall):
            await channel.until(lambda messages, least=before[channel] + 1: len(messages) > least)
        await asyncio.to_thread(product.kill)
        await discord.gateway.until_gone()
        await asyncio.to_thread(product.start)
        await discord.gateway.until_ready()
        for channel in (dm, hall):
            await channel.until(lambda messages: not messages[-1].content.endswith("…"), within=30)
        await asyncio.sleep(2)
        assert {channel: len(ours(channel)) - before[channel] for channel in before} == {dm: 1, hall: 1}
    finally:
        await asyncio.to_thread(product.kill)
