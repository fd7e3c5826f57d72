"""Discord's Components V2 as plain JSON, within Discord's limits by construction.

`sheet.py`, `views.py` and `wizard.py` build messages of these pieces, `forms.py` builds forms. What is too long is
shortened with “…”; `message` makes sure that the whole is something Discord takes. Nothing here knows our views.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

# One component as Discord documents it: https://discord.com/developers/docs/components/reference
Component = dict[str, object]

# Discord's limits, in characters unless said otherwise.
COMPONENTS = 40  # in a message, counted with everything inside them
TEXT = 4000  # in all text displays of a message together
LABEL = 80  # on a button
CUSTOM_ID = 100
OPTIONS = 25  # in one select
OPTION = 100  # each of an option's label, value and description
PLACEHOLDER = 150  # of a select
ROW = 5  # buttons
GALLERY = 10  # pictures
DESCRIPTION = 1024  # of a picture, for people who do not see it
TITLE = 45  # of a form, and of each label in it
LABELS = 5  # questions in one form
HINT = 100  # a question's description, and an input's placeholder
INPUT = 4000  # an input's text
# Kept free of these (and of the components one), for the line with a mention that `outgoing.py` may put above a message.
SPARE_TEXT = 50
# `flags` of a message that is made of components.
COMPONENTS_V2 = 1 << 15

ACTION_ROW, BUTTON, SELECT, TEXT_INPUT = 1, 2, 3, 4
SECTION, TEXT_DISPLAY, THUMBNAIL, MEDIA_GALLERY, FILE = 9, 10, 11, 12, 13
CONTAINER, LABEL_BLOCK = 17, 18
PRIMARY, SECONDARY, SUCCESS, DANGER = 1, 2, 3, 4

ELLIPSIS = "…"
# Marks that turn the direction of what follows them: in a label they would turn our own words around, too.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def length(words: str) -> int:
    """Length in UTF-16 units: what Discord's own app counts, and never less than what its servers count."""
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def shorten(words: str, limit: int) -> str:
    """The words, with “…” at the end if there are more than fit."""
    if length(words) <= limit:
        return words
    room = limit - length(ELLIPSIS)
    kept = words[:room]
    while length(kept) > room:
        kept = kept[: -max(1, (length(kept) - room) // 2)]
    return kept.rstrip(" \n,;:–").rstrip("\\") + ELLIPSIS


def line(words: str, limit: int, fallback: str = "–") -> str:
    """Words as one line that fits and is never empty: Discord refuses labels without anything to see."""
    return shorten(" ".join(_TURNS.sub("", words).split()), limit) or fallback


def text(words: str) -> Component:
    """A piece of text; Discord's markdown applies."""
    return {"type": TEXT_DISPLAY, "content": shorten(words.strip(), TEXT) or "–"}


def thumbnail(filename: str, description: str = "") -> Component:
    """A small picture beside a section."""
    return {"type": THUMBNAIL, **_picture(filename, description)}


def section(words: str, accessory: Component) -> Component:
    """Text with a small picture or a button at its side."""
    return {"type": SECTION, "components": [text(words)], "accessory": accessory}


def gallery(pictures: Iterable[tuple[str, str]]) -> Component:
    """Pictures by (filename, description); there must be one at least."""
    return {"type": MEDIA_GALLERY, "items": [_picture(*one) for one in list(pictures)[:GALLERY]]}


def file(filename: str) -> Component:
    """A file to download."""
    return {"type": FILE, "file": {"url": f"attachment://{filename}"}}


def button(label: str, custom_id: str, *, style: int = SECONDARY, emoji: str = "", disabled: bool = False) -> Component:  # fmt: skip
    """A button."""
    piece: Component = {"type": BUTTON, "style": style, "label": line(label, LABEL), "custom_id": custom_id}
    if emoji:
        piece["emoji"] = {"name": emoji}
    return {**piece, "disabled": True} if disabled else piece


def option(
    label: str, value: str, *, description: str = "", emoji: str = "", default: bool = False
) -> Component:
    """One entry of a select."""
    piece: Component = {"label": line(label, OPTION), "value": value}
    if description.strip():
        piece["description"] = line(description, OPTION)
    if emoji:
        piece["emoji"] = {"name": emoji}
    return {**piece, "default": True} if default else piece


def select(custom_id: str, options: Iterable[Component], placeholder: str = "") -> Component:
    """A menu to choose one of, in its own row. Values that come twice are shown once."""
    by_value: dict[object, Component] = {}
    for one in options:
        by_value.setdefault(one["value"], one)
    piece: Component = {
        "type": SELECT,
        "custom_id": custom_id,
        "options": list(by_value.values())[:OPTIONS],
        "min_values": 1,
        "max_values": 1,
    }
    if placeholder.strip():
        piece["placeholder"] = line(placeholder, PLACEHOLDER)
    return row(piece)


def row(*controls: Component) -> Component:
    """Controls side by side."""
    return {"type": ACTION_ROW, "components": list(controls[:ROW])}


def rows(buttons: Sequence[Component], limit: int = 3) -> list[Component]:
    """Buttons in as many rows as they need, `limit` at most."""
    return [row(*buttons[at : at + ROW]) for at in range(0, min(len(buttons), limit * ROW), ROW)]


def container(components: Iterable[Component], accent: int) -> Component:
    """A box with a coloured edge."""
    return {"type": CONTAINER, "accent_color": accent, "components": list(components)}


def text_input(
    custom_id: str,
    *,
    value: str = "",
    placeholder: str = "",
    long: bool = False,
    required: bool = False,
    limit: int = INPUT,
) -> Component:
    """A line or a box to write in; what is there already always fits."""
    value = value[:INPUT]
    piece: Component = {
        "type": TEXT_INPUT,
        "custom_id": custom_id,
        "style": 2 if long else 1,
        "required": required,
        "max_length": min(INPUT, max(1, limit, length(value))),
    }
    if value:
        piece["value"] = value
    if placeholder.strip():
        piece["placeholder"] = line(placeholder, HINT)
    return piece


def label(words: str, control: Component, description: str = "") -> Component:
    """A question of a form with its control."""
    piece: Component = {"type": LABEL_BLOCK, "label": line(words, TITLE), "component": control}
    if description.strip():
        piece["description"] = line(description, HINT)
    return piece


def modal(custom_id: str, title: str, labels: Sequence[Component]) -> Component:
    """A form: the data of the answer to an interaction that opens it."""
    return {"custom_id": custom_id, "title": line(title, TITLE), "components": list(labels[:LABELS])}


def message(components: Sequence[Component]) -> list[Component]:
    """The components of a whole message: texts shortened until they fit together, ids told apart."""
    pieces = list(walk(components))
    _shorten_together([piece for piece in pieces if piece["type"] == TEXT_DISPLAY])
    _tell_apart([piece for piece in pieces if "custom_id" in piece])
    return list(components)


def walk(components: Iterable[Component]) -> Iterator[Component]:
    """All components with those inside them, as Discord counts them."""
    for piece in components:
        yield piece
        yield from walk(cast("list[Component]", piece.get("components", [])))
        if "accessory" in piece:
            yield cast("Component", piece["accessory"])


def _picture(filename: str, description: str) -> Component:
    item: Component = {"media": {"url": f"attachment://{filename}"}}
    return {**item, "description": line(description, DESCRIPTION)} if description.strip() else item


def _shorten_together(texts: Sequence[Component]) -> None:
    """Cut the longest text first, so that headings and short lines stay whole."""
    while (over := sum(length(str(one["content"])) for one in texts) - TEXT + SPARE_TEXT) > 0:
        longest = max(texts, key=lambda one: length(str(one["content"])))
        size = length(str(longest["content"]))
        longest["content"] = shorten(str(longest["content"]), max(size // 2, size - over))


def _tell_apart(controls: Sequence[Component]) -> None:
    """Discord refuses a message in which two controls have the same id; `custom_id.py` reads past the mark."""
    seen: set[object] = set()
    for number, control in enumerate(controls):
        if control["custom_id"] in seen:
            control["custom_id"] = f"u{number}|{control['custom_id']}"
        seen.add(control["custom_id"])
