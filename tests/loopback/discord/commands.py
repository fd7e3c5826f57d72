"""Discord's rules for application commands: what may be registered (called by rest.py) and which of them a person is
offered where (called by control.py; else CannotSend)."""

from __future__ import annotations

import re
from typing import Any

from tests.loopback.discord.errors import Form, Json, known
from tests.loopback.discord.world import Channel, User, World

# Word characters, and the marks of Devanagari and Thai that Python does not count as such.
NAME = re.compile(r"[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}")
LOCALES = set(
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th "
    "zh-CN ja zh-TW ko".split()
)
SUBCOMMAND, GROUP = 1, 2
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)
GUILD_CONTEXT, BOT_DM, PRIVATE = 0, 1, 2
CONTEXTS = {"guild": GUILD_CONTEXT, "bot_dm": BOT_DM, "private": PRIVATE}


class CannotSend(Exception):  # noqa: N818 - reads as what happened
    """A person's Discord app would not let them do this."""


def check_commands(payload: Any) -> None:
    """The body of a bulk overwrite, or 50035."""
    form = Form()
    if not isinstance(payload, list) or len(payload) > 110:
        form.add("", "BASE_TYPE_BAD_LENGTH", "Must be between 0 and 110 in length.")
        payload = []
    kinds = [(one.get("type", 1), one.get("name")) for one in payload]
    if len(set(kinds)) < len(kinds):
        form.add("", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
    for place, one in enumerate(payload):
        _command(form, str(place), one)
    form.check()


def check_command(payload: Json) -> None:
    """One command to register, or 50035."""
    form = Form()
    _command(form, "", payload)
    form.check()


def _command(form: Form, at: str, one: Json) -> None:
    if one.get("type", 1) == 1:
        _named(form, at, one)
        _options(form, f"{at}.options", one.get("options") or [], depth=0)
        if _size(one) > 8000:
            form.add(at, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")
    else:
        form.length(f"{at}.name", one.get("name"), 1, 32)
    for key, allowed in (("contexts", (0, 1, 2)), ("integration_types", (0, 1))):
        if not set(one.get(key) or ()) <= set(allowed):
            form.add(f"{at}.{key}", "BASE_TYPE_CHOICES", f"Value must be one of {allowed}.")


def _named(form: Form, at: str, one: Json) -> None:
    names = {"name": one.get("name"), **_localised(form, f"{at}.name_localizations", one, "name")}
    for where, name in names.items():
        path = f"{at}.name" if where == "name" else f"{at}.name_localizations.{where}"
        if not isinstance(name, str) or not NAME.fullmatch(name) or name != name.lower():
            form.add(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    form.length(f"{at}.description", one.get("description"), 1, 100)
    said = _localised(form, f"{at}.description_localizations", one, "description")
    for where, text in said.items():
        form.length(f"{at}.description_localizations.{where}", text, 1, 100)


def _localised(form: Form, at: str, one: Json, what: str) -> dict[str, Any]:
    found: dict[str, Any] = one.get(f"{what}_localizations") or {}
    for locale in found:
        if locale not in LOCALES:
            form.add(f"{at}.{locale}", "BASE_TYPE_CHOICES", "Not a locale of Discord.")
    return found


def _size(one: Json) -> int:
    own = sum(len(str(one.get(key) or "")) for key in ("name", "description", "value"))
    return own + sum(_size(part) for key in ("options", "choices") for part in one.get(key) or [])


def _options(form: Form, at: str, options: list[Json], depth: int) -> None:
    form.count(at, options, 0, 25)
    names = [option.get("name") for option in options]
    if len(set(names)) < len(names):
        form.add(at, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option names must be unique")
    optional_seen = False
    for place, option in enumerate(options):
        path = f"{at}.{place}"
        _named(form, path, option)
        kind = option.get("type")
        if kind in (SUBCOMMAND, GROUP) and depth <= 2 - kind:
            _options(form, f"{path}.options", option.get("options") or [], depth + 1)
            continue
        if kind not in range(STRING, ATTACHMENT + 1):
            form.add(
                f"{path}.type", "APPLICATION_COMMAND_OPTION_TYPE_INVALID", "This option type is invalid here"
            )
        if option.get("required") and optional_seen:
            form.add(
                path,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional_seen |= not option.get("required")
        _choices(form, path, option)


def _choices(form: Form, at: str, option: Json) -> None:
    choices = option.get("choices") or []
    form.count(f"{at}.choices", choices, 0, 25)
    if choices and option.get("autocomplete"):
        form.add(
            f"{at}.autocomplete", "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", "Autocomplete excludes choices"
        )
    for place, choice in enumerate(choices):
        form.length(f"{at}.choices.{place}.name", choice.get("name"), 1, 100)
        _localised(form, f"{at}.choices.{place}.name_localizations", choice, "name")
        if isinstance(choice.get("value"), str):
            form.length(f"{at}.choices.{place}.value", choice["value"], 1, 100)


def stored(world: World, payload: Json, guild_id: int | None) -> Json:
    """A command as Discord keeps it: with its id, which stays when a command of that name is registered again."""
    existing = world.application.commands.get(guild_id) or []
    same = [
        one for one in existing if (one["name"], one["type"]) == (payload["name"], payload.get("type", 1))
    ]
    shape: Json = {
        "type": 1,
        "description": "",
        "options": [],
        "default_member_permissions": None,
        "dm_permission": True,
        "nsfw": False,
        "contexts": None,
        "integration_types": [0],
        "name_localizations": None,
        "description_localizations": None,
        **payload,
        "id": same[0]["id"] if same else str(world.ids()),
        "application_id": str(world.application.id),
        "version": str(world.ids()),
    }
    return {**shape, "guild_id": str(guild_id)} if guild_id else shape


def context_of(world: World, channel: Channel) -> int:
    """Which of the three contexts a channel is."""
    if channel.guild is not None:
        return GUILD_CONTEXT
    return PRIVATE if channel.is_private else BOT_DM


def offered(world: World, channel: Channel, user: User, name: str, kind: int = 1) -> Json:
    """The registered command that this person sees in this channel, or CannotSend."""
    scopes = [None] if channel.guild is None else [channel.guild.id, None]
    found = [
        one
        for scope in scopes
        for one in world.application.commands.get(scope, [])
        if (one["name"], one["type"]) == (name, kind)
    ]
    if not found:
        raise CannotSend(f"there is no command /{name}; registered: {registered(world)}")
    _check_context(world, channel, user, found[0])
    return found[0]


def registered(world: World) -> list[str]:
    """The names of all registered commands."""
    return sorted(one["name"] for several in world.application.commands.values() for one in several)


def _check_context(world: World, channel: Channel, user: User, command: Json) -> None:
    context = context_of(world, channel)
    allowed = command["contexts"] if command["contexts"] is not None else [0, 1, 2]
    if context not in allowed:
        raise CannotSend(f"/{command['name']} is not offered in context {context}, only in {allowed}")
    types = command["integration_types"] or [0]
    by_user = user.installed and 1 in types
    by_guild = channel.guild is not None and channel.guild.has(world.bot) and 0 in types
    by_dm = context == BOT_DM and 0 in types
    if not (by_user or by_guild or by_dm):
        raise CannotSend(f"/{command['name']} is not installed here (integration types {types})")
    adult = channel.age_restricted if channel.guild else user.adult_dms
    if command["nsfw"] and not adult:
        raise CannotSend(f"/{command['name']} is age-restricted and this channel is not")


def remove(world: World, guild_id: int | None, command_id: str) -> None:
    """Forget one command, or 10063."""
    kept = [one for one in world.application.commands.get(guild_id, []) if one["id"] != command_id]
    if len(kept) == len(world.application.commands.get(guild_id, [])):
        raise known("unknown command")
    world.application.commands[guild_id] = kept
