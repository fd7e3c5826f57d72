"""Which message ids are known, so that a message sent twice by a lost answer is found. `sending.py` fills and asks it.

Telegram has no idempotency key. But ids are given in order: private chats and basic groups share the account's counter,
each supergroup has its own. What lies between the last id before a request and the id that its repetition got, and is
not known otherwise, may be the doubled message.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import islice

# Ids kept per counter: more than a lost answer's retry lets pass by in the busiest hour.
KEPT = 4096
# Counters kept: the account's and the supergroups that were heard of last.
COUNTERS = 512
# The most ids that are looked at after a lost answer; the double is the nearest to the last known one.
LOOKED_AT = 40
# Supergroups and channels have ids below this.
SUPERGROUPS = -1_000_000_000_000
ACCOUNT = 0


class MessageIds:
    """Ids seen lately, whosever they are."""

    def __init__(self) -> None:
        self._counters: OrderedDict[int, _Counter] = OrderedDict()

    def see(self, chat: int, message_id: int) -> None:
        """Note an id that is somebody's message, or one of ours that was meant."""
        key = _key(chat)
        counter = self._counters.setdefault(key, _Counter())
        self._counters.move_to_end(key)
        counter.see(message_id)
        if len(self._counters) > COUNTERS:
            self._counters.popitem(last=False)

    def latest(self, chat: int) -> int | None:
        """The highest id so far in a chat's counter, None if nothing was seen there yet."""
        counter = self._counters.get(_key(chat))
        return counter.highest if counter else None

    def unknown(self, chat: int, above: int, below: int) -> list[int]:
        """Ids between two that nobody accounted for, the lowest first."""
        counter = self._counters.get(_key(chat), _Counter())
        return list(islice((one for one in range(above + 1, below) if one not in counter.seen), LOOKED_AT))


class _Counter:
    def __init__(self) -> None:
        self.seen: OrderedDict[int, None] = OrderedDict()
        self.highest = 0

    def see(self, message_id: int) -> None:
        self.seen[message_id] = None
        self.highest = max(self.highest, message_id)
        if len(self.seen) > KEPT:
            self.seen.popitem(last=False)


def _key(chat: int) -> int:
    return chat if chat < SUPERGROUPS else ACCOUNT
