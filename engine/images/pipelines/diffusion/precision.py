"""How exactly a model's numbers are held: what that means for loading it, and what is done to it afterwards."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from engine.errors import WeightsError
from engine.images.pipelines.diffusion.folder import Contents
from engine.images.pipelines.facts import Facts
from engine.images.pipelines.port import Precision

# What denoises: the largest part of a pipeline, and the one that LoRAs and compilers work on.
DENOISERS = ("transformer", "unet")
# Parts that are held in fewer bits than the autoencoder, which is small and shows every rounding.
_HEAVY = (*DENOISERS, "text_encoder", "text_encoder_2")

# Layers of text encoders that stay as they are: what shares the embeddings' numbers, and T5's that looks at its own.
_WHOLE = ("lm_head", r"\.wo$")


def number(precision: Precision) -> Any:
    """The torch type that a model computes in. fp8 and nf4 are for keeping only."""
    import torch

    return {Precision.FP32: torch.float32, Precision.FP16: torch.float16}.get(precision, torch.bfloat16)


def check_precision(facts: Facts, precision: Precision, device: str) -> None:
    """Raises WeightsError where the family, this machine or what is installed does not allow it."""
    if facts.vram and precision not in facts.vram:
        known = ", ".join(facts.vram)
        raise WeightsError(
            f"{facts.title} cannot be loaded in {precision}. Set images.precision to one of these: {known}."
        )
    if precision is not Precision.NF4:
        return
    if find_spec("bitsandbytes") is None:
        raise WeightsError(
            "nf4 needs the package bitsandbytes, which is not installed here. "
            "Install it, or set images.precision to fp8 or bf16."
        )
    if not device.startswith("cuda"):
        raise WeightsError("nf4 needs an NVIDIA card. Set images.precision to bf16 or auto.")


def quantization(precision: Precision, contents: Contents) -> dict[str, Any]:
    """Arguments of `from_pretrained` for a precision that is reached while loading."""
    if precision is not Precision.NF4:
        return {}
    from diffusers import PipelineQuantizationConfig

    kwargs = {"load_in_4bit": True, "bnb_4bit_quant_type": "nf4", "bnb_4bit_compute_dtype": number(precision)}
    config = PipelineQuantizationConfig(
        quant_backend="bitsandbytes_4bit",
        quant_kwargs=kwargs,
        components_to_quantize=[name for name in _HEAVY if name in contents.weights],
    )
    return {"quantization_config": config}


def cast(pipe: Any, precision: Precision) -> None:
    """What is done to a loaded pipeline: for fp8, weights are kept in a byte each and widened layer by layer."""
    if precision is not Precision.FP8:
        return
    import torch
    from diffusers.hooks import apply_layerwise_casting
    from diffusers.hooks.layerwise_casting import DEFAULT_SKIP_MODULES_PATTERN

    kept = {"storage_dtype": torch.float8_e4m3fn, "compute_dtype": number(precision)}
    for name in _HEAVY:
        part: Any = getattr(pipe, name, None)
        if hasattr(part, "enable_layerwise_casting"):
            part.enable_layerwise_casting(**kept)  # it knows which of its layers must stay as they are
        elif part is not None:
            skipped = (*DEFAULT_SKIP_MODULES_PATTERN, *_WHOLE)
            # The embeddings say which type the model is of, and in that type the noise is drawn.
            apply_layerwise_casting(
                part, skip_modules_pattern=skipped, skip_modules_classes=(torch.nn.Embedding,), **kept
            )
