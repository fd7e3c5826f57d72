"""engine/memory/embed/encoder.py with a tiny model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.errors import ModelError
from engine.memory.embed.encoder import LONGEST, Encoder
from engine.memory.embed.input import Text


def test_a_text_means_the_same_alone_and_among_others(encoder: Encoder) -> None:
    texts = [Text("my dog is called biscuit"), Text("no"), Text("we went to lisbon last summer", "yes")] * 3
    for together, text in zip(encoder.read(texts), texts, strict=True):
        alone = encoder.read([text])[0]
        assert np.allclose(together.whole, alone.whole, atol=1e-5)
        assert np.allclose(together.tokens, alone.tokens, atol=1e-5)


def test_one_vector_for_each_word_and_one_for_all(encoder: Encoder) -> None:
    read = encoder.read([Text("my dog is called biscuit")])[0]
    assert read.tokens.shape == (5, encoder.width)
    assert encoder.read([Text("my dog, is called: biscuit!")])[0].tokens.shape == (5, encoder.width)
    assert np.allclose(np.linalg.norm(read.tokens, axis=1), 1, atol=1e-5)
    assert np.linalg.norm(read.whole) == pytest.approx(1, abs=1e-5)


def test_what_was_said_before_is_read_with_it_and_not_kept(encoder: Encoder) -> None:
    alone, after = encoder.read([Text("biscuit sleeps"), Text("biscuit sleeps", "what is your dog called ?")])
    assert alone.tokens.shape == after.tokens.shape
    assert not np.allclose(alone.tokens, after.tokens, atol=1e-3)


def test_of_what_is_too_long_the_message_itself_stays(encoder: Encoder) -> None:
    read = encoder.read([Text("biscuit sleeps", "hello " * 2 * LONGEST)])[0]
    assert len(read.tokens) == 2


def test_a_text_without_words_has_no_token(encoder: Encoder) -> None:
    assert encoder.read([Text("")])[0].tokens.shape == (0, encoder.width)
    assert encoder.read([]) == []


def test_the_name_tells_models_apart(encoder: Encoder, folder: Path, tmp_path: Path) -> None:
    again = Encoder(folder / "model.onnx", folder / "tokenizer.json")
    assert again.name == encoder.name and len(encoder.name) > 12


@pytest.mark.parametrize("broken", ["model.onnx", "tokenizer.json"])
def test_a_broken_file_is_a_sentence(folder: Path, tmp_path: Path, broken: str) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        data = (folder / name).read_bytes()
        (tmp_path / name).write_bytes(data[: len(data) // 2] if name == broken else data)
    with pytest.raises(ModelError) as caught:
        Encoder(tmp_path / "model.onnx", tmp_path / "tokenizer.json")
    assert str(tmp_path / "model.onnx") in caught.value.sentence
    assert "selfsame models pull recall" in caught.value.sentence
