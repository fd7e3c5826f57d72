"""Discord's rules for components: message components, old and V2, and modals. Called by messages.py and interactions.py;
complains into a Form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.loopback.discord.errors import Form, Json
from tests.loopback.discord.world import walk

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 9, 10, 11, 12, 13, 14, 17, 18
SELECTS = (STRING_SELECT, 5, 6, 7, 8)
TOP_LEVEL = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER)
IN_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
IN_LABEL = (*SELECTS, TEXT_INPUT, 19, 21, 22, 23)
# Published limits.
MOST_COMPONENTS = 40
MOST_ROWS = 5
MOST_TEXT = 4000
MOST_OPTIONS = 25
WRONG_TYPE = "UNION_TYPE_CHOICES"


class MessageComponents:
    """Checks the components of one message."""

    def __init__(self, form: Form, *, v2: bool, files: Iterable[str]) -> None:
        self._form = form
        self._v2 = v2
        self._files = set(files)

    def check(self, components: Any) -> None:
        """Blame everything that is wrong with them."""
        if not isinstance(components, list):
            self._form.add("components", "BASE_TYPE_BAD_TYPE", "Must be a list.")
            return
        whole = walk(components)
        if self._v2 and len(whole) > MOST_COMPONENTS:
            self._form.add(
                "components", "BASE_TYPE_BAD_LENGTH", f"Must be {MOST_COMPONENTS} or fewer in length."
            )
        if not self._v2 and len(components) > MOST_ROWS:
            self._form.add(
                "components", "BASE_TYPE_BAD_LENGTH", f"Must be between 0 and {MOST_ROWS} in length."
            )
        if sum(len(part.get("content") or "") for part in whole if part.get("type") == TEXT) > MOST_TEXT:
            self._form.add("components", "COMPONENT_MAX_TOTAL_TEXT", f"Texts exceed {MOST_TEXT} characters.")
        unique_ids(self._form, whole)
        self._children("components", components, TOP_LEVEL if self._v2 else (ROW,))

    def _children(self, path: str, parts: list[Json], allowed: tuple[int, ...]) -> None:
        for place, part in enumerate(parts):
            at = f"{path}.{place}"
            if part.get("type") not in allowed:
                self._form.add(f"{at}.type", WRONG_TYPE, f'Value of field "type" must be one of {allowed}.')
            else:
                self._one(at, part)

    def _one(self, at: str, part: Json) -> None:
        match part["type"]:
            case 1:
                self._row(at, part)
            case 9:
                self._section(at, part)
            case 10:
                self._form.length(f"{at}.content", part.get("content"), 1, MOST_TEXT)
            case 12:
                self._gallery(at, part)
            case 13:
                self._media(f"{at}.file", part.get("file"), only_attached=True)
            case 17:
                self._form.count(f"{at}.components", part.get("components"), 1, MOST_COMPONENTS)
                self._children(f"{at}.components", part.get("components") or [], IN_CONTAINER)

    def _row(self, at: str, part: Json) -> None:
        inside = part.get("components")
        self._form.count(f"{at}.components", inside, 1, 5)
        has_select = any(one.get("type") in SELECTS for one in inside or [])
        if has_select and len(inside or []) > 1:
            self._form.add(
                f"{at}.components",
                "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                "The specified component exceeds the maximum width",
            )
        for place, one in enumerate(inside or []):
            where = f"{at}.components.{place}"
            if one.get("type") == BUTTON:
                button(self._form, where, one)
            elif one.get("type") in SELECTS:
                select(self._form, where, one)
            else:
                self._form.add(f"{where}.type", WRONG_TYPE, "A row holds buttons or one select.")

    def _section(self, at: str, part: Json) -> None:
        inside = part.get("components")
        self._form.count(f"{at}.components", inside, 1, 3)
        self._children(f"{at}.components", inside or [], (TEXT,))
        accessory = part.get("accessory")
        if not isinstance(accessory, dict):
            self._form.add(f"{at}.accessory", "BASE_TYPE_REQUIRED", "This field is required")
        elif accessory.get("type") == BUTTON:
            button(self._form, f"{at}.accessory", accessory)
        elif accessory.get("type") == THUMBNAIL:
            self._media(f"{at}.accessory.media", accessory.get("media"))
        else:
            self._form.add(f"{at}.accessory.type", WRONG_TYPE, "Must be a button or a thumbnail.")

    def _gallery(self, at: str, part: Json) -> None:
        self._form.count(f"{at}.items", part.get("items"), 1, 10)
        for place, item in enumerate(part.get("items") or []):
            self._media(f"{at}.items.{place}.media", item.get("media"))
            self._form.length(f"{at}.items.{place}.description", item.get("description"), 0, 1024)

    def _media(self, at: str, media: Json | None, *, only_attached: bool = False) -> None:
        url = (media or {}).get("url") or ""
        scheme, _, rest = url.partition("://")
        if scheme == "attachment":
            if rest not in self._files:
                self._form.add(
                    f"{at}.url",
                    "BASE_TYPE_ATTACHMENT_NOT_FOUND",
                    f"The attachment {rest} is not in this message.",
                )
        elif only_attached or scheme not in ("http", "https"):
            self._form.add(f"{at}.url", "URL_TYPE_INVALID_SCHEME", f'Scheme "{scheme}" is not supported.')


def unique_ids(form: Form, whole: list[Json]) -> None:
    """No two components of a message or modal share a custom_id."""
    seen: set[str] = set()
    for part in whole:
        name = part.get("custom_id")
        if name in seen:
            form.add(
                "components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
            )
        if name is not None:
            seen.add(name)


def button(form: Form, at: str, part: Json) -> None:
    """One button."""
    form.length(f"{at}.label", part.get("label"), 0, 80)
    style = part.get("style")
    if style == 5:
        form.length(f"{at}.url", part.get("url"), 1, 512)
    elif style in (1, 2, 3, 4):
        form.length(f"{at}.custom_id", part.get("custom_id"), 1, 100)
        if part.get("url"):
            form.add(
                f"{at}.url",
                "BUTTON_COMPONENT_CUSTOM_ID_AND_URL",
                "A custom id and url cannot both be specified",
            )
    elif style != 6:
        form.add(f"{at}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6).")
    if style != 6 and not part.get("label") and not part.get("emoji"):
        form.add(f"{at}.label", "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or an emoji is required")


def bounds(part: Json) -> tuple[int, int]:
    """How few and how many values a select or an upload takes; null counts as absent."""
    fewest, most = part.get("min_values"), part.get("max_values")
    return 1 if fewest is None else fewest, 1 if most is None else most


def select(form: Form, at: str, part: Json) -> None:
    """One select menu of any kind."""
    form.length(f"{at}.custom_id", part.get("custom_id"), 1, 100)
    form.length(f"{at}.placeholder", part.get("placeholder"), 0, 150)
    fewest, most = bounds(part)
    if not 0 <= fewest <= 25 or not 1 <= most <= 25 or fewest > most:
        form.add(f"{at}.max_values", "NUMBER_TYPE_MAX", "min_values and max_values must lie within 0 to 25.")
    if part["type"] == STRING_SELECT:
        _options(form, at, part, most)


def _options(form: Form, at: str, part: Json, most: int) -> None:
    options = part.get("options")
    form.count(f"{at}.options", options, 1, MOST_OPTIONS)
    values = [option.get("value") for option in options or []]
    if len(set(values)) < len(values):
        form.add(
            f"{at}.options",
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
            "The specified option value is already used",
        )
    if most > len(values):
        form.add(
            f"{at}.max_values", "SELECT_COMPONENT_MAX_VALUES", "max_values exceeds the number of options."
        )
    if sum(bool(option.get("default")) for option in options or []) > most:
        form.add(
            f"{at}.options", "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "More defaults than may be chosen."
        )
    for place, option in enumerate(options or []):
        form.length(f"{at}.options.{place}.label", option.get("label"), 1, 100)
        form.length(f"{at}.options.{place}.value", option.get("value"), 1, 100)
        form.length(f"{at}.options.{place}.description", option.get("description"), 0, 100)


def modal(form: Form, data: Json) -> None:
    """A whole modal, the `data` of callback type 9."""
    form.length("data.title", data.get("title"), 1, 45)
    form.length("data.custom_id", data.get("custom_id"), 1, 100)
    parts = data.get("components")
    form.count("data.components", parts, 1, 5)
    unique_ids(form, walk(parts or []))
    for place, part in enumerate(parts or []):
        at = f"data.components.{place}"
        if part.get("type") == LABEL:
            _label(form, at, part)
        elif part.get("type") == ROW:
            form.count(f"{at}.components", part.get("components"), 1, 1)
            for one in part.get("components") or []:
                form.length(f"{at}.components.0.label", one.get("label"), 1, 45)
                _modal_input(form, f"{at}.components.0", one, (TEXT_INPUT,))
        elif part.get("type") == TEXT:
            form.length(f"{at}.content", part.get("content"), 1, MOST_TEXT)
        else:
            form.add(f"{at}.type", WRONG_TYPE, "A modal holds labels, texts and rows of one text input.")


def _label(form: Form, at: str, part: Json) -> None:
    form.length(f"{at}.label", part.get("label"), 1, 45)
    form.length(f"{at}.description", part.get("description"), 0, 100)
    inside = part.get("component")
    if not isinstance(inside, dict):
        form.add(f"{at}.component", "BASE_TYPE_REQUIRED", "This field is required")
    else:
        _modal_input(form, f"{at}.component", inside, IN_LABEL)


def _modal_input(form: Form, at: str, part: Json, allowed: tuple[int, ...]) -> None:
    kind = part.get("type")
    if kind not in allowed:
        form.add(f"{at}.type", WRONG_TYPE, f'Value of field "type" must be one of {allowed}.')
    elif kind in SELECTS:
        select(form, at, part)
    elif kind == TEXT_INPUT:
        _text_input(form, at, part)
    else:
        form.length(f"{at}.custom_id", part.get("custom_id"), 1, 100)


def _text_input(form: Form, at: str, part: Json) -> None:
    form.length(f"{at}.custom_id", part.get("custom_id"), 1, 100)
    form.length(f"{at}.placeholder", part.get("placeholder"), 0, 100)
    shortest, longest = part.get("min_length") or 0, part.get("max_length") or 4000
    if not 0 <= shortest <= 4000 or not 1 <= longest <= 4000 or shortest > longest:
        form.add(f"{at}.max_length", "NUMBER_TYPE_MAX", "Lengths must lie within 0 to 4000.")
    form.length(f"{at}.value", part.get("value"), 0, min(longest, 4000))
    if part.get("style") not in (1, 2):
        form.add(f"{at}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2).")
