"""What the engine counts, and how fast it was lately. The loop's thread counts; anybody may ask for a snapshot."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from statistics import fmean

from engine.models.port import Finish

# Replies whose times are remembered: an evening's worth, and little enough to average at once.
LATEST = 200


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The counters since the start, and the mean times of the latest replies."""

    requests: int
    finished: int
    cancelled: int
    failed: int
    read: int  # tokens of prompts that were computed
    kept: int  # tokens of prompts that were known
    restored: int  # tokens that came back from the shelf
    written: int  # tokens of replies
    evictions: int  # seats and stems that gave way
    parks: int  # of them, those that were put on the shelf
    first_s: float  # mean seconds to the first token
    tokens_per_s: float  # mean tokens a second of one reply, after its first

    @property
    def hits(self) -> float:
        """The share of all prompts' tokens that need not be computed."""
        return self.kept / max(self.kept + self.read, 1)

    @property
    def numbers(self) -> str:
        """All that matters of it for a log."""
        return (
            f"{self.finished} answers, {self.cancelled} broken off, {self.failed} failed; "
            f"{self.written} tokens written, {self.read} read, {self.hits:.0%} of all prompts known already; "
            f"{self.evictions} times somebody gave way, {self.restored} tokens put back; "
            f"lately the first word after {self.first_s:.2f} s, {self.tokens_per_s:.1f} tokens a second"
        )


@dataclass(slots=True)
class Metrics:
    """Counters that grow."""

    requests: int = 0
    finished: int = 0
    cancelled: int = 0
    failed: int = 0
    read: int = 0
    kept: int = 0
    restored: int = 0
    written: int = 0
    evictions: int = 0
    parks: int = 0
    firsts: deque[float] = field(default_factory=lambda: deque(maxlen=LATEST))
    speeds: deque[float] = field(default_factory=lambda: deque(maxlen=LATEST))

    def note(self, finish: Finish) -> None:
        """A reply has come to its end."""
        self.finished += 1
        self.kept += finish.kept
        self.firsts.append(finish.first_s)
        if finish.written > 1 and finish.whole_s > finish.first_s:
            self.speeds.append((finish.written - 1) / (finish.whole_s - finish.first_s))

    def snapshot(self) -> Snapshot:
        """How things stand."""
        firsts, speeds = list(self.firsts), list(self.speeds)
        return Snapshot(
            requests=self.requests,
            finished=self.finished,
            cancelled=self.cancelled,
            failed=self.failed,
            read=self.read,
            kept=self.kept,
            restored=self.restored,
            written=self.written,
            evictions=self.evictions,
            parks=self.parks,
            first_s=fmean(firsts) if firsts else 0.0,
            tokens_per_s=fmean(speeds) if speeds else 0.0,
        )
