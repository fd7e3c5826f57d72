"""FaceID on a tiny SDXL: only where its licence is accepted, and never at the cost of a character's own LoRA."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.errors import RenderError, WeightsError
from engine.images.identity.eye import Floats, Sight, unit
from engine.images.identity.models import verifiers
from engine.images.pipelines.port import Adapter, Canvas, Precision, Reference
from engine.images.pipelines.sdxl import Sdxl
from engine.images.pipelines.sdxl.beside import models
from engine.images.pipelines.sdxl.renderer import SdxlRenderer
from tests.engine.images.identity.pictures import Face, keep, person, photograph
from tests.engine.images.identity.tiny import write_arcface, write_yunet
from tests.engine.images.models.conftest import Tiny
from tests.engine.images.models.tiny import ip_adapter, lora
from tests.engine.images.models.tiny.house import Watching, canvas, pixels, reference, workshop

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.images,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Already found a `peft_config`"),
]


class Seeing:
    """Sees one face in each picture that is not grey: its vector is that picture's colours."""

    kind = measure = "seeing"
    model = "seeing-1"

    def __init__(self, width: int = ip_adapter.FACE) -> None:
        self.width = width
        self.looks = 0

    def look(self, image: Image.Image) -> list[Sight]:
        self.looks += 1
        colours = np.asarray(image.resize((16, 16)), np.float32).reshape(-1)[: self.width] - 128
        return [Sight(unit(colours))] if np.abs(colours).max() > 1 else []

    def compare(self, one: Floats, others: Floats) -> Floats:
        raise NotImplementedError

    def likeness(self, one: Floats, own: Floats) -> float:
        raise NotImplementedError

    def close(self) -> None:
        """Nothing is held."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("hub")
    ip_adapter.build(place / models()["ip_adapter"].repo)
    ip_adapter.build_faceid(place / models()["faceid"].repo)
    return place


@pytest.fixture
def data(tmp_path: Path, hub: Path) -> Path:
    shutil.copytree(hub, tmp_path / "models")
    return tmp_path


@pytest.fixture
def eye() -> Seeing:
    return Seeing()


@pytest.fixture
def renderer(data: Path, tiny: Tiny, eye: Seeing) -> Iterator[SdxlRenderer]:
    opened = _open(data, tiny, eye)
    yield opened
    if opened.pipe is not None:
        opened.close()


@pytest.fixture
def shown(tmp_path: Path) -> tuple[Reference, Reference]:
    return reference(tmp_path / "media", 1), reference(tmp_path / "media", 2)


@pytest.fixture
def theme(renderer: SdxlRenderer, tmp_path: Path) -> tuple[Adapter, ...]:
    return (Adapter(lora.build(renderer.pipe, tmp_path / "character.safetensors")),)


def _open(
    data: Path, tiny: Tiny, eye: Seeing, precision: Precision = Precision.FP32, **images: Any
) -> SdxlRenderer:
    fitted = workshop(data, **{"accept": ("faceid",), **images})
    return Sdxl(lambda _folder, _workshop: eye).load(tiny("sdxl"), fitted, precision)


def _one(renderer: SdxlRenderer, asked: Canvas) -> Any:
    (image,) = renderer.render([asked], Watching())
    return pixels(image)


def _active(renderer: SdxlRenderer) -> set[str]:
    """Adapters that really compute: a disabled layer computes none."""
    layers = [layer for layer in renderer.pipe.unet.modules() if hasattr(layer, "lora_A")]
    return {name for layer in layers if not layer.disable_adapters for name in layer.active_adapters}


# ---------------------------------------------------------------- the licence


def test_asked_for_without_acceptance_it_is_refused_and_its_licence_named(data: Path, tiny: Tiny) -> None:
    with pytest.raises(
        WeightsError, match=r"own licence \(InsightFace's, for non-commercial research\).*accept = "
    ):
        _open(
            data,
            tiny,
            Seeing(),
            accept=(),
            folders={"faceid": str(data / "models" / models()["faceid"].repo)},
        )


def test_its_files_alone_are_no_acceptance(data: Path, tiny: Tiny, shown: tuple[Reference, ...]) -> None:
    eye = Seeing()
    opened = _open(data, tiny, eye, accept=())
    assert opened.adapter is not None and opened.adapter.eye is None
    _one(opened, canvas(shown))
    assert eye.looks == 0
    assert not opened.pipe.get_list_adapters()


def test_accepted_but_not_here_the_model_does_without(data: Path, tiny: Tiny) -> None:
    shutil.rmtree(data / "models" / models()["faceid"].repo)
    opened = _open(data, tiny, Seeing())
    assert opened.adapter is not None and opened.adapter.eye is None


def test_without_its_recogniser_it_says_what_to_fetch(data: Path, tiny: Tiny) -> None:
    with pytest.raises(WeightsError, match=r"recognises faces with.*models pull arcface.*models pull yunet"):
        Sdxl().load(tiny("sdxl"), workshop(data, accept=("faceid",)), Precision.FP32)


def test_a_file_that_could_run_code_runs_none(data: Path, tiny: Tiny, tmp_path: Path) -> None:
    import pickle

    class Evil:
        def __reduce__(self) -> tuple[Any, tuple[str]]:
            return Path.touch, (tmp_path / "ran",)  # type: ignore[return-value]

    path = data / "models" / models()["faceid"].repo / "ip-adapter-faceid_sdxl.bin"
    path.write_bytes(pickle.dumps(Evil()))
    with pytest.raises(
        WeightsError, match=r"cannot be read\. Fetch it again with: selfsame models pull faceid"
    ):
        _open(data, tiny, Seeing())
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("content", [b"", b"cut short", b"PK\x03\x04"])
def test_a_broken_file_has_its_sentence(data: Path, tiny: Tiny, content: bytes) -> None:
    (data / "models" / models()["faceid"].repo / "ip-adapter-faceid_sdxl.bin").write_bytes(content)
    with pytest.raises(WeightsError, match="models pull faceid"):
        _open(data, tiny, Seeing())


# ---------------------------------------------------------------- faces


def test_a_face_changes_the_picture_and_the_same_one_does_not(
    renderer: SdxlRenderer, data: Path, tiny: Tiny, shown: tuple[Reference, ...]
) -> None:
    asked = canvas(shown[:1], guidance=5.0)
    with_face = _one(renderer, asked)
    assert np.array_equal(_one(renderer, asked), with_face)
    assert np.abs(_one(_open(data, tiny, Seeing(), accept=()), asked) - with_face).max() > 1
    other = _one(renderer, canvas(shown[1:], guidance=5.0))
    assert np.abs(other - with_face).max() > 1


def test_each_face_is_looked_for_once(
    renderer: SdxlRenderer, data: Path, tiny: Tiny, eye: Seeing, shown: tuple[Reference, ...]
) -> None:
    first = _one(renderer, canvas(shown))
    _one(renderer, canvas(shown, prompt="on a tower"))
    assert eye.looks == len(shown)
    later = _open(data, tiny, eye)
    assert np.array_equal(_one(later, canvas(shown)), first)
    assert (eye.looks, later.reference_encodings) == (len(shown), 0)


def test_where_no_face_is_found_its_lora_is_off(renderer: SdxlRenderer, shown: tuple[Reference, ...]) -> None:
    grey = replace(shown[0], sha256="0" * 64)
    Image.new("RGB", (64, 64), (128, 128, 128)).save(grey.path)
    _one(renderer, canvas((shown[1],)))
    assert _active(renderer) == {"faceid_0"}
    _one(renderer, canvas((grey,)))
    assert not _active(renderer)
    without = _one(renderer, canvas())
    assert not _active(renderer)
    _one(renderer, canvas((shown[1],)))
    assert np.array_equal(_one(renderer, canvas()), without)


def test_faces_of_a_batch_are_each_their_own(renderer: SdxlRenderer, shown: tuple[Reference, ...]) -> None:
    canvases = [canvas((one,), seed=seed, guidance=5.0) for seed, one in enumerate(shown)]
    assert len(renderer._calls(canvases)) == 1
    for asked, image in zip(canvases, renderer.render(canvases, Watching()), strict=True):
        assert np.abs(pixels(image) - _one(renderer, asked)).max() <= 1


def test_vectors_of_another_recogniser_are_refused(
    data: Path, tiny: Tiny, shown: tuple[Reference, ...]
) -> None:
    with pytest.raises(RenderError, match="do not fit FaceID"):
        _open(data, tiny, Seeing(128)).render([canvas(shown)], Watching())


def test_with_its_own_recogniser_it_sees_the_faces_of_photographs(data: Path, tiny: Tiny) -> None:
    """The production path: YuNet finds the face, the ArcFace file recognises it."""
    write_arcface(data / "models" / models()["arcface"].repo / models()["arcface"].files[0])
    yunet = verifiers()["yunet"]
    write_yunet(data / "models" / yunet.repo / yunet.files[0])
    opened = Sdxl().load(tiny("sdxl"), workshop(data, accept=("faceid",)), Precision.FP32)
    one, two = (keep(photograph(Face(person(who))), data / "media", f"{who}") for who in (1, 2))
    nobody = keep(photograph(), data / "media", "nobody")
    _one(opened, canvas((nobody,)))
    assert not _active(opened)
    faces = [opened._face(one), opened._face(two)]
    assert all(len(face) == ip_adapter.FACE for face in faces)
    assert float(faces[0] @ faces[1]) < 0.9
    _one(opened, canvas((one,)))
    assert _active(opened) == {"faceid_0"}


# ---------------------------------------------------------------- LoRAs beside it


def test_a_characters_lora_and_faceids_are_worn_together(
    renderer: SdxlRenderer, shown: tuple[Reference, ...], theme: tuple[Adapter, ...]
) -> None:
    plain = canvas(shown[:1])
    alone = _one(renderer, plain)
    both = _one(renderer, replace(plain, adapters=theme))
    assert len(_active(renderer)) == 2
    assert "faceid_0" in _active(renderer)
    assert np.abs(both - alone).max() > 1
    character = _one(renderer, canvas(adapters=theme))
    assert len(_active(renderer)) == 1 and "faceid_0" not in _active(renderer)
    assert np.array_equal(_one(renderer, replace(plain, adapters=theme)), both)
    assert np.array_equal(_one(renderer, canvas(adapters=theme)), character)


def test_after_faceid_is_taken_off_the_characters_lora_is_still_worn(
    renderer: SdxlRenderer, data: Path, tiny: Tiny, shown: tuple[Reference, ...], theme: tuple[Adapter, ...]
) -> None:
    _one(renderer, canvas(shown, adapters=theme))
    assert renderer.adapter is not None
    renderer.adapter.take_off()
    assert "faceid_0" not in {name for names in renderer.pipe.get_list_adapters().values() for name in names}
    assert len(_active(renderer)) == 1
    renderer.adapter = None
    bare = Sdxl().load(tiny("sdxl"), workshop(data / "elsewhere"), Precision.FP32)
    assert np.array_equal(_one(renderer, canvas(adapters=theme)), _one(bare, canvas(adapters=theme)))


def test_closed_it_leaves_nothing_on_the_model(renderer: SdxlRenderer, shown: tuple[Reference, ...]) -> None:
    _one(renderer, canvas(shown))
    unet = renderer.pipe.unet
    renderer.close()
    assert "faceid_0" not in getattr(unet, "peft_config", {})
    assert unet.encoder_hid_proj is None


@pytest.mark.parametrize("precision", [Precision.BF16, Precision.FP8])
def test_it_works_in_fewer_bits(
    data: Path,
    tiny: Tiny,
    shown: tuple[Reference, ...],
    theme: tuple[Adapter, ...],
    precision: Precision,
) -> None:
    narrow = _open(data, tiny, Seeing(), precision)
    one = _one(narrow, canvas(shown[:1], adapters=theme))
    assert np.abs(one - _one(narrow, canvas(shown[1:], adapters=theme))).max() > 1
