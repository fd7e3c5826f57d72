"""What people tell a character to remember, or correct, outside a talk; `bot/commands/memory.py` calls it.

It is kept like what is heard (`keep.py`): by the rules where they understand the words, else in the words themselves.
It passes the gate first, since whatever is known comes into prompts.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from engine.errors import InputError
from engine.memory.days import spoken_day
from engine.memory.ending import ended_by
from engine.memory.found import Found, Scope, Source
from engine.memory.keep import Kept, keep, own_zone
from engine.memory.times.readings import NOON
from engine.memory.times.when import happens, when
from engine.safety.text import Action, Gate, Where
from engine.store.store import Store
from engine.types import Clock, Fact, FactKind

# Characters of a memory that is told; longer words are a story, and belong into the talk.
LONGEST = 400
TOO_LONG = f"That is too long for one memory: say it in up to {LONGEST} characters, or tell it in the talk."
# "that", "please remember that": what the words are wrapped in.
_WRAPPING = re.compile(r"^\s*(?:please\s+)?(?:remember\s+)?(?:that\s+)?", re.IGNORECASE)
# A correction of so few words is the new value alone: "Max", "the 12th of May".
VALUE_WORDS = 5
# A day and an hour as the sentence of a plan has them.
_NAMED_DAY = re.compile(r"\b\w+day, \d{1,2} \w+ \d{4}\b")
_NAMED_HOUR = re.compile(r"\bat \d{1,2}(?::\d{2})?(?: ?[ap]\.?m\b\.?)?", re.IGNORECASE)


class Telling:
    """Remembers and corrects what a person says outright."""

    def __init__(self, store: Store, gate: Gate, clock: Clock) -> None:
        self._store = store
        self._gate = gate
        self._clock = clock

    async def remember(self, scope: Scope, words: str) -> Kept:
        """Keep what the words tell; something always comes of them. Raises InputError if they are not taken."""
        source = await self._source(scope, words)
        what = _WRAPPING.sub("", source.words, count=1).strip(" .!") or source.words
        kept = await keep(self._store, source, await asyncio.to_thread(_understood, what, source.at))
        return kept or await keep(self._store, source, [_as_said(what)])

    async def correct(self, fact: Fact, words: str) -> Kept:
        """Put what the person says in a fact's place, or close it if they say that it is over.

        The old one stays readable. Raises InputError, NotFoundError.
        """
        scope = Scope(fact.person_id, fact.character_id, fact.place)
        source = await self._source(scope, words)
        found = await asyncio.to_thread(_understood, source.words, source.at)
        if ended_by(source, [one for one in found if one.ends], [fact]):
            return await keep(self._store, source, found)
        corrected = await asyncio.to_thread(_corrected, fact, source, found)
        return Kept([await self._store.memories.correct(corrected)])

    async def _source(self, scope: Scope, words: str) -> Source:
        """The words as they are taken, said now. Raises InputError if they are not taken."""
        plain = " ".join(words.split())
        if len(plain) > LONGEST:
            raise InputError(TOO_LONG)
        verdict = self._gate.check(plain, Where.SAID)
        if verdict.action is not Action.ALLOW:
            raise InputError(verdict.sentence)
        now = self._clock().astimezone(await own_zone(self._store, scope.person_id))
        return Source(scope, plain, now)


def _understood(words: str, at: datetime) -> Sequence[Found]:
    """What the rules understand; who says it outright is believed."""
    from engine.memory.facts import find_facts  # some hundred patterns: loaded when somebody needs them

    return [replace(found, confidence=1.0) for found in find_facts(words, said_at=at)]


def _as_said(what: str) -> Found:
    return Found("you", "asked to remember", what, f"You asked to remember: {what}.", "other", confidence=1.0)


def _corrected(fact: Fact, source: Source, found: Sequence[Found]) -> Fact:
    """The fact as the words put it right."""
    for one in found:
        if (one.subject.casefold(), one.relation) == (
            fact.subject.casefold(),
            fact.relation,
        ) and not one.ends:
            since = one.valid_from or fact.valid_from
            return replace(_with(fact, one.value, one.text, source), valid_from=since)
    value = source.words.rstrip(" .!")
    short = not found and len(value.split()) <= VALUE_WORDS
    if short and (moved := _moved(fact, source)):
        return moved
    if short and fact.value and fact.value in fact.text:
        return _with(fact, value, fact.text.replace(fact.value, value), source)
    return _with(fact, value, value if value[-1:] in "?…" else f"{value}.", source)


def _with(fact: Fact, value: str, text: str, source: Source) -> Fact:
    """The fact with other words, and with the moment at which that happens."""
    moment = happens(fact.relation, text, source.words, source.at) if fact.kind is FactKind.FACT else None
    if fact.kind is not FactKind.FACT or _same_day(fact, moment):
        moment = fact.happens_at  # it has an hour, perhaps, of which nothing was said now
    return replace(fact, value=value, text=text, happens_at=moment)


def _same_day(fact: Fact, moment: datetime | None) -> bool:
    """Whether a moment is no more than the day on which a fact happens anyway."""
    if fact.happens_at is None or moment is None or moment.time() != NOON:
        return False
    return fact.happens_at.astimezone(moment.tzinfo).date() == moment.date()


def _moved(fact: Fact, source: Source) -> Fact | None:
    """What was planned on the day, and at the hour, that a short correction names; None if it names none."""
    zone = source.at.tzinfo
    if zone is None or fact.happens_at is None or not _NAMED_DAY.search(fact.text):
        return None
    moment = when(source.words, source.at, zone)
    if moment is None:
        return None
    hour = f"at {moment:%H:%M}" if moment.time() != NOON else ""
    if not hour:
        before = fact.happens_at.astimezone(moment.tzinfo)
        moment = moment.replace(hour=before.hour, minute=before.minute)
    value, text = (_dated(words, moment, hour) for words in (fact.value, fact.text))
    return replace(fact, value=value, text=text, happens_at=moment)


def _dated(words: str, moment: datetime, hour: str) -> str:
    """The words with another day, and with another hour if one is given."""
    words = _NAMED_DAY.sub(spoken_day(moment.date()), words)
    return _NAMED_HOUR.sub(hour, words) if hour else words
