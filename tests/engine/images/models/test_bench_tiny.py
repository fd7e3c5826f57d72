"""`selfsame bench images`, both of its parts, on tiny models: what needs a card runs here on the processor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import images
from benchmarks.picturing.build import shapes
from benchmarks.picturing.sides import Bare, Nobody, ours
from engine.images.pipelines.port import Precision

pytestmark = [pytest.mark.images, pytest.mark.thorough]


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "LEAST": 0.05,
        "QUICK_ROUNDS": 1,
        "TINY_SIDE": 64,
        "CARD_ROUNDS": 1,
        "BATCH": 2,
    }.items():
        monkeypatch.setattr(images, name, value)


async def test_the_tiny_part_counts_what_is_read_again() -> None:
    result = await images.run(quick=True, tiny=True)
    assert result["reference_encodings_second_render"] == 0
    assert result["overhead_vs_bare"] > 0 and result["overhead_warm_vs_bare"] > 0
    assert result["card"] == []
    assert "No NVIDIA card" in images.table(result)
    json.dumps(result)


@pytest.mark.parametrize("family", ["klein", "sdxl"])
def test_the_part_for_cards_measures_both_sides(tmp_path: Path, family: str) -> None:
    place = images.Place("cpu", "tiny", 64, 1e9)
    rows = images.on_place(family, tmp_path, place, (1, 3))
    assert [row["steps"] for row in rows] == [1, 3]
    assert rows[0]["floor_s"] < rows[1]["floor_s"]
    assert all(row["bare_s"] > 0 and row["ours_s"] > 0 for row in rows)
    assert images._row(rows[0]).startswith(f"{family} on cpu, 1 steps at 64²")


@pytest.mark.parametrize("family", ["klein", "sdxl"])
def test_both_sides_paint_the_same_picture(tmp_path: Path, family: str) -> None:
    import numpy as np

    from benchmarks.picturing.build import build
    from engine.images.pipelines.diffusion.samplers import apply_sampler
    from engine.images.pipelines.facts import facts_of

    model = build(family, "tiny", tmp_path / family)
    shown = (images._reference(tmp_path, 1, 64),) if family == "klein" else ()
    canvas = images._canvas(family, 64, 2, shown)
    bare = Bare(family, model, "cpu", Precision.FP32)
    apply_sampler(bare.pipe, "", facts_of(family))  # SDXL's own default is another than the folder's
    (theirs,) = bare.render([canvas])
    (mine,) = ours(family, model, tmp_path / "data", "cpu", Precision.FP32).render([canvas], Nobody())
    assert np.abs(np.asarray(theirs).astype(int) - np.asarray(mine).astype(int)).max() <= 1


def test_the_real_shapes_have_as_many_weights_as_the_real_models() -> None:
    import torch
    from diffusers import Flux2Transformer2DModel, UNet2DConditionModel

    for family, part, kind in (
        ("klein", "transformer", Flux2Transformer2DModel),
        ("sdxl", "unet", UNet2DConditionModel),
    ):
        shape = shapes()[family]["real"]
        with torch.device("meta"):
            model = kind(**shape[part])
        made = sum(weight.numel() for weight in model.parameters()) / 1e9
        assert made == pytest.approx(shape["parameters"], rel=0.001)
