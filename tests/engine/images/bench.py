"""A store, its queue and its real worker processes, on pipelines of `queue/pipelines.py`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from characters.character import Persona
from engine.config import ImagesConfig
from engine.images.job import PICTURE, to_json
from engine.images.queue.embedded import EmbeddedQueue
from engine.images.queue.supervisor import WorkerPlan, Workers, WorkerSupervisor
from engine.store.store import Store
from engine.types import Job, JobStatus, Media, NewJob, PictureJob, PicturePurpose, Shot
from tests.engine.images.queue.pipelines import NAMES

# Seconds; shorter than the settings allow, so that hangs are noticed within a test.
CONFIG = ImagesConfig().model_copy(update={"pipeline": "quick", "watchdog_seconds": 3, "lease_seconds": 60})


def now() -> datetime:
    return datetime.now(UTC)


def picture(pipeline: str, *, seed: int = 5, width: int = 1, request: str = "") -> PictureJob:
    shot = Shot(request=request)
    return PictureJob(PicturePurpose.SELFIE, Persona("Maya"), shot, seed, width, 1, pipeline)


class Bench:
    """Asks for pictures and waits for what comes of them."""

    def __init__(
        self, store: Store, queue: EmbeddedQueue, supervisors: Sequence[WorkerSupervisor], person: str
    ) -> None:
        self.store, self.queue, self.person = store, queue, person
        self.supervisors, self.supervisor = supervisors, supervisors[0]

    async def ask(self, asked: PictureJob | str) -> Job:
        payload = asked if isinstance(asked, str) else to_json(asked)
        return await self.queue.enqueue(NewJob(PICTURE, self.person, payload, surface="t"))

    async def until(self, job: Job, *wanted: JobStatus, stage: str = "") -> Job:
        """The job once it is as wanted."""
        updates = self.queue.updates()
        seen = await self.queue.get(job.id)
        while not (seen.status in wanted and (not stage or seen.stage == stage)):
            seen = await anext(updates)
            seen = seen if seen.id == job.id else await self.queue.get(job.id)
        return seen

    async def end(self, job: Job) -> Job:
        return await self.until(job, JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED)

    async def ended(self, jobs: Sequence[Job], *, within: float = 60) -> list[Job]:
        """All of them, once they have ended."""
        async with asyncio.timeout(within):
            return [await self.end(job) for job in jobs]

    async def media(self, job: Job) -> Media:
        assert job.media_id, job.error
        return await self.store.media.get(job.media_id)

    async def pictures(self) -> int:
        return len(await self.store.media.gallery(self.person, None, 100))


@asynccontextmanager
async def open_bench(
    data: Path,
    config: ImagesConfig = CONFIG,
    *,
    families: Mapping[str, str] | None = None,
    devices: Sequence[str] = ("cpu",),
    patience: float = 60,
) -> AsyncIterator[Bench]:
    """A bench whose workers run."""
    store = await Store.open(data, clock=now, synchronous="NORMAL")
    queue = EmbeddedQueue(store.jobs, now, config)
    plan = WorkerPlan(data, config, "NORMAL", NAMES, families=families or {})
    workers = Workers(queue, plan, devices)
    person = (await store.people.ensure("t", "1", "Ann")).id
    running = asyncio.create_task(workers.run())
    try:
        async with asyncio.timeout(patience):
            for supervisor in workers.each:
                await supervisor.ready.wait()
        yield Bench(store, queue, workers.each, person)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await store.close()
