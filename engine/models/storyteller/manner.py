"""How a character speaks: its register from traits and speech patterns; `teller.py` picks lines by it.

The words of a persona are free text, so tempers are read off word stems, and what a speech pattern puts in
quotation marks is taken as the phrase it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.models.storyteller.ledger import sentences
from engine.models.storyteller.library import stems_of
from engine.models.storyteller.sheet import Sheet

QUOTED = re.compile(r"[\"“„'‘]([^\"”“'’]{2,40})[\"”'’]")
CALLS = re.compile(r"\b(?:calls?|addresses)\s+(?:\w+\s+){1,3}[\"“'‘]([^\"”'’]{2,20})[\"”'’]", re.IGNORECASE)
# Words of a persona that weigh more than its kindness when it speaks.
GRUFF = frozenset(stems_of("gruff curt stern harsh grumpy"))
# Tempers that never raise their voice.
SOBER = frozenset({"dry", "gloomy", "blunt"})
LONG_FORMS = (
    ("I'm", "I am"), ("I've", "I have"), ("I'll", "I will"), ("I'd", "I would"), ("don't", "do not"), ("doesn't", "does not"), ("didn't", "did not"),
    ("can't", "cannot"), ("won't", "will not"), ("isn't", "is not"), ("wasn't", "was not"), ("aren't", "are not"), ("haven't", "have not"),
    ("couldn't", "could not"), ("wouldn't", "would not"), ("shouldn't", "should not"), ("it's", "it is"), ("It's", "It is"), ("that's", "that is"), ("That's", "That is"),
    ("there's", "there is"), ("There's", "There is"), ("what's", "what is"), ("What's", "What is"), ("you're", "you are"), ("You're", "You are"),
    ("you've", "you have"), ("You've", "You have"), ("Don't", "Do not"), ("we're", "we are"), ("they're", "they are"), ("let's", "let us"), ("Let's", "Let us"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Manner:
    """The register of one character."""

    tempers: frozenset[str]
    domains: tuple[str, ...]
    terse: bool = False
    wordy: bool = False
    formal: bool = False
    lower: bool = False
    lively: bool = False
    hesitant: bool = False
    asks: bool = False
    address: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


def read_manner(
    sheet: Sheet, tempers: Mapping[str, frozenset[str]], domains: Mapping[str, frozenset[str]]
) -> Manner:
    """The manner that a sheet describes."""
    speech = " ".join(sheet.speech)
    nature = set(stems_of(" ".join([*sheet.traits, speech, sheet.label("About")])))
    world = stems_of(
        " ".join(
            [sheet.backstory, sheet.label("About"), speech, sheet.label("Quirk"), sheet.label("Relationship")]
        )
    )
    found = frozenset(name for name, words in tempers.items() if nature & words)
    # A stubborn heart of gold is not blunt; a gruff one is, whatever else it may be.
    if "warm" in found and "blunt" in found:
        found -= {"warm"} if nature & GRUFF else {"blunt"}
    found -= {"warm"} if "dry" in found else frozenset()
    weighed = sorted(
        ((sum(word in words for word in world), name) for name, words in domains.items()),
        key=lambda item: -item[0],
    )
    address = tuple(CALLS.findall(speech))
    return Manner(
        tempers=found,
        domains=tuple(name for count, name in weighed if count),
        terse=bool(
            re.search(
                r"\b(short|clipped|terse|few words|brief|laconic|fragments|economical|sparse|one-word)\b",
                speech,
                re.IGNORECASE,
            )
        )
        or ("blunt" in found and "warm" not in found),
        wordy=bool(
            re.search(
                r"\b(long|winding|rambl\w*|digress\w*|tangents?|elaborate|flowing|storyteller|stories|anecdotes?|talkative)\b",
                speech,
                re.IGNORECASE,
            )
        ),
        formal=bool(
            re.search(
                r"\b(formal|no contractions|without contractions|old-fashioned|archaic|courteous|full sentences|precise grammar|proper)\b",
                speech,
                re.IGNORECASE,
            )
        ),
        lower=bool(re.search(r"\b(lower ?case|no capitals|all lower)\b", speech, re.IGNORECASE)),
        lively="lively" in found and "dry" not in found,
        hesitant=bool(
            re.search(
                r"\b(hesitat\w*|trails? off|pauses?|ellips\w*|stammer\w*|stutter\w*|um|unfinished)\b",
                speech,
                re.IGNORECASE,
            )
        )
        or "shy" in found,
        asks=bool(re.search(r"\b(ask\w*|questions?|curious)\b", speech, re.IGNORECASE)) or "curious" in found,
        address=address,
        phrases=tuple(
            phrase.strip(" .,!")
            for phrase in QUOTED.findall(speech)
            if phrase not in address and len(phrase.split()) <= 4
        ),
    )


def dress(text: str, manner: Manner) -> str:
    """A reply in the register of its speaker; the words stay what they are."""
    if manner.formal:
        for short, long in LONG_FORMS:
            text = re.sub(rf"(?<![\w'’]){short}(?![\w'’])", long, text)
    if manner.formal or manner.tempers & SOBER:
        text = re.sub(r"!+", ".", text)
    else:
        text = _lively(text) if manner.lively else _calm(text)
    return _lower(text) if manner.lower else text


def _calm(text: str) -> str:
    """One exclamation mark is a pleasure, two are noise."""
    head, mark, rest = text.partition("!")
    return head + mark + re.sub(r"!+", ".", rest)


def _lively(text: str) -> str:
    """The first short statement of a lively person is an exclamation."""
    first = sentences(text)[0] if text else ""
    if first.endswith(".") and not first.endswith("..") and len(first.split()) <= 7:
        return text.replace(first, first[:-1] + "!", 1)
    return text


def _lower(text: str) -> str:
    return re.sub(
        r"\bI\b", "i", re.sub(r"(?:^|(?<=[.!?…]\s))[A-Z](?=[a-z' ])", lambda match: match[0].lower(), text)
    )
