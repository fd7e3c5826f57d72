"""What happens on Discord → the door: messages here, everything that is clicked or typed as a command in `interactions.py`.

`client.py` calls it. Which messages are for us: all in private chats; elsewhere those that mention us or reply to us,
and, where we may read everything, those that mean a character by its name.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import discord

from bot.commands.command import Command
from bot.messages import Door, Inbound
from bot.ports import Accounts, Addressed, Calls, Ledger
from bot.surfaces.discord.answers import Answers
from bot.surfaces.discord.catch_up import CatchUp
from bot.surfaces.discord.config import DiscordSettings
from bot.surfaces.discord.errors import RefusedError
from bot.surfaces.discord.inbound import (
    NAME,
    Reply,
    Spot,
    answered_by,
    from_a_person,
    mentions,
    shown_name,
    spot_of_message,
    words_of,
)
from bot.surfaces.discord.interactions import Interactions
from bot.surfaces.discord.order import Order
from bot.surfaces.discord.outgoing import nonce, of_words, once
from bot.surfaces.discord.rest import Rest
from bot.surfaces.sending import UndeliverableError, until_sent
from bot.surfaces.tasks import Tasks

if TYPE_CHECKING:
    from bot.surfaces.discord.speech import Speech

# How often a channel is told once more that words cannot be read there.
HINT_S = 3600.0
HINTED_CHANNELS = 2000

FOR_ADULTS = (
    "Characters answer only in age-restricted channels here. An admin can mark this one: "
    "channel settings → Overview → Age-Restricted Channel. Or write to me directly."
)
CANNOT_READ = "I can read only what mentions me here, answers too. Write my name with an @, then your words."


class Events:
    """Hears of everything, and passes on what is for us."""

    def __init__(
        self,
        settings: DiscordSettings,
        door: Door,
        *,
        rest: Rest,
        accounts: Accounts,
        ledger: Ledger,
        calls: Calls,
        addressed: Addressed,
        commands: Mapping[str, Command],
        answers: Answers,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._door = door
        self._rest = rest
        self._accounts = accounts
        self._ledger = ledger
        self._addressed = addressed
        self._now = now
        self._order = Order()
        self._arrivals = Order()  # while words wait for those that were missed before them
        self._catch_up = CatchUp(ledger, self._missed, now=now)
        self._interactions = Interactions(
            door,
            rest=rest,
            accounts=accounts,
            calls=calls,
            commands=commands,
            answers=answers,
            order=self._order,
            now=now,
        )
        self._hinted: dict[tuple[str, str], float] = {}
        self._speech: Speech | None = None
        self._client: discord.Client | None = None
        self._tasks: Tasks | None = None

    async def hears(self, speech: Speech, client: discord.Client, tasks: Tasks) -> None:
        """A new connection: whose echoes are heard, whose cache knows the channels, who owns what is begun."""
        self._speech = speech
        self._client = client
        self._tasks = tasks
        await self._catch_up.remember()

    def session(self) -> None:
        """Discord has begun a new session: what happened since the last one it does not tell."""
        if self._client is not None and self._tasks is not None:
            self._catch_up.begin(self._client, self._tasks)

    # ------------------------------------------------------------ messages

    async def message(self, message: discord.Message) -> None:
        """Somebody wrote."""
        self._catch_up.hear(str(message.channel.id), message.id)
        if message.webhook_id is not None and self._speech is not None:
            await self._speech.heard(str(message.channel.id), str(message.webhook_id), str(message.id))
        if not from_a_person(message):
            return
        async with self._arrivals.keep(message.channel.id, message.author.id):
            await self._catch_up.of(str(message.channel.id))
            await self._take(message, by_name=self._settings.message_content)

    async def _missed(self, message: discord.Message) -> None:
        """Somebody wrote while nobody listened: whoever only mentioned a character's name is not answered any more."""
        if from_a_person(message):
            await self._take(message, by_name=False)

    async def _take(self, message: discord.Message, *, by_name: bool) -> None:
        if self._client is None or self._client.user is None:
            return
        async with self._order.keep(message.channel.id, message.author.id):
            await self._pass_on(message, self._client.user.id, by_name=by_name)

    async def _pass_on(self, message: discord.Message, own_id: int, *, by_name: bool) -> None:
        answers = await self._answered(message)
        named = message.guild is None or mentions(message, own_id)
        if not named and answers is None and not by_name:
            return
        spot = spot_of_message(message, await self._channel(message))
        words = words_of(message, own_id)
        if not named and answers is None and not await self._means_us(spot, words):
            return
        if self._settings.age_restricted_only and not spot.adults:
            await self._hint(message, FOR_ADULTS)
            return
        if not words and not named and not self._settings.message_content:
            await self._hint(message, CANNOT_READ)
            return
        user = message.author
        person_id = await self._accounts(str(user.id), shown_name(user))
        origin = spot.origin(person_id, Reply(str(message.id), str(user.id)))
        await self._door.accept(Inbound(origin, f"m{message.id}", words, answers=answers or ""))

    async def _means_us(self, spot: Spot, words: str) -> bool:
        return bool(words) and await self._addressed(NAME, spot.channel, spot.thread, words)

    async def _answered(self, message: discord.Message) -> str | None:
        """Our key of the message that this one replies to; "" if it shows no single line, None if it is not ours."""
        answered = answered_by(message)
        shown = await self._ledger.find(NAME, *answered) if answered else None
        if shown is None:
            return None
        return "" if ":" in shown.key else shown.key

    async def _channel(self, message: discord.Message) -> object:
        """What is known of a message's channel; a thread that the cache has not heard of is asked for."""
        channel = message.channel
        if message.guild is None or not isinstance(channel, discord.PartialMessageable):
            return channel
        assert self._client is not None
        try:
            return await self._client.fetch_channel(channel.id)
        except discord.HTTPException:
            return channel

    async def _hint(self, message: discord.Message, sentence: str) -> None:
        """Say once in a while in a channel why nobody answers."""
        about, now = (str(message.channel.id), sentence), self._now()
        if self._hinted.get(about, 0.0) > now:
            return
        if len(self._hinted) >= HINTED_CHANNELS:
            self._hinted.clear()
        self._hinted[about] = now + HINT_S
        reference = {"message_id": str(message.id), "fail_if_not_exists": False}
        payload = of_words(sentence).posted(message_reference=reference, **once(nonce(message.id)))
        try:
            await until_sent(lambda: self._rest.post(str(message.channel.id), payload))
        except (RefusedError, UndeliverableError):
            return

    async def interaction(self, interaction: discord.Interaction) -> None:
        """Somebody used a command, clicked, typed into an option, or sent a form."""
        await self._interactions.take(interaction)
