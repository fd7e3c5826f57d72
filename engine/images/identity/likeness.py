"""Sees whole pictures with DINOv2: for painted and 3D characters, who have no face that ArcFace knows.

What it sees says little by itself; `verify.py` asks whether a picture is more like the character than like any other of
the cast. `choose.py` opens it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.images.identity.eye import (
    Floats,
    Sight,
    cosine_to_centre,
    cosines,
    digest,
    opened,
    pixels,
    session,
    unit,
)
from engine.images.identity.picture import seeing

if TYPE_CHECKING:
    from PIL.Image import Image

# Pixels of a side, and the colours' mean and deviation that the model was trained with (ImageNet's).
SIDE = 224
MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)


class Likeness:
    """DINOv2, or another model that gives one vector for a picture or one for each of its parts."""

    kind = "dinov2"
    measure = "likeness"

    def __init__(self, path: Path, device: str) -> None:
        """Blocks for a second. Raises WeightsError."""
        self.model = digest(self.kind, (path,))
        self._session: Any = session(path, device)
        opened(path, self._fits)

    def look(self, image: Image) -> list[Sight]:
        """The whole picture."""
        with seeing():
            return [Sight(self._read(image))]

    def compare(self, one: Floats, others: Floats) -> Floats:
        """Cosines."""
        return cosines(one, others)

    def likeness(self, one: Floats, own: Floats) -> float:
        """The cosine to the centre of the references."""
        return cosine_to_centre(one, own)

    def close(self) -> None:
        """Drop the session."""
        self._session = None

    def _read(self, image: Image) -> Floats:
        from PIL.Image import Resampling

        small = image.convert("RGB").resize((SIDE, SIDE), Resampling.BICUBIC)
        name = self._session.get_inputs()[0].name
        found = self._session.run(None, {name: pixels(small, SIDE, MEAN, DEVIATION)})[0]
        # Of a vector for each part, the first one is the whole picture's.
        return unit(found[0, 0] if found.ndim == 3 else found[0])

    def _fits(self) -> None:
        """Raises unless it gives a vector."""
        from PIL import Image

        if not np.isfinite(self._read(Image.new("RGB", (SIDE, SIDE), "grey"))).all():
            raise ValueError("numbers")
