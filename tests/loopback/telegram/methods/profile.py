"""The bot about itself: who it is, its commands by scope and language, its descriptions, its webhook (it has none)."""

import json
import re
from typing import Any

from tests.loopback.telegram.errors import bad_request
from tests.loopback.telegram.params import Params
from tests.loopback.telegram.world import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"(?:[a-z]{2})?")

# The most commands of a list, and the characters of descriptions.
MOST_COMMANDS = 100
MOST_COMMAND_DESCRIPTION = 256
MOST_DESCRIPTION = 512
MOST_SHORT_DESCRIPTION = 120
MOST_NAME = 64

SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
}


def get_me(world: World, call: Params) -> dict[str, Any]:
    """getMe"""
    return world.bot.profile()


def yes(world: World, call: Params) -> bool:
    """logOut, close: nothing to do here."""
    return True


def delete_webhook(world: World, call: Params) -> bool:
    """deleteWebhook: there is none; what waits may be dropped."""
    if call.flag("drop_pending_updates"):
        world.updates.drop()
    return True


def get_webhook_info(world: World, call: Params) -> dict[str, Any]:
    """getWebhookInfo"""
    count = len(world.updates.pending)
    return {"url": "", "has_custom_certificate": False, "pending_update_count": count}


def _key(world: World, call: Params) -> tuple[str, str]:
    """The scope and the language of a list of commands."""
    scope = call.data("scope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    if "chat_id" in scope:
        world.chat(str(scope["chat_id"]))
    return json.dumps(scope, sort_keys=True), _language(call)


def _language(call: Params) -> str:
    code = call.text("language_code")
    if not LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def set_my_commands(world: World, call: Params) -> bool:
    """setMyCommands"""
    commands = call.data("commands") or []
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    cleaned = [
        {
            "command": str(c.get("command", "")).removeprefix("/"),
            "description": str(c.get("description", "")).strip(),
        }
        for c in commands
    ]
    for command in cleaned:
        if not COMMAND.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= MOST_COMMAND_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    if len({command["command"] for command in cleaned}) < len(cleaned):
        raise bad_request("BOT_COMMAND_DUPLICATE")
    world.bot.commands[_key(world, call)] = cleaned
    return True


def get_my_commands(world: World, call: Params) -> list[dict[str, str]]:
    """getMyCommands"""
    return world.bot.commands.get(_key(world, call), [])


def delete_my_commands(world: World, call: Params) -> bool:
    """deleteMyCommands"""
    world.bot.commands.pop(_key(world, call), None)
    return True


def _described(call: Params, name: str, most: int, store: dict[str, str]) -> bool:
    """Keep a text about the bot in one language."""
    text = call.text(name)
    if len(text) > most:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    store[_language(call)] = text
    return True


def set_my_description(world: World, call: Params) -> bool:
    """setMyDescription"""
    return _described(call, "description", MOST_DESCRIPTION, world.bot.descriptions)


def set_my_short_description(world: World, call: Params) -> bool:
    """setMyShortDescription"""
    return _described(call, "short_description", MOST_SHORT_DESCRIPTION, world.bot.short_descriptions)


def set_my_name(world: World, call: Params) -> bool:
    """setMyName"""
    return _described(call, "name", MOST_NAME, world.bot.names)


def get_my_description(world: World, call: Params) -> dict[str, str]:
    """getMyDescription"""
    return {"description": world.bot.descriptions.get(_language(call), "")}


def get_my_short_description(world: World, call: Params) -> dict[str, str]:
    """getMyShortDescription"""
    return {"short_description": world.bot.short_descriptions.get(_language(call), "")}


def get_my_name(world: World, call: Params) -> dict[str, str]:
    """getMyName"""
    return {"name": world.bot.names.get(_language(call), world.bot.first_name)}


METHODS = {
    "getMe": get_me,
    "logOut": yes,
    "close": yes,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyDescription": set_my_description,
    "getMyDescription": get_my_description,
    "setMyShortDescription": set_my_short_description,
    "getMyShortDescription": get_my_short_description,
    "setMyName": set_my_name,
    "getMyName": get_my_name,
}
