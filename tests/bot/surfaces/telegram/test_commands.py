"""The menu of commands: what is listed, in which languages, and only when it changed."""

import json

from bot.commands.registry import COMMANDS, LISTED
from bot.surfaces.telegram.commands import menu
from tests.bot.surfaces.telegram.conftest import Rig
from tests.loopback.telegram import TelegramServer


async def test_the_menu_is_sent_once_in_all_languages(rig: Rig, server: TelegramServer) -> None:
    async with rig.running():
        await server.until(lambda: len(server.called("setMyCommands")) == 14)
    scope = json.dumps({"type": "all_private_chats"})
    (german,) = [
        commands
        for (where, language), commands in server.bot.commands.items()
        if language == "de" and json.loads(where) == json.loads(scope)
    ]
    assert [one["command"] for one in german] == [command.name for command in LISTED]
    assert german[0]["description"] != LISTED[0].description
    async with rig.running():
        await server.until(lambda: len(server.called("getMyCommands")) == 28)
    assert len(server.called("setMyCommands")) == 14


def test_hidden_commands_are_in_no_menu() -> None:
    names = {one.command for one in menu([one for one in COMMANDS.values() if not one.hidden], "")}
    assert "vary" not in names
    assert "selfie" in names
