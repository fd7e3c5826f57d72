"""What lies in a model's folder, before anything of it is loaded: is all of it there, whole, and of this family.

`loading.py` calls `check` first, so that a person reads one sentence instead of a library's traceback. `fingerprint`
names what was loaded: cached conditioning is keyed by it. Nothing here imports torch.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import WeightsError
from engine.images.pipelines.facts import Facts, families

INDEX = "model_index.json"
# The variant that SDXL and its kin are shipped in beside, or instead of, the full weights.
HALF = "fp16"
# Bytes of a header that is believed: the largest known ones have a few megabytes.
_LONGEST_HEADER = 100_000_000
# Bytes of a file that are wholly read for a fingerprint: configurations, not weights.
_SMALL = 1 << 20
# Places of a weights file that a fingerprint looks at, and the bytes read there.
_PLACES, _LOOK = 16, 4096


@dataclass(frozen=True, slots=True)
class Contents:
    """A folder that was checked: its class, its components with weights, and which variant of weights it has."""

    folder: Path
    pipeline: str
    parts: Mapping[str, tuple[str, str]]  # component → library and class, without those that are not there
    weights: tuple[str, ...]
    variant: str | None


def check(folder: Path, facts: Facts, classes: tuple[str, ...] = ()) -> Contents:
    """Look whether a folder holds a whole model of this family. `classes`: more pipelines than its own that will do.

    Raises WeightsError with what to do.
    """
    index = _read_index(folder, facts)
    pipeline = index.get("_class_name", "")
    if pipeline not in (facts.pipeline, *classes):
        raise WeightsError(_of_another(folder, facts, str(pipeline)))
    parts = {
        name: (value[0], value[1])
        for name, value in index.items()
        if isinstance(value, list) and len(value) == 2 and value[0] and value[1]
    }
    for name in parts:
        if not _is_filled(folder / name):
            raise WeightsError(f"{facts.title}: the part {name} is missing from {folder}. {_again(facts)}")
    weights = tuple(name for name in parts if (folder / name / "config.json").is_file())
    variant = _variant(folder, weights)
    for name in weights:
        _check_part(folder / name, variant, facts)
    return Contents(folder, pipeline, parts, weights, variant)


def fingerprint(folder: Path) -> str:
    """A name of what is in the folder: names, sizes, dates, headers, and a few spots of each file; not its whole bytes.

    Two trainings of one model differ in it; a folder that nobody touched keeps it.
    """
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue  # what downloads remember
        stat = path.stat()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
        for part in _spots(path, stat.st_size):
            digest.update(part)
    return digest.hexdigest()[:32]


def read_header(path: Path) -> dict[str, Any]:
    """The header of a safetensors file: tensors by name. Raises ValueError with what is wrong with the file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(8)
        if len(start) < 8:
            raise ValueError("is cut short")
        (length,) = struct.unpack("<Q", start)
        if length > _LONGEST_HEADER:
            raise ValueError("is no safetensors file")
        if 8 + length > size:
            raise ValueError("is cut short")
        try:
            header: dict[str, Any] = json.loads(file.read(length))
            end = max(
                (entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"),
                default=0,
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError("is damaged") from error
    if 8 + length + end > size:
        raise ValueError(f"is cut short: {size:,} bytes of {8 + length + end:,}")
    return {name: entry for name, entry in header.items() if name != "__metadata__"}


# ---------------------------------------------------------------- inside


def _read_index(folder: Path, facts: Facts) -> dict[str, Any]:
    if not folder.is_dir():
        raise WeightsError(
            f"{facts.title} is not here (looked in {folder}). Fetch it with: selfsame models pull {facts.name}"
        )
    path = folder / INDEX
    if not path.is_file():
        raise WeightsError(
            f"{folder} holds no diffusers model: it has no {INDEX}. "
            f"Fetch {facts.title} with: selfsame models pull {facts.name}"
        )
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(f"{path} cannot be read ({error}). {_again(facts)}") from error
    if not isinstance(index, dict):
        raise WeightsError(f"{path} is not what diffusers writes. {_again(facts)}")
    return index


def _of_another(folder: Path, facts: Facts, pipeline: str) -> str:
    other = next((entry for entry in families().values() if pipeline and entry.pipeline == pipeline), None)
    what = (
        f"a model of the family {other.name} ({other.title})"
        if other
        else f"a {pipeline or 'nameless model'}"
    )
    return (
        f"{folder} holds {what}, not {facts.title}, which is a {facts.pipeline}. "
        f"Point images.folders.{facts.name} to the right folder, or run: selfsame models pull {facts.name}"
    )


def _is_filled(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _variant(folder: Path, weights: tuple[str, ...]) -> str | None:
    """The half-precision variant, where a part has nothing else."""
    for name in weights:
        files = [path.name for path in (folder / name).glob("*.safetensors*")]
        if files and all(f".{HALF}." in file for file in files):
            return HALF
    return None


def _check_part(folder: Path, variant: str | None, facts: Facts) -> None:
    """One component with weights: its list of shards, or its one file."""
    lists = sorted(folder.glob("*.safetensors.index*.json"))
    chosen = [path for path in lists if (f".{HALF}." in path.name) == (variant == HALF)] or lists
    if chosen:
        _check_shards(chosen[0], facts)
        return
    files = [
        path
        for path in sorted(folder.glob("*.safetensors"))
        if (f".{HALF}." in path.name) == (variant == HALF)
    ]
    if not files:
        raise WeightsError(f"{facts.title}: {folder} has no weights (*.safetensors). {_again(facts)}")
    for path in files:
        _check_file(path, facts)


def _check_shards(index: Path, facts: Facts) -> None:
    try:
        places: dict[str, str] = json.loads(index.read_text(encoding="utf-8"))["weight_map"]
        shards = sorted(set(places.values()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(f"{facts.title}: {index} cannot be read. {_again(facts)}") from error
    missing = [shard for shard in shards if not (index.parent / shard).is_file()]
    if missing:
        raise WeightsError(
            f"{facts.title}: {len(missing)} of {len(shards)} files of {index.parent} are missing "
            f"({missing[0]}). {_again(facts)}"
        )
    there = {shard: _check_file(index.parent / shard, facts) for shard in shards}
    for tensor, shard in places.items():
        if tensor not in there[shard]:
            raise WeightsError(
                f"{facts.title}: {index.parent / shard} does not hold {tensor}, which {index.name} says. {_again(facts)}"
            )


def _check_file(path: Path, facts: Facts) -> dict[str, Any]:
    try:
        return read_header(path)
    except (OSError, ValueError) as error:
        raise WeightsError(f"{facts.title}: {path} {error}. {_again(facts)}") from error


def _again(facts: Facts) -> str:
    return f"Fetch what is missing with: selfsame models pull {facts.name}"


def _spots(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        if size <= _SMALL:
            yield file.read()
            return
        if path.suffix == ".safetensors":
            (length,) = struct.unpack("<Q", file.read(8))
            yield file.read(min(length, _LONGEST_HEADER))
        for place in range(_PLACES):
            file.seek((size - _LOOK) * place // (_PLACES - 1), os.SEEK_SET)
            yield file.read(_LOOK)
