"""The file that is imported, read piece by piece: whatever it claims, only so much of it is ever held or unpacked.

The readers call it. Nothing of an archive is written to disk, and its names are only compared, so that they cannot lead
anywhere.
"""

from __future__ import annotations

import codecs
import io
import json
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from engine.errors import InputError

# Bytes of a file: years of talk in any format; Discord's packages without pictures are smaller.
MOST_BYTES = 200_000_000
# Bytes that all we read of an archive may unpack to; text packs to a fifth, a bomb to a
# thousandth, and nobody has said as much.
MOST_UNPACKED = 500_000_000
# Bytes of an archive's table of contents: some 200,000 files.
MOST_CONTENTS = 24_000_000
# Bytes of one line, or of one object of a list: a message, with room to spare.
LONGEST_LINE = 1_000_000
# Bytes that are looked at to find out what a file is.
HEAD = 65_536
# Bytes of a JSON file that has to be read at once, because its messages lie deep in it: Python needs ten times as much.
MOST_AT_ONCE = 24_000_000
CHUNK = 65_536

TOO_LARGE = "That is more than {most} MB. Take the pictures out of it, or send it in parts."
BOMB = "That archive unpacks to more than {most} MB, so it was not read. Send the chat's own file instead."
ENCRYPTED = "That archive has a password. Unpack it, and send the chat's own file."
DAMAGED = "That archive is damaged. Make it once more, or send the chat's own file."
_END, _LOCATOR = b"PK\x05\x06", b"PK\x06\x07"


class UnreadableError(InputError):
    """That file cannot be read."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file on this machine; or, with a `member`, one inside of an archive."""

    path: Path
    member: str = ""

    def check(self) -> None:
        """Raises UnreadableError for a file that is missing, empty or too large."""
        try:
            size = self.path.stat().st_size if self.path.is_file() else 0
        except OSError:
            size = 0
        if not size:
            raise UnreadableError("There is no such file, or nothing is in it.")
        if size > MOST_BYTES:
            raise UnreadableError(TOO_LARGE.format(most=MOST_BYTES // 1_000_000))

    @property
    def is_archive(self) -> bool:
        """Whether it is a ZIP archive itself."""
        return not self.member and self.head().startswith(b"PK\x03\x04")

    def head(self) -> bytes:
        """How it begins."""
        with self.open() as file:
            return file.read(HEAD)

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its bytes, from the beginning."""
        if self.member:
            with self.archive() as archive, archive.open(self.member) as file:
                yield file
        else:
            with _readable(self.path) as plain:
                yield plain

    @contextmanager
    def archive(self) -> Iterator[Archive]:
        """What is in it. Raises UnreadableError for what is no archive, or a bad one."""
        _refuse_endless_contents(self.path)
        try:
            with zipfile.ZipFile(self.path) as archive:
                yield Archive(archive)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError) as error:
            raise UnreadableError(DAMAGED) from error

    def lines(self) -> Iterator[str | None]:
        """Its lines as text; None in place of one that is too long to be one."""
        with self.open() as file:
            yield from _lines(file)

    def objects(self) -> Iterator[Any]:
        """The elements of a file that is one long JSON list; None in place of one that cannot be read."""
        with self.open() as file:
            yield from elements(file)

    def document(self) -> Any:
        """The whole of a JSON file; None if it is none. Raises UnreadableError for one that is too large."""
        with self.open() as file:
            raw = file.read(MOST_AT_ONCE + 1)
        if len(raw) > MOST_AT_ONCE:
            raise UnreadableError(TOO_LARGE.format(most=MOST_AT_ONCE // 1_000_000))
        return parsed(decoder(raw).decode(raw, True))


class Archive:
    """An open ZIP archive that gives no more than it may."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = MOST_UNPACKED

    def names(self) -> list[str]:
        """The files in it, as it names them."""
        return [info.filename for info in self._archive.infolist() if not info.is_dir()]

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """One of its files. Raises UnreadableError, also while it is read: what it claims of its size is not believed."""
        info = self._archive.getinfo(name)
        if info.flag_bits & 0x1:
            raise UnreadableError(ENCRYPTED)
        with self._archive.open(info) as packed:
            yield io.BufferedReader(_Bounded(packed, self._spend), CHUNK)

    def _spend(self, amount: int) -> None:
        self._left -= amount
        if self._left < 0:
            raise UnreadableError(BOMB.format(most=MOST_UNPACKED // 1_000_000))


class _Bounded(io.RawIOBase):
    """A stream that counts what comes out of it."""

    def __init__(self, packed: IO[bytes], spend: Any) -> None:
        self._packed, self._spend = packed, spend

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._packed.read(len(buffer))
        except Exception as error:  # each packer of zipfile has an error of its own (zlib, lzma, bz2)
            raise UnreadableError(DAMAGED) from error
        self._spend(len(data))
        buffer[: len(data)] = data
        return len(data)


def decoder(head: bytes) -> codecs.IncrementalDecoder:
    """How text that begins like this is decoded; what cannot be, is shown as �, never refused."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return codecs.getincrementaldecoder("utf-16")("replace")
    return codecs.getincrementaldecoder("utf-8-sig")("replace")


def parsed(text: str) -> Any:
    """A JSON text; None if it is none, however deep it goes."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _lines(file: IO[bytes]) -> Iterator[str | None]:
    decode, rest, lost = None, "", False
    while chunk := file.read(CHUNK):
        decode = decode or decoder(chunk)
        *whole, rest = (rest + decode.decode(chunk)).split("\n")
        for line in whole:
            yield None if lost else line.removesuffix("\r")
            lost = False
        if len(rest) > LONGEST_LINE:
            rest, lost = "", True
    if rest or lost:
        yield None if lost else rest


def elements(file: IO[bytes]) -> Iterator[Any]:
    """The elements of a long JSON list, one after the other; None, and the end, where it is broken."""
    chunk = file.read(CHUNK)
    read, parse = decoder(chunk), json.JSONDecoder()
    held, at = read.decode(chunk).lstrip(), 1
    if not held.startswith("["):
        return
    while True:
        at = _past(held, at)
        if held[at : at + 1] == "]":
            return
        try:
            element, end = parse.raw_decode(held, at)
        except RecursionError:
            yield None
            return
        except ValueError:
            end = 0
        if end and (end < len(held) or not chunk):
            yield element
            at = end
        elif chunk and len(held) - at <= LONGEST_LINE:  # the rest of it is still to come
            chunk = file.read(CHUNK)
            held, at = held[at:] + read.decode(chunk, not chunk), 0
        else:  # it broke off, or is no list of messages
            yield None
            return


def _past(text: str, at: int) -> int:
    """Where the next element begins."""
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at


def _readable(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise UnreadableError("There is no such file, or it may not be read.") from error


def _refuse_endless_contents(path: Path) -> None:
    """Refuse a table of contents that would not fit into memory; Python reads it whole."""
    with _readable(path) as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - 65_600))
        tail = file.read()
        at = tail.rfind(_END)
        if at < 0 or len(tail) < at + 22:
            raise UnreadableError(DAMAGED)
        claimed = struct.unpack_from("<I", tail, at + 12)[0]
        if at >= 20 and tail[at - 20 : at - 16] == _LOCATOR:
            file.seek(min(struct.unpack_from("<Q", tail, at - 12)[0], size))
            record = file.read(48)
            claimed = struct.unpack_from("<Q", record, 40)[0] if len(record) == 48 else MOST_CONTENTS + 1
    if claimed > MOST_CONTENTS:
        raise UnreadableError(BOMB.format(most=MOST_UNPACKED // 1_000_000))
