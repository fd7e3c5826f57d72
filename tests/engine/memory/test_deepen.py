"""Memory.deepen: each message is read once by the model, late, again after a failure, and never what is hidden."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from characters.character import Persona
from engine.errors import ModelError
from engine.memory.recall import READ_AT_ONCE, Memory
from engine.models.ask import Asker
from engine.models.port import Finish, Prompt, Sampling, Work
from engine.models.storyteller import Storyteller
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, Conversation, Message, Role
from tests.engine.memory.test_extract import answer, told
from tests.engine.models.scripted import NOBODYS, Answering

HOME = told("in Leipzig zu Hause", "you", "lives in", "Leipzig", "You live in Leipzig.")
JOB = told("arbeite als Hebamme", "you", "works as", "midwife", "You work as a midwife.")
NOTHING = answer()


class Clock:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(tmp_path, clock=Clock(), synchronous="NORMAL")
    yield store
    await store.close()


@pytest.fixture
async def talk(store: Store) -> Conversation:
    person = await store.people.ensure("web", "1", "Ann")
    maya = await store.characters.create(None, Persona("Maya"))
    return await store.conversations.open(person.id, maya.id, PRIVATE_PLACE)


async def say(store: Store, talk: Conversation, text: str) -> Message:
    said = await store.conversations.append(talk.id, Role.PERSON, text)
    await store.conversations.append(talk.id, Role.CHARACTER, "Tell me more.", reply_to=said.id)
    return said


def memory(store: Store, *answers: str | Exception) -> tuple[Memory, Answering]:
    model = Answering(list(answers))
    return Memory(store, Clock(), Asker(model)), model


async def known(store: Store, talk: Conversation) -> list[str]:
    facts = await store.memories.known(talk.person_id, talk.character_id, talk.place)
    return sorted(fact.text for fact in facts)


async def test_a_message_is_read_once_and_keeps_its_source(store: Store, talk: Conversation) -> None:
    said = await say(store, talk, "Inzwischen bin ich in Leipzig zu Hause.")
    remembering, model = memory(store, answer(HOME))
    (fact,) = await remembering.deepen(talk)
    assert (fact.text, fact.source_message_id, fact.said_at) == (
        "You live in Leipzig.",
        said.id,
        said.created_at,
    )
    assert await remembering.deepen(talk) == []
    assert model.begun == 1


async def test_what_the_rules_learned_is_not_learned_twice(store: Store, talk: Conversation) -> None:
    said = await say(store, talk, "I live in Leipzig, and my dog is called Bo.")
    remembering, _ = memory(
        store,
        answer(
            told("I live in Leipzig", "you", "lives in", "Leipzig", "You live in Leipzig."),
            told("my dog is called Bo", "you", "has", "a dog Bo", "You have a dog Bo."),
        ),
    )
    ruled = await remembering.learn(talk, said)
    assert await remembering.deepen(talk) == []
    assert await known(store, talk) == sorted(fact.text for fact in ruled)


async def test_what_was_not_answered_is_read_the_next_time_and_after_a_restart(
    store: Store, talk: Conversation
) -> None:
    await say(store, talk, "Inzwischen bin ich in Leipzig zu Hause.")
    failing, model = memory(store, ModelError())
    assert await failing.deepen(talk) == []
    await say(store, talk, "Und ich arbeite als Hebamme dort.")
    restarted, model = memory(store, answer(HOME), ModelError())
    await restarted.deepen(talk)
    assert await known(store, talk) == ["You live in Leipzig."]
    again, model = memory(store, answer(JOB))
    await again.deepen(talk)
    assert await known(store, talk) == ["You live in Leipzig.", "You work as a midwife."]
    assert model.begun == 1
    assert "Hebamme" in model.given


async def test_late_reading_does_not_overrule_what_was_said_since(store: Store, talk: Conversation) -> None:
    await say(store, talk, "Inzwischen bin ich in Leipzig zu Hause.")
    newer = await say(store, talk, "I live in Porto.")
    remembering, _ = memory(store, answer(HOME), NOTHING)
    await remembering.learn(talk, newer)
    await remembering.deepen(talk)
    assert await known(store, talk) == ["You live in Porto."]


async def test_what_is_hidden_or_a_picture_or_no_persons_is_not_read(
    store: Store, talk: Conversation
) -> None:
    hidden = await say(store, talk, "Inzwischen bin ich in Leipzig zu Hause.")
    await store.conversations.hide_from_prompt([hidden.id])
    asked = await store.conversations.append(talk.id, Role.PERSON, "/selfie in Leipzig zu Hause")
    await store.conversations.append(talk.id, Role.CHARACTER, "at home", reply_to=asked.id, job_id="j")
    await store.conversations.append(talk.id, Role.NOTICE, "Maya is an AI, and lives in Leipzig.")
    remembering, model = memory(store)
    assert await remembering.deepen(talk) == []
    assert model.begun == 0


async def test_what_is_forgotten_while_the_model_reads_is_not_learned(
    store: Store, talk: Conversation
) -> None:
    said = await say(store, talk, "Inzwischen bin ich in Leipzig zu Hause.")

    class Slow(Answering):
        async def stream(
            self, prompt: Prompt, sampling: Sampling, work: Work = NOBODYS
        ) -> AsyncGenerator[str | Finish]:
            await store.conversations.hide_from_prompt([said.id])
            async for piece in super().stream(prompt, sampling, work):
                yield piece

    await Memory(store, Clock(), Asker(Slow([answer(HOME)]))).deepen(talk)
    assert await known(store, talk) == []


async def test_only_the_latest_messages_are_made_up_for(store: Store, talk: Conversation) -> None:
    for number in range(30):
        await say(store, talk, f"Das ist heute schon meine Nachricht Nummer {number}.")
    remembering, model = memory(store, *[NOTHING] * 40)
    await remembering.deepen(talk)
    assert model.begun == READ_AT_ONCE
    assert "Nummer 29" in model.given


async def test_one_persons_talk_is_never_read_for_another(store: Store, talk: Conversation) -> None:
    await say(store, talk, "Inzwischen bin ich in Leipzig zu Hause.")
    other = await store.people.ensure("web", "2", "Ben")
    theirs = await store.conversations.open(other.id, talk.character_id, PRIVATE_PLACE)
    remembering, model = memory(store, answer(HOME))
    assert await remembering.deepen(theirs) == []
    assert model.begun == 0


async def test_without_a_model_that_fills_in_forms_there_are_the_rules(
    store: Store, talk: Conversation
) -> None:
    await say(store, talk, "Inzwischen bin ich in Leipzig zu Hause.")
    assert await Memory(store, Clock()).deepen(talk) == ()
    assert await Memory(store, Clock(), Asker(Storyteller(0))).deepen(talk) == ()
