"""Two years through the house, with restarts between: a hundred questions, each answered from the right line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app import open_house
from bot.config import Settings
from bot.messages import Confirm, Origin, Replied
from engine.types import Role
from tests.bot.conftest import Guest
from tests.engine.memory.leftovers import files_with
from tests.friendship.script import BEGIN, DAYS, QUESTIONS, SECRET, TURNS, Line, Question, friendship

pytestmark = pytest.mark.slow

SETTINGS = Settings.model_validate({"access": {"messages_per_minute": 10_000}, "chat": {"pace_ms": 0}})
# The house is closed and opened again after so many turns.
RESTART_AFTER = 130


@dataclass
class Life:
    """The two years so far."""

    folder: Path
    now: datetime = BEGIN
    ids: dict[str, str] = field(default_factory=dict)  # of the lines that tell something

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    @asynccontextmanager
    async def house(self) -> AsyncIterator[Guest]:
        async with open_house(SETTINGS, self.folder, clock=self.clock) as (house, delivery, surfaces):
            guest = Guest(house, delivery, surfaces, Origin("recorder", house.owner.id))
            await guest.talk()
            yield guest

    async def live(self, guest: Guest, lines: list[Line]) -> None:
        for line in lines:
            self.now = max(line.at, self.now)
            for shown in await guest.say(line.text):
                if isinstance(shown, Confirm):
                    await guest.call(shown.confirm.call.name, **shown.confirm.call.options)
            if line.name:
                self.ids[line.name] = await newest(guest)


async def newest(guest: Guest) -> str:
    window = await guest.house.engine.conversations.window(guest.origin.conversation_id, 8)
    return next((line.id for line in reversed(window) if line.role is Role.PERSON), "")


async def answer(guest: Guest, question: Question) -> str:
    shown = await guest.say(question.text)
    return " ".join(view.message.text for view in shown if isinstance(view, Replied))


async def sources(guest: Guest, question: Question) -> set[str]:
    """The messages from which what comes to mind for a question was taken."""
    engine = guest.house.engine
    conversation = await engine.conversations.get(guest.origin.conversation_id)
    recalled = await engine.memory.recall(conversation, question.text, window_ids=(), limit=8)
    ids = {line.id for line in recalled.earlier}
    for fact in recalled.facts:
        ids |= set(await engine.memories.sources(fact.id))
    return ids


async def test_a_friendship_is_remembered(tmp_path: Path) -> None:
    life, lines = Life(tmp_path), friendship()
    assert len(lines) >= TURNS * 0.98 and len(QUESTIONS) == 100
    for start in range(0, len(lines), RESTART_AFTER):
        async with life.house() as guest:
            await life.live(guest, lines[start : start + RESTART_AFTER])
    life.now = max(life.now, BEGIN + timedelta(days=DAYS + 10))
    wrong: list[str] = []
    async with life.house() as guest:
        for question in QUESTIONS:
            source = life.ids[question.source] in await sources(guest, question)
            said = await answer(guest, question)
            if not (source and any(word.lower() in said.lower() for word in question.words)):
                wrong.append(f"{question.text} -> {said!r} (source {'found' if source else 'missed'})")
    assert not wrong, "\n".join(wrong)
    assert files_with(tmp_path, SECRET) == []
