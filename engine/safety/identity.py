"""Tells who is under age: "is a schoolgirl" and "looks like a child" say it of somebody, "as a child she sang" does not.

`lexicon.py` calls `is_somebody` for each young word of a text; the words around come from `words.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.safety.normalise import Reading, read

# Words before a young word that may belong to it: "is basically still a shy little schoolgirl".
REACH = 5
# A field that is no longer than this names what somebody is: a trait, a tag.
SHORT_FIELD = 3


@dataclass(frozen=True, slots=True)
class IdentityWords:
    """The words around a young word, in matching spelling."""

    copulas: frozenset[str]
    links: frozenset[str]
    selves: frozenset[str]
    adjectives: frozenset[str]
    past: frozenset[str]
    follow: frozenset[str]


def load_identity_words(tables: Mapping[str, Sequence[str]]) -> IdentityWords:
    """The words of `words.toml` in matching spelling."""
    return IdentityWords(
        **{name: frozenset(w for term in terms for w in read(term).words) for name, terms in tables.items()}
    )


def is_somebody(reading: Reading, start: int, end: int, words: IdentityWords) -> bool:
    """Whether the young word at start..end is said of somebody, now."""
    if end < len(reading.words) and "\n" not in reading.gaps[end] and reading.words[end] in words.follow:
        return False
    at, opens = _before(reading, start, words)
    pivot = reading.words[at]
    if opens:
        return True
    if pivot in words.past or (at and reading.words[at - 1] in ("was", "were", "not")):
        return False
    if pivot in words.links:
        return at > 0 and reading.words[at - 1] in words.copulas
    return pivot in words.copulas or _is_short_field(reading, start, end)


def is_owned(reading: Reading, start: int, owners: frozenset[str]) -> bool:
    """Whether it is somebody's: "my teenager asked", "her child"."""
    return any(word in owners for word in reading.words[max(0, start - 2) : start])


def is_self(reading: Reading, start: int, words: IdentityWords) -> bool:
    """Whether one of the two who talk is meant."""
    return any(word in words.selves for word in reading.words[max(0, start - REACH) : start])


def _before(reading: Reading, start: int, words: IdentityWords) -> tuple[int, bool]:
    """The nearest word before that is neither article nor adjective; or that the line opens here."""
    at = start
    for _ in range(REACH):
        if at == 0 or "\n" in reading.gaps[at]:
            return at, True
        at -= 1
        if reading.words[at] not in words.adjectives or reading.words[at] in words.past:
            return at, False
    return at, False


def _is_short_field(reading: Reading, start: int, end: int) -> bool:
    """Whether the word ends a line of a few words: a trait like "cheerful teenager"."""
    closes = end >= len(reading.words) or "\n" in reading.gaps[end]
    opens = next(
        (at for at in range(start, max(-1, start - SHORT_FIELD), -1) if at == 0 or "\n" in reading.gaps[at]),
        None,
    )
    return closes and opens is not None and end - opens <= SHORT_FIELD
