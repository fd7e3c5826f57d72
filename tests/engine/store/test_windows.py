"""Where prompts begin, their summaries, and that nothing of what was erased is kept anywhere."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Collection
from contextlib import closing
from pathlib import Path

import pytest

from characters.character import Persona
from engine.errors import ModelError
from engine.store.memories import NewFact
from engine.store.store import DATABASE, Store
from engine.store.windows import Window
from engine.types import PRIVATE_PLACE, Conversation, Message, Role
from tests.engine.store.conftest import Clock


class Forgetting:
    """Whoever has to forget: what it was asked, and what the store still says at that moment."""

    def __init__(self, path: Path) -> None:
        self.asked: list[set[str]] = []
        self.fails = False
        self._path = path

    async def __call__(self, conversations: Collection[str]) -> None:
        if self.fails:
            raise ModelError
        self.asked.append(set(conversations))
        assert self.marked() >= set(conversations), "the marks stay until it is done"

    def marked(self) -> set[str]:
        with closing(sqlite3.connect(self._path)) as raw:
            return {row[0] for row in raw.execute("SELECT conversation_id FROM erased")}


@pytest.fixture
async def forgetting(store: Store, tmp_path: Path) -> Forgetting:
    forgetting = Forgetting(tmp_path / DATABASE)
    await store.on_erased(forgetting)
    return forgetting


@pytest.fixture
async def said(store: Store, talk: Conversation) -> AsyncIterator[list[Message]]:
    """Twelve lines of Ann and Maya."""
    roles = (Role.PERSON, Role.CHARACTER)
    yield [
        await store.conversations.append(talk.id, roles[number % 2], f"line {number}") for number in range(12)
    ]


async def texts(store: Store, talk: Conversation, limit: int = 100) -> list[str]:
    return [message.text for message in await store.conversations.window_from(talk.id, limit)]


async def summed(store: Store, talk: Conversation, until: Message, summary: str) -> str:
    begun = await store.windows.begin_summary(talk.id, until.id, 100)
    assert begun is not None
    assert await store.windows.finish_summary(talk.id, begun.token, summary)
    return begun.token


async def test_an_uncut_conversation_begins_at_its_beginning(
    store: Store, talk: Conversation, said: list[Message]
) -> None:
    assert await store.windows.get(talk.id) == Window()
    assert await texts(store, talk) == [message.text for message in said]
    assert await texts(store, talk, 5) == [message.text for message in said[-5:]]


async def test_a_cut_stays_until_the_next_one(store: Store, talk: Conversation, said: list[Message]) -> None:
    await store.windows.cut(talk.id, said[4].id)
    await store.conversations.append(talk.id, Role.PERSON, "more")
    assert await texts(store, talk) == [*(message.text for message in said[4:]), "more"]
    await store.windows.cut(talk.id, said[10].id)
    assert await texts(store, talk) == ["line 10", "line 11", "more"]
    await store.windows.cut(talk.id, "gone")
    assert len(await texts(store, talk)) == 3


async def test_a_summary_waits_for_the_next_cut(
    store: Store, talk: Conversation, said: list[Message]
) -> None:
    begun = await store.windows.begin_summary(talk.id, said[6].id, 100)
    assert begun is not None and begun.summary == ""
    assert [message.text for message in begun.messages] == [message.text for message in said[:6]]
    assert (await store.windows.get(talk.id)).next_id == "", "nothing is there as long as it is being written"
    assert await store.windows.finish_summary(talk.id, begun.token, "Six lines.")
    window = await store.windows.get(talk.id)
    assert (window.summary, window.next_summary, window.next_id) == ("", "Six lines.", said[6].id)
    assert len(await texts(store, talk)) == 12
    await store.windows.move_on(talk.id, window.token)
    moved = await store.windows.get(talk.id)
    assert (moved.summary, moved.next_summary, moved.next_id) == ("Six lines.", "", "")
    assert (await texts(store, talk))[0] == "line 6"


async def test_the_next_summary_goes_on_where_the_last_one_ended(
    store: Store, talk: Conversation, said: list[Message]
) -> None:
    await store.windows.move_on(talk.id, await summed(store, talk, said[4], "Four."))
    # A cut for which no summary was ready: what it left out goes into the next one.
    await store.windows.cut(talk.id, said[6].id)
    begun = await store.windows.begin_summary(talk.id, said[9].id, 100)
    assert begun is not None and begun.summary == "Four."
    assert [message.text for message in begun.messages] == [message.text for message in said[4:9]]
    fewer = await store.windows.begin_summary(talk.id, said[9].id, 2)
    assert fewer is not None and [message.text for message in fewer.messages] == ["line 7", "line 8"]
    assert await store.windows.begin_summary(talk.id, said[4].id, 100) is None


async def test_only_the_latest_attempt_at_a_summary_counts(
    store: Store, talk: Conversation, said: list[Message]
) -> None:
    first = await store.windows.begin_summary(talk.id, said[4].id, 100)
    second = await store.windows.begin_summary(talk.id, said[6].id, 100)
    assert first is not None and second is not None
    assert not await store.windows.finish_summary(talk.id, first.token, "Old.")
    assert await store.windows.finish_summary(talk.id, second.token, "New.")
    assert (await store.windows.get(talk.id)).next_summary == "New."


async def test_a_hidden_message_takes_the_summaries_along_that_know_it(
    store: Store, talk: Conversation, said: list[Message], forgetting: Forgetting
) -> None:
    await store.windows.move_on(talk.id, await summed(store, talk, said[6], "Six."))
    await store.conversations.hide_from_prompt([said[7].id])
    assert (await store.windows.get(talk.id)).summary == "Six.", "it was not in it"
    assert forgetting.asked == [{talk.id}]
    begun = await store.windows.begin_summary(talk.id, said[9].id, 100)
    assert begun is not None and "line 7" not in str(begun.messages)
    await store.conversations.hide_from_prompt([said[8].id])
    # The summary that is being written has read it.
    assert not await store.windows.finish_summary(talk.id, begun.token, "Nine.")
    assert await store.windows.get(talk.id) == Window()
    assert len(forgetting.asked) == 2 and not forgetting.marked()


async def test_a_change_that_changes_nothing_erases_nothing(
    store: Store, talk: Conversation, said: list[Message], forgetting: Forgetting
) -> None:
    await summed(store, talk, said[6], "Six.")
    await store.conversations.set_text(said[0].id, said[0].text)
    assert (await store.windows.get(talk.id)).next_summary == "Six." and not forgetting.asked
    await store.conversations.set_text(said[0].id, "other words")
    assert await store.windows.get(talk.id) == Window() and forgetting.asked == [{talk.id}]


async def test_whatever_removes_words_has_them_forgotten(
    store: Store, talk: Conversation, said: list[Message], forgetting: Forgetting
) -> None:
    await summed(store, talk, said[6], "Six.")
    await store.conversations.clear(talk.id)
    assert await store.windows.get(talk.id) == Window() and forgetting.asked.pop() == {talk.id}
    await store.conversations.append(talk.id, Role.PERSON, "again")
    await store.people.erase(talk.person_id)
    assert forgetting.asked.pop() == {talk.id} and not forgetting.marked()


async def test_a_deleted_character_is_forgotten_with_all_its_talks(
    store: Store, talk: Conversation, said: list[Message], forgetting: Forgetting
) -> None:
    bob = await store.people.ensure("web", "2", "Bob")
    other = await store.conversations.open(bob.id, talk.character_id, PRIVATE_PLACE)
    third = await store.characters.create(bob.id, Persona("Noor"))
    kept = await store.conversations.open(bob.id, third.id, PRIVATE_PLACE)
    await store.conversations.append(kept.id, Role.PERSON, "hello")
    await store.characters.delete(talk.character_id)
    assert forgetting.asked == [{talk.id, other.id}]


async def test_a_forgotten_fact_is_not_told_by_a_summary(
    store: Store, talk: Conversation, said: list[Message], forgetting: Forgetting
) -> None:
    elsewhere = await store.conversations.open(talk.person_id, talk.character_id, "discord:1")
    for where in (talk, elsewhere):
        await store.conversations.append(where.id, Role.PERSON, "hello")
        await store.windows.cut(where.id, (await store.conversations.window(where.id, 1))[0].id)
    new = NewFact(
        person_id=talk.person_id, character_id=talk.character_id, place=talk.place, subject="your dog",
        relation="name", value="Biscuit", text="Your dog is called Biscuit.", topic="pets", source_message_id=None,
        source_text="", said_at=said[0].created_at,
    )  # fmt: skip
    (fact,) = await store.memories.add([new])
    assert not forgetting.asked
    await store.memories.forget(talk.person_id, [fact.id])
    assert forgetting.asked == [{talk.id}]
    assert await store.windows.get(talk.id) == Window()
    assert (await store.windows.get(elsewhere.id)).token


async def test_what_could_not_be_forgotten_is_forgotten_at_the_next_start(
    store: Store,
    talk: Conversation,
    said: list[Message],
    forgetting: Forgetting,
    tmp_path: Path,
    clock: Clock,
) -> None:
    forgetting.fails = True
    await store.conversations.clear(talk.id)
    assert forgetting.marked() == {talk.id}
    # As after a crash between the deletion and the forgetting: another process opens what is there.
    again = await Store.open(tmp_path, clock=clock, synchronous="NORMAL")
    forgetting.fails = False
    await again.on_erased(forgetting)
    assert forgetting.asked == [{talk.id}] and not forgetting.marked()
    await again.close()


CRASHING = """
import asyncio, os, sys
from datetime import UTC, datetime
from pathlib import Path
from engine.store.store import Store

async def main(data, talk):
    store = await Store.open(Path(data), clock=lambda: datetime.now(UTC))
    async def forget(conversations):
        os._exit(9)
    await store.on_erased(forget)
    await store.conversations.clear(talk)

asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_process_that_dies_right_after_deleting_leaves_its_duty_behind(
    store: Store, talk: Conversation, said: list[Message], tmp_path: Path
) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", CRASHING, str(tmp_path), talk.id)
    assert await process.wait() == 9
    assert await texts(store, talk) == [], "it was deleted"
    forgetting = Forgetting(tmp_path / DATABASE)
    await store.on_erased(forgetting)
    assert forgetting.asked == [{talk.id}] and not forgetting.marked()


async def test_what_is_erased_meanwhile_is_forgotten_once_more(
    store: Store, talk: Conversation, said: list[Message], tmp_path: Path
) -> None:
    calls = []

    async def forget(conversations: Collection[str]) -> None:
        calls.append(set(conversations))
        with closing(sqlite3.connect(tmp_path / DATABASE)) as raw:
            # Another process deletes one more, once this one has already forgotten.
            raw.execute("DELETE FROM messages WHERE text = ?", (f"line {len(calls)}",))
            raw.commit()

    await store.on_erased(forget)
    await store.conversations.hide_from_prompt([said[11].id])
    assert calls == [{talk.id}]
    assert Forgetting(tmp_path / DATABASE).marked() == {talk.id}
    assert store.windows.erasures(talk.id) == 1


async def test_an_export_has_the_summaries(store: Store, talk: Conversation, said: list[Message]) -> None:
    assert (await store.people.export(talk.person_id)).summaries == {}
    await store.windows.move_on(talk.id, await summed(store, talk, said[4], "Four."))
    await summed(store, talk, said[6], "Six.")
    bob = await store.people.ensure("web", "2", "Bob")
    assert (await store.people.export(talk.person_id)).summaries == {talk.id: "Four.\nSix."}
    assert (await store.people.export(bob.id)).summaries == {}


async def test_deleted_summaries_are_nowhere_in_the_files(
    store: Store, talk: Conversation, said: list[Message], tmp_path: Path
) -> None:
    await summed(store, talk, said[6], "Quxanthropic secrets.")
    assert any(b"Quxanthropic" in path.read_bytes() for path in tmp_path.glob("*.db*"))
    await store.conversations.clear(talk.id)
    assert not any(b"Quxanthropic" in path.read_bytes() for path in tmp_path.glob("*.db*"))
