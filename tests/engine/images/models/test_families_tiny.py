"""klein, Qwen-Image-Edit and Kontext through the port, on tiny models that production's loader loads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.errors import CancelledError, InputError, RenderError
from engine.images.pipelines.diffusion.renderer import DiffusersFamily, DiffusersRenderer
from engine.images.pipelines.klein import Klein
from engine.images.pipelines.kontext import Kontext
from engine.images.pipelines.port import Canvas, Patch, Precision, Reference, Relief
from engine.images.pipelines.qwen_edit import QwenEdit
from tests.engine.images.models.conftest import Tiny
from tests.engine.images.models.tiny.house import Watching, canvas, pixels, reference, workshop

pytestmark = [pytest.mark.images, pytest.mark.usefixtures("small")]

FAMILIES: tuple[type[DiffusersFamily], ...] = (Klein, QwenEdit, Kontext)
# What a batch may differ from pictures made one by one, of 255: sums of floats are ordered otherwise in it.
ROUNDING = 1
# How often each family reads one reference: Qwen's language model looks at it too.
READINGS = {"klein": 1, "qwen_edit": 2, "kontext": 1}


@pytest.fixture(params=FAMILIES, ids=lambda family: family.name)
def family(request: pytest.FixtureRequest) -> DiffusersFamily:
    return request.param()  # type: ignore[no-any-return]


@pytest.fixture
def renderer(family: DiffusersFamily, tiny: Tiny, tmp_path: Path) -> Iterator[DiffusersRenderer]:
    opened = _open(family, tiny, tmp_path)
    yield opened
    if opened.pipe is not None:
        opened.close()


@pytest.fixture
def shown(tmp_path: Path) -> tuple[Reference, Reference]:
    return reference(tmp_path / "media", 1), reference(tmp_path / "media", 2)


def _open(
    family: DiffusersFamily, tiny: Tiny, data: Path, precision: Precision = Precision.FP32, **images: Any
) -> DiffusersRenderer:
    return family.load(tiny(family.name), workshop(data, accept=("kontext",), **images), precision)


def _latents(renderer: DiffusersRenderer, asked: Canvas) -> Any:
    """What is denoised, in numbers: tiny models paint almost the same whatever they are shown."""
    import torch

    seen = []
    renderer._wear(asked.adapters)
    with torch.no_grad():
        renderer.pipe(
            **renderer.arguments([asked]),
            width=asked.width,
            height=asked.height,
            num_inference_steps=asked.steps,
            generator=torch.Generator().manual_seed(asked.seed),
            callback_on_step_end=lambda _pipe, _step, _time, tensors: (
                seen.append(tensors["latents"]) or tensors
            ),
            output_type="latent",
        )
    return seen[-1]


def test_a_family_renders_what_it_is_asked_for(
    renderer: DiffusersRenderer, shown: tuple[Reference, ...]
) -> None:
    watching = Watching()
    (image,) = renderer.render([canvas(shown[:1], width=96, height=64)], watching)
    assert (image.size, image.mode) == ((96, 64), "RGB")
    assert pixels(image).std() > 0
    assert watching.steps[0] == (0, 2) and watching.steps[-1] == (2, 2)
    assert [done for done, _ in watching.steps] == sorted(done for done, _ in watching.steps)


def test_the_same_canvas_gives_the_same_bytes_also_after_other_pictures_and_anew(
    family: DiffusersFamily,
    renderer: DiffusersRenderer,
    tiny: Tiny,
    tmp_path: Path,
    shown: tuple[Reference, ...],
) -> None:
    asked = canvas(shown[:1], guidance=4.0 if family.name == "qwen_edit" else 1.0)
    (first,) = renderer.render([asked], Watching())
    renderer.render([replace(asked, seed=8, steps=3, prompt="elsewhere")], Watching())
    (again,) = renderer.render([asked], Watching())
    (anew,) = _open(family, tiny, tmp_path / "elsewhere").render([asked], Watching())
    assert first.tobytes() == again.tobytes() == anew.tobytes()


def test_a_render_is_what_the_bare_pipeline_paints(
    family: DiffusersFamily, renderer: DiffusersRenderer, shown: tuple[Reference, ...]
) -> None:
    import torch

    own = {
        "klein": {"guidance_scale": 1.0},
        "kontext": {"guidance_scale": 1.0, "max_area": 64 * 64},
        "qwen_edit": {"true_cfg_scale": 4.0, "negative_prompt": "blurred"},
    }
    chosen = shown[: renderer.facts.references]
    guidance = 4.0 if family.name == "qwen_edit" else 1.0
    (ours,) = renderer.render([canvas(chosen, guidance=guidance, negative="blurred")], Watching())
    bare = type(renderer.pipe)(**_components(renderer.pipe))
    pictures = [renderer.picture(one) for one in chosen]
    theirs = bare(
        prompt="at the lake",
        image=pictures if len(pictures) > 1 else pictures[0],
        width=64,
        height=64,
        num_inference_steps=2,
        generator=torch.Generator().manual_seed(7),
        **own[family.name],
    ).images[0]
    assert np.array_equal(pixels(ours), pixels(theirs))


def _components(pipe: Any) -> dict[str, Any]:
    more = {"is_distilled": True} if "is_distilled" in pipe.config else {}
    return {**pipe.components, **more}


def test_references_and_words_change_what_is_painted(
    renderer: DiffusersRenderer, shown: tuple[Reference, ...]
) -> None:
    first, second = shown
    one = _latents(renderer, canvas((first,)))
    assert (one - _latents(renderer, canvas((second,)))).abs().max() > 1e-4
    assert (one - _latents(renderer, canvas((first,), prompt="on a tower"))).abs().max() > 1e-4
    assert (one - _latents(renderer, canvas((first,)))).abs().max() == 0


def test_references_count_in_their_order(renderer: DiffusersRenderer, shown: tuple[Reference, ...]) -> None:
    if renderer.facts.references < 2:
        pytest.skip("it takes one")
    first, second = shown
    there, back = (_latents(renderer, canvas(order)) for order in ((first, second), (second, first)))
    assert (there - back).abs().max() > 1e-5


def test_references_beyond_what_the_family_takes_are_left_out(
    renderer: DiffusersRenderer, tmp_path: Path
) -> None:
    many = tuple(reference(tmp_path / "media", number) for number in range(renderer.facts.references + 1))
    (with_all,) = renderer.render([canvas(many)], Watching())
    (with_some,) = renderer.render([canvas(many[:-1])], Watching())
    assert with_all.tobytes() == with_some.tobytes()


def test_a_batch_gives_the_pictures_that_each_canvas_gives_alone(
    renderer: DiffusersRenderer, shown: tuple[Reference, ...], tmp_path: Path
) -> None:
    wide = reference(tmp_path / "media", 3, (96, 64))
    canvases = [
        canvas(shown[:1]),
        canvas(shown[1:], seed=8, prompt="somewhere quite different"),
        canvas((wide,), seed=9),
    ]
    together = renderer.render(canvases, Watching())
    for asked, image in zip(canvases, together, strict=True):
        (alone,) = renderer.render([asked], Watching())
        assert np.abs(pixels(image) - pixels(alone)).max() <= ROUNDING
    assert len({image.tobytes() for image in together}) == 3


def test_canvases_of_one_kind_are_one_call_where_the_family_allows_it(
    renderer: DiffusersRenderer, shown: tuple[Reference, ...], tmp_path: Path
) -> None:
    first, second = shown
    same = [canvas((first,)), canvas((second,), seed=8)]
    assert len(renderer._calls(same)) == (1 if renderer.facts.batch else 2)
    wide = reference(tmp_path / "media", 3, (96, 64))
    assert len(renderer._calls([*same, canvas((wide,))])) == (2 if renderer.facts.batch else 3)


def test_a_batch_of_different_sizes_or_steps_is_refused(
    renderer: DiffusersRenderer, shown: tuple[Reference, ...]
) -> None:
    with pytest.raises(RenderError, match="same size, steps"):
        renderer.render([canvas(shown[:1]), canvas(shown[:1], steps=3)], Watching())


def test_cancelled_in_mid_render_it_ends_within_one_step_and_renders_on(
    renderer: DiffusersRenderer, shown: tuple[Reference, ...]
) -> None:
    asked = canvas(shown[:1], steps=8)
    (before,) = renderer.render([asked], Watching())
    watching = Watching(stop_at=3)
    with pytest.raises(CancelledError):
        renderer.render([asked], watching)
    assert watching.steps[-1] == (3, 8)
    (after,) = renderer.render([asked], Watching())
    assert after.tobytes() == before.tobytes()


def test_cancelled_before_it_begins_nothing_is_read(
    renderer: DiffusersRenderer, shown: tuple[Reference, ...]
) -> None:
    with pytest.raises(CancelledError):
        renderer.render([canvas(shown[:1])], Watching(stop_at=0))
    assert renderer.reference_encodings == 0


def test_the_second_render_with_the_same_references_reads_none_again(
    family: DiffusersFamily, renderer: DiffusersRenderer, shown: tuple[Reference, ...]
) -> None:
    asked = canvas(shown, guidance=2.0)
    renderer.render([asked], Watching())
    taken = len(renderer.shown(asked))
    assert renderer.reference_encodings == READINGS[family.name] * taken
    renderer.render([replace(asked, prompt="on a tower", seed=8)], Watching())
    assert renderer.reference_encodings == READINGS[family.name] * taken


def test_what_was_read_of_references_is_there_for_the_next_renderer(
    family: DiffusersFamily,
    renderer: DiffusersRenderer,
    tiny: Tiny,
    tmp_path: Path,
    shown: tuple[Reference, ...],
) -> None:
    (first,) = renderer.render([canvas(shown[:1])], Watching())
    renderer.close()
    later = _open(family, tiny, tmp_path)
    (second,) = later.render([canvas(shown[:1])], Watching())
    assert later.reference_encodings == 0
    assert first.tobytes() == second.tobytes()


def test_a_broken_file_of_the_cache_is_dropped_and_read_anew(
    family: DiffusersFamily,
    renderer: DiffusersRenderer,
    tiny: Tiny,
    tmp_path: Path,
    shown: tuple[Reference, ...],
) -> None:
    (first,) = renderer.render([canvas(shown[:1])], Watching())
    files = sorted((tmp_path / "conditioning").glob("*/*.safetensors"))
    assert len(files) == READINGS[family.name]
    whole = files[0].read_bytes()
    files[0].write_bytes(whole[: len(whole) // 2])
    later = _open(family, tiny, tmp_path)
    (second,) = later.render([canvas(shown[:1])], Watching())
    assert later.reference_encodings == 1
    assert first.tobytes() == second.tobytes()
    assert files[0].stat().st_size == len(whole)


def test_what_was_read_of_an_erased_picture_goes_with_it(
    renderer: DiffusersRenderer, shown: tuple[Reference, ...], tmp_path: Path
) -> None:
    first, second = shown
    renderer.render([canvas((first,))], Watching())
    first.path.unlink()
    renderer.render([canvas((second,))], Watching())
    kept = [path.name.partition(".")[0] for path in (tmp_path / "conditioning").glob("*/*")]
    assert set(kept) == {second.sha256}
    assert all(first not in entry.references for entry in renderer.conditioning._kept.values())


def test_a_reference_that_is_gone_is_named(renderer: DiffusersRenderer, shown: tuple[Reference, ...]) -> None:
    gone = replace(shown[0], path=shown[0].path.with_name("gone.png"))
    with pytest.raises(RenderError, match="“picture 1” cannot be read"):
        renderer.render([canvas((gone,))], Watching())


def test_a_preview_is_fitted_from_a_reference(
    family: DiffusersFamily, tiny: Tiny, tmp_path: Path, shown: tuple[Reference, ...]
) -> None:
    watching = Watching()
    renderer = _open(family, tiny, tmp_path)
    renderer.render([canvas(shown[:1], width=96, steps=3)], watching)
    assert watching.previews and watching.previews[0].size == (256, 170)
    unwatched = Watching()
    _open(family, tiny, tmp_path, previews=False).render([canvas(shown[:1])], unwatched)
    assert not unwatched.previews


@pytest.mark.parametrize("name", ["klein", "kontext"])
def test_a_tiny_autoencoder_beside_the_folder_makes_previews(
    tiny: Tiny, tmp_path: Path, shown: tuple[Reference, ...], name: str
) -> None:
    import shutil

    from diffusers import AutoencoderTiny

    folder = Path(shutil.copytree(tiny(name), tmp_path / name))
    AutoencoderTiny(
        latent_channels=4,
        encoder_block_out_channels=(8, 8, 8, 8),
        decoder_block_out_channels=(8, 8, 8, 8),
        num_encoder_blocks=(1, 1, 1, 1),
        num_decoder_blocks=(1, 1, 1, 1),
    ).save_pretrained(tmp_path / f"{name}-preview")
    family = {"klein": Klein, "kontext": Kontext}[name]()
    renderer = family.load(folder, workshop(tmp_path, accept=("kontext",)), Precision.FP32)
    watching = Watching()
    renderer.render([canvas(width=96, steps=3)], watching)  # also without a reference
    side = 96 // 2 * 8  # this autoencoder enlarges by eight, the tiny family's own one by two
    assert watching.previews and watching.previews[0].width == min(side, 512)


def test_a_projection_shows_the_picture_that_it_was_fitted_from(
    renderer: DiffusersRenderer, tmp_path: Path
) -> None:
    """Also where the tiny encoder knows nothing: one colour against another comes out as itself."""
    from PIL import Image

    shown = reference(tmp_path / "media", 1)
    half = Image.new("RGB", (64, 64), (230, 30, 30))
    half.paste((20, 40, 220), (0, 0, 32, 64))
    half.save(shown.path)
    renderer.render([canvas((shown,))], Watching())
    (kept,) = [
        entry.tensors["latents"]
        for entry in renderer.conditioning._kept.values()
        if "latents" in entry.tensors
    ]
    latents = kept[:, :, 0] if kept.ndim == 5 else kept
    assert renderer.previews is not None
    image = renderer.previews.look(latents)
    assert image is not None
    left, right = image.getpixel((20, 128)), image.getpixel((236, 128))
    assert left[2] > left[0] + 40 and right[0] > right[2] + 40  # type: ignore[index]


@pytest.mark.parametrize("relief", [Relief.TILING, Relief.OFFLOAD])
def test_relieved_it_still_paints_the_same(
    renderer: DiffusersRenderer, shown: tuple[Reference, ...], relief: Relief
) -> None:
    (before,) = renderer.render([canvas(shown[:1])], Watching())
    assert renderer.relieve(relief)
    (after,) = renderer.render([canvas(shown[:1])], Watching())
    (other,) = renderer.render([canvas(shown[1:])], Watching())
    assert np.abs(pixels(before) - pixels(after)).max() <= ROUNDING
    assert other.size == (64, 64)


@pytest.mark.parametrize("precision", [Precision.BF16, Precision.FP8])
@pytest.mark.thorough
def test_fewer_bits_paint_the_same_picture_roughly(
    family: DiffusersFamily,
    renderer: DiffusersRenderer,
    tiny: Tiny,
    tmp_path: Path,
    shown: tuple[Reference, ...],
    precision: Precision,
) -> None:
    import torch

    exact = _latents(renderer, canvas(shown[:1]))
    narrow = _open(family, tiny, tmp_path, precision)
    if precision is Precision.FP8:
        kept = {weight.dtype for weight in narrow.pipe.transformer.parameters()}
        assert torch.float8_e4m3fn in kept
    rough = _latents(narrow, canvas(shown[:1])).float()
    # The noise itself is drawn in the narrower type, from the same seed.
    assert torch.nn.functional.cosine_similarity(exact.flatten(), rough.flatten(), dim=0) > 0.9
    (image,) = narrow.render([canvas(shown[:1])], Watching())
    assert image.size == (64, 64)


@pytest.mark.thorough
def test_compiled_blocks_paint_the_same(family: DiffusersFamily, tiny: Tiny, tmp_path: Path) -> None:
    from engine.images.pipelines.diffusion.placing import compiled

    shown = (reference(tmp_path / "media", 1),)
    renderer = _open(family, tiny, tmp_path)
    (before,) = renderer.render([canvas(shown)], Watching())
    compiled(renderer.pipe, backend="eager")  # inductor needs a compiler of C and a minute
    (after,) = renderer.render([canvas(shown)], Watching())
    assert np.abs(pixels(before) - pixels(after)).max() <= ROUNDING


def test_a_size_that_the_family_cannot_draw_is_refused(renderer: DiffusersRenderer) -> None:
    with pytest.raises(InputError, match="multiples of 16"):
        renderer.render([canvas(width=72)], Watching())


def test_an_unknown_sampler_is_refused(renderer: DiffusersRenderer, shown: tuple[Reference, ...]) -> None:
    with pytest.raises(InputError, match="no sampler called"):
        renderer.render([canvas(shown[:1], sampler="flow-oiler")], Watching())


def test_another_sampler_changes_nothing_for_the_next_picture(
    renderer: DiffusersRenderer, shown: tuple[Reference, ...]
) -> None:
    asked = canvas(shown[:1], steps=4)
    watching = Watching()
    (own,) = renderer.render([asked], Watching())
    (other,) = renderer.render([replace(asked, sampler="flow-heun")], watching)
    (again,) = renderer.render([asked], Watching())
    assert own.tobytes() == again.tobytes() != other.tobytes()
    assert max(done for done, _ in watching.steps) == 4


def test_without_references_only_qwen_refuses(family: DiffusersFamily, renderer: DiffusersRenderer) -> None:
    if family.name == "qwen_edit":
        with pytest.raises(InputError, match="at least one"):
            renderer.render([canvas()], Watching())
    else:
        (image,) = renderer.render([canvas()], Watching())
        assert image.size == (64, 64)


def test_an_error_in_mid_render_leaves_a_renderer_that_renders(
    renderer: DiffusersRenderer, shown: tuple[Reference, ...]
) -> None:
    import torch

    class Full(Watching):
        def step(self, done: int, of: int) -> None:
            if done:
                raise torch.OutOfMemoryError("CUDA out of memory (injected)")

    (before,) = renderer.render([canvas(shown[:1])], Watching())
    with pytest.raises(torch.OutOfMemoryError):
        renderer.render([canvas(shown[:1])], Full())
    assert renderer.relieve(Relief.TILING)
    (after,) = renderer.render([canvas(shown[:1])], Watching())
    assert np.abs(pixels(before) - pixels(after)).max() <= ROUNDING


def test_closed_it_keeps_no_weights(renderer: DiffusersRenderer, shown: tuple[Reference, ...]) -> None:
    import weakref

    renderer.render([canvas(shown[:1])], Watching())
    weights = weakref.ref(renderer.pipe.transformer)
    renderer.close()
    assert weights() is None


def _patch(colour: str, side: int = 64) -> Patch:
    return Patch(Image.new("RGB", (side, side), colour), Image.new("L", (side, side), 255), 0.5)


def test_the_part_that_is_painted_anew_is_shown_after_the_references_and_kept_nowhere(
    family: DiffusersFamily, renderer: DiffusersRenderer, shown: tuple[Reference, ...]
) -> None:
    if not family.facts.patch:
        pytest.skip("it takes one picture, and that is the reference")
    plain = canvas(shown[:1], width=64, height=64)
    red, blue = (replace(plain, patch=_patch(colour)) for colour in ("red", "blue"))
    without = _latents(renderer, plain)
    assert not np.array_equal(_latents(renderer, red), without)
    assert not np.array_equal(_latents(renderer, red), _latents(renderer, blue))
    kept = renderer.reference_encodings
    assert renderer.render([red], Watching())[0].size == (64, 64)
    assert renderer.reference_encodings == kept == READINGS[family.name]
    assert np.array_equal(_latents(renderer, plain), without)


def test_a_family_of_one_picture_paints_no_parts(
    family: DiffusersFamily, renderer: DiffusersRenderer, shown: tuple[Reference, ...]
) -> None:
    if family.facts.patch:
        pytest.skip("it does")
    with pytest.raises(RenderError, match="cannot paint a part"):
        renderer.render([replace(canvas(shown[:1]), patch=_patch("red"))], Watching())
