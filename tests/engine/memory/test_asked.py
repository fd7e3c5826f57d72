"""Whether a question is about the past, and whether what came to mind has an answer: in doubt it has."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.memory.asked import asks_about_past, nothing_found
from engine.types import Fact, Message, Role

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def fact(subject: str, relation: str, value: str, text: str, source: str = "") -> Fact:
    return Fact("f", "p", "c", "private", subject, relation, value, text, "other", "m", source or text, NOW)


def line(text: str, role: Role = Role.PERSON) -> Message:
    return Message("m", "talk", role, text, NOW)


NURSE = fact("your sister", "works as", "nurse", "Your sister works as a nurse.", "my sister is a nurse")
ANNA = fact("your sister", "name", "Anna", "Your sister is called Anna.", "my sister is called Anna")
FIRST = fact("together", "first talk", "3 May 2026", "You and Maya first talked on 3 May 2026.", "hi")
PROMISE = fact("together", "was promised", "I'll wait", "Maya promised you: “I'll wait”.")
HOME = fact("you", "lives in", "Lyon", "You live in Lyon.", "ich wohne in Lyon")


@pytest.mark.parametrize(
    "question",
    [
        "Do you remember what I said about Portugal?",
        "What's my sister's name?",
        "where do I work?",
        "When did we first meet?",
        "What did you promise me?",
        "How old is my dog?",
        "Weißt du noch, wie mein Hund heißt?",
        "Wie heißt meine Schwester?",
        "Was habe ich dir über Lissabon erzählt?",
        "¿Te acuerdas de cómo se llama mi perro?",
        "¿Qué te dije de mi trabajo?",
        "Tu te souviens de mon anniversaire ?",
        "Comment s'appelle ma sœur ?",
        "Você se lembra do nome? Como se chama meu cachorro?",
        "O que eu te contei sobre a praia?",
    ],
)
def test_a_question_about_the_past(question: str) -> None:
    assert asks_about_past(question)


@pytest.mark.parametrize(
    "text",
    [
        "I remember my sister.",
        "What's your name?",
        "Do you know what time it is?",
        "What do we do now?",
        "What do I do about it?",
        "What did I do wrong?",
        "What's my best option?",
        "Where do you live?",
        "Wie geht es dir?",
        "¿Qué tal?",
        "Wie alt bist du?",
        "Comment vas-tu ?",
    ],
)
def test_any_other_message(text: str) -> None:
    assert not asks_about_past(text)


@pytest.mark.parametrize(
    ("question", "facts", "said"),
    [
        ("What's my brother's name?", [HOME], []),
        ("What's my sister's name?", [NURSE], []),
        ("What's my sister's name?", [NURSE], ["my sister is a nurse"]),
        ("How old is my sister?", [ANNA], []),
        ("Do you remember what I said about Portugal?", [HOME, ANNA], ["It rained all day."]),
        ("Wie heißt mein Hund?", [HOME], []),
        ("¿Cómo se llama mi hermano?", [ANNA], []),
        ("When did we first meet?", [HOME, PROMISE], []),
        # Having asked before is no answer.
        ("Where did we go in Porto?", [], ["Where did we go in Porto?"]),
    ],
)
def test_nothing_is_found(question: str, facts: list[Fact], said: list[str]) -> None:
    assert nothing_found(question, facts, [], [line(text) for text in said])


@pytest.mark.parametrize(
    ("question", "facts", "said"),
    [
        ("What's my sister's name?", [ANNA], []),
        ("What's my sister's name?", [], ["yesterday my sister Clara came by"]),
        ("Wie heißt meine Schwester?", [ANNA], []),
        ("Where do I live?", [HOME], []),
        ("When did we first meet?", [FIRST], []),
        ("What did you promise me?", [PROMISE], []),
        ("How old is my sister?", [], ["my sister turns 30"]),
        ("Do you remember what I said about Portugal?", [], ["We flew to Portugal in May."]),
        # Without a word of what it is about nobody can tell.
        ("What did I tell you?", [], []),
        ("Nice weather, isn't it?", [], []),
    ],
)
def test_something_is_found_or_nothing_was_asked(question: str, facts: list[Fact], said: list[str]) -> None:
    assert not nothing_found(question, facts, [], [line(text) for text in said])


def test_what_was_found_by_its_time_is_found() -> None:
    asked = "What did we do in Porto last summer?"
    assert nothing_found(asked, [], [], [line("The tram was yellow.")])
    assert not nothing_found(asked, [], [line("The tram was yellow.")], [])
