"""Z-Image-Turbo through the port on a tiny model: scenery from words alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import CancelledError, InputError, WeightsError
from engine.images.pipelines.diffusion.renderer import DiffusersRenderer
from engine.images.pipelines.diffusion.samplers import fitting
from engine.images.pipelines.facts import facts_of
from engine.images.pipelines.port import Adapter, Canvas, Precision, Relief
from engine.images.pipelines.z_image import ZImage
from tests.engine.images.models.conftest import Tiny
from tests.engine.images.models.tiny import lora
from tests.engine.images.models.tiny.house import Watching, canvas, pixels, reference, workshop

pytestmark = pytest.mark.images

FACTS = facts_of("z_image")
ROUNDING = 1


@pytest.fixture
def renderer(tiny: Tiny, tmp_path: Path) -> Iterator[DiffusersRenderer]:
    opened = ZImage().load(tiny("z_image"), workshop(tmp_path), Precision.FP32)
    yield opened
    if opened.pipe is not None:
        opened.close()


def _asked(**changed: Any) -> Canvas:
    return canvas(**{"steps": 3, "guidance": FACTS.guidance, **changed})


def _one(renderer: DiffusersRenderer, asked: Canvas) -> Any:
    (image,) = renderer.render([asked], Watching())
    return pixels(image)


@pytest.mark.parametrize("guidance", [0.0, 3.0])
def test_a_render_is_what_the_bare_pipeline_paints(
    renderer: DiffusersRenderer, tiny: Tiny, guidance: float
) -> None:
    import torch
    from diffusers import ZImagePipeline

    bare = ZImagePipeline.from_pretrained(tiny("z_image"), local_files_only=True)
    theirs = bare(
        prompt="at the lake",
        negative_prompt="blurred",
        width=96,
        height=64,
        num_inference_steps=3,
        guidance_scale=guidance,
        generator=torch.Generator().manual_seed(7),
    ).images[0]
    ours = _one(renderer, _asked(width=96, guidance=guidance, negative="blurred"))
    assert np.array_equal(ours, pixels(theirs))


def test_its_defaults_are_nine_steps_without_guidance(renderer: DiffusersRenderer) -> None:
    assert (FACTS.steps, FACTS.guidance, FACTS.references) == (9, 0.0, 0)
    watching = Watching()
    renderer.render([_asked(steps=FACTS.steps)], watching)
    assert watching.steps[-1] == (9, 9)


def test_the_same_canvas_gives_the_same_bytes(
    renderer: DiffusersRenderer, tiny: Tiny, tmp_path: Path
) -> None:
    first = _one(renderer, _asked())
    _one(renderer, _asked(prompt="a tower in the rain", seed=8))
    assert np.array_equal(_one(renderer, _asked()), first)
    anew = ZImage().load(tiny("z_image"), workshop(tmp_path / "elsewhere"), Precision.FP32)
    assert np.array_equal(_one(anew, _asked()), first)


def test_seeds_and_words_change_the_picture(renderer: DiffusersRenderer) -> None:
    import torch

    def latents(words: str) -> Any:
        arguments = renderer.arguments([_asked(prompt=words)])
        with torch.no_grad():
            return renderer.pipe(
                **arguments,
                width=64,
                height=64,
                num_inference_steps=2,
                generator=torch.Generator().manual_seed(7),
                output_type="latent",
            ).images

    assert (latents("at the lake") - latents("a tower in the rain")).abs().max() > 1e-4
    assert np.abs(_one(renderer, _asked()) - _one(renderer, _asked(seed=8))).max() > 1


def test_a_batch_gives_the_pictures_that_each_canvas_gives_alone(renderer: DiffusersRenderer) -> None:
    canvases = [_asked(), _asked(seed=8, prompt="somewhere quite different, in the rain"), _asked(seed=9)]
    assert len(renderer._calls(canvases)) == 1
    for asked, image in zip(canvases, renderer.render(canvases, Watching()), strict=True):
        assert np.abs(pixels(image) - _one(renderer, asked)).max() <= ROUNDING


def test_it_takes_no_references(renderer: DiffusersRenderer, tmp_path: Path) -> None:
    shown = (reference(tmp_path / "media", 1),)
    assert np.array_equal(_one(renderer, _asked(references=shown)), _one(renderer, _asked()))
    assert renderer.reference_encodings == 0


def test_cancelled_in_mid_render_it_ends_within_one_step_and_renders_on(renderer: DiffusersRenderer) -> None:
    before = _one(renderer, _asked(steps=8))
    watching = Watching(stop_at=3)
    with pytest.raises(CancelledError):
        renderer.render([_asked(steps=8)], watching)
    assert watching.steps[-1] == (3, 8)
    assert np.array_equal(_one(renderer, _asked(steps=8)), before)


@pytest.mark.parametrize("relief", [Relief.TILING, Relief.OFFLOAD])
def test_relieved_it_still_paints_the_same(renderer: DiffusersRenderer, relief: Relief) -> None:
    before = _one(renderer, _asked())
    assert renderer.relieve(relief)
    assert np.abs(_one(renderer, _asked()) - before).max() <= ROUNDING


@pytest.mark.parametrize("precision", [Precision.BF16, Precision.FP8])
def test_fewer_bits_paint_the_same_picture_roughly(
    renderer: DiffusersRenderer, tiny: Tiny, tmp_path: Path, precision: Precision
) -> None:
    narrow = ZImage().load(tiny("z_image"), workshop(tmp_path), precision)
    assert np.abs(_one(narrow, _asked()) - _one(renderer, _asked())).mean() < 16
    theme = lora.build(renderer.pipe, tmp_path / "theme.safetensors")
    assert np.abs(_one(narrow, _asked(adapters=(Adapter(theme),))) - _one(narrow, _asked())).max() > 0


@pytest.mark.parametrize("name", fitting(FACTS))
def test_each_sampler_paints(renderer: DiffusersRenderer, name: str) -> None:
    watching = Watching()
    (image,) = renderer.render([_asked(sampler=name)], watching)
    assert pixels(image).std() > 0
    assert watching.steps[-1] == (3, 3)


def test_a_lora_is_worn_for_its_canvas_only(renderer: DiffusersRenderer, tmp_path: Path) -> None:
    theme = (Adapter(lora.build(renderer.pipe, tmp_path / "theme.safetensors")),)
    before = _one(renderer, _asked())
    assert np.abs(_one(renderer, _asked(adapters=theme)) - before).max() > 0
    assert np.array_equal(_one(renderer, _asked()), before)


def test_the_folder_of_another_family_has_its_sentence(tiny: Tiny, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"family sdxl .*not Z-Image-Turbo"):
        ZImage().load(tiny("sdxl"), workshop(tmp_path), Precision.FP32)
    with pytest.raises(WeightsError, match="selfsame models pull z_image"):
        ZImage().load(tmp_path / "nowhere", workshop(tmp_path), Precision.FP32)


def test_a_sampler_of_the_other_kind_is_refused(renderer: DiffusersRenderer) -> None:
    with pytest.raises(InputError, match=r"does not fit Z-Image-Turbo.*flow-"):
        renderer.render([replace(_asked(), sampler="ddim")], Watching())
