"""What a command is: a name, options with types, who may use it, and the handler. Pure data and its parsing.

`registry.py` lists the commands; surfaces build their native forms from them; `bot/router.py` parses and runs them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from bot.config import Settings
from bot.delivery import Delivery
from bot.messages import Call, Inbound, OptionValue, Outbound
from bot.wizard.machine import WizardMachine
from engine.build import Engine
from engine.errors import InputError

# Characters of one text option. A message may be longer (`MESSAGE_LENGTH`), a scene needs no essay.
TEXT_LENGTH = 1000
# Characters of one message: twice Discord's long limit, and still less than any model's context.
MESSAGE_LENGTH = 8000


class OptionKind(StrEnum):
    """What an option holds; surfaces choose their control and completion by it."""

    TEXT = "text"
    FLAG = "flag"
    CONFIRM = "confirm"  # a flag that the button of a question sets; not listed
    CHARACTER = "character"  # a name, slug or id; completed from the catalog
    CHOICE = "choice"
    FILE = "file"  # what was sent along: each surface has its own way; its value is only a reference
    ID = "id"  # of a picture, a job, a fact or a draft: filled in by buttons


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command."""

    name: str
    description: str
    kind: OptionKind = OptionKind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()

    @property
    def listed(self) -> bool:
        """Whether people type it; the others are filled in by buttons."""
        return self.kind not in (OptionKind.ID, OptionKind.CONFIRM)


class Who(StrEnum):
    """Who may use a command."""

    ANYONE = "anyone"
    OWNER = "owner"  # of the thing it touches; the handler checks which thing


@dataclass(frozen=True, slots=True)
class Tools:
    """What handlers work with."""

    engine: Engine
    wizard: WizardMachine
    delivery: Delivery
    settings: Settings
    commands: Mapping[str, Command]


@dataclass(frozen=True, slots=True)
class Request:
    """A parsed call. `options` hold only what was given, with the right types."""

    inbound: Inbound
    options: Mapping[str, OptionValue]
    tools: Tools

    @property
    def person_id(self) -> str:
        """Who asks."""
        return self.inbound.origin.person_id

    @property
    def conversation_id(self) -> str:
        """The conversation it was asked in, "" outside of one."""
        return self.inbound.origin.conversation_id

    def text(self, name: str) -> str:
        """A text option, "" if it was not given."""
        return str(self.options.get(name, ""))

    def flag(self, name: str) -> bool:
        """Whether a flag was given."""
        return bool(self.options.get(name, False))


class Handler(Protocol):
    """Carries out a command and yields what to show."""

    def __call__(self, request: Request) -> AsyncGenerator[Outbound]:
        """Handle one request."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command, once, as data. `free` commands take further options (the wizard's fields)."""

    name: str
    description: str
    handler: Handler
    options: tuple[Option, ...] = ()
    who: Who = Who.ANYONE
    example: str = ""
    hidden: bool = False  # called by buttons and pages, not listed in the help
    paced: bool = False  # counts towards the messages of a minute; looking at things does not
    free: bool = False
    at_once: bool = False  # only looks, so it does not wait for its conversation's turn
    by_name: Mapping[str, Option] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {option.name: option for option in self.options})

    @property
    def usage(self) -> str:
        """How it is typed: "/selfie scene [character:…]"."""
        parts = [f"/{self.name}"]
        for number, option in enumerate(self.options):
            if option.listed:
                words = option.name if number == 0 else f"{option.name}:…"
                parts.append(words if option.required else f"[{words}]")
        return " ".join(parts)


def parse_options(command: Command, given: Mapping[str, OptionValue]) -> dict[str, OptionValue]:
    """Check and convert options. Raises InputError that names the option and what it takes."""
    options: dict[str, OptionValue] = {}
    for name, value in given.items():
        option = command.by_name.get(name)
        if option is None and not command.free:
            raise InputError(_unknown_option(command, name))
        options[name] = _convert(option, value) if option else value
    for option in command.options:
        if option.required and options.get(option.name) in (None, ""):
            raise InputError(
                f"/{command.name} needs {option.name}: {option.description.lower()} Try {command.example}."
            )
    return options


def _unknown_option(command: Command, name: str) -> str:
    known = list(command.by_name)
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"It takes: {', '.join(known) or 'no options'}."
    return f"/{command.name} has no option “{name[:40]}”. {hint}"


def _convert(option: Option, value: OptionValue) -> OptionValue:
    if option.kind in (OptionKind.FLAG, OptionKind.CONFIRM):
        return value if isinstance(value, bool) else str(value).strip().lower() in ("1", "true", "yes", "on")
    text = str(value).strip()
    if len(text) > TEXT_LENGTH:
        raise InputError(
            f"{option.name} may have {TEXT_LENGTH} characters; yours has {len(text)}. Please say it shorter."
        )
    if option.choices and text and text not in option.choices:
        raise InputError(f"{option.name} is one of: {', '.join(option.choices)}.")
    return text


def parse_slash(text: str, commands: Mapping[str, Command]) -> Call | None:
    """A typed "/selfie at a jazz bar character:maya" as a call; None if the text is no command. Raises InputError."""
    match = re.match(r"/([\w-]+)\s*(.*)", text.strip(), re.DOTALL)
    if match is None:
        return None
    name, rest = match[1].lower(), match[2]
    command = commands.get(name) or commands.get(name.replace("-", "_"))
    if command is None:
        near = difflib.get_close_matches(name, [one.name for one in commands.values() if not one.hidden], n=1)
        hint = f"Did you mean /{near[0]}?" if near else "Type /help to see what there is."
        raise InputError(f"There is no command /{name[:40]}. {hint}")
    return Call(command.name, _typed_options(command, rest))


def _typed_options(command: Command, rest: str) -> dict[str, OptionValue]:
    """`name:value` (quotes allowed) anywhere; everything else is the first option."""
    options: dict[str, OptionValue] = {}
    words = []
    for token in re.findall(r"[\w]+:\"[^\"]*\"|\S+", rest):
        name, colon, value = token.partition(":")
        if colon and name in command.by_name and value:
            options[name] = value.strip('"')
        else:
            words.append(token)
    if words and command.options:
        options.setdefault(command.options[0].name, " ".join(words))
    elif words:
        raise InputError(f"/{command.name} takes no options.")
    return options
