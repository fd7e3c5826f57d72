"""What goes wrong on purpose: scripted faults for the next matching requests, and random ones by seed. server.py asks
`draw` once per request."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["answer", "drop", "lose", "delay"]


@dataclass(frozen=True)
class Fault:
    """One thing to go wrong: `answer` with an error instead of doing it, `drop` the connection instead of doing it,
    do it and `lose` the answer, or `delay` it."""

    kind: Kind
    status: int = 500
    retry_after: float = 1.0
    whole_bot: bool = False
    seconds: float = 0.0


@dataclass
class _Script:
    fault: Fault
    times: int
    method: str | None
    route: str | None

    def matches(self, method: str, route: str) -> bool:
        right_method = self.method is None or self.method == method
        return self.times > 0 and right_method and (self.route is None or self.route in route)


@dataclass
class Faults:
    """The script of what goes wrong."""

    happened: list[tuple[str, str, Fault]] = field(default_factory=list)
    _scripts: list[_Script] = field(default_factory=list)
    _random: random.Random | None = None
    _rate: float = 0.0
    _kinds: tuple[Fault, ...] = ()
    _only: str | None = None

    def answer(
        self,
        status: int,
        *,
        times: int = 1,
        method: str | None = None,
        route: str | None = None,
        retry_after: float = 1.0,
        whole_bot: bool = False,
    ) -> None:
        """The next matching requests are answered with that status (429 with its retry_after) and not done."""
        self._add(Fault("answer", status, retry_after, whole_bot), times, method, route)

    def drop(self, *, times: int = 1, method: str | None = None, route: str | None = None) -> None:
        """The connection of the next matching requests breaks; they are not done."""
        self._add(Fault("drop"), times, method, route)

    def lose(self, *, times: int = 1, method: str | None = None, route: str | None = None) -> None:
        """The next matching requests are done, but the connection breaks before their answer."""
        self._add(Fault("lose"), times, method, route)

    def delay(
        self, seconds: float, *, times: int = 1, method: str | None = None, route: str | None = None
    ) -> None:
        """The next matching requests are done after that many real seconds."""
        self._add(Fault("delay", seconds=seconds), times, method, route)

    def sometimes(self, rate: float, seed: int, *faults: Fault, route: str | None = None) -> None:
        """From now on that share of requests goes wrong in one of these ways (default: 429, 500, 502, drop)."""
        self._random, self._rate, self._only = random.Random(seed), rate, route
        self._kinds = faults or (
            Fault("answer", 429, retry_after=0.2),
            Fault("answer", 500),
            Fault("answer", 502),
            Fault("drop"),
        )

    def stop(self) -> None:
        """Nothing goes wrong any more."""
        self._scripts.clear()
        self._random = None

    def draw(self, method: str, route: str) -> Fault | None:
        """What goes wrong with this request; remembered in `happened`."""
        fault = self._scripted(method, route) or self._chance(route)
        if fault is not None:
            self.happened.append((method, route, fault))
        return fault

    def _add(self, fault: Fault, times: int, method: str | None, route: str | None) -> None:
        self._scripts.append(_Script(fault, times, method, route))

    def _scripted(self, method: str, route: str) -> Fault | None:
        for script in self._scripts:
            if script.matches(method, route):
                script.times -= 1
                return script.fault
        return None

    def _chance(self, route: str) -> Fault | None:
        if self._random is None or (self._only is not None and self._only not in route):
            return None
        if self._random.random() >= self._rate:
            return None
        return self._random.choice(self._kinds)
