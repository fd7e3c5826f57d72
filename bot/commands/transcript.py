"""A conversation as a page of Markdown, to be read and kept: `/export` puts one for each talk beside its data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.types import Message, Role

# Signs that some system does not take in a file's name, and characters of one: Windows takes paths of 260 in all.
_UNNAMED = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Transcript:
    """A talk, with its title and the names of its two sides."""

    title: str
    person: str
    character: str
    messages: Sequence[Message]

    def filename(self, number: int) -> str:
        """ "03 Maya, Bees in spring.md"."""
        name = " ".join(_UNNAMED.sub(", ", self.title).split())[:NAME_LENGTH].strip(" .,")
        return f"{number:02d} {name.replace(' ,', ',')}.md"

    def text(self) -> str:
        """The page: a heading, then who said what and when."""
        return "\n\n".join([f"# {self.title}", *(self._line(message) for message in self.messages)]) + "\n"

    def _line(self, message: Message) -> str:
        when = f"{message.created_at:%Y-%m-%d %H:%M}"
        if message.role is Role.NOTICE:
            return f"*{when} · Selfsame*\n\n> {_quoted(message.text)}"
        name = self.person if message.role is Role.PERSON else self.character
        picture = f"\n\n![](../pictures/{message.media_id}.png)" if message.media_id else ""
        return f"**{name}** · {when}\n\n{message.text}{picture}"


def _quoted(text: str) -> str:
    return text.replace("\n", "\n> ")
