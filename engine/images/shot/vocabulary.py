"""The planner's words, compiled once from `words.toml`. `reading.py` and `variation.py` ask here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from characters.character import Expression
from engine.types import Framing, TimeOfDay, Weather


@dataclass(frozen=True, slots=True)
class Action:
    """Something people do in pictures, and what goes with it."""

    name: str
    pattern: re.Pattern[str]
    props: tuple[str, ...] = ()
    place: str = ""
    dress: str = ""
    time: TimeOfDay | None = None
    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All tables; the values of each come in the order of the file."""

    framings: Sequence[tuple[re.Pattern[str], Framing]]
    times: Sequence[tuple[re.Pattern[str], TimeOfDay]]
    weathers: Sequence[tuple[re.Pattern[str], Weather]]
    expressions: Sequence[tuple[re.Pattern[str], Expression]]
    lights: Sequence[tuple[re.Pattern[str], str]]
    actions: Sequence[Action]
    wardrobe: Mapping[str, tuple[str, ...]]
    garment: re.Pattern[str]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of `words.toml`."""
    table = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    return Vocabulary(
        framings=[(_pattern(words), Framing(name)) for name, words in table["framing"].items()],
        times=[(_pattern(words), TimeOfDay(name)) for name, words in table["time"].items()],
        weathers=[(_pattern(words), Weather(name)) for name, words in table["weather"].items()],
        expressions=[(_pattern(words), Expression(name)) for name, words in table["expression"].items()],
        lights=[(_pattern(words), name) for name, words in table["light"].items()],
        actions=[_action(name, row) for name, row in table["action"].items()],
        wardrobe={kind: tuple(clothes) for kind, clothes in table["wardrobe"].items()},
        garment=_pattern(table["garments"]["words"]),
    )


def _action(name: str, row: Mapping[str, object]) -> Action:
    words, props = row["words"], row.get("props", [])
    assert isinstance(words, list)
    assert isinstance(props, list)
    face = row.get("expression")
    return Action(
        name=name,
        pattern=_pattern(words),
        props=tuple(props),
        place=str(row.get("place", "")),
        dress=str(row.get("dress", "")),
        time=TimeOfDay(str(row["time"])) if "time" in row else None,
        expression=Expression(str(face)) if face else None,
    )


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """One pattern for whole words; "*" after letters is any ending, alone any word."""
    longest = sorted(words, key=len, reverse=True)
    parts = (re.sub(r"(?<=\w)\*", r"\\w*", re.sub(r"(?<=[ (])\*(?=$|\))", r"\\w+", word)) for word in longest)
    return re.compile(rf"\b(?:{'|'.join(parts)})\b")
