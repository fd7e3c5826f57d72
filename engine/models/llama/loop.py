"""The engine's thread: who waits, who reads, who writes; one batch a step. `chat.py` starts it and talks with it.

A step reads aloud: take what was asked, end what is overdue, let in who fits, put everybody's next tokens into one
batch, compute it, give each their piece. All that belongs to llama.cpp's context is touched here and nowhere else.
"""

from __future__ import annotations

import logging
import threading
import time
from bisect import insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

import numpy as np

from engine.errors import DeadlineError, DownError, ModelError
from engine.models.llama.cache import Cache, Span
from engine.models.llama.commands import Cancel, Close, Command, Forget, Orphans, Submit
from engine.models.llama.context import Context, Outcome
from engine.models.llama.job import Item, Job, Place
from engine.models.llama.metrics import Metrics
from engine.models.llama.model import Model
from engine.models.llama.pace import SETTLED, Pace, Reader, shares
from engine.models.llama.sampler import Sampler
from engine.models.port import Ending, Priority

log = logging.getLogger(__name__)

Post = Callable[[Sequence[tuple[Job, Item]]], None]

CLOSED = "The chat model was switched off while it answered. What you said is kept; say it again in a moment."
FORGOTTEN = "What you said was deleted while it was being answered, and the answer with it."
TOO_LITTLE = (
    "What was said does not fit into the model's memory. Raise llm.kv_tokens, or lower llm.context_tokens."
)
# Steps in a row that may break before the thread gives up: then it is not somebody's odd request.
MOST_BREAKS = 5
# Tokens of the batch that is computed once at the start, to learn what reading costs.
TRIAL = 64


@dataclass(frozen=True, slots=True)
class Part:
    """What a batch has of one job: its newest token, or a stretch of what it reads."""

    job: Job
    span: Span | None  # None: its newest token
    count: int
    row: int | None  # where its next token is chosen; None: it has more to read


class Loop:
    """Owns the context while `run` runs, which it does in a thread of its own."""

    def __init__(
        self,
        model: Model,
        context: Context,
        cache: Cache,
        metrics: Metrics,
        post: Post,
        *,
        slots: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`post` is given what a step has for whom; it must not block."""
        self._model = model
        self._context = context
        self._cache = cache
        self._metrics = metrics
        self._post = post
        self._slots = slots
        self._clock = clock
        self._commands: SimpleQueue[Command] = SimpleQueue()
        self._waiting: list[Job] = []  # in line
        self._active: list[Job] = []  # in the order in which they were let in
        self._items: list[tuple[Job, Item]] = []
        self._pace = Pace(context.batch.size)
        self._turns = 0
        self._crowded = False  # nobody is let in until somebody leaves
        self._closing = False
        self._breaks = 0
        self._door = threading.Lock()
        self._over = False  # nobody reads the commands any more

    # --- from any thread ---

    def tell(self, command: Command) -> bool:
        """Give the thread something to do; False if it has ended."""
        with self._door:
            if self._over:
                return False
            self._commands.put(command)
        if isinstance(command, Close):
            self._context.stop()
        return True

    # --- the thread ---

    def run(self) -> None:
        """Work until `Close` comes, or until every step breaks."""
        try:
            self._try_out()
            while not self._closing and self._breaks < MOST_BREAKS:
                self.step()
        finally:
            self._end_all()

    def step(self) -> None:
        """One step; it waits for a command if there is nothing to do."""
        try:
            self._work()
            self._breaks = 0
        except Exception:
            # A request must not end the thread that answers everybody.
            log.exception("A step of the chat model broke; the replies under way end, and it goes on")
            self._breaks += 1
            # The second time the cause may stand in line.
            self._start_anew([*self._active, *(self._waiting if self._breaks > 1 else ())])
        self._flush()

    def _work(self) -> None:
        self._take_commands()
        if self._closing:
            return
        self._end_overdue()
        self._admit()
        parts = self._fill()
        if not parts:
            return
        begun = self._clock()
        outcome = self._compute()
        if outcome is Outcome.FULL:
            self._make_way(parts)
        elif outcome is Outcome.ABORTED:
            self._take_back(parts)
        elif outcome is not Outcome.DONE:
            self._start_anew([part.job for part in parts])
        else:
            self._settle(parts)
            writers = sum(part.span is None for part in parts)
            read = self._context.batch.count - writers
            self._pace.took(self._clock() - begun, writers, read)

    def _take_commands(self) -> None:
        """Take what was asked for; sleep while there is nothing else to do."""
        idle = not (self._active or self._waiting)
        while not self._closing:
            try:
                self._obey(self._commands.get(block=idle))
            except Empty:
                return
            idle = False

    def _obey(self, command: Command) -> None:
        match command:
            case Submit(job):
                self._turns += 1
                self._metrics.requests += 1
                job.turn = self._turns
                insort(self._waiting, job, key=_rank)
            case Cancel(job):
                if not job.ended:
                    self._metrics.cancelled += 1
                    self._leave(job)
            case Forget(conversations, done):
                self._forget(conversations, done)
            case Orphans(parked, done):
                done(self._cache.drop_orphans(parked))
            case Close():
                self._closing = True

    def _forget(self, conversations: frozenset[str], done: Callable[[frozenset[str]], None]) -> None:
        for job in [*self._active, *self._waiting]:
            if job.order.conversation in conversations:
                self._fail(job, ModelError(FORGOTTEN))
        done(self._cache.forget(conversations))

    def _end_overdue(self) -> None:
        now = self._clock()
        for job in [*self._active, *self._waiting]:
            if now >= job.order.deadline:
                self._fail(job, DeadlineError())

    # --- who is let in ---

    def _admit(self) -> None:
        """Let in who fits, in order. Background work only comes in while no reply waits, and leaves for one."""
        restored = self._metrics.restored
        for job in self._waiting[:]:
            if self._crowded and self._active:
                break
            if (other := self._answering(job.order.conversation)) and not self._outranks(job, other):
                continue
            if job.order.priority is not Priority.REPLY and self._waiting[0].order.priority is Priority.REPLY:
                break
            if not self._let_in(job):
                break
            if self._metrics.restored != restored and any(job.next is not None for job in self._active):
                # Putting back takes a moment: one a step, so that the others' words keep coming.
                break
        self._tell_places()

    def _let_in(self, job: Job) -> bool:
        """Give a job a seat; False if there is no room."""
        while len(self._active) >= self._slots or not self._seat(job):
            if job.order.priority is not Priority.REPLY or not self._send_back():
                break
        if job.seat is None and not self._active:
            self._fail(job, ModelError(TOO_LITTLE))
        return job.seat is not None or job.ended

    def _seat(self, job: Job) -> bool:
        order, tokens = job.order, job.tokens
        room = order.most - len(job.reply)
        job.seat = self._cache.open(order.conversation, tokens, order.shared, room, order.steady)
        if job.seat is None:
            return False
        self._waiting.remove(job)
        self._active.append(job)
        if job.sampler is None:
            try:
                job.sampler = Sampler(self._model, order.sampling)
                job.sampler.remember(order.tokens)
            except ModelError as error:
                self._fail(job, error)
        return True

    def _send_back(self) -> bool:
        """Let the newest background work wait again, with what it has; False if there is none."""
        background = [job for job in self._active if job.order.priority is not Priority.REPLY]
        if not background:
            return False
        self._wait_again(background[-1])
        return True

    def _wait_again(self, job: Job) -> None:
        """Back into line, at the place it came from. What it has written is read again if it has to be."""
        self._unseat(job)
        job.next = None
        insort(self._waiting, job, key=_rank)

    def _answering(self, conversation: str) -> Job | None:
        """Who has the seat of a conversation."""
        if not conversation:
            return None
        return next((job for job in self._active if job.order.conversation == conversation), None)

    def _outranks(self, job: Job, other: Job) -> bool:
        """Whether a job takes another one's seat: a reply takes it from background work."""
        if job.order.priority >= other.order.priority:
            return False
        self._wait_again(other)
        return True

    def _tell_places(self) -> None:
        for number, job in enumerate(self._waiting, 1):
            self._tell_place(job, number)
        for job in self._active:
            self._tell_place(job, 0)

    def _tell_place(self, job: Job, number: int) -> None:
        if job.place != number:
            job.place = number
            self._items.append((job, Place(number)))

    # --- one batch ---

    def _fill(self) -> list[Part]:
        """Everybody's next token, and as much of what is to be read as the pace allows."""
        batch = self._context.batch
        batch.clear()
        parts = []
        for job in self._active:
            if job.seat and job.next is not None:
                row = batch.next(job.next, job.seat.seq, job.seat.length)
                parts.append(Part(job, None, 1, row))
        writers = batch.count
        settled = any(job.next is not None and len(job.reply) >= SETTLED for job in self._active)
        reading = [(job, span) for job in self._active if (span := self._to_read(job))]
        readers = [
            Reader(len(span.tokens), job.read + job.seat.prompt - job.seat.length)
            for job, span in reading
            if job.seat
        ]
        budget = self._pace.budget(readers, writers, settled=settled)
        left = min(budget.tokens, batch.room)
        for priority in Priority:
            of_these = [(job, span) for job, span in reading if job.order.priority is priority]
            stretches = self._read(of_these, left, budget.steady)
            left -= sum(part.count for part in stretches)
            parts += stretches
        return parts

    def _to_read(self, job: Job) -> Span | None:
        """What a job is to read next."""
        return self._cache.span(job.seat) if job.next is None and job.seat else None

    def _read(self, reading: Sequence[tuple[Job, Span]], budget: int, steady: int) -> list[Part]:
        """Stretches of what these jobs are to read."""
        counts = shares([len(span.tokens) for _, span in reading], max(budget, 0), steady)
        return [
            self._stretch(job, span, count)
            for (job, span), count in zip(reading, counts, strict=True)
            if count
        ]

    def _stretch(self, job: Job, span: Span, count: int) -> Part:
        last = span.last and count == len(span.tokens)
        row = self._context.batch.add(span.tokens[:count], span.seq, span.start, wanted=last)
        return Part(job, span, count, row if last else None)

    def _compute(self) -> Outcome:
        """Compute the batch, at the cost of those who rest if there is no room."""
        self._cache.make_room(self._context.batch.count)
        # One a step while somebody is written to; before that all, so that what is read goes to where they were.
        writing = any(job.next is not None for job in self._active)
        while self._cache.tidy() and not writing:
            pass
        while (outcome := self._context.decode()) is Outcome.FULL and self._cache.give_way():
            pass
        return outcome

    def _settle(self, parts: Sequence[Part]) -> None:
        """Note what is in the context now, and choose the next tokens."""
        for part in parts:
            if part.job.seat is None:
                continue
            if part.span is None and part.job.next is not None:
                self._cache.wrote(part.job.seat, part.job.next)
            elif part.span is not None:
                self._cache.took(part.job.seat, part.span, part.count)
                part.job.read += part.count
                self._metrics.read += part.count
        for part in parts:
            if part.row is not None:
                self._choose(part.job, part.row)

    def _choose(self, job: Job, row: int) -> None:
        """The next token of a reply, and what can be shown of it."""
        if job.sampler is None:
            return
        try:
            token = job.sampler.choose(self._context, row)
        except ModelError as error:
            self._fail(job, error)
            return
        if not job.first:
            job.first = self._clock()
            job.kept = max(len(job.order.tokens) - job.read, 0)
        if self._model.is_end(token):
            job.next = None
            self._finish(job, Ending.STOP)
            return
        job.next = token
        job.reply.append(token)
        self._metrics.written += 1
        self._show(job, job.words.feed(self._model.piece(token)))
        if job.words.stopped:
            self._finish(job, Ending.STOP)
        elif len(job.reply) >= job.order.most:
            self._finish(job, Ending.LENGTH)

    def _show(self, job: Job, text: str) -> None:
        if text:
            self._items.append((job, text))

    # --- what goes wrong ---

    def _make_way(self, parts: Sequence[Part]) -> None:
        """There is no room, and nobody rests: the newest waits until somebody leaves. Nothing of theirs is lost."""
        newest = max((part.job for part in parts), key=_rank)
        if len(self._active) == 1:
            self._fail(newest, ModelError(TOO_LITTLE))
            return
        self._wait_again(newest)
        self._crowded = True

    def _take_back(self, parts: Sequence[Part]) -> None:
        """Closing has stopped the batch: its tokens are out of the context again, where that can be."""
        for part in parts:
            if part.job.seat and not self._model.abilities.cuttable:
                self._cache.close(part.job.seat, keep=False)
                part.job.seat = None

    def _start_anew(self, jobs: Sequence[Job]) -> None:
        """The context failed over these jobs: they end; the others wait again, and what they had is read anew."""
        log.error("llama.cpp could not compute a step; %d replies end", len(jobs))
        for job in jobs:
            self._fail(job, ModelError())
        for job in self._active[:]:
            self._wait_again(job)
        self._cache.reset()

    # --- how a job ends ---

    def _finish(self, job: Job, ending: Ending) -> None:
        self._show(job, job.words.close())
        finish = job.finish(ending, self._clock())
        self._metrics.note(finish)
        self._end(job, finish)

    def _fail(self, job: Job, error: ModelError) -> None:
        if not job.ended:
            self._metrics.failed += 1
            self._end(job, error)

    def _end(self, job: Job, item: Item) -> None:
        self._leave(job)
        self._items.append((job, item))

    def _leave(self, job: Job) -> None:
        """Take a job out, wherever it stands. What was read for it stays for its conversation's next one."""
        job.ended = True
        if job in self._waiting:
            self._waiting.remove(job)
        self._unseat(job)
        if job.sampler:
            job.sampler.close()
            job.sampler = None

    def _unseat(self, job: Job) -> None:
        if job in self._active:
            self._active.remove(job)
            self._crowded = False
        if job.seat:
            self._cache.close(job.seat)
            job.seat = None

    def _flush(self) -> None:
        """Give the event loop what the step had for everybody, all at once."""
        if self._items:
            items, self._items = self._items, []
            self._post(items)

    def _end_all(self) -> None:
        """The last thing: everybody is told, and what was read is parked."""
        for job in [*self._active, *self._waiting]:
            self._fail(job, DownError(CLOSED))
        with self._door:
            self._over = True
        self._refuse_the_rest()
        self._flush()
        self._cache.park_all()

    def _refuse_the_rest(self) -> None:
        """Answer what was asked for after the end."""
        while True:
            try:
                command = self._commands.get_nowait()
            except Empty:
                return
            if isinstance(command, Submit):
                self._fail(command.job, DownError(CLOSED))
            elif isinstance(command, Forget | Orphans):
                self._obey(command)

    def _try_out(self) -> None:
        """Learn what writing and reading cost here. The first time only brings the weights in from the disk."""
        self._try(1)
        self._pace.took(self._try(1), writers=1, read=0)
        count = min(TRIAL, self._context.batch.size)
        self._pace.took(self._try(count), writers=0, read=count)

    def _try(self, count: int) -> float:
        """Seconds that a batch of so many tokens takes."""
        batch = self._context.batch
        batch.clear()
        batch.add(np.zeros(count, np.int32), 0, 0, wanted=True)
        begun = self._clock()
        self._context.decode()
        self._context.clear()
        return self._clock() - begun


def _rank(job: Job) -> tuple[int, int]:
    return job.rank
