"""Any JSON that has messages somewhere in it: Telegram's export, ChatGPT's, character.ai's, and most others.

A message is an object with words and with somebody who says them. It is found wherever it lies, in the order of the file;
what a key is called differs, and `_WORDS`, `_SPEAKERS` and `_DATES` know the usual names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.memory.imports.dates import read_date
from engine.memory.imports.lines import HistoryError, Left, Line
from engine.memory.imports.source import Source, parsed

_WORDS = ("mes", "text", "content", "message", "body", "raw_content", "msg", "candidates")
_SPEAKERS = ("name", "speaker", "author", "from", "sender", "sender_name", "role", "username", "user", "src")
_DATES = (
    "send_date",
    "timestamp",
    "timestamp_ms",
    "date",
    "datetime",
    "created_at",
    "create_time",
    "created",
    "time",
)
_IS_PERSON = ("is_user", "is_human", "isUser", "isHuman", "fromUser", "human")
# How programs call the person and the character where they have no names.
_PERSON_ROLES = frozenset({"user", "human", "you", "me", "person"})
_CHARACTER_ROLES = frozenset({"assistant", "ai", "bot", "model", "char", "character"})
_NOBODY_ROLES = frozenset({"system", "tool", "function", "developer"})
CARD = "That is a character card, not a conversation history."


class JsonChat:
    """Reads messages out of a JSON file, or of one with an object a line."""

    title = "a chat as JSON"

    def fits(self, source: Source) -> bool:
        """Whether it is JSON with a message in it. Raises HistoryError for a character's card."""
        if source.is_archive or source.head().lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
            return False
        if any(isinstance(found, Line) for found in self.read(source)):
            return True
        told = None if source.head().lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") else source.document()
        if isinstance(told, dict) and (
            str(told.get("spec", "")).startswith("chara_card") or "first_mes" in told
        ):
            raise HistoryError(CARD)
        return False

    def read(self, source: Source) -> Iterator[Line | Left]:
        """Its messages."""
        for told in _documents(source):
            if told is None:
                yield Left.BROKEN
            for found in _objects(told):
                if (line := _message(found)) is not None:
                    yield line


def _documents(source: Source) -> Iterator[Any]:
    """The file piece by piece where it is a list, or has an object a line; else the whole of it."""
    head = source.head().lstrip(b"\xef\xbb\xbf \t\r\n")
    first = head.split(b"\n", 1)[0]
    if head.startswith(b"["):
        yield from source.objects()
    elif parsed(first.decode("utf-8", "replace")) is not None:
        yield from (
            parsed(text) if text is not None else None
            for text in source.lines()
            if text is None or text.strip()
        )
    else:
        yield source.document()


def _objects(told: Any) -> Iterator[Mapping[str, Any]]:
    """All objects in a document, in its order; what lies in a message belongs to it."""
    waiting = [told]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if _message(one) is None:
                waiting.extend(reversed(one.values()))
            else:
                yield one
        elif isinstance(one, list):
            waiting.extend(reversed(one))


def _message(told: Mapping[str, Any]) -> Line | Left | None:
    """The message that an object is; None if it is something else."""
    words = next((text for key in _WORDS if key in told and (text := _text(told[key])) is not None), None)
    speaker, mine = _speaker(told)
    if words is None or (not speaker and mine is None):
        return None
    if speaker.casefold() in _NOBODY_ROLES or told.get("type") in ("service", "system"):
        return Left.HIDDEN
    if not words.strip():
        return Left.EMPTY
    stamp = next((told[key] for key in _DATES if told.get(key)), None)
    return Line(speaker, words, read_date(stamp, day_first=False), mine)


def _text(value: Any) -> str | None:
    """Words, however they are wrapped: in pieces, in parts, in the first of several answers."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        inner = next(
            (value[key] for key in ("parts", "text", "raw_content", "content") if key in value), None
        )
        return _text(inner) if isinstance(inner, str | list) else None
    if isinstance(value, list):
        pieces = [one if isinstance(one, str) else _piece(one) for one in value]
        if value and isinstance(value[0], dict) and "raw_content" in value[0]:
            pieces = pieces[:1]  # the answer that was chosen stands first
        said = [piece for piece in pieces if isinstance(piece, str)]
        return "".join(said) if said or not value else None
    return None


def _piece(value: Any) -> Any:
    return value.get("text", value.get("raw_content")) if isinstance(value, dict) else None


def _speaker(told: Mapping[str, Any], *, nested: bool = False) -> tuple[str, bool | None]:
    """Who says it, and whether that is the person, where it is told."""
    flag = next((told[key] for key in _IS_PERSON if isinstance(told.get(key), bool)), None)
    for key in _SPEAKERS:
        value = told.get(key)
        if isinstance(value, dict) and not nested:
            name, mine = _speaker(value, nested=True)
            if name or mine is not None:
                return name, mine if flag is None else flag
        elif isinstance(value, str) and value.strip():
            return _by_role(value.strip(), flag)
    return "", flag


def _by_role(name: str, flag: bool | None) -> tuple[str, bool | None]:
    if flag is None and name.casefold() in _PERSON_ROLES:
        return name, True
    if flag is None and name.casefold() in _CHARACTER_ROLES:
        return name, False
    return name, flag
