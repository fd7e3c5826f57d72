"""The whole way in a real worker process: a tiny klein that production's code loads, the studio, the store."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from characters.character import Persona, References
from engine.config import ImagesConfig
from engine.images.previews import preview_path
from engine.images.provenance import texts
from engine.types import Job, JobStatus, PictureJob, PicturePurpose, Shot
from tests.engine.images.bench import Bench, open_bench
from tests.engine.images.models.conftest import Tiny

pytestmark = [pytest.mark.images, pytest.mark.timeout(400)]

# Seconds: a worker imports torch and diffusers first.
PATIENCE = 180.0
SIZE = 256


def settings(folder: Path, steps: int, **more: object) -> ImagesConfig:
    return ImagesConfig.model_validate(
        {
            "pipeline": "klein",
            "precision": "fp32",
            "folders": {"klein": str(folder)},
            "verify": False,
            "size": SIZE,
            "c2pa": False,  # a signature tells the time
            "styles": {"painterly": {"steps": steps}},
            **more,
        }
    )


async def asked(bench: Bench, seed: int = 1) -> PictureJob:
    """A selfie with a headshot that is in the store."""
    import io

    from PIL import Image

    face = io.BytesIO()
    Image.new("RGB", (64, 64), "#aa7744").save(face, "PNG")
    media = await bench.store.media.put(
        face.getvalue(),
        mime="image/png",
        width=64,
        height=64,
        person_id=bench.person,
        character_id=None,
        purpose=PicturePurpose.CANON,
        seed=1,
        pipeline="klein",
        shot=Shot(),
        caption="",
    )
    persona = Persona("Maya", references=References(headshot=media.id))
    return PictureJob(PicturePurpose.SELFIE, persona, Shot(place="jazz bar"), seed, SIZE, SIZE, "klein")


async def made(bench: Bench) -> int:
    """Selfies that are here, beside the canon."""
    gallery = await bench.store.media.gallery(bench.person, None, 100)
    return len([one for one in gallery if one.purpose is PicturePurpose.SELFIE])


async def in_a_step(bench: Bench, job: Job) -> None:
    """Wait until it is being denoised."""
    async with asyncio.timeout(PATIENCE):
        while "step" not in (seen := await bench.queue.get(job.id)).stage:
            assert not seen.status.final, seen
            await asyncio.sleep(0.01)


@pytest.mark.thorough
async def test_pictures_of_a_model_come_through_cancels_and_kills_and_are_the_same_in_each_process(
    tmp_path: Path, tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # tiny models are several times faster on one
    async with open_bench(tmp_path, settings(tiny("klein"), 24), patience=PATIENCE) as bench:
        wished = await asked(bench)
        (first,) = await bench.ended([await bench.ask(wished)], within=PATIENCE)
        assert first.status is JobStatus.DONE, first.error
        media = await bench.media(first)
        assert media.making is not None, media.caption
        assert (media.pipeline, media.making.family, media.making.precision) == ("klein", "klein", "fp32")
        assert (media.width, media.height) == (SIZE, SIZE)
        assert len(media.making.references) == 1
        assert texts(bench.store.media.path(media).read_bytes())["Selfsame Pipeline"] == "klein"

        unwanted = await bench.ask(replace(wished, seed=2))
        await in_a_step(bench, unwanted)
        await bench.queue.cancel(unwanted.id, bench.person)
        assert (await bench.ended([unwanted], within=PATIENCE))[0].status is JobStatus.CANCELLED
        assert not preview_path(tmp_path, unwanted.id).exists()

        killed = await bench.ask(replace(wished, seed=3))
        await in_a_step(bench, killed)
        assert bench.supervisor.pid
        os.kill(bench.supervisor.pid, signal.SIGKILL)
        (done,) = await bench.ended([killed], within=PATIENCE)
        assert (done.status, done.attempts) == (JobStatus.DONE, 2), done.error
        assert await made(bench) == 2

        (again,) = await bench.ended([await bench.ask(wished)], within=PATIENCE)
        assert (await bench.media(again)).sha256 == media.sha256


async def test_without_weights_the_illustrator_draws_and_says_so(tmp_path: Path) -> None:
    async with open_bench(tmp_path, settings(tmp_path / "nothing", 4), patience=PATIENCE) as bench:
        (done,) = await bench.ended([await bench.ask(await asked(bench))], within=PATIENCE)
        media = await bench.media(done)
    assert media.pipeline == "illustrator"
    assert media.making is not None
    assert "klein" in media.making.note
