"""What Discord refuses, from its documentation (developers/docs/components/reference): a test's own reading of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.surfaces.discord.post import Post

Json = Mapping[str, Any]

INSIDE = {
    "message": {1, 9, 10, 12, 13, 14, 17},
    "container": {1, 9, 10, 12, 13, 14},
}


def length(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2


def check_post(post: Post) -> None:
    """Raises AssertionError for anything that Discord would refuse."""
    json.dumps(post.components, ensure_ascii=False).encode()
    names = [file.filename for file in post.files]
    assert len(names) <= 10
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", name) for name in names)
    assert all(length(file.description) <= 1024 and file.content for file in post.files)
    if not post.components:
        assert post.flags == 0
        assert post.content.strip()
        return
    assert post.flags == 1 << 15
    assert not post.content
    check_components(post.components, names)


def check_components(components: list[dict[str, Any]], names: list[str]) -> None:
    every = list(walk(components))
    # 40 and 4000, less the line with a mention that may be put above a message.
    assert 1 <= len(every) <= 39, len(every)
    assert sum(length(piece["content"]) for piece in every if piece["type"] == 10) <= 3950
    ids = [piece["custom_id"] for piece in every if "custom_id" in piece]
    assert len(set(ids)) == len(ids), ids
    used = set()
    for piece in components:
        assert piece["type"] in INSIDE["message"]
    for piece in every:
        used |= check_piece(piece)
    assert used <= set(names), used - set(names)
    assert used == set(names), "a file that nothing shows is not shown at all"


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for piece in components:
        yield piece
        yield from walk(piece.get("components", []))
        if "accessory" in piece:
            yield piece["accessory"]


def check_piece(piece: Json) -> set[str]:
    """One component's own rules; returns the files that it shows."""
    match piece["type"]:
        case 1:
            check_row(piece)
        case 2:
            check_button(piece)
        case 3:
            check_select(piece)
        case 9:
            assert 1 <= len(piece["components"]) <= 3
            assert all(one["type"] == 10 for one in piece["components"])
            assert piece["accessory"]["type"] in (2, 11)
        case 10:
            assert piece["content"].strip()
        case 11:
            return {check_media(piece)}
        case 12:
            assert 1 <= len(piece["items"]) <= 10
            return {check_media(item) for item in piece["items"]}
        case 13:
            return {piece["file"]["url"].removeprefix("attachment://")}
        case 14:
            pass
        case 17:
            assert piece["components"]
            assert all(one["type"] in INSIDE["container"] for one in piece["components"])
            assert 0 <= piece["accent_color"] <= 0xFFFFFF
        case other:
            raise AssertionError(f"no component of a message: {other}")
    return set()


def check_row(piece: Json) -> None:
    kinds = [one["type"] for one in piece["components"]]
    assert kinds == [3] or (set(kinds) == {2} and len(kinds) <= 5), kinds


def check_button(piece: Json) -> None:
    assert piece["style"] in (1, 2, 3, 4)
    assert 1 <= length(piece["custom_id"]) <= 100
    assert piece["label"].strip()
    assert length(piece["label"]) <= 80
    check_emoji(piece)


def check_select(piece: Json) -> None:
    assert 1 <= length(piece["custom_id"]) <= 100
    assert length(piece.get("placeholder", "")) <= 150
    assert 1 <= len(piece["options"]) <= 25
    values = [one["value"] for one in piece["options"]]
    assert len(set(values)) == len(values)
    assert sum(one.get("default", False) for one in piece["options"]) <= piece["max_values"]
    for one in piece["options"]:
        assert one["label"].strip()
        assert one["value"]
        assert all(length(one.get(part, "")) <= 100 for part in ("label", "value", "description"))
        assert one.get("description", "x").strip()
        check_emoji(one)


def check_emoji(piece: Json) -> None:
    if "emoji" in piece:
        assert piece["emoji"]["name"]
        assert not piece["emoji"]["name"].isascii()


def check_media(item: Json) -> str:
    url = item["media"]["url"]
    assert url.startswith("attachment://")
    assert length(item.get("description", "")) <= 1024
    assert item.get("description", "x").strip()
    return str(url.removeprefix("attachment://"))


def check_modal(modal: Json) -> None:
    assert 1 <= length(modal["custom_id"]) <= 100
    assert 1 <= length(modal["title"]) <= 45
    assert modal["title"].strip()
    assert 1 <= len(modal["components"]) <= 5
    ids = [one["component"]["custom_id"] for one in modal["components"]]
    assert len(set(ids)) == len(ids)
    for one in modal["components"]:
        assert one["type"] == 18
        assert one["label"].strip()
        assert length(one["label"]) <= 45
        assert length(one.get("description", "")) <= 100
        check_input(one["component"])


def check_input(piece: Json) -> None:
    assert piece["type"] == 4
    assert piece["style"] in (1, 2)
    assert 1 <= length(piece["custom_id"]) <= 100
    assert 1 <= piece["max_length"] <= 4000
    assert length(piece.get("value", "")) <= piece["max_length"]
    assert length(piece.get("placeholder", "")) <= 100
    assert "label" not in piece
