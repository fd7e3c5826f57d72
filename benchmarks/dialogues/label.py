"""A written dialogue, its labels, and when a remembered fact is what a label says; `benchmarks/facts.py` reads them.

A match is lenient about words and strict about meaning: the same subject, a relation of the same family, and all
words of one of the values that the label allows, with few others beside them and no "not" among these.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from engine.types import Fact

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "de", "es", "fr", "pt")
PARTS = ("dev", "dev2", "check")
# Words that a value may have beside those of the label: "nurse" is "nurse at a clinic", a plan is half a sentence.
EXTRA_WORDS, EXTRA_WORDS_OF_PLANS = 4, 10

# Relations that say the same thing of somebody; what is not listed is a family of its own.
FAMILIES = {
    "name": ("name", "called", "is called", "nickname"),
    "birthday": ("birthday", "born on", "born in year"),
    "home": ("lives in", "lives at", "lives", "lived in", "moved to", "home"),
    "origin": ("comes from", "is from", "born in", "grew up in", "nationality"),
    "work": (
        "works as",
        "works at",
        "works in",
        "works for",
        "worked as",
        "worked at",
        "teaches",
        "job",
        "employer",
    ),
    "study": ("studies", "studies at", "studied"),
    "taste": ("likes", "loves", "prefers", "hobby", "plays", "collects"),
    "distaste": ("dislikes", "hates"),
    "health": ("allergic to", "has condition", "health"),
    "diet": ("diet", "eats", "does not eat"),
    "plan": ("plan", "event", "moves to", "dreams of", "anniversary", "pregnant", "died"),
    "relationship": ("relationship", "status", "married to"),
    "has": ("has", "own", "owns", "siblings", "drives"),
    "is": ("is", "are", "state"),
}
# What can be said with "is" as well: "You are diabetic.", "Your mother is Polish."
_ALSO_IS = frozenset({"work", "origin", "health", "diet", "relationship"})
_FAMILY = {relation: family for family, relations in FAMILIES.items() for relation in relations}
# Families whose relations name their object: "favourite food", "number of cats".
_OPEN_FAMILIES = {"taste": re.compile(r"favou?rite "), "has": re.compile(r"number of ")}
# Relations whose name says that it is over.
_PAST = re.compile(r"(?:used to|former|formerly|left|quit|no longer|lived|worked|studied|ex)\b")

_ARTICLES = frozenset(
    "the a an some my your our der die das den dem ein eine einen einem einer mein meine meinen el la los las un una "
    "unos unas mi mis le les l une des du d mon ma mes o os as um uma meu minha".split()
)
_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}
_NEGATIONS = frozenset(
    "not no never non dont doesnt kein keine nicht nie nunca jamais pas sin ohne sem".split()
)
_KIN = {
    "mum": "mother", "mom": "mother", "mam": "mother", "mummy": "mother", "dad": "father", "daddy": "father",
    "nan": "grandmother", "nana": "grandmother", "gran": "grandmother", "granny": "grandmother",
    "grandma": "grandmother", "grandpa": "grandfather", "grandad": "grandfather", "granddad": "grandfather",
    "puppy": "dog", "kitten": "cat", "tomcat": "cat", "bunny": "rabbit", "fiancee": "fiance", "bro": "brother",
    "sis": "sister", "mate": "friend", "kid": "child", "hubby": "husband", "hen": "chicken", "pony": "horse",
}  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"['’](?=(?:t|re|ve)\b)")


@dataclass(frozen=True, slots=True)
class Line:
    """Something said. `at` is the day."""

    by_person: bool
    text: str
    at: date


@dataclass(frozen=True, slots=True)
class Label:
    """A fact as it should be remembered; of several subjects, relations or values each is right."""

    subjects: Sequence[str]
    relations: Sequence[str]
    values: Sequence[str]
    line: int  # from 1
    until: str = ""  # "superseded" by a later one, "ended" by what was said, "" while it holds

    @property
    def holds(self) -> bool:
        """Whether it is true at the end of the dialogue."""
        return not self.until

    def matches(self, fact: Fact) -> bool:
        """Whether a fact says this, now or of the past."""
        return (
            any(_same_subject(subject, fact.subject) for subject in self.subjects)
            and self._of_family(family(fact.relation))
            and any(_says(fact, value) for value in self.values)
        )

    def implies(self, fact: Fact) -> bool:
        """Whether a fact says no more than that there is whom this label is about: "You have a dog." """
        return (
            family(fact.relation) in ("has", "relationship")
            and fold(fact.subject) == ["you"]
            and any(_head(subject) in fold(fact.value) for subject in self.subjects)
        )

    def follows(self, older: Label) -> bool:
        """Whether this is news of what the older one is about."""
        same = {family(relation) for relation in self.relations} & {
            family(relation) for relation in older.relations
        }
        return self.line > older.line and bool(same and {*self.subjects} & {*older.subjects})

    def _of_family(self, told: str) -> bool:
        mine = {family(relation) for relation in self.relations}
        return told in mine or (told == "is" and bool(mine & _ALSO_IS))

    def __str__(self) -> str:
        gone = f" ({self.until})" if self.until else ""
        return f"{' / '.join(self.subjects)} | {' / '.join(self.relations)} | {' / '.join(self.values)}{gone}"


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A talk with what is to be remembered of it, what may be, and what somebody careless would take from it."""

    id: str
    language: str
    lines: Sequence[Line]
    facts: Sequence[Label]
    may: Sequence[Label]
    traps: Sequence[Label]
    held_back: bool  # nobody tunes on it


def read(part: str, languages: Sequence[str] = LANGUAGES) -> list[Dialogue]:
    """The dialogues of a part ("dev", "dev2", "check", or "all")."""
    parts = PARTS if part == "all" else (part,)
    return [
        one for language in languages for name in parts for one in _read(FOLDER / f"{language}_{name}.jsonl")
    ]


def family(relation: str) -> str:
    """The name of what a relation says: "moved to" is about the home as "lives in" is."""
    plain = relation.strip().lower()
    wide = (name for name, pattern in _OPEN_FAMILIES.items() if pattern.match(plain))
    return next(wide, _FAMILY.get(plain, plain))


def is_past(relation: str) -> bool:
    """Whether a relation says of itself that it is over."""
    return bool(_PAST.match(relation.strip().lower()))


def fold(text: str) -> list[str]:
    """The words without accents, articles, capital letters and plurals; numbers as figures."""
    flat = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", text.casefold()))
    words = _WORD.findall("".join(sign for sign in flat if not unicodedata.combining(sign)))
    return [_plain(word) for word in words if word not in _ARTICLES] or words


def _read(path: Path) -> Iterator[Dialogue]:
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        yield Dialogue(
            id=row["id"],
            language=row["lang"],
            lines=[
                Line(line["who"] == "person", line["text"], date.fromisoformat(line["at"]))
                for line in row["lines"]
            ],
            facts=[_label(one) for one in row["facts"]],
            may=[_label(one) for one in row.get("may", ())],
            traps=[_label(one) for one in row.get("not", ())],
            held_back=path.stem.endswith("_check"),
        )


def _label(row: dict[str, Any]) -> Label:
    subjects, relations, values = (_several(row[key]) for key in ("subject", "relation", "value"))
    return Label(subjects, relations, values, row["line"], row.get("until", ""))


def _several(given: str | list[str]) -> Sequence[str]:
    return [given] if isinstance(given, str) else given


def _same_subject(label: str, fact: str) -> bool:
    """ "your sister" is "your little sister", but not "your sister's boss"."""
    one, other = fold(label), fold(fact)
    return one[-1:] == other[-1:] and (set(one) <= set(other) or set(other) <= set(one))


def _says(fact: Fact, value: str) -> bool:
    wanted, told = set(fold(value)), set(fold(fact.value))
    extra = told - wanted
    most = EXTRA_WORDS_OF_PLANS if family(fact.relation) == "plan" else EXTRA_WORDS
    return wanted <= told and len(extra) <= most and not extra & _NEGATIONS


def _head(subject: str) -> str:
    return fold(subject)[-1]


def _plain(word: str) -> str:
    """A number as figures, "12th" as 12, a plural as one, the words of a family as one word."""
    if word[0].isdigit():
        return re.sub(r"^0*(\d+)(?:st|nd|rd|th)?$", r"\1", word)
    word = _NUMBERS.get(word, word)
    word = _KIN.get(word, word)
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return _KIN.get(word, word)
