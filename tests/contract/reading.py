"""A message as a person reads it in their app: markup is looked through, and only the words are left. watched.py asks.

Deliberately no part of the loopback servers: it judges them and the surfaces alike.
"""

from __future__ import annotations

import re

from tests.loopback.discord.world import Message
from tests.loopback.telegram import Line

# What a person cannot read before they press on it.
HIDDEN = "▮"
# What is no markup, whichever comes first: code, whatever has a backslash before it, addresses.
_LITERAL = re.compile(
    r"```(?:\w+\n)?(.+?)```|`([^`\n]+)`|\\([!-/:-@\[-`{-~])|(?<!\]\()(https?://[^\s<]+)", re.DOTALL
)
# Where characters stand that are no markup any more, until all markup is read.
_ASIDE = 0xE000
_KEPT = re.compile("[\ue000-\ue07f]")
_NOTHING = "\u200b"
# Discord's markup, longest marks first. What has no words of its own is named in ‹ ›.
_MARKS = (
    (re.compile(r"\|\|(.+?)\|\|", re.DOTALL), HIDDEN),
    (re.compile(r"\[([^\]\n]+)\]\(https?://[^)\s]+\)"), r"‹link›\1"),
    (re.compile("@(everyone|here)"), "‹everyone›"),
    (re.compile(r"<(?:@[!&]?|#|a?:\w+:|t:|/\w+:|id:)\w*>"), "‹tag›"),
    (re.compile(r"\*\*(.+?)\*\*", re.DOTALL), r"\1"),
    (re.compile(r"__(.+?)__", re.DOTALL), r"\1"),
    (re.compile(r"~~(.+?)~~", re.DOTALL), r"\1"),
    (re.compile(r"(?<!\*)\*(?![\s*])([^*\n]+?)\*"), r"\1"),
    (re.compile(r"(?<!\w)_(?!\s)([^_\n]+?)_(?!\w)"), r"\1"),
    (re.compile(r"^[ \t]*(?:#{1,3}|-#|>{1,3}|[-*+]) ", re.MULTILINE), ""),
)


def discord_words(message: Message) -> str:
    """All that a message of Discord says: its words, its buttons, and its menus with what is chosen."""
    chosen = [
        option["label"]
        for menu in message.selects
        for option in menu.get("options") or []
        if option.get("default")
    ]
    hints = [menu.get("placeholder") or "" for menu in message.selects]
    return "\n".join([read_discord(message.text), *message.labels, *hints, *chosen])


def read_discord(text: str) -> str:
    """Discord's markdown → the words that are shown."""
    text = _LITERAL.sub(lambda found: _aside(found[found.lastindex or 0]), text)
    for mark, shown in _MARKS:
        text = mark.sub(shown, text)
    return _KEPT.sub(lambda found: chr(ord(found[0]) - _ASIDE), text).replace(_NOTHING, "")


def _aside(text: str) -> str:
    return "".join(chr(_ASIDE + ord(one)) if "!" <= one <= "~" else one for one in text)


def telegram_words(line: Line) -> str:
    """All that a message of Telegram says: its words and its buttons."""
    units = line.text.encode("utf-16-le")
    for entity in sorted(line.entities, key=lambda one: -one["offset"]):
        if entity["type"] == "spoiler":
            start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
            units = units[:start] + HIDDEN.encode("utf-16-le") + units[end:]
    buttons = [button.text for row in line.buttons for button in row]
    return "\n".join([units.decode("utf-16-le"), *buttons])
