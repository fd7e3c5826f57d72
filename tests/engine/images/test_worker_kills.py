"""A worker that is killed, wherever it is, leaves exactly one picture: the next one makes it."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from pathlib import Path

import pytest

from engine.config import ImagesConfig
from engine.images.device.ladder import LadderBook
from engine.store.store import DATABASE
from engine.types import Job, JobStatus
from tests.engine.images.bench import CONFIG, Bench, open_bench, picture
from tests.engine.images.queue.staged import STAGES


def kill(bench: Bench) -> int:
    victim = bench.supervisor.pid
    assert victim
    os.kill(victim, signal.SIGKILL)
    return victim


async def only_one(bench: Bench, asked: Job, victim: int, among: int = 1) -> None:
    (done,) = await bench.ended([asked])
    assert (done.status, done.attempts) == (JobStatus.DONE, 2), done.error
    assert bench.supervisor.pid != victim
    assert await bench.pictures() == among
    assert await bench.queue.mark_delivered(done.id)
    assert not await bench.queue.mark_delivered(done.id), "it is delivered once"


async def test_killed_in_each_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "engine.images.queue.supervisor.BACKOFF", (0.0,)
    )  # it dies more often than a worker may
    async with open_bench(tmp_path) as bench:
        for number, stage in enumerate(STAGES):
            asked = await bench.ask(picture("staged", request=f"{stage}@{tmp_path / str(number)}"))
            await bench.until(asked, JobStatus.RUNNING, stage=stage)
            await only_one(bench, asked, kill(bench), among=number + 1)


async def test_killed_while_the_picture_is_stored(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        writer = sqlite3.connect(tmp_path / DATABASE, isolation_level=None)
        asked = await bench.ask(picture("staged", request=f"upscale@{tmp_path / 'met'}"))
        await bench.until(asked, JobStatus.RUNNING, stage="upscale")
        writer.execute("BEGIN IMMEDIATE")  # nobody's row is written from now on
        (tmp_path / "met.never").touch()
        while not list((tmp_path / "media").glob("*/*.tmp")):  # its file is there, without a name
            await asyncio.sleep(0.01)
        victim = kill(bench)
        writer.execute("ROLLBACK")
        writer.close()
        await only_one(bench, asked, victim)
        assert len(list((tmp_path / "media").glob("*/*.png"))) == 1


async def test_killed_in_warming_up_it_does_not_warm_up_again(tmp_path: Path) -> None:
    config = CONFIG.model_copy(update={"pipeline": "deadly"})
    async with open_bench(tmp_path, config) as bench:
        done = (await bench.ended([await bench.ask(picture("deadly", request="a real one"))]))[0]
        assert (done.status, done.attempts) == (JobStatus.DONE, 1)


async def test_a_model_without_weights_keeps_nobody_from_drawing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    config = CONFIG.model_copy(update={"pipeline": "unarmed"})
    async with open_bench(tmp_path, config) as bench:
        (done,) = await bench.ended([await bench.ask(picture("quick"))])
        (lost,) = await bench.ended([await bench.ask(picture("unarmed"))])
    assert done.status is JobStatus.DONE
    assert (lost.status, lost.attempts) == (JobStatus.FAILED, 1), (
        "what is missing is missing the next time, too"
    )
    told = capfd.readouterr().err
    assert told.count("could not be warmed up") == 1
    assert "Traceback" not in told


# ---------------------------------------------------------------- memory and faults


async def test_memory_that_runs_out_once_is_met_in_the_same_process_at_each_stage(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        before = bench.supervisor.pid
        for number, stage in enumerate(STAGES):
            asked = await bench.ask(picture("hungry", request=f"{stage}@1@{tmp_path / str(number)}"))
            (done,) = await bench.ended([asked])
            assert (done.status, done.attempts) == (JobStatus.DONE, 1), stage
        assert bench.supervisor.pid == before


async def test_memory_that_runs_out_again_has_the_worker_started_anew_uncounted(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        before = bench.supervisor.pid
        asked = await bench.ask(picture("hungry", request=f"verify@2@{tmp_path / 'met'}"))
        (done,) = await bench.ended([asked])
        assert (done.status, done.attempts) == (JobStatus.DONE, 1)
        assert bench.supervisor.pid != before
        assert LadderBook(tmp_path, "cpu").restarted(asked.id)


async def test_memory_that_never_suffices_ends_in_a_sentence_after_one_restart(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        asked = await bench.ask(picture("hungry", request=f"upscale@99@{tmp_path / 'met'}"))
        (lost,) = await bench.ended([asked])
        assert (lost.status, lost.attempts) == (JobStatus.FAILED, 1)
        assert lost.error.startswith("This picture needs more memory than the graphics card has.")
        assert (tmp_path / "met").stat().st_size == 4, "twice in each of two processes"
        (done,) = await bench.ended([await bench.ask(picture("quick"))])
        assert done.status is JobStatus.DONE


async def test_a_card_that_fails_has_the_worker_started_anew_at_once(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        before = bench.supervisor.pid
        asked = await bench.ask(picture("faulty", request=f"decode@1@{tmp_path / 'met'}"))
        (done,) = await bench.ended([asked])
        assert (done.status, done.attempts) == (JobStatus.DONE, 1)
        assert bench.supervisor.pid != before
        assert (tmp_path / "met").stat().st_size == 2, "nothing was tried in the process that failed"


async def test_a_card_that_fails_again_and_again_ends_in_a_sentence(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        asked = await bench.ask(picture("faulty", request=f"decode@99@{tmp_path / 'met'}"))
        (lost,) = await bench.ended([asked])
        assert (lost.status, lost.attempts) == (JobStatus.FAILED, 1)
        assert lost.error.startswith("The picture did not come out.")
        assert (tmp_path / "met").stat().st_size == 2
        (done,) = await bench.ended([await bench.ask(picture("quick"))])
        assert done.status is JobStatus.DONE


async def test_each_device_has_a_worker_and_they_share_the_line(tmp_path: Path) -> None:
    async with open_bench(tmp_path, ImagesConfig(pipeline="illustrator"), devices=("cpu", "cpu")) as bench:
        assert len({supervisor.pid for supervisor in bench.supervisors}) == 2
        first = await bench.ask(picture("staged", request=f"encode@{tmp_path / 'a'}"))
        second = await bench.ask(picture("staged", request=f"encode@{tmp_path / 'b'}"))
        async with asyncio.timeout(30):
            await bench.until(first, JobStatus.RUNNING, stage="encode")
            await bench.until(second, JobStatus.RUNNING, stage="encode")
        (tmp_path / "a.never").touch()
        (tmp_path / "b.never").touch()
        assert [job.status for job in await bench.ended([first, second])] == [JobStatus.DONE] * 2
