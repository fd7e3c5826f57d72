"""The menu of commands, in the languages that there are words for; sent only where it differs from what is there.

`surface.py` calls `publish` once after connecting.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from telegram import BotCommand, BotCommandScope, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.constants import BotCommandLimit
from telegram.ext import ExtBot

from bot.commands.command import Command
from bot.commands.locale import LANGUAGES, command_words
from bot.surfaces.sending import until_sent
from bot.surfaces.telegram.errors import asked

log = logging.getLogger(__name__)

# Commands that open something for the person alone; in a group's menu they would only be in the way.
PRIVATE_ONLY = frozenset(("export", "forget_me", "link", "unlink", "timezone"))
ENGLISH = ""


async def publish(bot: ExtBot[Any], commands: Mapping[str, Command]) -> None:
    """Bring the menus up to date, over faults that pass. Raises UndeliverableError."""
    listed = [command for command in commands.values() if not command.hidden]
    for_groups = [command for command in listed if command.name not in PRIVATE_ONLY]
    for language in (ENGLISH, *LANGUAGES):
        await _publish_one(bot, BotCommandScopeAllPrivateChats(), language, listed)
        await _publish_one(bot, BotCommandScopeAllGroupChats(), language, for_groups)


def menu(commands: list[Command], language: str) -> list[BotCommand]:
    """The menu in one language."""
    return [BotCommand(command.name, _described(command, language)) for command in commands]


async def _publish_one(
    bot: ExtBot[Any], scope: BotCommandScope, language: str, commands: list[Command]
) -> None:
    code = language or None
    wanted = menu(commands, language)
    there = await until_sent(lambda: asked(lambda: bot.get_my_commands(scope, code)))
    if list(there) != wanted:  # doing it twice changes nothing, so a lost answer costs nothing
        await until_sent(lambda: asked(lambda: bot.set_my_commands(wanted, scope, code)))


def _described(command: Command, language: str) -> str:
    words = command_words(language, command) if language else command.description
    return words[: BotCommandLimit.MAX_DESCRIPTION]
