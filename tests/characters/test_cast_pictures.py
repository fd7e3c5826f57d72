"""The shipped pictures are what the illustrator draws now: a stale one would show a person whom no selfie shows."""

from __future__ import annotations

import io
from importlib.resources import files

import pytest
from PIL import Image, ImageChops

from characters.cast import load_cast
from characters.character import Persona
from engine.images.pipelines.illustrator.compose import Illustrator
from engine.selfie import CANON_SHOT
from engine.types import PictureJob, PicturePurpose

# Another processor may round a soft edge differently by a step; a changed drawing differs by far more.
_STEPS = 4


@pytest.mark.parametrize(
    ("slug", "persona"), load_cast(), ids=lambda each: each if isinstance(each, str) else ""
)
def test_the_shipped_picture_is_what_is_drawn_now(slug: str, persona: Persona) -> None:
    job = PictureJob(PicturePurpose.CANON, persona, CANON_SHOT, persona.appearance.face_seed)
    drawn = _pixels(Illustrator().render(job, lambda _share, _stage: None).png)
    shipped = _pixels(files("characters.cast").joinpath(f"{slug}.png").read_bytes())
    assert drawn.size == shipped.size
    # The histogram holds 256 counts for each band.
    counts = ImageChops.difference(drawn, shipped).histogram()
    furthest = max(at % 256 for at, count in enumerate(counts) if count)
    assert furthest <= _STEPS, "run scripts/draw_cast.py"


def _pixels(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")
