"""Pictures on Telegram: under way, finished with their buttons, and galleries as albums. views.py calls it."""

from __future__ import annotations

import re

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
from bot.surfaces.telegram.keys import label, number_of, page, rows
from bot.surfaces.telegram.post import ALBUM, CAPTION_LENGTH, TEXT_LENGTH, Key, Keyboard, Post
from bot.surfaces.telegram.sending import Words
from engine.errors import NotFoundError

# What Telegram shows as a photo.
SHOWN_TYPES = frozenset({"image/png", "image/jpeg", "image/webp"})
# Characters of a request where it only reminds.
REQUEST = 200
SENTENCE = 500
SHORT_ID = 10
DID_NOT_COME = "The picture did not come out. You can ask for it again."

_DELETE = "delete_picture"


async def path_of(pictures: Pictures, media_id: str, person_id: str) -> str:
    """The file of a picture, "" if there is none to show."""
    if not media_id:
        return ""
    try:
        path, mime = await pictures.file(media_id, person_id)
    except NotFoundError:
        return ""
    return path if mime in SHOWN_TYPES else ""


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
    words = fitted([said(shorten(view.request or view.caption, REQUEST))], CAPTION_LENGTH)
    return Post(words.html, words.plain, picture_keys(view), photo=path)


def picture_keys(view: PictureView) -> Keyboard:
    """The buttons of a picture; the last row takes it away."""
    keys = [(button.call.name == _DELETE, Key(label(button.label), button.call)) for button in view.buttons]
    return (*rows(key for last, key in keys if not last), *rows(Key(f"🗑 {key.label}", key.call) for last, key in keys if last))  # fmt: skip


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


async def gallery(pictures: Pictures, view: Gallery, person_id: str, look: str) -> Post:
    """An album of ten with a button for each; one of them alone with all that can be done with it."""
    if look.startswith("n"):
        for one in view.pictures:
            if short_id(one.media_id) == look[1:]:
                return await picture(pictures, one, person_id)
    if not view.pictures:
        empty = joined([bold(view.title), said("No pictures yet. Ask for one: /selfie at a jazz bar")])
        return Post(empty.html, empty.plain)
    shown, number, count = page(view.pictures, number_of(look, "p"), ALBUM)
    album, keys = [], []
    for at, one in enumerate(shown, number * ALBUM + 1):
        if path := await path_of(pictures, one.media_id, person_id):
            album.append((path, f"{at} · {shorten(one.request or one.caption, REQUEST)}"))
            keys.append(Key(str(at), again(view), look=f"n{short_id(one.media_id)}"))
    part = f"Part {number + 1} of {count}. " if count > 1 else ""
    words = joined([bold(view.title), said(f"{part}Choose a number to vary a picture, or to delete it.")])
    return Post(
        words.html, words.plain, (*digits(keys), *pager(again(view), number, count)), album=tuple(album)
    )


def again(view: Gallery) -> Call:
    """The command that shows a gallery."""
    options: dict[str, OptionValue] = {"character": view.card.id} if view.card else {}
    return Call("gallery", options)


def digits(keys: list[Key]) -> Keyboard:
    """Numbered buttons, five in a row."""
    return tuple(tuple(keys[at : at + 5]) for at in range(0, len(keys), 5))


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
