"""What a button, a menu or a form carries in its custom_id, so that it works after any restart.

`sheet.py` writes it and `forms.py` reads it: a packed call (`bot/surfaces/buttons.py`), before it what only this surface
needs to know, each piece ended by “|”: p2 the page to show, i… one thing on it, s… the option that a chosen value
fills, o a chosen value is the thing to show, f… the option that a form asks for, w the form of a wizard's page, u… a
mark that only tells it from its neighbours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.messages import Call
from bot.ports import Calls
from bot.surfaces.buttons import pack, unpack
from bot.surfaces.discord.layout import CUSTOM_ID

# Let the view choose its page: where something wants attention, else the first.
AUTO = -1
# Characters kept free for the mark that `layout.message` may put before an id.
_SPARE = 5
_PIECE = re.compile(r"([pisofwu])([\w.:~-]*)\|")
_WORD = re.compile(r"[\w.:~-]*")


@dataclass(frozen=True, slots=True)
class Way:
    """What is done with the call. See the module's docstring."""

    page: int = AUTO
    item: str = ""
    fills: str = ""  # the option that a chosen value fills
    opens: bool = False  # a chosen value is the thing to show
    asks: str = ""  # the option that a form asks for
    form: bool = False  # the form of the page, in a wizard

    def __str__(self) -> str:
        pieces = (
            f"p{self.page}|" if self.page != AUTO else "",
            f"i{self.item}|" if self.item and _WORD.fullmatch(self.item) else "",
            f"s{self.fills}|" if self.fills else "",
            "o|" if self.opens else "",
            f"f{self.asks}|" if self.asks else "",
            "w|" if self.form else "",
        )
        return "".join(pieces)


async def write_id(call: Call, way: Way, person_id: str, calls: Calls) -> str:
    """A custom_id for a call."""
    before = str(way)
    return before + await pack(call, CUSTOM_ID - _SPARE - len(before), person_id, calls)


async def read_id(custom_id: str, calls: Calls) -> tuple[Call, Way]:
    """The call behind a custom_id. Raises NotFoundError or InputError with a sentence for people."""
    way = Way()
    while piece := _PIECE.match(custom_id):
        way = _with(way, piece[1], piece[2])
        custom_id = custom_id[piece.end() :]
    return await unpack(custom_id, calls), way


def _with(way: Way, kind: str, value: str) -> Way:
    match kind:
        case "p":
            return replace(way, page=int(value) if value.isdecimal() else AUTO)
        case "i":
            return replace(way, item=value)
        case "s":
            return replace(way, fills=value)
        case "o":
            return replace(way, opens=True)
        case "f":
            return replace(way, asks=value)
        case "w":
            return replace(way, form=True)
        case _:
            return way
