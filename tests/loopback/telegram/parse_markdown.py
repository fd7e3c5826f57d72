"""MarkdownV2 → text and entities; a reserved character without its backslash is refused. Called by entities.py."""

from dataclasses import dataclass
from typing import Any

from tests.loopback.telegram.errors import bad_request
from tests.loopback.telegram.units import units

RESERVED = set("_*[]()~`>#+-=|{}.!")

# Longer marks first: "__" is not two "_".
MARKS = {
    "```": "pre",
    "__": "underline",
    "||": "spoiler",
    "*": "bold",
    "_": "italic",
    "~": "strikethrough",
    "`": "code",
}


@dataclass
class Open:
    """A mark that waits for its twin."""

    mark: str
    offset: int
    place: int


def parse_markdown_v2(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The text without marks, and what the marks said."""
    return _Reader(source).read()


class _Reader:
    """One pass over the source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.place = 0
        self.text = ""
        self.offset = 0
        self.open: list[Open] = []
        self.entities: list[dict[str, Any]] = []

    def read(self) -> tuple[str, list[dict[str, Any]]]:
        """Character by character, until the source ends with every mark closed."""
        while self.place < len(self.source):
            self._step()
        if self.open and self.open[-1].mark == ">":
            self._close()
        if self.open:
            last = self.open[-1]
            name = MARKS.get(last.mark, "text_link").replace("_", "").capitalize()
            raise self._complaint(f"Can't find end of {name} entity at byte offset {self._bytes(last.place)}")
        return self.text, sorted(self.entities, key=lambda e: (e["offset"], -e["length"]))

    def _complaint(self, text: str) -> Exception:
        return bad_request(f"can't parse entities: {text}")

    def _bytes(self, place: int) -> int:
        return len(self.source[:place].encode())

    def _step(self) -> None:
        """One character, one mark or one escape."""
        character = self.source[self.place]
        inside = self.open[-1].mark if self.open else ""
        if character == "\\" and self.source[self.place + 1 : self.place + 2].isascii():
            self._words(self.source[self.place + 1 : self.place + 2])
            self.place += 2
        elif inside in {"`", "```"} and not self.source.startswith(inside, self.place):
            self._words(character)
            self.place += 1
        elif character == "\n" and inside == ">" and not self.source.startswith(">", self.place + 1):
            self._close()
        elif character == ">" and (not self.text or self.text.endswith("\n")):
            if inside != ">":
                self.open.append(Open(">", self.offset, self.place))
            self.place += 1
        elif character in RESERVED:
            self._mark(character, inside)
        else:
            self._words(character)
            self.place += 1

    def _words(self, words: str) -> None:
        self.text += words
        self.offset += units(words)

    def _mark(self, character: str, inside: str) -> None:
        """A mark opens or closes; any other reserved character is an error."""
        if character == "[" and inside != "[":
            self.open.append(Open("[", self.offset, self.place))
            self.place += 1
            return
        if character == "]" and inside == "[":
            self._link()
            return
        for mark in MARKS:
            if self.source.startswith(mark, self.place):
                self.place += len(mark)
                if inside == mark:
                    self._close()
                else:
                    self.open.append(Open(mark, self.offset, self.place - len(mark)))
                return
        raise self._complaint(
            f"Character '{character}' is reserved and must be escaped with the preceding '\\'"
        )

    def _close(self, **more: str) -> None:
        """The innermost mark ends here."""
        last = self.open.pop()
        if self.offset > last.offset:
            kind = {"[": "text_link", ">": "blockquote"}.get(last.mark) or MARKS[last.mark]
            self.entities.append(
                {"type": kind, "offset": last.offset, "length": self.offset - last.offset, **more}
            )

    def _link(self) -> None:
        """`](address)` ends a link."""
        start = self.place + 1
        if not self.source.startswith("(", start):
            self.place = start
            self._close(url=self.text)
            return
        end = self.source.find(")", start)
        if end < 0:
            raise self._complaint(f"Can't find end of a URL at byte offset {self._bytes(start)}")
        self.place = end + 1
        self._close(url=self.source[start + 1 : end].replace("\\", ""))
