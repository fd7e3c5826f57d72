"""What messengers need kept: events, what shows what, seats and topics, long commands; and how rooms hear each other."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from characters.character import Persona
from engine.errors import NotFoundError
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, Conversation, Role, Shown
from tests.engine.store.conftest import Clock

SERVER = "discord:guild:1:channel:2"


async def test_an_event_is_taken_once_and_kept_until_it_is_done(store: Store, talk: Conversation) -> None:
    taken = await asyncio.gather(*(store.inbox.take("x", "e", talk.person_id, "words") for _ in range(5)))
    assert sorted(taken) == [False] * 4 + [True]
    assert await store.inbox.take("y", "e", talk.person_id, "other")
    assert [await store.inbox.begin("x", "e") for _ in range(2)] == [1, 2]
    first, second = await store.inbox.waiting()
    assert (first.surface, first.body, first.attempts) == ("x", "words", 2)
    assert (second.surface, second.body, second.attempts) == ("y", "other", 0)
    await store.inbox.done("x", "e")
    assert [one.surface for one in await store.inbox.waiting()] == ["y"]
    assert not await store.inbox.take("x", "e", talk.person_id, "words")
    with pytest.raises(NotFoundError):
        await store.inbox.take("x", "f", "nobody", "words")
    with pytest.raises(NotFoundError):
        await store.inbox.begin("x", "f")
    await store.inbox.done("x", "f")


async def test_handled_events_are_pruned_and_waiting_ones_are_not(
    store: Store, talk: Conversation, clock: Clock
) -> None:
    for event in ("a", "b"):
        await store.inbox.take("x", event, talk.person_id, "words")
    await store.inbox.done("x", "a")
    assert await store.inbox.prune(clock.now - timedelta(days=1)) == 0
    assert await store.inbox.prune(clock.now + timedelta(days=1)) == 1
    assert [one.event_id for one in await store.inbox.waiting()] == ["b"]


async def test_what_shows_a_key_is_found_both_ways(store: Store, talk: Conversation, clock: Clock) -> None:
    person, ledger = talk.person_id, store.ledger
    await ledger.put("x", "m", 1, person_id=person, channel="c", ref="11", done=True, digest="d1")
    await ledger.put("x", "m", 0, person_id=person, channel="c", ref="10", done=False)
    parts = await ledger.parts("x", "m")
    assert parts == (
        Shown("m", 0, "c", "10", False, "", person),
        Shown("m", 1, "c", "11", True, "d1", person),
    )
    await ledger.put("x", "m", 0, person_id=person, channel="c", ref="12", done=True, digest="d0")
    assert await ledger.find("x", "c", "12") == Shown("m", 0, "c", "12", True, "d0", person)
    assert await ledger.find("x", "c", "10") is None and await ledger.find("y", "c", "12") is None
    await ledger.drop("x", "m", 1)
    assert [one.part for one in await ledger.parts("x", "m")] == [0]
    assert await ledger.prune(clock.now - timedelta(days=1)) == 0
    await ledger.drop("x", "m")
    assert await ledger.parts("x", "m") == ()
    with pytest.raises(NotFoundError):
        await ledger.put("x", "m", 0, person_id="nobody", channel="c", ref="1", done=True)


async def test_where_something_was_shown_lately(store: Store, talk: Conversation, clock: Clock) -> None:
    async def show(key: str, channel: str, ref: str, surface: str = "x") -> None:
        clock.now += timedelta(hours=1)
        await store.ledger.put(surface, key, 0, person_id=talk.person_id, channel=channel, ref=ref, done=True)

    await show("long ago", "old", "1")
    began = clock.now + timedelta(minutes=1)
    for key, channel, ref in (
        ("a", "hall", "9"),
        ("b", "dm", "11"),
        ("c", "hall", "10"),
        ("d", "side", "12"),
    ):
        await show(key, channel, ref)
    await show("e", "elsewhere", "99", "y")
    assert await store.ledger.recent("x", began, 10) == (("side", "12"), ("hall", "10"), ("dm", "11"))
    assert await store.ledger.recent("x", began, 2) == (("side", "12"), ("hall", "10"))


async def test_a_seat_is_each_persons_and_everyone_stays_within_earshot(
    store: Store, talk: Conversation
) -> None:
    ana, maya = talk.person_id, talk.character_id
    ben = (await store.people.ensure("web", "2", "Ben")).id
    zoe = (await store.characters.create(None, Persona("Zoe"))).id
    here = "x", "c", ""
    await store.seats.take(*here, ana, maya)
    await store.seats.take(*here, ben, zoe)
    assert (await store.seats.of(*here, ana), await store.seats.of(*here, ben)) == (maya, zoe)
    assert await store.seats.here(*here) == [zoe, maya]
    await store.seats.take(*here, ben, maya)
    assert (await store.seats.of(*here, ben), await store.seats.here(*here)) == (maya, [maya, zoe])
    await store.seats.take("x", "c", "t", ana, zoe)
    assert await store.seats.here("x", "c", "t") == [zoe]
    await store.seats.leave("x", "c", "t")
    assert await store.seats.here("x", "c", "t") == [] and len(await store.seats.here(*here)) == 2
    await store.characters.delete(maya)
    assert (await store.seats.of(*here, ana), await store.seats.here(*here)) == (None, [zoe])
    await store.seats.leave("x", "c")
    assert await store.seats.here(*here) == []
    with pytest.raises(NotFoundError):
        await store.seats.take(*here, ana, "gone")


async def test_a_topic_is_found_both_ways(store: Store, talk: Conversation) -> None:
    ana, maya, seats = talk.person_id, talk.character_id, store.seats
    assert await seats.topic("x", "c", ana, maya) == ""
    await seats.set_topic("x", "c", ana, maya, "7")
    await seats.set_topic("x", "c", ana, maya, "8")
    assert await seats.topic("x", "c", ana, maya) == "8"
    assert await seats.character_of_topic("x", "c", "8") == maya
    assert await seats.character_of_topic("x", "c", "7") is None
    assert await seats.character_of_topic("x", "c", "") is None
    await seats.drop_topic("x", "c", "8")
    assert await seats.topic("x", "c", ana, maya) == ""


async def test_a_long_command_has_one_token_until_it_is_too_old(
    store: Store, talk: Conversation, clock: Clock
) -> None:
    ben = (await store.people.ensure("web", "2", "Ben")).id
    token = await store.calls.keep(talk.person_id, "words")
    assert 12 <= len(token) <= 24 and await store.calls.keep(talk.person_id, "words") == token
    assert await store.calls.keep(ben, "words") != token
    assert await store.calls.recall(token) == "words"
    clock.now += timedelta(days=1)
    await store.calls.keep(talk.person_id, "words")  # shown again
    assert await store.calls.prune(clock.now - timedelta(hours=1)) == 1
    assert await store.calls.recall(token) == "words"
    await store.calls.prune(clock.now + timedelta(hours=1))
    with pytest.raises(NotFoundError, match="too old to be understood"):
        await store.calls.recall(token)


async def test_what_messengers_keep_goes_with_its_person_and_is_not_exported(
    store: Store, talk: Conversation, tmp_path: Path
) -> None:
    await store.inbox.take("x", "e", talk.person_id, "I am Rumpelstiltskin")
    await store.calls.keep(talk.person_id, "call me Rumpelstiltskin")
    await store.ledger.put("x", "m", 0, person_id=talk.person_id, channel="c", ref="1", done=True)
    assert "Rumpelstiltskin" not in repr(await store.people.export(talk.person_id))
    await store.people.erase(talk.person_id)
    assert await store.inbox.waiting() == [] and await store.ledger.parts("x", "m") == ()
    await store.close()
    left = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"rumpelstiltskin" not in left.lower()


async def test_what_was_handled_leaves_no_words_in_the_inbox(store: Store, talk: Conversation) -> None:
    await store.inbox.take("x", "e", talk.person_id, "Rumpelstiltskin")
    await store.inbox.done("x", "e")
    async with store._db.read() as db:
        assert (await db.exec_driver_sql("SELECT body FROM inbox")).scalar_one() == ""


async def test_all_answers_to_a_message(store: Store, talk: Conversation) -> None:
    said = await store.conversations.append(talk.id, Role.PERSON, "hi")
    answers = [
        await store.conversations.append(talk.id, Role.CHARACTER, text, reply_to=said.id)
        for text in ("one", "two")
    ]
    await store.conversations.append(talk.id, Role.PERSON, "else")
    assert await store.conversations.replies_to(said.id) == answers
    assert await store.conversations.replies_to("x") == []


async def test_the_latest_conversation_is_where_somebody_spoke_last(store: Store, talk: Conversation) -> None:
    talks, person = store.conversations, talk.person_id
    zoe = await store.characters.create(None, Persona("Zoe"))
    other = await talks.open(person, zoe.id, PRIVATE_PLACE)
    assert await talks.latest(person, PRIVATE_PLACE) == other
    await talks.append(talk.id, Role.PERSON, "hi")
    assert await talks.latest(person, PRIVATE_PLACE) == talk
    assert await talks.latest(person, SERVER) is None


async def test_others_are_heard_in_a_shared_place_and_never_in_private(
    store: Store, talk: Conversation, clock: Clock
) -> None:
    talks, maya = store.conversations, talk.character_id
    here = {}
    for name in ("Ben", "Cleo"):
        person = await store.people.ensure("discord", name, name)
        here[name] = await talks.open(person.id, maya, SERVER)
        private = await talks.open(person.id, maya, PRIVATE_PLACE)
        await talks.append(private.id, Role.PERSON, "a secret")
    mine = await talks.open(talk.person_id, maya, SERVER)
    old = await talks.append(here["Ben"].id, Role.PERSON, "long ago")
    clock.now += timedelta(hours=1)
    first = await talks.append(here["Ben"].id, Role.PERSON, "hello")
    await talks.append(here["Ben"].id, Role.CHARACTER, "hello Ben", reply_to=first.id)
    second = await talks.append(here["Cleo"].id, Role.PERSON, "me too")
    hidden = await talks.append(here["Cleo"].id, Role.PERSON, "forget that")
    await talks.hide_from_prompt([hidden.id])
    await talks.append(mine.id, Role.PERSON, "my own words")
    since = clock.now - timedelta(minutes=5)
    heard = await talks.heard(maya, SERVER, not_in=mine.id, since=since, limit=9)
    assert heard == [("Ben", first), ("Cleo", second)]
    assert await talks.heard(maya, SERVER, not_in=mine.id, since=since, limit=1) == [("Cleo", second)]
    every = await talks.heard(maya, SERVER, not_in="", since=old.created_at, limit=9)
    assert [line.text for _, line in every] == ["long ago", "hello", "me too", "my own words"]
    assert await talks.heard(maya, PRIVATE_PLACE, not_in="", since=old.created_at, limit=9) == []
    assert await talks.heard(maya, SERVER + ":thread:1", not_in="", since=old.created_at, limit=9) == []
