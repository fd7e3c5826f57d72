"""Words → parts: what people write is understood, and nothing they write is an error."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from characters.character import Appearance, Hair, Outfit
from engine.images.pipelines.illustrator.colours import CLOTH, brightness, colours_in, skin_in
from engine.images.pipelines.illustrator.looks import Looks, Mark
from engine.images.pipelines.illustrator.wardrobe import read_clothes
from engine.images.pipelines.illustrator.words import read_looks


def looks(**words: object) -> Looks:
    """The looks of an appearance with some fields set."""
    return read_looks(replace(Appearance(presentation="woman"), **words))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("length", "style", "expected"),
    [
        ("shoulder-length", "loose waves, slight side parting", "lob_wavy"), ("long", "straight, centre parting", "long_straight"),
        ("waist-length", "loose waves", "long_wavy"), ("short", "tight coils", "coils_short"), ("", "big afro", "afro"),
        ("", "bald", "bald"), ("", "shaved head", "bald"), ("very short", "buzz cut", "buzz"), ("", "pixie cut", "pixie"),
        ("chin-length", "blunt bob with bangs", "bob"), ("", "two braids", "two_braids"), ("long", "single braid", "side_braid"),
        ("long", "high ponytail", "ponytail"), ("", "messy bun", "bun"), ("", "man bun", "topknot"), ("", "undercut", "undercut"),
        ("", "green mohawk", "mohawk"), ("", "slicked back", "slick"), ("short", "neat side part", "side_part"),
        ("", "shaggy layers", "shaggy"), ("", "mullet", "mullet"), ("long", "dreadlocks", "locs"), ("", "box braids", "box_braids"),
        ("long", "curly", "curly_long"), ("", "receding, combed back", "receding"), ("shoulder length", "sleek", "lob"),
    ],
)  # fmt: skip
def test_hair_styles(length: str, style: str, expected: str) -> None:
    assert looks(hair=Hair("brown", length, style)).hair.style == expected


def test_hair_colours() -> None:
    assert looks(hair=Hair("#ff8800", "", "")).hair.colour == "#ff8800"
    assert looks(hair=Hair("black with teal tips", "", "")).hair.blend == "tips"
    assert looks(hair=Hair("split black and white", "", "")).hair.blend == "split"
    assert looks(hair=Hair("brown with grey streaks", "", "")).hair.blend == "streaks"
    assert looks(hair=Hair("salt and pepper", "", "")).hair.blend == "grey"
    assert looks(age=60, hair=Hair("black", "", "")).hair.blend == "grey"
    assert looks(hair=Hair("copper", "", "")).hair.colour != looks(hair=Hair("platinum", "", "")).hair.colour


def test_two_words_side_by_side_are_one_colour() -> None:
    assert looks(hair=Hair("strawberry blonde", "", "")).hair.second == ""
    assert looks(hair=Hair("blonde and pink", "", "")).hair.second != ""


def test_skin_goes_from_dark_to_light() -> None:
    tones = ["very dark", "deep brown", "brown", "caramel", "light olive", "fair", "porcelain"]
    shades = [brightness(skin_in(tone, "#888888")) for tone in tones]
    assert shades == sorted(shades)
    assert skin_in("porcelain with pink undertones", "#888888") != skin_in("porcelain", "#888888")


def test_eyes() -> None:
    left, right = looks(eyes="heterochromia: one green, one brown").irises
    assert left != right
    hazel = looks(eyes="hazel, almond-shaped").irises
    assert hazel[0] == hazel[1]
    assert looks(eyes="grey, monolid").face.monolid


def test_what_is_worn_and_marked() -> None:
    seen = looks(
        distinctive="round tortoiseshell glasses, scar through the left eyebrow, silver hoop earrings, nose stud, freckles"
    )
    assert (seen.glasses, seen.glasses_colour) == ("round", "#6e4526")
    assert Mark("scar", "brow-right") in seen.marks  # her left is on the right of the picture
    assert {"hoops", "nose_stud"} <= set(seen.worn)
    assert seen.metal == "#c9ced6"
    assert seen.face.freckles > 0
    assert looks(distinctive="eyepatch, neck tattoo").worn == ("eyepatch",)
    assert looks(distinctive="full grey beard").beard == "full"
    assert looks(distinctive="braided red beard").beard == "braided"
    assert looks(distinctive="sage green hijab").hat == "hijab"
    assert looks(features="gap tooth, dimples, aquiline nose").face.gap_tooth
    assert [mark.kind for mark in looks(distinctive="hearing aid, vitiligo").marks] == ["vitiligo"]


def test_presentation_and_build() -> None:
    assert read_looks(Appearance(presentation="man")).feminine == 0.0
    assert looks().feminine == 1.0
    assert 0.3 < read_looks(Appearance(presentation="androgynous person")).feminine < 0.7
    assert looks(build="heavy, plus-size").body.waist > looks(build="slim").body.waist
    assert looks(build="broad shoulders").body.shoulders > looks(build="narrow shoulders").body.shoulders
    assert looks(build="very tall").body.height > 1 > looks(build="petite").body.height


def test_round_glasses_do_not_make_a_round_face() -> None:
    assert looks(distinctive="round glasses").face == looks(distinctive="square glasses").face


def test_clothes_in_layers_and_colours() -> None:
    worn = read_clothes("charcoal wool coat over a rust turtleneck, dark jeans, brown boots", 1)
    assert worn.outer is not None
    assert (worn.outer.kind, worn.outer.colour) == ("coat", CLOTH["charcoal"])
    assert (worn.inner.kind, worn.inner.colour) == ("turtleneck", CLOTH["rust"])
    assert (worn.lower.kind, worn.shoe.kind) == ("jeans", "boots")
    suit = read_clothes("navy suit, white shirt, burgundy tie", 1)
    assert suit.outer is not None
    assert suit.outer.kind == "blazer"
    assert [extra.kind for extra in suit.extras] == ["tie"]
    assert read_clothes("a dress the colour of #12ab34", 1).inner.kind == "dress"
    assert read_clothes("striped shirt", 1).inner.pattern == "stripes"
    assert (
        read_clothes("a teal quibblesuit", 1).inner.colour == CLOTH["teal"]
    )  # unknown garment, known colour


def test_shades_before_a_colour() -> None:
    dark, plain = colours_in("dark green", CLOTH)[0][1], colours_in("green", CLOTH)[0][1]
    assert brightness(dark) < brightness(plain) < brightness(colours_in("pale green", CLOTH)[0][1])


_ODD = [
    "",
    " ",
    "🦊🌈✨",
    "\u202eمرحبا",
    "Z̷̡̧a̵l̸g̶o̷",
    "<script>alert(1)</script>",
    '"/><image href="file:///etc/passwd"/>',
    "x" * 100_000,
    "\x00\n\t",
]


@pytest.mark.parametrize("words", _ODD)
def test_odd_words_are_no_error(words: str) -> None:
    odd = Appearance(
        30,
        words,
        words,
        words,
        Hair(words, words, words),
        words,
        words,
        words,
        Outfit(words, words),
        words,
        5,
    )
    seen = read_looks(odd)
    assert read_looks(odd) == seen
    for colour in (seen.skin, seen.hair.colour, *seen.irises):
        assert re.fullmatch("#[0-9a-f]{6}", colour)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.integers(0, 2**32 - 1))
def test_any_words_give_looks_of_known_parts(words: str, seed: int) -> None:
    seen = read_looks(
        Appearance(
            30,
            words,
            words,
            words,
            Hair(words, words, words),
            words,
            words,
            words,
            Outfit("", words),
            words,
            seed,
        )
    )
    for field in fields(seen.face):
        value = getattr(seen.face, field.name)
        assert isinstance(value, bool) or -20 < value < 20
    worn = read_clothes(words, seed)
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in worn.colours().values())
