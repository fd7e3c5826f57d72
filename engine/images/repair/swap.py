"""Puts the canonical face into a picture that could not be repaired, with inswapper through insightface: opt-in.

Its licence is for non-commercial use, so images.accept has to name it. It brings a recogniser of its own, since it
understands no other's vectors.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from engine.errors import RenderError
from engine.images.identity.eye import Floats, opened, providers
from engine.images.identity.picture import bgr
from engine.images.parts import find_part
from engine.images.pipelines.port import Workshop


class Swapper:
    """inswapper, loaded."""

    def __init__(self, workshop: Workshop) -> None:
        """Blocks for seconds. Raises WeightsError."""
        swapper, recogniser = find_part("inswapper", workshop)
        self._swapper: Any = opened(swapper, lambda: _model(swapper, workshop.device))
        self._recogniser: Any = opened(recogniser, lambda: _model(recogniser, workshop.device))

    def swap(
        self, image: Image.Image, points: Floats, canon: Image.Image, canon_points: Floats
    ) -> Image.Image:
        """The picture with the canon's face where the points (5 × 2) are, RGB. Raises RenderError."""
        from insightface.app.common import Face

        try:
            source = Face(kps=canon_points)
            self._recogniser.get(bgr(canon), source)
            made = self._swapper.get(bgr(image), Face(kps=points), source, paste_back=True)
        except Exception as error:  # the libraries' own
            raise RenderError("The face could not be put in. You can ask for the picture again.") from error
        return Image.fromarray(np.ascontiguousarray(made[:, :, ::-1]))


def _model(path: Path, device: str) -> Any:
    from insightface.model_zoo import get_model

    model = get_model(str(path.resolve()), providers=providers(device))
    if model is None:
        raise ValueError(path)
    return model
