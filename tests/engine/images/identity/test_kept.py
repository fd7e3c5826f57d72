"""What is kept of faces, and that it goes with the pictures."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from characters.character import StyleRegister
from engine.images.identity.calibrate import calibrate
from engine.images.identity.choose import open_gallery
from engine.images.identity.gallery import Gallery
from engine.images.identity.gates import Calibrations
from engine.images.identity.kept import forget, keep_only, path_of
from engine.images.pipelines.port import Materials
from tests.engine.images.identity.conftest import Fitter
from tests.engine.images.identity.pictures import drawing, materials, person


@pytest.fixture
def gallery(fitter: Fitter) -> Gallery:
    return open_gallery(StyleRegister.ANIME, fitter.workshop("ccip"))


@pytest.fixture
def given(gallery: Gallery, tmp_path: Path) -> Materials:
    """A calibrated character; all of it is kept."""
    known = materials(tmp_path, 6, 5)
    calibrate(gallery, known, "Maya")
    return known


def test_what_was_seen_of_a_picture_is_gone_with_it(gallery: Gallery, given: Materials) -> None:
    gone, stays = given.own[1], given.own[2]
    forget(gallery.data, [gone.sha256])
    assert not path_of(gallery.data, gallery.eye.model, gone.sha256).exists()
    assert path_of(gallery.data, gallery.eye.model, stays.sha256).exists()
    assert Calibrations(gallery.data).read("she", "ccip") is not None


def test_an_open_eye_knows_nothing_more_of_a_forgotten_picture(gallery: Gallery, given: Materials) -> None:
    looked = gallery.looked
    gallery.seen(given.own[1])
    assert gallery.looked == looked
    forget(gallery.data, [given.own[1].sha256])
    given.own[1].path.unlink()
    assert len(gallery.seen(given.own[1])) == 0


def test_gates_go_with_the_canon_they_are_for(gallery: Gallery, given: Materials) -> None:
    forget(gallery.data, [given.own[0].sha256])
    assert Calibrations(gallery.data).read("she", "ccip") is None
    assert not list((gallery.data / "identity").glob("*.json"))


def test_only_what_still_exists_is_kept(gallery: Gallery, given: Materials) -> None:
    exist = {given.own[0].sha256, given.cast[0].sha256}
    keep_only(gallery.data, exist)
    assert {path.stem for path in (gallery.data / "identity").rglob("*.npy")} == exist
    assert Calibrations(gallery.data).read("she", "ccip") is not None
    keep_only(gallery.data, ())
    assert not [path for path in (gallery.data / "identity").rglob("*") if path.is_file()]


def test_nothing_happens_where_nothing_was_kept(tmp_path: Path) -> None:
    forget(tmp_path, ["0" * 64])
    keep_only(tmp_path, ["0" * 64])


@pytest.mark.parametrize("content", [b"", b"no numbers", b"\x93NUMPY\x01\x00\xff"])
def test_a_broken_file_is_read_anew(
    gallery: Gallery, given: Materials, fitter: Fitter, content: bytes
) -> None:
    whole = gallery.seen(given.own[0])
    path_of(gallery.data, gallery.eye.model, given.own[0].sha256).write_bytes(content)
    later = open_gallery(StyleRegister.ANIME, fitter.workshop("ccip"))
    assert (later.seen(given.own[0]) == whole).all()
    assert later.looked == 1


def test_other_weights_look_for_themselves(gallery: Gallery, given: Materials, fitter: Fitter) -> None:
    workshop = fitter.workshop("ccip")
    features = workshop.data / "models/deepghs/ccip_onnx/ccip-caformer-24-randaug-pruned/model_feat.onnx"
    content = features.read_bytes()
    # Of the same length, and still a model: another name for its graph.
    features.write_bytes(content.replace(b"\x04tiny", b"\x04newy", 1))
    later = open_gallery(StyleRegister.ANIME, workshop)
    assert later.eye.model != gallery.eye.model
    later.seen(given.own[0])
    assert later.looked == 1


def test_a_folder_that_cannot_be_written_is_no_reason_not_to_judge(gallery: Gallery, tmp_path: Path) -> None:
    shutil.rmtree(gallery.data / "identity", ignore_errors=True)
    (gallery.data / "identity").write_text("in the way")
    known = materials(tmp_path, 1, 0)
    assert len(gallery.seen(known.own[0])) == 1
    assert gallery.eye.compare(gallery.eye.look(drawing(person(0)))[0].vector, gallery.seen(known.own[0]))[
        0
    ] == pytest.approx(1.0, abs=1e-3)
