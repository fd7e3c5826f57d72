"""Who may open the page beyond this machine: one access token, and a signed cookie once it was given.

guard.py asks `admits` for every request; pages.py calls `enter`. The token itself is in no URL, cookie or log.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable

COOKIE = "selfsame_session"
# A month: long enough not to be asked every week, short enough that a lost phone forgets.
SESSION_SECONDS = 30 * 24 * 3600
# Wrong tokens per address within the span; then it has to wait.
WRONG_TOKENS = 8
WRONG_SPAN = 600.0  # seconds
# Addresses remembered at once; a flood of them pushes the oldest out rather than filling the memory.
ADDRESSES = 1024


class Login:
    """The access token's keeper. The sessions it signs survive a restart and end when the token changes."""

    def __init__(
        self, token: str, *, wall: Callable[[], float] = time.time, tick: Callable[[], float] = time.monotonic
    ) -> None:
        self._token = token.encode()
        self._key = hashlib.sha256(b"selfsame session\0" + self._token).digest()
        self._wall, self._tick = wall, tick
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    @property
    def needed(self) -> bool:
        """Whether a token was set at all."""
        return bool(self._token)

    def admits(self, cookie: str) -> bool:
        """Whether a session cookie is one of ours and still good."""
        if not self.needed:
            return True
        body, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(self._sign(body).encode(), signature.encode("utf-8", "replace")):
            return False
        issued = body.partition(".")[0]
        return issued.isdecimal() and 0 <= self._wall() - int(issued) < SESSION_SECONDS

    def enter(self, token: str, address: str) -> str:
        """A new session cookie, or "" for a wrong token."""
        given = hashlib.sha256(token.encode("utf-8", "replace")).digest()
        if not hmac.compare_digest(given, hashlib.sha256(self._token).digest()):
            self._remember(address)
            return ""
        self._wrong.pop(address, None)
        body = f"{int(self._wall())}.{secrets.token_hex(16)}"
        return f"{body}.{self._sign(body)}"

    def seconds_to_wait(self, address: str) -> int:
        """How long an address that guessed too often has to wait; 0 if it may try."""
        times = self._wrong.get(address)
        if times is None or len(times) < WRONG_TOKENS:
            return 0
        return max(0, round(times[0] + WRONG_SPAN - self._tick() + 0.5))

    def _remember(self, address: str) -> None:
        times = self._wrong.setdefault(address, deque(maxlen=WRONG_TOKENS))
        times.append(self._tick())
        self._wrong.move_to_end(address)
        while len(self._wrong) > ADDRESSES:
            self._wrong.popitem(last=False)

    def _sign(self, body: str) -> str:
        return hmac.new(self._key, body.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
