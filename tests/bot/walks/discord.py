"""Somebody at Discord: sees what their app shows, clicks, chooses, fills forms. The walks and `scripts/draw_chats.py`
act through it; it knows nothing of the bot but what stands on the screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from tests.loopback.discord import DiscordServer
from tests.loopback.discord.errors import Json
from tests.loopback.discord.interactions import Interaction, Modal
from tests.loopback.discord.world import Channel, Message, User

T = TypeVar("T")

# Seconds until something must be on the screen, also on a loaded machine with two cores.
PATIENCE = 30.0

# One character, as somebody makes her who follows the suggestions: by step, what is chosen and what is written.
INES: tuple[tuple[tuple[str, ...], Mapping[str, str]], ...] = (
    (("Artist",), {}),
    (
        ("woman", "she/her"),
        {
            "Name": "Ines Okafor",
            "Age": "34",
            "In one line": "Paints shop signs by hand, and reads every one aloud",
        },
    ),
    (
        (
            "oval with high cheekbones",
            "broad nose, full lips, arched brows",
            "copper",
            "shoulder-length",
            "loose waves with a side parting",
            "hazel",
            "warm brown",
            "tall, lean, runner's build with broad shoulders",
            "thin scar through the left eyebrow",
        ),
        {},
    ),
    (("paint-flecked indigo overalls over an ochre shirt",), {}),
    (
        ("slow to open up, and then never shuts up", "hums when concentrating"),
        {
            "Traits": "warm\nobservant\nterrible at small talk",
            "How they speak": "short sentences\nbegins with “So.”",
            "Sample lines": "So. Who taught you to hold a brush like that?",
        },
    ),
    (
        ("neighbour who borrowed your ladder and stayed for tea",),
        {
            "Backstory": "Grew up above a print shop in Leeds. Moved to Porto six years ago and paints shop signs "
            "by hand. She cares about letters that outlive the shop, and about her neighbour's parrot, Duque.",
            "First words": "So. You're the one with the ladder.",
        },
    ),
    (("Painterly",), {}),
)


class Person:
    """One person in one channel."""

    def __init__(self, discord: DiscordServer, channel: Channel, user: User) -> None:
        self.discord = discord
        self.channel = channel
        self.user = user

    @property
    def screen(self) -> list[Message]:
        """What they see, oldest first."""
        return [one for one in self.channel.messages.values() if one.seen_by(self.user) and not one.deleted]

    async def slash(self, name: str, **options: str) -> Message:
        """Send a command; returns its answer."""
        sent = await self.discord.control.slash(self.channel, self.user, name, options)
        return await sent.reply(PATIENCE)

    async def say(self, text: str, *, mention: bool = False) -> Message:
        """Write something."""
        return await self.discord.control.say(self.channel, self.user, text, mention_bot=mention)

    async def click(self, message: Message, label: str) -> Interaction:
        """Press the button whose label begins like this."""
        whole = next((one for one in message.labels if one.startswith(label)), label)
        return await self.discord.control.click(message, whole, self.user)

    async def sees(self, look: Callable[[list[Message]], T]) -> T:
        """Wait until they see something."""
        return await self.channel.until(lambda _: look(self.screen), PATIENCE)

    async def finds(self, words: str, *, after: Message | None = None) -> Message:
        """Wait for the bot's message with these words; `after`: only what came after that message."""
        return await self._new(lambda one: one.author is not self.user and words in one.text, after)

    async def picture(self, *, after: Message) -> Message:
        """Wait for a finished picture with its buttons."""
        return await self._new(lambda one: bool(one.pictures) and "New outfit" in one.labels, after)

    async def _new(self, right: Callable[[Message], bool], after: Message | None) -> Message:
        def found(messages: list[Message]) -> Message | None:
            newer = [one for one in messages if after is None or one.id > after.id]
            return next((one for one in newer if right(one)), None)

        message = await self.sees(found)
        assert message is not None
        return message


class Draft:
    """The wizard's message, as the person who clicks through it sees it."""

    def __init__(self, person: Person, message: Message) -> None:
        self.person = person
        self.message = message

    @property
    def step(self) -> str:
        """Where one is: “2/8 Name and age”."""
        return self.message.text.splitlines()[0].removeprefix("## ").split(" · ")[0]

    async def changed(self, act: Callable[[], Awaitable[object]]) -> None:
        """Do something and wait until the step shows it. A portrait that comes later changes no words."""
        before = self._shown()
        await act()
        await self.until(lambda: self._shown() != before)

    async def until(self, look: Callable[[], object]) -> None:
        """Wait until the wizard shows something."""
        await self.person.channel.until(lambda _: look(), PATIENCE)

    def _shown(self) -> tuple[object, ...]:
        menus = self.message.selects
        chosen = [one["label"] for menu in menus for one in menu["options"] if one.get("default")]
        return (self.message.text, chosen, self.message.labels, self.message.deleted)

    async def click(self, label: str) -> None:
        """Press a button and wait for what comes of it."""
        await self.changed(lambda: self.person.click(self.message, label))

    async def choose(self, label: str) -> None:
        """Choose something from whichever menu offers it, unless it is chosen already."""
        option = next(one for one in self._menu(label)["options"] if one["label"] == label)
        if not option.get("default"):
            await self.changed(lambda: self._pick(label, label))

    async def form(self) -> Modal:
        """Press the button that opens the step's form."""
        label = next(one for one in self.message.labels if one.startswith(("Write:", "Change:")))
        return await (await self.person.click(self.message, label)).opened(PATIENCE)

    async def own_words(self, beside: str) -> Modal:
        """Choose “Write my own …” in the menu that offers something else, too."""
        return await (await self._pick(beside, "Write my own …")).opened(PATIENCE)

    async def submit(self, form: Modal, answers: Mapping[str, str]) -> None:
        """Send a form and wait for what comes of it."""
        control, user = self.person.discord.control, self.person.user
        await self.changed(lambda: control.submit(form, dict(answers), user))

    async def answer(self, choices: Sequence[str], written: Mapping[str, str]) -> None:
        """Answer one step, over all its pages, and go on to the next."""
        step = self.step
        while self.step == step:
            for label in [one for one in choices if self._offers(one)]:
                await self.choose(label)
                if self.step != step:
                    return  # a step's only question leads on by itself
            if written:
                await self.submit(await self.form(), written)
            await self.click("Next")

    def _offers(self, label: str) -> bool:
        return any(one["label"] == label for menu in self.message.selects for one in menu["options"])

    def _menu(self, label: str) -> Json:
        return next(
            menu for menu in self.message.selects if any(one["label"] == label for one in menu["options"])
        )

    async def _pick(self, beside: str, label: str) -> Interaction:
        control, user = self.person.discord.control, self.person.user
        return await control.choose(self.message, self._menu(beside)["custom_id"], [label], user)


async def make_ines(draft: Draft) -> None:
    """Answer everything up to the takes."""
    for choices, written in INES:
        await draft.answer(choices, written)
    assert draft.step.startswith("8/8"), draft.message.text
