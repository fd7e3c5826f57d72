"""From what the rounds measured to ratios, aims and a table.

A figure is the median, over the rounds, of one span over another one of the same round. Where others kept the
machine busy, the processor's seconds count; else the wall's. Both are in the table.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.chatting.clock import BUSY
from benchmarks.chatting.scenes import Round

CLOCKS = ("wall", "cpu")


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure is to reach, as issue 4 puts it."""

    key: str
    words: str
    over: str  # the span above the line …
    under: str  # … and below it; "server" stands for the faster of its KV modes, "" for one second
    aim: float  # NaN: it is only to be known
    at_least: bool = False  # whether more is better
    clock: str = ""  # the only one that says anything; "": whichever does


@dataclass(frozen=True, slots=True)
class Figure:
    """An aim and what was measured."""

    aim: Aim
    wall: float
    cpu: float
    clock: str  # the one that counts

    @property
    def value(self) -> float:
        """By the clock that counts."""
        return self.cpu if self.clock == "cpu" else self.wall

    @property
    def met(self) -> bool:
        """Whether it reaches its aim, if it has one."""
        if math.isnan(self.aim.aim):
            return True
        return self.value >= self.aim.aim if self.aim.at_least else self.value <= self.aim.aim

    def told(self) -> dict[str, Any]:
        """For a line of JSON."""
        return {
            "value": _rounded(self.value),
            "aim": _rounded(self.aim.aim),
            "at_least": self.aim.at_least,
            "met": self.met,
            "clock": self.clock,
            "wall": _rounded(self.wall),
            "cpu": _rounded(self.cpu),
            "words": self.aim.words,
        }


def aims_of_talk(counts: Sequence[int], *, gpu: bool) -> list[Aim]:
    """More tokens a second are a shorter time for the same ones: the peer's time over ours."""
    aims = []
    for count in counts:
        alone, ours = count == 1, f"ours {count}"
        aims.append(
            Aim(
                f"throughput_vs_lock_{count}",
                f"tokens/s at {count}, against the high-level Llama under a lock",
                f"lock {count}",
                ours,
                0.98 if alone else 1.6,
                at_least=True,
            )
        )
        if alone and not gpu:
            continue
        raw = f"raw tokens/s while all {count} are written to, against llama-server"
        whole = f"tokens/s at {count} with the reading of their prompts, against llama-server"
        first = f"first words at {count}, against llama-server"
        aims += [
            Aim(f"raw_vs_server_{count}", raw, f"server {count} token", f"{ours} token", 1.0, at_least=True),
            Aim(f"throughput_vs_server_{count}", whole, f"server {count}", ours, math.nan, at_least=True),
            Aim(f"first_vs_server_{count}", first, f"{ours} first", f"server {count} first", math.nan),
        ]
    most = max(counts)
    lag = f"event loop's lag while {most} stream, p99, seconds"
    return [*aims, Aim("lag_p99_s", lag, f"ours {most} lag", "", 0.020, clock="wall")]


BURST = [
    Aim("burst_first_vs_server", "burst of new people: first words, against llama-server", "ours first", "server first", 1 / 8),
    Aim("burst_whole_vs_server", "… until all have their reply", "ours whole", "server whole", 1 / 7),
]  # fmt: skip
BACK = [
    Aim("reply_cpu_vs_server", "people who come back: processor per reply, against llama-server", "ours reply", "server reply", 1 / 2, clock="cpu"),
]  # fmt: skip
DEEP = [
    Aim("ttft_vs_cold", "first words of a long conversation: kept, against cold", "kept first", "cold first", 0.06),
    Aim("restore_vs_cold", "… restored from the disk after a restart", "restored first", "cold first", 0.08),
]  # fmt: skip
NEWCOMER = [
    Aim("worst_gap_vs_usual", "worst gap between the others' tokens while a long newcomer is read in", "worst", "usual", 3.0),
]  # fmt: skip


def figures(aims: Sequence[Aim], rounds: Sequence[Round]) -> list[Figure]:
    """Those that the sides who played allow."""
    busy = statistics.median(played["others"].wall for played in rounds) > BUSY
    found = []
    for aim in aims:
        wall, cpu = (_ratio(aim, rounds, clock) for clock in CLOCKS)
        if math.isnan(wall):
            continue
        found.append(Figure(aim, wall, cpu, _clock(aim, cpu, busy=busy)))
    return found


def _clock(aim: Aim, cpu: float, *, busy: bool) -> str:
    if math.isnan(cpu):
        return "wall"
    return aim.clock or ("cpu" if busy else "wall")


def _ratio(aim: Aim, rounds: Sequence[Round], clock: str) -> float:
    """The median of the rounds; against llama-server, the mode that does us the least good. NaN: none played."""
    ratios = [
        statistics.median(values)
        for over in _names(aim.over, rounds)
        for under in _names(aim.under, rounds)
        if (values := _values(over, under, rounds, clock))
    ]
    if not ratios or any(math.isnan(ratio) for ratio in ratios):
        return math.nan
    return min(ratios) if aim.at_least else max(ratios)


def _names(name: str, rounds: Sequence[Round]) -> list[str]:
    """The spans that a name of an aim stands for: of llama-server's modes, those that played all rounds."""
    if not name:
        return [""]
    if not name.startswith("server "):
        return [name] if name in rounds[0] else []
    measure = name.removeprefix("server ")
    return [key for key in rounds[-1] if key.startswith("server ") and key.endswith(f" {measure}")]


def _values(over: str, under: str, rounds: Sequence[Round], clock: str) -> list[float]:
    if not under:
        return [played[over].by(clock) for played in rounds]
    return [
        played[over].by(clock) / played[under].by(clock) if played[under].by(clock) else math.nan
        for played in rounds
        if over in played and under in played
    ]


def spans(rounds: Sequence[Round]) -> dict[str, list[float | None]]:
    """The medians themselves, in seconds by the wall and the processor, for whoever wants more than ratios."""
    names = dict.fromkeys(name for played in rounds for name in played)
    return {
        name: [
            _rounded(statistics.median(played[name].by(clock) for played in rounds if name in played))
            for clock in CLOCKS
        ]
        for name in names
    }


def line(told: dict[str, Any]) -> str:
    """One row of the table, of a figure as it was told."""
    cells = []
    for clock in CLOCKS:
        value = told[clock]
        shown = "–" if value is None else f"{value:.3f}"
        cells.append(f"{shown:>8}{'*' if clock == told['clock'] else ' '}")
    sign, missed = "≥" if told["at_least"] else "≤", "" if told["met"] else "   missed"
    aim = "" if told["aim"] is None else f"   {sign} {told['aim']:.3g}{missed}"
    return f"  {told['words']:<78} {' '.join(cells)}{aim}"


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)
