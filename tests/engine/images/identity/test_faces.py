"""Verdicts on photographs, by every eye for faces, through the files and the code of production."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from characters.character import StyleRegister
from engine.errors import WeightsError
from engine.images.identity.choose import open_gallery, open_judge
from engine.images.identity.gallery import Gallery
from engine.images.identity.gates import Calibrated, Calibrations, gates_of
from engine.images.identity.nobody import Nobody
from engine.images.identity.port import Judge
from engine.images.identity.verify import MORE_LIKE_ANOTHER, NO_FACE, NO_REFERENCE, SMALL_FACE, Verifier
from engine.images.pipelines.port import Materials, Reference, Workshop
from engine.types import ReferenceRole, Verdict
from tests.engine.images.identity.conftest import Fitter
from tests.engine.images.identity.pictures import Face, between, keep, person, photograph

pytestmark = pytest.mark.images

MODELS = {
    "a pack of insightface": ("auraface", "scrfd"),
    "AuraFace by YuNet's eyes": ("auraface", "yunet"),
    "YuNet and SFace": ("yunet", "sface"),
}
SHE, OTHER, THIRD = person(0), person(1), person(2)


@pytest.fixture(params=MODELS)
def workshop(request: pytest.FixtureRequest, fitter: Fitter) -> Workshop:
    return fitter.workshop(*MODELS[request.param])


@pytest.fixture
def gallery(workshop: Workshop) -> Gallery:
    return open_gallery(StyleRegister.PHOTOREAL, workshop)


@pytest.fixture
def judge(gallery: Gallery) -> Judge:
    return Verifier(gallery)


@pytest.fixture
def canon(tmp_path: Path) -> Reference:
    return keep(photograph(Face(SHE)), tmp_path, "profile")


def test_the_same_face_elsewhere_and_larger_is_hers(judge: Judge, canon: Reference) -> None:
    said = judge.judge(photograph(Face(SHE, 32, 9, 9)), Materials((canon,)), same_pose=True)
    assert said.verdict is Verdict.SAME
    assert said.measure == "face"
    assert said.similarity == pytest.approx(1.0, abs=0.02)


def test_the_face_is_where_it_was_painted(judge: Judge, canon: Reference) -> None:
    said = judge.judge(photograph(Face(SHE, 32, 9, 9)), Materials((canon,)), same_pose=True)
    assert said.face is not None
    middle = (said.face.left + said.face.right) / 2, (said.face.top + said.face.bottom) / 2
    assert middle == pytest.approx((9.5 * 32, 9.5 * 32 - 0.727 * 32), abs=2)
    assert said.face.height == pytest.approx(6 * 32, abs=2)


def test_between_two_gates_it_can_be_repaired(gallery: Gallery, judge: Judge, canon: Reference) -> None:
    gates = gates_of(gallery.eye.kind)
    near = between(SHE, OTHER, (gates.accept + gates.repair) / 2)
    said = judge.judge(photograph(Face(near)), Materials((canon,)), same_pose=True)
    assert said.verdict is Verdict.NEAR


def test_a_stranger_is_somebody_else(judge: Judge, canon: Reference) -> None:
    said = judge.judge(photograph(Face(OTHER)), Materials((canon,)), same_pose=True)
    assert said.verdict is Verdict.OTHER
    assert said.similarity == pytest.approx(0.0, abs=0.1)


def test_of_several_faces_the_best_match_counts_not_the_largest(judge: Judge, canon: Reference) -> None:
    both = photograph(Face(SHE, 16, 8, 20), Face(OTHER, 32, 13, 9))
    said = judge.judge(both, Materials((canon,)), same_pose=True)
    assert said.verdict is Verdict.SAME
    assert said.face is not None and said.face.height < 100


def test_a_tiny_face_cannot_be_known_and_says_where_it_is(judge: Judge, canon: Reference) -> None:
    said = judge.judge(photograph(Face(SHE, 8, 40, 40)), Materials((canon,)), same_pose=False)
    assert (said.verdict, said.reason, said.copied) == (Verdict.UNKNOWN, SMALL_FACE, "")
    assert said.face is not None and said.face.height < 64


def test_a_large_stranger_beside_her_tiny_face_is_not_taken_for_her(judge: Judge, canon: Reference) -> None:
    both = photograph(Face(SHE, 8, 8, 60), Face(OTHER, 32, 13, 9))
    said = judge.judge(both, Materials((canon,)), same_pose=True)
    assert said.verdict is Verdict.UNKNOWN
    assert said.face is not None and said.face.height < 64


def test_without_a_face_it_cannot_be_known(judge: Judge, canon: Reference) -> None:
    said = judge.judge(photograph(), Materials((canon,)), same_pose=True)
    assert (said.verdict, said.reason, said.face) == (Verdict.UNKNOWN, NO_FACE, None)


def test_without_a_reference_with_a_face_it_cannot_be_known(judge: Judge, tmp_path: Path) -> None:
    faceless = keep(photograph(), tmp_path, "profile")
    place = keep(photograph(Face(SHE)), tmp_path, "bar", ReferenceRole.LOCATION)
    for own in ((), (faceless,), (place,)):
        said = judge.judge(photograph(Face(SHE)), Materials(own), same_pose=True)
        assert (said.verdict, said.reason) == (Verdict.UNKNOWN, NO_REFERENCE)


def test_a_reference_that_is_gone_is_left_out(judge: Judge, canon: Reference, tmp_path: Path) -> None:
    gone = Reference(ReferenceRole.ANGLE, "left", "0" * 64, tmp_path / "gone.png")
    said = judge.judge(photograph(Face(SHE)), Materials((gone, canon)), same_pose=True)
    assert said.verdict is Verdict.SAME


def test_several_references_count_by_their_centre(judge: Judge, canon: Reference, tmp_path: Path) -> None:
    angle = keep(photograph(Face(between(SHE, OTHER, 0.8))), tmp_path, "left", ReferenceRole.ANGLE)
    one = judge.judge(photograph(Face(SHE)), Materials((canon,)), same_pose=True)
    both = judge.judge(photograph(Face(SHE)), Materials((canon, angle)), same_pose=True)
    assert one.similarity == pytest.approx(1.0, abs=0.02)
    # The centre of two unit vectors that are 0.8 alike is sqrt(0.9) like each of them.
    assert both.similarity == pytest.approx(0.9**0.5, abs=0.03)


def test_in_a_reference_with_company_she_is_the_one_like_the_headshot(
    judge: Judge, canon: Reference, tmp_path: Path
) -> None:
    company = photograph(Face(SHE, 16, 8, 20), Face(OTHER, 32, 13, 9))
    outfit = keep(company, tmp_path, "evening", ReferenceRole.OUTFIT)
    said = judge.judge(photograph(Face(SHE)), Materials((outfit, canon)), same_pose=True)
    assert said.similarity == pytest.approx(1.0, abs=0.02)


def test_a_copy_of_one_reference_is_pointed_out_where_the_pose_should_differ(
    judge: Judge, canon: Reference
) -> None:
    materials = Materials((canon,))
    picture = photograph(Face(SHE))
    assert judge.judge(picture, materials, same_pose=False).copied == canon.sha256
    assert judge.judge(picture, materials, same_pose=True).copied == ""
    differing = photograph(Face(between(SHE, OTHER, 0.7)))
    assert judge.judge(differing, materials, same_pose=False).copied == ""


def test_whoever_is_more_like_another_of_the_cast_is_not_simply_her(
    judge: Judge, canon: Reference, tmp_path: Path
) -> None:
    rival = keep(photograph(Face(OTHER)), tmp_path, "rival")
    torn = photograph(Face(between(SHE, OTHER, 0.6)))
    alone = judge.judge(torn, Materials((canon,)), same_pose=True)
    said = judge.judge(torn, Materials((canon,), (rival,)), same_pose=True)
    assert alone.verdict is Verdict.SAME
    assert (said.verdict, said.reason) == (Verdict.NEAR, MORE_LIKE_ANOTHER)


def test_references_are_looked_at_once_for_good(
    gallery: Gallery, workshop: Workshop, canon: Reference, tmp_path: Path
) -> None:
    rival = keep(photograph(Face(OTHER)), tmp_path, "rival")
    materials = Materials((canon,), (rival,))
    judge = Verifier(gallery)
    first = judge.judge(photograph(Face(SHE)), materials, same_pose=True)
    again = judge.judge(photograph(Face(SHE)), materials, same_pose=True)
    assert gallery.looked == 2
    later = open_gallery(StyleRegister.PHOTOREAL, workshop)
    restarted = Verifier(later).judge(photograph(Face(SHE)), materials, same_pose=True)
    assert later.looked == 0
    assert first == again == restarted


def test_her_own_gates_hold_for_her_her_canon_and_this_model(
    gallery: Gallery, judge: Judge, canon: Reference
) -> None:
    eye = gallery.eye
    strict = Calibrated(model=eye.model, canon=canon.sha256, accept=0.99, repair=0.9, genuine=9, impostors=9)
    Calibrations(gallery.data).write("she", eye.kind, strict)
    picture = photograph(Face(between(SHE, OTHER, 0.8)))

    def verdict(character_id: str) -> Verdict:
        return judge.judge(picture, Materials((canon,), (), character_id), same_pose=True).verdict

    assert verdict("she") is Verdict.OTHER
    assert verdict("somebody") is Verdict.SAME
    for change in ({"canon": "0" * 64}, {"model": "another"}):
        Calibrations(gallery.data).write("she", eye.kind, strict.model_copy(update=change))
        assert verdict("she") is Verdict.SAME


def test_a_broken_calibration_is_none(gallery: Gallery, judge: Judge, canon: Reference) -> None:
    folder = gallery.data / "identity"
    folder.mkdir(parents=True)
    (folder / "she.json").write_text(json.dumps({gallery.eye.kind: {"accept": "high"}}))
    said = judge.judge(photograph(Face(SHE)), Materials((canon,), (), "she"), same_pose=True)
    assert said.verdict is Verdict.SAME


def test_a_file_that_is_no_model_gets_a_sentence_and_nobody_judges(workshop: Workshop) -> None:
    for path in (workshop.data / "models").rglob("*.onnx"):
        path.write_bytes(path.read_bytes()[:100])
    judge = open_judge(StyleRegister.PHOTOREAL, workshop)
    assert isinstance(judge, Nobody)
    assert "cannot be used to verify pictures" in judge.reason
    assert "selfsame models" in judge.reason


def test_a_model_of_another_shape_gets_a_sentence(fitter: Fitter, hub: Path) -> None:
    workshop = fitter.workshop("auraface", "yunet")
    recogniser = workshop.data / "models/fal/AuraFace-v1/glintr100.onnx"
    recogniser.write_bytes((hub / "scrfd/scrfd_10g_bnkps.onnx").read_bytes())
    with pytest.raises(WeightsError, match=r"glintr100\.onnx cannot be used"):
        open_gallery(StyleRegister.PHOTOREAL, workshop)
