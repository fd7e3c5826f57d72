"""How every messenger sends: what may go wrong there in four words, and the patience until a message has arrived.

A surface translates its library's errors into these four; streams, views and pictures are sent through `until_sent`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]

# Seconds until the next try after a broken connection: doubled each time, from the first to the last.
FIRST_PAUSE, LAST_PAUSE = 0.5, 30.0
# Seconds of waiting after which a message is not worth sending any more; a restart delivers what is stored.
PATIENCE = 3600.0


class GoneError(Exception):
    """What was to be changed is not there any more: post anew."""


class UndeliverableError(Exception):
    """Nobody can be reached there (blocked, no access, channel gone): give up, quietly."""


class LaterError(Exception):
    """The platform asks to wait, beyond its library's own patience."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.1f} s")
        self.seconds = max(0.0, seconds)


class TransientError(Exception):
    """The platform failed or the connection broke: try again."""


class Backoff:
    """How long to wait after each failure in a row."""

    def __init__(self) -> None:
        self._next = FIRST_PAUSE

    def after(self, error: Exception) -> float:
        """Seconds to wait after this failure: what the platform asked for, or longer each time."""
        if isinstance(error, LaterError):
            return error.seconds
        pause, self._next = self._next, min(2 * self._next, LAST_PAUSE)
        return pause

    def reset(self) -> None:
        """Something arrived."""
        self._next = FIRST_PAUSE


async def until_sent(
    send: Callable[[], Awaitable[T]], *, sleep: Sleep = asyncio.sleep, patience: float = PATIENCE
) -> T:
    """Try until it has arrived. Raises GoneError and UndeliverableError at once, and the latter after `patience`."""
    backoff, waited = Backoff(), 0.0
    while True:
        try:
            return await send()
        except (LaterError, TransientError, OSError, TimeoutError) as error:
            pause = backoff.after(error)
            if waited + pause > patience:
                raise UndeliverableError("patience is over") from error
            waited += pause
            await sleep(pause)
