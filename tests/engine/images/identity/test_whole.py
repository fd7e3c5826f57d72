"""Verdicts on drawn pictures: CCIP's differences, and DINOv2's ranks among the cast."""

from __future__ import annotations

from pathlib import Path

import pytest

from characters.character import StyleRegister
from engine.errors import WeightsError
from engine.images.identity.choose import open_gallery, open_judge
from engine.images.identity.verify import MORE_LIKE_ANOTHER, NO_CAST, Verifier
from engine.images.pipelines.port import Materials, Reference, Workshop
from engine.types import ReferenceRole, Verdict
from tests.engine.images.identity.conftest import Fitter
from tests.engine.images.identity.pictures import Face, between, drawing, keep, person, photograph

SHE, OTHER, THIRD = person(0), person(1), person(2)
ANIME, PAINTED = StyleRegister.ANIME, StyleRegister.PAINTERLY


@pytest.fixture
def canon(tmp_path: Path) -> Reference:
    return keep(drawing(SHE), tmp_path, "profile")


@pytest.fixture
def rivals(tmp_path: Path) -> tuple[Reference, ...]:
    return keep(drawing(OTHER), tmp_path, "other"), keep(drawing(THIRD), tmp_path, "third")


class TestAnime:
    """CCIP."""

    @pytest.fixture
    def workshop(self, fitter: Fitter) -> Workshop:
        return fitter.workshop("ccip")

    @pytest.mark.parametrize(
        ("alike", "verdict"), [(0.9, Verdict.SAME), (0.64, Verdict.NEAR), (0.3, Verdict.OTHER)]
    )
    def test_the_verdict_follows_the_difference(
        self, workshop: Workshop, canon: Reference, alike: float, verdict: Verdict
    ) -> None:
        judge = open_judge(ANIME, workshop)
        said = judge.judge(drawing(between(SHE, OTHER, alike)), Materials((canon,)), same_pose=True)
        assert said.verdict is verdict
        assert (said.measure, said.face) == ("anime", None)

    def test_the_median_reference_counts(
        self, workshop: Workshop, canon: Reference, rivals: tuple[Reference, ...], tmp_path: Path
    ) -> None:
        angle = keep(drawing(between(SHE, THIRD, 0.95)), tmp_path, "left", ReferenceRole.ANGLE)
        # A reference that is not her at all does not matter among three.
        wrong = Reference(ReferenceRole.OUTFIT, "evening", rivals[0].sha256, rivals[0].path)
        gallery = open_gallery(ANIME, workshop)
        own = Materials((canon, angle, wrong))
        said = Verifier(gallery).judge(drawing(SHE), own, same_pose=True)
        each = sorted(
            float(gallery.eye.compare(gallery.eye.look(drawing(SHE))[0].vector, gallery.seen(one))[0])
            for one in own.own
        )
        assert said.verdict is Verdict.SAME
        assert said.similarity == pytest.approx(each[1])

    def test_a_copy_is_pointed_out(self, workshop: Workshop, canon: Reference) -> None:
        judge = open_judge(ANIME, workshop)
        copy = judge.judge(drawing(SHE), Materials((canon,)), same_pose=False)
        other = judge.judge(drawing(between(SHE, OTHER, 0.85)), Materials((canon,)), same_pose=False)
        assert (copy.copied, other.copied) == (canon.sha256, "")
        assert other.verdict is Verdict.SAME

    @pytest.mark.images
    def test_near_her_it_says_where_the_face_is_to_repair(
        self, fitter: Fitter, canon: Reference, tmp_path: Path
    ) -> None:
        judge = open_judge(ANIME, fitter.workshop("ccip", "yunet"))
        seen = keep(photograph(Face(SHE, 32, 9, 9)), tmp_path, "seen")
        # Painted over and over until the whole is near: the verdict is of the whole, the box of the face.
        said = {}
        for shade in range(96, 256, 4):
            picture = photograph(Face(SHE, 32, 9, 9), background=(shade, 96, 96))
            judged = judge.judge(picture, Materials((seen,)), same_pose=True)
            said.setdefault(judged.verdict, judged)
        assert set(said) >= {Verdict.SAME, Verdict.NEAR}
        face = said[Verdict.NEAR].face
        assert face is not None and face.height == pytest.approx(6 * 32, abs=2)
        assert said[Verdict.SAME].face is None

    def test_two_files_that_do_not_belong_together_get_a_sentence(self, workshop: Workshop) -> None:
        folder = workshop.data / "models/deepghs/ccip_onnx/ccip-caformer-24-randaug-pruned"
        (folder / "model_metrics.onnx").write_bytes((folder / "model_feat.onnx").read_bytes())
        with pytest.raises(WeightsError, match=r"model_metrics\.onnx cannot be used"):
            open_gallery(ANIME, workshop)


class TestLikeness:
    """DINOv2."""

    @pytest.fixture
    def workshop(self, fitter: Fitter) -> Workshop:
        return fitter.workshop("dinov2")

    def test_first_of_the_cast_by_a_margin_is_hers(
        self, workshop: Workshop, canon: Reference, rivals: tuple[Reference, ...]
    ) -> None:
        judge = open_judge(PAINTED, workshop)
        said = judge.judge(drawing(between(SHE, OTHER, 0.8)), Materials((canon,), rivals), same_pose=True)
        assert said.verdict is Verdict.SAME
        assert said.measure == "likeness"
        assert said.similarity is not None and said.score < said.similarity

    def test_first_by_a_hair_can_be_repaired(
        self, workshop: Workshop, canon: Reference, rivals: tuple[Reference, ...]
    ) -> None:
        judge = open_judge(PAINTED, workshop)
        torn = {
            alike: judge.judge(
                drawing(between(SHE, OTHER, alike)), Materials((canon,), rivals), same_pose=True
            )
            for alike in (0.66, 0.68, 0.70, 0.72, 0.74, 0.76, 0.78)
        }
        verdicts = [said.verdict for said in torn.values()]
        assert sorted(verdicts, key=[Verdict.OTHER, Verdict.NEAR, Verdict.SAME].index) == verdicts
        assert Verdict.NEAR in verdicts
        for said in torn.values():
            assert (said.verdict is Verdict.NEAR) == (0 <= said.score < 0.05)

    def test_who_is_more_like_another_is_somebody_else(
        self, workshop: Workshop, canon: Reference, rivals: tuple[Reference, ...]
    ) -> None:
        judge = open_judge(PAINTED, workshop)
        said = judge.judge(drawing(between(SHE, THIRD, 0.3)), Materials((canon,), rivals), same_pose=True)
        assert (said.verdict, said.reason) == (Verdict.OTHER, MORE_LIKE_ANOTHER)

    def test_whoever_is_like_nobody_is_not_hers_by_being_first(
        self, workshop: Workshop, canon: Reference, rivals: tuple[Reference, ...]
    ) -> None:
        judge = open_judge(PAINTED, workshop)
        said = judge.judge(drawing(between(SHE, person(5), 0.3)), Materials((canon,), rivals), same_pose=True)
        assert said.score > 0.05
        assert said.verdict is Verdict.OTHER

    def test_without_a_cast_it_cannot_be_known(self, workshop: Workshop, canon: Reference) -> None:
        judge = open_judge(PAINTED, workshop)
        said = judge.judge(drawing(SHE), Materials((canon,)), same_pose=True)
        assert (said.verdict, said.reason) == (Verdict.UNKNOWN, NO_CAST)

    def test_the_same_picture_gives_the_same_judgement(
        self, workshop: Workshop, canon: Reference, rivals: tuple[Reference, ...]
    ) -> None:
        judge = open_judge(PAINTED, workshop)
        said = [judge.judge(drawing(OTHER), Materials((canon,), rivals), same_pose=False) for _ in range(3)]
        assert said[0] == said[1] == said[2]
