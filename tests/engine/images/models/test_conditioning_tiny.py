"""What is kept of reference pictures: found again, bounded, whole, and erased with the picture."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.images.pipelines.diffusion.conditioning import FOLDER, Conditioning, forget, keep_only
from engine.images.pipelines.port import Reference
from tests.engine.images.models.tiny.house import reference

pytestmark = pytest.mark.images


@pytest.fixture
def picture(tmp_path: Path) -> Reference:
    return reference(tmp_path / "media", 1)


def _tensors(value: float = 1.0, size: int = 8) -> dict[str, Any]:
    import torch

    return {"latents": torch.full((size,), value, dtype=torch.bfloat16), "more": torch.arange(3)}


def _never() -> dict[str, Any]:
    raise AssertionError("it was computed again")


def _files(data: Path) -> list[Path]:
    return sorted((data / FOLDER).glob("*/*"))


def test_what_was_computed_once_is_found_in_memory_and_on_disk(tmp_path: Path, picture: Reference) -> None:
    import torch

    kept = Conditioning(tmp_path, "model", 1)
    first = kept.get(picture, "latents", _tensors)
    assert kept.get(picture, "latents", _never) is first
    later = Conditioning(tmp_path, "model", 1).get(picture, "latents", _never)
    assert all(
        torch.equal(first[name], later[name]) and first[name].dtype == later[name].dtype for name in first
    )
    assert kept.encodings == 1


@pytest.mark.parametrize("part", ["model", "picture", "key"])
def test_another_model_picture_or_kind_is_computed_by_itself(
    tmp_path: Path, picture: Reference, part: str
) -> None:
    Conditioning(tmp_path, "model", 1).get(picture, "latents", _tensors)
    kept = Conditioning(tmp_path, "other" if part == "model" else "model", 1)
    shown = reference(tmp_path / "media", 2) if part == "picture" else picture
    kept.get(shown, "other" if part == "key" else "latents", lambda: _tensors(2.0))
    assert kept.encodings == 1
    assert len(_files(tmp_path)) == 2


@pytest.mark.parametrize("harm", ["cut", "empty", "flipped", "exchanged"])
def test_a_file_that_is_not_whole_is_computed_anew(tmp_path: Path, picture: Reference, harm: str) -> None:
    Conditioning(tmp_path, "model", 1).get(picture, "latents", _tensors)
    (path,) = _files(tmp_path)
    content = bytearray(path.read_bytes())
    if harm == "exchanged":  # a whole file, but of something else
        Conditioning(tmp_path, "model", 1).get(picture, "other", lambda: _tensors(3.0))
        (other,) = (one for one in _files(tmp_path) if one != path)
        content = bytearray(other.read_bytes())
    if harm == "flipped":
        content[-1] ^= 1
    path.write_bytes({"cut": content[:-9], "empty": b""}.get(harm, content))
    kept = Conditioning(tmp_path, "model", 1)
    assert kept.get(picture, "latents", _tensors)["latents"][0] == 1.0
    assert kept.encodings == 1
    assert Conditioning(tmp_path, "model", 1).get(picture, "latents", _never)["latents"][0] == 1.0


def test_the_disk_keeps_what_was_used_last(tmp_path: Path, picture: Reference) -> None:
    size = 300_000  # bytes of bfloat16, doubled: three of them are more than a megabyte
    kept = Conditioning(tmp_path, "model", 1)
    kept.get(picture, "first", lambda: _tensors(1.0, size // 2))
    kept.get(picture, "second", lambda: _tensors(2.0, size // 2))
    kept.get(picture, "third", lambda: _tensors(3.0, size // 2))
    for path in _files(tmp_path):
        os.utime(path, (1, 1))
    again = Conditioning(tmp_path, "model", 1)
    again.get(picture, "first", _never)  # used: it stays
    again.get(picture, "fourth", lambda: _tensors(4.0, size // 2))
    assert sum(path.stat().st_size for path in _files(tmp_path)) <= 1 << 20
    later = Conditioning(tmp_path, "model", 1)
    later.get(picture, "first", _never)
    later.get(picture, "fourth", _never)


def test_what_is_larger_than_the_share_or_has_none_stays_in_memory(
    tmp_path: Path, picture: Reference
) -> None:
    for megabytes, size in ((1, 1 << 20), (0, 8)):
        kept = Conditioning(tmp_path, "model", megabytes)
        kept.get(picture, "latents", lambda size=size: _tensors(1.0, size))
        kept.get(picture, "latents", _never)
        assert not _files(tmp_path)


def test_memory_is_bounded(tmp_path: Path, picture: Reference, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.images.pipelines.diffusion.conditioning.MEMORY", 100)
    kept = Conditioning(tmp_path, "model", 0)
    for key in ("a", "b", "c", "a"):
        kept.get(picture, key, lambda: _tensors(1.0, 20))
    assert kept.encodings == 4
    assert sum(entry.size for entry in kept._kept.values()) <= 100


def test_a_picture_that_is_erased_takes_along_what_was_read_of_it(tmp_path: Path, picture: Reference) -> None:
    other = reference(tmp_path / "media", 2)
    for model in ("one", "two"):
        for shown in (picture, other):
            Conditioning(tmp_path, model, 1).get(shown, "latents", _tensors)
    forget(tmp_path, [picture.sha256])
    assert {path.name.partition(".")[0] for path in _files(tmp_path)} == {other.sha256}
    keep_only(tmp_path, [picture.sha256])
    assert not _files(tmp_path)


def test_a_picture_that_is_gone_is_dropped_from_memory_with_the_words_beside_it(
    tmp_path: Path, picture: Reference
) -> None:
    other = reference(tmp_path / "media", 2)
    kept = Conditioning(tmp_path, "model", 1)
    kept.get(picture, "latents", _tensors)
    kept.words("a walk", (picture, other), _tensors)
    kept.words("a talk", (other,), _tensors)
    picture.path.unlink()
    kept.sweep()
    assert not _files(tmp_path)
    kept.words("a talk", (other,), _never)
    with pytest.raises(AssertionError):
        kept.words("a walk", (picture, other), _never)


def test_words_are_never_written_down(tmp_path: Path, picture: Reference) -> None:
    kept = Conditioning(tmp_path, "model", 1)
    kept.words("what somebody said", (picture,), _tensors)
    kept.words("what somebody said", (picture,), _never)
    assert not _files(tmp_path)
    assert kept.encodings == 0


def test_a_disk_that_cannot_be_written_is_no_reason_to_fail(tmp_path: Path, picture: Reference) -> None:
    (tmp_path / FOLDER).write_text("a file where the folder should be")
    kept = Conditioning(tmp_path, "model", 1)
    assert kept.get(picture, "latents", _tensors)["latents"][0] == 1.0


def test_erasing_needs_no_library_of_models() -> None:
    code = (
        "import sys; from engine.images.pipelines.diffusion.conditioning import forget, keep_only; "
        "sys.exit(any(name in sys.modules for name in ('torch', 'diffusers', 'safetensors', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
