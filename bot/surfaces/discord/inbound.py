"""Discord's events → what the door takes: where something was said, by whom, and how it can be answered.

`surface.py` calls it for every event. `Reply` is this surface's own text in `Origin.reply`: it is stored with the
event, so that an answer finds its way after a restart, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import discord

from bot.messages import Origin
from bot.surfaces.discord.custom_id import AUTO
from bot.surfaces.discord.rest import Hook
from engine.types import PRIVATE_PLACE

NAME = "discord"
# An interaction's token lives for 15 minutes; the last of them is kept for answers that are on their way.
TOKEN_S = 14 * 60
# Discord's numbers count milliseconds from here, shifted by 22 bits.
EPOCH_MS = 1420070400000

WORDS = frozenset({discord.MessageType.default, discord.MessageType.reply})
ADULT_GUILDS = frozenset({discord.NSFWLevel.explicit, discord.NSFWLevel.age_restricted})


def written_at(snowflake: str) -> float:
    """When something with that id came to be, in seconds since 1970, by Discord's clock."""
    return ((int(snowflake) >> 22) + EPOCH_MS) / 1000


@dataclass(frozen=True, slots=True)
class Reply:
    """How one event can be answered.

    A message is answered where it was written. An interaction (`token`) has an answer of its own, which was promised
    when it came (`waits`: Discord shows “is thinking” until it is there) unless it was a click.
    """

    id: str
    user: str
    token: str = ""
    until: int = 0  # seconds since 1970: from then on the token is not used any more
    alone: bool = False  # only this person sees the answer
    waits: bool = False
    clicked: str = ""  # the message that the button stands under
    replaces: bool = False  # the answer takes the clicked message's place
    page: int = AUTO
    item: str = ""
    outside: bool = False  # the bot is not a member there: it can speak only by the token
    lost: bool = False  # an interaction that was noticed too late: it has no answer of its own

    def __str__(self) -> str:
        flags = (self.alone, self.waits, self.replaces, self.outside, self.lost)
        marks = "".join(letter for letter, on in zip("awrol", flags, strict=True) if on)
        numbers = (str(self.until), marks, self.clicked, str(self.page), self.item)
        return ":".join(("i" if self.token else "m", self.id, self.user, self.token, *numbers))

    def without_token(self) -> Reply:
        """The same for an interaction that Discord does not wait for any more."""
        return replace(self, token="", waits=False, replaces=False, lost=True)

    @classmethod
    def parse(cls, text: str) -> Reply | None:
        """What `str` wrote; None for an origin that answers no event."""
        parts = text.split(":", 8)
        if len(parts) != 9:
            return None
        _, event, user, token, until, marks, clicked, page, item = parts
        return cls(
            event,
            user,
            token,
            int(until),
            alone="a" in marks,
            waits="w" in marks,
            replaces="r" in marks,
            outside="o" in marks,
            lost="l" in marks,
            clicked=clicked,
            page=int(page),
            item=item,
        )

    @property
    def answered(self) -> str:
        """The message that an answer can point at, "" if the event was none."""
        return "" if self.token or self.lost else self.id

    def hook(self, application_id: str) -> Hook:
        """Where its answer goes."""
        return Hook(application_id, self.token)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where on Discord something happens."""

    channel: str
    thread: str = ""
    guild: str = ""
    direct: bool = False  # one person and the bot
    adults: bool = False  # marked as age-restricted, or private

    @property
    def place(self) -> str:
        """The memory's place: what was said elsewhere does not come here."""
        if self.direct:
            return PRIVATE_PLACE
        guild = f"guild:{self.guild}:" if self.guild else ""
        thread = f":thread:{self.thread}" if self.thread else ""
        return f"discord:{guild}channel:{self.channel}{thread}"

    def origin(self, person_id: str, reply: Reply) -> Origin:
        """Where an event came from, and so where its answers go."""
        return Origin(NAME, person_id, self.place, channel=self.channel, thread=self.thread, reply=str(reply))


def spot_of_message(message: discord.Message, channel: object) -> Spot:
    """Where a message stands; `channel` is what is known of its channel, by the cache or by asking."""
    if message.guild is None:
        return Spot(str(message.channel.id), direct=True, adults=True)
    return _in_guild(Spot(str(message.channel.id), guild=str(message.guild.id)), message.guild, channel)


def spot_of_interaction(interaction: discord.Interaction) -> Spot:
    """Where somebody clicked or used a command."""
    here = Spot(str(interaction.channel_id or ""), guild=str(interaction.guild_id or ""))
    if interaction.guild_id is None:
        direct = not interaction.context.private_channel
        return replace(here, direct=direct, adults=True)
    return _in_guild(here, interaction.guild, interaction.channel)


def _in_guild(here: Spot, guild: discord.Guild | None, channel: object) -> Spot:
    adults = guild is not None and guild.nsfw_level in ADULT_GUILDS
    if isinstance(channel, discord.Thread):
        here = replace(here, channel=str(channel.parent_id), thread=here.channel)
        parent = channel.parent
        return replace(here, adults=adults or (parent is not None and parent.is_nsfw()))
    marked = getattr(channel, "nsfw", False)
    return replace(here, adults=adults or bool(marked))


def words_of(message: discord.Message, own_id: int) -> str:
    """What a message says to us: without our mention, and with people's names instead of their numbers."""
    text = re.sub(rf"<@!?{own_id}>", "", message.content)
    for user in message.mentions:
        text = re.sub(rf"<@!?{user.id}>", lambda _, name=user.display_name: f"@{name}", text)  # type: ignore[misc]
    return re.sub(r"[ \t]{2,}", " ", text).strip()


def mentions(message: discord.Message, own_id: int) -> bool:
    """Whether a message is addressed to us by our name, and not to everybody."""
    return any(user.id == own_id for user in message.mentions)


def answered_by(message: discord.Message) -> tuple[str, str] | None:
    """The channel and the id of what a message replies to; what is only passed on from elsewhere is not replied to."""
    reference = message.reference
    if reference is None or reference.message_id is None:
        return None
    if reference.type is discord.MessageReferenceType.forward:
        return None
    return str(reference.channel_id), str(reference.message_id)


def from_a_person(message: discord.Message) -> bool:
    """Whether it was written by a person: bots, webhooks and ourselves never start a loop."""
    return not message.author.bot and message.webhook_id is None and message.type in WORDS


def shown_name(user: discord.abc.User) -> str:
    """The name a person goes by."""
    return user.global_name or user.name
