"""A face turned upright for models that take it so, and back. `restore.py` and `swap.py` use it.

The five points (eyes, nose, corners of the mouth) are where FFHQ's faces have them in a square.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

from engine.images.identity.eye import Floats
from engine.images.identity.picture import bgr
from engine.images.identity.port import Box
from engine.images.repair.crop import square

# FFHQ's five points in a square of side 1.
POINTS = ((0.3769, 0.4686), (0.6229, 0.4682), (0.5012, 0.6122), (0.3931, 0.7254), (0.6115, 0.7249))
# The soft edge of an aligned face, in its sides.
EDGE = 0.15


def points_in(face: Box, found: list[Floats]) -> Floats | None:
    """The five points (5 × 2, pixels) of the found face that overlaps most with the box. Rows as of `light.YuNet`."""
    best, most = None, 0.0
    for row in found:
        left, top, width, height = (float(one) for one in row[:4])
        across = min(face.right, left + width) - max(face.left, left)
        down = min(face.bottom, top + height) - max(face.top, top)
        shared = max(across, 0.0) * max(down, 0.0)
        if shared > most:
            best, most = row[4:14].reshape(5, 2), shared
    return None if best is None else np.asarray(best, np.float32)


def matrix(points: Floats | None, face: Box, image: Image.Image, side: int) -> Floats:
    """The 2 × 3 matrix from the picture into a square of that side: by the points, or else by the box."""
    if points is not None:
        import cv2

        found, _ = cv2.estimateAffinePartial2D(
            points, np.asarray(POINTS, np.float32) * side, method=cv2.LMEDS
        )
        if found is not None:
            return np.asarray(found, np.float32)
    crop = square(face, image.size)
    scale = side / crop.width
    return np.asarray([[scale, 0, -crop.left * scale], [0, scale, -crop.top * scale]], np.float32)


def upright(image: Image.Image, turn: Floats, side: int) -> Any:
    """The face as BGR bytes, side × side."""
    import cv2

    return cv2.warpAffine(
        bgr(image), turn, (side, side), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_AREA
    )


def turned_back(image: Image.Image, made: Any, turn: Floats, blend: float) -> Image.Image:
    """The picture with the upright face (BGR bytes) turned back into it, its edge feathered; `blend` 0..1."""
    import cv2

    side = made.shape[0]
    edge = round(side * EDGE)
    soft = np.zeros((side, side), np.float32)
    soft[edge : side - edge, edge : side - edge] = blend
    soft = cv2.GaussianBlur(soft, (0, 0), side * EDGE / 3)
    back = cv2.invertAffineTransform(turn)
    size = image.size
    picture = bgr(image).astype(np.float32)
    face = cv2.warpAffine(made, back, size, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    weight = cv2.warpAffine(soft, back, size)[:, :, None]
    mixed = picture * (1 - weight) + face * weight
    return Image.fromarray(np.ascontiguousarray(np.rint(mixed).astype(np.uint8)[:, :, ::-1]))
