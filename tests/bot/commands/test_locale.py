"""The words of command menus: every language has all of them, within what messengers show."""

from __future__ import annotations

import pytest

from bot.commands.locale import LANGUAGES, command_words, option_words
from bot.commands.registry import LISTED

# Discord's limit for a description; Telegram's is longer.
DESCRIPTION_LENGTH = 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_and_option_has_words(language: str) -> None:
    for command in LISTED:
        words = command_words(language, command)
        assert words != command.description, command.name
        assert 0 < len(words) <= DESCRIPTION_LENGTH
        for option in command.options:
            if option.listed:
                words = option_words(language, command, option)
                assert words != option.description, (command.name, option.name)
                assert 0 < len(words) <= DESCRIPTION_LENGTH


def test_english_is_the_registrys_own() -> None:
    for command in LISTED:
        assert command_words("en", command) == command.description
        assert 0 < len(command.description) <= DESCRIPTION_LENGTH
