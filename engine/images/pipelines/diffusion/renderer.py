"""What all families that diffusers renders share: `DiffusersRenderer`, and `DiffusersFamily` that loads one.

    calls = self._calls(canvases)             canvases that go into one call of the pipeline
    apply_sampler(...), wear(...)             as these canvases ask for
    self.pipe(**self.arguments(call), ...)    what a family makes of prompts and references, one generator for each
    steps                                     tell, show and stop

A family adds `arguments` and how its latents are laid out.
"""

from __future__ import annotations

import gc
from collections.abc import Hashable, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from engine.errors import InputError, RenderError
from engine.images.pipelines.diffusion.conditioning import Conditioning
from engine.images.pipelines.diffusion.folder import fingerprint
from engine.images.pipelines.diffusion.loading import load_pipeline
from engine.images.pipelines.diffusion.placing import Place, compiled
from engine.images.pipelines.diffusion.previews import Previews
from engine.images.pipelines.diffusion.samplers import apply_sampler
from engine.images.pipelines.diffusion.steps import Look, Steps
from engine.images.pipelines.facts import Facts, facts_of
from engine.images.pipelines.port import Adapter, Canvas, Precision, Reference, Relief, Watch, Workshop

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor


class DiffusersRenderer:
    """A loaded diffusers pipeline behind the port. `facts` and `conditioning` may be read by anybody."""

    def __init__(
        self, pipe: Any, facts: Facts, folder: Path, workshop: Workshop, precision: Precision
    ) -> None:
        self.pipe = pipe
        self.facts = facts
        self.conditioning = Conditioning(
            workshop.data, f"{fingerprint(folder)}/{facts.name}/{precision}", workshop.config.conditioning_mb
        )
        self.previews = (
            Previews(folder, workshop.device, self.for_tiny if self.has_tiny else None)
            if workshop.config.previews
            else None
        )
        self._place = Place(pipe, workshop.device, workshop.relief)
        if workshop.config.compile and precision is not Precision.FP8:
            compiled(pipe)

    # What a family says of itself.

    # Whether there are tiny autoencoders for its latents.
    has_tiny: ClassVar[bool] = False

    def arguments(self, call: Sequence[Canvas]) -> dict[str, Any]:
        """The pipeline's arguments for canvases of one `kind`: prompts, references, guidance."""
        raise NotImplementedError

    def latent_map(self, latents: Tensor, canvas: Canvas) -> Tensor:
        """Latents of a step as a map (B, C, h, w), as the autoencoder's latents of a reference are kept."""
        return latents

    def for_tiny(self, latents: Tensor) -> Tensor:
        """A map of latents as a tiny autoencoder decodes them."""
        return latents

    def pixels(self, reference: Reference) -> Tensor:
        """A reference as the autoencoder reads it: (1, 3, H, W) from -1 to 1. For families that use `latents_of`."""
        raise NotImplementedError

    def kind(self, canvas: Canvas) -> Hashable:
        """Canvases of the same kind go into one call: here, those whose references have the same sizes."""
        return tuple(_size(reference) for reference in self.shown(canvas))

    def pipe_for(self, call: Sequence[Canvas]) -> Any:
        """The pipeline that these canvases are rendered with."""
        return self.pipe

    # What the port asks for.

    def render(self, canvases: Sequence[Canvas], watch: Watch) -> list[Image]:
        """RGB pictures, one for each canvas; canvases that do not go into one call are rendered one after another."""
        if not canvases:
            return []
        self._check(canvases)
        calls = self._calls(canvases)
        steps = Steps(watch, canvases[0].steps, len(calls))
        steps.begin()
        self.conditioning.sweep()
        images: list[Image] = []
        for call in calls:
            images += self._call(call, steps)
        return images

    def relieve(self, relief: Relief) -> bool:
        """Need less memory from now on."""
        return self._place.relieve(relief)

    def close(self) -> None:
        """Give the memory back. The renderer cannot be used any more."""
        self._place.leave()
        self.conditioning.clear()
        self.previews = None
        self.pipe = None
        gc.collect()
        _empty_cache()

    @property
    def reference_encodings(self) -> int:
        """How often a reference picture was read by the model since it was loaded."""
        return self.conditioning.encodings

    # What families use.

    @property
    def device(self) -> Any:
        """Where the pipeline computes, even while its weights lie elsewhere."""
        return self.pipe._execution_device

    def shown(self, canvas: Canvas) -> tuple[Reference, ...]:
        """The references that the family takes at once; those after them are left out."""
        return canvas.references[: self.facts.references]

    def patched(self, canvas: Canvas) -> Image | None:
        """The part of a picture that a family which edits is shown after the references, in the canvas's size."""
        if canvas.patch is None:
            return None
        return canvas.patch.image.convert("RGB").resize((canvas.width, canvas.height))

    def picture(self, reference: Reference) -> Image:
        """A reference in RGB. Raises RenderError if its file is gone or cannot be read."""
        from PIL import Image as Images

        try:
            with Images.open(reference.path) as image:
                return image.convert("RGB")
        except (OSError, ValueError) as error:
            raise RenderError(f"The reference picture “{reference.name}” cannot be read.") from error

    def latents_of(self, reference: Reference) -> Tensor:
        """What the autoencoder reads of a reference, as the model sees it: (1, C, h, w), from the cache if it can be."""

        def read() -> dict[str, Tensor]:
            pixels = self.pixels(reference).to(device=self.device, dtype=self.pipe.vae.dtype)
            return {"latents": self.pipe._encode_vae_image(image=pixels, generator=None)}

        latents = self.conditioning.get(reference, "latents", read)["latents"]
        if self.previews is not None and self.previews.wants:
            self.previews.fit(latents, self.pixels(reference))
        return latents.to(self.device)

    def words_key(self, canvas: Canvas, words: str) -> str:
        """A key for what text encoders make of words: LoRAs may change it."""
        worn = "\0".join(
            f"{adapter.path}={adapter.scale}={adapter.path.stat().st_mtime_ns if adapter.path.exists() else 0}"
            for adapter in canvas.adapters
        )
        return f"{words}\0{worn}"

    # Inside.

    def _check(self, canvases: Sequence[Canvas]) -> None:
        first = canvases[0]
        alike = {(one.width, one.height, one.steps, one.guidance, one.sampler) for one in canvases}
        if len(alike) > 1:
            raise RenderError("Pictures of one batch must have the same size, steps, guidance and sampler.")
        multiple = self.facts.multiple
        if first.width % multiple or first.height % multiple:
            raise InputError(f"{self.facts.title} draws sides that are multiples of {multiple} pixels.")
        if first.steps < 1:
            raise InputError("A picture needs at least one step.")
        if not self.facts.patch and any(one.patch for one in canvases):
            raise RenderError(f"{self.facts.title} cannot paint a part of a picture anew.")

    def _calls(self, canvases: Sequence[Canvas]) -> list[list[Canvas]]:
        if not self.facts.batch:
            return [[canvas] for canvas in canvases]
        grouped = groupby(
            canvases, key=lambda canvas: (canvas.adapters, canvas.patch is None, self.kind(canvas))
        )
        return [list(call) for _, call in grouped]

    def _call(self, call: Sequence[Canvas], steps: Steps) -> list[Image]:
        import torch

        first = call[0]
        pipe = self.pipe_for(call)
        self._wear(first.adapters)
        apply_sampler(pipe, first.sampler, self.facts)
        try:
            with torch.no_grad():
                arguments = self.arguments(call)
                steps.begin()  # references may have taken a while
                pictures = pipe(
                    **arguments,
                    width=first.width,
                    height=first.height,
                    num_inference_steps=first.steps,
                    generator=[torch.Generator("cpu").manual_seed(canvas.seed) for canvas in call],
                    output_type="pil",
                    **steps.arguments(self._look(first)),
                ).images
        except BaseException:
            pipe.maybe_free_model_hooks()  # what the pipeline does itself where it comes to its end
            raise
        steps.end_call()
        return [picture.convert("RGB") for picture in pictures]

    def _wear(self, adapters: tuple[Adapter, ...]) -> None:
        from engine.images.pipelines.diffusion.adapters import wear

        wear(self.pipe, adapters)

    def _look(self, canvas: Canvas) -> Look | None:
        previews = self.previews
        if previews is None:
            return None
        return lambda latents: previews.look(self.latent_map(latents, canvas))


class DiffusersFamily:
    """A family that diffusers loads: its name in families.toml, and its renderer."""

    name: ClassVar[str]
    renderer: ClassVar[type[DiffusersRenderer]]

    @property
    def facts(self) -> Facts:
        """What it can do, what it needs, whose it is."""
        return facts_of(self.name)

    def load(self, folder: Path, workshop: Workshop, precision: Precision) -> DiffusersRenderer:
        """Load from a diffusers folder on disk; nothing is ever fetched. Raises WeightsError with what to do."""
        pipe = load_pipeline(folder, self.facts, workshop, precision)
        return self.renderer(pipe, self.facts, folder, workshop, precision)


def _size(reference: Reference) -> tuple[int, int]:
    from PIL import Image as Images

    try:
        with Images.open(reference.path) as image:
            return image.size
    except (OSError, ValueError) as error:
        raise RenderError(f"The reference picture “{reference.name}” cannot be read.") from error


def _empty_cache() -> None:
    import torch

    if torch.cuda.is_available():
        torch.cuda.empty_cache()
