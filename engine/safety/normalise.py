"""Reads a text past its disguises: lookalike letters, marks, invisible characters, spaced letters, leetspeak.

`lexicon.py` calls `read` for texts and for its own terms alike, so that both end up in the same spelling; what
comes out is for matching only and is never shown or stored. Every step is linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Cyrillic and Greek letters that are read as Latin ones; real Russian words and our Russian terms change alike.
LOOKALIKES = {
    **dict(zip("аеорсухіѕјһԁԛԝкмтвнԍѵ", "aeopcyxisjhdqwkmtbhgv", strict=True)),
    **dict(zip("αοεικνρτυχηωβμςγ", "aoeikvptuxnwbmsy", strict=True)),
    **dict(zip("ıłøđħŋɑɡɪʟſƒɩꭓ", "ilodhnagilsfix", strict=True)),
    "æ": "ae", "œ": "oe", "ß": "ss",
}  # fmt: skip
# Letters that no font shows.
FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")
# How many characters' foldings are kept: all of a language's letters, and no text can fill the memory.
FOLDINGS_KEPT = 20_000
NAMED_LETTER = re.compile(
    r"(?:LATIN (?:CAPITAL|SMALL|LETTER SMALL CAPITAL)|SYMBOL) (?:LETTER )?([A-Z])(?: WITH .*)?$"
)

LEET = str.maketrans("0134578", "oieastb")
LEET_L = str.maketrans("0134578", "oleastb")

CJK = "\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af"
EMOJI = "🍆🍑💦🔞👧👦🧒👶"
WORD = re.compile(rf"[{CJK}]+|[0-9]+(?=[{CJK}])|[^\W_{CJK}]+|[{EMOJI}]")
# "s e x", "l.o.l.i": three or more single letters with little in between.
SPACED = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,3}[^\W_](?![^\W_])){2,}")
APOSTROPHES = re.compile(r"(?<=[^\W_])['’ʼ`´](?=[^\W_])")
# "$ex", "k!d", "p@ss": signs that stand for letters inside a word.
SIGNS = (
    (re.compile(r"(?<=[^\W\d_])@(?=[^\W\d_])"), "a"),
    (re.compile(r"\$(?=[^\W\d_])"), "s"),
    (re.compile(r"(?<=[^\W\d_])[!|¡](?=[^\W\d_])"), "i"),
)
YEARS_OLD = re.compile(r"(?<![^\W\d_])y\s?[./\-]?\s?o\b")
# "1.4 y.o", "1 5 years old": two lone digits are one number.
SPLIT_NUMBER = re.compile(r"(?<![0-9.,:])([0-9])[ .\-_]([0-9])(?=\s?[a-z])")
TRIPLED = re.compile(r"(.)\1\1|(.)\2$")
RUN = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as words in matching spelling. `gaps[i]` is what stands before word i."""

    words: tuple[str, ...]
    gaps: tuple[str, ...]
    spaced: tuple[str, ...]  # what was spelt out letter by letter, joined


class _Folding(dict[int, str]):
    """The folding of each character, worked out when it is first met."""

    def __missing__(self, codepoint: int) -> str:
        folded = _fold_character(chr(codepoint))
        if len(self) < FOLDINGS_KEPT:
            self[codepoint] = folded
        return folded


def read(text: str) -> Reading:
    """The words of a text in matching spelling."""
    folded = YEARS_OLD.sub("yo", APOSTROPHES.sub("", fold(text)))
    for sign, letter in SIGNS:
        folded = sign.sub(letter, folded)
    folded = SPLIT_NUMBER.sub(r"\1\2", folded)
    spaced: list[str] = []

    def join(match: re.Match[str]) -> str:
        joined = "".join(char for char in match[0] if char.isalnum())
        if joined.isdigit():
            return match[0]
        spaced.append(joined)
        return joined

    folded = SPACED.sub(join, folded)
    words: list[str] = []
    gaps: list[str] = []
    end = 0
    for match in WORD.finditer(folded):
        words.append(match[0])
        gaps.append(folded[end : match.start()])
        end = match.end()
    return Reading(tuple(words), tuple(gaps), tuple(spaced))


def fold(text: str) -> str:
    """The text in lower case Latin lookalikes, without marks and invisible characters."""
    return text.translate(_folding())


def variants(word: str) -> tuple[str, ...]:
    """How a word may be meant: as it is, without leetspeak, without stretched letters."""
    found = [word]
    if not word.isalpha() and not word.isdigit():
        found += [word.translate(LEET), word.translate(LEET_L)]
    return tuple(dict.fromkeys(found))


def squash(word: str) -> str:
    """The word with every run of a letter as one letter: "teeeen" and "teen" meet at "ten"."""
    return RUN.sub(r"\1", word)


def is_stretched(word: str) -> bool:
    """Whether a letter is repeated more than spelling needs."""
    return TRIPLED.search(word) is not None


@lru_cache(maxsize=1)
def _folding() -> _Folding:
    return _Folding()


def _fold_character(char: str) -> str:
    if char in FILLERS:
        return ""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", char)).casefold()
    kept = (one for one in unicodedata.normalize("NFKD", decomposed) if not _is_invisible(one))
    return "".join(_as_latin(one) for one in kept)


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me", "Cf") or char in FILLERS


def _as_latin(char: str) -> str:
    if char.isascii():
        return char
    if "ァ" <= char <= "ヶ":  # katakana and hiragana are read alike
        return chr(ord(char) - 0x60)
    if char in LOOKALIKES:
        return LOOKALIKES[char]
    named = NAMED_LETTER.search(unicodedata.name(char, ""))
    return named[1].lower() if named else char
