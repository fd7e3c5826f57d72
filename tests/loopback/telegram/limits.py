"""Telegram's flood limits: one message a second in a private chat, 20 a minute in a group, 30 a second over all.

Edits count like messages; drafts have a limit of their own. Who goes on during a penalty gets a longer one.
The published numbers are kept; how Telegram punishes is not published, so that part is a model. Called by the methods.
"""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.loopback.telegram.clock import Clock
from tests.loopback.telegram.errors import too_many

OVERALL = "overall"


@dataclass
class Rate:
    """So many within so many seconds; `burst` may come at once and is then regained at that pace."""

    count: float
    seconds: float
    burst: float

    @property
    def per_second(self) -> float:
        """The pace in the long run."""
        return self.count / self.seconds


@dataclass
class _Bucket:
    """What is left for one chat, and its penalty."""

    left: float
    at: float
    times: deque[float] = field(default_factory=deque)
    until: float = 0.0
    strikes: int = 0


class Limits:
    """Counts what the bot sends and refuses what is too much. Every number may be changed at any time."""

    def __init__(self, clock: Clock) -> None:
        self.enabled = True
        self.private = Rate(1, 1, burst=3)
        self.group_count, self.group_seconds = 20, 60.0
        self.overall = Rate(30, 1, burst=30)
        self.draft = Rate(10, 1, burst=20)
        self.penalty_factor = 2.0
        """Each call during a penalty makes the next penalty longer by this factor."""
        self.longest_penalty = 300.0
        self.violations: list[tuple[float, int, str]] = []
        """(time, chat, which limit) of every refusal."""
        self._clock = clock
        self._buckets: dict[tuple[str, int], _Bucket] = {}
        self._sent: dict[int, list[float]] = defaultdict(list)
        self._drafted: dict[int, list[float]] = defaultdict(list)

    def charge(self, chat_id: int, cost: int = 1) -> None:
        """A message or an edit goes to a chat; 429 if it is too soon."""
        now = self._clock.now()
        if self.enabled:
            self._check_overall(now, chat_id, cost)
            if chat_id > 0:
                self._check_bucket("private", chat_id, self.private, now, cost)
            else:
                self._check_window(chat_id, now, cost)
            self._bucket("overall", 0, self.overall, now).left -= cost
        self._sent[chat_id].extend([now] * cost)

    def charge_draft(self, chat_id: int) -> None:
        """A draft changes."""
        now = self._clock.now()
        if self.enabled:
            self._check_bucket("draft", chat_id, self.draft, now, 1)
        self._drafted[chat_id].append(now)

    def peak(self, chat_id: int | None, seconds: float, drafts: bool = False) -> int:
        """The most messages and edits (or drafts) of any span of so many seconds, in one chat or (None) over all."""
        counted = self._drafted if drafts else self._sent
        if chat_id is None:
            times = sorted(at for sent in counted.values() for at in sent)
        else:
            times = counted.get(chat_id, [])
        most, first = 0, 0
        for last, at in enumerate(times):
            while times[first] <= at - seconds:
                first += 1
            most = max(most, last - first + 1)
        return most

    def _bucket(self, name: str, chat_id: int, rate: Rate, now: float) -> _Bucket:
        """The bucket, refilled up to now."""
        bucket = self._buckets.setdefault((name, chat_id), _Bucket(rate.burst, now))
        bucket.left = min(rate.burst, bucket.left + (now - bucket.at) * rate.per_second)
        bucket.at = now
        return bucket

    def _check_overall(self, now: float, chat_id: int, cost: int) -> None:
        """The limit over all chats; the caller takes from it once the chat's own limit allowed it."""
        bucket = self._bucket("overall", 0, self.overall, now)
        if bucket.left < min(cost, self.overall.burst):
            self._refuse(bucket, now, chat_id, OVERALL, (cost - bucket.left) / self.overall.per_second)

    def _check_bucket(self, name: str, chat_id: int, rate: Rate, now: float, cost: int) -> None:
        """One chat's own pace. An album may cost more than a burst: it leaves a debt."""
        bucket = self._bucket(name, chat_id, rate, now)
        needed = min(cost, rate.burst)
        if now < bucket.until or bucket.left < needed:
            self._refuse(bucket, now, chat_id, name, (needed - bucket.left) / rate.per_second)
        bucket.left -= cost
        bucket.strikes = 0

    def _check_window(self, chat_id: int, now: float, cost: int) -> None:
        """A group's minute."""
        bucket = self._buckets.setdefault(("group", chat_id), _Bucket(0, now))
        while bucket.times and bucket.times[0] <= now - self.group_seconds:
            bucket.times.popleft()
        over = len(bucket.times) + cost - self.group_count
        if now < bucket.until or over > 0:
            oldest = bucket.times[min(max(over, 1), len(bucket.times)) - 1] if bucket.times else now
            self._refuse(bucket, now, chat_id, "group", oldest + self.group_seconds - now if over > 0 else 0)
        bucket.times.extend([now] * cost)
        bucket.strikes = 0

    def _refuse(self, bucket: _Bucket, now: float, chat_id: int, which: str, wait: float) -> None:
        """429; those who did not wait for the last one wait longer for this one."""
        self.violations.append((now, chat_id, which))
        if now < bucket.until:
            bucket.strikes += 1
        penalty = max(1, math.ceil(wait)) * self.penalty_factor**bucket.strikes
        seconds = math.ceil(max(min(penalty, self.longest_penalty), bucket.until - now))
        bucket.until = now + seconds if which != OVERALL else 0.0
        raise too_many(seconds)
