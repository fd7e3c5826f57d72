"""Texts of so many tokens."""

from __future__ import annotations

from benchmarks.chatting.words import Writer


def _letters(text: str) -> int:
    return len(text)


def test_a_text_has_about_as_many_tokens_as_asked_for() -> None:
    text = Writer(_letters, seed=1).text(500)
    assert 490 <= len(text) <= 512


def test_the_same_seed_writes_the_same_and_never_the_same_twice() -> None:
    one, other = Writer(_letters, seed=1), Writer(_letters, seed=1)
    first = one.text(100)
    assert first == other.text(100)
    assert first != one.text(100)


def test_a_history_takes_turns_and_the_character_spoke_last() -> None:
    turns = Writer(_letters, seed=1).turns(1000)
    assert [turn.speaker for turn in turns] == ["person", "character"] * (len(turns) // 2)
    assert 900 <= sum(len(turn.text) for turn in turns) <= 1200
