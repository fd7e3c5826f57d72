"""An invisible watermark that says: made by a machine. Opt-in (images.watermark), behind a port.

It outlives what text in a file does not: screenshots, and platforms that write the file anew. The same bits are in every
picture, so they tell nothing of who asked for it.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Protocol

from engine.errors import WeightsError

if TYPE_CHECKING:
    from PIL.Image import Image

MESSAGE = b"SELFSAME"
# Of the message's 64 bits so many may be wrong: by chance a picture without it has so few once in 10^8.
WRONG = 9
# The library does nothing below this many pixels.
SMALLEST = 256
INSTALL = "images.watermark needs the extra [watermark]: in Selfsame's folder, make watermark."


class Watermarker(Protocol):
    """Puts a mark into pixels, and finds it again."""

    def put(self, image: Image) -> Image:
        """The same RGB picture with the mark."""

    def find(self, image: Image) -> bool:
        """Whether the mark is in the picture."""


def open_watermarker() -> Watermarker:
    """The one that is installed. Raises WeightsError."""
    if importlib.util.find_spec("imwatermark") is None:
        raise WeightsError(INSTALL)
    return Frequencies()


class Frequencies:
    """In the singular values of the cosine transform of wavelets (invisible-watermark, DwtDctSvd)."""

    METHOD = "dwtDctSvd"

    def put(self, image: Image) -> Image:
        """The same RGB picture with the mark; a tiny one stays as it is."""
        import numpy as np
        from imwatermark import WatermarkEncoder
        from PIL import Image as Pictures

        if min(image.size) < SMALLEST:
            return image
        encoder = WatermarkEncoder()
        encoder.set_watermark("bytes", MESSAGE)
        marked = encoder.encode(np.asarray(image.convert("RGB"))[:, :, ::-1], self.METHOD)
        return Pictures.fromarray(np.ascontiguousarray(marked[:, :, ::-1]))

    def find(self, image: Image) -> bool:
        """Whether at most WRONG bits of it differ."""
        import numpy as np
        from imwatermark import WatermarkDecoder

        if min(image.size) < SMALLEST:
            return False
        decoder = WatermarkDecoder("bytes", 8 * len(MESSAGE))
        read = decoder.decode(np.asarray(image.convert("RGB"))[:, :, ::-1], self.METHOD)
        wrong: int = sum((a ^ b).bit_count() for a, b in zip(read, MESSAGE, strict=True))
        return wrong <= WRONG
