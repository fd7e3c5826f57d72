"""bot/wizard/machine.py on the real engine: every answer is saved, the coach objects, a face is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.messages import Catalog, OptionValue, Outbound, Profile, Text, Wizard
from tests.bot.conftest import Guest, opened, working

ANSWERS: dict[str, dict[str, str]] = {
    "archetype": {"archetype": "artist"},
    "who": {
        "name": "Ines Okafor",
        "age": "34",
        "presentation": "woman",
        "pronouns": "she/her",
        "tagline": "Paints shop signs by hand, and reads every one aloud",
    },
    "looks": {
        "face_shape": "oval with high cheekbones",
        "features": "broad nose, full lips, arched brows",
        "hair_colour": "copper",
        "hair_length": "shoulder-length",
        "hair_style": "loose waves with a side parting",
        "eyes": "hazel, almond-shaped",
        "skin_tone": "warm brown",
        "build": "tall, lean, runner's build with broad shoulders",
        "distinctive": "thin scar through the left eyebrow",
    },
    "outfit": {"outfit": "paint-flecked indigo overalls over an ochre shirt"},
    "personality": {
        "traits": "warm\nobservant\nterrible at small talk",
        "tension": "slow to open up, and then never shuts up",
        "quirk": "hums when concentrating",
        "speech": "short sentences\nbegins with “So.”",
        "sample_lines": "So. Who taught you to hold a brush like that?",
    },
    "backstory": {
        "backstory": "Grew up above a print shop in Leeds. Moved to Porto six years ago and paints shop signs by "
        "hand. She cares about letters that outlive the shop, and about her neighbour's parrot, Duque.",
        "relationship": "neighbour who borrowed your ladder and stayed for tea",
        "greeting": "So. You're the one with the ladder.",
    },
    "style": {"style": "painterly"},
}


def wizard(shown: tuple[Outbound, ...]) -> Wizard:
    (view,) = shown
    assert isinstance(view, Wizard), view
    return view


async def step(guest: Guest, view: Wizard, action: str = "answer", **answers: OptionValue) -> Wizard:
    return wizard(await guest.call("create", draft=view.draft_id, action=action, step=view.step, **answers))


async def fill(guest: Guest, view: Wizard) -> Wizard:
    """Answer every step up to the takes as someone does who follows the suggestions."""
    while view.step != "takes":
        before = view.step
        view = await step(guest, view, **ANSWERS[view.step])
        assert view.step != before, [tip.sentence for tip in view.advice]
    return view


async def test_good_answers_lead_through_all_steps(guest: Guest) -> None:
    view = await fill(guest, wizard(await guest.call("create")))
    assert [answered for _, _, answered in view.steps] == [True] * (view.total - 1) + [False]


async def test_a_draft_survives_at_every_step(tmp_path: Path) -> None:
    async with opened(tmp_path) as guest:
        view = wizard(await guest.call("create"))
    for name in ANSWERS:
        async with opened(tmp_path) as guest:
            view = wizard(await guest.call("create", draft=view.draft_id))
            assert view.step == name
            view = await step(guest, view, **ANSWERS[name])
    async with opened(tmp_path) as guest:
        (catalog,) = await guest.call("characters")
        assert isinstance(catalog, Catalog)
        assert [(draft.draft_id, draft.name) for draft in catalog.drafts] == [(view.draft_id, "Ines Okafor")]
        view = wizard(await guest.call("create", draft=view.draft_id, action="goto", step="who"))
        assert {field.name: field.value for field in view.fields} == ANSWERS["who"]


async def test_an_unusable_answer_is_kept_and_explained(guest: Guest) -> None:
    view = await step(guest, wizard(await guest.call("create")), archetype="artist")
    view = await step(guest, view, **ANSWERS["who"] | {"age": "thirty-ish"})
    assert view.step == "who"
    (tip,) = [tip for tip in view.advice if tip.field == "age"]
    assert tip.blocking
    assert {field.name: field.value for field in view.fields}["age"] == "thirty-ish"
    view = await step(guest, view, age="34")
    assert not [tip for tip in view.advice if tip.field == "age"]


@pytest.mark.parametrize(("field", "value"), [("age", "15"), ("name", ""), ("name", "x" * 100_000)])
async def test_what_may_not_be_does_not_pass(guest: Guest, field: str, value: str) -> None:
    view = await step(guest, wizard(await guest.call("create")), archetype="artist")
    view = await step(guest, view, **ANSWERS["who"] | {field: value})
    assert view.step == "who"
    assert any(tip.field == field and tip.blocking for tip in view.advice)


async def test_the_coachs_proposal_is_accepted_by_one_click(guest: Guest) -> None:
    view = wizard(await guest.call("create"))
    for name in ("archetype", "who"):
        view = await step(guest, view, **ANSWERS[name])
    view = await step(guest, view, **ANSWERS["looks"] | {"hair_colour": "red"})
    (tip,) = [tip for tip in view.advice if tip.field == "hair_colour"]
    assert tip.proposal
    view = await step(guest, view, "accept", field="hair_colour")
    assert {field.name: field.value for field in view.fields}["hair_colour"] == tip.proposal
    assert not [one for one in view.advice if one.field == "hair_colour"]


async def test_advice_that_does_not_block_holds_nobody_up_twice(guest: Guest) -> None:
    view = wizard(await guest.call("create"))
    for name in ("archetype", "who"):
        view = await step(guest, view, **ANSWERS[name])
    weak = ANSWERS["looks"] | {"hair_colour": "red"}
    view = await step(guest, view, **weak)
    assert view.step == "looks" and not any(tip.blocking for tip in view.advice)
    view = await step(guest, view, **weak)
    assert view.step == "outfit"


async def test_someone_elses_draft_is_not_there(guest: Guest) -> None:
    view = wizard(await guest.call("create"))
    other = await guest.another("bo")
    (text,) = await other.call("create", draft=view.draft_id)
    assert isinstance(text, Text)


async def test_a_draft_without_a_face_says_what_is_missing(guest: Guest) -> None:
    view = await fill(guest, wizard(await guest.call("create")))
    view = await step(guest, view, "publish")
    assert view.character is None and any("take" in problem for problem in view.problems)


@pytest.mark.slow
async def test_takes_a_choice_and_a_new_version(tmp_path: Path) -> None:
    async with working(tmp_path) as (guest, _):
        view = await fill(guest, wizard(await guest.call("create")))
        view = await step(guest, view, "takes")
        assert len(view.takes) == 3
        again = await step(guest, view, "takes")  # pressed twice: the same three
        assert [take.job_id for take in again.takes] == [take.job_id for take in view.takes]
        for take in view.takes:
            await guest.house.engine.selfie.finished(take.job_id, 60)
        view = wizard(await guest.call("create", draft=view.draft_id))
        media = [take.media_id for take in view.takes]
        assert all(media) and len(set(media)) == 3
        view = await step(guest, view, "choose", take=view.takes[1].job_id)
        assert [take.chosen for take in view.takes] == [False, True, False]
        view = await step(guest, view, "publish")
        assert view.character is not None and view.character.picture_media_id == media[1]
        again = await step(guest, view, "publish")
        assert again.character == view.character
        (catalog,) = await guest.call("characters")
        assert isinstance(catalog, Catalog)
        assert not catalog.drafts and [card.name for card in catalog.characters if card.mine] == [
            "Ines Okafor"
        ]

        (profile,) = await guest.call("profile", character=view.character.slug)
        assert isinstance(profile, Profile) and profile.version == 1
        view = wizard(await guest.call("edit", character=view.character.slug))
        view = wizard(await guest.call("create", draft=view.draft_id, action="goto", step="personality"))
        view = await step(guest, view, "save", quirk="counts the steps of every staircase out loud")
        view = await step(guest, view, "publish")
        assert view.character is not None and view.character.picture_media_id == media[1]
        (profile,) = await guest.call("profile", character=view.character.slug)
        assert isinstance(profile, Profile) and profile.version == 2
        assert await guest.house.engine.characters.versions(view.character.id) == [1, 2]
