"""Pictures on Telegram: under way, finished with their buttons, and galleries as sheets. views.py calls it."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.messages import (
    Call,
    Gallery,
    MessageView,
    OptionValue,
    Pictures,
    PictureView,
    ProgressView,
)
from bot.surfaces.render import bar, wait_words
from bot.surfaces.telegram.html import bold, fitted, italic, joined, quote, said, shorten
from bot.surfaces.telegram.keys import label, number_of, page
from bot.surfaces.telegram.post import CAPTION_LENGTH, TEXT_LENGTH, Key, Keyboard, Post
from bot.surfaces.telegram.sending import Words
from bot.surfaces.telegram.sheet import Sheets, Tile, path_of

# Pictures on a page of a gallery: three rows of three.
TILES = 9
# Signs on the buttons under a picture, by the command and what it changes; the same as on Discord.
SIGNS = {
    ("vary", "outfit"): "👗",
    ("vary", "light"): "💡",
    ("vary", "again"): "🔁",
    ("primary", ""): "⭐",
    ("delete_picture", ""): "🗑",
}
# Characters of a request where it only reminds.
REQUEST = 200
SENTENCE = 500
SHORT_ID = 10
DID_NOT_COME = "The picture did not come out. You can ask for it again."


async def illustrated(pictures: Pictures, media_id: str, person_id: str, blocks: list[Words]) -> Post:
    """Words under a picture; words that are too long for that stand below it."""
    path = await path_of(pictures, media_id, person_id)
    caption, words = fitted(blocks, CAPTION_LENGTH), fitted(blocks, TEXT_LENGTH)
    if path and caption == words:
        return Post(caption.html, caption.plain, photo=path)
    return Post(words.html, words.plain, album=((path, ""),) if path else ())


async def picture(pictures: Pictures, view: PictureView, person_id: str) -> Post:
    """A finished picture with what one click can do about it."""
    path = await path_of(pictures, view.media_id, person_id)
    if not path:
        return Post("This picture was deleted.", "This picture was deleted.")
    note = [italic(shorten(view.note, SENTENCE))] if view.note else []
    words = fitted([said(shorten(view.request or view.caption, REQUEST)), *note], CAPTION_LENGTH)
    return Post(words.html, words.plain, picture_keys(view), photo=path)


def picture_keys(view: PictureView) -> Keyboard:
    """The buttons of a picture, two in a row."""
    return pairs([Key(label(button.label, _sign(button.call)), button.call) for button in view.buttons])


def _sign(call: Call) -> str:
    return SIGNS.get((call.name, str(call.options.get("what", ""))), "")


async def under_way(pictures: Pictures, message: MessageView, person_id: str) -> Post:
    """A picture that is awaited: her face with how long it takes, so that the picture can come in its place."""
    assert message.progress is not None
    face = message.speaker.picture_media_id if message.speaker else ""
    words, keys = progress_words(message.progress), progress_keys(message.progress)
    return Post(words.html, words.plain, keys, photo=await path_of(pictures, face, person_id))


def progress_words(view: ProgressView) -> Words:
    """How far it is, or why nothing came of it."""
    request = quote(shorten(view.request, REQUEST)) if view.request else said("")
    if view.status.final:
        return joined([request, said(shorten(view.sentence or DID_NOT_COME, SENTENCE))])
    if view.position > 0:
        return joined([request, said(f"⏳ {shorten(wait_words(view), REQUEST)}")])
    return joined(
        [request, said(f"{bar(view.progress)} {round(100 * view.progress)} %"), italic(wait_words(view))]
    )


def progress_keys(view: ProgressView) -> Keyboard:
    """Stop it, or ask again for what did not come."""
    if not view.status.final:
        return ((Key("Cancel", Call("cancel", {"job": view.job_id})),),)
    if view.request and view.status != "done":
        return ((Key("Try again", Call("selfie", {"scene": view.request})),),)
    return ()


# ---------------------------------------------------------------- galleries


async def gallery(sheets: Sheets, view: Gallery, person_id: str, look: str) -> Post:
    """A page of small pictures with a button for each; one of them alone; or all of the page as an album."""
    if look.startswith("n"):
        for at, one in enumerate(view.pictures):
            if short_id(one.media_id) == look[1:]:
                return await _one_of(sheets, view, at, person_id)
    if not view.pictures:
        empty = joined([bold(view.title), said("No pictures yet. Ask for one: /selfie at a jazz bar")])
        return Post(empty.html, empty.plain)
    shown, number, count = page(view.pictures, number_of(look, "b" if look.startswith("b") else "p"), TILES)
    numbered = list(enumerate(shown, number * TILES + 1))
    if look.startswith("b"):
        return await _album(sheets.pictures, view, numbered, person_id)
    part = f" ({number + 1} of {count})" if count > 1 else ""
    words = joined([bold(f"{view.title}{part}"), said("Choose a number to see a picture in full.")])
    keys = [Key(str(at), again(view), look=f"n{short_id(one.media_id)}") for at, one in numbered]
    album = ((Key("🖼 All of these in full", again(view), look=f"b{number}"),),) if len(shown) > 1 else ()
    return Post(
        words.html,
        words.plain,
        (*digits(keys), *album, *pager(again(view), number, count)),
        drawn=await sheets.of([Tile(at, one.media_id) for at, one in numbered], person_id),
    )


async def _one_of(sheets: Sheets, view: Gallery, at: int, person_id: str) -> Post:
    """A picture of a gallery, with the way back to the others."""
    post = await picture(sheets.pictures, view.pictures[at], person_id)
    back = Key("‹ All pictures", again(view), look=f"p{at // TILES}")
    return replace(post, keyboard=(*post.keyboard, (back,)))


async def _album(
    pictures: Pictures, view: Gallery, numbered: list[tuple[int, PictureView]], person_id: str
) -> Post:
    """A page of a gallery to leaf through."""
    found = [(at, one, await path_of(pictures, one.media_id, person_id)) for at, one in numbered]
    album = tuple(
        (path, f"{at} · {shorten(one.request or one.caption, REQUEST)}") for at, one, path in found if path
    )
    words = joined([bold(view.title), said(f"{numbered[0][0]} to {numbered[-1][0]}, in full:")])
    return Post(words.html, words.plain, album=album)


def again(view: Gallery) -> Call:
    """The command that shows a gallery."""
    options: dict[str, OptionValue] = {"character": view.card.id} if view.card else {}
    return Call("gallery", options)


def digits(keys: list[Key]) -> Keyboard:
    """Numbered buttons, five in a row at most and the rows alike."""
    across = -(-len(keys) // -(-len(keys) // 5)) if keys else 1
    return tuple(tuple(keys[at : at + across]) for at in range(0, len(keys), across))


def pairs(keys: list[Key]) -> Keyboard:
    """Buttons, two in a row."""
    return tuple(tuple(keys[at : at + 2]) for at in range(0, len(keys), 2))


def pager(call: Call, number: int, count: int) -> Keyboard:
    """Back and on through the pages of a view."""
    keys = []
    if number > 0:
        keys.append(Key("‹ Back", call, look=f"p{number - 1}"))
    if number + 1 < count:
        keys.append(Key("More ›", call, look=f"p{number + 1}"))
    return (tuple(keys),) if keys else ()


def short_id(full: str) -> str:
    """Enough of an id to find it again in one list."""
    return re.sub(r"[^a-z0-9]", "", full.lower())[-SHORT_ID:]
