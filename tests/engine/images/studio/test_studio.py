"""The closed loop: from a job to a picture that was judged, repaired, finished, or honestly not sent."""

from __future__ import annotations

import io
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from PIL import Image

from characters.character import Expression, StyleRegister
from engine.errors import CancelledError, RefusedError, RenderError, VramError, WeightsError
from engine.images.device.ladder import RestartNeeded
from engine.images.pipelines.port import Canvas, Materials, Patch, Precision
from engine.images.studio.easel import Easel, together
from engine.images.studio.studio import UnlikeError
from engine.types import Framing, PictureJob, PicturePurpose, ReferenceRole, Shot, Verdict
from tests.engine.images.studio.scripted import (
    COPY,
    FACELESS,
    LOCAL,
    MAYA,
    NEAR,
    OTHER,
    SAME,
    SIZE,
    UNKNOWN,
    Bench,
    Larger,
    Listener,
    Mender,
    Painter,
    Scripted,
    canon,
    picture,
    picture_job,
    red_of,
    reference,
)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


# ---------------------------------------------------------------- takes


def test_a_picture_that_is_her_is_sent_at_once(bench: Bench) -> None:
    made = bench.render()
    assert len(bench.painter.asked) == 1
    assert made.making is not None
    assert made.making.verdict is Verdict.SAME
    assert (made.making.family, made.making.precision, made.making.measure) == ("klein", "bf16", "face")
    assert made.making.similarity == pytest.approx(SAME / 255)
    assert made.making.note == ""
    assert made.making.takes == 1
    assert made.making.references == tuple(each.sha256 for each in canon(bench.data).own)
    assert (made.width, made.height) == opened(made.png).size == (SIZE, SIZE)
    assert made.pipeline == "klein"
    assert "Maya" in made.caption


def test_the_same_job_gives_the_same_bytes_and_asks_for_the_same(tmp_path: Path) -> None:
    benches = [Bench(tmp_path, painter=Painter([OTHER, NEAR, SAME])) for _ in range(2)]
    made = [each.render() for each in benches]
    assert made[0].png == made[1].png
    assert benches[0].painter.canvases == benches[1].painter.canvases


def test_every_take_has_a_seed_of_its_own(bench: Bench) -> None:
    bench.painter = Painter([OTHER, OTHER, SAME])
    bench.render(picture_job(seed=99))
    seeds = [canvas.seed for canvas in bench.painter.canvases]
    assert seeds[0] == 99
    assert len(set(seeds)) == 3


def test_of_several_takes_the_best_is_sent(tmp_path: Path) -> None:
    bench = Bench(tmp_path, painter=Painter([OTHER, NEAR, OTHER], patched=OTHER), here=["klein"])
    made = bench.render()
    assert red_of(opened(made.png)) == NEAR
    assert made.making
    assert made.making.takes == 3
    assert made.making.verdict is Verdict.NEAR
    assert made.making.note == "This is not quite her. Ask once more for another take."


def test_a_picture_of_somebody_else_is_never_sent(bench: Bench) -> None:
    bench.painter = Painter([OTHER])
    with pytest.raises(UnlikeError, match="3 takes showed somebody who is not her") as error:
        bench.render()
    # Not a RenderError: the worker would try the same seeds again, in vain.
    assert not isinstance(error.value, RenderError)
    assert len(bench.painter.asked) == 3


def test_the_settings_say_how_many_takes(tmp_path: Path) -> None:
    bench = Bench(tmp_path, {"takes": 5}, painter=Painter([OTHER]), here=["klein"])
    with pytest.raises(UnlikeError, match="5 takes"):
        bench.render()


def test_the_last_take_is_by_a_stronger_model(bench: Bench) -> None:
    bench.painter = Painter([OTHER, OTHER, SAME])
    made = bench.render()
    assert bench.painter.families == ["klein", "klein", "qwen_edit"]
    assert made.making
    assert made.making.family == "qwen_edit"
    assert "Picture 1" in bench.painter.canvases[-1].prompt


def test_without_the_stronger_model_the_same_one_tries_again(bench: Bench) -> None:
    bench.painter = Painter([OTHER, OTHER, WeightsError("Qwen is damaged."), SAME])
    made = bench.render()
    assert bench.painter.families == ["klein", "klein", "qwen_edit", "klein"]
    assert made.making
    assert made.making.verdict is Verdict.SAME


def test_a_take_that_fails_does_not_cost_the_one_before_it(tmp_path: Path) -> None:
    made = Bench(
        tmp_path, painter=Painter([NEAR, RenderError("The server fell over.")], patched=OTHER), here=["klein"]
    ).render()
    assert made.making
    assert (made.making.verdict, made.making.takes) == (Verdict.NEAR, 1)
    with pytest.raises(RenderError, match="fell over"):
        Bench(tmp_path, painter=Painter([OTHER, RenderError("The server fell over.")])).render()


def test_a_copy_is_tried_again_where_the_pose_should_differ(bench: Bench) -> None:
    bench.painter = Painter([COPY, SAME])
    happy = picture_job(shot=Shot(place="jazz bar", expression=Expression.HAPPY))
    made = bench.render(happy)
    assert red_of(opened(made.png)) == SAME
    assert len(bench.painter.asked) == 2


def test_a_copy_is_what_a_plain_headshot_should_be(bench: Bench) -> None:
    bench.painter = Painter([COPY])
    bench.render(picture_job(shot=Shot(framing=Framing.CLOSE_UP)))
    assert bench.judge.seen[0][2] is True
    assert len(bench.painter.asked) == 1


def test_a_copy_is_sent_with_a_word_when_there_is_nothing_better(tmp_path: Path) -> None:
    bench = Bench(tmp_path, {"takes": 2}, painter=Painter([COPY]), here=["klein"])
    made = bench.render()
    assert made.making
    assert "canonical picture" in made.making.note


# ---------------------------------------------------------------- repair


def test_a_near_miss_is_repaired_and_verified_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path, painter=Painter([NEAR], patched=SAME), name="sdxl", here=["sdxl"])
    made = bench.render(picture_job(pipeline="sdxl"))
    assert [red for red, _, _ in bench.judge.seen] == [NEAR, SAME]
    assert made.making
    assert made.making.repairs == ("face",)
    assert made.making.verdict is Verdict.SAME
    assert made.making.takes == 1
    assert made.pipeline == ""  # it is what was asked for
    image = opened(made.png)
    assert red_of(image) == SAME
    assert image.getpixel((2, 2)) == (NEAR, 0, 0)  # the rest stays as it was


def test_a_model_that_cannot_repair_leaves_it_to_one_that_can(tmp_path: Path) -> None:
    bench = Bench(tmp_path, painter=Painter([NEAR], patched=SAME), here=["kontext", "sdxl"])
    bench.settings = {"accept": ("kontext",)}
    bench.gigabytes = 48
    made = bench.render(picture_job(pipeline="kontext"))
    assert bench.painter.families == ["kontext", "sdxl"]
    assert made.making
    assert (made.making.family, made.making.repairs) == ("kontext", ("face",))


def test_a_repair_that_makes_it_worse_is_thrown_away(tmp_path: Path) -> None:
    bench = Bench(tmp_path, {"takes": 1}, painter=Painter([NEAR], patched=OTHER), here=["sdxl"])
    made = bench.render()
    assert made.making
    assert (made.making.verdict, made.making.repairs) == (Verdict.NEAR, ())
    assert red_of(opened(made.png)) == NEAR


def test_a_repair_that_fails_costs_only_itself(tmp_path: Path) -> None:
    for error in (RenderError("No."), WeightsError("No weights."), MemoryError()):
        mender = Mender(fails=error)
        bench = Bench(tmp_path, {"takes": 1}, painter=Painter([NEAR]), mender=mender)
        made = bench.render()
        assert made.making
        assert (made.making.verdict, made.making.repairs) == (Verdict.NEAR, ())


def test_somebody_else_is_not_repaired_but_painted_anew(bench: Bench) -> None:
    bench.painter = Painter([OTHER, SAME])
    bench.render()
    assert bench.mender.got == []


def test_a_face_too_small_to_be_known_is_painted_anew(tmp_path: Path) -> None:
    bench = Bench(tmp_path, painter=Painter([UNKNOWN], patched=SAME), here=["sdxl"])
    made = bench.render()
    assert made.making
    assert made.making.repairs == ("face",)


def test_a_swap_is_the_last_resort_of_the_settings(tmp_path: Path) -> None:
    script = Painter([OTHER])
    bench = Bench(tmp_path, {"takes": 2, "swap": True}, painter=script, mender=Mender(swaps=True))
    made = bench.render()
    assert made.making
    assert (made.making.repairs, made.making.verdict) == (("swapped",), Verdict.SAME)
    with pytest.raises(UnlikeError):
        Bench(tmp_path, {"takes": 2}, painter=Painter([OTHER]), mender=Mender(swaps=True)).render()


# ---------------------------------------------------------------- never an edit of an edit


def test_a_model_is_shown_the_characters_own_references_and_nothing_else(tmp_path: Path) -> None:
    for script in ([SAME], [NEAR, OTHER, NEAR], [UNKNOWN, OTHER, COPY]):
        bench = Bench(tmp_path, {"swap": True}, painter=Painter(list(script), patched=NEAR), here=["sdxl"])
        materials = canon(tmp_path)
        for shot in (Shot(place="jazz bar"), Shot(place="beach", expression=Expression.SAD)):
            bench.render(picture_job(shot=shot), materials)
        for canvas in bench.painter.canvases:
            assert set(canvas.references) <= set(materials.own)


def test_a_repair_gets_the_take_that_was_just_made_once(tmp_path: Path) -> None:
    bench = Bench(tmp_path, painter=Painter([NEAR, NEAR, NEAR], patched=NEAR), here=["sdxl"])
    bench.render()
    # One repair for each take, each of the take as the model made it: none of a repaired picture.
    assert [red_of(image) for image in bench.mender.got] == [NEAR, NEAR, NEAR]
    takes = [canvas for canvas in bench.painter.canvases if canvas.patch is None]
    patches = [canvas for canvas in bench.painter.canvases if canvas.patch]
    assert len(takes) == len(patches) == 3
    assert all(one is not other for one, other in zip(bench.mender.got, bench.mender.got[1:], strict=False))


def test_the_next_picture_knows_nothing_of_the_last_one(tmp_path: Path) -> None:
    bench = Bench(tmp_path, painter=Painter([NEAR, SAME]), here=["sdxl"])
    studio = bench.studio
    materials = canon(tmp_path)
    studio.render(picture_job(), bench.listener, materials)
    before = len(bench.painter.canvases)
    bench.painter.script = [NEAR, SAME]
    studio.render(picture_job(), bench.listener, materials)
    assert bench.painter.canvases[:before] == bench.painter.canvases[before:]


def test_another_characters_picture_is_refused_at_the_easel(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    materials = canon(tmp_path)
    route = bench.studio._choice(_order(materials)).routes[0]
    stranger = Canvas("x", 1, 64, 64, 4, 1.0, references=materials.cast)
    with pytest.raises(RenderError, match="own references"):
        Easel(bench.painter, materials).paint(route, stranger, _Silent())
    patch = Patch(picture(SAME), Image.new("L", (SIZE, SIZE), 255), 0.5)
    edit = Canvas("x", 1, SIZE, SIZE, 4, 1.0, references=materials.own[:1], patch=patch)
    with pytest.raises(RenderError, match="never from another picture"):
        together(bench.painter, route, [(Easel(bench.painter, materials), edit)], _Silent())
    assert bench.painter.asked == []


def test_a_job_has_no_room_for_a_picture() -> None:
    for kind in (PictureJob, Shot):
        for each in fields(kind):
            assert not any(
                word in str(each.type).casefold() for word in ("image", "path", "bytes", "reference")
            )


# ---------------------------------------------------------------- honest words


def test_nobody_to_ask_is_no_reason_for_another_take_nor_for_a_word(bench: Bench) -> None:
    bench.judge = Scripted(measure="")
    made = bench.render()
    assert len(bench.painter.asked) == 1
    assert made.making
    assert (made.making.verdict, made.making.note) == (Verdict.UNKNOWN, "")


def test_a_picture_without_a_face_is_tried_once_more_and_sent_with_a_word(bench: Bench) -> None:
    bench.painter = Painter([FACELESS])
    made = bench.render()
    assert len(bench.painter.asked) == 2
    assert made.making
    assert made.making.verdict is Verdict.UNKNOWN
    assert made.making.note == "Whether it is her could not be checked. No face can be seen in it."


def test_verifying_can_be_switched_off(tmp_path: Path) -> None:
    bench = Bench(tmp_path, {"verify": False}, painter=Painter([OTHER]))
    made = bench.render()
    assert bench.judge.seen == []
    assert made.making
    assert made.making.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(("pronouns", "word"), [("he/him", "him"), ("they/them", "them"), ("", "them")])
def test_words_speak_of_the_character_as_it_is(tmp_path: Path, pronouns: str, word: str) -> None:
    bench = Bench(tmp_path, {"takes": 1}, painter=Painter([NEAR], patched=OTHER), here=["klein"])
    made = bench.render(picture_job(persona=replace(MAYA, pronouns=pronouns)))
    assert made.making
    assert f"not quite {word}." in made.making.note


def test_no_note_names_anybody(tmp_path: Path) -> None:
    for script in ([NEAR], [FACELESS], [COPY], [SAME]):
        made = Bench(tmp_path, {"takes": 1}, painter=Painter(list(script)), here=["klein"]).render()
        assert made.making
        assert "Maya" not in made.making.note


# ---------------------------------------------------------------- the first picture


@pytest.mark.parametrize("purpose", [PicturePurpose.TAKE, PicturePurpose.CANON])
def test_the_first_headshot_is_made_from_words_and_not_verified(
    tmp_path: Path, purpose: PicturePurpose
) -> None:
    bench = Bench(tmp_path, collision="Too close to another character.")
    made = bench.render(picture_job(purpose=purpose, shot=Shot(framing=Framing.CLOSE_UP)), Materials())
    (canvas,) = bench.painter.canvases
    assert canvas.references == ()
    assert "crooked nose" in canvas.prompt
    assert bench.judge.seen == []
    assert made.making
    assert (made.making.verdict, made.making.note) == (None, "Too close to another character.")


def test_a_take_is_a_new_face_whatever_she_looked_like(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.render(picture_job(purpose=PicturePurpose.TAKE))
    assert bench.painter.canvases[0].references == ()
    bench.render(picture_job(purpose=PicturePurpose.CANON))
    assert bench.painter.canvases[1].references != ()


def test_a_selfie_without_a_canon_says_so(tmp_path: Path) -> None:
    made = Bench(tmp_path).render(materials=Materials())
    assert made.making
    assert made.making.verdict is Verdict.UNKNOWN
    assert made.making.note.startswith("There is no canonical picture of her yet")


def test_scenery_has_nobody_to_verify(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    made = bench.render(picture_job(shot=Shot(place="jazz bar", scenery=True)))
    assert bench.painter.families == ["z_image"]
    assert bench.painter.canvases[0].references == ()
    assert made.making
    assert made.making.verdict is None
    assert made.caption == "Jazz bar, nobody in it."


# ---------------------------------------------------------------- what is missing


@pytest.mark.parametrize(
    ("bench_with", "words"),
    [
        ({"here": ()}, "FLUX.2 klein 4B is not on this machine yet"),
        ({"device": "cpu"}, "no graphics card"),
        ({"gigabytes": 3}, "too large|can be used|no graphics card|needs"),
    ],
)
def test_the_illustrator_answers_and_says_why(
    tmp_path: Path, bench_with: dict[str, object], words: str
) -> None:
    bench = Bench(tmp_path, **bench_with)  # type: ignore[arg-type]
    made = bench.render()
    assert (made.png, made.pipeline) == (b"drawn", "illustrator")
    assert made.making
    assert made.making.note.startswith("Drawn by the illustrator: ")
    assert re.search(words, made.making.note)


@pytest.mark.parametrize("error", [WeightsError("The file x is cut off."), VramError("It takes 13 GB.")])
def test_weights_that_cannot_be_loaded_are_told_and_drawn_over(tmp_path: Path, error: Exception) -> None:
    bench = Bench(tmp_path, painter=Painter([error]), here=["klein"])
    made = bench.render(picture_job(pipeline="klein"))
    assert made.pipeline == "illustrator"
    assert made.making
    assert str(error) in made.making.note


def test_the_next_family_answers_where_the_first_cannot_be_loaded(tmp_path: Path) -> None:
    bench = Bench(tmp_path, painter=Painter([WeightsError("klein is damaged."), SAME]))
    made = bench.render()
    assert bench.painter.families == ["klein", "qwen_edit"]
    assert made.making
    assert made.making.family == "qwen_edit"


def test_scenery_is_not_drawn_with_somebody_in_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path, here=())
    with pytest.raises(RefusedError, match="picture models only"):
        bench.render(picture_job(shot=Shot(place="jazz bar", scenery=True)))
    assert bench.drawer.jobs == []


def test_a_portrait_that_follows_typing_is_drawn_unless_the_model_is_quick(tmp_path: Path) -> None:
    portrait = picture_job(purpose=PicturePurpose.PREVIEW, draft_id="draft")
    drawn = Bench(tmp_path, here=["sdxl"]).render(portrait)
    assert (drawn.pipeline, drawn.making) == ("illustrator", None)
    assert Bench(tmp_path).render(portrait).pipeline == "klein"
    on_processor = Bench(tmp_path, device="cpu", name="klein").render(replace(portrait, pipeline="klein"))
    assert on_processor.pipeline == "illustrator"
    warming = Bench(tmp_path, here=["sdxl"])
    warming.render(replace(portrait, draft_id=None))
    assert warming.painter.families == ["sdxl"]


def test_other_errors_of_a_model_are_the_workers(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="fell over"):
        Bench(tmp_path, painter=Painter([RenderError("The server fell over.")])).render()


# ---------------------------------------------------------------- memory


def test_memory_that_runs_out_beside_the_model_costs_no_picture(tmp_path: Path) -> None:
    judged_again = Bench(tmp_path, judge=Scripted(fails=[MemoryError()]))
    made = judged_again.render()
    assert made.making
    assert made.making.verdict is Verdict.SAME
    never = Bench(tmp_path, {"takes": 1}, judge=Scripted(fails=[MemoryError(), MemoryError()]))
    made = never.render()
    assert made.making
    assert made.making.verdict is Verdict.UNKNOWN
    assert "Memory ran out" in made.making.note
    small = Bench(tmp_path, larger=Larger(MemoryError()), painter=Painter(size=(64, 64)))
    assert small.render().width == 64


def test_a_card_that_failed_ends_the_process_not_the_picture(tmp_path: Path) -> None:
    bench = Bench(tmp_path, judge=Scripted(fails=[RuntimeError("CUDA error: device-side assert triggered")]))
    with pytest.raises(RestartNeeded):
        bench.render()


# ---------------------------------------------------------------- sizes


def test_a_picture_that_came_smaller_is_enlarged(tmp_path: Path) -> None:
    bench = Bench(tmp_path, painter=Painter(size=(96, 96)))
    made = bench.render()
    assert bench.larger.asked == [(SIZE, SIZE)]
    assert opened(made.png).size == (made.width, made.height) == (SIZE, SIZE)
    assert made.making
    assert made.making.enlarged == pytest.approx(SIZE / 96, abs=0.001)


def test_without_an_upscaler_it_stays_as_small_as_it_is(tmp_path: Path) -> None:
    for settings, larger in (({}, Larger(WeightsError("No upscaler."))), ({"upscale": False}, Larger())):
        bench = Bench(tmp_path, settings, painter=Painter(size=(96, 96)), larger=larger)
        made = bench.render()
        assert opened(made.png).size == (made.width, made.height) == (96, 96)
        assert made.making
        assert made.making.enlarged == 1.0


@pytest.mark.parametrize("size", [(1000, 1000), (2048, 2048), (1024, 1536), (72, 200)])
def test_models_are_asked_for_what_they_can_render(tmp_path: Path, size: tuple[int, int]) -> None:
    bench = Bench(tmp_path, {"verify": False})
    made = bench.render(picture_job(width=size[0], height=size[1]))
    (canvas,) = bench.painter.canvases
    assert canvas.width % 16 == canvas.height % 16 == 0
    assert canvas.width * canvas.height <= 1.1 * 1024**2
    assert (made.width, made.height) == opened(made.png).size == size


# ---------------------------------------------------------------- settings


def test_a_style_brings_its_settings(tmp_path: Path) -> None:
    theme = tmp_path / "loras" / "ink.safetensors"
    theme.parent.mkdir()
    theme.write_bytes(b"x")
    style = {
        "family": "sdxl",
        "sampler": "ddim",
        "steps": 22,
        "guidance": 3.5,
        "negative": "hats",
        "lora": "ink.safetensors",
        "lora_scale": 0.5,
    }
    bench = Bench(tmp_path, {"styles": {"anime": style}})
    made = bench.render(picture_job(persona=replace(MAYA, style=StyleRegister.ANIME)))
    (canvas,) = bench.painter.canvases
    assert bench.painter.asked[0][:2] == ("sdxl", Precision.FP16)
    assert (canvas.sampler, canvas.steps, canvas.guidance) == ("ddim", 22, 3.5)
    assert canvas.negative.startswith("hats")
    assert [(each.path, each.scale) for each in canvas.adapters] == [(theme, 0.5)]
    assert made.making
    assert (made.making.sampler, made.making.steps, made.making.guidance) == ("ddim", 22, 3.5)


def test_what_a_family_does_not_know_is_its_own(tmp_path: Path) -> None:
    bench = Bench(tmp_path, {"styles": {"photoreal": {"sampler": "ddim", "lora": "gone.safetensors"}}})
    bench.render()
    (canvas,) = bench.painter.canvases
    assert (canvas.sampler, canvas.steps, canvas.guidance) == ("flow-euler", 4, 1.0)
    assert canvas.negative == ""
    assert canvas.adapters == ()


# ---------------------------------------------------------------- progress


def test_people_hear_how_it_goes_on(tmp_path: Path) -> None:
    bench = Bench(tmp_path, painter=Painter([NEAR, SAME], patched=NEAR, size=(96, 96)), here=["sdxl"])
    bench.render()
    shares = [share for share, _ in bench.listener.heard]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    said = dict.fromkeys(words for _, words in bench.listener.heard)
    for words in (
        "painting, step 4 of 4",
        "looking whether it is her",
        "repairing the face",
        "painting, take 2 of 3, step 1 of 4",
        "enlarging the picture",
        "done",
    ):
        assert words in said


def test_previews_are_of_the_picture_and_not_of_its_repair(tmp_path: Path) -> None:
    bench = Bench(tmp_path, painter=Painter([NEAR], patched=SAME), here=["sdxl"])
    bench.render()
    assert len(bench.listener.previews) == 4
    hidden = Bench(tmp_path, {"previews": False})
    hidden.render()
    assert hidden.listener.previews == []


@pytest.mark.parametrize(
    "stage", ["painting", "looking whether", "repairing", "enlarging", "painting, take 2 of 3, step 3"]
)
def test_every_stage_can_be_stopped(tmp_path: Path, stage: str) -> None:
    bench = Bench(tmp_path, painter=Painter([NEAR, OTHER, SAME], patched=NEAR, size=(96, 96)), here=["sdxl"])
    bench.listener = Listener(lambda words: CancelledError() if words.startswith(stage) else None)
    with pytest.raises(CancelledError):
        bench.render()
    assert bench.listener.heard[-1][1].startswith(stage)


# ---------------------------------------------------------------- batches


def test_jobs_of_the_same_route_are_rendered_at_once(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    studio, materials = bench.studio, canon(tmp_path)
    jobs = [picture_job(seed=seed) for seed in (1, 2, 3)]
    assert len({studio.key(job, materials) for job in jobs}) == 1
    ends = studio.render_many([(job, Listener(), materials) for job in jobs])
    assert bench.painter.batches == [3]
    assert [canvas.seed for canvas in bench.painter.canvases] == [1, 2, 3]
    assert all(
        not isinstance(end, Exception) and end.making and end.making.verdict is Verdict.SAME for end in ends
    )


def test_each_of_a_batch_is_judged_by_itself(tmp_path: Path) -> None:
    bench = Bench(
        tmp_path,
        {"takes": 2},
        painter=Painter([SAME, OTHER, NEAR, SAME, OTHER], patched=OTHER),
        here=["klein"],
    )
    materials = canon(tmp_path)
    orders = [(picture_job(seed=seed), Listener(), materials) for seed in (1, 2, 3)]
    first, second, third = bench.studio.render_many(orders)
    assert bench.painter.batches[0] == 3
    assert not isinstance(first, Exception)
    assert first.making
    assert first.making.takes == 1
    assert not isinstance(second, Exception)
    assert second.making
    assert (second.making.takes, second.making.verdict) == (2, Verdict.SAME)
    assert not isinstance(third, Exception)
    assert third.making
    assert third.making.verdict is Verdict.NEAR


def test_who_leaves_a_batch_does_not_stop_the_others(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    materials = canon(tmp_path)
    leaver = Listener(lambda words: CancelledError() if "step 2" in words else None)
    ends = bench.studio.render_many(
        [
            (picture_job(seed=1), Listener(), materials),
            (picture_job(seed=2), leaver, materials),
            (picture_job(seed=3), Listener(), materials),
        ]
    )
    assert bench.painter.batches == [3]
    assert [isinstance(end, CancelledError) for end in ends] == [False, True, False]


def test_a_batch_that_nobody_wants_any_more_is_stopped(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    materials = canon(tmp_path)
    leavers = [Listener(lambda words: CancelledError()) for _ in range(2)]
    ends = bench.studio.render_many([(picture_job(), leaver, materials) for leaver in leavers])
    assert all(isinstance(end, CancelledError) for end in ends)
    assert bench.painter.batches == [2]


def test_a_batch_that_fails_is_rendered_one_by_one(tmp_path: Path) -> None:
    bench = Bench(tmp_path, painter=Painter([WeightsError("klein is damaged.")]), here=["klein"])
    materials = canon(tmp_path)
    ends = bench.studio.render_many([(picture_job(seed=seed), Listener(), materials) for seed in (1, 2)])
    assert [end.pipeline for end in ends if not isinstance(end, Exception)] == ["illustrator", "illustrator"]


def test_one_of_a_batch_that_is_somebody_else_is_told_apart(tmp_path: Path) -> None:
    bench = Bench(tmp_path, {"takes": 1}, painter=Painter([SAME, OTHER]), here=["klein"])
    materials = canon(tmp_path)
    ends = bench.studio.render_many([(picture_job(seed=seed), Listener(), materials) for seed in (1, 2)])
    assert [isinstance(end, UnlikeError) for end in ends] == [False, True]


def test_what_cannot_be_batched_has_no_key(tmp_path: Path) -> None:
    materials = canon(tmp_path)
    bench = Bench(tmp_path)
    key = bench.studio.key
    assert key(picture_job(), materials) != key(picture_job(width=256), materials)
    assert key(picture_job(), materials) != key(picture_job(), Materials(materials.own[:1]))
    anime = picture_job(persona=replace(MAYA, style=StyleRegister.ANIME))
    assert key(anime, materials) not in (None, key(picture_job(), materials))
    assert Bench(tmp_path, here=()).studio.key(picture_job(), materials) is None
    sketch = picture_job(purpose=PicturePurpose.PREVIEW, draft_id="draft", pipeline="sdxl")
    assert key(sketch, materials) is None
    alone = Bench(tmp_path, {"accept": ("kontext",)}, here=["kontext"], gigabytes=48)
    assert alone.studio.key(picture_job(), materials) is None


def test_jobs_of_different_keys_are_each_rendered(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    materials = canon(tmp_path)
    anime = picture_job(persona=replace(MAYA, style=StyleRegister.ANIME))
    ends = bench.studio.render_many([(picture_job(), Listener(), materials), (anime, Listener(), materials)])
    assert bench.painter.batches == [1, 1]
    assert [end.pipeline for end in ends if not isinstance(end, Exception)] == ["klein", "sdxl"]


def test_the_judge_is_shown_the_cast_and_the_model_is_not(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    materials = canon(tmp_path)
    bench.render(materials=materials)
    assert bench.judge.seen[0][1] == materials
    assert not set(bench.painter.canvases[0].references) & set(materials.cast)


class _Silent:
    def step(self, done: int, of: int) -> None: ...

    def preview(self, image: Image.Image) -> None: ...


def _order(materials: Materials):  # type: ignore[no-untyped-def]
    from engine.images.studio.plan import order

    return order(picture_job(), materials)


def test_a_reference_role_that_shows_no_face_is_not_in_a_repair(tmp_path: Path) -> None:
    bench = Bench(tmp_path, painter=Painter([NEAR], patched=SAME), here=["sdxl"])
    own = (*canon(tmp_path).own, reference(tmp_path, ReferenceRole.EXPRESSION, "neutral"))
    bench.render(materials=Materials(own))
    assert {each.role for each in bench.mender.near[0].references} <= {
        ReferenceRole.HEADSHOT,
        ReferenceRole.EXPRESSION,
        ReferenceRole.ANGLE,
    }
    assert bench.mender.near[0].prompt.count("close-up") == 1
    assert set(LOCAL) >= {"sdxl"}
