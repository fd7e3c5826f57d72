"""Consolidation: in quiet moments, once, by rules and by a model; and nothing that breaks off loses or doubles anything."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from characters.character import Persona
from engine.config import MemoryConfig
from engine.errors import ModelError
from engine.memory.consolidate import PIECE, READ_AT_ONCE, TRIES, Consolidation
from engine.memory.recall import Memory
from engine.memory.recount import Sort
from engine.models.ask import Asker
from engine.models.background import Background
from engine.models.port import Priority
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, Conversation, Fact, FactKind, Message, PicturePurpose, Role, Shot
from tests.engine.models.scripted import Answering

SILENT = Answering(structured=False)
NOTHING = json.dumps({"happened": []})
NO_FACTS = json.dumps({"facts": []})
BEGAN = datetime(2026, 11, 20, 18, tzinfo=UTC)


class Clock:
    """Every look at it is a second later."""

    now = BEGAN

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def happened(quote: str, sort: Sort, value: str, sentence: str) -> str:
    return json.dumps({"happened": [{"quote": quote, "sort": sort, "value": value, "sentence": sentence}]})


LAKE = happened("the boat nearly sank", Sort.OUTING, "the lake", "You and Maya went rowing on the lake.")


@dataclass
class Table:
    """One talk, and what goes over it."""

    store: Store
    clock: Clock
    conversation: Conversation

    def going_over(self, model: Answering = SILENT, background: Background | None = None) -> Consolidation:
        asker = Asker(model)
        memory = Memory(self.store, self.clock, asker)
        return Consolidation(self.store, memory, asker, background or Background(), MemoryConfig())

    async def say(self, text: str, role: Role = Role.PERSON) -> Message:
        return await self.store.conversations.append(self.conversation.id, role, text)

    async def facts(self) -> list[Fact]:
        talk = self.conversation
        return await self.store.memories.known(talk.person_id, talk.character_id, talk.place, include_superseded=True)  # fmt: skip

    async def texts(self) -> list[str]:
        return sorted(fact.text for fact in await self.facts())


async def opened(data: Path) -> Table:
    clock = Clock()
    store = await Store.open(data, clock=clock, synchronous="NORMAL")
    person = await store.people.ensure("web", "1", "Ann")
    await store.people.set_timezone(person.id, "Europe/Berlin")
    known = await store.conversations.ids()
    if known:
        return Table(store, clock, await store.conversations.get(known[0]))
    maya = await store.characters.create(None, Persona("Maya"))
    return Table(store, clock, await store.conversations.open(person.id, maya.id, PRIVATE_PLACE))


@pytest.fixture
async def table(tmp_path: Path) -> AsyncIterator[Table]:
    table = await opened(tmp_path)
    yield table
    await table.store.close()


FIRST = "You and Maya first talked on 20 November 2026."


async def evening(table: Table) -> None:
    """A talk in which something of everything happened."""
    await table.say("There you are.", Role.CHARACTER)
    await table.say("Hi! Please call me captain.")
    await table.say("Aye, captain. I promise I'll keep the lamp on.", Role.CHARACTER)
    await table.say("Let's meet at the pier tomorrow at 8!")
    await table.say("*we walk along the pier*", Role.CHARACTER)
    await table.say("*we sit down on a bench*")


KEPT = sorted(
    (
        FIRST,
        "Maya calls you “captain”.",
        "Maya promised you: “I'll keep the lamp on”.",
        "You and Maya wanted to meet on Saturday, 21 November 2026: “Let's meet at the pier tomorrow at 8!”.",
        "You and Maya played an outing: “we walk along the pier”.",
    )
)


async def test_what_happened_is_kept_with_kind_time_and_sources(table: Table) -> None:
    await evening(table)
    await table.going_over().consolidate(table.conversation.id)
    assert await table.texts() == KEPT
    by_relation = {fact.relation: fact for fact in await table.facts()}
    assert {fact.topic for fact in by_relation.values()} == {"together", "us"}
    assert by_relation["calls you"].kind is FactKind.BOND
    assert by_relation["meeting"].happens_at == datetime(2026, 11, 21, 7, tzinfo=UTC)
    sources = await table.store.memories.sources(by_relation["outing"].id)
    said = [await table.store.conversations.message(source) for source in sources]
    assert [message.text for message in said] == ["*we walk along the pier*", "*we sit down on a bench*"]


async def test_a_picture_that_is_finished_later_is_kept_later(table: Table) -> None:
    append = table.store.conversations.append
    asked = await append(table.conversation.id, Role.PERSON, "/selfie at a jazz bar")
    shown = await append(
        table.conversation.id, Role.CHARACTER, "at a jazz bar", reply_to=asked.id, job_id="job"
    )
    going_over = table.going_over()
    await going_over.consolidate(table.conversation.id)
    assert await table.texts() == []  # asking for a picture is no talk yet
    picture = await table.store.media.put(
        b"png", mime="image/png", width=1, height=1, person_id=table.conversation.person_id, character_id=None,
        purpose=PicturePurpose.SELFIE, seed=1, pipeline="illustrator", shot=Shot(), caption="",
    )  # fmt: skip
    await table.store.conversations.set_media(shown.id, picture.id)
    await going_over.consolidate(table.conversation.id)
    assert await table.texts() == ["Maya sent you a picture: at a jazz bar."]


async def test_it_may_be_begun_any_number_of_times(table: Table) -> None:
    await evening(table)
    for _ in range(3):
        await table.going_over().consolidate(table.conversation.id)
    assert await table.texts() == KEPT


async def test_an_outing_that_goes_on_is_still_one(table: Table) -> None:
    await evening(table)
    await table.going_over().consolidate(table.conversation.id)
    await table.say("*we walk into the harbour bar*", Role.CHARACTER)
    await table.going_over().consolidate(table.conversation.id)
    outings = [fact for fact in await table.facts() if fact.relation == "outing"]
    assert len(outings) == 1 and len(await table.store.memories.sources(outings[0].id)) == 3
    table.clock.now += timedelta(days=2)
    await table.say("*we walk into the museum*", Role.CHARACTER)
    await table.going_over().consolidate(table.conversation.id)
    assert sum(fact.relation == "outing" for fact in await table.facts()) == 2


async def test_what_was_forgotten_does_not_come_back(table: Table) -> None:
    await evening(table)
    going_over = table.going_over()
    await going_over.consolidate(table.conversation.id)
    promise = next(fact for fact in await table.facts() if fact.relation == "was promised")
    memory = Memory(table.store, table.clock)
    scope = promise.person_id, promise.character_id, promise.place
    await memory.forget(*scope, await memory.meant_fact(promise))
    await table.store.studies.set_gathered_to(table.conversation.id, "")  # as if it had never been read
    await going_over.consolidate(table.conversation.id)
    assert promise.text not in await table.texts()


async def test_a_first_talk_that_was_forgotten_does_not_become_a_later_one(table: Table) -> None:
    await evening(table)
    await table.going_over().consolidate(table.conversation.id)
    first = next(fact for fact in await table.facts() if fact.relation == "first talk")
    await table.store.memories.forget(first.person_id, [first.id])
    table.clock.now += timedelta(days=2)
    await table.say("Good morning.")
    await table.going_over().consolidate(table.conversation.id)
    assert not any(fact.relation == "first talk" for fact in await table.facts())


async def test_who_is_given_a_name_keeps_their_own(table: Table) -> None:
    memory = Memory(table.store, table.clock)
    for text in ("My name is Ann.", "Please call me Captain."):
        await memory.learn(table.conversation, await table.say(text))
    for _ in range(2):
        await table.going_over().consolidate(table.conversation.id)
    current = [fact.text for fact in await table.facts() if not fact.superseded_by]
    assert sorted(current) == ["Maya calls you “Captain”.", FIRST, "Your name is Ann."]
    assert sum(fact.relation == "name" for fact in await table.facts()) == 3


async def test_nothing_reaches_another_person_or_place(table: Table) -> None:
    await evening(table)
    bo = await table.store.people.ensure("web", "2", "Bo")
    character = table.conversation.character_id
    theirs = await table.store.conversations.open(bo.id, character, PRIVATE_PLACE)
    elsewhere = await table.store.conversations.open(table.conversation.person_id, character, "guild")
    for talk in (theirs, elsewhere, table.conversation):
        await table.going_over().consolidate(talk.id)
    known = table.store.memories.known
    assert await known(bo.id, character, PRIVATE_PLACE) == []
    assert await known(table.conversation.person_id, character, "guild") == []


# ---------------------------------------------------------------- by a model


async def test_a_model_finds_more_and_is_believed_where_it_shows_the_words(table: Table) -> None:
    await table.say("Oh no, the boat nearly sank! I am soaked.")
    model = Answering([LAKE, NO_FACTS])
    await table.going_over(model).consolidate(table.conversation.id)
    assert await table.texts() == sorted((FIRST, "You and Maya went rowing on the lake."))
    assert all(work.priority is Priority.BACKGROUND and work.deadline_s for work in model.works)


@pytest.mark.parametrize(
    "told",
    [
        happened("the plane nearly fell", Sort.OUTING, "a flight", "You and Maya went flying."),  # never said
        happened(
            "the boat nearly sank", Sort.OUTING, "Venice", "You and Maya went to Venice."
        ),  # no such name
        happened("the boat nearly sank", Sort.OUTING, "the lake", "A boat sank."),  # about nobody
        happened("sank", Sort.MOMENT, "a boat", "You saw a boat."),  # too short to show anything
        happened("the boat nearly sank", Sort.NICKNAME, "Skipper", "Maya calls you Skipper."),
        "no form at all",
    ],
)
async def test_what_it_cannot_show_is_not_believed(table: Table, told: str) -> None:
    await table.say("Oh no, the boat nearly sank! I am soaked.")
    await table.going_over(Answering([told, told, NO_FACTS, NO_FACTS])).consolidate(table.conversation.id)
    assert await table.texts() == [FIRST]


async def test_a_failure_loses_nothing(table: Table) -> None:
    await table.say("Oh no, the boat nearly sank! I am soaked.")
    await table.going_over(Answering([ModelError(), NO_FACTS])).consolidate(table.conversation.id)
    assert await table.texts() == [FIRST]  # the rules need no model
    await table.going_over(Answering([LAKE])).consolidate(table.conversation.id)
    assert "You and Maya went rowing on the lake." in await table.texts()


async def test_a_model_that_never_answers_is_not_asked_forever(table: Table) -> None:
    await table.say("Oh no, the boat nearly sank! I am soaked.")
    model = Answering([ModelError(), NO_FACTS, *[ModelError()] * TRIES])
    going_over = table.going_over(model)
    for _ in range(TRIES):
        await going_over.consolidate(table.conversation.id)
    asked = model.begun
    await going_over.consolidate(table.conversation.id)
    assert model.begun == asked


async def test_of_a_long_past_a_model_reads_only_the_end(table: Table) -> None:
    for number in range(PIECE + READ_AT_ONCE):
        await table.say(f"Line {number} of the tale of the lamp.")
    model = Answering([NOTHING] * 100)
    await table.going_over(model).consolidate(table.conversation.id)
    read = " ".join(turn.text for prompt in model.prompts for turn in prompt.turns)
    assert "Line 0 " not in read and f"Line {PIECE + READ_AT_ONCE - 1} " in read


# ---------------------------------------------------------------- when


@asynccontextmanager
async def working(going_over: Consolidation, background: Background) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        owners = [tasks.create_task(going_over.run()), tasks.create_task(background.run())]
        yield
        for owner in owners:
            owner.cancel()


class Watched(Consolidation):
    """Remembers when it began, and does nothing else."""

    def __init__(self, table: Table, background: Background) -> None:
        asker = Asker(SILENT)
        config = MemoryConfig(quiet_minutes=10, consolidate_turns=5)
        super().__init__(table.store, Memory(table.store, table.clock), asker, background, config)
        self.begun: list[float] = []

    async def consolidate(self, conversation_id: str) -> None:
        self.begun.append(round(asyncio.get_running_loop().time() / 60))


@dataclass
class NoStudies:
    """Nothing was left behind."""

    async def behind(self, most: int) -> list[str]:
        return []


@dataclass
class Bare:
    """As much of a store as the waiting needs; SQLite's thread knows no virtual clock."""

    studies: NoStudies


@pytest.mark.looptime
async def test_it_waits_for_silence_and_for_no_more_turns_than_that() -> None:
    background = Background()
    bare = Table(Bare(NoStudies()), Clock(), None)  # type: ignore[arg-type]
    watched = Watched(bare, background)
    async with working(watched, background):
        for _ in range(3):  # said at 0, 6 and 12 minutes
            watched.note("talk")
            await asyncio.sleep(360)
        await asyncio.sleep(600)
        assert watched.begun == [22]
        for _ in range(5):
            watched.note("talk")
        await asyncio.sleep(0)
        await asyncio.sleep(1)
        assert len(watched.begun) == 2
        await asyncio.sleep(3600)
        assert len(watched.begun) == 2


async def test_what_was_left_behind_is_gone_over_at_the_start(table: Table) -> None:
    await evening(table)
    background = Background()
    async with working(table.going_over(background=background), background), asyncio.timeout(20):
        while await table.texts() != KEPT:
            await asyncio.sleep(0.005)
    assert await table.store.studies.behind(10) == []


# ---------------------------------------------------------------- broken off


class BrokenOffError(Exception):
    """Stands for whatever breaks off in the middle."""


async def test_what_breaks_off_before_the_mark_is_set_changes_nothing(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    await table.say("Oh no, the boat nearly sank! I am soaked.")

    async def broken(conversation_id: str, message_id: str) -> None:
        raise BrokenOffError

    with monkeypatch.context() as patched, pytest.raises(BrokenOffError):
        patched.setattr(table.store.studies, "set_gathered_to", broken)
        await table.going_over(Answering([LAKE])).consolidate(table.conversation.id)
    other = LAKE.replace("went rowing on the lake", "rowed on a lake").replace('"the lake"', '"a lake"')
    await table.going_over(Answering([other, NO_FACTS])).consolidate(table.conversation.id)
    assert await table.texts() == sorted((FIRST, "You and Maya went rowing on the lake."))


DIES = "SELFSAME_TEST_DIES_AT"


async def _go_over(data: Path) -> None:
    """In a process of its own: go over the talk, and be killed at the step that the environment names."""
    table = await opened(data)
    step = os.environ[DIES]
    owner = table.store.memories if step.startswith("add") else table.store.studies
    name, _, when = step.partition(" ")
    kept = getattr(owner, name)

    async def dying(*given: object) -> object:
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = await kept(*given)
        os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(owner, name, dying)
    await table.going_over().consolidate(table.conversation.id)


@pytest.mark.parametrize(
    "step", ["add before", "add after", "set_gathered_to before", "set_gathered_to after"]
)
async def test_a_kill_in_the_middle_changes_nothing(tmp_path: Path, step: str) -> None:
    table = await opened(tmp_path)
    await evening(table)
    await table.store.close()
    command = [sys.executable, "-m", "tests.engine.memory.test_consolidate", str(tmp_path)]
    killed = await asyncio.to_thread(subprocess.run, command, env={**os.environ, DIES: step}, check=False)
    assert killed.returncode == -signal.SIGKILL
    again = await opened(tmp_path)
    await again.going_over().consolidate(again.conversation.id)
    assert await again.texts() == KEPT
    outing = next(fact for fact in await again.facts() if fact.relation == "outing")
    assert len(await again.store.memories.sources(outing.id)) == 2
    await again.store.close()


if __name__ == "__main__":
    asyncio.run(_go_over(Path(sys.argv[1])))
