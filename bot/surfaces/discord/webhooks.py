"""Characters speak in servers with their own name and face: one webhook for each in each channel.

`sending.py` asks for a hook and speaks by it. A webhook's name carries whose it is and which face it has, so that it
is found again after a restart and gets a new avatar when the face changes. The avatar is uploaded: no public address
is needed.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakValueDictionary

from PIL import Image

from bot.messages import Pictures, Speaker
from bot.surfaces.discord.errors import TOO_MANY_WEBHOOKS, UNKNOWN_WEBHOOK, RefusedError
from bot.surfaces.discord.rest import Hook, Rest
from engine.errors import NotFoundError

log = logging.getLogger(__name__)

HOOKS_PER_CHANNEL = 10  # of Discord's 15; the others are left to whoever else needs some
NAME_LENGTH = 80  # Discord's limit
FACE_PX = 256  # what Discord shows at most; a whole portrait would be megabytes
# How long a missing permission is believed: an admin who has just granted it should not wait long.
REFUSAL_S = 300.0
KNOWN_CHANNELS = 2000  # whose webhooks are remembered; listing them again costs one call

SHARED = "shared"
MARK = re.compile(r"\[(\w+)\.(\w*)\]$")
# Words that Discord refuses in names of webhooks, whatever the letters' case.
FORBIDDEN = re.compile(r"(?i)(d)(iscord)|(c)(lyde)")


def acceptable(name: str) -> str:
    """A name that Discord lets a webhook have: it looks the same, but is not one of the forbidden words."""
    apart = FORBIDDEN.sub(lambda found: "\u200b".join(part for part in found.groups() if part), name.strip())
    return apart[:NAME_LENGTH] or "…"


@dataclass(frozen=True, slots=True)
class Face:
    """A webhook of ours: whose it is, and which picture it wears, as its name says."""

    hook: Hook
    owner: str
    picture: str


class Webhooks:
    """The webhooks of every channel that was spoken in."""

    def __init__(
        self, rest: Rest, pictures: Pictures, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._rest = rest
        self._pictures = pictures
        self._monotonic = monotonic
        self._channels: OrderedDict[str, dict[str, Face]] = OrderedDict()
        self._refused: dict[str, float] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._told: set[str] = set()

    async def of(self, channel: str, speaker: Speaker, person_id: str) -> Hook | None:
        """The character's hook in a channel, made now if there is none; None where the bot may not have one."""
        if self._refused.get(channel, 0.0) > self._monotonic():
            return None
        lock = self._locks.get(channel) or self._locks.setdefault(channel, asyncio.Lock())
        async with lock:
            try:
                return await self._find_anew(channel, speaker, person_id)
            except RefusedError as error:
                self._give_up(channel, error)
                return None

    async def by_id(self, channel: str, webhook_id: str) -> Hook | None:
        """One of our hooks in a channel."""
        try:
            faces = await self._faces(channel)
        except RefusedError:
            return None
        return next((face.hook for face in faces.values() if face.hook.id == webhook_id), None)

    def forget(self, channel: str) -> None:
        """An admin has deleted one: look anew."""
        self._channels.pop(channel, None)

    def known(self, webhook_id: str) -> tuple[str, Hook] | None:
        """One of our hooks by its id, with its channel, as far as it was spoken by."""
        for channel, faces in self._channels.items():
            for face in faces.values():
                if face.hook.id == webhook_id:
                    return channel, face.hook
        return None

    async def _find_anew(self, channel: str, speaker: Speaker, person_id: str) -> Hook | None:
        try:
            return await self._find(channel, speaker, person_id)
        except RefusedError as error:
            if error.code != UNKNOWN_WEBHOOK:
                raise
            self.forget(channel)  # deleted by an admin just when its face was to change
            return await self._find(channel, speaker, person_id)

    async def _find(self, channel: str, speaker: Speaker, person_id: str) -> Hook | None:
        faces = await self._faces(channel)
        owner, picture = _short(speaker.character_id), _short(speaker.picture_media_id)
        face = faces.get(owner)
        if face is None:
            return await self._make(channel, faces, speaker, person_id)
        if face.picture != picture:
            avatar = await self._avatar(speaker, person_id)
            change = {"name": _name(speaker.name, owner, picture), "avatar": avatar}
            await self._rest.change_webhook(face.hook, change)
            faces[owner] = Face(face.hook, owner, picture)
        return face.hook

    async def _make(
        self, channel: str, faces: dict[str, Face], speaker: Speaker, person_id: str
    ) -> Hook | None:
        """A webhook of the character's own while there is room, then one that all others share."""
        if len(faces) >= HOOKS_PER_CHANNEL - 1:
            shared = faces.get(SHARED) or await self._create(channel, faces, "Selfsame", SHARED, "", None)
            return shared.hook
        owner, picture = _short(speaker.character_id), _short(speaker.picture_media_id)
        avatar = await self._avatar(speaker, person_id)
        try:
            face = await self._create(channel, faces, speaker.name, owner, picture, avatar)
        except RefusedError as error:
            if error.code != TOO_MANY_WEBHOOKS or not faces:
                raise
            face = faces.get(SHARED) or next(iter(faces.values()))
        return face.hook

    async def _create(
        self,
        channel: str,
        faces: dict[str, Face],
        name: str,
        owner: str,
        picture: str,
        avatar: str | None,
    ) -> Face:
        made = await self._rest.make_webhook(channel, _name(name, owner, picture), avatar)
        face = faces[owner] = Face(Hook(str(made["id"]), str(made["token"])), owner, picture)
        return face

    async def _faces(self, channel: str) -> dict[str, Face]:
        """Our webhooks in a channel by whose they are."""
        if channel not in self._channels:
            self._channels[channel] = await self._list(channel)
            while len(self._channels) > KNOWN_CHANNELS:
                self._channels.popitem(last=False)
        self._channels.move_to_end(channel)
        return self._channels[channel]

    async def _list(self, channel: str) -> dict[str, Face]:
        faces = {}
        for webhook in await self._rest.webhooks(channel):
            mark = MARK.search(webhook.get("name") or "")
            ours = str(webhook.get("application_id")) == self._rest.application_id
            if ours and mark and webhook.get("token"):
                hook = Hook(str(webhook["id"]), str(webhook["token"]))
                faces[mark[1]] = Face(hook, mark[1], mark[2])
        return faces

    async def _avatar(self, speaker: Speaker, person_id: str) -> str | None:
        try:
            path, _ = await self._pictures.file(speaker.picture_media_id, person_id)
            return await asyncio.to_thread(_data_uri, path)
        except (NotFoundError, OSError):
            return None  # a face that is gone: the name alone speaks

    def _give_up(self, channel: str, error: RefusedError) -> None:
        self._refused[channel] = self._monotonic() + REFUSAL_S
        if channel not in self._told:
            self._told.add(channel)
            log.warning(
                "Discord: channel %s does not let characters have their own name and face (code %d). "
                "Give the bot's role the permission Manage Webhooks: server settings → Roles.",
                channel,
                error.code,
            )


def _short(long: str) -> str:
    return hashlib.sha256(long.encode()).hexdigest()[:10] if long else ""


def _name(name: str, owner: str, picture: str) -> str:
    mark = f" [{owner}.{picture}]"
    return acceptable(name)[: NAME_LENGTH - len(mark)] + mark


def _data_uri(path: str) -> str:
    with Image.open(path) as picture:
        face = picture.convert("RGB")
    face.thumbnail((FACE_PX, FACE_PX))
    out = io.BytesIO()
    face.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
