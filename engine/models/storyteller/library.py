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

# Words with a capital that are nobody's name.
NO_NAMES = "I|I'm|I've|And|But|So|The|A|An|Who|Which|My|Our|He|She|It|They|We|You|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|July|September|October|November|December|Christmas|Easter|IT|TV|CV|PhD|OK"


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
class Telling:
    """Something people tell (a pet's name, a job, a loss): how one takes it up, and what one asks then."""

    name: str
    mood: str
    patterns: tuple[re.Pattern[str], ...]
    takes: tuple[Line, ...]
    asks: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Conceit:
    """What a speaker compares everything with (plants, accounts, smells), known by words of its persona."""

    name: str
    known_by: re.Pattern[str]
    asks: tuple[Line, ...]
    names: tuple[Line, ...]  # how it says {it}, a name or a thing that it was told
    good: tuple[Line, ...]
    bad: tuple[Line, ...]
    plain: tuple[Line, ...]


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
    tellings: tuple[Telling, ...] = field(default=())
    conceits: tuple[Conceit, ...] = field(default=())


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
        tellings=_tellings(read["told"]),
        conceits=tuple(_conceit(name, table) for name, table in read["conceits"].items()),
    )


def _tellings(table: Mapping[str, Any]) -> tuple[Telling, ...]:
    lists = {name: "|".join(str(table[name]).split()) for name in ("kin", "pets", "breeds", "jobs")}
    words = {
        "KIN": rf"(?:(?:best|older|younger|little|big|twin|old|dear|good) )?(?:{lists['kin']})\b",
        "PETS": rf"(?:(?:{lists['pets']})s|puppies|bunnies|ponies|mice)\b",
        "PET": rf"(?:{lists['pets']}|{lists['breeds']})\b",
        "BREED": rf"(?:{lists['breeds']})",
        "JOB": rf"(?:{lists['jobs']})\b",
        # A name is written like one; "called biscuit" says that it is one in any writing.
        "NAME": rf"(?-i:(?!(?:{NO_NAMES})\b)[A-ZÀ-ÞŁŚŻ][\w-]+)",
        "ANY": r"(?!(?:a|an|the|so|very|not|too|after|by|ill|sick|fine|good)\b)[^\W\d_][\w-]+",
    }
    return tuple(
        Telling(
            told["name"],
            told.get("mood", ""),
            tuple(
                re.compile(re.sub(r"<([A-Z]+)>", lambda match: words[match[1]], pattern), re.IGNORECASE)
                for pattern in told["match"]
            ),
            _lines(told["take"]),
            _lines(told["ask"]),
        )
        for told in table["telling"]
    )


def _conceit(name: str, table: Mapping[str, Any]) -> Conceit:
    return Conceit(
        name,
        re.compile(table["known_by"], re.IGNORECASE),
        _lines(table["asks"]),
        _lines(table["names"]),
        _lines(table["good"]),
        _lines(table["bad"]),
        _lines(table["plain"]),
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
