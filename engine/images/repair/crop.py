"""The square around a face that is painted anew, and how it goes back into the picture without a seam. Pillow alone."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFilter, ImageStat

from engine.images.identity.port import Box

# The crop's side in heights of the face: hair and neck are in it, so that the light can be followed.
ROOM = 1.8
# The painted ellipse in widths and heights of the face.
FACE = 1.25
# How wide the seam is, in sides of the crop.
FEATHER = 0.06
# The most that a crop's colours are moved to meet its surroundings, of 255.
DRIFT = 24.0


def square(face: Box, size: tuple[int, int]) -> Box:
    """The square of ROOM heights around a face, moved and shrunk into a picture of that size."""
    side = min(round(max(face.width, face.height) * ROOM), *size)
    left = min(max((face.left + face.right - side) // 2, 0), size[0] - side)
    top = min(max((face.top + face.bottom - side) // 2, 0), size[1] - side)
    return Box(left, top, left + side, top + side)


def mask(face: Box, crop: Box, side: int) -> Image.Image:
    """White where the face is painted, "L", side × side: an ellipse around the face with a soft edge, within the crop."""
    scale = side / crop.width
    middle = (
        ((face.left + face.right) / 2 - crop.left) * scale,
        ((face.top + face.bottom) / 2 - crop.top) * scale,
    )
    half = face.width * FACE / 2 * scale, face.height * FACE / 2 * scale
    feather = FEATHER * side
    drawn = Image.new("L", (side, side))
    ellipse = (middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1])
    ImageDraw.Draw(drawn).ellipse(ellipse, fill=255)
    soft = drawn.filter(ImageFilter.GaussianBlur(feather / 2))
    frame = Image.new("L", (side, side))
    edge = round(feather)
    frame.paste(255, (edge, edge, side - edge, side - edge))
    # Nothing is painted at the crop's edge, where it meets the rest.
    return Image.composite(
        soft, Image.new("L", (side, side)), frame.filter(ImageFilter.GaussianBlur(feather / 3))
    )


def put_back(image: Image.Image, painted: Image.Image, face: Box, crop: Box) -> Image.Image:
    """The picture with the painted crop in it: fitted, its colours met, the edge feathered."""
    side = crop.width
    fitted = painted.convert("RGB").resize((side, side), Image.Resampling.LANCZOS)
    before = image.crop((crop.left, crop.top, crop.right, crop.bottom))
    where = mask(face, crop, side)
    made = image.copy()
    made.paste(met(fitted, before, where), (crop.left, crop.top), where)
    return made


def met(painted: Image.Image, before: Image.Image, where: Image.Image) -> Image.Image:
    """The painted crop with its colours moved to those that it had outside of the face, by at most DRIFT."""
    around = where.point(lambda white: 255 - white)
    ours, theirs = ImageStat.Stat(painted, around), ImageStat.Stat(before, around)
    if not any(ours.count):
        return painted
    moves = [max(-DRIFT, min(DRIFT, b - a)) for a, b in zip(ours.mean, theirs.mean, strict=True)]
    bands = [
        band.point([max(0, min(255, round(value + move))) for value in range(256)])
        for band, move in zip(painted.split(), moves, strict=True)
    ]
    return Image.merge("RGB", bands)
