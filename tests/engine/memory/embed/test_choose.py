"""engine/memory/embed/choose.py: which model is used, and what is said where none is."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from engine.config import MemoryConfig
from engine.errors import ModelError
from engine.memory.embed import choose
from engine.memory.embed.choose import KNOWN, find_files, open_meanings
from engine.models.background import Background
from engine.store.store import Store


def put(folder: Path, weights: str = "onnx/model.onnx") -> None:
    for name in (weights, "tokenizer.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")


def test_what_was_fetched_is_used_and_of_several_the_last_that_we_know(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="selfsame models pull recall"):
        find_files(MemoryConfig(), tmp_path)
    for one in KNOWN:
        put(tmp_path / "models" / one.repo)
        assert find_files(MemoryConfig(), tmp_path).name == one.repo
    named = find_files(MemoryConfig(embedding_model=KNOWN[0].repo), tmp_path)
    assert named.weights == tmp_path / "models" / KNOWN[0].repo / "onnx/model.onnx"


def test_any_folder_can_be_named(tmp_path: Path) -> None:
    put(tmp_path / "mine", "model.onnx")
    found = find_files(MemoryConfig(embedding_model=str(tmp_path / "mine")), tmp_path / "data")
    assert found.weights == tmp_path / "mine/model.onnx"


@pytest.mark.parametrize("missing", ["onnx/model.onnx", "tokenizer.json"])
def test_half_a_model_is_none(tmp_path: Path, missing: str) -> None:
    put(tmp_path / "mine")
    (tmp_path / "mine" / missing).unlink()
    with pytest.raises(ModelError, match=r"memory\.embedding_model names"):
        find_files(MemoryConfig(embedding_model=str(tmp_path / "mine")), tmp_path / "data")


async def test_without_a_model_or_the_extra_one_line_is_said(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "mine")
    with caplog.at_level(logging.INFO):
        assert open_meanings(MemoryConfig(), tmp_path, store, Background()) is None
        wanted = MemoryConfig(embedding_model=str(tmp_path / "mine"))
        monkeypatch.setattr(choose, "LIBRARIES", ("numpy", "nothing_of_this_name"))
        assert open_meanings(wanted, tmp_path, store, Background()) is None
        off = wanted.model_copy(update={"embeddings": "off"})
        assert open_meanings(off, tmp_path, store, Background()) is None
    lines = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert [level for level, _ in lines] == ["INFO", "WARNING"]
    assert "selfsame models pull recall" in lines[0][1]
    assert "nothing_of_this_name" in lines[1][1] and "make recall" in lines[1][1]
