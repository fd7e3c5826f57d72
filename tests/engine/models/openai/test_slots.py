"""llama-server's slots: nobody loses one while there is another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.models.openai.slots import Slots


def test_the_slot_that_was_used_longest_ago_is_given_away() -> None:
    slots = Slots()
    for conversation in ("a", "b", "a"):
        slots.leave(slots.take(conversation, 2))
    slot = slots.take("c", 2)
    assert slot == 1
    slots.leave(slot)
    assert slots.take("a", 2) == 0


def test_a_busy_slot_is_not_given_away() -> None:
    slots = Slots()
    assert slots.take("a", 1) == 0
    assert slots.take("b", 1) is None
    assert slots.take("a", 1) is None


def test_a_server_with_fewer_slots_than_before_is_no_error() -> None:
    slots = Slots()
    for conversation in ("a", "b", "c"):
        slots.leave(slots.take(conversation, 3))
    assert slots.take("c", 1) == 0


@given(st.lists(st.tuples(st.sampled_from("abcdefg"), st.booleans()), max_size=60), st.integers(1, 4))
def test_no_slot_is_ever_two_replies(steps: list[tuple[str, bool]], count: int) -> None:
    slots = Slots()
    busy: list[int] = []
    for conversation, ends in steps:
        if ends and busy:
            slots.leave(busy.pop(0))
        slot = slots.take(conversation, count)
        assert slot is None or (0 <= slot < count and slot not in busy)
        assert slot is not None or len(busy) == count
        busy += [] if slot is None else [slot]
