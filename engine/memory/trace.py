"""Where a forgotten fact shows in texts, and how it is cut out of them; `forget.py` asks here. Words only, no store.

Only the sentences that tell the fact are cut. A name or a number tells it wherever it stands; an ordinary word ("tea")
only where the fact was told, and in what was answered there: somebody who wants it forgotten that they like tea has
not asked for every cup of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.memory.sentences import ABBREVIATION
from engine.memory.words import NOT_NAMES, STOP_WORDS, stem
from engine.types import CUT, FORGOTTEN, Fact

# Letters by which a word may be longer than a name and still be it: "Biscuits", "Annas".
ENDING = 2
# Shorter words with an ending are other words: "Ann" and "Anne".
SHORTEST_ENDED = 4
# Shorter words come back in an answer for no reason.
SHORTEST_ECHOED = 4
# Words that mean nothing by themselves, unless they are written like this.
NAMES_TOO = frozenset(("May", "Will"))
# Letters that a word and its other endings have in common.
START = 3

_PART = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_END = re.compile(r"[.!?…。！？]+[\"'”’»)*_]*(?=\s|$)|\n+|(?<=[。！？])")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|e|º|ª)$")
_INITIAL = re.compile(r"(?:^|\s)[^\W\d_]$")
_CUTS = re.compile(r"\[…\](?:\s*\[…\])+")


@dataclass(frozen=True, slots=True)
class Trace:
    """How one fact is known again in a text.

    `shared`: a fact that stays has the same words, so only its own clause tells it. `anywhere`: its words tell it
    wherever they stand.
    """

    telling: frozenset[str]  # names and numbers, each of which tells it
    words: frozenset[str]  # of its value
    source: frozenset[str]  # of the clause that it was taken from
    anywhere: bool
    shared: bool = False
    echoes: bool = False  # of a whole line: any word of it shows it, in the answer to it

    def shows(self, sentence: str, *, near: bool = False) -> bool:
        """Whether a sentence tells the fact; `near` where it was told: in that message or in answers to it."""
        said = [plain(word) for word in _WORD.findall(sentence)]
        telling = any(_has(said, word) for word in self.telling)
        if telling and self.anywhere:
            return True
        if near and self.source and self.source <= set(said):
            return True
        hits = sum(_has(said, word) for word in self.words)
        if near and not self.shared:
            return telling or (hits > 0 and (self.echoes or 2 * hits >= len(self.words)))
        return self.anywhere and hits > 0 and hits == len(self.words)


class Lookout:
    """Which of many traces a text can show at all: a history has thousands of lines, and most show none."""

    def __init__(self, traces: Iterable[Trace]) -> None:
        self._by_start: dict[str, set[Trace]] = {}
        for trace in traces:
            for word in trace.words:
                self._by_start.setdefault(word[:START], set()).add(trace)

    def shown_in(self, text: str) -> set[Trace]:
        """The traces of which a word may be in the text."""
        starts = {word[:START] for word in _PART.findall(plain(text))}
        return set().union(*(self._by_start[start] for start in starts & self._by_start.keys()))


def trace_of(fact: Fact, kept: Iterable[Fact]) -> Trace:
    """The trace of a fact that goes, beside those that stay: what they say as well is not its alone."""
    telling, wanted = _parts(fact.value)
    alone = names_somebody(fact) or not any(_says(other, telling, wanted) for other in kept)
    return Trace(
        telling=telling,
        words=wanted,
        source=frozenset(words_of(fact.source_text)),
        anywhere=alone and (bool(telling) or len(wanted) > 1 or not _is_ordinary(fact, wanted)),
        shared=not alone,
    )


def trace_of_line(text: str) -> Trace:
    """The trace of something that was said, of which no fact is known: what answers it repeats its words."""
    telling, wanted = _parts(text)
    echoed = frozenset(word for word in wanted if len(word) >= SHORTEST_ECHOED)
    return Trace(telling=telling, words=echoed or wanted, source=frozenset(), anywhere=False, echoes=True)


def trace_of_words(text: str) -> Trace:
    """The trace of something that no fact is known of, by the words in which a person asks to forget it."""
    return Trace(telling=frozenset(), words=frozenset(words_of(text)), source=frozenset(), anywhere=True)


def names_somebody(fact: Fact) -> bool:
    """Whether a fact is a name, which every other mention of its bearer repeats."""
    return fact.relation == "name"


def mentions(traces: Sequence[Trace], text: str) -> bool:
    """Whether any sentence of a text tells one of the facts."""
    return any(trace.shows(sentence) for sentence in sentences(text) for trace in traces)


def cut(text: str, traces: Sequence[Trace], near: Collection[Trace] = ()) -> str:
    """The text without the sentences that tell one of the facts; FORGOTTEN if nothing else was in it.

    `near`: those of the traces that were told there.
    """
    if not traces:
        return text
    kept: list[str] = []
    for sentence in sentences(text):
        shown = any(trace.shows(sentence, near=trace in near) for trace in traces)
        kept.append(_gap(sentence) if shown else sentence)
    left = "".join(kept)
    if left == text:
        return text
    if any(trace.shows(left) for trace in traces):  # it tells across the ends of sentences
        return FORGOTTEN
    left = _CUTS.sub(CUT, left).strip()
    return left if _WORD.search(left.replace(CUT, "")) else FORGOTTEN


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text with their ends and the space behind: together they are the text."""
    start = 0
    for end in _END.finditer(text):
        before = text[start : end.start()]
        if end[0] == "." and (_INITIAL.search(before) or _abbreviated(before) or before[-1:].isdigit()):
            continue
        stop = end.end()
        while stop < len(text) and text[stop].isspace():
            stop += 1
        if stop > start:
            yield text[start:stop]
            start = stop
    if start < len(text):
        yield text[start:]


def words_of(text: str) -> list[str]:
    """The words of a text that carry meaning, without case and accents."""
    words = (plain(word) for word in _WORD.findall(text))
    return [word for word in words if word not in STOP_WORDS]


def _parts(value: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names and numbers of a text, and all its words."""
    words = [word for word in _WORD.findall(value) if word in NAMES_TOO or plain(word) not in STOP_WORDS]
    return frozenset(plain(word) for word in words if _tells(word)), frozenset(map(plain, words))


def _is_ordinary(fact: Fact, wanted: frozenset[str]) -> bool:
    """Whether the one word of a value says many other things as well: what somebody likes, or a small number."""
    return fact.topic == "likes" or any(word.isdigit() for word in wanted)


def _says(other: Fact, telling: frozenset[str], wanted: frozenset[str]) -> bool:
    """Whether a fact that stays is told by the same words."""
    said = set(words_of(other.value))
    return bool(telling & said) if telling else wanted <= said


def _abbreviated(before: str) -> bool:
    return ABBREVIATION.search(f"{before[-8:]}. ") is not None


def _gap(sentence: str) -> str:
    """What stands for a sentence, with the space that followed it."""
    return CUT + sentence[len(sentence.rstrip()) :]


def _tells(word: str) -> bool:
    """A name or a number: "Biscuit", "0612", and not "New" or "two"."""
    bare = plain(word)
    if any(char.isdigit() for char in bare):
        return len(bare) > 2
    return word[:1].isupper() and len(bare) > 2 and bare not in NOT_NAMES


def _has(said: Sequence[str], word: str) -> bool:
    """Whether a word is among those said, with another ending or as one side of a compound."""
    return any(_same(one, word) or any(_same(part, word) for part in one.split("-")) for one in said)


def _same(said: str, word: str) -> bool:
    if said == word or (said[:1].isdigit() and _ORDINAL.sub("", said) == _ORDINAL.sub("", word)):
        return True
    if len(word) < SHORTEST_ENDED:
        return False
    return (said.startswith(word) and len(said) - len(word) <= ENDING) or stem(said) == stem(word)


def plain(word: str) -> str:
    """A word without case, accents and the "'s" of a possessive."""
    low = word.casefold().replace("’", "'")
    if not low.isascii():
        low = "".join(char for char in unicodedata.normalize("NFKD", low) if not unicodedata.combining(char))
    return low.removesuffix("'s")
