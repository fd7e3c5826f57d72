"""Cleaning at the edge: what is invisible goes, every script and every emoji stays, nothing is cut silently."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from characters.text import (
    InvisibleNameError,
    TooLongError,
    clean_line,
    clean_lines,
    clean_name,
    clean_paragraphs,
)

ZALGO = "H" + "\u0321\u0338\u0334\u0336\u035c\u0360" * 30 + "e"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"

UNTOUCHED = (
    "Maya",
    "Linh Tạ Nguyễn",
    "ที่นี่น้ำใสปู่ย่า",
    "क्षत्रिय हिंदी में",
    "क्\u200dष",  # Hindi with a joiner that changes its shape
    "می\u200cخواهم",  # Persian with its non-joiner
    "שָׁלוֹם",
    "مَرْحَبًا",
    "မြန်မာဘာသာ",
    "བསྒྲུབས",
    "林小雨",
    "がぎぐ",
    "한국어",
    FAMILY,
    SCOTLAND,
    "\U0001f44d\U0001f3fd",  # thumbs up in a skin tone
    "\u2764\ufe0f",  # a red heart
    "1\ufe0f\u20e3",  # keycap one
    "<script>alert(1)</script>",
    "<svg onload=x>&amp;\"'",
    "{words} %s \\1",
)


@pytest.mark.parametrize("text", UNTOUCHED)
def test_all_scripts_emoji_and_markup_stay(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert clean_line(text, 300) == composed
    assert clean_line(unicodedata.normalize("NFD", text), 300) == composed


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("", ""),
        ("  a \t b\u00a0\u3000c \n d ", "a b c d"),
        ("Ma\u0000ya\u0007", "Maya"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\u2066isolated\u2069 \u200fmark", "isolated mark"),
        ("zero\u200bwidth\ufeff\u2060", "zerowidth"),
        ("join\u200ded", "joined"),
        ("soft\u00adhyphen", "softhyphen"),
        ("hid\U000e0041\U000e0042den", "hidden"),
        ("A\ufe01\ufe02B", "AB"),
        ("\u3164\u115f", ""),
        ("a\u2800b", "a b"),
        ("\ufdd0a\uffff", "a"),
        ("\ue000private", "private"),
        ("\u0301accent on nothing", "accent on nothing"),
        ("cafe\u0301", "café"),
        (ZALGO, "H\u0338\u0334e"),
    ],
)
def test_what_is_invisible_or_distorts_goes(text: str, cleaned: str) -> None:
    assert clean_line(text, 300) == cleaned


def test_paragraphs_keep_their_breaks() -> None:
    assert clean_paragraphs("  one \r\n two\n\n\n\n\nthree\t\n", 300) == "one\ntwo\n\nthree"


def test_lines_are_one_answer_each() -> None:
    assert clean_lines("one\n\n  two \r\nthree", 10) == ("one", "two", "three")


def test_too_long_words_are_refused_with_both_numbers_and_never_cut() -> None:
    with pytest.raises(TooLongError, match=r"100,000 characters, and 300 fit.*shorten it by 99,700"):
        clean_line("x" * 100_000, 300)
    with pytest.raises(TooLongError) as caught:
        clean_lines("short\n" + "y" * 31, 30)
    assert (caught.value.length, caught.value.limit) == (31, 30)
    assert clean_line("x" * 300, 300) == "x" * 300


def test_length_counts_what_is_stored() -> None:
    assert clean_line("a" + "\u200b" * 5000, 1) == "a"


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u200b", "\u3164", "\u0301\u0301", "...", "\u2800"])
def test_a_name_has_to_be_seen(name: str) -> None:
    with pytest.raises(InvisibleNameError):
        clean_name(name)


@pytest.mark.parametrize("name", ["\U0001f98a", "7", "Ὀδυσσεύς", "משה", "O'Brien-Łaski", "<b>Bob</b>"])
def test_any_name_that_can_be_seen_is_a_name(name: str) -> None:
    assert clean_name(name) == name


def test_a_hundred_thousand_marks_cost_little() -> None:
    before = time.process_time()
    cleaned = clean_line("o" + "\u0316\u0301" * 50_000, 10)
    assert time.process_time() - before < 2  # seconds; sorting them all would take minutes
    assert len(cleaned) <= 3


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    for clean in (clean_line, clean_paragraphs):
        once = clean(text, 1000)
        assert clean(once, 1000) == once
        once.encode("utf-8")


@given(st.text(max_size=100))
def test_a_line_is_one_line_without_controls(text: str) -> None:
    line = clean_line(text, 1000)
    assert len(line.splitlines()) <= 1
    assert not {unicodedata.category(letter) for letter in line} & {"Cc", "Cs", "Co"}
    assert not set(line) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
