"""What a test does as a person: say, slash, click, choose, submit. Persons can only do what their Discord app would let
them; else CannotSend is raised. With places.py the one object that tests use: `server.control`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from tests.loopback.discord import payloads
from tests.loopback.discord.arguments import Arguments
from tests.loopback.discord.commands import CONTEXTS, CannotSend, context_of, offered
from tests.loopback.discord.errors import Json
from tests.loopback.discord.forms import FilledForm, choices
from tests.loopback.discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Interaction,
    Modal,
)
from tests.loopback.discord.places import Places
from tests.loopback.discord.transcript import Entry, transcript
from tests.loopback.discord.world import Change, Channel, Message, User, walk

Context = Literal["guild", "bot_dm", "private"]
File = tuple[str, bytes]


class Control(Places):
    """The hands of a test."""

    def delete_message(self, message: Message) -> None:
        """A person removes a message."""
        self._server.messages.delete(message)

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
        """Somebody writes. `id`: under that id; if a message has it already, its event is repeated."""
        if id in channel.messages:
            self._server.gateway.dispatch_message("MESSAGE_CREATE", channel.messages[id])
            return channel.messages[id]
        self._check_place(channel, user, None)
        payload: Json = {"content": f"{self._world.bot.mention} {text}".strip() if mention_bot else text}
        if reply_to is not None:
            payload["message_reference"] = {"message_id": str(reply_to.id)}
            payload["allowed_mentions"] = {"parse": ["users"], "replied_user": ping}
        files = dict(enumerate(attachments))
        return self._server.messages.create(channel, user, payload, files, id=id)

    async def say_by_webhook(self, channel: Channel, name: str, text: str) -> Message:
        """Another app's webhook posts, as bridges and news feeds do."""
        hook = self._world.add_webhook(channel, name, None, None)
        author = User(hook.id, name, bot=True)
        return self._server.messages.create(
            channel, author, {"content": text}, {}, webhook_id=hook.id, author_name=name
        )

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
        data = self._command(channel, user, name, options or {})
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
        data = self._command(channel, user, name, given, focused=option)
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
    ) -> Json:
        first, *path = name.split()
        command = offered(self._world, channel, user, first)
        arguments = Arguments(self._world, channel, focused=focused)
        data: Json = {"id": command["id"], "name": first, "type": 1}
        data["options"] = arguments.fill(command, path, given)
        if arguments.resolved:
            data["resolved"] = arguments.resolved
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return data

    def _check_place(self, channel: Channel, user: User, context: Context | None) -> None:
        if context is not None and CONTEXTS[context] != context_of(self._world, channel):
            raise CannotSend(f"{channel.name or channel.id} is not a channel of the context {context}")
        inside = channel.guild.has(user) if channel.guild else user in channel.recipients
        if not inside or channel.deleted:
            raise CannotSend(f"{user.name} is not in {channel.name or channel.id}")

    def repeat(self, interaction: Interaction) -> None:
        """Discord delivers an interaction a second time."""
        self._server.interactions.announce(interaction)

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
        data |= choices(self._world, message.channel, found, values)
        return self._server.interactions.start(COMPONENT, message.channel, user, data, message)

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
        data = FilledForm(self._world, modal, values or {}).data()
        origin = modal.interaction
        return self._server.interactions.start(
            MODAL_SUBMIT, origin.channel, user or origin.user, data, origin.message
        )

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
