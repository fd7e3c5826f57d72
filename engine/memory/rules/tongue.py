"""One language of the rules: how its chat is written out, where its clauses part, and its rules; `abroad.py` lists them.

People drop pronouns and letters and fill their sentences with "jetzt" and "en serio". `plain` takes out what changes
nothing, so that a rule can describe a whole clause.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.memory.found import Rule
from engine.memory.words import KIN_OF

# Words in a name or a place, and a number of years.
WORD = r"[^\W_][\w'’.-]*"
NAME = rf"(?P<name>{WORD}(?: {WORD}){{0,3}})"
PLACE = rf"(?P<place>{WORD}(?: {WORD}){{0,12}})"
WHAT = r"(?P<what>.+)"
# Signs, pictures and laughter, which say nothing in any language.
SIGNS = re.compile(
    r"[\u2190-\u2bff\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]+|(?<!\w)(?:[:;x=]-?[)(dpo3]+|\^\^|<3)(?!\w)|\b(?:(?:j?a?(?:ha|ja|je){2,}\w?)|k{3,}|rs(?:rs)+|lo+l|mdr+|ptdr|xd+)\b",
    re.IGNORECASE,
)


# What two do who part.
PARTING = r"(?=,? (?i:haben uns|hemos (?:roto|cortado|terminado)|lo hemos dejado|rompimos|terminamos|cortamos|lo dejamos|nos (?:hemos )?separa\w+|on a rompu|on s'est|c'est fini|acabamos))"


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language."""

    code: str
    marks: frozenset[str]  # words that give it away
    short: Sequence[tuple[re.Pattern[str], str]]  # how chat shortens it, and the whole word
    fillers: re.Pattern[str]  # what may be left out
    starts: str  # what a new statement begins with, after a comma or "and"
    joints: str  # "and", "but", "because"
    mine: str  # "my"
    am: str  # "I am", before what somebody is
    aged: tuple[str, str]  # "I am {} years old", "is {} years old"
    rules: Sequence[Rule] = field(repr=False)
    runs: str = ""  # where clauses run on without a comma
    clause: re.Pattern[str] = field(init=False, repr=False)  # where a new statement begins
    kin: re.Pattern[str] = field(init=False, repr=False)  # "my sister", wherever it stands
    joint: re.Pattern[str] = field(init=False, repr=False)  # where a statement may be over
    pair: re.Pattern[str] = field(init=False, repr=False)  # "my girlfriend and I" where they part
    kin_name: re.Pattern[str] = field(init=False, repr=False)  # "my sister Anna"
    named_kin: re.Pattern[str] = field(init=False, repr=False)  # "with Anna, my sister,"
    pet: re.Pattern[str] = field(init=False, repr=False)  # "a dog"

    def __post_init__(self) -> None:
        """Compile what follows from the words."""
        reported = "(?:sagt|sagte|meint|dice|dijo|dit|diz|disse)"
        starts = rf"(?=(?:(?:{self.fillers.pattern})[ ,]*)*(?:{self.starts}|{reported})(?![\w-]))"
        gap = rf"(?:\s*[,;:–—]\s*|\s+-\s+)(?:(?:{self.joints})\s+)?|\s+(?:{self.joints})\s+"
        my = rf"(?<![\w-])(?i:{self.mine}) (?i:{kin_of(self.code)})"
        bare = my.replace("(?P<kin>", "(?:")
        object.__setattr__(
            self,
            "clause",
            re.compile(rf"(?:{gap}){starts}" + (f"|{self.runs}" if self.runs else ""), re.IGNORECASE),
        )
        object.__setattr__(
            self, "pair", re.compile(rf"(?P<my>{my}),? (?i:und ich|y yo|et moi|e eu){PARTING}")
        )
        object.__setattr__(self, "joint", re.compile(rf"\s+(?:{self.joints})\s+|\s*[,;]\s*", re.IGNORECASE))
        object.__setattr__(self, "kin", re.compile(rf"{my}(?![\w-])"))
        object.__setattr__(
            self,
            "kin_name",
            re.compile(
                rf"(?P<my>{my})(?:,? (?:el|la|der|die) (?:mayor|menor|pequeñ[oa]|mediana|älteste|jüngste|kleine|große))?,? (?:[oa] |der |die )?(?P<name>[A-ZÀ-Þ][\w-]+)(?!')(?P<rest>.*)$"
            ),
        )

        object.__setattr__(
            self,
            "named_kin",
            re.compile(
                rf"\b(?i:und|mit|et|avec|y|con|e|com|von|de|para|für|pour)(?: [oa]| der| dem| l[ae])? (?P<name>[A-ZÀ-Þ][\w-]+),? (?:(?i:et moi|und ich|y yo|e eu),? )?(?:(?i:que é|qui est|que es|die ist|das ist) (?:[oa] )?)?(?P<my>{bare})(?=$|[,.]| (?i:und|et|y|e|est|ist|es|é|diz|on|nous)\b)|"
                rf"^(?:[OAoa] )?(?P<first>[A-ZÀ-Þ][\w-]+) (?:et moi,|und ich,|y yo,|e eu,|que é|qui est|que es) (?:[oa] )?(?P<mine>{bare})(?![\w-])"
            ),
        )
        object.__setattr__(
            self,
            "pet",
            re.compile(
                rf"(?<![\w-])(?i:ein|eine|einen|einem|einer|der|die|das|den|dem|un|una|el|la|al|une|le|um|uma|o|a|ao) (?i:{kin_of(self.code)})(?![\w-])"
            ),
        )

    def whole(self, text: str) -> str:
        """A text without the shorthand of chat."""
        for pattern, instead in self.short:
            text = pattern.sub(instead, text)
        return text

    def plain(self, clause: str) -> str:
        """A clause without what changes nothing."""
        return " ".join(self.fillers.sub(" ", clause).split()).strip(" ,.;:!–—-")


def any_word(*words: str) -> str:
    """A pattern for each of the words (blanks part them, `_` is a blank in one), the longest first."""
    every = {word.replace("_", " ") for line in words for word in line.split()}
    return "(?:" + "|".join(re.escape(word) for word in sorted(every, key=len, reverse=True)) + ")"


def kin_of(code: str) -> str:
    """A pattern for whom somebody may have in this language."""
    every = sorted(KIN_OF[code], key=len, reverse=True)
    return "(?P<kin>" + "|".join(re.escape(word).replace(r"\ ", "[ -]") for word in every) + ")"


def words(line: str) -> frozenset[str]:
    """The words of a line."""
    return frozenset(line.split())


def short(*pairs: tuple[str, str]) -> Sequence[tuple[re.Pattern[str], str]]:
    """Compiled shorthand."""
    return tuple((re.compile(pattern, re.IGNORECASE), instead) for pattern, instead in pairs)


def fillers(*patterns: str) -> re.Pattern[str]:
    """What may be left out, wherever it stands."""
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(patterns)})(?![\w'-])", re.IGNORECASE)
