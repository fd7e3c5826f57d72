"""Words are found in another tense, too."""

from __future__ import annotations

import pytest

from engine.memory.ranking.forms import forms


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("buy", "bought"),
        ("bought", "buy"),
        ("buying", "bought"),
        ("taking", "took"),
        ("swimming", "swam"),
        ("buys", "bought"),
        ("children", "child"),
    ],
)
def test_forms_belong_together(word: str, other: str) -> None:
    assert forms(word)[0] == word
    assert other in forms(word)


def test_other_words_stand_for_themselves() -> None:
    for word in ("ferry", "bus", "king", "ing", "s"):
        assert forms(word) == (word,)
