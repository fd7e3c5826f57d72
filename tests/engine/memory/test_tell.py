"""What is told and corrected outright is kept like what is heard: it ends what it ends, and has its day."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.errors import NotFoundError
from engine.memory.found import Found, Scope, Source
from engine.memory.keep import Kept, keep
from engine.memory.tell import Telling
from engine.safety.policy import load_policy
from engine.safety.text import Gate
from engine.types import Fact
from tests.engine.memory.talk import Talk, talking

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path) as talk:
        await talk.store.people.set_timezone(talk.conversation.person_id, "Europe/Berlin")
        yield talk


async def remember(talk: Talk, words: str) -> Kept:
    return await telling(talk).remember(Scope(*talk.scope), words)


async def correct(talk: Talk, fact: Fact, words: str) -> Kept:
    return await telling(talk).correct(fact, words)


def telling(talk: Talk) -> Telling:
    return Telling(talk.store, Gate(load_policy()), talk.clock)


async def the_plan(talk: Talk) -> Fact:
    (plan,) = [fact for fact in await talk.known() if fact.relation == "plan"]
    return plan


async def test_a_death_that_is_told_ends_what_was_known_of_the_life(talk: Talk) -> None:
    for line in ("I have a dog.", "My dog is called Biscuit.", "My dog loves cheese.", "My dog is 3."):
        await talk.say(line)
    await remember(talk, "my dog died")
    # The name stays: it is how the two of them speak of the dog.
    assert await talk.texts() == {"Your dog is called Biscuit.", "Your dog has died."}
    assert {"You have a dog.", "Your dog loves cheese.", "Your dog is 3."} < await talk.texts(ever=True)


async def test_a_death_that_is_heard_ends_the_same(talk: Talk) -> None:
    for line in ("I have two dogs.", "My dog loves cheese.", "My sister lives in Lyon.", "My dog died."):
        await talk.say(line)
    # Who has two of them may have one left.
    assert await talk.texts() == {"You have two dogs.", "Your sister lives in Lyon.", "Your dog has died."}


@pytest.mark.parametrize("remembered", [True, False])
async def test_an_ending_that_is_told_ends_what_was_heard_and_what_was_told(
    talk: Talk, remembered: bool
) -> None:
    if remembered:
        await remember(talk, "I work at Siemens")
    else:
        await talk.say("I work at Siemens.")
    kept = await remember(talk, "I don't work at Siemens any more")
    assert await talk.texts() == set()
    (work,) = await talk.known(ever=True)
    assert work.text == "You work at Siemens." and work.valid_until is not None
    assert list(kept.ended) == [work] and not kept.told


async def test_what_ends_nothing_that_is_known_is_past_at_once_or_kept_as_it_was_said(talk: Talk) -> None:
    await remember(talk, "I no longer live in Bonn")
    assert await talk.texts() == set()
    assert await talk.texts(ever=True) == {"You no longer live in Bonn."}
    await remember(talk, "we broke up")
    assert await talk.texts() == {"You asked to remember: we broke up."}


async def test_a_plan_that_is_told_has_its_day_and_its_hour(talk: Talk) -> None:
    await remember(talk, "my exam is on 3 December")
    assert (await the_plan(talk)).happens_at == datetime(2026, 12, 3, 12, tzinfo=BERLIN)


async def test_tomorrow_counts_from_the_persons_own_clock(talk: Talk) -> None:
    talk.clock.now = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # in Berlin it is the 22nd
    await remember(talk, "I have a dentist appointment tomorrow at 5")
    plan = await the_plan(talk)
    assert plan.happens_at == datetime(2026, 11, 23, 17, tzinfo=BERLIN)
    assert plan.text.endswith("at 5 on Monday, 23 November 2026.")


async def test_since_when_it_holds_is_kept(talk: Talk) -> None:
    await remember(talk, "I live in Lyon since March")
    (home,) = await talk.known()
    assert home.valid_from == datetime(2026, 3, 1, tzinfo=BERLIN)
    await correct(talk, home, "I live in Porto since May")
    (home,) = await talk.known()
    assert (home.text, home.valid_from) == ("You live in Porto.", datetime(2026, 5, 1, tzinfo=BERLIN))


@pytest.mark.parametrize(
    ("words", "text", "at"),
    [
        ("my exam is on 5 December", "Your exam is on Saturday, 5 December 2026.", (5, 12)),
        ("5 December", "Your exam is on Saturday, 5 December 2026.", (5, 12)),
        ("no, on Friday at 3pm", "Your exam is on Friday, 27 November 2026.", (-3, 15)),
        # Without a day it is on none, and nobody is reminded of it.
        (
            "They put it off, and nobody knows until when",
            "They put it off, and nobody knows until when.",
            None,
        ),
    ],
)
async def test_a_corrected_day_is_the_day_of_the_reminder(
    talk: Talk, words: str, text: str, at: tuple[int, int] | None
) -> None:
    await remember(talk, "my exam is on 3 December")
    await correct(talk, await the_plan(talk), words)
    plan = await the_plan(talk)
    assert plan.text == text
    if at is None:
        assert plan.happens_at is None
    else:
        day, hour = at
        month, day = (12, day) if day > 0 else (11, 30 + day)
        assert plan.happens_at == datetime(2026, month, day, hour, tzinfo=BERLIN)


async def test_a_correction_of_something_else_leaves_the_hour(talk: Talk) -> None:
    await remember(talk, "I have a dentist appointment tomorrow at 5")
    plan = await the_plan(talk)
    await correct(talk, plan, "I have a doctor's appointment on 22 November")
    fixed = await the_plan(talk)
    assert "doctor" in fixed.text and fixed.happens_at == plan.happens_at


async def test_a_correction_by_a_day_moves_the_hour_along(talk: Talk) -> None:
    await remember(talk, "I have a dentist appointment tomorrow at 5")
    await correct(talk, await the_plan(talk), "on 3 December")
    plan = await the_plan(talk)
    assert plan.text == "You have a dentist appointment at 5 on Thursday, 3 December 2026."
    assert plan.happens_at == datetime(2026, 12, 3, 17, tzinfo=BERLIN)
    await correct(talk, plan, "4 December at 9am")
    plan = await the_plan(talk)
    assert plan.text == "You have a dentist appointment at 09:00 on Friday, 4 December 2026."
    assert plan.happens_at == datetime(2026, 12, 4, 9, tzinfo=BERLIN)


async def test_a_correction_that_says_it_is_over_ends_it(talk: Talk) -> None:
    await talk.say("I work at Siemens.")
    (work,) = await talk.known()
    kept = await correct(talk, work, "I don't work at Siemens any more")
    assert await talk.texts() == set() and [fact.id for fact in kept.ended] == [work.id]


async def test_a_name_is_not_replaced_by_a_sentence_that_says_something_else(talk: Talk) -> None:
    await talk.say("My dog is called Biscuit.")
    (name,) = await talk.known()
    await correct(talk, name, "my cat is called Mimi")
    assert "called my cat" not in " ".join(await talk.texts())


async def test_an_ending_whose_message_is_gone_meanwhile_says_so(talk: Talk) -> None:
    await talk.say("I work at Siemens.")
    source = Source(Scope(*talk.scope), "I quit", talk.clock(), "a message that is gone")
    with pytest.raises(NotFoundError):
        await keep(talk.store, source, [Found("you", "works at", "", "", "work", ends=True)])
    assert await talk.texts() == {"You work at Siemens."}
