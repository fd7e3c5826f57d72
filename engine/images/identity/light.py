"""Sees faces with YuNet and SFace, through OpenCV: small, on any processor, for photographs. `choose.py` opens it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
    unit,
)
from engine.images.identity.picture import bgr, box_in, seeing, tallest_first
from engine.images.identity.port import Box

if TYPE_CHECKING:
    from PIL.Image import Image

# How sure the detector has to be, between OpenCV's default for photographs (0.9) and the model's own (0.6).
SURE = 0.7
# Boxes that share more than this are one face: OpenCV's default.
SHARED = 0.3
# Longest sides in pixels at which a picture is looked at, until a face is found: the model was made for faces of up to
# 300 pixels, and in a close-up they are larger.
SIDES = (640, 320)


class YuNet:
    """Finds faces."""

    def __init__(self, path: Path) -> None:
        """Raises WeightsError."""
        import cv2

        def load() -> Any:
            return cv2.FaceDetectorYN.create(str(path), "", (SIDES[-1], SIDES[-1]), SURE, SHARED)

        with _quietly():
            self._model: Any = opened(path, load)

    def find(self, picture: Any) -> list[Floats]:
        """Of each face 15 numbers: left, top, width, height, the five points (x, y), and how sure it is."""
        import cv2

        height, width = picture.shape[:2]
        for side in SIDES:
            scale = min(1.0, side / max(height, width))
            size = max(1, round(width * scale)), max(1, round(height * scale))
            small = picture if scale == 1.0 else cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
            self._model.setInputSize(size)
            _, rows = self._model.detect(small)
            if rows is not None and len(rows):
                back = np.tile([width / size[0], height / size[1]], 7).astype(np.float32)
                return [np.concatenate((row[:14] * back, row[14:])).astype(np.float32) for row in rows]
        return []


class Light:
    """YuNet finds faces, SFace recognises them."""

    kind = "sface"
    measure = "face"

    def __init__(self, detector: Path, recogniser: Path) -> None:
        """Raises WeightsError."""
        import cv2

        self.model = digest(self.kind, (detector, recogniser))
        self._detector: Any = YuNet(detector)
        with _quietly():
            self._recogniser: Any = opened(
                recogniser, lambda: cv2.FaceRecognizerSF.create(str(recogniser), "")
            )

    def look(self, image: Image) -> list[Sight]:
        """All faces."""
        picture = bgr(image)
        with seeing():
            return tallest_first(
                Sight(self._vector(picture, face), box_in(image, face))
                for face in self._detector.find(picture)
            )

    def compare(self, one: Floats, others: Floats) -> Floats:
        """Cosines."""
        return cosines(one, others)

    def likeness(self, one: Floats, own: Floats) -> float:
        """The cosine to the centre of the references."""
        return cosine_to_centre(one, own)

    def close(self) -> None:
        """Drop the networks."""
        self._detector = self._recogniser = None

    def _vector(self, picture: Any, face: Floats) -> Floats:
        aligned = self._recogniser.alignCrop(picture, face[None])
        return unit(self._recogniser.feature(aligned))


class Spotter:
    """Says where a face is in pictures that are judged as a whole: a repair has to know."""

    def __init__(self, path: Path) -> None:
        """Raises WeightsError."""
        self._detector = YuNet(path)

    def tallest(self, image: Image) -> Box | None:
        """The tallest face; None where none can be seen."""
        with seeing():
            boxes = [box_in(image, face) for face in self._detector.find(bgr(image))]
        return max(boxes, key=lambda box: box.height, default=None)


@contextmanager
def _quietly() -> Iterator[None]:
    """OpenCV 5 warns of something that its own classes do whenever they load a network."""
    import cv2

    before = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    try:
        yield
    finally:
        cv2.utils.logging.setLogLevel(before)
