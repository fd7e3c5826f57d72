"""Play the three moments of PRODUCT.md on Discord and Telegram and keep what people see as pictures in docs/images/.

    .venv/bin/python scripts/draw_chats.py

The product runs as it does for its owner; the messengers are the loopback servers of the tests. Needs Debian's chromium.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from PIL import Image
from playwright.async_api import async_playwright

from tests.bot.walks import discord as on_discord
from tests.bot.walks import telegram as on_telegram
from tests.bot.walks.conftest import running
from tests.browser.conftest import CHROMIUM
from tests.loopback.discord import DiscordServer
from tests.loopback.discord import render as discord_page
from tests.loopback.telegram import TelegramServer
from tests.loopback.telegram import render as telegram_page

IMAGES = Path(__file__).parents[1] / "docs" / "images"
SETTINGS = "[chat]\npace_ms = 0\n[images]\nsize = 768\n"
# Pixels: as wide as a chat is beside its lists, and the most that a picture on a page of documentation may be high.
WIDE, NARROW, HIGH = 860, 560, 1600
# What Ada says to Noor.
CHAT = (
    "The good kind. My dog Biscuit found a hedgehog and now we both can't sleep.",
    "What do you like about nights?",
)
# Colours are enough for a page: pictures of documentation stay small.
COLOURS = 256

Shoot = Callable[[str, str, int], Awaitable[None]]


async def main() -> None:
    """Both messengers, one after the other."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        async def shoot(name: str, html: str, width: int) -> None:
            page = await browser.new_page(viewport={"width": width, "height": 400})
            await page.set_content(html, wait_until="load")
            height = await page.evaluate("document.documentElement.scrollHeight")
            await page.set_viewport_size({"width": width, "height": height})
            shown = min(height, HIGH)
            path = IMAGES / f"{name}.png"
            clip = {"x": 0, "y": height - shown, "width": width, "height": shown}
            await page.screenshot(path=path, clip=clip)
            await page.close()
            _shrink(path)
            print(f"{path.name}: {path.stat().st_size // 1024} KiB")

        with tempfile.TemporaryDirectory() as folder:
            await play_discord(Path(folder) / "discord", shoot)
            await play_telegram(Path(folder) / "telegram", shoot)
        await browser.close()


def _shrink(path: Path) -> None:
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)


# ---------------------------------------------------------------- Discord


async def play_discord(data: Path, shoot: Shoot) -> None:
    """`/create` in a server, a talk in direct messages, `/selfie` in the server."""
    async with DiscordServer() as discord, running(data, SETTINGS, discord=discord):
        user = discord.control.user("Ada")
        guild = discord.control.guild("Book club", user)

        def place(name: str) -> on_discord.Person:
            return on_discord.Person(discord, discord.control.channel(guild, name), user)

        async def keep(name: str, person: on_discord.Person) -> None:
            html = discord_page.page(discord.world, "Selfsame on Discord", (person.channel, user))
            await shoot(f"discord-{name}", html, WIDE)

        await _create_on_discord(place("makers"), keep)
        private = on_discord.Person(discord, discord.control.dm(user), user)
        await _chat_on_discord(private)
        await keep("chat", private)
        hall = place("evenings")
        await hall.slash("talk", character="noor")
        hello = await hall.finds("Night desk, this is Noor.")
        await hall.slash("selfie", scene="at a jazz bar")
        await hall.picture(after=hello)
        await keep("selfie", hall)


async def _create_on_discord(
    person: on_discord.Person, keep: Callable[[str, on_discord.Person], Awaitable[None]]
) -> None:
    draft = on_discord.Draft(person, await person.slash("create"))
    for number, (choices, written) in enumerate(on_discord.INES):
        if number == 2:
            await draft.submit(await draft.own_words(beside="copper"), {"Hair colour": "red"})
            await draft.until(lambda: draft.message.pictures)
            await keep("create", person)
        await draft.answer(choices, written)


async def _chat_on_discord(person: on_discord.Person) -> None:
    await person.slash("talk", character="noor")
    await person.finds("Night desk, this is Noor.")
    for words in CHAT:
        said = await person.say(words)
        await person.finds("", after=said)
    await person.slash("memory")


# ---------------------------------------------------------------- Telegram


async def play_telegram(data: Path, shoot: Shoot) -> None:
    """The same three in private chats, each of a person of their own."""
    async with TelegramServer() as telegram, running(data, SETTINGS, telegram=telegram):

        def somebody() -> on_telegram.Person:
            return on_telegram.Person(telegram, telegram.control.user("Ada", "ada"))

        async def keep(name: str, person: on_telegram.Person, last: int = 99) -> None:
            lines = telegram.transcript(person.chat, person.user)[-last:]
            await shoot(f"telegram-{name}", telegram_page.page(lines, you="Ada", title="Selfsame"), NARROW)

        await _create_on_telegram(somebody, keep)
        talker = somebody()
        talker.say("/talk noor")
        await talker.finds("Night desk, this is Noor.")
        for words in CHAT:
            await talker.asks(words)
        await talker.asks("/memory")
        await keep("chat", talker)

        poser = somebody()
        poser.say("/talk noor")
        await poser.finds("Night desk, this is Noor.")
        poser.say("/selfie at a jazz bar")
        await poser.finds(label="New outfit")
        await keep("selfie", poser)


async def _create_on_telegram(
    somebody: Callable[[], on_telegram.Person],
    keep: Callable[[str, on_telegram.Person, int], Awaitable[None]],
) -> None:
    """A beginning brings another look each time: the first woman with long hair gets red hair."""
    while True:
        maker = somebody()
        maker.say("/create")
        await maker.finds("1/8")
        draft = on_telegram.Draft(maker)
        await draft.press("Artist")
        if "Presents as: woman" not in draft.message.text:
            continue
        await draft.write("Name", "Ines Okafor")
        await draft.press("Next ›")
        if "long" in draft.message.text or "shoulder" in draft.message.text:
            break
    await draft.write("Hair colour", "red")
    await maker.sees(lambda messages: sum(bool(on_telegram.STEP.match(one.text)) for one in messages) == 1)
    await keep("create", maker, 3)  # the question, the answer, and what the coach has to say


if __name__ == "__main__":
    asyncio.run(main())
