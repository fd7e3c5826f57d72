"""The square around a face, and how it goes back into the picture."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops, ImageDraw

from engine.images.identity.port import Box
from engine.images.repair.crop import mask, met, put_back, square

FACE = Box(200, 150, 280, 250)


@pytest.mark.parametrize(
    "face", [FACE, Box(0, 0, 60, 80), Box(460, 440, 512, 512), Box(100, 100, 500, 500), Box(0, 200, 512, 500)]
)
def test_the_square_lies_in_the_picture_and_holds_the_face(face: Box) -> None:
    crop = square(face, (512, 512))
    assert crop.width == crop.height
    assert crop.left >= 0
    assert crop.top >= 0
    assert crop.right <= 512
    assert crop.bottom <= 512
    assert crop.left <= face.left
    assert crop.bottom >= face.bottom


def test_the_mask_is_white_on_the_face_and_black_at_the_edge() -> None:
    crop = square(FACE, (512, 512))
    drawn = mask(FACE, crop, 256)
    scale = 256 / crop.width
    middle = int((240 - crop.left) * scale), int((200 - crop.top) * scale)
    assert drawn.getpixel(middle) >= 250  # type: ignore[operator]
    edge = [drawn.getpixel(at) for at in ((0, 0), (255, 255), (0, 128), (128, 0), (255, 128), (128, 255))]
    assert max(edge) <= 3  # type: ignore[type-var]


def test_a_face_at_the_pictures_edge_is_not_painted_beyond_its_crop() -> None:
    face = Box(0, 0, 100, 100)
    drawn = mask(face, square(face, (512, 512)), 128)
    assert max(drawn.crop((0, 0, 128, 1)).getextrema()) <= 40  # type: ignore[type-var]


def test_what_is_away_from_the_face_stays_to_the_pixel() -> None:
    image = Image.effect_noise((512, 512), 60).convert("RGB")
    crop = square(FACE, image.size)
    made = put_back(image, Image.new("RGB", (256, 256), "red"), FACE, crop)
    changed = ImageChops.difference(made, image).getbbox()
    assert changed
    assert changed[0] >= crop.left
    assert changed[1] >= crop.top
    assert changed[2] <= crop.right
    assert changed[3] <= crop.bottom
    assert made.getpixel((240, 200))[0] > 180  # type: ignore[index]


def test_no_seam_shows_where_the_crop_is_in_another_light() -> None:
    """The same scene, painted a little too bright: where the face meets its surroundings nothing jumps."""
    image = Image.linear_gradient("L").resize((512, 512)).convert("RGB")
    crop = square(FACE, image.size)
    before = image.crop((crop.left, crop.top, crop.right, crop.bottom))
    made = put_back(image, before.point(lambda value: min(255, value + 20)), FACE, crop)
    difference = ImageChops.difference(made, image).convert("L")
    assert max(difference.getextrema()) <= 4  # type: ignore[type-var]


def test_colours_are_moved_only_so_far() -> None:
    where = Image.new("L", (64, 64))
    ImageDraw.Draw(where).ellipse((16, 16, 48, 48), fill=255)
    moved = met(Image.new("RGB", (64, 64), (200, 0, 0)), Image.new("RGB", (64, 64), (0, 0, 0)), where)
    assert moved.getpixel((32, 32)) == (176, 0, 0)
