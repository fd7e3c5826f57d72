"""A reply is the one that the model gives alone, whatever happens around it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.gguf import SHAPES
from tests.engine.models.llama.models import Model
from tests.engine.models.llama.rig import Alone, Rig

TINY = [name for name in SHAPES if name.startswith("tiny")]
PLAIN = range(10, 250)


def words(seed: int, count: int) -> list[int]:
    return random.Random(seed).choices(PLAIN, k=count)


@pytest.fixture(params=TINY)
def path(request: pytest.FixtureRequest, model: Model) -> Path:
    """One of each make: attention, a window, a running state, both."""
    return model(request.param)


@pytest.fixture
def alone(path: Path) -> Iterator[Alone]:
    reference = Alone(path)
    yield reference
    reference.close()


def test_among_strangers(path: Path, alone: Alone) -> None:
    rig = Rig(path)
    asked = [rig.ask(words(n, 20 + 9 * n), conversation=f"person {n}", most=12) for n in range(8)]
    rig.run(*asked)
    for n, one in enumerate(asked):
        assert one.reply == alone.reply(words(n, 20 + 9 * n), 12)
    rig.close()


def test_on_a_shared_stem(path: Path, alone: Alone) -> None:
    rig = Rig(path)
    stem = words(0, 60)
    prompts = [[*stem, *words(n, 15)] for n in range(1, 9)]
    asked = [rig.ask(prompt, shared=60, conversation=f"{prompt}") for prompt in prompts]
    rig.run(*asked)
    assert [one.reply for one in asked] == [alone.reply(prompt, 6) for prompt in prompts]
    assert sum(one.finish.read for one in asked) == 60 + 8 * 15
    rig.close()


@pytest.mark.parametrize("ram", [0, 1 << 30])
@pytest.mark.parametrize("shared", [0, 40])
def test_after_it_was_parked(path: Path, alone: Alone, tmp_path: Path, shared: int, ram: int) -> None:
    """In memory or on the disk; its next prompt goes on from all that was read."""
    rig = Rig(path, parked=tmp_path, ram=ram)
    first = rig.say(words(1, 90), shared=shared, conversation="maya")
    rig.cache.park_all()
    rig.shelf.flush()
    second = rig.say([*first.held, *words(2, 5)], shared=shared, conversation="maya")
    assert second.reply == alone.reply([*first.held, *words(2, 5)], 6)
    assert second.finish.read == 5
    rig.close()


def test_after_a_restart(path: Path, alone: Alone, tmp_path: Path) -> None:
    rig = Rig(path, parked=tmp_path)
    first = rig.say(words(1, 90), shared=40, conversation="maya")
    rig.close()
    rig = Rig(path, parked=tmp_path)
    second = rig.say([*first.held, *words(2, 5)], shared=40, conversation="maya")
    assert second.reply == alone.reply([*first.held, *words(2, 5)], 6)
    assert second.finish.read == 5
    rig.close()


def test_after_the_last_words_were_changed(path: Path, alone: Alone) -> None:
    rig = Rig(path)
    history = words(1, 80)
    rig.say([*history, *words(2, 10)], conversation="maya")
    changed = rig.say([*history, *words(3, 12)], conversation="maya")
    assert changed.reply == alone.reply([*history, *words(3, 12)], 6)
    # A memory that cannot be cut is read anew.
    assert changed.finish.read == (12 if rig.model.abilities.cuttable else 92)
    rig.close()


@pytest.mark.parametrize("parked", [False, True])
@pytest.mark.parametrize("shared", [0, 40])
def test_after_what_changes_with_every_turn(
    path: Path, alone: Alone, tmp_path: Path, shared: int, parked: bool
) -> None:
    """Notes stand before the newest words and are new each time: all before them is kept, by every make of model."""
    rig = Rig(path, parked=tmp_path)
    history = words(1, 90)
    for turn in range(4):
        prompt = [*history, *words(turn + 10, 15), *words(turn + 20, 6)]
        asked = rig.say(prompt, shared=shared, steady=len(history), conversation="maya")
        assert asked.reply == alone.reply(prompt, 6)
        assert asked.finish.read == (len(prompt) if turn == 0 else 21 + 12)
        history = [*history, *words(turn + 20, 6), *asked.reply]
        if parked:
            rig.cache.park_all()
    rig.close()


def test_after_a_neighbour_was_cancelled(path: Path, alone: Alone) -> None:
    rig = Rig(path)
    one = rig.ask(words(1, 50), shared=30, conversation="maya", most=20)
    other = rig.ask([*words(1, 50)[:30], *words(2, 300)], shared=30, conversation="ben", most=20)
    rig.step(4)
    rig.cancel(other)
    rig.run(one)
    assert one.reply == alone.reply(words(1, 50), 20)
    rig.close()


def test_when_whoever_reads_the_stem_is_cancelled(path: Path, alone: Alone) -> None:
    """Those who waited for it read on where it stopped."""
    rig = Rig(path, batch=32)
    stem = words(0, 200)
    reader = rig.ask([*stem, *words(1, 10)], shared=200, conversation="maya")
    waits = rig.ask([*stem, *words(2, 10)], shared=200, conversation="ben")
    rig.step(2)
    rig.cancel(reader)
    rig.run(waits)
    assert waits.reply == alone.reply([*stem, *words(2, 10)], 6)
    assert 10 < waits.finish.read < 210
    rig.close()


def test_with_many_people_and_little_room(path: Path, alone: Alone, tmp_path: Path) -> None:
    """Growing conversations over three slots, evicted all the time."""
    rig = Rig(path, cells=512, slots=3, parked=tmp_path, ram=100_000)
    stems = [words(n, 30) for n in range(2)]
    said = {n: [*stems[n % 2], *words(n, 20)] for n in range(7)}
    dice = random.Random(5)
    for _ in range(6):
        people = dice.sample(sorted(said), 5)
        asked = {n: rig.ask(said[n], shared=30, conversation=f"person {n}", most=5) for n in people}
        rig.run(*asked.values())
        for n, one in asked.items():
            assert one.reply == alone.reply(said[n], 5)
            said[n] = [*said[n], *one.reply, *words(dice.randint(0, 99), 12)]
    assert rig.metrics.restored > 0
    rig.close()
