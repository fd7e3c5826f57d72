"""Pipelines that go through a model's stages and meet what models meet. Their requests say where; files remember."""

from __future__ import annotations

import os
import time
from collections.abc import Hashable, Sequence
from pathlib import Path

from PIL import Image

from engine.errors import CancelledError, WeightsError
from engine.images.pipelines.port import NOTHING, Materials, Progress, Rendered, Showing
from engine.types import Making, PictureJob, Verdict
from tests.engine.images.queue.pipelines import Quick, pixel

STAGES = ("encode", "denoise step 1", "denoise step 2", "decode", "verify", "repair", "upscale")


def wait_for(path: Path, progress: Progress, share: float, words: str) -> None:
    """Go on once a file is there, and say meanwhile that one lives."""
    while not path.exists():
        progress(share, words)
        time.sleep(0.01)


def count(path: Path) -> int:
    """How often this was called with this path."""
    with path.open("a") as file:
        file.write("x")
    return path.stat().st_size


class Staged(Quick):
    """Stays in the stage that its request names ("stage@file") until it is killed there, once."""

    name = "staged"

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        stage, _, file = job.shot.request.partition("@")
        for number, one in enumerate(STAGES):
            progress(number / len(STAGES), one)
            if one == stage and count(Path(file)) == 1:
                wait_for(Path(file + ".never"), progress, number / len(STAGES), one)
        return super().render(job, progress)


class Hungry(Quick):
    """Memory runs out in a stage for the first so many times: "stage@times@file"."""

    name = "hungry"
    words = "CUDA out of memory. Tried to allocate 512.00 MiB"

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        stage, times, file = job.shot.request.split("@") if job.shot.request else ("", "0", "")
        for number, one in enumerate(STAGES):
            progress(number / len(STAGES), one)
            if one == stage and count(Path(file)) <= int(times):
                raise RuntimeError(self.words)
        return super().render(job, progress)


class Faulty(Hungry):
    """The card fails."""

    name = "faulty"
    words = "CUDA error: device-side assert triggered"


class Deadly(Quick):
    """Takes the whole process along in warming up (no request), as a lack of main memory does."""

    name = "deadly"

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        if not job.shot.request:
            os._exit(9)
        return super().render(job, progress)


class Unarmed(Quick):
    """Has no weights."""

    name = "unarmed"

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        raise WeightsError


class Choir(Quick):
    """Makes jobs of the same width together. "folder": writes down what it makes, and waits for `go` there."""

    name = "choir"

    def key(self, job: PictureJob, materials: Materials) -> Hashable | None:
        return job.width or None

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        (one,) = self.render_many([(job, progress, materials)])
        if isinstance(one, Exception):
            raise one
        return one

    def render_many(
        self, orders: Sequence[tuple[PictureJob, Progress, Materials]]
    ) -> list[Rendered | Exception]:
        folder = Path(orders[0][0].shot.request) if orders[0][0].shot.request else None
        if folder is None:
            return [pixel_of(job) for job, _, _ in orders]
        with (folder / "made").open("a") as made:
            made.write(" ".join(str(job.seed) for job, _, _ in orders) + "\n")
        gone: set[int] = set()
        while True:
            for number, (_, progress, _) in enumerate(orders):
                if number not in gone:
                    try:
                        progress(0.5, "singing")
                    except CancelledError:
                        gone.add(number)
            if (folder / "go").exists() or len(gone) == len(orders):
                break
            time.sleep(0.01)
        return [self._end(number in gone, job) for number, (job, _, _) in enumerate(orders)]

    def _end(self, gone: bool, job: PictureJob) -> Rendered | Exception:
        if gone:
            return CancelledError()
        return ZeroDivisionError() if job.seed == 13 else pixel_of(job)


class Sketching(Quick):
    """Shows what it looks like so far until the file of its request is there."""

    name = "sketching"

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        assert isinstance(progress, Showing)
        shade = 0
        while job.shot.request and not Path(job.shot.request).exists():
            shade = (shade + 40) % 256
            progress.preview(Image.new("RGBA", (1024, 512), (shade, 0, 0, 255)))
            progress(0.5, "sketching")
            time.sleep(0.01)
        return super().render(job, progress)


class Looking(Quick):
    """Says in its caption what it was given, and how it was made."""

    name = "looking"

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        own = [f"{one.role}:{one.name}:{one.path.stat().st_size}" for one in materials.own]
        cast = sorted(one.name for one in materials.cast)
        making = Making(
            "klein",
            "bf16",
            references=tuple(one.sha256 for one in materials.own),
            verdict=Verdict.SAME,
            note="A word.",
        )
        words = f"own {' '.join(own)}; cast {' '.join(cast)}; of {materials.character_id}"
        return Rendered(pixel(job.seed), 1, 1, words, making=making)


def pixel_of(job: PictureJob) -> Rendered:
    return Rendered(pixel(job.seed), 1, 1, f"one pixel of colour {job.seed}")
