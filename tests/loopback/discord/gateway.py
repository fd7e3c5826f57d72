"""The gateway: sessions of shards, identify, resume with replay, dispatch by intents. server.py hands it websockets;
everything that happens in the world is announced through `dispatch` and `dispatch_message`."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.loopback.discord import payloads
from tests.loopback.discord.errors import Json
from tests.loopback.discord.world import (
    FLAG_CONTENT,
    FLAG_MEMBERS,
    FLAG_PRESENCE,
    Changes,
    Channel,
    Guild,
    Message,
    World,
)

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 8, 9, 10, 11
GUILDS, GUILD_MEMBERS, PRESENCES, GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 0, 1 << 1, 1 << 8, 1 << 9, 1 << 12
MESSAGE_CONTENT = 1 << 15
# Events that a dropped session can be given again; more than a test ever makes.
REPLAYED = 20_000
HEARTBEAT_MS = 41_250


@dataclass(eq=False)
class Session:
    """One shard's session; it outlives its connections."""

    id: str
    shard: int
    shards: int
    intents: int
    sequence: int = 0
    sent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=REPLAYED))
    connection: Connection | None = None
    announced: set[int] = field(default_factory=set)

    def push(self, event: str, data: Json) -> None:
        """Dispatch an event; it waits in the buffer when nobody is connected."""
        self.sequence += 1
        text = json.dumps({"op": DISPATCH, "t": event, "s": self.sequence, "d": data})
        self.sent.append((self.sequence, text))
        if self.connection is not None:
            self.connection.send_text(text)


class Connection:
    """One websocket; what is sent through it leaves in order."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self._outbox: asyncio.Queue[str | tuple[int, bytes]] = asyncio.Queue()

    def send(self, op: int, data: Any = None) -> None:
        """Anything but a dispatch."""
        self.send_text(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def send_text(self, text: str) -> None:
        """A frame, after those that were sent before."""
        self._outbox.put_nowait(text)

    def close(self, code: int, why: str = "") -> None:
        """Close it, after what was sent before."""
        self._outbox.put_nowait((code, why.encode()))

    async def write(self) -> None:
        """Send what is due until the connection closes."""
        while True:
            due = await self._outbox.get()
            if isinstance(due, tuple):
                await self.socket.close(code=due[0], message=due[1])
                return
            try:
                await self.socket.send_str(due)
            except (ConnectionError, RuntimeError):
                return


class Gateway:
    """All sessions, and the way from the world's events to them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.sessions: dict[str, Session] = {}
        self.changes = Changes()
        self.identified = 0
        self.resumed = 0
        self.invalidated = 0
        self._last: tuple[Session, str, Json] | None = None
        self.interval = HEARTBEAT_MS

    @property
    def url(self) -> str:
        """Where clients connect."""
        return self._world.origin.replace("http", "ws", 1) + "/gateway"

    @property
    def connected(self) -> list[Session]:
        """The sessions that someone listens to."""
        return [one for one in self.sessions.values() if one.connection is not None]

    async def until_ready(self, shards: int = 1, within: float = 30.0) -> None:
        """Wait until that many shards are connected and have had READY."""
        await self.changes.until(
            lambda: len(self.connected) >= shards, within, lambda: "the bot did not come to the gateway"
        )

    async def until_gone(self, within: float = 30.0) -> None:
        """Wait until nobody is connected, e.g. after a kill."""
        await self.changes.until(lambda: not self.connected, within, lambda: "the bot is still connected")

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One websocket from HELLO to its end."""
        socket = web.WebSocketResponse(max_msg_size=0, autoclose=True, compress=False)
        await socket.prepare(request)
        connection = Connection(socket)
        writer = asyncio.create_task(connection.write())
        connection.send(HELLO, {"heartbeat_interval": self.interval})
        try:
            await self._read(connection)
        finally:
            writer.cancel()
            for session in self.sessions.values():
                if session.connection is connection:
                    session.connection = None
            self.changes.notify()
        return socket

    async def _read(self, connection: Connection) -> None:
        async for frame in connection.socket:
            if frame.type is not WSMsgType.TEXT:
                return
            said = json.loads(frame.data)
            match said.get("op"):
                case 1:
                    connection.send(ACK)
                case 2:
                    self._identify(connection, said["d"])
                case 6:
                    self._resume(connection, said["d"])
                case 8:
                    self._chunk(connection, said["d"])
                case 3 | 4:
                    pass
                case _:
                    connection.close(4001, "Unknown opcode.")

    def _identify(self, connection: Connection, data: Json) -> None:
        world = self._world
        shard, shards = data.get("shard") or (0, 1)
        intents = data.get("intents", 0)
        if data.get("token") != world.application.token:
            return connection.close(4004, "Authentication failed.")
        if any(one.connection is connection for one in self.sessions.values()):
            return connection.close(4005, "Already authenticated.")
        if not 0 <= shard < shards:
            return connection.close(4010, "Invalid shard.")
        if shards < world.application.required_shards:
            return connection.close(4011, "Sharding required.")
        if self._disallowed(intents):
            return connection.close(4014, "Disallowed intent(s).")
        for old in [one for one in self.sessions.values() if one.shard == shard and one.connection is None]:
            del self.sessions[old.id]
        session = Session(secrets.token_hex(16), shard, shards, intents, connection=connection)
        self.sessions[session.id] = session
        self._welcome(session)
        self.identified += 1
        self.changes.notify()
        return None

    def _disallowed(self, intents: int) -> bool:
        flags = self._world.application.flags
        needs = ((PRESENCES, FLAG_PRESENCE), (GUILD_MEMBERS, FLAG_MEMBERS), (MESSAGE_CONTENT, FLAG_CONTENT))
        # Each grant has a verified twin one bit below its “limited” flag.
        return any(intents & intent and not flags & (flag | flag >> 1) for intent, flag in needs)

    def _welcome(self, session: Session) -> None:
        world = self._world
        mine = [one for one in world.guilds.values() if one.has(world.bot) and self._serves(session, one.id)]
        ready = {
            "v": 10,
            "user": payloads.me(world),
            "guilds": [{"id": str(one.id), "unavailable": True} for one in mine],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": [session.shard, session.shards],
            "application": {"id": str(world.application.id), "flags": world.application.flags},
            "private_channels": [],
            "user_settings": {},
        }
        session.push("READY", ready)
        for guild in mine:
            self._announce_guild(session, guild)

    def _announce_guild(self, session: Session, guild: Guild, *, joined: bool = False) -> None:
        if session.intents & GUILDS:
            everyone = bool(session.intents & GUILD_MEMBERS)
            told = payloads.guild_create(self._world, guild, all_members=everyone)
            if joined:
                # Only guilds that READY had named come with this key.
                del told["unavailable"]
            session.push("GUILD_CREATE", told)

    def announce_guild(self, guild: Guild) -> None:
        """The bot was added to a guild."""
        for session in self.sessions.values():
            if self._serves(session, guild.id):
                self._announce_guild(session, guild, joined=True)

    def _resume(self, connection: Connection, data: Json) -> None:
        session = self.sessions.get(data.get("session_id", ""))
        if data.get("token") != self._world.application.token:
            return connection.close(4004, "Authentication failed.")
        seen = data.get("seq") or 0
        if session is None or (session.sent and session.sent[0][0] > seen + 1):
            self.invalidated += 1
            return connection.send(INVALID, False)
        if session.connection is not None:
            session.connection.close(4000)
        session.connection = connection
        for number, text in session.sent:
            if number > seen:
                connection.send_text(text)
        session.push("RESUMED", {})
        self.resumed += 1
        self.changes.notify()
        return None

    def _chunk(self, connection: Connection, data: Json) -> None:
        guild = self._world.guilds.get(int(data["guild_id"]))
        session = next((one for one in self.sessions.values() if one.connection is connection), None)
        if guild is None or session is None:
            return
        wanted = {int(one) for one in data.get("user_ids") or []}
        begins = (data.get("query") or "").lower()
        members = [
            one
            for one in guild.members.values()
            if (one.user.id in wanted if wanted else one.user.name.lower().startswith(begins))
        ]
        told = {
            "guild_id": str(guild.id),
            "members": [payloads.member(self._world, one) for one in members],
            "chunk_index": 0,
            "chunk_count": 1,
            "nonce": data.get("nonce"),
        }
        session.push("GUILD_MEMBERS_CHUNK", told)

    def _serves(self, session: Session, guild_id: int | None) -> bool:
        return ((guild_id or 0) >> 22) % session.shards == session.shard

    def dispatch(self, event: str, data: Json, guild_id: int | None = None, intent: int = 0) -> None:
        """Announce an event to the shard that serves the guild (shard 0 for direct messages)."""
        for session in self.sessions.values():
            if self._serves(session, guild_id) and (not intent or session.intents & intent):
                self._push(session, event, data)

    def dispatch_message(self, event: str, message: Message) -> None:
        """Announce a message, with as much of it as each session's intents allow."""
        world, channel = self._world, message.channel
        if channel.is_private or (channel.guild is not None and not channel.guild.has(world.bot)):
            return
        guild_id = channel.guild.id if channel.guild else None
        intent = GUILD_MESSAGES if guild_id else DIRECT_MESSAGES
        for session in self.sessions.values():
            if self._serves(session, guild_id) and session.intents & intent:
                told = self.gives_content(session, message)
                self._push(session, event, payloads.message_event(world, message, content=told))

    def gives_content(self, session: Session, message: Message) -> bool:
        """Whether a session is given a message's words and files."""
        world = self._world
        own = message.author is world.bot or message.application_id == world.application.id
        addressed = message.channel.guild is None or world.bot in message.mentions
        flags = world.application.flags
        granted = session.intents & MESSAGE_CONTENT and flags & (FLAG_CONTENT | FLAG_CONTENT >> 1)
        return bool(own or addressed or granted)

    def dispatch_deletion(self, channel: Channel, message_id: int) -> None:
        """Announce that a message went."""
        gone: Json = {"id": str(message_id), "channel_id": str(channel.id)}
        if channel.guild is not None:
            gone["guild_id"] = str(channel.guild.id)
        if not channel.is_private:
            intent = GUILD_MESSAGES if channel.guild else DIRECT_MESSAGES
            self.dispatch("MESSAGE_DELETE", gone, channel.guild.id if channel.guild else None, intent)

    def _push(self, session: Session, event: str, data: Json) -> None:
        self._last = (session, event, data)
        session.push(event, data)

    def repeat_last(self) -> None:
        """Dispatch the last event once more, as Discord sometimes does."""
        assert self._last is not None, "nothing was dispatched yet"
        session, event, data = self._last
        session.push(event, data)

    def drop(self, *, resumable: bool = True, politely: bool = False, code: int = 4000) -> None:
        """Cut every connection. Not resumable: the sessions are forgotten. Politely: ask to reconnect (opcode 7)."""
        for session in self.connected:
            assert session.connection is not None
            connection, session.connection = session.connection, None
            if politely:
                connection.send(RECONNECT)
            else:
                connection.close(code)
        if not resumable:
            self.sessions.clear()
        self.changes.notify()
