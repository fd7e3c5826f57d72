"""engine/memory/embed/shelves.py: what is kept in memory, for how many, and what is dropped."""

from __future__ import annotations

import numpy as np
import pytest

from engine.memory.embed import shelves as module
from engine.memory.embed.numbers import Reading, Shelf, pack
from engine.memory.embed.shelves import Shelves
from engine.store.store import Store
from engine.store.vectors import Meant
from engine.types import PRIVATE_PLACE, Conversation, Role

WIDTH = 64


async def say(store: Store, talk: Conversation, count: int) -> range:
    """Messages with numbers. Returns the talk's range."""
    seqs = await store.vectors.seqs(talk.id)
    for _ in range(count):
        await store.conversations.append(talk.id, Role.PERSON, "hello")
    lacking = await store.vectors.lacking(seqs, "m", most=count)
    lines = await store.vectors.lines(lacking)
    draw = np.random.default_rng(len(lines))
    made = [
        Meant(
            seq,
            pack(Reading(*(draw.normal(size=size).astype(np.float32) for size in (WIDTH, (3, WIDTH))))),
            [lines[seq]],
        )
        for seq in lacking
    ]
    await store.vectors.add("m", made)
    return seqs


def seqs_on(there: list[Shelf]) -> list[int]:
    return [seq & 0xFFFF for shelf in there for seq in shelf.seqs.tolist()]


class Counted:
    """How often the store is asked for rows, and for how many."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: list[int] = []
        read = store.vectors.read

        async def counted(*given: object, **more: object) -> list[tuple[int, bytes]]:
            found = await read(*given, **more)  # type: ignore[arg-type]
            self.rows.append(len(found))
            return found

        monkeypatch.setattr(store.vectors, "read", counted)


async def test_only_what_is_new_is_read_again(
    store: Store, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TAIL", 3)
    counted, shelves = Counted(store, monkeypatch), Shelves(store, "m", WIDTH)
    seqs = await say(store, talk, 5)
    lengths = []
    for _ in range(4):
        there = await shelves.of(seqs)
        lengths.append([len(shelf.seqs) for shelf in there])
        await say(store, talk, 2)
    assert lengths == [[5], [5, 2], [9], [9, 2]]
    assert counted.rows == [5, 2, 2, 2]
    assert seqs_on(await shelves.of(seqs)) == list(range(1, 14))


async def test_numbers_that_come_late_are_seen(store: Store, talk: Conversation) -> None:
    shelves = Shelves(store, "m", WIDTH)
    seqs = await say(store, talk, 3)
    await shelves.of(seqs)
    line = (await store.conversations.append(talk.id, Role.PERSON, "hello")).id
    await say(store, talk, 1)
    assert line and seqs_on(await shelves.of(seqs)) == [1, 2, 3, 5]
    late = await store.vectors.lines([seqs.start + 4])
    number = pack(Reading(np.ones(WIDTH, np.float32), np.ones((1, WIDTH), np.float32)))
    await store.vectors.add("m", [Meant(seqs.start + 4, number, [late[seqs.start + 4]])])
    shelves.added([seqs.start + 4])
    assert seqs_on(await shelves.of(seqs)) == [1, 2, 3, 4, 5]


async def test_the_least_lately_asked_for_leave_first(
    store: Store, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await store.people.ensure("web", "2", "Bea")
    other = await store.conversations.open(person.id, talk.character_id, PRIVATE_PLACE)
    mine, theirs = await say(store, talk, 10), await say(store, other, 10)
    size = sum(shelf.size for shelf in await Shelves(store, "m", WIDTH).of(mine))
    counted, shelves = Counted(store, monkeypatch), Shelves(store, "m", WIDTH, room=size + size // 2)
    for seqs in (mine, theirs, theirs, mine):
        await shelves.of(seqs)
    assert counted.rows == [10, 10, 0, 10]


async def test_what_is_forgotten_while_it_is_read_is_not_kept(
    store: Store, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelves = Shelves(store, "m", WIDTH)
    seqs = await say(store, talk, 3)
    talk_id = store.vectors.talk_id

    async def meanwhile(asked: range) -> str:
        await store.conversations.clear(talk.id)
        shelves.forget([talk.id])
        return await talk_id(asked)

    with monkeypatch.context() as patch:
        patch.setattr(store.vectors, "talk_id", meanwhile)
        await shelves.of(seqs)
    assert seqs_on(await shelves.of(seqs)) == []
