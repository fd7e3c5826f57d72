"""A picture as the libraries for faces take it, and faces as we have them. `faces.py` and `light.py` use it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import RenderError
from engine.images.identity.eye import Floats, Sight
from engine.images.identity.port import Box

if TYPE_CHECKING:
    from PIL.Image import Image


@contextmanager
def seeing() -> Iterator[None]:
    """Raises RenderError where a library cannot look at a picture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # insightface's, of the libraries that it uses
            yield
    except Exception as error:  # each library has its own
        raise RenderError(
            "The face in the picture could not be looked at. You can ask for it again."
        ) from error


def bgr(image: Image) -> Any:
    """The colours as OpenCV has them (height × width × 3, bytes)."""
    return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])


def box_in(image: Image, face: Floats) -> Box:
    """Where a face is: its left, top, width and height in pixels; what reaches out of the picture is cut off."""
    left, top, width, height = (float(one) for one in face[:4])
    return Box(
        max(0, int(left)),
        max(0, int(top)),
        min(image.width, ceil(left + width)),
        min(image.height, ceil(top + height)),
    )


def tallest_first(sights: Iterable[Sight]) -> list[Sight]:
    """Faces in the order of their height."""
    return sorted(sights, key=lambda sight: -sight.box.height if sight.box else 0)
