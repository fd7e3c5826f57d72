"""The archetypes: complete, well inflected, and balanced, so that no look is the default one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from characters.archetypes import FORMS, ORDER, Look, change, inflect, load_archetypes, start_from
from characters.character import ADULT_AGE, Appearance, Persona, StyleRegister, missing
from characters.coach.wording import tokens
from characters.fields import FIELDS
from characters.palette import SKIN_TONES
from characters.sheet import SheetError

LOOKS = [(archetype.id, look) for archetype in load_archetypes() for look in archetype.looks]
SHADES = [words for words, _ in SKIN_TONES]
HEAVY = (
    *("heavyset", "heavy-set", "heavy", "big", "plus-size", "full-figured", "stocky", "sturdy", "belly"),
    *("barrel-chested", "pear-shaped", "round"),
)
SLIGHT = ("lean", "slim", "slender", "thin", "slight", "wiry", "tiny", "lanky", "willowy", "spare", "small")


def skin_of(look: Look) -> str:
    """Light, medium or dark, by the third of the palette that names the tone."""
    tone = look.appearance.skin_tone.split(",")[0]
    shade = next(number for number, words in enumerate(SHADES) if words.split(",")[0] == tone)
    return ("light", "medium", "dark")[(shade >= 4) + (shade >= 9)]


def body_of(look: Look) -> str:
    words = set(tokens(look.appearance.build))
    if words & set(HEAVY):
        return "heavy"
    return "slight" if words & set(SLIGHT) else "between"


def decade_of(look: Look) -> str:
    return f"{look.appearance.age // 10}0s"


def test_there_are_seven_in_the_order_of_the_guide() -> None:
    assert tuple(archetype.id for archetype in load_archetypes()) == ORDER
    assert len(ORDER) == 7
    assert all(len(archetype.looks) >= 4 for archetype in load_archetypes())


@pytest.mark.parametrize(("archetype_id", "look"), LOOKS)
def test_every_look_is_complete_and_adult(archetype_id: str, look: Look) -> None:
    looks = look.appearance
    assert looks.age > ADULT_AGE
    for words in (looks.presentation, looks.face_shape, looks.features, looks.eyes, looks.build, look.voice):
        assert words
    assert looks.hair.colour
    assert looks.hair.length
    assert looks.hair.style
    assert looks.outfit.description
    assert looks.distinctive


@pytest.mark.parametrize("archetype_id", ORDER)
def test_a_start_lacks_only_what_is_a_persons_to_give(archetype_id: str) -> None:
    lacking = {problem.field for problem in missing(start_from(archetype_id, 3))}
    given = {"traits", "quirk", "backstory"} if archetype_id == "custom" else set()
    assert lacking == {"name", "headshot"} | given


@pytest.mark.parametrize(
    ("measure", "kinds", "least", "most"),
    [
        (lambda look: look.appearance.presentation, 3, 0.15, 0.45),
        (decade_of, 6, 0.05, 0.25),
        (skin_of, 3, 0.25, 0.42),
        (body_of, 3, 0.15, 0.55),
        (lambda look: look.style, 5, 0.12, 0.28),
    ],
)
def test_the_defaults_are_balanced(
    measure: Callable[[Look], str], kinds: int, least: float, most: float
) -> None:
    counts = Counter(measure(look) for _, look in LOOKS)
    shares = {kind: count / len(LOOKS) for kind, count in counts.items()}
    assert len(shares) == kinds, shares
    assert all(least <= share <= most for share in shares.values()), shares


@pytest.mark.parametrize("archetype_id", ORDER)
def test_no_archetype_has_a_type(archetype_id: str) -> None:
    looks = [look for one, look in LOOKS if one == archetype_id]
    measures: tuple[Callable[[Look], str], ...] = (
        lambda look: look.appearance.presentation,
        skin_of,
        decade_of,
        lambda look: look.style,
    )
    for measure in measures:
        assert max(Counter(map(measure, looks)).values()) <= len(looks) // 2
    ages = [look.appearance.age for look in looks]
    assert max(ages) - min(ages) >= 25
    assert {skin_of(look) for look in looks} == {"light", "medium", "dark"}


def test_skin_and_gender_do_not_go_together() -> None:
    pairs = Counter((look.appearance.presentation, skin_of(look)) for _, look in LOOKS)
    assert len(pairs) >= 8
    assert max(pairs.values()) / len(LOOKS) <= 0.2


def test_the_seed_chooses_the_look_and_settles_the_face() -> None:
    starts = [start_from("artist", seed) for seed in range(10)]
    assert starts == [start_from("artist", seed) for seed in range(10)]
    assert len({start.appearance.skin_tone for start in starts}) == 5
    assert [start.appearance.face_seed for start in starts] == list(range(10))


def test_an_unknown_archetype_is_named() -> None:
    with pytest.raises(SheetError, match="“wizard” is not an archetype; known are adventurer"):
        start_from("wizard", 1)


@pytest.mark.parametrize(
    ("pronouns", "said"),
    [
        ("she/her", "She keeps her keys; they are hers."),
        ("he/him", "He keeps his keys; they are his."),
        ("they/them", "They keep their keys; they are theirs."),
    ],
)
def test_words_take_the_pronouns(pronouns: str, said: str) -> None:
    assert inflect("{They} {keeps/keep} {their} keys; they are {theirs}.", pronouns) == said


@pytest.mark.parametrize("archetype_id", ORDER)
@pytest.mark.parametrize("seed", range(6))
def test_no_braces_are_left(archetype_id: str, seed: int) -> None:
    persona = start_from(archetype_id, seed)
    for field in FIELDS.values():
        assert not set(field.read(persona)) & set("{}")
    assert persona.pronouns in FORMS
    assert persona.style in tuple(StyleRegister)


def test_changing_the_archetype_keeps_a_persons_own_words() -> None:
    mine = replace(start_from("adventurer", 7), name="Ines", greeting="Wait, is that my hat?")
    mine = FIELDS["eyes"].write(mine, "violet, hooded")
    changed = change(mine, "mentor")
    assert (changed.name, changed.greeting) == ("Ines", "Wait, is that my hat?")
    assert changed.appearance.eyes == "violet, hooded"
    assert changed.backstory == start_from("mentor", 7).backstory
    assert changed.appearance.hair == start_from("mentor", 7).appearance.hair


def test_changing_there_and_back_is_the_same_start() -> None:
    start = start_from("adventurer", 7)
    assert change(change(start, "romance"), "adventurer") == start


def test_a_chosen_face_does_not_hide_where_the_words_came_from() -> None:
    start = start_from("adventurer", 7)
    chosen = replace(start, appearance=replace(start.appearance, face_seed=99))
    assert change(chosen, "mentor") == start_from("mentor", 99)


def test_an_empty_draft_takes_everything() -> None:
    draft = Persona(name="", appearance=Appearance(face_seed=11))
    assert change(draft, "artist") == start_from("artist", 11)
    named = change(replace(draft, name="Ines"), "artist")
    assert named == replace(start_from("artist", 11), name="Ines")
