"""Writes what was fetched into a configuration file; everything else in it stays as it is, comments too."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from engine.errors import ConfigError

# A line that begins a table.
TABLE = re.compile(r"\s*\[\s*([\w.-]+)\s*\]\s*(#.*)?$")

Value = str | bool | tuple[str, ...]
# A table, a key in it, and its value.
Entry = tuple[str, str, Value]


def configure(path: Path, entries: Sequence[Entry]) -> None:
    """Set some keys in a configuration file; everything else in it stays as it is, comments too. Raises ConfigError."""
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    try:
        wanted = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}. Mend it first.") from None
    new = text
    for table, key, value in entries:
        wanted.setdefault(table, {})[key] = list(value) if isinstance(value, tuple) else value
        new = _with(new, table, key, value)
    if not _says(new, wanted):
        raise ConfigError(
            f"{path} is written in a way that only you can change. Write into it:\n\n{lines(entries)}"
        )
    part = path.with_name(f"{path.name}.new")
    part.write_text(new, encoding="utf-8")
    part.replace(path)


def lines(entries: Sequence[Entry]) -> str:
    """What is to be written into a configuration file, each table once."""
    tables = dict.fromkeys(table for table, _, _ in entries)
    return "\n".join(
        "\n".join([f"[{table}]", *(_line(key, value) for own, key, value in entries if own == table), ""])
        for table in tables
    )


def _line(key: str, value: Value) -> str:
    if isinstance(value, tuple):
        listed = ", ".join(f'"{one}"' for one in value)
        return f"{key} = [{listed}]"
    return f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {str(value).lower()}"


def _with(text: str, table: str, key: str, value: Value) -> str:
    """The text with one key changed, or added below its table, or with the table at its end."""
    rows, line = text.splitlines(), _line(key, value)
    start = next((at for at, one in enumerate(rows) if (t := TABLE.match(one)) and t[1] == table), None)
    if start is None:
        return "\n".join([*rows, *([""] if rows else []), f"[{table}]", line, ""])
    stop = next((at for at in range(start + 1, len(rows)) if rows[at].lstrip().startswith("[")), len(rows))
    own = [at for at in range(start + 1, stop) if re.match(rf"\s*{key}\s*=", rows[at])]
    if own:
        rows[own[0]] = line
    else:
        rows.insert(start + 1, line)
    return "\n".join([*rows, ""])


def _says(text: str, wanted: dict[str, object]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False
