"""SillyTavern's chats: a JSON object a line, the first one about the chat. Group chats are written the same way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.memory.imports.dates import read_date
from engine.memory.imports.lines import Left, Line
from engine.memory.imports.source import Source, parsed

# Lines that may come before the first message: the chat's own, and broken ones.
LOOKED_AT = 5


class SillyTavern:
    """Reads `{"name": …, "is_user": …, "mes": …, "send_date": …}` lines."""

    title = "a SillyTavern chat"

    def fits(self, source: Source) -> bool:
        """Whether one of the first lines is a message of SillyTavern."""
        for _, text in zip(
            range(LOOKED_AT), source.head().decode("utf-8", "replace").splitlines(), strict=False
        ):
            told = parsed(text.lstrip("\ufeff")) if text.lstrip("\ufeff").startswith("{") else None
            if isinstance(told, dict) and ({"mes", "is_user"} <= told.keys() or "chat_metadata" in told):
                return True
        return False

    def read(self, source: Source) -> Iterator[Line | Left]:
        """Its lines; what the person hid there stays out."""
        person, character = "", ""
        for number, text in enumerate(source.lines()):
            if text is None or not text.strip():
                if text is None:
                    yield Left.BROKEN
                continue
            told = parsed(text.lstrip("\ufeff"))
            if not isinstance(told, dict):
                yield Left.BROKEN
            elif "mes" in told:
                yield _line(told, person, character)
            elif number == 0 or "chat_metadata" in told:
                person, character = _named(told, "user_name"), _named(told, "character_name")
            else:
                yield Left.BROKEN


def _line(told: dict[str, Any], person: str, character: str) -> Line | Left:
    text, name = told["mes"], told.get("name")
    if not isinstance(text, str):
        return Left.BROKEN
    extra = told.get("extra")
    narrated = isinstance(extra, dict) and extra.get("type") == "narrator"
    if told.get("is_system") is True or narrated:
        return Left.HIDDEN
    mine = told.get("is_user") is True
    speaker = name if isinstance(name, str) else person if mine else character
    text = text.replace("{{user}}", person or "you").replace("{{char}}", character or speaker)
    return Line(speaker, text, read_date(told.get("send_date"), day_first=False), mine)


def _named(told: dict[str, Any], key: str) -> str:
    """A name of the first line; newer versions say "unused" there."""
    name = told.get(key)
    return name if isinstance(name, str) and name != "unused" else ""
