"""Files of pictures as Discord gets them: whole, or as small as they are shown. `sheet.py` calls it.

A catalog shows six faces of half a megabyte each in the size of a stamp; small ones are there at once. They keep the
mark that says how a picture was made.
"""

from __future__ import annotations

import asyncio
import io
import mimetypes
from collections import OrderedDict
from pathlib import Path

from PIL import Image

from bot.messages import Pictures
from engine.errors import NotFoundError

# Pixels of a face beside a name, which Discord shows at 85, twice that on good screens.
STAMP = 192
# Pixels of a picture among others in a gallery.
TILE = 512
# Small pictures that are kept; about 20 kB each.
KEPT = 256
# Of 100: more is not seen at these sizes.
QUALITY = 88


class Faces:
    """Reads pictures, and keeps the small ones that were asked for last."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._small: OrderedDict[tuple[str, str, int], bytes] = OrderedDict()

    async def read(self, media_id: str, person_id: str, pixels: int = 0) -> tuple[bytes, str] | None:
        """A picture and the ending of its name, no larger than `pixels` if that is given; None if it is gone."""
        if not media_id:
            return None
        try:
            path, mime = await self._pictures.file(media_id, person_id)
            if not pixels:
                return await asyncio.to_thread(Path(path).read_bytes), ending(mime)
            return await self._reduced(path, pixels), ".jpg"
        except (NotFoundError, FileNotFoundError):
            return None

    async def _reduced(self, path: str, pixels: int) -> bytes:
        stat = await asyncio.to_thread(Path(path).stat)
        key = (path, f"{stat.st_size} {stat.st_mtime_ns}", pixels)
        if key not in self._small:
            self._small[key] = await asyncio.to_thread(_reduce, path, pixels)
            while len(self._small) > KEPT:
                self._small.popitem(last=False)
        self._small.move_to_end(key)
        return self._small[key]


def ending(mime: str) -> str:
    """How the name of a file of this type ends: ".png"."""
    return mimetypes.guess_extension(mime) or ".png"


def _reduce(path: str, pixels: int) -> bytes:
    buffer = io.BytesIO()
    with Image.open(path) as image:
        mark: bytes = image.info.get("xmp", b"")
        image.thumbnail((pixels, pixels), reducing_gap=2.0)
        opaque = Image.new("RGB", image.size, "white")
        opaque.paste(image, mask=image if "A" in image.getbands() else None)
    opaque.save(buffer, "JPEG", quality=QUALITY, xmp=mark)
    return buffer.getvalue()
