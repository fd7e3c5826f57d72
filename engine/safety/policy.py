"""The policy as data: `policy.toml`, the words, names and help lines it speaks of, and the operator's own phrases.

`engine/build.py` calls `load_policy` once; `text.py` applies what it returns.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any

from engine.errors import ConfigError
from engine.safety.ages import load_age_words
from engine.safety.identity import load_identity_words
from engine.safety.lexicon import Lexicon, load_lexicon

HELPLINES = "helplines"
# Names that are shorter make other words when written together ("Max Wall": maxwall is nobody).
SHORTEST_GLUED = 9


class Where(StrEnum):
    """What is judged: the person's words, the model's, a picture's request, its finished job, a character."""

    SAID = "said"
    REPLY = "reply"
    SHOT = "shot"
    PICTURE = "picture"
    CHARACTER = "character"


class Action(StrEnum):
    """What becomes of the words. INTERRUPT: they are taken, but the system answers instead of the character."""

    ALLOW = "allow"
    REFUSE = "refuse"
    INTERRUPT = "interrupt"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two tags that must not come within so many words of each other."""

    one: str
    other: str
    within: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of `policy.toml`; the file explains its keys."""

    id: str
    where: frozenset[Where]
    action: Action
    fixed: bool
    sentence: str
    any: frozenset[str]
    near: tuple[Pair, ...]
    across: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that a gate applies."""

    rules: tuple[Rule, ...]
    lexicon: Lexicon
    helplines: Mapping[str, str]  # what is said in a crisis, by language
    not_people: frozenset[str]


def load_policy(blocked_phrases: Sequence[str] = ()) -> Policy:
    """The built-in policy and the operator's blocked phrases. Raises ConfigError for a phrase without a letter."""
    words, people = _load("words.toml"), _load("people.toml")
    lexicon = load_lexicon(
        words["tags"], load_age_words(words["ages"], words["numbers"]), load_identity_words(words["identity"])
    )
    for names in people["names"].values():
        lexicon.add("person", "", names)
        lexicon.add(
            "person",
            "",
            (name.replace(" ", "") for name in names if " " in name and len(name) > SHORTEST_GLUED),
        )
    for phrase in blocked_phrases:
        if not any(char.isalnum() for char in phrase):
            raise ConfigError(
                f"safety.blocked_phrases: “{phrase}” has no letter or digit to look for. Write a word or a phrase."
            )
        lexicon.add("blocked", "", [phrase])
    lexicon.close()
    return Policy(
        rules=tuple(_rule(raw) for raw in _load("policy.toml")["rules"]),
        lexicon=lexicon,
        helplines={
            language: told["sentence"].replace("{lines}", " ".join(told["lines"]))
            for language, told in _load("helplines.toml").items()
        },
        not_people=frozenset(people["not_people"]["words"]),
    )


# TOML tables have no type of their own; each is read into a frozen one right here.
def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / name).read_text("utf-8"))


def _rule(raw: Mapping[str, Any]) -> Rule:
    return Rule(
        id=raw["id"],
        where=frozenset(map(Where, raw["where"])),
        action=Action(raw["action"]),
        fixed=raw["fixed"],
        sentence=raw["sentence"],
        any=frozenset(raw["any"]),
        near=tuple(Pair(*pair) for pair in raw.get("near", ())),
        across=tuple(Pair(one, other, 0) for one, other in raw.get("across", ())),
    )
