"""The ports of picture making: `Pipeline` for the worker, `Family` and `Renderer` for the models behind it.

`engine/images/worker.py` calls `Pipeline.render` in a thread of its own process, so everything here may block. The
illustrator is a pipeline by itself; all models are rendered through `engine/images/studio/`, which plans, renders,
verifies and repairs with them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from engine.types import Making, PictureJob, ReferenceRole

if TYPE_CHECKING:
    from PIL.Image import Image

    from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig
    from engine.images.pipelines.facts import Facts

Progress = Callable[[float, str], None]  # (share done 0..1, words for people); raises CancelledError to stop


@runtime_checkable
class Showing(Protocol):
    """A `Progress` that also takes what the picture looks like so far, as the worker's own does."""

    def __call__(self, share: float, words: str) -> None:
        """As any `Progress`."""

    def preview(self, image: Image) -> None:
        """Keep it small where people can see it. Called as often as wanted; raises CancelledError to stop."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished picture: PNG bytes, its size in pixels, and a caption for people who cannot see it."""

    png: bytes
    width: int
    height: int
    caption: str
    pipeline: str = (
        ""  # what made it, where that is not what was asked for: "illustrator" while weights are missing
    )
    making: Making | None = None  # None: drawn by rules


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference picture of a character: what it fixes, and its file."""

    role: ReferenceRole
    name: str  # "profile", "happy", "jazz bar"
    sha256: str  # of the file's bytes: cached conditioning is keyed by it
    path: Path


@dataclass(frozen=True, slots=True)
class Materials:
    """What a picture is made from beside its job: the character's own references, and the other characters' canons.

    The cast is only compared with: no other character's picture is ever shown to a model.
    """

    own: tuple[Reference, ...] = ()
    cast: tuple[Reference, ...] = ()  # of every other character the headshot; `name` is the character's id
    character_id: str = ""  # whose references these are: gates may be calibrated for it


NOTHING = Materials()


class Pipeline(Protocol):
    """Something that turns a picture job into a picture."""

    @property
    def name(self) -> str:
        """The name stored with each picture."""

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        """Make the picture; the same job gives the same bytes. Raises RenderError, or what `progress` raises."""


@runtime_checkable
class Together(Protocol):
    """A pipeline that can make several pictures at once faster than one after another."""

    def key(self, job: PictureJob, materials: Materials) -> Hashable | None:
        """Jobs of the same key can be made together; None: this one is made alone."""

    def render_many(
        self, orders: Sequence[tuple[PictureJob, Progress, Materials]]
    ) -> list[Rendered | Exception]:
        """For each job what `render` gives or raises. Where one's progress raises, the others go on."""


# ---------------------------------------------------------------- models


class Precision(StrEnum):
    """How exactly a model's numbers are held."""

    FP32 = "fp32"
    BF16 = "bf16"
    FP16 = "fp16"
    FP8 = "fp8"
    NF4 = "nf4"


class Relief(IntEnum):
    """What a renderer may do to need less memory, each step on top of those before it."""

    NONE = 0
    TILING = 1  # the decoder works tile by tile
    OFFLOAD = 2  # weights come to the card block by block


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a pipeline is opened with: the data directory and the settings. `device`: "cpu", "cuda:0", "mps"."""

    data: Path
    config: ImagesConfig
    comfyui: ComfyConfig
    image_server: ImageServerConfig
    device: str = "cpu"
    card: str = ""  # the name under which the device's memory is shared with the language model: "CUDA0"
    renderers: Renderers | None = None  # the process's own, so that all pipelines share one memory budget
    relief: Relief = Relief.NONE  # what a renderer begins with when it is loaded: there is no more room


@dataclass(frozen=True, slots=True)
class Adapter:
    """A LoRA: a style's theme or a trained character."""

    path: Path
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Patch:
    """A part of a picture that is painted anew: `image` is the start, `mask` ("L") is white where to paint."""

    image: Image
    mask: Image
    strength: float  # 0..1: how far from the start


@dataclass(frozen=True, slots=True)
class Canvas:
    """One picture as a model is asked for it. `references` come in their order, the canonical headshot first."""

    prompt: str
    seed: int
    width: int  # pixels, a multiple of 16
    height: int
    steps: int
    guidance: float
    sampler: str = ""  # "": the family's own
    negative: str = ""
    references: tuple[Reference, ...] = ()
    adapters: tuple[Adapter, ...] = ()
    patch: Patch | None = None


class Watch(Protocol):
    """Who is told how a render goes on. Its methods raise CancelledError once the picture is not wanted."""

    def step(self, done: int, of: int) -> None:
        """A denoising step is done."""

    def preview(self, image: Image) -> None:
        """What the picture looks like so far."""


@runtime_checkable
class Hearing(Protocol):
    """A `Watch` that also hears in words what goes on beside the steps: "loading FLUX.2 klein 4B"."""

    def say(self, words: str) -> None:
        """Something takes a while. Raises CancelledError as the steps do."""


class Renderer(Protocol):
    """A loaded model, or a server that has one."""

    @property
    def facts(self) -> Facts:
        """What it can do."""

    def render(self, canvases: Sequence[Canvas], watch: Watch) -> list[Image]:
        """RGB pictures, one for each canvas, in one batch: size, steps, guidance and sampler are the same in all.

        The same canvases give the same pictures. Raises RenderError, CancelledError, and the library's own error
        when memory runs out (`engine/images/device/ladder.py` knows them).
        """

    def relieve(self, relief: Relief) -> bool:
        """Need less memory from now on. False if this renderer cannot."""

    def close(self) -> None:
        """Give the memory back."""


class Family(Protocol):
    """A kind of model that can be loaded from a folder."""

    @property
    def facts(self) -> Facts:
        """What it can do, what it needs, whose it is."""

    def load(self, folder: Path, workshop: Workshop, precision: Precision) -> Renderer:
        """Load from a diffusers folder on disk; nothing is ever fetched. Raises WeightsError with what to do."""


class Renderers(Protocol):
    """All renderers of this process by name, kept warm within the card's memory: `engine/images/device/warm.py`."""

    def render(
        self, family: str, precision: Precision, canvases: Sequence[Canvas], watch: Watch
    ) -> list[Image]:
        """Load if needed, render, and come down the ladder when memory runs out. Raises WeightsError, VramError."""
