"""Which model makes a picture, by style, work, hardware, settings and what is here."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from characters.character import Persona, StyleRegister
from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig, StyleSettings
from engine.images.device.hardware import Card
from engine.images.pipelines.facts import families
from engine.images.pipelines.folders import INDEX, folder_of
from engine.images.pipelines.port import Precision, Workshop
from engine.images.routing.overview import recommended, rows, suggestions
from engine.images.routing.route import Choice, Ground, choose, ground
from engine.images.routing.table import SAME, Work, table, work_of
from engine.types import PictureJob, PicturePurpose, Shot

PHOTO, ANIME = StyleRegister.PHOTOREAL, StyleRegister.ANIME
LOCAL = [facts.name for facts in families().values() if facts.repo]
# What a card shows of the gigabytes that it is sold with.
GIB = 1024 - 8


def workshop(tmp_path: Path, *, device: str = "cuda:0", **settings: Any) -> Workshop:
    return Workshop(tmp_path, ImagesConfig(**settings), ComfyConfig(), ImageServerConfig(), device)


def on(
    tmp_path: Path, gigabytes: int, *, here: Collection[str] = LOCAL, device: str = "cuda:0", **settings: Any
) -> Ground:
    card = Card("A card", gigabytes * GIB, gigabytes * GIB, device) if gigabytes else None
    return Ground(workshop(tmp_path, device=device, **settings), card, lambda facts: facts.name in here)


def first(choice: Choice) -> tuple[str, Precision]:
    return choice.routes[0].family, choice.routes[0].precision


@pytest.mark.parametrize(
    ("gigabytes", "family", "precision"),
    [
        (8, "klein", Precision.NF4),
        (12, "klein", Precision.FP8),
        (16, "klein", Precision.BF16),
        (24, "klein", Precision.BF16),
        (141, "klein", Precision.BF16),
    ],
)
def test_a_selfie_is_made_as_exactly_as_the_card_allows(
    tmp_path: Path, gigabytes: int, family: str, precision: Precision
) -> None:
    assert first(choose(Work.SELFIE, PHOTO, "auto", on(tmp_path, gigabytes))) == (family, precision)


def test_anime_is_drawn_by_sdxl_and_scenery_by_z_image(tmp_path: Path) -> None:
    card = on(tmp_path, 24)
    assert first(choose(Work.SELFIE, ANIME, "auto", card)) == ("sdxl", Precision.FP16)
    assert first(choose(Work.SCENERY, PHOTO, "auto", card))[0] == "z_image"
    assert first(choose(Work.COMPANY, PHOTO, "auto", card)) == ("qwen_edit", Precision.NF4)
    assert first(choose(Work.SECOND, PHOTO, "auto", card))[0] == "qwen_edit"


def test_what_does_not_fit_whole_comes_block_by_block(tmp_path: Path) -> None:
    route = choose(Work.SELFIE, ANIME, "auto", on(tmp_path, 8)).routes[0]
    assert (route.family, route.whole) == ("sdxl", False)


def test_no_model_without_references_ever_draws_a_character(tmp_path: Path) -> None:
    for gigabytes in (8, 24, 141):
        for work in set(Work) - {Work.SCENERY}:
            for style in StyleRegister:
                for asked in ("auto", "z_image"):
                    found = choose(work, style, asked, on(tmp_path, gigabytes), painter="klein").routes
                    assert all(route.facts.references for route in found)


def test_a_first_picture_is_never_asked_of_a_model_that_only_edits(tmp_path: Path) -> None:
    found = choose(Work.INTRODUCTION, PHOTO, "qwen_edit", on(tmp_path, 80)).routes
    assert found
    assert all(route.family != "qwen_edit" for route in found)


def test_what_is_not_accepted_is_never_taken(tmp_path: Path) -> None:
    only = {"here": ["kontext"]}
    refused = choose(Work.SELFIE, PHOTO, "auto", on(tmp_path, 48, **only))
    assert not refused.routes
    named = choose(Work.SELFIE, PHOTO, "kontext", on(tmp_path, 48, **only))
    assert not named.routes
    assert "FLUX.1 [dev] Non-Commercial" in named.sentence
    accepted = choose(Work.SELFIE, PHOTO, "auto", on(tmp_path, 48, **only, accept=("kontext",)))
    assert first(accepted) == ("kontext", Precision.BF16)


def test_the_illustrator_says_why_it_answers(tmp_path: Path) -> None:
    absent = choose(Work.SELFIE, PHOTO, "klein", on(tmp_path, 24, here=()))
    assert absent.sentence == (
        "Drawn by the illustrator: FLUX.2 klein 4B is not on this machine yet (selfsame models pull klein)."
    )
    small = choose(Work.SELFIE, PHOTO, "auto", on(tmp_path, 4))
    assert not small.routes
    no_card = choose(Work.SELFIE, PHOTO, "auto", on(tmp_path, 0, device="cpu"))
    assert "no graphics card" in no_card.sentence


def test_a_card_without_room_for_anything_is_told_so(tmp_path: Path) -> None:
    choice = choose(Work.SELFIE, PHOTO, "auto", on(tmp_path, 6, vram_mb=1000))
    assert "needs 7.0 GB, and 1.0 GB can be used" in choice.sentence


def test_a_named_family_runs_where_the_table_would_not_send_it(tmp_path: Path) -> None:
    assert first(choose(Work.SELFIE, ANIME, "klein", on(tmp_path, 24)))[0] == "klein"
    on_processor = choose(Work.SELFIE, PHOTO, "klein", on(tmp_path, 0, device="cpu"))
    assert first(on_processor) == ("klein", Precision.FP32)
    tight = choose(Work.SELFIE, PHOTO, "qwen_edit", on(tmp_path, 8)).routes[0]
    assert (tight.family, tight.precision, tight.whole) == ("qwen_edit", Precision.NF4, False)


def test_a_named_family_is_the_only_one(tmp_path: Path) -> None:
    assert len(choose(Work.SELFIE, PHOTO, "klein", on(tmp_path, 80)).routes) == 1
    assert choose(Work.SECOND, PHOTO, "klein", on(tmp_path, 80)).routes == ()


def test_a_style_may_have_a_family_of_its_own(tmp_path: Path) -> None:
    styles = {"photoreal": StyleSettings(family="sdxl")}
    card = on(tmp_path, 24, styles=styles)
    assert first(choose(Work.SELFIE, PHOTO, "auto", card))[0] == "sdxl"
    assert first(choose(Work.SELFIE, PHOTO, "klein", card))[0] == "sdxl"
    assert first(choose(Work.SELFIE, StyleRegister.HYBRID, "auto", card))[0] == "klein"


def test_the_settings_decide_the_precision(tmp_path: Path) -> None:
    assert first(choose(Work.SELFIE, PHOTO, "auto", on(tmp_path, 24, precision="fp8")))[1] is Precision.FP8
    # SDXL is not had in four bits: then the best that fits.
    assert first(choose(Work.SELFIE, ANIME, "auto", on(tmp_path, 24, precision="nf4")))[1] is Precision.FP16


def test_a_limit_of_the_settings_is_the_size_of_the_card(tmp_path: Path) -> None:
    limited = on(tmp_path, 24, vram_mb=9000)
    assert first(choose(Work.SELFIE, PHOTO, "auto", limited)) == ("klein", Precision.FP8)


def test_a_repair_is_made_by_the_hand_that_painted_if_it_can(tmp_path: Path) -> None:
    able = [facts.name for facts in families().values() if facts.patch]
    for painter in ("klein", "sdxl", "qwen_edit"):
        found = choose(Work.REPAIR, PHOTO, "auto", on(tmp_path, 24), painter=painter)
        assert first(found)[0] == (painter if painter in able else able[0])
    assert choose(Work.REPAIR, PHOTO, "klein", on(tmp_path, 24), painter="klein").routes


def test_servers_are_here_once_they_are_named(tmp_path: Path) -> None:
    bare = Workshop(tmp_path, ImagesConfig(), ComfyConfig(), ImageServerConfig())
    assert "image_server.url" in choose(Work.SELFIE, PHOTO, "openai_images", ground(bare, None)).sentence
    assert "comfyui.workflow" in choose(Work.SELFIE, PHOTO, "comfyui", ground(bare, None)).sentence
    served = Workshop(
        tmp_path, ImagesConfig(), ComfyConfig(workflow="mine.json"), ImageServerConfig(url="http://x/v1")
    )
    assert first(choose(Work.SELFIE, PHOTO, "auto", ground(served, None)))[0] == "openai_images"
    assert first(choose(Work.SELFIE, PHOTO, "comfyui", ground(served, None)))[0] == "comfyui"


def test_a_family_is_here_once_its_folder_is(tmp_path: Path) -> None:
    work = workshop(tmp_path)
    card = Card("A card", 24 * GIB, 24 * GIB, "cuda:0")
    assert not choose(Work.SELFIE, PHOTO, "auto", ground(work, card)).routes
    folder = folder_of(families()["klein"], work.config, tmp_path)
    folder.mkdir(parents=True)
    (folder / INDEX).write_text("{}")
    assert first(choose(Work.SELFIE, PHOTO, "auto", ground(work, card)))[0] == "klein"


@pytest.mark.parametrize(
    ("purpose", "shot", "canon", "work"),
    [
        (PicturePurpose.SELFIE, Shot(), True, Work.SELFIE),
        (PicturePurpose.SELFIE, Shot(), False, Work.INTRODUCTION),
        (PicturePurpose.TAKE, Shot(), True, Work.INTRODUCTION),
        (PicturePurpose.CANON, Shot(), True, Work.SELFIE),
        (PicturePurpose.CANON, Shot(), False, Work.INTRODUCTION),
        (PicturePurpose.SELFIE, Shot(place="jazz bar", scenery=True), True, Work.SCENERY),
        (PicturePurpose.SELFIE, Shot(request="dancing with her sister"), True, Work.COMPANY),
        (PicturePurpose.SELFIE, Shot(action="hugging a friend"), True, Work.COMPANY),
        (PicturePurpose.SELFIE, Shot(request="with a guitar, next to a tree"), True, Work.SELFIE),
        (PicturePurpose.SELFIE, Shot(action="with a dog"), True, Work.SELFIE),
    ],
)
def test_what_kind_of_picture_a_job_is(purpose: PicturePurpose, shot: Shot, canon: bool, work: Work) -> None:
    assert work_of(PictureJob(purpose, Persona("Maya"), shot, 1), canon=canon) is work


def test_the_table_is_whole() -> None:
    for work in Work:
        assert set(table().work[work]) == set(StyleRegister)
        for listed in table().work[work].values():
            assert set(listed) <= {*families(), SAME}
    sizes = [tier.gigabytes for tier in table().tier]
    assert sizes == sorted(sizes)
    assert all(set(tier.families) <= set(families()) for tier in table().tier)


def test_the_overview_says_what_this_machine_would_take(tmp_path: Path) -> None:
    card = Card("A card", 16 * GIB, 16 * GIB, "cuda:0")
    assert set(recommended(workshop(tmp_path), card)) == {"klein", "sdxl", "z_image"}
    by_name = {row.family: row for row in rows(workshop(tmp_path), card)}
    klein = by_name["klein"]
    assert (klein.precision, klein.whole, klein.vram) == (Precision.BF16, True, 13.0)
    assert klein.recommended
    assert not klein.here
    assert by_name["qwen_edit"].precision is Precision.NF4
    assert not by_name["qwen_edit"].whole
    assert not by_name["kontext"].accepted
    assert by_name["z_image"].works == (Work.SCENERY,)
    assert recommended(workshop(tmp_path, device="cpu"), None) == ()


def test_every_tier_has_its_suggestions(tmp_path: Path) -> None:
    found = list(suggestions(workshop(tmp_path, device="cpu")))
    selfies = {
        each.tier.name: each.route for each in found if (each.work, each.style) == (Work.SELFIE, PHOTO)
    }
    assert selfies["no card"] is None
    precisions = {tier: route.precision.value for tier, route in selfies.items() if route}
    assert precisions == {
        "8 GB": "nf4", "12 GB": "fp8", "16 GB": "bf16", "24 GB": "bf16", "48 GB": "bf16", "80 GB": "bf16", "141 GB": "bf16",
    }  # fmt: skip
