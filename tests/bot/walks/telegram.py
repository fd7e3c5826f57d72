"""Somebody at Telegram: sees what their app shows, presses, replies. The walks and `scripts/draw_chats.py` act through
it; it knows nothing of the bot but what stands on the screen."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import TypeVar

from tests.loopback.telegram import Chat, Message, TelegramServer, User

T = TypeVar("T")

# Seconds until something must be on the screen, also on a loaded machine with two cores.
PATIENCE = 30.0
# Seconds that even the quickest person needs to write an answer.
TYPING = 0.3
# How the wizard's messages begin: “2/8 · Name and age”.
STEP = re.compile(r"\d/\d ·|All steps")


class Person:
    """One person in one chat: the private one with the bot, or a group."""

    def __init__(self, telegram: TelegramServer, user: User, chat: Chat | None = None) -> None:
        self.telegram = telegram
        self.user = user
        self.chat = chat or telegram.control.private(user)

    def say(self, text: str, reply_to: Message | None = None) -> Message:
        """Write something."""
        return self.telegram.control.say(self.chat, self.user, text, reply_to=reply_to)

    async def press(self, message: Message, label: str) -> None:
        """Press the button whose words contain these, and wait until its spinner stops."""
        whole = next((one for one in message.labels if label in one), label)
        await self.telegram.control.press(message, whole, self.user).answered(PATIENCE)

    async def sees(self, look: Callable[[list[Message]], T | None]) -> T:
        """Wait until they see something."""
        return await self.chat.until(look, PATIENCE)

    async def finds(self, words: str = "", *, after: Message | None = None, label: str = "") -> Message:
        """Wait for the bot's newest message with these words and a button with this label."""

        def found(messages: list[Message]) -> Message | None:
            newer = [one for one in messages if one.from_bot and (after is None or one.id > after.id)]
            return next((one for one in reversed(newer) if words in one.text and has(one, label)), None)

        return await self.sees(found)

    async def asks(self, words: str, *, label: str = "") -> Message:
        """Say something; returns the answer, or the part of it that has that button."""
        return await self.finds(after=self.say(words), label=label)


class Draft:
    """The wizard, as the person who presses through it sees it: the newest message of a step."""

    def __init__(self, person: Person) -> None:
        self.person = person

    @property
    def message(self) -> Message:
        """Where the wizard is; it is posted anew after an answer in words."""
        messages = reversed(self.person.chat.visible())
        return next(one for one in messages if one.from_bot and STEP.match(one.text))

    async def changed(self, act: Callable[[], object]) -> None:
        """Do something and wait until the step shows it."""
        before = self._shown()
        act()
        await self.until(lambda: self._shown() != before)

    async def until(self, look: Callable[[], object]) -> None:
        """Wait until the wizard shows something."""
        await self.person.sees(lambda _: look())

    def _shown(self) -> tuple[object, ...]:
        return (self.message.id, self.message.text, self.message.labels)

    async def press(self, label: str) -> None:
        """Press a button and wait for what comes of it."""
        await self.changed(lambda: self._press(label))

    def _press(self, label: str) -> None:
        shown = self.message
        whole = next((one for one in shown.labels if label in one), label)
        self.person.telegram.control.press(shown, whole, self.person.user)

    async def question(self, label: str) -> Message:
        """Open a question and ask to answer it in one's own words; returns the message to reply to."""
        last = self.person.chat.last()
        if not has(self.message, "✏️"):
            self._press(label)
        return await self._asked(last)

    async def _asked(self, last: Message) -> Message:
        def found(messages: list[Message]) -> Message | None:
            return next((one for one in messages if one.id > last.id and one.asks_reply), None)

        def ready(messages: list[Message]) -> object:
            return found(messages) or has(self.message, "✏️")

        await self.person.sees(ready)
        if found(self.person.chat.visible()) is None:
            self._press("✏️")
        asked = await self.person.sees(found)
        await asyncio.sleep(TYPING)
        return asked

    async def write(self, label: str, words: str) -> None:
        """Answer a question in one's own words."""
        asked = await self.question(label)
        control, user = self.person.telegram.control, self.person.user
        await self.changed(lambda: control.answer(asked, user, words))

    async def choose(self, label: str, choice: str) -> None:
        """Answer a question by a suggestion, wherever in their pages it stands."""
        await self.press(label)
        while not has(self.message, choice):
            await self.press("More ›")
        await self.press(choice)
        if has(self.message, "‹ All questions"):
            await self.press("‹ All questions")


def has(message: Message, label: str) -> bool:
    """Whether a button's words contain these; "" is in all of them, and in a message without buttons."""
    return not label or any(label in one for one in message.labels)
