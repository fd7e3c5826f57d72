"""One reply that was asked for: whose it is, until when it is wanted, and what was tried; `chat.py` makes one each.

Nothing is awaited for a reply but through `Asked.wait`, so that its deadline and its conversation's end are seen at
once, wherever it stands: in line, before the first word, or in the middle. No limit is held while a piece is with
whoever reads the stream: it would strike in their code.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from engine.errors import DeadlineError, ModelError
from engine.models.openai.faults import Blame, ServerError
from engine.models.port import Work

if TYPE_CHECKING:
    from engine.models.openai.server import Server

# Seconds for a reply whose work names no deadline: as [llm] deadline_seconds.
REPLY_S = 600.0

Result = TypeVar("Result")


class Asked:
    """A reply on its way."""

    def __init__(self, work: Work, number: int) -> None:
        self.work = work
        self.number = number  # in the order of asking
        self.since = asyncio.get_running_loop().time()
        self.deadline = self.since + (REPLY_S if work.deadline_s is None else work.deadline_s)
        self.first_s = 0.0  # seconds from asking to the first piece
        self.without: set[Server] = set()  # servers that are not asked again for this reply
        self.fault: ServerError | None = None  # the latest
        self._begun = False
        self._tries: Counter[Server] = Counter()
        self._ended: ModelError | None = None
        self._limit: asyncio.Timeout | None = None

    @property
    def age_s(self) -> float:
        """Seconds since it was asked for."""
        return asyncio.get_running_loop().time() - self.since

    def begin(self) -> None:
        """A piece of it is given away."""
        if not self._begun:
            self._begun, self.first_s = True, self.age_s

    def failed(self, server: Server, fault: ServerError) -> int:
        """Note that a server failed; how often it has for this reply."""
        self.fault = fault
        self._tries[server] += 1
        return self._tries[server]

    def may_try_again(self, fault: ServerError) -> bool:
        """Whether another attempt could help, and nobody has read anything yet."""
        return not self._begun and fault.blame is not Blame.REQUEST

    def end(self, error: ModelError) -> None:
        """Give it up: whatever it waits for ends with this error."""
        self._ended = error
        if self._limit is not None and not self._limit.expired():
            self._limit.reschedule(asyncio.get_running_loop().time())

    async def wait(self, step: Callable[[], Awaitable[Result]]) -> Result:
        """Take a step of the reply and wait for it. Raises DeadlineError, or what it was ended with."""
        # Looked at first, too: a step that need not wait for anything would never meet the limit.
        if self._ended or asyncio.get_running_loop().time() >= self.deadline:
            raise self._ended or DeadlineError()
        try:
            async with asyncio.timeout_at(self.deadline) as self._limit:
                return await step()
        except TimeoutError:
            if self._limit is None or not self._limit.expired():
                raise
            raise self._ended or DeadlineError() from None
        finally:
            self._limit = None
