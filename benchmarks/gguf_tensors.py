"""Which weights a model of each make has, and what stands in them: for `benchmarks/gguf.py`.

Quantised blocks are made as they lie in the file, from random bits and a fixed scale: that takes a second for half a
billion weights, where quantising would take minutes.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from gguf import GGMLQuantizationType as Type
from numpy.typing import NDArray

if TYPE_CHECKING:
    from benchmarks.gguf import Shape

# Weights of a block, its bytes, and its scale for weights of deviation 1.
_BLOCKS: dict[Type, tuple[int, int, float]] = {
    Type.Q4_0: (32, 18, 1 / 4.6),
    Type.Q8_0: (32, 34, 1 / 73.0),
    Type.Q4_K: (256, 144, 1 / 258.0),
    Type.Q6_K: (256, 210, 1 / 1367.0),
}
_PLAIN = {"F32": Type.F32, "F16": Type.F16, "BF16": Type.BF16, "Q8_0": Type.Q8_0}
# Random numbers that are drawn for a large matrix, and then repeated: a prime, so that no two rows are alike.
_PERIOD = 4_194_301
# How much weaker a model answers with bytes that are no text: it still does at times, as a real one does.
_UNREADABLE = 0.3


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor of the file. A deviation of 0 means that `value` stands everywhere."""

    name: str
    shape: tuple[int, ...]
    type: Type = Type.F32
    deviation: float = 0.0
    value: float = 1.0


def tensors(shape: Shape, quant: str) -> list[Tensor]:
    """Every tensor of the model, in the order of the file."""
    return [_typed(tensor, quant) for tensor in _all(shape)]


def encoded_bytes(tensor: Tensor) -> int:
    """How long the tensor is in the file."""
    count = math.prod(tensor.shape)
    if tensor.type in _BLOCKS:
        weights, size, _scale = _BLOCKS[tensor.type]
        columns = tensor.shape[-1]
        if columns % weights:
            raise ValueError(
                f"{tensor.name} has rows of {columns} weights: {tensor.type.name} takes {weights} at a time."
            )
        return count // weights * size
    return count * (4 if tensor.type is Type.F32 else 2)


def encoded(tensor: Tensor, seed: int, readable: list[bool]) -> NDArray[Any]:
    """The tensor as it stands in the file. Each has a random sequence of its own: its name and the seed."""
    random = np.random.default_rng([seed, zlib.crc32(tensor.name.encode())])
    deviation: NDArray[Any] = np.full(
        (tensor.shape[0], *[1] * (len(tensor.shape) - 1)), tensor.deviation, np.float32
    )
    if tensor.name == "output.weight":
        deviation[~np.array(readable)] *= _UNREADABLE
    if tensor.type in _BLOCKS:
        return _blocks(tensor, random, deviation)
    normal = np.resize(
        random.standard_normal(min(math.prod(tensor.shape), _PERIOD), np.float32), tensor.shape
    )
    return _written(normal * deviation + tensor.value, tensor.type)


def _all(shape: Shape) -> Iterator[Tensor]:
    yield _matrix("token_embd.weight", shape.vocabulary, shape.width, shape.embedding)
    if not shape.tied:
        yield _matrix("output.weight", shape.vocabulary, shape.width, shape.answering)
    last = "token_embd_norm" if shape.architecture == "lfm2" else "output_norm"
    yield Tensor(f"{last}.weight", (shape.width,))
    for layer in range(shape.layers):
        for tensor in _layer(shape, layer):
            yield replace(tensor, name=f"blk.{layer}.{tensor.name}")


def _layer(shape: Shape, layer: int) -> Iterator[Tensor]:
    yield Tensor("attn_norm.weight", (shape.width,))
    if shape.architecture == "mamba":
        yield from _recurrence(shape)
        return
    if shape.architecture == "lfm2" and not layer % 2:
        yield from _convolution(shape)
    else:
        yield from _attention(shape)
    yield Tensor("ffn_norm.weight", (shape.width,))
    yield _matrix("ffn_gate.weight", shape.feed_forward, shape.width, shape.strength)
    yield _matrix("ffn_up.weight", shape.feed_forward, shape.width, shape.strength)
    yield _matrix("ffn_down.weight", shape.width, shape.feed_forward, shape.strength)
    if shape.architecture == "gemma3":
        yield Tensor("post_attention_norm.weight", (shape.width,))
        yield Tensor("post_ffw_norm.weight", (shape.width,))


def _attention(shape: Shape) -> Iterator[Tensor]:
    head = shape.width // shape.heads
    narrow = head * shape.kv_heads
    yield _matrix("attn_q.weight", shape.width, shape.width, shape.strength)
    yield _matrix("attn_k.weight", narrow, shape.width, shape.strength)
    yield _matrix("attn_v.weight", narrow, shape.width, shape.strength)
    yield _matrix("attn_output.weight", shape.width, shape.width, shape.strength)
    if shape.bias:
        yield Tensor("attn_q.bias", (shape.width,), value=0.0)
        yield Tensor("attn_k.bias", (narrow,), value=0.0)
        yield Tensor("attn_v.bias", (narrow,), value=0.0)
    if shape.architecture in {"gemma3", "lfm2"}:
        yield Tensor("attn_q_norm.weight", (head,))
        yield Tensor("attn_k_norm.weight", (head,))


def _convolution(shape: Shape) -> Iterator[Tensor]:
    yield Tensor("shortconv.conv.weight", (shape.width, 3), deviation=0.5, value=0.0)
    yield _matrix("shortconv.in_proj.weight", 3 * shape.width, shape.width, shape.strength)
    yield _matrix("shortconv.out_proj.weight", shape.width, shape.width, shape.strength)


def _recurrence(shape: Shape) -> Iterator[Tensor]:
    inner, state, rank = 2 * shape.width, 16, shape.width // 16
    yield _matrix("ssm_in.weight", 2 * inner, shape.width, shape.strength)
    yield Tensor("ssm_conv1d.weight", (inner, 4), deviation=0.5, value=0.0)
    yield Tensor("ssm_conv1d.bias", (inner,), value=0.0)
    yield _matrix("ssm_x.weight", rank + 2 * state, inner, shape.strength)
    yield Tensor("ssm_dt.weight", (inner, rank), deviation=shape.strength, value=0.0)
    yield Tensor("ssm_dt.bias", (inner,), value=-3.0)
    yield Tensor("ssm_a", (inner, state), deviation=0.2, value=-1.5)  # below 0: what was read fades
    yield Tensor("ssm_d", (inner,))
    yield _matrix("ssm_out.weight", shape.width, inner, shape.strength)


def _matrix(name: str, rows: int, columns: int, deviation: float) -> Tensor:
    """A matrix that is quantised: its type is a placeholder until `_typed`."""
    return Tensor(name, (rows, columns), Type.Q4_0, deviation, 0.0)


def _typed(tensor: Tensor, quant: str) -> Tensor:
    """As llama-quantize does it: what reads and answers is kept more exact, and vectors as they are."""
    if tensor.type is Type.F32:
        return tensor
    if quant in _PLAIN:
        return replace(tensor, type=_PLAIN[quant])
    exact = tensor.name in {"token_embd.weight", "output.weight"}
    if quant == "Q4_0":
        return replace(tensor, type=Type.Q8_0 if exact else Type.Q4_0)
    finer = exact or "attn_v" in tensor.name or "ffn_down" in tensor.name
    return replace(tensor, type=Type.Q6_K if finer else Type.Q4_K)


def _written(weights: NDArray[Any], type_: Type) -> NDArray[Any]:
    if type_ is Type.BF16:
        return (weights.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16).view(np.uint8)
    return weights.astype(np.float16 if type_ is Type.F16 else np.float32)


def _blocks(tensor: Tensor, random: np.random.Generator, deviation: NDArray[Any]) -> NDArray[np.uint8]:
    _weights, size, scale = _BLOCKS[tensor.type]
    rows = tensor.shape[0]
    blocks = np.frombuffer(random.bytes(encoded_bytes(tensor)), np.uint8).reshape(rows, -1, size).copy()
    steps = (deviation * scale).astype(np.float16).reshape(rows, 1, 1)
    if tensor.type is Type.Q4_K:  # a scale, and one for the offsets, which brings the mean to 0
        blocks[:, :, :4] = np.concatenate([steps, steps * np.float16(7.5)], axis=2).view(np.uint8)
    elif tensor.type is Type.Q6_K:  # the scale stands last
        blocks[:, :, -2:] = steps.view(np.uint8)
    else:
        blocks[:, :, :2] = steps.view(np.uint8)
    return blocks.reshape(rows, -1)
