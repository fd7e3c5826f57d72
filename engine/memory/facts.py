"""Facts that people tell about themselves, found by rules and no model; `engine/memory/recall.py` calls `find_facts`.

A clause of `sentences.py` is tried against `rules/english.py` and `rules/abroad.py`; the first rule that understands it
wins. Rules return `Found`; whom it concerns and where it was said is added by recall.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from engine.memory.found import Found, Hearing
from engine.memory.rules.abroad import ABROAD
from engine.memory.rules.english import ENGLISH
from engine.memory.sentences import statements
from engine.memory.unfold import before_comma, unfold

__all__ = ["Found", "find_facts"]

# Facts taken from one message, at most: more is a pasted text.
MOST_FACTS = 24
# "Remember that the key is under the mat": kept in the person's own words when no rule knows better.
# Who is meant, if the clause before it named somebody.
PRONOUN = re.compile(r"^(?:he|she|it)\b(?='s| )", re.IGNORECASE)
KEEP = re.compile(
    r"^\s*(?:please |and |so |oh,? )?(?:remember|note|don't forget|keep in mind|never forget)(?: this| for me| please)?(?: that\b|:|,)\s*(?P<what>[^?\n]{4,200})$",
    re.IGNORECASE,
)


def find_facts(text: str, *, said_at: datetime) -> Sequence[Found]:
    """What a message tells about its writer. Nothing is better than something that was not meant."""
    hearing = Hearing(said_at=said_at, shouted=text.isupper())
    found: list[Found] = []
    for clause in statements(text):
        for plain in unfold(clause):
            for fact in _understand(plain, hearing):
                hearing.last_subject = fact.refers or hearing.last_subject
                found.append(fact.from_words(clause))
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
    """What the first rule that understands a clause finds; a last try is the part before its comma."""
    return (
        _by_rules(clause, hearing)
        or _by_rules(_resolved(clause, hearing), hearing)
        or _by_rules(before_comma(clause), hearing)
    )


def _by_rules(clause: str, hearing: Hearing) -> Sequence[Found]:
    if not clause:
        return ()
    for rule in (*ENGLISH, *ABROAD):
        match = rule.pattern.match(clause)
        if match and (found := rule.read(match, hearing)):
            return found
    return ()


def _resolved(clause: str, hearing: Hearing) -> str:
    """ "He hates thunder" about whom the last clause was; "" if it was about nobody, or about several."""
    match = PRONOUN.match(clause)
    kin = hearing.last_subject
    if not match or not kin or (kin.endswith("s") and kin != "boss"):
        return ""
    rest = re.sub(r"^'s (?=an? |in |been |[a-z]+ed\b)", " is ", clause[match.end() :]).replace(
        " is been", "'s been"
    )
    return f"my {kin}{rest}"


def _each_once(found: Iterable[Found]) -> Sequence[Found]:
    unique: dict[tuple[str, str, str], Found] = {}
    for fact in found:
        unique[(fact.subject, fact.relation, fact.value.lower())] = fact
    return list(unique.values())
