"""Models with random weights, saved as the diffusers folders that production loads. Data: shapes.toml.

What a picture costs does not depend on the numbers in a model: the shapes are the real ones where they are to be.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from benchmarks.picturing.tokenizers import clip_tokenizer, qwen_tokenizer

# How far the table of shapes may be from the number of weights that it makes.
PARAMETERS_OFF = 0.01


@cache
def shapes() -> Mapping[str, Any]:
    """All shapes: family → size → part."""
    return tomllib.loads(files(__package__).joinpath("shapes.toml").read_text(encoding="utf-8"))


def build(family: str, size: str, folder: Path, device: str = "cpu") -> Path:
    """Make one: klein or sdxl, "real" or "tiny". Real ones are made on the card, in bfloat16: gigabytes of noise."""
    import torch

    torch.manual_seed(0)
    with _made(device, torch.bfloat16 if size == "real" else torch.float32):
        pipe = {"klein": _klein, "sdxl": _sdxl}[family](shapes()[family][size])
    pipe.save_pretrained(folder, max_shard_size="4GB")
    return folder


@contextmanager
def _made(device: str, number: Any) -> Iterator[None]:
    import torch

    before = torch.get_default_dtype()
    torch.set_default_dtype(number)
    try:
        with torch.device(device):
            yield
    finally:
        torch.set_default_dtype(before)


def _klein(shape: Mapping[str, Any]) -> Any:
    from diffusers import (
        AutoencoderKLFlux2,
        FlowMatchEulerDiscreteScheduler,
        Flux2KleinPipeline,
        Flux2Transformer2DModel,
    )
    from transformers import Qwen3Config, Qwen3ForCausalLM

    transformer = Flux2Transformer2DModel(**shape["transformer"])
    _check(transformer, shape.get("parameters"))
    return Flux2KleinPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        vae=AutoencoderKLFlux2(**shape["vae"]),
        text_encoder=Qwen3ForCausalLM(Qwen3Config(**shape["text"])),
        tokenizer=qwen_tokenizer(),
        transformer=transformer,
        is_distilled=True,
    )


def _sdxl(shape: Mapping[str, Any]) -> Any:
    from diffusers import (
        AutoencoderKL,
        EulerDiscreteScheduler,
        StableDiffusionXLPipeline,
        UNet2DConditionModel,
    )
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    tokenizer = clip_tokenizer()
    words = {
        "vocab_size": len(tokenizer),
        "bos_token_id": len(tokenizer) - 2,
        "eos_token_id": len(tokenizer) - 1,
    }
    unet = UNet2DConditionModel(**shape["unet"])
    _check(unet, shape.get("parameters"))
    return StableDiffusionXLPipeline(
        vae=AutoencoderKL(**shape["vae"]),
        text_encoder=CLIPTextModel(CLIPTextConfig(**shape["text"], **words)),
        text_encoder_2=CLIPTextModelWithProjection(CLIPTextConfig(**shape["text_2"], **words)),
        tokenizer=tokenizer,
        tokenizer_2=clip_tokenizer(),
        unet=unet,
        scheduler=EulerDiscreteScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            steps_offset=1,
            timestep_spacing="leading",
        ),
        add_watermarker=False,
    )


def _check(model: Any, milliards: float | None) -> None:
    made = sum(weight.numel() for weight in model.parameters()) / 1e9
    if milliards is not None and abs(made - milliards) > PARAMETERS_OFF * milliards:
        raise ValueError(f"{type(model).__name__} has {made:.3f} milliard weights, and not {milliards}")
