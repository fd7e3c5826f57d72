"""Sees faces as ArcFace does, through insightface: for photographs. `choose.py` opens it.

A pack is a folder of ONNX files; insightface tells from their shapes which finds faces and which recognises them. It
would fetch a pack that is not there without a word, so whoever opens one here has looked first. A pack without a
detector (AuraFace's own file alone) sees by YuNet.
"""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import WeightsError
from engine.images.identity.eye import (
    Floats,
    Sight,
    cosine_to_centre,
    cosines,
    digest,
    opened,
    providers,
    unit,
)
from engine.images.identity.light import YuNet
from engine.images.identity.picture import bgr, box_in, seeing, tallest_first

if TYPE_CHECKING:
    from PIL.Image import Image

# The models of a pack that are used; the others would only take time.
NEEDED = ("detection", "recognition")
# How sure the detector has to be: insightface's own.
SURE = 0.5


class _Faces:
    """What eyes for faces have in common."""

    kind = "arcface"
    measure = "face"
    model = ""

    def compare(self, one: Floats, others: Floats) -> Floats:
        """Cosines."""
        return cosines(one, others)

    def likeness(self, one: Floats, own: Floats) -> float:
        """The cosine to the centre of the references."""
        return cosine_to_centre(one, own)


class Pack(_Faces):
    """A folder with a detector and a recogniser."""

    def __init__(self, folder: Path, device: str) -> None:
        """Blocks for seconds. Raises WeightsError."""
        paths = sorted(folder.glob("*.onnx"))
        if not paths:
            raise WeightsError(f"There are no faces' models in {folder}; see: selfsame models")
        self.model = digest(self.kind, paths)
        self._app: Any = opened(folder, lambda: _analysis(folder, device))

    def look(self, image: Image) -> list[Sight]:
        """All faces."""
        with seeing():
            found = self._app.get(bgr(image))
            return tallest_first(
                Sight(unit(face.embedding), box_in(image, _row(face.bbox))) for face in found
            )

    def close(self) -> None:
        """Drop the sessions."""
        self._app = None


class Found(_Faces):
    """A recogniser alone; YuNet finds the faces for it."""

    def __init__(self, recogniser: Path, detector: Path, device: str) -> None:
        """Blocks for seconds. Raises WeightsError."""
        self.model = digest(self.kind, (recogniser, detector))
        self._detector = YuNet(detector)
        self._recogniser: Any = opened(recogniser, lambda: _recogniser(recogniser, device))

    def look(self, image: Image) -> list[Sight]:
        """All faces."""
        from insightface.app.common import Face

        picture = bgr(image)
        with seeing():
            return tallest_first(
                Sight(
                    unit(self._recogniser.get(picture, Face(kps=face[4:14].reshape(5, 2)))),
                    box_in(image, face),
                )
                for face in self._detector.find(picture)
            )

    def close(self) -> None:
        """Drop the sessions."""
        self._recogniser = None


def _analysis(folder: Path, device: str) -> Any:
    from insightface.app import FaceAnalysis

    with contextlib.redirect_stdout(io.StringIO()):  # it prints what it finds
        app = FaceAnalysis(
            name=str(folder.resolve()), allowed_modules=list(NEEDED), providers=providers(device)
        )
    if missing := [task for task in NEEDED if task not in app.models]:
        raise ValueError(missing)
    app.prepare(ctx_id=-1 if device == "cpu" else 0, det_thresh=SURE)
    return app


def _recogniser(path: Path, device: str) -> Any:
    from insightface.model_zoo import get_model

    model = get_model(str(path.resolve()), providers=providers(device))
    if model is None or model.taskname != "recognition":
        raise ValueError(path)
    return model


def _row(edges: Floats) -> Floats:
    """Left, top, width and height of left, top, right and bottom."""
    return np.concatenate((edges[:2], edges[2:4] - edges[:2]))
