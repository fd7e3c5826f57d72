"""Our commands as Discord's application commands, registered only when something changed; and what people typed.

`surface.py` syncs them at the start and reads options and completions with them. No behaviour lives here.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence

from bot.commands.command import TEXT_LENGTH, Command, Option, OptionKind
from bot.commands.locale import command_words, option_words
from bot.messages import Call, CharacterCard, OptionValue
from bot.surfaces.discord.locales import localised
from bot.surfaces.discord.rest import Json, Rest

log = logging.getLogger(__name__)

DESCRIPTION_LENGTH = 100  # Discord's limit, in characters
CHOICES = 25  # of one option, and of one completion
CHOICE_LENGTH = 100
EVERYWHERE = [0, 1, 2]  # contexts: servers, the chat with the bot, other private chats
INSTALLS = [0, 1]  # for a server, and for oneself

STRING, BOOLEAN, ATTACHMENT = 3, 5, 11  # Discord's types of options
TYPES = {OptionKind.FLAG: BOOLEAN, OptionKind.FILE: ATTACHMENT}


def command_name(name: str) -> str:
    """A name that Discord allows: lower case, letters, digits, - and _, at most 32 of them."""
    return re.sub(r"[^\w-]+", "_", name.casefold())[:32]


def listed(commands: Mapping[str, Command]) -> dict[str, Command]:
    """The commands that people type, by their names on Discord."""
    return {command_name(one.name): one for one in commands.values() if not one.hidden}


def payloads(commands: Mapping[str, Command], *, adults_only: bool) -> list[Json]:
    """What Discord is told about our commands."""
    return [_command(name, one, adults_only) for name, one in listed(commands).items()]


async def sync(rest: Rest, commands: Sequence[Json]) -> bool:
    """Register the commands unless Discord has exactly these. Returns whether it was needed."""
    if _normal(await rest.commands()) == _normal(commands):
        return False
    await rest.put_commands(commands)
    log.info("Discord has our %d commands now", len(commands))
    return True


def call_of(commands: Mapping[str, Command], data: Mapping[str, object]) -> Call:
    """The command that somebody used, with its options."""
    name = str(data.get("name", ""))
    command = listed(commands).get(name)
    options = {str(one["name"]): _value(one, data) for one in _options(data)}
    if command is None:
        return Call(name, options)
    names = {command_name(option.name): option.name for option in command.options}
    return Call(command.name, {names.get(key, key): value for key, value in options.items()})


def _value(option: Mapping[str, OptionValue], data: Mapping[str, object]) -> OptionValue:
    """What was given for an option; of a file its address."""
    value = option.get("value", "")
    if option.get("type") != ATTACHMENT:
        return value
    match data.get("resolved"):
        case {"attachments": {**files}} if isinstance(file := files.get(str(value)), dict):
            return str(file.get("url", ""))
        case _:
            return ""


def focused(data: Mapping[str, object]) -> tuple[str, str]:
    """The option that is being typed, and what stands there so far."""
    for option in _options(data):
        if option.get("focused"):
            return str(option["name"]), str(option.get("value", ""))
    return "", ""


def choices(cards: Iterable[CharacterCard], typed: str) -> list[Json]:
    """Characters to choose from; those whose name begins with what was typed come first."""
    start = typed.casefold()
    ranked = sorted(cards, key=lambda card: not card.name.casefold().startswith(start))
    return [_choice(card) for card in ranked[:CHOICES]]


def _choice(card: CharacterCard) -> Json:
    name = f"{card.name} – {card.tagline}" if card.tagline else card.name
    return {
        "name": name if len(name) <= CHOICE_LENGTH else name[: CHOICE_LENGTH - 1] + "…",
        "value": card.id,
    }


def _options(data: Mapping[str, object]) -> list[dict[str, OptionValue]]:
    options = data.get("options") or []
    return [one for one in options if isinstance(one, dict)] if isinstance(options, list) else []


def _command(name: str, command: Command, adults_only: bool) -> Json:
    shown = sorted((one for one in command.options if one.listed), key=lambda one: not one.required)
    return {
        "type": 1,
        "name": name,
        "description": command.description[:DESCRIPTION_LENGTH],
        "description_localizations": localised(
            lambda language: command_words(language, command), command.description, DESCRIPTION_LENGTH
        ),
        "options": [_option(command, one) for one in shown],
        "contexts": EVERYWHERE,
        "integration_types": INSTALLS,
        "nsfw": adults_only,
    }


def _option(command: Command, option: Option) -> Json:
    data: Json = {
        "type": TYPES.get(option.kind, STRING),
        "name": command_name(option.name),
        "description": option.description[:DESCRIPTION_LENGTH],
        "description_localizations": localised(
            lambda language: option_words(language, command, option), option.description, DESCRIPTION_LENGTH
        ),
        "required": option.required,
    }
    if option.kind is OptionKind.TEXT:
        data["max_length"] = TEXT_LENGTH
    if option.kind is OptionKind.CHARACTER:
        data["autocomplete"] = True
    if option.kind is OptionKind.CHOICE:
        data["choices"] = [{"name": choice, "value": choice} for choice in option.choices[:CHOICES]]
    return data


# What we say of a command and of an option; Discord adds ids, versions and its own defaults.
COMMAND_KEYS = ("name", "description", "description_localizations", "contexts", "integration_types", "nsfw")
OPTION_KEYS = (
    "type", "name", "description", "description_localizations", "required", "max_length", "autocomplete", "choices",
)  # fmt: skip


def _normal(commands: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Commands in a form in which equal ones are equal, whatever is left out or in whatever order they come."""
    return {str(one.get("name")): _normal_command(one) for one in commands}


def _normal_command(command: Mapping[str, object]) -> tuple[object, ...]:
    options = [_known(option, OPTION_KEYS) for option in _options(command)]
    return (_known(command, COMMAND_KEYS), options)


def _known(data: Mapping[str, object], keys: Sequence[str]) -> dict[str, object]:
    known = {key: data[key] for key in keys if data.get(key)}
    for key in ("contexts", "integration_types"):
        if isinstance(value := known.get(key), list):
            known[key] = sorted(value)
    if isinstance(found := known.get("choices"), list):
        known["choices"] = [(one["name"], one["value"]) for one in found]
    return known
