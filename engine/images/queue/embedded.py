"""The job queue on the store's own tables: for one machine, with nothing to install.

The bot enqueues and listens; a worker process claims (`engine/images/worker.py`). Both have this class, each
on its own connection. Nobody polls fast: `supervisor.py` carries the doorbell both ways, and a slow look at
the table is only the safety net for what other processes on the same data directory do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta

from engine.config import ImagesConfig
from engine.errors import QuotaError
from engine.store.jobs import Jobs, Line, Load
from engine.types import Clock, Job, JobClass, JobStatus, NewJob, Ticket

# Priority of a class of jobs; far apart, so that a person's outstanding jobs (at most 100) never cross over.
_BASE = {JobClass.PREVIEW: 0, JobClass.INTERACTIVE: 1000, JobClass.BACKGROUND: 2000}
# Seconds between two looks at the table while jobs are under way, and while there are none.
LOOK_WAITING = 2.0
LOOK_IDLE = 3600.0
# From this share on, progress itself tells the time left better than earlier jobs do.
_TELLING = 0.15

_GIVEN_UP = "The picture did not come out after {} tries. You can ask for it again."


class Updates:
    """What `updates` gives: an iterator that is already listening when it is made, and ends when closed."""

    def __init__(self, close: Callable[[Updates], None]) -> None:
        self._jobs: asyncio.Queue[Job | None] = asyncio.Queue()
        self._close = close

    def put(self, job: Job) -> None:
        """Hand over a change."""
        self._jobs.put_nowait(job)

    def __aiter__(self) -> Updates:
        return self

    async def __anext__(self) -> Job:
        job = await self._jobs.get()
        if job is None:
            raise StopAsyncIteration
        return job

    async def aclose(self) -> None:
        """Stop listening."""
        self._close(self)
        self._jobs.put_nowait(None)


class EmbeddedQueue:
    """The `JobQueue` port on SQLite."""

    def __init__(self, jobs: Jobs, clock: Clock, config: ImagesConfig | None = None) -> None:
        self._jobs, self._clock, self._config = jobs, clock, config or ImagesConfig()
        self._lease = timedelta(seconds=self._config.lease_seconds)
        self._doorbells: list[Callable[[], None]] = []
        self._listeners: list[Updates] = []
        self._seen: int | None = None  # the number of the latest change that was looked at
        self._looking = asyncio.Lock()
        self._news = asyncio.Event()

    # ------------------------------------------------------------ the bot's side

    async def enqueue(self, new: NewJob) -> Job:
        """Store a job and ring the doorbell; a known idempotency key gives its job. Raises QuotaError."""
        await self._start_listening()
        job, fresh = await self._jobs.add(new, lambda load: self._rank(new, load))
        if fresh:
            self._ring()
            await self._tell()
        return job

    async def get(self, job_id: str) -> Job:
        """The job as it is now. Raises NotFoundError."""
        return await self._jobs.get(job_id)

    async def ticket(self, job_id: str) -> Ticket:
        """Place in line and time left. Raises NotFoundError."""
        job = await self._jobs.get(job_id)
        if job.status.final:
            return Ticket(job, 0, 0.0)
        line = await self._jobs.line(job)
        if job.status is JobStatus.RUNNING:
            return Ticket(job, 0, self._rest(job, line.duration))
        return Ticket(job, line.ahead + 1, self._wait(line))

    async def cancel(self, job_id: str, person_id: str) -> Job:
        """Cancel a queued job at once, ask a running one to stop; a finished one stays as it is."""
        await self._start_listening()
        job = await self._jobs.cancel(job_id, person_id)
        self._ring()
        await self._tell()
        return job

    def updates(self) -> Updates:
        """Every change of every job from this call on."""
        listener = Updates(self._listeners.remove)
        self._listeners.append(listener)
        return listener

    async def outstanding(self, person_id: str) -> Sequence[Job]:
        """The person's queued and running jobs, oldest first."""
        return await self._jobs.outstanding(person_id)

    async def undelivered(self, surface: str) -> Sequence[Job]:
        """Final jobs of a surface that nobody was told of yet (after a restart), oldest first."""
        return await self._jobs.undelivered(surface)

    async def mark_delivered(self, job_id: str) -> bool:
        """Record that the person has been told. True for the first caller only."""
        return await self._jobs.mark_delivered(job_id)

    # ------------------------------------------------------------ the worker's side

    async def claim(self, worker: str) -> Job | None:
        """Take the next job under a lease, or None; one whose lease ran out is taken again, and counted."""
        await self._start_listening()
        attempts = self._config.attempts
        await self._jobs.bury(attempts, _GIVEN_UP.format(attempts))
        job = await self._jobs.claim(worker, self._lease, attempts)
        await self._tell()
        return job

    async def head(self, limit: int) -> Sequence[Job]:
        """The queued jobs that come next, to see which of them go together."""
        return await self._jobs.head(limit)

    async def claim_these(self, worker: str, jobs: Sequence[Job]) -> Sequence[Job]:
        """Take those of these jobs that are still queued, each under a lease of its own."""
        await self._start_listening()
        claimed = await self._jobs.claim_these(worker, self._lease, [job.id for job in jobs])
        await self._tell()
        return claimed

    async def heartbeat(self, job: Job, progress: float, stage: str) -> bool:
        """Prolong the lease and record progress. Returns whether to go on. Raises LostLeaseError."""
        await self._start_listening()
        now = await self._jobs.beat(job, progress, stage, self._lease)
        await self._tell()
        return not now.cancel_requested

    async def finish(self, job: Job, media_id: str) -> None:
        """Record success. Raises LostLeaseError if the fence is stale."""
        await self._start_listening()
        await self._jobs.finish(job, media_id)
        await self._tell()

    async def fail(self, job: Job, sentence: str, *, retry: bool) -> None:
        """Record a failure; with `retry` the job is queued again until its attempts are used up."""
        await self._start_listening()
        await self._jobs.fail(job, sentence, self._config.attempts if retry else 0)
        self._ring()
        await self._tell()

    async def cancelled(self, job: Job) -> None:
        """Record that a running job stopped because it was asked to. Raises LostLeaseError."""
        await self._start_listening()
        await self._jobs.cancelled(job)
        await self._tell()

    async def release(self, worker: str, *, forgive: bool = False) -> None:
        """Give back what a worker held that is gone. `forgive`: not the job's fault, so not counted."""
        if await self._jobs.release(worker, forgive=forgive):
            self._ring()

    async def waiting(self) -> bool:
        """Whether any job is queued or running, for whomever."""
        return await self._jobs.waiting()

    # ------------------------------------------------------------ doorbells

    def on_ring(self, doorbell: Callable[[], None]) -> None:
        """Call this whenever there may be something to claim or to cancel."""
        self._doorbells.append(doorbell)

    def wake(self) -> None:
        """Say that another process changed jobs: `watch` looks at once."""
        self._news.set()

    async def watch(self) -> None:
        """Tell listeners what other processes do. Runs until cancelled."""
        while True:
            self._news.clear()
            await self._start_listening()
            await self._tell()
            patience = LOOK_WAITING if await self._jobs.waiting() else LOOK_IDLE
            with suppress(TimeoutError):
                # `wait_for` of Python 3.11 loses a cancellation that comes together with what it waits for.
                async with asyncio.timeout(patience):
                    await self._news.wait()

    def _ring(self) -> None:
        self._news.set()  # `watch` looks more often while jobs are under way
        for doorbell in self._doorbells:
            doorbell()

    async def _start_listening(self) -> None:
        if self._seen is None:
            self._seen = await self._jobs.latest_change()

    async def _tell(self) -> None:
        """Hand every change since the last one to all listeners, in the order in which they happened."""
        # Also while nobody listens: who begins to must not miss what happens before the first look after that.
        async with self._looking:
            await self._start_listening()
            changed, self._seen = await self._jobs.changed_since(self._seen or 0)
            for job in changed:
                for listener in self._listeners:
                    listener.put(job)

    # ------------------------------------------------------------ turns and time

    def _rank(self, new: NewJob, load: Load) -> int:
        """Fair turns: who has less under way comes first, so that one person's burst starves nobody."""
        if new.job_class is JobClass.PREVIEW:
            return _BASE[new.job_class]
        most, per_hour = self._config.max_outstanding, self._config.per_hour
        if load.outstanding >= most:
            raise QuotaError(
                f"You have {load.outstanding} pictures under way, and {most} is the most at a time. "
                "Wait for one to finish, or cancel one."
            )
        if load.last_hour >= per_hour:
            raise QuotaError(
                f"You asked for {load.last_hour} pictures in the last hour, and {per_hour} is the most. "
                "Please wait a little."
            )
        return _BASE[new.job_class] + load.outstanding

    def _wait(self, line: Line) -> float | None:
        """Seconds until a queued job is done: those being made, those ahead, and itself."""
        if line.duration is None:
            return None
        rests = [self._rest(job, line.duration) or 0.0 for job in line.running]
        return max(rests, default=0.0) + (line.ahead + 1) * line.duration

    def _rest(self, job: Job, duration: float | None) -> float | None:
        """Seconds until a running job is done."""
        taken = (self._clock() - job.started_at).total_seconds() if job.started_at else 0.0
        if job.progress >= _TELLING and taken > 0:
            return taken * (1 - job.progress) / job.progress
        return None if duration is None else max(duration - taken, 0.0)
