"""store.studies: how far a talk was read, and a title that goes with the words it was made of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from engine.errors import NotFoundError
from engine.store.memories import NewFact
from engine.store.store import Store
from engine.store.studies import Study
from engine.types import Conversation, Message, Role


@dataclass
class Talk:
    store: Store
    conversation: Conversation
    message: Message

    async def title(self) -> str:
        return (await self.store.studies.of(self.conversation.id)).title


@pytest.fixture
async def titled(store: Store, talk: Conversation) -> Talk:
    """A talk of one message, with a title."""
    message = await store.conversations.append(talk.id, Role.PERSON, "I keep bees.")
    token = await store.studies.begin_title(talk.id)
    assert await store.studies.set_title(talk.id, token, "Bees")
    return Talk(store, talk, message)


async def test_a_talk_has_nothing_at_first(store: Store, talk: Conversation) -> None:
    assert await store.studies.of(talk.id) == Study()
    assert await store.studies.titles(talk.person_id) == {}


async def test_both_parts_are_kept_beside_each_other(titled: Talk) -> None:
    store, talk = titled.store, titled.conversation
    await store.studies.set_read_to(talk.id, titled.message.id)
    assert await store.studies.of(talk.id) == Study(titled.message.id, "Bees")
    assert await store.studies.titles(talk.person_id) == {talk.id: "Bees"}


async def _delete(talk: Talk) -> None:
    await talk.store.conversations.clear(talk.conversation.id)


async def _hide(talk: Talk) -> None:
    await talk.store.conversations.hide_from_prompt([talk.message.id])


async def _edit(talk: Talk) -> None:
    await talk.store.conversations.set_text(talk.message.id, "I keep nothing.")


async def _forget(talk: Talk) -> None:
    known = talk.conversation
    fact = NewFact(
        person_id=known.person_id,
        character_id=known.character_id,
        place=known.place,
        subject="you",
        relation="has",
        value="bees",
        text="You keep bees.",
        topic="other",
        source_message_id=talk.message.id,
        source_text="I keep bees.",
        said_at=talk.message.created_at,
    )
    (stored,) = await talk.store.memories.add([fact])
    await talk.store.memories.forget(known.person_id, [stored.id])


ERASING = pytest.mark.parametrize("erase", [_delete, _hide, _edit, _forget])


@ERASING
async def test_a_title_goes_with_the_words(titled: Talk, erase: Callable[[Talk], Awaitable[None]]) -> None:
    await titled.store.studies.set_read_to(titled.conversation.id, titled.message.id)
    await erase(titled)
    assert await titled.store.studies.of(titled.conversation.id) == Study(titled.message.id, "")


@ERASING
async def test_a_title_that_is_being_made_is_void(
    titled: Talk, erase: Callable[[Talk], Awaitable[None]]
) -> None:
    token = await titled.store.studies.begin_title(titled.conversation.id)
    await erase(titled)
    assert not await titled.store.studies.set_title(titled.conversation.id, token, "Bees again")
    assert await titled.title() == ""


async def test_a_newer_attempt_at_a_title_voids_the_older(titled: Talk) -> None:
    old = await titled.store.studies.begin_title(titled.conversation.id)
    new = await titled.store.studies.begin_title(titled.conversation.id)
    assert not await titled.store.studies.set_title(titled.conversation.id, old, "Old")
    assert await titled.store.studies.set_title(titled.conversation.id, new, "New")
    assert await titled.title() == "New"


async def test_what_is_shown_later_or_learned_leaves_the_title(titled: Talk) -> None:
    await titled.store.conversations.append(titled.conversation.id, Role.CHARACTER, "How many hives?")
    assert await titled.title() == "Bees"


async def test_a_talk_that_is_gone_has_no_studies(titled: Talk) -> None:
    store, talk = titled.store, titled.conversation
    await store.people.erase(talk.person_id)
    assert await store.studies.of(talk.id) == Study()
    with pytest.raises(NotFoundError):
        await store.studies.set_read_to(talk.id, titled.message.id)
    with pytest.raises(NotFoundError):
        await store.studies.begin_title(talk.id)


async def test_a_fact_is_not_stored_once_its_message_is_hidden(titled: Talk) -> None:
    """A model reads a message for a while, and the person may ask to forget it meanwhile."""
    talk, message = titled.conversation, titled.message
    fact = NewFact(
        person_id=talk.person_id,
        character_id=talk.character_id,
        place=talk.place,
        subject="you",
        relation="has",
        value="bees",
        text="You keep bees.",
        topic="other",
        source_message_id=message.id,
        source_text=message.text,
        said_at=message.created_at,
    )
    await titled.store.conversations.hide_from_prompt([message.id])
    assert await titled.store.memories.add([fact]) == []
    assert await titled.store.memories.known(talk.person_id, talk.character_id, talk.place) == []
