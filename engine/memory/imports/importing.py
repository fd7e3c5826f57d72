"""A history from elsewhere becomes memory: read aloud, `take` is what happens to a file.

`bot/commands/imports.py` calls it, and `engine/build.py` has what a crash left unlearned learned at the next start. The
file is read twice: once to see who speaks in it and when, once to keep its lines. All reading and judging happens beside
the event loop, a batch at a time, and others write in between. The same file, or a longer one with the same lines, adds
nothing that is there already; so whatever breaks off is gone on with by sending it again.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from engine.errors import NotFoundError
from engine.memory.imports.formats import recognise
from engine.memory.imports.lines import Left, Reader
from engine.memory.imports.sieve import BATCH, MOST_LINES, Dates, Sieve, look, read_all
from engine.memory.imports.source import CHUNK, Source
from engine.memory.imports.speakers import Cast, cast
from engine.memory.times.zones import zone_of
from engine.safety.text import Gate
from engine.store.imports import Import
from engine.store.store import Store
from engine.types import CharacterRecord, Clock, Conversation, Fact, Message

__all__ = ["Import", "Importing", "Progress", "Report", "Stage"]

# Messages of one person's history that a step of learning in the background reads; it may take five minutes.
LEARNED_AT_ONCE = 2_000


Learn = Callable[[Conversation, Message], Awaitable[Sequence[Fact]]]
Kept = Callable[[str], None]
Progress = Callable[[str, int, int], None]  # what is being done, how much of it is done, of how much


class Stage:
    """What is being done, for people."""

    LOOKING = "Looking at it"
    KEEPING = "Keeping the lines"
    LEARNING = "Learning from them"


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a file."""

    title: str  # "a SillyTavern chat"
    conversation_id: str = ""  # "" if nothing new was in it
    lines: int = 0  # that were not here before
    facts: int = 0
    first: datetime | None = None
    last: datetime | None = None
    dated: bool = True  # False: the file does not say when
    left: Mapping[Left, int] = field(default_factory=dict)


class Importing:
    """Takes histories in, lists them, and lets them go."""

    def __init__(
        self, store: Store, gate: Gate, learn: Learn, clock: Clock, kept: Kept = lambda _: None
    ) -> None:
        """`kept` is told of each conversation that has new lines; it returns at once."""
        self._store, self._gate, self._learn, self._clock, self._kept = store, gate, learn, clock, kept
        self._turn = asyncio.Lock()  # one at a time: each is more work than everything else here

    async def take(
        self,
        path: Path,
        person_id: str,
        character: CharacterRecord,
        place: str,
        *,
        me: str = "",
        progress: Progress = lambda *_: None,
    ) -> Report:
        """Make a file of a person's a memory of a character. Raises InputError for what is no history, or unclear."""
        async with self._turn:
            progress(Stage.LOOKING, 0, 0)
            reader, source = await asyncio.to_thread(recognise, Source(path))
            talk = await self._store.conversations.open(person_id, character.id, place)
            person = await self._store.people.get(person_id)
            dates = Dates(zone_of(person.timezone), self._clock(), talk.created_at)
            looked = await asyncio.to_thread(look, reader, source, dates)
            name = character.persona.name
            who = cast(looked.survey, me=me, person=talk.person_name, character=name)
            digest = await asyncio.to_thread(_digest, path)
            title = f"{reader.title[:1].upper()}{reader.title[1:]}"
            aside = await self._store.imports.begin(person_id, character.id, place, digest, title)
            sieve = Sieve(self._gate, who, dates, looked)
            await self._keep(reader, source, sieve, aside, progress)
            there = await self._store.imports.end(aside, digest, f"{title}: all of it was imported.")
            if sieve.kept:
                self._kept(aside)
            if there:
                await self._set_gathered(aside, who)
                await self._read(aside, progress=progress)
            if not sieve.kept:
                return Report(reader.title, left=sieve.reasons)
            now = await self._store.imports.get(aside)
            return Report(
                reader.title,
                aside,
                sieve.kept,
                now.facts,
                now.first,
                now.last,
                looked.dated > 0,
                sieve.reasons,
            )

    async def of(self, person_id: str, character_id: str, place: str) -> Sequence[Import]:
        """What a person has imported for a character at a place."""
        return await self._store.imports.of(person_id, character_id, place)

    async def get(self, person_id: str, conversation_id: str) -> Import:
        """One import. Raises NotFoundError, also for somebody else's."""
        found = await self._store.imports.get(conversation_id)
        if found.person_id != person_id:
            raise NotFoundError
        return found

    async def forget(self, person_id: str, conversation_id: str) -> None:
        """Let an import go, with what was learned from it alone. Raises NotFoundError."""
        async with self._turn:
            await self._store.imports.remove(person_id, conversation_id)

    async def unlearned(self) -> Sequence[str]:
        """Imports whose lines are all there, but were not all learned from: the process ended meanwhile."""
        whole = await self._store.imports.whole()
        return [conversation_id for conversation_id in whole if await self._next(conversation_id)]

    async def go_on(self, conversation_id: str) -> bool:
        """Learn some more from an import. Returns whether there is still more."""
        async with self._turn:
            await self._read(conversation_id, most=LEARNED_AT_ONCE)
        return bool(await self._next(conversation_id))

    async def _keep(
        self, reader: Reader, source: Source, sieve: Sieve, aside: str, progress: Progress
    ) -> None:
        total, done = min(sieve.looked.survey.lines, MOST_LINES), 0
        with closing(read_all(reader, source)) as lines:
            while batch := await asyncio.to_thread(sieve.next, lines):
                new = [line for line in batch if line is not None]
                added = await self._store.imports.add(aside, new)
                sieve.added(added, len(new))
                await self._set_gathered(aside, sieve.who)
                done += len(batch)
                progress(Stage.KEEPING, done, total)

    async def _set_gathered(self, aside: str, who: Cast) -> None:
        """What was said to others did not happen between the person and the character: it makes no episodes."""
        if not who.character:
            last = await self._store.imports.last_id(aside)
            await self._store.studies.set_gathered_to(aside, last)

    async def _read(
        self, conversation_id: str, *, most: int = MOST_LINES, progress: Progress = lambda *_: None
    ) -> None:
        """Learn from an import where it was left off."""
        talk = await self._store.conversations.get(conversation_id)
        total, done = (await self._store.imports.get(conversation_id)).lines, 0
        while done < most and (batch := await self._next(conversation_id)):
            for message in batch:
                # What told something is not learned from twice: what it told may be out of date by then.
                if await self._learn(talk, message) or message is batch[-1]:
                    await self._store.imports.set_learned_to(conversation_id, message.id)
            done += len(batch)
            progress(Stage.LEARNING, done, total)

    async def _next(self, conversation_id: str) -> Sequence[Message]:
        return await self._store.imports.unlearned(conversation_id, BATCH)


def _digest(path: Path) -> str:
    """A name for the content of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
