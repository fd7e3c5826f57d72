"""engine/provision/pictures/select.py: of each part of a model once what is needed of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.errors import ModelError
from engine.models.hub import Listed
from engine.provision.pictures.select import needed
from tests.engine.provision.repos import JUNK, klein

INDEX = {"_class_name": "StableDiffusionXLPipeline", "unet": ["diffusers", "UNet2DConditionModel"]}


def chosen(*paths: str, index: dict[str, object] | None = None) -> set[str]:
    files = [Listed(path, 10) for path in ("model_index.json", *paths)]
    return {file.path for file in needed(index or INDEX, files, "o/r")} - {"model_index.json"}


def test_a_repository_is_left_with_its_parts(tmp_path: Path) -> None:
    folder = klein(tmp_path / "repo")
    files = [
        Listed(path.relative_to(folder).as_posix(), path.stat().st_size)
        for path in folder.rglob("*")
        if path.is_file()
    ]
    index = json.loads((folder / "model_index.json").read_text())
    assert {file.path for file in files} - {file.path for file in needed(index, files, "o/r")} == set(JUNK)


def test_half_precision_is_taken_where_it_is_there() -> None:
    full = ["unet/config.json", "unet/diffusion_pytorch_model.safetensors"]
    half = "unet/diffusion_pytorch_model.fp16.safetensors"
    assert chosen(*full, half) == {full[0], half}
    assert chosen(*full) == set(full)


def test_shards_come_with_their_list_and_without_the_others() -> None:
    full = [
        "unet/diffusion_pytorch_model-00001-of-00002.safetensors",
        "unet/diffusion_pytorch_model.safetensors.index.json",
    ]
    half = [
        "unet/diffusion_pytorch_model.fp16-00001-of-00002.safetensors",
        "unet/diffusion_pytorch_model.fp16-00002-of-00002.safetensors",
        "unet/diffusion_pytorch_model.safetensors.index.fp16.json",
    ]
    assert chosen("unet/config.json", *full, *half) == {"unet/config.json", *half}


def test_one_file_is_taken_rather_than_several() -> None:
    one = "unet/diffusion_pytorch_model.safetensors"
    several = ["unet/diffusion_pytorch_model-00001-of-00001.safetensors", f"{one}.index.json"]
    assert chosen("unet/config.json", one, *several) == {"unet/config.json", one}


@pytest.mark.parametrize("name", ["diffusion_pytorch_model.bin", "model.onnx", "flax_model.msgpack"])
def test_other_programs_weights_are_left_out(name: str) -> None:
    assert chosen("unet/config.json", "unet/diffusion_pytorch_model.safetensors", f"unet/{name}") == {
        "unet/config.json",
        "unet/diffusion_pytorch_model.safetensors",
    }


def test_folders_in_a_part_are_no_part_of_it() -> None:
    assert chosen("unet/config.json", "unet/old/config.json") == {"unet/config.json"}


def test_a_part_that_is_not_there_is_said() -> None:
    with pytest.raises(ModelError, match="nothing of its part unet"):
        chosen("vae/config.json")
