"""The tokenizers of tiny models, which benchmarks use too."""

from __future__ import annotations

from benchmarks.picturing.tokenizers import (
    QWEN_CHAT,
    QWEN_SPECIAL,
    clip_tokenizer,
    qwen_tokenizer,
    t5_tokenizer,
)

__all__ = ["QWEN_CHAT", "QWEN_SPECIAL", "clip_tokenizer", "qwen_tokenizer", "t5_tokenizer"]
