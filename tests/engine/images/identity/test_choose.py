"""Who judges which style, by the models that are here; the tables that say so."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from characters.character import StyleRegister
from engine.images.identity.choose import Judges, open_gallery, open_judge
from engine.images.identity.faces import Found, Pack
from engine.images.identity.gates import eyes_of, gates_of
from engine.images.identity.models import find, verifiers
from engine.images.identity.nobody import Nobody
from engine.images.pipelines.port import NOTHING
from engine.types import Verdict
from tests.engine.images.identity.conftest import Fitter


@pytest.mark.parametrize("style", StyleRegister)
def test_without_models_nobody_judges_and_says_what_to_fetch(fitter: Fitter, style: StyleRegister) -> None:
    judge = open_judge(style, fitter.workshop())
    said = judge.judge(Image.new("RGB", (64, 64)), NOTHING, same_pose=False)
    assert isinstance(judge, Nobody)
    assert (said.verdict, judge.measure) == (Verdict.UNKNOWN, "")
    assert "Fetch: " in said.reason
    assert any(entry.title in said.reason for entry in verifiers().values())


@pytest.mark.images
@pytest.mark.parametrize(
    ("models", "style", "measure"),
    [
        (("auraface", "yunet", "sface", "ccip", "dinov2"), StyleRegister.PHOTOREAL, "face"),
        (("yunet", "sface"), StyleRegister.PHOTOREAL, "face"),
        (("auraface", "ccip", "dinov2"), StyleRegister.PHOTOREAL, ""),
        (("ccip", "dinov2"), StyleRegister.ANIME, "anime"),
        (("dinov2", "sface", "yunet"), StyleRegister.ANIME, "likeness"),
        (("ccip", "dinov2"), StyleRegister.PAINTERLY, "likeness"),
        (("ccip", "dinov2"), StyleRegister.THREE_D, "likeness"),
        (("auraface", "yunet", "ccip"), StyleRegister.HYBRID, ""),
    ],
)
def test_the_best_eye_that_is_here_judges(
    fitter: Fitter, models: tuple[str, ...], style: StyleRegister, measure: str
) -> None:
    assert open_judge(style, fitter.workshop(*models)).measure == measure


@pytest.mark.images
def test_a_pack_of_ones_own_is_named_in_the_settings(fitter: Fitter, hub: Path, tmp_path: Path) -> None:
    own = tmp_path / "my pack"
    own.mkdir()
    for name, file in (("scrfd", "det_10g.onnx"), ("auraface", "w600k_r50.onnx")):
        (own / file).write_bytes((hub / name / verifiers()[name].files[0]).read_bytes())
    judge = open_judge(StyleRegister.PHOTOREAL, fitter.workshop(auraface=str(own)))
    assert judge.measure == "face"


def test_an_empty_folder_of_the_settings_gets_a_sentence(fitter: Fitter, tmp_path: Path) -> None:
    pytest.importorskip("cv2")
    judge = open_judge(StyleRegister.PHOTOREAL, fitter.workshop(auraface=str(tmp_path / "nowhere")))
    assert isinstance(judge, Nobody)
    assert "nowhere" in judge.reason


def test_a_judge_is_kept_and_models_that_come_later_are_noticed(fitter: Fitter) -> None:
    judges = Judges(fitter.workshop())
    assert isinstance(judges.get(StyleRegister.PAINTERLY), Nobody)
    fitter.workshop("dinov2")
    judge = judges.get(StyleRegister.PAINTERLY)
    assert judge.measure == "likeness"
    assert judges.get(StyleRegister.PAINTERLY) is judge
    judges.close()
    assert judges.get(StyleRegister.PAINTERLY) is not judge


def test_a_model_is_here_only_with_all_its_files(fitter: Fitter) -> None:
    workshop = fitter.workshop("ccip")
    assert find("ccip", workshop) is not None
    (workshop.data / "models" / "deepghs/ccip_onnx" / verifiers()["ccip"].files[1]).unlink()
    assert find("ccip", workshop) is None


def test_every_eye_has_gates_and_models() -> None:
    kinds = {kind for style in StyleRegister for kind in eyes_of(style)}
    assert kinds == {kind for entry in verifiers().values() for kind in entry.sees}
    for kind in kinds:
        gates = gates_of(kind)
        assert gates.repair < gates.accept < gates.copy_


def test_only_what_is_open_is_needed_to_judge() -> None:
    assert all(entry.terms == "open" for entry in verifiers().values() if entry.sees)


def test_choosing_imports_nothing_heavy() -> None:
    code = (
        "import sys, engine.images.identity.choose, engine.images.identity.kept\n"
        "heavy = {'numpy', 'onnxruntime', 'cv2', 'insightface', 'torch'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.images
def test_a_detector_with_terms_of_its_own_needs_the_owners_word(fitter: Fitter) -> None:
    shop = fitter.workshop("auraface", "scrfd", "yunet")
    silent = replace(shop, config=shop.config.model_copy(update={"accept": ()}))
    for wanted, workshop in ((Pack, shop), (Found, silent)):
        assert isinstance(open_gallery(StyleRegister.PHOTOREAL, workshop).eye, wanted)
