"""Repairs a face: the crop is painted anew by the picture's own model with the canon's references, then sharpened.

`engine/images/studio/` calls it for a face that is nearly the character's, and verifies again what comes of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from PIL import Image

from engine.errors import WeightsError
from engine.images.identity.eye import Floats
from engine.images.identity.light import YuNet
from engine.images.identity.models import find
from engine.images.identity.picture import bgr
from engine.images.identity.port import Box
from engine.images.pipelines.facts import Facts
from engine.images.pipelines.port import Canvas, Patch, Progress, Workshop
from engine.images.repair.align import points_in
from engine.images.repair.crop import mask, put_back, square
from engine.images.repair.restore import Restorer
from engine.images.repair.swap import Swapper
from engine.images.studio.ports import Paint, Repaired

log = logging.getLogger(__name__)

T = TypeVar("T")

# How far from the crop as it is: enough for another face, not for another light.
STRENGTH = 0.5
PAINTING, SHARPENING, SWAPPING = "repairing the face", "sharpening the face", "putting the face in"


def open_repairer(workshop: Workshop) -> FaceRepairer:
    """The repairer of the settings; its models are loaded when they are first needed."""
    return FaceRepairer(workshop)


class FaceRepairer:
    """Paints a face anew, sharpens it, and may put the canonical one in."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._restorer: Restorer | None = None
        self._swapper: Swapper | None = None
        self._finder: YuNet | None = None
        self._missing: set[str] = set()

    def repair(
        self, image: Image.Image, face: Box, canvas: Canvas, render: Paint, facts: Facts, progress: Progress
    ) -> Repaired:
        """The same picture with the face at `face` painted anew: RGB, same size, the rest of it as it was.

        A model that cannot paint a part anew leaves it as it is. Raises RenderError, CancelledError.
        """
        made, by = image.convert("RGB"), list[str]()
        if facts.patch:
            progress(0.0, PAINTING)
            crop = square(face, made.size)
            made = put_back(made, _painted(made, face, crop, canvas, render, facts), face, crop)
            by.append("face")
        restorer = self._opened_restorer()
        if restorer is not None:
            progress(0.8, SHARPENING)
            made = restorer.restore(made, face, self._points(made, face))
            by.append("restored")
        return Repaired(made, tuple(by))

    def swap(self, image: Image.Image, face: Box, canon: Image.Image, progress: Progress) -> Repaired:
        """The picture with the canonical headshot's face put in, where images.swap allows it. Raises RenderError."""
        swapper = self._opened_swapper() if self._workshop.config.swap else None
        points = self._points(image, face) if swapper else None
        whole = Box(0, 0, canon.width, canon.height)
        theirs = self._points(canon.convert("RGB"), whole) if points is not None else None
        if swapper is None or points is None or theirs is None:
            return Repaired(image)
        progress(0.0, SWAPPING)
        return Repaired(swapper.swap(image, points, canon, theirs), ("swapped",))

    def _points(self, image: Image.Image, face: Box) -> Floats | None:
        """Eyes, nose and mouth of the face, if YuNet is here and finds them."""
        if self._finder is None:
            paths = find("yunet", self._workshop)
            if paths is None:
                return None
            self._finder = self._tried("yunet", lambda: YuNet(paths[0]))
        return points_in(face, self._finder.find(bgr(image))) if self._finder else None

    def _opened_restorer(self) -> Restorer | None:
        wanted = self._workshop.config.restore
        if self._restorer is None and wanted != "off":
            self._restorer = self._tried(wanted, lambda: Restorer(wanted, self._workshop))
        return self._restorer

    def _opened_swapper(self) -> Swapper | None:
        if self._swapper is None:
            self._swapper = self._tried("inswapper", lambda: Swapper(self._workshop))
        return self._swapper

    def _tried(self, name: str, load: Callable[[], T]) -> T | None:
        """What is loaded; what is not here is left out, and said once in the log: the picture is worth more."""
        if name in self._missing:
            return None
        try:
            return load()
        except WeightsError as error:
            self._missing.add(name)
            log.warning("%s", error.sentence)
            return None


def _painted(
    image: Image.Image, face: Box, crop: Box, canvas: Canvas, render: Paint, facts: Facts
) -> Image.Image:
    """The crop as the model paints it at its own size."""
    side = facts.size - facts.size % facts.multiple
    before = image.crop((crop.left, crop.top, crop.right, crop.bottom)).resize(
        (side, side), Image.Resampling.LANCZOS
    )
    patch = Patch(before, mask(face, crop, side), STRENGTH)
    (painted,) = render([replace(canvas, width=side, height=side, patch=patch)])
    return painted
