"""Making, editing and deleting messages under Discord's rules, whoever asks: a bot by its channel, a webhook, an
interaction, a person. Called by rest.py, interactions.py and control.py; announces through the gateway."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from typing import Any

from tests.loopback.discord.clock import timestamp
from tests.loopback.discord.components import (
    CONTAINER,
    FILE,
    GALLERY,
    SEPARATOR,
    THUMBNAIL,
    MessageComponents,
)
from tests.loopback.discord.errors import Form, Json, known
from tests.loopback.discord.files import store
from tests.loopback.discord.gateway import Gateway
from tests.loopback.discord.world import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    Attachment,
    Channel,
    Message,
    User,
    World,
    walk,
)

Files = dict[int, tuple[str, bytes]]
# Seconds for which a nonce is remembered: “the last few minutes”.
NONCE_LIFE = 180.0
MOST_FILES = 10
# Flags that a client may set: suppress embeds, ephemeral, suppress notifications, voice message, components V2.
VOICE = 1 << 13
SETTABLE = 1 << 2 | EPHEMERAL | 1 << 12 | VOICE | COMPONENTS_V2
MENTION = re.compile(r"<@!?(\d+)>")


class Messages:
    """The one place where messages change."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway

    def create(
        self,
        channel: Channel,
        author: User,
        payload: Json,
        files: Files,
        **about: Any,
    ) -> Message:
        """A new message, or the error that Discord would answer. `about`: further fields of Message."""
        if (same := self._same_nonce(channel, payload)) is not None:
            return same
        flags = (payload.get("flags") or 0) & SETTABLE
        kept = self._files(channel, payload, files, [])
        _check_body(payload, flags, kept)
        _check_voice(payload, flags, kept)
        if _is_empty(payload, kept):
            raise known("empty")
        message = Message(
            about.pop("id", None) or self._world.ids(),
            channel,
            author,
            self._world.clock.now(),
            timestamp(),
            flags=flags,
            **about,
        )
        message.reference = self._reference(channel, payload)
        self._write(message, payload, kept)
        self._nonce(channel, payload, message)
        return self.publish(message)

    def publish(self, message: Message) -> Message:
        """Put a finished message into its channel and tell everyone."""
        message.channel.messages[message.id] = message
        message.channel.happened("create", message, self._world.clock.now())
        self._gateway.dispatch_message("MESSAGE_CREATE", message)
        return message

    def edit(self, message: Message, payload: Json, files: Files) -> Message:
        """Change a message; what the payload does not name stays."""
        if message.flags & VOICE:
            raise known("voice is not edited")
        flags = message.flags & ~LOADING
        if "flags" in payload and payload["flags"] is not None:
            flags = flags & ~(1 << 2) | payload["flags"] & (1 << 2 | COMPONENTS_V2)
        kept = self._files(message.channel, payload, files, message.attachments)
        after: Json = {
            "content": message.content,
            "embeds": message.embeds,
            "components": message.components,
            **{key: value for key, value in payload.items() if key in ("content", "embeds", "components")},
        }
        _check_body(after, flags, kept)
        if _is_empty(after, kept):
            raise known("empty")
        message.flags = flags
        message.edited = timestamp()
        self._write(message, payload, kept)
        message.channel.happened("edit", message, self._world.clock.now())
        self._gateway.dispatch_message("MESSAGE_UPDATE", message)
        return message

    def delete(self, message: Message) -> None:
        """Take a message away."""
        message.deleted = True
        message.channel.messages.pop(message.id, None)
        message.channel.happened("delete", message, self._world.clock.now())
        self._gateway.dispatch_deletion(message.channel, message.id)

    def _write(self, message: Message, payload: Json, kept: list[Attachment]) -> None:
        if "content" in payload:
            # Discord trims what it is given.
            message.content = (payload["content"] or "").strip()
        if "embeds" in payload:
            message.embeds = payload["embeds"] or []
        message.attachments = kept
        if "components" in payload:
            message.components = _resolved(payload["components"] or [], kept)
        message.embeds = [_embed(one, kept) for one in message.embeds]
        message.mentions = self._mentions(message, payload)

    def _mentions(self, message: Message, payload: Json) -> list[User]:
        allowed = payload.get("allowed_mentions")
        text = message.text
        found = [self._world.users.get(int(number)) for number in MENTION.findall(text)]
        if isinstance(allowed, dict):
            named = {int(number) for number in allowed.get("users") or []}
            everyone = "users" in (allowed.get("parse") or [])
            found = [one for one in found if one and (everyone or one.id in named)]
        replied = (
            message.reference.author if message.reference and not message.reference.author_name else None
        )
        pings = not isinstance(allowed, dict) or allowed.get("replied_user", False)
        if replied is not None and pings:
            found.append(replied)
        return list(dict.fromkeys(one for one in found if one is not None))

    def _reference(self, channel: Channel, payload: Json) -> Message | None:
        reference = payload.get("message_reference")
        if not reference:
            return None
        found = channel.messages.get(int(reference["message_id"]))
        if found is None and reference.get("fail_if_not_exists", True):
            form = Form()
            form.add("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
            form.check()
        return found

    def _same_nonce(self, channel: Channel, payload: Json) -> Message | None:
        nonce = payload.get("nonce")
        if nonce is None or not payload.get("enforce_nonce"):
            return None
        moment, message = self._world.nonces.get((channel.id, str(nonce)), (0.0, None))
        return message if message and self._world.clock.now() - moment < NONCE_LIFE else None

    def _nonce(self, channel: Channel, payload: Json, message: Message) -> None:
        if payload.get("nonce") is not None:
            message.nonce = str(payload["nonce"])
            self._world.nonces[channel.id, message.nonce] = (self._world.clock.now(), message)

    def _files(
        self, channel: Channel, payload: Json, files: Files, existing: list[Attachment]
    ) -> list[Attachment]:
        named = payload.get("attachments")
        about = {str(one.get("id")): one for one in named or []}
        kept = [one for one in existing if named is None or str(one.id) in about]
        if len(kept) + len(files) > MOST_FILES:
            form = Form()
            form.add("attachments", "BASE_TYPE_BAD_LENGTH", f"Must be {MOST_FILES} or fewer in length.")
            form.check()
        for place, (filename, content) in sorted(files.items()):
            details = about.get(str(place)) or {}
            file = store(self._world, channel.id, details.get("filename") or filename, content)
            file.description = details.get("description")
            file.extra = {key: details[key] for key in ("duration_secs", "waveform") if key in details}
            kept.append(file)
        return kept


def _check_body(body: Json, flags: int, kept: Iterable[Attachment]) -> None:
    form = Form()
    form.length("content", body.get("content"), 0, 2000)
    form.count("embeds", body.get("embeds") or [], 0, 10)
    if len(str(body.get("nonce") or "")) > 25:
        form.add("nonce", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    allowed = body.get("allowed_mentions") or {}
    for kind in ("users", "roles"):
        if kind in (allowed.get("parse") or []) and allowed.get(kind):
            code = "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"
            form.add(
                "allowed_mentions", code, f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            )
    names = [file.filename for file in kept]
    v2 = bool(flags & COMPONENTS_V2)
    for place, embed in enumerate(body.get("embeds") or []):
        _check_embed(form, f"embeds.{place}", embed, names)
    if v2:
        for key in ("content", "embeds", "sticker_ids", "poll"):
            if body.get(key):
                code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
                form.add(
                    key, code, f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                )
    MessageComponents(form, v2=v2, files=names).check(body.get("components") or [])
    form.check()


def _check_embed(form: Form, at: str, embed: Json, names: list[str]) -> None:
    form.length(f"{at}.title", embed.get("title"), 0, 256)
    form.length(f"{at}.description", embed.get("description"), 0, 4096)
    form.count(f"{at}.fields", embed.get("fields") or [], 0, 25)
    for key in ("image", "thumbnail"):
        scheme, _, rest = ((embed.get(key) or {}).get("url") or "").partition("://")
        if scheme == "attachment" and rest not in names:
            form.add(
                f"{at}.{key}.url",
                "BASE_TYPE_ATTACHMENT_NOT_FOUND",
                f"The attachment {rest} is not in this message.",
            )


def _check_voice(body: Json, flags: int, kept: list[Attachment]) -> None:
    if not flags & VOICE:
        return
    if body.get("content") or body.get("embeds") or body.get("components"):
        raise known("voice has more")
    if len(kept) != 1 or not kept[0].content_type.startswith("audio/"):
        raise known("voice is one file")
    if not {"duration_secs", "waveform"} <= set(kept[0].extra):
        raise known("voice needs metadata")


def _is_empty(body: Json, kept: list[Attachment]) -> bool:
    extra = any(body.get(key) for key in ("embeds", "components", "sticker_ids", "poll"))
    return not (body.get("content") or "").strip() and not kept and not extra


def _resolved(components: list[Json], kept: list[Attachment]) -> list[Json]:
    """Components as Discord gives them back: numbered, with attachment:// turned into addresses."""
    whole = copy.deepcopy(components)
    for number, part in enumerate(walk(whole), 1):
        part.setdefault("id", number)
        if part["type"] == GALLERY:
            for item in part["items"]:
                item["media"] = _media(item["media"], kept)
        elif part["type"] == THUMBNAIL:
            part["media"] = _media(part["media"], kept)
        elif part["type"] == FILE:
            part["file"] = _media(part["file"], kept)
        _defaults(part)
    return whole


def _defaults(part: Json) -> None:
    if part["type"] in (CONTAINER, FILE, THUMBNAIL):
        part.setdefault("spoiler", False)
    if part["type"] == SEPARATOR:
        part.setdefault("divider", True)
        part.setdefault("spacing", 1)


def _media(media: Json, kept: list[Attachment]) -> Json:
    url = media["url"]
    name = url.removeprefix("attachment://")
    for file in kept:
        if url == file.url or (name != url and name == file.filename):
            return {
                "url": file.url,
                "proxy_url": file.url,
                "width": file.width,
                "height": file.height,
                "content_type": file.content_type,
                "attachment_id": str(file.id),
                "placeholder": "",
                "loading_state": 2,
            }
    return {"url": url, "proxy_url": url, "placeholder": "", "loading_state": 2, **media}


def _embed(embed: Json, kept: list[Attachment]) -> Json:
    shape = {"type": "rich", **embed}
    for key in ("image", "thumbnail"):
        if shape.get(key):
            shape[key] = _media(shape[key], kept)
    return shape
