"""Pipelines that misbehave on purpose: the worker loads them by name in the tests and in benchmarks/queue.py."""

from __future__ import annotations

import struct
import time
import zlib
from pathlib import Path

from engine.errors import RefusedError, RenderError
from engine.images.pipelines.port import NOTHING, Materials, Progress, Rendered
from engine.types import PictureJob

NAMES = {
    "quick": "tests.engine.images.queue.pipelines:Quick",
    "slow": "tests.engine.images.queue.pipelines:Slow",
    "silent": "tests.engine.images.queue.pipelines:Silent",
    "hanging": "tests.engine.images.queue.pipelines:Hanging",
    "failing": "tests.engine.images.queue.pipelines:Failing",
    "broken": "tests.engine.images.queue.pipelines:Broken",
    "refusing": "tests.engine.images.queue.pipelines:Refusing",
    "staged": "tests.engine.images.queue.staged:Staged",
    "hungry": "tests.engine.images.queue.staged:Hungry",
    "faulty": "tests.engine.images.queue.staged:Faulty",
    "deadly": "tests.engine.images.queue.staged:Deadly",
    "choir": "tests.engine.images.queue.staged:Choir",
    "sketching": "tests.engine.images.queue.staged:Sketching",
    "looking": "tests.engine.images.queue.staged:Looking",
    "unarmed": "tests.engine.images.queue.staged:Unarmed",
}


class Quick:
    """A real PNG of one pixel whose colour is the seed."""

    name = "quick"

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        progress(0.5, "mixing the colour")
        return Rendered(pixel(job.seed), 1, 1, f"one pixel of colour {job.seed}")


class Slow(Quick):
    """Takes as many hundredths of a second as the picture is wide, and says so."""

    name = "slow"

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        for step in range(job.width):
            progress(step / job.width, f"step {step}")
            time.sleep(0.01)
        return super().render(job, progress)


class Silent(Quick):
    """Takes half a second without a word."""

    name = "silent"

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        time.sleep(0.5)
        return super().render(job, progress)


class Hanging(Quick):
    """Never comes back on its first try; the file named by the request says that there was one."""

    name = "hanging"

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        tried = Path(job.shot.request) if job.shot.request else None
        if tried and not tried.exists():
            tried.touch()
            progress(0.1, "hanging")
            time.sleep(3600)
        return super().render(job, progress)


class Failing:
    """The picture does not come out."""

    name = "failing"

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        raise RenderError("The paint is dry.")


class Broken:
    """A defect."""

    name = "broken"

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        raise ZeroDivisionError("secret detail")


class Refusing:
    """Will not do it."""

    name = "refusing"

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        raise RefusedError("Not this one.")


def pixel(seed: int) -> bytes:
    """A PNG of one pixel."""
    raw = zlib.compress(b"\0" + (seed % 2**24).to_bytes(3, "big"))
    parts = (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)), (b"IDAT", raw), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
