"""Forms → calls and words. Everything that a browser posts is read here, once its token was checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from bot.messages import Call, HelpEntry, OptionValue
from bot.surfaces.web.guard import FOREIGN, token_matches
from bot.surfaces.web.site import Refusal, RefusedError

UNREADABLE = Refusal(
    400, "That form could not be read", "Nothing was changed. Reload the page and try again."
)
# Fields of the largest wizard step, with room; more is not one of our forms.
FIELDS = 80
ANSWER = "answer."  # prefix of the wizard's own questions, so that none can pose as `draft` or `action`


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as typed into the chat: "/selfie at a jazz bar"."""

    name: str
    rest: str


async def read_form(request: Request) -> dict[str, str]:
    """The text fields of a post from our own pages. Raises RefusedError."""
    form = await request.form(max_files=0, max_fields=FIELDS)
    fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    if not token_matches(request, request.headers.get("x-csrf-token") or fields.pop("csrf", "")):
        raise RefusedError(FOREIGN)
    fields.pop("csrf", None)
    return fields


def read_call(text: str) -> Call:
    """The call in a button's hidden field. Raises RefusedError."""
    try:
        data = json.loads(text)
        return Call(
            _word(data["name"]), {_word(key): _value(value) for key, value in data["options"].items()}
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise RefusedError(UNREADABLE) from None


def read_answers(fields: Mapping[str, str]) -> dict[str, OptionValue]:
    """The wizard's answers among a form's fields, with the line ends of every platform made one."""
    return {
        name.removeprefix(ANSWER): value.replace("\r\n", "\n")
        for name, value in fields.items()
        if name.startswith(ANSWER) and name != ANSWER
    }


def read_typed(text: str) -> Typed | None:
    """The command that a line starts with, if it does. "//…" and "/ …" are words."""
    line = text.strip()
    name = line[1:].split(maxsplit=1)[0] if line.startswith("/") and line[1:2].isalnum() else ""
    return Typed(name.lower(), line[1 + len(name) :].strip()) if name else None


def typed_call(typed: Typed, entry: HelpEntry | None, slug: str) -> Call:
    """A typed command as a call: named options (`scene:…`) as they are, the rest as the first open option."""
    names = [name for name, _ in entry.options if name != "confirm"] if entry else []
    options: dict[str, OptionValue] = {}
    rest = typed.rest
    head, colon, tail = rest.partition(":")
    if colon and head in names:
        options[head], rest = tail.strip(), ""
    opened = [name for name in names if name != "character" and name not in options]
    target = opened[0] if opened else "character"
    if rest:
        options[target if names else "text"] = rest
    if "character" in names and "character" not in options and opened:
        options["character"] = slug
    elif names == ["character"] and not rest and typed.name not in ("talk", "characters"):
        options.setdefault("character", slug)
    return Call(typed.name, options)


def local_path(text: str) -> str:
    """A path of our own to go back to, or the catalog: never another site."""
    plain = text.isprintable() and "\\" not in text
    return text if plain and text.startswith("/") and not text.startswith("//") else "/"


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _value(value: object) -> OptionValue:
    if not isinstance(value, str | int | bool):
        raise TypeError
    return value
