"""A person's options of a slash command, checked as a Discord app checks them. Called by control.py and forms.py."""

from __future__ import annotations

from typing import Any

from tests.loopback.discord import payloads
from tests.loopback.discord.commands import GROUP, INTEGER, SUBCOMMAND, CannotSend
from tests.loopback.discord.errors import Json
from tests.loopback.discord.files import store
from tests.loopback.discord.world import Channel, User, World


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
                return self.entity(value)
        if option.get("choices") and value not in [one["value"] for one in option["choices"]]:
            raise CannotSend(f"{value!r} is not among the choices of {option['name']}")
        return value

    def _file(self, value: tuple[str, bytes]) -> str:
        filename, content = value
        file = store(self._world, self._channel.id, filename, content)
        self.resolved.setdefault("attachments", {})[str(file.id)] = payloads.attachment(file)
        return str(file.id)

    def entity(self, value: Any) -> str:
        """A user, channel or role by its id, with what `resolved` says about it."""
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
