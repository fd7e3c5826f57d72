"""One message in the making: it collects the files that it shows and writes the ids of its controls.

The views (`catalog.py`, `pictures.py`, `wizard.py` …) build on it; `Views` makes one for each message.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from bot.messages import Call, CharacterCard
from bot.ports import Calls
from bot.surfaces.discord import layout
from bot.surfaces.discord.custom_id import AUTO, Way, write_id
from bot.surfaces.discord.faces import STAMP, Faces, ending
from bot.surfaces.discord.layout import Component
from bot.surfaces.discord.post import Attachment, Post

T = TypeVar("T")

# Colours of a message's edge.
BRAND, GOOD, WRONG, NOTICE = 0xC8643F, 0x2F8A66, 0xC0392B, 0x7E8794
# Characters' own colours, so that two of them in one channel are told apart at a glance.
_CHARACTERS = (0xC8643F, 0x4F7CAC, 0x6B9362, 0xB5658C, 0xC79A3B, 0x7A6BB0, 0x3E9C9C, 0xA65B4B)
# Files that Discord takes with one message.
FILES = 10


class Sheet:
    """One message for one person."""

    def __init__(self, faces: Faces, calls: Calls, person_id: str) -> None:
        self._faces = faces
        self._calls = calls
        self.person_id = person_id
        self._files: list[Attachment] = []

    async def picture(self, media_id: str, description: str, pixels: int = 0) -> str:
        """Put a picture's file in; returns its name, "" if it is gone or there is no room."""
        found = await self._faces.read(media_id, self.person_id, pixels) if len(self._files) < FILES else None
        return self.file(f"picture-{len(self._files)}{found[1]}", found[0], description) if found else ""

    def file(self, filename: str, content: bytes, description: str = "") -> str:
        """Put a file in; returns the name under which components show it."""
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", filename)[-60:].lstrip(".-") or "file"
        self._files.append(Attachment(name, content, layout.shorten(description, layout.DESCRIPTION)))
        return name

    async def path(self, stem: str, path: str, mime: str) -> str:
        """Put the file at a path in; returns its name."""
        return self.file(f"{stem}{ending(mime)}", await asyncio.to_thread(Path(path).read_bytes))

    async def gallery(self, pictures: Iterable[tuple[str, str]], pixels: int = 0) -> list[Component]:
        """Pictures by (media id, description); those that are gone are left out, and without any there is no gallery."""
        named = [(await self.picture(media_id, words, pixels), words) for media_id, words in pictures]
        shown = [(name, words) for name, words in named if name]
        return [layout.gallery(shown)] if shown else []

    async def faced(self, words: str, media_id: str, name: str) -> Component:
        """Words with a face beside them; without it where it is gone."""
        filename = await self.picture(media_id, name, STAMP)
        return (
            layout.section(words, layout.thumbnail(filename, f"{name}’s face"))
            if filename
            else layout.text(words)
        )

    async def button(
        self,
        words: str,
        call: Call,
        *,
        way: Way | None = None,
        style: int = layout.SECONDARY,
        emoji: str = "",
        disabled: bool = False,
    ) -> Component:
        """A button that makes a call."""
        custom_id = await self._id(call, way or Way())
        return layout.button(words, custom_id, style=style, emoji=emoji, disabled=disabled)

    async def select(
        self, call: Call, way: Way, options: Iterable[Component], placeholder: str
    ) -> list[Component]:
        """A menu whose chosen value completes a call; none where there is nothing to choose."""
        fitting = [one for one in options if 0 < layout.length(str(one["value"])) <= layout.OPTION]
        return [layout.select(await self._id(call, way), fitting, placeholder)] if fitting else []

    async def pager(self, call: Call, page: int, pages: int) -> list[Component]:
        """Buttons to the pages before and after this one; none where there is only one page."""
        if pages <= 1:
            return []
        before = Way(page=page - 1 if page else pages - 1)
        after = Way(page=page + 1 if page + 1 < pages else 0)
        return [
            layout.row(
                await self.button("Previous", call, way=before, emoji="◀️"),
                await self.button(f"Next · {page + 1} of {pages}", call, way=after, emoji="▶️"),
            )
        ]

    def post(self, components: Sequence[Component], accent: int = BRAND, *, waiting: bool = False) -> Post:
        """The message: all components in one box with a coloured edge."""
        whole = layout.message([layout.container(components, accent)])
        return Post(whole, tuple(self._files), waiting=waiting)

    async def _id(self, call: Call, way: Way) -> str:
        return await write_id(call, way, self.person_id, self._calls)


def colour(character_id: str) -> int:
    """A character's colour."""
    return _CHARACTERS[zlib.crc32(character_id.encode()) % len(_CHARACTERS)]


def colour_of(card: CharacterCard | None) -> int:
    """The colour of a view that is about a character, or about none."""
    return colour(card.id) if card else BRAND


def page_of(things: Sequence[T], page: int, size: int) -> tuple[Sequence[T], int, int]:
    """What is on a page, the page's number (a real one, whatever was asked for) and how many pages there are."""
    pages = max(1, -(-len(things) // size))
    page = 0 if page == AUTO else min(max(page, 0), pages - 1)
    return things[page * size : (page + 1) * size], page, pages
