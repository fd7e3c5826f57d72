"""What is done when memory runs out, one rung after the other, and what a worker writes down before it starts anew.

`warm.py` climbs: fewer pictures at once → tiles → offload → smaller canvases → another process, which begins on the
rung that this one came to. Faults of the card's own (CUDA) leave a process that can do nothing any more: it ends at
once. No job has a worker started anew twice.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import json
import os
import sys
import time
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any, TypeVar

from engine.errors import SelfsameError
from engine.images.pipelines.port import Canvas, Patch, Precision, Relief
from engine.models.lease import lock

T = TypeVar("T")

# Seconds after which a rung is forgotten: what else was in the card's memory may be gone.
RECONSIDER = 6 * 3600.0
# Seconds for which it is known that a job had a worker started anew; jobs do not live as long.
REMEMBERED = 7 * 24 * 3600.0
# Pixels of a canvas's side that it is not made smaller than.
LEAST_SIDE = 256

_OUT_OF_MEMORY = (
    "out of memory",
    "can't allocate memory",
    "cannot allocate memory",
    "failed to allocate memory",
    "alloc_failed",
    "insufficient memory",
    "not enough memory",
)
_FAULTS = (
    "cuda error",
    "device-side assert",
    "cuda failure",
    "cublas_status",
    "cudnn_status",
    "cufft",
    "illegal memory access",
    "unspecified launch failure",
    "hip error",
)


class Trouble(StrEnum):
    """What a library's error means for the process."""

    MEMORY = "memory"  # something else can be tried
    FAULT = "fault"  # nothing more can be done with the card in this process


class Rung(IntEnum):
    """How far down a family is. Up to OFFLOAD they are `Relief`'s."""

    FULL = 0
    TILING = 1
    OFFLOAD = 2
    SMALLER = 3
    SMALLEST = 4

    @property
    def relief(self) -> Relief:
        """What a renderer is asked for on this rung."""
        return Relief(min(self, Rung.OFFLOAD))

    @property
    def share(self) -> float:
        """Of a canvas's sides."""
        return {Rung.SMALLER: 0.75, Rung.SMALLEST: 0.5}.get(self, 1.0)


class RestartNeeded(Exception):  # noqa: N818 - no error of a person's: only the worker meets it
    """This process can do no more for a picture; another one may. `family` is "" where no model was at work."""

    def __init__(
        self, trouble: Trouble, family: str = "", precision: Precision | None = None, rung: Rung = Rung.FULL
    ) -> None:
        super().__init__(f"{trouble}: {family or 'beside the models'}, rung {rung}")
        self.trouble, self.family, self.precision, self.rung = trouble, family, precision, rung


def trouble_of(error: BaseException | None) -> Trouble | None:
    """Whether an error, or what led to it, says that memory ran out or the card failed; by name, without torch."""
    while error is not None:
        if found := _of(error):
            return found
        error = error.__cause__
    return None


def _of(error: BaseException) -> Trouble | None:
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return Trouble.MEMORY
    if isinstance(error, SelfsameError | OSError) or not isinstance(error, Exception):
        return None
    if any(kind.__name__ == "OutOfMemoryError" for kind in type(error).__mro__):
        return Trouble.MEMORY
    text = str(error).casefold()
    if any(words in text for words in _OUT_OF_MEMORY):
        return Trouble.MEMORY
    return Trouble.FAULT if any(words in text for words in _FAULTS) else None


def attempt(call: Callable[[], T]) -> T | Trouble:
    """What a call gives, or which trouble it met; other errors are its caller's.

    Memory is swept only after the except block: until then the traceback holds the tensors.
    """
    try:
        return call()
    except Exception as error:
        trouble = trouble_of(error)
        if trouble is None:
            raise
    if trouble is Trouble.MEMORY:
        sweep()
    return trouble


def sweep() -> None:
    """Give back what nobody refers to any more; the card's too, if torch is here already."""
    gc.collect()
    torch: Any = sys.modules.get("torch")
    if torch is None:
        return
    with contextlib.suppress(RuntimeError, AttributeError):  # half imported, or a card that failed
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        elif torch.backends.mps.is_available():
            torch.mps.empty_cache()


def shrunk(canvases: Sequence[Canvas], share: float, multiple: int) -> list[Canvas] | None:
    """The same canvases with smaller sides; None where they would become too small to be of use."""
    if share == 1.0:
        return list(canvases)
    smaller = [_smaller(canvas, share, max(multiple, 1)) for canvas in canvases]
    if any(min(canvas.width, canvas.height) < LEAST_SIDE for canvas in smaller):
        return None
    return smaller


def _smaller(canvas: Canvas, share: float, multiple: int) -> Canvas:
    width, height = (int(side * share) // multiple * multiple for side in (canvas.width, canvas.height))
    patch = canvas.patch
    if patch is not None:
        size = width, height
        patch = Patch(patch.image.resize(size), patch.mask.resize(size), patch.strength)
    return replace(canvas, width=width, height=height, patch=patch)


class LadderBook:
    """What workers leave to their successors: `images/ladder.json` in the data directory, written whole or not at all."""

    def __init__(self, data: Path, device: str, clock: Callable[[], float] = time.time) -> None:
        self._path = data / "images" / "ladder.json"
        self._device, self._clock = device, clock

    def rung(self, family: str, precision: Precision) -> Rung:
        """Where a family begins."""
        entry = self._read()["rungs"].get(self._key(family, precision))
        if entry is None or self._clock() - entry["at"] > RECONSIDER:
            return Rung.FULL
        return Rung(entry["rung"])

    def forget_rung(self, family: str, precision: Precision) -> None:
        """The family begins at the top again."""
        with self._changing() as book:
            book["rungs"].pop(self._key(family, precision), None)

    def note(self, need: RestartNeeded, jobs: Collection[str]) -> None:
        """Write down why this process ends and for which jobs."""
        with self._changing() as book:
            if need.family and need.precision is not None and need.rung:
                key = self._key(need.family, need.precision)
                book["rungs"][key] = {"rung": int(need.rung), "at": self._clock()}
            book["restarted"].update(dict.fromkeys(jobs, self._clock()))

    def restarted(self, job_id: str) -> bool:
        """Whether a job has had a worker started anew."""
        at = self._read()["restarted"].get(job_id)
        return at is not None and self._clock() - at < REMEMBERED

    @contextmanager
    def warming(self) -> Generator[bool]:
        """Warm up within; gives False if the process before this one died of it, and then nothing is to be done."""
        with self._changing() as book:
            died = self._device in book["warming"]
            book["warming"][self._device] = self._clock()
        try:
            yield not died
        finally:
            with self._changing() as book:
                book["warming"].pop(self._device, None)

    def _key(self, family: str, precision: Precision) -> str:
        return f"{family} {precision} {self._device}"

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        """The book, to be changed by nobody else meanwhile."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("a+b") as guard:
            lock(guard, wait=True)
            book = self._read()
            yield book
            old = self._clock() - REMEMBERED
            book["restarted"] = {job: at for job, at in book["restarted"].items() if at > old}
            temporary = self._path.with_suffix(f".{os.getpid()}.tmp")
            with temporary.open("w", encoding="utf-8") as file:
                json.dump(book, file)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self._path)

    def _read(self) -> dict[str, Any]:
        """The book; an empty one where it is not there or cannot be read: then everything is tried from the top."""
        empty: dict[str, Any] = {"rungs": {}, "restarted": {}, "warming": {}}
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return empty
        if not isinstance(found, dict) or not all(isinstance(found.get(key), dict) for key in empty):
            return empty
        return found
