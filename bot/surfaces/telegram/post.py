"""What a view becomes on Telegram: words, pictures, buttons. views.py and wizard.py make it, presenter.py sends it.

A view may be shown in several ways (a page of the catalog, one question of a step). Which way is the button's `look`; it
travels with the click through the door and comes back to `Views.post(…, look=…)`, so nothing has to be remembered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.messages import Call
from bot.ports import Calls
from bot.surfaces.buttons import pack, unpack

# Telegram's limits, in UTF-16 units of the text without its markup.
TEXT_LENGTH, CAPTION_LENGTH = 4096, 1024
ALBUM = 10  # pictures
DATA_LENGTH = 64  # bytes of a button
# What a button carries that takes its own message away: nothing is asked of anybody.
DISMISS = "dismiss"

_LOOK = re.compile(r"l([a-z0-9]+)\|")


@dataclass(frozen=True, slots=True)
class Key:
    """A button: it calls a command or opens an address; one that does neither takes its message away.

    `look` says how the view is shown that the command answers.
    """

    label: str
    call: Call | None = None
    url: str = ""
    look: str = ""


Keyboard = tuple[tuple[Key, ...], ...]


@dataclass(frozen=True, slots=True)
class Post:
    """One message, perhaps with an album beside it. Captions of the album are plain.

    With `force_reply` (the placeholder) it is a message of its own that asks; the answer fills `option` of `expects`, and
    what comes of it is shown by `look`.
    """

    html: str
    plain: str
    keyboard: Keyboard = ()
    photo: str = ""  # path
    drawn: bytes = b""  # a picture that is made for this message alone
    awaits: bool = False  # its portrait is still being drawn
    album: tuple[tuple[str, str], ...] = ()  # (path, caption)
    document: tuple[str, bytes] | None = None  # (file name, content)
    force_reply: str = ""
    expects: Call | None = None
    option: str = ""
    look: str = ""

    @property
    def picture(self) -> str | bytes:
        """The picture over the words, by its path or as it is; nothing where there is none."""
        return self.photo or self.drawn


async def write_data(key: Key, person_id: str, calls: Calls, limit: int = DATA_LENGTH) -> str:
    """What the button carries."""
    if key.call is None:
        return DISMISS
    look = f"l{key.look}|" if key.look else ""
    return look + await pack(key.call, limit - len(look), person_id, calls)


async def read_data(data: str, calls: Calls) -> tuple[Call, str]:
    """The command behind a button, and the look. Raises NotFoundError, InputError with a sentence for people."""
    found = _LOOK.match(data)
    call = await unpack(data[found.end() :] if found else data, calls)
    return call, found[1] if found else ""
