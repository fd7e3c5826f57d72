"""Qwen-Image-Edit-2511: up to three references, read twice: by the autoencoder and by a language model that sees.

Both readings of a picture come from the cache. The pipeline takes one prompt at a time.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from engine.errors import InputError
from engine.images.pipelines.diffusion.renderer import DiffusersFamily, DiffusersRenderer
from engine.images.pipelines.port import Canvas, Reference

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

# What guidance leads away from where nothing is said: the model's own documentation has a space.
NOTHING_SAID = " "


class QwenEditRenderer(DiffusersRenderer):
    """A loaded Qwen-Image-Edit."""

    def __init__(self, *loaded: Any) -> None:
        super().__init__(*loaded)
        self._shown: tuple[Reference | None, ...] = ()  # None: the part that is painted anew
        self._next: deque[Reference | None] = deque()
        seeing = self.pipe.text_encoder.model
        self._encode: Any = self.pipe._encode_vae_image
        self._see: Any = seeing.get_image_features
        self.pipe._encode_vae_image, seeing.get_image_features = self._latents, self._features

    def close(self) -> None:
        """Give the memory back, and what was held for reading references."""
        self._encode = self._see = None
        super().close()

    def arguments(self, call: Sequence[Canvas]) -> dict[str, Any]:
        """One canvas: its words beside its references, and the references themselves, which `_latents` reads."""
        (canvas,) = call
        shown, part = self.shown(canvas), self.patched(canvas)
        if not shown:
            raise InputError(f"{self.facts.title} works from references and needs at least one.")
        pictures = [self.picture(reference) for reference in shown]
        self._shown = shown
        if part is not None:
            self._shown, pictures = (*shown, None), [*pictures, part]
        words, mask = self._words(canvas, canvas.prompt, pictures)
        arguments = {
            "image": pictures,
            "prompt_embeds": words,
            "prompt_embeds_mask": mask,
            "true_cfg_scale": canvas.guidance,
        }
        if canvas.guidance > 1:
            words, mask = self._words(canvas, canvas.negative or NOTHING_SAID, pictures)
            arguments |= {"negative_prompt_embeds": words, "negative_prompt_embeds_mask": mask}
        self._next = deque(self._shown)
        return arguments

    def latent_map(self, latents: Tensor, canvas: Canvas) -> Tensor:
        """From patches of two by two, of one frame."""
        unpacked: Tensor = self.pipe._unpack_latents(
            latents, canvas.height, canvas.width, self.pipe.vae_scale_factor
        )
        return unpacked[:, :, 0]

    def _words(self, canvas: Canvas, words: str, pictures: Sequence[Image]) -> tuple[Tensor, Tensor | None]:
        """What the language model makes of the words and the pictures that it sees beside them."""

        def read() -> dict[str, Tensor]:
            module, processor = sys.modules[type(self.pipe).__module__], self.pipe.image_processor
            seen = []
            for picture in pictures:
                width, height = module.calculate_dimensions(
                    module.CONDITION_IMAGE_SIZE, picture.width / picture.height
                )
                seen.append(processor.resize(picture, height, width))
            embeds, mask = self.pipe.encode_prompt(prompt=[words], image=seen, device=self.device)
            return {"words": embeds} if mask is None else {"words": embeds, "mask": mask}

        known = tuple(reference for reference in self._shown if reference is not None)
        whole = len(known) == len(self._shown)
        kept = self.conditioning.words(self.words_key(canvas, words), known, read) if whole else read()
        mask = kept.get("mask")
        return kept["words"].to(self.device), None if mask is None else mask.to(self.device)

    def _latents(self, image: Tensor, generator: Any) -> Tensor:
        """In the place of the pipeline's `_encode_vae_image`, which it calls for one reference after another."""
        reference = self._next.popleft()

        def read() -> dict[str, Tensor]:
            return {"latents": self._encode(image=image, generator=None)}

        size = f"{image.shape[-1]}x{image.shape[-2]}"
        if reference is None:
            return read()["latents"].to(image)
        latents = self.conditioning.get(reference, f"latents {size}", read)["latents"]
        if self.previews is not None and self.previews.wants:
            self.previews.fit(latents[:, :, 0], image[:, :, 0])
        return latents.to(image)

    def _features(self, pixel_values: Tensor, image_grid_thw: Tensor, **more: Any) -> Any:
        """In the place of the language model's eyes, which look at each picture by itself."""
        from transformers.modeling_outputs import BaseModelOutputWithPooling

        def look(pixels: Tensor, grid: Tensor) -> dict[str, Tensor]:
            return {"seen": self._see(pixels, grid[None], **more).pooler_output[0]}

        seen = []
        patches = pixel_values.split(image_grid_thw.prod(-1).tolist())
        for reference, pixels, grid in zip(self._shown, patches, image_grid_thw, strict=True):
            key = "seen " + "x".join(str(side) for side in grid.tolist())
            read = partial(look, pixels, grid)
            kept = self.conditioning.get(reference, key, read) if reference is not None else read()
            seen.append(kept["seen"].to(pixel_values.device))
        return BaseModelOutputWithPooling(pooler_output=tuple(seen))


class QwenEdit(DiffusersFamily):
    """Qwen-Image-Edit-2511."""

    name: ClassVar[str] = "qwen_edit"
    renderer: ClassVar[type[DiffusersRenderer]] = QwenEditRenderer
