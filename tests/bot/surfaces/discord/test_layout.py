"""Pieces of messages within Discord's limits, and words that look on Discord as they were meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.surfaces.discord import layout
from bot.surfaces.discord.markdown import plain, quoted, spoken
from bot.surfaces.discord.swatch import square
from tests.bot.surfaces.discord.rules import check_components, check_modal


@given(words=st.text(max_size=400), limit=st.integers(1, 300))
def test_shortened_words_fit_and_begin_as_they_were(words: str, limit: int) -> None:
    shown = layout.shorten(words, limit)
    assert layout.length(shown) <= limit
    if shown != words:
        assert shown.endswith("…")
        assert words.startswith(shown[:-1])


@given(words=st.text(max_size=200), limit=st.integers(1, 100))
def test_a_label_is_one_line_and_never_empty(words: str, limit: int) -> None:
    shown = layout.line(words, limit)
    assert shown.strip()
    assert "\n" not in shown
    assert layout.length(shown) <= limit


def test_emoji_count_twice_as_in_discords_own_app() -> None:
    assert layout.length("👗👗") == 4
    assert layout.shorten("👗👗👗👗", 5) == "👗👗…"


@given(sizes=st.lists(st.integers(1, 4500), min_size=1, max_size=30))
def test_texts_share_the_room_of_a_message(sizes: list[int]) -> None:
    texts = [layout.text("x" * size) for size in sizes]
    whole = layout.message([layout.container(texts, 0)])
    check_components(whole, [])
    if sum(sizes) <= 3950:
        assert [layout.length(str(one["content"])) for one in texts] == sizes


def test_short_texts_stay_whole_beside_a_long_one() -> None:
    heading, novel = layout.text("## 3/8 Looks"), layout.text("word " * 780)
    more = layout.text("y" * 300)
    layout.message([layout.container([heading, novel, more], 0)])
    assert heading["content"] == "## 3/8 Looks"
    assert more["content"] == "y" * 300
    assert str(novel["content"]).endswith("…")


def test_controls_with_the_same_call_get_ids_of_their_own() -> None:
    controls = [layout.button("One", "c:help"), layout.button("Two", "c:help"), layout.button("3", "c:help")]
    check_components(layout.message([layout.row(*controls)]), [])


def test_a_menu_shows_a_value_that_comes_twice_once() -> None:
    options = [layout.option(str(number), str(number % 30)) for number in range(60)]
    check_components(layout.message([layout.select("c:talk", options, "Choose …")]), [])


@given(value=st.text(max_size=5000), limit=st.integers(-5, 9000), words=st.text(max_size=200))
def test_a_form_takes_what_was_written_before(value: str, limit: int, words: str) -> None:
    control = layout.text_input("name", value=value, placeholder=words, limit=limit)
    check_modal(layout.modal("c:create", words, [layout.label(words, control, words)] * 1))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("*smiles* and **means** it", "*smiles* and **means** it"),
        ("# not a heading", "\\# not a heading"),
        ("-# nor small", "\\-# nor small"),
        ("- tea\n  * milk", "\\- tea\n  \\* milk"),
        ("7. March", "7\\. March"),
        ("> he said", "\\> he said"),
        ("5 > 3, #1 and a - b", "5 > 3, #1 and a - b"),
        ("[here](https://bad.example)", "\\[here](https://bad.example)"),
        ("hiii~~ see you~~", "hiii\\~\\~ see you\\~\\~"),
        ("a || b || c", "a \\|\\| b \\|\\| c"),
        ("<@123> and </talk:1>", "\\<@123> and \\</talk:1>"),
        ("I <3 you", "I <3 you"),
        ("@everyone!", "@\u200beveryone!"),
        ("look: ```\n# code\n``` done", "look: ```\n# code\n``` done"),
        ("look: ```\n# half", "look: \\`\\`\\`\n\\# half"),
        (r"¯\_(ツ)_/¯", r"¯\\\_(ツ)_/¯"),
        (r"\<@1> \[x](https://y.example)", r"\\\<@1> \\\[x](https://y.example)"),
        ("`__init__` or __init__", r"`__init__` or \_\_init\_\_"),
        ("https://example.org/a__b ~~", r"https://example.org/a__b \~\~"),
    ],
)
def test_what_characters_say_is_shown_as_they_meant_it(said: str, shown: str) -> None:
    assert spoken(said) == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("*stars* and_under", "\\*stars\\* and_under"),
        ("_slanted_ __under__ a_b_", "\\_slanted\\_ \\_\\_under\\_\\_ a_b\\_"),
        ("see https://example.org/a_b*c now", "see https://example.org/a_b*c now"),
        ("/forget_me", "/forget_me"),
        ("`x` ||y|| ~~z~~", "\\`x\\` \\|\\|y\\|\\| \\~\\~z\\~\\~"),
        ("@here", "@\u200bhere"),
    ],
)
def test_words_in_our_own_sentences_are_no_markup(words: str, shown: str) -> None:
    assert plain(words) == shown


def test_every_line_of_a_quotation_is_quoted() -> None:
    assert quoted("one\n\ntwo") == "> one\n> \n> two"


@pytest.mark.parametrize(
    ("swatch", "emoji"),
    [("#17141a", "⬛"), ("#f0eee9", "⬜"), ("#2f58b5", "🟦"), ("#b4602a", "🟧"), ("red", ""), ("", "")],
)
def test_a_swatch_is_the_nearest_square(swatch: str, emoji: str) -> None:
    assert square(swatch) == emoji
