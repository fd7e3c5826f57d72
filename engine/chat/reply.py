"""One reply as it comes: the model's pieces through the guard and the gate, at most once more if nobody could use it.

`engine/turn.py` makes a `Reply` and shows what `written` yields; `text` and `cut` are what is stored when it is over.
A second attempt is silent: what people see streams on if nothing was shown, and is replaced at the end otherwise.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from engine.chat.guard import Guard, Reviewed, Talk
from engine.chat.prompt import with_notes
from engine.errors import ModelError
from engine.models.port import ChatModel, Ending, Finish, Prompt, Sampling, Work
from engine.safety.text import Action, Gate, Verdict, Where

log = logging.getLogger(__name__)

# Characters of the reply's end that are checked before each piece is shown: longer than any rule reaches.
CHECKED_TAIL = 600
UNREVIEWED = Reviewed("")


@dataclass(frozen=True, slots=True)
class Place:
    """The reply waits for its turn: its place in line, 1 is the next, 0: it has begun."""

    number: int


AT_ONCE = Place(0)


@dataclass(slots=True)
class _Attempt:
    """One attempt: its guard, what passed, the verdict that cut it off, and the review at its end."""

    guard: Guard
    place: Place = AT_ONCE
    shown: str = ""
    cut: Verdict | None = None
    reviewed: Reviewed = UNREVIEWED

    @property
    def text(self) -> str:
        """What would be stored of it."""
        return self.shown.strip() if self.cut else self.reviewed.text


class Reply:
    """One reply while it is written. `context` are the lines that the gate looks back at."""

    def __init__(self, model: ChatModel, gate: Gate, talk: Talk, context: Sequence[str]) -> None:
        self._model = model
        self._gate = gate
        self._talk = talk
        self._context = context
        self.text = ""
        self.cut: Verdict | None = None

    async def written(
        self, prompt: Prompt, sampling: Sampling, conversation_id: str
    ) -> AsyncGenerator[str | Place]:
        """The words that may be shown, as they come. Raises ModelError."""
        # A voice that goes by rules would only say the same again.
        first = _Attempt(Guard(self._talk, last=not self._model.structured))
        async with aclosing(self._attempt(first, prompt, sampling, conversation_id)) as events:
            async for event in events:
                yield event
        self._settle(first)
        if first.reviewed.fault is None or first.cut is not None:
            return
        log.info("a reply is tried once more: %s", first.reviewed.fault)
        second = _Attempt(Guard(self._talk, last=True))
        again = with_notes(prompt, [first.reviewed.note]), _reseeded(sampling), conversation_id
        try:
            async with aclosing(self._attempt(second, *again)) as events:
                async for event in events:
                    if not first.shown:
                        yield event
        except ModelError:
            if self.text and not (second.shown and not first.shown):
                return  # rather the first one than none
            raise
        self._settle(second)

    def _settle(self, attempt: _Attempt) -> None:
        """This is the reply, judged once more as a whole."""
        self.text, self.cut = attempt.text, attempt.cut
        verdict = self._gate.check(self.text, Where.REPLY, context=self._context)
        if verdict.action is not Action.ALLOW:
            self.text, self.cut = "", verdict

    async def _attempt(
        self, attempt: _Attempt, prompt: Prompt, sampling: Sampling, conversation_id: str
    ) -> AsyncGenerator[str | Place]:
        ending = Ending.STOP
        async with aclosing(self._pieces(prompt, sampling, conversation_id)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Finish):
                    ending = piece.ending
                    log.info("a reply of %s", piece.numbers)
                elif isinstance(piece, Place):
                    # Whoever never waited need not hear that it is over.
                    if piece != attempt.place:
                        yield piece
                    attempt.place = piece
                elif words := self._passed(attempt, attempt.guard.feed(piece)):
                    yield words
                if attempt.cut or attempt.guard.ended:
                    break
        attempt.reviewed = attempt.guard.close(ending)
        if attempt.cut is None and (words := self._passed(attempt, attempt.reviewed.rest)):
            yield words

    def _passed(self, attempt: _Attempt, words: str) -> str:
        """Words that may be shown; nothing, and the end of the attempt, if the reply so far is refused with them."""
        if not words:
            return ""
        verdict = self._gate.check(
            (attempt.shown + words)[-CHECKED_TAIL:], Where.REPLY, context=self._context
        )
        if verdict.action is not Action.ALLOW:
            attempt.cut = verdict
            return ""
        attempt.shown += words
        return words

    async def _pieces(
        self, prompt: Prompt, sampling: Sampling, conversation_id: str
    ) -> AsyncGenerator[str | Finish | Place]:
        """What the model says, and its place in line as long as it has not begun."""
        inbox: asyncio.Queue[str | Finish | Place | None] = asyncio.Queue()
        work = Work(conversation_id, on_place=lambda number: inbox.put_nowait(Place(number)))
        async with _running(self._pour(self._model.stream(prompt, sampling, work), inbox)) as pouring:
            pouring.add_done_callback(lambda _: inbox.put_nowait(None))
            while (item := await inbox.get()) is not None:
                yield item
            await pouring  # raises what went wrong with the model

    async def _pour(
        self, pieces: AsyncIterator[str | Finish], inbox: asyncio.Queue[str | Finish | Place | None]
    ) -> None:
        """Read the model to its end in one task: only so a place in line is heard of while its first word is awaited."""
        try:
            async for piece in pieces:
                inbox.put_nowait(piece)
        finally:
            if isinstance(pieces, AsyncGenerator):
                await pieces.aclose()


@asynccontextmanager
async def _running(work: Coroutine[Any, Any, None]) -> AsyncGenerator[asyncio.Task[None]]:
    """The work in a task of its own that does not outlive the block."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # whoever waited for it has heard of it


def _reseeded(sampling: Sampling) -> Sampling:
    """Other luck; without a seed it is other luck anyway."""
    return sampling if sampling.seed is None else replace(sampling, seed=sampling.seed + 1)
