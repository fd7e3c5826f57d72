"""Which known facts hold, and which end by what somebody says; `engine/memory/keep.py` calls `ended_by`.

"I don't work at Siemens any more" ends what was said of the work there, "my ex Tom" nothing: only a `Found` that `ends`
does, or a death, and only what was told before it and in another message. Words only, no store.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime

from engine.memory.found import Found, Source
from engine.memory.words import content_words, stem
from engine.types import Fact, FactKind

# What ends together: who leaves a hospital works there no more, whatever the preposition was.
FAMILIES = (
    frozenset({"works at", "works for", "works in", "works with"}),
    frozenset({"likes", "hobby", "plays", "collects", "prefers"}),
    frozenset({"learning", "studies"}),
)
PARTNERS = frozenset(
    f"your {kin}"
    for kin in "partner boyfriend girlfriend husband wife fiancé fiance fiancée fiancee spouse".split()
)
# The relation of a death, and those of a life that stay true after it; how old somebody is, or what they like, does not.
DIED = "died"
OF_A_LIFE = frozenset(
    {DIED, "name", "birthday", "born in", "born in year", "comes from", "grew up in", "event"}
)


def holds(fact: Fact, now: datetime) -> bool:
    """Whether a fact is neither replaced nor over."""
    return not fact.superseded_by and (fact.valid_until is None or fact.valid_until > now)


def closes(found: Found) -> bool:
    """Whether what was found can end something that is known."""
    return found.ends or found.relation == DIED


def ended_by(source: Source, ends: Sequence[Found], known: Sequence[Fact]) -> Sequence[Fact]:
    """The known facts that hold no longer after the words of a source, by those of what was found that close."""
    earlier = [
        fact
        for fact in known
        if fact.kind is FactKind.FACT
        and (source.message_id is None or fact.source_message_id != source.message_id)
        and fact.said_at <= source.at
    ]
    return [fact for fact in earlier if any(_ends(end, fact) for end in ends)]


def _ends(end: Found, fact: Fact) -> bool:
    if end.relation == DIED:
        return _lived(end, fact)
    if not _same_subject(end, fact):
        return False
    if end.relation and _kind(fact.relation) not in _family(end.relation):
        return False
    wanted, had = _stems(end.value), _stems(fact.value)
    return not wanted or wanted <= had or bool(had and had <= wanted)


def _lived(death: Found, fact: Fact) -> bool:
    """Whether a fact held only as long as somebody lived; who has two dogs may have one left."""
    if fact.subject.casefold() == death.subject.casefold():
        return fact.relation not in OF_A_LIFE
    whose = _stems(death.subject.removeprefix("your "))
    return fact.subject == "you" and fact.relation == "has" and _stems(fact.value) == whose


def _same_subject(end: Found, fact: Fact) -> bool:
    """Who parts from a boyfriend parts from "your partner", whatever they were called."""
    subject, other = end.subject.casefold(), fact.subject.casefold()
    return subject == other or (end.relation in ("", "name") and {subject, other} <= PARTNERS)


def _kind(relation: str) -> str:
    """ "number of cats" ends with "has cats"."""
    return "has" if relation.startswith("number of") else relation


def _family(relation: str) -> frozenset[str]:
    return next((family for family in FAMILIES if relation in family), frozenset({relation}))


def _stems(words: str) -> frozenset[str]:
    """The words that carry meaning, without accents: "Málaga" and "malaga" are one city."""
    flat = "".join(
        sign for sign in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(sign)
    )
    return frozenset(stem(word) for word in content_words(flat))
