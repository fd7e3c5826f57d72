"""What is kept and how to take it along or away: `/privacy`, `/export`, `/forget_me`."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncGenerator, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.commands.command import Request
from bot.messages import Button, Call, Confirm, Document, Outbound, Text

# The account of whoever sits at this machine. It is no service's account of anybody, and every page needs one.
LOCAL = "local"

PRIVACY = """\
Everything stays on the machine that runs Selfsame: nothing you write, and no picture, is sent anywhere else.

Kept, in the data directory: your conversations, what characters remember about you (with the message each memory was \
taken from), the characters you make and your pictures.

Not kept: nobody's words are written to logs, and nothing is used to train anything.

Yours to decide: /memory shows what a character knows and forgets what you choose; /reset deletes a conversation; \
/export gives you everything as one file; /forget_me deletes everything that is yours."""


async def privacy(request: Request) -> AsyncGenerator[Outbound]:
    """What is kept, where, and what you can do about it."""
    yield Text(PRIVACY)


async def export(request: Request) -> AsyncGenerator[Outbound]:
    """Everything that is yours as one zip file: a JSON document and the pictures."""
    engine = request.tools.engine
    own = await engine.people.export(request.person_id)
    files = {f"pictures/{media.id}.png": engine.media.path(media) for media in own.media}
    content = await asyncio.to_thread(_zip, asdict(own), files)
    yield Document(f"selfsame-export-{engine.clock():%Y-%m-%d}.zip", "application/zip", content)


async def forget_me(request: Request) -> AsyncGenerator[Outbound]:
    """Delete everything that is yours: conversations, memories, characters, pictures."""
    if not request.flag("confirm"):
        yield Confirm(
            "Delete all your conversations, memories, characters and pictures? This cannot be undone. "
            "/export keeps a copy for you first.",
            Button("Delete everything that is mine", Call("forget_me", {"confirm": True})),
        )
        return
    await request.tools.engine.people.erase(request.person_id, keep_surface=LOCAL)
    yield Text("Everything that was yours is deleted.")


def _zip(document: dict[str, Any], files: Mapping[str, Path]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("selfsame.json", json.dumps(document, default=_plain, ensure_ascii=False, indent=1))
        for name, path in files.items():
            if path.exists():
                archive.write(path, name, zipfile.ZIP_STORED)
    return buffer.getvalue()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
