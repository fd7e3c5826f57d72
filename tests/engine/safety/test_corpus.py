"""The gate on the project's labelled lines, with precision and recall per rule."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from engine.safety.policy import load_policy
from engine.safety.text import Action, Gate, Where

CORPUS = Path(__file__).with_name("corpus.toml")
# The share of innocent lines that may be stopped by mistake.
FALSE_ALARMS = 0.02


def labelled() -> list[tuple[str, Where, str]]:
    corpus = tomllib.loads(CORPUS.read_text("utf-8"))
    return [
        ("" if rule == "innocent" else rule, Where(where), line)
        for rule, places in corpus.items()
        for where, lines in places.items()
        for line in lines
    ]


@pytest.fixture(scope="module")
def judged() -> list[tuple[str, str, str]]:
    gate = Gate(load_policy())
    return [(rule, gate.check(line, where).rule, line) for rule, where, line in labelled()]


def test_corpus_is_large_and_half_innocent() -> None:
    rules = Counter(rule for rule, _, _ in labelled())
    assert rules.total() >= 400
    assert rules[""] >= rules.total() * 0.48
    assert len(set(labelled())) == rules.total()


def test_no_line_is_missed_by_a_fixed_rule(judged: list[tuple[str, str, str]]) -> None:
    fixed = {rule.id for rule in load_policy().rules if rule.fixed} | {"crisis"}
    assert [line for rule, found, line in judged if rule in fixed and not found] == []


def test_innocent_lines_pass(judged: list[tuple[str, str, str]]) -> None:
    innocent = [(found, line) for rule, found, line in judged if not rule]
    stopped = [one for one in innocent if one[0]]
    assert len(stopped) <= len(innocent) * FALSE_ALARMS, stopped


def test_precision_and_recall_per_rule(
    judged: list[tuple[str, str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = []
    for rule in dict.fromkeys(rule.id for rule in load_policy().rules if rule.id != "operator"):
        meant = sum(wanted == rule for wanted, _, _ in judged)
        found = sum(got == rule for _, got, _ in judged)
        right = sum(wanted == got == rule for wanted, got, _ in judged)
        rows.append((rule, meant, right / found, right / meant))
    with capsys.disabled():
        print()
        for rule, meant, precision, recall in rows:
            print(f"  {rule:18}{meant:5} lines  precision {precision:.3f}  recall {recall:.3f}")
    assert all(precision >= 0.9 and recall >= 0.95 for _, _, precision, recall in rows), rows


def test_verdicts_explain_themselves() -> None:
    gate = Gate(load_policy())
    for rule, where, line in labelled():
        verdict = gate.check(line, where)
        assert (verdict.action is Action.ALLOW) == (not verdict.rule)
        assert bool(verdict.sentence) == bool(verdict.rule), rule
