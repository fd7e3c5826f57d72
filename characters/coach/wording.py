"""What the coach knows about words, read from `wording.toml` and `person.toml`.

The rules in `looks.py`, `person.py` and `story.py` ask it: which words tell something, which are empty,
and which stronger wording to propose. A choice depends only on the words, so advice never flickers.
"""

from __future__ import annotations

import re
import tomllib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

# Characters of somebody's own words within a sentence to them.
QUOTE_LENGTH = 60
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What makes one field of the looks specific: the weight of its words, and wordings that have enough."""

    why: str
    needs: int  # the sum wanted, where a weak word counts 1 and a telling one 2
    filler: frozenset[str]
    stronger: Mapping[str, tuple[str, ...]]
    otherwise: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wardrobe:
    """What makes an outfit specific: garments with colours."""

    why: str
    garments: frozenset[str]
    colours: frozenset[str]
    colour_each: tuple[str, ...]
    usual: Mapping[str, tuple[str, ...]]  # garment → colours it comes in
    over_white: tuple[str, ...]
    moods: Mapping[str, tuple[str, ...]]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manners:
    """What gives a personality edges."""

    turning: frozenset[str]
    edged: frozenset[str]
    behaviour: frozenset[str]
    nameless: frozenset[str]  # labels that people write where a name belongs
    traits: Mapping[str, tuple[str, ...]]
    trait_fallback: tuple[str, ...]
    extra_traits: tuple[str, ...]
    tensions: tuple[str, ...]
    quirks: Mapping[str, tuple[str, ...]]
    any_quirk: tuple[str, ...]
    speeches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """All of the coach's words."""

    generic: frozenset[str]
    connecting: frozenset[str]
    drawing: frozenset[str]
    marks: Mapping[str, tuple[str, ...]]
    looks: Mapping[str, Lexicon]
    wardrobe: Wardrobe
    manners: Manners


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text in lower case; hyphenated ones stay whole."""
    return tuple(WORD.findall(text.casefold().replace("’", "'")))


def telling(text: str) -> tuple[str, ...]:
    """The words of a text that say something: neither connecting nor generic."""
    known = wording()
    return tuple(word for word in tokens(text) if word not in known.connecting and word not in known.generic)


def without(text: str, words: Iterable[str]) -> str:
    """The text without some words, with its commas in order again."""
    any_word = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    text = re.sub(rf"(?<![\w-])(?:{any_word})(?![\w-])", " ", text, flags=re.IGNORECASE)
    parts = (" ".join(part.split()) for part in re.split(r"[,;]", text))
    kept = (re.sub(r"^(and|or|with|a|an|the)\b\s*|\s*\b(and|or|with|a|an|the)$", "", part) for part in parts)
    return ", ".join(part for part in kept if WORD.search(part)).strip(" .!")


def pick(options: Sequence[str], *words: str) -> str:
    """One of the options, always the same for the same words."""
    return options[zlib.crc32("\n".join(words).encode()) % len(options)]


def quoted(text: str) -> str:
    """A person's words as a sentence quotes them: short."""
    short = text if len(text) <= QUOTE_LENGTH else f"{text[: QUOTE_LENGTH - 1].rstrip()}…"
    return f"“{short}”"


def is_readable(text: str) -> bool:
    """Whether the coach can judge wordings: it reads English, so it keeps quiet about other scripts."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum(letter < "\u0250" for letter in letters) * 2 >= len(letters)


@lru_cache(maxsize=1)
def wording() -> Wording:
    """The coach's words, read once."""
    words, person = _table("wording.toml"), _table("person.toml")
    names = [name for name, entry in words.items() if isinstance(entry, dict) and "needs" in entry]
    return Wording(
        generic=_set(words, "generic"),
        connecting=_set(words, "connecting"),
        drawing=_set(words, "drawing"),
        marks=_choices(words, "marks"),
        looks={name: _lexicon(_sub(words, name)) for name in names},
        wardrobe=_wardrobe(_sub(words, "outfit")),
        manners=_manners(person),
    )


def _lexicon(table: Mapping[str, object]) -> Lexicon:
    return Lexicon(
        why=str(table["why"]),
        needs=int(str(table["needs"])),
        filler=frozenset(_list(table, "filler")),
        stronger=_choices(table, "stronger"),
        otherwise=_list(table, "otherwise"),
        examples=_list(table, "examples"),
    )


def _wardrobe(table: Mapping[str, object]) -> Wardrobe:
    return Wardrobe(
        why=str(table["why"]),
        garments=_set(table, "garments"),
        colours=_set(table, "colours"),
        colour_each=_list(table, "colour_each"),
        usual=_choices(table, "usual"),
        over_white=_list(table, "over_white"),
        moods=_choices(table, "moods"),
        examples=_list(table, "examples"),
    )


def _manners(table: Mapping[str, object]) -> Manners:
    traits, quirks = _sub(table, "traits"), _sub(table, "quirks")
    return Manners(
        turning=_set(table, "turning"),
        edged=_set(table, "edged"),
        behaviour=_set(table, "behaviour"),
        nameless=_set(table, "nameless"),
        traits=_choices(traits, "stronger"),
        trait_fallback=_list(traits, "fallback"),
        extra_traits=_list(table, "extra_traits"),
        tensions=_list(table, "tensions"),
        quirks=_choices(quirks, "stronger"),
        any_quirk=_list(table, "quirks_any"),
        speeches=_list(table, "speeches"),
    )


def _table(name: str) -> dict[str, object]:
    return tomllib.loads((resources.files(__package__) / name).read_text("utf-8"))


def _sub(table: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = table[key]
    assert isinstance(found, dict)
    return found


def _set(table: Mapping[str, object], key: str) -> frozenset[str]:
    return frozenset(str(table[key]).split())


def _list(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    found = table[key]
    assert isinstance(found, list)
    return tuple(found)


def _choices(table: Mapping[str, object], key: str) -> Mapping[str, tuple[str, ...]]:
    found = _sub(table, key)
    return {word: _list(found, word) for word in found}
