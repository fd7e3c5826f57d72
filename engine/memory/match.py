"""Which facts a text is about, to recall or to forget them; `recall.py` calls it. Words only, no store."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.memory.words import FAMILY, OTHERS, PETS, content_words, related, stem
from engine.types import Fact

# Facts that come to mind whatever is said, behind those that match: the newest ones.
RECENT_FACTS = 6
# What is asked for when everything is: "what do you know about me?"
ABOUT_ME = re.compile(
    r"\b(about me|know me|remember me|who am i|my life|all you know|everything you know|remember about)\b",
    re.IGNORECASE,
)
EVERYTHING = re.compile(
    r"^\W*(?:(?:please )?forget )?(?:everything|all|it all|all of it|all facts|everything (?:you know )?about me|everything you know)\W*$",
    re.IGNORECASE,
)
# What a request to forget is wrapped in.
WRAPPING = re.compile(
    r"\b(?:please|forget|everything|anything|all|about|that|what|who|where|when|i|said|told|you|know|the|fact|my|our|is|am|are|have|having|called|to|of|a|an|me|us)\b",
    re.IGNORECASE,
)
OF_MINE = re.compile(r"\bmy ((?:[\w-]+ )?[\w-]+)", re.IGNORECASE)


def rank_facts(known: Sequence[Fact], text: str) -> Sequence[Fact]:
    """The facts that may matter for what is said: name, then the matching, the pinned, and a few recent ones."""
    words = content_words(text)
    exact, wide = {stem(word) for word in words}, related(words)
    newest = list(known[:0])
    ranked: list[tuple[float, Fact]] = []
    for fact in known:
        score = _score(fact, exact, wide)
        ranked.append((score, fact))
    if ABOUT_ME.search(text):
        return [fact for _, fact in sorted(ranked, key=lambda item: -item[0])]
    newest = sorted(known, key=lambda fact: fact.said_at, reverse=True)[:RECENT_FACTS]
    kept = [(score, fact) for score, fact in ranked if score > 0 or fact in newest]
    return [fact for _, fact in sorted(kept, key=lambda item: -item[0])]


def find_matching(known: Sequence[Fact], query: str) -> Sequence[Fact]:
    """The facts that a request to forget means. A word that no fact has makes it mean none of them."""
    if EVERYTHING.match(query):
        return list(known)
    mine = {match.lower() for match in OF_MINE.findall(query)}
    about = [
        fact for fact in known if _owner(fact) and any(_same_owner(_owner(fact), owner) for owner in mine)
    ]
    if about:
        return about
    wanted = {stem(word) for word in re.findall(r"[\w'-]+", WRAPPING.sub(" ", query.lower()))}
    return [fact for fact in known if wanted and wanted <= _reachable(fact)]


def _score(fact: Fact, exact: set[str], wide: frozenset[str]) -> float:
    bag = _bag(fact)
    score = 3.0 * len(exact & bag) + 1.0 * bool(wide & bag)
    if fact.relation == "name" and fact.subject == "you":
        score += 100.0
    return score + 0.5 * fact.pinned


def _owner(fact: Fact) -> str:
    return fact.subject.removeprefix("your ") if fact.subject.startswith("your ") else ""


def _same_owner(owner: str, asked: str) -> bool:
    """ "my dog" means "your dog" and "your old dog", but "my little brother" not "your older brother"."""
    if stem(owner) == stem(asked) or {stem(word) for word in asked.split()} >= {
        stem(word) for word in owner.split()
    }:
        return True
    return len(asked.split()) == 1 and stem(owner.split()[-1]) == stem(asked)


def _bag(fact: Fact) -> frozenset[str]:
    words = content_words(f"{fact.text} {fact.relation} {fact.topic}")
    return frozenset(stem(word) for word in words) | _kind(fact)


def _kind(fact: Fact) -> frozenset[str]:
    """Which animal or relative a fact is about says what else it belongs to."""
    words = fact.text.lower().split()
    kinds = ("pet", PETS), ("family", FAMILY), ("friend", OTHERS)
    return frozenset(
        stem(kind) for kind, members in kinds if any(word.strip(".,") in members for word in words)
    )


def _reachable(fact: Fact) -> frozenset[str]:
    """All words by which one may ask to forget a fact: its own and those of its source."""
    own = frozenset(
        stem(word)
        for word in re.findall(r"[\w'-]+", f"{fact.text} {fact.source_text} {fact.relation}".lower())
    )
    return own | _kind(fact) | {stem(fact.topic)}
