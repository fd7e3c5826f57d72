"""The English rules in the order in which they are tried; `facts.py` does so, and the first that finds something wins.

Each pattern covers a whole clause, so a sentence that goes on in a way no rule knows gives no fact at all. A rule
stands in the file of its subject; `FIRST` there are the narrow forms, which wide ones elsewhere would take for others.
"""

from __future__ import annotations

from engine.memory.found import Rule
from engine.memory.rules import (
    dates,
    endings,
    events,
    health,
    oneself,
    places,
    plans,
    relatives,
    relatives_news,
    spans,
    tastes,
    work,
)

_WHOLE: tuple[Rule, ...] = (
    *endings.RULES,
    *oneself.FIRST,
    *relatives.FIRST,
    *events.RULES,
    *relatives_news.RULES,
    *work.FIRST,
    *tastes.FIRST,
    *oneself.RULES,
    *dates.RULES,
    *health.RULES,
    *relatives.RULES,
    *places.RULES,
    *work.RULES,
    *tastes.RULES,
    # "I'm Sam" comes after all else that follows "I'm", and plans take whatever is left that names a day.
    *oneself.LAST,
    *plans.RULES,
    *endings.LAST,
)

ENGLISH: tuple[Rule, ...] = (*_WHOLE, *spans.rules(_WHOLE))
