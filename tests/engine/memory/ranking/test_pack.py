"""What is recalled fits into its budget."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.memory.ranking.pack import pack, tokens_of
from engine.types import Message, Role


def turn(number: int, text: str) -> Message:
    return Message(f"m{number}", "talk", Role.PERSON, text, datetime(2026, 11, 21, tzinfo=UTC))


def test_as_many_as_fit_by_rank() -> None:
    ranked = [turn(number, "Nine more words about the ferry and the lighthouse.") for number in range(50)]
    packed = pack(ranked, 512)
    assert packed == ranked[: len(packed)]
    assert sum(map(tokens_of, packed)) <= 512 < sum(map(tokens_of, ranked[: len(packed) + 1]))


def test_one_that_is_too_long_leaves_its_room_to_the_next() -> None:
    short, long, last = turn(1, "A ferry."), turn(2, "ferry " * 500), turn(3, "A lighthouse.")
    assert pack([short, long, last], 100) == [short, last]


def test_never_more_than_wanted() -> None:
    assert len(pack([turn(number, "Yes.") for number in range(9)], 512, 3)) == 3
    assert pack([turn(1, "Yes.")], 0) == []


def test_a_turn_takes_what_its_line_in_a_prompt_takes() -> None:
    line = "- (2026-11-21) The person: A ferry.\n"
    assert tokens_of(turn(1, "A ferry.")) == len(line) // 4 + 1
