"""Which of the turns that were found come first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.memory.ranking.asked import Asked, read
from engine.memory.ranking.hits import AFTER, BEFORE, Hits
from engine.memory.ranking.rank import SESSION_GAP, Candidate, answers_nothing, rank, read_signs
from engine.types import Message, Role

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def said(seq: int, text: str, *, role: Role = Role.PERSON, at: datetime = NOON) -> Candidate:
    return Candidate(seq, Message(f"m{seq:03}", "talk", role, text, at + timedelta(seconds=seq)))


def order(candidates: list[Candidate], masks: dict[int, int], asked: Asked) -> list[int]:
    seqs = {one.message.id: one.seq for one in candidates}
    hits = Hits(masks, len(asked.words), 1000)
    return [seqs[one.message.id] for one in rank(candidates, hits, asked)]


def test_a_rare_word_is_worth_more_than_a_frequent_one() -> None:
    asked = read("the ferry to the lighthouse", "Sam", "Noor")
    masks = dict.fromkeys(range(100, 160), 1) | {20: 0b10}
    candidates = [
        said(20, "A lighthouse it was."),
        said(110, "A ferry it was."),
        said(130, "A ferry once more."),
    ]
    assert order(candidates, masks, asked)[0] == 20


def test_the_answer_to_a_question_with_the_words_comes_with_it() -> None:
    hits = Hits({5: 0b11}, 2, 100)
    assert hits.windows[5] == pytest.approx(1.0)
    assert hits.windows[6] == pytest.approx(BEFORE)
    assert hits.windows[4] == pytest.approx(AFTER)
    asked = read("When did the ferry sink?", "Sam", "Noor")
    candidates = [
        said(4, "Hello you."),
        said(5, "When did the ferry sink?"),
        said(6, "It sank last Tuesday."),
    ]
    assert order(candidates, {5: 0b11}, asked)[0] == 6


def test_words_of_a_turn_and_the_one_before_add_up_and_none_counts_twice() -> None:
    hits = Hits({5: 0b01, 6: 0b11, 7: 0b10}, 2, 100)
    assert hits.windows[6] == pytest.approx(1.0)
    assert hits.windows[7] == pytest.approx(0.5 + BEFORE * 0.5)


def test_what_was_said_hours_before_is_no_part_of_a_turn() -> None:
    near = [said(5, "The ferry sank."), said(6, "Really, it did?")]
    far = [near[0], said(6, "Really, it did?", at=NOON + SESSION_GAP)]
    asked = read("ferry", "Sam", "Noor")
    hits = Hits({5: 1}, 1, 100)
    assert [signs.words for _, signs in read_signs(near, hits, asked)] == pytest.approx([1.0, BEFORE])
    assert [signs.words for _, signs in read_signs(far, hits, asked)] == pytest.approx([1.0, 0.0])
    assert [signs.session for _, signs in read_signs(far, hits, asked)] == pytest.approx([1.0, 0.0])


def test_the_one_who_is_asked_about_comes_first() -> None:
    candidates = [
        said(5, "The ferry was red as ever."),
        said(50, "The ferry was red as ever.", role=Role.CHARACTER),
    ]
    masks = {5: 1, 50: 1}
    assert order(candidates, masks, read("Noor's ferry", "Sam", "Noor"))[0] == 50
    assert order(candidates, masks, read("Sam's ferry", "Sam", "Noor"))[0] == 5


def test_the_answer_to_a_question_comes_before_what_follows_a_statement() -> None:
    asked = read("Where did the ferry sink?", "Sam", "Noor")
    candidates = [
        said(5, "Where did the ferry sink?"),
        said(6, "Near the lighthouse."),
        said(50, "A ferry did sink somewhere."),
        said(51, "Near the lighthouse."),
    ]
    masks = {5: 0b11, 50: 0b11}
    signs = {one.seq: found.answer for one, found in read_signs(candidates, Hits(masks, 2, 100), asked)}
    assert signs[6] == pytest.approx(1.0)
    assert signs[5] == signs[50] == signs[51] == 0.0
    ranked = order(candidates, masks, asked)
    assert ranked.index(6) < ranked.index(51)


def test_an_answer_hours_later_is_none() -> None:
    candidates = [said(5, "Where is the ferry?"), said(6, "There.", at=NOON + SESSION_GAP)]
    found = read_signs(candidates, Hits({5: 1}, 1, 100), read("ferry", "Sam", "Noor"))
    assert [signs.answer for _, signs in found] == [0.0, 0.0]


def test_where_many_things_are_asked_for_who_tells_something_comes_first() -> None:
    candidates = [
        said(5, "That music of yours is lovely, you know!"),
        said(50, "I took up music, I play the cello in Lisbon."),
    ]
    masks = {5: 1, 50: 1}
    narrow, broad = (Asked("music", ["music"], broad=broad) for broad in (False, True))
    assert order(candidates, masks, broad)[0] == 50
    gaps = [
        {one.message.id: one.score for one in rank(candidates, Hits(masks, 1, 1000), asked)}
        for asked in (narrow, broad)
    ]
    assert gaps[1]["m050"] - gaps[1]["m005"] > gaps[0]["m050"] - gaps[0]["m005"]


def test_a_time_that_is_asked_for_finds_what_was_said_then() -> None:
    then = datetime(2026, 3, 1, tzinfo=UTC)
    candidates = [said(5, "The ferry was late.", at=then), said(50, "The ferry was late.")]
    for start, first in ((then, 5), (NOON, 50)):
        asked = Asked("the ferry that day", ["ferry"], spans=[(start, start + timedelta(days=1))])
        assert order(candidates, {5: 1, 50: 1}, asked)[0] == first


def test_a_nearer_meaning_comes_first_and_none_at_all_last() -> None:
    asked = Asked("boats", ["boats"])
    near, far, none = (said(seq, "Same words here.") for seq in (5, 50, 80))
    candidates = [Candidate(5, far.message, 0.2), Candidate(50, near.message, 0.9), none]
    assert [one.message.id for one in rank(candidates, Hits({}, 1, 100), asked)] == [
        near.message.id,
        far.message.id,
        none.message.id,
    ]


def test_the_same_question_asked_again_answers_nothing() -> None:
    asked = read("What is my sister called?", "Sam", "Noor")

    def line(text: str, role: Role = Role.PERSON) -> Message:
        return Message("m1", "talk", role, text, NOON)

    assert answers_nothing(line("So what is my sister called?"), asked)
    assert not answers_nothing(line("My sister is called Ana."), asked)
    assert not answers_nothing(line("My sister is called Ana, isn't that nice?"), asked)
    assert not answers_nothing(line("Is your sister called Ana?", Role.CHARACTER), asked)
