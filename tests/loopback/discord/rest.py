"""The routes that a bot calls with its own token: who it is, its application and commands, guilds, channels, messages,
threads. server.py looks requests up in `ROUTES`."""

from __future__ import annotations

from tests.loopback.discord import commands, limits, payloads
from tests.loopback.discord.errors import Form, Json, known
from tests.loopback.discord.routing import Call, Routes
from tests.loopback.discord.world import THREAD, Channel, Guild, Message

ROUTES = Routes()


@ROUTES.on("GET", "/gateway", public=True)
async def gateway(call: Call) -> Json:
    return {"url": call.server.gateway.url}


@ROUTES.on("GET", "/gateway/bot")
async def gateway_bot(call: Call) -> Json:
    start = {"total": 1000, "remaining": 1000, "reset_after": 86_400_000, "max_concurrency": 1}
    world = call.server.world
    return {"url": call.server.gateway.url, "shards": world.application.shards, "session_start_limit": start}


@ROUTES.on("GET", "/users/@me")
async def me(call: Call) -> Json:
    return payloads.me(call.server.world)


@ROUTES.on("PATCH", "/users/@me")
async def rename_me(call: Call) -> Json:
    call.server.world.bot.name = call.payload.get("username") or call.server.world.bot.name
    return payloads.me(call.server.world)


@ROUTES.on("GET", "/users/@me/guilds")
async def my_guilds(call: Call) -> list[Json]:
    world = call.server.world
    return [payloads.guild(world, one) for one in world.guilds.values() if one.has(world.bot)]


@ROUTES.on("DELETE", "/users/@me/guilds/{guild}")
async def leave_guild(call: Call) -> None:
    call.server.control.remove_bot(_guild(call))


@ROUTES.on("POST", "/users/@me/channels", limits.DM_CREATE)
async def open_dm(call: Call) -> Json:
    world = call.server.world
    user = world.users.get(int(call.payload.get("recipient_id") or 0))
    if user is None:
        raise known("unknown user")
    if user.bot:
        raise known("cannot message")
    return payloads.channel(world.dm(user))


@ROUTES.on("GET", "/users/{user}")
async def user(call: Call) -> Json:
    found = call.server.world.users.get(call.number("user"))
    if found is None:
        raise known("unknown user")
    return payloads.user(found)


@ROUTES.on("GET", "/oauth2/applications/@me")
@ROUTES.on("GET", "/applications/@me")
async def application(call: Call) -> Json:
    return payloads.application(call.server.world)


@ROUTES.on("PATCH", "/applications/@me")
async def edit_application(call: Call) -> Json:
    what = call.server.world.application
    what.flags = call.payload.get("flags", what.flags)
    return payloads.application(call.server.world)


@ROUTES.on("GET", "/applications/{application}/emojis")
async def emojis(call: Call) -> Json:
    return {"items": []}


@ROUTES.on("GET", "/applications/{application}/commands", limits.COMMANDS)
@ROUTES.on("GET", "/applications/{application}/guilds/{guild}/commands", limits.COMMANDS)
async def list_commands(call: Call) -> list[Json]:
    return call.server.world.application.commands.get(_scope(call), [])


@ROUTES.on("PUT", "/applications/{application}/commands", limits.COMMANDS)
@ROUTES.on("PUT", "/applications/{application}/guilds/{guild}/commands", limits.COMMANDS)
async def put_commands(call: Call) -> list[Json]:
    commands.check_commands(call.payload)
    world, scope = call.server.world, _scope(call)
    world.application.commands[scope] = [commands.stored(world, one, scope) for one in call.payload]
    world.changes.notify()
    return world.application.commands[scope]


@ROUTES.on("POST", "/applications/{application}/commands", limits.COMMANDS)
@ROUTES.on("POST", "/applications/{application}/guilds/{guild}/commands", limits.COMMANDS)
async def add_command(call: Call) -> Json:
    commands.check_command(call.payload)
    world, scope = call.server.world, _scope(call)
    new = commands.stored(world, call.payload, scope)
    others = [one for one in world.application.commands.get(scope, []) if one["id"] != new["id"]]
    world.application.commands[scope] = [*others, new]
    world.changes.notify()
    return new


@ROUTES.on("DELETE", "/applications/{application}/commands/{command}", limits.COMMANDS)
@ROUTES.on("DELETE", "/applications/{application}/guilds/{guild}/commands/{command}", limits.COMMANDS)
async def delete_command(call: Call) -> None:
    commands.remove(call.server.world, _scope(call), call.params["command"])


@ROUTES.on("GET", "/guilds/{guild}")
async def guild(call: Call) -> Json:
    return payloads.guild(call.server.world, _guild(call))


@ROUTES.on("GET", "/guilds/{guild}/channels")
async def guild_channels(call: Call) -> list[Json]:
    return [payloads.channel(one) for one in _guild(call).channels.values() if one.type != THREAD]


@ROUTES.on("GET", "/guilds/{guild}/roles")
async def guild_roles(call: Call) -> list[Json]:
    return [payloads.role(one, place) for place, one in enumerate(_guild(call).roles.values())]


@ROUTES.on("GET", "/guilds/{guild}/threads/active")
async def active_threads(call: Call) -> Json:
    threads = [one for one in _guild(call).channels.values() if one.type == THREAD and not one.deleted]
    return {"threads": [payloads.channel(one) for one in threads], "members": []}


@ROUTES.on("GET", "/guilds/{guild}/members/{user}")
async def guild_member(call: Call) -> Json:
    found = _guild(call).members.get(call.number("user"))
    if found is None:
        raise known("unknown member")
    return payloads.member(call.server.world, found)


@ROUTES.on("GET", "/channels/{channel}")
async def channel(call: Call) -> Json:
    return payloads.channel(_channel(call))


@ROUTES.on("DELETE", "/channels/{channel}")
async def delete_channel(call: Call) -> Json:
    what = _channel(call)
    if what.guild is not None:
        call.server.world.require(what, "MANAGE_THREADS" if what.type == THREAD else "MANAGE_CHANNELS")
        call.server.control.delete_channel(what)
    return payloads.channel(what)


@ROUTES.on("PATCH", "/channels/{channel}")
async def edit_channel(call: Call) -> Json:
    what = _channel(call)
    if what.owner is not call.server.world.bot:
        call.server.world.require(what, "MANAGE_THREADS" if what.type == THREAD else "MANAGE_CHANNELS")
    what.name = call.payload.get("name", what.name)
    what.archived = call.payload.get("archived", what.archived)
    call.server.control.announce_channel(what)
    return payloads.channel(what)


@ROUTES.on("POST", "/channels/{channel}/typing", limits.TYPING)
async def typing(call: Call) -> None:
    what = _channel(call)
    _may_send(call, what)
    what.typing.append(call.server.world.clock.now())
    what.changes.notify()


@ROUTES.on("GET", "/channels/{channel}/messages")
async def list_messages(call: Call) -> list[Json]:
    what = _channel(call, "READ_MESSAGE_HISTORY")
    limit = int(call.query.get("limit", 50))
    if not 1 <= limit <= 100:
        form = Form()
        form.add("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
        form.check()
    chosen = _page([one for one in what.messages.values() if not one.ephemeral], call.query, limit)
    return [payloads.message(call.server.world, one, content=_told(call, one)) for one in reversed(chosen)]


def _page(messages: list[Message], query: dict[str, str], limit: int) -> list[Message]:
    """Oldest first: the part of a channel that before / after / around name."""
    if "after" in query:
        return [one for one in messages if one.id > int(query["after"])][:limit]
    if "before" in query:
        return [one for one in messages if one.id < int(query["before"])][-limit:]
    if "around" in query:
        nearest = sorted(messages, key=lambda one: abs(one.id - int(query["around"])))[:limit]
        return sorted(nearest, key=lambda one: one.id)
    return messages[-limit:]


def _told(call: Call, message: Message) -> bool:
    """Whether the REST API gives the bot a message's words: own, direct, addressed, or with the flag in the portal."""
    world = call.server.world
    own = message.author is world.bot or message.application_id == world.application.id
    addressed = message.channel.guild is None or world.bot in message.mentions
    return own or addressed or bool(world.application.flags & (1 << 18 | 1 << 19))


@ROUTES.on("GET", "/channels/{channel}/messages/{message}")
async def get_message(call: Call) -> Json:
    what = call.server.world.message(_channel(call, "READ_MESSAGE_HISTORY"), call.number("message"))
    return payloads.message(call.server.world, what, content=_told(call, what))


@ROUTES.on("POST", "/channels/{channel}/messages", limits.MESSAGE_CREATE)
async def create_message(call: Call) -> Json:
    what = _channel(call)
    _may_send(call, what)
    if call.files:
        call.server.world.require(what, "ATTACH_FILES")
    payload = {**call.payload, "flags": (call.payload.get("flags") or 0) & ~64}
    message = call.server.messages.create(what, call.server.world.bot, payload, call.files)
    if what.archived:
        # A message wakes a thread that sleeps.
        what.archived = False
        call.server.control.announce_channel(what)
    return payloads.message(call.server.world, message)


@ROUTES.on("PATCH", "/channels/{channel}/messages/{message}", limits.MESSAGE_EDIT)
async def edit_message(call: Call) -> Json:
    message = call.server.world.message(_channel(call), call.number("message"))
    if message.author is not call.server.world.bot or message.author_name:
        raise known("not yours")
    if message.channel.archived:
        raise known("thread archived")
    call.server.messages.edit(message, call.payload, call.files)
    return payloads.message(call.server.world, message)


@ROUTES.on("DELETE", "/channels/{channel}/messages/{message}", limits.MESSAGE_DELETE)
async def delete_message(call: Call) -> None:
    what = _channel(call)
    message = call.server.world.message(what, call.number("message"))
    if message.author is not call.server.world.bot or message.author_name:
        if what.guild is None:
            raise known("missing permissions")
        call.server.world.require(what, "MANAGE_MESSAGES")
    call.server.messages.delete(message)


@ROUTES.on("PUT", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", limits.REACTION)
@ROUTES.on("DELETE", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", limits.REACTION)
async def react(call: Call) -> None:
    call.server.world.message(_channel(call, "READ_MESSAGE_HISTORY"), call.number("message"))


@ROUTES.on("POST", "/channels/{channel}/threads", limits.THREAD_CREATE)
async def start_thread(call: Call) -> Json:
    parent = _channel(call, "CREATE_PUBLIC_THREADS")
    return payloads.channel(_thread(call, parent))


@ROUTES.on("POST", "/channels/{channel}/messages/{message}/threads", limits.THREAD_CREATE)
async def start_thread_at(call: Call) -> Json:
    parent = _channel(call, "CREATE_PUBLIC_THREADS")
    call.server.world.message(parent, call.number("message"))
    return payloads.channel(_thread(call, parent))


def _thread(call: Call, parent: Channel) -> Channel:
    if parent.guild is None or parent.type == THREAD:
        raise known("wrong type")
    form = Form()
    form.length("name", call.payload.get("name"), 1, 100)
    form.check()
    return call.server.control.thread(parent, call.payload["name"], call.server.world.bot)


@ROUTES.on("PUT", "/channels/{channel}/thread-members/@me")
@ROUTES.on("DELETE", "/channels/{channel}/thread-members/@me")
async def thread_membership(call: Call) -> None:
    _channel(call)


def _scope(call: Call) -> int | None:
    return call.number("guild") if "guild" in call.params else None


def _guild(call: Call) -> Guild:
    found = call.server.world.guilds.get(call.number("guild"))
    if found is None or not found.has(call.server.world.bot):
        raise known("unknown guild")
    return found


def _channel(call: Call, *permissions: str) -> Channel:
    """The channel of the path, if the bot is there and may do that."""
    found = call.server.world.channel(call.number("channel"))
    call.server.world.require(found, *permissions)
    return found


def _may_send(call: Call, what: Channel) -> None:
    if what.guild is None and any(user.blocks_bot for user in what.recipients):
        raise known("cannot message")
    call.server.world.require(what, "SEND_MESSAGES_IN_THREADS" if what.type == THREAD else "SEND_MESSAGES")
    if what.locked:
        raise known("thread archived")
