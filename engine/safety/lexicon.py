"""Knows the terms and finds them in a text: each hit is a tag at a place. `policy.py` builds it, `text.py` asks it.

Words are looked up in dictionaries and a phrase by its first word, so the cost grows with the text and not with
the lists. What cannot be looked up by words (Japanese) is searched for as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.safety.ages import AgeWords, find_ages
from engine.safety.identity import IdentityWords, is_owned, is_self, is_somebody
from engine.safety.normalise import CJK, Reading, is_stretched, read, squash, variants

# Different words whose tags are remembered: a long talk's worth, and no text can fill the memory.
WORDS_KEPT = 50_000
# The shortest start of a word that a starred term may have.
SHORTEST_START = 4
LONGEST_START = 24
# Tags that are worth looking for in letters with gaps ("lo-li", "s ex").
HIDDEN = frozenset({"abuse", "sexual", "explicit", "minor"})
WRITTEN_TOGETHER = re.compile(f"[{CJK}]")


@dataclass(frozen=True, slots=True)
class Hit:
    """A tag at words start..end; `language` is the term's."""

    tag: str
    start: int
    end: int
    language: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A phrase in matching spelling, with its tag and language."""

    tag: str
    language: str
    words: tuple[str, ...]
    open_end: bool


@dataclass
class Lexicon:
    """All terms, ready to be looked up."""

    ages: AgeWords
    identity: IdentityWords
    singles: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    squashed: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    starts: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    phrases: dict[str, list[Term]] = field(default_factory=dict)
    together: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    known: dict[str, frozenset[tuple[str, str]]] = field(default_factory=dict)
    together_pattern: re.Pattern[str] | None = None
    spaced_pattern: re.Pattern[str] | None = None

    def add(self, tag: str, language: str, terms: Iterable[str]) -> None:
        """Learn terms; a star at the end lets the last word go on."""
        for written in terms:
            words = read(written.rstrip("*")).words
            if not words:
                continue
            key = (tag, language)
            if WRITTEN_TOGETHER.search(words[0]):
                self.together.setdefault("".join(words), set()).add(key)
            elif len(words) > 1:
                term = Term(tag, language, words, written.endswith("*"))
                self.phrases.setdefault(words[0], []).append(term)
            elif written.endswith("*"):
                self.starts.setdefault(words[0], set()).add(key)
            else:
                self.singles.setdefault(words[0], set()).add(key)
                self.squashed.setdefault(squash(words[0]), set()).add(key)

    def close(self) -> None:
        """Prepare the searches, once all terms are known."""
        self.known.clear()
        self.together_pattern = _any_of(self.together)
        hidden = [
            word
            for word, keys in (*self.singles.items(), *self.starts.items())
            if _hides(keys) and len(word) > 2
        ]
        self.spaced_pattern = _any_of(hidden)

    def find(self, reading: Reading) -> list[Hit]:
        """All tags of a text, without those inside innocent phrases."""
        hits = list(self._terms(reading))
        innocent = {at for hit in hits if hit.tag == "innocent" for at in range(hit.start, hit.end)}
        hits = [
            hit for hit in hits if hit.tag == "abuse" or not innocent.intersection(range(hit.start, hit.end))
        ]
        hits = [self._weigh(reading, hit) for hit in hits]
        hits += self._hidden(reading)
        for age in find_ages(reading, self.ages):
            if age.bare:
                hits.append(Hit("bare_age", age.start, age.end))
                continue
            hits.append(Hit("minor_weak" if age.weak else "minor", age.start, age.end))
            if age.now:
                hits += [Hit("minor_now", age.start, age.end), Hit("young_now", age.start, age.end)]
            if age.own:
                hits.append(Hit("minor_self", age.start, age.end))
        hits += [one for hit in hits if hit.tag == "young" for one in self._identities(reading, hit)]
        return hits

    def _weigh(self, reading: Reading, hit: Hit) -> Hit:
        """Somebody's child or teenager is mostly family talk, unless one of the two who talk plays it."""
        family = is_owned(reading, hit.start, self.ages.owners) and not is_self(
            reading, hit.start, self.identity
        )
        return Hit("minor_weak", hit.start, hit.end) if hit.tag == "minor" and family else hit

    def _identities(self, reading: Reading, hit: Hit) -> Iterator[Hit]:
        own = is_self(reading, hit.start, self.identity)
        if is_owned(reading, hit.start, self.ages.owners) and not own:
            return
        together = WRITTEN_TOGETHER.search(reading.words[hit.start]) is not None
        if together or is_somebody(reading, hit.start, hit.end, self.identity):
            yield Hit("young_now", hit.start, hit.end)
            yield Hit("minor_now", hit.start, hit.end)
            if own:
                yield Hit("minor_self", hit.start, hit.end)

    def _terms(self, reading: Reading) -> Iterator[Hit]:
        words = reading.words
        for at, word in enumerate(words):
            for tag, language in self._tags(word):
                yield Hit(tag, at, at + 1, language)
            for form in (word,) if word.isalpha() else variants(word):
                for term in self.phrases.get(form, ()):
                    if _continues(term, words, at):
                        yield Hit(term.tag, at, at + len(term.words), term.language)
            if at and _is_split(words[at - 1], word, reading.gaps[at]):
                for tag, language in self._tags(words[at - 1] + word):
                    if tag in HIDDEN:
                        yield Hit(tag, at - 1, at + 1, language)

    def _hidden(self, reading: Reading) -> Iterator[Hit]:
        """Terms inside words that were spelt out letter by letter."""
        if not reading.spaced or self.spaced_pattern is None:
            return
        places = {word: at for at, word in enumerate(reading.words)}
        for joined in set(reading.spaced):
            at = places.get(joined, 0)
            for form in variants(joined):
                for match in self.spaced_pattern.finditer(form):
                    keys = self.singles.get(match[0], set()) | self.starts.get(match[0], set())
                    yield from (Hit(tag, at, at + 1, language) for tag, language in keys if tag in HIDDEN)

    def _tags(self, word: str) -> frozenset[tuple[str, str]]:
        tags = self.known.get(word)
        if tags is None:
            tags = self._look_up(word)
            if len(self.known) < WORDS_KEPT:
                self.known[word] = tags
        return tags

    def _look_up(self, word: str) -> frozenset[tuple[str, str]]:
        if WRITTEN_TOGETHER.match(word):
            return self._look_inside(word)
        found: set[tuple[str, str]] = set()
        for form in variants(word):
            found |= self.singles.get(form, set())
            if form.endswith("s") and form not in self.singles:
                found |= self._plural(form[:-1])
            if is_stretched(form):
                found |= self.squashed.get(squash(form), set())
            for length in range(SHORTEST_START, min(len(form), LONGEST_START) + 1):
                found |= self.starts.get(form[:length], set())
        return frozenset(found)

    def _look_inside(self, word: str) -> frozenset[tuple[str, str]]:
        """The terms inside a run of Japanese, Chinese or Korean; longer terms hide shorter ones within them."""
        if self.together_pattern is None:
            return frozenset()
        found: set[tuple[str, str]] = set()
        for match in self.together_pattern.finditer(word):
            found |= self.together[match[0]]
        return frozenset(found)

    def _plural(self, word: str) -> set[tuple[str, str]]:
        """A plural says what its singular says, except of whom: "teaches teenagers"."""
        return {
            (tag, language)
            for tag, language in self.singles.get(word, set())
            if tag not in ("young", "young_shot")
        }


def load_lexicon(
    tags: Mapping[str, Mapping[str, Sequence[str]]], ages: AgeWords, identity: IdentityWords
) -> Lexicon:
    """The lexicon of `words.toml`; call `close` when everything is added."""
    lexicon = Lexicon(ages, identity)
    for tag, languages in tags.items():
        for language, terms in languages.items():
            lexicon.add(tag, language, terms)
            if tag == "explicit":
                lexicon.add("sexual", language, terms)
    return lexicon


def _continues(term: Term, words: Sequence[str], at: int) -> bool:
    last = at + len(term.words) - 1
    if last >= len(words):
        return False
    for offset, wanted in enumerate(term.words[1:], start=1):
        met = words[at + offset]
        if met == wanted or wanted in variants(met):
            continue
        if at + offset < last:
            return False
        if not (met == wanted + "s" or (term.open_end and met.startswith(wanted))):
            return False
    return True


def _is_split(left: str, right: str, gap: str) -> bool:
    """Whether two words may be one that was torn apart: "s ex", "lo-li"."""
    if gap == " ":
        return len(left) == 1 or len(right) == 1
    return len(gap) == 1 and gap in "-._*~+/'" and min(len(left), len(right)) <= 3


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None


def _hides(keys: Iterable[tuple[str, str]]) -> bool:
    return any(tag in HIDDEN for tag, _ in keys)
