"""Goes over a talk once it is quiet, and keeps what happened: `engine/build.py` notes each reply here and owns `run`.

Nobody waits for it. After some minutes of silence, or enough turns, the new part of a talk is read in the background
(`engine/models/background.py`): facts that a model finds beyond the rules, what happened together, what is between the
two. How far it was read is in the store, and moves once all of a part is kept; so whatever a crash or a failure cuts
off is read again, at the latest at the next start, and what was kept already stays one.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import partial

from engine.config import MemoryConfig
from engine.memory.found import Scope, Source
from engine.memory.happened import PAUSE, Happened
from engine.memory.keep import own_zone, owned
from engine.memory.recall import Memory
from engine.models.ask import Asker
from engine.models.background import MOST_WAITING, Background
from engine.store.memories import NewFact
from engine.store.store import Store
from engine.types import Conversation, Fact, FactKind, Message, Role, spoken

# Lines of a talk that are read in one piece, and of them those that a model reads before what it found is kept: all of
# it has to be done within the time of one piece of background work. Of more than a piece a model reads only the end.
PIECE, READ_AT_ONCE = 240, 48
# Lines back in which a joke may have come up before, and a picture may have been finished since.
LOOK_BACK = 600
# A model that does not answer about the same part so often will not the next time; then the rules' findings are all.
TRIES = 3

Recount = Callable[[Asker, Sequence[Message], str, str, tzinfo], Awaitable[Sequence[Happened] | None]]


@dataclass(frozen=True, slots=True)
class _Talk:
    """Whose talk is gone over."""

    conversation: Conversation
    name: str  # the character's
    zone: tzinfo  # the person's

    @property
    def scope(self) -> Scope:
        """Whose memories these are."""
        talk = self.conversation
        return Scope(talk.person_id, talk.character_id, talk.place)


class Consolidation:
    """Turns what was said into what is remembered of it, when nobody waits."""

    def __init__(
        self, store: Store, memory: Memory, asker: Asker, background: Background, config: MemoryConfig
    ) -> None:
        self._store = store
        self._memory = memory
        self._asker = asker
        self._background = background
        self._quiet_s = config.quiet_minutes * 60
        self._turns = config.consolidate_turns
        self._due: dict[str, float] = {}  # when the silence after the last reply is long enough
        self._said: Counter[str] = Counter()  # turns since a talk was gone over
        self._failed: Counter[str] = Counter()
        self._noted = asyncio.Event()

    def note(self, conversation_id: str) -> None:
        """A reply was stored: go over the talk once it is quiet, or at once after enough turns. Returns at once."""
        self._said[conversation_id] += 1
        if self._said[conversation_id] >= self._turns:
            self._begin(conversation_id)
            return
        self._due[conversation_id] = asyncio.get_running_loop().time() + self._quiet_s
        self._noted.set()

    async def run(self) -> None:
        """Go over what was left behind before the start, then over each talk that has become quiet, until cancelled."""
        for conversation_id in await self._store.studies.behind(MOST_WAITING // 2):
            self._begin(conversation_id)
        while True:
            self._noted.clear()
            now = asyncio.get_running_loop().time()
            for conversation_id in [quiet for quiet, due in self._due.items() if due <= now]:
                self._begin(conversation_id)
            try:
                async with asyncio.timeout_at(min(self._due.values(), default=None)):
                    await self._noted.wait()
            except TimeoutError:
                continue

    async def consolidate(self, conversation_id: str) -> None:
        """Go over what is new in a talk. What was found stays found, however often this is begun."""
        conversation = await self._store.conversations.get(conversation_id)
        talk = await self._talk(conversation)
        studies = self._store.studies
        while lines := await studies.ungathered(conversation_id, PIECE):
            read = self._asker.able and len(lines) < PIECE
            piece = lines[:READ_AT_ONCE] if read else lines
            if not await self._gather(talk, piece, read=read):
                break  # the model did not answer: it is asked again, from here on
            await studies.set_gathered_to(conversation_id, piece[-1].id)
        await self._look_back(talk)
        await self._memory.deepen(conversation)

    def _begin(self, conversation_id: str) -> None:
        self._due.pop(conversation_id, None)
        self._said.pop(conversation_id, None)
        self._background.note(f"memory {conversation_id}", partial(self.consolidate, conversation_id))

    async def _talk(self, conversation: Conversation) -> _Talk:
        characters = self._store.characters
        persona = await characters.version(conversation.character_id, conversation.character_version)
        return _Talk(conversation, persona.name, await own_zone(self._store, conversation.person_id))

    async def _gather(self, talk: _Talk, piece: Sequence[Message], *, read: bool) -> bool:
        """Keep what happened in a part of a talk. False if a model was to read it and did not answer."""
        known = await self._known(talk)
        first = await self._is_first(talk, piece)
        found = await asyncio.to_thread(partial(_find, talk, piece, known, first=first))
        await self._keep(talk, found)
        await self._store.memories.add(_names_that_stay(talk.scope, found, known))
        if not read:
            return True
        recount = await asyncio.to_thread(_recounter)
        told = await recount(self._asker, piece, talk.conversation.person_name, talk.name, talk.zone)
        if told is None:
            self._failed[talk.conversation.id] += 1
            return self._failed[talk.conversation.id] >= TRIES
        self._failed.pop(talk.conversation.id, None)
        known = await self._known(talk)
        await self._keep(talk, [one for one in told if not _is_known(one, known)])
        return True

    async def _is_first(self, talk: _Talk, piece: Sequence[Message]) -> bool:
        """Whether the person had said nothing before; asking for pictures is no talk."""
        before = await self._store.conversations.before(talk.conversation.id, piece[0].id, PIECE)
        return not any(line.role is Role.PERSON for line in spoken(before))

    async def _look_back(self, talk: _Talk) -> None:
        """Keep what only shows over a longer time: jokes that came again, pictures that were finished since."""
        lines = await self._store.conversations.window(talk.conversation.id, LOOK_BACK)
        found = await asyncio.to_thread(_find_back, talk, lines, await self._known(talk))
        await self._keep(talk, found)

    async def _known(self, talk: _Talk) -> Sequence[Fact]:
        whose = talk.scope
        return await self._store.memories.known(
            whose.person_id, whose.character_id, whose.place, include_superseded=True
        )

    async def _keep(self, talk: _Talk, found: Sequence[Happened]) -> None:
        """Store it, in one transaction."""
        await self._store.memories.add([_owned(one, talk.scope) for one in found])


def _recounter() -> Recount:
    # Its forms are loaded with the first question, like the forms of words with the first talk.
    from engine.memory.recount import recount

    return recount


def _find(talk: _Talk, piece: Sequence[Message], known: Sequence[Fact], *, first: bool) -> Sequence[Happened]:
    """What the rules find in a part of a talk."""
    from engine.memory.bond import find_names
    from engine.memory.episodes import find_episodes

    episodes = find_episodes(piece, talk.name, talk.zone, first=first)
    names = find_names(piece, talk.name, taken=_introductions(known))
    return [*(_gone_on(one, known) for one in episodes), *names]


def _find_back(talk: _Talk, lines: Sequence[Message], known: Sequence[Fact]) -> Sequence[Happened]:
    """What the rules find over a longer time."""
    from engine.memory.bond import find_jokes
    from engine.memory.episodes import find_pictures

    told = [fact.value for fact in known if fact.kind is FactKind.FACT]
    names = [talk.name, talk.conversation.person_name, *told]
    return [*find_pictures(lines, talk.name), *find_jokes(lines, talk.name, names=names)]


def _introductions(known: Sequence[Fact]) -> set[str]:
    """The messages in which somebody said their name for the first time: that is no name one is given."""
    newer = {fact.superseded_by for fact in known}
    names = (fact for fact in known if fact.subject == "you" and fact.relation == "name")
    return {fact.source_message_id for fact in names if fact.source_message_id and fact.id not in newer}


def _names_that_stay(scope: Scope, found: Sequence[Happened], known: Sequence[Fact]) -> list[NewFact]:
    """The names of people who were given another one: "call me captain" is no new name for who said theirs before."""
    given = {one.source.id for one in found if one.relation == "calls you"}
    newer = {
        fact.id: fact
        for fact in known
        if fact.relation == "name" and fact.subject == "you" and fact.source_message_id in given
    }
    taken = [(fact, newer[fact.superseded_by]) for fact in known if fact.superseded_by in newer]
    return [
        owned(
            Source(scope, own.source_text, given_name.said_at, own.source_message_id),
            own,
            exclusive=True,
            pinned=own.pinned,
        )
        for own, given_name in taken
        if not given_name.superseded_by
    ]


def _gone_on(one: Happened, known: Sequence[Fact]) -> Happened:
    """An outing that began before this part of the talk is still the same."""
    if one.relation != "outing":
        return one
    before = (fact for fact in known if fact.relation == one.relation and _soon_after(one, fact))
    fact = next(before, None)
    return replace(one, value=fact.value, text=fact.text) if fact else one


def _soon_after(one: Happened, fact: Fact) -> bool:
    return abs(one.source.created_at - fact.said_at) <= PAUSE


def _is_known(one: Happened, known: Sequence[Fact]) -> bool:
    """Whether it was kept before, be it in other words: of the same message, or the same outing."""
    same = [fact for fact in known if fact.relation == one.relation]
    return any(
        fact.source_message_id == one.source.id or (one.relation == "outing" and _soon_after(one, fact))
        for fact in same
    )


def _owned(one: Happened, scope: Scope) -> NewFact:
    source = Source(scope, one.source_text, one.source.created_at, one.source.id)
    return owned(source, one, exclusive=one.exclusive, kind=one.kind)
