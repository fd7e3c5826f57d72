"""SDXL through the port on tiny models: references through IP-Adapter, parts painted anew, samplers, relief."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.errors import CancelledError, InputError, RenderError, WeightsError
from engine.images.pipelines.diffusion.samplers import fitting
from engine.images.pipelines.facts import facts_of
from engine.images.pipelines.port import Adapter, Canvas, Patch, Precision, Reference, Relief
from engine.images.pipelines.sdxl import Sdxl
from engine.images.pipelines.sdxl.beside import models
from engine.images.pipelines.sdxl.ip_adapter import PLUS, square
from engine.images.pipelines.sdxl.renderer import SdxlRenderer
from engine.types import ReferenceRole
from tests.engine.images.models.conftest import Tiny
from tests.engine.images.models.tiny import ip_adapter, lora
from tests.engine.images.models.tiny.house import Watching, canvas, pixels, reference, workshop

pytestmark = [
    pytest.mark.images,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of NumPy, by diffusers
    pytest.mark.filterwarnings("ignore:Already found a `peft_config`"),
]

FACTS = facts_of("sdxl")
ROUNDING = 1  # of 255, as in test_families_tiny.py


@pytest.fixture(scope="session")
def adapters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ip_adapter.build(tmp_path_factory.mktemp("ip_adapter") / "hub")


@pytest.fixture
def data(tmp_path: Path, adapters: Path) -> Path:
    """A data directory, with IP-Adapter as `selfsame models pull` lays it out."""
    shutil.copytree(adapters, tmp_path / "models" / models()["ip_adapter"].repo)
    return tmp_path


@pytest.fixture
def renderer(data: Path, tiny: Tiny) -> Iterator[SdxlRenderer]:
    opened = _open(data, tiny)
    yield opened
    if opened.pipe is not None:
        opened.close()


@pytest.fixture
def shown(tmp_path: Path) -> tuple[Reference, Reference]:
    return reference(tmp_path / "media", 1), reference(tmp_path / "media", 2)


def _open(data: Path, tiny: Tiny, precision: Precision = Precision.FP32, **images: Any) -> SdxlRenderer:
    return Sdxl().load(tiny("sdxl"), workshop(data, **images), precision)


def _one(renderer: SdxlRenderer, asked: Canvas) -> Any:
    (image,) = renderer.render([asked], Watching())
    return pixels(image)


# ---------------------------------------------------------------- pictures


def test_it_renders_what_it_is_asked_for(renderer: SdxlRenderer, shown: tuple[Reference, ...]) -> None:
    watching = Watching()
    (image,) = renderer.render([canvas(shown, width=96, height=64, guidance=5.0)], watching)
    assert (image.size, image.mode) == ((96, 64), "RGB")
    assert pixels(image).std() > 0
    assert watching.steps[0] == (0, 2) and watching.steps[-1] == (2, 2)


def test_the_same_canvas_gives_the_same_bytes_also_after_other_pictures_and_anew(
    renderer: SdxlRenderer, data: Path, tiny: Tiny, shown: tuple[Reference, ...]
) -> None:
    asked = canvas(shown, guidance=5.0, sampler="dpm++-2m-sde-karras", negative="blurred")
    first = _one(renderer, asked)
    _one(renderer, replace(asked, references=(), sampler="euler", seed=9, guidance=1.0, negative=""))
    assert np.array_equal(_one(renderer, asked), first)
    assert np.array_equal(_one(_open(data, tiny), asked), first)


@pytest.mark.parametrize("guidance", [1.0, 5.0])
def test_a_render_is_what_the_bare_pipeline_paints(
    renderer: SdxlRenderer, shown: tuple[Reference, ...], guidance: float, data: Path, tiny: Tiny
) -> None:
    import torch
    from diffusers import DPMSolverMultistepScheduler, StableDiffusionXLPipeline

    ours = _one(renderer, canvas(shown, guidance=guidance, negative="blurred"))
    bare = StableDiffusionXLPipeline.from_pretrained(tiny("sdxl"), local_files_only=True)
    bare.load_ip_adapter(
        str(data / "models" / models()["ip_adapter"].repo),
        subfolder="sdxl_models",
        weight_name="ip-adapter-plus_sdxl_vit-h.safetensors",
        image_encoder_folder="models/image_encoder",
        local_files_only=True,
    )
    bare.feature_extractor = (
        renderer.pipe.feature_extractor
    )  # its default has another shape for the same size
    bare.set_ip_adapter_scale(PLUS)
    bare.scheduler = DPMSolverMultistepScheduler.from_config(bare.scheduler.config, use_karras_sigmas=True)
    theirs = bare(
        prompt="at the lake",
        negative_prompt="blurred",
        ip_adapter_image=[[renderer.picture(one) for one in shown]],
        width=64,
        height=64,
        num_inference_steps=2,
        guidance_scale=guidance,
        generator=torch.Generator().manual_seed(7),
    ).images[0]
    assert np.array_equal(ours, pixels(theirs))


def test_a_reference_changes_the_picture_and_so_do_words(
    renderer: SdxlRenderer, shown: tuple[Reference, ...]
) -> None:
    first, second = shown
    pictures = [
        _one(renderer, asked)
        for asked in (
            canvas(),
            canvas((first,)),
            canvas((second,)),
            canvas((first, second)),
            canvas((first,), prompt="on a tower"),
            canvas((first,), guidance=5.0),
            canvas((first,), guidance=5.0, negative="blurred"),
        )
    ]
    for place, picture in enumerate(pictures):
        assert all(np.abs(picture - other).max() > 1 for other in pictures[:place]), place


def test_without_references_the_adapter_shows_nothing(
    renderer: SdxlRenderer, tmp_path: Path, tiny: Tiny, shown: tuple[Reference, ...]
) -> None:
    _one(renderer, canvas(shown))
    bare = _open(tmp_path / "elsewhere", tiny)
    assert bare.adapter is None
    assert np.array_equal(_one(renderer, canvas(guidance=5.0)), _one(bare, canvas(guidance=5.0)))


def test_a_batch_gives_the_pictures_that_each_canvas_gives_alone(
    renderer: SdxlRenderer, shown: tuple[Reference, ...]
) -> None:
    first, second = shown
    canvases = [
        canvas((first,), guidance=5.0),
        canvas((second,), seed=8, prompt="somewhere quite different", guidance=5.0, negative="blurred"),
        canvas((first, second), seed=9, guidance=5.0),
        canvas(seed=10, guidance=5.0),
    ]
    assert [len(call) for call in renderer._calls(canvases)] == [2, 1, 1]
    together = renderer.render(canvases, Watching())
    for asked, image in zip(canvases, together, strict=True):
        assert np.abs(pixels(image) - _one(renderer, asked)).max() <= ROUNDING
    assert len({image.tobytes() for image in together}) == 4


def test_the_second_render_with_the_same_references_reads_none_again(
    renderer: SdxlRenderer, data: Path, tiny: Tiny, shown: tuple[Reference, ...]
) -> None:
    asked = canvas(shown, guidance=5.0)
    first = _one(renderer, asked)
    before = renderer.reference_encodings
    assert before == len(shown) + 1  # and once for previews
    _one(renderer, replace(asked, prompt="on a tower", seed=8))
    assert renderer.reference_encodings == before
    later = _open(data, tiny)
    assert np.array_equal(_one(later, asked), first)
    assert later.reference_encodings == 0


def test_a_preview_shows_the_picture_while_it_is_made(
    renderer: SdxlRenderer, data: Path, tiny: Tiny, shown: tuple[Reference, ...]
) -> None:
    watching, unwatched = Watching(), Watching()
    renderer.render([canvas(shown, steps=3, sampler="euler")], watching)
    assert watching.previews and watching.previews[0].size == (256, 256)
    _open(data, tiny, previews=False).render([canvas(shown, steps=3)], unwatched)
    assert not unwatched.previews


def test_cancelled_in_mid_render_it_ends_within_one_step_and_renders_on(
    renderer: SdxlRenderer, shown: tuple[Reference, ...]
) -> None:
    asked = canvas(shown, steps=8, guidance=5.0)
    before = _one(renderer, asked)
    watching = Watching(stop_at=3)
    with pytest.raises(CancelledError):
        renderer.render([asked], watching)
    assert watching.steps[-1] == (3, 8)
    assert np.array_equal(_one(renderer, asked), before)


@pytest.mark.parametrize("relief", [Relief.TILING, Relief.OFFLOAD])
def test_relieved_it_still_paints_the_same(
    renderer: SdxlRenderer, shown: tuple[Reference, ...], relief: Relief
) -> None:
    asked = canvas(shown[:1], guidance=5.0)
    patched = replace(asked, patch=_patch(0.5))
    before, mended = _one(renderer, asked), _one(renderer, patched)
    assert renderer.relieve(relief)
    assert np.abs(_one(renderer, asked) - before).max() <= ROUNDING
    assert np.abs(_one(renderer, patched) - mended).max() <= ROUNDING
    assert _one(renderer, canvas(shown[1:])).shape == (64, 64, 3)


@pytest.mark.parametrize("precision", [Precision.BF16, Precision.FP16, Precision.FP8])
@pytest.mark.thorough
def test_fewer_bits_paint_the_same_picture_roughly(
    data: Path, tiny: Tiny, shown: tuple[Reference, ...], tmp_path: Path, precision: Precision
) -> None:
    import torch

    exact = _open(data, tiny)
    narrow = _open(data, tiny, precision)
    theme = lora.build(exact.pipe, tmp_path / "theme.safetensors")
    if precision is Precision.FP8:
        assert torch.float8_e4m3fn in {weight.dtype for weight in narrow.pipe.unet.parameters()}
    asked = canvas(shown, guidance=3.0, sampler="euler", steps=2)
    assert np.abs(_one(narrow, asked) - _one(exact, asked)).mean() < 16
    worn = replace(asked, adapters=(Adapter(theme, 0.5),))
    assert np.abs(_one(narrow, worn) - _one(narrow, asked)).max() > 1
    assert _one(narrow, replace(asked, patch=_patch(0.5))).shape == (64, 64, 3)


def test_an_error_in_mid_render_leaves_a_renderer_that_renders(
    renderer: SdxlRenderer, shown: tuple[Reference, ...]
) -> None:
    import torch

    class Full(Watching):
        def step(self, done: int, of: int) -> None:
            if done:
                raise torch.OutOfMemoryError("CUDA out of memory (injected)")

    asked = canvas(shown, guidance=5.0)
    before = _one(renderer, asked)
    with pytest.raises(torch.OutOfMemoryError):
        renderer.render([asked], Full())
    assert np.array_equal(_one(renderer, asked), before)


@pytest.mark.thorough
def test_compiled_blocks_paint_the_same(renderer: SdxlRenderer, shown: tuple[Reference, ...]) -> None:
    from engine.images.pipelines.diffusion.placing import compiled

    before = _one(renderer, canvas(shown))
    compiled(renderer.pipe, backend="eager")
    assert np.abs(_one(renderer, canvas(shown)) - before).max() <= ROUNDING


def test_closed_it_keeps_no_weights(renderer: SdxlRenderer, shown: tuple[Reference, ...]) -> None:
    import weakref

    _one(renderer, canvas(shown))
    weights = weakref.ref(renderer.pipe.unet)
    renderer.close()
    assert weights() is None


def test_a_sampler_of_the_other_kind_is_refused(renderer: SdxlRenderer) -> None:
    with pytest.raises(InputError, match="does not fit SDXL"):
        renderer.render([canvas(sampler="flow-euler")], Watching())


# ---------------------------------------------------------------- patches


def _patch(strength: float, size: int = 64) -> Patch:
    """The middle of a picture of blots."""
    blots = np.random.default_rng(5).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    image = Image.fromarray(blots).resize((size, size), Image.Resampling.NEAREST)
    mask = Image.new("L", image.size)
    mask.paste(255, (size // 4, size // 4, 3 * size // 4, 3 * size // 4))
    return Patch(image, mask, strength)


def test_a_patch_changes_what_is_masked_and_nothing_else(
    renderer: SdxlRenderer, shown: tuple[Reference, ...]
) -> None:
    patch = _patch(0.6)
    painted = _one(renderer, canvas(shown[:1], patch=patch, guidance=5.0, steps=4))
    before, inside = pixels(patch.image), np.asarray(patch.mask) > 0
    assert np.array_equal(painted[~inside], before[~inside])
    assert np.abs(painted[inside] - before[inside]).mean() > 5


def test_a_patch_is_painted_after_the_references(
    renderer: SdxlRenderer, shown: tuple[Reference, ...]
) -> None:
    first, second = shown
    asked = canvas((first,), patch=_patch(0.9), guidance=5.0, steps=4)
    assert np.abs(_one(renderer, asked) - _one(renderer, replace(asked, references=(second,)))).max() > 1
    assert np.array_equal(_one(renderer, asked), _one(renderer, asked))


def test_a_soft_mask_blends(renderer: SdxlRenderer) -> None:
    patch = _patch(0.9)
    soft = Patch(patch.image, patch.mask.point(lambda level: level // 2 + 64), patch.strength)
    painted = _one(renderer, canvas(patch=soft))
    edge = np.asarray(soft.mask) == 64
    assert np.abs(painted[edge] - pixels(patch.image)[edge]).max() > 0


def test_the_weaker_a_patch_the_nearer_it_stays_and_the_fewer_steps_it_takes(renderer: SdxlRenderer) -> None:
    taken = []
    for strength in (0.01, 0.5, 1.0):
        steps: list[int] = []
        inner = renderer._inpaint.unet.forward
        renderer._inpaint.unet.forward = lambda *args, **kw: (steps.append(1), inner(*args, **kw))[1]  # noqa: B023 - called within the turn
        renderer.render([canvas(patch=_patch(strength), steps=4, sampler="ddim")], Watching())
        renderer._inpaint.unet.forward = inner
        taken.append(len(steps))
    assert taken == [1, 2, 4]


def test_a_patch_of_another_size_is_brought_to_the_canvas(renderer: SdxlRenderer) -> None:
    assert _one(renderer, canvas(patch=_patch(0.5, 40))).shape == (64, 64, 3)


def test_patches_of_a_batch_are_each_their_own(renderer: SdxlRenderer, shown: tuple[Reference, ...]) -> None:
    one, two = _patch(0.6), _patch(0.6)
    two.image.paste((0, 90, 200), (0, 0, 64, 64))
    canvases = [
        canvas(shown[:1], patch=one, guidance=5.0),
        canvas(shown[1:], patch=two, seed=8, guidance=5.0),
        canvas(shown[:1], guidance=5.0),
    ]
    assert [len(call) for call in renderer._calls(canvases)] == [2, 1]
    for asked, image in zip(canvases, renderer.render(canvases, Watching()), strict=True):
        assert np.abs(pixels(image) - _one(renderer, asked)).max() <= ROUNDING


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory, tiny: Tiny) -> SdxlRenderer:
    """One renderer for all samplers, as production has one for all pictures."""
    return _open(tmp_path_factory.mktemp("lasting"), tiny)


@pytest.mark.parametrize("name", fitting(FACTS))
def test_each_sampler_paints_whole_pictures_and_patches(lasting: SdxlRenderer, name: str) -> None:
    assert _one(lasting, canvas(sampler=name, width=32, height=32)).std() > 0
    patch = _patch(0.6, 32)
    painted = _one(lasting, canvas(sampler=name, patch=patch, steps=4, width=32, height=32))
    inside = np.asarray(patch.mask) > 0
    assert np.array_equal(painted[~inside], pixels(patch.image)[~inside])
    assert painted[inside].std() > 0


# ---------------------------------------------------------------- LoRAs


def test_themes_are_worn_for_their_canvas_only(
    renderer: SdxlRenderer, shown: tuple[Reference, ...], tmp_path: Path
) -> None:
    theme = lora.build(renderer.pipe, tmp_path / "theme.safetensors")
    plain = canvas(shown[:1])
    before = _one(renderer, plain)
    worn = _one(renderer, replace(plain, adapters=(Adapter(theme),)))
    faint = _one(renderer, replace(plain, adapters=(Adapter(theme, 0.1),)))
    assert np.abs(worn - before).mean() > np.abs(faint - before).mean() > 0
    assert np.array_equal(_one(renderer, plain), before)
    both = renderer.render([plain, replace(plain, adapters=(Adapter(theme),))], Watching())
    assert np.array_equal(pixels(both[0]), before)
    assert np.array_equal(pixels(both[1]), worn)


# ---------------------------------------------------------------- files


def test_ip_adapter_is_found_in_the_models_own_folder_too(tmp_path: Path, tiny: Tiny, adapters: Path) -> None:
    folder = tmp_path / "sdxl"
    shutil.copytree(tiny("sdxl"), folder)
    shutil.copytree(adapters, folder / "ip_adapter")
    assert Sdxl().load(folder, workshop(tmp_path), Precision.FP32).adapter is not None


def test_ip_adapter_is_found_where_the_settings_say(tmp_path: Path, tiny: Tiny, adapters: Path) -> None:
    opened = _open(tmp_path, tiny, folders={"ip_adapter": str(adapters)})
    assert opened.adapter is not None
    with pytest.raises(
        WeightsError, match=r"plus_sdxl_vit-h.safetensors is missing, which images.folders.ip_adapter"
    ):
        _open(tmp_path, tiny, folders={"ip_adapter": str(tmp_path / "nowhere")})


def test_without_ip_adapter_only_references_are_refused(
    tmp_path: Path, tiny: Tiny, shown: tuple[Reference, ...]
) -> None:
    opened = _open(tmp_path, tiny)
    assert _one(opened, canvas()).std() > 0
    with pytest.raises(
        WeightsError, match=r"takes reference pictures through IP-Adapter.*models pull ip_adapter"
    ):
        opened.render([canvas(shown)], Watching())
    assert _one(opened, canvas()).std() > 0


def test_a_model_that_is_missing_cut_short_or_another_has_its_sentence(tmp_path: Path, tiny: Tiny) -> None:
    def load(folder: Path) -> None:
        Sdxl().load(folder, workshop(tmp_path), Precision.FP32)

    with pytest.raises(WeightsError, match=r"is not here .*selfsame models pull sdxl"):
        load(tmp_path / "nowhere")
    with pytest.raises(WeightsError, match=r"family z_image .*not SDXL"):
        load(tiny("z_image"))
    folder = tmp_path / "sdxl"
    shutil.copytree(tiny("sdxl"), folder)
    weights = folder / "unet/diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-64])
    with pytest.raises(WeightsError, match=r"unet.* is cut short.*selfsame models pull sdxl"):
        load(folder)
    shutil.copytree(tiny("sdxl"), folder, dirs_exist_ok=True)
    load(folder)
    with pytest.raises(WeightsError, match="cannot be loaded in nf4"):
        Sdxl().load(folder, workshop(tmp_path), Precision.NF4)


ADAPTER = "sdxl_models/ip-adapter-plus_sdxl_vit-h.safetensors"
ENCODER = "models/image_encoder/model.safetensors"


@pytest.mark.parametrize("file", [ADAPTER, ENCODER])
def test_a_file_that_is_cut_short_has_its_sentence(data: Path, tiny: Tiny, file: str) -> None:
    path = data / "models" / models()["ip_adapter"].repo / file
    path.write_bytes(path.read_bytes()[:-64])
    with pytest.raises(WeightsError, match=r"is cut short.*selfsame models pull ip_adapter"):
        _open(data, tiny)


def test_an_encoder_of_wrong_shapes_has_its_sentence(data: Path, tiny: Tiny) -> None:
    import json

    path = data / "models" / models()["ip_adapter"].repo / "models/image_encoder/config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"hidden_size": 64}))
    with pytest.raises(WeightsError, match="is not what IP-Adapter plus for SDXL needs"):
        _open(data, tiny)


def test_an_adapter_of_another_model_has_its_sentence(data: Path, tiny: Tiny) -> None:
    from safetensors.torch import load_file, save_file

    path = data / "models" / models()["ip_adapter"].repo / ADAPTER
    narrow = {
        name: tensor[:, :32].contiguous() if name.startswith("ip_adapter") else tensor
        for name, tensor in load_file(path).items()
    }
    save_file(narrow, path)
    with pytest.raises(WeightsError, match="do not fit this SDXL"):
        _open(data, tiny)
    save_file({"something": next(iter(narrow.values()))}, path)
    with pytest.raises(WeightsError, match="is not what IP-Adapter plus for SDXL needs"):
        _open(data, tiny)


def test_a_reference_that_is_gone_is_named(renderer: SdxlRenderer, shown: tuple[Reference, ...]) -> None:
    gone = replace(shown[0], path=shown[0].path.with_name("gone.png"))
    with pytest.raises(RenderError, match="“picture 1” cannot be read"):
        renderer.render([canvas((gone,))], Watching())


def test_of_a_tall_picture_of_a_person_the_upper_part_is_shown() -> None:
    tall = Image.new("RGB", (40, 100), "white")
    tall.paste("red", (0, 0, 40, 40))
    assert square(tall, ReferenceRole.OUTFIT).getcolors() == [(1600, (255, 0, 0))]
    assert square(tall, ReferenceRole.LOCATION).getcolors() != [(1600, (255, 0, 0))]
    assert square(tall.rotate(90, expand=True), ReferenceRole.HEADSHOT).size == (40, 40)
