"""The contact sheet of `benchmarks/identity.py`: a row for each character, each picture framed by its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont, ImageOps

from engine.errors import InputError
from engine.types import Verdict

if TYPE_CHECKING:
    from benchmarks.identity import Look, Seen

# Pixels of a picture, of its frame, of the words below it, and of the room around all of it.
SIDE, FRAME, WORDS, ROOM = 180, 5, 40, 12
# Pictures in a row, beside the canon.
ACROSS = 6
COLOURS = {
    Verdict.SAME: (46, 139, 87),
    Verdict.NEAR: (222, 158, 32),
    Verdict.OTHER: (200, 55, 45),
    Verdict.UNKNOWN: (120, 125, 135),
}
CANON = (40, 44, 52)
PAPER, INK = (250, 249, 246), (30, 32, 38)
TILE = SIDE + 2 * FRAME


def draw(seen: Sequence[Seen], path: Path) -> None:
    """Draw the sheet as PNG. Raises InputError where it cannot be written."""
    rows = [tiles for one in seen for tiles in _rows(one)]
    width = ROOM + (ACROSS + 1) * (TILE + ROOM)
    sheet = Image.new("RGB", (width, ROOM + len(rows) * (TILE + WORDS + ROOM)), PAPER)
    for down, tiles in enumerate(rows):
        for across, tile in tiles:
            sheet.paste(tile, (ROOM + across * (TILE + ROOM), ROOM + down * (TILE + WORDS + ROOM)))
    try:
        sheet.save(path, "PNG")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}. Choose another with --out.") from error


def _rows(one: Seen) -> list[list[tuple[int, Image.Image]]]:
    """A character's tiles by their place in a row; the canon stands before the first."""
    canon = one.actor.own[0].path
    first = _tile(canon, CANON, one.actor.name, f"{one.actor.style.value}, {len(one.actor.own)} reference(s)")
    tiles = [_judged(look, look.path.stem) for look in one.looks]
    for before, after in one.pairs:
        name = before.path.stem.rpartition(".")[0]
        tiles += [_judged(before, f"{name}: before"), _judged(after, f"{name}: after")]
    rows = [
        [(at + 1, tile) for at, tile in enumerate(tiles[start : start + ACROSS])]
        for start in range(0, max(len(tiles), 1), ACROSS)
    ]
    return [[(0, first), *rows[0]], *rows[1:]]


def _judged(look: Look, name: str) -> Image.Image:
    said = look.said
    similarity = "" if said.similarity is None else f" {said.similarity:.2f}"
    marks = (", copy" if said.copied else "") + (f", taken for {look.taken}" if look.taken else "")
    return _tile(look.path, COLOURS[said.verdict], name, f"{said.verdict.value}{similarity}{marks}", look)


def _tile(
    path: Path, colour: tuple[int, int, int], name: str, words: str, look: Look | None = None
) -> Image.Image:
    """A framed picture with two lines below it; where a face was judged, a box around it."""
    with Image.open(path) as file:
        picture = file.convert("RGB")
    if look is not None and look.said.face is not None:
        face, wide = look.said.face, max(2, picture.width // 120)
        box = (face.left, face.top, max(face.right, face.left + 1), max(face.bottom, face.top + 1))
        ImageDraw.Draw(picture).rectangle(box, outline=colour, width=wide)
    tile = Image.new("RGB", (TILE, TILE + WORDS), PAPER)
    tile.paste(colour, (0, 0, TILE, TILE))
    small = ImageOps.contain(picture, (SIDE, SIDE))
    tile.paste(small, (FRAME + (SIDE - small.width) // 2, FRAME + (SIDE - small.height) // 2))
    pen, font = ImageDraw.Draw(tile), ImageFont.load_default(size=14)
    for line, text in enumerate((name, words)):
        pen.text((2, TILE + 3 + 17 * line), _fitting(text, font), INK if line == 0 else colour, font=font)
    return tile


def _fitting(text: str, font: ImageFont.ImageFont | ImageFont.FreeTypeFont) -> str:
    """The text, cut where it would leave its tile."""
    if font.getlength(text) <= TILE - 4:
        return text
    while text and font.getlength(text + "…") > TILE - 4:
        text = text[:-1]
    return text + "…"
