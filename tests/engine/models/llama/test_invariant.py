"""Tokens evaluated = tokens never seen before, and every reply is the one that the model gives alone.

Forty people talk with six characters over eight slots, with too little room for all of them: conversations are
evicted, put back, edited, cancelled by a restart. An independent model of what was seen says what each reply may cost.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.models.llama.rig import Alone, Asked, Rig

PEOPLE, CHARACTERS, SLOTS = 40, 6, 8
# Tokens of plain letters and words: none of the template's.
PLAIN = range(10, 250)


@pytest.fixture(scope="module")
def alone(tiny: Path) -> Iterator[Alone]:
    reference = Alone(tiny)
    yield reference
    reference.close()


class Seen:
    """What each conversation's own past is, and which stems anybody has read."""

    def __init__(self) -> None:
        self.past: dict[str, list[int]] = {}
        self.stems: set[tuple[int, ...]] = set()

    def cost(self, conversation: str, tokens: list[int], shared: int) -> int:
        """What a prompt must cost now; from then on its stem is known."""
        stem = tuple(tokens[:shared])
        known = max(alike(self.past.get(conversation, []), tokens), shared if stem in self.stems else 0)
        self.stems.add(stem)
        # The last token is read in any case: the next one is chosen from it.
        return len(tokens) - min(known, len(tokens) - 1)


def alike(one: list[int], other: list[int]) -> int:
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


class Town:
    """People who talk with characters; each knows what was said."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.stems = [self.words(20, 60) for _ in range(CHARACTERS)]
        self.said: dict[str, list[int]] = {}
        self.before: dict[str, list[int]] = {}  # without the person's newest words

    def words(self, least: int, most: int) -> list[int]:
        return self.random.choices(PLAIN, k=self.random.randint(least, most))

    def next_prompt(self, person: int) -> tuple[str, list[int], int]:
        """What is asked next: new words, or the last ones changed, or just the same again."""
        name, stem = f"person {person}", self.stems[person % CHARACTERS]
        moved = self.random.random()
        if name not in self.said or len(self.said[name]) > 400:
            self.before[name] = [*stem, *self.words(5, 20)]
        elif moved > 0.35:
            self.before[name] = self.said[name]
        if name not in self.said or moved > 0.1:
            self.said[name] = [*self.before[name], *self.words(3, 40)]
        return name, self.said[name], len(stem)

    def heard(self, name: str, asked: Asked) -> None:
        self.said[name] = [*self.said[name], *asked.reply]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("idle_cells", [0, 600, 1 << 30])
def test_nothing_is_read_twice(tiny: Path, tmp_path: Path, alone: Alone, seed: int, idle_cells: int) -> None:
    town, seen = Town(seed), Seen()
    # Room for eight people with what they may come to need, and for little more: most rest on the shelf. What rests
    # in memory is less than what rests on the disk.
    rig = Rig(tiny, cells=4096, slots=SLOTS, parked=tmp_path, ram=2_000_000, idle_cells=idle_cells)
    for _ in range(25):
        if town.random.random() < 0.12:
            rig.close()
            rig = Rig(tiny, cells=4096, slots=SLOTS, parked=tmp_path, ram=2_000_000, idle_cells=idle_cells)
        people = town.random.sample(range(PEOPLE), town.random.randint(1, 12))
        asked = []
        for person in people:
            name, tokens, shared = town.next_prompt(person)
            most = town.random.randint(1, 6)
            cost = seen.cost(name, tokens, shared)
            asked.append((name, cost, most, rig.ask(tokens, shared=shared, conversation=name, most=most)))
            rig.step(town.random.randint(0, 3))
        rig.run(*(one for *_, one in asked))
        for name, cost, most, one in asked:
            tokens = one.job.order.tokens.tolist()
            assert one.reply == alone.reply(tokens, most)
            assert (one.finish.read, one.finish.kept) == (cost, len(tokens) - cost)
            seen.past[name] = one.held
            town.heard(name, one)
    assert rig.metrics.failed == 0
    rig.close()


def test_the_schedules_do_evict_and_restore(tiny: Path, tmp_path: Path) -> None:
    """Otherwise the test above would say little."""
    town = Town(1)
    rig = Rig(tiny, cells=4096, slots=SLOTS, parked=tmp_path, ram=500_000)
    for _ in range(6):
        people = [town.next_prompt(person) for person in range(PEOPLE)]
        asked = [(name, rig.ask(tokens, shared=shared, conversation=name)) for name, tokens, shared in people]
        rig.run(*(one for _, one in asked))
        for name, one in asked:
            town.heard(name, one)
    assert rig.metrics.parks > PEOPLE
    assert rig.metrics.restored > 1000
    rig.close()
