"""Each thing that can be wrong with a model's folder has its sentence, and nothing is fetched instead."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from engine.errors import WeightsError
from engine.images.pipelines.diffusion.folder import fingerprint, read_header
from engine.images.pipelines.klein import Klein
from engine.images.pipelines.kontext import Kontext
from engine.images.pipelines.port import Precision
from engine.images.pipelines.qwen_edit import QwenEdit
from tests.engine.images.models.conftest import Tiny
from tests.engine.images.models.tiny.house import Watching, canvas, workshop

pytestmark = pytest.mark.images

WEIGHTS = "transformer/diffusion_pytorch_model.safetensors"


@pytest.fixture
def klein(tiny: Tiny, tmp_path: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(tiny("klein"), tmp_path / "klein"))


def _sentence(folder: Path, tmp_path: Path, precision: Precision = Precision.FP32) -> str:
    with pytest.raises(WeightsError) as caught:
        Klein().load(folder, workshop(tmp_path), precision)
    sentence = caught.value.sentence
    assert sentence.endswith((".", "klein")) and "\n" not in sentence
    return sentence


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _no_header(path: Path) -> None:
    path.write_bytes(struct.pack("<Q", 20) + b"{" * 20 + b"\0" * 100)


def _change_index(folder: Path, **changes: Any) -> None:
    path = folder / "model_index.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


FAULTS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "no folder": (shutil.rmtree, "FLUX.2 klein 4B is not here .*selfsame models pull klein"),
    "no index": (lambda folder: (folder / "model_index.json").unlink(), "holds no diffusers model"),
    "an unreadable index": (
        lambda folder: (folder / "model_index.json").write_text("{"),
        "model_index.json cannot be read",
    ),
    "a list for an index": (
        lambda folder: (folder / "model_index.json").write_text("[]"),
        "not what diffusers writes",
    ),
    "another family": (
        lambda folder: _change_index(folder, _class_name="FluxKontextPipeline"),
        r"holds a model of the family kontext \(FLUX.1 Kontext\), not FLUX.2 klein 4B",
    ),
    "an unknown class": (
        lambda folder: _change_index(folder, _class_name="CatPipeline"),
        "holds a CatPipeline, not FLUX.2 klein 4B",
    ),
    "a part is missing": (
        lambda folder: shutil.rmtree(folder / "vae"),
        "the part vae is missing",
    ),
    "a part without weights": (
        lambda folder: (folder / WEIGHTS).unlink(),
        r"has no weights \(\*.safetensors\)",
    ),
    "a file that is cut short": (
        lambda folder: _cut(folder / WEIGHTS),
        r"is cut short: [\d,]+ bytes of [\d,]+\. Fetch what is missing with",
    ),
    "an empty file": (lambda folder: (folder / WEIGHTS).write_bytes(b""), "is cut short"),
    "a page instead of weights": (
        lambda folder: (folder / WEIGHTS).write_bytes(b"<!DOCTYPE html><html></html>"),
        "is no safetensors file",
    ),
    "a broken header": (lambda folder: _no_header(folder / WEIGHTS), "is damaged"),
    "an unreadable tokenizer": (
        lambda folder: (folder / "tokenizer" / "tokenizer.json").write_text("{"),
        "could not be loaded from .*selfsame models pull klein",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_of_a_folder_has_its_sentence(klein: Path, tmp_path: Path, fault: str) -> None:
    import re

    damage, words = FAULTS[fault]
    damage(klein)
    assert re.search(words, _sentence(klein, tmp_path))


def _shard(folder: Path) -> Path:
    """Split the denoiser's weights in two, as large models come."""
    from safetensors.torch import load_file, save_file

    part = folder / "transformer"
    weights = load_file(folder / WEIGHTS)
    (folder / WEIGHTS).unlink()
    names = sorted(weights)
    places = {}
    for number, some in enumerate((names[::2], names[1::2]), 1):
        shard = f"diffusion_pytorch_model-{number:05}-of-00002.safetensors"
        save_file({name: weights[name] for name in some}, part / shard)
        places |= dict.fromkeys(some, shard)
    index = part / "diffusion_pytorch_model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {"total_size": 1}, "weight_map": places}))
    return part


def test_a_model_in_shards_is_loaded_whole(klein: Path, tmp_path: Path, tiny: Tiny) -> None:
    (whole,) = Klein().load(tiny("klein"), workshop(tmp_path), Precision.FP32).render([canvas()], Watching())
    _shard(klein)
    (image,) = Klein().load(klein, workshop(tmp_path), Precision.FP32).render([canvas()], Watching())
    assert image.tobytes() == whole.tobytes()


def test_a_missing_or_broken_shard_is_named(klein: Path, tmp_path: Path) -> None:
    part = _shard(klein)
    second = part / "diffusion_pytorch_model-00002-of-00002.safetensors"
    first = part / "diffusion_pytorch_model-00001-of-00002.safetensors"
    kept = second.read_bytes()
    second.write_bytes(first.read_bytes())
    assert "does not hold" in _sentence(klein, tmp_path)
    second.write_bytes(kept[:-1])
    assert "00002-of-00002.safetensors is cut short" in _sentence(klein, tmp_path)
    second.unlink()
    assert "1 of 2 files" in _sentence(klein, tmp_path)
    (part / "diffusion_pytorch_model.safetensors.index.json").write_text("{}")
    assert "index.json cannot be read" in _sentence(klein, tmp_path)


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [
        ("transformer", "num_attention_heads", 4),
        ("text_encoder", "hidden_size", 32),
        ("vae", "latent_channels", 8),
    ],
)
def test_weights_of_other_shapes_are_refused(
    klein: Path, tmp_path: Path, part: str, key: str, value: int
) -> None:
    path = klein / part / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {key: value}))
    assert "other shapes than FLUX.2 klein 4B's settings" in _sentence(klein, tmp_path)


@pytest.mark.parametrize(
    ("part", "tensor"), [("transformer", "proj_out.weight"), ("vae", "decoder.conv_in.weight")]
)
def test_a_tensor_that_no_file_holds_is_not_made_up(
    klein: Path, tmp_path: Path, part: str, tensor: str
) -> None:
    from safetensors.torch import load_file, save_file

    (path,) = (klein / part).glob("*.safetensors")
    weights = load_file(path)
    del weights[tensor]
    save_file(weights, path, metadata={"format": "pt"})
    assert tensor in _sentence(klein, tmp_path)


def test_half_precision_files_alone_will_do(klein: Path, tmp_path: Path) -> None:
    for path in klein.glob("*/*.safetensors"):
        path.rename(path.with_name(path.name.replace(".safetensors", ".fp16.safetensors")))
    (image,) = Klein().load(klein, workshop(tmp_path), Precision.FP32).render([canvas()], Watching())
    assert image.size == (64, 64)


def test_a_licence_that_is_not_open_is_accepted_first(tiny: Tiny, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"FLUX\.1 \[dev\] Non-Commercial.*accept = \[\"kontext\"\]"):
        Kontext().load(tiny("kontext"), workshop(tmp_path), Precision.FP32)


def test_a_precision_that_cannot_be_had_is_refused(klein: Path, tmp_path: Path) -> None:
    said = _sentence(klein, tmp_path, Precision.NF4)
    assert ("bitsandbytes" in said) if find_spec("bitsandbytes") is None else ("NVIDIA" in said)
    assert "bf16, fp8, nf4, fp32" in _sentence(klein, tmp_path, Precision.FP16)


def test_qwen_loads_without_torchvision(tiny: Tiny, tmp_path: Path) -> None:
    from transformers.utils import is_torchvision_available

    assert not is_torchvision_available()
    renderer = QwenEdit().load(tiny("qwen_edit"), workshop(tmp_path), Precision.FP32)
    assert type(renderer.pipe.processor).__name__ == "Qwen2VLProcessor"


def test_a_fingerprint_stays_until_something_changes(klein: Path) -> None:
    before = fingerprint(klein)
    assert fingerprint(klein) == before
    path = klein / WEIGHTS
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    changed = fingerprint(klein)
    assert changed != before
    (klein / "more.txt").write_text("")
    assert fingerprint(klein) not in {before, changed}


def test_a_header_says_which_tensors_there_are(klein: Path) -> None:
    header = read_header(klein / WEIGHTS)
    assert "proj_out.weight" in header and "__metadata__" not in header
    assert header["proj_out.weight"]["shape"] == [16, 32]
