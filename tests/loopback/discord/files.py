"""Uploaded files: their kind, their size in pixels, their place in the world. Called by messages.py and control.py."""

from __future__ import annotations

import io
import mimetypes
import re

from PIL import Image, UnidentifiedImageError

from tests.loopback.discord.errors import known
from tests.loopback.discord.world import Attachment, World

# Bytes of one file without boosts: 10 MiB.
LARGEST_FILE = 10 * 1024 * 1024


def store(world: World, channel_id: int, filename: str, content: bytes) -> Attachment:
    """Keep a file as Discord does: named safely, measured if it is a picture; 40005 when it is too large."""
    if len(content) > LARGEST_FILE:
        raise known("too large")
    safe = re.sub(r"[^\w.-]", "_", filename) or "file"
    kind = mimetypes.guess_type(safe)[0] or "application/octet-stream"
    file = world.add_attachment(channel_id, safe, content, kind)
    if file.is_picture:
        try:
            with Image.open(io.BytesIO(content)) as picture:
                file.width, file.height = picture.size
        except UnidentifiedImageError:
            pass
    return file
