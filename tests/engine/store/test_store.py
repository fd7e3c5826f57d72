"""What the store keeps, what it finds, and what it really removes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from characters.character import Appearance, Hair, Persona, References
from engine.errors import FullError, InputError, LostLeaseError, NotFoundError
from engine.store.documents import read_persona
from engine.store.media import Picture
from engine.store.memories import NewFact
from engine.store.slugs import slug_of
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, Conversation, Fact, Media, NewJob, PicturePurpose, Role, Shot
from tests.engine.store.conftest import Clock

WHEN = datetime.fromisoformat("2026-11-21T12:00:00+00:00")


def fact(talk: Conversation, value: str, **more: object) -> NewFact:
    values: dict[str, object] = {
        "person_id": talk.person_id,
        "character_id": talk.character_id,
        "place": talk.place,
        "subject": "your dog",
        "relation": "name",
        "value": value,
        "text": f"Your dog is called {value}.",
        "topic": "pets",
        "source_message_id": None,
        "source_text": value,
        "said_at": WHEN,
        "exclusive": True,
    }
    return NewFact(**values | more)  # type: ignore[arg-type]


async def put(store: Store, talk: Conversation, png: bytes = b"png", **more: object) -> Media:
    values: dict[str, object] = {
        "mime": "image/png",
        "width": 1,
        "height": 1,
        "person_id": talk.person_id,
        "character_id": talk.character_id,
        "purpose": PicturePurpose.SELFIE,
        "seed": 1,
        "pipeline": "x",
        "shot": Shot(place="bar"),
        "caption": "c",
    }
    return await store.media.put(png, **values | more)  # type: ignore[arg-type]


async def known(store: Store, talk: Conversation, **more: bool) -> list[Fact]:
    return await store.memories.known(talk.person_id, talk.character_id, talk.place, **more)


# ---------------------------------------------------------------- people, characters


async def test_an_account_is_one_person(store: Store) -> None:
    ann = await store.people.ensure("web", "1", "Ann")
    assert await store.people.ensure("web", "1", "Ann") == ann
    assert (await store.people.ensure("web", "1", "Anna")).id == ann.id
    assert (await store.people.ensure("terminal", "1", "Ann")).id != ann.id
    assert (await store.people.set_timezone(ann.id, "Europe/Berlin")).timezone == "Europe/Berlin"
    assert (await store.people.confirm_adult(ann.id)).confirmed_adult_at
    with pytest.raises(NotFoundError):
        await store.people.get("x")


async def test_every_edit_keeps_the_former_version(store: Store, talk: Conversation) -> None:
    edited = await store.characters.save(talk.character_id, Persona("Maya", tagline="new"))
    assert (edited.version, edited.slug) == (2, "maya")
    assert await store.characters.get(talk.character_id) == edited
    assert await store.characters.versions(talk.character_id) == [1, 2]
    assert (await store.characters.version(talk.character_id, 1)).tagline == ""


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Zoë 🦊", "zoe-fox-face"),
        ("Йоханна", "yokhanna"),
        ("김서연", "gimseoyeon"),
        ("🦊", "fox-face"),
        ("李雷", "character"),
        ("", "character"),
        ("<script>", "script"),
        ("Z̷a̷l", "zal"),
        ("Ωμέγα", "omega"),
    ],
)
def test_a_name_becomes_an_address(name: str, slug: str) -> None:
    assert slug_of(name) == slug


async def test_addresses_are_unique(store: Store, talk: Conversation) -> None:
    more = [(await store.characters.create(None, Persona("Maya"))).slug for _ in range(2)]
    assert more == ["maya-2", "maya-3"]


async def test_shipped_characters_change_only_when_they_differ(store: Store, talk: Conversation) -> None:
    zoe = await store.characters.ensure_shipped("zoe", Persona("Zoe"))
    assert await store.characters.ensure_shipped("zoe", Persona("Zoe")) == zoe
    assert (await store.characters.ensure_shipped("zoe", Persona("Zoe", tagline="x"))).version == 2
    shipped = await store.characters.ensure_shipped("maya", Persona("Maya"))  # Ann has "maya" already
    assert (shipped.owner_id, shipped.slug) == (None, "maya-shipped")
    assert await store.characters.ensure_shipped("maya", Persona("Maya")) == shipped


async def test_the_catalog_shows_recent_then_own_then_shipped(store: Store, talk: Conversation) -> None:
    for name in ("Zoe", "abe"):
        await store.characters.ensure_shipped(name.lower(), Persona(name))
    ben = await store.people.ensure("web", "2", "Ben")
    await store.characters.create(ben.id, Persona("Secret"))
    names = [it.persona.name for it, _ in await store.characters.catalog(talk.person_id)]
    assert names == ["Maya", "abe", "Zoe"]
    zoe = await store.characters.by_slug("zoe")
    other = await store.conversations.open(talk.person_id, zoe.id, PRIVATE_PLACE)
    said = await store.conversations.append(other.id, Role.PERSON, "hi")
    first = (await store.characters.catalog(talk.person_id))[0]
    assert (first[0].persona.name, first[1]) == ("Zoe", said.created_at)


def test_older_rows_take_defaults() -> None:
    read = read_persona('{"name": "M", "gone": 1, "appearance": {"hair": {"colour": "red"}}}')
    assert read == Persona("M", appearance=Appearance(hair=Hair(colour="red")))


# ---------------------------------------------------------------- conversations


async def test_the_same_event_is_stored_once(store: Store, talk: Conversation) -> None:
    said = await asyncio.gather(
        *(store.conversations.append(talk.id, Role.PERSON, "hi", event_id="e") for _ in range(5))
    )
    assert len({it.id for it in said}) == 1
    assert await store.conversations.window(talk.id, 9) == [said[0]]
    with pytest.raises(NotFoundError):
        await store.conversations.append("x", Role.PERSON, "hi")


async def test_windows(store: Store, talk: Conversation) -> None:
    said = [await store.conversations.append(talk.id, Role.PERSON, str(n)) for n in range(6)]
    assert await store.conversations.window(talk.id, 3) == said[3:]
    assert await store.conversations.before(talk.id, said[4].id, 2) == said[2:4]


async def test_unanswered(store: Store, talk: Conversation) -> None:
    talks = store.conversations
    assert await talks.unanswered(talk.id) is None
    said = await talks.append(talk.id, Role.PERSON, "hi", event_id="1")
    await talks.append(talk.id, Role.NOTICE, "notice")
    assert await talks.unanswered(talk.id) == said
    await talks.append(talk.id, Role.CHARACTER, "ho", reply_to=said.id)
    assert await talks.unanswered(talk.id) is None


async def test_search_stays_within_its_scope_and_prefers_rare_words(store: Store, talk: Conversation) -> None:
    talks = store.conversations
    server = await talks.open(talk.person_id, talk.character_id, "discord:guild:1")
    for n in range(20):
        await talks.append(talk.id, Role.CHARACTER, f"we talk about dogs {n}")
    rare = await talks.append(talk.id, Role.PERSON, "my dog is Biscuit")
    await talks.append(server.id, Role.PERSON, "Biscuit elsewhere")
    scope = talk.person_id, talk.character_id, talk.place
    assert (await talks.search(*scope, ["dog", "biscuit"], 5))[0] == rare
    assert [it.text for it in await talks.search(*scope, ["biscuits"], 5)] == [rare.text]
    await talks.set_text(rare.id, "my cat is Tom")
    assert await talks.search(*scope, ["biscuit"], 5) == []
    assert len(await talks.search(*scope, ["tom"], 5)) == 1
    await talks.hide_from_prompt([rare.id])
    assert await talks.search(*scope, ["tom"], 5) == []
    for odd in (['"'], ["*", "("], [""], [], ["NOT", "x OR y"], ["a\0b"], ["🦊"]):
        assert await talks.search(*scope, odd, 5) == []


async def test_a_picture_comes_into_its_message_once(store: Store, talk: Conversation) -> None:
    said = await store.conversations.append(talk.id, Role.CHARACTER, "", job_id="j")
    media = await put(store, talk)
    assert await store.conversations.set_media(said.id, media.id)
    assert not await store.conversations.set_media(said.id, media.id)
    assert await store.conversations.by_job("j") == replace(said, media_id=media.id)
    await store.media.delete(talk.person_id, media.id)
    assert (await store.conversations.message(said.id)).media_id is None


# ---------------------------------------------------------------- memories, drafts


async def test_a_newer_exclusive_fact_supersedes_and_a_known_one_is_kept(
    store: Store, talk: Conversation
) -> None:
    old, same = await store.memories.add([fact(talk, "Rex"), fact(talk, "rex")])
    assert old == same
    (new,) = await store.memories.add([fact(talk, "Biscuit")])
    assert await known(store, talk) == [new]
    assert len(await known(store, talk, include_superseded=True)) == 2
    scope = talk.person_id, talk.character_id, talk.place
    assert await store.memories.search(*scope, ["pet", "rex"], 5) == [new]
    assert await store.memories.search(talk.person_id, talk.character_id, "elsewhere", ["pet"], 5) == []
    fixed = await store.memories.correct(replace(new, value="Bo", text="Your dog is called Bo."))
    assert await known(store, talk) == [fixed]
    assert await store.memories.forget("somebody else", [fixed.id]) == 0
    assert await store.memories.forget(talk.person_id, [fixed.id]) == 1
    assert await known(store, talk, include_superseded=True) == []


async def test_pinned_facts_come_first(store: Store, talk: Conversation) -> None:
    one, _ = await store.memories.add([fact(talk, "a", relation="likes"), fact(talk, "b", relation="eats")])
    await store.memories.pin(talk.person_id, one.id, True)
    assert [it.value for it in await known(store, talk)] == ["a", "b"]


async def test_drafts_are_saved_and_resumed(store: Store, talk: Conversation) -> None:
    draft = await store.drafts.create(talk.person_id, Persona(""), "name")
    saved = await store.drafts.save(replace(draft, step="looks", takes=("j1",), extra={"a": "b"}))
    assert await store.drafts.open(talk.person_id) == [saved]
    take = await put(store, talk, b"take", purpose=PicturePurpose.TAKE, draft_id=draft.id, character_id=None)
    canon = await put(
        store, talk, b"canon", purpose=PicturePurpose.TAKE, draft_id=draft.id, character_id=None
    )
    assert (await store.media.adopt(canon.id, talk.character_id)).purpose is PicturePurpose.CANON
    await store.drafts.delete(draft.id)
    assert not store.media.path(take).exists()
    assert store.media.path(canon).exists()


# ---------------------------------------------------------------- pictures, deletion, crashes


async def test_a_file_stays_while_any_row_needs_it(store: Store, talk: Conversation) -> None:
    one, two = await put(store, talk), await put(store, talk)
    assert await store.media.gallery(talk.person_id, None, 5) == [two, one]
    assert await store.media.gallery(talk.person_id, talk.character_id, 5, before=two.id) == [one]
    await store.media.delete(talk.person_id, one.id)
    assert store.media.path(two).read_bytes() == b"png"
    with pytest.raises(NotFoundError):
        await store.media.delete("somebody else", two.id)
    await store.media.delete(talk.person_id, two.id)
    assert not store.media.path(two).exists()


async def test_the_canonical_picture_cannot_be_deleted(store: Store, talk: Conversation) -> None:
    canon = await put(store, talk)
    await store.characters.save(talk.character_id, Persona("Maya", references=References(headshot=canon.id)))
    with pytest.raises(InputError, match="canonical picture of Maya"):
        await store.media.delete(talk.person_id, canon.id)
    assert store.media.path(await store.media.get(canon.id)).exists()


async def test_an_erased_person_leaves_no_byte(store: Store, talk: Conversation, tmp_path: Path) -> None:
    await store.conversations.append(talk.id, Role.PERSON, "my dog is Biscuit")
    await store.memories.add([fact(talk, "Biscuit")])
    await store.jobs.add(NewJob("picture", talk.person_id, '{"words": "Biscuit"}'), lambda _: 0)
    await store.drafts.create(talk.person_id, Persona("Biscuit"), "name")
    picture = await put(store, talk, caption="Biscuit")
    export = await store.people.export(talk.person_id)
    assert [m.text for _, said in export.conversations for m in said] == ["my dog is Biscuit"]
    assert (len(export.facts), len(export.media), len(export.characters)) == (1, 1, 1)
    await store.people.erase(talk.person_id)
    with pytest.raises(NotFoundError):
        await store.people.get(talk.person_id)
    assert not store.media.path(picture).exists()
    await store.close()
    left = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"biscuit" not in left.lower()


async def test_clearing_a_conversation_keeps_what_was_learned(store: Store, talk: Conversation) -> None:
    said = await store.conversations.append(talk.id, Role.PERSON, "Biscuit")
    await store.memories.add([fact(talk, "Biscuit", source_message_id=said.id)])
    await store.conversations.clear(talk.id)
    assert await store.conversations.window(talk.id, 5) == []
    assert [it.source_message_id for it in await known(store, talk)] == [None]


async def test_a_picture_and_its_success_are_one(store: Store, talk: Conversation, tmp_path: Path) -> None:
    from datetime import timedelta

    await store.jobs.add(NewJob("picture", talk.person_id, "{}"), lambda _: 0)
    old = await store.jobs.claim("old", timedelta(0), 3)
    new = await store.jobs.claim("new", timedelta(30), 3)
    assert old and new
    picture = Picture(
        mime="image/png",
        width=1,
        height=1,
        person_id=talk.person_id,
        character_id=talk.character_id,
        purpose=PicturePurpose.SELFIE,
        seed=1,
        pipeline="x",
        shot=Shot(),
        caption="",
    )
    with pytest.raises(LostLeaseError):
        await store.finish_picture(old, b"late", picture)
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []
    stored = await store.finish_picture(new, b"right", picture)
    assert (await store.jobs.get(new.id)).media_id == stored.id
    with pytest.raises(NotFoundError):
        await store.jobs.add(NewJob("picture", talk.person_id, "{}"), lambda _: 0)
        third = await store.jobs.claim("third", timedelta(30), 3)
        assert third
        await store.finish_picture(third, b"x", replace(picture, character_id="gone"))


async def test_a_cancelled_write_lets_the_next_one_in(store: Store, talk: Conversation) -> None:
    for n in range(30):
        task = asyncio.create_task(store.memories.add([fact(talk, f"{n}-{m}") for m in range(3)]))
        for _ in range(n):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await asyncio.wait_for(store.conversations.append(talk.id, Role.PERSON, "still here"), 5)
    assert len(await known(store, talk)) <= 1


async def test_what_dead_writers_left_is_swept(store: Store, tmp_path: Path, clock: Clock) -> None:
    import os

    old, fresh = tmp_path / "media/ab/x.tmp", tmp_path / "media/ab/y.tmp"
    old.parent.mkdir(parents=True)
    for path in (old, fresh):
        path.touch()
    os.utime(old, (1, 1))
    await (await Store.open(tmp_path, clock=clock)).close()
    assert (old.exists(), fresh.exists()) == (False, True)


async def test_two_stores_share_a_directory(
    store: Store, talk: Conversation, tmp_path: Path, clock: Clock
) -> None:
    other = await Store.open(tmp_path, clock=clock, synchronous="NORMAL")
    await asyncio.gather(
        *(it.conversations.append(talk.id, Role.PERSON, str(n)) for n in range(40) for it in (store, other))
    )
    assert len(await other.conversations.window(talk.id, 100)) == 80
    await other.close()


async def test_a_full_disk_is_said_and_nothing_stored_is_lost(store: Store, talk: Conversation) -> None:
    await store.conversations.append(talk.id, Role.PERSON, "first")
    async with store._db.step() as db:
        pages = (await db.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await db.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(FullError, match="disk is full"):
        await store.conversations.append(talk.id, Role.PERSON, "a long text " * 100_000)
    async with store._db.step() as db:
        await db.exec_driver_sql("PRAGMA max_page_count=1000000")
    await store.conversations.append(talk.id, Role.PERSON, "second")
    assert [line.text for line in await store.conversations.window(talk.id, 9)] == ["first", "second"]


async def test_a_cancelled_call_leaves_no_lock_behind(tmp_path: Path) -> None:
    """A cut-off write once kept its lock for ten seconds; a stopped worker then could not give its picture back."""
    store = await Store.open(tmp_path, clock=lambda: datetime.now(UTC), synchronous="NORMAL")
    person = await store.people.ensure("test", "ana", "Ana")
    await store.jobs.add(NewJob("picture", person.id, "{}"), lambda _load: 0)
    lease = timedelta(seconds=60)
    job = await store.jobs.claim("worker", lease, 3)
    assert job is not None
    for number in range(60):
        cut = asyncio.create_task(store.jobs.beat(job, 0.5, "inking", lease))
        await asyncio.sleep(number * 0.00005)
        cut.cancel()
        with suppress(asyncio.CancelledError):
            await cut
        async with asyncio.timeout(2):
            await store.jobs.beat(job, 0.6, "inking", lease)
    await store.close()
