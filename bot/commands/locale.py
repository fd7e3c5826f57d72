"""What commands and options do, in other languages than English: for the command menus of Discord and Telegram."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bot.commands.command import Command, Option

# Languages that there are words for, as ISO 639-1 codes; messengers have their own names for some.
LANGUAGES = ("de", "es", "fr", "it", "pt", "ja")


def command_words(language: str, command: Command) -> str:
    """What a command does; in English where the language has no words for it."""
    return _words(language).get(command.name, command.description)


def option_words(language: str, command: Command, option: Option) -> str:
    """What an option takes; in English where the language has no words for it."""
    words = _words(language)
    return words.get(f"{command.name}.{option.name}") or words.get(option.name) or option.description


@cache
def _words(language: str) -> Mapping[str, str]:
    return _tables().get(language, {})


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    path = Path(__file__).parent / "locales.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
