"""The table of routes: method and path template to handler, with the limit that holds for it. rest.py and its
neighbours fill it; server.py looks requests up in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.loopback.discord.errors import Json
from tests.loopback.discord.limits import OTHERS, Limit

if TYPE_CHECKING:
    from tests.loopback.discord.server import DiscordServer


@dataclass(frozen=True)
class Call:
    """One request, parsed."""

    server: DiscordServer
    params: dict[str, str]
    query: dict[str, str]
    payload: Any
    files: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    authorised: bool = True

    def number(self, name: str) -> int:
        """An id of the path; what is no number names nothing that exists."""
        value = self.params[name]
        return int(value) if value.isdecimal() else 0


Handler = Callable[[Call], Awaitable[Json | list[Json] | None]]


@dataclass(frozen=True)
class Route:
    """One row of the table."""

    method: str
    template: str
    handler: Handler
    limit: Limit
    public: bool

    @property
    def major(self) -> tuple[str, ...]:
        """The parameters that have a bucket of their own."""
        return ("channel", "guild", "webhook", "token")


@dataclass
class Routes:
    """The table."""

    _rows: dict[tuple[str, int], list[tuple[list[str], Route]]] = field(default_factory=dict)

    def on(
        self, method: str, template: str, limit: Limit = OTHERS, *, public: bool = False
    ) -> Callable[[Handler], Handler]:
        """Decorator: this handler answers that route. Public ones carry their secret in the path."""

        def register(handler: Handler) -> Handler:
            parts = template.strip("/").split("/")
            row = (parts, Route(method, template, handler, limit, public))
            self._rows.setdefault((method, len(parts)), []).append(row)
            return handler

        return register

    def include(self, other: Routes) -> None:
        """Take over another table's rows."""
        for key, rows in other._rows.items():
            self._rows.setdefault(key, []).extend(rows)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The row for a request, with the path's parameters."""
        parts = path.strip("/").split("/")
        for wanted, route in self._rows.get((method, len(parts)), []):
            if all(want.startswith("{") or want == part for want, part in zip(wanted, parts, strict=True)):
                names = {
                    want[1:-1]: part for want, part in zip(wanted, parts, strict=True) if want.startswith("{")
                }
                return route, names
        return None
