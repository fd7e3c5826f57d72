"""The arithmetic of `selfsame bench identity`, on synthetic embeddings whose likeness is known."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks import identity
from benchmarks.identity import apart, read, run, table
from characters.character import StyleRegister
from engine.errors import InputError
from engine.images.identity.eye import Floats, Sight, cosine_to_centre, cosines
from engine.images.identity.gallery import Gallery
from engine.images.identity.port import Box

# A picture whose blue is 255 has no face; whose blue is 128 has a tiny one.
FACELESS, TINY = 255, 128


class Angles:
    """An eye that sees a picture as an angle: its red in degrees. Two pictures are alike by the cosine between."""

    kind, measure, model = "arcface", "face", "angles"

    def look(self, image: Image.Image) -> list[Sight]:
        red, _, blue = image.getpixel((0, 0))  # type: ignore[misc]
        if blue == FACELESS:
            return []
        angle = math.radians(red)
        box = Box(0, 0, 4, image.height // (20 if blue == TINY else 2))
        return [Sight(np.asarray([math.cos(angle), math.sin(angle)], np.float32), box)]

    def compare(self, one: Floats, others: Floats) -> Floats:
        return cosines(one, others)

    def likeness(self, one: Floats, own: Floats) -> float:
        return cosine_to_centre(one, own)

    def close(self) -> None:
        """There is nothing to give back."""


def opened(style: StyleRegister, data: Path) -> Gallery:
    return Gallery(Angles(), data)


def put(path: Path, degrees: int, blue: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (40, 40), (degrees, len(path.name), blue)).save(path)


@pytest.fixture
def cast(tmp_path: Path) -> Path:
    """Maya is at 0 degrees, Noor at 90. The gates: 0.50 is 60 degrees, 0.35 about 69.5."""
    folder = tmp_path / "cast"
    put(folder / "maya/canon.png", 0)
    put(folder / "noor/canon.png", 90)
    put(folder / "maya/a copy.png", 5)
    put(folder / "maya/good.png", 40)
    put(folder / "maya/far.png", 44)
    put(folder / "maya/lost.png", 80)
    put(folder / "maya/nobody.png", 0, FACELESS)
    put(folder / "maya/tiny.png", 0, TINY)
    put(folder / "maya/bar.before.png", 65)
    put(folder / "maya/bar.after.png", 35)
    put(folder / "maya/sea.before.png", 30)
    put(folder / "maya/sea.after.png", 36)
    put(folder / "noor/tea.png", 60)
    return folder


def degrees(*angles: float) -> float:
    return sum(math.cos(math.radians(one)) for one in angles) / len(angles)


async def test_all_figures_are_those_of_the_angles(cast: Path, tmp_path: Path) -> None:
    result = await run(cast=str(cast), out=str(tmp_path / "sheet.png"), opened=opened)
    found = result["styles"]["photoreal"]
    assert result["characters"] == 2
    assert found["pictures"] == 7
    # Of five that can be judged: the copy, the good, the far and Noor's are accepted; the lost is somebody else.
    assert found["hit_rate"] == pytest.approx(4 / 5)
    assert found["near"] == 0.0
    assert found["unknown"] == pytest.approx(2 / 7, abs=1e-4)
    assert found["similarity"] == pytest.approx(degrees(5, 40, 44, 80, 30), abs=1e-3)
    # Alike by more than 0.85 (32 degrees): the copy, and Noor's at 30 from hers.
    assert found["copies"] == 2
    # Of six with a face each is compared with the other one of the two: the lost, at 10 from Noor, is taken for her;
    # the good (50 from her) and the far (46) would be, were they not more like Maya; Noor's (60) is just not.
    assert found["taken"] == pytest.approx(1 / 6, abs=1e-4)


async def test_repair_is_measured_pair_by_pair(cast: Path, tmp_path: Path) -> None:
    result = await run(cast=str(cast), out=str(tmp_path / "sheet.png"), opened=opened)
    assert result["styles"]["photoreal"]["repair"] == {
        "pairs": 2,
        "before": pytest.approx(degrees(65, 30), abs=1e-3),
        "after": pytest.approx(degrees(35, 36), abs=1e-3),
        "hit_rate_before": 0.5,
        "hit_rate_after": 1.0,
        "mended": 1.0,
        "worse": 0.5,
    }


def test_apart_is_how_often_the_own_picture_scores_higher() -> None:
    assert apart([0.9, 0.8], [0.1, 0.2]) == 1.0
    assert apart([0.1], [0.9]) == 0.0
    assert apart([0.5, 0.1], [0.5, 0.3]) == pytest.approx((0.5 + 1 + 0 + 0) / 4)
    assert apart([], [0.5]) is None


async def test_the_sheet_frames_each_picture_by_its_verdict(cast: Path, tmp_path: Path) -> None:
    from benchmarks.identity_sheet import COLOURS, ROOM, TILE, WORDS

    sheet = tmp_path / "sheet.png"
    await run(cast=str(cast), out=str(sheet), opened=opened)
    image = Image.open(sheet)

    def frame(down: int, across: int) -> object:
        return image.getpixel(
            (ROOM + across * (TILE + ROOM) + 1, ROOM + down * (TILE + WORDS + ROOM) + TILE // 2)
        )

    by_value = {verdict.value: colour for verdict, colour in COLOURS.items()}
    first = [frame(0, across) for across in range(1, 7)]  # by name: a copy, far, good, lost, nobody, tiny
    assert first == [by_value[one] for one in ("same", "same", "same", "other", "unknown", "unknown")]
    # The pairs follow in the next row, before and after.
    assert [frame(1, across) for across in range(1, 3)] == [by_value["near"], by_value["same"]]


async def test_quick_looks_at_fewer(cast: Path, tmp_path: Path) -> None:
    result = await run(cast=str(cast), out=str(tmp_path / "s.png"), opened=opened, quick=True)
    assert result["styles"]["photoreal"]["pictures"] == identity.QUICK + 1


async def test_styles_are_judged_apart_and_said_apart(cast: Path, tmp_path: Path) -> None:
    (cast / "noor/character.toml").write_text('style = "anime"')
    result = await run(cast=str(cast), out=str(tmp_path / "s.png"), opened=opened)
    assert {style: one["pictures"] for style, one in result["styles"].items()} == {"photoreal": 6, "anime": 1}
    assert result["styles"]["anime"]["taken"] is None
    told = table(result)
    assert "photoreal" in told and "anime" in told and "repair of 2" in told


async def test_without_models_it_says_what_to_fetch(cast: Path, tmp_path: Path) -> None:
    result = await run(cast=str(cast), models=str(tmp_path / "nothing"), out=str(tmp_path / "s.png"))
    assert result["styles"]["photoreal"]["judged"] is False
    assert "Fetch:" in table(result)
    assert not (tmp_path / "s.png").exists()


def test_a_folder_without_a_canon_is_no_character(cast: Path, tmp_path: Path) -> None:
    put(cast / "notes/beach.png", 3)
    assert [actor.name for actor in read(cast)] == ["maya", "noor"]
    with pytest.raises(InputError, match=r"canon\.png"):
        read(tmp_path)


def test_references_of_a_character_are_read_with_it(cast: Path) -> None:
    put(cast / "maya/references/left.png", 10)
    assert [one.name for one in read(cast)[0].own] == ["maya", "left"]


def test_a_style_that_is_none_gets_a_sentence(cast: Path) -> None:
    (cast / "noor/character.toml").write_text('style = "crayon"')
    with pytest.raises(InputError, match="anime"):
        read(cast)
