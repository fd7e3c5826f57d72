"""Z-Image-Turbo: scenery in nine steps, from words alone. It takes no references, so it is never given a character."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from engine.images.pipelines.diffusion.renderer import DiffusersFamily, DiffusersRenderer
from engine.images.pipelines.port import Canvas

if TYPE_CHECKING:
    from torch import Tensor


class ZImageRenderer(DiffusersRenderer):
    """A loaded Z-Image."""

    has_tiny: ClassVar[bool] = True

    def arguments(self, call: Sequence[Canvas]) -> dict[str, Any]:
        """Prompts as the language model reads them, each at its own length."""
        guided = call[0].guidance > 0
        return {
            "prompt_embeds": [self._words(canvas, canvas.prompt) for canvas in call],
            "negative_prompt_embeds": [self._words(canvas, canvas.negative) for canvas in call if guided],
            "guidance_scale": call[0].guidance,
        }

    def _words(self, canvas: Canvas, words: str) -> Tensor:
        def read() -> dict[str, Tensor]:
            embeds, _ = self.pipe.encode_prompt(
                prompt=[words], device=self.device, do_classifier_free_guidance=False
            )
            return {"words": embeds[0]}

        return self.conditioning.words(self.words_key(canvas, words), (), read)["words"].to(self.device)


class ZImage(DiffusersFamily):
    """Z-Image-Turbo."""

    name: ClassVar[str] = "z_image"
    renderer: ClassVar[type[DiffusersRenderer]] = ZImageRenderer
