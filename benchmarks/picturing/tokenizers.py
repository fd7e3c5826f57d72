"""Tokenizers that know single bytes only: whole alphabets in a few kilobytes, as the real families load them."""

from __future__ import annotations

import string
from typing import Any

# What Qwen's chat and vision parts need to be in a vocabulary.
QWEN_SPECIAL = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|vision_pad|>",
    "<|image_pad|>",
    "<|video_pad|>",
    "<think>",
    "</think>",
)
# The shape of Qwen's chat template, as far as pictures and plain turns go.
QWEN_CHAT = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n"
    "{% if m['content'] is string %}{{ m['content'] }}{% else %}"
    "{% for c in m['content'] %}"
    "{% if c['type'] == 'image' %}<|vision_start|><|image_pad|><|vision_end|>"
    "{% elif 'text' in c %}{{ c['text'] }}{% endif %}"
    "{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def clip_tokenizer(length: int = 77) -> Any:
    """A CLIPTokenizer: 514 tokens."""
    from transformers import CLIPTokenizer

    letters = _bytes()
    words = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(
        vocab={word: place for place, word in enumerate(words)}, merges=[], model_max_length=length
    )


def t5_tokenizer(length: int = 64) -> Any:
    """A T5Tokenizer: 98 tokens."""
    from transformers import T5Tokenizer

    letters = [(letter, -3.0) for letter in string.printable[:95] if letter != " "]
    vocab = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -2.0), *letters]
    return T5Tokenizer(vocab=vocab, extra_ids=0, model_max_length=length)


def qwen_tokenizer(length: int = 4096) -> Any:
    """A Qwen2Tokenizer with Qwen's special tokens and a chat template: 266 tokens."""
    from transformers import Qwen2Tokenizer

    vocab = {word: place for place, word in enumerate([*_bytes(), *QWEN_SPECIAL])}
    tokenizer = Qwen2Tokenizer(
        vocab=vocab,
        merges=[],
        model_max_length=length,
        additional_special_tokens=list(QWEN_SPECIAL[1:]),
    )
    tokenizer.chat_template = QWEN_CHAT
    return tokenizer


def _bytes() -> list[str]:
    from tokenizers import pre_tokenizers

    return sorted(pre_tokenizers.ByteLevel.alphabet())
