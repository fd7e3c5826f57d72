"""engine/selfie.py with a scripted model at the port: what it adds to a picture passes the gate, or is left out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from characters.cast import load_cast
from engine.config import ImagesConfig
from engine.errors import ModelError, RefusedError
from engine.images.job import from_json
from engine.images.queue.embedded import EmbeddedQueue
from engine.models.ask import Asker
from engine.safety.policy import load_policy
from engine.safety.text import Gate
from engine.selfie import UNASKED_FOR, Selfie
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, Clock, Conversation, Shot
from tests.engine.images.test_shot_scene import EMPTY
from tests.engine.models.scripted import Answering

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(tmp_path, clock=lambda: NOON, synchronous="NORMAL")
    yield store
    await store.close()


@pytest.fixture
async def talk(store: Store) -> Conversation:
    person = await store.people.ensure("test", "ana", "Ana")
    record = await store.characters.create(None, load_cast()[0][1])
    return await store.conversations.open(person.id, record.id, PRIVATE_PLACE)


def selfie(store: Store, asker: Asker | None, clock: Clock = lambda: NOON) -> Selfie:
    queue = EmbeddedQueue(store.jobs, clock, ImagesConfig())
    gate = Gate(load_policy(["forbidden pudding"]))
    return Selfie(store, queue, gate, clock, ImagesConfig(), asker)


async def shot_of(selfie: Selfie, talk: Conversation, request: str, event: str = "event") -> Shot:
    asked = await selfie.ask(talk.id, request, event_id=event, surface="test", origin="{}")
    return from_json(asked.ticket.job.payload).shot


async def test_a_model_helps_to_plan(store: Store, talk: Conversation) -> None:
    model = Answering([json.dumps(EMPTY | {"place": "aquarium", "action": "looking up"})])
    shot = await shot_of(selfie(store, Asker(model)), talk, "")
    assert (shot.place, shot.action) == ("aquarium", "looking up")


async def test_nobody_waits_again_for_a_model_that_did_not_answer(store: Store, talk: Conversation) -> None:
    filled = json.dumps(EMPTY | {"place": "aquarium"})
    model, now = Answering([ModelError(), filled]), [NOON]
    asking = selfie(store, Asker(model), lambda: now[0])
    ruled = await shot_of(selfie(store, None), talk, "", event="0")
    assert await shot_of(asking, talk, "", event="1") == ruled
    assert await shot_of(asking, talk, "", event="2") == ruled
    assert model.begun == 1
    now[0] += UNASKED_FOR
    assert (await shot_of(asking, talk, "", event="3")).place == "aquarium"


@pytest.mark.parametrize("field", ["place", "action", "outfit"])
async def test_what_the_gate_refuses_is_left_out_and_the_picture_comes(
    store: Store, talk: Conversation, field: str
) -> None:
    model = Answering([json.dumps(EMPTY | {field: "a forbidden pudding", "expression": "sad"})])
    shot = await shot_of(selfie(store, Asker(model)), talk, "")
    assert shot == await shot_of(selfie(store, None), talk, "", event="another")
    assert model.begun == 1


async def test_what_the_person_asks_for_is_judged_before_the_model_sees_it(
    store: Store, talk: Conversation
) -> None:
    model = Answering([json.dumps(EMPTY)])
    with pytest.raises(RefusedError):
        await shot_of(selfie(store, Asker(model)), talk, "with a forbidden pudding")
    assert model.begun == 0


async def test_the_same_event_is_one_picture_whatever_the_model_says_the_second_time(
    store: Store, talk: Conversation
) -> None:
    answers: list[str | Exception] = [
        json.dumps(EMPTY | {"place": place}) for place in ("laundromat", "aquarium")
    ]
    asking = selfie(store, Asker(Answering(answers)))
    assert await shot_of(asking, talk, "") == await shot_of(asking, talk, "")
    assert len(await store.conversations.window(talk.id, 10)) == 2
