"""A new canon that is too close to somebody else's is pointed out."""

from __future__ import annotations

from pathlib import Path

import pytest

from characters.character import StyleRegister
from engine.images.identity.choose import open_gallery
from engine.images.identity.collision import collision
from tests.engine.images.identity.conftest import Fitter
from tests.engine.images.identity.pictures import Face, between, drawing, keep, person, photograph

SHE, OTHER, THIRD = person(0), person(1), person(2)


@pytest.mark.images
def test_a_photographed_double_is_found_and_nobody_is_named(fitter: Fitter, tmp_path: Path) -> None:
    gallery = open_gallery(StyleRegister.PHOTOREAL, fitter.workshop("auraface", "yunet"))
    cast = [keep(photograph(Face(one)), tmp_path, name) for one, name in ((SHE, "maya"), (OTHER, "noor"))]
    found = collision(gallery, photograph(Face(between(OTHER, THIRD, 0.8))), cast)
    assert found is not None
    assert found.name == "noor"
    assert found.similarity == pytest.approx(0.8, abs=0.05)
    assert "another character" in found.sentence and "noor" not in found.sentence


@pytest.mark.images
def test_a_face_of_its_own_collides_with_nobody(fitter: Fitter, tmp_path: Path) -> None:
    gallery = open_gallery(StyleRegister.PHOTOREAL, fitter.workshop("auraface", "yunet"))
    cast = [keep(photograph(Face(one)), tmp_path, name) for one, name in ((SHE, "maya"), (OTHER, "noor"))]
    assert collision(gallery, photograph(Face(THIRD)), cast) is None
    assert collision(gallery, photograph(), cast) is None
    assert collision(gallery, photograph(Face(SHE)), []) is None


def test_an_anime_double_is_found(fitter: Fitter, tmp_path: Path) -> None:
    gallery = open_gallery(StyleRegister.ANIME, fitter.workshop("ccip"))
    cast = [keep(drawing(OTHER), tmp_path, "noor")]
    assert collision(gallery, drawing(between(OTHER, SHE, 0.9)), cast) is not None
    assert collision(gallery, drawing(SHE), cast) is None


def test_a_cast_that_looks_alike_by_its_style_is_no_collision(fitter: Fitter, tmp_path: Path) -> None:
    gallery = open_gallery(StyleRegister.PAINTERLY, fitter.workshop("dinov2"))
    double = drawing(between(SHE, THIRD, 0.97))
    apart = [keep(drawing(one), tmp_path, name) for one, name in ((SHE, "maya"), (OTHER, "noor"))]
    assert collision(gallery, double, apart) is not None
    alike = [
        keep(drawing(SHE), tmp_path, "maya"),
        keep(drawing(between(SHE, OTHER, 0.995)), tmp_path, "noor"),
    ]
    assert collision(gallery, double, alike) is None
