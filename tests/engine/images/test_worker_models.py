"""The worker with the studio and warm renderers, on families that need no model; and how soon it hears of a cancel."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import cast

import pytest

from characters.character import Persona
from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig
from engine.errors import LostLeaseError, RefusedError
from engine.images.device.warm import Warm
from engine.images.heartbeat import Heartbeat
from engine.images.painter import Painted
from engine.images.pipelines.facts import families
from engine.images.pipelines.port import Materials, Workshop
from engine.images.pipelines.registry import AUTO, Registry
from engine.images.queue.embedded import EmbeddedQueue
from engine.images.underway import PACE, Underway
from engine.types import Job, JobStatus, PictureJob, PicturePurpose, Shot
from tests.engine.images.bench import CONFIG, Bench, open_bench


def configured(data: Path) -> ImagesConfig:
    folder = data / "klein"
    folder.mkdir()
    (folder / "model_index.json").write_text("{}")
    return CONFIG.model_copy(
        update={
            "pipeline": "klein",
            "precision": "bf16",
            "folders": {"klein": str(folder)},
            "verify": False,
            "upscale": False,
        }
    )


def place() -> PictureJob:
    return PictureJob(PicturePurpose.TAKE, Persona("Maya"), Shot(), 3, 1024, 1024, "klein")


async def made(bench: Bench) -> Job:
    (done,) = await bench.ended([await bench.ask(place())])
    return done


async def test_memory_that_only_another_process_has_is_found_by_starting_anew(tmp_path: Path) -> None:
    family = {"klein": "tests.engine.images.device.families:Cramped"}
    (tmp_path / "loads").touch()
    async with open_bench(tmp_path, configured(tmp_path), families=family) as bench:
        before = bench.supervisor.pid
        done = await made(bench)
        assert (done.status, done.attempts) == (JobStatus.DONE, 1), done.error
        assert bench.supervisor.pid != before
        media = await bench.media(done)
        assert media.making is not None
        assert media.making.family == "klein"
    book = json.loads((tmp_path / "images" / "ladder.json").read_text())
    assert list(book["rungs"]) == ["klein bf16 cpu"]
    assert set(book["restarted"]) == {done.id}


async def test_where_no_process_has_memory_the_illustrator_draws_and_says_why(tmp_path: Path) -> None:
    family = {"klein": "tests.engine.images.device.families:Endless"}
    async with open_bench(tmp_path, configured(tmp_path), families=family) as bench:
        done = await made(bench)
        assert (done.status, done.attempts) == (JobStatus.DONE, 1), done.error
        media = await bench.media(done)
        assert media.pipeline == "illustrator"
        assert media.making is not None
        assert "memory" in media.making.note


def opened(data: Path) -> Registry:
    return Registry(Workshop(data, ImagesConfig(), ComfyConfig(), ImageServerConfig()))


def test_every_model_is_opened_by_the_studio_and_all_share_their_renderers(tmp_path: Path) -> None:
    registry = opened(tmp_path)
    names = (AUTO, *families())
    studios = [registry.get(name) for name in names]
    assert [studio.name for studio in studios] == list(names)
    shared = {id(studio._workshop.renderers) for studio in studios}  # type: ignore[attr-defined]
    assert len(shared) == 1
    assert isinstance(studios[0]._workshop.renderers, Warm)  # type: ignore[attr-defined]
    assert registry.get("klein") is registry.get("klein")
    with pytest.raises(
        RefusedError, match=r"no picture model called “dall”. There are: illustrator, auto, klein"
    ):
        registry.get("dall")


# ---------------------------------------------------------------- heartbeats


class Pulse:
    """A queue at the port: notes heartbeats, and says whether to go on."""

    def __init__(self) -> None:
        self.beats: list[float] = []
        self.go_on, self.lost = True, False

    async def heartbeat(self, job: Job, progress: float, stage: str) -> bool:
        if self.lost:
            raise LostLeaseError
        self.beats.append(asyncio.get_running_loop().time())
        return self.go_on


def order() -> Underway:
    return Underway(cast("Job", None), place(), Materials())


@pytest.mark.looptime
async def test_a_cancel_is_heard_at_once_although_progress_was_just_recorded() -> None:
    pulse, one = Pulse(), order()
    painting: asyncio.Future[list[Painted]] = asyncio.get_running_loop().create_future()
    keeping = asyncio.create_task(
        Heartbeat(cast("EmbeddedQueue", pulse), 3000, lambda: None).keep([one], painting)
    )
    one(0.1, "painting")
    await asyncio.sleep(PACE / 10)
    assert len(pulse.beats) == 1
    pulse.go_on = False
    one.ring()
    await asyncio.sleep(PACE / 10)
    assert len(pulse.beats) == 2
    assert one.stop.is_set()
    painting.set_result([RefusedError()])
    await keeping


@pytest.mark.looptime
async def test_leases_are_kept_in_time_and_not_faster_than_they_may_be_written() -> None:
    pulse, one = Pulse(), order()
    painting: asyncio.Future[list[Painted]] = asyncio.get_running_loop().create_future()
    keeping = asyncio.create_task(
        Heartbeat(cast("EmbeddedQueue", pulse), 30, lambda: None).keep([one], painting)
    )
    await asyncio.sleep(35)
    assert len(pulse.beats) == 3, "a silent picture's lease of 30 s is prolonged every 10"
    pulse.beats.clear()
    for step in range(100):
        one(step / 100, "painting")
        await asyncio.sleep(0.01)
    assert len(pulse.beats) <= 1 / PACE + 2
    painting.set_result([RefusedError()])
    await keeping


@pytest.mark.looptime
async def test_a_lost_lease_ends_one_and_the_others_go_on() -> None:
    class Half(Pulse):
        async def heartbeat(self, job: Job, progress: float, stage: str) -> bool:
            if stage == "lost":
                raise LostLeaseError
            return await super().heartbeat(job, progress, stage)

    pulse, gone, here = Half(), order(), order()
    painting: asyncio.Future[list[Painted]] = asyncio.get_running_loop().create_future()
    heart = Heartbeat(cast("EmbeddedQueue", pulse), 30, lambda: None)
    keeping = asyncio.create_task(heart.keep([gone, here], painting))
    gone(0.1, "lost")
    here(0.1, "painting")
    await asyncio.sleep(1)
    assert (gone.lost, gone.stop.is_set(), here.lost, here.stop.is_set()) == (True, True, False, False)
    painting.set_result([RefusedError(), RefusedError()])
    assert len(await keeping) == 2
