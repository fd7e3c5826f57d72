"""The tiny models of these tests: made once for each worker, then read only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Model = Callable[..., Path]


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """`model("tiny-window", "Q8_0")`: the path of such a file. F32 unless said otherwise: its sums are exact."""
    # Here, because conftest.py is read where [llm-dev] is not installed, too.
    from benchmarks.gguf import SHAPES, write_gguf

    folder = tmp_path_factory.mktemp("models")

    def made(shape: str = "tiny", quant: str = "F32") -> Path:
        path = folder / f"{shape}-{quant}.gguf"
        return path if path.exists() else write_gguf(path, SHAPES[shape], quant)

    return made


@pytest.fixture(scope="session")
def tiny(model: Model) -> Path:
    """The model of most tests: llama's make, exact, untied."""
    return model("tiny")
