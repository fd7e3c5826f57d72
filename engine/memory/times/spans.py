"""Which times a text speaks of: "last summer", "vorgestern", "el 7 de mayo"; recall and `when.py` ask.

The languages are those whose common words the text has; a form is tried only where one of its words stands in the
text, so that most messages cost a few microseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cache
from types import MappingProxyType

from engine.memory.times.english import ENGLISH
from engine.memory.times.french import FRENCH
from engine.memory.times.german import GERMAN
from engine.memory.times.portuguese import PORTUGUESE
from engine.memory.times.readings import Mention, Said, on_known, read
from engine.memory.times.spanish import SPANISH
from engine.memory.times.vocabulary import Form, Reading, Vocabulary, pattern_of
from engine.memory.times.weeks import in_weeks
from engine.memory.times.zones import southern

NOTHING_KNOWN: Mapping[str, date] = MappingProxyType({})
VOCABULARIES = (ENGLISH, GERMAN, SPANISH, FRENCH, PORTUGUESE)
# So much of a long text is read, of its beginning and of its end each: people put the question last.
_READ_LENGTH = 600
# Fewer common words than that may be chance. A language that has so large a part of the best one's may be meant, too.
_SURE, _NEAR = 2, 0.75
# A text of so few words may be of any language: "hier soir", "on 25 October".
_FEW = 4
_WORD = re.compile(r"[^\W\d_]+|\d+")
_DIGITS = "0"  # stands for any number among the words of a text
_ISO = Form(
    Reading.NUMERIC, r"(?P<iso>(?:19|20)\d\d)-(?P<first>0[1-9]|1[0-2])-(?P<second>0[1-9]|[12]\d|3[01])"
)
# The place of a form whose word must stand in a text; the readings with digits alone need a number.
_TELLING = {
    Reading.DATE: "month",
    Reading.MONTH: "month",
    Reading.SEASON: "season",
    Reading.FEAST: "feast",
    Reading.OCCASION: "occasion",
    Reading.WEEKDAY: "weekday",
    Reading.DAY: "day",
    Reading.COUNTED: "unit",
    Reading.WITHIN: "unit",
    Reading.WHOLE: "whole",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time that words speak of; `end` is outside of it. Both are in the zone that was asked for."""

    start: datetime
    end: datetime
    words: str


def find_spans(
    text: str, now: datetime, zone: tzinfo, known: Mapping[str, date] = NOTHING_KNOWN
) -> Sequence[Span]:
    """The times that a text speaks of; where words can mean several, the likeliest of all come first.

    `known` are yearly dates by what they are called: "my birthday" and "our anniversary" are understood in every
    language, any other name as it is written.
    """
    mentions = mentions_in(text, now.astimezone(zone).replace(tzinfo=None), zone, known)
    ranked = sorted(
        (
            (rank, mention.begins, meaning, mention.words)
            for mention in mentions
            for rank, meaning in enumerate(mention.meanings)
        ),
        key=lambda one: one[:2],
    )
    return [
        Span(one.start.replace(tzinfo=zone), one.end.replace(tzinfo=zone), words)
        for _, _, one, words in ranked
    ]


def mentions_in(
    text: str,
    now: datetime,
    zone: tzinfo,
    known: Mapping[str, date] = NOTHING_KNOWN,
    *,
    forward: bool | None = None,
) -> list[Mention]:
    """The words of a text that speak of a time, in their order.

    `now` is the person's own clock without a zone. `forward`: what a time means that may be gone or to come ("on
    Friday") where the text itself does not tell; None: gone, since people ask for what was.
    """
    plain = _bounded(text).replace("’", "'").lower()
    words = {_DIGITS if word[0].isdigit() else word for word in _WORD.findall(plain)}
    found: list[Mention] = []
    for vocabulary in _languages(words):
        context = _Context(now, southern(zone), known, _forward(plain, vocabulary, forward))
        for mention in _matches(plain, words, vocabulary, context):
            if mention.meanings and not any(mention.overlaps(other) for other in found):
                found.append(mention)
    return in_weeks(plain, sorted(found, key=lambda mention: mention.begins))


@dataclass(frozen=True, slots=True)
class _Context:
    now: datetime
    south: bool
    known: Mapping[str, date]
    forward: bool

    def said(self, match: re.Match[str], vocabulary: Vocabulary, turn: int | None) -> Said:
        return Said(match, vocabulary, turn, self.now, self.forward, self.south, self.known)


def _matches(text: str, words: set[str], vocabulary: Vocabulary, context: _Context) -> Iterator[Mention]:
    for number, form in enumerate(_forms(vocabulary)):
        if words.isdisjoint(_triggers(vocabulary.name, form.reading)):
            continue
        for match in _pattern(vocabulary.name, number).finditer(text):
            meanings = read(form.reading, context.said(match, vocabulary, form.turn))
            yield Mention(match.start(), match[0], vocabulary, form.reading, meanings)
    for name, day in context.known.items():
        for match in re.finditer(rf"(?<!\w){re.escape(name.lower())}(?!\w)", text):
            meanings = list(on_known(context.said(match, vocabulary, None), day))
            yield Mention(match.start(), match[0], vocabulary, Reading.OCCASION, meanings)


def _languages(words: set[str]) -> list[Vocabulary]:
    """The languages that a text may be in; all of them for a few words of which hardly one is common."""
    scores = {vocabulary.name: len(words & vocabulary.common) for vocabulary in VOCABULARIES}
    best = max(scores.values())
    least = _NEAR * best if best >= _SURE or len(words) > _FEW else 0
    return [vocabulary for vocabulary in VOCABULARIES if scores[vocabulary.name] >= least]


def _forward(text: str, vocabulary: Vocabulary, otherwise: bool | None) -> bool:
    if vocabulary.past.search(text):
        return False
    return bool(vocabulary.future.search(text)) or bool(otherwise)


def _bounded(text: str) -> str:
    return text if len(text) <= 2 * _READ_LENGTH else f"{text[:_READ_LENGTH]}\n{text[-_READ_LENGTH:]}"


def _forms(vocabulary: Vocabulary) -> tuple[Form, ...]:
    return (_ISO, *vocabulary.forms)


@cache
def _pattern(language: str, number: int) -> re.Pattern[str]:
    """A form of a language; compiled when a text first has one of its words."""
    vocabulary = next(one for one in VOCABULARIES if one.name == language)
    return pattern_of(_forms(vocabulary)[number], vocabulary)


@cache
def _triggers(language: str, reading: Reading) -> frozenset[str]:
    """The words one of which stands in every text with a form of this reading."""
    vocabulary = next(one for one in VOCABULARIES if one.name == language)
    if reading not in _TELLING:
        return frozenset({_DIGITS})
    phrases = [*vocabulary.place(_TELLING[reading])]
    if reading is Reading.WEEKDAY:  # "Dienstagabend" is one word
        phrases += [day + part for day in vocabulary.weekdays for part in vocabulary.parts]
    return frozenset(max(_WORD.findall(phrase), key=len) for phrase in phrases)
