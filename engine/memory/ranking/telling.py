"""How much a turn tells, whatever is asked: `rank.py` prefers turns that tell much where a question is a broad one.

"What has Sam read?" has as many answers as Sam has told of books, and hardly a word of it is in any of them. There, who
says "I went to Lisbon" is likelier to answer than who says "You are so right!".
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.memory.ranking.signs import CHARACTERS, PERSONS
from engine.memory.words import STOP_WORDS

# Whoever asks waits for some hundred turns to be read, so it is done with little.
_APART = str.maketrans(dict.fromkeys('.,!?;:()[]"“”„«»…–—/*', " ") | {"’": "'"})
_WHO = dict.fromkeys(CHARACTERS, -1) | dict.fromkeys(PERSONS, 1)
# A capital inside a sentence, and numbers.
_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ](?<=[\w,] .)[a-zß-öø-ÿ]")
_NUMBER = re.compile(r"\d+")
# Letters by which a word is known, whatever its ending.
BEGINNING = 4


@dataclass(frozen=True, slots=True)
class Telling:
    """What speaks for a turn's telling something."""

    oneself: float = 0.0  # the share of "I" among its words, less that of "you"
    names: float = 0.0  # the logarithm of how many names and numbers it has
    new: float = 0.0  # the share of its words that were said in none of the turns before


NOTHING = Telling()


def telling(texts: Sequence[str]) -> list[Telling]:
    """How much each turn tells, of some in the order of the talk."""
    said: set[str] = set()
    told = []
    for text in texts:
        words = text.lower().translate(_APART).split()
        own = {word[:BEGINNING] for word in set(words) - STOP_WORDS}
        told.append(Telling(_oneself(words), _names(text), len(own - said) / max(1, len(own))))
        said |= own
    return told


def _oneself(words: Sequence[str]) -> float:
    return sum([_WHO[word] for word in words if word in _WHO]) / max(1, len(words))


def _names(text: str) -> float:
    return math.log1p(len(_NAME.findall(text)) + len(_NUMBER.findall(text)))
