"""How `selfsame bench recall` reads a file, asks and counts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.crowd import crowd_ms
from benchmarks.recall import Answer, Asked, Told, figures, read, run, table
from engine.errors import InputError


def talk(person: str, character: str, sessions: list[list[str]], qa: list[dict[str, Any]]) -> dict[str, Any]:
    """A talk in which the two speak in turns, the person first."""
    conversation: dict[str, Any] = {"speaker_a": person, "speaker_b": character}
    for number, lines in enumerate(sessions, start=1):
        conversation[f"session_{number}_date_time"] = f"1:0{number} pm on {number} May, 2026"
        conversation[f"session_{number}"] = [
            {"speaker": (person, character)[at % 2], "dia_id": f"D{number}:{at + 1}", "text": line}
            for at, line in enumerate(lines)
        ]
    return {"conversation": conversation, "qa": qa}


FERRY = talk(
    "Ada",
    "Ben",
    [
        ["The ferry to the island sank.", "Oh no! Was anybody hurt?", "Nobody was, it was empty."],
        ["I bought a cello.", "I play the oboe myself.", "Oboes are loud."],
    ],
    [
        {"question": "What instrument did Ada buy?", "evidence": ["D2:1; D9:9"], "category": 4},
        {"question": "Which ferry sank?", "evidence": ["D1:1", "D1:3"], "category": 1},
        {"question": "Why is Ada a pilot?", "evidence": ["D1:1"], "category": 5},
        {"question": "What is nowhere?", "evidence": ["D7:7"], "category": 2},
    ],
)
GARDEN = talk(
    "Cleo",
    "Dan",
    [["My garden has a fox.", "A fox? How old?", "A ferry brought it, they say."]],
    [{"question": "What lives in Cleo's garden?", "evidence": ["D1:1"], "category": 2}],
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "talks.json"
    path.write_text(json.dumps([FERRY, GARDEN]), encoding="utf-8")
    return path


def test_a_file_is_read_with_its_dates_and_what_pictures_show(tmp_path: Path) -> None:
    shown = json.loads(json.dumps(GARDEN))
    shown["conversation"]["session_1"][0]["blip_caption"] = "a fox on a lawn"
    (tmp_path / "x.json").write_text(json.dumps([shown]))
    (told,) = read(tmp_path / "x.json")
    assert (told.person, told.character) == ("Cleo", "Dan")
    assert told.turns[0].text == "My garden has a fox. [a fox on a lawn]"
    assert told.turns[0].at == datetime(2026, 5, 1, 13, 1, tzinfo=UTC)
    assert told.turns[0].at < told.turns[1].at


def test_questions_of_other_categories_and_without_evidence_do_not_count(file: Path) -> None:
    ferry, garden = read(file)
    assert [(asked.category, asked.evidence) for asked in ferry.questions] == [
        (4, {"D2:1"}),
        (1, {"D1:1", "D1:3"}),
    ]
    assert len(garden.questions) == 1


def test_what_is_no_such_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('[{"a": 1}]')
    for name in ("x.json", "none.json"):
        with pytest.raises(InputError, match="cannot be read"):
            read(tmp_path / name)


def test_figures_are_shares_of_the_evidence() -> None:
    questions = [Asked("one", 1, frozenset("ab")), Asked("two", 4, frozenset("c"))]
    answers = [
        Answer([*"xaxxxx", "b"], ["a"], 1.0),  # the first of two at 2, the other at 7
        Answer(["x"] * 12 + ["c"], ["c"], 3.0),  # at 13
    ]
    counted = figures([Told("Ada", "Ben", [], questions)], [answers])
    assert counted["recall@5"] == 0.25
    assert counted["recall@10"] == 0.5
    assert counted["recall@20"] == 1.0
    assert counted["recall@512tok"] == 0.75
    assert counted["mrr"] == pytest.approx((1 / 2 + 1 / 13) / 2, abs=1e-4)
    assert (counted["multi-hop"], counted["single-hop"]) == (1.0, 0.0)
    assert counted["median_ms"] == 2.0


async def test_talks_are_asked_through_the_product_and_beside_each_other_the_same(file: Path) -> None:
    result = await run(data=str(file), no_vectors=True)
    assert result["questions"] == 3
    assert result["identical"] is True
    assert not result["vectors"]
    assert result["recall@5"] == 1.0
    assert "the same beside others as alone: yes" in table(result)


async def test_a_file_has_to_be_named() -> None:
    with pytest.raises(InputError, match="--data FILE"):
        await run()


async def test_a_long_talk_beside_those_of_others_is_timed(file: Path) -> None:
    result = await crowd_ms(read(file), 70, own=40, each=30)
    assert result["others"] == 70
    assert 0 < result["crowd_median_ms"] <= result["crowd_p99_ms"]
    assert result["add_median_ms"] > 0
