"""Words in the files of a folder, in whatever way a file may hold them: what was forgotten must be in none."""

from __future__ import annotations

import json
from pathlib import Path


def files_with(folder: Path, *words: str) -> list[str]:
    """The files of a folder that hold one of the words, in any case, as UTF-8, UTF-16 or escaped for JSON."""
    ways = [way for word in words for way in _ways(word)]
    found = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = file.read_bytes().lower()
        found += [f"{file.relative_to(folder)}: {way!r}" for way in ways if way in content]
    return found


def _ways(word: str) -> set[bytes]:
    lower = word.lower()
    escaped = json.dumps(lower).strip('"')
    return {
        lower.encode(),
        lower.encode("utf-16-le"),
        lower.encode("utf-16-be"),
        escaped.encode().lower(),
    }
