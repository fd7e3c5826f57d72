"""A store in a temporary directory, on a clock that tests move."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from characters.character import Persona
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, Conversation


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[Store]:
    store = await Store.open(tmp_path, clock=clock, synchronous="NORMAL")
    yield store
    await store.close()


@pytest.fixture
async def talk(store: Store) -> Conversation:
    """Ann with Maya, in private."""
    person = await store.people.ensure("web", "1", "Ann")
    maya = await store.characters.create(person.id, Persona("Maya"))
    return await store.conversations.open(person.id, maya.id, PRIVATE_PLACE)
