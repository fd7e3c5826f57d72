"""Eyes: models that turn a picture into vectors that are alike where the character is. `verify.py` judges by them.

`faces.py` and `light.py` see faces, `anime.py` and `likeness.py` whole pictures. Here is what they have in common.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.errors import WeightsError
from engine.images.identity.port import Box

if TYPE_CHECKING:
    from PIL.Image import Image

Floats: TypeAlias = NDArray[np.float32]

# Bytes at both ends of a file that tell it from others: reading hundreds of megabytes would take seconds.
ENDS = 1 << 20
# Numbers as different as this in length are one direction still; it only keeps from dividing by nothing.
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Sight:
    """One thing seen: its vector, of length 1; for a face also where it is, the tallest first."""

    vector: Floats
    box: Box | None = None


class Eye(Protocol):
    """A model that is loaded. Its methods block and raise RenderError."""

    @property
    def kind(self) -> str:
        """Its name in thresholds.toml."""

    @property
    def measure(self) -> str:
        """What it measures: "face", "anime", "likeness"."""

    @property
    def model(self) -> str:
        """Its kind with the digest of its weights: vectors of other weights cannot be compared."""

    def look(self, image: Image) -> list[Sight]:
        """What is seen in an RGB picture; nothing where there is no face."""

    def compare(self, one: Floats, others: Floats) -> Floats:
        """How much a vector is like each of some others (n × width); 1 is the same."""

    def likeness(self, one: Floats, own: Floats) -> float:
        """How much a vector is like all of a character's together."""

    def close(self) -> None:
        """Give the memory back."""


def unit(vector: Floats) -> Floats:
    """The vector with the length 1."""
    flat = np.asarray(vector, np.float32).reshape(-1)
    length = max(float(np.linalg.norm(flat)), TINY)
    return np.asarray(flat / length, np.float32)


def cosines(one: Floats, others: Floats) -> Floats:
    """The cosines of one unit vector with each of some others."""
    found: Floats = others @ one
    return found


def cosine_to_centre(one: Floats, own: Floats) -> float:
    """The cosine of a unit vector with the centre of some others."""
    return float(unit(own.mean(axis=0)) @ one)


def digest(kind: str, paths: Sequence[Path]) -> str:
    """The kind with a digest of its files: their sizes and both ends. Raises WeightsError."""
    whole = hashlib.sha256()
    try:
        for path in paths:
            size = path.stat().st_size
            with path.open("rb") as file:
                whole.update(f"{size}:".encode() + file.read(ENDS))
                file.seek(max(size - ENDS, 0))
                whole.update(file.read(ENDS))
    except OSError as error:
        raise WeightsError(f"{error.filename} cannot be read: {error.strerror}.") from error
    return f"{kind}-{whole.hexdigest()[:16]}"


def providers(device: str) -> list[Any]:
    """What onnxruntime is to run on: the card of the settings where its build can, the processor otherwise."""
    import onnxruntime

    there = onnxruntime.get_available_providers()
    name, _, number = device.partition(":")
    wanted: list[Any] = []
    if name == "cuda" and "CUDAExecutionProvider" in there:
        wanted.append(("CUDAExecutionProvider", {"device_id": int(number or 0)}))
    elif name == "mps" and "CoreMLExecutionProvider" in there:
        wanted.append("CoreMLExecutionProvider")
    return [*wanted, "CPUExecutionProvider"]


def session(path: Path, device: str) -> Any:
    """An ONNX model, loaded. Raises WeightsError."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # what goes wrong is raised as well
    return opened(path, lambda: onnxruntime.InferenceSession(str(path), options, providers(device)))


def opened(path: Path, load: Callable[[], Any]) -> Any:
    """What `load` gives; a file that is broken or of another model becomes a sentence. Raises WeightsError."""
    try:
        return load()
    except Exception as error:  # the libraries raise classes of their own, AssertionError and plain Exception
        raise WeightsError(
            f"{path} cannot be used to verify pictures ({type(error).__name__}). Delete it, and fetch it again; "
            "see: selfsame models"
        ) from error


def pixels(image: Image, size: int, mean: Sequence[float], deviation: Sequence[float]) -> Floats:
    """An RGB picture of size × size as a batch of one (1 × 3 × size × size), each colour normalised."""
    values = np.asarray(image, np.float32).reshape(size, size, 3) / 255.0
    normal = (values - np.asarray(mean, np.float32)) / np.asarray(deviation, np.float32)
    return np.ascontiguousarray(normal.transpose(2, 0, 1)[None], np.float32)
