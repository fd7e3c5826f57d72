"""Time by the wall and by the processor: on a busy machine only the second one says what something costs."""

from __future__ import annotations

import math
import os
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

# Above this share of the processor in other hands, wall time measures them rather than us.
BUSY = 0.10

STAT = Path("/proc/stat")


@dataclass(frozen=True, slots=True)
class Time:
    """A moment, or the span between two of them, in seconds. `cpu` is NaN where it cannot be known."""

    wall: float
    cpu: float

    def __sub__(self, earlier: Time) -> Time:
        return Time(self.wall - earlier.wall, self.cpu - earlier.cpu)

    def by(self, clock: str) -> float:
        """The one of the two that is called "wall" or "cpu"."""
        return self.cpu if clock == "cpu" else self.wall


def mean(spans: list[Time]) -> Time:
    """The mean by each clock."""
    return Time(sum(span.wall for span in spans) / len(spans), sum(span.cpu for span in spans) / len(spans))


def median(spans: list[Time]) -> Time:
    """The median by each clock."""
    return Time(statistics.median(span.wall for span in spans), statistics.median(span.cpu for span in spans))


def own_time() -> Time:
    """Now, with the processor seconds of this process."""
    return Time(time.perf_counter(), time.process_time())


def time_of(pid: int) -> Callable[[], Time]:
    """A clock with the processor seconds of another process: Linux tells them in steps of 10 ms, others not at all."""
    path, tick = Path(f"/proc/{pid}/stat"), os.sysconf("SC_CLK_TCK")

    def now() -> Time:
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            return Time(time.perf_counter(), math.nan)
        return Time(time.perf_counter(), (int(fields[11]) + int(fields[12])) / tick)

    return now


class Neighbours:
    """How much of the machine others take: what all processors did, less what the measured sides did."""

    def __init__(self, sides: Iterable[Callable[[], Time]]) -> None:
        self._sides = [side for side in sides if not math.isnan(side().cpu)]
        self._began = self._read()

    def share(self) -> float:
        """The share of all processors that was in other hands since the start; 0 where the system does not tell."""
        wall, busy, ours = (now - then for now, then in zip(self._read(), self._began, strict=True))
        return max(0.0, busy - ours) / (wall * (os.cpu_count() or 1))

    def _read(self) -> tuple[float, float, float]:
        return time.perf_counter(), _busy_seconds(), sum(side().cpu for side in self._sides)


def _busy_seconds() -> float:
    try:
        fields = [int(field) for field in STAT.read_text().split("\n", 1)[0].split()[1:9]]
    except OSError:
        return 0.0
    user, nice, system, _, _, irq, softirq, steal = fields
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")
