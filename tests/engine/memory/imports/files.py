"""Histories as other programs write them, for the tests of imports; all of them invented."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def tavern(
    *lines: Mapping[str, Any] | str, user: str = "Ada", character: str = "Maya", header: bool = True
) -> str:
    """A SillyTavern chat; a text among the lines stands as it is."""
    first = {
        "user_name": user,
        "character_name": character,
        "create_date": "2024-01-02@12h30m00s",
        "chat_metadata": {},
    }
    rows = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    return "\n".join([json.dumps(first), *rows] if header else rows)


def said(name: str, mes: str, date: object = "January 2, 2024 12:34pm", **more: Any) -> dict[str, Any]:
    """A message of SillyTavern; the person is called Ada."""
    return {"name": name, "is_user": name == "Ada", "is_system": False, "send_date": date, "mes": mes, **more}


def package(
    channels: Mapping[str, Sequence[tuple[str, str]]], *, folder: str = "messages", as_csv: bool = False
) -> bytes:
    """A Discord data package: channels with (timestamp, words), the newest first, as Discord writes them."""
    files: dict[str, str] = {f"{folder}/index.json": json.dumps(dict.fromkeys(channels, "somewhere"))}
    for channel, rows in channels.items():
        at = f"{folder}/c{channel}"
        files[f"{at}/channel.json"] = json.dumps({"id": channel, "type": 1})
        if as_csv:
            out = io.StringIO()
            csv.writer(out).writerows(
                [("ID", "Timestamp", "Contents", "Attachments"), *((1, *row, "") for row in rows)]
            )
            files[f"{at}/messages.csv"] = out.getvalue()
        else:
            told = [
                {"ID": 1, "Timestamp": stamp, "Contents": words, "Attachments": ""} for stamp, words in rows
            ]
            files[f"{at}/messages.json"] = json.dumps(told)
    return archive(files)


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def write(path: Path, content: str | bytes) -> Path:
    """The file with this content."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
