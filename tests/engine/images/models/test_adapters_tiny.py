"""LoRAs on tiny models: worn, scaled, changed, dropped; a file that does not fit is told in a sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.errors import WeightsError
from engine.images.pipelines.diffusion.adapters import KEPT, wear
from engine.images.pipelines.diffusion.renderer import DiffusersFamily
from engine.images.pipelines.klein import Klein
from engine.images.pipelines.kontext import Kontext
from engine.images.pipelines.port import Adapter, Precision
from engine.images.pipelines.qwen_edit import QwenEdit
from engine.images.pipelines.z_image import ZImage
from tests.engine.images.models.conftest import Tiny
from tests.engine.images.models.tiny import lora, sdxl, z_image
from tests.engine.images.models.tiny.house import Watching, canvas, reference, workshop

pytestmark = [pytest.mark.images, pytest.mark.thorough]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sdxl.build(tmp_path_factory.mktemp("sdxl"))


@pytest.fixture(scope="module")
def loras(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    pipe = _open("StableDiffusionXLPipeline", folder)
    place = tmp_path_factory.mktemp("loras")
    return [lora.build(pipe, place / f"{seed}.safetensors", seed) for seed in range(KEPT + 3)]


@pytest.fixture
def pipe(folder: Path) -> Any:
    return _open("StableDiffusionXLPipeline", folder)


def _open(name: str, folder: Path) -> Any:
    import diffusers
    import torch

    torch.set_num_threads(1)
    pipe = getattr(diffusers, name).from_pretrained(folder, local_files_only=True)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def _latents(pipe: Any) -> Any:
    import torch

    return pipe(
        prompt="a harbour",
        height=32,
        width=32,
        num_inference_steps=2,
        guidance_scale=1.0,
        generator=torch.Generator().manual_seed(1),
        output_type="latent",
    ).images


def _loaded(pipe: Any) -> set[str]:
    return {name for names in pipe.get_list_adapters().values() for name in names}


def test_a_lora_changes_the_picture_and_leaves_no_trace_once_it_is_off(pipe: Any, loras: list[Path]) -> None:
    bare = _latents(pipe)
    wear(pipe, [Adapter(loras[0])])
    assert (_latents(pipe) - bare).abs().max() > 1e-3
    wear(pipe, [])
    assert (_latents(pipe) == bare).all()


def test_its_scale_says_how_much(pipe: Any, loras: list[Path]) -> None:
    bare = _latents(pipe)
    changes = []
    for scale in (0.0, 0.2, 1.0):
        wear(pipe, [Adapter(loras[0], scale)])
        changes.append(float((_latents(pipe) - bare).abs().mean()))
    assert changes[0] == pytest.approx(0.0, abs=1e-6)
    assert changes[0] < changes[1] < changes[2]


def test_two_are_worn_together_and_the_order_does_not_matter(pipe: Any, loras: list[Path]) -> None:
    wear(pipe, [Adapter(loras[0], 0.5)])
    one = _latents(pipe)
    wear(pipe, [Adapter(loras[0], 0.5), Adapter(loras[1], 0.5)])
    both = _latents(pipe)
    wear(pipe, [Adapter(loras[1], 0.5), Adapter(loras[0], 0.5)])
    assert (both - one).abs().max() > 1e-3
    assert _latents(pipe).allclose(both, atol=1e-4)


def test_a_lora_that_was_worn_before_is_not_loaded_again(
    pipe: Any, loras: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[str] = []
    load = pipe.load_lora_weights
    monkeypatch.setattr(
        pipe, "load_lora_weights", lambda *args, **kw: (loads.append(kw["weight_name"]), load(*args, **kw))
    )
    for path in (loras[0], loras[1], loras[0], loras[1]):
        wear(pipe, [Adapter(path)])
    assert loads == ["0.safetensors", "1.safetensors"]


def test_a_file_that_was_trained_anew_is_loaded_anew(pipe: Any, loras: list[Path], tmp_path: Path) -> None:
    import os

    path = tmp_path / "character.safetensors"
    path.write_bytes(loras[0].read_bytes())
    wear(pipe, [Adapter(path)])
    before = _latents(pipe)
    path.write_bytes(loras[1].read_bytes())
    os.utime(path, ns=(1, 1))
    wear(pipe, [Adapter(path)])
    assert (_latents(pipe) - before).abs().max() > 1e-3


def test_those_that_were_not_worn_for_long_are_dropped(pipe: Any, loras: list[Path]) -> None:
    for path in loras:
        wear(pipe, [Adapter(path)])
    assert len(_loaded(pipe)) == KEPT + 1
    wear(pipe, [Adapter(loras[0]), Adapter(loras[1])])
    assert len(_loaded(pipe)) == KEPT + 2
    first = _latents(pipe)
    fresh = [Adapter(loras[1]), Adapter(loras[0])]
    wear(pipe, [])
    wear(pipe, fresh)
    assert _latents(pipe).allclose(first, atol=1e-4)


@pytest.mark.parametrize("family", [Klein, Kontext, QwenEdit, ZImage], ids=lambda family: family.name)
@pytest.mark.parametrize("precision", [Precision.FP32, Precision.FP8])
def test_each_family_wears_a_lora_of_the_modules_that_its_training_changes(
    family: type[DiffusersFamily], precision: Precision, tiny: Tiny, tmp_path: Path, small: None
) -> None:
    settings = workshop(tmp_path, accept=("kontext",))
    whole = family().load(tiny(family.name), settings, Precision.FP32)
    theme = lora.build(whole.pipe, tmp_path / "theme.safetensors", targets=whole.facts.train)
    renderer = whole if precision is Precision.FP32 else family().load(tiny(family.name), settings, precision)
    asked = canvas((reference(tmp_path / "media", 1),))
    pictures = [
        renderer.render([replace(asked, adapters=adapters)], Watching())[0].tobytes()
        for adapters in ((), (Adapter(theme),), ())
    ]
    assert pictures[0] == pictures[2] != pictures[1]


def test_what_is_worn_already_is_not_switched_again(
    pipe: Any, loras: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    switches: list[list[str]] = []
    switch = pipe.set_adapters
    monkeypatch.setattr(
        pipe, "set_adapters", lambda names, scales: (switches.append(names), switch(names, scales))
    )
    for scale in (0.5, 0.5, 0.7):
        wear(pipe, [Adapter(loras[0], scale)])
    assert len(switches) == 2
    wear(pipe, [])
    wear(pipe, [Adapter(loras[0], 0.7)])
    assert len(switches) == 3


def test_after_others_have_deleted_theirs_ours_are_worn_again(pipe: Any, loras: list[Path]) -> None:
    from engine.images.pipelines.diffusion.adapters import forget

    pipe.load_lora_weights(str(loras[2].parent), weight_name=loras[2].name, adapter_name="faceid_0")
    wear(pipe, [Adapter(loras[0])])
    before = _latents(pipe)
    pipe.set_adapters(["faceid_0"])
    forget(pipe, "faceid_0")
    wear(pipe, [Adapter(loras[0])])
    assert (_latents(pipe) == before).all()


def test_what_others_have_loaded_is_theirs(pipe: Any, loras: list[Path]) -> None:
    pipe.load_lora_weights(str(loras[2].parent), weight_name=loras[2].name, adapter_name="faceid_0")
    wear(pipe, [Adapter(loras[0])])
    alone = _latents(pipe)
    assert "faceid_0" in _loaded(pipe)
    assert "faceid_0" not in pipe.get_active_adapters()
    wear(pipe, [Adapter(loras[0])], also=("faceid_0",))
    assert len(pipe.get_active_adapters()) == 2
    assert (_latents(pipe) - alone).abs().max() > 1e-3


def test_a_missing_file_has_its_sentence(pipe: Any, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"The LoRA .*nobody\.safetensors is not here"):
        wear(pipe, [Adapter(tmp_path / "nobody.safetensors")])


def test_a_file_that_could_run_code_is_never_opened(pipe: Any, tmp_path: Path) -> None:
    path = tmp_path / "theme.bin"
    path.write_bytes(b"cos\nsystem\n")
    with pytest.raises(WeightsError, match="can run code"):
        wear(pipe, [Adapter(path)])


def test_a_file_that_is_cut_short_has_its_sentence(pipe: Any, loras: list[Path], tmp_path: Path) -> None:
    path = tmp_path / "theme.safetensors"
    path.write_bytes(loras[0].read_bytes()[:-100])
    with pytest.raises(WeightsError, match="is cut short"):
        wear(pipe, [Adapter(path)])


def test_a_lora_of_another_family_has_its_sentence_and_changes_nothing(
    pipe: Any, loras: list[Path], tmp_path: Path
) -> None:
    other = _open("ZImagePipeline", z_image.build(tmp_path / "z_image"))
    theirs = lora.build(other, tmp_path / "theirs.safetensors")
    wear(pipe, [Adapter(loras[0])])
    before = _latents(pipe)
    with pytest.raises(
        WeightsError, match=r"does not fit this model \(StableDiffusionXL\); it looks like one for Z-Image"
    ):
        wear(pipe, [Adapter(theirs)])
    assert (_latents(pipe) == before).all()
    with pytest.raises(WeightsError, match=r"does not fit this model \(ZImage\)"):
        wear(other, [Adapter(loras[0])])
    assert _latents(other).isfinite().all()


def test_a_lora_of_another_size_has_its_sentence_and_changes_nothing(
    pipe: Any, loras: list[Path], tmp_path: Path
) -> None:
    from safetensors.torch import load_file, save_file

    wear(pipe, [Adapter(loras[0])])
    before = _latents(pipe)
    path = tmp_path / "wide.safetensors"
    wide = {
        key: value.repeat(1, 2) if "lora.down" in key or "lora_A" in key else value.repeat(2, 1)
        for key, value in load_file(loras[1]).items()
    }
    save_file(wide, path)
    with pytest.raises(WeightsError, match="does not fit this model"):
        wear(pipe, [Adapter(path)])
    assert (_latents(pipe) == before).all()
    wear(pipe, [Adapter(loras[1])])
    assert (_latents(pipe) - before).abs().max() > 1e-3
