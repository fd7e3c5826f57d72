"""The statements under the job queue: `store.jobs`. engine/images/queue/embedded.py decides, this remembers.

Every write of a worker carries the fence of its claim, and does nothing if the job was claimed again since.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Update,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.errors import LostLeaseError, NotFoundError
from engine.store.db import Database, uninterrupted
from engine.store.ids import new_id
from engine.store.survivors import survivor
from engine.store.tables import Instant, conversations, drafts, jobs
from engine.types import Clock, Job, JobClass, JobStatus, NewJob

_FIELDS = [jobs.c[name] for name in Job.__dataclass_fields__]
_JOB = select(*_FIELDS)
_WAITING = (JobStatus.QUEUED, JobStatus.RUNNING)
_BY_ID = _JOB.where(jobs.c.id == bindparam("id"))
_IN_LINE = (jobs.c.priority, jobs.c.created_at, jobs.c.seq)
# Written out, because SQLite uses a partial index only where a query says its very condition.
_QUEUED: ColumnElement[bool] = jobs.c.status == literal_column("'queued'")
_RUNNING: ColumnElement[bool] = jobs.c.status == literal_column("'running'")
_UNTOLD: ColumnElement[bool] = jobs.c.delivered_at.is_(None) & jobs.c.finished_at.is_not(None)
# Finished jobs of a kind whose durations tell how long the next one takes.
RECENT = 20


@dataclass(frozen=True, slots=True)
class Load:
    """What a person has asked for: jobs under way, and jobs of the last hour."""

    outstanding: int
    last_hour: int


@dataclass(frozen=True, slots=True)
class Line:
    """What is ahead of a queued job, and how long recent jobs took (seconds; None: nothing is known)."""

    ahead: int
    running: Sequence[Job]
    duration: float | None


@uninterrupted(
    "get", "line", "head", "outstanding", "undelivered", "waiting", "latest_change", "changed_since"
)
class Jobs:
    """The jobs of the store."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    async def add(self, new: NewJob, rank: Callable[[Load], int]) -> tuple[Job, bool]:
        """Store a job with the priority that `rank` gives, or raises. Also whether it is new (by its key)."""
        async with self._db.write() as db:
            if new.idempotency_key is not None and (row := await _by_key(db, new)):
                return _job(row), False
            new = replace(new, person_id=await survivor(db, new.person_id))
            values = _columns(new, rank(await self._load(db, new.person_id)), self._clock())
            added = insert(jobs).values(**values, changed=self._change(), brought_by=_origin(new.payload))
            added = added.returning(*_FIELDS)
            return _one((await db.execute(added)).fetchall()), True

    async def get(self, job_id: str) -> Job:
        """The job. Raises NotFoundError."""
        async with self._db.read() as db:
            return _one((await db.execute(_BY_ID, {"id": job_id})).fetchall())

    async def line(self, job: Job) -> Line:
        """The line before a job."""
        async with self._db.snapshot() as db:
            running = (await db.execute(_JOB.where(_RUNNING))).fetchall()
            place = select(*_IN_LINE).where(jobs.c.id == job.id)
            ahead = select(func.count()).where(_QUEUED, tuple_(*_IN_LINE) < place.scalar_subquery())
            return Line(
                ahead=await db.scalar(ahead) or 0,
                running=[_job(row) for row in running],
                duration=await _typical(db, job.kind),
            )

    async def outstanding(self, person_id: str) -> Sequence[Job]:
        """The person's queued and running jobs, oldest first."""
        wanted = _JOB.where(jobs.c.person_id == person_id, jobs.c.status.in_(_WAITING))
        return await self._list(wanted.order_by(jobs.c.seq))

    async def undelivered(self, surface: str) -> Sequence[Job]:
        """Final jobs of a surface that nobody was told of, oldest first."""
        return await self._list(_JOB.where(_UNTOLD, jobs.c.surface == surface).order_by(jobs.c.seq))

    async def waiting(self) -> bool:
        """Whether any job is queued or running."""
        async with self._db.read() as db:
            return bool(
                await db.scalar(select(or_(*(select(1).where(it).exists() for it in (_QUEUED, _RUNNING)))))
            )

    async def latest_change(self) -> int:
        """The number of the latest change of any job."""
        async with self._db.read() as db:
            return await db.scalar(select(func.max(jobs.c.changed))) or 0

    async def changed_since(self, number: int) -> tuple[Sequence[Job], int]:
        """The jobs that changed after the change of that number, in order, and the number of the latest."""
        wanted: Any = select(*_FIELDS, jobs.c.changed).where(jobs.c.changed > number).order_by(jobs.c.changed)
        async with self._db.read() as db:
            rows = (await db.execute(wanted)).fetchall()
        return [_job(row) for row in rows], (rows[-1].changed if rows else number)

    async def claim(self, worker: str, lease: timedelta, attempts: int) -> Job | None:
        """Give the next job to a worker: a queued one, or one with attempts left whose lease ran out."""
        now = self._clock()
        async with self._db.step() as db:
            claimed = update(jobs).where(jobs.c.seq == _next(now, attempts))
            claimed = claimed.values(**self._claimed(worker, now, lease)).returning(*_FIELDS)
            rows = (await db.execute(claimed)).fetchall()
        return _one(rows) if rows else None

    async def head(self, limit: int) -> Sequence[Job]:
        """The queued jobs that come next."""
        return await self._list(_JOB.where(_QUEUED).order_by(*_IN_LINE).limit(limit))

    async def claim_these(self, worker: str, lease: timedelta, job_ids: Sequence[str]) -> Sequence[Job]:
        """Give those of these jobs to a worker that are still queued."""
        claimed = update(jobs).where(_QUEUED, jobs.c.id.in_(job_ids))
        claimed = claimed.values(**self._claimed(worker, self._clock(), lease)).returning(*_FIELDS)
        async with self._db.step() as db:
            return [_job(row) for row in (await db.execute(claimed)).fetchall()]

    async def bury(self, attempts: int, sentence: str) -> Sequence[Job]:
        """End jobs that will not run again: the worker is gone, and they were cancelled or tried enough."""
        now = self._clock()
        lost = jobs.c.lease_until <= now, or_(jobs.c.cancel_requested, jobs.c.attempts >= attempts)
        async with self._db.read() as db:
            if not await db.scalar(select(1).where(_RUNNING, *lost).limit(1)):
                return ()
        ended = update(jobs).where(_RUNNING, *lost)
        ended = ended.values(
            status=case((jobs.c.cancel_requested, JobStatus.CANCELLED), else_=JobStatus.FAILED),
            error=case((jobs.c.cancel_requested, ""), else_=sentence),
            finished_at=now,
            lease_until=None,
            changed=self._change(),
        )
        async with self._db.step() as db:
            return [_job(row) for row in (await db.execute(ended.returning(*_FIELDS))).fetchall()]

    async def release(self, worker: str, *, forgive: bool) -> int:
        """End the leases of a worker that is gone, so that what it held runs again at once."""
        ended = update(jobs).where(_RUNNING, jobs.c.worker == worker, jobs.c.lease_until > self._clock())
        ended = ended.values(lease_until=self._clock(), attempts=jobs.c.attempts - int(forgive))
        return await self._count(ended)

    async def beat(self, job: Job, progress: float, stage: str, lease: timedelta) -> Job:
        """Prolong a lease and record progress. Raises LostLeaseError."""
        until = self._clock() + lease
        return await self._held(job, progress=progress, stage=stage, lease_until=until)

    async def finish(self, job: Job, media_id: str) -> Job:
        """Record success. Raises LostLeaseError."""
        return await self._held(job, **self._done(media_id))

    async def finish_in(self, db: AsyncConnection, job: Job, media_id: str) -> Job:
        """Record success within a write transaction. Raises LostLeaseError."""
        return await self._write_held(db, job, self._done(media_id))

    async def fail(self, job: Job, sentence: str, attempts: int) -> Job:
        """Record a failure; queue again while attempts are left, unless cancelled. Raises LostLeaseError."""
        now = self._clock()
        again = jobs.c.attempts < attempts
        return await self._held(
            job,
            status=case(
                (jobs.c.cancel_requested, JobStatus.CANCELLED),
                (again, JobStatus.QUEUED),
                else_=JobStatus.FAILED,
            ),
            error=case((or_(jobs.c.cancel_requested, again), ""), else_=sentence),
            finished_at=case((jobs.c.cancel_requested | ~again, literal(now, Instant())), else_=None),
            progress=0.0,
            stage="",
            lease_until=None,
        )

    async def cancelled(self, job: Job) -> Job:
        """Record that a running job stopped. Raises LostLeaseError."""
        return await self._held(
            job, status=JobStatus.CANCELLED, finished_at=self._clock(), stage="", lease_until=None
        )

    async def cancel(self, job_id: str, person_id: str) -> Job:
        """End a queued job, ask a running one to stop, leave a final one. Raises NotFoundError."""
        mine = jobs.c.id == job_id, jobs.c.person_id == person_id
        queued = jobs.c.status == JobStatus.QUEUED
        asked = update(jobs).where(*mine, jobs.c.status.in_(_WAITING))
        asked = asked.values(
            status=case((queued, JobStatus.CANCELLED), else_=jobs.c.status),
            finished_at=case((queued, literal(self._clock(), Instant())), else_=None),
            cancel_requested=True,
            changed=self._change(),
        )
        async with self._db.step() as db:
            rows = (await db.execute(asked.returning(*_FIELDS))).fetchall()
            return _one(rows or (await db.execute(_JOB.where(*mine))).fetchall())

    async def mark_delivered(self, job_id: str) -> bool:
        """Record that the person has been told how a job ended. True for the first caller only."""
        told = update(jobs).where(_UNTOLD, jobs.c.id == job_id).values(delivered_at=self._clock())
        return await self._count(told) > 0

    async def prune(self, before: datetime) -> int:
        """Remove the records of jobs that ended before."""
        async with self._db.step() as db:
            return int((await db.execute(delete(jobs).where(jobs.c.finished_at < before))).rowcount)

    def _claimed(self, worker: str, now: datetime, lease: timedelta) -> dict[str, Any]:
        return {
            "status": JobStatus.RUNNING,
            "attempts": jobs.c.attempts + 1,
            "fence": jobs.c.fence + 1,
            "worker": worker,
            "lease_until": now + lease,
            "started_at": func.max(jobs.c.created_at, literal(now, Instant())),
            "progress": 0.0,
            "stage": "",
            "changed": self._change(),
        }

    def _change(self) -> ColumnElement[int]:
        """The next number of a change. The clock keeps it growing also after the latest job was removed."""
        now = literal(self._clock(), Instant())
        every = jobs.alias()
        return func.max(func.coalesce(select(func.max(every.c.changed)).scalar_subquery(), 0) + 1, now)

    async def _load(self, db: AsyncConnection, person_id: str) -> Load:
        # Live portraits follow the typing of a form; they are not what quotas are for.
        mine = (jobs.c.person_id == person_id) & (jobs.c.job_class != JobClass.PREVIEW)
        hour_ago = self._clock() - timedelta(hours=1)
        waiting = select(func.count()).where(mine, jobs.c.status.in_(_WAITING)).scalar_subquery()
        recent = select(func.count()).where(mine, jobs.c.created_at > hour_ago).scalar_subquery()
        return Load(*(await db.execute(select(waiting, recent))).one())

    def _done(self, media_id: str) -> dict[str, Any]:
        return {
            "status": JobStatus.DONE,
            "media_id": media_id,
            "progress": 1.0,
            "stage": "",
            "finished_at": self._clock(),
            "lease_until": None,
        }

    async def _held(self, job: Job, **values: Any) -> Job:
        async with self._db.step() as db:
            return await self._write_held(db, job, values)

    async def _write_held(self, db: AsyncConnection, job: Job, values: dict[str, Any]) -> Job:
        held = update(jobs).where(
            jobs.c.id == job.id, jobs.c.fence == job.fence, jobs.c.status == JobStatus.RUNNING
        )
        held = held.values(**values, changed=self._change()).returning(*_FIELDS)
        row = (await db.execute(held)).one_or_none()
        if row is None:
            raise LostLeaseError
        return _job(row)

    async def _list(self, statement: Any) -> Sequence[Job]:
        async with self._db.read() as db:
            return [_job(row) for row in (await db.execute(statement)).fetchall()]

    async def _count(self, statement: Update) -> int:
        async with self._db.step() as db:
            return int((await db.execute(statement)).rowcount)


def _next(now: datetime, attempts: int) -> ColumnElement[int]:
    """The first job in line; each part of the union is one step on an index."""
    lost = jobs.c.lease_until <= now, jobs.c.attempts < attempts, ~jobs.c.cancel_requested
    parts = [
        select(select(*_IN_LINE).where(*where).order_by(*_IN_LINE).limit(1).subquery())
        for where in ((_QUEUED,), (_RUNNING, *lost))
    ]
    first = union_all(*parts).subquery()
    line = (first.c.priority, first.c.created_at, first.c.seq)
    return select(first.c.seq).order_by(*line).limit(1).scalar_subquery()


def _origin(payload: str) -> ColumnElement[str | None]:
    """From whom the conversation or the draft came that a job is for: its picture goes back there."""
    said = select(conversations.c.brought_by).where(conversations.c.id == _named(payload, "conversation_id"))
    drafted = select(drafts.c.brought_by).where(drafts.c.id == _named(payload, "draft_id"))
    return func.coalesce(said.scalar_subquery(), drafted.scalar_subquery())


def _named(payload: str, name: str) -> ColumnElement[str | None]:
    return case((func.json_valid(payload), func.json_extract(payload, f"$.{name}")), else_=None)


async def _by_key(db: AsyncConnection, new: NewJob) -> Row[Any] | None:
    known = _JOB.where(jobs.c.person_id == new.person_id, jobs.c.idempotency_key == new.idempotency_key)
    return (await db.execute(known)).one_or_none()


async def _typical(db: AsyncConnection, kind: str) -> float | None:
    """The median of recent durations, in seconds: one picture that was slow does not count."""
    took = jobs.c.finished_at - jobs.c.started_at
    done = select(took).where(
        jobs.c.finished_at.is_not(None), jobs.c.status == JobStatus.DONE, jobs.c.kind == kind
    )
    rows = (await db.execute(done.order_by(jobs.c.finished_at.desc()).limit(RECENT))).fetchall()
    durations = sorted(row[0] for row in rows)
    return durations[len(durations) // 2] / 1e6 if durations else None


def _columns(new: NewJob, priority: int, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": new.kind,
        "person_id": new.person_id,
        "payload": new.payload,
        "job_class": new.job_class,
        "origin": new.origin,
        "surface": new.surface,
        "idempotency_key": new.idempotency_key,
        "status": JobStatus.QUEUED,
        "priority": priority,
        "created_at": now,
    }


def _one(rows: Sequence[Row[Any]]) -> Job:
    if not rows:
        raise NotFoundError
    return _job(rows[0])


def _job(row: Row[Any]) -> Job:
    values = {field.name: row._mapping[field] for field in _FIELDS}
    values["progress"] = float(values["progress"])  # RETURNING gives 0 for 0.0
    values["job_class"] = JobClass(values["job_class"])
    values["status"] = JobStatus(values["status"])
    return Job(**values)
