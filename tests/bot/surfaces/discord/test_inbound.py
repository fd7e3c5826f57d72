"""What people do on Discord arrives at the door as what it means, once, in order; everything else does not."""

from __future__ import annotations

import asyncio

from bot.messages import Call, Catalog, CharacterCard, Text, Tone
from tests.bot.surfaces.discord.conftest import MemoryLedger, Open, words
from tests.loopback.discord import DiscordServer


def first(house_messages, author):
    """The first message of an author."""
    return next((m for m in house_messages if m.author is author), None)


async def test_a_chat_in_dms(discord: DiscordServer, connect: Open) -> None:
    ada = discord.control.user("Ada")
    dm = discord.control.dm(ada)
    async with connect() as house:
        said = await discord.control.say(dm, ada, "hello there")
        reply = await dm.until(lambda messages: first(messages, discord.bot))
        await house.door.settled()
    [inbound] = house.door.taken
    assert inbound.text == "hello there"
    assert inbound.origin.private
    assert inbound.event_id == f"m{said.id}"
    assert reply.content == "-# Noor\nYou said: hello there"  # everybody speaks under the bot's name there
    assert (
        house.ready == [f"Discord: here as {discord.bot.name}#0000"] or "Discord: here as" in house.ready[0]
    )
    assert not discord.unknown_requests


async def test_a_mention_in_a_server_keeps_only_its_words(discord: DiscordServer, connect: Open) -> None:
    ada, bob = discord.control.user("Ada"), discord.control.user("Bob")
    lab = discord.control.guild("Lab", ada, bob)
    hall = discord.control.channel(lab, "hall")
    async with connect() as house:
        await discord.control.say(hall, ada, "nobody is meant")
        await discord.control.say(hall, ada, f"good morning, <@{bob.id}> is here", mention_bot=True)
        await hall.until(lambda messages: next((m for m in messages if m.author_name == "Noor"), None))
        await house.door.settled()
    [inbound] = house.door.taken
    assert inbound.text == "good morning, @Bob is here"
    assert inbound.origin.place == f"discord:guild:{lab.id}:channel:{hall.id}"
    assert (inbound.origin.channel, inbound.origin.thread) == (str(hall.id), "")


async def test_a_thread_is_a_place_of_its_own(discord: DiscordServer, connect: Open) -> None:
    ada = discord.control.user("Ada")
    lab = discord.control.guild("Lab", ada)
    hall = discord.control.channel(lab, "hall")
    async with connect() as house:
        thread = discord.control.thread(hall, "side talk", ada)
        await discord.control.say(thread, ada, "psst", mention_bot=True)
        await thread.until(lambda messages: next((m for m in messages if m.author_name == "Noor"), None))
        await house.door.settled()
    [inbound] = house.door.taken
    assert (inbound.origin.channel, inbound.origin.thread) == (str(hall.id), str(thread.id))
    assert inbound.origin.place.endswith(f":channel:{hall.id}:thread:{thread.id}")


async def test_bots_webhooks_and_ourselves_start_no_loop(discord: DiscordServer, connect: Open) -> None:
    ada, robot = discord.control.user("Ada"), discord.control.user("Robot", bot=True)
    lab = discord.control.guild("Lab", ada, robot)
    hall = discord.control.channel(lab, "hall")
    async with connect() as house:
        await discord.control.say(hall, robot, "hello colleague", mention_bot=True)
        await discord.control.say(hall, ada, "hello", mention_bot=True)
        await hall.until(lambda messages: next((m for m in messages if m.author_name == "Noor"), None))
        await house.door.settled()
    assert [one.text for one in house.door.taken] == ["hello"]


async def test_a_reply_to_one_of_ours_names_it(discord: DiscordServer, connect: Open) -> None:
    ada = discord.control.user("Ada")
    hall = discord.control.channel(discord.control.guild("Lab", ada), "hall")
    async with connect(own_faces=False) as house:
        await discord.control.say(hall, ada, "hello", mention_bot=True)
        reply = await hall.until(lambda messages: first(messages, discord.bot))
        await house.door.settled()
        await discord.control.say(hall, ada, "and this?", reply_to=reply)
        await hall.until(lambda messages: len([m for m in messages if m.author is discord.bot]) == 2)
        await house.door.settled()
    hello, this = house.door.taken
    assert this.answers == f"reply-{hello.event_id}"
    assert this.text == "and this?"


async def test_what_cannot_be_read_is_explained_once(discord: DiscordServer, connect: Open) -> None:
    ada = discord.control.user("Ada")
    hall = discord.control.channel(discord.control.guild("Lab", ada), "hall")
    async with connect() as house:
        await discord.control.say(hall, ada, "hello", mention_bot=True)
        reply = await hall.until(
            lambda messages: next((m for m in messages if m.author_name == "Noor"), None)
        )
        await house.door.settled()
        for _ in range(3):
            await discord.control.say(hall, ada, "can you read this?", reply_to=reply, ping=False)
        await hall.until(lambda messages: first(messages, discord.bot))
        await asyncio.sleep(0.1)
    assert len(house.door.taken) == 1
    [hint] = [m for m in hall.messages.values() if m.author is discord.bot]
    assert "mentions me" in hint.content


async def test_names_are_heard_where_everything_may_be_read(discord: DiscordServer, connect: Open) -> None:
    ada = discord.control.user("Ada")
    hall = discord.control.channel(discord.control.guild("Lab", ada), "hall")
    async with connect(message_content=True) as house:
        await discord.control.say(hall, ada, "just us here")
        await discord.control.say(hall, ada, "what do you think, Noor?")
        await hall.until(lambda messages: next((m for m in messages if m.author_name == "Noor"), None))
        await house.door.settled()
    assert [one.text for one in house.door.taken] == ["what do you think, Noor?"]


async def test_adults_only(discord: DiscordServer, connect: Open) -> None:
    ada = discord.control.user("Ada")
    lab = discord.control.guild("Lab", ada)
    hall, den = discord.control.channel(lab, "hall"), discord.control.channel(lab, "den", nsfw=True)
    async with connect(age_restricted_only=True) as house:
        thread = discord.control.thread(den, "inside", ada)
        for channel in (hall, hall, den, thread):
            await discord.control.say(channel, ada, "hello", mention_bot=True)
        for channel in (den, thread):
            await channel.until(lambda messages: next((m for m in messages if m.author_name == "Noor"), None))
        await hall.until(lambda messages: first(messages, discord.bot))
        await house.door.settled()
    assert {one.origin.thread or one.origin.channel for one in house.door.taken} == {
        str(den.id),
        str(thread.id),
    }
    assert len([m for m in hall.messages.values() if m.author is discord.bot]) == 1


async def test_order_is_kept_and_repeated_events_are_taken_once(
    discord: DiscordServer, connect: Open
) -> None:
    ada = discord.control.user("Ada")
    dm = discord.control.dm(ada)
    async with connect() as house:
        said = [await discord.control.say(dm, ada, f"number {n}") for n in range(10)]
        for one in said:
            await discord.control.say(dm, ada, "", id=one.id)
        await dm.until(lambda messages: len([m for m in messages if m.author is discord.bot]) == 10)
        await house.door.settled()
        await asyncio.sleep(0.1)
    assert [one.text for one in house.door.taken] == [f"number {n}" for n in range(10)]
    answers = [words(m) for m in dm.messages.values() if m.author is discord.bot]
    assert answers == [f"You said: number {n}" for n in range(10)]


async def test_a_command_with_its_options(discord: DiscordServer, connect: Open) -> None:
    ada = discord.control.user("Ada")
    hall = discord.control.channel(discord.control.guild("Lab", ada), "hall")
    async with connect() as house:

        async def script(inbound, show):
            await show(Text("Everything about you.", Tone.INFO))

        house.door.script = script
        asked = await discord.control.slash(hall, ada, "memory", {"query": "my dog"})
        shown = await asked.reply()
        await house.door.settled()
    [inbound] = house.door.taken
    assert inbound.call == Call("memory", {"query": "my dog"})
    assert shown.ephemeral
    assert "Everything about you" in shown.text
    assert asked.answered_after < 3


async def test_pictures_are_for_everybody_and_errors_are_not(discord: DiscordServer, connect: Open) -> None:
    ada = discord.control.user("Ada")
    hall = discord.control.channel(discord.control.guild("Lab", ada), "hall")
    async with connect() as house:

        async def script(inbound, show):
            await show(Text("First.", Tone.INFO))
            await show(Text("You have too many.", Tone.ERROR))

        house.door.script = script
        asked = await discord.control.slash(hall, ada, "selfie", {"scene": "at a jazz bar"})
        shown = await asked.reply()
        error = await asked.followup(0) if not asked.followups else asked.followups[0]
        await house.door.settled()
    assert not shown.ephemeral
    assert error.ephemeral


async def test_names_are_completed(discord: DiscordServer, connect: Open) -> None:
    ada = discord.control.user("Ada")
    dm = discord.control.dm(ada)
    cards = tuple(
        CharacterCard(f"id-{n}", f"n{n}", name, "reads the night " * 20, "", "painterly")
        for n, name in enumerate(["Eleanor", "Noor", *(f"Extra {n}" for n in range(40))])
    )
    async with connect() as house:
        house.door.answers = (Catalog(cards),)
        choices = await discord.control.autocomplete(dm, ada, "talk", "character", "noo")
    assert choices[0]["value"] == "id-1"
    assert choices[0]["name"].startswith("Noor")
    assert len(choices) == 25
    assert all(len(one["name"]) <= 100 for one in choices)


async def test_a_second_start_registers_nothing_anew(discord: DiscordServer, connect: Open) -> None:
    async with connect(MemoryLedger()):
        pass
    puts = [one for one in discord.requests if one.method == "PUT"]
    async with connect(MemoryLedger()):
        await asyncio.sleep(0.2)
    assert [one for one in discord.requests if one.method == "PUT"] == puts
    assert len(puts) == 1
