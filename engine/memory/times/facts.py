"""Facts of the time that a text speaks of: what happens then, and what was told then; `engine/memory/recall.py` asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.memory.times.anniversaries import yearly
from engine.memory.times.spans import Span, find_spans
from engine.types import Fact

# Facts that come to mind for their time alone, of each kind.
MOST_OF_A_TIME = 6


def by_time(known: Sequence[Fact], ranked: Sequence[Fact], text: str, now: datetime) -> Sequence[Fact]:
    """The ranked facts: before them those that happen when the text speaks of, after them those that were told then.

    `now` is in the person's zone.
    """
    if now.tzinfo is None or not (spans := find_spans(text, now, now.tzinfo, yearly(known))):
        return ranked
    happening = [fact for fact in known if fact.happens_at and _within(fact.happens_at, spans)]
    happening.sort(key=lambda fact: fact.happens_at or now)
    told = [fact for fact in known if _within(fact.said_at, spans)]
    order = [*happening[:MOST_OF_A_TIME], *ranked, *told[:MOST_OF_A_TIME]]
    return list({fact.id: fact for fact in order}.values())


def _within(moment: datetime, spans: Sequence[Span]) -> bool:
    return any(span.start <= moment < span.end for span in spans)
