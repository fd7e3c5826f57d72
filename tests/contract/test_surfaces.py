"""What every surface keeps, whatever it looks like: one suite, run against each of them."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest
from rich.console import Console

from bot.messages import (
    Delta,
    Document,
    MessageView,
    Origin,
    Outbound,
    Replied,
    Started,
    Surface,
    Text,
    Tone,
)
from bot.surfaces.terminal.surface import TerminalSurface
from bot.surfaces.web.surface import WebSurface, channel_of
from engine.types import JobStatus, Role
from tests.bot.surfaces.web import views
from tests.bot.surfaces.web.scripted import PaintedPictures


class Watched(Protocol):
    """A surface, and what a person would see of it."""

    surface: Surface

    def seen(self) -> str:
        """All words that a person can read now, without markup."""


class WatchedPage:
    """The page: events applied as its script does, each message in its place."""

    def __init__(self, folder: Path) -> None:
        self.surface = WebSurface()
        self.origin = origin("web")

    def seen(self) -> str:
        shown: dict[str, str] = {}
        for event in self.surface.hub._channel(channel_of(self.origin)).events:
            data = json.loads(event.data)
            match event.kind:
                case "started" | "message":
                    shown[data["id"]] = data["html"]
                case "progress":
                    shown[data["message_id"]] = data["html"]
                case "delta":
                    shown[data["reply_id"]] = shown.get(data["reply_id"], "") + html.escape(data["text"])
                case "confirm":
                    shown["confirm"] = data["html"]
                case "text":
                    shown[str(event.number)] = html.escape(data["text"])
        return "\n".join(html.unescape(re.sub(r"<[^>]*>", "", one)) for one in shown.values())


class WatchedTerminal:
    """The terminal, as what was printed into it."""

    def __init__(self, folder: Path) -> None:
        self._file = io.StringIO()
        console = Console(file=self._file, width=200, force_terminal=False)
        self.surface = TerminalSurface(console, PaintedPictures(folder), "owner")

    def seen(self) -> str:
        return self._file.getvalue()


SURFACES: dict[str, Callable[[Path], Watched]] = {"web": WatchedPage, "terminal": WatchedTerminal}


@pytest.fixture(params=SURFACES)
def watched(request: pytest.FixtureRequest, tmp_path: Path) -> Watched:
    return SURFACES[request.param](tmp_path)


def origin(surface: str) -> Origin:
    return Origin(surface, "owner", conversation_id="conversation-1")


def picture_line(*, done: bool) -> MessageView:
    line = views.line("m-picture", Role.CHARACTER, "")
    return replace(line, picture=views.picture()) if done else replace(line, progress=views.progress())


def everything() -> list[Outbound]:
    return [
        Text("An announcement."),
        Text("A mistake.", Tone.ERROR, "text"),
        views.catalog(),
        views.profile(),
        views.chat(),
        views.gallery(),
        views.memories(),
        Started(views.line("m-1", Role.PERSON, "Hello"), "m-2"),
        Delta("m-2", "Hel"),
        Replied(views.line("m-2", Role.CHARACTER, "Hello")),
        Replied(picture_line(done=False)),
        views.progress(),
        Replied(picture_line(done=True)),
        Document("words.txt", "text/plain", b"words"),
        views.confirm(),
        views.help_view(),
        views.wizard(),
    ]


async def test_it_is_named_as_in_its_origins(watched: Watched) -> None:
    assert watched.surface.name in SURFACES


@pytest.mark.parametrize("number", range(len(everything())))
async def test_it_takes_every_view(
    watched: Watched, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the terminal saves documents where it was started
    ref = await watched.surface.deliver(origin(watched.surface.name), everything()[number])
    assert isinstance(ref, str)


async def test_a_finished_line_is_shown_and_can_be_found_again(watched: Watched) -> None:
    line = views.line("m-2", Role.CHARACTER, "The kettle is on.")
    ref = await watched.surface.deliver(origin(watched.surface.name), Replied(line))
    assert ref == "m-2" and "The kettle is on." in watched.seen()


async def test_a_streamed_reply_is_shown_once(watched: Watched) -> None:
    here = origin(watched.surface.name)
    await watched.surface.deliver(here, Started(views.line("m-1", Role.PERSON, "Tea?"), "m-2"))
    for piece in ("The kettle", " is on,", " of course."):
        await watched.surface.deliver(here, Delta("m-2", piece))
    assert "The kettle is on, of course." in watched.seen()
    await watched.surface.deliver(
        here, Replied(views.line("m-2", Role.CHARACTER, "The kettle is on, of course."))
    )
    assert watched.seen().count("The kettle is on, of course.") == 1


async def test_a_picture_takes_the_place_of_its_progress(watched: Watched) -> None:
    here = origin(watched.surface.name)
    ref = await watched.surface.deliver(here, Replied(picture_line(done=False)))
    await watched.surface.edit(here, ref, Replied(picture_line(done=True)))
    assert "in a rust turtleneck" in watched.seen() or "at a jazz bar" in watched.seen()
    assert "Painting the light" not in watched.seen()


async def test_an_edit_may_be_repeated(watched: Watched) -> None:
    here = origin(watched.surface.name)
    ref = await watched.surface.deliver(here, Replied(picture_line(done=False)))
    await watched.surface.edit(here, ref, Replied(picture_line(done=True)))
    once = watched.seen()
    await watched.surface.edit(here, ref, Replied(picture_line(done=True)))
    assert watched.seen() == once


async def test_why_there_is_no_picture_is_said(watched: Watched) -> None:
    here = origin(watched.surface.name)
    ref = await watched.surface.deliver(here, Replied(picture_line(done=False)))
    failed = replace(
        picture_line(done=False), progress=views.progress("The picture did not come out.", JobStatus.FAILED)
    )
    await watched.surface.edit(here, ref, Replied(failed))
    assert "The picture did not come out." in watched.seen()


@pytest.mark.parametrize(
    "words", ["<b>bold</b> & <script>", "[bold]markup[/bold] [/x]", "{{ 7*7 }}", "**stars** _lines_", "שלום"]
)
async def test_words_are_shown_as_they_are(watched: Watched, words: str) -> None:
    here = origin(watched.surface.name)
    await watched.surface.deliver(here, Replied(views.line("m-2", Role.CHARACTER, words)))
    await watched.surface.deliver(here, Text(words))
    assert watched.seen().count(words) == 2
