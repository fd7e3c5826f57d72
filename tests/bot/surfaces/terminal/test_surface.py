"""What the terminal prints of a reply: its place in line, its words as they come, and words that became others."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from bot.messages import Delta, Origin, Outbound, Replied, Started, Text, Tone, Waiting, ordinal
from bot.surfaces.terminal.surface import TerminalSurface
from engine.types import Role
from tests.bot.surfaces.web import views
from tests.bot.surfaces.web.scripted import PaintedPictures

ORIGIN = Origin("terminal", "owner", conversation_id="conversation-1")
BEGUN = Started(views.line("m-1", Role.PERSON, "Tea?"), "m-2")
STYLES = re.compile(r"\x1b\[[\d;]*m")
ERASED = "\r\x1b[2K"


def said(text: str) -> Replied:
    return Replied(views.line("m-2", Role.CHARACTER, text))


async def printed(folder: Path, *outbounds: Outbound, terminal: bool) -> str:
    file = io.StringIO()
    console = Console(file=file, width=200, force_terminal=terminal)
    surface = TerminalSurface(console, PaintedPictures(folder), "owner")
    await surface.open_chat(views.chat())
    start = len(file.getvalue())
    for outbound in outbounds:
        await surface.deliver(ORIGIN, outbound)
    return STYLES.sub("", file.getvalue()[start:])


async def test_the_place_in_line_stands_there_until_the_first_word(tmp_path: Path) -> None:
    text = await printed(
        tmp_path, BEGUN, Waiting("m-2", 3), Waiting("m-2", 2), Delta("m-2", "Here I am."), terminal=True
    )
    assert text.startswith(f"3rd in line …{ERASED}2nd in line …{ERASED}")
    assert text.endswith("Here I am.") and text.count(ERASED) == 2


async def test_a_file_is_spared_the_place_in_line(tmp_path: Path) -> None:
    text = await printed(tmp_path, BEGUN, Waiting("m-2", 3), Delta("m-2", "Here I am."), terminal=False)
    assert text.endswith(": Here I am.") and "in line" not in text


async def test_the_rest_of_a_reply_is_printed_behind_what_came(tmp_path: Path) -> None:
    text = await printed(tmp_path, BEGUN, Delta("m-2", "Here I"), said("Here I am."), terminal=False)
    assert text.endswith(": Here I am.\n")


async def test_words_that_became_others_are_said_anew_below(tmp_path: Path) -> None:
    text = await printed(
        tmp_path, BEGUN, Delta("m-2", "Here I am, aga"), said("Good evening."), terminal=False
    )
    lines = text.splitlines()
    assert (
        lines[0].endswith("Here I am, aga")
        and lines[1] == "(said anew)"
        and lines[2].endswith(": Good evening.")
    )


async def test_an_error_ends_the_line_that_was_being_said(tmp_path: Path) -> None:
    gone = Text("The model is gone.", Tone.ERROR)
    text = await printed(tmp_path, BEGUN, Delta("m-2", "Here I"), gone, terminal=False)
    assert text.splitlines()[-2].endswith("Here I") and text.splitlines()[-1] == "The model is gone."


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (102, "102nd"),
        (111, "111th"),
    ],
)
def test_places_in_words(number: int, words: str) -> None:
    assert ordinal(number) == words
    assert Waiting("m", number).words == f"{words} in line …"


def test_who_is_served_waits_no_more() -> None:
    assert Waiting("m", 0).words == ""
