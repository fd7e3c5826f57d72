"""Forgetting: what a person means, and everything that tells it. `recall.py` calls it; `engine/store/erasing.py` erases.

A fact goes with those that it took the place of, and a name with every fact that mentions its bearer. Of messages only
the sentences go that tell it (`trace.py`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from engine.memory.found import Scope
from engine.memory.match import match_wish
from engine.memory.trace import (
    Lookout,
    Trace,
    cut,
    mentions,
    names_somebody,
    sentences,
    trace_of,
    trace_of_line,
    trace_of_words,
)
from engine.store.erasing import Erasure
from engine.store.store import Store
from engine.types import CUT, FORGOTTEN, Clock, Fact, FactKind, Message, Role

# An event that asks to forget: the surface and the surface's id of it.
Event = tuple[str, str]
# Messages after one that told a fact in which ordinary words of it still are about it.
ANSWERS = 6
# Wishes that replies which are being written are compared with.
REMEMBERED = 64
# Messages among which the one is that was said last: pictures and notices may have followed.
LATEST = 24


@dataclass(frozen=True, slots=True)
class Meant:
    """What a wish to forget means: facts with all that goes with them, or messages of which no fact is known.

    `sure`: it can mean nothing else. `line` is the message that was meant by "that", "" if none was; `words` are those
    in which the lines mention what is meant.
    """

    facts: Sequence[Fact] = ()
    lines: Sequence[Message] = ()
    sure: bool = False
    line: str = ""
    words: str = ""

    @property
    def current(self) -> list[Fact]:
        """The facts that are not superseded: what a person is told of."""
        return [fact for fact in self.facts if not fact.superseded_by]

    def __bool__(self) -> bool:
        return bool(self.facts or self.lines)


class Forgetting:
    """Forgets facts with what said them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lately: deque[tuple[datetime, Scope, tuple[Trace, ...]]] = deque(maxlen=REMEMBERED)

    async def meant(self, scope: Scope, what: str) -> Meant:
        """What a wish to forget `what` means ("my dog", "that I live in Lyon", "that"). Nothing is forgotten yet."""
        known = await self._known(scope)
        wish = await asyncio.to_thread(match_wish, known, what)
        if wish.last:
            said = await self._said_last(scope)
            return await self.told_in(scope, said.id) if said else Meant()
        if wish.facts:
            return Meant(await asyncio.to_thread(_widened, wish.facts, known), sure=wish.sure)
        return Meant(lines=await self._mentioning(scope, wish.words), words=wish.words)

    async def with_all_of(self, fact: Fact) -> Meant:
        """A fact with all that goes with it."""
        scope = Scope(fact.person_id, fact.character_id, fact.place)
        known = await self._known(scope)
        return Meant(await asyncio.to_thread(_widened, [fact], known), sure=True)

    async def told_in(self, scope: Scope, message_id: str) -> Meant:
        """What one message of the person told; the message itself if it told no fact."""
        told = await self._store.erasing.told_in(message_id)
        known = await self._known(scope)
        facts = [fact for fact in known if fact.id in told]
        if facts:
            return Meant(await asyncio.to_thread(_widened, facts, known), sure=True, line=message_id)
        lines = await self._store.erasing.lines(scope.person_id, scope.character_id, scope.place)
        meant = [line for line in lines if line.id == message_id and line.role is Role.PERSON]
        return Meant(lines=[line for line in meant if line.text != FORGOTTEN], line=message_id)

    async def forget(self, scope: Scope, meant: Meant, event: Event | None = None) -> None:
        """Forget what is meant. The event that asked for it counts as handled from the same moment on."""
        gone = {fact.id for fact in meant.facts}
        told = await self._told(meant, [fact for fact in await self._known(scope) if fact.id not in gone])
        await self._erase(scope, gone, told, event)

    def left_of(self, scope: Scope, reply: str, asked_at: datetime) -> str:
        """What may be stored of a reply to something that was said before the latest wishes to forget.

        Its model had read what was forgotten while it wrote.
        """
        for when, where, traces in self._lately:
            if where == scope and when >= asked_at:
                reply = cut(reply, traces)
        return reply

    async def let_go(self, event: Event) -> None:
        """Let go of the words of a wish to forget what is not known any more."""
        await self._store.erasing.let_go(event)

    async def _known(self, scope: Scope) -> list[Fact]:
        return await self._store.memories.known(
            scope.person_id, scope.character_id, scope.place, include_superseded=True
        )

    async def _said_last(self, scope: Scope) -> Message | None:
        """What the person said last; None if that is forgotten already: what came before it was not meant."""
        talk = await self._store.conversations.open(scope.person_id, scope.character_id, scope.place)
        window = await self._store.conversations.window(talk.id, LATEST)
        said = next((line for line in reversed(window) if line.role is Role.PERSON), None)
        return said if said and said.in_prompt and CUT not in said.text else None

    async def _mentioning(self, scope: Scope, words: str) -> list[Message]:
        """What the person said about something that no fact is known of."""
        trace = trace_of_words(words)
        if not trace.words:
            return []
        lines = await self._store.erasing.lines(scope.person_id, scope.character_id, scope.place)
        said = [line for line in lines if line.role is Role.PERSON and not line.job_id]
        return await asyncio.to_thread(_that_mention, trace, said)

    async def _told(self, meant: Meant, kept: Sequence[Fact]) -> dict[Trace, set[str]]:
        """The trace of each fact, or of the message that is meant, with the messages that told it."""
        told: dict[Trace, set[str]] = {}
        for fact in meant.facts:
            sources = await self._store.memories.sources(fact.id)
            told.setdefault(trace_of(fact, _alike(kept)), set()).update(sources)
        if meant.facts:
            return told
        mention = [trace_of_words(meant.words)] if meant.words else []
        told |= {trace: {line.id for line in meant.lines} for trace in mention}
        for line in meant.lines:
            said = [one for one in sentences(line.text) if not mention or mention[0].shows(one)]
            told[trace_of_line(" ".join(said))] = {line.id}
        return told

    async def _erase(
        self, scope: Scope, fact_ids: Collection[str], told: Mapping[Trace, set[str]], event: Event | None
    ) -> None:
        traces = list(told)
        self._lately.append((self._clock(), scope, tuple(traces)))
        await self._store.erasing.carry_out(
            Erasure(
                person_id=scope.person_id,
                character_id=scope.character_id,
                place=scope.place,
                fact_ids=frozenset(fact_ids),
                lines=partial(_new_words, told=told),
                rest=partial(cut, traces=traces),
                sources=partial(cut, traces=traces, near=traces),
                emptied=FORGOTTEN,
                event=event,
            )
        )


def _that_mention(trace: Trace, said: Sequence[Message]) -> list[Message]:
    """The lines that mention something: of thousands, those that may are looked at closely."""
    lookout = Lookout([trace])
    # A number is known by its ordinal as well, which may begin otherwise: "3" and "3rd".
    numbered = any(word[:1].isdigit() for word in trace.words)
    may = [line for line in said if numbered or lookout.shown_in(line.text)]
    return [line for line in may if mentions([trace], line.text)]


def _alike(kept: Iterable[Fact]) -> list[Fact]:
    """Facts that stay and can share words with one that goes; an episode only tells of what is known otherwise."""
    return [fact for fact in kept if fact.kind is FactKind.FACT]


def _widened(facts: Sequence[Fact], known: Sequence[Fact]) -> list[Fact]:
    """The facts with those that they took the place of, and those that tell of whom they name."""
    gone = {fact.id: fact for fact in facts}
    for _ in known:
        older = {fact.id: fact for fact in known if fact.superseded_by in gone and fact.id not in gone}
        gone |= older
        if not older:
            break
    kept = [fact for fact in known if fact.id not in gone]
    names = [trace_of(fact, ()) for fact in gone.values() if names_somebody(fact)]
    others = [trace_of(fact, _alike(kept)) for fact in gone.values() if not names_somebody(fact)]
    for fact in kept:
        traces = names if fact.kind is FactKind.FACT else [*names, *others]
        if mentions(traces, fact.text) or mentions(traces, fact.value):
            gone[fact.id] = fact
    return list(gone.values())


def _answers(trace: Trace) -> int:
    """In how many messages after one that told it a trace may show by ordinary words."""
    return 1 if trace.echoes else ANSWERS


def _new_words(lines: Sequence[Message], *, told: Mapping[Trace, set[str]]) -> dict[str, str]:
    """What is left of the messages that tell what goes, by their ids."""
    fresh: dict[str, str] = {}
    near: dict[Trace, tuple[str, int]] = {}  # told in which conversation, and for how many messages more
    sources = set().union(*told.values())
    lookout = Lookout(told)
    for line in lines:
        if line.role is Role.NOTICE:  # nobody's words; it may stand between what was said and its answer
            continue
        near |= {
            trace: (line.conversation_id, _answers(trace)) for trace, ids in told.items() if line.id in ids
        }
        here = [trace for trace, (talk, left) in near.items() if talk == line.conversation_id and left >= 0]
        near = {trace: (talk, left - 1) for trace, (talk, left) in near.items()}
        left = cut(line.text, [*lookout.shown_in(line.text).union(here)], near=here)
        if left == line.text and line.id in sources:
            left = FORGOTTEN  # it told the fact in other words than those it is kept in
        if left != line.text:
            fresh[line.id] = left
    return fresh
