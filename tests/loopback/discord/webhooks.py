"""The routes of webhooks, of the bot's and of its interactions': an interaction's token is a webhook's token for 15
minutes. server.py looks requests up in `ROUTES`."""

from __future__ import annotations

import re
from typing import Any

from tests.loopback.discord import limits, payloads
from tests.loopback.discord.errors import Form, Json, known
from tests.loopback.discord.interactions import Interaction
from tests.loopback.discord.routing import Call, Routes
from tests.loopback.discord.world import THREAD, Channel, Message, User, Webhook

ROUTES = Routes()
MOST_WEBHOOKS = 15
AVATAR = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[\w+/=]+")
FORBIDDEN_NAMES = re.compile("discord|clyde", re.IGNORECASE)


@ROUTES.on("POST", "/interactions/{interaction}/{token}/callback", public=True)
async def callback(call: Call) -> Json | None:
    interactions = call.server.interactions
    result = interactions.respond(call.number("interaction"), call.params["token"], call.payload, call.files)
    return result if call.query.get("with_response") in ("1", "true", "True") else None


@ROUTES.on("GET", "/channels/{channel}/webhooks")
async def channel_webhooks(call: Call) -> list[Json]:
    channel = _managed(call)
    return [_shape(call, hook) for hook in _living(call) if hook.channel is channel]


@ROUTES.on("POST", "/channels/{channel}/webhooks", limits.WEBHOOK_CREATE)
async def create_webhook(call: Call) -> Json:
    channel = _managed(call)
    if channel.type == THREAD:
        raise known("wrong type")
    _check_name("name", call.payload.get("name"), required=True)
    _check_avatar(call.payload.get("avatar"))
    if sum(hook.channel is channel for hook in _living(call)) >= MOST_WEBHOOKS:
        raise known("too many webhooks")
    world = call.server.world
    hook = world.add_webhook(channel, call.payload["name"], call.payload.get("avatar"), world.application.id)
    call.server.control.announce_webhooks(channel)
    return _shape(call, hook)


@ROUTES.on("GET", "/guilds/{guild}/webhooks")
async def guild_webhooks(call: Call) -> list[Json]:
    guild = call.server.world.guilds.get(call.number("guild"))
    if guild is None or not guild.has(call.server.world.bot):
        raise known("unknown guild")
    for channel in guild.channels.values():
        call.server.world.require(channel, "MANAGE_WEBHOOKS")
    return [_shape(call, hook) for hook in _living(call) if hook.channel.guild is guild]


@ROUTES.on("GET", "/webhooks/{webhook}")
@ROUTES.on("GET", "/webhooks/{webhook}/{token}", public=True)
async def get_webhook(call: Call) -> Json:
    return _shape(call, _hook(call))


@ROUTES.on("PATCH", "/webhooks/{webhook}")
@ROUTES.on("PATCH", "/webhooks/{webhook}/{token}", public=True)
async def edit_webhook(call: Call) -> Json:
    hook = _hook(call)
    if "name" in call.payload:
        _check_name("name", call.payload["name"], required=True)
        hook.name = call.payload["name"]
    _check_avatar(call.payload.get("avatar"))
    hook.avatar = call.payload.get("avatar", hook.avatar)
    return _shape(call, hook)


@ROUTES.on("DELETE", "/webhooks/{webhook}")
@ROUTES.on("DELETE", "/webhooks/{webhook}/{token}", public=True)
async def delete_webhook(call: Call) -> None:
    hook = _hook(call)
    hook.alive = False
    call.server.control.announce_webhooks(hook.channel)


@ROUTES.on("POST", "/webhooks/{webhook}/{token}", limits.WEBHOOK_EXECUTE, public=True)
async def execute(call: Call) -> Json | None:
    world = call.server.world
    if call.number("webhook") == world.application.id:
        interaction = call.server.interactions.by_token(call.params["token"])
        followed = call.server.interactions.follow_up(interaction, call.payload, call.files)
        return payloads.message(world, followed)
    message = _execute(call, _hook(call))
    return payloads.message(world, message) if call.query.get("wait") in ("1", "true", "True") else None


def _execute(call: Call, hook: Webhook) -> Message:
    payload = call.payload
    _check_name("username", payload.get("username"), required=False)
    avatar = payload.get("avatar_url")
    if avatar and not avatar.startswith(("http://", "https://")):
        form = Form()
        form.add("avatar_url", "URL_TYPE_INVALID_URL", "Not a well formed URL.")
        form.check()
    name = payload.get("username") or hook.name
    about: dict[str, Any] = {"webhook_id": hook.id, "application_id": hook.application_id}
    about |= {"author_name": name, "avatar_url": avatar or hook.avatar}
    place = _place(call, hook)
    body = {**payload, "flags": (payload.get("flags") or 0) & ~64}
    body.pop("message_reference", None)
    return call.server.messages.create(place, User(hook.id, hook.name, bot=True), body, call.files, **about)


def _place(call: Call, hook: Webhook) -> Channel:
    """Where a webhook posts: its channel, or the thread that the query names."""
    if hook.channel.deleted:
        raise known("unknown webhook")
    if "thread_id" not in call.query:
        return hook.channel
    thread = call.server.world.channel(int(call.query["thread_id"]))
    if thread.parent is not hook.channel:
        raise known("unknown channel")
    if thread.archived:
        thread.archived = False
    return thread


@ROUTES.on("GET", "/webhooks/{webhook}/{token}/messages/{message}", public=True)
async def get_message(call: Call) -> Json:
    return payloads.message(call.server.world, _message(call))


@ROUTES.on("PATCH", "/webhooks/{webhook}/{token}/messages/{message}", limits.MESSAGE_EDIT, public=True)
async def edit_message(call: Call) -> Json:
    world = call.server.world
    if (interaction := _interaction(call)) is not None:
        message = call.server.interactions.edit(interaction, call.params["message"], call.payload, call.files)
        return payloads.message(world, message)
    message = _message(call)
    call.server.messages.edit(message, call.payload, call.files)
    return payloads.message(world, message)


@ROUTES.on("DELETE", "/webhooks/{webhook}/{token}/messages/{message}", limits.MESSAGE_DELETE, public=True)
async def delete_message(call: Call) -> None:
    call.server.messages.delete(_message(call))


def _interaction(call: Call) -> Interaction | None:
    if call.number("webhook") != call.server.world.application.id:
        return None
    return call.server.interactions.by_token(call.params["token"])


def _message(call: Call) -> Message:
    """The message of the path, if this webhook or interaction wrote it."""
    if (interaction := _interaction(call)) is not None:
        return call.server.interactions.message(interaction, call.params["message"])
    hook = _hook(call)
    message = _place(call, hook).messages.get(call.number("message"))
    if message is None or message.webhook_id != hook.id:
        raise known("unknown message")
    return message


def _hook(call: Call) -> Webhook:
    """The webhook of the path: by its token, or by the bot's right to manage it."""
    hook = call.server.world.webhooks.get(call.number("webhook"))
    if hook is None or not hook.alive:
        raise known("unknown webhook")
    if "token" not in call.params:
        call.server.world.require(hook.channel, "MANAGE_WEBHOOKS")
    elif call.params["token"] != hook.token:
        raise known("token expired")
    return hook


def _living(call: Call) -> list[Webhook]:
    return [hook for hook in call.server.world.webhooks.values() if hook.alive]


def _managed(call: Call) -> Channel:
    channel = call.server.world.channel(call.number("channel"))
    if channel.guild is None:
        raise known("wrong type")
    call.server.world.require(channel, "MANAGE_WEBHOOKS")
    return channel


def _shape(call: Call, hook: Webhook) -> Json:
    owner = call.server.world.bot if hook.application_id else None
    return payloads.webhook(hook, owner)


def _check_avatar(avatar: str | None) -> None:
    form = Form()
    if avatar is not None and not AVATAR.match(avatar):
        form.add("avatar", "BASE_TYPE_BAD_IMAGE", "Must be a data URI of a PNG, JPEG, GIF or WebP.")
    form.check()


def _check_name(field: str, name: str | None, *, required: bool) -> None:
    form = Form()
    form.length(field, name, 1 if required or name is not None else 0, 80)
    if name and FORBIDDEN_NAMES.search(name):
        form.add(field, "USERNAME_INVALID_CONTAINS", 'Username cannot contain "discord" or "clyde"')
    form.check()
