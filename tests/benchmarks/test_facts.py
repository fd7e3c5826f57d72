"""`selfsame bench facts`: the dialogues are sound, a match is what it should be, and the figures add up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks import facts
from benchmarks.dialogues.label import (
    FOLDER,
    LANGUAGES,
    PARTS,
    Dialogue,
    Label,
    Line,
    family,
    fold,
    is_past,
    read,
)
from bot.__main__ import app
from engine.errors import InputError
from engine.types import Fact

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _fact(subject: str, relation: str, value: str) -> Fact:
    return Fact(
        id=f"{subject} {relation} {value}",
        person_id="p",
        character_id="c",
        place="private",
        subject=subject,
        relation=relation,
        value=value,
        text="",
        topic="other",
        source_message_id=None,
        source_text="",
        said_at=NOON,
    )


def _label(subject: str, relation: str, *values: str, line: int = 1, until: str = "") -> Label:
    return Label([subject], [relation], values, line, until)


def _dialogue(
    told: Sequence[Label], may: Sequence[Label] = (), traps: Sequence[Label] = (), *, held_back: bool = False
) -> Dialogue:
    lines = [Line(True, f"line {number}", date(2026, 3, number)) for number in (1, 2, 3)]
    return Dialogue("xx-dev-01", "xx", lines, told, may, traps, held_back)


# ---------------------------------------------------------------- the dialogues


def test_there_are_as_many_dialogues_as_promised_and_almost_half_are_held_back() -> None:
    count = Counter((one.language, one.held_back) for one in read("all"))
    assert {language: count[language, True] for language in LANGUAGES} == {
        "en": 46, "de": 24, "es": 24, "fr": 24, "pt": 24
    }  # fmt: skip
    assert all(count[language, False] >= count[language, True] for language in LANGUAGES)


def test_no_two_lines_of_a_person_are_alike() -> None:
    said = Counter(" ".join(fold(line.text)) for one in read("all") for line in one.lines if line.by_person)
    assert [words for words, times in said.items() if times > 1] == []
    assert len({one.id for one in read("all")}) == len(read("all"))


@pytest.mark.parametrize("dialogue", read("all"), ids=lambda one: one.id)
def test_a_dialogue_is_sound(dialogue: Dialogue) -> None:
    persons = [number for number, line in enumerate(dialogue.lines, 1) if line.by_person]
    assert 2 <= len(persons) <= 6
    assert [line.at for line in dialogue.lines] == sorted(line.at for line in dialogue.lines)
    for label in (*dialogue.facts, *dialogue.may, *dialogue.traps):
        assert label.line in persons, label
        assert all(fold(value) for value in label.values), label
        assert all(subject == "you" or subject.startswith("your ") for subject in label.subjects), label
    for label in dialogue.facts:
        assert label.until in ("", "superseded", "ended"), label
        if label.until == "superseded":
            assert any(newer.follows(label) for newer in dialogue.facts), label


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.jsonl")), ids=lambda path: path.stem)
def test_a_file_says_which_facts_are_current(path: Path) -> None:
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        assert row["current"] == [at for at, fact in enumerate(row["facts"]) if not fact["until"]], row["id"]


@pytest.mark.parametrize("part", PARTS)
def test_a_third_of_the_lines_tell_nothing(part: str) -> None:
    silent = told = 0
    for one in read(part):
        telling = {label.line for label in one.facts}
        lines = [number for number, line in enumerate(one.lines, 1) if line.by_person]
        told += len(telling)
        silent += len(set(lines) - telling)
    assert 0.3 <= silent / (silent + told) <= 0.5


def test_each_part_has_dialogues_of_each_language_and_only_check_is_held_back() -> None:
    for part in PARTS:
        count = Counter(one.language for one in read(part))
        assert set(count) == set(LANGUAGES)
        assert min(count.values()) >= 20
        assert {one.held_back for one in read(part)} == {part == "check"}


# ---------------------------------------------------------------- what matches


@pytest.mark.parametrize(
    ("label", "fact"),
    [
        (_label("you", "lives in", "Gdańsk"), _fact("you", "moved to", "gdansk")),
        (_label("you", "works as", "nurse"), _fact("you", "works as", "a nurse at the clinic")),
        (_label("you", "is afraid of", "moth"), _fact("You", "is afraid of", "moths")),
        (_label("your mother", "name", "Ana"), _fact("your mum", "name", "Ana")),
        (_label("your sister", "age", "12"), _fact("your little sister", "age", "twelve")),
        (_label("you", "birthday", "9 November"), _fact("you", "birthday", "November 9th, 1990")),
        (_label("you", "birthday", "11-09"), _fact("you", "birthday", "1990-11-09")),
        (_label("you", "likes", "climbing"), _fact("you", "favourite sport", "climbing")),
        (_label("you", "has condition", "diabetic"), _fact("you", "is", "diabetic")),
    ],
    ids=str,
)
def test_the_same_in_other_words_matches(label: Label, fact: Fact) -> None:
    assert label.matches(fact)


@pytest.mark.parametrize(
    ("label", "fact"),
    [
        (_label("you", "lives in", "Leeds"), _fact("you", "lives in", "Hull")),
        (_label("you", "lives in", "Leeds"), _fact("you", "comes from", "Leeds")),
        (_label("your sister", "lives in", "Leeds"), _fact("you", "lives in", "Leeds")),
        (_label("your sister", "name", "Ana"), _fact("your sister's boss", "name", "Ana")),
        (_label("you", "likes", "horror"), _fact("you", "dislikes", "horror")),
        (_label("you", "diet", "vegan"), _fact("you", "diet", "not vegan")),
        (_label("you", "name", "Kit"), _fact("you", "is", "Kit")),
        (_label("you", "likes", "tea"), _fact("you", "likes", "tea because it keeps me up all night long")),
    ],
    ids=str,
)
def test_something_else_does_not_match(label: Label, fact: Fact) -> None:
    assert not label.matches(fact)


def test_that_there_is_somebody_is_implied_by_what_is_told_of_them() -> None:
    assert _label("your dog", "name", "Bo").implies(_fact("you", "has", "a dog"))
    assert not _label("your dog", "name", "Bo").implies(_fact("you", "has", "a cat"))
    assert not _label("you", "name", "Bo").implies(_fact("you", "dislikes", "you"))


def test_relations_have_families_and_some_are_over() -> None:
    assert family("Favorite food") == family("hobby") == "taste"
    assert family("number of cats") == "has"
    assert family("asked to remember") == "asked to remember"
    assert is_past("lived in")
    assert is_past("used to play")
    assert not is_past("lives in")


# ---------------------------------------------------------------- the figures


def test_figures_count_what_is_right_missed_wrong_and_a_trap() -> None:
    dialogue = _dialogue(
        [_label("you", "name", "Kit"), _label("you", "age", "30"), _label("your dog", "name", "Bo", line=2)],
        may=[_label("you", "likes", "tea")],
        traps=[_label("you", "lives in", "Rome")],
    )
    kept = [
        facts.Kept(_fact("you", "name", "Kit"), 1, True),
        facts.Kept(_fact("your dog", "name", "Bo"), 3, True),  # with another line than the one that said it
        facts.Kept(_fact("you", "has", "a dog"), 2, True),  # implied: neither right nor wrong
        facts.Kept(_fact("you", "likes", "tea"), 1, True),  # may be kept
        facts.Kept(_fact("you", "lives in", "Rome"), 1, True),
        facts.Kept(_fact("you", "plays", "chess"), 1, True),
    ]
    counts = facts.score(dialogue, kept)
    assert counts.figures() == {
        "dialogues": 1,
        "facts": 3,
        "precision": 0.5,
        "recall": 0.6667,
        "right_source": 0.5,
        "wrong_facts": 2,
        "of_these_traps": 1,
        "superseded_returned_as_current": 0,
        "of_these_update_missed": 0,
        "current_returned_as_past": 0,
    }
    assert [line.split()[1] for line in counts.misses] == ["missed", "trap", "wrong"]


MOVED = (
    _label("you", "lives in", "Bath", until="superseded"),
    _label("you", "lives in", "Hull", line=2),
)
BATH, HULL = _fact("you", "lives in", "Bath"), _fact("you", "lives in", "Hull")


@pytest.mark.parametrize(
    ("kept", "stale", "unnoticed", "lost"),
    [
        ([facts.Kept(BATH, 1, False), facts.Kept(HULL, 2, True)], 0, 0, 0),
        ([facts.Kept(BATH, 1, True), facts.Kept(HULL, 2, True)], 1, 0, 0),
        ([facts.Kept(BATH, 1, True)], 1, 1, 0),
        ([facts.Kept(BATH, 1, False), facts.Kept(HULL, 2, False)], 0, 0, 1),
    ],
)
def test_what_has_ended_is_not_told_as_if_it_held(
    kept: list[facts.Kept], stale: int, unnoticed: int, lost: int
) -> None:
    counts = facts.score(_dialogue(MOVED), kept)
    assert (counts.stale, counts.unnoticed, counts.lost) == (stale, unnoticed, lost)


def test_who_moves_back_lives_there_again() -> None:
    back = (*MOVED, _label("you", "lives in", "Bath", line=3))
    assert facts.score(_dialogue(back), [facts.Kept(BATH, 3, True)]).stale == 0


def test_a_past_that_may_be_kept_is_wrong_as_the_present() -> None:
    dialogue = _dialogue([], may=[_label("you", "lives in", "Bath", until="ended")])
    assert facts.score(dialogue, [facts.Kept(BATH, 1, False)]).wrong == 0
    assert facts.score(dialogue, [facts.Kept(BATH, 1, True)]).wrong == 1


def test_nothing_is_shown_of_what_is_held_back() -> None:
    counts = facts.score(_dialogue(MOVED, held_back=True), [])
    assert (counts.labels, counts.found, counts.misses) == (2, 0, [])


# ---------------------------------------------------------------- the replay


async def test_a_quick_run_replays_dialogues_of_each_language_through_the_products_memory() -> None:
    result = await facts.run(quick=True, misses=True)
    languages = result["languages"]
    assert set(languages) == set(LANGUAGES)
    assert result["dialogues"] == facts.QUICK * len(LANGUAGES)
    for key in ("dialogues", "facts", "wrong_facts", "superseded_returned_as_current"):
        assert result[key] == sum(one[key] for one in languages.values()), key
    found = sum(round(one["recall"] * one["facts"]) for one in languages.values())
    assert result["recall"] == pytest.approx(found / result["facts"], abs=1e-3)
    assert found > 0
    missed = [line for line in result["misses"] if " missed " in line]
    assert len(missed) == result["facts"] - found
    assert "precision" in facts.table(result)


async def test_the_rules_alone_reach_what_is_promised_on_the_part_that_they_were_made_with() -> None:
    result = await facts.run(part="dev")
    assert result["precision"] >= facts.LEAST_PRECISION
    assert result["recall"] >= facts.LEAST_RECALL
    assert result["superseded_returned_as_current"] == 0
    assert result["current_returned_as_past"] == 0


async def test_what_a_line_tells_is_kept_with_that_line() -> None:
    label = _label("your dog", "name", "Biscuit", line=3)
    lines = [
        Line(True, "Good morning!", date(2026, 3, 1)),
        Line(False, "My dog is called Rex.", date(2026, 3, 1)),
        Line(True, "My dog is called Biscuit.", date(2026, 3, 2)),
    ]
    scores = await facts.scores_of([Dialogue("xx-dev-01", "xx", lines, [label], (), (), False)])
    assert (scores["xx"].found, scores["xx"].sourced, scores["xx"].wrong) == (1, 1, 0)


async def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(InputError, match="There is no part test"):
        await facts.run(part="test")


def test_options_of_another_benchmark_are_refused() -> None:
    result = CliRunner().invoke(app, ["bench", "turn", "--part", "dev"])
    assert result.exit_code == 2
    assert "--part and --misses are for the benchmark facts." in result.output
