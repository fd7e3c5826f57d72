"""llama-server's slots: which conversation is in which; `server.py` names one with each request.

Left to itself, llama-server puts a newcomer of a character into the slot of somebody who talks with the same one,
because the prompts begin alike, and what it had read of the other conversation is gone. So each conversation keeps a
slot of its own as long as there are enough, and then the slot that was used longest ago is taken.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection


class Slots:
    """The slots of one server; the work of no conversation shares one."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, int] = OrderedDict()  # the latest last
        self._busy: set[int] = set()

    def take(self, conversation: str, count: int) -> int | None:
        """The slot for a reply, until `leave`; None if the server shall choose one."""
        slot = self._held.pop(conversation, None)
        if slot is None or slot in self._busy or slot >= count:
            slot = self._spare(count)
        if slot is not None:
            self._held[conversation] = slot
            self._busy.add(slot)
        return slot

    def leave(self, slot: int | None) -> None:
        """The reply is over."""
        if slot is not None:
            self._busy.discard(slot)

    def forget(self, conversations: Collection[str]) -> tuple[int, ...]:
        """Where these conversations are; they are there no more."""
        return tuple(self._held.pop(one) for one in conversations if one in self._held)

    def _spare(self, count: int) -> int | None:
        """A slot that nobody holds, else the one that was used longest ago; its conversation loses it."""
        held = set(self._held.values())
        for slot in range(count):
            if slot not in held and slot not in self._busy:
                return slot
        for conversation, slot in self._held.items():
            if slot not in self._busy:
                del self._held[conversation]
                return slot
        return None
