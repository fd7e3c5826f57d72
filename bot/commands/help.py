"""`/help`: all commands, from the registry itself."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from bot.commands.command import Request
from bot.messages import Help, HelpEntry, Outbound


async def help_(request: Request) -> AsyncGenerator[Outbound]:
    """All commands with what they do."""
    listed = [command for command in request.tools.commands.values() if not command.hidden]
    yield Help(
        tuple(
            HelpEntry(
                command.name,
                command.description,
                command.usage,
                tuple((option.name, option.description) for option in command.options if option.listed),
            )
            for command in listed
        )
    )
