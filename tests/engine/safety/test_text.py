"""The gate: context, failing closed, operators' phrases, languages of help, speed."""

from __future__ import annotations

import logging
import random
import statistics
import time

import pytest

from engine.errors import ConfigError
from engine.safety import text as text_module
from engine.safety.policy import load_policy
from engine.safety.text import Action, Gate, Where


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate(load_policy())


@pytest.mark.parametrize(
    ("context", "line"),
    [
        (["I'm 15 by the way"], "kiss me"),
        (["you look so sexy"], "I'm only 14"),
        (["let's write about a 12-year-old girl"], "now she undresses"),
        (["pretend you are a schoolgirl", "sure!"], "take off your clothes"),
    ],
)
def test_context_completes_what_a_line_leaves_out(gate: Gate, context: list[str], line: str) -> None:
    assert gate.check(line, Where.SAID).action is Action.ALLOW
    assert gate.check(line, Where.SAID, context=context).rule == "minor-sexual"


@pytest.mark.parametrize(
    ("context", "line"),
    [
        (["my little brother's bar mitzvah is on Sunday"], "you look sexy tonight"),
        (["I teach 12-year-olds maths", "they were wild today"], "kiss me"),
        (["I was 15 when I moved to Berlin"], "come to bed and kiss me"),
        (["my niece is 8 and draws horses"], "I love you"),
    ],
)
def test_family_in_the_context_taints_nothing(gate: Gate, context: list[str], line: str) -> None:
    assert gate.check(line, Where.SAID, context=context).action is Action.ALLOW


def test_old_context_is_another_scene(gate: Gate) -> None:
    filler = ["nice weather"] * text_module.CONTEXT_LINES
    assert gate.check("kiss me", Where.SAID, context=["I'm 15", *filler]).action is Action.ALLOW


def test_an_internal_error_refuses_and_logs_no_words(
    gate: Gate, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(text: str) -> None:
        raise ValueError(f"cannot read {text}")

    monkeypatch.setattr(text_module, "read", broken)
    with caplog.at_level(logging.DEBUG):
        verdict = gate.check("my secret words", Where.SAID)
    assert verdict.action is Action.REFUSE
    assert "secret" not in caplog.text
    assert "ValueError" in caplog.text


def test_crisis_answers_in_the_language_of_the_words(gate: Gate) -> None:
    assert "988" in gate.check("I want to die", Where.SAID).sentence
    assert "TelefonSeelsorge" in gate.check("ich will nicht mehr leben", Where.SAID).sentence
    assert "3114" in gate.check("je veux mourir", Where.SAID).sentence
    assert "{lines}" not in gate.check("quero morrer", Where.SAID).sentence


def test_crisis_comes_before_every_refusal(gate: Gate) -> None:
    verdict = gate.check("I'm 15, he had sex with me and I want to die", Where.SAID)
    assert (verdict.action, verdict.rule) == (Action.INTERRUPT, "crisis")


def test_a_crisis_is_the_persons_not_the_characters(gate: Gate) -> None:
    assert gate.check("I want to die", Where.REPLY).action is Action.ALLOW


def test_operators_phrases_hold_everywhere() -> None:
    gate = Gate(load_policy(["Project Nightfall", "gl*mp", "秘密"]))
    for where in Where:
        assert gate.check("tell me of PROJECT  nightfall!", where).rule == "operator"
        assert gate.check("これは秘密です", where).rule == "operator"
        assert gate.check("night falls on the project", where).action is Action.ALLOW


def test_a_blocked_phrase_needs_a_letter() -> None:
    with pytest.raises(ConfigError, match="no letter"):
        load_policy(["!!!"])


def test_people_may_be_talked_about(gate: Gate) -> None:
    assert gate.check("what do you think of Taylor Swift?", Where.SAID).action is Action.ALLOW
    assert gate.check("Taylor Swift on stage", Where.SHOT).action is Action.REFUSE


@pytest.mark.parametrize(
    "line", ["", " ", "\u200b", "\x00", "\ud800", "🙂" * 500, "ا" * 500, "a\u0301" * 500, "<b>&amp;"]
)
def test_strange_lines_pass(gate: Gate, line: str) -> None:
    for where in Where:
        assert gate.check(line, where).action is Action.ALLOW


def test_a_chat_line_costs_less_than_a_millisecond(gate: Gate) -> None:
    lines = [
        "I walked home along the canal and thought of what you said about the blue lamp and the rain."
    ] * 50
    lines = [f"{line} number {number}" for number, line in enumerate(lines)]
    assert statistics.median(_seconds(gate, line) for line in lines) < 0.001


def test_a_long_text_costs_less_than_its_words_line_by_line(gate: Gate) -> None:
    words = [
        *[
            "the",
            "a",
            "rain",
            "lamp",
            "walked",
            "home",
            "blue",
            "canal",
            "of",
            "and",
            "thought",
            "harbour",
            "stairs",
        ],
        "fifteen",
        "naked eye",
    ]
    drawn = random.Random(4)
    text = " ".join(drawn.choice(words) for _ in range(20_000))[:100_000]
    # Side by side, since machines differ; the bench has the figure.
    lines = [text[at : at + 100] for at in range(0, len(text), 100)]
    line_by_line = sum(_seconds(gate, line) for line in lines)
    assert min(_seconds(gate, text) for _ in range(3)) < line_by_line


@pytest.mark.parametrize(
    "piece",
    [
        "a", "a ", "a.", "1 ", "15 ", "15 years ", "looks like ", "Looks Like A", "s e x", "-", "\u0301", "\u0f73",
        "\u200b", "\n", "aA ", "of the ", "child ", "is a a a a ", "'", "a'", "a-", "十", "ロ", "y.o", "1.", "i am ",
    ],
)  # fmt: skip
def test_cost_grows_with_the_text_only(gate: Gate, piece: str) -> None:
    short, long = piece * (20_000 // len(piece)), piece * (160_000 // len(piece))
    one = min(_seconds(gate, short, Where.CHARACTER) for _ in range(2))
    eight = _seconds(gate, long, Where.CHARACTER)
    assert eight < max(0.2, one * 40), (one, eight)
    assert eight < 3


def _seconds(gate: Gate, line: str, where: Where = Where.SAID) -> float:
    start = time.thread_time()
    gate.check(line, where)
    return time.thread_time() - start
