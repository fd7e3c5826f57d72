"""engine/memory/embed/numbers.py and nearness.py: rows as they are kept, and how they are compared."""

from __future__ import annotations

import numpy as np
import pytest

from engine.memory.embed.nearness import nearest
from engine.memory.embed.numbers import Reading, Shelf, joined, pack, unpack

WIDTH = 64
EVEN = [1.0] * 9


def reading(seed: int, tokens: int) -> Reading:
    draw = np.random.default_rng(seed)

    def units(count: int) -> np.ndarray:
        drawn = draw.normal(size=(count, WIDTH)).astype(np.float32)
        return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)

    return Reading(units(1)[0], units(tokens))


def shelf(readings: list[Reading], first: int = 1) -> Shelf:
    return unpack([(first + at, pack(one)) for at, one in enumerate(readings)], WIDTH)


def test_a_row_keeps_a_byte_for_each_dimension_and_a_bit_for_each_of_a_token() -> None:
    assert len(pack(reading(1, tokens=5))) == WIDTH + 5 * WIDTH // 8


def test_what_was_packed_is_there_again() -> None:
    made = [reading(seed, tokens) for seed, tokens in enumerate((3, 0, 7, 1))]
    there = shelf(made, first=10)
    assert there.seqs.tolist() == [10, 11, 12, 13]
    assert there.starts.tolist() == [0, 3, 3, 10, 11]
    for at, one in enumerate(made):
        assert there.whole[at] @ one.whole > 0.98 * np.linalg.norm(there.whole[at].astype(float))
        signs = np.unpackbits(there.signs[there.starts[at] : there.starts[at + 1]], axis=1)
        assert (signs == (one.tokens > 0)).all()


def test_a_shelf_behind_another_is_as_if_all_had_been_unpacked_together() -> None:
    made = [reading(seed, tokens=seed + 1) for seed in range(6)]
    together, parts = shelf(made), joined(shelf(made[:4]), shelf(made[4:], first=5))
    for name in ("seqs", "whole", "signs", "starts"):
        assert (getattr(together, name) == getattr(parts, name)).all()


def test_nothing_is_near_on_an_empty_shelf() -> None:
    assert nearest([shelf([]), unpack([], WIDTH)], reading(1, 3), EVEN[:3]) == {}
    assert nearest([], reading(1, 3), EVEN[:3]) == {}


def test_nearness_is_the_weighted_mean_of_each_asked_tokens_best() -> None:
    made, asked = [reading(seed, tokens=4) for seed in range(5)], reading(99, tokens=3)
    found = nearest([shelf(made)], asked, [1.0, 0.25, 0.5])
    for seq, one in enumerate(made, start=1):
        signs = np.where(one.tokens > 0, 1.0, -1.0) / np.sqrt(WIDTH)
        assert found[seq] == pytest.approx(
            np.average((asked.tokens @ signs.T).max(axis=1), weights=[1.0, 0.25, 0.5]), abs=1e-5
        )


def test_the_same_tokens_are_nearest() -> None:
    made = [reading(seed, tokens=4) for seed in range(50)]
    found = nearest([shelf(made)], made[17], EVEN[:4])
    assert max(found, key=lambda seq: found[seq]) == 18


def test_only_the_nearest_by_the_whole_are_compared_token_by_token() -> None:
    made, asked = [reading(seed, tokens=2) for seed in range(40)], reading(99, tokens=3)
    found = nearest([shelf(made[:25]), shelf(made[25:], first=26)], asked, EVEN[:3], most=10)
    best = sorted(range(40), key=lambda at: -float(made[at].whole @ asked.whole))[:8]
    # A byte is not exact: who is at the edge may change places.
    assert len(found) == 10 and {at + 1 for at in best} <= set(found)


def test_a_message_without_words_is_far_from_everything() -> None:
    made = [reading(1, tokens=3), reading(2, tokens=0), reading(3, tokens=2)]
    found = nearest([shelf(made)], reading(9, tokens=4), EVEN[:4])
    assert found[2] == min(found.values())
    assert nearest([shelf([reading(2, tokens=0)])], reading(9, tokens=4), EVEN[:4]) == {1: 0.0}


def test_what_is_asked_without_words_says_nothing() -> None:
    assert nearest([shelf([reading(1, tokens=3)])], reading(9, tokens=0), []) == {}
