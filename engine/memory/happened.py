"""The noun of what two people went through together, and where one talk ends: the rules and `consolidate.py` share it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.types import FactKind, Message

# Under which heading of /memory episodes are shown, and under which what is between the two.
TOGETHER, US = "together", "us"
# Silence after which a talk is another one.
PAUSE = timedelta(hours=4)
# Whoever promises or proposes is believed as the fact rules are.
CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class Happened:
    """Something between the two, before it has an owner, with the message that shows it."""

    relation: str
    value: str
    text: str
    source: Message
    source_text: str
    kind: FactKind = FactKind.EPISODE
    topic: str = TOGETHER
    subject: str = "together"
    exclusive: bool = False
    confidence: float = CONFIDENCE
    happens_at: datetime | None = None


def sessions(lines: Iterable[Message]) -> Iterator[list[Message]]:
    """The lines of a talk, parted where nobody said anything for long."""
    session: list[Message] = []
    for line in lines:
        if session and line.created_at - session[-1].created_at > PAUSE:
            yield session
            session = []
        session.append(line)
    if session:
        yield session
