"""A command that a crash left half done is carried out anew; what it shows first stands where it was shown first."""

from __future__ import annotations

from typing import Any

import pytest

from bot.messages import Text
from tests.bot.surfaces.discord.conftest import Open
from tests.loopback.discord import DiscordServer
from tests.loopback.discord.world import Channel, User


@pytest.fixture
def ada(discord: DiscordServer) -> User:
    return discord.control.user("Ada")


@pytest.fixture
def hall(discord: DiscordServer, ada: User) -> Channel:
    return discord.control.channel(discord.control.guild("Lab", ada), "hall")


async def kept(inbound: Any, show: Any) -> None:
    await show(Text("What is kept, and what you can do about it."))


async def test_a_view_that_was_shown_before_a_crash_is_shown_in_its_place(
    discord: DiscordServer, connect: Open, ada: User, hall: Channel
) -> None:
    async with connect() as house:
        house.door.script = kept
        asked = await discord.control.slash(hall, ada, "privacy")
        shown = await asked.reply()
        await house.door.settled()
        [inbound], ledger = house.door.taken, house.ledger
    await discord.gateway.until_gone()
    async with connect(ledger) as house:  # the store had no time to note that it was done
        house.door.script = kept
        house.door.submit(inbound)
        await house.door.settled()
    assert [one for one in hall.messages.values() if one.author is discord.bot and not one.deleted] == [shown]
    assert "What is kept" in shown.text


async def test_a_later_view_of_the_same_command_takes_nothing_away(
    discord: DiscordServer, connect: Open, ada: User, hall: Channel
) -> None:
    async def twice(inbound: Any, show: Any) -> None:
        await kept(inbound, show)
        await show(Text("And there is more."))

    async with connect() as house:
        house.door.script = kept
        asked = await discord.control.slash(hall, ada, "privacy")
        shown = await asked.reply()
        await house.door.settled()
        [inbound], ledger = house.door.taken, house.ledger
    await discord.gateway.until_gone()
    async with connect(ledger) as house:
        house.door.script = twice
        house.door.submit(inbound)
        await house.door.settled()
    texts = [one.text for one in hall.messages.values() if one.author is discord.bot]
    assert texts == ["What is kept, and what you can do about it.", "And there is more."]
    assert shown.text == texts[0]
