"""JSON that servers send, of which nothing is taken for granted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

Json = Mapping[str, object]
# No count of tokens or slots is larger: what is more would not even fit into a float.
MOST = 1 << 40


def as_object(value: object) -> Json:
    """A JSON object; anything else counts as an empty one."""
    return cast("Json", value) if isinstance(value, dict) else {}


def whole(value: object) -> int:
    """A count; 0 if it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST else 0


def writable(text: str) -> str:
    """A text without halves of characters, which JSON can have and no file or database takes."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
