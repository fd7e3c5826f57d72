"""The person of the friendship on each surface: says a line, and sees what is answered."""

from __future__ import annotations

import asyncio
import html
import json
import re
import uuid
from collections.abc import Iterator
from typing import Protocol

import httpx

from tests.bot.walks.discord import Person as DiscordPerson
from tests.bot.walks.telegram import Person as TelegramPerson
from tests.loopback.discord.world import Message as DiscordMessage
from tests.loopback.telegram import Message as TelegramMessage
from tests.product import Product, Visitor

CHARACTER = "noor"
# The button that a wish to forget is confirmed with.
FORGET = "Forget"
# A line of the page: whose it is, and its words.
LINE = re.compile(r'<li class="message from-(\w+)".*?<div class="bubble[^>]*>(.*?)</div>', re.DOTALL)
# Seconds until an answer must be there, also after a restart.
PATIENCE = 60.0


class Talk(Protocol):
    """A talk on one surface."""

    async def begin(self) -> None:
        """Come to the character, also after a restart."""

    async def say(self, text: str) -> None:
        """Say something, and do not wait."""

    async def answer(self) -> str:
        """Wait for what is answered to what was said last; a wish to forget is confirmed."""


class OnPage:
    """The page, as its script talks with it."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._visitor: Visitor | None = None
        self._conversation = self._cursor = self._event = self._text = ""
        self._shown: list[tuple[str, str]] = []

    async def begin(self) -> None:
        """Open the page; what was sent and did not arrive is sent again, as the script does."""
        await asyncio.to_thread(self._open)

    async def say(self, text: str) -> None:
        """Send the line."""
        self._text, self._event, self._shown = text, uuid.uuid4().hex, []
        await asyncio.to_thread(self._send)

    async def answer(self) -> str:
        """Read the stream until the reply is whole."""
        return await asyncio.to_thread(self._read)

    def _send(self) -> None:
        assert self._visitor
        self._visitor.say(self._conversation, self._text, self._event)

    def _open(self) -> None:
        self._visitor = visitor = Visitor(self._product)
        self._conversation = visitor.talk(CHARACTER)
        self._look()
        if self._text and self._answered() is None:
            self._send()

    def _look(self) -> None:
        """The conversation as it stands; what a crash left unanswered is asked for."""
        assert self._visitor
        state = self._visitor.get(f"/c/{CHARACTER}/chat/messages").json()
        self._cursor, self._shown = state["cursor"], LINE.findall(state["html"])
        if state["resume"]:
            call = json.dumps({"name": "resume", "options": {}})
            self._visitor.post("/do", call=call, conversation=self._conversation, event_id=state["resume"])

    def _answered(self) -> str | None:
        """What stands after the line that was sent last, if it stands there; "" if it has no answer yet."""
        words = [(role, _plain(text)) for role, text in self._shown]
        sent = [
            at for at, (role, text) in enumerate(words) if role == "person" and text == _plain(self._text)
        ]
        if not sent or len(words) - sent[-1] > 3:
            return None
        return next((text for role, text in words[sent[-1] :] if role == "character"), "")

    def _read(self) -> str:
        if answered := self._answered():
            self._shown = []
            return answered
        for kind, data in self._events():
            if kind == "confirm":
                self._confirm(data["html"])
                return str(data["html"])
            if kind == "message" and data["role"] == "character":
                return str(data["words"])
        raise AssertionError("the stream ended")

    def _events(self) -> Iterator[tuple[str, dict[str, str]]]:
        assert self._visitor
        kind = ""
        path = f"/conversations/{self._conversation}/events"
        with self._visitor.client.stream(
            "GET", path, params={"after": self._cursor}, timeout=httpx.Timeout(30, read=PATIENCE)
        ) as stream:
            for line in stream.iter_lines():
                name, _, value = line.partition(": ")
                if name == "id":
                    self._cursor = value
                elif name == "event":
                    kind = value
                elif name == "data":
                    yield kind, json.loads(value)

    def _confirm(self, shown: str) -> None:
        assert self._visitor
        found = re.search(r'name="call" value="([^"]*)"', shown)
        assert found, shown
        call = html.unescape(found[1])
        self._visitor.post("/do", call=call, conversation=self._conversation, event_id=uuid.uuid4().hex)


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


class OnDiscord:
    """Direct messages with the bot on Discord."""

    def __init__(self, person: DiscordPerson) -> None:
        self._person = person
        self._last: DiscordMessage | None = None
        self._begun = False

    async def begin(self) -> None:
        """Choose the character, once."""
        if not self._begun:
            self._begun = True
            await self._person.slash("talk", character=CHARACTER)

    async def say(self, text: str) -> None:
        """Write it."""
        self._last = await self._person.say(text)

    async def answer(self) -> str:
        """The message that came after; its button is pressed if it asks."""
        assert self._last
        shown = await self._whole(self._last)
        if label := next((one for one in shown.labels if one.startswith(FORGET)), ""):
            await (await self._person.click(shown, label)).reply(PATIENCE)
        return shown.text

    async def _whole(self, said: DiscordMessage) -> DiscordMessage:
        """The reply once it is not written on any more: the channel rests."""
        shown = await self._person.finds("", after=said)
        while True:
            before = shown.text
            await asyncio.sleep(0.15)
            if shown.text == before and not before.endswith("…"):
                return shown


class OnTelegram:
    """The private chat with the bot on Telegram."""

    def __init__(self, person: TelegramPerson) -> None:
        self._person = person
        self._last: TelegramMessage | None = None
        self._begun = False

    async def begin(self) -> None:
        """Choose the character, once."""
        if not self._begun:
            self._begun = True
            await self._person.asks(f"/talk {CHARACTER}")

    async def say(self, text: str) -> None:
        """Write it."""
        self._last = self._person.say(text)

    async def answer(self) -> str:
        """The message that came after; its button is pressed if it asks."""
        assert self._last
        shown = await self._person.finds(after=self._last)
        while True:
            before = shown.text
            await asyncio.sleep(0.15)
            if shown.text == before and not before.endswith("…"):
                break
        if label := next((one for one in shown.labels if one.startswith(FORGET)), ""):
            await self._person.press(shown, label)
        return shown.text
