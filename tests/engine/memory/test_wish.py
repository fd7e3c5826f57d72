"""Which words ask to forget something, which only sound like it, and which may be part of a story."""

from __future__ import annotations

import pytest

from engine.memory.wish import ForgetWish, forget_wish


@pytest.mark.parametrize(
    "text",
    [
        "forget that",
        "Forget that.",
        "please forget that!",
        "Ok, forget that please",
        "Sorry, please forget what I just said.",
        "Can you forget what I just told you?",
        "forget my last message",
        "vergiss das",
        "Vergiss das bitte wieder!",
        "Bitte vergiss, was ich gerade gesagt habe.",
        "olvida eso",
        "Por favor, olvida lo que acabo de decir",
        "oublie ça",
        "Oublie ce que je viens de dire, s'il te plaît.",
        "esquece isso",
        "Por favor, esqueça o que eu acabei de dizer.",
    ],
)
def test_what_was_said_last_is_to_be_forgotten(text: str) -> None:
    assert forget_wish(text) == ForgetWish("that", plain=True, clear=True)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("please forget that I live in Lyon", "that I live in Lyon"),
        ("Forget what I said about my dog.", "what I said about my dog"),
        ("I want you to forget that my sister is ill", "that my sister is ill"),
        ("Forget everything about me", "everything about me"),
        ("Bitte vergiss, dass ich in Lyon wohne.", "dass ich in Lyon wohne"),
        ("Vergiss, was ich über meinen Hund gesagt habe", "was ich über meinen Hund gesagt habe"),
        ("Olvida que vivo en Lyon", "que vivo en Lyon"),
        ("olvida lo que te dije de mi perro", "lo que te dije de mi perro"),
        ("Oublie que j'habite à Lyon, s'il te plaît", "que j'habite à Lyon"),
        ("Esquece que eu moro em Lyon", "que eu moro em Lyon"),
    ],
)
def test_a_wish_says_what_it_is_about(text: str, what: str) -> None:
    assert forget_wish(text) == ForgetWish(what, plain=True, clear=True)


@pytest.mark.parametrize(
    "text", ["Forget my brother.", "Vergiss meinen Bruder!", "oublie mon frère", "forget about my ex"]
)
def test_somebody_to_be_forgotten_is_asked_about(text: str) -> None:
    wish = forget_wish(text)
    assert wish is not None and wish.plain and not wish.clear


@pytest.mark.parametrize(
    "text",
    [
        "forget that, let's dance",
        "Forget that! Kiss me.",
        "Vergiss das, komm tanzen.",
        "olvida eso, vamos a bailar",
        "oublie ça, viens danser",
        "esquece isso, vem dançar",
    ],
)
def test_what_goes_on_may_be_a_story(text: str) -> None:
    assert forget_wish(text) == ForgetWish("that", plain=False)


@pytest.mark.parametrize(
    "text",
    [
        "forget it",  # never mind
        "vergiss es",
        "olvídalo",
        "I forgot that",
        "don't forget that I live in Lyon",
        "Never forget that!",
        "Please don't forget that I love you",
        "Vergiss nicht, dass ich in Lyon wohne",
        "Vergiss mein nicht",
        "no olvides que vivo en Lyon",
        "n'oublie pas que j'habite à Lyon",
        "não esquece que eu moro em Lyon",
        "Did you forget that I live in Lyon?",
        "Forget that I'm here, what would you do?",
        "“Forget that,” she said.",
        "*forget that*",
        "I told him to forget that I exist",
        "Forget my old dog. He was bad.",
        "",
        "forget that " + "x" * 400,
    ],
)
def test_what_only_sounds_like_it_is_said(text: str) -> None:
    assert forget_wish(text) is None
