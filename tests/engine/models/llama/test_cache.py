"""Seats and stems: what is kept, what gives way, and what happens when a parked state is no good."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.models.llama.cache import common_length, parked_pasts
from engine.models.llama.shelf import State
from tests.engine.models.llama.rig import Alone, Asked, Rig


def words(seed: int, count: int) -> list[int]:
    return random.Random(seed).choices(range(10, 250), k=count)


@pytest.fixture
def rig(tiny: Path) -> Iterator[Rig]:
    made = Rig(tiny)
    yield made
    made.close()


@pytest.fixture(scope="module")
def alone(tiny: Path) -> Iterator[Alone]:
    reference = Alone(tiny)
    yield reference
    reference.close()


def right(asked: Asked, alone: Alone) -> bool:
    return asked.reply == alone.reply(asked.job.order.tokens.tolist(), asked.job.order.most)


@pytest.mark.parametrize(
    ("one", "other", "length"),
    [([], [], 0), ([1, 2], [], 0), ([1, 2], [1, 2, 3], 2), ([1, 9], [1, 2, 3], 1), ([9], [1], 0)],
)
def test_common_length(one: list[int], other: list[int], length: int) -> None:
    assert common_length(np.array(one, np.int32), np.array(other, np.int32)) == length


def test_a_changed_character_costs_what_follows_the_change(rig: Rig, alone: Alone) -> None:
    """The new beginning is read once, from where it differs."""
    old, new = words(1, 60), [*words(1, 40), *words(2, 25)]
    rig.say([*old, *words(3, 30)], shared=60, conversation="maya")
    changed = rig.say([*new, *words(3, 30)], shared=65, conversation="maya")
    assert right(changed, alone)
    assert changed.finish.read == 25 + 30
    other = rig.say([*new, *words(4, 20)], shared=65, conversation="ben")
    assert right(other, alone)
    assert other.finish.read == 20


def test_a_past_of_ones_own_can_become_a_stem(rig: Rig, alone: Alone) -> None:
    """What was read as somebody's own is not read again when it turns out to be shared."""
    rig.say(words(1, 60), conversation="maya")
    assert rig.say([*words(1, 60), 99], shared=50, conversation="maya").finish.read == 1
    other = rig.say([*words(1, 50), *words(2, 9)], shared=50, conversation="ben")
    assert right(other, alone)
    assert other.finish.read == 9


def test_a_stem_may_become_shorter_or_longer(rig: Rig, alone: Alone) -> None:
    prompt = words(1, 80)
    for shared, more in ((40, 5), (60, 5), (20, 5), (0, 5), (70, 5)):
        asked = rig.say(prompt, shared=shared, conversation="maya")
        assert right(asked, alone)
        prompt = [*asked.held, *words(shared, more)]
        assert asked.finish.read in {80, more}


def test_nobody_gets_what_another_one_said(rig: Rig) -> None:
    """The same words of another conversation are read again, unless they are the character's."""
    rig.say(words(1, 60), shared=20, conversation="maya")
    assert rig.say(words(1, 60), shared=20, conversation="ben").finish.read == 40
    assert rig.say(words(1, 60), shared=20).finish.read == 40


def test_work_without_a_conversation_leaves_nothing(rig: Rig) -> None:
    rig.say(words(1, 60), shared=20)
    assert rig.say(words(1, 60), shared=20).finish.read == 40
    rig.cache.park_all()
    assert not [name for name in rig.shelf.names() if not name.startswith("stem:")]


def test_stems_give_way_last(rig: Rig) -> None:
    for n in range(3):
        rig.say([*words(0, 50), *words(n + 1, 20)], shared=50, conversation=f"person {n}")
    rig.cache.give_way()
    assert rig.shelf.names() == {"person 0"}
    while len(rig.shelf.names()) < 3:
        rig.cache.give_way()
    assert rig.say([*words(0, 50), *words(9, 20)], shared=50, conversation="new").finish.read == 20


def test_a_stem_goes_with_the_last_conversation_on_it(tiny: Path, tmp_path: Path) -> None:
    """The character may be somebody's own, and deleted with all that was said to it."""
    for resting in (False, True):
        rig = Rig(tiny, parked=tmp_path)
        for who, stem in (("maya", 0), ("ben", 0), ("ana", 7)):
            rig.say([*words(stem, 50), *words(1, 20)], shared=50, conversation=who)
        if not resting:
            rig.cache.park_all()
        forget(rig, {"maya"})
        assert rig.say([*words(0, 50), *words(2, 20)], shared=50, conversation="new").finish.read == 20
        forget(rig, {"ben", "new"})
        assert rig.say([*words(0, 50), *words(3, 20)], shared=50).finish.read == 70
        assert rig.say([*words(7, 50), *words(2, 20)], shared=50, conversation="other").finish.read == 20
        forget(rig, {"ana", "other"})
        assert not rig.shelf.names()
        rig.close()


def forget(rig: Rig, conversations: set[str]) -> None:
    assert not rig.cache.forget(conversations)
    assert not rig.cache.drop_orphans(parked_pasts(rig.shelf))


def test_only_ones_own_is_parked(rig: Rig) -> None:
    rig.say([*words(0, 500), *words(1, 20)], shared=500, conversation="maya")
    rig.say(words(2, 520), conversation="ben")
    rig.cache.park_all()
    with_stem, whole = rig.shelf.get("maya"), rig.shelf.get("ben")
    assert with_stem is not None
    assert whole is not None
    assert with_stem.skipped == 500
    assert len(with_stem.data) < len(whole.data) / 10


@pytest.mark.parametrize("what", ["data", "short", "tokens", "skipped"])
def test_a_parked_state_that_is_no_good_counts_as_not_there(rig: Rig, alone: Alone, what: str) -> None:
    first = rig.say(words(1, 60), shared=20, conversation="maya")
    rig.cache.park_all()
    state = rig.shelf.get("maya")
    assert state is not None
    bad = {
        "data": State(state.tokens, state.skipped, bytes(len(state.data))),
        "short": State(state.tokens, state.skipped, bytes(state.data)[:-100]),
        "tokens": State(state.tokens[::-1].copy(), state.skipped, state.data),
        "skipped": State(state.tokens, 7, state.data),
    }[what]
    rig.shelf.put("maya", bad)
    again = rig.say([*first.held, 99], shared=20, conversation="maya")
    assert right(again, alone)
    assert again.finish.read == 66 - 20


def test_a_lost_stem_is_read_again_and_the_rest_is_not(rig: Rig, alone: Alone) -> None:
    first = rig.say(words(1, 60), shared=20, conversation="maya")
    rig.cache.park_all()
    rig.shelf.drop([name for name in rig.shelf.names() if name.startswith("stem:")])
    again = rig.say([*first.held, 99], shared=20, conversation="maya")
    assert right(again, alone)
    assert again.finish.read == 20 + 1


def test_little_may_rest_while_others_are_written_to(tiny: Path) -> None:
    rig = Rig(tiny, idle_cells=100)
    for n in range(4):
        rig.say(words(n, 60), conversation=f"person {n}")
    # Nobody is written to any more, so nothing is lost by keeping the last one.
    assert len(rig.shelf.names()) == 2
    rig.say(words(8, 10), conversation="other")
    assert len(rig.shelf.names()) == 3
    rig.close()


def test_without_a_shelf_it_only_takes_longer(tiny: Path, alone: Alone) -> None:
    rig = Rig(tiny, ram=0)
    first = rig.say(words(1, 60), conversation="maya")
    rig.cache.park_all()
    again = rig.say([*first.held, 99], conversation="maya")
    assert right(again, alone)
    assert again.finish.read == 66
    rig.close()
