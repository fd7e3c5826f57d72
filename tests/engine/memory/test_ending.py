"""What ends in memory when somebody says that it holds no longer, on the real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.engine.memory.talk import Clock, Talk, talking


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path, Clock(step=timedelta(days=1))) as talk:
        yield talk


async def test_what_ends_is_not_current_and_stays_readable(talk: Talk) -> None:
    await talk.say("I live in Bonn")
    over = await talk.say("I don't live in Bonn any more")
    assert await talk.texts() == set()
    (home,) = await talk.known(ever=True)
    assert home.text == "You live in Bonn."
    assert home.valid_until == over.created_at
    # Who wants it forgotten wants both lines forgotten.
    assert over.id in await talk.store.memories.sources(home.id)


async def test_what_is_over_comes_to_mind_as_that_and_not_as_known(talk: Talk) -> None:
    for line in ("I live in Bonn", "I live in Lyon now", "I work at Siemens", "I no longer work at Siemens"):
        await talk.say(line)
    recalled = await talk.memory.recall(talk.conversation, "Where do I live?", window_ids=[], limit=6)
    assert [fact.text for fact in recalled.known] == ["You live in Lyon."]
    assert list(recalled.facts) == recalled.known
    assert {fact.value for fact in recalled.ever} == {"Bonn", "Lyon", "Siemens"}


async def test_another_place_does_not_end(talk: Talk) -> None:
    await talk.say("I live in Bonn")
    await talk.say("I don't live in Berlin any more")
    assert await talk.texts() == {"You live in Bonn."}


async def test_what_was_never_told_is_past_at_once(talk: Talk) -> None:
    await talk.say("tía ya no trabajo en la tienda")
    assert await talk.texts() == set()
    (work,) = await talk.known(ever=True)
    assert (work.relation, work.value) == ("works at", "a shop")
    assert work.valid_until is not None


async def test_a_past_job_does_not_push_out_the_present_one(talk: Talk) -> None:
    await talk.say("I work at a library")
    await talk.say("I no longer work at Siemens")
    assert "You work at a library." in await talk.texts()


async def test_what_ended_may_begin_again(talk: Talk) -> None:
    for line in ("I live in Bonn", "I don't live in Bonn any more", "I live in Bonn"):
        await talk.say(line)
    assert await talk.texts() == {"You live in Bonn."}
    assert len(await talk.known(ever=True)) == 2


async def test_learning_a_talk_again_changes_nothing(talk: Talk) -> None:
    said = [await talk.say(line) for line in ("I live in Bonn", "I don't live in Bonn any more")]
    before = await talk.known(ever=True)
    for message in said:
        await talk.memory.learn(talk.conversation, message)
    assert await talk.known(ever=True) == before


async def test_a_parting_ends_who_was_the_partner(talk: Talk) -> None:
    await talk.say("namoro com o Felipe há três anos")
    await talk.say("I work as a nurse")
    await talk.say("terminei com o felipe")
    assert await talk.texts() == {"You work as a nurse."}


async def test_a_partner_ends_being_single(talk: Talk) -> None:
    await talk.say("I'm single")
    await talk.say("my girlfriend is called Priya")
    assert await talk.texts() == {"Your girlfriend is called Priya."}


async def test_the_newer_number_counts(talk: Talk) -> None:
    await talk.say("tengo dos gatos")
    await talk.say("tengo tres gatos")
    await talk.say("tengo tres gatos")
    assert await talk.texts() == {"You have three cats."}


async def test_a_pet_has_a_new_name(talk: Talk) -> None:
    await talk.say("minha cachorra se chama Paçoca")
    await talk.say("a cachorra se chama Princesa agora")
    assert await talk.texts() == {"Your dog is called Princesa."}


async def test_an_ended_fact_is_not_searched(talk: Talk) -> None:
    await talk.say("I live in Bonn")
    await talk.say("I don't live in Bonn any more")
    assert await talk.store.memories.search(*talk.scope, ["bonn"], 5) == []


async def test_who_eats_meat_again_still_drinks_no_alcohol(talk: Talk) -> None:
    for line in ("soy vegano", "no bebo alcohol", "me he hecho vegetariano"):
        await talk.say(line)
    assert await talk.texts() == {"You don't drink alcohol.", "You are vegetarian."}
    await talk.say("ya no soy vegetariano")
    assert await talk.texts() == {"You don't drink alcohol."}
