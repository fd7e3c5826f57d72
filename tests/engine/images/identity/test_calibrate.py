"""Calibration of one character, from its references and the rest of the cast."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from characters.character import StyleRegister
from engine.errors import InputError
from engine.images.identity.calibrate import calibrate
from engine.images.identity.choose import open_gallery
from engine.images.identity.gallery import Gallery
from engine.images.identity.gates import Calibrations, gates_of
from engine.images.identity.verify import Verifier
from engine.images.pipelines.port import Materials, Reference
from engine.types import ReferenceRole, Verdict
from tests.engine.images.identity.conftest import Fitter
from tests.engine.images.identity.pictures import between, drawing, materials, person

SHE = person(0)


@pytest.fixture
def gallery(fitter: Fitter) -> Gallery:
    return open_gallery(StyleRegister.ANIME, fitter.workshop("ccip"))


@pytest.fixture
def painted(fitter: Fitter) -> Gallery:
    return open_gallery(StyleRegister.PAINTERLY, fitter.workshop("dinov2"))


def test_a_consistent_character_gets_gates_that_lie_between_her_and_the_others(
    gallery: Gallery, tmp_path: Path
) -> None:
    given = materials(tmp_path, 6, 5)
    report = calibrate(gallery, given, "Maya")
    assert report.fitted is not None and report.fitted.apart
    assert max(report.others) < report.gates.accept < min(report.own)
    assert report.gates.repair < report.gates.accept
    assert (len(report.own), len(report.others)) == (6, 5)
    assert "6 pictures of Maya and 5 of others" in report.sentence


def test_each_picture_is_measured_against_the_others_of_her_alone(gallery: Gallery, tmp_path: Path) -> None:
    given = materials(tmp_path, 5, 5)
    report = calibrate(gallery, given, "Maya")
    vectors = [gallery.seen(one)[0] for one in given.own]
    for at, score in enumerate(report.own):
        others = [1 - float(gallery.eye.compare(vectors[at], one[None])[0]) for one in vectors]
        del others[at]
        assert score == pytest.approx(1 - statistics.median(others), abs=1e-5)


def test_what_was_calibrated_is_what_the_verifier_judges_by(gallery: Gallery, tmp_path: Path) -> None:
    given = materials(tmp_path, 6, 5)
    # The usual gate takes her for the character; hers, which knows how alike her pictures are, does not.
    before = gates_of("ccip").accept
    picture = drawing(between(SHE, person(9), 0.74))
    said = Verifier(gallery).judge(picture, given, same_pose=True)
    report = calibrate(gallery, given, "Maya")
    again = Verifier(gallery).judge(picture, given, same_pose=True)
    assert said.similarity is not None
    assert (said.verdict, again.verdict) == (
        Verdict.SAME if said.similarity >= before else Verdict.NEAR,
        report.gates.verdict(said.similarity, said.similarity),
    )
    assert report.gates.accept != pytest.approx(before, abs=1e-3)


def test_a_rival_who_looks_like_her_raises_the_gate(gallery: Gallery, tmp_path: Path) -> None:
    apart = calibrate(gallery, materials(tmp_path / "a", 6, 5), "Maya")
    close = calibrate(gallery, materials(tmp_path / "b", 6, 5, rival=0.8), "Maya")
    assert close.gates.accept > apart.gates.accept
    assert max(close.others) < close.gates.accept


def test_a_double_is_told_honestly(gallery: Gallery, tmp_path: Path) -> None:
    given = materials(tmp_path, 6, 5, alike=0.6, rival=0.99)
    report = calibrate(gallery, given, "Maya")
    assert report.fitted is not None and not report.fitted.apart
    assert "They are not apart" in report.sentence


@pytest.mark.parametrize(("own", "others"), [(1, 5), (3, 5), (6, 0), (6, 2), (0, 0)])
def test_with_too_few_pictures_nothing_changes_and_that_is_said(
    gallery: Gallery, tmp_path: Path, own: int, others: int
) -> None:
    report = calibrate(gallery, materials(tmp_path, own, others), "Maya")
    assert report.fitted is None
    assert report.gates == gates_of("ccip")
    assert "are needed to calibrate" in report.sentence
    assert f"{own if own < 4 else others} " in report.sentence
    assert Calibrations(gallery.data).read("she", "ccip") is None


def test_where_likeness_ranks_the_margin_is_calibrated(painted: Gallery, tmp_path: Path) -> None:
    given = materials(tmp_path, 6, 5)
    report = calibrate(painted, given, "Maya")
    assert report.fitted is not None and report.fitted.apart
    # Margins over the next of the cast: hers are large, those of the others below nothing.
    assert min(report.own) > 0.5
    assert max(report.others) < 0.2
    assert report.gates.accept > gates_of("dinov2").accept


def test_calibrating_looks_at_each_picture_once(gallery: Gallery, tmp_path: Path) -> None:
    given = materials(tmp_path, 6, 5)
    first = calibrate(gallery, given, "Maya")
    again = calibrate(gallery, given, "Maya")
    assert gallery.looked == 11
    assert first == again


def test_gates_of_two_eyes_are_kept_side_by_side(gallery: Gallery, painted: Gallery, tmp_path: Path) -> None:
    given = materials(tmp_path, 6, 5)
    calibrate(gallery, given, "Maya")
    calibrate(painted, given, "Maya")
    calibrations = Calibrations(gallery.data)
    for kind in ("ccip", "dinov2"):
        own = calibrations.read("she", kind)
        assert own is not None and own.canon == given.own[0].sha256


def test_an_id_that_is_a_path_is_refused(gallery: Gallery, tmp_path: Path) -> None:
    given = materials(tmp_path, 6, 5)
    with pytest.raises(InputError):
        calibrate(gallery, Materials(given.own, given.cast, "../she"), "Maya")


def test_nothing_half_written_is_left(gallery: Gallery, tmp_path: Path) -> None:
    calibrate(gallery, materials(tmp_path, 6, 5), "Maya")
    assert not list((gallery.data / "identity").rglob("*.tmp"))


def test_a_place_is_no_picture_of_her(gallery: Gallery, tmp_path: Path) -> None:
    given = materials(tmp_path, 3, 5)
    place = Reference(ReferenceRole.LOCATION, "bar", given.own[0].sha256, given.own[0].path)
    report = calibrate(gallery, Materials((*given.own, place), given.cast, "she"), "Maya")
    assert report.fitted is None
