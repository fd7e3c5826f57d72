"""Tiny ONNX files with the shapes of the models that verify pictures, so that production code loads and runs them.

Faces are found and told apart by construction: a detector fires where a cell of its grid is of one pure colour (red for
a face of middle size, blue for a small one, green for a large one), and a recogniser gives back the colours of the four
quarters around it. `pictures.py` paints such faces.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
# Strides of the grids, and the colour (R, G, B) that each fires at.
FIRES = {8: (-1, -1, 1), 16: (1, -1, -1), 32: (-1, 1, -1)}
# Half a face in cells, and how far above the marker its middle is; then five points (x, y) from the marker, in cells.
HALF, ABOVE = 3.0, 0.727
POINTS = (-0.8, -0.9, 0.8, -0.9, 0.0, 0.0, -0.65, 0.95, 0.65, 0.95)


class Graph:
    """Nodes and weights, as they are added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def add(self, kind: str, *inputs: str, to: str = "", **attributes: Any) -> str:
        out = to or f"{kind}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [out], name=f"n{len(self.nodes)}", **attributes))
        return out

    def weight(self, value: Any, kind: Any = np.float32) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(value, kind), name))
        return name

    def save(self, path: Path, inputs: Sequence[Any], outputs: Sequence[Any]) -> Path:
        graph = helper.make_graph(
            self.nodes,
            "tiny",
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in inputs],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs],
            self.weights,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = 9
        onnx.checker.check_model(model)
        path.parent.mkdir(parents=True, exist_ok=True)
        onnx.save(model, str(path))
        return path


def write_scrfd(path: Path) -> Path:
    """SCRFD: nine outputs, two anchors a cell; cells are measured from their left top."""
    g = Graph()
    outputs = []
    for kind, width, values in (
        ("score", 1, None),
        ("bbox", 4, (HALF - 0.5, HALF + ABOVE - 0.5, HALF + 0.5, HALF - ABOVE + 0.5)),
        ("kps", 10, tuple(one + 0.5 for one in POINTS)),
    ):
        for stride, colour in FIRES.items():
            fired = _fired(g, "input.1", stride, np.asarray(colour, np.float32), 2.0)
            rows = g.add("Reshape", fired, g.weight((-1, 1), np.int64))
            both = g.add("Tile", rows, g.weight((1, 2), np.int64))
            out = f"{kind}_{stride}"
            column = g.add("Reshape", both, g.weight((-1, 1), np.int64), to=out if values is None else "")
            if values is not None:
                nothing = g.add("Mul", column, g.weight(0.0))
                g.add("Add", nothing, g.weight([values]), to=out)
            outputs.append((out, [f"n{stride}", width]))
    return g.save(path, [("input.1", [1, 3, "height", "width"])], outputs)


def write_yunet(path: Path) -> Path:
    """YuNet: twelve outputs with a batch, one anchor a cell; colours are BGR from 0 to 255."""
    g = Graph()
    outputs: list[Any] = []
    sizes = [np.log(2 * HALF)] * 2
    for kind, width, values in (
        ("cls", 1, None),
        ("obj", 1, None),
        ("bbox", 4, (0.5, 0.5 - ABOVE, *sizes)),
        ("kps", 10, tuple(one + 0.5 for one in POINTS)),
    ):
        for stride, colour in FIRES.items():
            # Brought to -1 … 1 by the same weights: w·(x / 127.5 - 1).
            weights = np.asarray(colour[::-1], np.float32) / 127.5
            fired = _fired(g, "input", stride, weights, 2.0 + sum(colour))
            out = f"{kind}_{stride}"
            rows = g.add("Reshape", fired, g.weight((1, -1, 1), np.int64), to=out if values is None else "")
            if values is not None:
                nothing = g.add("Mul", rows, g.weight([0.0]))
                g.add("Add", nothing, g.weight([[values]]), to=out)
            outputs.append((out, [1, f"n{stride}", width]))
    return g.save(path, [("input", [1, 3, "height", "width"])], outputs)


def write_arcface(path: Path, *, name: str = "input.1", out: int = 512, scaled: bool = True) -> Path:
    """ArcFace: 112 × 112 to 512 numbers. SFace with `scaled=False`, which takes 0 to 255, and 128 numbers."""
    g = Graph()
    given = name
    if not scaled:
        less = g.add("Add", name, g.weight([-127.5]))
        given = g.add("Mul", less, g.weight([1 / 127.5]))
    pooled = g.add("AveragePool", given, kernel_shape=[16, 16], strides=[16, 16])
    flat = g.add("Flatten", pooled)
    g.add("MatMul", flat, g.weight(_quarters(out)), to="vector")
    return g.save(path, [(name, ["batch", 3, 112, 112])], [("vector", ["batch", out])])


def write_sface(path: Path) -> Path:
    """SFace."""
    return write_arcface(path, name="data", out=128, scaled=False)


def write_ccip(features: Path, metrics: Path) -> tuple[Path, Path]:
    """CCIP: 384 × 384 to 768 numbers, and the differences of n such rows (n × n): (1 - cosine) / 2."""
    g = Graph()
    pooled = g.add("AveragePool", "input", kernel_shape=[96, 96], strides=[96, 96])
    flat = g.add("Flatten", pooled)
    g.add("MatMul", flat, g.weight(_turned(48, 768)), to="output")
    g.save(features, [("input", ["batch", 3, 384, 384])], [("output", ["batch", 768])])
    g = Graph()
    length = g.add("ReduceL2", "input", axes=[1], keepdims=1)
    one = g.add("Div", "input", g.add("Max", length, g.weight([1e-6])))
    cosines = g.add("MatMul", one, g.add("Transpose", one, perm=[1, 0]))
    less = g.add("Sub", g.weight([1.0]), cosines)
    g.add("Mul", less, g.weight([0.5]), to="output")
    g.save(metrics, [("input", ["batch", 768])], [("output", ["batch", "batch2"])])
    return features, metrics


def write_dino(path: Path) -> Path:
    """DINOv2: 224 × 224 to 257 × 384 numbers, of which the first row is the whole picture's."""
    g = Graph()
    wide = g.add("AveragePool", "pixel_values", kernel_shape=[56, 56], strides=[56, 56])
    whole = g.add("MatMul", g.add("Flatten", wide), g.weight(_turned(48, 384)))
    first = g.add("Unsqueeze", whole, g.weight((1,), np.int64))
    small = g.add("AveragePool", "pixel_values", kernel_shape=[14, 14], strides=[14, 14])
    rows = g.add("Transpose", g.add("Reshape", small, g.weight((0, 3, 256), np.int64)), perm=[0, 2, 1])
    parts = g.add("MatMul", rows, g.weight(_turned(3, 384)))
    g.add("Concat", first, parts, to="last_hidden_state", axis=1)
    return g.save(
        path,
        [("pixel_values", ["batch", 3, 224, 224])],
        [("last_hidden_state", ["batch", 257, 384])],
    )


def _fired(g: Graph, name: str, stride: int, weights: Any, less: float) -> str:
    """From 0 to 1 how much each cell is of one pure colour."""
    conv = g.add("Conv", name, g.weight(weights.reshape(1, 3, 1, 1)), g.weight([-less]), kernel_shape=[1, 1])
    pooled = g.add("AveragePool", conv, kernel_shape=[stride, stride], strides=[stride, stride])
    return g.add("Clip", pooled, g.weight(0.0), g.weight(1.0))


def _turned(given: int, out: int) -> Any:
    """Weights that keep lengths and angles."""
    square, _ = np.linalg.qr(np.random.default_rng(7).standard_normal((max(given, out), given)))
    return square.T.astype(np.float32) if out >= given else square[:out].T.astype(np.float32)


def _quarters(out: int) -> Any:
    """From 3 × 7 × 7 colours those of the four corners (2 × 2 each), turned; the middle has the marker."""
    corners = np.zeros((3, 7, 7, 12), np.float32)
    for at, (top, left) in enumerate(((0, 0), (0, 5), (5, 0), (5, 5))):
        for colour in range(3):
            corners[colour, top : top + 2, left : left + 2, at * 3 + colour] = 0.25
    return (corners.reshape(147, 12) @ _turned(12, out)).astype(np.float32)
