"""Jobs that are made together: each has its own lease, its own end, and its own cancel."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from characters.character import Appearance, Expression, Persona, References
from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig
from engine.images.previews import Previews, preview_path
from engine.images.queue.line import WorkerConfig, read_config, write_config
from engine.types import Job, JobStatus, PicturePurpose, Shot
from tests.engine.images.bench import CONFIG, Bench, open_bench, picture
from tests.engine.images.queue.pipelines import pixel


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path) as bench:
        yield bench


def made(folder: Path) -> list[set[str]]:
    """The seeds that were made together, call by call."""
    path = folder / "made"
    return [set(line.split()) for line in path.read_text().splitlines()] if path.exists() else []


async def a_long_line(bench: Bench, folder: Path, seeds: list[int], *, width: int = 2) -> list[Job]:
    """Jobs that wait behind one that is being made, which is then let go on."""
    first = await bench.ask(picture("staged", request=f"encode@{folder / 'first'}"))
    await bench.until(first, JobStatus.RUNNING, stage="encode")
    jobs = [await bench.ask(picture("choir", seed=seed, width=width, request=str(folder))) for seed in seeds]
    (folder / "first.never").touch()
    return jobs


async def sung(folder: Path, calls: int) -> None:
    async with asyncio.timeout(30):
        while len(made(folder)) < calls:
            await asyncio.sleep(0.01)


async def test_a_long_line_is_made_together(bench: Bench, tmp_path: Path) -> None:
    jobs = await a_long_line(bench, tmp_path, [1, 2, 3, 4, 5])
    (tmp_path / "go").touch()
    ended = await bench.ended(jobs)
    assert {(job.status, job.attempts) for job in ended} == {(JobStatus.DONE, 1)}
    assert made(tmp_path) == [{"1", "2", "3", "4"}, {"5"}]
    for seed, job in enumerate(ended, 1):
        media = await bench.media(job)
        assert media.seed == seed
        assert media.caption == f"one pixel of colour {seed}"


async def test_only_what_goes_together_is_made_together(bench: Bench, tmp_path: Path) -> None:
    first = await bench.ask(picture("staged", request=f"encode@{tmp_path / 'first'}"))
    await bench.until(first, JobStatus.RUNNING, stage="encode")
    widths = [2, 3, 2, 0, 0, 3]
    jobs = [
        await bench.ask(picture("choir", seed=seed, width=width, request=str(tmp_path)))
        for seed, width in enumerate(widths)
    ]
    (tmp_path / "go").touch()
    (tmp_path / "first.never").touch()
    await bench.ended(jobs)
    assert made(tmp_path) == [{"0", "2"}, {"1", "5"}, {"3"}, {"4"}]


async def test_a_short_line_is_made_one_after_another(bench: Bench, tmp_path: Path) -> None:
    jobs = await a_long_line(bench, tmp_path, [1, 2])
    (tmp_path / "go").touch()
    await bench.ended(jobs)
    assert made(tmp_path) == [{"1"}, {"2"}]


async def test_cancelling_one_does_not_stop_the_others(bench: Bench, tmp_path: Path) -> None:
    jobs = await a_long_line(bench, tmp_path, [1, 2, 3])
    await sung(tmp_path, 1)
    await bench.until(jobs[1], JobStatus.RUNNING, stage="singing")
    await bench.queue.cancel(jobs[1].id, bench.person)
    async with asyncio.timeout(20):
        while (await bench.queue.get(jobs[1].id)).stage == "" or not (
            await bench.queue.get(jobs[1].id)
        ).cancel_requested:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.5)  # the worker hears of it
    (tmp_path / "go").touch()
    ended = await bench.ended(jobs)
    assert [job.status for job in ended] == [JobStatus.DONE, JobStatus.CANCELLED, JobStatus.DONE]
    assert made(tmp_path) == [{"1", "2", "3"}]


async def test_one_that_fails_is_tried_again_alone(bench: Bench, tmp_path: Path) -> None:
    jobs = await a_long_line(bench, tmp_path, [1, 13, 3])
    (tmp_path / "go").touch()
    ended = await bench.ended(jobs)
    assert [(job.status, job.attempts) for job in ended] == [
        (JobStatus.DONE, 1),
        (JobStatus.FAILED, 3),
        (JobStatus.DONE, 1),
    ]
    assert made(tmp_path) == [{"1", "13", "3"}, {"13"}, {"13"}]


async def test_a_crash_counts_once_against_each_and_then_each_is_made_alone(
    bench: Bench, tmp_path: Path
) -> None:
    jobs = await a_long_line(bench, tmp_path, [1, 2, 3])
    await sung(tmp_path, 1)
    assert bench.supervisor.pid
    os.kill(bench.supervisor.pid, signal.SIGKILL)
    (tmp_path / "go").touch()
    ended = await bench.ended(jobs)
    assert [(job.status, job.attempts) for job in ended] == [(JobStatus.DONE, 2)] * 3
    assert made(tmp_path) == [{"1", "2", "3"}, {"1"}, {"2"}, {"3"}]
    assert await bench.pictures() == 4


# ---------------------------------------------------------------- previews


async def test_a_preview_is_there_while_the_picture_is_made_and_gone_afterwards(
    bench: Bench, tmp_path: Path
) -> None:
    asked = await bench.ask(picture("sketching", request=str(tmp_path / "enough")))
    path = preview_path(tmp_path, asked.id)
    seen: set[bytes] = set()
    async with asyncio.timeout(30):
        while len(seen) < 3:  # it is replaced, and whole whenever one looks
            await asyncio.sleep(0.01)
            if path.exists():
                seen.add(path.read_bytes())
    (tmp_path / "enough").touch()
    await bench.ended([asked])
    for content in seen:
        assert content.startswith(b"\xff\xd8")
        assert content.endswith(b"\xff\xd9")
    copy = tmp_path / "seen.jpg"
    copy.write_bytes(seen.pop())
    with Image.open(copy) as image:
        assert image.size == (384, 192)
    await gone(path)


async def gone(path: Path) -> None:
    async with asyncio.timeout(10):
        while path.exists():
            await asyncio.sleep(0.01)


async def test_a_cancelled_picture_leaves_no_preview(bench: Bench, tmp_path: Path) -> None:
    asked = await bench.ask(picture("sketching", request=str(tmp_path / "never")))
    path = preview_path(tmp_path, asked.id)
    async with asyncio.timeout(30):
        while not path.exists():
            await asyncio.sleep(0.01)
    await bench.queue.cancel(asked.id, bench.person)
    assert (await bench.ended([asked]))[0].status is JobStatus.CANCELLED
    await gone(path)


async def test_previews_of_dead_workers_are_swept_at_a_start(tmp_path: Path) -> None:
    Previews(tmp_path).show("nobody", Image.new("RGB", (8, 8)))
    preview_path(tmp_path, "nobody").with_suffix(".7.tmp").touch()
    async with open_bench(tmp_path):
        assert list((tmp_path / "previews").iterdir()) == []


async def test_without_previews_none_is_written(tmp_path: Path) -> None:
    async with open_bench(tmp_path, CONFIG.model_copy(update={"previews": False})) as bench:
        asked = await bench.ask(picture("sketching", request=str(tmp_path / "enough")))
        await bench.until(asked, JobStatus.RUNNING, stage="sketching")
        (tmp_path / "enough").touch()
        await bench.ended([asked])
    assert not (tmp_path / "previews").exists()


# ---------------------------------------------------------------- what a picture is made from, and of what it tells


async def kept(bench: Bench, seed: int, **more: object) -> str:
    values: dict[str, object] = {"person_id": bench.person, "character_id": None} | more
    media = await bench.store.media.put(
        pixel(seed),
        mime="image/png",
        width=1,
        height=1,
        purpose=PicturePurpose.CANON,
        seed=seed,
        pipeline="quick",
        shot=Shot(action="looking left"),
        caption="",
        **values,  # type: ignore[arg-type]
    )
    return media.id


async def test_own_references_and_the_casts_faces_come_along_and_the_making_is_kept(bench: Bench) -> None:
    stranger = (await bench.store.people.ensure("t", "2", "Ben")).id
    maya = await bench.store.characters.create(bench.person, Persona("Maya"))
    noor = await bench.store.characters.create(
        None, Persona("Noor", references=References(headshot=await kept(bench, 9, person_id=None)))
    )
    theirs = await kept(bench, 8, person_id=stranger)
    await bench.store.characters.create(stranger, Persona("Zoe", references=References(headshot=theirs)))
    face = await kept(bench, 1, character_id=maya.id)
    references = References(
        headshot=face,
        angles=(await kept(bench, 2), "gone"),
        expressions=((Expression.HAPPY, await kept(bench, 3)),),
        locations=(("jazz bar", await kept(bench, 4)),),
        props=(("stolen", theirs),),
    )
    asked = replace(picture("looking"), persona=Persona("Maya", references=references), character_id=maya.id)
    (done,) = await bench.ended([await bench.ask(asked)])
    media = await bench.media(done)
    size = len(pixel(1))
    assert media.caption == (
        f"own headshot::{size} angle:looking left:{size} expression:happy:{size} location:jazz bar:{size}; "
        f"cast {noor.id}; of {maya.id}"
    )
    assert media.making is not None
    assert media.making.note == "A word."
    assert len(media.making.references) == 4
    assert media.pipeline == "klein", "what made it, not what was asked for"


async def test_what_was_read_of_a_deleted_picture_goes_too(tmp_path: Path) -> None:
    path = tmp_path / "conditioning" / "ab" / f"{'ab' * 32}.0.safetensors"
    path.parent.mkdir(parents=True)
    path.touch()
    async with open_bench(tmp_path):
        assert not path.exists(), "no picture of this content is here"


async def test_what_the_operator_has_forbidden_since_is_not_made(bench: Bench) -> None:
    young = Persona("Maya", appearance=Appearance(age=12))
    (refused,) = await bench.ended([await bench.ask(replace(picture("quick"), persona=young))])
    assert (refused.status, refused.attempts) == (JobStatus.FAILED, 1)
    assert refused.error.startswith("Characters here are adults")


# ---------------------------------------------------------------- what a worker is told


def test_a_workers_config_arrives_whole_and_shows_no_secret() -> None:
    config = WorkerConfig(
        "w",
        Path("/data"),
        ImagesConfig(accept=("kontext",), folders={"klein": "/srv/klein"}).model_dump(),
        ComfyConfig(url="http://comfy:1", workflow="w.json"),
        ImageServerConfig(url="http://images/v1", api_key="s3cret"),  # type: ignore[arg-type]
        device="cuda:1",
        families={"klein": "a:B"},
    )
    assert "s3cret" not in repr(config)
    told = read_config(write_config(config))
    assert told.image_server.api_key.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(told)
    assert (told.comfyui, told.device, told.families) == (config.comfyui, "cuda:1", {"klein": "a:B"})
    assert told.images.accept == ("kontext",)
    assert told.images.folders == {"klein": "/srv/klein"}


async def test_a_worker_has_no_secret_in_its_environment_or_its_arguments(bench: Bench) -> None:
    environ = Path(f"/proc/{bench.supervisor.pid}/environ")
    if not environ.exists():
        pytest.skip("processes cannot be looked into here")
    assert b"HF_HUB_OFFLINE=1" in environ.read_bytes()
    assert b"api_key" not in environ.read_bytes()
    assert b"api_key" not in Path(f"/proc/{bench.supervisor.pid}/cmdline").read_bytes()


async def test_for_the_illustrator_no_model_library_is_loaded(tmp_path: Path) -> None:
    async with open_bench(tmp_path, ImagesConfig()) as bench:
        (done,) = await bench.ended([await bench.ask(picture("illustrator", width=256))])
        assert done.status is JobStatus.DONE
        maps = Path(f"/proc/{bench.supervisor.pid}/maps")
        if not maps.exists():
            pytest.skip("processes cannot be looked into here")
        loaded = maps.read_text()
    assert "libtorch" not in loaded
    assert "onnxruntime" not in loaded
