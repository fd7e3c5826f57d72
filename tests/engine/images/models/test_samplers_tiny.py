"""Every sampler of the table samples with real schedulers on tiny models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.images.pipelines.diffusion.renderer import DiffusersFamily
from engine.images.pipelines.diffusion.samplers import apply_sampler, choose, fitting
from engine.images.pipelines.facts import facts_of
from engine.images.pipelines.klein import Klein
from engine.images.pipelines.kontext import Kontext
from engine.images.pipelines.port import Precision
from engine.images.pipelines.qwen_edit import QwenEdit
from tests.engine.images.models.conftest import Tiny
from tests.engine.images.models.tiny import sdxl, z_image
from tests.engine.images.models.tiny.house import Watching, canvas, pixels, reference, workshop

pytestmark = [
    pytest.mark.images,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]  # of NumP, pytest.mark.thorough]

SDXL = facts_of("sdxl")
Z_IMAGE = facts_of("z_image")
STEPS = 2


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return _open("StableDiffusionXLPipeline", sdxl.build(tmp_path_factory.mktemp("sdxl")))


@pytest.fixture(scope="module")
def flow(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return _open("ZImagePipeline", z_image.build(tmp_path_factory.mktemp("z_image")))


def _open(name: str, folder: Path) -> Any:
    import diffusers
    import torch

    torch.set_num_threads(1)
    pipe = getattr(diffusers, name).from_pretrained(folder, local_files_only=True)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def _latents(pipe: Any, guidance: float, seeds: tuple[int, ...] = (1, 2)) -> Any:
    import torch

    return pipe(
        prompt=["a harbour"] * len(seeds),
        height=32,
        width=32,
        num_inference_steps=STEPS,
        guidance_scale=guidance,
        generator=[torch.Generator().manual_seed(seed) for seed in seeds],
        output_type="latent",
    ).images


@pytest.mark.parametrize("name", fitting(SDXL))
def test_each_sampler_of_noise_models_gives_the_same_finite_picture_twice(noise: Any, name: str) -> None:
    pictures = []
    for _ in range(2):
        apply_sampler(noise, name, SDXL)
        pictures.append(_latents(noise, 3.0))
    assert pictures[0].isfinite().all()
    assert (pictures[0] == pictures[1]).all()
    assert len(noise.scheduler.timesteps) >= STEPS


@pytest.mark.parametrize("name", fitting(Z_IMAGE))
def test_each_sampler_of_flow_models_gives_the_same_finite_picture_twice(flow: Any, name: str) -> None:
    pictures = []
    for _ in range(2):
        apply_sampler(flow, name, Z_IMAGE)
        pictures.append(_latents(flow, 0.0))
    assert pictures[0].isfinite().all()
    assert (pictures[0] == pictures[1]).all()
    evaluations = (STEPS - 1) * choose(name, Z_IMAGE).evaluations + 1
    assert len(flow.scheduler.timesteps) == evaluations


@pytest.mark.parametrize("family", [Klein, Kontext, QwenEdit], ids=lambda family: family.name)
def test_each_sampler_of_flow_models_fits_each_family(
    family: type[DiffusersFamily], tiny: Tiny, tmp_path: Path, small: None
) -> None:
    """Each family hands its own schedule to them, as its pipeline does."""
    renderer = family().load(tiny(family.name), workshop(tmp_path, accept=("kontext",)), Precision.FP32)
    shown = (reference(tmp_path / "media", 1),)
    pictures = set()
    for name in fitting(renderer.facts):
        watching = Watching()
        (image,) = renderer.render([canvas(shown, sampler=name, steps=3)], watching)
        assert pixels(image).std() > 0, name
        assert watching.steps[-1] == (3, 3)
        pictures.add(image.tobytes())
    assert len(pictures) > 1


def test_samplers_differ_in_what_they_draw(noise: Any) -> None:
    pictures = []
    for name in ("euler", "euler-a", "dpm++-2m-karras", "lcm"):
        apply_sampler(noise, name, SDXL)
        pictures.append(_latents(noise, 3.0, (1,)))
    for place, picture in enumerate(pictures):
        assert all((picture - other).abs().max() > 1e-3 for other in pictures[:place])


def test_a_sampler_leaves_nothing_to_the_next_one(noise: Any) -> None:
    apply_sampler(noise, "euler", SDXL)
    before = _latents(noise, 3.0)
    for name in ("dpm++-2m-karras", "euler-beta", "lcm", "euler"):
        apply_sampler(noise, name, SDXL)
    assert (_latents(noise, 3.0) == before).all()
    assert not noise.scheduler.config.use_karras_sigmas


def test_a_schedule_that_came_with_the_model_does_not_change_what_a_name_means(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    from diffusers import EulerDiscreteScheduler

    pipe = _open("StableDiffusionXLPipeline", sdxl.build(tmp_path_factory.mktemp("karras")))
    pipe.scheduler = EulerDiscreteScheduler.from_config(pipe.scheduler.config, use_karras_sigmas=True)
    apply_sampler(pipe, "dpm++-2m", SDXL)
    assert not pipe.scheduler.config.use_karras_sigmas
    apply_sampler(pipe, "euler-beta", SDXL)
    assert pipe.scheduler.config.use_beta_sigmas


@pytest.mark.parametrize("name", ["flow-heun", "flow-dpm++-2m", "flow-unipc"])
def test_a_solver_on_the_models_own_clock_goes_straight_where_the_flow_is_straight(
    flow: Any, name: str
) -> None:
    import torch

    apply_sampler(flow, name, Z_IMAGE)
    scheduler = flow.scheduler
    scheduler.set_timesteps(sigmas=[1.0, 0.75, 0.5, 0.25], device="cpu", mu=1.0)
    scheduler.set_begin_index(0)
    start = sample = torch.full((1, 4), 2.0)
    velocity = torch.full((1, 4), 0.5)
    for timestep in scheduler.timesteps:
        sample = scheduler.step(velocity, timestep, sample, return_dict=False)[0]
    assert torch.allclose(sample, start - velocity, atol=1e-4)


def test_a_solver_on_the_models_own_clock_steps_when_the_model_would(flow: Any) -> None:
    sigmas = [1.0, 0.75, 0.5, 0.25]
    apply_sampler(flow, "flow-euler", Z_IMAGE)
    flow.scheduler.set_timesteps(sigmas=sigmas, device="cpu", mu=1.0)
    own = flow.scheduler.timesteps.tolist()
    apply_sampler(flow, "flow-unipc", Z_IMAGE)
    flow.scheduler.set_timesteps(sigmas=sigmas, device="cpu", mu=1.0)
    assert flow.scheduler.timesteps.tolist() == own
    assert own[1] != 750.0  # the model's shift of time is in it
