"""Messages as Discord takes them: payloads that mention nobody, unfurl nothing, and are recognised when sent twice.

`sending.py` and `screens.py` make theirs here, from words or from what the views give.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace

from bot.surfaces.discord.post import Post
from bot.surfaces.discord.rest import Json, Upload

MESSAGE_LENGTH = 2000  # Discord's limit of plain content, in characters
SUPPRESS_EMBEDS = 1 << 2
EPHEMERAL = 1 << 6
LOADING = 1 << 7  # a promised answer that is not there yet
NONCE_LENGTH = 25  # Discord's limit

NOBODY: Json = {"parse": []}
TEXT_DISPLAY = 10


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready to be posted or put in place of another."""

    payload: Json
    uploads: tuple[Upload, ...] = ()

    @property
    def digest(self) -> str:
        """Equal for messages that show the same."""
        seen = hashlib.sha256(json.dumps(self.payload, sort_keys=True).encode())
        for upload in self.uploads:
            seen.update(hashlib.sha256(upload.content).digest())
        return seen.hexdigest()[:32]

    def posted(self, **more: object) -> Json:
        """The payload of a new message."""
        return {**self.payload, **more}

    def alone(self) -> Json:
        """The payload of a new message that only one person sees."""
        return {**self.payload, "flags": self.payload.get("flags", 0) | EPHEMERAL}

    def calling(self, user: str) -> Outgoing:
        """The same, calling the person by name who waits for it and may have gone elsewhere."""
        called: Json = {"parse": [], "users": [user]}
        words = f"<@{user}>"
        if components := self.payload.get("components"):
            line = {"type": TEXT_DISPLAY, "content": words}
            payload = {**self.payload, "components": [line, *components], "allowed_mentions": called}
        else:
            content = f"{words} {self.payload.get('content', '')}"
            payload = {**self.payload, "content": content, "allowed_mentions": called}
        return replace(self, payload=payload)


def of_words(text: str) -> Outgoing:
    """A message of words; their markup is Discord's already."""
    return Outgoing({"content": text, "flags": SUPPRESS_EMBEDS, "allowed_mentions": NOBODY})


def of_post(post: Post) -> Outgoing:
    """A message that a view made."""
    payload: Json = {"flags": post.flags or SUPPRESS_EMBEDS, "allowed_mentions": NOBODY}
    if post.components:
        payload["components"] = post.components
    else:
        payload["content"] = post.content
    uploads = tuple(Upload(one.filename, one.content, one.description) for one in post.files)
    return Outgoing(payload, uploads)


def nonce(*what: object) -> str:
    """A number for one message: Discord takes the same one within minutes only once."""
    return hashlib.sha256("\0".join(map(str, what)).encode()).hexdigest()[:NONCE_LENGTH]


def once(number: str) -> Json:
    """What tells Discord to take a message with that nonce only once."""
    return {"nonce": number, "enforce_nonce": True}
