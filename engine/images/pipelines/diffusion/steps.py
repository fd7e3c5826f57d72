"""How a render is watched: after each denoising step of a diffusers pipeline somebody is told, shown, and may stop it.

    steps = Steps(watch, ...)
    pipe(..., **steps.arguments())

To stop, `Watch` raises: the error goes through the pipeline's loop up to the renderer, which frees its hooks.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine.images.pipelines.port import Watch

if TYPE_CHECKING:
    from PIL.Image import Image

# Seconds between two previews: each costs a little, and nobody looks faster.
PACE = 0.5

# From the latents of a step to a picture of what they are so far; None where that cannot be done.
Look = Callable[[Any], "Image | None"]


class Steps:
    """The steps of one render, which may be several calls of a pipeline: `calls` of `steps` each."""

    def __init__(self, watch: Watch, steps: int, calls: int = 1) -> None:
        self._watch, self._steps, self._of = watch, steps, steps * calls
        self._calls = 0
        self._done = 0
        self._shown: float | None = None
        self._look: Look | None = None

    def begin(self) -> None:
        """Before something is computed: whoever is not wanted any more ends here."""
        self._watch.step(self._done, self._of)

    def arguments(self, look: Look | None = None) -> dict[str, Any]:
        """Arguments of a pipeline's call. `look` makes previews."""
        self._look = look
        return {"callback_on_step_end": self._step, "callback_on_step_end_tensor_inputs": ["latents"]}

    def end_call(self) -> None:
        """After a call, and its decoding."""
        self._calls += 1
        self._done = self._calls * self._steps
        self._watch.step(self._done, self._of)

    def _step(self, pipe: Any, step: int, _time: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        # Some samplers look twice at a step: what is told is the share of the steps that were asked for.
        timesteps = getattr(pipe, "num_timesteps", None) or self._steps
        self._done = self._calls * self._steps + (step + 1) * self._steps // timesteps
        self._watch.step(self._done, self._of)
        self._show(tensors["latents"])
        return tensors

    def _show(self, latents: Any) -> None:
        now = time.monotonic()
        if (
            self._look is None
            or self._done >= self._of
            or (self._shown is not None and now < self._shown + PACE)
        ):
            return
        self._shown = now
        image = self._look(latents)
        if image is not None:
            self._watch.preview(image)
