"""Everything that a finished picture says of itself, set in its order: watermark, marks, signature. `worker.py` calls it.

The signature covers the file as it is, so it comes last; nobody may write into the file afterwards.
"""

from __future__ import annotations

import io
import logging

from PIL import Image

from engine.errors import RenderError, WeightsError
from engine.images.extra import INSTALL_IMAGES
from engine.images.pipelines.port import Rendered, Workshop
from engine.images.provenance.manifest import can_sign, sign
from engine.images.provenance.marks import mark
from engine.images.provenance.watermark import Watermarker, open_watermarker
from engine.types import PictureJob

log = logging.getLogger(__name__)


class Stamp:
    """Stamps the pictures of one worker."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._watermarker = _watermarker(workshop)
        self._signs = workshop.config.c2pa
        if self._signs and not can_sign():
            self._signs = False
            log.info(
                "Pictures are not signed (images.c2pa): the extra [images] is not installed. %s",
                INSTALL_IMAGES,
            )

    def stamp(self, rendered: Rendered, job: PictureJob) -> bytes:
        """The picture's bytes as they are stored. A drawn one gets its marks; a model's everything. Raises RenderError."""
        png, making = rendered.png, rendered.making
        if making is not None and self._watermarker is not None:
            png = _marked(png, self._watermarker)
        png = mark(
            png,
            pipeline=rendered.pipeline or job.pipeline,
            seed=job.seed,
            character_id=job.character_id,
            making=making,
        )
        if making is None or not self._signs:
            return png
        try:
            return sign(png, making, seed=job.seed, data=self._workshop.data)
        except RenderError as error:
            # The marks say the same without a signature; a key that cannot be read must not cost the picture.
            log.warning("%s", error.sentence)
            return png


def _watermarker(workshop: Workshop) -> Watermarker | None:
    if not workshop.config.watermark:
        return None
    try:
        return open_watermarker()
    except WeightsError as error:
        log.warning("%s", error.sentence)
        return None


def _marked(png: bytes, watermarker: Watermarker) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        watermarker.put(image.convert("RGB")).save(out, "PNG")
    return out.getvalue()
