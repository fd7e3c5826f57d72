"""Bad input at the one door, and in the terminal: a sentence each time, and nothing raw comes out again."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from bot.messages import CharacterCard, MessageView, Origin, Outbound, Profile, Replied, Text, Tone, Wizard
from bot.surfaces.terminal.surface import TerminalSurface
from engine.types import Role
from tests.bot.conftest import Guest

HALF = "half \ud83d a letter"
OBEYED = "\x1b]0;owned\x07\x1b[2J\x00\x9b31m"
COMMANDS = {
    "characters": ("query",),
    "talk": ("character",),
    "profile": ("character",),
    "selfie": ("scene", "character"),
    "gallery": ("character",),
    "memory": ("query", "character"),
    "forget": ("what", "character", "fact", "line"),
    "vary": ("media", "what"),
    "cancel": ("job",),
    "pin": ("fact",),
    "delete_picture": ("media",),
    "create": ("draft", "action"),
    "edit": ("character",),
    "delete": ("character",),
    "no\ud800such": ("x",),
}


def sentences(outbounds: tuple[Outbound, ...]) -> str:
    return " ".join(one.text for one in outbounds if isinstance(one, Text))


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("value", [HALF, OBEYED, "'; DROP TABLE people;--", '" OR NEAR(* ^', "9" * 500])
async def test_every_option_of_every_command_answers_in_a_sentence(
    guest: Guest, name: str, value: str
) -> None:
    await guest.talk()
    for option in COMMANDS[name]:
        shown = await guest.call(name, **{option: value})
        assert shown
        said = sentences(shown)
        assert "went wrong" not in said, said
        said.encode()  # what cannot be encoded cannot be shown
        assert "\x1b" not in said


@pytest.mark.parametrize("name", ["name", "age", "tagline", "distinctive", "backstory", "style"])
async def test_a_wizard_keeps_its_step_whatever_is_typed(guest: Guest, name: str) -> None:
    (wizard,) = await guest.call("create")
    assert isinstance(wizard, Wizard)
    step = {"name": "who", "age": "who", "tagline": "who", "distinctive": "looks"}.get(name, name)
    for value in (HALF, OBEYED, "9" * 9_000, "\u202e\u2066", "\u0300" * 900, ""):
        options = {"draft": wizard.draft_id, "action": "save", "step": step, name: value}
        (shown,) = await guest.call("create", **options)
        assert isinstance(shown, Wizard), shown


async def test_words_arrive_without_what_nothing_can_keep(guest: Guest) -> None:
    chat = await guest.talk()
    await guest.say(f"Hello\r\nthere {HALF}{OBEYED}")
    stored = await guest.house.engine.conversations.window(chat.conversation_id, 10)
    said = next(line for line in stored if line.role is Role.PERSON)
    assert said.text == "Hello\nthere half \ufffd a letter]0;owned[2J31m"


def _card(name: str) -> CharacterCard:
    return CharacterCard("c", "c", name, f"tag {name}", "", "illustration")


async def test_a_terminal_obeys_nothing_that_people_wrote() -> None:
    out = io.StringIO()
    surface = TerminalSurface(Console(file=out, width=80), pictures=None, person_id="p")  # type: ignore[arg-type]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    name = f"[/b]{OBEYED}"
    await surface.deliver(Origin("terminal", "p"), Replied(MessageView("m", Role.PERSON, OBEYED, now)))
    await surface.deliver(Origin("terminal", "p"), Replied(MessageView("n", Role.NOTICE, OBEYED, now)))
    await surface.show(Text(OBEYED, Tone.ERROR))
    await surface.show(Profile(_card(name), (("Looks", (("Eyes", OBEYED),)),), OBEYED, OBEYED, (), 1))
    assert "[/b]" in out.getvalue()
    assert not set("\x1b\x07\x00\x9b") & set(out.getvalue())
