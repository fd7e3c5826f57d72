"""The two sides: diffusers as its documentation shows it, and Selfsame's renderer on the same folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig
from engine.images.pipelines.diffusion.renderer import DiffusersRenderer
from engine.images.pipelines.port import Canvas, Precision, Workshop

# How diffusers' documentation asks each family for guidance.
GUIDANCE = {"klein": 1.0, "sdxl": 5.0}


@dataclass(frozen=True, slots=True)
class Nobody:
    """A watch that looks at each step, as the worker's does, and never stops anything."""

    def step(self, done: int, of: int) -> None:
        """It is done."""

    def preview(self, image: Any) -> None:
        """Nobody looks."""


class Bare:
    """`from_pretrained`, `.to`, one call for each picture."""

    def __init__(self, family: str, folder: Path, device: str, precision: Precision) -> None:
        import diffusers

        from engine.images.pipelines.diffusion.precision import number

        names = {"klein": "Flux2KleinPipeline", "sdxl": "StableDiffusionXLPipeline"}
        self._family = family
        self.pipe: Any = getattr(diffusers, names[family]).from_pretrained(
            folder, dtype=number(precision), local_files_only=True
        )
        self.pipe.to(device)
        self.pipe.set_progress_bar_config(disable=True)

    def render(self, canvases: Sequence[Canvas]) -> list[Any]:
        """One after another."""
        return [self._render(canvas) for canvas in canvases]

    def _render(self, canvas: Canvas) -> Any:
        import torch
        from PIL import Image

        shown = [Image.open(reference.path) for reference in canvas.references]
        return self.pipe(
            prompt=canvas.prompt,
            width=canvas.width,
            height=canvas.height,
            num_inference_steps=canvas.steps,
            guidance_scale=canvas.guidance,
            generator=torch.Generator().manual_seed(canvas.seed),
            **({"image": shown} if shown else {}),
        ).images[0]


def ours(
    family: str, folder: Path, data: Path, device: str, precision: Precision, *, compiling: bool = False
) -> DiffusersRenderer:
    """The family's renderer, as the worker opens it. Nothing is kept on disk: a bench shall not find its last run."""
    config = ImagesConfig(compile=compiling, previews=False, conditioning_mb=0)
    workshop = Workshop(data, config, ComfyConfig(), ImageServerConfig(), device)
    if family == "klein":
        from engine.images.pipelines.klein import Klein

        return Klein().load(folder, workshop, precision)
    from engine.images.pipelines.sdxl.family import Sdxl

    return Sdxl().load(folder, workshop, precision)
