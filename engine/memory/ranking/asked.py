"""What a text asks of memory: which words to look for, whose turns to prefer, which times are meant, one thing or many.

`find.py` looks for these, and `rank.py` weighs what it finds by them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.memory.ranking.signs import CHARACTERS, MANY, PERSONS, WHEN, WRAPPING, asks, bare_words
from engine.memory.words import content_words
from engine.types import Role

# Words of a text that are looked up. Of a long text the longest ones: they are the rarest, as a rule.
MOST_WORDS = 12
# How far "I" and "you" tell whose turns are meant, where a name tells it for certain.
BY_PRONOUN = 0.5
# A question of so few words may be answered by much.
FEW_WORDS = 2

Span = tuple[datetime, datetime]
SpansOf = Callable[[str], Sequence[Span]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text asks of memory."""

    text: str
    words: Sequence[str] = ()
    about: Role | None = None  # who said what is looked for; None if that may be either
    certainty: float = 0.0  # of `about`, up to 1
    spans: Sequence[Span] = ()
    when: bool = False  # a time is asked for
    broad: bool = False  # many turns may answer it, and its words tell little of theirs


def read(text: str, person_name: str, character_name: str, spans: Sequence[Span] = ()) -> Asked:
    """What a text of the person asks of memory."""
    names = {Role.PERSON: _parts(person_name), Role.CHARACTER: _parts(character_name)}
    content = content_words(text)
    words = [word for word in content if not any(word in parts for parts in names.values())] or content
    about, certainty = _about(text, content, names)
    when = bool(WHEN.search(text))
    return Asked(text, _longest(words), about, certainty, spans, when, not when and _broad(text, words))


def _broad(text: str, words: Sequence[str]) -> bool:
    return bool(MANY.search(text)) or (asks(text) and len(words) <= FEW_WORDS)


def _about(text: str, content: Sequence[str], names: dict[Role, frozenset[str]]) -> tuple[Role | None, float]:
    named = [role for role, parts in names.items() if not parts.isdisjoint(content)]
    if named:
        return (named[0], 1.0) if len(named) == 1 else (None, 0.0)
    bare = set(bare_words(WRAPPING.sub(" ", text.replace("’", "'"))))
    meant = [
        role
        for role, signs in ((Role.PERSON, PERSONS), (Role.CHARACTER, CHARACTERS))
        if not bare.isdisjoint(signs)
    ]
    return (meant[0], BY_PRONOUN) if len(meant) == 1 else (None, 0.0)


def _parts(name: str) -> frozenset[str]:
    return frozenset(content_words(name))


def _longest(words: Sequence[str]) -> Sequence[str]:
    kept = set(sorted(words, key=len, reverse=True)[:MOST_WORDS])
    return [word for word in words if word in kept]
