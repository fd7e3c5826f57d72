"""Views → posts. surface.py asks for every view that is no streamed reply."""

from __future__ import annotations

from bot.messages import Outbound, Pictures, Wizard
from bot.surfaces.telegram.html import said
from bot.surfaces.telegram.post import Key, Post, read_data, write_data

__all__ = ["Key", "Post", "Views", "read_data", "write_data"]


class Views:
    """Makes posts."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures

    async def post(self, outbound: Outbound, *, person_id: str, shared: bool, look: str = "") -> Post:
        """A view as a message."""
        words = said(type(outbound).__name__)
        return Post(words.html, words.plain)

    async def wizard(self, view: Wizard, person_id: str, look: str = "") -> Post:
        """A step of the wizard; a post with `force_reply` is sent as a message of its own."""
        return await self.post(view, person_id=person_id, shared=False, look=look)
