"""Characters speak in servers with their own name and face, as long as nobody takes the webhooks away."""

from __future__ import annotations

import asyncio
import base64
import io

import pytest
from PIL import Image

from bot.messages import Replied, Speaker
from bot.surfaces.discord.echoes import Echoes
from bot.surfaces.discord.webhooks import acceptable
from bot.surfaces.sending import TransientError
from tests.bot.surfaces.discord.conftest import MAYA, MemoryLedger, Open, line, speak
from tests.loopback.discord import DiscordServer


def by_name(name):
    """What to wait for: a message of that author."""
    return lambda messages: next((m for m in messages if m.author_name == name), None)


def texts(channel):
    """What the bot and its characters have said there, in order."""
    return [m.content for m in channel.messages.values() if m.author.name != "Ada"]


async def hall_of(discord: DiscordServer):
    ada = discord.control.user("Ada")
    return ada, discord.control.channel(discord.control.guild("Lab", ada), "hall")


async def test_each_has_a_name_and_a_face_of_its_own(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await hall_of(discord)
    async with connect() as house:

        async def script(inbound, show):
            await speak(inbound, show, "I am Noor.")
            await speak(inbound, show, "And I am Maya.", key=f"second-{inbound.event_id}", speaker=MAYA)

        house.door.script = script
        await discord.control.say(hall, ada, "who are you?", mention_bot=True)
        maya = await hall.until(by_name("Maya"))
        await house.door.settled()
        noor = await hall.until(by_name("Noor"))
    assert (noor.content, maya.content) == ("I am Noor.", "And I am Maya.")
    assert noor.avatar_url and maya.avatar_url
    assert noor.avatar_url != maya.avatar_url


async def test_a_restart_finds_them_again_and_a_new_face_replaces_the_old(
    discord: DiscordServer, connect: Open
) -> None:
    ada, hall = await hall_of(discord)
    ledger = MemoryLedger()
    async with connect(ledger) as house:
        await discord.control.say(hall, ada, "one", mention_bot=True)
        first = await hall.until(by_name("Noor"))
        await house.door.settled()
    async with connect(ledger) as house:

        async def script(inbound, show):
            changed = Speaker("character-noor", "Noor", "media-noor-older")
            await speak(inbound, show, "Do I look different?", speaker=changed)

        house.door.script = script
        await discord.control.say(hall, ada, "two", mention_bot=True)
        second = await hall.until(
            lambda messages: next((m for m in messages if m.content == "Do I look different?"), None)
        )
        await house.door.settled()
    assert len(discord.control.webhooks(hall)) == 1
    assert first.author_name == second.author_name == "Noor"
    assert first.avatar_url != second.avatar_url


async def test_threads_are_spoken_in_by_the_channels_webhook(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await hall_of(discord)
    async with connect() as house:
        thread = discord.control.thread(hall, "side", ada)
        await discord.control.say(thread, ada, "hello", mention_bot=True)
        reply = await thread.until(by_name("Noor"))
        await house.door.settled()
    assert reply.content == "You said: hello"
    assert not texts(hall)


async def test_without_the_permission_the_bot_speaks_for_them(
    discord: DiscordServer, connect: Open, caplog: pytest.LogCaptureFixture
) -> None:
    ada, hall = await hall_of(discord)
    discord.control.deny(hall, "MANAGE_WEBHOOKS")
    async with connect() as house:
        for text in ("one", "two"):
            await discord.control.say(hall, ada, text, mention_bot=True)
        await hall.until(lambda messages: len([m for m in messages if m.author is discord.bot]) == 2)
        await house.door.settled()
    assert texts(hall) == ["**Noor**\nYou said: one", "**Noor**\nYou said: two"]
    assert caplog.text.count("Manage Webhooks") == 1


async def test_a_webhook_that_an_admin_deleted_is_made_anew(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await hall_of(discord)
    async with connect() as house:
        await discord.control.say(hall, ada, "one", mention_bot=True)
        await hall.until(by_name("Noor"))
        await house.door.settled()
        discord.control.delete_webhooks(hall)
        await discord.control.say(hall, ada, "two", mention_bot=True)
        await hall.until(lambda messages: next((m for m in messages if m.content == "You said: two"), None))
        await house.door.settled()
    assert texts(hall) == ["You said: one", "You said: two"]
    assert len(discord.control.webhooks(hall)) == 1


async def test_more_characters_than_webhooks_share_one(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await hall_of(discord)
    async with connect() as house:

        async def script(inbound, show):
            for n in range(14):
                speaker = Speaker(f"character-{n}", f"Person {n}", f"media-{n}")
                await show(Replied(line(f"line-{n}", f"I am {n}.", speaker=speaker)))

        house.door.script = script
        await discord.control.say(hall, ada, "all of you", mention_bot=True)
        await hall.until(by_name("Person 13"), within=30)
        await house.door.settled()
    assert len(discord.control.webhooks(hall)) == 10
    spoken = [(m.author_name, m.content) for m in hall.messages.values() if m.author is not ada]
    assert spoken == [(f"Person {n}", f"I am {n}.") for n in range(14)]


async def test_a_post_whose_answer_was_lost_stands_there_once(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await hall_of(discord)
    async with connect() as house:
        await discord.control.say(hall, ada, "one", mention_bot=True)
        await hall.until(by_name("Noor"))
        await house.door.settled()
        discord.faults.lose(times=1, method="POST", route="/webhooks/")
        await discord.control.say(hall, ada, "two", mention_bot=True)
        await hall.until(lambda messages: next((m for m in messages if m.content == "You said: two"), None))
        await house.door.settled()
        await asyncio.sleep(0.1)
        assert discord.faults.happened
    assert texts(hall) == ["You said: one", "You said: two"]


async def test_a_post_that_was_never_noted_is_found_after_a_restart(
    discord: DiscordServer, connect: Open
) -> None:
    ada, hall = await hall_of(discord)
    async with connect() as house:
        said = await discord.control.say(hall, ada, "one", mention_bot=True)
        await hall.until(by_name("Noor"))
        await house.door.settled()
        [inbound] = house.door.taken
    async with connect(MemoryLedger()) as house:  # killed before the ledger knew
        await house.surface.deliver(
            inbound.origin, Replied(line(f"reply-m{said.id}", "You said: one, I think"))
        )
    assert texts(hall) == ["You said: one, I think"]


def test_names_that_discord_forbids_still_look_the_same() -> None:
    for name in ("Clyde", "Miss Discordia", "  ", "x" * 200):
        shown = acceptable(name)
        assert 1 <= len(shown) <= 80
        assert "clyde" not in shown.casefold()
        assert "discord" not in shown.casefold()
    assert acceptable("Clyde").replace("\u200b", "") == "Clyde"


async def test_the_face_is_uploaded_small(discord: DiscordServer, connect: Open, tmp_path) -> None:
    ada, hall = await hall_of(discord)
    async with connect() as house:
        await discord.control.say(hall, ada, "one", mention_bot=True)
        await hall.until(by_name("Noor"))
        await house.door.settled()
    from bot.surfaces.discord.webhooks import _data_uri

    uri = _data_uri(str(tmp_path / "media-noor.png"))
    picture = Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))
    assert max(picture.size) == 256


class Post:
    """A post whose answer may be lost; deleted doubles are noted."""

    def __init__(self, echoes: Echoes, heard: tuple[str, ...], answer: str) -> None:
        self._echoes, self._heard, self._answer = echoes, heard, answer
        self.deleted: list[str] = []

    async def send(self) -> str:
        for ref in self._heard:
            assert self._echoes.heard("hook", ref)
        if not self._answer:
            raise TransientError
        return self._answer

    async def delete(self, ref: str) -> None:
        self.deleted.append(ref)


@pytest.mark.parametrize(
    ("heard", "answer", "ref", "deleted"),
    [
        ((), "1", "1", []),
        (("1",), "1", "1", []),
        (("1",), "", "1", []),  # the answer was lost
        (("1", "2"), "2", "2", ["1"]),  # taken, answered with 500, and sent again by the library
        (("1", "2", "2"), "", "1", ["2"]),
    ],
)
async def test_echoes_tell_what_arrived(heard, answer, ref, deleted) -> None:
    echoes = Echoes(patience=0.01)
    post = Post(echoes, heard, answer)
    assert await echoes.post("hook", post.send, post.delete) == ref
    assert post.deleted == deleted
    assert all(echoes.heard("hook", one) for one in (ref, *deleted))  # they may come once more
    assert not echoes.heard("hook", "a later one that nobody posted")


async def test_a_post_that_has_not_arrived_is_tried_again() -> None:
    echoes = Echoes(patience=0.01)
    post = Post(echoes, (), "")
    with pytest.raises(TransientError):
        await echoes.post("hook", post.send, post.delete)
    assert not echoes.heard("hook", "1")  # its echo comes late: whoever hears it takes the message away


async def test_a_double_that_is_heard_late_is_taken_away(discord: DiscordServer, connect: Open) -> None:
    ada, hall = await hall_of(discord)
    async with connect() as house:
        await discord.control.say(hall, ada, "one", mention_bot=True)
        first = await hall.until(by_name("Noor"))
        await house.door.settled()
        [hook] = discord.control.webhooks(hall)
        speech = house.surface._speech
        stray = await speech._rest.hook_post(
            (await speech.webhooks.by_id(str(hall.id), str(hook.id))), {"content": "twice"}
        )
        await hall.until(lambda messages: int(stray["id"]) not in {m.id for m in messages})
    assert not first.deleted
    assert texts(hall) == ["You said: one"]
