"""Repositories of picture models as the hub has them, in kilobytes: real safetensors files without meaning."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path

# Files of a klein's repository that nothing of ours reads.
JUNK = (
    "README.md",
    "flux-2-klein-4b.safetensors",
    "transformer/diffusion_pytorch_model.bin",
    "text_encoder/model.onnx",
    "vae/diffusion_pytorch_model.non_ema.safetensors",
    "teaser/one.jpg",
    "old_vae/diffusion_pytorch_model.safetensors",
)
KLEIN = {
    "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"],
    "text_encoder": ["transformers", "Qwen3ForCausalLM"],
    "tokenizer": ["transformers", "Qwen2TokenizerFast"],
    "transformer": ["diffusers", "Flux2Transformer2DModel"],
    "vae": ["diffusers", "AutoencoderKLFlux2"],
    "safety_checker": [None, None],
}


def weights(path: Path, tensors: tuple[str, ...] = ("a", "b"), numbers: int = 64) -> Path:
    """A whole safetensors file."""
    size = 4 * numbers
    header = {
        name: {"dtype": "F32", "shape": [numbers], "data_offsets": [at * size, (at + 1) * size]}
        for at, name in enumerate(tensors)
    }
    words = json.dumps(header).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(words)) + words + bytes(size * len(tensors)))
    return path


def shards(part: Path, stem: str, variant: str = "") -> None:
    """Weights in two files, and their list."""
    names = [
        f"{stem}{'.' + variant if variant else ''}-0000{number}-of-00002.safetensors" for number in (1, 2)
    ]
    for name, tensor in zip(names, "ab", strict=True):
        weights(part / name, (tensor,))
    listed = {"weight_map": dict(zip("ab", names, strict=True))}
    end = f"index.{variant}.json" if variant else "index.json"
    (part / f"{stem}.safetensors.{end}").write_text(json.dumps(listed))


def klein(folder: Path, *, pipeline: str = "Flux2KleinPipeline", junk: bool = True) -> Path:
    """What FLUX.2 klein's repository holds: parts, one of them in shards, and much besides."""
    folder.mkdir(parents=True)
    index: Mapping[str, object] = {"_class_name": pipeline, "_diffusers_version": "0.42.1", **KLEIN}
    (folder / "model_index.json").write_text(json.dumps(index))
    (folder / "LICENSE.md").write_text("Apache 2.0")
    write(folder / "scheduler/scheduler_config.json")
    for name in ("tokenizer.json", "tokenizer_config.json", "merges.txt", "chat_template.jinja"):
        write(folder / "tokenizer" / name)
    for part in ("text_encoder", "transformer", "vae"):
        write(folder / part / "config.json")
    shards(folder / "text_encoder", "model")
    for part in ("transformer", "vae"):
        weights(folder / part / "diffusion_pytorch_model.safetensors")
    for name in JUNK if junk else ():
        write(folder / name)
    return folder


def write(path: Path, text: str = "{}") -> None:
    """A small file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def pad(folder: Path, gigabytes: float) -> Path:
    """Let a folder look as large as the real model; the disk does not notice."""
    with (folder / "padding").open("wb") as file:
        file.truncate(int(gigabytes * 1e9))
    return folder
