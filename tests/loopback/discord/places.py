"""What a test arranges on the loopback Discord: people, guilds, channels, permissions, and how they change. Each change is
announced by the gateway as Discord would. The half of control.py that is not people acting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.loopback.discord import payloads
from tests.loopback.discord.clock import timestamp
from tests.loopback.discord.gateway import GUILDS
from tests.loopback.discord.world import (
    DM,
    GROUP_DM,
    ORDINARY,
    PERMISSIONS,
    TEXT,
    THREAD,
    Channel,
    Guild,
    Member,
    Role,
    User,
    Webhook,
)

if TYPE_CHECKING:
    from tests.loopback.discord.server import DiscordServer


class Places:
    """What exists and how it changes."""

    def __init__(self, server: DiscordServer) -> None:
        self._server = server
        self._world = server.world

    def user(self, name: str, **about: Any) -> User:
        """A person. about: locale, adult_dms, installed (has the app on their own account), blocks_bot, bot."""
        return self._world.add_user(name, **about)

    def guild(self, name: str, owner: User, *members: User, bot: bool = True, webhooks: bool = True) -> Guild:
        """A guild; with the bot in it, which may manage webhooks if `webhooks`."""
        guild = self._world.add_guild(name, owner, list(members), ORDINARY)
        role = Role(self._world.ids(), self._world.bot.name, ORDINARY)
        if webhooks:
            role.permissions |= PERMISSIONS["MANAGE_WEBHOOKS"]
        guild.roles[role.id] = role
        if bot:
            self.add_bot(guild)
        return guild

    def add_bot(self, guild: Guild) -> None:
        """Somebody adds the bot to a guild (GUILD_CREATE)."""
        role = next(one for one in guild.roles.values() if one.id != guild.id)
        guild.members[self._world.bot.id] = Member(self._world.bot, timestamp(), [role.id])
        self._server.gateway.announce_guild(guild)

    def remove_bot(self, guild: Guild) -> None:
        """The bot is thrown out of a guild (GUILD_DELETE)."""
        guild.members.pop(self._world.bot.id, None)
        self._server.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild.id, GUILDS)

    def join(self, guild: Guild, user: User) -> None:
        """Somebody becomes a member."""
        guild.members[user.id] = Member(user, timestamp())
        told = {**payloads.member(self._world, guild.members[user.id]), "guild_id": str(guild.id)}
        self._server.gateway.dispatch("GUILD_MEMBER_ADD", told, guild.id, 1 << 1)

    def channel(self, guild: Guild, name: str, *, nsfw: bool = False) -> Channel:
        """A text channel (CHANNEL_CREATE)."""
        channel = self._world.add_channel(TEXT, name, guild, nsfw=nsfw)
        self._server.gateway.dispatch("CHANNEL_CREATE", payloads.channel(channel), guild.id, GUILDS)
        return channel

    def thread(self, parent: Channel, name: str, owner: User) -> Channel:
        """A public thread (THREAD_CREATE)."""
        assert parent.guild is not None
        thread = self._world.add_channel(THREAD, name, parent.guild, parent=parent, owner=owner)
        told = {**payloads.channel(thread), "newly_created": True}
        self._server.gateway.dispatch("THREAD_CREATE", told, parent.guild.id, GUILDS)
        return thread

    def dm(self, user: User) -> Channel:
        """The direct messages of a person and the bot."""
        return self._world.dm(user)

    def private(self, *users: User) -> Channel:
        """A chat of people where the bot is not: with two a DM, with more a group."""
        return self._world.add_channel(DM if len(users) == 2 else GROUP_DM, recipients=list(users))

    def delete_channel(self, channel: Channel) -> None:
        """A channel or thread goes, a channel with its threads (CHANNEL_DELETE, THREAD_DELETE)."""
        assert channel.guild is not None
        for thread in [one for one in channel.guild.channels.values() if one.parent is channel]:
            thread.deleted = True
        told = payloads.channel(channel)
        channel.deleted = True
        event = "THREAD_DELETE" if channel.type == THREAD else "CHANNEL_DELETE"
        self._server.gateway.dispatch(event, told, channel.guild.id, GUILDS)

    def announce_channel(self, channel: Channel) -> None:
        """Say that a channel changed (CHANNEL_UPDATE, THREAD_UPDATE)."""
        assert channel.guild is not None
        event = "THREAD_UPDATE" if channel.type == THREAD else "CHANNEL_UPDATE"
        self._server.gateway.dispatch(event, payloads.channel(channel), channel.guild.id, GUILDS)

    def announce_webhooks(self, channel: Channel) -> None:
        """Say that a channel's webhooks changed (WEBHOOKS_UPDATE)."""
        assert channel.guild is not None
        told = {"guild_id": str(channel.guild.id), "channel_id": str(channel.id)}
        self._server.gateway.dispatch("WEBHOOKS_UPDATE", told, channel.guild.id, 1 << 5)

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """A thread falls asleep; locked: only moderators wake it (THREAD_UPDATE)."""
        thread.archived, thread.locked = True, locked
        self.announce_channel(thread)

    def set_nsfw(self, channel: Channel, nsfw: bool) -> None:
        """A channel becomes age-restricted or not (CHANNEL_UPDATE)."""
        channel.nsfw = nsfw
        self.announce_channel(channel)

    def deny(self, channel: Channel, *names: str) -> None:
        """The bot loses permissions in a channel, by Discord's names (CHANNEL_UPDATE)."""
        self._overwrite(channel, 0, sum(PERMISSIONS[name] for name in names))

    def allow(self, channel: Channel, *names: str) -> None:
        """The bot has exactly its roles' permissions in a channel, and these (CHANNEL_UPDATE)."""
        self._overwrite(channel, sum(PERMISSIONS[name] for name in names), 0)

    def _overwrite(self, channel: Channel, allowed: int, denied: int) -> None:
        channel.overwrites[self._world.bot.id] = (False, allowed, denied)
        self.announce_channel(channel)

    def set_role(self, guild: Guild, *names: str) -> None:
        """The bot's role gets exactly these permissions above the ordinary ones (GUILD_ROLE_UPDATE)."""
        role = next(one for one in guild.roles.values() if one.id != guild.id)
        role.permissions = ORDINARY | sum(PERMISSIONS[name] for name in names)
        told = {"guild_id": str(guild.id), "role": payloads.role(role, 1)}
        self._server.gateway.dispatch("GUILD_ROLE_UPDATE", told, guild.id, GUILDS)

    def webhooks(self, channel: Channel) -> list[Webhook]:
        """The living webhooks of a channel."""
        return [hook for hook in self._world.webhooks.values() if hook.channel is channel and hook.alive]

    def delete_webhooks(self, channel: Channel) -> None:
        """An admin removes a channel's webhooks (WEBHOOKS_UPDATE); from then on 404 10015."""
        for hook in self.webhooks(channel):
            hook.alive = False
        self.announce_webhooks(channel)
