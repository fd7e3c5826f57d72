"""docs/commands.md from the registry, so that the page cannot drift; `selfsame config commands` prints it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.commands.command import Command

HEAD = """# Commands

Every command works on every surface: typed into the chat of the page or of `selfsame chat`, and as buttons where there
is one. The first option may be typed without its name; others as `name:value` (`name:"two words"`).
This page is generated (`selfsame config commands > docs/commands.md`); a test keeps it current.
"""


def manual(commands: Iterable[Command]) -> str:
    """The page as markdown."""
    return HEAD + "".join(_entry(command) for command in commands if not command.hidden)


def _entry(command: Command) -> str:
    lines = [f"\n## `{command.usage}`\n\n{command.description}\n"]
    options = [option for option in command.options if option.listed]
    if options:
        lines.append("\n| option | |\n|---|---|\n")
        lines += [f"| `{option.name}` | {option.description} |\n" for option in options]
    lines.append(f"\nExample: `{command.example}`\n")
    return "".join(lines)
