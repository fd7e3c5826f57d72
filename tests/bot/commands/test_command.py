"""bot/commands/command.py and registry.py: commands as data, and what people type."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.command import TEXT_LENGTH, OptionKind, parse_options, parse_slash
from bot.commands.manual import manual
from bot.commands.registry import COMMANDS
from engine.errors import InputError

ISSUED = [
    "create",
    "characters",
    "talk",
    "selfie",
    "gallery",
    "memory",
    "forget",
    "reset",
    "help",
    "privacy",
    "export",
]


@pytest.mark.parametrize("name", ISSUED)
def test_every_promised_command_is_there_and_explained(name: str) -> None:
    command = COMMANDS[name]
    assert not command.hidden
    assert command.description.endswith(".")
    assert command.example.startswith("/")
    for option in command.options:
        assert option.description.endswith(".")


def test_names_are_ones_that_every_surface_takes() -> None:
    """Discord and Telegram: lower case, at most 32 characters, at most 25 options, descriptions up to 100."""
    for command in COMMANDS.values():
        assert command.name.replace("_", "").isalnum() and command.name.islower() and len(command.name) <= 32
        assert len(command.description) <= 100
        assert len(command.options) <= 25
        assert all(len(option.description) <= 100 for option in command.options)


@pytest.mark.parametrize(
    ("typed", "name", "options"),
    [
        ("/selfie at a jazz bar", "selfie", {"scene": "at a jazz bar"}),
        ("/selfie", "selfie", {}),
        ("/SELFIE At The Beach", "selfie", {"scene": "At The Beach"}),
        ("/selfie at a jazz bar character:maya", "selfie", {"scene": "at a jazz bar", "character": "maya"}),
        ('/selfie character:"Old Tom" by the sea', "selfie", {"character": "Old Tom", "scene": "by the sea"}),
        ("/selfie at 10:30 in the park", "selfie", {"scene": "at 10:30 in the park"}),
        ("/forget-me", "forget_me", {}),
        ("  /help  ", "help", {}),
    ],
)
def test_typed_commands(typed: str, name: str, options: dict[str, str]) -> None:
    call = parse_slash(typed, COMMANDS)
    assert call is not None
    assert (call.name, dict(call.options)) == (name, options)


@pytest.mark.parametrize("words", ["hello", "10/10 would sketch again", "", "what is /selfie?", "/ hm"])
def test_words_are_no_commands(words: str) -> None:
    assert parse_slash(words, COMMANDS) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/selfi at a jazz bar", "Did you mean /selfie?"),
        ("/zzzzqq", "Type /help"),
        ("/help me", "/help takes no options."),
    ],
)
def test_mistyped_commands_are_explained(typed: str, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("?", r"\?")):
        parse_slash(typed, COMMANDS)


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("selfie", {"scne": "x"}, "Did you mean scene?"),
        ("talk", {}, "/talk needs character"),
        ("vary", {"media": "x", "what": "face"}, "what is one of: outfit, light, again"),
        ("selfie", {"scene": "x" * (TEXT_LENGTH + 1)}, f"may have {TEXT_LENGTH} characters; yours has 1001"),
        ("selfie", {"<script>": "x"}, "has no option"),
    ],
)
def test_bad_options_are_explained(name: str, given: dict[str, str], said: str) -> None:
    with pytest.raises(InputError) as error:
        parse_options(COMMANDS[name], given)
    assert said in error.value.sentence


def test_flags_are_read_as_forms_and_people_write_them() -> None:
    options = [
        parse_options(COMMANDS["reset"], {"confirm": value})["confirm"]
        for value in (True, "on", "yes", "1", "no", "")
    ]
    assert options == [True, True, True, True, False, False]


def test_ids_are_filled_in_by_buttons_and_not_in_the_usage() -> None:
    for command in COMMANDS.values():
        for option in command.options:
            if option.kind in (OptionKind.ID, OptionKind.CONFIRM):
                assert option.name not in command.usage


def test_the_manual_is_current() -> None:
    page = Path(__file__).parents[3] / "docs" / "commands.md"
    assert page.read_text(encoding="utf-8") == manual(COMMANDS.values()), (
        "run: selfsame config commands > docs/commands.md"
    )
