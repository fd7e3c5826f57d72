"""Text as Telegram keeps it: plain characters and entities whose places count in UTF-16 units.

Messages of people get what Telegram finds by itself (commands, mentions, links); those of the bot also what HTML or
MarkdownV2 said. Called by the methods and by the control side.
"""

import re
from typing import Any

from tests.loopback.telegram.errors import bad_request
from tests.loopback.telegram.parse_html import parse_html
from tests.loopback.telegram.parse_markdown import parse_markdown_v2
from tests.loopback.telegram.units import cut, units

Entity = dict[str, Any]

# Telegram drops entities beyond the hundredth.
MOST_ENTITIES = 100

FOUND = (
    ("bot_command", re.compile(r"(?<![\w/<>`])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    ("url", re.compile(r"(?<![\w@])(?:https?://|www\.)[^\s<>\"“”]+[^\s<>\"“”.,;:!?)\]]")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[A-Za-z]{2,}")),
    ("mention", re.compile(r"(?<![\w@.])@[A-Za-z][A-Za-z0-9_]{2,31}(?![\w@])")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
)

# Nothing is looked for inside these.
OPAQUE = {"code", "pre", "text_link", "url", "email", "bot_command"}


def find(text: str, known: list[Entity]) -> list[Entity]:
    """The known entities and those that Telegram finds by itself, in order."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in known if e["type"] in OPAQUE]
    found = list(known)
    for kind, pattern in FOUND:
        for match in pattern.finditer(text):
            start, length = units(text[: match.start()]), units(match.group())
            if all(start >= end or start + length <= begin for begin, end in taken):
                found.append({"type": kind, "offset": start, "length": length})
                taken.append((start, start + length))
    return sorted(found, key=lambda e: (e["offset"], -e["length"]))[:MOST_ENTITIES]


def parsed(text: str, mode: str, given: list[Entity] | None) -> tuple[str, list[Entity]]:
    """What the bot sent, as the person will see it: trimmed text and its entities."""
    known = [dict(entity) for entity in given or []]
    if mode:
        text, known = _by_mode(text, mode)
    text, known = trimmed(text.replace("\r", ""), known)
    return text, find(text, known)


def _by_mode(text: str, mode: str) -> tuple[str, list[Entity]]:
    """The text without its marks."""
    match mode.lower():
        case "html":
            return parse_html(text)
        case "markdownv2":
            return parse_markdown_v2(text)
    raise bad_request("unsupported parse_mode")


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without white space at both ends; entities move and shrink with it, empty ones go."""
    lead = units(text[: len(text) - len(text.lstrip())])
    stripped = text.strip()
    size = units(stripped)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] - lead + entity["length"], size)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return stripped, kept


def covered(text: str, entity: Entity) -> str:
    """The characters under an entity."""
    return cut(text, entity["offset"], entity["length"])
