"""The page on which a history from elsewhere is sent: the file is kept, `/import` is told its name, and its answer shown.

app.py routes to it. guard.py lets the file through unread; Starlette's parser spools it to the disk, not into memory.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Sequence

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from bot.messages import Confirm, OptionValue, Outbound, Profile, Text, Tone
from bot.surfaces.web.forms import UNREADABLE
from bot.surfaces.web.guard import FOREIGN, token_matches
from bot.surfaces.web.site import RefusedError, notices, page, pick, site_of
from characters.text import storable

# Fields of our form beside the file.
FIELDS = 4
# Bytes of the file that are handed on at a time.
PIECE = 1 << 20
CHOOSE = Text("Choose a file first.", Tone.ERROR, "file")


async def show_imports(request: Request) -> Response:
    """What was imported for a character, and the form for more."""
    return await _show(request, await _ask(request, {}))


async def take_file(request: Request) -> Response:
    """Import the file that was sent, or take back what is named instead."""
    async with request.form(max_files=1, max_fields=FIELDS) as form:
        if not token_matches(request, _field(form, "csrf")):
            raise RefusedError(FOREIGN)
        if number := _field(form, "forget"):
            return await _show(request, await _ask(request, {"forget": number}))
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.size:
            return await _show(request, (*await _ask(request, {}), CHOOSE))
        keep = site_of(request).keep
        if keep is None:
            raise RefusedError(UNREADABLE)
        name = await keep(_pieces(file))
        me = _field(form, "me")
    return await _show(request, await _ask(request, {"file": name, "me": me} if me else {"file": name}))


async def _show(request: Request, shown: Sequence[Outbound]) -> Response:
    card = pick(
        await site_of(request).ask("profile", {"character": request.path_params["slug"]}), Profile
    ).card
    said = notices(shown)
    failed = tuple(text for text in said if text.tone is Tone.ERROR)
    return page(
        request,
        "import.html",
        status=422 if failed else 200,
        card=card,
        texts=[text for text in said if text.tone is not Tone.ERROR],
        notices=failed,
        confirm=next((view for view in shown if isinstance(view, Confirm)), None),
    )


async def _ask(request: Request, options: dict[str, OptionValue]) -> tuple[Outbound, ...]:
    character: dict[str, OptionValue] = {"character": request.path_params["slug"]}
    return await site_of(request).ask("import", character | options)


def _field(form: FormData, name: str) -> str:
    value = form.get(name)
    return storable(value).strip() if isinstance(value, str) else ""


async def _pieces(file: UploadFile) -> AsyncIterable[bytes]:
    while piece := await file.read(PIECE):
        yield piece
