"""engine/casting.py: who is admitted, publishing that a crash may cut off anywhere, the shipped cast."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from characters.archetypes import start_from
from characters.cast import load_cast
from engine.casting import Casting
from engine.errors import RefusedError
from engine.safety.policy import load_policy
from engine.safety.text import Gate
from engine.store.store import Store
from engine.types import Draft, PicturePurpose, Shot

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path, clock=lambda: NOW, synchronous="NORMAL")
    yield opened
    await opened.close()


@pytest.fixture
def casting(store: Store) -> Casting:
    return Casting(store, Gate(load_policy()))


async def drafted(store: Store) -> Draft:
    person = await store.people.ensure("test", "ana", "Ana")
    persona = replace(start_from("artist", 1), name="Ines Okafor")
    draft = await store.drafts.create(person.id, persona, "takes")
    take = await store.media.put(
        b"png", mime="image/png", width=1, height=1, person_id=person.id, character_id=None,
        purpose=PicturePurpose.TAKE, seed=1, pipeline="illustrator", shot=Shot(), caption="", draft_id=draft.id,
    )  # fmt: skip
    return await store.drafts.save(
        replace(draft, persona=replace(persona, references=replace(persona.references, headshot=take.id)))
    )


async def test_publishing_makes_a_character_with_its_canonical_picture(
    store: Store, casting: Casting
) -> None:
    draft = await drafted(store)
    record = await casting.publish(draft)
    assert (record.persona.name, record.slug, record.owner_id) == (
        "Ines Okafor",
        "ines-okafor",
        draft.person_id,
    )
    canon = await store.media.get(record.persona.references.headshot)
    assert (canon.purpose, canon.character_id) == (PicturePurpose.CANON, record.id)
    assert not await store.drafts.open(draft.person_id)


@pytest.mark.parametrize("cut", ["create", "adopt", "publish"])
async def test_publishing_that_a_crash_cut_off_makes_one_character(
    store: Store, casting: Casting, cut: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = await drafted(store)
    shelf = {"create": store.characters, "adopt": store.media, "publish": store.drafts}[cut]

    async def crash(*_: object, **__: object) -> None:
        raise ConnectionError("crash")

    with monkeypatch.context() as patched:
        patched.setattr(shelf, cut, crash)
        with pytest.raises(ConnectionError):
            await casting.publish(draft)
    again = await store.drafts.get(draft.id)
    record = await casting.publish(again)
    own = [
        one for one, _ in await store.characters.catalog(draft.person_id) if one.owner_id == draft.person_id
    ]
    assert [one.id for one in own] == [record.id]
    assert (await store.media.get(record.persona.references.headshot)).purpose is PicturePurpose.CANON


@pytest.mark.parametrize("age", [0, 12, 17])
async def test_nobody_is_under_age(store: Store, casting: Casting, age: int) -> None:
    draft = await drafted(store)
    persona = replace(draft.persona, appearance=replace(draft.persona.appearance, age=age))
    with pytest.raises(RefusedError, match="adults"):
        await casting.publish(replace(draft, persona=persona))


async def test_rules_reach_across_fields(store: Store, casting: Casting) -> None:
    draft = await drafted(store)
    persona = replace(draft.persona, tagline="still a schoolgirl", backstory="Looks fifteen and always will.")
    assert casting.refuse_character(persona)
    assert not casting.refuse_character(draft.persona)


async def test_the_whole_cast_is_admitted_and_shipped_once(store: Store, casting: Casting) -> None:
    assert not [slug for slug, persona in load_cast() if casting.refuse_character(persona)]
    await casting.ship_cast()
    first = await store.characters.catalog("")
    await casting.ship_cast()
    again = await store.characters.catalog("")
    assert first == again and len(first) >= 8
    for record, _ in first:
        picture = await store.media.get(record.persona.references.headshot)
        assert store.media.path(picture).exists() and record.version == 1
