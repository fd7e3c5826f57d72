"""engine/provision/pictures/verify.py: one sentence for each thing that can be wrong with what is here."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from engine.config import EngineConfig, ImagesConfig
from engine.provision.pictures.known import find_piece
from engine.provision.pictures.verify import Verified, here, verify
from tests.engine.provision.repos import klein, weights

KLEIN = find_piece("klein")
PART = "transformer/diffusion_pytorch_model.safetensors"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A klein where it is fetched to."""
    return klein(tmp_path / "models" / KLEIN.repo, junk=False)


def noted(path: Path) -> None:
    """Note down what was fetched, as a fetch does."""
    data = path.read_bytes()
    note = {"from": "o/r", "commit": "0" * 40, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    path.with_name(f"{path.name}.json").write_text(json.dumps(note))


def looked(data: Path, name: str = "klein", images: ImagesConfig | None = None) -> Verified:
    return verify(find_piece(name), EngineConfig(images=images or ImagesConfig()), data, lambda *_: None)


def test_what_was_fetched_is_whole_and_every_byte_of_it_is_known(tmp_path: Path, folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        noted(path)
    found = looked(tmp_path)
    assert found.ok and f"{len(files)} files" in found.sentence and "all checksums right" in found.sentence


def test_of_what_somebody_put_there_no_checksums_are_known(tmp_path: Path, folder: Path) -> None:
    found = looked(tmp_path)
    assert found.ok is None and "No checksums are known" in found.sentence
    noted(folder / PART)
    found = looked(tmp_path)
    assert found.ok and "1 of " in found.sentence


def test_a_changed_byte_is_found_and_the_file_is_fetched_again(tmp_path: Path, folder: Path) -> None:
    noted(folder / PART)
    data = (folder / PART).read_bytes()
    (folder / PART).write_bytes(data[:-1] + b"?")
    found = looked(tmp_path)
    assert found.ok is False and PART in found.sentence.replace("\\", "/")
    assert "damaged" in found.sentence and "selfsame models pull klein" in found.sentence
    assert not (folder / f"{PART}.json").exists()  # so that the next fetch does not trust it


@pytest.mark.parametrize(
    ("name", "cut", "said"),
    [
        (PART, 100, "is cut short"),
        (PART, 4, "is cut short"),
        ("text_encoder/model-00002-of-00002.safetensors", 50, "is cut short"),
    ],
)
def test_a_truncated_file_is_said(tmp_path: Path, folder: Path, name: str, cut: int, said: str) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[:cut])
    found = looked(tmp_path)
    assert found.ok is False and said in found.sentence and "selfsame models pull klein" in found.sentence


def test_a_missing_part_a_missing_shard_and_a_foreign_model_are_said(tmp_path: Path, folder: Path) -> None:
    (folder / "text_encoder/model-00002-of-00002.safetensors").unlink()
    assert "1 of 2 files" in looked(tmp_path).sentence
    for path in (folder / "vae").iterdir():
        path.unlink()
    assert "the part vae is missing" in looked(tmp_path).sentence
    index = folder / "model_index.json"
    index.write_text(json.dumps({**json.loads(index.read_text()), "_class_name": "FluxKontextPipeline"}))
    assert "a model of the family kontext" in looked(tmp_path).sentence


def test_a_small_model_is_verified_by_its_files(tmp_path: Path) -> None:
    assert "is not here" in looked(tmp_path, "auraface").sentence
    path = tmp_path / "models" / find_piece("auraface").repo / "glintr100.onnx"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"0" * 100)
    noted(path)
    assert looked(tmp_path, "auraface").ok
    path.write_bytes(b"0" * 99)
    found = looked(tmp_path, "auraface")
    assert found.ok is False and "selfsame models pull auraface" in found.sentence


def test_what_has_begun_to_arrive_is_looked_at_and_what_has_not_is_left_out(tmp_path: Path) -> None:
    assert here(EngineConfig(), tmp_path) == ()
    weights(tmp_path / "models" / KLEIN.repo / PART)
    (own := tmp_path / "mine").mkdir()
    images = ImagesConfig(folders={"sdxl": str(own)})
    assert [piece.name for piece in here(EngineConfig(images=images), tmp_path)] == ["klein", "sdxl"]
    assert "has no model_index.json" in looked(tmp_path).sentence


def test_progress_goes_through_all_bytes(tmp_path: Path, folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        noted(path)
    told: list[tuple[int, int]] = []
    verify(KLEIN, EngineConfig(), tmp_path, lambda have, total, _: told.append((have, total)))
    size = sum(path.stat().st_size for path in files)
    assert told[-1] == (size, size) and told == sorted(told)
