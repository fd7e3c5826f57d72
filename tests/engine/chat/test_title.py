"""engine/chat/title.py: titles by a model once there is a subject, by rule otherwise; gone with the words."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from characters.character import Persona
from engine.chat.title import LEAST_LINES, Titles, plain_title
from engine.errors import ModelError
from engine.models.ask import Asker
from engine.models.port import Finish, Priority, Prompt, Sampling, Work
from engine.models.storyteller import Storyteller
from engine.safety.policy import load_policy
from engine.safety.text import Gate
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, Conversation, Message, Role
from tests.engine.models.scripted import NOBODYS, Answering

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LINES = ("I keep bees.", "The hives are on the roof.", "In spring they swarm.")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(tmp_path, clock=lambda: NOON, synchronous="NORMAL")
    yield store
    await store.close()


@pytest.fixture
async def talk(store: Store) -> Conversation:
    person = await store.people.ensure("web", "1", "Ann")
    maya = await store.characters.create(None, Persona("Maya"))
    return await store.conversations.open(person.id, maya.id, PRIVATE_PLACE)


async def say(store: Store, talk: Conversation, lines: Sequence[str] = LINES) -> list[Message]:
    return [await store.conversations.append(talk.id, Role.PERSON, line) for line in lines]


def titles(store: Store, model: Answering | Storyteller) -> Titles:
    return Titles(store, Asker(model), Gate(load_policy(["forbidden pudding"])))


def titled(*words: str) -> Answering:
    return Answering([json.dumps({"title": each}) for each in words])


async def shown(store: Store, talk: Conversation) -> str:
    return (await titles(store, Storyteller(0)).of(talk.person_id, [talk]))[talk.id]


async def test_a_talk_with_a_subject_gets_a_title_once(store: Store, talk: Conversation) -> None:
    await say(store, talk)
    model = titled('  "Bees on the roof."\n', "Another one")
    making = titles(store, model)
    await making.make(talk)
    await making.make(talk)
    assert await shown(store, talk) == "Maya: Bees on the roof"
    assert model.begun == 1
    assert model.works[0].priority is Priority.BACKGROUND


async def test_a_talk_that_just_began_is_not_titled(store: Store, talk: Conversation) -> None:
    await say(store, talk, LINES[: LEAST_LINES - 1])
    model = titled("Bees")
    await titles(store, model).make(talk)
    assert model.begun == 0
    assert await shown(store, talk) == "Maya"


@pytest.mark.parametrize("answer", [ModelError(), "Bees!", json.dumps({"title": " "}), json.dumps({"title": "a forbidden pudding"})])  # fmt: skip
async def test_without_a_good_title_there_is_the_rules(
    store: Store, talk: Conversation, answer: str | Exception
) -> None:
    await say(store, talk)
    await titles(store, Answering([answer, "no"])).make(talk)
    assert await shown(store, talk) == "Maya"


async def test_a_title_goes_when_words_are_erased_and_comes_again(store: Store, talk: Conversation) -> None:
    secret, *_ = await say(store, talk, ("My secret is cheese.", *LINES))
    making = titles(store, model := titled("The secret cheese", "Bees"))
    await making.make(talk)
    await store.conversations.hide_from_prompt([secret.id])
    assert await shown(store, talk) == "Maya"
    await making.make(talk)
    assert "cheese" not in model.given
    assert await shown(store, talk) == "Maya: Bees"


async def test_words_erased_while_the_model_writes_void_its_title(store: Store, talk: Conversation) -> None:
    secret, *_ = await say(store, talk, ("My secret is cheese.", *LINES))

    class Slow(Answering):
        async def stream(
            self, prompt: Prompt, sampling: Sampling, work: Work = NOBODYS
        ) -> AsyncGenerator[str | Finish]:
            await store.conversations.hide_from_prompt([secret.id])
            async for piece in super().stream(prompt, sampling, work):
                yield piece

    await titles(store, Slow([json.dumps({"title": "The secret cheese"})])).make(talk)
    assert await shown(store, talk) == "Maya"


@pytest.mark.parametrize(
    ("place", "title"),
    [
        (PRIVATE_PLACE, "Maya"),
        ("discord:guild:1:channel:2:thread:3", "Maya on Discord"),
        ("telegram:chat:-100", "Maya on Telegram"),
        ("matrix:room:1", "Maya on Matrix"),
    ],
)
def test_a_rules_title_says_who_and_where(place: str, title: str) -> None:
    assert plain_title("Maya", place) == title
