"""LoRAs with random weights for any tiny pipeline, in the format that diffusers itself saves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TARGETS = ("to_k", "to_q", "to_v", "to_out.0")
RANK = 4


def build(pipe: Any, path: Path, seed: int = 0, targets: tuple[str, ...] = TARGETS) -> Path:
    """Write a LoRA of the pipeline's denoiser that shows clearly. The pipeline itself is left as it was."""
    import torch
    from diffusers.utils import convert_state_dict_to_diffusers
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    torch.manual_seed(seed)
    part = "unet" if hasattr(pipe, "unet") else "transformer"
    model = getattr(pipe, part)
    model.add_adapter(LoraConfig(r=RANK, lora_alpha=RANK, target_modules=list(targets)), adapter_name="made")
    state = get_peft_model_state_dict(model, adapter_name="made")
    if part == "unet":
        state = convert_state_dict_to_diffusers(state)
    layers = {key: torch.randn_like(value) * 0.5 for key, value in state.items()}
    model.delete_adapters("made")
    type(pipe).save_lora_weights(
        path.parent, weight_name=path.name, **{f"{part}_lora_layers": layers}, safe_serialization=True
    )
    return path
