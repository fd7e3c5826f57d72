"""GGUF files for tests of what reads headers: the headers are real, the weights are holes in the file."""

from __future__ import annotations

import struct
from pathlib import Path

from engine.models.gguf import BLOCKS, ModelFacts

F32, Q4_K = 0, 12
# Of value types: 4 uint32, 8 text, 9 list.
UINT32, TEXT, LIST = 4, 8, 9

Values = dict[str, int | str | list[int] | list[str]]
Tensors = dict[str, tuple[tuple[int, ...], int]]


def write_gguf(path: Path, values: Values, tensors: Tensors, *, cut: int = 0) -> Path:
    """Write a file; `cut` bytes at its end are missing."""
    header = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(values))
    header += b"".join(_text(key) + _value(value) for key, value in values.items())
    at = 0
    for name, (shape, kind) in tensors.items():
        header += _text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, at)
        numbers = 1
        for one in shape:
            numbers *= one
        block, size = BLOCKS[kind]
        at += -(-(numbers // block * size) // 32) * 32
    header += b"\0" * (-len(header) % 32)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(header)
        file.truncate(len(header) + at - cut)
    return path


def model(*, layers: int = 4, width: int = 256, arch: str = "llama", **more: int | str | list[int]) -> Values:
    """The values of a small chat model; `more` are added, `__` in their names stands for a dot."""
    values: Values = {
        "general.architecture": arch,
        "general.name": "Test Model",
        "general.file_type": 15,
        f"{arch}.block_count": layers,
        f"{arch}.context_length": 4096,
        f"{arch}.embedding_length": width,
        f"{arch}.feed_forward_length": 2 * width,
        f"{arch}.attention.head_count": 4,
        f"{arch}.attention.head_count_kv": 2,
        "tokenizer.ggml.tokens": ["a", "b", "c"],
    }
    return values | {key.replace("__", "."): value for key, value in more.items()}


def weights(*, layers: int = 4, width: int = 256) -> Tensors:
    """One tensor for each layer, and those around them."""
    inside: Tensors = {f"blk.{at}.ffn_up.weight": ((width, 4 * width), Q4_K) for at in range(layers)}
    return {
        "token_embd.weight": ((width, 512), F32),
        **inside,
        "output_norm.weight": ((width,), F32),
        "output.weight": ((width, 512), Q4_K),
    }


def shape(*, gigabytes: float, layers: int, kv: int, width: int, vocabulary: int = 151_936) -> ModelFacts:
    """The facts of a model of a known shape, its layers all alike."""
    around = int(vocabulary * width * 0.6)  # Q4_K_M keeps the words' weights at about 5 bits
    return ModelFacts(
        name="Shape",
        architecture="qwen3",
        quant="Q4_K_M",
        file_bytes=int(gigabytes * 1e9),
        context=40_960,
        layer_bytes=(int((gigabytes * 1e9 - 2 * around) / layers),) * layers,
        input_bytes=around,
        output_bytes=around,
        tied=False,
        kv_width=(kv,) * layers,
        state_width=(0,) * layers,
        vocabulary=vocabulary,
        width=width,
        inner=3 * width,
        template=True,
        licence="apache-2.0",
    )


def _value(value: int | str | list[int] | list[str]) -> bytes:
    if isinstance(value, int):
        return struct.pack("<II", UINT32, value)
    if isinstance(value, str):
        return struct.pack("<I", TEXT) + _text(value)
    kind = TEXT if value and isinstance(value[0], str) else UINT32
    return struct.pack("<IIQ", LIST, kind, len(value)) + b"".join(
        _text(one) if isinstance(one, str) else struct.pack("<I", one) for one in value
    )


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()
