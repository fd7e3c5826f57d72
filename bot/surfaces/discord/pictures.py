"""Pictures on Discord: under way, finished with what one click can do about them, and the gallery. `views.py` calls it."""

from __future__ import annotations

from datetime import UTC

from bot.messages import Button, Call, Gallery, OptionValue, PictureView, ProgressView, Speaker
from bot.surfaces.discord import layout
from bot.surfaces.discord.custom_id import Way
from bot.surfaces.discord.faces import TILE
from bot.surfaces.discord.layout import Component
from bot.surfaces.discord.markdown import plain, small
from bot.surfaces.discord.post import Post
from bot.surfaces.discord.sheet import BRAND, WRONG, Sheet, colour, colour_of, page_of
from bot.surfaces.render import bar, wait_words
from engine.types import JobStatus

# Pictures on one page of a gallery: three rows of three.
TILES = 9
# Characters of what was asked for, as it stands with a picture.
REQUEST = 200
# Characters of what is to be said of a picture.
NOTE = 300
# Signs on the buttons under a picture, by the command and what it changes.
SIGNS = {
    ("vary", "outfit"): "👗",
    ("vary", "light"): "💡",
    ("vary", "again"): "🔁",
    ("primary", ""): "⭐",
    ("delete_picture", ""): "🗑️",
}


async def picture(sheet: Sheet, view: PictureView, speaker: Speaker | None) -> Post:
    """A finished picture with its buttons; `speaker` where the message does not say who shows it."""
    pieces = await _head(sheet, speaker, view.request)
    shown = await sheet.gallery([(view.media_id, view.caption)])
    pieces += shown or [layout.text(small("This picture is not here any more."))]
    if view.request and not speaker:
        pieces.append(layout.text(small(_request(view.request))))
    pieces += _note(view)
    if shown:
        pieces += await _buttons(sheet, view.buttons)
    return sheet.post(pieces, colour(speaker.character_id) if speaker else BRAND)


async def progress(sheet: Sheet, view: ProgressView, speaker: Speaker | None) -> Post:
    """A picture under way with its place in line and how far it is; or why there is none."""
    pieces = await _head(sheet, speaker, view.request)
    if view.request and not speaker:
        pieces.append(layout.text(small(f"📷 {_request(view.request)}")))
    pieces.append(layout.text(_state(view)))
    if not view.status.final:
        cancel = await sheet.button("Cancel", Call("cancel", {"job": view.job_id}))
        pieces.append(layout.row(cancel))
    failed = view.status is JobStatus.FAILED
    return sheet.post(pieces, WRONG if failed else colour(speaker.character_id) if speaker else BRAND)


async def gallery(sheet: Sheet, view: Gallery, page: int, item: str) -> Post:
    """Some pictures at a time, or one of them with its buttons."""
    number = next((at for at, one in enumerate(view.pictures) if one.media_id == item), None)
    if number is not None:
        return await _one_of(sheet, view, number)
    shown, page, pages = page_of(view.pictures, page, TILES)
    pieces = [layout.text(_title(view))]
    pieces += await sheet.gallery([(one.media_id, one.caption) for one in shown], TILE)
    pieces += await sheet.pager(_again(view), page, pages)
    options = [_option(number, one) for number, one in enumerate(shown, page * TILES + 1)]
    way = Way(page=page, opens=True)
    return sheet.post(
        [*pieces, *await sheet.select(_again(view), way, options, "Open one …")], colour_of(view.card)
    )


async def ready(sheet: Sheet, view: PictureView) -> Post:
    """A picture waits where nothing can be posted by itself: a click shows it."""
    way = Way(item=view.media_id)
    show = await sheet.button("Show picture", Call("gallery"), way=way, style=layout.PRIMARY, emoji="🖼️")
    asked = f"\n{small(_request(view.request))}" if view.request else ""
    return sheet.post([layout.text(f"**Your picture is ready.**{asked}"), layout.row(show)])


async def _one_of(sheet: Sheet, view: Gallery, number: int) -> Post:
    one = view.pictures[number]
    pieces = await sheet.gallery([(one.media_id, one.caption)])
    pieces.append(layout.text(f"{plain(_request(one.request or one.caption))}\n{small(_when(one))}"))
    pieces += [*_note(one), *await _buttons(sheet, one.buttons)]
    back = Way(page=number // TILES)
    pieces.append(layout.row(await sheet.button("All pictures", _again(view), way=back, emoji="◀️")))
    return sheet.post(pieces, colour_of(view.card))


async def _head(sheet: Sheet, speaker: Speaker | None, request: str) -> list[Component]:
    """Name and face, where the message itself cannot carry them."""
    if speaker is None:
        return []
    asked = f"\n{small(_request(request))}" if request else ""
    words = f"**{plain(layout.line(speaker.name, layout.LABEL))}**{asked}"
    return [await sheet.faced(words, speaker.picture_media_id, speaker.name)]


async def _buttons(sheet: Sheet, buttons: tuple[Button, ...]) -> list[Component]:
    return layout.rows([await sheet.button(one.label, one.call, emoji=_sign(one.call)) for one in buttons])


def _note(view: PictureView) -> list[Component]:
    return [layout.text(small(plain(layout.line(view.note, NOTE))))] if view.note else []


def _sign(call: Call) -> str:
    return SIGNS.get((call.name, str(call.options.get("what", ""))), "")


def _state(view: ProgressView) -> str:
    if view.status.final:
        over = "Cancelled." if view.status is JobStatus.CANCELLED else "Here it comes …"
        return plain(view.sentence) or over
    if view.position > 0:
        return f"**In line**\n{plain(wait_words(view))}"
    return f"{bar(view.progress)} {round(100 * view.progress)} %\n{plain(wait_words(view))}"


def _title(view: Gallery) -> str:
    if not view.pictures:
        return f"## {plain(layout.line(view.title, 100))}\nThere are none yet. Ask for one: `/selfie at a jazz bar`"
    count = len(view.pictures)
    return f"## {plain(layout.line(view.title, 100))}\n{small('One picture' if count == 1 else f'{count} pictures')}"


def _option(number: int, view: PictureView) -> Component:
    return layout.option(
        f"{number} · {view.request or view.caption}",
        view.media_id,
        description=f"{view.created_at.astimezone(UTC):%d %B %Y}".lstrip("0"),
    )


def _request(words: str) -> str:
    return plain(layout.line(words, REQUEST))


def _when(view: PictureView) -> str:
    return f"<t:{int(view.created_at.timestamp())}:f>"


def _again(view: Gallery) -> Call:
    options: dict[str, OptionValue] = {"character": view.card.id} if view.card else {}
    return Call("gallery", options)
