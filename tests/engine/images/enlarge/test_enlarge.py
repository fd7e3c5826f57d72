"""Larger pictures, tile by tile, through real ONNX models that are tiny."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig
from engine.errors import CancelledError, WeightsError
from engine.images.enlarge.enlarge import MARGIN, Tiles, cut, open_enlarger
from engine.images.parts import parts
from engine.images.pipelines.port import Workshop
from tests.engine.images.onnx_models import restorer, upscaler


def quiet(share: float, words: str) -> None:
    """Nobody listens."""


def enlarger(tmp_path: Path) -> Tiles:
    shop = Workshop(tmp_path, ImagesConfig(), ComfyConfig(), ImageServerConfig())
    return open_enlarger(shop)


def place(tmp_path: Path) -> Path:
    part = parts()["upscaler"]
    return tmp_path / "models" / part.repo / part.files[0]


def noise(width: int, height: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8))


@pytest.mark.parametrize(("width", "height"), [(64, 64), (300, 200), (513, 97), (7, 500)])
@pytest.mark.parametrize("side", [None, 128])
def test_tiles_join_without_a_seam(tmp_path: Path, width: int, height: int, side: int | None) -> None:
    upscaler(place(tmp_path), side=side)
    image = noise(width, height)
    made = enlarger(tmp_path).enlarge(image, (width * 4, height * 4), quiet)
    assert made.tobytes() == image.resize((width * 4, height * 4), Image.Resampling.NEAREST).tobytes()


def test_a_size_between_is_fitted(tmp_path: Path) -> None:
    upscaler(place(tmp_path), 2)
    assert enlarger(tmp_path).enlarge(noise(96, 96), (150, 150), quiet).size == (150, 150)


def test_a_size_beyond_the_model_takes_it_twice(tmp_path: Path) -> None:
    upscaler(place(tmp_path), 2)
    said: list[float] = []
    made = enlarger(tmp_path).enlarge(noise(40, 40), (160, 160), lambda share, _: said.append(share))
    assert made.size == (160, 160)
    assert said.count(0.0) == 2


def test_what_is_large_enough_needs_no_model(tmp_path: Path) -> None:
    image = noise(64, 64)
    assert enlarger(tmp_path).enlarge(image, (64, 64), quiet).tobytes() == image.tobytes()
    assert enlarger(tmp_path).enlarge(image, (32, 32), quiet).size == (32, 32)


def test_progress_is_told_and_may_stop_it(tmp_path: Path) -> None:
    upscaler(place(tmp_path), side=64)
    said: list[float] = []

    def stop(share: float, words: str) -> None:
        said.append(share)
        if len(said) == 3:
            raise CancelledError

    with pytest.raises(CancelledError):
        enlarger(tmp_path).enlarge(noise(200, 200), (800, 800), stop)
    assert said == sorted(said)
    assert said[0] == 0.0


def test_without_a_model_it_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="selfsame models pull upscaler"):
        enlarger(tmp_path).enlarge(noise(8, 8), (64, 64), quiet)


def test_a_truncated_model_gets_a_sentence(tmp_path: Path) -> None:
    path = upscaler(place(tmp_path))
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(WeightsError, match=r"real_esrgan_x4\.onnx"):
        enlarger(tmp_path).enlarge(noise(8, 8), (64, 64), quiet)


def test_a_model_of_another_kind_gets_a_sentence(tmp_path: Path) -> None:
    restorer(place(tmp_path))
    with pytest.raises(WeightsError, match="is no upscaler"):
        enlarger(tmp_path).enlarge(noise(8, 8), (64, 64), quiet)


def test_tiles_cover_everything_once() -> None:
    seen = np.zeros((301, 200), int)
    for tile in cut(200, 301, 96):
        left, top, right, bottom = tile.used
        seen[top:bottom, left:right] += 1
        assert left - tile.left == MARGIN
        assert right <= tile.left + 96 - MARGIN
    assert (seen == 1).all()
