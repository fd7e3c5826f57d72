"""The server's clock: real time plus what a test has skipped. Drafts, stale buttons and limits read it."""

import time


class Clock:
    """Monotonic and calendar time, which `advance` moves forward without waiting."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds, for measuring spans."""
        return time.monotonic() + self._ahead

    def date(self) -> int:
        """Unix time, as messages carry it."""
        return int(time.time() + self._ahead)

    def advance(self, seconds: float) -> None:
        """Let so many seconds have passed for the server."""
        self._ahead += seconds
