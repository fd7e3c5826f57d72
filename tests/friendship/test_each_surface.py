"""The two years on each surface, in a process of its own that is killed (kill -9) in the middle of answering.

`make friendship` runs it: some minutes for each surface. What is said stands in the store once, a hundred questions are
answered from the right line, and the forgotten secret is nowhere.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import open_house
from bot.config import Settings
from tests.bot.walks.conftest import Bot, settings_of
from tests.bot.walks.discord import Person as DiscordPerson
from tests.bot.walks.telegram import Person as TelegramPerson
from tests.engine.memory.leftovers import files_with
from tests.friendship.living import clock_of, reading, set_clock
from tests.friendship.script import BEGIN, DAYS, QUESTIONS, SECRET, Line, friendship
from tests.friendship.surfaces import OnDiscord, OnPage, OnTelegram, Talk
from tests.loopback.discord import DiscordServer
from tests.loopback.telegram import TelegramServer
from tests.product import Product

pytestmark = [pytest.mark.friendship, pytest.mark.timeout(1800)]

QUICK = "[chat]\npace_ms = 0\n[access]\nmessages_per_minute = 10000\n"
# kill -9 while so many lines are answered, each at another moment.
KILLS = 9
MOMENTS = (0.0, 0.02, 0.05, 0.1)


class Living(Product):
    """The product with a clock of the test's."""

    def _command(self) -> list[str]:
        _, _, _, *rest = super()._command()
        return [sys.executable, "-m", "tests.friendship.living", *rest]


@dataclass
class Life:
    """A bot, and a person who talks with it."""

    bot: Bot
    talk: Talk
    data: Path

    async def live(self, lines: Sequence[Line]) -> None:
        picker = random.Random(3)
        killed = set(picker.sample(range(len(lines)), KILLS))
        for number, line in enumerate(lines):
            set_clock(self.data, line.at)
            await self.talk.say(line.text)
            if number in killed:
                await asyncio.sleep(picker.choice(MOMENTS))
                await self.bot.restart()
                await self.talk.begin()
            await self.talk.answer()


@pytest.fixture(params=["page", "discord", "telegram"])
async def life(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Life]:
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(DiscordServer()) if request.param == "discord" else None
        telegram = await stack.enter_async_context(TelegramServer()) if request.param == "telegram" else None
        data = tmp_path / "data"
        set_clock(data, BEGIN)
        bot = Bot(Living(data, QUICK + settings_of(discord, telegram)), discord, telegram)
        stack.push_async_callback(asyncio.to_thread, bot.product.kill)
        await bot.start()
        yield Life(bot, _talk(bot, discord, telegram), data)


def _talk(bot: Bot, discord: DiscordServer | None, telegram: TelegramServer | None) -> Talk:
    if discord:
        robin = discord.control.user("Robin")
        discord.control.guild("Lab", robin)
        return OnDiscord(DiscordPerson(discord, discord.control.dm(robin), robin))
    if telegram:
        return OnTelegram(TelegramPerson(telegram, telegram.control.user("Robin", "robin")))
    return OnPage(bot.product)


async def test_a_friendship_is_remembered(life: Life) -> None:
    lines = friendship()
    await life.talk.begin()
    await life.live(lines)
    set_clock(life.data, BEGIN + timedelta(days=DAYS + 10))
    wrong: list[str] = []
    for question in QUESTIONS:
        await life.talk.say(question.text)
        said = await life.talk.answer()
        if not any(word.lower() in said.lower() for word in question.words):
            wrong.append(f"{question.text} -> {said!r}")
    assert not wrong, "\n".join(wrong)
    assert "Traceback" not in life.bot.product.said()
    await asyncio.to_thread(life.bot.product.stop)
    assert files_with(life.data, SECRET) == []
    assert _said_otherwise(life.data, lines) == []
    assert await _without_source(life.data) == []


def _said_otherwise(data: Path, lines: Sequence[Line]) -> list[str]:
    """Lines that do not stand in the store as often as they were said."""
    with closing(sqlite3.connect(f"{(data / 'selfsame.db').as_uri()}?mode=ro", uri=True)) as db:
        kept = [text for (text,) in db.execute("SELECT text FROM messages WHERE role = 'person'")]
    said = [line.text for line in lines if line.name not in ("secret", "forget")]
    return sorted({text for text in said if kept.count(text) != said.count(text)})


async def _without_source(data: Path) -> list[str]:
    """Questions whose answer does not come to mind from the line that told it."""
    missing = []
    settings = Settings.model_validate({"chat": {"pace_ms": 0}})
    async with open_house(settings, data, clock=reading(clock_of(data))) as (house, _, _):
        engine = house.engine
        told = {line.name: line.text for line in friendship() if line.name}
        (conversation_id,) = await engine.conversations.ids()
        conversation = await engine.conversations.get(conversation_id)
        for question in QUESTIONS:
            recalled = await engine.memory.recall(conversation, question.text, window_ids=(), limit=8)
            texts = {line.text for line in recalled.earlier} | {fact.source_text for fact in recalled.facts}
            if not any(text and text in told[question.source] for text in texts):
                missing.append(question.text)
    return missing
