"""Rate limits as Discord publishes them: buckets per route and major parameter with X-RateLimit headers, 50 requests a
second for the whole bot. A request over a limit is answered 429 and remembered as a violation."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

from tests.loopback.discord.clock import Clock


@dataclass(frozen=True)
class Limit:
    """So many requests in so many seconds."""

    requests: int
    seconds: float


MESSAGE_CREATE = Limit(5, 5.0)
MESSAGE_EDIT = Limit(5, 5.0)
MESSAGE_DELETE = Limit(5, 1.0)
TYPING = Limit(5, 5.0)
REACTION = Limit(1, 0.25)
WEBHOOK_EXECUTE = Limit(5, 2.0)
WEBHOOK_CREATE = Limit(30, 60.0)
DM_CREATE = Limit(10, 10.0)
THREAD_CREATE = Limit(10, 60.0)
COMMANDS = Limit(20, 20.0)
OTHERS = Limit(50, 1.0)
# Requests per second of one bot, over all routes that carry its token.
GLOBAL = 50


@dataclass(frozen=True)
class Violation:
    """One 429 that the client earned."""

    route: str
    major: str
    time: float
    whole_bot: bool = False


@dataclass
class _Window:
    started: float
    used: int = 0


@dataclass(frozen=True)
class Verdict:
    """What the limits say about one request."""

    headers: dict[str, str]
    retry_after: float = 0.0
    whole_bot: bool = False

    @property
    def refused(self) -> bool:
        """Whether it must be answered 429."""
        return self.retry_after > 0


@dataclass
class Limits:
    """All buckets of one server."""

    clock: Clock
    enabled: bool = True
    # None: no limit over all routes, e.g. for a benchmark of more conversations than one bot may serve.
    per_second: int | None = GLOBAL
    # Share of their published length that windows last; below 1 for tests in a hurry (clients are told the same).
    pace: float = 1.0
    violations: list[Violation] = field(default_factory=list)
    _windows: dict[tuple[str, str], _Window] = field(default_factory=dict)
    _recent: deque[float] = field(default_factory=deque)

    def ask(self, route: str, major: str, limit: Limit, *, counts_globally: bool) -> Verdict:
        """Count a request; says whether it is one too many."""
        if not self.enabled:
            return Verdict({})
        now = self.clock.now()
        if counts_globally and (wait := self._over_all(now)):
            self.violations.append(Violation(route, major, now, whole_bot=True))
            return Verdict({"X-RateLimit-Global": "true"}, wait, whole_bot=True)
        window = self._windows.get((route, major))
        lasts = limit.seconds * self.pace
        if window is None or now >= window.started + lasts:
            window = self._windows[route, major] = _Window(now)
        left = window.started + lasts - now
        if window.used >= limit.requests:
            self.violations.append(Violation(route, major, now))
            return Verdict(self._headers(route, limit, 0, left), left)
        window.used += 1
        return Verdict(self._headers(route, limit, limit.requests - window.used, left))

    def _over_all(self, now: float) -> float:
        if self.per_second is None:
            return 0.0
        while self._recent and self._recent[0] <= now - 1.0:
            self._recent.popleft()
        if len(self._recent) >= self.per_second:
            return self._recent[0] + 1.0 - now
        self._recent.append(now)
        return 0.0

    def _headers(self, route: str, limit: Limit, remaining: int, left: float) -> dict[str, str]:
        bucket = f"{hash(route) & 0xFFFFFFFFFFFF:012x}"
        return {
            "X-RateLimit-Limit": str(limit.requests),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": bucket,
        }
