"""Pictures, albums, documents, voice: uploaded or sent again by their file_id, with Telegram's limits of size."""

import io
from typing import Any

from PIL import Image, UnidentifiedImageError

from tests.loopback.telegram import entities
from tests.loopback.telegram.entities import Entity
from tests.loopback.telegram.errors import ApiError, bad_request
from tests.loopback.telegram.methods import common, messages
from tests.loopback.telegram.model import Chat, Media
from tests.loopback.telegram.params import Params
from tests.loopback.telegram.units import units
from tests.loopback.telegram.world import World

MEBIBYTE = 1024 * 1024

# The most bytes by kind, and of a file that getFile hands out.
MOST_BYTES = {"photo": 10 * MEBIBYTE, "document": 50 * MEBIBYTE, "voice": 50 * MEBIBYTE}
MOST_FETCHED = 20 * MEBIBYTE

# A picture's width and height together, and one divided by the other.
MOST_SIDES = 10_000
MOST_RATIO = 20

# The topic that every forum has.
GENERAL = 1

ALBUM = range(2, 11)

MIME = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "json": "application/json",
    "txt": "text/plain",
    "zip": "application/zip",
    "ogg": "audio/ogg",
    "webp": "image/webp",
}


def stored(world: World, call: Params, kind: str, name: str, value: str = "", spoiler: bool = False) -> Media:
    """The file of a parameter, checked and kept."""
    value = value or call.text(name)
    upload = call.upload(name, value)
    if upload is None:
        return _known(world, kind, value, spoiler)
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > MOST_BYTES[kind]:
        if kind == "photo":
            raise bad_request(
                f"file of size {len(upload.content)} bytes is too big for a photo; "
                f"the maximum size is {MOST_BYTES[kind]} bytes"
            )
        raise ApiError(413, "Request Entity Too Large")
    width, height = _measured(upload.content) if kind == "photo" else (0, 0)
    file = world.store(upload.content, upload.name, kind)
    mime = MIME.get(upload.name.rpartition(".")[2].lower(), "application/octet-stream")
    return Media(kind, file, width, height, mime, call.number("duration"), spoiler)


def _known(world: World, kind: str, value: str, spoiler: bool) -> Media:
    """A file that Telegram has already."""
    if not value:
        raise bad_request(f"there is no {kind} in the request")
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    file = world.file(value)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if kind == "photo" and not file.path.startswith("photos/"):
        raise bad_request("can't use file of type Document as Photo")
    width, height = _measured(file.content) if kind == "photo" else (0, 0)
    return Media(kind, file, width, height, spoiler=spoiler)


def _measured(content: bytes) -> tuple[int, int]:
    """A picture's width and height; what is none is refused."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, OSError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    if width + height > MOST_SIDES or max(width, height) > MOST_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _single(world: World, call: Params, kind: str) -> dict[str, Any]:
    """One message with one file."""
    chat = common.writable(world, call)
    text, found = common.formatted(call, "caption", common.MOST_CAPTION)
    parts = common.envelope(world, chat, call)
    media = stored(world, call, kind, kind, spoiler=call.flag("has_spoiler"))
    world.limits.charge(chat.id)
    return world.post(chat, world.bot, text=text, entities=found, media=media, **parts).to_api()


def send_photo(world: World, call: Params) -> dict[str, Any]:
    """sendPhoto"""
    return _single(world, call, "photo")


def send_document(world: World, call: Params) -> dict[str, Any]:
    """sendDocument"""
    return _single(world, call, "document")


def send_voice(world: World, call: Params) -> dict[str, Any]:
    """sendVoice"""
    return _single(world, call, "voice")


def send_media_group(world: World, call: Params) -> list[dict[str, Any]]:
    """sendMediaGroup: an album; it counts as many messages as it has files."""
    chat = common.writable(world, call)
    items = call.data("media") or []
    if len(items) not in ALBUM:
        raise bad_request("the group must have from 2 to 10 items")
    if len({_album_kind(item) for item in items}) > 1:
        raise bad_request("documents can't be mixed with other media types")
    parts = common.envelope(world, chat, call)
    parts["markup"] = None
    parts["album"] = str(10_000_000_000 + world.serial())
    contents = [_item(world, call, item) for item in items]
    world.limits.charge(chat.id, len(contents))
    sent = [
        world.post(chat, world.bot, text=text, entities=found, media=media, **parts)
        for media, text, found in contents
    ]
    return [message.to_api() for message in sent]


def _album_kind(item: dict[str, Any]) -> str:
    """photo or document: other kinds are not spoken here."""
    kind = str(item.get("type"))
    if kind not in {"photo", "document"}:
        raise bad_request("can't parse InputMedia: type must be photo or document")
    return kind


def _item(world: World, call: Params, item: dict[str, Any]) -> tuple[Media, str, list[Entity]]:
    """One InputMedia: its file and its caption."""
    kind = _album_kind(item)
    media = stored(world, call, kind, "media", str(item.get("media", "")), bool(item.get("has_spoiler")))
    text, found = entities.parsed(
        str(item.get("caption") or ""), str(item.get("parse_mode") or ""), item.get("caption_entities")
    )
    if units(text) > common.MOST_CAPTION:
        raise bad_request("message caption is too long")
    return media, text, found


def edit_message_media(world: World, call: Params) -> dict[str, Any]:
    """editMessageMedia: another picture in the same message, or one in a message that had none."""
    chat = common.writable(world, call)
    message = common.own_message(world, chat, call)
    item = call.data("media")
    if not isinstance(item, dict):
        raise bad_request("message content is not specified")
    media, text, found = _item(world, call, item)
    if message.album and message.media is not None and media.kind != message.media.kind:
        raise bad_request("Can't use the media of the specified type in the album")
    return messages.change(world, message, call, media=media, text=text, entities=found)


def get_file(world: World, call: Params) -> dict[str, Any]:
    """getFile: where to fetch it."""
    file = world.file(call.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > MOST_FETCHED:
        raise bad_request("file is too big")
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.content),
        "file_path": file.path,
    }


def send_chat_action(world: World, call: Params) -> bool:
    """sendChatAction: “typing…”."""
    chat: Chat = common.writable(world, call)
    if call.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    # Unlike messages, actions name the topic General by its number.
    general = chat.forum and call.number("message_thread_id") == GENERAL
    topic = None if general else common.thread(world, chat, call)
    world.note(chat, "action", world.bot, text=call.text("action"), method=call.method, topic=topic)
    return True


ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}

METHODS = {
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendVoice": send_voice,
    "sendMediaGroup": send_media_group,
    "editMessageMedia": edit_message_media,
    "getFile": get_file,
    "sendChatAction": send_chat_action,
}
