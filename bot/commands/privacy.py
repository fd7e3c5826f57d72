"""What is kept and how to take it along or away: `/privacy`, `/export`, `/forget_me`."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.commands.command import Request
from bot.commands.transcript import Transcript
from bot.messages import Button, Call, Confirm, Document, Outbound, Text
from engine.build import Engine
from engine.types import Conversation, Message

# The account of whoever sits at this machine. It is no service's account of anybody, and every page needs one.
LOCAL = "local"

PRIVACY = """\
Everything is kept on the machine that runs Selfsame and nowhere else. What you write to me on Discord or Telegram goes through that service, as all messages there do; what you write on the page goes nowhere.

Kept, in the data directory: your conversations (where a language model talks, the longer ones also with a title and a short summary), what characters remember about you (with the message each memory was \
taken from), the characters you make, your pictures, and your time zone (the page tells it, or you with /timezone). For Discord and Telegram also the number of your account there, and which of my messages shows what; what you sent is kept until it is answered, so that no word is lost.

Not kept: nobody's words are written to logs, and nothing is used to train anything.

Yours to decide: /memory shows what a character knows and forgets what you choose; /reset deletes a conversation; \
/import lets a character remember what you talked about elsewhere, and takes it back (the file itself is not kept); \
/export gives you everything as one file; /forget_me deletes everything that is yours, on all accounts that you linked. /link makes your accounts one, /unlink separates them. What you say in a server stays in that server: what you say in private is never brought there."""


async def privacy(request: Request) -> AsyncGenerator[Outbound]:
    """What is kept, where, and what you can do about it."""
    yield Text(PRIVACY)


async def export(request: Request) -> AsyncGenerator[Outbound]:
    """Everything that is yours as one zip file: a JSON document, the talks as pages to read, and the pictures."""
    engine = request.tools.engine
    own = await engine.people.export(request.person_id)
    titles = await engine.titles.of(request.person_id, [talk for talk, _ in own.conversations])
    name = own.person.display_name or "You"
    pages = {
        f"conversations/{page.filename(number)}": page.text()
        for number, page in enumerate(
            [await _page(engine, talk, lines, titles[talk.id], name) for talk, lines in own.conversations], 1
        )
    }
    files = {f"pictures/{media.id}.png": engine.media.path(media) for media in own.media}
    content = await asyncio.to_thread(_zip, asdict(own) | {"titles": dict(titles)}, pages, files)
    yield Document(f"selfsame-export-{engine.clock():%Y-%m-%d}.zip", "application/zip", content)


async def forget_me(request: Request) -> AsyncGenerator[Outbound]:
    """Delete everything that is yours: conversations, memories, characters, pictures."""
    if not request.flag("confirm"):
        accounts = await request.tools.engine.links.accounts(request.person_id)
        linked = ", of all the accounts that you linked" if any(one.joined for one in accounts) else ""
        yield Confirm(
            f"Delete all your conversations, memories, characters and pictures{linked}? This cannot be undone. "
            "/export keeps a copy for you first.",
            Button("Delete everything that is mine", Call("forget_me", {"confirm": True})),
        )
        return
    await request.tools.delivery.withdraw(lambda job: job.person_id == request.person_id)
    await request.tools.engine.people.erase(request.person_id, keep_surface=LOCAL)
    yield Text("Everything that was yours is deleted.")


async def _page(
    engine: Engine, talk: Conversation, lines: Sequence[Message], title: str, name: str
) -> Transcript:
    persona = await engine.characters.version(talk.character_id, talk.character_version)
    return Transcript(title, talk.person_name or name, persona.name, lines)


def _zip(document: dict[str, Any], pages: Mapping[str, str], files: Mapping[str, Path]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("selfsame.json", json.dumps(document, default=_plain, ensure_ascii=False, indent=1))
        for name, text in pages.items():
            archive.writestr(name, text)
        for name, path in files.items():
            if path.exists():
                archive.write(path, name, zipfile.ZIP_STORED)
    return buffer.getvalue()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
