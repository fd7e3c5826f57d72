"""Fakes and readers for tests of the views: pictures, stored calls, and what stands in a message."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.messages import Call
from bot.surfaces.discord.post import Post
from engine.errors import NotFoundError
from tests.bot.surfaces.discord.rules import walk

FACE = Path(__file__).parents[4] / "characters" / "cast" / "noor.png"


class StillPictures:
    """The same face for everybody; `missing` are gone, and the portrait comes when `drawn` is set."""

    def __init__(self, path: Path = FACE, missing: Sequence[str] = ()) -> None:
        self.path = path
        self.missing = set(missing)
        self.drawn = asyncio.Event()
        self.drawn.set()

    async def file(self, media_id: str, person_id: str) -> tuple[str, str]:
        if media_id in self.missing:
            raise NotFoundError
        return str(self.path), "image/png"

    async def portrait(self, draft_id: str, person_id: str) -> tuple[str, str]:
        await self.drawn.wait()
        return await self.file(draft_id, person_id)


class KeptCalls:
    """Commands behind tokens, kept in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Call] = {}

    async def keep(self, person_id: str, call: Call) -> str:
        token = f"token-{len(self.kept)}"
        self.kept[token] = call
        return token

    async def recall(self, token: str) -> Call:
        if token not in self.kept:
            raise NotFoundError("That button is too old. Ask for it again.")
        return self.kept[token]


def pieces(post: Post, kind: int) -> list[dict[str, Any]]:
    """All components of a type."""
    return [piece for piece in walk(post.components) if piece["type"] == kind]


def words(post: Post) -> str:
    """Everything that a message says."""
    return "\n".join([post.content, *(piece["content"] for piece in pieces(post, 10))])


def button(post: Post, label: str) -> dict[str, Any]:
    """The button with a label that begins like this, as the data of the interaction that its click sends."""
    for piece in pieces(post, 2):
        if piece["label"].startswith(label):
            return {"custom_id": piece["custom_id"], "component_type": 2}
    raise AssertionError(f"no button {label!r} among {[piece['label'] for piece in pieces(post, 2)]}")


def menus(post: Post, placeholder: str) -> list[dict[str, Any]]:
    """The menus with a placeholder that begins like this; one at least."""
    found = [piece for piece in pieces(post, 3) if piece.get("placeholder", "").startswith(placeholder)]
    assert found, f"no menu {placeholder!r}"
    return found


def chosen(post: Post, placeholder: str, label: str) -> dict[str, Any]:
    """The data of the interaction that a choice from a menu sends."""
    for piece in menus(post, placeholder):
        for one in piece["options"]:
            if one["label"].startswith(label):
                return {"custom_id": piece["custom_id"], "component_type": 3, "values": [one["value"]]}
    raise AssertionError(f"nothing called {label!r} to choose")
