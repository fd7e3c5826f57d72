"""What people said while nobody listened is answered once, in order; nothing that was answered or forgotten comes back."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from bot.messages import Replied
from bot.surfaces.discord.inbound import written_at
from tests.bot.surfaces.discord.conftest import MemoryLedger, Open, ScriptedDoor, line
from tests.loopback.discord import DiscordServer
from tests.product import Product

DAY_S = 24 * 3600


def by_others(channel):
    """What the bot and its characters have said, in order."""
    return [m.text.splitlines()[-1] for m in channel.messages.values() if m.author.name not in ("Ada", "Bob")]


def heard(*texts):
    """What to wait for: these were said to the bot, and answered."""

    def look(messages):
        said = [m.text.splitlines()[-1] for m in messages]
        return all(f"You said: {text}" in said for text in texts)

    return look


async def talking(house, channel, user, text="before", **how):
    """Say something and wait for the answer."""
    await house.control.say(channel, user, text, **how)
    await channel.until(heard(text))
    await house.door.settled()


async def a_dm(discord: DiscordServer):
    ada = discord.control.user("Ada")
    return ada, discord.control.dm(ada)


async def a_hall(discord: DiscordServer):
    ada = discord.control.user("Ada")
    return ada, discord.control.channel(discord.control.guild("Lab", ada), "hall")


async def test_what_was_said_while_it_was_down_is_answered_once(
    discord: DiscordServer, connect: Open
) -> None:
    ada, dm = await a_dm(discord)
    ledger, door = MemoryLedger(), ScriptedDoor()
    async with connect(ledger, door=door) as house:
        await talking(house, dm, ada)
    await discord.control.say(dm, ada, "are you there?")
    await discord.control.say(dm, ada, "hello?")
    for _ in range(2):
        async with connect(ledger, door=door) as house:
            await dm.until(heard("are you there?", "hello?"))
            await caught_up(house)
    assert by_others(dm) == ["You said: before", "You said: are you there?", "You said: hello?"]
    assert len({one.origin.person_id for one in door.taken}) == 1
    assert all(one.origin.private for one in door.taken)


async def caught_up(house):
    """Wait until every channel has been read."""
    await house.caught_up()
    await house.door.settled()


@pytest.mark.slow  # the library waits for five seconds before it begins a new session
async def test_what_was_said_while_a_session_was_lost(discord: DiscordServer, connect: Open) -> None:
    """Also where something else was posted after it, before the new session began."""
    ada, hall = await a_hall(discord)
    dm = discord.control.dm(ada)
    async with connect() as house:
        for channel in (hall, dm):
            await talking(house, channel, ada, mention_bot=channel is hall)
        discord.gateway.drop(resumable=False)
        await discord.gateway.until_gone()
        for channel in (hall, dm):
            await discord.control.say(channel, ada, "while away", mention_bot=channel is hall)
            [origin] = [one.origin for one in house.door.taken if one.origin.channel == str(channel.id)]
            await house.surface.deliver(origin, Replied(line(f"meanwhile-{channel.id}", "Meanwhile.")))
        for channel in (hall, dm):
            await channel.until(heard("while away"), within=20)
        await caught_up(house)
    for channel in (hall, dm):
        assert by_others(channel) == ["You said: before", "Meanwhile.", "You said: while away"]


@pytest.mark.slow
async def test_one_of_two_connections_loses_its_session(discord: DiscordServer, connect: Open) -> None:
    discord.world.application.shards = 2
    ada, dm = await a_dm(discord)
    async with connect(shards=1) as house:
        await discord.gateway.until_ready(shards=2)
        await talking(house, dm, ada)
        await caught_up(house)
        discord.gateway.drop()
        for lost in [one for one in discord.gateway.sessions.values() if one.shard == 0]:
            del discord.gateway.sessions[lost.id]
        await discord.control.say(dm, ada, "while away")
        await dm.until(heard("while away"), within=40)
        assert (discord.gateway.resumed, discord.gateway.invalidated) == (1, 1)
        await caught_up(house)
    assert by_others(dm) == ["You said: before", "You said: while away"]


async def test_a_resumed_session_reads_nothing(discord: DiscordServer, connect: Open) -> None:
    ada, dm = await a_dm(discord)
    async with connect() as house:
        await talking(house, dm, ada)
        await caught_up(house)
        before = reads(discord)
        discord.gateway.drop(resumable=True)
        await talking(house, dm, ada, "while away")
        assert discord.gateway.resumed == 1
        assert reads(discord) == before


def reads(discord: DiscordServer):
    """How often messages were asked for."""
    return len(
        [r for r in discord.requests if r.method == "GET" and r.route == "/channels/{channel}/messages"]
    )


async def test_only_what_is_for_us_and_in_order(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await a_hall(discord)
    bob = discord.control.user("Bob")
    discord.control.join(hall.guild, bob)
    thread = discord.control.thread(hall, "side", ada)
    ledger, door = MemoryLedger(), ScriptedDoor()
    async with connect(ledger, door=door, message_content=True) as house:
        await talking(house, hall, ada, mention_bot=True)
        await talking(house, thread, ada, "in a thread", mention_bot=True)
        answer = next(m for m in hall.messages.values() if m.author_name == "Noor")
    await discord.control.say(hall, ada, "one", mention_bot=True)
    await discord.control.say(hall, bob, "Noor is nice, isn't she?")
    await discord.control.say(hall, bob, "two", reply_to=answer)
    await discord.control.say_by_webhook(hall, "Other", f"<@{discord.bot.id}> three")
    await discord.control.say(thread, bob, "four", mention_bot=True)
    async with connect(ledger, door=door, message_content=True) as house:
        await hall.until(heard("one", "two"))
        await thread.until(heard("four"))
        await caught_up(house)
    missed = sorted(door.taken[2:], key=lambda one: one.origin.thread)
    assert [one.text for one in missed] == ["one", "two", "four"]
    assert missed[1].answers == "reply-" + door.taken[0].event_id
    assert (missed[2].origin.channel, missed[2].origin.thread) == (str(hall.id), str(thread.id))
    assert not discord.unknown_requests


async def test_words_that_come_now_are_answered_after_those_that_were_missed(
    discord: DiscordServer, connect: Open
) -> None:
    ada, dm = await a_dm(discord)
    ledger, door = MemoryLedger(), ScriptedDoor()
    async with connect(ledger, door=door) as house:
        await talking(house, dm, ada)
    await discord.control.say(dm, ada, "first")
    discord.faults.delay(0.5, times=1, method="GET", route="/channels/{channel}/messages")
    async with connect(ledger, door=door) as house:
        await discord.control.say(dm, ada, "second")
        await discord.control.say(dm, ada, "third")
        await dm.until(heard("first", "second", "third"))
        await caught_up(house)
    assert [one.text for one in door.taken] == ["before", "first", "second", "third"]


async def test_a_channel_that_is_closed_to_us_now_holds_up_no_other(
    discord: DiscordServer, connect: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    ada, hall = await a_hall(discord)
    gone = discord.control.channel(hall.guild, "gone")
    closed = discord.control.channel(hall.guild, "closed")
    ledger, door = MemoryLedger(), ScriptedDoor()
    async with connect(ledger, door=door) as house:
        for channel in (hall, gone, closed):
            await talking(house, channel, ada, mention_bot=True)
    for channel in (hall, gone, closed):
        await discord.control.say(channel, ada, "secret words", mention_bot=True)
    discord.control.delete_channel(gone)
    discord.control.deny(closed, "VIEW_CHANNEL", "READ_MESSAGE_HISTORY")
    discord.faults.answer(503, times=1, method="GET", route="/channels/{channel}/messages")
    async with connect(ledger, door=door) as house:
        await hall.until(heard("secret words"))
        await caught_up(house)
    assert len(door.taken) == 4
    assert caplog.text.count("could not be read for what was missed") == 2
    assert "secret words" not in caplog.text


async def test_nobody_is_answered_after_a_day(discord: DiscordServer, connect: Open) -> None:
    ada, dm = await a_dm(discord)
    ledger, door = MemoryLedger(), ScriptedDoor()
    async with connect(ledger, door=door) as house:
        await talking(house, dm, ada)
    said = await discord.control.say(dm, ada, "too late")

    def a_day_later() -> float:
        return written_at(str(said.id)) + DAY_S + 1

    async with connect(ledger, door=door, now=a_day_later) as house:
        await caught_up(house)
    assert [one.text for one in door.taken] == ["before"]


async def test_what_was_answered_to_somebody_forgotten_is_not_answered_again(
    discord: DiscordServer, connect: Open
) -> None:
    ada, hall = await a_hall(discord)
    bob = discord.control.user("Bob")
    discord.control.join(hall.guild, bob)
    ledger = MemoryLedger()
    async with connect(ledger) as house:
        await talking(house, hall, bob, "I am Bob", mention_bot=True)
        await talking(house, hall, ada, "forget this", mention_bot=True)
        forgotten = house.door.taken[1].event_id
        await ledger.drop("discord", f"reply-{forgotten}")
    await discord.control.say(hall, bob, "and now?", mention_bot=True)
    async with connect(ledger) as house:  # the door knows nothing of Ada any more either
        await hall.until(heard("and now?"))
        await caught_up(house)
        assert [one.text for one in house.door.taken] == ["and now?"]


async def test_a_channel_without_news_is_not_read(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await a_hall(discord)
    ledger, door = MemoryLedger(), ScriptedDoor()
    async with connect(ledger, door=door) as house:
        await talking(house, hall, ada, mention_bot=True)
    before = reads(discord)
    async with connect(ledger, door=door) as house:
        await caught_up(house)
        await asyncio.sleep(0)
    assert reads(discord) == before


@pytest.mark.slow
async def test_the_whole_product_answers_what_was_said_while_it_was_down(
    discord: DiscordServer, tmp_path: Path
) -> None:
    ada, hall = await a_hall(discord)
    dm = discord.control.dm(ada)
    settings = f'[discord]\napi_url = "{discord.url}"\n[chat]\npace_ms = 0\n'
    product = Product(tmp_path / "data", settings, {"SELFSAME_DISCORD_TOKEN": discord.token})

    def replies(channel):
        """What came after the first words that were missed."""
        return [m for m in channel.messages.values() if m.author is not ada and m.id > asked[channel].id]

    try:
        await start(discord, product)
        asked = {}
        for channel in (dm, hall):
            await (await discord.control.slash(channel, ada, "talk", {"character": "noor"})).reply()
            await channel.until(lambda messages: any("Night desk" in m.content for m in messages))
        await asyncio.to_thread(product.kill)
        await discord.gateway.until_gone()
        for channel in (dm, hall):
            asked[channel] = await discord.control.say(
                channel, ada, "Are you there?", mention_bot=channel is hall
            )
        await discord.control.say(dm, ada, "My dog is called Biscuit.")
        for _ in range(2):
            await start(discord, product)
            for channel, answers in ((dm, 2), (hall, 1)):
                await channel.until(lambda _, c=channel, n=answers: len(replies(c)) >= n, within=20)
            await asyncio.sleep(3)  # long enough for the second run to catch up, too
            await asyncio.to_thread(product.kill)
            await discord.gateway.until_gone()
        assert [len(replies(channel)) for channel in (dm, hall)] == [2, 1]
        assert "Traceback" not in product.said()
    finally:
        await asyncio.to_thread(product.kill)


async def start(discord: DiscordServer, product: Product) -> None:
    """Start it and wait until it is there."""
    await asyncio.to_thread(product.start)
    await discord.gateway.until_ready()
    await discord.control.until_commands()
