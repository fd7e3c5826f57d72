"""The shipped cast: complete, distinct, balanced, and each with a voice of their own."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest

from characters.cast import cast_picture, load_cast
from characters.character import Persona, StyleRegister, missing, personality_traits
from characters.coach.story import count_facts
from characters.coach.wording import tokens
from characters.fields import FIELDS, TAGLINE_LENGTH

CAST = load_cast()


def test_there_are_at_least_ten() -> None:
    assert len(CAST) >= 10
    assert [slug for slug, _ in CAST] == sorted({slug for slug, _ in CAST})


@pytest.mark.parametrize(("slug", "persona"), CAST)
def test_each_is_complete_but_for_the_picture(slug: str, persona: Persona) -> None:
    assert {problem.field for problem in missing(persona)} == {"headshot"}
    assert persona.name.casefold().startswith(slug)
    assert persona.appearance.age >= 21
    assert 3 <= len(personality_traits(persona)) <= 5
    assert 3 <= len(persona.personality.speech) <= 5
    assert 4 <= len(persona.personality.sample_lines) <= 6
    assert 2 <= persona.backstory.count("\n\n") + 1 <= 3
    assert persona.greeting
    assert persona.relationship
    assert persona.voice.description
    assert len(persona.tags) >= 3
    assert len(persona.tagline) <= TAGLINE_LENGTH


@pytest.mark.parametrize(("slug", "persona"), CAST)
def test_each_backstory_gives_something_to_hold_on_to(slug: str, persona: Persona) -> None:
    assert count_facts(persona.backstory) >= 6
    assert {"you", "your"} & set(tokens(persona.backstory))
    assert len(persona.backstory.split()) <= 200


@pytest.mark.parametrize(("slug", "persona"), CAST)
def test_each_can_be_edited_field_by_field(slug: str, persona: Persona) -> None:
    for name, field in FIELDS.items():
        if name != "tags":  # written by people with capitals, stored without
            assert field.write(persona, field.read(persona)) == persona, name


def test_all_styles_occur_and_looks_are_balanced() -> None:
    people = [persona for _, persona in CAST]
    assert {persona.style for persona in people} == set(StyleRegister)
    assert max(Counter(persona.appearance.presentation for persona in people).values()) <= len(people) / 2
    assert len({persona.appearance.age // 10 for persona in people}) >= 5
    assert max(Counter(persona.appearance.skin_tone for persona in people).values()) <= 2
    assert len({persona.archetype for persona in people}) >= 5


def test_nobody_shares_a_face_a_quirk_or_a_voice() -> None:
    for read in ("distinctive", "quirk", "tension", "greeting", "hair_colour", "outfit", "voice"):
        values = [FIELDS[read].read(persona) for _, persona in CAST]
        assert len(set(values)) == len(values), read


def test_the_voices_differ_in_their_words() -> None:
    spoken = {slug: set(tokens(" ".join(persona.personality.sample_lines))) for slug, persona in CAST}
    for one, other in combinations(spoken, 2):
        shared = spoken[one] & spoken[other]
        assert len(shared) / len(spoken[one] | spoken[other]) < 0.3, (one, other, shared)


def test_sentence_lengths_are_part_of_a_voice() -> None:
    def words_a_sentence(slug: str) -> float:
        lines = " ".join(dict(CAST)[slug].personality.sample_lines)
        sentences = [part for part in lines.replace("?", ".").replace("!", ".").split(".") if part.strip()]
        return len(tokens(lines)) / len(sentences)

    assert words_a_sentence("odile") > 1.8 * words_a_sentence("tomasz")


def test_pictures_are_png_once_they_are_rendered() -> None:
    for slug, _ in CAST:
        picture = cast_picture(slug)
        assert picture is None or picture.startswith(b"\x89PNG")
    assert cast_picture("nobody") is None
    assert cast_picture("../cast/odile") is None
