"""Facts that people tell about themselves, found by rules and no model; `engine/memory/recall.py` calls `find_facts`.

A clause of `sentences.py` is tried against the rules of `rules.py` (English) and `rules_abroad.py`; the first rule
that understands it wins. Rules return `Found`; whom it concerns and where it was said is added by recall.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from engine.memory.found import Found, Hearing
from engine.memory.rules import ENGLISH
from engine.memory.rules_abroad import ABROAD
from engine.memory.sentences import statements

__all__ = ["Found", "find_facts"]

# Facts taken from one message, at most: more is a pasted text.
MOST_FACTS = 24
# "Remember that the key is under the mat": kept in the person's own words when no rule knows better.
KEEP = re.compile(
    r"^\s*(?:please |and |so |oh,? )?(?:remember|note|don't forget|keep in mind|never forget)(?: this| for me| please)?(?: that\b|:|,)\s*(?P<what>[^?\n]{4,200})$",
    re.IGNORECASE,
)


def find_facts(text: str, *, said_at: datetime) -> Sequence[Found]:
    """What a message tells about its writer. Nothing is better than something that was not meant."""
    hearing = Hearing(said_at=said_at, shouted=text.isupper())
    found: list[Found] = []
    for clause in statements(text):
        for fact in _understand(clause, hearing):
            hearing.last_subject = fact.refers or hearing.last_subject
            found.append(fact)
    if not found and (asked := KEEP.match(text.replace("’", "'"))):
        what = asked["what"].strip(" .!")
        found.append(
            Found(
                "you",
                "asked to remember",
                what,
                f"You asked to remember: {what}.",
                "other",
                source_text=text.strip(),
            )
        )
    return _each_once(fact for fact in found if fact.text)[:MOST_FACTS]


def _understand(clause: str, hearing: Hearing) -> Sequence[Found]:
    for rule in (*ENGLISH, *ABROAD):
        match = rule.pattern.match(clause)
        if match and (found := rule.read(match, hearing)):
            return [fact.from_words(clause) for fact in found]
    return ()


def _each_once(found: Iterable[Found]) -> Sequence[Found]:
    unique: dict[tuple[str, str, str], Found] = {}
    for fact in found:
        unique[(fact.subject, fact.relation, fact.value.lower())] = fact
    return list(unique.values())
