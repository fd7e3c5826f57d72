"""Several pictures as one, with numbers: the faces of a catalog, the takes of a draft, a page of a gallery.

Telegram counts every picture of an album as a message, and whatever is said after ten of them waits for ten seconds. One
picture costs one message, stands over its buttons and can be changed in place. views.py and wizard.py ask for it.
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

from bot.messages import Pictures
from engine.errors import NotFoundError

log = logging.getLogger(__name__)

# Pixels of a sheet's width: what Telegram keeps of a photo.
WIDTH = 1280
GAP = 8  # pixels
# Sheets that are kept; about 200 kB each.
KEPT = 32
# Of 100: more is not seen after Telegram has packed it once more.
QUALITY = 88
# Pixels of a number's disc, and of its distance from the corner.
DISC, INSET = 84, 16
# Discs are drawn so much larger and then reduced, which makes their edges smooth.
SMOOTH = 4
PAPER, INK, CHOSEN, SHADE = (243, 238, 230), (32, 28, 26), (47, 138, 102), (206, 197, 184)
# Three pictures are higher than wide, as faces are: by so much.
PORTRAIT = 1.4
# Where a picture of another shape is cut: faces are in its upper part.
CENTRE = (0.5, 0.3)
# What Telegram shows as a photo.
SHOWN_TYPES = frozenset({"image/png", "image/jpeg", "image/webp"})
# How a picture says that it was made, and the word for those that a trained model made.
XMP, TRAINED = "xmp", b"trainedAlgorithmicMedia"


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture of a sheet; `chosen` is set off from the others."""

    number: int
    media_id: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class _Source:
    """A picture's file as it is now."""

    tile: Tile
    path: str
    state: tuple[int, int]


class Sheets:
    """Draws sheets, and keeps those that were asked for last."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures
        self._kept: OrderedDict[tuple[_Source, ...], bytes] = OrderedDict()
        self._pencil = asyncio.Lock()

    async def of(self, tiles: Sequence[Tile], person_id: str) -> bytes:
        """These pictures as one JPEG; those that are gone are left out, and none of them make none."""
        found = [(tile, await path_of(self.pictures, tile.media_id, person_id)) for tile in tiles]
        sources = await asyncio.to_thread(_sources, [(tile, path) for tile, path in found if path])
        if not sources:
            return b""
        async with self._pencil:  # everybody who comes at once gets the same sheet, drawn once
            if sources not in self._kept:
                self._kept[sources] = await asyncio.to_thread(_draw, sources)
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(sources)
            return self._kept[sources]


@lru_cache(maxsize=1)
def nobody_yet() -> bytes:
    """Where a portrait will be: a shape without a face."""
    side = WIDTH
    picture = Image.new("RGB", (side, side), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((0.12 * side, 0.66 * side, 0.88 * side, 1.5 * side), fill=SHADE)
    draw.ellipse((0.32 * side, 0.18 * side, 0.68 * side, 0.62 * side), fill=SHADE)
    return _jpeg(picture.resize((side // 2, side // 2), Image.Resampling.LANCZOS), b"")


async def path_of(pictures: Pictures, media_id: str, person_id: str) -> str:
    """The file of a picture, "" if there is none to show."""
    if not media_id:
        return ""
    try:
        path, mime = await pictures.file(media_id, person_id)
    except NotFoundError:
        return ""
    return path if mime in SHOWN_TYPES else ""


def _sources(tiles: Sequence[tuple[Tile, str]]) -> tuple[_Source, ...]:
    """The files that are there."""
    sources = []
    for tile, path in tiles:
        try:
            stat = Path(path).stat()
        except FileNotFoundError:
            continue
        sources.append(_Source(tile, path, (stat.st_size, stat.st_mtime_ns)))
    return tuple(sources)


def _draw(sources: Sequence[_Source]) -> bytes:
    """Rows of pictures; a last row that is not full stands in the middle."""
    columns = _columns(len(sources))
    wide = (WIDTH - (columns - 1) * GAP) // columns
    high = round(wide * PORTRAIT) if len(sources) == 3 else wide
    lines = [sources[at : at + columns] for at in range(0, len(sources), columns)]
    sheet = Image.new("RGB", (WIDTH, len(lines) * (high + GAP) - GAP), PAPER)
    marks = []
    for down, line in enumerate(lines):
        left = (WIDTH - len(line) * (wide + GAP) + GAP) // 2
        for across, source in enumerate(line):
            picture, mark = _numbered(source, (wide, high))
            sheet.paste(picture, (left + across * (wide + GAP), down * (high + GAP)))
            marks.append(mark)
    return _jpeg(sheet, _strongest(marks))


def _columns(count: int) -> int:
    """How many stand beside each other; on a phone a face is recognised at a quarter of the width."""
    return {1: 1, 2: 2, 3: 3, 4: 2}.get(count, 3 if count <= 9 else 4)


def _numbered(source: _Source, size: tuple[int, int]) -> tuple[Image.Image, bytes]:
    """One picture with its number, and its mark; an empty place where the file cannot be read."""
    picture, mark = Image.new("RGB", size, PAPER), b""
    try:
        with Image.open(source.path) as image:
            mark = image.info.get(XMP, b"")
            fitted = ImageOps.fit(image.convert("RGBA"), size, Image.Resampling.LANCZOS, centering=CENTRE)
        picture.paste(fitted, mask=fitted)
    except OSError as error:
        log.warning("a picture cannot be read (%s)", type(error).__name__)
    if source.tile.chosen:
        ImageDraw.Draw(picture).rectangle((0, 0, size[0] - 1, size[1] - 1), outline=CHOSEN, width=2 * GAP)
    disc = _disc(source.tile)
    picture.paste(disc, (INSET, size[1] - INSET - DISC), disc)
    return picture, mark


def _disc(tile: Tile) -> Image.Image:
    """A number that is read on any picture."""
    large = DISC * SMOOTH
    disc = Image.new("RGBA", (large, large))
    draw = ImageDraw.Draw(disc)
    fill = CHOSEN if tile.chosen else INK
    draw.ellipse((0, 0, large - 1, large - 1), fill="white")
    draw.ellipse((large * 0.05, large * 0.05, large * 0.95, large * 0.95), fill=fill)
    font = ImageFont.load_default(large * (0.62 if tile.number < 10 else 0.5))
    draw.text((large / 2, large / 2), str(tile.number), "white", font, anchor="mm", stroke_width=large // 50)
    return disc.resize((DISC, DISC), Image.Resampling.LANCZOS)


def _strongest(marks: Sequence[bytes]) -> bytes:
    """The mark that says most about how a sheet's pictures were made."""
    return next((mark for mark in marks if TRAINED in mark), next((mark for mark in marks if mark), b""))


def _jpeg(picture: Image.Image, mark: bytes) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=QUALITY, **({XMP: mark} if mark else {}))
    return buffer.getvalue()
