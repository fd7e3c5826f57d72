"""Sharpens a face with a model shaped like GFPGAN or CodeFormer (1 × 3 × 512 × 512, RGB in -1..1, the same back).

CodeFormer takes a second number: how true to the face it stays (0 is prettier, 1 is truer).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

from engine.errors import RenderError, WeightsError
from engine.images.identity.eye import Floats, session
from engine.images.identity.port import Box
from engine.images.parts import find_part
from engine.images.pipelines.port import Workshop
from engine.images.repair.align import matrix, turned_back, upright

# The side that such models have, where they do not say.
SIDE = 512
# How much of the sharpened face is taken: all of it looks like plastic.
BLEND = 0.8
# CodeFormer's weight: the face is to stay the same.
TRUE = 1.0


class Restorer:
    """One model, loaded."""

    def __init__(self, name: str, workshop: Workshop) -> None:
        """`name`: "gfpgan" or "codeformer". Blocks for seconds. Raises WeightsError."""
        (path,) = find_part(name, workshop)
        self._model: Any = session(path, workshop.device)
        shape = self._model.get_inputs()[0].shape
        if len(shape) != 4:
            raise WeightsError(f"{path} sharpens no faces: it does not take pictures. See: selfsame models")
        self._side = shape[2] if isinstance(shape[2], int) else SIDE

    def restore(self, image: Image.Image, face: Box, points: Floats | None) -> Image.Image:
        """The picture with its face sharpened, RGB. Raises RenderError."""
        turn = matrix(points, face, image, self._side)
        before = upright(image, turn, self._side)
        return turned_back(image, self._sharp(before), turn, BLEND)

    def _sharp(self, face: Any) -> Any:
        values = face[:, :, ::-1].astype(np.float32).transpose(2, 0, 1)[None] / 127.5 - 1.0
        inputs = self._model.get_inputs()
        feeds: dict[str, Any] = {inputs[0].name: np.ascontiguousarray(values)}
        for more in inputs[1:]:
            kind = np.float64 if "double" in more.type else np.float32
            feeds[more.name] = np.asarray(TRUE, kind).reshape([1] * len(more.shape))
        try:
            made = self._model.run(None, feeds)[0][0]
        except Exception as error:  # onnxruntime's own
            raise RenderError(
                "The face could not be sharpened. You can ask for the picture again."
            ) from error
        pixels = np.rint((np.clip(made, -1.0, 1.0) + 1.0) * 127.5).astype(np.uint8)
        return np.ascontiguousarray(pixels.transpose(1, 2, 0)[:, :, ::-1])
