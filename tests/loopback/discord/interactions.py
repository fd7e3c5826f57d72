"""Interactions from the click to the last follow-up: their payloads, the callback with its deadline of 3 seconds, the
token of 15 minutes. control.py starts them; rest.py answers them; the object is what a test follows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.loopback.discord import components, payloads
from tests.loopback.discord.clock import timestamp
from tests.loopback.discord.commands import BOT_DM, context_of
from tests.loopback.discord.errors import ApiError, Form, Json, known
from tests.loopback.discord.files import LARGEST_FILE
from tests.loopback.discord.gateway import Gateway
from tests.loopback.discord.messages import Files, Messages
from tests.loopback.discord.world import EPHEMERAL, LOADING, Changes, Channel, Message, User, World, walk

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
# Seconds until the first answer must be there, and seconds that the token lives.
ACKNOWLEDGE_WITHIN = 3.0
TOKEN_LIFE = 15 * 60.0
# Follow-ups of one interaction where the app is only installed by the user.
MOST_FOLLOWUPS = 5
ALLOWED_CALLBACKS = {
    COMMAND: {MESSAGE, DEFERRED_MESSAGE, MODAL},
    COMPONENT: {MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    MODAL_SUBMIT: {MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE},
}


@dataclass(frozen=True)
class Modal:
    """A form that opened on somebody's screen."""

    title: str
    custom_id: str
    components: list[Json]
    interaction: Interaction

    @property
    def inputs(self) -> dict[str, Json]:
        """custom_id -> the input with the label that stands above it."""
        found: dict[str, Json] = {}
        for part in self.components:
            for one in walk([part]):
                if "custom_id" in one:
                    found[one["custom_id"]] = {**one, "label": part.get("label") or one.get("label")}
        return found


@dataclass(eq=False)
class Interaction:
    """One command, click, choice, suggestion or form, and what became of it."""

    id: int
    token: str
    type: int
    user: User
    channel: Channel
    data: Json
    born: float
    context: int
    owners: dict[str, str]
    message: Message | None = None
    callback: int | None = None
    answered_after: float | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Modal | None = None
    choices: list[Json] | None = None
    errors: list[str] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)

    async def answered(self, within: float = 5.0) -> int:
        """Wait for the first answer; returns its type (4 message, 5 thinking, 6/7 update, 8 choices, 9 modal)."""
        return (
            await self.changes.until(lambda: self.callback, within, self._complaint("was not answered")) or 0
        )

    async def reply(self, within: float = 15.0) -> Message:
        """Wait for the message that answers it: complete, not “thinking” any more; after an update, the message it
        is on."""
        found = await self.changes.until(self._complete, within, self._complaint("has no reply"))
        assert found is not None
        return found

    def _complete(self) -> Message | None:
        return self.original if self.original is not None and not self.original.thinking else None

    async def followup(self, place: int = 0, within: float = 15.0) -> Message:
        """Wait for the follow-up with that number."""
        found = await self.changes.until(
            lambda: self.followups[place : place + 1], within, self._complaint("has no such follow-up")
        )
        return found[0]

    async def opened(self, within: float = 5.0) -> Modal:
        """Wait for the form that it opens."""
        found = await self.changes.until(lambda: self.modal, within, self._complaint("opened no form"))
        assert found is not None
        return found

    async def suggestions(self, within: float = 5.0) -> list[Json]:
        """Wait for the choices of an autocompletion."""
        await self.changes.until(
            lambda: self.choices is not None, within, self._complaint("suggests nothing")
        )
        assert self.choices is not None
        return self.choices

    def _complaint(self, what: str) -> Any:
        name = self.data.get("name") or self.data.get("custom_id")
        return lambda: (
            f"the interaction {name!r} of {self.user.name} {what}; callback {self.callback}, refused {self.errors}"
        )


class Interactions:
    """All interactions of a server."""

    def __init__(self, world: World, gateway: Gateway, messages: Messages) -> None:
        self._world = world
        self._gateway = gateway
        self._messages = messages
        self.all: dict[int, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}

    def start(
        self, kind: int, channel: Channel, user: User, data: Json, message: Message | None = None
    ) -> Interaction:
        """Somebody does something: make it and tell the bot."""
        world = self._world
        interaction = Interaction(
            world.ids(),
            secrets.token_urlsafe(48),
            kind,
            user,
            channel,
            data,
            world.clock.now(),
            context_of(world, channel),
            _owners(world, channel, user),
            message,
        )
        self.all[interaction.id] = self._by_token[interaction.token] = interaction
        self.announce(interaction)
        return interaction

    def announce(self, interaction: Interaction) -> None:
        """Tell the bot of an interaction."""
        guild = interaction.channel.guild
        self._gateway.dispatch("INTERACTION_CREATE", self._payload(interaction), guild.id if guild else None)

    def _payload(self, it: Interaction) -> Json:
        world, channel = self._world, it.channel
        place = {**payloads.channel(channel), "permissions": str(world.permissions(it.user, channel))}
        shape: Json = {
            "id": str(it.id),
            "application_id": str(world.application.id),
            "type": it.type,
            "token": it.token,
            "version": 1,
            "data": it.data,
            "channel_id": str(channel.id),
            "channel": place,
            "locale": it.user.locale,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": it.owners,
            "context": it.context,
            "attachment_size_limit": LARGEST_FILE,
            "app_permissions": str(world.permissions(world.bot, channel)),
        }
        if it.message is not None:
            shape["message"] = payloads.message(world, it.message)
        if channel.guild is None:
            return {**shape, "user": payloads.user(it.user)}
        guild = channel.guild
        return {
            **shape,
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
            "guild_locale": guild.locale,
            "member": payloads.member(world, guild.members[it.user.id], channel=channel),
        }

    def respond(self, number: int, token: str, payload: Json, files: Files) -> Json:
        """The first answer, POST …/callback."""
        interaction = self.all.get(number)
        if interaction is None or interaction.token != token:
            raise known("unknown interaction")
        waited = self._world.clock.now() - interaction.born
        if interaction.callback is None and waited > ACKNOWLEDGE_WITHIN:
            interaction.errors.append("too late")
            raise known("unknown interaction")
        if interaction.callback is not None:
            interaction.errors.append("answered twice")
            raise known("already acknowledged")
        kind = payload.get("type")
        try:
            self._check_callback(interaction, kind)
            self._apply(interaction, int(kind or 0), payload.get("data") or {}, files)
        except ApiError as error:
            interaction.errors.append(f"{error.code} {error.errors or error.message}")
            raise
        interaction.callback, interaction.answered_after = kind, waited
        interaction.changes.notify()
        return self._result(interaction)

    def _check_callback(self, interaction: Interaction, kind: Any) -> None:
        allowed = ALLOWED_CALLBACKS[interaction.type]
        if interaction.message is None:
            allowed = allowed - {DEFERRED_UPDATE, UPDATE}
        if kind not in allowed:
            form = Form()
            form.add("type", "BASE_TYPE_CHOICES", f"Value must be one of {sorted(allowed)}.")
            form.check()

    def _apply(self, interaction: Interaction, kind: int, data: Json, files: Files) -> None:
        if kind == MESSAGE:
            interaction.original = self._say(interaction, data, files)
        elif kind == DEFERRED_MESSAGE:
            interaction.original = self._think(interaction, (data.get("flags") or 0) & EPHEMERAL)
        elif kind == DEFERRED_UPDATE:
            interaction.original = interaction.message
        elif kind == UPDATE:
            assert interaction.message is not None
            interaction.original = self._messages.edit(interaction.message, data, files)
        elif kind == CHOICES:
            interaction.choices = _checked_choices(data)
        else:
            form = Form()
            components.modal(form, data)
            form.check()
            interaction.modal = Modal(data["title"], data["custom_id"], data["components"], interaction)

    def _about(self, interaction: Interaction, flags: int) -> dict[str, Any]:
        """What every message of an interaction has."""
        return {
            "webhook_id": self._world.application.id,
            "application_id": self._world.application.id,
            "interaction": interaction,
            "ephemeral_for": interaction.user if flags & EPHEMERAL else None,
        }

    def _say(self, interaction: Interaction, data: Json, files: Files) -> Message:
        about = self._about(interaction, data.get("flags") or 0)
        return self._messages.create(interaction.channel, self._world.bot, data, files, **about)

    def _think(self, interaction: Interaction, flags: int) -> Message:
        world = self._world
        about = self._about(interaction, flags)
        message = Message(
            world.ids(),
            interaction.channel,
            world.bot,
            world.clock.now(),
            timestamp(),
            flags=flags | LOADING,
            **about,
        )
        return self._messages.publish(message)

    def _result(self, interaction: Interaction) -> Json:
        about: Json = {"id": str(interaction.id), "type": interaction.type}
        shape: Json = {"interaction": about, "resource": {"type": interaction.callback}}
        if interaction.original is None:
            return {"interaction": about} if interaction.callback in (CHOICES, MODAL) else shape
        message = interaction.original
        about |= {
            "response_message_id": str(message.id),
            "response_message_loading": message.thinking,
            "response_message_ephemeral": message.ephemeral,
        }
        if interaction.callback in (MESSAGE, UPDATE):
            shape["resource"]["message"] = payloads.message(self._world, message)
        return shape

    def by_token(self, token: str) -> Interaction:
        """The interaction whose token is used as a webhook's: 10015 if there is none, 50027 when it is too old."""
        interaction = self._by_token.get(token)
        if interaction is None:
            raise known("unknown webhook")
        if self._world.clock.now() - interaction.born > TOKEN_LIFE:
            interaction.errors.append("token expired")
            raise known("token expired")
        if interaction.callback is None:
            interaction.errors.append("follow-up before the answer")
            raise known("unknown webhook")
        return interaction

    def follow_up(self, interaction: Interaction, payload: Json, files: Files) -> Message:
        """A further message; the first one after “thinking” takes its place."""
        original = interaction.original
        if original is not None and original.thinking and not original.deleted:
            self._messages.edit(original, payload, files)
            original.edited = None
            interaction.changes.notify()
            return original
        alone = interaction.channel.is_private or "0" not in interaction.owners
        if alone and len(interaction.followups) >= MOST_FOLLOWUPS:
            raise known("too many followups")
        message = self._say(interaction, payload, files)
        interaction.followups.append(message)
        interaction.changes.notify()
        return message

    def message(self, interaction: Interaction, name: str) -> Message:
        """A message that this token may touch: @original, a follow-up, or the message the component is on."""
        mine = [interaction.original, interaction.message, *interaction.followups]
        for message in mine:
            if message is not None and not message.deleted and name in ("@original", str(message.id)):
                return message
        raise known("unknown message")

    def edit(self, interaction: Interaction, name: str, payload: Json, files: Files) -> Message:
        """Change one of its messages."""
        message = self.message(interaction, name)
        was_thinking = message.thinking
        self._messages.edit(message, payload, files)
        if was_thinking:
            message.edited = None
        interaction.changes.notify()
        return message


def _owners(world: World, channel: Channel, user: User) -> dict[str, str]:
    """Who installed the app that is used here: key 0 the guild (or “0” in the bot's DM), key 1 the user."""
    owners: dict[str, str] = {}
    if channel.guild is not None and channel.guild.has(world.bot):
        owners["0"] = str(channel.guild.id)
    elif context_of(world, channel) == BOT_DM:
        owners["0"] = "0"
    if user.installed:
        owners["1"] = str(user.id)
    return owners


def _checked_choices(data: Json) -> list[Json]:
    form = Form()
    choices = data.get("choices")
    form.count("data.choices", choices, 0, 25)
    for place, choice in enumerate(choices or []):
        form.length(f"data.choices.{place}.name", choice.get("name"), 1, 100)
        if isinstance(choice.get("value"), str):
            form.length(f"data.choices.{place}.value", choice["value"], 1, 100)
    form.check()
    return list(choices or [])
