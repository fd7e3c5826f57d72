"""Finds under-age ages in words: "14yo", "fifteen years old", "quince años", "sechzehnjährig", "15歳", "almost 18".

`lexicon.py` calls `find_ages`; the word lists come from `words.toml`. An age is judged by its neighbours: who has
it (`NOW`, `SELF`), whether it is long past, and whether it is an age at all ("a 12-year-old whisky" is not).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.safety.normalise import Reading, read, variants

ADULT = 18
# Someone born in this year or later was under age when this list was written (2026). It only ever gets too strict.
BORN_UNDER_AGE = 2009
GLUED = re.compile(r"^([0-9]{1,2})([^\W\d_]+)$")
SEX_AND_AGE = re.compile(r"^(?:[fm]1[0-7]|1[0-7][fm])$")
# 十五歳, but not 二十五歳.
KANJI_AGE = re.compile(r"(?<![一二三四五六七八九十])(?:十[一二三四五六七]?|[一二三四五六七八九])(?:歳|才|岁)")
# Smaller numbers that stand alone count things.
YOUNGEST_BARE = 8
# How far back the word that says whose age it is may stand.
REACH = 4
# What may stand in a gap without ending the clause.
CLAUSE_END = re.compile(r"[.!?;:,\n()…。、！？]")


@dataclass(frozen=True, slots=True)
class AgeWords:
    """The words around ages, in matching spelling."""

    numbers: Mapping[str, int]
    tens: frozenset[str]
    units: frozenset[str]
    old: frozenset[str]
    years: frozenset[str]
    glued: frozenset[str]
    cues: frozenset[str]
    now: frozenset[str]
    selves: frozenset[str]
    past: frozenset[str]
    durations: frozenset[str]
    fillers: frozenset[str]
    follow: frozenset[str]
    things: frozenset[str]
    owners: frozenset[str]
    not_yet: frozenset[str]
    needs_unit: frozenset[str]
    family: frozenset[str]
    persons: frozenset[str]
    ofs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Age:
    """An under-age age at words start..end: someone has it now, or the speakers themselves have it."""

    start: int
    end: int
    now: bool
    own: bool
    bare: bool = False  # a number that stands alone ("student, 16")
    weak: bool = False  # somebody's child: meant only where it stands right beside


def load_age_words(tables: Mapping[str, Sequence[str]], numbers: Mapping[str, int]) -> AgeWords:
    """The words of `words.toml` in matching spelling."""

    def spelt(name: str) -> frozenset[str]:
        return frozenset(word for term in tables[name] for word in read(term).words)

    return AgeWords(
        numbers={read(word).words[0]: number for word, number in numbers.items()},
        **{name: spelt(name) for name in tables},
    )


def find_ages(reading: Reading, words: AgeWords) -> Iterator[Age]:
    """All under-age ages of a text."""
    candidates = {word for word in set(reading.words) if _may_be_age(word, words)}
    for at, word in enumerate(reading.words):
        if word not in candidates:
            continue
        number, end = _number(reading, at, words)
        if number is not None:
            age = _judge(reading, at, end, number, words)
            if age is not None:
                yield age
        elif (
            SEX_AND_AGE.match(word)
            or KANJI_AGE.search(word)
            or (
                word.isdigit()
                and len(word) == 4
                and BORN_UNDER_AGE <= int(word) < 2100
                and _born(reading, at)
            )
        ):
            yield Age(at, at + 1, now=True, own=False)


def _may_be_age(word: str, words: AgeWords) -> bool:
    return word in words.numbers or word[0].isdigit() or word[-1].isdigit() or _is_odd(word, words)


def _is_odd(word: str, words: AgeWords) -> bool:
    """A number word in leetspeak or compounded ("vierzehnjahrige"), or with kanji digits."""
    if word.isascii() and word.isalpha():
        return _compound(word, words) is not None
    return any(one in words.numbers for one in variants(word)) or KANJI_AGE.search(word) is not None


def _compound(word: str, words: AgeWords) -> int | None:
    for unit in words.glued:
        head, found, _ = word.partition(unit)
        if found and head in words.numbers:
            return words.numbers[head]
    return None


def _number(reading: Reading, at: int, words: AgeWords) -> tuple[int | None, int]:
    """The number at a word, and where the words after it begin; a unit glued to it is -1 word away."""
    word = reading.words[at]
    if word.isdigit():
        return (int(word), at + 1) if len(word) <= 2 else (None, at + 1)
    glued = GLUED.match(word)
    if glued and any(glued[2].startswith(unit) for unit in words.glued):
        return int(glued[1]), at
    compound = _compound(word, words)
    if compound is not None:
        return compound, at
    for one in variants(word):
        if one in words.numbers and not _has_tens(reading, at, words):
            return words.numbers[one], at + 1
    return None, at + 1


def _has_tens(reading: Reading, at: int, words: AgeWords) -> bool:
    return any(word in words.tens for word in reading.words[max(0, at - 2) : at])


def _judge(reading: Reading, at: int, end: int, number: int, words: AgeWords) -> Age | None:
    before, pivot = _before(reading, at, words)
    if number == ADULT and any(word in words.not_yet for word in reading.words[max(0, at - 3) : at]):
        return Age(at, at + 1, now=True, own=any(word in words.selves for word in before))
    if not 0 < number < ADULT:
        return None
    after, plural = (at + 1, False) if end == at else _unit(reading, end, words)
    if after is None:
        cued = pivot in words.cues or pivot in words.now or pivot in words.past
        if reading.words[at] in words.needs_unit or not _clause_ends(reading, end, words):
            return None
        if not cued:
            bare = number >= YOUNGEST_BARE and _stands_alone(reading, at, words)
            return Age(at, end, now=False, own=False, bare=True) if bare else None
        after = end
    elif _is_duration(reading, at, end, words) or _is_thing(reading, after, words):
        return None
    own = any(word in words.selves for word in before)
    others = _is_others(reading, before, after, words) and not own
    present = not plural and pivot not in words.past and not others
    return Age(at, after, now=present, own=present and own, weak=others)


def _before(reading: Reading, at: int, words: AgeWords) -> tuple[tuple[str, ...], str]:
    """The words before, and the nearest of them that is not a filler ("only", "a")."""
    before = reading.words[max(0, at - REACH) : at]
    pivot = next((word for word in reversed(before) if word not in words.fillers), "")
    return before, pivot


def _unit(reading: Reading, at: int, words: AgeWords) -> tuple[int | None, bool]:
    """Where a unit of age ends ("years old", "años"), None without one; and whether it means several people."""
    rest = reading.words[at : at + 3]
    if not rest:
        return None, False
    if rest[0] in words.units or _starts_with_unit(rest[0], words):
        return at + 1, rest[0].endswith("os") and rest[0] == "yos"
    if rest[0] in words.years and len(rest) > 1 and rest[1] in words.old:
        return at + 2, rest[1] == "olds"
    if rest[0] in words.years and rest[1:] == ("of", "age"):
        return at + 3, False
    return None, False


def _is_duration(reading: Reading, at: int, end: int, words: AgeWords) -> bool:
    if any(word in words.durations for word in reading.words[max(0, at - 2) : at]):
        return True
    # "há 15 anos" is a span in Portuguese; "ha 15 anni" is an age in Italian.
    return at > 0 and reading.words[at - 1] == "ha" and reading.words[end : end + 1] == ("anos",)


def _stands_alone(reading: Reading, at: int, words: AgeWords) -> bool:
    """Whether nothing before a number says what it counts: "student, 16", "girl of twelve", "barely 16"."""
    while at > 0 and not CLAUSE_END.search(reading.gaps[at]) and reading.words[at - 1] in words.fillers:
        at -= 1
    if at == 0 or CLAUSE_END.search(reading.gaps[at]):
        return at == 0 or not any(word in words.family for word in reading.words[max(0, at - 2) : at])
    before = reading.words[max(0, at - 2) : at]
    return before[-1] in words.persons or (before[-1] in words.ofs and before[0] in words.persons)


def _starts_with_unit(word: str, words: AgeWords) -> bool:
    """Japanese runs on after the unit; in Latin letters only long units may ("jahrigen")."""
    return any(word.startswith(unit) for unit in words.glued if len(unit) > 4 or not unit.isascii())


def _is_others(reading: Reading, before: Sequence[str], after: int, words: AgeWords) -> bool:
    """Whether it is the age of somebody's relative or pupil: "my 12-year-old daughter", "teaches 12-year-olds"."""
    owned = any(word in words.owners for word in before[-2:])
    return owned or any(word in words.family for word in reading.words[after : after + 1])


def _is_thing(reading: Reading, at: int, words: AgeWords) -> bool:
    return any(word in words.things for word in reading.words[at : at + 2])


def _clause_ends(reading: Reading, at: int, words: AgeWords) -> bool:
    if at >= len(reading.words):
        return True
    gap = reading.gaps[at]
    if gap in (".", ",", ":") and reading.words[at][0].isdigit():
        return False  # 1.62 is one number
    return bool(CLAUSE_END.search(gap)) or "&" in gap or reading.words[at] in words.follow


def _born(reading: Reading, at: int) -> bool:
    return any(
        word in ("born", "geboren", "nacida", "nacido", "nee", "nascida")
        for word in reading.words[max(0, at - 3) : at]
    )
