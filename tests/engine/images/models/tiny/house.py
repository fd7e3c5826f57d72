"""What the tests of all families need: a workshop over a temporary directory, references, and somebody who watches."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig
from engine.errors import CancelledError
from engine.images.pipelines.port import Canvas, Reference, Workshop
from engine.types import ReferenceRole


def workshop(data: Path, **images: Any) -> Workshop:
    """On the processor, with these settings of [images]."""
    return Workshop(data, ImagesConfig(**images), ComfyConfig(), ImageServerConfig())


def reference(folder: Path, number: int, size: tuple[int, int] = (64, 64)) -> Reference:
    """A picture of its own: blots of random colours, which a seed makes."""
    blots = np.random.default_rng(number).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    path = folder / f"reference-{number}-{size[0]}x{size[1]}.png"
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(blots).resize(size, Image.Resampling.NEAREST).save(path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Reference(ReferenceRole.HEADSHOT, f"picture {number}", sha256, path)


def canvas(references: tuple[Reference, ...] = (), **changed: Any) -> Canvas:
    """A small one of two steps."""
    asked: dict[str, Any] = {
        "prompt": "at the lake",
        "seed": 7,
        "width": 64,
        "height": 64,
        "steps": 2,
        "guidance": 1.0,
        "references": references,
    }
    return Canvas(**(asked | changed))


@dataclass
class Watching:
    """Somebody who watches: notes all, and cancels after `stop_at` steps."""

    stop_at: int | None = None
    steps: list[tuple[int, int]] = field(default_factory=list)
    previews: list[Image.Image] = field(default_factory=list)

    def step(self, done: int, of: int) -> None:
        """Note it. Raises CancelledError where this is where to stop."""
        self.steps.append((done, of))
        if self.stop_at is not None and done >= self.stop_at:
            raise CancelledError

    def preview(self, image: Image.Image) -> None:
        """Note it."""
        self.previews.append(image)


def pixels(image: Image.Image) -> np.ndarray[Any, Any]:
    """As numbers that can be subtracted."""
    return np.asarray(image.convert("RGB")).astype(int)
