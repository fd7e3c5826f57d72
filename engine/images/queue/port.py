"""The port of the job queue: one contract suite (tests/contract/) that every engine behind it passes.

`engine/selfie.py` enqueues, `engine/images/worker.py` claims, `bot/delivery.py` delivers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from engine.types import Job, NewJob, Ticket


class Updates(Protocol):
    """An iterator over changes that is listening from the moment it is made; whoever made it closes it."""

    def __aiter__(self) -> AsyncIterator[Job]:
        """Itself."""

    async def __anext__(self) -> Job:
        """The next change."""

    async def aclose(self) -> None:
        """Stop listening."""


class JobQueue(Protocol):
    """A durable queue with fair turns, leases and fencing tokens."""

    async def enqueue(self, new: NewJob) -> Job:
        """Store a job and ring the doorbell. The same idempotency key gives the job that exists. Raises QuotaError."""

    async def get(self, job_id: str) -> Job:
        """The job as it is now. Raises NotFoundError."""

    async def ticket(self, job_id: str) -> Ticket:
        """Place in line and time left. Raises NotFoundError."""

    async def cancel(self, job_id: str, person_id: str) -> Job:
        """Cancel a queued job at once, ask a running one to stop; a finished one stays as it is."""

    def updates(self) -> Updates:
        """Every change of every job from this call on (progress at most about 4 a second per job)."""

    async def outstanding(self, person_id: str) -> Sequence[Job]:
        """The person's queued and running jobs, oldest first."""

    async def undelivered(self, surface: str) -> Sequence[Job]:
        """Final jobs of a surface that nobody was told of yet (after a restart), oldest first."""

    async def mark_delivered(self, job_id: str) -> bool:
        """Record that the person has been told. True for the first caller only."""

    async def claim(self, worker: str) -> Job | None:
        """Take the next job under a lease, or None. A job whose lease ran out is taken again, once more counted."""

    async def head(self, limit: int) -> Sequence[Job]:
        """The queued jobs that come next, to see which of them go together."""

    async def claim_these(self, worker: str, jobs: Sequence[Job]) -> Sequence[Job]:
        """Take those of these jobs that are still queued, each under a lease of its own."""

    async def heartbeat(self, job: Job, progress: float, stage: str) -> bool:
        """Prolong the lease and record progress. Returns whether to go on (False: cancel was asked). Raises LostLeaseError."""

    async def finish(self, job: Job, media_id: str) -> None:
        """Record success. Raises LostLeaseError if the fence is stale."""

    async def fail(self, job: Job, sentence: str, *, retry: bool) -> None:
        """Record a failure; with `retry` the job is queued again until its attempts are used up. Raises LostLeaseError."""

    async def cancelled(self, job: Job) -> None:
        """Record that a running job stopped because it was asked to. Raises LostLeaseError."""
