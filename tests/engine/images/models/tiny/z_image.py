"""A tiny Z-Image with random weights, saved as the diffusers folder that production loads."""

from __future__ import annotations

from pathlib import Path

from tests.engine.images.models.tiny.parts import kl_vae
from tests.engine.images.models.tiny.tokenizers import qwen_tokenizer

WIDTH = 16  # of the text encoder


def build(folder: Path, seed: int = 0) -> Path:
    """Write the model; the same seed gives the same weights."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, ZImagePipeline, ZImageTransformer2DModel
    from transformers import Qwen3Config, Qwen3Model

    torch.manual_seed(seed)
    tokenizer = qwen_tokenizer()
    words = Qwen3Config(
        vocab_size=len(tokenizer) + 2,
        hidden_size=WIDTH,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=8,
    )
    transformer = ZImageTransformer2DModel(
        all_patch_size=(2,),
        all_f_patch_size=(1,),
        in_channels=16,
        dim=32,
        n_layers=2,
        n_refiner_layers=1,
        n_heads=2,
        n_kv_heads=2,
        cap_feat_dim=WIDTH,
        axes_dims=[8, 4, 4],
        axes_lens=[512, 32, 32],
    )
    vae = kl_vae(
        channels=16,
        widths=(8, 8, 8, 8),
        scaling=0.3611,
        shift_factor=0.1159,
        use_quant_conv=False,
        use_post_quant_conv=False,
    )
    ZImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
        vae=vae,
        text_encoder=Qwen3Model(words),
        tokenizer=tokenizer,
        transformer=transformer,
    ).save_pretrained(folder)
    return folder
