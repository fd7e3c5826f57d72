"""Forms → calls and words. Everything that a browser posts is read here, once its token was checked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from starlette.requests import Request

from bot.messages import Call, OptionValue
from bot.surfaces.web.guard import FOREIGN, token_matches
from bot.surfaces.web.site import Refusal, RefusedError
from characters.text import storable

UNREADABLE = Refusal(
    400, "That form could not be read", "Nothing was changed. Reload the page and try again."
)
# Fields of the largest wizard step, with room; more is not one of our forms.
FIELDS = 80
COMMAND = re.compile(r"\s*/([\w-]+)")
ANSWER = "answer."  # prefix of the wizard's own questions, so that none can pose as `draft` or `action`


async def read_form(request: Request) -> dict[str, str]:
    """The text fields of a post from our own pages. Raises RefusedError."""
    form = await request.form(max_files=0, max_fields=FIELDS)
    fields = {storable(name): storable(value) for name, value in form.multi_items() if isinstance(value, str)}
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
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RefusedError(UNREADABLE) from None


def read_answers(fields: Mapping[str, str]) -> dict[str, OptionValue]:
    """The wizard's answers among a form's fields, with the line ends of every platform made one."""
    return {
        name.removeprefix(ANSWER): value.replace("\r\n", "\n")
        for name, value in fields.items()
        if name.startswith(ANSWER) and name != ANSWER
    }


def read_command(text: str) -> str:
    """The name of the command that a line starts with, "" if it is words; the door reads the rest of it."""
    found = COMMAND.match(text)
    return found[1].lower() if found else ""


def local_path(text: str) -> str:
    """A path of our own to go back to, or the catalog: never another site."""
    plain = text.isprintable() and "\\" not in text
    return text if plain and text.startswith("/") and not text.startswith("//") else "/"


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return storable(value)


def _value(value: object) -> OptionValue:
    if not isinstance(value, str | int | bool):
        raise TypeError
    return storable(value) if isinstance(value, str) else value
