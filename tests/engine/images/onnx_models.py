"""Tiny ONNX models with the inputs and outputs of real ones, for the tests of what enlarges and repairs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FLOAT, DOUBLE = TensorProto.FLOAT, TensorProto.DOUBLE


def save(
    path: Path,
    nodes: list[onnx.NodeProto],
    inputs: dict[str, tuple[int, list[int | str]]],
    outputs: list[list[int | str]],
    **constants: object,
) -> Path:
    """A checked model in a file."""
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in inputs.items()],
        [helper.make_tensor_value_info("output", FLOAT, shape) for shape in outputs],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, path)
    return path


def upscaler(path: Path, scale: int = 4, side: int | None = None) -> Path:
    """Shaped like Real-ESRGAN: every pixel becomes a square. `side`: of a model with a fixed size."""
    shape: list[int | str] = [1, 3, side or "h", side or "w"]
    out: list[int | str] = [1, 3, side * scale if side else "oh", side * scale if side else "ow"]
    node = helper.make_node("Resize", ["input", "", "scales"], ["output"], mode="nearest")
    scales = np.array([1, 1, scale, scale], np.float32)
    return save(path, [node], {"input": (FLOAT, shape)}, [out], scales=scales)


def restorer(path: Path, weight: bool = False, gain: float = -1.0) -> Path:
    """Shaped like GFPGAN, or with `weight` like CodeFormer: every colour times `gain`, and times the weight."""
    shape: list[int | str] = [1, 3, 512, 512]
    inputs = {"input": (FLOAT, shape)}
    nodes = [helper.make_node("Mul", ["input", "gain"], ["scaled"])]
    if weight:
        inputs["weight"] = (DOUBLE, [])
        nodes += [
            helper.make_node("Cast", ["weight"], ["w"], to=FLOAT),
            helper.make_node("Mul", ["scaled", "w"], ["output"]),
        ]
    else:
        nodes += [helper.make_node("Identity", ["scaled"], ["output"])]
    return save(path, nodes, inputs, [shape], gain=np.float32(gain))


def swapper(path: Path) -> Path:
    """Shaped like inswapper: the target's colours move as the source's vector says; the last constant is its map."""
    rng = np.random.default_rng(1)
    nodes = [
        helper.make_node("MatMul", ["source", "moves"], ["moved"]),
        helper.make_node("Reshape", ["moved", "shape"], ["colour"]),
        helper.make_node("Add", ["target", "colour"], ["sum"]),
        helper.make_node("Clip", ["sum", "low", "high"], ["output"]),
    ]
    return save(
        path,
        nodes,
        {"target": (FLOAT, [1, 3, 128, 128]), "source": (FLOAT, [1, 512])},
        [[1, 3, 128, 128]],
        moves=(rng.standard_normal((512, 3)) * 0.5).astype(np.float32),
        shape=np.array([1, 3, 1, 1], np.int64),
        low=np.float32(0),
        high=np.float32(1),
        emap=np.eye(512, dtype=np.float32),
    )
