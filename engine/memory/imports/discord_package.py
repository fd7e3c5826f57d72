"""Discord's data package: the ZIP archive that people request there. Only their own lines are in it.

Folders were renamed more than once ("messages", "Messages", in some languages other words), so channels are found by what
lies in them: `…/c123/messages.json` or, in older ones, `…/c123/messages.csv`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

from engine.memory.imports.dates import read_date
from engine.memory.imports.lines import Left, Line
from engine.memory.imports.source import LONGEST_LINE, Archive, Source, elements

_CHANNEL = re.compile(r"(?:^|/)c?\d{15,21}/messages\.(?P<kind>json|csv)$", re.IGNORECASE)
# Messages of one channel that are sorted, and characters of one: Discord allows no more even to those who pay.
MOST_LINES, LONGEST = 200_000, 4_000
NEVER = datetime.min.replace(tzinfo=UTC)
# What stands for people, channels, roles and emoji of the server's own.
_MENTION = re.compile(r"<(?:[@#][!&]?|a?:(?P<emoji>\w{1,40}):)\d{15,21}>")


class DiscordPackage:
    """Reads the messages of all channels, channel by channel, each from its oldest message on."""

    title = "a Discord data package"

    def fits(self, source: Source) -> bool:
        """Whether the archive has a channel in it."""
        if not source.is_archive:
            return False
        with source.archive() as archive:
            return any(_CHANNEL.search(name) for name in archive.names())

    def read(self, source: Source) -> Iterator[Line | Left]:
        """The lines of all channels."""
        with source.archive() as archive:
            for name in archive.names():
                if match := _CHANNEL.search(name):
                    yield from _channel(archive, name, match["kind"].lower())


def _channel(archive: Archive, name: str, kind: str) -> Iterator[Line | Left]:
    """A channel's lines, oldest first; Discord writes the newest first."""
    lines: list[Line] = []
    with archive.open(name) as file:
        for read in _of_json(file) if kind == "json" else _of_csv(file):
            if isinstance(read, Line) and len(lines) < MOST_LINES:
                lines.append(read)
            else:
                yield Left.BEYOND if isinstance(read, Line) else read
    yield from sorted(lines, key=lambda line: line.said_at or NEVER)


def _of_json(file: IO[bytes]) -> Iterator[Line | Left]:
    for told in elements(file):
        yield _line(told.get("Contents"), told.get("Timestamp")) if isinstance(told, dict) else Left.BROKEN


def _of_csv(file: IO[bytes]) -> Iterator[Line | Left]:
    csv.field_size_limit(LONGEST_LINE)
    text = io.TextIOWrapper(file, "utf-8-sig", "replace", newline="")
    bounded = iter(lambda: text.readline(LONGEST_LINE), "")
    rows = csv.DictReader(line.replace("\0", "") for line in bounded)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield Left.BROKEN
        else:
            yield _line(row.get("Contents"), row.get("Timestamp"))


def _line(words: Any, stamp: Any) -> Line | Left:
    if not isinstance(words, str):
        return Left.BROKEN
    said_at = read_date(stamp)
    if said_at is not None and said_at.tzinfo is None:
        said_at = said_at.replace(tzinfo=UTC)
    plain = _MENTION.sub(lambda match: f":{match['emoji']}:" if match["emoji"] else "…", words[:LONGEST])
    return Line("", plain, said_at, mine=True)
