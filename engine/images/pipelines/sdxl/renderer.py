"""A loaded SDXL: words, references and masks of canvases become arguments of the pipeline.

What CLIP sees of a reference, and whose face it is, come from the cache; several references stand side by side as
tokens. A part of a picture is painted anew by the inpainting pipeline, which shares all weights, and what is outside
of the mask stays as it was, to the bit.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from engine.errors import RenderError, WeightsError
from engine.images.pipelines.diffusion.adapters import wear
from engine.images.pipelines.diffusion.renderer import DiffusersRenderer
from engine.images.pipelines.diffusion.steps import Steps
from engine.images.pipelines.facts import Facts
from engine.images.pipelines.port import Adapter, Canvas, Precision, Reference, Workshop
from engine.images.pipelines.sdxl.ip_adapter import IpAdapter

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

# Pixels of a side at which a reference is read for previews only.
GLANCE = 256


class SdxlRenderer(DiffusersRenderer):
    """A loaded SDXL; `adapter` is None where IP-Adapter is not here."""

    has_tiny: ClassVar[bool] = True

    def __init__(
        self,
        pipe: Any,
        facts: Facts,
        folder: Path,
        workshop: Workshop,
        precision: Precision,
        adapter: IpAdapter | None,
    ) -> None:
        pipe.watermark = None  # pictures are marked by `engine/images/provenance/`
        super().__init__(pipe, facts, folder, workshop, precision)
        self.adapter = adapter
        self._inpaint = _inpainting(pipe)
        self._beside: list[tuple[Tensor, Tensor]] = []
        for one in (pipe, self._inpaint):
            one.prepare_ip_adapter_image_embeds = self._give

    # What the base asks for.

    def kind(self, canvas: Canvas) -> Hashable:
        """As many references, and as far from the start of a patch."""
        return len(self.shown(canvas)), canvas.patch.strength if canvas.patch else None

    def pipe_for(self, call: Sequence[Canvas]) -> Any:
        """For patches the inpainting pipeline."""
        return self._inpaint if call[0].patch else self.pipe

    def arguments(self, call: Sequence[Canvas]) -> dict[str, Any]:
        """Words as both text encoders read them, references as tokens, and patches."""
        faces = self._faces(call)
        wear(
            self.pipe, call[0].adapters, also=self.adapter.names if self.adapter and faces is not None else ()
        )
        arguments = {"guidance_scale": call[0].guidance} | self._words_of(call)
        if self.adapter is not None:
            self._beside = self._tokens(call, faces)
            arguments["ip_adapter_image_embeds"] = [tokens for tokens, _ in self._beside]
            self._glance(call)
        elif self.shown(call[0]):
            raise WeightsError(
                f"{self.facts.title} takes reference pictures through IP-Adapter, which is not here. "
                "Fetch it: selfsame models pull ip_adapter"
            )
        return arguments | _patched(call)

    def latent_map(self, latents: Tensor, canvas: Canvas) -> Tensor:
        """Some samplers carry the noise at its full height, which would drown the picture."""
        return latents / latents.std().clamp(min=1.0)

    def close(self) -> None:
        """Give the memory back."""
        if self.adapter is not None and self.pipe is not None:
            self.adapter.take_off()
        self._inpaint = self.adapter = None
        self._beside = []
        super().close()

    # Inside.

    def _wear(self, adapters: tuple[Adapter, ...]) -> None:
        """Not yet: whether FaceID's LoRA is worn beside them is known in `arguments`."""

    def _call(self, call: Sequence[Canvas], steps: Steps) -> list[Image]:
        try:
            pictures = super()._call(call, steps)
        finally:
            if call[0].patch:
                self.pipe.maybe_free_model_hooks()  # the hooks are this pipeline's, whoever has rendered
        return [_mended(canvas, picture) for canvas, picture in zip(call, pictures, strict=True)]

    def _words_of(self, call: Sequence[Canvas]) -> dict[str, Tensor]:
        import torch

        read = [self._words(canvas) for canvas in call]
        return {name: torch.cat([words[name] for words in read]).to(self.device) for name in read[0]}

    def _words(self, canvas: Canvas) -> dict[str, Tensor]:
        """By the names of the pipeline's arguments. Where nothing is to be avoided, it leads away from nothing."""
        guided = canvas.guidance > 1

        def read() -> dict[str, Tensor]:
            names = (
                "prompt_embeds",
                "negative_prompt_embeds",
                "pooled_prompt_embeds",
                "negative_pooled_prompt_embeds",
            )
            embeds = self.pipe.encode_prompt(
                prompt=canvas.prompt,
                device=self.device,
                do_classifier_free_guidance=guided,
                negative_prompt=canvas.negative or None,
            )
            return {name: embed for name, embed in zip(names, embeds, strict=True) if embed is not None}

        key = self.words_key(canvas, f"{guided}\0{canvas.prompt}\0{canvas.negative}")
        return dict(self.conditioning.words(key, (), read))

    def _tokens(self, call: Sequence[Canvas], faces: Tensor | None) -> list[tuple[Tensor, Tensor]]:
        """For each adapter what is shown (B, N, …), and what guidance leads away from, in the same shape."""
        import torch

        adapter = self.adapter
        assert adapter is not None
        nothing = adapter.nothing().to(self.device)
        shown = [[self._seen(reference) for reference in self.shown(canvas)] or [nothing] for canvas in call]
        pictures = torch.stack([torch.stack(seen) for seen in shown])
        adapter.show(bool(self.shown(call[0])), faces is not None)
        beside = [(pictures, nothing.expand_as(pictures))]
        if adapter.eye is not None:
            if faces is None:
                faces = pictures.new_zeros(len(call), 1, adapter.face_width)
            faces = faces.to(pictures)
            beside.insert(0, (faces, torch.zeros_like(faces)))
        return beside

    def _give(self, image: Any, embeds: Any, device: Any, batch: int, guided: bool) -> list[Tensor]:
        """In the place of the pipeline's `prepare_ip_adapter_image_embeds`, which knows one picture for a whole batch."""
        import torch

        return [torch.cat([nothing, shown]) if guided else shown for shown, nothing in self._beside]

    def _seen(self, reference: Reference) -> Tensor:
        adapter = self.adapter
        assert adapter is not None

        def read() -> dict[str, Tensor]:
            return {"seen": adapter.look(self.picture(reference), reference.role)}

        key = f"clip {adapter.name} {reference.role}"
        return self.conditioning.get(reference, key, read)["seen"].to(self.device)

    def _faces(self, call: Sequence[Canvas]) -> Tensor | None:
        """Whose faces are to be kept (B, 1, C): the mean of each canvas's references; None if there is no face."""
        import torch

        if self.adapter is None or self.adapter.eye is None:
            return None
        means = []
        for canvas in call:
            found = [self._face(reference) for reference in self.shown(canvas)]
            known = [face for face in found if len(face)]
            mean = torch.stack(known).mean(0) if known else torch.zeros(self.adapter.face_width)
            means.append(mean / mean.norm().clamp(min=1e-6))
        faces = torch.stack(means)[:, None]
        return faces if faces.any() else None

    def _face(self, reference: Reference) -> Tensor:
        """The vector of the largest face; nothing where there is none."""
        adapter = self.adapter
        assert adapter is not None and adapter.eye is not None
        eye = adapter.eye

        def read() -> dict[str, Tensor]:
            import torch

            sights = eye.look(self.picture(reference))
            return {"face": torch.tensor(sights[0].vector if sights else [], dtype=torch.float32)}

        face = self.conditioning.get(reference, f"face {eye.model}", read)["face"]
        if len(face) not in (0, adapter.face_width):
            raise RenderError(
                "The recogniser's vectors do not fit FaceID. It needs the one that it was trained with."
            )
        return face

    def _glance(self, call: Sequence[Canvas]) -> None:
        """Let previews learn from the first reference how latents look."""
        shown = self.shown(call[0])
        if self.previews is None or not self.previews.wants or not shown:
            return
        import torch

        picture = self.picture(shown[0]).resize((GLANCE, GLANCE))
        pixels = self.pipe.image_processor.preprocess(picture)

        def read() -> dict[str, Tensor]:
            image = pixels.to(device=self.device, dtype=self.pipe.vae.dtype)
            generator = torch.Generator("cpu").manual_seed(0)
            return {"latents": self._inpaint._encode_vae_image(image, generator=generator)}

        self.previews.fit(self.conditioning.get(shown[0], f"latents {GLANCE}", read)["latents"], pixels)


def _inpainting(pipe: Any) -> Any:
    """The same parts behind the other pipeline. Its `from_pipe` would widen them all to 32 bits."""
    from diffusers import StableDiffusionXLInpaintPipeline

    inpaint = StableDiffusionXLInpaintPipeline(**pipe.components, add_watermarker=False)
    inpaint.register_to_config(force_zeros_for_empty_prompt=pipe.config.force_zeros_for_empty_prompt)
    inpaint.set_progress_bar_config(disable=True)
    return inpaint


def _patched(call: Sequence[Canvas]) -> dict[str, Any]:
    """Arguments for the inpainting pipeline; none without patches."""
    patches = [canvas.patch for canvas in call if canvas.patch]
    if not patches:
        return {}
    size = (call[0].width, call[0].height)
    # At least one step is taken, however near to its start a patch is to stay.
    least = (1 + 1e-6) / call[0].steps
    return {
        "image": [patch.image.convert("RGB").resize(size) for patch in patches],
        "mask_image": [patch.mask.convert("L").resize(size) for patch in patches],
        "strength": min(max(patches[0].strength, least), 1.0),
    }


def _mended(canvas: Canvas, picture: Image) -> Image:
    """What was outside of the mask is the picture that was there before; the autoencoder would have changed it."""
    if canvas.patch is None:
        return picture
    from PIL import Image as Images

    size = (canvas.width, canvas.height)
    before, mask = canvas.patch.image.convert("RGB").resize(size), canvas.patch.mask.convert("L").resize(size)
    return Images.composite(picture, before, mask)
