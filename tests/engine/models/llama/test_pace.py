"""How much of prompts a step reads, on a machine whose costs are known."""

from __future__ import annotations

import pytest

from engine.models.llama.pace import (
    ALL_S,
    BRIEF_S,
    LEAST_ALONE,
    LEAST_BESIDE,
    ROWS,
    Budget,
    Pace,
    Reader,
    shares,
)

LONG = Reader(left=4000, whole=4000)


class Machine:
    """Takes `usual` seconds to write to four, and `bulk` for each token of many; fewer rows cost their multiple."""

    def __init__(self, usual: float = 0.04, bulk: float = 0.005) -> None:
        self.pace = Pace(512)
        self.usual, self.bulk = usual, bulk
        self.deeper = 0.0  # seconds that each token costs more where the prompt is deep
        self.pace.took(usual, 4, 0)
        self.pace.took(64 * bulk, 0, 64)

    def step(self, *readers: Reader, writers: int = 4, settled: bool = True) -> tuple[Budget, float]:
        """The budget of a step, and how long it takes to read as much."""
        budget = self.pace.budget(readers, writers, settled=settled)
        odd = (writers + budget.tokens) % ROWS if budget.tokens < LEAST_ALONE else 0
        even = budget.tokens - odd
        seconds = self.bulk * (even + 3 * odd) + self.deeper * budget.tokens + (self.usual if writers else 0)
        self.pace.took(seconds, writers, budget.tokens)
        return budget, seconds


def test_a_long_prompt_never_stalls_the_others() -> None:
    """Each token becomes five times as dear on the way; no step takes three times the usual one."""
    machine, left = Machine(), 4000
    while left > 0:
        machine.deeper = 0.02 * (1 - left / 4000)
        budget, seconds = machine.step(Reader(left, 4000))
        assert seconds < 3 * machine.usual
        assert budget.tokens == budget.steady >= LEAST_BESIDE
        left -= budget.tokens


def test_rows_are_a_multiple_where_there_is_time_for_it() -> None:
    machine = Machine()
    counts = [machine.step(LONG)[0].tokens for _ in range(5)]
    assert all((4 + count) % ROWS == 0 for count in counts) and counts[-1] >= ROWS
    machine.pace.took(0.03, 3, 0)
    assert (3 + machine.pace.budget([LONG], 3).tokens) % ROWS == 0


def test_the_next_newcomer_begins_with_large_steps_again() -> None:
    machine = Machine()
    machine.deeper = 0.02
    deep = [machine.step(Reader(100, 4000))[0].tokens for _ in range(8)]
    assert deep[-1] < ROWS
    machine.deeper = 0.0
    assert machine.step(LONG)[0].tokens >= ROWS


def test_who_comes_back_is_read_at_once() -> None:
    """A hundred tokens cost half a second once, in place of twenty small steps."""
    machine = Machine()
    budget = machine.pace.budget([Reader(100, 100)], 4)
    assert budget.tokens >= 100 > budget.steady
    assert machine.pace.budget([Reader(100, 4000)], 4).tokens < 32, "the end of a long prompt"
    assert machine.pace.budget([Reader(100, 100)] * 20, 4).tokens * machine.bulk < BRIEF_S + 0.1


def test_a_slow_machine_reads_nothing_at_once() -> None:
    machine = Machine(usual=0.4, bulk=0.1)
    assert machine.pace.budget([Reader(100, 100)], 4).tokens < ROWS


def test_all_who_wait_are_read_in_one_step() -> None:
    """One of them has its first words already, but nobody has a rhythm yet."""
    machine = Machine()
    eight = [Reader(50, 50)] * 8
    assert machine.pace.budget(eight, 1, settled=False).tokens == 400
    assert machine.pace.budget(eight, 0).tokens == 400
    assert machine.pace.budget([LONG], 0).tokens == 80, "0.4 seconds"
    slow = Machine(bulk=ALL_S / 400)
    assert slow.pace.budget([*eight, LONG], 0).tokens == int(0.4 / slow.bulk)


def test_one_step_that_was_held_up_changes_nothing() -> None:
    machine = Machine()
    for _ in range(3):
        machine.pace.took(0.5, 0, 100)
    before = machine.pace.budget([LONG], 0)
    machine.pace.took(9.0, 0, 100)
    assert machine.pace.budget([LONG], 0) == before
    steady = [machine.step(LONG)[0] for _ in range(4)][-1]
    machine.pace.took(2.0, 4, steady.steady)
    assert machine.pace.budget([LONG], 4) == steady


def test_a_machine_that_becomes_slower_is_felt_soon() -> None:
    """Everything takes half as long again from now on."""
    machine = Machine()
    machine.deeper = 0.01
    for _ in range(4):
        machine.step(Reader(2000, 4000))
    machine.usual, machine.bulk, machine.deeper = 0.06, 0.0075, 0.015
    slow = [machine.step(Reader(2000, 4000))[1] for _ in range(6)]
    assert max(slow[2:]) < 3 * 0.04, "of what was usual before"


def test_more_writers_bear_more_reading() -> None:
    pace = Pace(512)
    pace.took(0.1, 2, 0)
    pace.took(0.4, 8, 0)
    pace.took(0.64, 0, 64)
    reads = [pace.budget([LONG], writers).tokens for writers in (1, 2, 7, 8)]
    assert reads == [LEAST_BESIDE, 6, 9, 36]


def test_who_was_never_measured_reads_little() -> None:
    assert Pace(512).budget([LONG], 4).tokens == LEAST_BESIDE
    assert Pace(512).budget([LONG], 0).tokens == LEAST_ALONE
    assert Pace(16).budget([LONG], 0).tokens == 16


@pytest.mark.parametrize(
    ("remaining", "budget", "steady", "given"),
    [
        ([], 64, 64, []),
        ([10], 64, 64, [10]),
        ([500], 64, 64, [64]),
        ([500, 20, 100], 64, 64, [16, 20, 28]),
        ([500, 10], 64, 64, [54, 10]),
        ([5, 500], 64, 64, [5, 59]),
        ([500, 100], 108, 8, [8, 100]),
    ],
)
def test_shares(remaining: list[int], budget: int, steady: int, given: list[int]) -> None:
    """In the last one somebody who comes back is read at once, beside a long prompt's usual part."""
    assert shares(remaining, budget, steady) == given
