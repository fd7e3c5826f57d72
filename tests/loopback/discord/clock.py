"""The server's time and its snowflakes. Deadlines (3 s, 15 min, rate windows) read `now()`, which a test can advance;
ids carry the real wall time, because clients compare them with their own."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime

# Milliseconds of 2015-01-01: where Discord's snowflakes start.
DISCORD_EPOCH = 1_420_070_400_000


class Clock:
    """Monotonic seconds that only a test moves faster than the world does."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds; comparable with each other only."""
        return time.monotonic() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let that much time pass at once."""
        self._ahead += seconds


class Ids:
    """Snowflakes: unique and rising."""

    def __init__(self) -> None:
        self._counter = itertools.count(1)
        self._last = 0

    def __call__(self) -> int:
        moment = (int(time.time() * 1000) - DISCORD_EPOCH) << 22
        self._last = max(self._last + 1, moment | (next(self._counter) & 0xFFF))
        return self._last


def timestamp() -> str:
    """Now, in the form of the API."""
    return datetime.now(UTC).isoformat()
