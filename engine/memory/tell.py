"""What people tell a character to remember, or correct, outside a talk; `bot/commands/memory.py` calls it.

It becomes a fact like those that are heard: by the rules where they understand the words, else in the words themselves.
It passes the gate first, since whatever is known comes into prompts.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime

from engine.errors import InputError
from engine.memory.forget import Scope
from engine.memory.found import Found
from engine.safety.text import Action, Gate, Where
from engine.store.memories import NewFact
from engine.store.store import Store
from engine.types import Clock, Fact

# Characters of a memory that is told; longer words are a story, and belong into the talk.
LONGEST = 400
TOO_LONG = f"That is too long for one memory: say it in up to {LONGEST} characters, or tell it in the talk."
# "that", "please remember that": what the words are wrapped in.
_WRAPPING = re.compile(r"^\s*(?:please\s+)?(?:remember\s+)?(?:that\s+)?", re.IGNORECASE)
# A correction of so few words is the new value alone: "Max", "the 12th of May".
VALUE_WORDS = 5


class Telling:
    """Remembers and corrects what a person says outright."""

    def __init__(self, store: Store, gate: Gate, clock: Clock) -> None:
        self._store = store
        self._gate = gate
        self._clock = clock

    async def remember(self, scope: Scope, words: str) -> Sequence[Fact]:
        """Store what the words tell. Raises InputError if they are not taken."""
        plain = self._taken(words)
        found = await asyncio.to_thread(_heard, plain, self._clock())
        return await self._store.memories.add([self._owned(scope, one, plain) for one in found])

    async def correct(self, fact: Fact, words: str) -> Fact:
        """Put what the person says in a fact's place; the old one stays readable. Raises InputError, NotFoundError."""
        plain = self._taken(words)
        value, text = await asyncio.to_thread(_corrected, fact, plain, self._clock())
        return await self._store.memories.correct(fact.person_id, fact.id, value, text)

    def _taken(self, words: str) -> str:
        plain = " ".join(words.split())
        if len(plain) > LONGEST:
            raise InputError(TOO_LONG)
        verdict = self._gate.check(plain, Where.SAID)
        if verdict.action is not Action.ALLOW:
            raise InputError(verdict.sentence)
        return plain

    def _owned(self, scope: Scope, found: Found, words: str) -> NewFact:
        return NewFact(
            person_id=scope.person_id,
            character_id=scope.character_id,
            place=scope.place,
            subject=found.subject,
            relation=found.relation,
            value=found.value,
            text=found.text,
            topic=found.topic,
            source_message_id=None,
            source_text=words,
            said_at=self._clock(),
            confidence=1.0,
            exclusive=found.exclusive,
        )


def _heard(words: str, now: datetime) -> Sequence[Found]:
    """What the rules understand, else the words as they are."""
    from engine.memory.facts import find_facts  # some hundred patterns: loaded when somebody needs them

    what = _WRAPPING.sub("", words, count=1).strip(" .!") or words
    if found := find_facts(what, said_at=now):
        return found
    return [
        Found("you", "asked to remember", what, f"You asked to remember: {what}.", "other", source_text=words)
    ]


def _corrected(fact: Fact, words: str, now: datetime) -> tuple[str, str]:
    """The value and the sentence that a correction means."""
    from engine.memory.facts import find_facts

    for found in find_facts(words, said_at=now):
        if (found.subject.casefold(), found.relation) == (fact.subject.casefold(), fact.relation):
            return found.value, found.text
    value = words.rstrip(" .!")
    if len(value.split()) <= VALUE_WORDS and fact.value and fact.value in fact.text:
        return value, fact.text.replace(fact.value, value)
    return value, value if value[-1:] in "?…" else f"{value}."
