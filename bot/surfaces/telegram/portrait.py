"""The live portrait of a draft: waited for a moment, brought later if it takes longer. views.py and wizard.py use it.

A step always has a picture, because Telegram puts a picture into a message but takes none out again.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from bot.messages import Pictures, Wizard
from bot.surfaces.telegram.sheet import SHOWN_TYPES, nobody_yet
from engine.errors import NotFoundError, RefusedError, RenderError

# Seconds until a step is shown with the portrait it had before; the new one comes after it.
AT_ONCE = 1.0
# Drafts whose last portrait is remembered.
KEPT = 512


@dataclass(frozen=True, slots=True)
class Portrait:
    """What stands over a step: a path, or a picture as it is. `awaited`: the right one is still being drawn."""

    photo: str = ""
    drawn: bytes = b""
    awaited: bool = False


class Portraits:
    """Gets portraits, and remembers the last of each draft."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._last: OrderedDict[str, str] = OrderedDict()

    async def of(self, view: Wizard, person_id: str, patience: float = AT_ONCE) -> Portrait:
        """The portrait of a step, or until there is one the last of this draft, or a shape without a face."""
        if not view.portrait:
            return Portrait()
        awaited = False
        try:
            async with asyncio.timeout(patience):
                path, mime = await self._pictures.portrait(view.draft_id, person_id)
            if mime in SHOWN_TYPES:
                self._remember(view.draft_id, path)
                return Portrait(path)
        except TimeoutError:
            awaited = True
        except (NotFoundError, RenderError, RefusedError):
            pass  # these looks cannot be drawn: the ones before are shown
        last = self._last.get(view.draft_id, "")
        return Portrait(last, b"" if last else await asyncio.to_thread(nobody_yet), awaited)

    def _remember(self, draft_id: str, path: str) -> None:
        self._last[draft_id] = path
        self._last.move_to_end(draft_id)
        if len(self._last) > KEPT:
            self._last.popitem(last=False)
