"""Where a pipeline's weights lie: on the card, or beside it and brought there when they are needed."""

from __future__ import annotations

import gc
from typing import Any

from engine.images.pipelines.diffusion.precision import DENOISERS
from engine.images.pipelines.port import Relief

# Of a card's memory, what its largest part may take for whole parts to be brought there; else block by block.
ROOM = 0.7


class Place:
    """Of one pipeline: on its device, and how much memory it may still save."""

    def __init__(self, pipe: Any, device: str, relief: Relief = Relief.NONE) -> None:
        """`relief`: what is known beforehand; weights that are offloaded never lie on the card as a whole."""
        self._pipe, self._device = pipe, device
        self.relief = Relief.NONE
        if device != "cpu" and relief < Relief.OFFLOAD and not self._move():
            relief = Relief.OFFLOAD
        self.relieve(relief)

    def relieve(self, relief: Relief) -> bool:
        """Take the steps up to this one. There is no way back but loading anew."""
        if relief >= Relief.TILING > self.relief:
            self._tile()
        if relief >= Relief.OFFLOAD > self.relief:
            self._offload()
        self.relief = max(relief, self.relief)
        return True

    def leave(self) -> None:
        """Let go of the pipeline."""
        self._pipe.remove_all_hooks()
        self._pipe = None

    def _move(self) -> bool:
        """Whether it fits onto the card as a whole."""
        import torch

        try:
            self._pipe.to(self._device)
        except torch.OutOfMemoryError:
            full = True  # the handler is left first: its traceback holds what is to be freed
        else:
            full = False
        if full:
            self._pipe.to("cpu")
            gc.collect()
            torch.cuda.empty_cache()
        return not full

    def _tile(self) -> None:
        vae = self._pipe.vae
        vae.enable_tiling()
        if hasattr(vae, "enable_slicing"):
            vae.enable_slicing()

    def _offload(self) -> None:
        """Whole parts one after another where the largest fits the card, blocks of each otherwise."""
        import torch

        if self._device.startswith("cuda"):
            card = torch.cuda.get_device_properties(self._device).total_memory
            if _largest(self._pipe) < ROOM * card:
                self._pipe.enable_model_cpu_offload(device=self._device)
                return
        self._pipe.to("cpu")
        self._pipe.enable_group_offload(
            onload_device=torch.device(self._device),
            offload_device=torch.device("cpu"),
            offload_type="block_level",
            num_blocks_per_group=1,
            exclude_modules="vae",  # its encode and decode go past the hooks of forward
        )
        self._pipe.vae.to(self._device)


def compiled(pipe: Any, backend: str = "inductor") -> None:
    """Compile the blocks that a denoiser repeats: once for all of them, at the first picture of each shape."""
    import torch

    # Where there is no compiler of C, or none for the card, a picture is made without: later, but it is made.
    torch._dynamo.config.suppress_errors = True
    for name in DENOISERS:
        part = getattr(pipe, name, None)
        if part is not None and hasattr(part, "compile_repeated_blocks"):
            part.compile_repeated_blocks(backend=backend)


def _largest(pipe: Any) -> int:
    """Bytes of the largest part."""
    parts = [part for part in pipe.components.values() if hasattr(part, "parameters")]
    return max(int(sum(weight.nbytes for weight in part.parameters())) for part in parts)
