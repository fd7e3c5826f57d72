"""A reply that appears while it is being written: posted at once, edited at the platform's pace, exact at the end.

A surface makes a `Screen` for each reply and feeds `Delta`s; `finish` puts the final text there, exactly once and in order,
over faults and restarts. What stands where is remembered in the ledger, part by part.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.ports import Ledger
from bot.surfaces.render import split, whole_words
from bot.surfaces.sending import (
    Backoff,
    GoneError,
    LaterError,
    Sleep,
    TransientError,
    UndeliverableError,
    until_sent,
)
from bot.surfaces.tasks import TaskOwner
from engine.errors import NotFoundError

log = logging.getLogger(__name__)

# Seconds; below it a clock may not tell that time has passed.
A_MOMENT = 0.001
# Shown for a moment where an earlier process may have posted a part for which the final text has no words.
LEFT = "…"


class Screen(Protocol):
    """One reply's place on the platform. Every method raises the errors of `sending.py`.

    A `post` whose answer was lost is repeated with the same text: not to show it twice is up to the screen. So that it can
    do that after a restart, too, it may put a row without a ref into the ledger while it posts.
    """

    @property
    def limit(self) -> int:
        """The longest text of one message, as `length` counts."""

    @property
    def unfinished(self) -> str:
        """What stands after a text that goes on, e.g. " …"; "" for nothing."""

    def length(self, text: str) -> int:
        """A text's length, as the platform counts."""

    async def post(self, part: int, text: str, *, done: bool) -> str:
        """Show a new part. Returns its ref, "" if nothing stays (a draft): then the next change posts again."""

    async def edit(self, ref: str, part: int, text: str, *, done: bool) -> None:
        """Change a part. Raises GoneError if it is not there any more."""

    async def remove(self, ref: str) -> None:
        """Take a part away."""


class Pace:
    """How often a channel's messages may change: `burst` at once, then one `every` so many seconds."""

    def __init__(self, every: float, burst: int = 1, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._every, self._burst, self._monotonic = every, burst, monotonic
        self._booked_until = float("-inf")  # when all that was spent is paid for

    def wait_s(self) -> float:
        """Seconds until the next change is allowed."""
        return max(0.0, self._booked_until - (self._burst - 1) * self._every - self._monotonic())

    def spend(self) -> None:
        """Something was sent."""
        self._booked_until = max(self._monotonic(), self._booked_until) + self._every


@dataclass(slots=True)
class _Part:
    """What stands in one message as far as is known. `text` is None after a change whose answer was lost."""

    ref: str
    text: str | None
    digest: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class _Change:
    """The next thing to do so that the screen shows the newest text."""

    part: int
    text: str
    done: bool


class _Board:
    """What a key shows on the platform, part by part; each change is remembered in the ledger."""

    def __init__(
        self, ledger: Ledger, screen: Screen, *, surface: str, key: str, person_id: str, channel: str
    ) -> None:
        self._ledger, self._screen = ledger, screen
        self._surface, self._key = surface, key
        self._person_id, self._channel = person_id, channel
        self._parts: list[_Part] | None = None
        self._posting: tuple[int, str] | None = None  # a post whose answer was lost
        self._left: int | None = None  # a part that an earlier process may have posted

    async def load(self) -> list[_Part]:
        """What is there, also from before a restart."""
        if self._parts is None:
            known = await self._ledger.parts(self._surface, self._key)
            self._parts = [_Part(one.ref, None, one.digest, one.done) for one in known if one.ref]
            # A screen may note what it posts before its ref is known; so it says what became of it when it posts again.
            self._left = next((one.part for one in known if not one.ref), None)
        return self._parts

    async def change(self, part: int, text: str, *, done: bool) -> None:
        """Make a part show a text, in one attempt; a new part is the one after the last."""
        parts = await self.load()
        if part < len(parts) and parts[part].ref:
            shown = parts[part]
            shown.text = None
            if shown.done:  # it will not show any more what the ledger says
                await self._note(part, done=False)
            await self._screen.edit(shown.ref, part, text, done=done)
            shown.text = text
            return
        await self._post(part, text, done=done)

    async def _post(self, part: int, text: str, *, done: bool) -> None:
        """Post a part; after a lost answer the same text first, so that the platform can tell it was there."""
        lost = self._posting[1] if self._posting and self._posting[0] == part else text
        try:
            ref = await self._screen.post(part, lost, done=done)
        except (TransientError, OSError, TimeoutError):
            self._posting = (part, lost)
            raise
        self._posting = None
        parts = await self.load()
        parts[part:] = [_Part(ref, lost)]
        if ref:
            if self._left == part:
                self._left = None
            await self._note(part, done=False)
        if lost != text:
            await self.change(part, text, done=done)

    async def recover(self, part: int) -> None:
        """Find the message of a post whose answer was lost, where nothing shall stand from this part on."""
        if self._posting and self._posting[0] >= part:
            await self._post(*self._posting, done=True)
        parts = await self.load()
        if self._left is not None and self._left >= part:
            parts += [_Part("", None)] * (self._left - len(parts))
            await self._post(self._left, LEFT, done=True)

    async def seal(self, part: int) -> None:
        """A part shows its final text."""
        parts = await self.load()
        if parts[part].ref:
            await self._note(part, done=True)

    async def _note(self, part: int, *, done: bool) -> None:
        shown = (await self.load())[part]
        shown.done, shown.digest = done, _digest(shown.text or "") if done else ""
        try:
            await self._ledger.put(
                self._surface,
                self._key,
                part,
                person_id=self._person_id,
                channel=self._channel,
                ref=shown.ref,
                done=done,
                digest=shown.digest,
            )
        except NotFoundError as error:
            raise UndeliverableError("the person asked to be forgotten") from error

    async def remove_from(self, part: int, *, gone: bool = False) -> None:
        """Take a part and all after it away. `gone`: the first of them is not there any more."""
        # What was posted without an answer may stand there: it would come before what is posted anew.
        await self.recover(part)
        parts = await self.load()
        while len(parts) > part:
            last = len(parts) - 1
            if parts[last].ref:
                if not (gone and last == part):
                    await self._remove(parts[last].ref)
                await self._ledger.drop(self._surface, self._key, last)
            parts.pop()

    async def _remove(self, ref: str) -> None:
        try:
            await self._screen.remove(ref)
        except GoneError:
            return


class _Final:
    """Puts a final text on a board, with all the patience there is."""

    def __init__(self, board: _Board, screen: Screen, pace: Pace | None, sleep: Sleep) -> None:
        self._board, self._screen, self._pace, self._sleep = board, screen, pace, sleep

    async def show(self, text: str) -> None:
        """Exactly this text stands there afterwards. Raises UndeliverableError."""
        pieces = split(text, self._screen.limit, self._screen.length)
        for part, piece in enumerate(pieces):
            await self._show_part(part, piece)
        await until_sent(lambda: self._board.recover(len(pieces)), sleep=self._sleep)
        if len(await self._board.load()) > len(pieces):
            await until_sent(lambda: self._board.remove_from(len(pieces)), sleep=self._sleep)

    async def _show_part(self, part: int, piece: str) -> None:
        parts = await self._board.load()
        shown = parts[part] if part < len(parts) else None
        if shown and shown.ref and shown.done and shown.digest == _digest(piece):
            return
        if not (shown and shown.ref and shown.text == piece):
            await self._change(part, piece)
        await self._board.seal(part)

    async def _change(self, part: int, piece: str) -> None:
        if self._pace:
            self._pace.spend()
        try:
            await until_sent(lambda: self._board.change(part, piece, done=True), sleep=self._sleep)
        except GoneError:
            # What comes after it would stand before it: that is posted anew as well.
            await until_sent(lambda: self._board.remove_from(part, gone=True), sleep=self._sleep)
            await self._change(part, piece)


class ReplyStream:
    """One reply under way. `feed` it, then `finish` it, or `drop` it when it will not be finished."""

    def __init__(
        self,
        screen: Screen,
        ledger: Ledger,
        pace: Pace,
        *,
        surface: str,
        key: str,
        person_id: str,
        channel: str,
        tasks: TaskOwner,
        sleep: Sleep = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._screen, self._pace, self._surface, self._tasks = screen, pace, surface, tasks
        self._monotonic = monotonic
        self._board = _Board(ledger, screen, surface=surface, key=key, person_id=person_id, channel=channel)
        self._final = _Final(self._board, screen, pace, sleep)
        self._text = ""
        self._news = asyncio.Event()
        self._closed = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._backoff = Backoff()
        self._not_before = float("-inf")  # what the platform asked for

    def feed(self, text: str) -> None:
        """The next piece of the reply. Never waits."""
        if self._closed.is_set():
            return
        self._text += text
        self._news.set()
        if self._writer is None:
            self._writer = self._tasks.create_task(self._write(), name=f"{self._surface}: a reply's stream")

    async def finish(self, text: str) -> None:
        """Exactly this text stands there afterwards, once, over all parts, in order. Repeating it changes nothing."""
        await self._stop()
        try:
            await self._final.show(text)
        except UndeliverableError:
            log.info("%s: a reply could not be delivered", self._surface)

    def drop(self) -> None:
        """The reply will not be finished now: leave what is there. A restart may still finish it."""
        self._closed.set()
        self._news.set()

    async def _stop(self) -> None:
        """Let the writer finish what is on its way: only then is it known what stands where."""
        self.drop()
        if self._writer is not None:
            await asyncio.wait([self._writer])

    async def _write(self) -> None:
        """Keep the screen up to date until the reply is closed."""
        try:
            while await self._turn():
                change = await self._next_change()
                if change is not None:
                    await self._attempt(change)
        except UndeliverableError:
            log.info("%s: a reply's stream reaches nobody", self._surface)

    async def _turn(self) -> bool:
        """Wait for something new that may be shown; False once the reply is closed."""
        await self._news.wait()
        while not self._closed.is_set() and (pause := await self._pause()) > 0:
            try:
                async with asyncio.timeout(max(pause, A_MOMENT)):
                    await self._closed.wait()
            except TimeoutError:
                continue
        return not self._closed.is_set()

    async def _pause(self) -> float:
        """Seconds to wait: the first words are shown at once."""
        asked_for = self._not_before - self._monotonic()
        return max(asked_for, self._pace.wait_s() if await self._board.load() else 0.0)

    async def _next_change(self) -> _Change | None:
        """The first part that is behind the newest text; None (and no more news) if all is shown."""
        self._news.clear()
        pieces = split(whole_words(self._text), self._screen.limit, self._screen.length)
        parts = await self._board.load()
        for part, piece in enumerate(pieces):
            done = part < len(pieces) - 1
            text = piece if done else self._marked(piece)
            shown = parts[part] if part < len(parts) else None
            if shown is None or shown.text != text or (done and not shown.ref):
                return _Change(part, text, done)
        return None

    def _marked(self, piece: str) -> str:
        """A text that goes on, with the mark for that if there is room."""
        marked = piece + self._screen.unfinished
        return marked if self._screen.length(marked) <= self._screen.limit else piece

    async def _attempt(self, change: _Change) -> None:
        """Try once; what fails is tried again later, with the text that is the newest by then."""
        self._news.set()  # there may be another change after this
        self._pace.spend()
        try:
            await self._board.change(change.part, change.text, done=change.done)
            self._backoff.reset()
        except GoneError:
            await self._forget(change.part)
        except (LaterError, TransientError, OSError, TimeoutError) as error:
            self._not_before = self._monotonic() + self._backoff.after(error)

    async def _forget(self, part: int) -> None:
        """Somebody deleted it: it is posted anew, and what came after it as well."""
        try:
            await self._board.remove_from(part, gone=True)
        except (LaterError, TransientError, OSError, TimeoutError) as error:
            self._not_before = self._monotonic() + self._backoff.after(error)


async def show_once(
    ledger: Ledger,
    screen: Screen,
    *,
    surface: str,
    key: str,
    person_id: str,
    channel: str,
    text: str,
    sleep: Sleep = asyncio.sleep,
) -> None:
    """Show a text that was not streamed, by its key: never twice, also after a restart. Nobody reachable: nothing."""
    board = _Board(ledger, screen, surface=surface, key=key, person_id=person_id, channel=channel)
    try:
        await _Final(board, screen, None, sleep).show(text)
    except UndeliverableError:
        log.info("%s: a message could not be delivered", surface)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
