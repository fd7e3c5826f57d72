"""Questions on their way: whoever answers one before it is remembered is waited for. `presenter.py` asks, `inbound.py` reads.

Which command an answer completes is known by the question's message id, and that only after Telegram has told it; people's
apps may be quicker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

# Seconds that an answer waits for its question; Telegram tells the id within a fraction of one.
PATIENCE = 2.0


class Questions:
    """The questions that are being sent, by chat."""

    def __init__(self) -> None:
        self._asking: dict[int, set[asyncio.Event]] = {}

    @contextmanager
    def asking(self, chat: int) -> Iterator[None]:
        """A question goes out and is remembered within this."""
        remembered = asyncio.Event()
        self._asking.setdefault(chat, set()).add(remembered)
        try:
            yield
        finally:
            remembered.set()
            self._asking[chat].discard(remembered)
            if not self._asking[chat]:
                del self._asking[chat]

    async def settle(self, chat: int) -> bool:
        """Wait until the questions of a chat are remembered; False if there is none to wait for."""
        waiting = [one.wait() for one in self._asking.get(chat, ())]
        if not waiting:
            return False
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(*waiting)
        except TimeoutError:
            return False
        return True
