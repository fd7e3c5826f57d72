"""One reply under way: what it was asked with, and how far it is. `chat.py` makes it, `loop.py` works on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from engine.errors import ModelError
from engine.models.llama.cache import Seat
from engine.models.llama.model import Tokens
from engine.models.llama.sampler import Sampler
from engine.models.port import Ending, Finish, Priority, Sampling
from engine.models.text import RawWords


@dataclass(frozen=True, slots=True)
class Place:
    """A place in line: 1 is the next, 0 has begun."""

    number: int


Item = str | Place | Finish | ModelError


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for."""

    tokens: Tokens
    shared: int  # so many tokens at the front are shared by all who talk with the character
    most: int  # tokens of the reply
    sampling: Sampling
    steady: int = 0  # so many will most likely stand at the front of the conversation's next prompt, too
    conversation: str = ""
    priority: Priority = Priority.REPLY
    asked: float = 0.0  # seconds of the loop's clock
    deadline: float = 0.0  # the same


@dataclass(eq=False, slots=True)
class Job:
    """An order and how far it is. After `submit` only the loop's thread touches it."""

    order: Order
    deliver: Callable[[Item], None]  # called on the event loop
    words: RawWords
    turn: int = 0  # its number among all: the earlier one comes first
    place: int = -1
    seat: Seat | None = None
    sampler: Sampler | None = None
    reply: list[int] = field(default_factory=list)
    next: int | None = None  # the token that was chosen last and is not in the context yet
    read: int = 0
    kept: int = 0
    first: float = 0.0  # when its first token came
    ended: bool = False

    @property
    def tokens(self) -> Tokens:
        """All that has to be in the context before the next token can be chosen."""
        return (
            np.concatenate([self.order.tokens, np.array(self.reply, np.int32)])
            if self.reply
            else self.order.tokens
        )

    @property
    def rank(self) -> tuple[int, int]:
        """Who comes first: replies before background work, then in the order of asking."""
        return (self.order.priority, self.turn)

    def finish(self, ending: Ending, now: float) -> Finish:
        """Its last item."""
        return Finish(
            ending,
            read=self.read,
            kept=self.kept,
            written=len(self.reply),
            first_s=(self.first or now) - self.order.asked,
            whole_s=now - self.order.asked,
        )
