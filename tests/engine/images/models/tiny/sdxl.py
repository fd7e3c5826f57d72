"""A tiny SDXL with random weights: half a megabyte, saved as the diffusers folder that production loads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.engine.images.models.tiny.parts import clip_text, kl_vae
from tests.engine.images.models.tiny.tokenizers import clip_tokenizer

WIDTH = 32  # of either text encoder


def build(folder: Path, seed: int = 0) -> Path:
    """Write the model; the same seed gives the same weights."""
    import torch
    from diffusers import StableDiffusionXLPipeline

    torch.manual_seed(seed)
    tokenizer = clip_tokenizer()
    words = len(tokenizer)
    pipe = StableDiffusionXLPipeline(
        vae=kl_vae(scaling=0.13025),
        text_encoder=clip_text(words, width=WIDTH),
        text_encoder_2=clip_text(words, projection=True, width=WIDTH),
        tokenizer=tokenizer,
        tokenizer_2=clip_tokenizer(),
        unet=unet(),
        scheduler=_scheduler(),
        add_watermarker=False,
    )
    pipe.save_pretrained(folder)
    return folder


def unet() -> Any:
    """Two levels, the lower one with attention to words of both encoders and to adapters' tokens."""
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=32,
        in_channels=4,
        out_channels=4,
        layers_per_block=1,
        block_out_channels=(8, 16),
        norm_num_groups=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=(2, 4),
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        transformer_layers_per_block=(1, 2),
        projection_class_embeddings_input_dim=WIDTH + 6 * 8,
        cross_attention_dim=2 * WIDTH,
    )


def _scheduler() -> Any:
    from diffusers import EulerDiscreteScheduler

    return EulerDiscreteScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        steps_offset=1,
        timestep_spacing="leading",
    )
