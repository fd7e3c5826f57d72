"""A reply as it comes, broken between words. `surface.py` types what is streamed with it."""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

PIECES = re.compile(r"\s+|\S+")


class Typewriter:
    """Types pieces of text of any size at once; a word that begins at the end of a line goes to the next one."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._column = 0
        self._between_words = True

    def type(self, text: str, style: str = "") -> None:
        """Print a piece behind the former one."""
        for piece in PIECES.findall(text):
            if piece.isspace():
                self._space(piece)
            else:
                self._word(piece, style)
        self._console.file.flush()

    def end(self) -> None:
        """Go to the next line."""
        self._console.print()
        self._column, self._between_words = 0, True

    def _word(self, word: str, style: str) -> None:
        if self._between_words and self._column and self._column + cell_len(word) > self._console.width:
            self._console.print()
            self._column = 0
        self._console.print(Text(word, style=style), end="", soft_wrap=True)
        self._column += cell_len(word)
        self._between_words = False

    def _space(self, space: str) -> None:
        if "\n" in space:
            self._console.print("\n" * min(2, space.count("\n")), end="")
            self._column = 0
        elif self._column < self._console.width:
            self._console.print(" ", end="")
            self._column += 1
        self._between_words = True
