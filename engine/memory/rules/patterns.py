"""The fragments that English patterns are made of: a name, a place, "my older sister", "for two years"; the rules use them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.memory.words import FAMILY, OCCUPATIONS, OTHERS, PETS


def any_of(words: Sequence[str]) -> str:
    """A pattern for each of the words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


def turned(words: str) -> str:
    """The person's words as they are said to them: "my mother" is "your mother"."""
    return re.sub(r"\b(?:my|our)\b", "your", words, flags=re.IGNORECASE)


MORE_KIN = "stepmum|nanna|supervisor|landlord|landlady|folks|in-laws|daughter-in-law|son-in-law|godchild|carer|line manager|team leader|trainer".split(
    "|"
)
PET, KIN = any_of(PETS), any_of([*FAMILY, *OTHERS, *MORE_KIN])
# Words that are formed like a kind of work: "aquarist", "locksmith", "forklift operator".
FORMED = (
    r"(?:(?!(?:rac|sex|femin|optim|pessim|perfection|real|ideal|minimal|maximal|social|commun|national|narciss|bapt|buddh|fasc|activ|tour|extrem|terror|ego|alarm|hedon|fatal|loyal|purist|humor)ists?\b)"
    r"[a-z]{3,}(?:ist|ician|grapher|keeper|monger|smith|wright|maker|setter|builder|minder|dresser|writer|officer|coordinator|supervisor|adviser|advisor|counsellor|counselor|attendant|installer|valuer|ranger|warden))"
)
OCCUPATION = rf"(?:{any_of(OCCUPATIONS)}|{FORMED})"
NUMBER_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
PLURAL_PET = any_of(
    [f"{word}s" for word in PETS]
    + ["puppies", "bunnies", "ponies", "mice", "canaries", "guinea pigs", "fish"]
)
# What may stand before a verb or an adjective, and after a clause, without changing what it tells.
ADVERB = r"(?:(?:really|absolutely|also|just|totally|truly|still|actually|so|very much|quite|always|mostly|usually|kind of|sort of|both|currently|now|already|only|pretty much) )*"
TAIL = r"(?: (?:now|too|as well|these days|at the moment|right now|currently|by the way|actually|you know|anyway|since \w+|since last \w+|for \w+ \w+|last (?:week|month|year|spring|summer|autumn|winter)))*"
# When something happened, told after it.
PAST = r"(?: (?:today|yesterday|last night|this (?:morning|week|month|year)|on \w+day|last (?:week|weekend|\w+day|month|year)|recently|again|finally))*"
NUMBER = "(?:one|two|three|four|five|six|seven|eight|nine|ten|twin|a couple of|several|many|\\d{1,2})"
NAME = r"(?P<name>[\w'’-]+(?: [\w'’-]+){0,2})"
PLACE = r"(?P<place>[\w'’.-]+(?:,? [\w'’.-]+){0,12})"
# A relation or a pet as it is called: "older sister", "late cat".
KIND = rf"(?P<kin>(?:(?:best|older|younger|little|big|elder|eldest|youngest|oldest|twin|half|late|good|dear|childhood) )*(?:{KIN}|{PET}))"
# "My sister", wherever it stands.
ANY_KIN = re.compile(
    rf"\b(?:(?:my|our|your) ((?:(?:best|older|younger|little|big|twin|half) )*(?:{KIN}|{PET}))|(?:the|an?)(?: new)? ({PET}))\b",
    re.IGNORECASE,
)
