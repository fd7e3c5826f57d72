"""Families of picture models that need no model: what they do is written in the canvas's words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from PIL import Image

from engine.errors import WeightsError
from engine.images.pipelines.facts import Facts, facts_of
from engine.images.pipelines.port import Canvas, Precision, Relief, Watch, Workshop

TABLE = {
    "klein": "tests.engine.images.device.families:Klein",
    "sdxl": "tests.engine.images.device.families:Sdxl",
    "z_image": "tests.engine.images.device.families:ZImage",
    "kontext": "tests.engine.images.device.families:Kontext",
    "comfyui": "tests.engine.images.device.families:Server",
}


class OutOfMemoryError(RuntimeError):
    """Named as torch's."""


class Made:
    """A loaded model that notes what is asked of it. Memory runs out until `enough` says that it does not."""

    def __init__(self, facts: Facts, workshop: Workshop, log: list[str]) -> None:
        self.facts, self.log = facts, log
        self.relief = workshop.relief

    def render(self, canvases: Sequence[Canvas], watch: Watch) -> list[Image.Image]:
        first = canvases[0]
        self.log.append(f"render {len(canvases)} at {first.width} with {self.relief.name}")
        for word in first.prompt.split(";"):
            self._do(word.strip(), canvases)
        watch.step(1, 1)
        return [Image.new("RGB", (one.width, one.height), (one.seed % 256, 0, 0)) for one in canvases]

    def _do(self, word: str, canvases: Sequence[Canvas]) -> None:
        size = canvases[0].width
        match word.split():
            case ["fits", "relief", level] if self.relief < Relief(int(level)):
                raise OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
            case ["fits", "size", most] if size > int(most):
                raise RuntimeError("MPS backend out of memory")
            case ["fits", "batch", most] if len(canvases) > int(most):
                raise OutOfMemoryError
            case ["fits", "never"]:
                raise OutOfMemoryError
            case ["raise", *words]:
                raise RuntimeError(" ".join(words))

    def relieve(self, relief: Relief) -> bool:
        if relief is Relief.TILING and self.facts.name == "sdxl":
            return False
        self.log.append(f"relieve {relief.name}")
        self.relief = max(self.relief, relief)
        return True

    def close(self) -> None:
        self.log.append(f"close {self.facts.name}")


class Klein:
    """Loads at once; `loads` counts down how often loading meets a lack of memory first."""

    name = "klein"
    log: ClassVar[list[str]] = []
    no_memory: ClassVar[list[str]] = []

    @property
    def facts(self) -> Facts:
        return facts_of(self.name)

    def load(self, folder: Path, workshop: Workshop, precision: Precision) -> Made:
        self.log.append(f"load {self.name} {precision} with {workshop.relief.name}")
        if self.facts.repo and not folder.is_dir():
            raise WeightsError
        if self.no_memory:
            raise OSError(12, self.no_memory.pop())
        return Made(self.facts, workshop, self.log)


class Sdxl(Klein):
    name = "sdxl"


class ZImage(Klein):
    name = "z_image"


class Kontext(Klein):
    name = "kontext"


class Server(Klein):
    name = "comfyui"


class Cramped(Klein):
    """Has memory for nothing before it is loaded by a second process."""

    def load(self, folder: Path, workshop: Workshop, precision: Precision) -> Made:
        with (workshop.data / "loads").open("a") as loads:
            loads.write("x")
        return Tight(self.facts, workshop, self.log, fits=(workshop.data / "loads").stat().st_size > 1)


class Endless(Klein):
    """Never has memory for anything."""

    def load(self, folder: Path, workshop: Workshop, precision: Precision) -> Made:
        return Tight(self.facts, workshop, self.log, fits=False)


class Tight(Made):
    """Fits or not, whatever is asked."""

    def __init__(self, facts: Facts, workshop: Workshop, log: list[str], *, fits: bool) -> None:
        super().__init__(facts, workshop, log)
        self._fits = fits

    def render(self, canvases: Sequence[Canvas], watch: Watch) -> list[Image.Image]:
        watch.step(1, 2)
        if not self._fits:
            raise OutOfMemoryError("CUDA out of memory.")
        watch.preview(Image.new("RGB", (8, 8)))
        return [Image.new("RGB", (one.width, one.height), "teal") for one in canvases]
