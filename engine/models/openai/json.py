"""JSON that servers send, of which nothing is taken for granted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

Json = Mapping[str, object]


def as_object(value: object) -> Json:
    """A JSON object; anything else counts as an empty one."""
    return cast("Json", value) if isinstance(value, dict) else {}


def whole(value: object) -> int:
    """A count; 0 if it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
