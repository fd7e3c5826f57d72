"""Discord's rules for application commands: what may be registered (called by rest.py) and what a person's client would
let them send (called by control.py, which raises CannotSend)."""

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


class Arguments:
    """A person's options, checked against a registered command and put into Discord's shape."""

    def __init__(self, world: World, channel: Channel, *, focused: str | None = None) -> None:
        self._world = world
        self._channel = channel
        self._focused = focused
        self.resolved: Json = {}

    def fill(self, command: Json, path: list[str], given: dict[str, Any]) -> list[Json]:
        """The `options` of the interaction, through subcommands."""
        if path:
            inside = [one for one in command["options"] if one["name"] == path[0] and one["type"] in (1, 2)]
            if not inside:
                raise CannotSend(f"/{command['name']} has no subcommand {path[0]}")
            below = self.fill({"options": [], **inside[0]}, path[1:], given)
            return [{"name": path[0], "type": inside[0]["type"], "options": below}]
        known_options = {one["name"]: one for one in command["options"]}
        if any(one["type"] in (SUBCOMMAND, GROUP) for one in known_options.values()):
            raise CannotSend(f"choose a subcommand of {command['name']}: {sorted(known_options)}")
        if unknown := set(given) - set(known_options):
            raise CannotSend(
                f"{command['name']} has no option {sorted(unknown)}, only {sorted(known_options)}"
            )
        missing = [name for name, one in known_options.items() if one.get("required") and name not in given]
        if missing and self._focused is None:
            raise CannotSend(f"{command['name']} needs {missing}")
        return [self._one(known_options[name], value) for name, value in given.items()]

    def _one(self, option: Json, value: Any) -> Json:
        shape: Json = {"name": option["name"], "type": option["type"]}
        if option["name"] == self._focused:
            if not option.get("autocomplete"):
                raise CannotSend(f"{option['name']} has no autocompletion")
            return {**shape, "value": value, "focused": True}
        return {**shape, "value": self._value(option, value)}

    def _value(self, option: Json, value: Any) -> Any:
        match option["type"]:
            case 3:
                check_text(option, value)
            case 4 | 10:
                _check_number(option, value)
            case 5:
                if not isinstance(value, bool):
                    raise CannotSend(f"{option['name']} is true or false")
            case 11:
                return self._file(value)
            case _:
                return self._entity(value)
        if option.get("choices") and value not in [one["value"] for one in option["choices"]]:
            raise CannotSend(f"{value!r} is not among the choices of {option['name']}")
        return value

    def _file(self, value: tuple[str, bytes]) -> str:
        from tests.loopback.discord import payloads
        from tests.loopback.discord.files import store

        filename, content = value
        file = store(self._world, self._channel.id, filename, content)
        self.resolved.setdefault("attachments", {})[str(file.id)] = payloads.attachment(file)
        return str(file.id)

    def _entity(self, value: Any) -> str:
        from tests.loopback.discord import payloads

        number = str(value.id)
        if isinstance(value, User):
            self.resolved.setdefault("users", {})[number] = payloads.user(value)
            guild = self._channel.guild
            if guild is not None and guild.has(value):
                told = payloads.member(
                    self._world, guild.members[value.id], with_user=False, channel=self._channel
                )
                self.resolved.setdefault("members", {})[number] = told
        elif isinstance(value, Channel):
            told = {
                **payloads.channel(value),
                "permissions": str(self._world.permissions(self._world.bot, value)),
            }
            self.resolved.setdefault("channels", {})[number] = told
        else:
            self.resolved.setdefault("roles", {})[number] = payloads.role(value, 1)
        return number


def check_text(option: Json, value: Any) -> None:
    """A string within the option's (or text input's) bounds, or CannotSend."""
    name = option.get("name") or option.get("custom_id")
    if not isinstance(value, str):
        raise CannotSend(f"{name} is a text")
    shortest, longest = option.get("min_length") or 0, option.get("max_length") or 6000
    if not shortest <= len(value) <= longest:
        raise CannotSend(f"{name} has {len(value)} characters, not {shortest} to {longest}")


def _check_number(option: Json, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int if option["type"] == INTEGER else (int, float)):
        raise CannotSend(f"{option['name']} is a number")
    lowest, highest = option.get("min_value", -(2**53)), option.get("max_value", 2**53)
    if not lowest <= value <= highest:
        raise CannotSend(f"{option['name']} must lie within {lowest} to {highest}")


def remove(world: World, guild_id: int | None, command_id: str) -> None:
    """Forget one command, or 10063."""
    kept = [one for one in world.application.commands.get(guild_id, []) if one["id"] != command_id]
    if len(kept) == len(world.application.commands.get(guild_id, [])):
        raise known("unknown command")
    world.application.commands[guild_id] = kept
