"""What a file is, found out by its content; `importing.py` asks here. Another format is one more reader in `READERS`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.memory.imports.discord_package import DiscordPackage
from engine.memory.imports.lines import HistoryError, Reader
from engine.memory.imports.objects import JsonChat
from engine.memory.imports.plain import PlainText
from engine.memory.imports.sillytavern import SillyTavern
from engine.memory.imports.source import Source

# The particular first: any of them could be taken for the last.
READERS: Sequence[Reader] = (DiscordPackage(), SillyTavern(), JsonChat(), PlainText())
UNKNOWN = (
    "That is no conversation history I can read. Send a SillyTavern chat (.jsonl), a Discord data package (.zip), "
    "an export of WhatsApp, Telegram or ChatGPT, or a text with a name before each line."
)
SEVERAL = "That archive has {count} files with chats in it. Unpack it, and send the one you mean."
# What may be a chat inside of an archive, and how many of them are looked at.
_CHAT = re.compile(r"\.(?:txt|jsonl?)$", re.IGNORECASE)
MOST_MEMBERS = 40


def recognise(source: Source) -> tuple[Reader, Source]:
    """The reader of a file, and what it reads: the file, or the one chat in it. Raises HistoryError, UnreadableError."""
    source.check()
    if reader := _reader(source):
        return reader, source
    if source.is_archive:
        found = [(reader, member) for member in _members(source) if (reader := _reader(member))]
        if len(found) == 1:
            return found[0]
        if found:
            raise HistoryError(SEVERAL.format(count=len(found)))
    raise HistoryError(UNKNOWN)


def _reader(source: Source) -> Reader | None:
    return next((reader for reader in READERS if reader.fits(source)), None)


def _members(source: Source) -> list[Source]:
    with source.archive() as archive:
        names = [name for name in archive.names() if _CHAT.search(name) and "__MACOSX" not in name]
    return [Source(source.path, name) for name in names[:MOST_MEMBERS]]
