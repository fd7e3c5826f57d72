"""What the queue costs, and what it keeps when processes die: `selfsame bench queue`, `python -m benchmarks.queue`.

Three measurements: from enqueue to start on an idle worker; processor time while nothing happens; and 200 jobs
during which bot and worker are killed (kill -9) 40 times. The killed bot is a real process that does what delivery
does: tell the person (an edit, which may be repeated), record it, and log it only if it was the first to record.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from characters.character import Persona
from engine.config import ImagesConfig
from engine.images.job import PICTURE, to_json
from engine.images.pipelines.port import NOTHING, Materials, Progress, Rendered
from engine.images.queue.embedded import EmbeddedQueue
from engine.images.queue.supervisor import WorkerPlan, WorkerSupervisor
from engine.store.store import Store
from engine.types import Job, JobStatus, NewJob, PictureJob, PicturePurpose, Shot

JOBS, KILLS = 200, 40
STARTS = 60  # enqueue -> start, measured one by one
IDLE_SECONDS = 10.0
SURFACE = "bench"
# The bot and its worker start in about a second; a life this long without an end means that something hangs.
PATIENCE = 300.0

# Not limits of a person but of this measurement: everything is asked for at once.
SETTINGS = ImagesConfig().model_copy(
    update={"pipeline": "pixel", "max_outstanding": 900, "per_hour": 100_000}
)
PIPELINES = {"pixel": "benchmarks.queue:Pixel"}


class Pixel:
    """A pipeline of 30 ms: long enough to be hit by a kill."""

    name = "pixel"

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        """One pixel in the colour of the seed."""
        for step in range(3):
            progress(step / 3, "painting")
            time.sleep(0.01)
        return Rendered(_png(job.seed), 1, 1, "a pixel")


async def run(quick: bool = False) -> dict[str, Any]:
    """All figures; `quick` leaves the kills out."""
    with tempfile.TemporaryDirectory() as data:
        result: dict[str, Any] = await _calm(Path(data), 2.0 if quick else IDLE_SECONDS)
    if not quick:
        with tempfile.TemporaryDirectory() as data:
            result |= await _stormy(Path(data))
    return result


def table(result: dict[str, Any]) -> str:
    """The figures for people."""
    rows = [
        ("enqueue -> start, median", f"{result['start_median_ms']:.1f} ms", "<= 20 ms"),
        ("enqueue -> start, p99", f"{result['start_p99_ms']:.1f} ms", ""),
        ("processor while idle", f"{result['idle_cpu_percent']:.2f} %", "< 1 %"),
    ]
    if "lost" in result:
        rows += [
            (f"{result['jobs']} jobs, {result['kills']} kills: lost", str(result["lost"]), "0"),
            ("delivered twice", str(result["doubled"]), "0"),
            ("took", f"{result['seconds']:.0f} s", ""),
        ]
    return "\n".join(f"{name:36} {value:>10}   {goal}" for name, value, goal in rows)


# ---------------------------------------------------------------- nothing goes wrong


async def _calm(data: Path, idle: float) -> dict[str, Any]:
    store = await Store.open(data, clock=_now)
    queue = EmbeddedQueue(store.jobs, _now, SETTINGS)
    supervisor = WorkerSupervisor(queue, WorkerPlan(data, SETTINGS, pipelines=PIPELINES))
    running = asyncio.create_task(supervisor.run())
    try:
        await supervisor.ready.wait()
        person = await store.people.ensure(SURFACE, "1", "Ann")
        starts = [await _start_ms(queue, person.id, number) for number in range(STARTS)]
        await asyncio.sleep(3)  # until the last slow look at the table is over
        cpu = await _idle_cpu(supervisor.pid, idle)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await store.close()
    return {
        "start_median_ms": statistics.median(starts),
        "start_p99_ms": sorted(starts)[int(len(starts) * 0.99)],
        "idle_cpu_percent": cpu,
    }


async def _start_ms(queue: EmbeddedQueue, person_id: str, number: int) -> float:
    updates = queue.updates()
    asked = time.time()
    mine = await queue.enqueue(_new(person_id, number))
    start = 0.0
    async for job in updates:
        if job.id == mine.id and job.started_at and not start:
            start = job.started_at.timestamp()
        if job.id == mine.id and job.status.final:
            break
    await updates.aclose()
    await asyncio.sleep(0.05)  # the worker lies down again
    return 1000 * (start - asked)


async def _idle_cpu(worker: int | None, seconds: float) -> float:
    """Processor time of bot and worker together, in percent of one core."""
    before, began = _cpu_seconds(worker), time.monotonic()
    await asyncio.sleep(seconds)
    return 100 * (_cpu_seconds(worker) - before) / (time.monotonic() - began)


def _cpu_seconds(worker: int | None) -> float:
    total = time.process_time()
    with suppress(OSError):  # only Linux tells about other processes this way
        fields = Path(f"/proc/{worker}/stat").read_text().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


# ---------------------------------------------------------------- everything goes wrong


async def _stormy(data: Path) -> dict[str, Any]:
    began, kills = time.monotonic(), 0
    dice = random.Random(7)
    store = await Store.open(data, clock=_now)
    person = await store.people.ensure(SURFACE, "1", "Ann")
    bot = _bot(data)
    try:
        while (done := await _delivered(store, person.id)) < JOBS:
            if time.monotonic() - began > PATIENCE:
                break
            if bot.poll() is not None:
                bot = _bot(data)
            if kills < KILLS and done >= kills * JOBS / KILLS and (victim := _victim(data, bot, dice)):
                await asyncio.sleep(dice.random() * 0.1)
                with suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
                    kills += 1
                if victim == bot.pid:
                    bot.wait()
            await asyncio.sleep(0.02)
    finally:
        bot.kill()
        bot.wait()
    counted = await _count(store, data, person.id)
    await store.close()
    return {"jobs": JOBS, "kills": kills, **counted, "seconds": time.monotonic() - began}


def _bot(data: Path) -> subprocess.Popen[bytes]:
    (data / "pids").unlink(missing_ok=True)
    return subprocess.Popen([sys.executable, "-m", "benchmarks.queue", "--bot", str(data)])


def _victim(data: Path, bot: subprocess.Popen[bytes], dice: random.Random) -> int | None:
    """The bot or its worker, once both are at work."""
    if not (data / "pids").exists():
        return None
    worker = int((data / "pids").read_text())
    return dice.choice((bot.pid, worker))


async def _delivered(store: Store, person_id: str) -> int:
    mine = await _jobs(store, person_id)
    return sum(job.delivered_at is not None for job in mine)


async def _jobs(store: Store, person_id: str) -> list[Job]:
    changed, _ = await store.jobs.changed_since(0)
    return [job for job in changed if job.person_id == person_id]


async def _count(store: Store, data: Path, person_id: str) -> dict[str, int]:
    lines = [line.split() for line in (data / "log").read_text().splitlines()]
    told = Counter(job for word, job in lines if word == "told")
    edited = {job for word, job in lines if word == "edited"}
    mine = await _jobs(store, person_id)
    good = {job.id for job in mine if job.status is JobStatus.DONE and job.delivered_at and job.id in edited}
    pictures = Counter(picture.job_id for picture in await store.media.gallery(person_id, None, 10 * JOBS))
    return {
        "lost": JOBS - len(good),
        "doubled": sum(n > 1 for n in told.values()) + sum(n > 1 for n in pictures.values()),
        "failed": sum(job.status is JobStatus.FAILED for job in mine),
        "most_attempts": max(job.attempts for job in mine),
    }


async def bot(data: Path) -> None:
    """The process that is killed: asks for all jobs (again and again, by the same keys) and delivers them."""
    store = await Store.open(data, clock=_now)
    queue = EmbeddedQueue(store.jobs, _now, SETTINGS)
    supervisor = WorkerSupervisor(queue, WorkerPlan(data, SETTINGS, pipelines=PIPELINES))
    person = await store.people.ensure(SURFACE, "1", "Ann")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(supervisor.run())
        tasks.create_task(_deliver(queue, data))
        tasks.create_task(_note_pids(supervisor, data))
        for number in range(JOBS):
            await queue.enqueue(_new(person.id, number))


async def _deliver(queue: EmbeddedQueue, data: Path) -> None:
    updates = queue.updates()
    for job in await queue.undelivered(SURFACE):
        await _tell(queue, job, data)
    async for job in updates:
        if job.status.final:
            await _tell(queue, job, data)


async def _tell(queue: EmbeddedQueue, job: Job, data: Path) -> None:
    """An edit of the progress message may be repeated; that it was told is recorded once."""
    _log(data, "edited", job.id)
    if await queue.mark_delivered(job.id):
        _log(data, "told", job.id)


async def _note_pids(supervisor: WorkerSupervisor, data: Path) -> None:
    while True:
        await supervisor.ready.wait()
        (data / "pids").write_text(str(supervisor.pid))
        while supervisor.ready.is_set():  # noqa: ASYNC110 - an Event cannot tell that it was cleared
            await asyncio.sleep(0.02)
        (data / "pids").unlink(missing_ok=True)


def _log(data: Path, word: str, job_id: str) -> None:
    with (data / "log").open("a") as log:
        log.write(f"{word} {job_id}\n")


def _new(person_id: str, number: int) -> NewJob:
    picture = PictureJob(PicturePurpose.SELFIE, Persona("Pixel"), Shot(), number, 1, 1, "pixel")
    return NewJob(PICTURE, person_id, to_json(picture), surface=SURFACE, idempotency_key=f"job-{number}")


def _png(seed: int) -> bytes:
    raw = zlib.compress(b"\0" + (seed % 2**24).to_bytes(3, "big"))
    parts = (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)), (b"IDAT", raw), (b"IEND", b"")
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _now() -> datetime:
    return datetime.now(UTC)


def main() -> None:
    """Entry of `python -m benchmarks.queue`."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--json", action="store_true")
    options.add_argument("--bot", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.bot:
        asyncio.run(bot(chosen.bot))
        return
    result = asyncio.run(run(quick=chosen.quick))
    print(table(result))
    if chosen.json:
        print(json.dumps(result))


if __name__ == "__main__":
    main()
