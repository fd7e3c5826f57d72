"""A face painted anew, sharpened, swapped: through the production code on tiny ONNX models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops

from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig
from engine.errors import WeightsError
from engine.images.identity.light import Light
from engine.images.identity.models import verifiers
from engine.images.identity.port import Box
from engine.images.parts import find_part, parts
from engine.images.pipelines.facts import facts_of
from engine.images.pipelines.port import Canvas, Workshop
from engine.images.repair.align import POINTS, matrix, points_in, turned_back, upright
from engine.images.repair.repair import open_repairer
from tests.engine.images.identity.pictures import Face, person, photograph
from tests.engine.images.identity.tiny import write_arcface, write_sface, write_yunet
from tests.engine.images.onnx_models import restorer, swapper, upscaler

pytestmark = pytest.mark.images

FACE = Box(180, 160, 260, 260)
CANVAS = Canvas("a close-up", 5, 512, 512, 4, 1.0)
PATCHING = facts_of("sdxl").model_copy(update={"size": 256})


def quiet(share: float, words: str) -> None:
    """Nobody listens."""


def workshop(tmp_path: Path, **keys: object) -> Workshop:
    return Workshop(tmp_path, ImagesConfig.model_validate(keys), ComfyConfig(), ImageServerConfig())


def picture() -> Image.Image:
    ramp = np.linspace(40, 160, 512, dtype=np.uint8)
    return Image.fromarray(np.stack([np.tile(ramp, (512, 1))] * 3, axis=2))


def part(tmp_path: Path, name: str, at: int = 0) -> Path:
    entry = parts()[name]
    return tmp_path / "models" / entry.repo / entry.files[at]


class Paints:
    """A model that paints everything in one colour, and remembers what it was asked for."""

    def __init__(self, colour: str) -> None:
        self.colour, self.asked = colour, list[Canvas]()

    def __call__(self, canvases: Sequence[Canvas]) -> list[Image.Image]:
        self.asked += canvases
        return [Image.new("RGB", (one.width, one.height), self.colour) for one in canvases]


def test_the_crop_is_painted_at_the_models_own_size_and_put_back(tmp_path: Path) -> None:
    paints, image = Paints("lime"), picture()
    repaired = open_repairer(workshop(tmp_path)).repair(image, FACE, CANVAS, paints, PATCHING, quiet)
    assert repaired.by == ("face",)
    (asked,) = paints.asked
    assert (asked.width, asked.height, asked.prompt, asked.seed) == (256, 256, "a close-up", 5)
    assert asked.patch is not None
    assert asked.patch.image.size == asked.patch.mask.size == (256, 256)
    colour = repaired.image.getpixel((220, 210))
    assert isinstance(colour, tuple)
    assert colour[1] > 180
    assert ImageChops.difference(repaired.image, image).crop((0, 0, 512, 100)).getbbox() is None


def test_a_model_that_paints_no_parts_leaves_the_picture(tmp_path: Path) -> None:
    paints, image = Paints("lime"), picture()
    facts = PATCHING.model_copy(update={"patch": False})
    repaired = open_repairer(workshop(tmp_path)).repair(image, FACE, CANVAS, paints, facts, quiet)
    assert (repaired.by, paints.asked) == ((), [])
    assert repaired.image.tobytes() == image.tobytes()


@pytest.mark.parametrize("name", ["gfpgan", "codeformer"])
def test_a_face_is_sharpened_where_the_settings_say_so(tmp_path: Path, name: str) -> None:
    restorer(part(tmp_path, name), weight=name == "codeformer")
    shop = workshop(tmp_path, restore=name, accept=["codeformer"])
    image, facts = picture(), PATCHING.model_copy(update={"patch": False})
    repaired = open_repairer(shop).repair(image, FACE, CANVAS, Paints("lime"), facts, quiet)
    assert repaired.by == ("restored",)
    before, after = image.getpixel((220, 210)), repaired.image.getpixel((220, 210))
    assert isinstance(before, tuple)
    assert isinstance(after, tuple)
    assert abs(after[0] - (0.2 * before[0] + 0.8 * (255 - before[0]))) < 6, (
        "the tiny model turns colours round"
    )
    assert ImageChops.difference(repaired.image, image).crop((400, 0, 512, 512)).getbbox() is None


def test_codeformer_is_not_loaded_without_the_owners_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    restorer(part(tmp_path, "codeformer"), weight=True)
    shop = workshop(tmp_path, restore="codeformer")
    repaired = open_repairer(shop).repair(picture(), FACE, CANVAS, Paints("lime"), PATCHING, quiet)
    assert repaired.by == ("face",)
    assert "S-Lab 1.0" in caplog.text
    assert 'images.accept = ["codeformer"]' in caplog.text


def test_what_sharpens_no_faces_costs_no_picture(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    part(tmp_path, "gfpgan").parent.mkdir(parents=True)
    part(tmp_path, "gfpgan").write_bytes(b"nonsense")
    repairer = open_repairer(workshop(tmp_path, restore="gfpgan"))
    for _ in range(2):
        assert repairer.repair(picture(), FACE, CANVAS, Paints("lime"), PATCHING, quiet).by == ("face",)
    assert caplog.text.count("gfpgan_1.4.onnx") == 1, "said once"


def test_a_part_that_is_not_here_says_how_to_fetch_it(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="selfsame models pull gfpgan"):
        find_part("gfpgan", workshop(tmp_path))


def test_a_swap_needs_the_settings_the_files_and_a_found_face(tmp_path: Path) -> None:
    image = picture()
    for keys in ({}, {"swap": True}, {"swap": True, "accept": ["inswapper"]}):
        repaired = open_repairer(workshop(tmp_path, **keys)).swap(image, FACE, image, quiet)
        assert (repaired.by, repaired.image) == ((), image)


def test_the_canons_face_is_put_in_with_the_owners_word(tmp_path: Path) -> None:
    swapper(part(tmp_path, "inswapper"))
    write_arcface(part(tmp_path, "inswapper", 1))
    finder = verifiers()["yunet"]
    write_yunet(tmp_path / "models" / finder.repo / finder.files[0])
    shop = workshop(tmp_path, swap=True, accept=["inswapper"])
    image, canon = photograph(Face(person(1))), photograph(Face(person(2)))
    (sight,) = Light(*_light(tmp_path)).look(image)
    assert sight.box
    repaired = open_repairer(shop).swap(image, sight.box, canon, quiet)
    assert repaired.by == ("swapped",)
    changed = ImageChops.difference(repaired.image, image).getbbox()
    assert changed
    assert changed[2] - changed[0] < image.width, "only the face"
    again = open_repairer(shop).swap(image, sight.box, photograph(Face(person(3))), quiet)
    assert again.image.tobytes() != repaired.image.tobytes(), "whose face it is matters"


def _light(tmp_path: Path) -> tuple[Path, Path]:
    finder = verifiers()["yunet"]
    return tmp_path / "models" / finder.repo / finder.files[0], write_sface(tmp_path / "sface.onnx")


def test_an_upright_face_comes_back_where_it_was() -> None:
    image = picture()
    points = np.asarray(POINTS, np.float32) * 100 + (180, 160)
    turn = matrix(points, FACE, image, 512)
    there = upright(image, turn, 512)
    back = turned_back(image, there, turn, 1.0)
    assert max(high for _, high in ImageChops.difference(back, image).getextrema()) <= 3  # type: ignore[misc]


def test_the_found_face_that_is_meant_is_taken() -> None:
    other = np.concatenate(([0, 0, 50, 50], np.arange(10), [0.9])).astype(np.float32)
    meant = np.concatenate(([185, 165, 70, 90], np.arange(10, 20), [0.8])).astype(np.float32)
    found = points_in(FACE, [other, meant])
    assert found is not None
    assert found.ravel().tolist() == list(range(10, 20))
    assert points_in(FACE, [other]) is None


def test_the_model_is_told_the_crop_and_never_another_picture(tmp_path: Path) -> None:
    paints = Paints("lime")
    open_repairer(workshop(tmp_path)).repair(
        picture(), FACE, replace(CANVAS, references=()), paints, PATCHING, quiet
    )
    assert paints.asked[0].references == ()


def test_an_upscaler_in_a_restorers_place_gets_a_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    upscaler(part(tmp_path, "gfpgan"), side=64)
    repairer = open_repairer(workshop(tmp_path, restore="gfpgan"))
    repaired = repairer.repair(picture(), FACE, CANVAS, Paints("lime"), PATCHING, quiet)
    assert repaired.image.size == (512, 512)
