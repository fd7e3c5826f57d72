"""The numbers of the talks that were asked about lately, in memory, so that a question need not read them again.

`meanings.py` asks. What was erased is dropped here at once; what was added since is read behind it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

from engine.memory.embed.numbers import Shelf, joined, unpack
from engine.store.store import Store

# Bytes of all talks together: some five of 10,000 messages.
ROOM = 96 << 20
# Messages of one talk that are compared by meaning, the latest; older ones are found by their words.
MOST = 20_000
# Messages of the shorter shelf behind the long one; then the two become one.
TAIL = 256


@dataclass(slots=True)
class _Kept:
    talk_id: str
    newest: int
    shelves: list[Shelf]

    @property
    def size(self) -> int:
        return sum(shelf.size for shelf in self.shelves)


class Shelves:
    """The shelves of one model."""

    def __init__(self, store: Store, model: str, width: int, room: int = ROOM) -> None:
        self._store, self._model, self._width, self._room = store, model, width, room
        self._kept: OrderedDict[range, _Kept] = OrderedDict()
        self._dropped = 0  # grows with everything that is dropped: what was read before that is not kept

    async def of(self, seqs: range) -> list[Shelf]:
        """The shelves of a talk, whose messages are in this range."""
        dropped, kept = self._dropped, self._kept.get(seqs)
        newest = kept.newest if kept else 0
        rows = await self._store.vectors.read(seqs, self._model, after=newest, most=MOST)
        if kept is None:
            kept = _Kept(await self._store.vectors.talk_id(seqs), 0, [])
        if rows:
            kept = _Kept(kept.talk_id, rows[-1][0], await asyncio.to_thread(self._grown, kept.shelves, rows))
        if dropped == self._dropped:
            self._keep(seqs, kept)
        return kept.shelves

    def added(self, seqs: Collection[int]) -> None:
        """Numbers of these messages were added; a shelf that ends behind them lacks them, and is read anew."""
        oldest = min(seqs, default=0)
        self._drop([talk for talk, kept in self._kept.items() if oldest in talk and oldest <= kept.newest])

    def forget(self, talk_ids: Collection[str]) -> None:
        """Drop what is here of these conversations."""
        self._drop([talk for talk, kept in self._kept.items() if kept.talk_id in talk_ids])

    def _grown(self, shelves: list[Shelf], rows: list[tuple[int, bytes]]) -> list[Shelf]:
        new = unpack(rows, self._width)
        if not shelves:
            return [new]
        tail = joined(shelves[1], new) if shelves[1:] else new
        if len(tail.seqs) <= TAIL:
            return [shelves[0], tail]
        return [joined(shelves[0], tail)]

    def _keep(self, seqs: range, kept: _Kept) -> None:
        self._kept[seqs] = kept
        self._kept.move_to_end(seqs)
        while self._kept and sum(one.size for one in self._kept.values()) > self._room:
            self._kept.popitem(last=False)

    def _drop(self, talks: Collection[range]) -> None:
        self._dropped += 1
        for talk in talks:
            del self._kept[talk]
