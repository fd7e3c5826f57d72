"""engine/store/vectors.py: which messages lack numbers, and that none are kept of what is gone."""

from __future__ import annotations

import pytest

from engine.errors import NotFoundError
from engine.store.store import Store
from engine.store.vectors import BEFORE, Meant
from engine.types import PRIVATE_PLACE, Conversation, Role

ALL = 1_000


async def say(store: Store, talk: Conversation, count: int) -> list[str]:
    return [
        (await store.conversations.append(talk.id, Role.PERSON, f"line {number}")).id
        for number in range(1, count + 1)
    ]


async def meant(store: Store, seqs: list[int], data: bytes = b"n") -> list[Meant]:
    """Numbers made of each message with all before it that it is read with."""
    lines = await store.vectors.lines(seqs)
    return [
        Meant(seq, data, [line for line in lines.values() if seq - BEFORE <= line.seq <= seq]) for seq in seqs
    ]


async def test_the_latest_that_lack_numbers_come_first(store: Store, talk: Conversation) -> None:
    await say(store, talk, 6)
    seqs = await store.vectors.seqs(talk.id)
    first = seqs.start
    assert await store.vectors.lacking(seqs, "m", most=2) == [first + 6, first + 5]
    await store.vectors.add("m", await meant(store, [first + 6, first + 4]))
    assert await store.vectors.lacking(seqs, "m", most=ALL) == [first + at for at in (5, 3, 2, 1)]
    assert await store.vectors.lacking(seqs, "m", after=first + 2, most=ALL) == [first + 5, first + 3]
    assert len(await store.vectors.lacking(seqs, "another", most=ALL)) == 6


async def test_numbers_are_read_by_talk_and_model_oldest_first(store: Store, talk: Conversation) -> None:
    person = await store.people.ensure("web", "2", "Bea")
    other = await store.conversations.open(person.id, talk.character_id, PRIVATE_PLACE)
    for one, data in ((talk, b"talk"), (other, b"other")):
        await say(store, one, 4)
        seqs = await store.vectors.seqs(one.id)
        await store.vectors.add("m", await meant(store, [seqs.start + 3, seqs.start + 1], data))
    seqs = await store.vectors.seqs(talk.id)
    assert await store.vectors.read(seqs, "m", most=ALL) == [
        (seqs.start + 1, b"talk"),
        (seqs.start + 3, b"talk"),
    ]
    assert await store.vectors.read(seqs, "m", most=1) == [(seqs.start + 3, b"talk")]
    assert await store.vectors.read(seqs, "m", after=seqs.start + 3, most=ALL) == []
    assert await store.vectors.read(seqs, "another", most=ALL) == []


async def test_new_numbers_take_the_place_of_old_ones(store: Store, talk: Conversation) -> None:
    await say(store, talk, 1)
    seqs = await store.vectors.seqs(talk.id)
    for model, data in (("m", b"1"), ("m", b"2"), ("n", b"3")):
        assert await store.vectors.add(model, await meant(store, [seqs.start + 1], data)) == 1
    assert await store.vectors.read(seqs, "n", most=ALL) == [(seqs.start + 1, b"3")]
    assert await store.vectors.read(seqs, "m", most=ALL) == []


@pytest.mark.parametrize("change", ["hide", "edit", "clear"])
async def test_nothing_is_kept_that_was_made_of_what_is_gone(
    store: Store, talk: Conversation, change: str
) -> None:
    ids = await say(store, talk, 6)
    seqs = await store.vectors.seqs(talk.id)
    made = await meant(store, [seqs.start + at for at in range(1, 7)])
    if change == "hide":
        await store.conversations.hide_from_prompt([ids[1]])
    elif change == "edit":
        await store.conversations.set_text(ids[1], "something else")
    else:
        await store.conversations.clear(talk.id)
    kept = await store.vectors.add("m", made)
    # The second, and those that were read with it, are not what they were.
    left = [] if change == "clear" else [1, *range(2 + BEFORE + 1, 7)]
    assert kept == len(left)
    assert [seq - seqs.start for seq, _ in await store.vectors.read(seqs, "m", most=ALL)] == left


async def test_numbers_go_with_what_they_were_made_of(store: Store, talk: Conversation) -> None:
    ids = await say(store, talk, 6)
    seqs = await store.vectors.seqs(talk.id)
    await store.vectors.add("m", await meant(store, [seqs.start + at for at in range(1, 7)]))
    await store.conversations.hide_from_prompt([ids[1]])
    assert [seq - seqs.start for seq, _ in await store.vectors.read(seqs, "m", most=ALL)] == [1, 6]
    await store.conversations.clear(talk.id)
    assert await store.vectors.read(seqs, "m", most=ALL) == []


async def test_the_talk_of_a_range_and_the_range_of_a_talk(store: Store, talk: Conversation) -> None:
    seqs = await store.vectors.seqs(talk.id)
    assert await store.vectors.talk_id(seqs) == talk.id
    assert await store.vectors.talk_ids() == [talk.id]
    assert await store.vectors.talk_id(range(seqs.stop, seqs.stop + 5)) == ""
    with pytest.raises(NotFoundError):
        await store.vectors.seqs("nobody")
