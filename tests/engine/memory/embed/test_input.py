"""engine/memory/embed/input.py: what a model is given to read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.memory.embed.input import (
    BEFORE_LENGTH,
    NAMED,
    PASSING,
    Speakers,
    Text,
    asked,
    contextual,
    weigh,
)
from engine.memory.ranking.port import Question
from engine.store.vectors import Line
from engine.types import Role

ANN_AND_MAYA = Speakers("Ann", "Maya")


def lines(*said: tuple[int, Role, str]) -> dict[int, Line]:
    return {seq: Line(seq, role, text, datetime(2026, 11, 21, tzinfo=UTC)) for seq, role, text in said}


def test_a_message_is_read_with_who_says_it_and_what_was_said_before() -> None:
    known = lines(
        (1, Role.PERSON, "Too far away"),
        (3, Role.CHARACTER, "What is  your\ndog called?"),
        (4, Role.CHARACTER, "Tell me!" + "!" * 2 * BEFORE_LENGTH),
        (5, Role.PERSON, "Biscuit."),
        (6, Role.CHARACTER, "Later"),
    )
    text, used = contextual(known[5], known, ANN_AND_MAYA)
    assert text.own == "Ann: Biscuit."
    assert text.before.startswith("Maya: What is your dog called? Maya: Tell me!!!")
    assert len(text.before) < 2 * BEFORE_LENGTH
    assert [line.seq for line in used] == [3, 4, 5]


def test_who_has_no_name_is_named_by_what_they_are() -> None:
    known = lines((1, Role.PERSON, "Hello"))
    assert contextual(known[1], known, Speakers("", "Maya"))[0].own == "The person: Hello"


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("What is Ann's dog called?", "What is my dog called?"),
        ("Where does Maya live?", "Where does I live?"),
        ("Did Ann meet Maya?", "Did Ann meet Maya?"),
        ("Where was I in Annecy?", "Where was I in Annecy?"),
    ],
)
def test_who_is_asked_about_says_i(question: str, read: str) -> None:
    assert asked(Question(question, "Ann", "Maya")) == Text(read)


def test_without_names_a_question_stays_as_it_is() -> None:
    assert asked(Question("What is (my) dog called?", "", " ")).own == "What is (my) dog called?"


def test_what_a_question_is_about_counts_more_than_how_it_is_asked() -> None:
    question = Question("What is my dog called?", "Ann", "Maya")
    text = asked(question)
    places = [text.own.index(word) for word in ("What", "is", "my", "dog", "called", "?")]
    weights = weigh(text, question, places)
    assert weights == [PASSING, PASSING, NAMED, 1.0, 1.0, PASSING]
