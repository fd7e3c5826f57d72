"""What a model has read of reference pictures, so that it reads each only once: in memory, and on disk beneath `data`.

Families ask `Conditioning.get` for what belongs to a reference (latents, embeddings); it computes only what it has
not got. Files are keyed by the model's folder, family and precision and by the picture's SHA-256, which is also how
they are erased with it: `forget` and `keep_only`, which need no torch and may be called by the bot's process.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from engine.images.pipelines.port import Reference

if TYPE_CHECKING:
    from torch import Tensor

log = logging.getLogger(__name__)

FOLDER = "conditioning"
# Bytes of the machine's memory that one model keeps of what it has read.
MEMORY = 512 << 20
# Seconds after which a file that was being written belongs to nobody any more.
STALE = 3600.0

Tensors = Mapping[str, "Tensor"]


@dataclass(slots=True)
class _Kept:
    tensors: Tensors
    size: int
    references: tuple[Reference, ...]


class Conditioning:
    """Of one loaded model. `model` names folder, family and precision; `megabytes` is the disk's share, 0 for none."""

    def __init__(self, data: Path, model: str, megabytes: int) -> None:
        self.shelf = Shelf(data / FOLDER, megabytes << 20)
        self.encodings = 0  # how often something was computed of a reference picture
        self._model = model
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def get(self, reference: Reference, key: str, compute: Callable[[], Tensors]) -> Tensors:
        """What `compute` gives for this picture, on the processor; `key` says what it is and at which size."""
        name = f"{self._model}\0{reference.sha256}\0{key}"
        kept = self._kept.get(name)
        if kept is not None:
            self._kept.move_to_end(name)
            return kept.tensors
        tensors = self.shelf.read(reference.sha256, name)
        if tensors is None:
            self.encodings += 1
            tensors = _on_processor(compute())
            self.shelf.write(reference.sha256, name, tensors)
        self._keep(name, tensors, (reference,))
        return tensors

    def words(self, key: str, references: Iterable[Reference], compute: Callable[[], Tensors]) -> Tensors:
        """What a text encoder made of words, and of pictures beside them: in memory alone, never on disk."""
        shown = tuple(references)
        name = "\0".join(("words", key, *(reference.sha256 for reference in shown)))
        if name in self._kept:
            self._kept.move_to_end(name)
        else:
            self._keep(name, _on_processor(compute()), shown)
        return self._kept[name].tensors

    def sweep(self) -> None:
        """Drop what was read of pictures that are not there any more: they were erased, and so is this."""
        gone: set[str] = set()
        for name, kept in list(self._kept.items()):
            missing = {reference.sha256 for reference in kept.references if not reference.path.exists()}
            if missing:
                del self._kept[name]
                gone |= missing
        if gone:
            self.shelf.forget(gone)

    def clear(self) -> None:
        """Give the memory back; what is on disk stays."""
        self._kept.clear()

    def _keep(self, name: str, tensors: Tensors, references: tuple[Reference, ...]) -> None:
        size = sum(tensor.nbytes for tensor in tensors.values())
        self._kept[name] = _Kept(tensors, size, references)
        while len(self._kept) > 1 and sum(kept.size for kept in self._kept.values()) > MEMORY:
            self._kept.popitem(last=False)


class Shelf:
    """The files: <first two letters>/<SHA-256 of the picture>.<of the key>.safetensors, the least used leave first."""

    def __init__(self, root: Path, limit: int) -> None:
        self._root, self._limit = root, limit

    def path(self, sha256: str, name: str) -> Path:
        """Where it lies, if it does."""
        return (
            self._root / sha256[:2] / f"{sha256}.{hashlib.sha256(name.encode()).hexdigest()[:32]}.safetensors"
        )

    def read(self, sha256: str, name: str) -> Tensors | None:
        """None where there is nothing whole. A broken file is removed."""
        path = self.path(sha256, name)
        if not self._limit or not path.is_file():
            return None
        try:
            tensors = _unpack(path, name)
        except Exception:  # whatever is wrong with a file of ours, it is computed anew
            log.warning(
                "What was kept of a reference picture cannot be read; it is computed again.", exc_info=True
            )
            _remove(path)
            return None
        with contextlib.suppress(OSError):  # a disk that is read-only now
            os.utime(path)
        return tensors

    def write(self, sha256: str, name: str, tensors: Tensors) -> None:
        """Keep it, if there is room. A disk that is full or read-only is no reason to fail."""
        if not self._limit:
            return
        path = self.path(sha256, name)
        temporary = path.with_name(f"{path.name}.{uuid4().hex}.tmp")
        try:
            content = _pack(name, tensors)
            if len(content) > self._limit:
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(temporary, content)
            temporary.replace(path)
            self._make_room(path)
        except OSError:
            log.warning("What was read of a reference picture could not be kept.", exc_info=True)
            _remove(temporary)

    def forget(self, sha256s: Iterable[str]) -> None:
        """Erase all that was read of these pictures."""
        for sha256 in sha256s:
            for path in (self._root / sha256[:2]).glob(f"{sha256}.*"):
                path.unlink(missing_ok=True)

    def keep_only(self, sha256s: Iterable[str]) -> None:
        """Erase what was read of any picture but these."""
        kept = set(sha256s)
        for path in self._root.glob("*/*"):
            if path.name.partition(".")[0] not in kept:
                path.unlink(missing_ok=True)

    def _make_room(self, newest: Path) -> None:
        files = sorted(
            ((entry.stat(), entry) for entry in self._root.glob("*/*")), key=lambda pair: pair[0].st_mtime_ns
        )
        taken = sum(stat.st_size for stat, _ in files)
        now = newest.stat().st_mtime
        for stat, path in files:
            stale = path.suffix == ".tmp" and stat.st_mtime < now - STALE
            if (taken > self._limit and path != newest and path.suffix != ".tmp") or stale:
                path.unlink(missing_ok=True)
                taken -= stat.st_size


def forget(data: Path, sha256s: Iterable[str]) -> None:
    """Erase what any model has read of these pictures. `data`: the data directory."""
    Shelf(data / FOLDER, 0).forget(sha256s)


def keep_only(data: Path, sha256s: Iterable[str]) -> None:
    """Erase what any model has read of pictures that are not among these."""
    Shelf(data / FOLDER, 0).keep_only(sha256s)


# ---------------------------------------------------------------- inside


def _on_processor(tensors: Tensors) -> Tensors:
    """Detached copies that share nothing with the model's own."""
    return {name: tensor.detach().to("cpu").contiguous().clone() for name, tensor in tensors.items()}


def _pack(name: str, tensors: Tensors) -> bytes:
    from safetensors.torch import save

    content: bytes = save(dict(tensors), {"key": name, "sha256": _digest(tensors)})
    return content


def _unpack(path: Path, name: str) -> Tensors:
    """Raises ValueError where it is not what was written, and whatever safetensors raises."""
    from safetensors import safe_open

    with safe_open(str(path), framework="pt", device="cpu") as file:
        marks: Mapping[str, str] = file.metadata() or {}
        tensors: dict[str, Any] = {key: file.get_tensor(key).clone() for key in file.keys()}  # noqa: SIM118 - no mapping
    if marks.get("key") != name or marks.get("sha256") != _digest(tensors):
        raise ValueError(f"{path} does not hold what its name says")
    return tensors


def _digest(tensors: Tensors) -> str:
    import torch

    digest = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(f"{name}\0{tensor.dtype}\0{tuple(tensor.shape)}\0".encode())
        digest.update(tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _write_whole(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
