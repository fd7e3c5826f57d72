"""Commands as the short text that a messenger's button carries, so that a click works years and restarts later.

A call stands in the text itself if it fits: "c:vary?media=~AZq…&what=outfit". An UUID takes 23 characters there, numbers and flags
keep their type ("#12", "!1"). What does not fit is kept in the store, and the button carries its token: "t:…".
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid

from bot.messages import Call, OptionValue
from bot.ports import Calls
from engine.errors import InputError

INLINE, TOKEN = "c:", "t:"
NOT_OURS = "I do not know that button. Type the command instead: /help shows them all."

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What separates, what marks a type at the beginning, and blanks at the ends, which a platform may cut off.
_ESCAPED = re.compile(r"[%&=?|\x00-\x1f\x7f]|^[~!# ]| $")
_ESCAPE = re.compile(r"%([0-9A-F]{2})")


async def pack(call: Call, limit: int, person_id: str, calls: Calls) -> str:
    """The text for a button of at most `limit` bytes."""
    options = "&".join(f"{_escape(name)}={_write(value)}" for name, value in call.options.items())
    packed = f"{INLINE}{_escape(call.name)}{'?' if options else ''}{options}"
    if len(packed.encode()) <= limit:
        return packed
    return TOKEN + await calls.keep(person_id, call)


async def unpack(text: str, calls: Calls) -> Call:
    """The call behind a button's text. Raises NotFoundError for one too old, InputError for what is not ours."""
    if text.startswith(TOKEN):
        return await calls.recall(text.removeprefix(TOKEN))
    if not text.startswith(INLINE):
        raise InputError(NOT_OURS)
    name, _, options = text.removeprefix(INLINE).partition("?")
    if not name:
        raise InputError(NOT_OURS)
    return Call(_unescape(name), dict(_option(one) for one in options.split("&") if options))


def _option(text: str) -> tuple[str, OptionValue]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise InputError(NOT_OURS)
    return _unescape(name), _read(value)


def _write(value: OptionValue) -> str:
    match value:
        case bool():
            return f"!{value:d}"
        case int():
            return f"#{value}"
        case _ if _UUID.fullmatch(value):
            return "~" + base64.urlsafe_b64encode(uuid.UUID(value).bytes).decode().rstrip("=")
        case _:
            return _escape(value)


def _read(text: str) -> OptionValue:
    try:
        match text[:1]:
            case "!":
                return text == "!1"
            case "#":
                return int(text[1:])
            case "~":
                return str(uuid.UUID(bytes=base64.urlsafe_b64decode(text[1:] + "==")))
            case _:
                return _unescape(text)
    except (ValueError, binascii.Error):
        raise InputError(NOT_OURS) from None


def _escape(text: str) -> str:
    return _ESCAPED.sub(lambda found: f"%{ord(found[0]):02X}", text)


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
