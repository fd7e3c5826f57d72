"""One companion on all surfaces: what is told on Discord is known on Telegram and on the page once they are linked, and
not before, not after, and never in a server."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from tests.bot.walks import discord as on_discord
from tests.bot.walks import telegram as on_telegram
from tests.bot.walks.conftest import Running
from tests.loopback.discord import DiscordServer
from tests.loopback.telegram import TelegramServer
from tests.product import Visitor

pytestmark = pytest.mark.slow

BISCUIT = "Biscuit"
CODE = re.compile(r"“/link ([^”]+)”")


@pytest.fixture
def there(discord: DiscordServer) -> on_discord.Person:
    """Ada on Discord, in her direct messages."""
    user = discord.control.user("Ada")
    return on_discord.Person(discord, discord.control.dm(user), user)


@pytest.fixture
def phone(telegram: TelegramServer) -> on_telegram.Person:
    """Ada on Telegram, in her private chat."""
    return on_telegram.Person(telegram, telegram.control.user("Ada", "ada"))


async def test_what_is_told_in_one_place_is_known_in_all_that_are_linked(
    on_both: Running, there: on_discord.Person, phone: on_telegram.Person
) -> None:
    guild = there.discord.control.guild("Lab", there.user)
    hall = on_discord.Person(there.discord, there.discord.control.channel(guild, "hall"), there.user)
    async with on_both() as bot:
        page = await asyncio.to_thread(Visitor, bot.product)
        await tell(there)
        phone.say("/talk noor")
        await phone.finds("Night desk, this is Noor.")
        assert BISCUIT not in await on_phone(phone)
        code = code_in((await there.slash("link")).text)
        sure = await phone.asks(f"/link {code}", label="Link with")
        assert "Discord (Ada)" in sure.text
        await phone.press(sure, "Link with")
        linked = await phone.finds("are linked")
        assert "Discord (Ada)" in linked.text and "Telegram (Ada)" in linked.text
        assert BISCUIT in await on_phone(phone)
        assert BISCUIT not in await on_page(page)
        await link_the_page(there, page)
        assert BISCUIT in await on_page(page)
        assert BISCUIT not in (await hall.slash("memory", character="noor")).text
        await part(phone)
        assert BISCUIT not in await on_phone(phone)
        assert BISCUIT in (await there.slash("memory", character="noor")).text
        page.client.close()


async def tell(there: on_discord.Person) -> None:
    """Ada tells Noor of her dog, and Noor has learned it."""
    await there.slash("talk", character="noor")
    await there.finds("Night desk, this is Noor.")
    said = await there.say("My dog is called Biscuit.")
    await there.finds("", after=said)
    async with asyncio.timeout(on_discord.PATIENCE):
        while BISCUIT not in (await there.slash("memory", character="noor")).text:
            await asyncio.sleep(0.2)


async def on_phone(phone: on_telegram.Person) -> str:
    """What Noor knows about Ada according to Telegram."""
    return (await phone.asks("/memory")).text


async def on_page(page: Visitor) -> str:
    """What Noor knows about the page's person."""
    return (await asyncio.to_thread(page.get, "/c/noor/memory")).text


async def link_the_page(there: on_discord.Person, page: Visitor) -> None:
    """A code from Discord, typed on the page."""
    code = code_in((await there.slash("link")).text)
    conversation = await asyncio.to_thread(page.talk, "noor")
    sure = await asyncio.to_thread(page.say, conversation, f"/link {code}")
    call = json.dumps({"name": "link", "options": {"code": code, "confirm": True}})
    assert "Become one person with" in sure.text
    said = await asyncio.to_thread(lambda: page.post("/do", call=call, conversation=conversation))
    assert "are linked" in said.text


async def part(phone: on_telegram.Person) -> None:
    """Telegram leaves the others."""
    sure = await phone.asks("/unlink", label="Unlink Telegram")
    await phone.press(sure, "Unlink Telegram")
    await phone.finds("are separate again")


def code_in(words: str) -> str:
    """The code that /link shows."""
    found = CODE.search(words)
    assert found, words
    return found[1]
