"""Several pictures as one: what is on it, how large it is, the mark that it keeps, and what is drawn again."""

import asyncio
import io
from pathlib import Path

import pytest
from PIL import Image

from bot.surfaces.telegram.sheet import CHOSEN, KEPT, WIDTH, Sheets, Tile, nobody_yet
from engine.errors import NotFoundError
from engine.images.provenance import mark

COLOURS = ("red", "lime", "blue")


class Pictures:
    """Files by their id; "gone" is known and not there any more."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def file(self, media_id: str, person_id: str) -> tuple[str, str]:
        if media_id == "secret":
            raise NotFoundError
        return str(self.folder / f"{media_id}.png"), "image/png"

    async def portrait(self, draft_id: str, person_id: str) -> tuple[str, str]:
        raise NotImplementedError

    def put(self, media_id: str, colour: str, pipeline: str = "") -> str:
        buffer = io.BytesIO()
        Image.new("RGB", (60, 60), colour).save(buffer, "PNG")
        png = buffer.getvalue()
        content = mark(png, pipeline=pipeline, seed=1, character_id=None) if pipeline else png
        (self.folder / f"{media_id}.png").write_bytes(content)
        return media_id


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return Pictures(tmp_path)


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def near(image: Image.Image, at: tuple[int, int], colour: tuple[int, ...]) -> bool:
    found = image.getpixel(at)
    assert isinstance(found, tuple)
    return all(abs(one - other) < 24 for one, other in zip(found, colour, strict=True))


async def test_pictures_stand_beside_each_other_with_their_numbers(pictures: Pictures) -> None:
    tiles = [Tile(at, pictures.put(f"p{at}", colour), at == 2) for at, colour in enumerate(COLOURS, 1)]
    sheet = opened(await Sheets(pictures).of(tiles, "person"))
    assert (sheet.width, sheet.format) == (WIDTH, "JPEG")
    third = WIDTH // 3
    high = sheet.height // 2
    assert near(sheet, (third // 2, high), (255, 0, 0))
    assert near(sheet, (WIDTH // 2, high), (0, 255, 0))
    assert near(sheet, (WIDTH - third // 2, high), (0, 0, 255))
    assert near(sheet, (WIDTH // 2, 6), CHOSEN)  # the frame of the chosen one
    assert not near(sheet, (third // 2, 6), CHOSEN)
    assert near(sheet, (30, sheet.height - 58), (32, 28, 26))  # the disc of the first number


@pytest.mark.parametrize("count", [1, 2, 4, 5, 9, 12])
async def test_any_number_of_pictures_has_a_shape_that_telegram_takes(pictures: Pictures, count: int) -> None:
    tiles = [Tile(at, pictures.put(f"p{at}", "navy")) for at in range(1, count + 1)]
    sheet = opened(await Sheets(pictures).of(tiles, "person"))
    assert sheet.width + sheet.height < 10_000
    assert 0.4 < sheet.height / sheet.width < 2


async def test_what_is_gone_or_not_for_this_person_is_left_out(pictures: Pictures) -> None:
    only = Tile(3, pictures.put("here", "lime"))
    sheets = Sheets(pictures)
    with_others = await sheets.of([Tile(1, "gone"), Tile(2, "secret"), only, Tile(4, "")], "person")
    assert with_others == await sheets.of([only], "person")
    assert await sheets.of([Tile(1, "gone"), Tile(2, "secret")], "person") == b""


async def test_a_file_that_cannot_be_read_leaves_its_place_empty(pictures: Pictures) -> None:
    (pictures.folder / "broken.png").write_bytes(b"no picture")
    sheet = opened(await Sheets(pictures).of([Tile(1, "broken"), Tile(2, pictures.put("p", "lime"))], "x"))
    assert near(sheet, (WIDTH // 4, sheet.height // 3), (243, 238, 230))
    assert near(sheet, (3 * WIDTH // 4, sheet.height // 3), (0, 255, 0))


async def test_many_who_ask_at_once_get_the_same_sheet(
    pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    monkeypatch.setattr("bot.surfaces.telegram.sheet._draw", lambda sources: drawn.append(sources) or b"jpeg")
    sheets, tiles = Sheets(pictures), [Tile(1, pictures.put("one", "red"))]
    assert await asyncio.gather(*(sheets.of(tiles, "person") for _ in range(8))) == [b"jpeg"] * 8
    assert len(drawn) == 1


async def test_the_mark_of_a_model_outdoes_that_of_a_drawing(pictures: Pictures) -> None:
    tiles = [
        Tile(1, pictures.put("drawn", "red", "illustrator")),
        Tile(2, pictures.put("trained", "blue", "klein")),
    ]
    sheets = Sheets(pictures)
    both = opened(await sheets.of(tiles, "person"))
    assert b"trainedAlgorithmicMedia" in both.info["xmp"]
    drawn = opened(await sheets.of(tiles[:1], "person"))
    assert b"algorithmicMedia" in drawn.info["xmp"]
    assert b"trained" not in drawn.info["xmp"]


async def test_a_sheet_is_drawn_once_and_again_when_a_picture_changed(
    pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    monkeypatch.setattr("bot.surfaces.telegram.sheet._draw", lambda sources: drawn.append(sources) or b"jpeg")
    sheets = Sheets(pictures)
    tiles = [Tile(1, pictures.put("one", "red"))]
    await sheets.of(tiles, "person")
    await sheets.of(tiles, "person")
    assert len(drawn) == 1
    (pictures.folder / "one.png").write_bytes(b"other content")
    await sheets.of(tiles, "person")
    assert len(drawn) == 2
    for number in range(KEPT):
        await sheets.of([Tile(number + 2, "one")], "person")
    await sheets.of(tiles, "person")  # was forgotten for the others
    assert len(drawn) == KEPT + 3


def test_nobody_has_a_shape_of_its_own() -> None:
    nobody = opened(nobody_yet())
    assert nobody.width == nobody.height
    assert not near(nobody, (nobody.width // 2, nobody.height // 2 - 40), (243, 238, 230))
