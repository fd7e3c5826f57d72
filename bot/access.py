"""Who may talk how fast: the router asks before every event. Quotas of pictures are the queue's."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable

from engine.errors import SelfsameError

# Seconds of the sliding window in which messages are counted.
WINDOW = 60.0
# People whose last minute is remembered; the longest quiet ones are forgotten first.
REMEMBERED_PEOPLE = 10_000


class CooldownError(SelfsameError):
    """That was a lot in one minute. Take a breath, and send it again in a moment."""

    def __init__(self, *, first: bool) -> None:
        super().__init__()
        self.first = first  # since the person was last let in: further ones need not be told again


class Access:
    """Counts the events of each person in a sliding minute."""

    def __init__(self, per_minute: int, monotonic: Callable[[], float]) -> None:
        self._per_minute = per_minute
        self._monotonic = monotonic
        self._events: OrderedDict[str, deque[float]] = OrderedDict()
        self._told: set[str] = set()

    def admit(self, person_id: str) -> None:
        """Let one more event in. Raises CooldownError."""
        now = self._monotonic()
        times = self._events.setdefault(person_id, deque())
        self._events.move_to_end(person_id)
        while times and now - times[0] > WINDOW:
            times.popleft()
        if len(times) >= self._per_minute:
            first = person_id not in self._told
            self._told.add(person_id)
            raise CooldownError(first=first)
        times.append(now)
        self._told.discard(person_id)
        while len(self._events) > REMEMBERED_PEOPLE:
            self._told.discard(self._events.popitem(last=False)[0])
