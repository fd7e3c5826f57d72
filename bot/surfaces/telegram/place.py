"""Telegram's addresses: chats and topics as `Origin` and back, and what an answer has to know of its event.

`inbound.py` writes them, `surface.py` reads them. `Origin.reply` is stored with events and jobs, so an answer finds its way
after a restart, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.messages import Origin
from bot.surfaces.telegram.sending import Spot
from engine.types import PRIVATE_PLACE

SURFACE = "telegram"
_OCCASION = re.compile(r"([mq]):(\d+):(\d+)(?::(\w+))?")


@dataclass(frozen=True, slots=True)
class Occasion:
    """The event that is answered: a message ("m"), or a click ("q") on a message of ours; `user` did it.

    `look` is how the view is to be shown that the button called.
    """

    kind: str
    message: int
    user: int
    look: str = ""

    @property
    def click(self) -> bool:
        """Whether a button was pressed."""
        return self.kind == "q"

    def __str__(self) -> str:
        return f"{self.kind}:{self.message}:{self.user}" + (f":{self.look}" if self.look else "")

    @classmethod
    def of(cls, origin: Origin) -> Occasion | None:
        """The event that led to an origin, None where it was made elsewhere."""
        found = _OCCASION.fullmatch(origin.reply)
        return cls(found[1], int(found[2]), int(found[3]), found[4] or "") if found else None


def place_of(chat: int, thread: int | None, *, private: bool) -> str:
    """What is said in a place stays there; all one-to-one talks of a person are one place."""
    if private:
        return PRIVATE_PLACE
    return f"telegram:chat:{chat}" + (f":thread:{thread}" if thread else "")


def spot_of(origin: Origin) -> Spot:
    """Where an answer goes. In groups it shows which message it answers."""
    occasion = Occasion.of(origin)
    thread = int(origin.thread) if origin.thread else None
    if occasion is None or origin.private:
        return Spot(int(origin.channel), thread)
    return Spot(int(origin.channel), thread, None if occasion.click else occasion.message)
