"""Scripted and random trouble: refusals, dropped connections, answers that get lost, delays. The server asks it before
and after every call."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from tests.loopback.telegram.params import Params

Kind = int | Literal["drop", "lost", "delay", "hang"]
"""429, 500, 502 …: refused, nothing done. drop: the connection breaks, nothing done. lost: done, but the connection
breaks before the answer. delay: done, but the answer comes later. hang: done never, answered never (until the server stops)."""


@dataclass
class Fault:
    """One piece of trouble that waits for its call."""

    method: str
    kind: Kind
    left: int
    retry_after: int = 1
    seconds: float = 0.0
    description: str = ""
    where: Callable[[Params], bool] | None = None

    def fits(self, call: Params) -> bool:
        """Whether it is meant for this call; "*" means all but getUpdates."""
        named = self.method.lower() == call.method.lower() or (
            self.method == "*" and call.method.lower() != "getupdates"
        )
        return self.left > 0 and named and (self.where is None or self.where(call))


class Faults:
    """What goes wrong next. `happened` keeps what did."""

    def __init__(self) -> None:
        self.happened: list[tuple[str, Kind]] = []
        self._scripted: list[Fault] = []
        self._dice = random.Random(0)
        self._share = 0.0
        self._kinds: tuple[Kind, ...] = ()
        self._methods: frozenset[str] = frozenset()
        self._retry_after = 1

    def next(
        self,
        method: str,
        kind: Kind,
        times: int = 1,
        *,
        retry_after: int = 1,
        seconds: float = 0.0,
        description: str = "",
        where: Callable[[Params], bool] | None = None,
    ) -> None:
        """The next `times` calls of a method ("*": of any but getUpdates) meet this; `description` is the refusal's text."""
        self._scripted.append(Fault(method, kind, times, retry_after, seconds, description, where))

    def randomly(
        self,
        share: float,
        seed: int,
        kinds: Iterable[Kind] = (429, 500, 502, "drop"),
        methods: Iterable[str] = (),
        retry_after: int = 1,
    ) -> None:
        """This share of calls (of these methods; by default of all but getUpdates) meets one of these kinds."""
        self._dice = random.Random(seed)
        self._share, self._kinds, self._retry_after = share, tuple(kinds), retry_after
        self._methods = frozenset(method.lower() for method in methods)

    def clear(self) -> None:
        """Nothing more goes wrong."""
        self._scripted.clear()
        self._share = 0.0

    def take(self, call: Params) -> Fault | None:
        """The fault that this call meets, if any."""
        fault = next((fault for fault in self._scripted if fault.fits(call)), None) or self._chance(call)
        if fault is not None:
            fault.left -= 1
            self.happened.append((call.method, fault.kind))
        return fault

    def _chance(self, call: Params) -> Fault | None:
        """A throw of the dice."""
        name = call.method.lower()
        meant = name in self._methods if self._methods else name != "getupdates"
        if not self._share or not meant or self._dice.random() >= self._share:
            return None
        return Fault(call.method, self._dice.choice(self._kinds), 1, self._retry_after)
