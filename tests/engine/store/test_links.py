"""Accounts that become one and separate again: nothing is lost, nothing is doubled, and everything finds its way back."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from characters.character import Persona
from engine.errors import InputError, NotFoundError
from engine.memory.recall import Memory
from engine.store import joining
from engine.store.links import ALPHABET, MISSES, VALID_FOR
from engine.store.media import Picture
from engine.store.memories import NewFact, scope_of
from engine.store.migrate import bring_up
from engine.store.store import DATABASE, Store
from engine.types import PRIVATE_PLACE, Conversation, Fact, Message, NewJob, PicturePurpose, Role, Shot
from tests.engine.store.conftest import Clock

SERVER = "discord:guild:1:channel:2"


async def person(store: Store, surface: str, name: str = "") -> str:
    return (await store.people.ensure(surface, "1", name or surface)).id


async def join(store: Store, maker: str, typist: str) -> None:
    offer = await store.links.offer(maker, "one")
    await store.links.join(offer.code, typist, "other")


async def tell(
    store: Store, talk: Conversation, words: str, *facts: tuple[str, str], exclusive: bool = True
) -> Message:
    """Say something from which these facts (relation, value) are learned."""
    said = await store.conversations.append(talk.id, Role.PERSON, words)
    new = [
        NewFact(
            person_id=talk.person_id, character_id=talk.character_id, place=talk.place, subject="your dog",
            relation=relation, value=value, text=f"Your dog: {value}.", topic="pets", source_message_id=said.id,
            source_text=words, said_at=said.created_at, exclusive=exclusive,
        )
        for relation, value in facts
    ]  # fmt: skip
    await store.memories.add(new)
    return said


async def known(store: Store, person_id: str, character_id: str, place: str = PRIVATE_PLACE) -> list[Fact]:
    return await store.memories.known(person_id, character_id, place)


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path / DATABASE)) as raw:
        return sorted(raw.execute(query).fetchall(), key=repr)


def everything(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables that belong to people, except codes."""
    tables = (
        "people", "identities", "characters", "conversations", "messages", "facts", "media", "jobs", "drafts",
        "inbox", "shown", "seats", "topics", "calls",
    )  # fmt: skip
    return {table: rows(path, f"SELECT * FROM {table}") for table in tables}


# ---------------------------------------------------------------- the code


async def test_a_code_works_once_for_ten_minutes_and_only_the_newest(store: Store, clock: Clock) -> None:
    ana, bea = await person(store, "discord"), await person(store, "telegram")
    old, late = await store.links.offer(ana, "discord"), await store.links.offer(ana, "discord")
    assert len(late.code) == 9 and set(late.code) - {"-"} <= set(ALPHABET)
    with pytest.raises(InputError, match="not right"):
        await store.links.join(old.code, bea, "telegram")
    clock.now += VALID_FOR
    with pytest.raises(InputError, match="older than ten minutes"):
        await store.links.join(late.code, bea, "telegram")
    good = await store.links.offer(ana, "discord")
    accounts = await store.links.join(good.code.lower().replace("-", " "), bea, "telegram")
    assert [(one.surface, one.joined) for one in accounts] == [("discord", False), ("telegram", True)]
    cleo = await person(store, "page")
    with pytest.raises(InputError, match="used already"):
        await store.links.join(good.code, cleo, "page")


async def test_a_code_is_nowhere_as_it_is_shown(store: Store, tmp_path: Path) -> None:
    offer = await store.links.offer(await person(store, "discord"), "discord")
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert offer.code.encode() not in kept and offer.code.replace("-", "").encode() not in kept


async def test_guessing_is_hopeless(store: Store, clock: Clock) -> None:
    ana, bea = await person(store, "discord"), await person(store, "telegram")
    offer = await store.links.offer(ana, "discord")
    for _ in range(MISSES):
        with pytest.raises(InputError, match="not right"):
            await store.links.join("AAAA-AAAA", bea, "telegram")
    with pytest.raises(InputError, match="too many wrong codes"):
        await store.links.join(offer.code, bea, "telegram")
    clock.now += VALID_FOR + timedelta(seconds=1)
    again = await store.links.offer(ana, "discord")
    assert len(await store.links.join(again.code, bea, "telegram")) == 2


async def test_ones_own_code_says_what_to_do(store: Store) -> None:
    ana, bea = await person(store, "discord"), await person(store, "telegram")
    offer = await store.links.offer(ana, "discord")
    with pytest.raises(InputError, match="your own code"):
        await store.links.join(offer.code, ana, "discord")
    await store.links.join(offer.code, bea, "telegram")
    offer = await store.links.offer(ana, "discord")
    with pytest.raises(InputError, match="linked already"):
        await store.links.join(offer.code, bea, "telegram")


# ---------------------------------------------------------------- one person


async def test_two_accounts_are_one_person(store: Store) -> None:
    maya = await store.characters.create(None, Persona("Maya"))
    ana, bea = await person(store, "discord", "Ana"), await person(store, "telegram", "Ana B.")
    own = await store.characters.create(bea, Persona("Secret"))
    talk = await store.conversations.open(bea, maya.id, PRIVATE_PLACE)
    await tell(store, talk, "My dog is Biscuit", ("name", "Biscuit"))
    await join(store, ana, bea)
    assert await person(store, "telegram", "Ana B.") == ana == await store.people.resolve(bea)
    assert (await store.people.get(ana)).display_name == "Ana"
    assert (await store.conversations.open(ana, maya.id, PRIVATE_PLACE)).id == talk.id
    assert [fact.value for fact in await known(store, ana, maya.id)] == ["Biscuit"]
    assert own.id in {record.id for record, _ in await store.characters.catalog(ana)}
    found = await store.memories.search(ana, maya.id, PRIVATE_PLACE, ["biscuit"], 5)
    assert [fact.value for fact in found] == ["Biscuit"]
    assert await store.memories.search(bea, maya.id, PRIVATE_PLACE, ["biscuit"], 5) == []


async def test_the_owner_of_the_machine_survives_whoever_makes_the_code(store: Store) -> None:
    owner = (await store.people.ensure("local", "1", "")).id
    ana = await person(store, "discord", "Ana")
    maya = await store.characters.create(None, Persona("Maya"))
    await join(store, ana, owner)
    assert await store.people.resolve(ana) == owner
    # The page asks for no name; the linked account has one.
    assert (await store.conversations.open(owner, maya.id, PRIVATE_PLACE)).person_name == "Ana"
    await store.people.ensure("discord", "1", "Anna")
    assert (await store.people.get(owner)).display_name == ""
    await store.links.separate(owner, ana)
    assert (await store.people.get(ana)).display_name == "Anna"


@pytest.mark.parametrize(
    ("own", "brought", "then"),
    [("", "Asia/Tokyo", "Asia/Tokyo"), ("Europe/Berlin", "Asia/Tokyo", "Europe/Berlin"), ("", "", "")],
)
async def test_a_time_zone_comes_along_where_none_was_known(
    store: Store, own: str, brought: str, then: str
) -> None:
    ana, bea = await person(store, "discord"), await person(store, "telegram")
    await store.people.set_timezone(ana, own)
    await store.people.set_timezone(bea, brought)
    await join(store, ana, bea)
    assert (await store.people.get(ana)).timezone == then
    await store.links.separate(ana, bea)
    assert (await store.people.get(ana)).timezone == then
    assert (await store.people.get(bea)).timezone == brought


async def test_of_two_conversations_the_latest_goes_on_and_both_are_remembered(store: Store) -> None:
    maya = await store.characters.create(None, Persona("Maya"))
    ana, bea = await person(store, "discord"), await person(store, "telegram")
    first = await store.conversations.open(ana, maya.id, PRIVATE_PLACE)
    second = await store.conversations.open(bea, maya.id, PRIVATE_PLACE)
    await tell(store, second, "I met an otter")
    await tell(store, first, "I met a heron")
    await join(store, bea, ana)
    active = await store.conversations.open(bea, maya.id, PRIVATE_PLACE)
    latest = await store.conversations.latest(bea, PRIVATE_PLACE)
    assert active.id == first.id and latest is not None and latest.id == first.id
    hits = await store.conversations.search(bea, maya.id, PRIVATE_PLACE, ["otter", "heron"], 5)
    assert {hit.text for hit in hits} == {"I met an otter", "I met a heron"}
    recalled = await Memory(store, Clock()).recall(active, "Was it an otter?", window_ids=(), limit=5)
    assert "I met an otter" in {line.text for line in recalled.earlier}
    export = await store.people.export(bea)
    assert {line.text for _, said in export.conversations for line in said} == {
        "I met an otter",
        "I met a heron",
    }
    await store.conversations.clear(active.id)
    assert await store.conversations.search(bea, maya.id, PRIVATE_PLACE, ["otter", "heron"], 5) == []


async def test_what_contradicts_gives_way_and_comes_back(store: Store) -> None:
    maya = await store.characters.create(None, Persona("Maya"))
    ana, bea = await person(store, "discord"), await person(store, "telegram")
    one = await store.conversations.open(ana, maya.id, PRIVATE_PLACE)
    two = await store.conversations.open(bea, maya.id, PRIVATE_PLACE)
    await tell(store, one, "Rex", ("name", "Rex"))
    await tell(store, two, "Biscuit", ("name", "Biscuit"))
    for talk in (one, two):
        await tell(store, talk, "balls", ("likes", "balls"), exclusive=False)
    await join(store, ana, bea)
    assert sorted(fact.value for fact in await known(store, ana, maya.id)) == ["Biscuit", "balls"]
    found = await store.memories.search(ana, maya.id, PRIVATE_PLACE, ["rex"], 5)
    assert found == []
    await store.links.separate(ana, bea)
    assert sorted(fact.value for fact in await known(store, ana, maya.id)) == ["Rex", "balls"]
    assert sorted(fact.value for fact in await known(store, bea, maya.id)) == ["Biscuit", "balls"]
    found = await store.memories.search(ana, maya.id, PRIVATE_PLACE, ["rex"], 5)
    assert [fact.value for fact in found] == ["Rex"]


async def test_what_was_superseded_across_the_two_follows_ones_own_line(store: Store) -> None:
    maya = await store.characters.create(None, Persona("Maya"))
    ana, bea = await person(store, "discord"), await person(store, "telegram")
    one = await store.conversations.open(ana, maya.id, PRIVATE_PLACE)
    two = await store.conversations.open(bea, maya.id, PRIVATE_PLACE)
    await tell(store, one, "Rex", ("name", "Rex"))
    await join(store, ana, bea)
    await tell(store, two, "Biscuit", ("name", "Biscuit"))
    await tell(store, one, "Tom", ("name", "Tom"))  # a turn that was under way when the other talk went on
    await store.links.separate(ana, bea)
    assert [fact.value for fact in await known(store, ana, maya.id)] == ["Tom"]
    assert [fact.value for fact in await known(store, bea, maya.id)] == ["Biscuit"]


async def test_what_is_said_later_goes_where_its_conversation_goes(store: Store) -> None:
    maya, zoe = [await store.characters.create(None, Persona(name)) for name in ("Maya", "Zoe")]
    ana, bea = await person(store, "discord"), await person(store, "telegram")
    brought = await store.conversations.open(bea, maya.id, PRIVATE_PLACE)
    await join(store, ana, bea)
    same = await store.conversations.open(ana, maya.id, PRIVATE_PLACE)
    fresh = await store.conversations.open(ana, zoe.id, PRIVATE_PLACE)
    assert same.id == brought.id
    await tell(store, same, "Rex", ("name", "Rex"))
    await tell(store, fresh, "Tom", ("name", "Tom"))
    await store.links.separate(ana, bea)
    assert [fact.value for fact in await known(store, bea, maya.id)] == ["Rex"]
    assert [fact.value for fact in await known(store, ana, zoe.id)] == ["Tom"]
    assert await known(store, ana, maya.id) == [] == await known(store, bea, zoe.id)
    again = await store.conversations.open(ana, maya.id, PRIVATE_PLACE)
    assert again.id != brought.id and await store.conversations.window(again.id, 9) == []


async def test_a_server_and_a_private_talk_never_share_memories(store: Store) -> None:
    maya = await store.characters.create(None, Persona("Maya"))
    ana, bea = await person(store, "discord"), await person(store, "telegram")
    in_server = await store.conversations.open(ana, maya.id, SERVER)
    in_private = await store.conversations.open(bea, maya.id, PRIVATE_PLACE)
    await tell(store, in_server, "In public my dog is Rex", ("name", "Rex"))
    await tell(store, in_private, "In private my dog is Biscuit", ("name", "Biscuit"))
    await join(store, ana, bea)
    memory = Memory(store, Clock())
    for place, own, other in ((SERVER, "Rex", "Biscuit"), (PRIVATE_PLACE, "Biscuit", "Rex")):
        talk = await store.conversations.open(ana, maya.id, place)
        recalled = await memory.recall(talk, "What is my dog called, Rex or Biscuit?", window_ids=(), limit=9)
        heard = str(recalled)
        assert own in heard and other not in heard


async def test_pictures_under_way_arrive(store: Store) -> None:
    maya = await store.characters.create(None, Persona("Maya"))
    ana, bea = await person(store, "discord"), await person(store, "telegram")
    talk = await store.conversations.open(bea, maya.id, PRIVATE_PLACE)
    payload = f'{{"conversation_id": "{talk.id}"}}'
    await store.jobs.add(NewJob("picture", bea, payload), lambda _: 0)
    claimed = await store.jobs.claim("worker", timedelta(30), 3)
    assert claimed is not None
    await join(store, ana, bea)
    picture = Picture(
        mime="image/png", width=1, height=1, person_id=claimed.person_id, character_id=maya.id,
        purpose=PicturePurpose.SELFIE, seed=1, pipeline="x", shot=Shot(), caption="", job_id=claimed.id,
    )  # fmt: skip
    done = await store.finish_picture(claimed, b"png", picture)
    assert (done.person_id, (await store.jobs.get(claimed.id)).person_id) == (ana, ana)
    # A turn that began before still carries the former id.
    late, _ = await store.jobs.add(NewJob("picture", bea, payload), lambda load: load.last_hour)
    assert (late.person_id, late.priority) == (ana, 1)
    await tell(store, talk, "Rex", ("name", "Rex"))
    assert [fact.value for fact in await known(store, ana, maya.id)] == ["Rex"]
    assert (await store.conversations.open(bea, maya.id, SERVER)).person_id == ana
    await store.links.separate(ana, bea)
    assert {(await store.media.get(done.id)).person_id, (await store.jobs.get(late.id)).person_id} == {bea}


async def test_a_draft_that_was_open_stays_with_whom_it_is_now(store: Store) -> None:
    ana, bea = await person(store, "discord"), await person(store, "telegram")
    draft = await store.drafts.create(bea, Persona("New"), "name")
    await join(store, ana, bea)
    await store.drafts.save(draft)  # read before the link
    assert [one.id for one in await store.drafts.open(ana)] == [draft.id]


async def test_an_event_that_waits_is_handled_for_whom_it_is_now(store: Store) -> None:
    ana, bea = await person(store, "discord"), await person(store, "telegram")
    await store.inbox.take("telegram", "u1", bea, "{}")
    await join(store, ana, bea)
    await store.inbox.take("telegram", "u2", bea, "{}")
    assert [one.person_id for one in await store.inbox.waiting()] == [ana, ana]


async def test_what_both_have_alike_is_kept_twice(store: Store, tmp_path: Path) -> None:
    maya = await store.characters.create(None, Persona("Maya"))
    ana, bea = await person(store, "discord"), await person(store, "telegram")
    tokens = []
    for one in (ana, bea):
        await store.seats.take("discord", "7", "", one, maya.id)
        await store.seats.set_topic("discord", "7", one, maya.id, "9")
        tokens.append(await store.calls.keep(one, "the same words"))
        await store.jobs.add(NewJob("picture", one, "{}", idempotency_key="same"), lambda _: 0)
    before = everything(tmp_path)
    await join(store, ana, bea)
    assert await store.seats.of("discord", "7", "", ana) == maya.id
    assert {await store.calls.recall(token) for token in tokens} == {"the same words"}
    await store.links.separate(ana, bea)
    assert everything(tmp_path) == before


async def test_accounts_leave_one_by_one(store: Store, tmp_path: Path) -> None:
    maya = await store.characters.create(None, Persona("Maya"))
    people = [await person(store, surface) for surface in ("discord", "telegram", "third")]
    for one in people:
        await tell(store, await store.conversations.open(one, maya.id, PRIVATE_PLACE), one, ("name", one))
    before = everything(tmp_path)
    first, middle, last = people
    await join(store, middle, last)
    await join(store, first, middle)
    assert {await store.people.resolve(one) for one in people} == {first}
    assert [one.home_id for one in await store.links.accounts(last)] == people
    await store.links.separate(first, middle)
    assert [await store.people.resolve(one) for one in people] == [first, middle, first]
    with pytest.raises(NotFoundError, match="not linked any more"):
        await store.links.separate(first, middle)
    with pytest.raises(NotFoundError):
        await store.links.separate(middle, last)
    await store.links.separate(first, last)
    assert everything(tmp_path) == before
    await join(store, last, first)  # and the other way round
    assert await store.people.resolve(first) == last


async def test_forgetting_takes_everything_of_everyone_who_was_linked(store: Store, tmp_path: Path) -> None:
    owner, ana = await person(store, "local"), await person(store, "discord")
    maya = await store.characters.create(None, Persona("Maya"))
    for one in (owner, ana):
        await tell(
            store, await store.conversations.open(one, maya.id, PRIVATE_PLACE), "Biscuit", ("name", "Biscuit")
        )
        await store.calls.keep(one, "Biscuit")
    await join(store, owner, ana)
    await store.people.erase(ana, keep_surface="local")
    left = everything(tmp_path)
    assert [row[0] for row in left.pop("people")] == [owner]
    assert [row[0] for row in left.pop("identities")] == ["local"]
    assert {table: kept for table, kept in left.items() if kept} == {"characters": left["characters"]}
    assert await person(store, "discord") not in (owner, ana)
    await store.close()
    assert b"biscuit" not in b"".join(p.read_bytes() for p in tmp_path.iterdir() if p.is_file()).lower()


@pytest.mark.parametrize("step", ["join", "separate"])
async def test_a_crash_in_the_middle_changes_nothing(
    store: Store, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    maya = await store.characters.create(None, Persona("Maya"))
    ana, bea = await person(store, "discord"), await person(store, "telegram")
    for one in (ana, bea):
        await tell(store, await store.conversations.open(one, maya.id, PRIVATE_PLACE), one, ("name", one))
    if step == "separate":
        await join(store, ana, bea)
    before, hand_over = everything(tmp_path), joining._hand_over

    async def crash(*given: object) -> None:
        await hand_over(*given)  # type: ignore[arg-type]
        raise asyncio.CancelledError

    monkeypatch.setattr(joining, "_hand_over", crash)
    with pytest.raises(asyncio.CancelledError):
        await (join(store, ana, bea) if step == "join" else store.links.separate(ana, bea))
    assert everything(tmp_path) == before


# ---------------------------------------------------------------- any order of anything


@cache
def empty_database() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="selfsame-test-"))
    bring_up(folder / DATABASE)
    return folder / DATABASE


@asynccontextmanager
async def opened() -> AsyncIterator[tuple[Store, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(empty_database(), Path(folder) / DATABASE)
        store = await Store.open(Path(folder), clock=Clock(), synchronous="NORMAL")
        try:
            yield store, Path(folder)
        finally:
            await store.close()


SURFACES = ("local", "discord", "telegram")
STEPS = st.one_of(
    st.tuples(st.just("say"), st.integers(0, 2), st.integers(0, 1), st.sampled_from(["Rex", "Tom", "Bo"]), st.booleans()),
    st.tuples(st.just("say"), st.integers(0, 2), st.integers(0, 1), st.sampled_from(["Rex", "Tom", "Bo"]), st.booleans()),
    st.tuples(st.just("link"), st.integers(0, 2), st.integers(0, 2)),
    st.tuples(st.just("unlink"), st.integers(0, 2)),
)  # fmt: skip


@dataclass
class World:
    """What must be true, in a few lines: everything is whoever's it was when it began, or who they are joined to."""

    store: Store
    path: Path
    homes: list[str] = field(default_factory=list)
    cast: list[str] = field(default_factory=list)
    joined: dict[str, str] = field(default_factory=dict)
    talks: dict[str, str] = field(default_factory=dict)  # a conversation's home
    said: int = 0
    learned: dict[str, str] = field(default_factory=dict)  # a fact's home

    def now(self, home: str) -> str:
        return self.joined.get(home, home)

    async def say(self, who: int, character: int, value: str, exclusive: bool) -> None:
        account = await self.store.people.ensure(SURFACES[who], "1", SURFACES[who])
        assert account.id == self.now(self.homes[who])
        talk = await self.store.conversations.open(account.id, self.cast[character], PRIVATE_PLACE)
        self.talks.setdefault(talk.id, account.id)
        relation = "name" if exclusive else "likes"
        await tell(self.store, talk, f"{value} {self.said}", (relation, value), exclusive=exclusive)
        self.said += 1
        for (fact_id,) in rows(self.path, "SELECT id FROM facts"):
            self.learned.setdefault(str(fact_id), self.talks[talk.id])

    async def link(self, maker: int, typist: int) -> None:
        one, two = self.now(self.homes[maker]), self.now(self.homes[typist])
        if one == two:
            return
        kept, gone = (two, one) if two == self.homes[0] else (one, two)
        before = everything(self.path)
        await join(self.store, one, two)
        if gone not in self.joined.values():  # nobody came with them before
            await self.store.links.separate(kept, gone)
            assert everything(self.path) == before
            await join(self.store, one, two)
        self.joined = {home: kept if now == gone else now for home, now in self.joined.items()} | {gone: kept}

    async def unlink(self, who: int) -> None:
        home = self.homes[who]
        if home in self.joined:
            await self.store.links.separate(self.joined.pop(home), home)

    async def check(self) -> None:
        talks = rows(self.path, "SELECT id, person_id, character_id, set_aside FROM conversations")
        assert {row[0]: row[1] for row in talks} == {key: self.now(home) for key, home in self.talks.items()}
        active = [row[1:3] for row in talks if not row[3]]
        assert len(active) == len(set(active)) and set(active) == {row[1:3] for row in talks}
        assert rows(self.path, "SELECT count(*) FROM messages") == [(self.said,)]
        facts = rows(self.path, "SELECT id, person_id, character_id, place, scope, superseded_by FROM facts")
        assert {row[0]: row[1] for row in facts} == {
            key: self.now(home) for key, home in self.learned.items()
        }
        assert all(row[4] == scope_of(str(row[1]), str(row[2]), str(row[3])) for row in facts)
        owners = {row[0]: row[1] for row in facts}
        assert all(owners[row[5]] == row[1] for row in facts if row[5])
        await self._check_beliefs(facts)

    async def _check_beliefs(self, facts: Sequence[tuple[object, ...]]) -> None:
        for person_id, character_id in {(str(row[1]), str(row[2])) for row in facts}:
            current = await known(self.store, person_id, character_id)
            names = [fact.value for fact in current if fact.relation == "name"]
            assert len(names) <= 1, names
            found = await self.store.memories.search(person_id, character_id, PRIVATE_PLACE, ["dog"], 99)
            assert {fact.id for fact in found} == {fact.id for fact in current}


@given(st.lists(STEPS, max_size=14))
@settings(max_examples=40, deadline=None)
def test_nothing_is_lost_or_doubled_whatever_the_order(steps: list[tuple[str, ...]]) -> None:
    async def walk() -> None:
        async with opened() as (store, path):
            world = World(store, path)
            world.homes = [await person(store, surface) for surface in SURFACES]
            world.cast = [(await store.characters.create(None, Persona(name))).id for name in ("Maya", "Zoe")]
            for name, *given_values in steps:
                await getattr(world, name)(*given_values)
                await world.check()
            with closing(sqlite3.connect(path / DATABASE)) as raw:
                for table in ("messages_fts", "facts_fts"):
                    raw.execute(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)")

    asyncio.run(walk())
