from __future__ import annotations

import io

from rich.console import Console

from bot.surfaces.terminal.typewriter import Typewriter


def typed(*pieces: str, width: int = 20) -> str:
    console = Console(file=io.StringIO(), width=width)
    typewriter = Typewriter(console)
    for piece in pieces:
        typewriter.type(piece)
    typewriter.end()
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_lines_break_between_words_however_the_pieces_come() -> None:
    lines = typed("Noor: ", "a ", "particular", " noise", ", and then silence.").splitlines()
    assert all(len(line) <= 20 for line in lines), lines
    assert " ".join(line.strip() for line in lines) == "Noor: a particular noise, and then silence."


def test_what_has_come_is_shown_before_the_next_piece() -> None:
    console = Console(file=io.StringIO(), width=20)
    Typewriter(console).type("half a wo")
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == "half a wo"


def test_paragraphs_stay_and_a_word_longer_than_the_line_is_printed_once() -> None:
    assert typed("one\n\n", "two") == "one\n\ntwo\n"
    assert typed("x" * 50).replace("\n", "") == "x" * 50
