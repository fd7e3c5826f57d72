"""Tiny IP-Adapters for tiny SDXL, in the layout and under the names of the hub's files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.engine.images.models.tiny.sdxl import unet

PIXELS, PATCH = 32, 8  # of the encoder's picture, and of what it sees as one
WIDTH = 32  # of CLIP, and of the adapter's resampler
HEAD, DEPTH, TOKENS = 64, 4, 16  # as the adapter's loader expects them
FACE = 512  # numbers of an ArcFace vector
RANK = 4


def build(place: Path, seed: int = 0) -> Path:
    """h94/IP-Adapter: the plus adapter, and the encoder that it sees with."""
    import torch
    from safetensors.torch import save_file
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    torch.manual_seed(seed)
    encoder = CLIPVisionModelWithProjection(
        CLIPVisionConfig(
            hidden_size=WIDTH,
            image_size=PIXELS,
            patch_size=PATCH,
            projection_dim=WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=37,
        )
    )
    encoder.save_pretrained(place / "models/image_encoder")
    weights = place / "sdxl_models/ip-adapter-plus_sdxl_vit-h.safetensors"
    weights.parent.mkdir(parents=True)
    model = unet()
    groups = {"image_proj": dict(_resampler(model)), "ip_adapter": dict(_attention(model))}
    flat = {
        f"{group}.{name}": tensor for group, tensors in groups.items() for name, tensor in tensors.items()
    }
    save_file(flat, weights)
    return place


def build_faceid(place: Path, seed: int = 0) -> Path:
    """h94/IP-Adapter-FaceID: a projection of a face's vector, with the LoRA that the real file carries."""
    import torch

    torch.manual_seed(seed)
    model = unet()
    cross = model.config.cross_attention_dim
    projection = {
        "proj.0.weight": torch.randn(FACE * 2, FACE) * 0.05,
        "proj.0.bias": torch.zeros(FACE * 2),
        "proj.2.weight": torch.randn(cross * 4, FACE * 2) * 0.05,
        "proj.2.bias": torch.zeros(cross * 4),
        "norm.weight": torch.ones(cross),
        "norm.bias": torch.zeros(cross),
    }
    place.mkdir(parents=True, exist_ok=True)
    state = {"image_proj": projection, "ip_adapter": dict(_attention(model)) | dict(_lora(model))}
    torch.save(state, place / "ip-adapter-faceid_sdxl.bin")
    return place


def _resampler(model: Any) -> Iterator[tuple[str, Any]]:
    import torch

    cross = model.config.cross_attention_dim
    yield "latents", torch.randn(1, TOKENS, WIDTH)
    yield from _linear("proj_in", WIDTH, WIDTH)
    yield from _linear("proj_out", WIDTH, cross)
    yield from _norm("norm_out", cross)
    for layer in range(DEPTH):
        yield from _norm(f"layers.{layer}.0.norm1", WIDTH)
        yield from _norm(f"layers.{layer}.0.norm2", WIDTH)
        yield f"layers.{layer}.0.to_q.weight", torch.randn(HEAD, WIDTH) * 0.2
        yield f"layers.{layer}.0.to_kv.weight", torch.randn(2 * HEAD, WIDTH) * 0.2
        yield f"layers.{layer}.0.to_out.weight", torch.randn(WIDTH, HEAD) * 0.2
        yield from _norm(f"layers.{layer}.1.0", WIDTH)
        yield f"layers.{layer}.1.1.weight", torch.randn(4 * WIDTH, WIDTH) * 0.2
        yield f"layers.{layer}.1.3.weight", torch.randn(WIDTH, 4 * WIDTH) * 0.2


def _attention(model: Any) -> Iterator[tuple[str, Any]]:
    """Keys and values for the tokens, counted as the hub's files count them: 1, 3, 5 …"""
    import torch

    cross, number = model.config.cross_attention_dim, 1
    for name in model.attn_processors:
        if name.endswith("attn2.processor"):
            width = model.get_submodule(name.removesuffix(".processor")).to_k.out_features
            yield f"{number}.to_k_ip.weight", torch.randn(width, cross)
            yield f"{number}.to_v_ip.weight", torch.randn(width, cross)
            number += 2


def _lora(model: Any) -> Iterator[tuple[str, Any]]:
    import torch

    for number, name in enumerate(model.attn_processors):
        attention = model.get_submodule(name.removesuffix(".processor"))
        layers = {
            "to_q": attention.to_q,
            "to_k": attention.to_k,
            "to_v": attention.to_v,
            "to_out": attention.to_out[0],
        }
        for part, layer in layers.items():
            yield f"{number}.{part}_lora.down.weight", torch.randn(RANK, layer.in_features) * 0.3
            yield f"{number}.{part}_lora.up.weight", torch.randn(layer.out_features, RANK) * 0.3


def _linear(name: str, given: int, out: int) -> Iterator[tuple[str, Any]]:
    import torch

    yield f"{name}.weight", torch.randn(out, given) * 0.2
    yield f"{name}.bias", torch.zeros(out)


def _norm(name: str, width: int) -> Iterator[tuple[str, Any]]:
    import torch

    yield f"{name}.weight", torch.ones(width)
    yield f"{name}.bias", torch.zeros(width)
