"""What a person would see in a channel, as data: the source of assertions and of render.py's page."""

from __future__ import annotations

from dataclasses import dataclass

from tests.loopback.discord.errors import Json
from tests.loopback.discord.world import Attachment, Channel, Message, User


@dataclass(frozen=True)
class Entry:
    """One message as it stands on the screen."""

    id: int
    author: str
    is_bot: bool
    content: str
    # Components, one line each: texts, [buttons], ‹select› and (pictures), indented inside containers.
    lines: tuple[str, ...]
    buttons: tuple[str, ...]
    pictures: tuple[Attachment, ...]
    ephemeral: bool
    edited: bool
    thinking: bool
    reply_to: str
    message: Message

    @property
    def text(self) -> str:
        """All words of the message."""
        return self.message.text


def transcript(channel: Channel, for_user: User | None = None) -> list[Entry]:
    """The channel as that person sees it now, oldest first; None: without anybody's ephemeral messages."""
    return [_entry(one) for one in channel.messages.values() if one.seen_by(for_user)]


def _entry(message: Message) -> Entry:
    reference = message.reference
    return Entry(
        message.id,
        name_of(message),
        bool(message.author_name) or message.author.bot,
        message.content,
        tuple(line for part in message.components for line in _lines(part, "")),
        tuple(message.labels),
        tuple(message.pictures),
        message.ephemeral,
        message.edited is not None,
        message.thinking,
        f"{name_of(reference)}: {reference.text[:80]}" if reference else "",
        message,
    )


def name_of(message: Message) -> str:
    """Under which name a message stands."""
    return message.author_name or message.author.name


def _lines(part: Json, indent: str) -> list[str]:
    match part["type"]:
        case 1:
            return [indent + " ".join(_inline(one) for one in part["components"])]
        case 9:
            texts = [line for one in part["components"] for line in _lines(one, indent)]
            return [*texts, indent + _inline(part["accessory"])]
        case 10:
            return [indent + line for line in part["content"].split("\n")]
        case 12:
            return [indent + " ".join(_picture(item) for item in part["items"])]
        case 13:
            return [f"{indent}(file {part['file']['url'].rsplit('/', 1)[-1]})"]
        case 14:
            return [f"{indent}———"]
        case 17:
            return [line for one in part["components"] for line in _lines(one, indent + "│ ")]
    return [indent + _inline(part)]


def _inline(part: Json) -> str:
    if part["type"] == 2:
        label = part.get("label") or (part.get("emoji") or {}).get("name", "")
        return f"[{label}]" if not part.get("disabled") else f"[{label} – disabled]"
    if part["type"] == 11:
        return _picture(part)
    chosen = [one["label"] for one in part.get("options") or [] if one.get("default")]
    return f"‹{', '.join(chosen) or part.get('placeholder') or 'select'}›"


def _picture(item: Json) -> str:
    name = item["media"]["url"].rsplit("/", 1)[-1]
    described = f": {item['description']}" if item.get("description") else ""
    return f"(picture {name}{described})"
