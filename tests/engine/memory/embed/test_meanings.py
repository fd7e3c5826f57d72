"""engine/memory/embed/meanings.py on the real store, with a tiny model."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading

import pytest

from characters.character import Persona
from engine.errors import ModelError
from engine.memory.embed import meanings as module
from engine.memory.embed.encoder import Encoder
from engine.memory.embed.meanings import Meanings
from engine.memory.ranking.port import Question
from engine.models.background import Background
from engine.store.store import Store
from engine.store.vectors import BEFORE
from engine.types import PRIVATE_PLACE, Conversation, Role

ALL = 1_000


async def say(store: Store, talk: Conversation, *lines: str) -> list[str]:
    """Both take turns. Returns the messages' ids."""
    said = []
    for number, line in enumerate(lines):
        role = Role.CHARACTER if number % 2 else Role.PERSON
        said.append((await store.conversations.append(talk.id, role, line)).id)
    return said


async def near(store: Store, meanings: Meanings, talk: Conversation, text: str) -> list[str]:
    """The messages of a talk, the nearest first."""
    seqs = await store.vectors.seqs(talk.id)
    scores = await meanings.scores([seqs], Question(text, "Ann", "Maya"))
    lines = await store.vectors.lines(list(scores))
    return [lines[seq].text for seq in sorted(scores, key=lambda seq: -scores[seq])]


async def numbers(store: Store, talk: Conversation, encoder: Encoder) -> dict[int, bytes]:
    """What is kept, by the place of its message in the talk."""
    seqs = await store.vectors.seqs(talk.id)
    rows = await store.vectors.read(seqs, encoder.name, most=ALL)
    return {seq - seqs.start: data for seq, data in rows}


async def test_what_means_the_same_is_nearest(store: Store, talk: Conversation, meanings: Meanings) -> None:
    await say(
        store, talk, "My dog is called Biscuit.", "Hello!", "We went to Lisbon last summer.", "It was hot?"
    )
    await meanings.catch_up()
    assert (await near(store, meanings, talk, "biscuit the dog"))[0] == "My dog is called Biscuit."
    assert (await near(store, meanings, talk, "lisbon last summer"))[0] == "We went to Lisbon last summer."


async def test_nothing_is_near_before_the_model_is_there(
    store: Store, talk: Conversation, meanings: Meanings
) -> None:
    await say(store, talk, "My dog is called Biscuit.")
    assert await near(store, meanings, talk, "biscuit") == []
    await meanings.read(talk.id)
    assert await near(store, meanings, talk, "biscuit") == ["My dog is called Biscuit."]
    assert await near(store, meanings, talk, "  ") == []


async def test_notices_and_hidden_messages_have_no_numbers(
    store: Store, talk: Conversation, meanings: Meanings, encoder: Encoder
) -> None:
    said = await say(store, talk, "my dog", "hello", "lisbon")
    await store.conversations.append(talk.id, Role.NOTICE, "maya is a character")
    await store.conversations.hide_from_prompt(said[:1])
    await meanings.catch_up()
    assert sorted(await numbers(store, talk, encoder)) == [2, 3]


async def test_new_messages_are_found_with_those_before(
    store: Store, talk: Conversation, meanings: Meanings
) -> None:
    for line in ("my dog is called biscuit", "we went to lisbon", "i work in a bakery"):
        await say(store, talk, line)
        await meanings.read(talk.id)
        assert (await near(store, meanings, talk, line))[0] == line
    assert len(await near(store, meanings, talk, "hello")) == 3


async def test_only_the_asked_talks_are_compared(
    store: Store, talk: Conversation, meanings: Meanings
) -> None:
    other_person = await store.people.ensure("web", "2", "Bea")
    other = await store.conversations.open(other_person.id, talk.character_id, PRIVATE_PLACE)
    await say(store, talk, "my dog is called biscuit")
    alone = await _scores(store, meanings, talk)
    await say(store, other, "my dog is called biscuit", "biscuit biscuit")
    await meanings.catch_up()
    assert await _scores(store, meanings, talk) == alone
    assert len(await near(store, meanings, other, "biscuit")) == 2


async def _scores(store: Store, meanings: Meanings, talk: Conversation) -> dict[int, float]:
    await meanings.catch_up()
    return dict(await meanings.scores([await store.vectors.seqs(talk.id)], Question("biscuit")))


async def test_what_is_hidden_goes_at_once_and_what_was_read_with_it_is_read_again(
    store: Store, talk: Conversation, meanings: Meanings, encoder: Encoder
) -> None:
    said = await say(store, talk, "hello", "my dog is called biscuit", "yes", "no", "hello", "it was hot")
    await meanings.catch_up()
    before = await numbers(store, talk, encoder)
    assert "my dog is called biscuit" in await near(store, meanings, talk, "biscuit")
    await store.conversations.hide_from_prompt([said[1]])
    assert "my dog is called biscuit" not in await near(store, meanings, talk, "biscuit")
    # With it goes what was read with it (and one more to be sure); what came before stays.
    assert sorted(await numbers(store, talk, encoder)) == [1, 6]
    await meanings.read(talk.id)
    after = await numbers(store, talk, encoder)
    assert sorted(after) == [1, 3, 4, 5, 6]
    assert [place for place in after if after[place] != before[place]] == [
        2 + at for at in range(1, BEFORE + 1)
    ]
    assert len(await near(store, meanings, talk, "biscuit")) == 5


async def test_what_is_hidden_while_it_is_read_is_not_kept(
    store: Store, talk: Conversation, meanings: Meanings, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await say(store, talk, "hello", "my dog is called biscuit", "yes")
    add = store.vectors.add

    async def hide_first(*given: object) -> int:
        monkeypatch.undo()
        await store.conversations.hide_from_prompt([said[1]])
        return await add(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(store.vectors, "add", hide_first)
    await meanings.read(talk.id)
    # Neither its own numbers, nor those of the message that was read with it.
    assert sorted(await numbers(store, talk, encoder)) == [1]
    await meanings.read(talk.id)
    assert sorted(await numbers(store, talk, encoder)) == [1, 3]


async def test_changed_words_are_read_again(store: Store, talk: Conversation, meanings: Meanings) -> None:
    said = await say(store, talk, "my dog is called biscuit", "hello")
    await meanings.catch_up()
    await near(store, meanings, talk, "biscuit")
    await store.conversations.set_text(said[0], "we went to lisbon")
    await meanings.read(talk.id)
    assert (await near(store, meanings, talk, "lisbon"))[0] == "we went to lisbon"


async def test_a_cleared_talk_leaves_nothing(
    store: Store, talk: Conversation, meanings: Meanings, encoder: Encoder
) -> None:
    await say(store, talk, "my dog is called biscuit", "hello")
    await meanings.catch_up()
    await near(store, meanings, talk, "biscuit")
    await store.conversations.clear(talk.id)
    assert await numbers(store, talk, encoder) == {}
    assert await meanings.scores([await store.vectors.seqs(talk.id)], Question("biscuit")) == {}


async def test_many_messages_are_read_piece_by_piece_and_others_have_their_turn(
    store: Store,
    talk: Conversation,
    meanings: Meanings,
    background: Background,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PIECE", 4)
    monkeypatch.setattr(module, "BATCH", 2)
    await say(store, talk, *(f"hello {number}" for number in range(10)))
    done: list[int] = []

    async def other() -> None:
        done.append(len(await numbers(store, talk, encoder)))

    meanings.note(talk.id)
    background.note("other", other)
    work = asyncio.create_task(background.run())
    async with asyncio.timeout(10):
        while len(await numbers(store, talk, encoder)) < 10:
            await asyncio.sleep(0)
    work.cancel()
    assert done == [4]


async def test_after_a_crash_what_is_missing_is_found(
    store: Store,
    talk: Conversation,
    background: Background,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PIECE", 4)
    monkeypatch.setattr(module, "BATCH", 2)
    maya = await store.characters.create(talk.person_id, Persona("Mia"))
    other = await store.conversations.open(talk.person_id, maya.id, PRIVATE_PLACE)
    for one in (talk, other):
        await say(store, one, *(f"hello {number}" for number in range(9)))
    first = Meanings(store, background, lambda: encoder)
    await first.read(talk.id)
    assert len(await numbers(store, talk, encoder)) == 4
    first.close()
    second = Meanings(store, background, lambda: encoder)
    second.note_all()
    work = asyncio.create_task(background.run())
    async with asyncio.timeout(10):
        while len(await numbers(store, talk, encoder)) + len(await numbers(store, other, encoder)) < 18:
            await asyncio.sleep(0)
    work.cancel()
    second.close()


async def test_many_talks_are_looked_through_a_few_at_a_time(
    store: Store,
    talk: Conversation,
    meanings: Meanings,
    background: Background,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LOOKED_THROUGH", 2)
    talks = [talk]
    for number in range(5):
        maya = await store.characters.create(talk.person_id, Persona(f"Mia{number}"))
        talks.append(await store.conversations.open(talk.person_id, maya.id, PRIVATE_PLACE))
    for one in talks:
        await say(store, one, "hello")
    done: list[int] = []

    async def other() -> None:
        done.append(sum([len(await numbers(store, one, encoder)) for one in talks]))
        if done[-1] < len(talks):
            background.note("other", other)

    meanings.note_all()
    background.note("other", other)
    work = asyncio.create_task(background.run())
    async with asyncio.timeout(10):
        while not done or done[-1] < len(talks):
            await asyncio.sleep(0)
    work.cancel()
    assert done == [2, 4, 6]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of threads")
async def test_reading_in_the_background_stands_back(
    store: Store, talk: Conversation, background: Background, encoder: Encoder
) -> None:
    seen: list[int] = []

    def load() -> Encoder:
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return encoder

    meanings = Meanings(store, background, load)
    await meanings.catch_up()
    assert seen == [module.STANDS_BACK]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) < module.STANDS_BACK
    meanings.close()


async def test_another_models_numbers_are_made_anew(
    store: Store, talk: Conversation, background: Background, meanings: Meanings, encoder: Encoder
) -> None:
    await say(store, talk, "my dog is called biscuit", "hello")
    await meanings.catch_up()
    other = object.__new__(Encoder)
    other.__dict__.update(encoder.__dict__, name="other")
    again = Meanings(store, background, lambda: other)
    await again.catch_up()
    assert await numbers(store, talk, encoder) == {}
    assert len(await numbers(store, talk, other)) == 2
    again.close()


async def test_a_broken_model_is_said_once_and_never_raised(
    store: Store, talk: Conversation, background: Background, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Encoder:
        raise ModelError("The file is broken.")

    meanings = Meanings(store, background, broken)
    await say(store, talk, "my dog is called biscuit")
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            await meanings.read(talk.id)
            await meanings.look_through()
        await meanings.catch_up()
        assert await near(store, meanings, talk, "biscuit") == []
    assert [record.getMessage() for record in caplog.records] == [
        "Recall is by words alone: The file is broken."
    ]
    meanings.close()


async def test_a_model_that_cannot_read_any_more_leaves_recall_to_words(
    store: Store,
    talk: Conversation,
    meanings: Meanings,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await say(store, talk, "my dog is called biscuit")
    await meanings.read(talk.id)

    def fails(*_: object) -> None:
        raise ValueError("my dog is called biscuit")

    monkeypatch.setattr(encoder, "_hidden", fails)
    with caplog.at_level(logging.INFO):
        assert await near(store, meanings, talk, "biscuit") == []
        await say(store, talk, "hello")
        await meanings.read(talk.id)
    assert "biscuit" not in caplog.text and "Recall is by words alone" in caplog.text


async def test_a_reply_does_not_wait_for_long(
    store: Store, talk: Conversation, meanings: Meanings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(store, talk, "my dog is called biscuit")
    await meanings.catch_up()
    monkeypatch.setattr(module, "PATIENCE_S", 0.0)
    assert await near(store, meanings, talk, "biscuit") == []


async def test_names_and_words_before_are_part_of_what_is_read(
    store: Store, talk: Conversation, meanings: Meanings, encoder: Encoder
) -> None:
    await say(store, talk, "what is your dog called?", "biscuit", "hello", "yes", "no", "biscuit")
    await meanings.catch_up()
    kept = await numbers(store, talk, encoder)
    assert kept[2] != kept[6]  # the same word, after other words
