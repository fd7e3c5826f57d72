"""What is about to be sent, noted while it goes out: so a message that Telegram took just before a kill -9 is found again.

Telegram has no idempotency key, and a bot cannot read what it wrote. So the row of the ledger that will say which message
shows a key says until then after which id that message will stand. `sending.py` asks for it, and looks at the ids that
nobody accounts for; `screens.py` and `presenter.py` say which key it is for, and replace the row by the message's id.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from bot.ports import Ledger
from bot.surfaces.telegram.place import SURFACE
from engine.errors import SelfsameError
from engine.types import Shown

log = logging.getLogger(__name__)

# Before the last id that was known when the message went out, at the end of the row's digest.
UNSURE = "?"


@dataclass(frozen=True, slots=True)
class Intent:
    """One part of a key, on its way into a chat."""

    ledger: Ledger
    key: str
    part: int
    person_id: str
    chat: int

    async def note(self, before: int | None) -> int | None:
        """Remember that it goes out now, above the id `before`; what shows the key so far stays remembered, too.

        Returns after which id the same message may stand already, because an attempt to send it has no known end.
        """
        try:
            row = await self._row()
            if row is not None and (since := _since(row, self.chat)) is not None:
                return since  # whatever was sent since the first attempt is above this
            if before is not None:
                await self._put(row, before)
        except SelfsameError as error:  # forgotten, or the disk is full: it is sent all the same
            log.info("a message on its way could not be noted (%s)", type(error).__name__)
        return None

    async def _row(self) -> Shown | None:
        rows = await self.ledger.parts(SURFACE, self.key)
        return next((row for row in rows if row.part == self.part), None)

    async def _put(self, row: Shown | None, before: int) -> None:
        await self.ledger.put(
            SURFACE,
            self.key,
            self.part,
            person_id=self.person_id,
            channel=row.channel if row and row.ref else str(self.chat),
            ref=row.ref if row else "",
            done=row.done if row else False,
            digest=f"{row.digest if row and row.ref else ''}{UNSURE}{before}",
        )


def settled(row: Shown) -> Shown:
    """What a row says of the message that is known to show its key."""
    return replace(row, digest=row.digest.partition(UNSURE)[0])


def _since(row: Shown, chat: int) -> int | None:
    _, unsure, before = row.digest.partition(UNSURE)
    return int(before) if unsure and row.channel == str(chat) else None
