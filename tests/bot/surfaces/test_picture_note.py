"""What is honestly to be said of a picture stands under it, wherever it is shown."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from PIL import Image
from rich.console import Console

from bot import views
from bot.messages import Gallery, MessageView, Origin, PictureView, Replied
from bot.surfaces.discord.views import Views as DiscordViews
from bot.surfaces.telegram.views import Views as TelegramViews
from bot.surfaces.terminal.surface import TerminalSurface
from bot.wizard.machine import TAKES_STEP, WizardMachine
from engine.build import Engine
from engine.errors import NotFoundError
from engine.types import Draft, Making, Media, PicturePurpose, Role, Shot
from tests.bot.surfaces.discord.shown import KeptCalls, StillPictures, words
from tests.bot.surfaces.telegram.test_views import FakePictures, check
from tests.bot.surfaces.web import views as samples
from tests.bot.surfaces.web.scripted import PaintedPictures

NOTE = "This is <not> quite *her*: ask again for another try."
PERSON = "01890000-0000-7000-8000-000000000001"


def noted() -> PictureView:
    return replace(samples.picture(), note=NOTE)


def line(view: PictureView) -> Replied:
    return Replied(MessageView("m", Role.CHARACTER, "", samples.NOW, picture=view))


def media(making: Making | None) -> Media:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Media(
        "m-1", "p", None, PicturePurpose.SELFIE, "0" * 64, "image/png", 8, 8, 9, 1, "klein", Shot(), "A face", now, making=making
    )  # fmt: skip


def test_the_note_of_a_making_comes_along() -> None:
    assert views.picture(media(Making("klein", note=NOTE))).note == NOTE
    assert views.picture(media(Making("klein"))).note == views.picture(media(None)).note == ""


async def test_on_telegram() -> None:
    shown = TelegramViews(FakePictures())
    post = await shown.post(line(noted()), person_id=PERSON, look="")
    await check(post)
    assert NOTE in post.plain
    assert NOTE not in (await shown.post(line(samples.picture()), person_id=PERSON, look="")).plain
    await check(
        await shown.post(
            line(replace(noted(), note="much " * 999, request="x" * 999)), person_id=PERSON, look=""
        )
    )


@pytest.mark.parametrize("opened", [False, True])
async def test_on_discord(tmp_path: Path, opened: bool) -> None:
    path = tmp_path / "face.png"
    Image.new("RGB", (64, 64)).save(path)
    shown = DiscordViews(StillPictures(path), KeptCalls())
    view = Gallery("All", None, (noted(),)) if opened else line(noted())
    item = noted().media_id if opened else ""
    post = await shown.post(view, person_id=PERSON, item=item)
    assert "quite" in words(post)
    assert "*her*" not in words(post), "nothing in it is markdown"


async def test_in_the_terminal(tmp_path: Path) -> None:
    file = io.StringIO()
    surface = TerminalSurface(Console(file=file, width=200), PaintedPictures(tmp_path), "owner")
    await surface.open_chat(samples.chat())
    await surface.deliver(Origin("terminal", "owner", conversation_id="conversation-1"), line(noted()))
    assert NOTE in file.getvalue()


async def test_of_a_take_it_is_said_where_one_chooses() -> None:
    kept = {"m-1": media(Making("klein", note="She is much like Noor.")), "m-3": media(None)}
    takes = {"t-1": "m-1", "t-2": None, "t-3": "m-3", "t-4": "gone"}

    async def job(job_id: str) -> SimpleNamespace:
        return SimpleNamespace(media_id=takes[job_id])

    async def find(media_id: str) -> Media:
        if media_id not in kept:
            raise NotFoundError
        return kept[media_id]

    engine = SimpleNamespace(queue=SimpleNamespace(get=job), media=SimpleNamespace(get=find))
    draft = cast("Draft", SimpleNamespace(takes=tuple(takes)))
    remarks = await WizardMachine._remarks(
        cast("WizardMachine", SimpleNamespace(_engine=cast("Engine", engine))), draft
    )
    assert [(one.field, one.sentence, one.blocking) for one in remarks] == [
        (TAKES_STEP, "Take 1: She is much like Noor.", False)
    ]
