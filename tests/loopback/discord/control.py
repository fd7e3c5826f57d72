"""What a test does: as a person (say, slash, click, choose, submit) and as the world (guilds, permissions, threads,
blocks). Persons can only do what their Discord app would let them; else CannotSend is raised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from tests.loopback.discord import payloads
from tests.loopback.discord.clock import timestamp
from tests.loopback.discord.commands import CONTEXTS, Arguments, CannotSend, check_text, context_of, offered
from tests.loopback.discord.errors import Json
from tests.loopback.discord.files import store
from tests.loopback.discord.gateway import GUILDS
from tests.loopback.discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Interaction,
    Modal,
)
from tests.loopback.discord.transcript import Entry, transcript
from tests.loopback.discord.world import (
    DM,
    GROUP_DM,
    ORDINARY,
    PERMISSIONS,
    TEXT,
    THREAD,
    Change,
    Channel,
    Guild,
    Member,
    Message,
    Role,
    User,
    Webhook,
    walk,
)

if TYPE_CHECKING:
    from tests.loopback.discord.server import DiscordServer

Context = Literal["guild", "bot_dm", "private"]
File = tuple[str, bytes]


class Control:
    """The hands of a test."""

    def __init__(self, server: DiscordServer) -> None:
        self._server = server
        self._world = server.world

    # What exists

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

    # What changes

    def delete_channel(self, channel: Channel) -> None:
        """A channel or thread goes (CHANNEL_DELETE, THREAD_DELETE)."""
        assert channel.guild is not None
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

    def archive(self, thread: Channel) -> None:
        """A thread is archived (THREAD_UPDATE)."""
        thread.archived = True
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

    def delete_message(self, message: Message) -> None:
        """A person removes a message."""
        self._server.messages.delete(message)

    # What people do

    async def say(
        self,
        channel: Channel,
        user: User,
        text: str = "",
        *,
        mention_bot: bool = False,
        reply_to: Message | None = None,
        ping: bool = True,
        attachments: Sequence[File] = (),
        id: int | None = None,  # noqa: A002
    ) -> Message:
        """Somebody writes. `id`: say it under an id that was used already, as a repeated event."""
        payload: Json = {"content": f"{self._world.bot.mention} {text}".strip() if mention_bot else text}
        if reply_to is not None:
            payload["message_reference"] = {"message_id": str(reply_to.id)}
            payload["allowed_mentions"] = {"parse": ["users"], "replied_user": ping}
        files = dict(enumerate(attachments))
        if id is not None:
            return self._again(channel, id)
        return self._server.messages.create(channel, user, payload, files)

    def _again(self, channel: Channel, number: int) -> Message:
        message = channel.messages[number]
        self._server.gateway.dispatch_message("MESSAGE_CREATE", message)
        return message

    async def edit(self, message: Message, text: str) -> Message:
        """Somebody changes what they wrote (MESSAGE_UPDATE)."""
        return self._server.messages.edit(message, {"content": text}, {})

    async def slash(
        self,
        channel: Channel,
        user: User,
        name: str,
        options: dict[str, Any] | None = None,
        *,
        context: Context | None = None,
    ) -> Interaction:
        """Somebody sends a slash command; “group sub” names a subcommand. `context` is checked against the channel."""
        self._check_place(channel, user, context)
        command, data = self._command(channel, user, name, options or {})
        del command
        return self._server.interactions.start(COMMAND, channel, user, data)

    async def autocomplete(
        self,
        channel: Channel,
        user: User,
        name: str,
        option: str,
        typed: str = "",
        options: dict[str, Any] | None = None,
    ) -> list[Json]:
        """Somebody types into an option; returns the choices that they are shown (name, value)."""
        self._check_place(channel, user, None)
        given = {**(options or {}), option: typed}
        _, data = self._command(channel, user, name, given, focused=option)
        return await self._server.interactions.start(AUTOCOMPLETE, channel, user, data).suggestions()

    async def menu(self, channel: Channel, user: User, name: str, target: Message | User) -> Interaction:
        """Somebody uses a command of the context menu (right click) on a message or a person."""
        self._check_place(channel, user, None)
        kind = 3 if isinstance(target, Message) else 2
        command = offered(self._world, channel, user, name, kind)
        key, shape = (
            ("messages", payloads.message(self._world, target))
            if isinstance(target, Message)
            else ("users", payloads.user(target))
        )
        data = {"id": command["id"], "name": name, "type": kind, "target_id": str(target.id)}
        data["resolved"] = {key: {str(target.id): shape}}
        return self._server.interactions.start(COMMAND, channel, user, data)

    def _command(
        self, channel: Channel, user: User, name: str, given: dict[str, Any], focused: str | None = None
    ) -> tuple[Json, Json]:
        first, *path = name.split()
        command = offered(self._world, channel, user, first)
        arguments = Arguments(self._world, channel, focused=focused)
        data: Json = {"id": command["id"], "name": first, "type": 1}
        data["options"] = arguments.fill(command, path, given)
        if arguments.resolved:
            data["resolved"] = arguments.resolved
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return command, data

    def _check_place(self, channel: Channel, user: User, context: Context | None) -> None:
        if context is not None and CONTEXTS[context] != context_of(self._world, channel):
            raise CannotSend(f"{channel.name or channel.id} is not a channel of the context {context}")
        inside = channel.guild.has(user) if channel.guild else user in channel.recipients
        if not inside or channel.deleted:
            raise CannotSend(f"{user.name} is not in {channel.name or channel.id}")

    async def click(self, message: Message, what: str, user: User) -> Interaction:
        """Somebody presses the button with that custom_id or label."""
        found = self._component(message, user, what, (2,))
        if "custom_id" not in found:
            raise CannotSend(f"“{what}” is a link")
        data = {"custom_id": found["custom_id"], "component_type": 2, "id": found.get("id")}
        return self._server.interactions.start(COMPONENT, message.channel, user, data, message)

    async def choose(self, message: Message, what: str, values: Sequence[Any], user: User) -> Interaction:
        """Somebody chooses in the select with that custom_id or placeholder: by value or label, or users / channels."""
        found = self._component(message, user, what, (3, 5, 6, 7, 8))
        data: Json = {"custom_id": found["custom_id"], "component_type": found["type"], "id": found.get("id")}
        data |= self._chosen(message.channel, found, values)
        return self._server.interactions.start(COMPONENT, message.channel, user, data, message)

    def _chosen(self, channel: Channel, found: Json, values: Sequence[Any]) -> Json:
        fewest, most = found.get("min_values", 1), found.get("max_values", 1)
        if found.get("required") is False and not values:
            fewest = 0
        if not fewest <= len(values) <= most:
            raise CannotSend(f"choose {fewest} to {most}, not {len(values)}")
        if found["type"] != 3:
            arguments = Arguments(self._world, channel)
            chosen = [arguments._entity(value) for value in values]
            return {"values": chosen, "resolved": arguments.resolved}
        return {"values": [_option(found, value) for value in values]}

    def _component(self, message: Message, user: User, what: str, kinds: tuple[int, ...]) -> Json:
        self._check_place(message.channel, user, None)
        if message.deleted or not message.seen_by(user):
            raise CannotSend(f"{user.name} does not see this message")
        usable = [part for part in walk(message.components) if part["type"] in kinds]
        for part in usable:
            if what in (part.get("custom_id"), part.get("label"), part.get("placeholder")):
                if part.get("disabled"):
                    raise CannotSend(f"“{what}” is disabled")
                return part
        names = [part.get("label") or part.get("placeholder") or part.get("custom_id") for part in usable]
        raise CannotSend(f"there is no “{what}” here, only {names}")

    async def submit(
        self, modal: Modal, values: dict[str, Any] | None = None, user: User | None = None
    ) -> Interaction:
        """Somebody sends a form; inputs by custom_id or label, those left out keep what stood in them."""
        given = dict(values or {})
        data = {"custom_id": modal.custom_id, "components": self._filled(modal, given)}
        if given:
            raise CannotSend(f"the form has no {sorted(given)}, only {modal.inputs}")
        resolved = data["components"] and self._uploads
        if resolved:
            data["resolved"] = {"attachments": resolved}
        origin = modal.interaction
        return self._server.interactions.start(
            MODAL_SUBMIT, origin.channel, user or origin.user, data, origin.message
        )

    def _filled(self, modal: Modal, given: dict[str, Any]) -> list[Json]:
        self._uploads: Json = {}
        shapes: list[Json] = []
        for number, part in enumerate(modal.components, 1):
            if part["type"] == 18:
                inside = self._input(modal, {**part["component"], "label": part["label"]}, given)
                shapes.append({"type": 18, "id": number, "component": inside})
            elif part["type"] == 1:
                inside = self._input(modal, part["components"][0], given)
                shapes.append({"type": 1, "id": number, "components": [inside]})
            else:
                shapes.append({"type": part["type"], "id": number})
        return shapes

    def _input(self, modal: Modal, found: Json, given: dict[str, Any]) -> Json:
        shape: Json = {"type": found["type"], "custom_id": found["custom_id"], "id": found.get("id") or 1}
        name = found["custom_id"] if found["custom_id"] in given else found.get("label")
        value = given.pop(name, None)
        if found["type"] == 4:
            text = found.get("value") or "" if value is None else value
            if text or found.get("required", True):
                check_text({"min_length": 1 if found.get("required", True) else 0, **_bounds(found)}, text)
            return {**shape, "value": text}
        if found["type"] == 19:
            return {**shape, "values": self._upload(modal, found, value or [])}
        if found["type"] in (21, 23):
            return {**shape, "value": value}
        defaults = [one["value"] for one in found.get("options") or [] if one.get("default")]
        if found["type"] == 22:
            return {**shape, "values": list(defaults if value is None else value)}
        chosen = self._chosen(modal.interaction.channel, found, defaults if value is None else value)
        return {**shape, "values": chosen["values"]}

    def _upload(self, modal: Modal, found: Json, files: Sequence[File]) -> list[str]:
        fewest, most = found.get("min_values", 1), found.get("max_values", 1)
        if found.get("required") is False and not files:
            fewest = 0
        if not fewest <= len(files) <= most:
            raise CannotSend(f"upload {fewest} to {most} files, not {len(files)}")
        numbers = []
        for filename, content in files:
            file = store(self._world, modal.interaction.channel.id, filename, content)
            self._uploads[str(file.id)] = payloads.attachment(file)
            numbers.append(str(file.id))
        return numbers

    # What there is to see

    def transcript(self, channel: Channel, for_user: User | None = None) -> list[Entry]:
        """What a person sees in a channel now, oldest first."""
        return transcript(channel, for_user)

    def history(self, channel: Channel) -> list[Change]:
        """Every create, edit and delete in a channel, in order, with the server's time."""
        return list(channel.log)

    async def until_commands(self, within: float = 30.0) -> list[Json]:
        """Wait until the bot has registered its commands."""
        commands = self._world.application.commands
        return await self._world.changes.until(
            lambda: [one for several in commands.values() for one in several],
            within,
            lambda: "no commands were registered",
        )


def _option(found: Json, value: str) -> str:
    for option in found["options"]:
        if value in (option["value"], option["label"]):
            return str(option["value"])
    raise CannotSend(f"{value!r} is not among {[option['label'] for option in found['options']]}")


def _bounds(found: Json) -> Json:
    return {key: found[key] for key in ("min_length", "max_length", "custom_id") if found.get(key)}
