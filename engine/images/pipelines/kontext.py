"""FLUX.1 Kontext: one reference, many steps, and a licence of its own.

The pipeline takes latents of a reference in the place of its picture: they come from the cache.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from engine.images.pipelines.diffusion.renderer import DiffusersFamily, DiffusersRenderer
from engine.images.pipelines.port import Canvas, Reference

if TYPE_CHECKING:
    from torch import Tensor


class KontextRenderer(DiffusersRenderer):
    """A loaded Kontext."""

    has_tiny: ClassVar[bool] = True

    def arguments(self, call: Sequence[Canvas]) -> dict[str, Any]:
        """Prompts as both text encoders read them, and the latents of each picture's reference."""
        import torch

        read = [self._words(canvas) for canvas in call]
        arguments: dict[str, Any] = {
            "prompt_embeds": torch.cat([words for words, _ in read]),
            "pooled_prompt_embeds": torch.cat([pooled for _, pooled in read]),
            "guidance_scale": call[0].guidance,
            "max_area": call[0].width * call[0].height,  # else it is a megapixel, whatever the size
        }
        shown = [reference for canvas in call for reference in self.shown(canvas)]
        if shown:
            arguments["image"] = torch.cat([self.latents_of(reference) for reference in shown])
        return arguments

    def latent_map(self, latents: Tensor, canvas: Canvas) -> Tensor:
        """From patches of two by two."""
        unpacked: Tensor = self.pipe._unpack_latents(
            latents, canvas.height, canvas.width, self.pipe.vae_scale_factor
        )
        return unpacked

    def _words(self, canvas: Canvas) -> tuple[Tensor, Tensor]:
        def read() -> dict[str, Tensor]:
            words, pooled, _ = self.pipe.encode_prompt(
                prompt=[canvas.prompt], prompt_2=None, device=self.device
            )
            return {"words": words, "pooled": pooled}

        kept = self.conditioning.words(self.words_key(canvas, canvas.prompt), (), read)
        return kept["words"].to(self.device), kept["pooled"].to(self.device)

    def pixels(self, reference: Reference) -> Tensor:
        """At the nearest of the shapes that the model was trained on, as the pipeline prepares it."""
        image, processor = self.picture(reference), self.pipe.image_processor
        ratio, side = image.width / image.height, self.pipe.vae_scale_factor * 2
        shapes = sys.modules[type(self.pipe).__module__].PREFERRED_KONTEXT_RESOLUTIONS
        _, width, height = min((abs(ratio - width / height), width, height) for width, height in shapes)
        width, height = width // side * side, height // side * side
        pixels: Tensor = processor.preprocess(processor.resize(image, height, width), height, width)
        return pixels


class Kontext(DiffusersFamily):
    """FLUX.1 Kontext."""

    name: ClassVar[str] = "kontext"
    renderer: ClassVar[type[DiffusersRenderer]] = KontextRenderer
