"""What a finished picture says of itself: its text, its signature, its invisible watermark."""

from __future__ import annotations

import io
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from characters.character import Persona
from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig
from engine.errors import RenderError
from engine.images.pipelines.port import Rendered, Workshop
from engine.images.provenance.keys import FILE, open_keys
from engine.images.provenance.manifest import LABEL, read
from engine.images.provenance.marks import texts
from engine.images.provenance.stamp import Stamp
from engine.images.provenance.watermark import open_watermarker
from engine.types import Making, PictureJob, PicturePurpose, Shot, Verdict

pytestmark = pytest.mark.images

MAKING = Making(
    "klein",
    "bf16",
    "flow-euler",
    4,
    1.0,
    ("ab" * 32,),
    Verdict.SAME,
    "face",
    0.61,
    takes=2,
    repairs=("face",),
    note="It is not quite her.",
)
JOB = PictureJob(
    PicturePurpose.SELFIE,
    Persona("Maya", backstory="a secret"),
    Shot(request="at my mother's grave", place="jazz bar"),
    7,
    pipeline="auto",
    character_id="0192",
)
CAST = Path(__file__).parents[4] / "characters" / "cast"


@pytest.fixture(scope="module")
def portrait() -> Image.Image:
    """A real picture, smaller."""
    return Image.open(CAST / "amrita.png").convert("RGB").resize((512, 512))


def png(image: Image.Image, form: str = "PNG", **keys: int) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **keys)
    return out.getvalue()


def stamp(data: Path, image: Image.Image, making: Making | None = MAKING, **keys: bool) -> bytes:
    shop = Workshop(data, ImagesConfig(**keys), ComfyConfig(), ImageServerConfig())  # type: ignore[arg-type]
    rendered = Rendered(png(image), *image.size, "Maya at a bar", "klein" if making else "", making)
    return Stamp(shop).stamp(rendered, JOB)


def test_a_models_picture_says_how_it_was_made(tmp_path: Path, portrait: Image.Image) -> None:
    made = stamp(tmp_path, portrait)
    told = texts(made)
    assert (told["Selfsame Family"], told["Selfsame Seed"], told["Selfsame Verdict"]) == (
        "klein",
        "7",
        "same",
    )
    assert told["Selfsame References"] == "ab" * 32
    assert told["Selfsame Similarity"] == "0.610 (face)"
    assert Image.open(io.BytesIO(made)).tobytes() == portrait.tobytes(), "the pixels are as they were"


def test_its_manifest_is_signed_and_names_the_parts(tmp_path: Path, portrait: Image.Image) -> None:
    told = read(stamp(tmp_path, portrait))
    assert told
    assert told["validation"] == "Valid"
    assertions = {one["label"]: one["data"] for one in told["assertions"]}
    created, edited = assertions["c2pa.actions.v2"]["actions"]
    assert created["digitalSourceType"].endswith("/trainedAlgorithmicMedia")
    assert edited["parameters"] == {"description": "face"}
    assert assertions[LABEL]["references"] == ["ab" * 32]
    assert assertions[LABEL]["seed"] == 7


def test_nothing_personal_is_in_the_file(tmp_path: Path, portrait: Image.Image) -> None:
    made = stamp(tmp_path, portrait)
    for word in ("Maya", "secret", "mother", "grave", "jazz", "quite her", str(tmp_path)):
        assert word.encode() not in made


def test_a_changed_picture_is_found_out(tmp_path: Path, portrait: Image.Image) -> None:
    made = bytearray(stamp(tmp_path, portrait))
    made[len(made) // 2] ^= 1
    told = read(bytes(made))
    assert told is None or told["validation"] == "Invalid"


def test_a_drawn_picture_has_its_marks_and_no_signature(tmp_path: Path, portrait: Image.Image) -> None:
    job_pipeline = texts(stamp(tmp_path, portrait, None))
    assert job_pipeline["Selfsame Pipeline"] == "auto"
    assert read(stamp(tmp_path, portrait, None)) is None


def test_without_c2pa_there_is_no_signature(tmp_path: Path, portrait: Image.Image) -> None:
    assert read(stamp(tmp_path, portrait, c2pa=False)) is None
    assert not (tmp_path / FILE).exists()


def test_the_keys_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as many:
        chains = {keys.chain for keys in many.map(lambda _: open_keys(tmp_path), range(8))}
    assert len(chains) == 1
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / FILE).parent.iterdir()] == [FILE.name]


def test_a_broken_key_does_not_cost_the_picture(
    tmp_path: Path, portrait: Image.Image, caplog: pytest.LogCaptureFixture
) -> None:
    open_keys(tmp_path)
    (tmp_path / FILE).write_text("nonsense")
    made = stamp(tmp_path, portrait)
    assert texts(made)["Selfsame Family"] == "klein"
    assert read(made) is None
    assert "Remove the file" in caplog.text
    with pytest.raises(RenderError, match="Remove the file"):
        open_keys(tmp_path)


@pytest.mark.parametrize("quality", [None, 95, 80])
def test_a_watermark_is_found_again(tmp_path: Path, portrait: Image.Image, quality: int | None) -> None:
    made = Image.open(io.BytesIO(stamp(tmp_path, portrait, watermark=True)))
    if quality:
        made = Image.open(io.BytesIO(png(made.convert("RGB"), "JPEG", quality=quality)))
    assert open_watermarker().find(made)


def test_where_there_is_no_watermark_none_is_found(portrait: Image.Image) -> None:
    finds = open_watermarker().find
    assert not finds(portrait)
    assert not any(finds(Image.open(path)) for path in sorted(CAST.glob("*.png"))[:4])


def test_a_watermark_is_not_seen(tmp_path: Path, portrait: Image.Image) -> None:
    made = Image.open(io.BytesIO(stamp(tmp_path, portrait, watermark=True)))
    pairs = zip(made.convert("L").tobytes(), portrait.convert("L").tobytes(), strict=True)
    assert sum(abs(a - b) for a, b in pairs) / (512 * 512) < 2.5


def test_a_drawn_picture_gets_no_watermark(tmp_path: Path, portrait: Image.Image) -> None:
    made = Image.open(io.BytesIO(stamp(tmp_path, portrait, None, watermark=True)))
    assert made.tobytes() == portrait.tobytes()


def test_marks_of_before_are_replaced(tmp_path: Path, portrait: Image.Image) -> None:
    first = stamp(tmp_path, portrait)
    shop = Workshop(tmp_path, ImagesConfig(), ComfyConfig(), ImageServerConfig())
    again = Stamp(shop).stamp(Rendered(first, 512, 512, "", "sdxl", replace(MAKING, family="sdxl")), JOB)
    assert texts(again)["Selfsame Family"] == "sdxl"
    told = read(again)
    assert told
    assert told["validation"] == "Valid"
