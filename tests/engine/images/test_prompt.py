"""Prompts are written around the character: never the face, always an adult, in each family's manner."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from characters.archetypes import ORDER, start_from
from characters.cast import load_cast
from characters.character import Appearance, Expression, Hair, Outfit, Persona, StyleRegister
from engine.errors import RefusedError
from engine.images.manners import book, manner_of
from engine.images.pipelines.facts import families
from engine.images.pipelines.port import Reference
from engine.images.prompt import close_up, introduce, noun, tokens, write
from engine.types import Framing, PictureJob, PicturePurpose, ReferenceRole, Shot, TimeOfDay, Weather

CAST = load_cast()
HEADSHOT = Reference(ReferenceRole.HEADSHOT, "headshot", "a" * 64, Path("a.png"))
PROFILE = Reference(ReferenceRole.ANGLE, "profile", "b" * 64, Path("b.png"))
RED_DRESS = Reference(ReferenceRole.OUTFIT, "red dress", "c" * 64, Path("c.png"))
JAZZ_BAR = Reference(ReferenceRole.LOCATION, "jazz bar", "d" * 64, Path("d.png"))
GUITAR = Reference(ReferenceRole.PROP, "guitar", "e" * 64, Path("e.png"))
SHOTS = [
    Shot(framing=framing, expression=expression, **scene)
    for framing, expression in zip(
        Framing, (Expression.NEUTRAL, Expression.HAPPY, Expression.SAD), strict=True
    )
    for scene in (
        {},
        {"place": "jazz bar", "time_of_day": TimeOfDay.NIGHT, "weather": Weather.RAIN, "light": "neon"},
        {
            "place": "beach",
            "action": "playing the guitar",
            "props": ("guitar",),
            "outfit": Outfit("x", "linen shirt"),
        },
    )
]
WITH_REFERENCES = [facts.name for facts in families().values() if facts.references]


def job(
    persona: Persona, shot: Shot = SHOTS[0], purpose: PicturePurpose = PicturePurpose.SELFIE
) -> PictureJob:
    return PictureJob(purpose, persona, shot, 7)


def references(family: str) -> tuple[Reference, ...]:
    allowed = [
        each for each in (HEADSHOT, PROFILE, RED_DRESS, JAZZ_BAR) if each.role in manner_of(family).roles
    ]
    return tuple(allowed[: families()[family].references])


def face_of(persona: Persona) -> str:
    looks = persona.appearance
    hair = f"{looks.hair.colour} {looks.hair.length} {looks.hair.style}"
    return f"{looks.face_shape} {looks.features} {looks.eyes} {looks.skin_tone} {hair} {looks.distinctive}"


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w-]+", text.casefold()))


def faceless(persona: Persona) -> Persona:
    """The same character without a word about the face."""
    looks = replace(
        persona.appearance, face_shape="", features="", eyes="", skin_tone="", hair=Hair(), distinctive=""
    )
    return replace(persona, appearance=looks)


@pytest.mark.parametrize("family", WITH_REFERENCES)
@pytest.mark.parametrize(("slug", "persona"), CAST, ids=[slug for slug, _ in CAST])
def test_no_word_of_the_face_gets_into_a_prompt(slug: str, persona: Persona, family: str) -> None:
    blank = faceless(persona)
    for shot in SHOTS:
        shown = references(family)
        pairs = (
            (write(job(persona, shot), family, shown).prompt, write(job(blank, shot), family, shown).prompt),
            *(
                (
                    close_up(job(persona, shot), family, shown, edits=edits),
                    close_up(job(blank, shot), family, shown, edits=edits),
                )
                for edits in (False, True)
            ),
        )
        for prompt, without in pairs:
            # What the words of the face alone could have brought in: trousers may be brown, too.
            face = words(face_of(persona)) - words(without)
            assert not face & words(prompt)


@pytest.mark.parametrize("family", WITH_REFERENCES)
def test_prompts_are_the_same_whatever_the_face(family: str) -> None:
    for _, persona in CAST:
        for shot in SHOTS:
            assert write(job(persona, shot), family, references(family)) == write(
                job(faceless(persona), shot), family, references(family)
            )


@pytest.mark.parametrize("family", families())
@pytest.mark.parametrize("style", StyleRegister)
def test_every_prompt_of_a_character_says_adult(family: str, style: StyleRegister) -> None:
    for archetype in ORDER:
        persona = replace(start_from(archetype, 1), style=style)
        for shot in SHOTS:
            assert "adult" in words(write(job(persona, shot), family, references(family)).prompt)
            assert "adult" in words(write(job(persona, shot), family, ()).prompt)


def test_a_child_is_refused_before_a_word_is_written() -> None:
    child = replace(CAST[0][1], appearance=replace(CAST[0][1].appearance, age=17))
    with pytest.raises(RefusedError, match="adults"):
        write(job(child), "klein", (HEADSHOT,))


@pytest.mark.parametrize(
    ("presentation", "word"),
    [
        ("woman", "woman"),
        ("young girl with red hair", "woman"),
        ("a tall boy", "man"),
        ("androgynous person", "person"),
        ("", "person"),
        ("clockwork centaur with brass eyes", "clockwork centaur"),
        ("she-wolf", "woman"),
    ],
)
def test_what_a_character_is_called(presentation: str, word: str) -> None:
    assert noun(Persona("X", appearance=Appearance(presentation=presentation))) == word


def test_what_a_shot_says_of_the_face_is_left_out() -> None:
    shot = Shot(action="dancing with her long red hair flying", place="a room with blue eyes on the wall")
    prompt = write(job(dict(CAST)["anselm"], shot), "klein", (HEADSHOT,)).prompt
    assert "dancing" in prompt.casefold()
    assert not words(prompt) & {"red", "blue", "eyes"}


def test_brushing_ones_hair_is_an_action() -> None:
    assert (
        "brushing her hair"
        in write(job(CAST[0][1], Shot(action="brushing her hair")), "klein", (HEADSHOT,)).prompt.casefold()
    )


def test_references_are_named_as_the_family_names_them() -> None:
    shot = Shot(place="jazz bar", props=("guitar",), outfit=Outfit("red dress", "red dress"))
    shown = (HEADSHOT, PROFILE, RED_DRESS, JAZZ_BAR, GUITAR)
    klein = write(job(CAST[0][1], shot), "klein", shown).prompt
    assert "the adult woman in image 1 (also shown in image 2)" in klein
    assert "the clothes of image 3" in klein
    assert "the same place as in image 4" in klein
    assert "guitar, as in image 5" in klein
    assert "the adult woman in Picture 1" in write(job(CAST[0][1], shot), "qwen_edit", (HEADSHOT,)).prompt
    assert "image" not in write(job(CAST[0][1], shot), "sdxl", (HEADSHOT,)).prompt


def test_a_model_that_changes_pictures_is_told_which_one_is_the_crop() -> None:
    persona = dict(CAST)["noor"]
    prompt = close_up(job(persona), "klein", (HEADSHOT, PROFILE), edits=True)
    assert prompt.startswith(
        "Image 3 is a part of a picture: paint it again with the face of the adult person in image 1"
    )
    assert close_up(job(persona), "sdxl", (HEADSHOT,), edits=True) == close_up(
        job(persona), "sdxl", (HEADSHOT,)
    )


def test_the_scene_is_in_the_words() -> None:
    shot = Shot(
        place="jazz bar",
        time_of_day=TimeOfDay.NIGHT,
        weather=Weather.RAIN,
        light="candlelight",
        expression=Expression.LAUGHING,
        framing=Framing.WIDE,
        action="dancing",
        outfit=Outfit("", "yellow raincoat"),
    )
    prompt = write(job(CAST[0][1], shot), "klein", (HEADSHOT,)).prompt.casefold()
    for part in (
        "full-length",
        "laughing",
        "dancing",
        "jazz bar",
        "at night",
        "rain on the window",
        "candles",
        "yellow raincoat",
    ):
        assert part in prompt
    assert (
        "in the rain"
        in write(job(CAST[0][1], replace(shot, place="beach")), "klein", (HEADSHOT,)).prompt.casefold()
    )


def test_every_value_of_a_shot_has_its_words() -> None:
    known = book()
    assert set(known.time) == set(known.hour) == set(TimeOfDay)
    assert set(known.weather.inside) == set(known.weather.outside) == set(Weather)
    assert set(known.style) == set(StyleRegister)
    for phrases in (known.sentences, known.tags):
        assert set(phrases.framing) == set(Framing)
        assert set(phrases.expression) == set(Expression)
    assert set(known.family) == set(families())
    for name, facts in families().items():
        assert bool(manner_of(name).roles) == bool(facts.references)


def test_what_reads_little_is_told_the_important_part() -> None:
    prose = " ".join(f"word{n}" for n in range(200))
    shot = Shot(place=prose, action=prose, outfit=Outfit("", prose), framing=Framing.WIDE)
    for persona in (persona for _, persona in CAST):
        for shown in ((HEADSHOT,), ()):
            prompt = write(job(persona, shot), "sdxl", shown).prompt
            assert tokens(prompt) <= manner_of("sdxl").tokens
            assert "full body shot, an adult" in prompt


def test_only_the_first_picture_is_described() -> None:
    persona = dict(CAST)["noor"]
    prompt = write(job(persona, Shot(), PicturePurpose.TAKE), "klein", ()).prompt
    assert "aquiline nose" in introduce(persona)
    assert "aquiline nose" in prompt
    assert "ear cuff" in prompt
    assert "aged 33" in prompt


@pytest.mark.parametrize("family", ["klein", "sdxl"])
def test_who_else_is_there_is_said_and_grown_up(family: str) -> None:
    persona = CAST[0][1]
    alone = write(job(persona, Shot(action="dancing")), family, (HEADSHOT,)).prompt
    assert "Nobody else" in alone or "solo" in alone
    together = write(
        job(persona, Shot(action="dancing", request="dancing with her sister")), family, (HEADSHOT,)
    ).prompt
    assert "with her sister" in together.replace("With", "with")
    assert "everybody an adult" in together or "all adults" in together
    assert not words(together) & {"solo", "nobody"}


def test_scenery_has_nobody_in_it() -> None:
    persona = CAST[0][1]
    place = write(job(persona, Shot(place="jazz bar", scenery=True)), "z_image", ())
    assert "without people" in place.prompt
    assert "person" in place.negative
    assert noun(persona) not in words(place.prompt)
    thing = write(job(persona, Shot(props=("old guitar",), scenery=True)), "z_image", ()).prompt
    assert "old guitar alone" in thing


def test_negatives_are_those_of_the_style_and_of_the_settings() -> None:
    persona = replace(CAST[0][1], style=StyleRegister.ANIME)
    negative = write(job(persona), "sdxl", (HEADSHOT,), negative="hats").negative
    assert negative.startswith("hats, ")
    assert "photograph" in negative
    assert "child" in negative


def test_nobodys_name_is_told() -> None:
    for _, persona in CAST:
        for family in families():
            prompt = write(job(persona, SHOTS[1]), family, references(family)).prompt
            assert not set(re.findall(r"\w+", persona.name)) & set(re.findall(r"\w+", prompt))
