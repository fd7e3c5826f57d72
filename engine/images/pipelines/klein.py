"""FLUX.2 klein: the default family. Up to four references, a picture in four steps.

References are read by the autoencoder into latents that stand beside the picture's own. The pipeline would read them
in each call; here they come from the cache, and each picture of a batch may have its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from engine.images.pipelines.diffusion.renderer import DiffusersFamily, DiffusersRenderer
from engine.images.pipelines.port import Canvas, Reference

if TYPE_CHECKING:
    from torch import Tensor

# Pixels of a reference that the model takes; larger ones are made smaller.
AREA = 1024 * 1024
# A side of the picture that stands for all references in the pipeline's call: the smallest that it accepts.
STANDING_IN = 64


class KleinRenderer(DiffusersRenderer):
    """A loaded klein."""

    has_tiny: ClassVar[bool] = True
    _beside: Sequence[Sequence[Tensor]] = ()

    def __init__(self, *loaded: Any) -> None:
        super().__init__(*loaded)
        self.pipe.prepare_image_latents = self._give

    def arguments(self, call: Sequence[Canvas]) -> dict[str, Any]:
        """Prompts as the text encoder reads them; references through `_give`."""
        import torch

        arguments: dict[str, Any] = {
            "prompt_embeds": torch.cat([self._words(canvas, canvas.prompt) for canvas in call]),
            "guidance_scale": call[0].guidance,
        }
        if call[0].guidance > 1 and not self.pipe.config.is_distilled:
            negative = [self._words(canvas, canvas.negative) for canvas in call]
            arguments["negative_prompt_embeds"] = torch.cat(negative)
        self._beside = [
            [*(self.latents_of(reference) for reference in self.shown(canvas)), *self._part(canvas)]
            for canvas in call
        ]
        if self._beside[0]:
            from PIL import Image

            arguments["image"] = [Image.new("RGB", (STANDING_IN, STANDING_IN))]
        return arguments

    def latent_map(self, latents: Tensor, canvas: Canvas) -> Tensor:
        """From (B, h x w, C)."""
        side = self.pipe.vae_scale_factor * 2
        return latents.transpose(1, 2).unflatten(2, (canvas.height // side, canvas.width // side))

    def for_tiny(self, latents: Tensor) -> Tensor:
        """As the pipeline prepares them for its own decoder."""
        import torch

        vae = self.pipe.vae
        mean = vae.bn.running_mean.view(1, -1, 1, 1).to(latents)
        deviation = torch.sqrt(vae.bn.running_var.view(1, -1, 1, 1) + vae.config.batch_norm_eps).to(latents)
        unpacked: Tensor = self.pipe._unpatchify_latents(latents * deviation + mean)
        return unpacked

    def _words(self, canvas: Canvas, words: str) -> Tensor:
        def read() -> dict[str, Tensor]:
            return {"words": self.pipe.encode_prompt(prompt=[words], device=self.device)[0]}

        return self.conditioning.words(self.words_key(canvas, words), (), read)["words"].to(self.device)

    def _part(self, canvas: Canvas) -> list[Tensor]:
        """The part of a picture that is painted anew, as one more picture after the references; it is kept nowhere."""
        part = self.patched(canvas)
        if part is None:
            return []
        pixels = self.pipe.image_processor.preprocess(part, height=canvas.height, width=canvas.width)
        pixels = pixels.to(device=self.device, dtype=self.pipe.vae.dtype)
        return [self.pipe._encode_vae_image(image=pixels, generator=None).to(self.device)]

    def pixels(self, reference: Reference) -> Tensor:
        """As the pipeline prepares a reference: at most a megapixel, sides cropped to whole patches."""
        image, processor = self.picture(reference), self.pipe.image_processor
        if image.width * image.height > AREA:
            image = processor._resize_to_target_area(image, AREA)
        side = self.pipe.vae_scale_factor * 2
        width, height = image.width // side * side, image.height // side * side
        pixels: Tensor = processor.preprocess(image, height=height, width=width, resize_mode="crop")
        return pixels

    def _give(
        self, images: Any, batch_size: int, generator: Any, device: Any, dtype: Any
    ) -> tuple[Tensor, Tensor]:
        """In the place of the pipeline's `prepare_image_latents`: (B, N, C) latents and (B, N, 4) places."""
        import torch

        pipe = self.pipe
        packed = [torch.cat([pipe._pack_latents(one)[0] for one in latents]) for latents in self._beside]
        places = [pipe._prepare_image_ids(list(latents))[0] for latents in self._beside]
        return torch.stack(packed).to(device=device, dtype=dtype), torch.stack(places).to(device)


class Klein(DiffusersFamily):
    """FLUX.2 klein."""

    name: ClassVar[str] = "klein"
    renderer: ClassVar[type[DiffusersRenderer]] = KleinRenderer
