"""Sees characters of anime with CCIP: how different two pictures' characters are. `choose.py` opens it.

One network reads a picture, another one tells how different two readings are (0 to 1).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.images.identity.eye import Floats, Sight, digest, opened, pixels, session
from engine.images.identity.picture import seeing

if TYPE_CHECKING:
    from PIL.Image import Image

# Pixels of a side, and the colours' mean and deviation that the model was trained with (CLIP's).
SIDE = 384
MEAN = (0.48145466, 0.4578275, 0.40821073)
DEVIATION = (0.26862954, 0.26130258, 0.27577711)


class Anime:
    """CCIP."""

    kind = "ccip"
    measure = "anime"

    def __init__(self, features: Path, metrics: Path, device: str) -> None:
        """Blocks for seconds. Raises WeightsError."""
        self.model = digest(self.kind, (features, metrics))
        self._features: Any = session(features, device)
        self._metrics: Any = session(metrics, "cpu")  # two kilobytes
        opened(metrics, self._fits)

    def look(self, image: Image) -> list[Sight]:
        """The whole picture."""
        with seeing():
            return [Sight(self._read(image))]

    def compare(self, one: Floats, others: Floats) -> Floats:
        """1 - difference."""
        with seeing():
            differences = _run(self._metrics, np.concatenate((one[None], others)))
        found: Floats = np.asarray(1.0 - differences[0, 1:], np.float32)
        return found

    def likeness(self, one: Floats, own: Floats) -> float:
        """1 - the median difference."""
        return float(np.median(self.compare(one, own)))

    def close(self) -> None:
        """Drop the sessions."""
        self._features = self._metrics = None

    def _read(self, image: Image) -> Floats:
        from PIL.Image import Resampling

        small = image.convert("RGB").resize((SIDE, SIDE), Resampling.BILINEAR)
        # Not brought to length 1: the second network takes it as it is.
        return np.asarray(_run(self._features, pixels(small, SIDE, MEAN, DEVIATION))[0], np.float32)

    def _fits(self) -> None:
        """Raises unless the two networks are made for each other."""
        from PIL import Image

        one = self._read(Image.new("RGB", (SIDE, SIDE)))
        if _run(self._metrics, np.stack((one, one))).shape != (2, 2):
            raise ValueError("differences")


def _run(network: Any, values: Floats) -> Floats:
    found: Floats = network.run(None, {network.get_inputs()[0].name: np.asarray(values, np.float32)})[0]
    return found
