"""What the model has read of conversations that rest: in memory, then on disk. The engine's thread (`cache.py`) calls it.

What was used least lately leaves the memory for the disk (`shelf_disk.py`), which a thread of the shelf's own writes.
Whatever cannot be kept is left out: the model then reads that conversation anew, and nothing else changes.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Thread

from engine.models.llama.shelf_disk import Disk
from engine.models.llama.shelf_file import STEM, Label, State

__all__ = ["STEM", "Label", "Shelf", "State"]

# Bytes that may wait for the disk beside `ram_bytes`: a second of a slow one. What is more is left out, but for one.
BACKLOG = 256 << 20


@dataclass(slots=True)
class _Held:
    state: State
    used_ns: int
    saved: bool = False  # whether it stands on the disk as it is


class Shelf:
    """States by name: a conversation's id, or STEM and what the stem is known by.

    Threads may call everything. `put` and `get` take no longer than the memory or one file; nothing raises.
    """

    def __init__(
        self, folder: Path | None, *, scope: str, ram_bytes: int, disk_bytes: int, passphrase: str = ""
    ) -> None:
        """`scope` names the model, the context's parameters and the adapter: what is of another is never given back."""
        self._changed = Condition()
        self._ram_bytes = ram_bytes
        self._held: OrderedDict[str, _Held] = OrderedDict()  # the least recently used first
        self._leaving: OrderedDict[str, _Held] = OrderedDict()  # on their way from memory to disk
        self._copying: deque[str] = deque()  # in memory, and to be on the disk too
        self._busy = False
        self._closed = False
        self._disk = Disk(folder, scope=scope, limit=disk_bytes, passphrase=passphrase) if folder else None
        self._writer: Thread | None = None
        self._writes = False
        if self._disk is not None and self._disk.writes:
            self._writes = True
            self._writer = Thread(target=self._write_all, args=(self._disk,), name="parked", daemon=True)
            self._writer.start()

    def put(self, name: str, state: State) -> None:
        """Keep a state; it takes the place of what was there by this name."""
        with self._changed:
            self._forget(name)
            if not self._closed:
                # One that the memory is too small for goes first: it need not push the others out.
                self._held[name] = _Held(state, self._now())
                self._held.move_to_end(name, last=state.size <= self._ram_bytes)
                self._trim()

    def get(self, name: str) -> State | None:
        """The newest state of this name that is whole, None if there is none."""
        with self._changed:
            held = self._held.get(name) or self._leaving.get(name)
            if held is not None:
                held.used_ns = self._now()
                if name in self._held:
                    self._held.move_to_end(name)
                return held.state
        return self._disk.read(name) if self._disk is not None else None

    def peek(self, name: str) -> Label | None:
        """Which tokens `get` would give back, without the state itself; nothing counts as used."""
        with self._changed:
            held = self._held.get(name) or self._leaving.get(name)
            if held is not None:
                return Label(name, held.state.tokens, held.state.skipped)
        return self._disk.label(name) if self._disk is not None else None

    def drop(self, names: Collection[str]) -> frozenset[str]:
        """Erase these states: they are gone from memory and disk when this returns. Those that could not be erased."""
        with self._changed:
            for name in names:
                self._forget(name)
        return self._disk.drop(names) if self._disk is not None else frozenset()

    def drop_strange_stems(self) -> frozenset[str]:
        """Erase the stems on the disk that are of another scope; the files that could not be erased."""
        return self._disk.drop_strange_stems() if self._disk is not None else frozenset()

    def erase_strangers(self, known: Collection[str]) -> None:
        """Erase what is parked of conversations that are not among these. Stems stay."""
        with self._changed:
            for name in {*self._held, *self._leaving}.difference(known):
                if not name.startswith(STEM):
                    self._forget(name)
        if self._disk is not None:
            self._disk.erase_strangers(known)

    def names(self) -> frozenset[str]:
        """Of whom there is a state of this scope, in memory or on disk."""
        with self._changed:
            held = frozenset(self._held).union(self._leaving)
        return held | (self._disk.names() if self._disk is not None else frozenset())

    def flush(self) -> None:
        """Bring to the disk what is in memory, most recently used first. It returns when that is done."""
        with self._changed:
            if self._writes:
                self._copying = deque(
                    name for name, held in reversed(self._held.items()) if not self._stands(name, held)
                )
                self._changed.notify_all()
                self._changed.wait_for(
                    lambda: not (self._copying or self._leaving or self._busy) or not self._writes
                )

    def close(self) -> None:
        """Flush, and let the folder go. Nothing is kept afterwards."""
        self.flush()
        with self._changed:
            self._closed = True
            self._held.clear()
            self._changed.notify_all()
        if self._writer is not None:
            self._writer.join()
        if self._disk is not None:
            self._disk.close()

    def _now(self) -> int:
        return self._disk.now() if self._disk is not None else 0

    def _forget(self, name: str) -> None:
        self._held.pop(name, None)
        self._leaving.pop(name, None)
        if name in self._copying:
            self._copying.remove(name)

    def _trim(self) -> None:
        """Send away what was used least lately, until the rest fits; and leave out what the disk is too slow for."""
        room = self._ram_bytes - _bytes(self._held)
        while room < 0:
            name, held = self._held.popitem(last=False)
            room += held.state.size
            if self._writes and not self._stands(name, held):
                self._leaving[name] = held
        room = max(BACKLOG, self._ram_bytes // 2) - _bytes(self._leaving)
        while room < 0 and len(self._leaving) > 1:
            room += self._leaving.popitem(last=False)[1].state.size
        self._changed.notify_all()

    def _stands(self, name: str, held: _Held) -> bool:
        """Whether the state is on the disk already, which then learns when it was used."""
        return held.saved and self._disk is not None and self._disk.touch(name, held.used_ns)

    def _write_all(self, disk: Disk) -> None:
        """The writer's thread."""
        try:
            while self._write_next(disk):
                pass
        finally:
            with self._changed:
                self._writes = False
                self._changed.notify_all()

    def _write_next(self, disk: Disk) -> bool:
        """Wait for a state and write it. Whether there can be another."""
        with self._changed:
            self._changed.wait_for(lambda: self._copying or self._leaving or self._closed)
            if self._closed:
                return False
            name = self._copying.popleft() if self._copying else next(iter(self._leaving))
            held = self._held.get(name) or self._leaving.get(name)
            if held is None:  # it was to be copied, and then there was no room for it any more
                return True
            # Begun before anybody can drop it: from here on the disk knows what has to be undone.
            writing = disk.begin(name, held.state, held.used_ns)
            self._busy = True
        saved = writing is not None and disk.finish(writing)
        with self._changed:
            self._busy, held.saved = False, saved
            if self._leaving.get(name) is held:
                del self._leaving[name]
            self._changed.notify_all()
        return True


def _bytes(held: Mapping[str, _Held]) -> int:
    return sum(one.state.size for one in held.values())
