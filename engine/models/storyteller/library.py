"""The storyteller's lines, read from the TOML files beside it; `voice.py` loads them once per model.

A line may begin with the tempers it suits ("dry,blunt| …"), may hold alternatives ("[one|another]") and slots
("{value}"); "{,you}" is the person's name as an address, said now and then.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LINES = Path(__file__).parent / "lines"
TAGGED = re.compile(r"^(?P<tags>[a-z]+(?:,[a-z]+)*)\| ?(?P<text>.+)$", re.DOTALL)
WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")


def stem(word: str) -> str:
    """A word without its commonest endings."""
    for ending, instead, least in (
        ("ies", "y", 5),
        ("ing", "", 6),
        ("ed", "", 5),
        ("es", "e", 5),
        ("s", "", 4),
    ):
        if word.endswith(ending) and len(word) >= least and not word.endswith("ss"):
            word = word[: -len(ending)] + instead
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] in "nmptgb":
        word = word[:-1]
    return word.rstrip("e") if len(word) > 4 else word


@dataclass(frozen=True, slots=True)
class Line:
    """One line, and the tempers it suits (none: all)."""

    text: str
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Theme:
    """Something people talk of: how one reacts by mood, what one asks, what one thinks of it oneself."""

    name: str
    words: frozenset[str]
    phrases: tuple[str, ...] = ()
    good: tuple[Line, ...] = ()
    bad: tuple[Line, ...] = ()
    plain: tuple[Line, ...] = ()
    ask: tuple[Line, ...] = ()
    own: tuple[Line, ...] = ()
    things: tuple[Theme, ...] = ()

    def reactions(self, mood: str) -> tuple[Line, ...]:
        """The lines for a mood, the neutral ones where there are none."""
        chosen = {"good": self.good, "bad": self.bad}.get(mood, self.plain)
        return chosen or self.plain


@dataclass(frozen=True, slots=True)
class Act:
    """A kind of utterance that has its own answers: a greeting, thanks, "are you human?"."""

    name: str
    pattern: re.Pattern[str]
    lines: tuple[Line, ...] = ()
    asks: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Language:
    """A small pack for people who write in another language."""

    name: str
    marks: frozenset[str]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """All lines."""

    acts: tuple[Act, ...]
    themes: tuple[Theme, ...]
    pools: Mapping[str, tuple[Line, ...]]
    stories: Mapping[str, tuple[tuple[str, ...], ...]]  # by domain; each story in parts
    tempers: Mapping[str, frozenset[str]]  # temper → stems of trait words
    domains: Mapping[str, frozenset[str]]  # domain → stems of backstory words
    moods: Mapping[str, frozenset[str]]
    languages: tuple[Language, ...] = field(default=())


def load_library(folder: Path = LINES) -> Library:
    """Read all files of lines."""
    read = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.toml"))}
    themes = [theme for name, table in read.items() if name.startswith("themes") for theme in _themes(table)]
    pools: dict[str, tuple[Line, ...]] = {}
    for name, table in read.items():
        if name.startswith("pools"):
            pools |= {pool: _lines(lines) for pool, lines in table.items()}
    return Library(
        acts=tuple(_act(table) for table in read["acts"]["act"]),
        themes=tuple(themes),
        pools=pools,
        stories={domain: tuple(tuple(parts) for parts in told) for domain, told in read["stories"].items()},
        tempers=_stems(read["words"]["tempers"]),
        domains=_stems(read["words"]["domains"]),
        moods=_stems(read["words"]["moods"]),
        languages=tuple(_language(name, table) for name, table in read["abroad"].items()),
    )


def _themes(tables: Mapping[str, Any]) -> Iterable[Theme]:
    for name, table in tables.items():
        yield _theme(name, table)


def _theme(name: str, table: Mapping[str, Any]) -> Theme:
    named = str(table["words"]).split()
    return Theme(
        name=name,
        words=frozenset(stem(word) for word in named),
        phrases=tuple(table.get("phrases", ())),
        good=_lines(table.get("good", ())),
        bad=_lines(table.get("bad", ())),
        plain=_lines(table.get("plain", ())),
        ask=_lines(table.get("ask", ())),
        own=_lines(table.get("own", ())),
        things=tuple(_theme(str(thing["words"]).split()[0], thing) for thing in table.get("thing", ())),
    )


def _act(table: Mapping[str, Any]) -> Act:
    joined = "|".join(f"(?:{pattern})" for pattern in table["match"])
    return Act(
        table["name"],
        re.compile(joined, re.IGNORECASE),
        _lines(table.get("lines", ())),
        _lines(table.get("asks", ())),
    )


def _language(name: str, table: Mapping[str, Any]) -> Language:
    return Language(name, frozenset(str(table["marks"]).split()), tuple(_act(act) for act in table["act"]))


def _lines(texts: Iterable[str]) -> tuple[Line, ...]:
    lines = []
    for text in texts:
        match = TAGGED.match(text)
        lines.append(Line(match["text"], frozenset(match["tags"].split(","))) if match else Line(text))
    return tuple(lines)


def _stems(table: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    return {name: frozenset(stem(word) for word in str(words).split()) for name, words in table.items()}


def stems_of(text: str) -> Sequence[str]:
    """The stems of a text's words, in order."""
    return [stem(word.removesuffix("'s")) for word in WORD.findall(text.lower().replace("’", "'"))]
