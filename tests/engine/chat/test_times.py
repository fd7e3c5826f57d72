"""The person's own clock in the prompt: memories with their distance, near days, and what does not move with the hour."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from characters.cast import load_cast
from engine.chat.planner import Planner
from engine.chat.prompt import Written
from engine.chat.sections import earlier_lines, fact_lines
from engine.config import ChatConfig, MemoryConfig
from engine.memory.recall import Memory
from engine.models.port import VOLATILE_KINDS, Section, SectionKind
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, Conversation, Fact, Message, Role
from tests.engine.chat.paper import PaperModel

BERLIN = ZoneInfo("Europe/Berlin")
BIRTHDAY = {"my birthday": date(2024, 11, 23)}
NOW = datetime(2026, 11, 21, 19, 30, tzinfo=BERLIN)


def fact(said_at: datetime, happens_at: datetime | None = None) -> Fact:
    return Fact("f", "p", "c", "private", "you", "plan", "", "You have an exam.", "dates", "m", "", said_at, happens_at=happens_at)  # fmt: skip


def at(days: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, 21, hour, tzinfo=BERLIN) + timedelta(days=days)


@pytest.mark.parametrize(
    ("said_at", "happens_at", "line"),
    [
        (at(-21, 9), None, "31 October 2026, three weeks ago"),
        (at(-1, 9), at(3), "20 November 2026, yesterday morning; happens in three days"),
        (at(-1, 9), at(0), "20 November 2026, yesterday morning; happens today"),
        (at(-1, 9), at(0, 9), "20 November 2026, yesterday morning; happened this morning"),
        (at(-1, 9), at(0, 22), "20 November 2026, yesterday morning; happens tonight"),
        (at(-7, 9), at(-1), "14 November 2026, a week ago; happened yesterday"),
        (at(-7, 9), at(-7), "14 November 2026, a week ago"),
        (datetime(2023, 5, 13, 23, tzinfo=UTC), None, "14 May 2023, four years ago"),
    ],
)
def test_a_fact_has_its_day_and_how_far_that_is(
    said_at: datetime, happens_at: datetime | None, line: str
) -> None:
    assert fact_lines([fact(said_at, happens_at)], NOW) == (f"- ({line}) You have an exam.",)


def test_a_day_of_earlier_turns_is_written_once() -> None:
    def said(number: int, role: Role, when: datetime) -> Message:
        return Message(f"m{number}", "c", role, f"line {number}", when)

    lines = [
        said(1, Role.PERSON, at(-30, 9)),
        said(2, Role.CHARACTER, at(-30, 9) + timedelta(minutes=1)),
        said(3, Role.PERSON, at(-29, 0) - timedelta(minutes=1)),
        said(4, Role.PERSON, at(-29, 0)),
    ]
    assert earlier_lines(lines, "Sam", "Maya", NOW) == (
        "- (22 October 2026, four weeks ago) Sam: line 1",
        "- (the same day) Maya: line 2",
        "- (the same day) Sam: line 3",
        "- (23 October 2026, four weeks ago) Sam: line 4",
    )


class Clock:
    """Half past eleven at night in London: a day later in Berlin."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


class Table:
    """A talk with everything that learns from it and plans its prompts."""

    def __init__(self, store: Store, clock: Clock, conversation: Conversation) -> None:
        self.store, self.clock, self.conversation = store, clock, conversation
        self.memory = Memory(store, clock)
        self.planner = Planner(store, PaperModel(8192), self.memory, clock, ChatConfig(), MemoryConfig())

    async def say(self, text: str) -> Written:
        window = await self.planner.window(self.conversation)
        said = await self.store.conversations.append(self.conversation.id, Role.PERSON, text)
        await self.memory.learn(self.conversation, said)
        _, persona = load_cast()[0]
        written = await self.planner.plan(self.conversation, persona, said, window)
        await self.store.conversations.append(
            self.conversation.id, Role.CHARACTER, "I see.", reply_to=said.id
        )
        return written

    async def scene(self, text: str = "Hello.") -> str:
        return (await self.say(text)).prompt.section(SectionKind.SCENE)

    async def live_in(self, zone: str) -> None:
        await self.store.people.set_timezone(self.conversation.person_id, zone)


@pytest.fixture
async def table(tmp_path: Path) -> AsyncIterator[Table]:
    clock = Clock()
    store = await Store.open(tmp_path, clock=clock, synchronous="NORMAL")
    person = await store.people.ensure("test", "ana", "Ana")
    _, persona = load_cast()[0]
    record = await store.characters.create(None, persona)
    conversation = await store.conversations.open(person.id, record.id, PRIVATE_PLACE)
    yield Table(store, clock, await store.conversations.get(conversation.id))
    await store.close()


async def test_the_clock_is_the_persons(table: Table) -> None:
    await table.live_in("Europe/Berlin")
    assert (await table.scene()).splitlines()[0] == "Now: Sunday, 22 November 2026, 00:30"
    await table.live_in("America/New_York")
    assert (await table.scene()).splitlines()[0] == "Now: Saturday, 21 November 2026, 18:30"
    await table.live_in("")
    local = table.clock.now.astimezone()
    assert (await table.scene()).splitlines()[0] == f"Now: {local:%A}, {local:%d %B %Y}, {local:%H:%M}"


@pytest.mark.parametrize(("zone", "day"), [("Europe/Berlin", 23), ("America/New_York", 22)])
async def test_tomorrow_is_the_persons_and_comes(table: Table, zone: str, day: int) -> None:
    await table.live_in(zone)
    await table.say("I have an exam tomorrow.")
    (exam,) = await table.store.memories.known(
        table.conversation.person_id, table.conversation.character_id, PRIVATE_PLACE
    )
    assert f"{day} November 2026" in exam.text
    assert exam.happens_at is not None
    assert exam.happens_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime(2026, 11, day, 12)  # noqa: DTZ001
    assert f"Tomorrow: {exam.text}" in await table.scene()
    table.clock.now += timedelta(days=1)
    assert f"Today: {exam.text}" in await table.scene()


async def test_a_birthday_is_in_the_scene_on_its_day(table: Table) -> None:
    await table.live_in("Europe/Berlin")
    assert "birthday" not in await table.scene("Hello.")
    await table.say("My birthday is on 23 November.")
    assert "Tomorrow is the person's birthday." in await table.scene()
    table.clock.now += timedelta(hours=23, minutes=45)
    assert "Today is the person's birthday." in await table.scene()


async def test_the_hour_moves_nothing_that_lasts(table: Table) -> None:
    await table.say("My dog is called Biscuit.")

    async def lasting() -> list[Section]:
        sections = (await table.say("How is my dog?")).prompt.sections
        assert any("Biscuit" in section.text for section in sections)
        return [section for section in sections if section.kind not in VOLATILE_KINDS]

    before = await lasting()
    table.clock.now += timedelta(days=40)
    assert await lasting() == before


async def recalled(table: Table, text: str) -> list[str]:
    found = await table.memory.recall(table.conversation, text, window_ids=(), limit=6)
    return [fact.text for fact in found.facts]


async def test_a_question_about_a_time_finds_what_happens_then(table: Table) -> None:
    await table.live_in("Europe/Berlin")
    await table.say("I have an exam in three days.")
    await table.say("I have a concert next month.")
    for number in range(10):
        table.clock.now += timedelta(hours=1)
        await table.say(f"My friend Ben{number} is {number + 20}.")
    for question in (
        "¿Qué tengo dentro de tres días?",
        "What about the 25th of November?",
        "Was ist am Mittwoch?",
    ):
        assert "exam" in (await recalled(table, question))[0]


async def test_a_question_about_a_time_finds_what_was_told_then(table: Table) -> None:
    await table.live_in("Europe/Berlin")
    await table.say("I love jazz.")
    table.clock.now += timedelta(days=21)
    for dish in "soup bread rice pasta cheese curry noodles".split():
        await table.say(f"I like {dish}.")
    assert not any("jazz" in text for text in await recalled(table, "Hello there."))
    assert any("jazz" in text for text in await recalled(table, "Was habe ich dir vor drei Wochen erzählt?"))


async def test_what_was_said_on_a_birthday_is_found_by_it(table: Table) -> None:
    """Of many turns about kettles the one that was said on that day; without the day they are all alike."""
    await table.live_in("Europe/Berlin")
    table.clock.now -= timedelta(days=179)
    await table.say("My birthday is on 23 November.")
    table.clock.now += timedelta(days=100)
    for number in range(6):
        await table.say(f"Kettle {number} came by post.")
        table.clock.now += timedelta(days=40)
    for question in ("Which kettle came on my birthday?", "Welcher Kettle kam an meinem Geburtstag?"):
        assert (await earlier(table, question, BIRTHDAY))[0] == "Kettle 2 came by post."
        assert (await earlier(table, question, {}))[0] != "Kettle 2 came by post."
        found = await table.memory.recall(table.conversation, question, window_ids=(), limit=6)
        assert "Kettle 2 came by post." in [turn.text for turn in found.earlier]


async def earlier(table: Table, question: str, dates: Mapping[str, date]) -> list[str]:
    turns = await table.memory.earlier(table.conversation, question, dates=dates)
    return [turn.text for turn in turns if turn.text.startswith("Kettle")]
