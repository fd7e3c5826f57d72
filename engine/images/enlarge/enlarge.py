"""Enlarges a picture tile by tile with a model shaped like Real-ESRGAN: `engine/images/studio/` calls it.

The model takes 1 × 3 × height × width in 0..1 and gives the same larger; one with a fixed size gets tiles of that size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from engine.errors import RenderError, WeightsError
from engine.images.identity.eye import Floats, session
from engine.images.parts import find_part
from engine.images.pipelines.port import Progress, Workshop

# Pixels of a tile's side where the model takes any: a gigabyte at four times the size.
TILE = 256
# Pixels that a tile sees beyond what is used of it, so that no seam shows.
MARGIN = 16
WORDS = "enlarging the picture"
LANCZOS = Image.Resampling.LANCZOS


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of the picture: where it is used (left, top, right, bottom), and where it is read from."""

    used: tuple[int, int, int, int]
    left: int
    top: int


def open_enlarger(workshop: Workshop) -> Tiles:
    """The enlarger of the settings; its model is loaded at its first picture."""
    return Tiles(workshop)


class Tiles:
    """Enlarges with the model that is here."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._model: Any = None
        self._tile, self._scale = TILE, 0

    def enlarge(self, image: Image.Image, to: tuple[int, int], progress: Progress) -> Image.Image:
        """The picture at that size in pixels, RGB: as often through the model as it takes, then fitted.

        Raises WeightsError when no upscaler is here, RenderError, CancelledError.
        """
        made = image.convert("RGB")
        if made.width >= to[0] and made.height >= to[1]:
            return made.resize(to, LANCZOS) if made.size != to else made
        self._open()
        while made.width < to[0] or made.height < to[1]:
            made = self._larger(made, progress)
        return made.resize(to, LANCZOS) if made.size != to else made

    def _open(self) -> None:
        """Raises WeightsError."""
        if self._model is not None:
            return
        (path,) = find_part("upscaler", self._workshop)
        model = session(path, self._workshop.device)
        shape = model.get_inputs()[0].shape
        if len(shape) != 4 or (shape[1] not in (3, "3") and not isinstance(shape[1], str)):
            raise WeightsError(f"{path} is no upscaler: it does not take pictures. See: selfsame models")
        self._tile = shape[2] if isinstance(shape[2], int) else TILE
        self._model = model
        probe = self._run(np.zeros((1, 3, self._tile, self._tile), np.float32))
        if probe.ndim != 4 or probe.shape[2] % self._tile or probe.shape[2] <= self._tile:
            self._model = None
            raise WeightsError(f"{path} is no upscaler: what it gives is not larger. See: selfsame models")
        self._scale = probe.shape[2] // self._tile

    def _larger(self, image: Image.Image, progress: Progress) -> Image.Image:
        scale, pixels = self._scale, np.asarray(image, np.float32) / 255.0
        out = np.empty((image.height * scale, image.width * scale, 3), np.uint8)
        tiles = list(cut(image.width, image.height, self._tile))
        for at, tile in enumerate(tiles):
            progress(at / len(tiles), WORDS)
            made = self._run(_read(pixels, tile, self._tile))[0].transpose(1, 2, 0)
            left, top, right, bottom = tile.used
            x, y = (left - tile.left) * scale, (top - tile.top) * scale
            part = made[y : y + (bottom - top) * scale, x : x + (right - left) * scale]
            out[top * scale : bottom * scale, left * scale : right * scale] = np.rint(
                np.clip(part, 0.0, 1.0) * 255.0
            )
        return Image.fromarray(out)

    def _run(self, pixels: Floats) -> Floats:
        try:
            made: Floats = self._model.run(None, {self._model.get_inputs()[0].name: pixels})[0]
        except Exception as error:  # onnxruntime's own
            raise RenderError("The picture could not be enlarged. You can ask for it again.") from error
        return made


def cut(width: int, height: int, tile: int) -> Iterator[Tile]:
    """Tiles that cover a picture; each is used without its margin, but at the picture's edges. Sizes in pixels."""
    step = tile - 2 * MARGIN
    for top in range(0, height, step):
        for left in range(0, width, step):
            used = (left, top, min(left + step, width), min(top + step, height))
            yield Tile(used, left - MARGIN, top - MARGIN)


def _read(pixels: Floats, tile: Tile, side: int) -> Floats:
    """A tile as the model takes it; what lies outside of the picture is mirrored, so that no edge shows."""
    height, width = pixels.shape[:2]
    rows = _mirrored(tile.top, side, height)
    columns = _mirrored(tile.left, side, width)
    return np.ascontiguousarray(pixels[rows][:, columns].transpose(2, 0, 1)[None], np.float32)


def _mirrored(start: int, side: int, length: int) -> Any:
    """Indices from `start` on, reflected at both ends of 0..length-1."""
    at = np.abs(np.arange(start, start + side))
    if length == 1:
        return np.zeros(side, np.int64)
    at = at % (2 * (length - 1))
    return np.where(at < length, at, 2 * (length - 1) - at)
