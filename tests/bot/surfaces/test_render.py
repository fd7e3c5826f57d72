"""Long texts in parts: nothing is lost or doubled, everything fits, and a reader sees pauses where there were some."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages import ProgressView
from bot.surfaces.render import bar, split, utf16, wait_words, whole_words
from engine.types import JobStatus

LIMIT = 40
texts = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(
            ["word", "Ein Satz.", "Why?", "\n", "\n\n", "**bold words**", "```\ncode = 1\n```", "😀", "e\u0301", "漢字。", "*", "**", "`", "```", "extraordinarily", "x" * 50]
        ),
        max_size=60,
    ).map(" ".join),
)  # fmt: skip


def escaping(text: str) -> int:
    """As a platform counts on which half a pair of stars has to be escaped."""
    return len(text) + text.count("*") % 2


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@settings(max_examples=400)
@given(texts, st.integers(2, 80), st.sampled_from([len, utf16, escaping]))
def test_nothing_is_lost_or_doubled_and_everything_fits(
    text: str, limit: int, length: Callable[[str], int]
) -> None:
    parts = split(text, limit, length)
    assert bare("".join(parts)) == bare(text)
    assert all(part and part == part.strip() and length(part) <= limit for part in parts)
    at = 0
    for part in parts:  # each part stands in the text word for word, and only white space is between them
        found = text.index(part, at)
        assert not text[at:found].strip()
        at = found + len(part)


@settings(max_examples=300)
@given(texts, texts)
def test_parts_of_a_growing_text_stay_as_they_are(text: str, more: str) -> None:
    before = split(text.rstrip() + "x", LIMIT)
    after = split(text.rstrip() + "x" + more, LIMIT)
    assert after[: len(before) - 1] == before[:-1]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One. Two is here.\n\nThree, then four and five, six.", "One. Two is here."),
        ("This is one sentence. This is another one.", "This is one sentence."),
        ("no sentence ends here so words have to do it", "no sentence ends here so words have to"),
        ("a" * 60, "a" * 40),
        ("She said a thing, **and this is stressed, all** of it", "She said a thing,"),
        ("Look at this:\n```\nx = 1\ny = 2\nz = 3\nand = more\n```", "Look at this:"),
        ("x" * 39 + "e\u0301 and more", "x" * 39),
    ],
)
def test_cuts_where_a_reader_pauses(text: str, first: str) -> None:
    assert split(text, LIMIT)[0] == first


def test_a_cut_that_makes_a_part_longer_is_not_taken() -> None:
    text = "one two three four five *six. ab* nine ten eleven, and more"
    parts = split(text, 45, lambda part: len(part) + 20 * (part.count("*") % 2))
    assert parts[0] == "one two three four five"


def test_an_emoji_is_never_halved() -> None:
    assert split("😀" * 30, 41, utf16) == ["😀" * 20, "😀" * 10]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hello th", "Hello"),
        ("Hello there ", "Hello there"),
        ("Hel", ""),
        ("Hello.", "Hello."),
        ("東京に行", "東京に行"),
        ("see " + "x" * 60, "see " + "x" * 60),
    ],
)
def test_a_half_word_waits(text: str, shown: str) -> None:
    assert whole_words(text) == shown


@given(st.text(max_size=100), st.text(max_size=20))
def test_what_is_shown_stays_the_beginning(text: str, more: str) -> None:
    shown = whole_words(text)
    assert text.startswith(shown)
    assert (text + more).startswith(shown)


@pytest.mark.parametrize(
    ("position", "stage", "seconds", "words"),
    [
        (1, "", None, "Next in line"),
        (4, "", 200.0, "3 pictures before this one · about 3 minutes left"),
        (2, "", 60.0, "1 picture before this one · about a minute left"),
        (0, "sketching the face", 4.2, "Sketching the face · about 4 s left"),
        (0, "", 0.1, "Starting · about 1 s left"),
    ],
)
def test_waiting_in_words(position: int, stage: str, seconds: float | None, words: str) -> None:
    assert wait_words(ProgressView("j", JobStatus.RUNNING, 0.5, stage, position, seconds)) == words


@given(st.floats(-1, 2), st.integers(1, 20))
def test_a_bar_is_as_long_as_it_should_be(fraction: float, width: int) -> None:
    drawn = bar(fraction, width)
    assert len(drawn) == width
    assert drawn == "▰" * drawn.count("▰") + "▱" * drawn.count("▱")


def test_a_bar_fills_up() -> None:
    assert [bar(one, 4) for one in (0, 0.5, 1)] == ["▱▱▱▱", "▰▰▱▱", "▰▰▰▰"]
