"""Fields as words: what is read can be written, and what cannot be used says why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from characters.archetypes import ORDER, start_from
from characters.character import ADULT_AGE, Persona, StyleRegister, missing
from characters.fields import FIELDS, AgeError, ChoiceError, TooManyLinesError
from characters.text import InvisibleNameError, TextError, TooLongError

BARE = Persona(name="Ines")


@pytest.mark.parametrize("field", sorted(FIELDS))
@pytest.mark.parametrize("archetype_id", ORDER)
def test_what_is_read_can_be_written(field: str, archetype_id: str) -> None:
    persona = start_from(archetype_id, 1)
    if field == "name":
        return  # a start has none yet
    assert FIELDS[field].write(persona, FIELDS[field].read(persona)) == persona


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("name", "Linh Tạ"),
        ("age", "53"),
        ("presentation", "androgynous person"),
        ("pronouns", "they/them"),
        ("hair_colour", "copper"),
        ("outfit", "mustard cardigan over a striped shirt"),
        ("traits", "warm\nblunt\nlate"),
        ("speech", "begins with “So.”\nshort, dry sentences"),
        ("backstory", "Grew up in Lisbon.\n\nSketches musicians."),
        ("style", "anime"),
        ("voice", "low alto"),
        ("tags", "jazz\nberlin"),
    ],
)
def test_what_is_written_can_be_read(field: str, words: str) -> None:
    assert FIELDS[field].read(FIELDS[field].write(BARE, words)) == words


@pytest.mark.parametrize(
    ("field", "words", "error", "sentence"),
    [
        ("age", "", AgeError, "Write the age as a number"),
        ("age", "thirty", AgeError, "Write the age as a number"),
        ("age", "-5", AgeError, "Write the age as a number"),
        ("age", "3.5", AgeError, "Write the age as a number"),
        ("age", "9" * 400, TooLongError, "400 characters"),
        ("age", "17", AgeError, "18 or more"),
        ("age", "121", AgeError, "up to 120"),
        ("name", "\u200b", InvisibleNameError, "can be seen"),
        ("name", "x" * 61, TooLongError, "61 characters, and 60 fit"),
        ("tagline", "x" * 121, TooLongError, "and 120 fit"),
        ("backstory", "x" * 1801, TooLongError, "and 1,800 fit"),
        ("features", "x" * 100_000, TooLongError, "100,000"),
        ("traits", "\n".join(map(str, range(13))), TooManyLinesError, "too many"),
        ("traits", "warm\n" + "x" * 121, TooLongError, "121"),
        ("pronouns", "xe/xem", ChoiceError, "she/her, he/him, they/them"),
        ("style", "oil", ChoiceError, "photoreal, anime"),
        ("archetype", "wizard", ChoiceError, "adventurer"),
    ],
)
def test_what_cannot_be_used_says_why(field: str, words: str, error: type[TextError], sentence: str) -> None:
    with pytest.raises(error, match=sentence) as caught:
        FIELDS[field].write(BARE, words)
    assert str(caught.value) == caught.value.sentence


@pytest.mark.parametrize(
    ("words", "traits"),
    [
        ("warm, observant; late", ("warm", "observant", "late")),
        ("calm, mostly\nblunt", ("calm, mostly", "blunt")),
        ("warm, warm, , warm", ("warm",)),
        ("calm, late\ncalm, late", ("calm", "late")),
        (",\x1e\x1b", ()),
        ("", ()),
    ],
)
def test_traits_are_divided_by_lines_or_else_by_commas(words: str, traits: tuple[str, ...]) -> None:
    assert FIELDS["traits"].write(BARE, words).personality.traits == traits


def test_ages_and_choices_are_read_kindly() -> None:
    assert FIELDS["age"].write(BARE, " 53 years old ").appearance.age == 53
    assert FIELDS["style"].write(BARE, "Anime ").style is StyleRegister.ANIME
    assert FIELDS["pronouns"].write(BARE, "She/Her").pronouns == "she/her"


def test_an_archetype_is_not_answered_before_it_is_chosen() -> None:
    assert FIELDS["archetype"].read(Persona(name="")) == ""
    assert FIELDS["archetype"].read(FIELDS["archetype"].write(BARE, "custom")) == "custom"


def test_choosing_the_same_archetype_again_changes_nothing() -> None:
    mine = FIELDS["eyes"].write(FIELDS["archetype"].write(BARE, "artist"), "violet, hooded")
    assert FIELDS["archetype"].write(mine, "artist") == mine


def test_another_outfit_is_an_everyday_one_and_the_same_stays_itself() -> None:
    start = start_from("artist", 1)
    assert (
        FIELDS["outfit"].write(start, start.appearance.outfit.description).appearance.outfit.name == "studio"
    )
    assert FIELDS["outfit"].write(start, "teal raincoat").appearance.outfit.name == "everyday"


def test_every_required_answer_has_a_field() -> None:
    inside_hair = {"hair": "hair_colour"}
    for problem in missing(Persona(name="")):
        assert problem.field == "headshot" or inside_hair.get(problem.field, problem.field) in FIELDS


@given(field=st.sampled_from(sorted(FIELDS)), words=st.text(max_size=400))
def test_any_words_are_stored_or_refused_with_a_sentence(field: str, words: str) -> None:
    try:
        persona = FIELDS[field].write(BARE, words)
    except TextError as error:
        assert error.sentence.endswith((".", "emoji.", "?"))
    else:
        assert persona.appearance.age >= ADULT_AGE
        assert FIELDS[field].write(persona, FIELDS[field].read(persona)) == persona
