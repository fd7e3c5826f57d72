"""A tiny embedding model with random weights, read by the product's own code; skipped where the extra is not there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.models.background import Background
from engine.store.store import Store
from tests.engine.store.conftest import clock, store, talk

if TYPE_CHECKING:
    from engine.memory.embed.encoder import Encoder
    from engine.memory.embed.meanings import Meanings

if any(find_spec(library) is None for library in ("numpy", "onnx", "onnxruntime", "tokenizers")):
    collect_ignore_glob = ["test_*.py"]

__all__ = ["clock", "store", "talk"]

WORDS = """
    my dog is called biscuit and he sleeps on the sofa what your name we went to lisbon last summer it was hot
    i work in a bakery now tell me more where did you go ann maya the person character : ? . , ! hello yes no
"""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model's folder."""
    from tests.engine.memory.embed.berts import write_tiny

    return write_tiny(tmp_path_factory.mktemp("tiny"), WORDS)


@pytest.fixture(scope="session")
def encoder(folder: Path) -> Encoder:
    from engine.memory.embed.encoder import Encoder

    return Encoder(folder / "model.onnx", folder / "tokenizer.json")


@pytest.fixture
def background() -> Background:
    """Notes that nobody works off unless a test does."""
    return Background()


@pytest.fixture
async def meanings(store: Store, background: Background, encoder: Encoder) -> AsyncIterator[Meanings]:
    from engine.memory.embed.meanings import Meanings

    meanings = Meanings(store, background, lambda: encoder)
    await store.on_erased(meanings.forget)
    yield meanings
    meanings.close()
