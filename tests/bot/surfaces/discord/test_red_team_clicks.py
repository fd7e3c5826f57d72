"""A button under a question that was put to somebody else: their words are not put into another's mouth."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.messages import Catalog, CharacterCard, Inbound, Outbound
from tests.bot.surfaces.discord.conftest import House, Open
from tests.loopback.discord import DiscordServer

CARDS = tuple(
    CharacterCard(f"character-{name}", name, name.title(), "Here", f"face-{name}", "painterly")
    for name in ("noor", "maya", "ines", "jun", "linh", "bram", "fintan")
)


async def taken(house: House, count: int) -> None:
    """Wait until the door was given that many events."""
    async with asyncio.timeout(10):
        while len(house.door.taken) < count:
            await asyncio.sleep(0.01)


async def ask_who(inbound: Inbound, show: Callable[[Outbound], Awaitable[str]]) -> None:
    """Nobody was talked with here yet: whom are the words for?"""
    if inbound.call is None:
        await show(Catalog(CARDS, then_say=inbound.text))


async def test_words_that_wait_are_said_by_whoever_wrote_them_alone(
    discord: DiscordServer, connect: Open
) -> None:
    ada, bob = discord.control.user("Ada"), discord.control.user("Bob")
    hall = discord.control.channel(discord.control.guild("Lab", ada, bob), "hall")
    async with connect() as house:
        house.door.script = ask_who
        await discord.control.say(hall, ada, "I have a secret", mention_bot=True)
        question = await hall.until(lambda messages: next((one for one in messages if one.labels), None))
        pressed = await discord.control.click(question, "Say it to Noor", bob)
        refused = await pressed.reply()
        chosen = await discord.control.choose(question, "Or someone else …", ["Fintan"], bob)
        assert refused.ephemeral and "somebody else" in refused.text
        assert "somebody else" in (await chosen.reply()).text
        await discord.control.click(question, "Say it to Noor", ada)
        await taken(house, 2)
    said, choice = house.door.taken
    assert choice.origin.person_id == said.origin.person_id
    assert choice.call is not None and choice.call.options["say"] == "I have a secret"


async def test_a_card_is_for_everybody_in_the_channel(discord: DiscordServer, connect: Open) -> None:
    ada, bob = discord.control.user("Ada"), discord.control.user("Bob")
    hall = discord.control.channel(discord.control.guild("Lab", ada, bob), "hall")

    async def show_faces(inbound: Inbound, show: Callable[[Outbound], Awaitable[str]]) -> None:
        if inbound.call is None:
            await show(Catalog(CARDS))

    async with connect() as house:
        house.door.script = show_faces
        await discord.control.say(hall, ada, "who is here?", mention_bot=True)
        faces = await hall.until(lambda messages: next((one for one in messages if one.labels), None))
        label = next(one for one in faces.labels if "Noor" in one)
        await discord.control.click(faces, label, bob)
        await taken(house, 2)
    assert house.door.taken[1].origin.person_id != house.door.taken[0].origin.person_id
