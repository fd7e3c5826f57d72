"""bot/access.py: how fast one person may talk, on a clock of the test's own."""

from __future__ import annotations

import pytest

from bot.access import Access, CooldownError


class Hands:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_minute_has_room_for_so_many() -> None:
    clock = Hands()
    access = Access(3, clock)
    for _ in range(3):
        access.admit("ana")
    for first in (True, False, False):
        with pytest.raises(CooldownError, match="Take a breath") as refused:
            access.admit("ana")
        assert refused.value.first is first
    clock.now = 61.0
    for _ in range(3):
        access.admit("ana")
    with pytest.raises(CooldownError) as refused:
        access.admit("ana")
    assert refused.value.first


def test_one_person_does_not_use_up_another_ones_minute() -> None:
    access = Access(1, Hands())
    access.admit("ana")
    access.admit("bo")
    with pytest.raises(CooldownError):
        access.admit("ana")
