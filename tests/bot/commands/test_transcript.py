"""bot/commands/transcript.py and the export that it goes into."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.commands.transcript import NAME_LENGTH, Transcript
from bot.messages import Document
from engine.types import Message, Role
from tests.bot.conftest import Guest

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def line(role: Role, text: str, media_id: str | None = None) -> Message:
    return Message("m", "c", role, text, NOON, media_id=media_id)


def test_a_page_says_who_said_what_and_when() -> None:
    lines = [
        line(Role.NOTICE, "Maya is an AI.\nNobody else."),
        line(Role.PERSON, "I keep bees."),
        line(Role.CHARACTER, "at the lake", "7"),
    ]
    assert Transcript("Maya: Bees", "Ann", "Maya", lines).text() == (
        "# Maya: Bees\n\n"
        "*2026-11-21 12:00 · Selfsame*\n\n> Maya is an AI.\n> Nobody else.\n\n"
        "**Ann** · 2026-11-21 12:00\n\nI keep bees.\n\n"
        "**Maya** · 2026-11-21 12:00\n\nat the lake\n\n![](../pictures/7.png)\n"
    )


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Maya: Bees in spring", "03 Maya, Bees in spring.md"),
        ("../../etc/passwd", "03 etc, passwd.md"),
        ('a\n"b"<c>|d?*', "03 a, b, c, d.md"),
        ("", "03 .md"),
        ("x" * 300, f"03 {'x' * NAME_LENGTH}.md"),
    ],
)
def test_a_title_becomes_a_files_name_on_any_system(title: str, name: str) -> None:
    assert Transcript(title, "Ann", "Maya", []).filename(3) == name


async def test_an_export_has_a_page_for_each_talk(guest: Guest) -> None:
    await guest.talk("noor")
    await guest.say("I keep bees on the roof.")
    chat = await guest.talk("amrita")
    store = guest.house.engine.conversations
    talk = await store.get(chat.conversation_id)
    (export,) = await replace(guest).call("export")
    assert isinstance(export, Document)
    with zipfile.ZipFile(io.BytesIO(export.content)) as archive:
        pages = sorted(name for name in archive.namelist() if name.startswith("conversations/"))
        document = json.loads(archive.read("selfsame.json"))
        assert len(pages) == 2
        assert pages[0].startswith("conversations/01 Noor") and pages[0].endswith(".md")
        assert "I keep bees on the roof." in archive.read(pages[0]).decode()
    assert document["titles"][talk.id].startswith("Amrita")
