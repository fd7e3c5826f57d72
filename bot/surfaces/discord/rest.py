"""Discord's REST calls that this surface makes, by the library's own HTTP client: it keeps the rate limits.

`sending.py`, `webhooks.py` and `commands.py` call it. Raw payloads go through unchanged (Components V2, nonces), and
failures leave as the errors of `errors.py`. The tokens of interactions and webhooks are in addresses only here.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
from discord.http import Route

from bot.surfaces.discord.errors import translated
from bot.surfaces.sending import TransientError

Json = dict[str, Any]  # Discord's payloads, as documented there; they do not leave this folder

# Private chats whose channel is remembered; asking again costs one call.
KNOWN_CHATS = 10_000

CHANNEL_MESSAGES = "/channels/{channel_id}/messages"
CHANNEL_MESSAGE = CHANNEL_MESSAGES + "/{message_id}"
CHANNEL_HOOKS = "/channels/{channel_id}/webhooks"
HOOK = "/webhooks/{webhook_id}/{webhook_token}"
HOOK_MESSAGE = HOOK + "/messages/{message_id}"
COMMANDS = "/applications/{application_id}/commands"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send with a message."""

    filename: str
    content: bytes
    description: str = ""


@dataclass(frozen=True, slots=True)
class Hook:
    """Where to speak without the bot's own account: a webhook, or an interaction that is answered by its token."""

    id: str
    token: str

    def __repr__(self) -> str:
        return f"Hook({self.id})"  # the token is a secret


async def load(filename: str, source: str | bytes, description: str = "") -> Upload:
    """A file from disk or memory, ready to be sent."""
    content = source if isinstance(source, bytes) else await asyncio.to_thread(Path(source).read_bytes)
    return Upload(filename, content, description)


class Rest:
    """One bot's calls. Each connection binds its own client; whoever sends keeps this."""

    def __init__(self) -> None:
        self._client: discord.Client | None = None
        self._direct: dict[str, str] = {}

    def bind(self, client: discord.Client) -> None:
        """Send by this client from now on."""
        self._client = client

    @property
    def application_id(self) -> str:
        """Our application's id."""
        return str(self._client.application_id) if self._client else ""

    @property
    def user_id(self) -> str:
        """The bot's own account."""
        return str(self._client.user.id) if self._client and self._client.user else ""

    # ------------------------------------------------------------ messages of the bot itself

    async def post(self, channel: str, payload: Json, files: Sequence[Upload] = ()) -> Json:
        """Post a message as the bot."""
        return await self._message("POST", CHANNEL_MESSAGES, {"channel_id": channel}, payload, files)

    async def patch(self, channel: str, message_id: str, payload: Json, files: Sequence[Upload] = ()) -> Json:
        """Change a message of the bot."""
        ids = {"channel_id": channel, "message_id": message_id}
        return await self._message("PATCH", CHANNEL_MESSAGE, ids, payload, files)

    async def delete(self, channel: str, message_id: str) -> None:
        """Delete a message."""
        await self._call("DELETE", CHANNEL_MESSAGE, {"channel_id": channel, "message_id": message_id})

    async def message(self, channel: str, message_id: str) -> Json:
        """A message as it stands now."""
        return await self._json("GET", CHANNEL_MESSAGE, {"channel_id": channel, "message_id": message_id})

    async def messages(self, channel: str, *, after: str, limit: int) -> list[Json]:
        """The messages after one, oldest first."""
        params = {"after": after, "limit": str(limit)}
        found: list[Json] = await self._call("GET", CHANNEL_MESSAGES, {"channel_id": channel}, params=params)
        return sorted(found, key=lambda one: int(one["id"]))

    async def typing(self, channel: str) -> None:
        """Show for ten seconds that somebody is writing."""
        await self._call("POST", "/channels/{channel_id}/typing", {"channel_id": channel})

    # ------------------------------------------------------------ webhooks and interactions

    async def hook_post(
        self, hook: Hook, payload: Json, files: Sequence[Upload] = (), *, thread: str = ""
    ) -> Json:
        """Post by a webhook, or a further answer to an interaction."""
        params = {"wait": "1", "with_components": "1", **_in(thread)}
        return await self._message("POST", HOOK, _ids(hook), payload, files, params=params)

    async def hook_patch(
        self, hook: Hook, message_id: str, payload: Json, files: Sequence[Upload] = (), *, thread: str = ""
    ) -> Json:
        """Change what a hook has posted; "@original" is an interaction's first answer."""
        params = {"with_components": "1", **_in(thread)}
        ids = _ids(hook) | {"message_id": message_id}
        return await self._message("PATCH", HOOK_MESSAGE, ids, payload, files, params=params)

    async def hook_message(self, hook: Hook, message_id: str) -> Json:
        """What a hook has posted, as it stands now."""
        return await self._json("GET", HOOK_MESSAGE, _ids(hook) | {"message_id": message_id})

    async def hook_delete(self, hook: Hook, message_id: str, *, thread: str = "") -> None:
        """Delete what a hook has posted."""
        await self._call("DELETE", HOOK_MESSAGE, _ids(hook) | {"message_id": message_id}, params=_in(thread))

    async def answer(self, hook: Hook, payload: Json) -> None:
        """The first answer to an interaction, within three seconds of its coming."""
        await self._call("POST", "/interactions/{webhook_id}/{webhook_token}/callback", _ids(hook), payload)

    async def webhooks(self, channel: str) -> list[Json]:
        """The webhooks of a channel."""
        found: list[Json] = await self._call("GET", CHANNEL_HOOKS, {"channel_id": channel})
        return found

    async def make_webhook(self, channel: str, name: str, avatar: str | None) -> Json:
        """A new webhook; the avatar is a data URI."""
        payload: Json = {"name": name, "avatar": avatar}
        return await self._json("POST", CHANNEL_HOOKS, {"channel_id": channel}, payload)

    async def change_webhook(self, hook: Hook, payload: Json) -> Json:
        """Another name or avatar for a webhook."""
        return await self._json("PATCH", HOOK, _ids(hook), payload)

    # ------------------------------------------------------------ people, places, commands

    async def direct(self, user_id: str) -> str:
        """The channel of the private chat with a person."""
        if user_id not in self._direct:
            if len(self._direct) >= KNOWN_CHATS:
                self._direct.clear()
            opened = await self._json("POST", "/users/@me/channels", {}, {"recipient_id": user_id})
            self._direct[user_id] = str(opened["id"])
        return self._direct[user_id]

    async def channel(self, channel: str) -> Json:
        """A channel or a thread."""
        return await self._json("GET", "/channels/{channel_id}", {"channel_id": channel})

    async def commands(self) -> list[Json]:
        """Our commands as Discord has them, with all their translations."""
        params = {"with_localizations": "1"}
        found: list[Json] = await self._call(
            "GET", COMMANDS, {"application_id": self.application_id}, params=params
        )
        return found

    async def put_commands(self, commands: Sequence[Json]) -> None:
        """Replace our commands."""
        await self._call("PUT", COMMANDS, {"application_id": self.application_id}, list(commands))

    # ------------------------------------------------------------ how

    async def _message(
        self,
        method: str,
        path: str,
        ids: Mapping[str, str],
        payload: Json,
        files: Sequence[Upload],
        *,
        params: Mapping[str, str] | None = None,
    ) -> Json:
        payload = {**payload, "attachments": [_described(number, one) for number, one in enumerate(files)]}
        return await self._json(method, path, ids, payload, files, params=params)

    async def _json(
        self,
        method: str,
        path: str,
        ids: Mapping[str, str],
        payload: Json | None = None,
        files: Sequence[Upload] = (),
        *,
        params: Mapping[str, str] | None = None,
    ) -> Json:
        answer = await self._call(method, path, ids, payload, files, params=params)
        if not isinstance(answer, dict):  # a proxy's page instead of Discord's answer
            raise TransientError
        return answer

    async def _call(
        self,
        method: str,
        path: str,
        ids: Mapping[str, str],
        payload: Json | list[Json] | None = None,
        files: Sequence[Upload] = (),
        *,
        params: Mapping[str, str] | None = None,
    ) -> Any:
        if self._client is None or self._client.is_closed():
            raise TransientError  # the next connection is on its way
        keywords: dict[str, Any] = {"params": dict(params)} if params else {}
        if files:
            keywords |= _multipart(payload, files)
        elif payload is not None:
            keywords["json"] = payload
        with translated():
            return await self._client.http.request(Route(method, path, **ids), **keywords)


def _ids(hook: Hook) -> dict[str, str]:
    return {"webhook_id": hook.id, "webhook_token": hook.token}


def _in(thread: str) -> dict[str, str]:
    return {"thread_id": thread} if thread else {}


def _described(number: int, upload: Upload) -> Json:
    described: Json = {"id": number, "filename": upload.filename}
    if upload.description:
        described["description"] = upload.description[:1024]  # Discord's limit of an alternative text
    return described


def _multipart(payload: Json | list[Json] | None, uploads: Sequence[Upload]) -> dict[str, Any]:
    """A message with files, in the parts that the library sends (and rewinds when it tries again)."""
    files = [discord.File(io.BytesIO(one.content), one.filename) for one in uploads]
    form: list[Json] = [{"name": "payload_json", "value": json.dumps(payload)}]
    for number, file in enumerate(files):
        part = {"name": f"files[{number}]", "value": file.fp, "filename": file.filename}
        form.append({**part, "content_type": "application/octet-stream"})
    return {"files": files, "form": form}
