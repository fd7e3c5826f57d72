"""Tokens without a tokenizer: never fewer than the real ones, and soon not many more.

`vocabularies.json` holds texts in many languages and what the real vocabularies that stand in llama.cpp's tree make of
them. Where that tree is at hand (SELFSAME_VOCABULARIES names its folder models/), it is measured anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.models.openai.estimate import HIGHEST, MARGIN, WATCHED, Estimate, guess

DATA = json.loads((Path(__file__).parent / "vocabularies.json").read_text(encoding="utf-8"))
TEXTS: dict[str, str] = DATA["texts"]
COUNTS: dict[str, dict[str, int]] = DATA["counts"]
VOCABULARIES = os.environ.get("SELFSAME_VOCABULARIES", "")


@pytest.mark.parametrize("vocabulary", COUNTS)
def test_no_text_has_more_tokens_than_guessed(vocabulary: str) -> None:
    counts = COUNTS[vocabulary]
    assert {
        kind: count for kind, count in counts.items() if count > Estimate().corrected(guess(TEXTS[kind]))
    } == {}


def test_an_english_talk_is_not_guessed_much_too_long() -> None:
    for counts in COUNTS.values():
        assert guess(TEXTS["en"]) < 1.7 * counts["en"]
        assert guess(TEXTS["play"]) < 1.7 * counts["play"]


@pytest.mark.parametrize("vocabulary", COUNTS)
@pytest.mark.parametrize("language", ["en", "de", "fr", "ru", "zh", "ko", "th"])
def test_after_some_replies_the_guess_is_close(vocabulary: str, language: str) -> None:
    estimate, count = Estimate(), COUNTS[vocabulary][language]
    for _ in range(WATCHED + 10):
        estimate.learn(guess(TEXTS[language]), count)
        assert estimate.corrected(guess(TEXTS[language])) >= count
    assert estimate.corrected(guess(TEXTS[language])) <= 1.4 * count or guess(TEXTS[language]) > 2.5 * count


def test_one_prompt_that_was_longer_counts_at_once_and_others_do_not_undo_it() -> None:
    estimate = Estimate()
    for _ in range(2 * WATCHED):
        estimate.learn(100, 60)
    assert estimate.corrected(100) < 80
    estimate.learn(100, 150)
    assert estimate.corrected(100) >= 150
    estimate.learn(100, 60)
    assert estimate.corrected(100) >= 150


def test_the_guess_comes_down_in_steps_and_only_after_a_while() -> None:
    estimate = Estimate()
    seen = []
    for _ in range(2 * WATCHED):
        estimate.learn(1000, 500)
        seen.append(estimate.corrected(1000))
    assert set(seen[: WATCHED - 1]) == {1000}
    assert len(set(seen)) <= 6


def test_counts_that_cannot_be_are_no_lesson() -> None:
    estimate = Estimate()
    for guessed, counted in ((0, 10), (100, 0), (-5, 10), (100, -1)):
        estimate.learn(guessed, counted)
    assert estimate.corrected(100) == 100
    estimate.learn(1, 10**6)
    assert estimate.corrected(100) <= 100 * HIGHEST * MARGIN


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_text_and_its_parts_agree(one: str, other: str) -> None:
    whole, parts = guess(one + "\n" + other), guess(one) + 1 + guess(other)
    assert abs(whole - parts) <= 2
    assert guess(one) <= 4 * len(one) and (guess(one) > 0) >= (one.strip() != "")


@pytest.mark.llama
@pytest.mark.skipif(not VOCABULARIES, reason="SELFSAME_VOCABULARIES names no folder of real vocabularies")
@pytest.mark.parametrize("vocabulary", COUNTS)
def test_the_counts_are_those_of_the_real_vocabularies(vocabulary: str) -> None:
    library: Any = pytest.importorskip("llama_cpp.llama_cpp")
    library.llama_backend_init()
    settings = library.llama_model_default_params()
    settings.vocab_only = True
    path = Path(VOCABULARIES) / f"ggml-vocab-{vocabulary}.gguf"
    model = library.llama_model_load_from_file(str(path).encode(), settings)
    words = library.llama_model_get_vocab(model)
    for kind, text in TEXTS.items():
        raw = text.encode()
        room = (library.llama_token * (len(raw) + 8))()
        count = library.llama_tokenize(words, raw, len(raw), room, len(raw) + 8, False, False)
        assert count == COUNTS[vocabulary][kind]
    library.llama_model_free(model)
