"""What messengers are built from, besides the door: `bot/app.py` passes the engine's rooms in, tests pass their own.

Unlike the page, Discord and Telegram keep what they were shown: whatever is sent there has to be found again after a
crash, and edited rather than sent twice. The ledger remembers what shows what.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.messages import Call, Surface
from engine.errors import SelfsameError
from engine.types import Shown

# Maps an account of a surface (its id there, and the name it shows) to the id of the person behind it.
Accounts = Callable[[str, str], Awaitable[str]]

# Whether words that anybody says in a channel mean one of the characters there: surface, channel, thread, text.
Addressed = Callable[[str, str, str, str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `selfsame doctor`. `ok` is None for what is only good to know, e.g. an invite link."""

    ok: bool | None
    title: str
    sentence: str


class SurfaceError(SelfsameError):
    """This surface cannot be used as it is configured. The others go on."""


class Messenger(Surface, Protocol):
    """A surface that lives elsewhere and has to be connected to."""

    async def run(self, ready: Callable[[str], None]) -> None:
        """Connect and serve for ever; `ready` is told one line for the log ("Discord: here as Selfsame#1234").

        Raises SurfaceError with a sentence that says where to click, when trying again would not help.
        """


@runtime_checkable
class Files(Protocol):
    """A surface on which people send files along with a command."""

    def fetch(self, ref: str) -> AsyncIterable[bytes]:
        """A file that was sent, piece by piece; `ref` is what the command was given. Raises InputError.

        People can type a `ref` themselves: it leads nowhere but to the files of the service.
        """


class Ledger(Protocol):
    """Which of a messenger's messages shows which of our keys (a message's id, "draft:ID", …)."""

    async def parts(self, surface: str, key: str) -> tuple[Shown, ...]:
        """What shows the key, part by part."""

    async def put(
        self,
        surface: str,
        key: str,
        part: int,
        *,
        person_id: str,
        channel: str,
        ref: str,
        done: bool,
        digest: str = "",
    ) -> None:
        """Remember, or replace what was remembered of this part."""

    async def find(self, surface: str, channel: str, ref: str) -> Shown | None:
        """What one of the messenger's messages shows."""

    async def recent(self, surface: str, since: datetime, limit: int) -> tuple[tuple[str, str], ...]:
        """The channels where something was shown, and what was shown there last; the newest first."""

    async def drop(self, surface: str, key: str, part: int | None = None) -> None:
        """Forget one part, or all: the messages are gone."""


class Topics(Protocol):
    """A messenger's topic for each character, where it has topics."""

    async def topic(self, surface: str, channel: str, person_id: str, character_id: str) -> str:
        """The topic's id, "" if there is none yet."""

    async def set_topic(
        self, surface: str, channel: str, person_id: str, character_id: str, thread: str
    ) -> None:
        """Remember a topic."""

    async def drop_topic(self, surface: str, channel: str, thread: str) -> None:
        """Forget a topic that is gone."""


class Calls(Protocol):
    """Commands behind buttons whose words do not fit into a button's id; they survive a restart."""

    async def keep(self, person_id: str, call: Call) -> str:
        """A token of at most 24 characters."""

    async def recall(self, token: str) -> Call:
        """The command. Raises NotFoundError with a sentence for a button that is too old."""
