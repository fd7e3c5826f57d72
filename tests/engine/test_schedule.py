"""engine/schedule.py: what a night removes, and what it leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.config import ImagesConfig
from engine.images.queue.embedded import EmbeddedQueue
from engine.schedule import Schedule
from engine.store.store import Store
from engine.types import Media, NewJob, PicturePurpose, Shot


async def test_a_night_removes_old_previews_and_records_and_nothing_else(tmp_path: Path) -> None:
    now = [datetime(2026, 11, 1, tzinfo=UTC)]
    store = await Store.open(tmp_path, clock=lambda: now[0], synchronous="NORMAL")
    person = (await store.people.ensure("test", "ana", "Ana")).id
    queue = EmbeddedQueue(store.jobs, lambda: now[0])

    async def put(purpose: PicturePurpose, content: bytes) -> Media:
        return await store.media.put(
            content, mime="image/png", width=1, height=1, person_id=person, character_id=None, purpose=purpose,
            seed=1, pipeline="illustrator", shot=Shot(), caption="",
        )  # fmt: skip

    preview, selfie = (
        await put(PicturePurpose.PREVIEW, b"preview"),
        await put(PicturePurpose.SELFIE, b"selfie"),
    )
    job = await queue.enqueue(NewJob("picture", person, "{}"))
    await queue.cancel(job.id, person)
    waiting = await queue.enqueue(NewJob("picture", person, "{}"))

    schedule = Schedule(store, lambda: now[0], ImagesConfig(keep_jobs_days=14))
    await schedule.tidy()
    assert await store.media.has(preview.id)
    now[0] += timedelta(days=15)
    await schedule.tidy()
    assert not await store.media.has(preview.id) and not store.media.path(preview).exists()
    assert await store.media.has(selfie.id) and store.media.path(selfie).exists()
    assert [one.id for one in await queue.outstanding(person)] == [waiting.id]
    await store.close()


async def test_the_schedule_runs_in_the_loop_and_ends_with_its_block(tmp_path: Path) -> None:
    store = await Store.open(tmp_path, clock=lambda: datetime.now(UTC), synchronous="NORMAL")
    with Schedule(store, lambda: datetime.now(UTC), ImagesConfig()).running():
        pass
    await store.close()
