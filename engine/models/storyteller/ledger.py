"""What the storyteller has said lately, so that it does not say it again; `teller.py` asks it before each line.

A sentence counts as said if it comes again in other punctuation, with another opening word, or with most of its
word triples: "How was the interview, Sam?" and "Well, how was the interview?" are one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# Own turns that are remembered; nobody notices a phrase that comes back after more.
TURNS = 24
# The share of a new sentence's word triples that may have come up in one earlier sentence.
ALIKE = 0.5
SENTENCE = re.compile(r"(?<=[.!?…])[\"”’)*]*\s+|\n+")
OPENING = re.compile(
    r"^(?:(?:well|so|oh|ah|hm+|mm+|yes|no|and|but|now|right|look|listen|honestly|anyway|okay|ok|ha|hey|see|then|um|er)\b[\s,.…!—–-]*)+",
    re.IGNORECASE,
)
SHORT_FORMS = (
    ("i'm", "i am"),
    ("'ve", " have"),
    ("'re", " are"),
    ("'ll", " will"),
    ("can't", "cannot"),
    ("won't", "will not"),
    ("n't", " not"),
    ("it's", "it is"),
    ("that's", "that is"),
    ("what's", "what is"),
)


def sentences(text: str) -> list[str]:
    """The sentences of a text, with their punctuation."""
    return [part.strip() for part in SENTENCE.split(text) if part and part.strip()]


def plain(sentence: str, names: Iterable[str] = ()) -> str:
    """A sentence without what may vary: case, punctuation, opening words, short forms, names it calls."""
    lowered = sentence.lower().replace("’", "'")
    for short, long in SHORT_FORMS:
        lowered = lowered.replace(short, long)
    bare = OPENING.sub("", lowered.strip(" *_\"'“”‘(")) or lowered
    words = re.findall(r"[^\W_]+", bare)
    called = {name.lower() for name in names if name}
    kept = [word for word in words if word not in called]
    return " ".join(kept or words)


class Ledger:
    """The sentences of the latest own turns."""

    def __init__(self, turns: Sequence[str], names: Sequence[str]) -> None:
        self._names = [part for name in names for part in name.split()]
        self._said: set[str] = set()
        self._triples: set[tuple[str, ...]] = set()
        for turn in turns[-TURNS:]:
            self.note(turn)

    def note(self, text: str) -> None:
        """Remember a text as said."""
        for sentence in sentences(text):
            words = plain(sentence, self._names)
            self._said.add(words)
            self._triples |= _triples(words)

    def has(self, sentence: str) -> bool:
        """Whether just this sentence was said."""
        return plain(sentence, self._names) in self._said

    def has_any(self, text: str) -> bool:
        """Whether any sentence of a text was said just so."""
        return any(self.has(sentence) for sentence in sentences(text))

    def knows(self, text: str) -> bool:
        """Whether any sentence of a text was said, or one very much like it."""
        return any(self._alike(sentence) for sentence in sentences(text))

    def _alike(self, sentence: str) -> bool:
        words = plain(sentence, self._names)
        if words in self._said:
            return True
        triples = _triples(words)
        return bool(triples) and len(triples & self._triples) / len(triples) > ALIKE


def _triples(words: str) -> set[tuple[str, ...]]:
    split = words.split()
    return {tuple(split[at : at + 3]) for at in range(len(split) - 2)}
