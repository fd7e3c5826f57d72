"""What messengers keep beyond what every surface does: their servers remember, so a crash, a failing server and somebody
who deletes things must neither double nor lose anything; and whoever reads there is never called or tricked by words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.messages import Delta, Outbound, Replied, Text
from tests.bot.surfaces.web import views
from tests.contract.reading import HIDDEN, read_discord
from tests.contract.test_surfaces import begun, picture_line, said, squeezed
from tests.contract.watched import MESSENGERS, PATIENCE, Messenger

HOSTILE = "@everyone <b> [x](https://y.z) `code` ||s|| <@1>"


@pytest.fixture(params=MESSENGERS)
async def watched(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Messenger]:
    async with MESSENGERS[request.param](tmp_path) as one:
        yield one


async def test_a_line_is_not_shown_again_by_the_next_process(watched: Messenger) -> None:
    await watched.surface.deliver(watched.origin, said("The kettle is on."))
    await watched.restart()
    await watched.surface.deliver(watched.origin, said("The kettle is on."))
    assert watched.seen().count("The kettle is on.") == 1


async def test_a_reply_that_a_crash_cut_off_is_finished_by_the_next_process(watched: Messenger) -> None:
    await watched.surface.deliver(watched.origin, begun())
    await watched.surface.deliver(watched.origin, Delta("m-2", "The kettle was off until "))
    await watched.until("The kettle was")
    await watched.restart()
    await watched.surface.deliver(watched.origin, said("The kettle is on."))
    assert watched.seen().count("The kettle") == 1
    assert "The kettle is on." in watched.seen()


async def test_a_picture_takes_its_place_also_in_the_next_process(watched: Messenger) -> None:
    ref = await watched.surface.deliver(watched.origin, Replied(picture_line(done=False)))
    await watched.restart()
    await watched.surface.edit(watched.origin, ref, Replied(picture_line(done=True)))
    assert watched.seen().count("at a jazz bar") == 1
    assert "Painting the light" not in watched.seen()


async def test_it_returns_when_the_words_are_there_and_not_before(watched: Messenger) -> None:
    watched.trouble()
    await watched.surface.deliver(watched.origin, said("The kettle is on."))
    assert watched.seen().count("The kettle is on.") == 1


async def test_a_long_reply_stands_there_once_although_requests_fail(watched: Messenger) -> None:
    text = " ".join(f"Sentence number {number}." for number in range(450))
    watched.storm()
    await watched.surface.deliver(watched.origin, begun())
    for start in range(0, len(text), 1000):
        await watched.surface.deliver(watched.origin, Delta("m-2", text[start : start + 1000]))
    await watched.surface.deliver(watched.origin, said(text))
    assert squeezed(watched.seen()) == text
    assert watched.failed


async def test_an_outage_is_waited_out(watched: Messenger) -> None:
    await watched.surface.deliver(watched.origin, said("The kettle is on.", "m-2"))
    await watched.go_down()
    showing = asyncio.create_task(watched.surface.deliver(watched.origin, said("The tea is ready.", "m-4")))
    done, _ = await asyncio.wait([showing], timeout=0.3)
    assert not done
    await watched.come_back()
    await asyncio.wait_for(showing, PATIENCE)
    assert watched.seen().split("\n")[:2] == ["The kettle is on.", "The tea is ready."]


async def test_what_was_deleted_meanwhile_is_shown_anew(watched: Messenger) -> None:
    ref = await watched.surface.deliver(watched.origin, Replied(picture_line(done=False)))
    watched.delete_all()
    assert not watched.seen()
    await watched.surface.edit(watched.origin, ref, Replied(picture_line(done=True)))
    assert watched.seen().count("at a jazz bar") == 1


async def test_a_step_that_was_deleted_meanwhile_is_shown_anew(watched: Messenger) -> None:
    await watched.surface.deliver(watched.origin, views.wizard())
    step = watched.seen()
    watched.delete_all()
    await watched.surface.edit(watched.origin, "draft:draft-1", views.wizard(portrait=""))
    assert watched.seen() == step


async def test_news_of_a_draft_are_shown_in_its_one_message(watched: Messenger) -> None:
    await watched.surface.deliver(watched.origin, views.wizard("hair"))
    assert "could be anyone" in watched.seen()
    await watched.surface.edit(watched.origin, "draft:draft-1", views.wizard("identity"))
    assert "could be anyone" not in watched.seen()
    assert watched.seen().count("Words become a face") == 1


async def test_a_reply_that_is_deleted_while_it_is_written_arrives_whole(watched: Messenger) -> None:
    await watched.surface.deliver(watched.origin, begun())
    await watched.surface.deliver(watched.origin, Delta("m-2", "The kettle is on, "))
    await watched.until("The kettle is")
    watched.delete_all()
    await watched.surface.deliver(watched.origin, said("The kettle is on, of course."))
    assert watched.seen().count("The kettle is on, of course.") == 1


@pytest.mark.parametrize(
    "view",
    [
        Text(HOSTILE),
        views.confirm(HOSTILE),
        views.wizard("hair", HOSTILE),
        views.wizard("start", HOSTILE),
        views.wizard("takes", HOSTILE),
        views.memories(HOSTILE),
        views.help_view(HOSTILE),
        replace(views.catalog(HOSTILE), characters=(views.card(0, HOSTILE), views.card(1, HOSTILE))),
        replace(views.gallery(HOSTILE), pictures=(views.picture(0, HOSTILE), views.picture(1, HOSTILE))),
    ],
    ids=lambda view: type(view).__name__,
)
async def test_words_in_a_view_stay_words(watched: Messenger, view: Outbound) -> None:
    await watched.surface.deliver(watched.origin, view)
    assert HOSTILE in watched.seen()
    assert HIDDEN not in watched.seen()
    assert not watched.alarming()


async def test_a_character_calls_nobody(watched: Messenger) -> None:
    await watched.surface.deliver(watched.origin, said("@everyone @here <@1> [x](https://y.z) and done."))
    assert "@everyone @here <@1> [x](https://y.z) and done." in watched.seen()
    assert not watched.alarming()


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        (r"\*\*a\*\* **b** *c* _d_ \_e\_ ~~f~~", "**a** b c d _e_ f"),
        ("`||a|| @here` \\`b\\` ```py\n_c_```", "||a|| @here `b` _c_"),
        ("||a|| [b](https://c.d) <@1> @here @\u200bhere", f"{HIDDEN} ‹link›b ‹tag› ‹everyone› @here"),
        ("# a\n> b\n- c\n-# d", "a\nb\nc\nd"),
        ("a_b_c 2 * 3 * 4 [x](y)", "a_b_c 2 * 3 * 4 [x](y)"),
    ],
)
def test_markdown_is_read_as_discord_shows_it(markdown: str, words: str) -> None:
    assert read_discord(markdown) == words
