"""BERT-shaped ONNX files for tests and measurements: the graph that sentence-transformers exports, with any weights.

A test writes a tiny one with random weights (`write_tiny`). The same graph takes the weights of the real model from its
safetensors file (`python -m tests.engine.memory.embed.berts SAFETENSORS FOLDER`), so that measuring needs no torch.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

Weights = Mapping[str, "np.ndarray[Any, Any]"]
OPSET = 17
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a BERT's configuration decides about its graph."""

    layers: int = 6
    heads: int = 12
    width: int = 384
    inner: int = 1536
    words: int = 30522
    positions: int = 512
    epsilon: float = 1e-12


class _Graph:
    """Nodes and weights, as they are added."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        out = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [out], **attributes))
        return out

    def weight(self, name: str, *, turned: bool = False) -> str:
        value = self._weights[name]
        return self._keep(name, np.ascontiguousarray(value.T) if turned else value)

    def constant(self, value: Any, kind: Any) -> str:
        return self._keep(f"{value}_{np.dtype(kind)}", np.asarray(value, kind))

    def _keep(self, name: str, value: np.ndarray[Any, Any]) -> str:
        self.constants.setdefault(name, numpy_helper.from_array(value, name))
        return name

    def linear(self, x: str, name: str) -> str:
        product = self.add("MatMul", x, self.weight(f"{name}.weight", turned=True))
        return self.add("Add", product, self.weight(f"{name}.bias"))

    def norm(self, x: str, name: str, epsilon: float) -> str:
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.add("LayerNormalization", x, scale, bias, axis=-1, epsilon=epsilon)


def bert(shape: Shape, weights: Weights) -> onnx.ModelProto:
    """The graph: input_ids, attention_mask, token_type_ids -> last_hidden_state."""
    graph = _Graph(weights)
    hidden = _embedded(graph, shape)
    mask = _mask(graph)
    for layer in range(shape.layers):
        hidden = _layer(graph, f"encoder.layer.{layer}", hidden, mask, shape)
    graph.add("Identity", hidden)
    graph.nodes[-1].output[0] = "last_hidden_state"
    dims = ["batch", "sequence"]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, dims)
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    out = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*dims, shape.width])
    made = helper.make_graph(graph.nodes, "bert", inputs, [out], list(graph.constants.values()))
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def _embedded(graph: _Graph, shape: Shape) -> str:
    words = graph.add("Gather", graph.weight("embeddings.word_embeddings.weight"), "input_ids")
    kinds = graph.add("Gather", graph.weight("embeddings.token_type_embeddings.weight"), "token_type_ids")
    length = graph.add("Gather", graph.add("Shape", "input_ids"), graph.constant([1], np.int64))
    places = graph.add(
        "Slice",
        graph.weight("embeddings.position_embeddings.weight"),
        graph.constant([0], np.int64),
        length,
        graph.constant([0], np.int64),
    )
    summed = graph.add("Add", graph.add("Add", words, kinds), places)
    return graph.norm(summed, "embeddings.LayerNorm", shape.epsilon)


def _mask(graph: _Graph) -> str:
    """0 for what is there, very little for what is padding, as [batch, 1, 1, sequence]."""
    known = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    absent = graph.add("Sub", graph.constant(1.0, np.float32), known)
    spread = graph.add("Unsqueeze", absent, graph.constant([1, 2], np.int64))
    return graph.add("Mul", spread, graph.constant(-10_000.0, np.float32))


def _layer(graph: _Graph, name: str, hidden: str, mask: str, shape: Shape) -> str:
    attended = graph.linear(
        _attention(graph, f"{name}.attention.self", hidden, mask, shape), f"{name}.attention.output.dense"
    )
    middle = graph.norm(
        graph.add("Add", attended, hidden), f"{name}.attention.output.LayerNorm", shape.epsilon
    )
    inner = _gelu(graph, graph.linear(middle, f"{name}.intermediate.dense"))
    out = graph.linear(inner, f"{name}.output.dense")
    return graph.norm(graph.add("Add", out, middle), f"{name}.output.LayerNorm", shape.epsilon)


def _attention(graph: _Graph, name: str, hidden: str, mask: str, shape: Shape) -> str:
    each = shape.width // shape.heads
    apart = graph.constant([0, 0, shape.heads, each], np.int64)

    def heads(part: str, order: list[int]) -> str:
        split = graph.add("Reshape", graph.linear(hidden, f"{name}.{part}"), apart)
        return graph.add("Transpose", split, perm=order)

    query, key = heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1])
    value = heads("value", [0, 2, 1, 3])
    scores = graph.add("Div", graph.add("MatMul", query, key), graph.constant(each**0.5, np.float32))
    weights = graph.add("Softmax", graph.add("Add", scores, mask), axis=-1)
    together = graph.add("Transpose", graph.add("MatMul", weights, value), perm=[0, 2, 1, 3])
    return graph.add("Reshape", together, graph.constant([0, 0, shape.width], np.int64))


def _gelu(graph: _Graph, x: str) -> str:
    ratio = graph.add("Div", x, graph.constant(2.0**0.5, np.float32))
    bent = graph.add("Add", graph.add("Erf", ratio), graph.constant(1.0, np.float32))
    return graph.add("Mul", graph.add("Mul", x, bent), graph.constant(0.5, np.float32))


def random_weights(shape: Shape, seed: int = 1) -> Weights:
    """Weights as they are before any training: near in meaning is then what shares words."""
    draw = np.random.default_rng(seed)
    weights: dict[str, np.ndarray[Any, Any]] = {}

    def table(name: str, *size: int) -> None:
        weights[name] = draw.normal(0.0, 0.02 if size[-1] != shape.width else 0.5, size).astype(np.float32)

    def linear(name: str, inputs: int, outputs: int) -> None:
        weights[f"{name}.weight"] = draw.normal(0.0, 0.02, (outputs, inputs)).astype(np.float32)
        weights[f"{name}.bias"] = np.zeros(outputs, np.float32)

    def norm(name: str) -> None:
        weights[f"{name}.weight"] = np.ones(shape.width, np.float32)
        weights[f"{name}.bias"] = np.zeros(shape.width, np.float32)

    table("embeddings.word_embeddings.weight", shape.words, shape.width)
    for name, rows in (("position", shape.positions), ("token_type", 2)):
        weights[f"embeddings.{name}_embeddings.weight"] = np.zeros((rows, shape.width), np.float32)
    norm("embeddings.LayerNorm")
    for layer in range(shape.layers):
        name = f"encoder.layer.{layer}"
        for part in ("query", "key", "value"):
            linear(f"{name}.attention.self.{part}", shape.width, shape.width)
        linear(f"{name}.attention.output.dense", shape.width, shape.width)
        linear(f"{name}.intermediate.dense", shape.width, shape.inner)
        linear(f"{name}.output.dense", shape.inner, shape.width)
        norm(f"{name}.attention.output.LayerNorm")
        norm(f"{name}.output.LayerNorm")
    return weights


def tokenizer(words: list[str]) -> Tokenizer:
    """A tokenizer that knows these words whole and spells all others with letters."""
    letters = [chr(code) for code in range(33, 127)]
    pieces = [*SPECIAL, *letters, *(f"##{one}" for one in letters), *words]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    made = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return made


def write_tiny(folder: Path, words: str) -> Path:
    """A tiny model with random weights, and its tokenizer, in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    known = tokenizer(sorted(set(words.lower().split())))
    known.save(str(folder / "tokenizer.json"))
    shape = Shape(layers=1, heads=2, width=64, inner=128, words=known.get_vocab_size(), positions=512)
    onnx.save(bert(shape, random_weights(shape)), str(folder / "model.onnx"))
    return folder


def read_safetensors(path: Path) -> Weights:
    """The float32 weights of a safetensors file."""
    raw = memoryview(path.read_bytes())
    size = int.from_bytes(raw[:8], "little")
    table = json.loads(bytes(raw[8 : 8 + size]))
    table.pop("__metadata__", None)
    return {
        name: np.frombuffer(raw[8 + size :][slice(*one["data_offsets"])], np.float32).reshape(one["shape"])
        for name, one in table.items()
        if one["dtype"] == "F32"
    }


if __name__ == "__main__":
    target = Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    onnx.save(bert(Shape(), read_safetensors(Path(sys.argv[1]))), str(target / "model.onnx"))
