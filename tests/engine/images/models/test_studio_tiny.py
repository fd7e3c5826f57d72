"""The studio with its real parts on tiny models: real renderers, judges, repairs, routes."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from characters.character import Appearance, Outfit, Persona, StyleRegister
from engine.errors import CancelledError
from engine.images.device.warm import Warm
from engine.images.identity.models import verifiers
from engine.images.identity.port import Box, Judgement
from engine.images.pipelines.facts import Facts
from engine.images.pipelines.port import Canvas, Materials, Progress, Rendered
from engine.images.pipelines.sdxl.beside import models as beside
from engine.images.studio.parts import real_ports
from engine.images.studio.ports import Paint, Repaired, Repairer
from engine.images.studio.studio import Studio, UnlikeError, open_studio
from engine.types import PictureJob, PicturePurpose, ReferenceRole, Shot, Verdict
from tests.engine.images.identity.tiny import write_dino
from tests.engine.images.models.conftest import Tiny
from tests.engine.images.models.tiny import ip_adapter
from tests.engine.images.models.tiny.house import pixels, reference, workshop

pytestmark = [
    pytest.mark.images,
    pytest.mark.usefixtures("small"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of NumPy, by diffusers
]

SIDE = 64
MAYA = Persona(
    "Maya",
    pronouns="she/her",
    style=StyleRegister.PAINTERLY,
    appearance=Appearance(presentation="woman", eyes="hazel", outfit=Outfit("", "blue coat")),
)
STYLE = {"painterly": {"steps": 2}}


def job(pipeline: str = "klein", **changes: Any) -> PictureJob:
    given: dict[str, Any] = {
        "purpose": PicturePurpose.SELFIE,
        "persona": MAYA,
        "shot": Shot(place="jazz bar"),
        "seed": 3,
        "width": SIDE,
        "height": SIDE,
        "pipeline": pipeline,
    }
    return PictureJob(**{**given, **changes})


def silent(_share: float, _words: str) -> None: ...


def image_of(made: Rendered | Exception) -> Image.Image:
    assert isinstance(made, Rendered)
    return Image.open(io.BytesIO(made.png))


@pytest.fixture
def materials(tmp_path: Path) -> Materials:
    own = (
        reference(tmp_path / "media", 1),
        replace(reference(tmp_path / "media", 2), role=ReferenceRole.LOCATION, name="jazz bar"),
    )
    return Materials(own, (reference(tmp_path / "media", 3),), "maya")


class Small:
    """The real repairer, with a crop that suits a tiny model: its decoder looks at every pixel."""

    def __init__(self, real: Repairer) -> None:
        self._real, self.swap = real, real.swap

    def repair(
        self, image: Image.Image, face: Box, canvas: Canvas, render: Paint, facts: Facts, progress: Progress
    ) -> Repaired:
        small = facts.model_copy(update={"size": SIDE})
        return self._real.repair(image, face, canvas, render, small, progress)


class House:
    """Studios over one data directory; what they loaded is given back at the end."""

    def __init__(self, data: Path, tiny: Tiny) -> None:
        self.data, self._tiny = data, tiny
        self._warm: list[Warm] = []

    def studio(self, *families: str, name: str = "klein", judge: Any = None, **settings: Any) -> Studio:
        folders = {family: str(self._tiny(family)) for family in families}
        given = {"folders": folders, "precision": "fp32", "styles": STYLE, **settings}
        own = workshop(self.data, **given)
        warm = Warm(own)
        self._warm.append(warm)
        own = replace(own, renderers=warm)
        if judge is None:
            return open_studio(name, own)
        ports = real_ports(own)
        return Studio(name, own, replace(ports, judge=lambda _style: judge, repairer=Small(ports.repairer)))

    def close(self) -> None:
        for warm in self._warm:
            warm.close()


@pytest.fixture
def house(tmp_path: Path, tiny: Tiny) -> Iterator[House]:
    opened = House(tmp_path / "data", tiny)
    yield opened
    opened.close()


class Says:
    """A judge with a script; the tiny models paint nobody."""

    measure = "face"

    def __init__(self, *verdicts: Verdict) -> None:
        self.verdicts = list(verdicts)
        self.seen: list[Image.Image] = []

    def judge(self, image: Image.Image, materials: Materials, *, same_pose: bool) -> Judgement:
        self.seen.append(image)
        verdict = self.verdicts.pop(0)
        return Judgement(verdict, self.measure, 0.4, 0.4 + len(self.seen) / 10, Box(16, 16, 48, 48))

    def close(self) -> None: ...


def test_a_selfie_from_the_canon_by_klein(house: House, materials: Materials) -> None:
    made = house.studio("klein").render(job(), silent, materials)
    assert image_of(made).size == (SIDE, SIDE)
    assert pixels(image_of(made)).std() > 0
    assert made.making
    assert (made.making.family, made.making.precision, made.making.steps) == ("klein", "fp32", 2)
    assert made.making.references == tuple(each.sha256 for each in materials.own)
    assert (made.making.verdict, made.making.measure) == (Verdict.UNKNOWN, "")  # no judge was fetched
    again = house.studio("klein").render(job(), silent, materials)
    assert again.png == made.png


def test_a_judge_that_was_fetched_looks_at_it(house: House, materials: Materials) -> None:
    entry = verifiers()["dinov2"]
    target = house.data / "models" / entry.repo / entry.files[0]
    target.parent.mkdir(parents=True)
    write_dino(target)
    # What is sent depends on the tiny model's picture; that it was measured, and what follows of it, does not.
    try:
        made = house.studio("klein", takes=2).render(job(), silent, materials)
    except UnlikeError as error:
        assert "not her" in error.sentence
    else:
        assert made.making
        assert made.making.measure == "likeness"
        assert made.making.similarity is not None


def test_a_batch_is_what_its_pictures_are_one_by_one(house: House, materials: Materials) -> None:
    studio = house.studio("klein")
    jobs = [job(seed=seed) for seed in (1, 2)]
    assert studio.key(jobs[0], materials) == studio.key(jobs[1], materials)
    together = studio.render_many([(each, silent, materials) for each in jobs])
    alone = [studio.render(each, silent, materials) for each in jobs]
    for one, other in zip(together, alone, strict=True):
        assert np.abs(pixels(image_of(one)) - pixels(image_of(other))).max() <= 1
    assert pixels(image_of(alone[0])).tolist() != pixels(image_of(alone[1])).tolist()


def test_scenery_by_z_image_and_no_character_ever(house: House, materials: Materials) -> None:
    studio = house.studio("z_image", name="z_image")
    made = studio.render(job("z_image", shot=Shot(place="beach", scenery=True)), silent, materials)
    assert made.making
    assert (made.making.family, made.making.references) == ("z_image", ())
    drawn = studio.render(job("z_image", width=256, height=256), silent, materials)
    assert drawn.pipeline == "illustrator"


def test_a_near_miss_is_repaired_by_sdxl_and_judged_again(house: House, materials: Materials) -> None:
    ip_adapter.build(house.data.parent / "hub")
    shutil.copytree(house.data.parent / "hub", house.data / "models" / beside()["ip_adapter"].repo)
    judge = Says(Verdict.NEAR, Verdict.SAME)
    made = house.studio("sdxl", name="sdxl", judge=judge).render(job("sdxl"), silent, materials)
    assert made.making
    assert (made.making.repairs, made.making.verdict) == (("face",), Verdict.SAME)
    before, after = (pixels(image) for image in judge.seen)
    changed = np.abs(before - after).max(axis=2) > 0
    assert changed[24:40, 24:40].any()
    assert not changed[:2].any()
    assert not changed[:, :2].any()
    assert (pixels(image_of(made)) == after).all()


def test_takes_differ_and_the_best_is_sent(house: House, materials: Materials) -> None:
    judge = Says(Verdict.OTHER, Verdict.OTHER, Verdict.SAME)
    made = house.studio("klein", judge=judge).render(job(), silent, materials)
    assert made.making
    assert made.making.takes == 3
    assert len({image.tobytes() for image in judge.seen}) == 3
    assert (pixels(image_of(made)) == pixels(judge.seen[2])).all()


@pytest.mark.parametrize("harm", ["missing", "cut", "empty"])
def test_damaged_weights_are_drawn_over_and_told(
    house: House, tiny: Tiny, tmp_path: Path, materials: Materials, harm: str
) -> None:
    folder = tmp_path / "klein"
    shutil.copytree(tiny("klein"), folder)
    weights = next((folder / "transformer").glob("*.safetensors"))
    if harm == "missing":
        weights.unlink()
    elif harm == "cut":
        weights.write_bytes(weights.read_bytes()[:-1000])
    else:
        shutil.rmtree(folder)
        folder.mkdir()
    made = house.studio(folders={"klein": str(folder)}).render(job(width=256, height=256), silent, materials)
    assert made.pipeline == "illustrator"
    assert made.making
    assert made.making.note.startswith("Drawn by the illustrator: ")
    assert str(folder) in made.making.note


def test_a_picture_is_stopped_in_mid_render(house: House, materials: Materials) -> None:
    def stop(_share: float, words: str) -> None:
        if "step 1" in words:
            raise CancelledError

    studio = house.studio("klein")
    with pytest.raises(CancelledError):
        studio.render(job(), stop, materials)
    assert studio.render(job(), silent, materials).making
