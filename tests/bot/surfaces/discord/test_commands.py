"""Our commands as Discord's: complete, within its limits, in its languages; and what people typed read back."""

from __future__ import annotations

import re

from bot.commands.command import Command, Option, OptionKind
from bot.commands.registry import COMMANDS
from bot.messages import Call
from bot.surfaces.discord.commands import call_of, choices, command_name, focused, listed, payloads, sync

LOCALES = {"de", "es-ES", "es-419", "fr", "it", "pt-BR", "ja"}


async def nothing(request):
    """A handler."""
    yield


ODD = Command(
    "Do It Now!",
    "Does it. " * 30,
    nothing,
    (
        Option("how", "How.", OptionKind.CHOICE, choices=("slowly", "fast")),
        Option("who", "Who.", OptionKind.CHARACTER, required=True),
        Option("really", "Whether.", OptionKind.FLAG),
        Option("job", "A job.", OptionKind.ID),
    ),
)


def test_everything_that_is_listed_is_registered_within_the_limits() -> None:
    commands = payloads(COMMANDS, adults_only=False)
    assert [one["name"] for one in commands] == [name for name, one in COMMANDS.items() if not one.hidden]
    for command in commands:
        assert re.fullmatch(r"[-_\w]{1,32}", command["name"]) and command["name"].islower()
        assert 1 <= len(command["description"]) <= 100
        assert set(command["description_localizations"]) == LOCALES
        assert all(1 <= len(words) <= 100 for words in command["description_localizations"].values())
        assert command["contexts"] == [0, 1, 2]
        assert command["integration_types"] == [0, 1]
        required = [option["required"] for option in command["options"]]
        assert required == sorted(required, reverse=True)
        for option in command["options"]:
            assert 1 <= len(option["description"]) <= 100
            assert set(option["description_localizations"]) == LOCALES


def test_options_by_their_kind() -> None:
    [command] = payloads({"odd": ODD}, adults_only=True)
    assert command["name"] == "do_it_now_"
    assert command["nsfw"] is True
    assert len(command["description"]) == 100
    who, how, really = command["options"]
    assert (who["name"], who["type"], who["required"], who["autocomplete"]) == ("who", 3, True, True)
    assert how["choices"] == [{"name": "slowly", "value": "slowly"}, {"name": "fast", "value": "fast"}]
    assert really["type"] == 5


def test_what_was_typed_is_read_back() -> None:
    data = {"name": "do_it_now_", "options": [{"name": "who", "type": 3, "value": "noor"}]}
    assert call_of({"odd": ODD}, data) == Call("Do It Now!", {"who": "noor"})
    assert call_of(COMMANDS, {"name": "gone_by_now"}) == Call("gone_by_now", {})
    typing = {"name": "talk", "options": [{"name": "character", "value": "no", "focused": True}]}
    assert focused(typing) == ("character", "no")
    assert choices((), "no") == []


def test_names_that_discord_does_not_allow_are_mapped() -> None:
    assert command_name("forget_me") == "forget_me"
    assert set(listed({"odd": ODD})) == {"do_it_now_"}
    assert len(command_name("x" * 50)) == 32


class Registered:
    """Discord's memory of our commands."""

    def __init__(self, commands):
        self.held = commands
        self.puts = 0

    async def commands(self):
        return self.held

    async def put_commands(self, commands):
        self.puts += 1
        self.held = list(commands)


def as_discord_returns(command):
    """With its own additions, and without what is empty."""
    kept = {key: value for key, value in command.items() if value not in ({}, [], False)}
    kept["contexts"] = list(reversed(kept["contexts"]))
    options = [
        {key: value for key, value in one.items() if value not in ({}, False)} for one in command["options"]
    ]
    return {**kept, "options": options, "id": "1", "version": "2", "default_member_permissions": None}


async def test_commands_are_registered_only_when_something_changed() -> None:
    ours = payloads(COMMANDS, adults_only=False)
    server = Registered([as_discord_returns(one) for one in reversed(ours)])
    assert not await sync(server, ours)
    changes = (
        [{**ours[0], "description": "Something else."}, *ours[1:]],
        ours[1:],
        payloads(COMMANDS, adults_only=True),
        [{**ours[0], "options": []}, *ours[1:]],
    )
    for changed in changes:
        server = Registered([as_discord_returns(one) for one in ours])
        assert await sync(server, changed)
        assert server.puts == 1
