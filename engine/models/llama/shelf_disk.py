"""Parked states on the disk: one file each, within a budget for all of them together. Called by `shelf.py`.

The folder is the truth: whoever opens it reads from it what is there and when it was last used. A file is written
under another name, pressed to the disk and renamed; a kill in between leaves the old one or the new one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from threading import Lock
from typing import TypeVar

from engine.models.llama.shelf_file import (
    BrokenError,
    Checksum,
    Cipher,
    Format,
    Label,
    State,
    StrangeError,
    is_encrypted,
)
from engine.models.llama.shelf_folder import Folder, file_name, is_stem

T = TypeVar("T")


@dataclass(slots=True)
class _File:
    size: int  # bytes
    used_ns: int  # its last use, by `Disk.now`
    name: str | None = None  # whose it is, once it was read; "" if that is not for us


@dataclass(frozen=True, slots=True)
class Writing:
    """A file that is begun and has no name yet."""

    name: str
    state: State
    used_ns: int
    size: int  # bytes that the file will have
    temporary: Path
    descriptor: int


class Disk:
    """The parked states of all scopes in one folder; those of another scope are only counted, and removed."""

    def __init__(self, path: Path, *, scope: str, limit: int, passphrase: str = "") -> None:
        self._lock = Lock()
        self._limit = limit
        self._folder = Folder(path, write=limit > 0)
        seal = Cipher(passphrase, self._folder.salt()) if passphrase else Checksum()
        self._format = Format(seal, seal.digest(scope))
        self._writing: Writing | None = None
        self._files = {file: _File(size, used) for file, (size, used) in self._folder.files().items()}
        self._last_ns = max((file.used_ns for file in self._files.values()), default=0)
        if self._folder.writes:
            self._sweep(encrypted=bool(passphrase))

    @property
    def writes(self) -> bool:
        """Whether states are written at all."""
        return self._folder.writes

    def now(self) -> int:
        """The time in ns: later than every use before it, even if the clock was set back."""
        with self._lock:
            return self._now()

    def begin(self, name: str, state: State, used_ns: int) -> Writing | None:
        """Make room for a state and open its file. None if there is no room, or what is there was used later."""
        size = self._format.length(name, state)
        with self._lock:
            if not self.writes or not self._make_room(size, used_ns, file_name(name)):
                return None
            created = self._folder.create(file_name(name))
            if created is not None:
                self._writing = Writing(name, state, used_ns, size, *created)
            return self._writing

    def finish(self, writing: Writing) -> bool:
        """Write what was begun and give it its name, unless it is dropped meanwhile. Whether it stands there."""
        written = self._folder.write(writing.descriptor, self._parts(writing))
        with self._lock:
            if self._writing is not writing:
                return False
            settled = written and self._folder.settle(
                writing.temporary, file_name(writing.name), writing.used_ns
            )
            if settled:
                self._files[file_name(writing.name)] = _File(writing.size, writing.used_ns, writing.name)
                self._writing = None
            else:
                self._cancel(writing)
        self._folder.press()
        return settled

    def read(self, name: str) -> State | None:
        """The state of this name and scope that was written last, if it is whole. It counts as used now."""
        state = self._read(file_name(name), lambda file: self._format.state(file, name))
        if state is not None:
            self.touch(name, self.now())
        return state

    def label(self, name: str) -> Label | None:
        """Of which tokens the parked state is, without reading it."""
        return self._read(file_name(name), self._format.label)

    def touch(self, name: str, used_ns: int) -> bool:
        """The state was used, here or where it lies in memory. Whether it is here."""
        with self._lock:
            file = self._files.get(file_name(name))
            if file is not None and file.used_ns < used_ns:
                file.used_ns = used_ns
                self._folder.use(file_name(name), used_ns)
            return file is not None

    def names(self) -> frozenset[str]:
        """Whose states of this scope are here."""
        with self._lock:
            unread = [name for name, file in self._files.items() if file.name is None]
        labels = {one: self._read(one, self._format.label) for one in unread}
        with self._lock:
            for one, label in labels.items():
                if one in self._files:
                    self._files[one].name = label.name if label else ""
            return frozenset(file.name for file in self._files.values() if file.name)

    def drop(self, names: Collection[str]) -> frozenset[str]:
        """Erase these states, of whatever scope: they are gone when this returns. Those that could not be erased."""
        with self._lock:
            left = {name for name in names if not self._remove(file_name(name))}
            writing = self._writing
            if writing is not None and writing.name in names and not self._cancel(writing):
                left.add(writing.name)
        if names:
            self._folder.press()
        return frozenset(left)

    def drop_strange_stems(self) -> frozenset[str]:
        """Erase the stems of other scopes: nobody can tell whose they are. The files that could not be erased."""
        self.names()
        with self._lock:
            strange = [one for one, file in self._files.items() if is_stem(one) and file.name == ""]
            left = frozenset(one for one in strange if not self._remove(one))
        if strange:
            self._folder.press()
        return left

    def erase_strangers(self, known: Collection[str]) -> None:
        """Erase conversations, of whatever scope, that are not among these. Stems stay."""
        files = {file_name(name) for name in known}
        with self._lock:
            if self._writing is not None and _is_strange(file_name(self._writing.name), files):
                self._cancel(self._writing)
            for one in [one for one in self._files if _is_strange(one, files)]:
                self._remove(one)
        self._folder.press()

    def close(self) -> None:
        """Let another process have the folder."""
        self._folder.close()

    def _read(self, file: str, read: Callable[[BufferedReader], T]) -> T | None:
        """What is read from the file. One that is broken is removed, unless it was replaced meanwhile."""
        with self._lock:
            before = self._files.get(file)
        try:
            return self._folder.read(file, read)
        except StrangeError:
            return None
        except BrokenError:
            with self._lock:
                if self._files.get(file) is before:
                    self._remove(file)
            return None

    def _parts(self, writing: Writing) -> Iterator[bytes | memoryview]:
        """The file's content, as long as it is wanted."""
        for part in self._format.parts(writing.name, writing.state):
            if self._writing is not writing:
                return
            yield part

    def _make_room(self, size: int, used_ns: int, file: str = "") -> bool:
        """Remove the least recently used, but nothing that was used after `used_ns`. An older `file` goes first."""
        leaving, room = [], self._limit - sum(one.size for one in self._files.values())
        for one in sorted(self._files, key=lambda one: (one != file, self._files[one].used_ns)):
            if room >= size:
                break
            if self._files[one].used_ns > used_ns:
                return False
            leaving.append(one)
            room += self._files[one].size
        return room >= size and all(self._remove(one) for one in leaving)

    def _cancel(self, writing: Writing) -> bool:
        """Whether the file that is being written is gone: what is still written of it then goes nowhere."""
        self._writing = None
        return self._folder.remove(writing.temporary)

    def _remove(self, file: str) -> bool:
        removed = self._folder.remove(file)
        if removed:
            self._files.pop(file, None)
        return removed

    def _sweep(self, *, encrypted: bool) -> None:
        """Remove what a killed writer left, what is too much, and what was not encrypted before it was to be."""
        self._folder.sweep()
        if encrypted:
            for file in [file for file in self._files if self._folder.read(file, is_encrypted) is False]:
                self._remove(file)
        self._make_room(0, self._now())
        self._folder.press()

    def _now(self) -> int:
        self._last_ns = max(time.time_ns(), self._last_ns + 1)
        return self._last_ns


def _is_strange(file: str, known: Collection[str]) -> bool:
    return not is_stem(file) and file not in known
