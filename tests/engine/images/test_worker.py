"""The worker as a real process: what it makes, and what happens when processes die or hang."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from characters.character import Persona
from engine.images.job import from_json, to_json
from engine.images.provenance import mark, source_type, texts
from engine.images.queue.embedded import EmbeddedQueue
from engine.images.queue.supervisor import WorkerPlan, WorkerSupervisor
from engine.store.store import Store
from engine.types import JobStatus, PictureJob, PicturePurpose, Shot
from tests.engine.images.bench import CONFIG, Bench, now, open_bench, picture
from tests.engine.images.queue.pipelines import NAMES, pixel


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path) as bench:
        yield bench


async def test_a_picture_is_made_marked_and_stored(bench: Bench) -> None:
    done = await bench.end(await bench.ask(picture("quick")))
    assert done.status is JobStatus.DONE
    assert done.media_id
    media = await bench.store.media.get(done.media_id)
    png = bench.store.media.path(media).read_bytes()
    assert (media.person_id, media.seed, media.job_id) == (bench.person, 5, done.id)
    assert png == mark(pixel(5), pipeline="quick", seed=5, character_id=None)


@pytest.mark.parametrize(
    ("pipeline", "attempts", "sentence"),
    [
        ("failing", 3, "The paint is dry."),
        ("broken", 3, "The picture did not come out. You can ask for it again."),
        ("refusing", 1, "Not this one."),
        ("unknown", 1, "There is no picture model called “unknown”"),
    ],
)
async def test_a_failure_ends_with_its_sentence(
    bench: Bench, pipeline: str, attempts: int, sentence: str
) -> None:
    ended = await bench.end(await bench.ask(picture(pipeline)))
    assert (ended.status, ended.attempts) == (JobStatus.FAILED, attempts)
    assert ended.error.startswith(sentence)


async def test_a_payload_that_cannot_be_read_fails_at_once(bench: Bench) -> None:
    ended = await bench.end(await bench.ask("{nonsense"))
    assert (ended.status, ended.attempts) == (JobStatus.FAILED, 1)


async def test_a_running_picture_can_be_cancelled(bench: Bench) -> None:
    asked = await bench.ask(picture("slow", width=2000))
    await bench.until(asked, JobStatus.RUNNING)
    await bench.queue.cancel(asked.id, bench.person)
    assert (await asyncio.wait_for(bench.end(asked), 5)).status is JobStatus.CANCELLED
    assert (await bench.end(await bench.ask(picture("quick")))).status is JobStatus.DONE


async def test_a_killed_worker_is_replaced_and_its_picture_made_once(bench: Bench) -> None:
    asked = await bench.ask(picture("slow", width=60))
    await bench.until(asked, JobStatus.RUNNING)
    victim = bench.supervisor.pid
    assert victim
    os.kill(victim, signal.SIGKILL)
    done = await asyncio.wait_for(bench.end(asked), 20)
    assert (done.status, done.attempts) == (JobStatus.DONE, 2)
    assert bench.supervisor.pid != victim
    assert len(await bench.store.media.gallery(bench.person, None, 10)) == 1


async def test_a_pipeline_that_hangs_is_replaced(bench: Bench, tmp_path: Path) -> None:
    asked = await bench.ask(picture("hanging", request=str(tmp_path / "tried")))
    done = await asyncio.wait_for(bench.end(asked), 30)
    assert (done.status, done.attempts) == (JobStatus.DONE, 2)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes cannot be stopped here")
async def test_a_stopped_worker_is_replaced(bench: Bench) -> None:
    asked = await bench.ask(picture("slow", width=60))
    await bench.until(asked, JobStatus.RUNNING)
    assert bench.supervisor.pid
    os.kill(bench.supervisor.pid, signal.SIGSTOP)
    done = await asyncio.wait_for(bench.end(asked), 30)
    assert (done.status, done.attempts) == (JobStatus.DONE, 2)


async def test_stopping_in_order_gives_the_picture_back_uncounted(tmp_path: Path) -> None:
    store = await Store.open(tmp_path, clock=now)
    queue = EmbeddedQueue(store.jobs, now, CONFIG)
    supervisor = WorkerSupervisor(queue, WorkerPlan(tmp_path, CONFIG, "NORMAL", NAMES))
    bench = Bench(store, queue, [supervisor], (await store.people.ensure("t", "1", "Ann")).id)
    running = asyncio.create_task(supervisor.run())
    asked = await bench.ask(picture("slow", width=3000))
    await asyncio.wait_for(bench.until(asked, JobStatus.RUNNING), 20)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    again = await queue.claim("next")
    assert again is not None
    assert (again.id, again.attempts) == (asked.id, 1)
    await store.close()


def test_the_same_picture_has_the_same_marked_bytes_and_no_words_of_people() -> None:
    once = mark(pixel(1), pipeline="illustrator", seed=1, character_id="c-1")
    assert once == mark(pixel(1), pipeline="illustrator", seed=1, character_id="c-1")
    assert mark(once, pipeline="illustrator", seed=1, character_id="c-1") == once
    found = texts(once)
    assert source_type("illustrator").endswith("/algorithmicMedia")
    assert source_type("illustrator") in found["XML:com.adobe.xmp"]
    assert source_type("klein").endswith("/trainedAlgorithmicMedia")
    assert found["Selfsame Character"] == "c-1"
    assert set(found) == {
        "XML:com.adobe.xmp",
        "Software",
        "Selfsame Pipeline",
        "Selfsame Seed",
        "Selfsame Character",
    }


def test_pillow_reads_a_marked_picture() -> None:
    import io

    from PIL import Image

    image = Image.open(io.BytesIO(mark(pixel(0xFF8800), pipeline="illustrator", seed=1, character_id=None)))
    assert image.convert("RGB").getpixel((0, 0)) == (0xFF, 0x88, 0x00)
    assert "algorithmicMedia" in image.info["XML:com.adobe.xmp"]


def test_a_job_survives_the_queue_and_an_older_one_takes_defaults() -> None:
    asked = picture("quick", request="at a jazz bar")
    assert from_json(to_json(asked)) == asked
    older = '{"purpose": "selfie", "persona": {"name": "Maya", "gone": 1}, "shot": {}, "seed": 3}'
    assert from_json(older) == PictureJob(PicturePurpose.SELFIE, Persona("Maya"), Shot(), 3)
