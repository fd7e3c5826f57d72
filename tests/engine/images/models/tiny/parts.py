"""Parts that several tiny families share: text encoders and autoencoders of a few thousand random weights."""

from __future__ import annotations

from typing import Any


def clip_text(vocab: int, *, projection: bool = False, width: int = 32) -> Any:
    """A CLIP text model of two layers; its last two tokens are begin and end of text."""
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    config = CLIPTextConfig(
        vocab_size=vocab,
        hidden_size=width,
        intermediate_size=37,
        projection_dim=width,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=77,
        hidden_act="gelu",
        bos_token_id=vocab - 2,
        eos_token_id=vocab - 1,
    )
    return (CLIPTextModelWithProjection if projection else CLIPTextModel)(config)


def kl_vae(
    channels: int = 4, widths: tuple[int, ...] = (8, 16), scaling: float = 0.18215, **more: Any
) -> Any:
    """An AutoencoderKL that makes a picture smaller by 2 for each width but the first."""
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        in_channels=3,
        out_channels=3,
        block_out_channels=widths,
        down_block_types=("DownEncoderBlock2D",) * len(widths),
        up_block_types=("UpDecoderBlock2D",) * len(widths),
        latent_channels=channels,
        norm_num_groups=4,
        sample_size=64,
        scaling_factor=scaling,
        **more,
    )
