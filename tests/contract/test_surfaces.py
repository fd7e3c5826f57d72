"""What every surface keeps, whatever it looks like: one suite, run against each of them.

What only messengers promise, because only they remember, is in test_messengers.py.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.messages import Delta, Document, MessageView, Outbound, Replied, Started, Text, Tone, Waiting
from engine.types import JobStatus, Role
from tests.bot.surfaces.web import views
from tests.contract.watched import SURFACES, Watched, WatchedPage

MARKS = re.compile(r"[*_`]|\|\|")


@pytest.fixture(params=SURFACES)
async def watched(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Watched]:
    async with SURFACES[request.param](tmp_path) as one:
        yield one


def said(text: str, name: str = "m-2") -> Replied:
    """A character's finished line."""
    return Replied(views.line(name, Role.CHARACTER, text))


def begun(name: str = "m-2") -> Started:
    """A character is about to answer."""
    return Started(views.line("m-1", Role.PERSON, "Tea?"), name)


def picture_line(*, done: bool) -> MessageView:
    line = views.line("m-picture", Role.CHARACTER, "")
    return replace(line, picture=views.picture()) if done else replace(line, progress=views.progress())


def squeezed(text: str) -> str:
    """The words alone, however they are broken into lines and messages."""
    return " ".join(text.split())


def everything() -> dict[str, Outbound]:
    catalog, gallery = views.catalog(), views.gallery()
    return {
        "text": Text("An announcement."),
        "error": Text("A mistake.", Tone.ERROR, "text"),
        # Few pictures: a messenger takes about one in a second.
        "catalog": replace(catalog, characters=catalog.characters[:2]),
        "gallery": replace(gallery, pictures=gallery.pictures[:2]),
        "profile": replace(views.profile(), gallery=()),
        "chat": views.chat(),
        "memories": views.memories(),
        "started": begun(),
        "in line": Waiting("m-2", 3),
        "delta": Delta("m-2", "Hel"),
        "replied": said("Hello"),
        "waiting": Replied(picture_line(done=False)),
        "progress": views.progress(),
        "picture": Replied(picture_line(done=True)),
        "document": Document("words.txt", "text/plain", b"words"),
        "confirm": views.confirm(),
        "help": views.help_view(),
        "wizard": views.wizard(),
    }


async def test_it_is_named_as_in_its_origins(watched: Watched) -> None:
    assert watched.surface.name == watched.origin.surface


@pytest.mark.parametrize("name", everything())
async def test_it_takes_every_view(
    watched: Watched, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the terminal saves documents where it was started
    ref = await watched.surface.deliver(watched.origin, everything()[name])
    assert isinstance(ref, str)


async def test_a_finished_line_is_there_when_it_returns_and_can_be_found_again(watched: Watched) -> None:
    ref = await watched.surface.deliver(watched.origin, said("The kettle is on."))
    assert ref == "m-2" and "The kettle is on." in watched.seen()


async def test_a_streamed_reply_is_shown_once(watched: Watched) -> None:
    await watched.surface.deliver(watched.origin, begun())
    for piece in ("The kettle", " is on,", " of course."):
        await watched.surface.deliver(watched.origin, Delta("m-2", piece))
    await watched.until("The kettle is on, of")  # a messenger may keep back a word that may go on
    await watched.surface.deliver(watched.origin, said("The kettle is on, of course."))
    assert watched.seen().count("The kettle") == 1
    assert "The kettle is on, of course." in watched.seen()


async def test_a_place_in_line_gives_way_to_the_first_words(watched: Watched) -> None:
    await watched.surface.deliver(watched.origin, begun())
    for place in (3, 2):
        await watched.surface.deliver(watched.origin, Waiting("m-2", place))
    assert ("2nd in line …" in watched.seen()) == isinstance(
        watched, WatchedPage
    )  # others show that it types
    await watched.surface.deliver(watched.origin, Waiting("m-2", 0))
    await watched.surface.deliver(watched.origin, Delta("m-2", "The kettle is on, "))
    await watched.until("The kettle is on")
    assert "in line" not in watched.seen()
    await watched.surface.deliver(watched.origin, said("The kettle is on, of course."))
    assert squeezed(watched.seen()).count("The kettle is on, of course.") == 1


async def test_a_line_that_is_delivered_twice_is_shown_once(watched: Watched) -> None:
    for _ in range(2):
        await watched.surface.deliver(watched.origin, said("The kettle is on."))
    assert watched.seen().count("The kettle is on.") == 1


async def test_two_lines_with_the_same_words_are_two(watched: Watched) -> None:
    await watched.surface.deliver(watched.origin, said("Yes.", "m-2"))
    await watched.surface.deliver(watched.origin, said("Yes.", "m-4"))
    assert watched.seen().count("Yes.") == 2


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_long_reply_arrives_whole_and_in_order(watched: Watched, streamed: bool) -> None:
    text = "\n\n".join(" ".join(f"Sentence {n} of {p}." for n in range(25)) for p in range(20))
    assert len(text) > 9000
    if streamed:
        await watched.surface.deliver(watched.origin, begun())
        for start in range(0, len(text), 700):
            await watched.surface.deliver(watched.origin, Delta("m-2", text[start : start + 700]))
        await watched.until("Sentence 1 of 0.")
    await watched.surface.deliver(watched.origin, said(text))
    seen = squeezed(watched.seen())
    assert squeezed(text) in seen
    assert seen.count("Sentence") == text.count("Sentence")


async def test_what_was_streamed_gives_way_to_the_final_words(watched: Watched) -> None:
    if not watched.rewrites:
        pytest.skip("what is printed stays")
    await watched.surface.deliver(watched.origin, begun())
    await watched.surface.deliver(watched.origin, Delta("m-2", "The kettle was off until "))
    await watched.until("The kettle was")
    await watched.surface.deliver(watched.origin, said("The kettle is on."))
    assert "The kettle is on." in watched.seen()
    assert "was off" not in watched.seen()


async def test_a_picture_takes_the_place_of_its_progress(watched: Watched) -> None:
    ref = await watched.surface.deliver(watched.origin, Replied(picture_line(done=False)))
    await watched.surface.edit(watched.origin, ref, Replied(picture_line(done=True)))
    assert "in a rust turtleneck" in watched.seen() or "at a jazz bar" in watched.seen()
    assert "Painting the light" not in watched.seen()


async def test_an_edit_may_be_repeated(watched: Watched) -> None:
    ref = await watched.surface.deliver(watched.origin, Replied(picture_line(done=False)))
    await watched.surface.edit(watched.origin, ref, Replied(picture_line(done=True)))
    once = watched.seen()
    await watched.surface.edit(watched.origin, ref, Replied(picture_line(done=True)))
    assert watched.seen() == once


async def test_why_there_is_no_picture_is_said(watched: Watched) -> None:
    ref = await watched.surface.deliver(watched.origin, Replied(picture_line(done=False)))
    failed = replace(
        picture_line(done=False), progress=views.progress("The picture did not come out.", JobStatus.FAILED)
    )
    await watched.surface.edit(watched.origin, ref, Replied(failed))
    assert "The picture did not come out." in watched.seen()


WORDS = (
    "<b>bold</b> & <script>",
    "[bold]markup[/bold] [/x]",
    "{{ 7*7 }}",
    "**stars** _lines_ `code`",
    "`a || b`, `__init__` and ~~d~~ __e__",
    r"¯\_(ツ)_/¯ C:\*.txt \<@1> \[x](https://example.org) \> \\ end\\",
    "https://example.org/a__b__c~~d~~ and ``` half",
    "# heading",
    "1) one &amp; > two",
    "[x](https://example.org) <@1234> @everyone",
    "שלום",
)


@pytest.mark.parametrize("words", WORDS)
async def test_the_houses_words_are_shown_as_they_are(watched: Watched, words: str) -> None:
    await watched.surface.deliver(watched.origin, Text(words))
    assert watched.seen().count(words) == 1


@pytest.mark.parametrize("words", WORDS)
async def test_a_characters_words_are_shown_as_they_are(watched: Watched, words: str) -> None:
    await watched.surface.deliver(watched.origin, said(words))
    if watched.emphasises:  # *so* is shown in the platform's own way, and nothing else is taken for markup
        assert MARKS.sub("", watched.seen()).count(MARKS.sub("", words)) == 1
    else:
        assert watched.seen().count(words) == 1
