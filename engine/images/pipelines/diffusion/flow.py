"""Solvers for flow models that do not know those models' time shift: the model's own scheduler tells them when.

Pipelines of flow models hand `sigmas` and `mu` to `set_timesteps`; only the Euler scheduler understands both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from diffusers import FlowMatchEulerDiscreteScheduler

from engine.images.pipelines.diffusion.samplers import scheduler_class

if TYPE_CHECKING:
    from engine.images.pipelines.diffusion.samplers import Sampler

# At a sigma of exactly 1 there is nothing of the picture, and solvers that divide by its share fail.
WHOLE = 1.0 - 1e-6


def scheduled(sampler: Sampler, own: Mapping[str, Any]) -> Any:
    """A scheduler of the sampler's class whose steps lie where those of the model's own scheduler (`own`) do."""
    solver: Any = scheduler_class(sampler)

    class Scheduled(solver):  # type: ignore[misc]
        """Takes what pipelines of flow models give."""

        clock = FlowMatchEulerDiscreteScheduler.from_config(own)

        def set_timesteps(
            self,
            num_inference_steps: int | None = None,
            device: Any = None,
            sigmas: Any = None,
            mu: float | None = None,
        ) -> None:
            """Place the steps. One of the number of steps and `sigmas` is given."""
            steps = len(sigmas) if sigmas is not None else num_inference_steps or 1
            if sigmas is None:
                sigmas = [1.0 - step / steps for step in range(steps)]
            self.clock.set_timesteps(sigmas=sigmas, device=device, mu=mu)
            super().set_timesteps(steps, device=device)
            self.sigmas, self.timesteps = _place(self.clock, sampler.evaluations)
            self.num_inference_steps = steps

    Scheduled.__name__ = solver.__name__
    return Scheduled.from_config({**own, "use_dynamic_shifting": False}, **sampler.arguments)


def _place(clock: Any, evaluations: int) -> tuple[Any, Any]:
    """Sigmas (one more than steps, the last one 0) on the processor, and timesteps, for each evaluation."""
    sigmas = clock.sigmas.clamp(max=WHOLE).cpu()
    timesteps = clock.timesteps
    if evaluations == 1:
        return sigmas, timesteps
    between = sigmas[1:-1].repeat_interleave(evaluations)
    sigmas = sigmas.new_tensor([*sigmas[:1].tolist(), *between.tolist(), *sigmas[-1:].tolist()])
    later = timesteps[1:].repeat_interleave(evaluations)
    return sigmas, timesteps.new_tensor([*timesteps[:1].tolist(), *later.tolist()])
