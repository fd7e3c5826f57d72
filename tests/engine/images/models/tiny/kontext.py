"""A tiny FLUX.1 Kontext."""

from __future__ import annotations

from pathlib import Path

from tests.engine.images.models.tiny.parts import clip_text, kl_vae
from tests.engine.images.models.tiny.tokenizers import clip_tokenizer, t5_tokenizer


def build(folder: Path) -> Path:
    """Save one."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, FluxKontextPipeline, FluxTransformer2DModel
    from transformers import T5Config, T5EncoderModel

    torch.manual_seed(0)
    clip, t5 = clip_tokenizer(), t5_tokenizer()
    transformer = FluxTransformer2DModel(
        patch_size=1,
        in_channels=16,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=32,
        pooled_projection_dim=32,
        axes_dims_rope=[4, 4, 8],
        guidance_embeds=True,
    )
    text = T5EncoderModel(
        T5Config(vocab_size=len(t5), d_model=32, d_kv=8, d_ff=37, num_layers=2, num_heads=4)
    )
    FluxKontextPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=True),
        vae=kl_vae(4, scaling=0.3611, shift_factor=0.1159, use_quant_conv=False, use_post_quant_conv=False),
        text_encoder=clip_text(len(clip)),
        tokenizer=clip,
        text_encoder_2=text,
        tokenizer_2=t5,
        transformer=transformer,
    ).save_pretrained(folder)
    return folder
