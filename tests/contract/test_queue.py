"""One suite for all engines behind `JobQueue`: on a clock that only moves when a test moves it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.config import ImagesConfig
from engine.errors import LostLeaseError, NotFoundError, QuotaError
from engine.images.queue.embedded import EmbeddedQueue
from engine.images.queue.port import JobQueue
from engine.store.store import Store
from engine.types import Job, JobClass, JobStatus, NewJob

CONFIG = ImagesConfig(max_outstanding=4, per_hour=10, attempts=3, lease_seconds=30)
Ask = Callable[..., NewJob]


class Clock:
    """Time stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[Store]:
    store = await Store.open(tmp_path, clock=clock, synchronous="NORMAL")
    yield store
    await store.close()


@pytest.fixture(params=["embedded"])
def queue(request: pytest.FixtureRequest, store: Store, clock: Clock) -> JobQueue:
    engines: dict[str, Callable[[], JobQueue]] = {
        "embedded": lambda: EmbeddedQueue(store.jobs, clock, CONFIG)
    }
    return engines[request.param]()


@pytest.fixture
async def people(store: Store) -> list[str]:
    return [(await store.people.ensure("test", name, name)).id for name in ("ann", "ben")]


@pytest.fixture
def ann(people: list[str]) -> str:
    return people[0]


def job(person: str, **more: object) -> NewJob:
    return NewJob("picture", person, "{}", surface="web", **more)  # type: ignore[arg-type]


async def claimed(queue: JobQueue, worker: str = "w") -> Job:
    got = await queue.claim(worker)
    assert got is not None
    return got


async def test_a_job_goes_its_way(queue: JobQueue, ann: str) -> None:
    asked = await queue.enqueue(job(ann))
    assert asked.status is JobStatus.QUEUED
    running = await claimed(queue)
    assert (running.id, running.status, running.attempts) == (asked.id, JobStatus.RUNNING, 1)
    assert await queue.heartbeat(running, 0.5, "sketching")
    assert ((await queue.get(asked.id)).progress, (await queue.get(asked.id)).stage) == (0.5, "sketching")
    await queue.finish(running, "media")
    done = await queue.get(asked.id)
    assert (done.status, done.media_id, done.progress) == (JobStatus.DONE, "media", 1.0)
    assert await queue.claim("w") is None


async def test_the_same_key_is_the_same_job(queue: JobQueue, people: list[str]) -> None:
    first = await queue.enqueue(job(people[0], idempotency_key="k"))
    assert await queue.enqueue(job(people[0], idempotency_key="k")) == first
    assert (await queue.enqueue(job(people[1], idempotency_key="k"))).id != first.id


async def test_a_known_key_is_no_new_picture_for_the_quota(queue: JobQueue, ann: str) -> None:
    for number in range(CONFIG.max_outstanding):
        await queue.enqueue(job(ann, idempotency_key=str(number)))
    assert (await queue.enqueue(job(ann, idempotency_key="0"))).status is JobStatus.QUEUED


async def test_too_many_at_a_time_are_refused_with_the_number(queue: JobQueue, people: list[str]) -> None:
    for _ in range(CONFIG.max_outstanding):
        await queue.enqueue(job(people[0]))
    with pytest.raises(QuotaError, match="4 is the most at a time"):
        await queue.enqueue(job(people[0]))
    await queue.enqueue(job(people[1]))


async def test_too_many_an_hour_are_refused_until_it_has_passed(
    queue: JobQueue, ann: str, clock: Clock
) -> None:
    for _ in range(CONFIG.per_hour):
        await queue.enqueue(job(ann))
        await queue.finish(await claimed(queue), "m")
    with pytest.raises(QuotaError, match="10 is the most"):
        await queue.enqueue(job(ann))
    clock.move(3601)
    await queue.enqueue(job(ann))


async def test_people_take_turns(queue: JobQueue, people: list[str], clock: Clock) -> None:
    for person in (people[0],) * 3 + (people[1],) * 2:
        await queue.enqueue(job(person))
        clock.move(1)
    turns = []
    while got := await queue.claim("w"):
        turns.append(people.index(got.person_id))
    assert turns == [0, 1, 0, 1, 0]


async def test_previews_come_first_and_background_last(queue: JobQueue, ann: str) -> None:
    for kind in (JobClass.BACKGROUND, JobClass.INTERACTIVE, JobClass.PREVIEW):
        await queue.enqueue(job(ann, job_class=kind))
    order = [(await claimed(queue)).job_class for _ in range(3)]
    assert order == [JobClass.PREVIEW, JobClass.INTERACTIVE, JobClass.BACKGROUND]


async def test_place_and_time_are_told(queue: JobQueue, ann: str, clock: Clock) -> None:
    first = await queue.enqueue(job(ann))
    assert (await queue.ticket(first.id)).seconds_left is None
    running = await claimed(queue)
    clock.move(10)
    await queue.finish(running, "m")
    second, third = await queue.enqueue(job(ann)), await queue.enqueue(job(ann))
    assert [(await queue.ticket(it.id)).position for it in (second, third)] == [1, 2]
    assert (await queue.ticket(third.id)).seconds_left == pytest.approx(20)
    running = await claimed(queue)
    clock.move(4)
    assert (await queue.ticket(second.id)).position == 0
    assert (await queue.ticket(second.id)).seconds_left == pytest.approx(6)
    await queue.heartbeat(running, 0.8, "")
    assert (await queue.ticket(second.id)).seconds_left == pytest.approx(1)
    assert (await queue.ticket(third.id)).seconds_left == pytest.approx(11)


async def test_a_silent_worker_loses_its_job_and_cannot_write_any_more(
    queue: JobQueue, ann: str, clock: Clock
) -> None:
    await queue.enqueue(job(ann))
    old = await claimed(queue, "old")
    clock.move(29)
    await queue.heartbeat(old, 0.1, "")
    clock.move(29)
    assert await queue.claim("new") is None
    clock.move(2)
    new = await claimed(queue, "new")
    assert (new.id, new.attempts) == (old.id, 2)
    for write in (queue.heartbeat(old, 0.9, ""), queue.finish(old, "m"), queue.cancelled(old)):
        with pytest.raises(LostLeaseError):
            await write
    with pytest.raises(LostLeaseError):
        await queue.fail(old, "x", retry=True)
    await queue.finish(new, "right")
    assert (await queue.get(old.id)).media_id == "right"


async def test_a_job_whose_workers_die_ends_with_a_sentence(queue: JobQueue, ann: str, clock: Clock) -> None:
    asked = await queue.enqueue(job(ann))
    for _ in range(CONFIG.attempts):
        await claimed(queue)
        clock.move(31)
    assert await queue.claim("w") is None
    ended = await queue.get(asked.id)
    assert ended.status is JobStatus.FAILED
    assert "3 tries" in ended.error
    assert [it.id for it in await queue.undelivered("web")] == [asked.id]


async def test_a_failure_is_tried_again_until_the_attempts_are_used_up(queue: JobQueue, ann: str) -> None:
    asked = await queue.enqueue(job(ann))
    for _ in range(CONFIG.attempts):
        assert (await queue.get(asked.id)).error == ""
        await queue.fail(await claimed(queue), "The paint is dry.", retry=True)
    assert ((await queue.get(asked.id)).status, (await queue.get(asked.id)).error) == (
        JobStatus.FAILED,
        "The paint is dry.",
    )


async def test_a_failure_for_good_is_not_tried_again(queue: JobQueue, ann: str) -> None:
    asked = await queue.enqueue(job(ann))
    await queue.fail(await claimed(queue), "No.", retry=False)
    assert (await queue.get(asked.id)).status is JobStatus.FAILED
    assert await queue.claim("w") is None


async def test_cancelling(queue: JobQueue, people: list[str]) -> None:
    ann, ben = people
    running, queued = await queue.enqueue(job(ann)), await queue.enqueue(job(ann))
    with pytest.raises(NotFoundError):
        await queue.cancel(queued.id, ben)
    held = await claimed(queue)
    assert (await queue.cancel(queued.id, ann)).status is JobStatus.CANCELLED
    assert (await queue.cancel(running.id, ann)).status is JobStatus.RUNNING
    assert not await queue.heartbeat(held, 0.2, "")
    await queue.cancelled(held)
    assert (await queue.get(running.id)).status is JobStatus.CANCELLED
    assert (await queue.cancel(running.id, ann)).status is JobStatus.CANCELLED
    assert await queue.claim("w") is None


async def test_a_cancelled_job_of_a_dead_worker_does_not_run_again(
    queue: JobQueue, ann: str, clock: Clock
) -> None:
    asked = await queue.enqueue(job(ann))
    await claimed(queue)
    await queue.cancel(asked.id, ann)
    clock.move(31)
    assert await queue.claim("w") is None
    assert (await queue.get(asked.id)).status is JobStatus.CANCELLED


async def test_delivery_happens_once(queue: JobQueue, ann: str) -> None:
    asked = await queue.enqueue(job(ann))
    assert not await queue.mark_delivered(asked.id)
    await queue.finish(await claimed(queue), "m")
    assert [it.id for it in await queue.undelivered("web")] == [asked.id]
    assert await queue.undelivered("terminal") == []
    assert await queue.mark_delivered(asked.id)
    assert not await queue.mark_delivered(asked.id)
    assert await queue.undelivered("web") == []


async def test_updates_tell_every_change_in_order_to_every_listener(queue: JobQueue, ann: str) -> None:
    await queue.enqueue(job(ann))
    await queue.finish(await claimed(queue), "before")
    listeners = [queue.updates(), queue.updates()]
    asked = await queue.enqueue(job(ann))
    running = await claimed(queue)
    await queue.heartbeat(running, 0.5, "half")
    await queue.finish(running, "m")
    for listener in listeners:
        seen = [await anext(listener) for _ in range(4)]
        assert {it.id for it in seen} == {asked.id}
        assert [(it.status, it.progress) for it in seen] == [
            (JobStatus.QUEUED, 0.0),
            (JobStatus.RUNNING, 0.0),
            (JobStatus.RUNNING, 0.5),
            (JobStatus.DONE, 1.0),
        ]


async def test_who_begins_to_listen_misses_nothing_that_another_process_does_before_the_first_look(
    store: Store, clock: Clock, ann: str
) -> None:
    here, worker = (EmbeddedQueue(store.jobs, clock, CONFIG) for _ in range(2))
    asked = await here.enqueue(job(ann))
    running = await claimed(worker)
    listener = here.updates()
    assert (await here.get(asked.id)).status is JobStatus.RUNNING
    await worker.fail(running, "No.", retry=False)
    watching = asyncio.create_task(here.watch())
    try:
        async with asyncio.timeout(5):
            while (await anext(listener)).status is not JobStatus.FAILED:
                pass
    finally:
        watching.cancel()


async def test_outstanding_jobs_are_listed_oldest_first(queue: JobQueue, ann: str) -> None:
    first, second = await queue.enqueue(job(ann)), await queue.enqueue(job(ann))
    await claimed(queue)
    assert [it.id for it in await queue.outstanding(ann)] == [first.id, second.id]


async def test_unknown_jobs_are_said_to_be_unknown(queue: JobQueue) -> None:
    for ask in (queue.get("x"), queue.ticket("x")):
        with pytest.raises(NotFoundError):
            await ask
    assert not await queue.mark_delivered("x")


async def test_what_comes_next_can_be_looked_at_and_taken_together(
    queue: JobQueue, people: list[str]
) -> None:
    ann, ben = people
    asked = [await queue.enqueue(job(person)) for person in (ann, ann, ben)]
    line = await queue.head(2)
    assert [one.id for one in line] == [asked[0].id, asked[2].id], "in turns"
    assert all(one.status is JobStatus.QUEUED for one in line)
    taken = await queue.claim_these("w", line)
    assert {(one.id, one.status, one.attempts, one.fence) for one in taken} == {
        (one.id, JobStatus.RUNNING, 1, 1) for one in line
    }
    assert await queue.claim_these("other", line) == []
    assert (await claimed(queue)).id == asked[1].id
    assert all([await queue.heartbeat(one, 0.5, "painting") for one in taken])


async def test_jobs_that_are_taken_together_end_each_in_its_own_way(queue: JobQueue, ann: str) -> None:
    for _ in range(3):
        await queue.enqueue(job(ann))
    one, two, three = await queue.claim_these("w", await queue.head(9))
    await queue.cancel(two.id, ann)
    assert await queue.heartbeat(one, 0.5, "")
    assert not await queue.heartbeat(two, 0.5, "")
    await queue.cancelled(two)
    await queue.fail(three, "No.", retry=True)
    assert await queue.heartbeat(one, 0.6, "")
    again = await claimed(queue)
    assert (again.id, again.attempts) == (three.id, 2)
    with pytest.raises(LostLeaseError):
        await queue.heartbeat(three, 0.1, "")
