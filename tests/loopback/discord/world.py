"""What exists on the loopback Discord: people, guilds, channels, messages, webhooks, the bot's application. Pure state
with the questions that follow from it (who may, who sees); rest.py, interactions.py and control.py change it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.loopback.discord.clock import Clock, Ids, timestamp
from tests.loopback.discord.errors import Json, known

T = TypeVar("T")

TEXT, DM, GROUP_DM, THREAD = 0, 1, 3, 11

# Permission bits by Discord's names.
PERMISSIONS = {
    "ADD_REACTIONS": 1 << 6,
    "ADMINISTRATOR": 1 << 3,
    "MANAGE_CHANNELS": 1 << 4,
    "VIEW_CHANNEL": 1 << 10,
    "SEND_MESSAGES": 1 << 11,
    "MANAGE_MESSAGES": 1 << 13,
    "EMBED_LINKS": 1 << 14,
    "ATTACH_FILES": 1 << 15,
    "READ_MESSAGE_HISTORY": 1 << 16,
    "MANAGE_WEBHOOKS": 1 << 29,
    "USE_APPLICATION_COMMANDS": 1 << 31,
    "MANAGE_THREADS": 1 << 34,
    "CREATE_PUBLIC_THREADS": 1 << 35,
    "SEND_MESSAGES_IN_THREADS": 1 << 38,
}
EVERYTHING = (1 << 50) - 1
ORDINARY = sum(
    PERMISSIONS[name] for name in PERMISSIONS if not name.startswith("MANAGE") and name != "ADMINISTRATOR"
)

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15
# Application flags: the "limited" grants that bots under 100 guilds have when the switch is on in the portal.
FLAG_PRESENCE, FLAG_MEMBERS, FLAG_CONTENT = 1 << 13, 1 << 15, 1 << 19


@dataclass(eq=False)
class User:
    """A person, or a bot."""

    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"
    blocks_bot: bool = False
    # “Allow access to age-restricted commands from apps in direct messages”: off until the person turns it on.
    adult_dms: bool = False
    installed: bool = False

    @property
    def mention(self) -> str:
        """How a message names them."""
        return f"<@{self.id}>"


@dataclass(eq=False)
class Role:
    """A role; the one with its guild's id is @everyone."""

    id: int
    name: str
    permissions: int


@dataclass(eq=False)
class Member:
    """A user in a guild."""

    user: User
    joined: str
    roles: list[int] = field(default_factory=list)
    nick: str | None = None


@dataclass(eq=False)
class Guild:
    """A server, as people call it."""

    id: int
    name: str
    owner: User
    joined: str
    locale: str = "en-US"
    nsfw_level: int = 0
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)

    def has(self, user: User) -> bool:
        """Whether they are a member."""
        return user.id in self.members


@dataclass(eq=False)
class Attachment:
    """A file, by content."""

    id: int
    filename: str
    content: bytes
    content_type: str
    url: str
    description: str | None = None
    width: int | None = None
    height: int | None = None
    extra: Json = field(default_factory=dict)

    @property
    def is_picture(self) -> bool:
        """Whether a client shows it as a picture."""
        return self.content_type.startswith("image/")


@dataclass(eq=False)
class Webhook:
    """A way to post in one channel under other names."""

    id: int
    token: str
    channel: Channel
    name: str
    avatar: str | None = None
    application_id: int | None = None
    alive: bool = True


@dataclass(frozen=True)
class Change:
    """One thing that happened to a message, for checks of rates and of order."""

    kind: str
    message_id: int
    time: float
    content: str
    author: str


@dataclass(eq=False)
class Message:
    """A message as it is now."""

    id: int
    channel: Channel
    author: User
    created: float
    timestamp: str
    content: str = ""
    author_name: str = ""
    avatar_url: str | None = None
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    mentions: list[User] = field(default_factory=list)
    flags: int = 0
    nonce: str | None = None
    reference: Message | None = None
    edited: str | None = None
    webhook_id: int | None = None
    application_id: int | None = None
    interaction: Any = None
    ephemeral_for: User | None = None
    deleted: bool = False

    @property
    def ephemeral(self) -> bool:
        """Only one person sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def thinking(self) -> bool:
        """A deferred answer that has nothing to show yet."""
        return bool(self.flags & LOADING)

    @property
    def text(self) -> str:
        """All its words, in order: content, then the texts of its components."""
        words = [self.content] if self.content else []
        words += [part["content"] for part in walk(self.components) if part["type"] == 10]
        return "\n".join(words)

    @property
    def buttons(self) -> list[Json]:
        """Its buttons, in order, link buttons too."""
        return [part for part in walk(self.components) if part["type"] == 2]

    @property
    def labels(self) -> list[str]:
        """The labels of its buttons."""
        return [part.get("label") or (part.get("emoji") or {}).get("name", "") for part in self.buttons]

    @property
    def selects(self) -> list[Json]:
        """Its select menus, in order."""
        return [part for part in walk(self.components) if part["type"] in (3, 5, 6, 7, 8)]

    @property
    def pictures(self) -> list[Attachment]:
        """Its attached pictures."""
        return [file for file in self.attachments if file.is_picture]

    def seen_by(self, user: User | None) -> bool:
        """Whether that person sees it (None: somebody in the channel without anything of their own)."""
        return not self.ephemeral or self.ephemeral_for is user


class Changes:
    """Wakes whoever waits for something to become true."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        """Something changed: everyone looks again."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, look: Callable[[], T], within: float, complaint: Callable[[], str]) -> T:
        """Wait until `look` returns something true, and return that."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        while not (found := look()):
            future: asyncio.Future[None] = loop.create_future()
            self._waiting.add(future)
            try:
                await asyncio.wait_for(future, deadline - loop.time())
            except TimeoutError:
                raise AssertionError(complaint()) from None
            finally:
                self._waiting.discard(future)
        return found


@dataclass(eq=False)
class Channel:
    """Any place where messages are: guild text channel, thread, DM with the bot, private chat without the bot."""

    id: int
    type: int
    name: str = ""
    guild: Guild | None = None
    nsfw: bool = False
    parent: Channel | None = None
    owner: User | None = None
    recipients: list[User] = field(default_factory=list)
    # target id -> (is it a role, allowed bits, denied bits)
    overwrites: dict[int, tuple[bool, int, int]] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    log: list[Change] = field(default_factory=list)
    typing: list[float] = field(default_factory=list)
    archived: bool = False
    locked: bool = False
    deleted: bool = False
    changes: Changes = field(default_factory=Changes)

    @property
    def is_private(self) -> bool:
        """A chat of people, where the bot is not."""
        return self.guild is None and not any(user.bot for user in self.recipients)

    @property
    def age_restricted(self) -> bool:
        """Threads inherit it."""
        return self.nsfw or (self.parent is not None and self.parent.nsfw)

    @property
    def last(self) -> Message | None:
        """The newest message."""
        return next(reversed(self.messages.values()), None)

    async def until(self, look: Callable[[list[Message]], T], within: float = 10.0) -> T:
        """Wait until `look(messages, oldest first)` is true; returns what it returned."""
        return await self.changes.until(lambda: look(list(self.messages.values())), within, self.describe)

    def describe(self) -> str:
        """The channel in words, for a failed assertion."""
        lines = [
            f"[{m.author_name or m.author.name}] {m.text} {m.labels or ''}" for m in self.messages.values()
        ]
        return f"waited in vain in #{self.name or self.id}; it shows:\n" + "\n".join(lines[-20:])

    def happened(self, kind: str, message: Message, now: float) -> None:
        """Log a change and wake those who wait."""
        who = message.author_name or message.author.name
        self.log.append(Change(kind, message.id, now, message.text, who))
        self.changes.notify()


@dataclass(eq=False)
class Application:
    """The bot's application, as the developer portal knows it."""

    id: int
    name: str
    token: str
    bot: User
    owner: User
    flags: int = FLAG_CONTENT
    # None: global; else a guild's id.
    commands: dict[int | None, list[Json]] = field(default_factory=dict)
    shards: int = 1
    required_shards: int = 1


class World:
    """Everything that exists, and the look-ups that answer as the API does."""

    def __init__(self, token: str, bot_name: str) -> None:
        self.clock = Clock()
        self.ids = Ids()
        self.origin = ""
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.webhooks: dict[int, Webhook] = {}
        self.attachments: dict[int, Attachment] = {}
        self.nonces: dict[tuple[int, str], tuple[float, Message]] = {}
        self.changes = Changes()
        self._dms: dict[int, Channel] = {}
        self.bot = self.add_user(bot_name, bot=True)
        owner = self.add_user("Operator")
        self.application = Application(self.bot.id, bot_name, token, self.bot, owner)

    def add_user(self, name: str, **about: Any) -> User:
        """Somebody new."""
        user = User(self.ids(), name, **about)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, owner: User, members: list[User], permissions: int) -> Guild:
        """A guild with its @everyone role."""
        guild = Guild(self.ids(), name, owner, timestamp())
        guild.roles[guild.id] = Role(guild.id, "@everyone", permissions)
        for user in (owner, *members):
            guild.members[user.id] = Member(user, timestamp())
        self.guilds[guild.id] = guild
        return guild

    def add_channel(self, kind: int, name: str = "", guild: Guild | None = None, **about: Any) -> Channel:
        """A channel, thread or direct conversation."""
        channel = Channel(self.ids(), kind, name, guild, **about)
        self.channels[channel.id] = channel
        if guild is not None:
            guild.channels[channel.id] = channel
        return channel

    def dm(self, user: User) -> Channel:
        """The conversation of the bot and that person; made when first wanted."""
        if user.id not in self._dms:
            self._dms[user.id] = self.add_channel(DM, recipients=[user, self.bot])
        return self._dms[user.id]

    def add_attachment(self, channel_id: int, filename: str, content: bytes, content_type: str) -> Attachment:
        """Store a file's content and give it an address."""
        number = self.ids()
        url = f"{self.origin}/attachments/{channel_id}/{number}/{filename}"
        kind = content_type
        self.attachments[number] = Attachment(number, filename, content, kind, url)
        return self.attachments[number]

    def add_webhook(
        self, channel: Channel, name: str, avatar: str | None, application_id: int | None
    ) -> Webhook:
        """A webhook with a secret of its own."""
        hook = Webhook(self.ids(), secrets.token_urlsafe(24), channel, name, avatar, application_id)
        self.webhooks[hook.id] = hook
        return hook

    def channel(self, number: int) -> Channel:
        """A channel that exists, or 10003."""
        channel = self.channels.get(number)
        if channel is None or channel.deleted:
            raise known("unknown channel")
        return channel

    def message(self, channel: Channel, number: int) -> Message:
        """A message that the bot can name by channel and id, or 10008; nobody fetches ephemeral ones."""
        message = channel.messages.get(number)
        if message is None or message.ephemeral:
            raise known("unknown message")
        return message

    def permissions(self, user: User, channel: Channel) -> int:
        """What somebody may do in a channel."""
        guild = channel.guild
        if guild is None:
            return ORDINARY if user in channel.recipients else 0
        member = guild.members.get(user.id)
        if member is None:
            return 0
        bits = guild.roles[guild.id].permissions
        for role in member.roles:
            bits |= guild.roles[role].permissions
        if guild.owner is user or bits & PERMISSIONS["ADMINISTRATOR"]:
            return EVERYTHING
        return _overwritten(bits, channel.parent or channel, [guild.id, *member.roles, user.id])

    def require(self, channel: Channel, *names: str) -> None:
        """The bot's right to act in a channel, or 50001 / 50013."""
        bits = self.permissions(self.bot, channel)
        if not bits & PERMISSIONS["VIEW_CHANNEL"]:
            raise known("missing access")
        if any(not bits & PERMISSIONS[name] for name in names):
            raise known("missing permissions")


def _overwritten(bits: int, channel: Channel, targets: list[int]) -> int:
    for target in targets:
        if target in channel.overwrites:
            _, allowed, denied = channel.overwrites[target]
            bits = bits & ~denied | allowed
    return bits


def walk(components: list[Json]) -> list[Json]:
    """A tree of components as one list, in reading order."""
    found: list[Json] = []
    for part in components:
        found.append(part)
        found += walk(part.get("components") or [])
        if part.get("accessory"):
            found += walk([part["accessory"]])
        if isinstance(part.get("component"), dict):
            found += walk([part["component"]])
    return found
