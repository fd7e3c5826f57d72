"""Memories that contradict each other: noticed here, asked about in the talk; `engine/chat/planner.py` calls `doubts`.

The newer of two statements counts, always: nothing old is ever told as if it held. But where somebody said two things
within a short time, and nothing of "I moved" or "now", one of them may be a joke, a slip or misunderstood. Then the
character is given both and asks when it fits. It is settled once the person says one of them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.errors import NotFoundError
from engine.memory.found import Scope, Source
from engine.memory.keep import owned
from engine.memory.words import content_words, stem
from engine.store.memories import NewFact
from engine.store.store import Store
from engine.types import Clock, Fact, FactKind, Message, Role

# For so long after it was said, what contradicts it is asked about. What changes more often has less: whoever names
# another employer half a year later has changed it. A birthday does not change.
LASTING = {
    "birthday": timedelta(days=36500),
    "born in year": timedelta(days=36500),
    "born in": timedelta(days=36500),
    "comes from": timedelta(days=36500),
    "grew up in": timedelta(days=36500),
    "name": timedelta(days=180),
    "anniversary": timedelta(days=365),
    "lives in": timedelta(days=60),
    "works as": timedelta(days=60),
    "works at": timedelta(days=60),
    "works in": timedelta(days=60),
    "studies": timedelta(days=60),
    "relationship": timedelta(days=30),
    "diet": timedelta(days=30),
    "age": timedelta(days=30),
}
# What nobody cleared up for so long is let go: the newer counts.
ASKED_FOR = timedelta(days=30)
# From this confidence on a fact is well founded: the rules', and what was corrected by hand. A model's are not.
FOUNDED = 0.8
# Words by which somebody says that it changed, or puts right what they said.
CHANGE = re.compile(
    r"\b(?:now|nowadays|moved|moving|since|new|newly|chang\w+|switch\w+|became|become|quit|left|no longer|any ?more|instead|actually|sorry|i meant?|correction|"
    r"call me|nenne? mich|ll[aá]mame|appelle[sz]?-moi|m'appeler|me cham[ae]|chame-me|"
    r"renamed|got (?:married|engaged|divorced|promoted|hired|fired|a job)|broke up|split up|just turned|turned \d+|used to|not .{1,30} but|wrong|these days|recently|"
    r"jetzt|inzwischen|mittlerweile|umgezogen|gezogen|neue?[nmrs]?|seit|nicht mehr|statt\w*|eigentlich|ich meinte|gewechselt|geworden|getrennt|verheiratet|doch|falsch|"
    r"ahora|ya no|desde|mud\w+|nuev\w+|cambi\w+|en realidad|perdón|quise decir|me casé|dejé|"
    r"maintenant|désormais|depuis|déménagé\w*|nouve\w+|ne .{1,20} plus|plus du tout|en fait|pardon|je voulais dire|changé|devenue?|quitté|"
    r"agora|mudei|desde|nov[oa]s?|não .{1,30} mais|na verdade|desculp\w+|quis dizer|mudamos|virei|larguei)\b",
    re.IGNORECASE,
)
NEGATED = re.compile(
    r"\b(?:not|never|wrong|a joke|joking|kidding|a lie|lied|only visit\w*|used to|nicht|kein\w*|nie|ein scherz|gelogen|falsch|nunca|jamás|broma|mentira|"
    r"pas|jamais|blague|não|brincadeira)\b|n't\b|\bno\b(?!\s*[,;.!])",
    re.IGNORECASE,
)
# Where an answer turns from one to the other; a comma after a bare "no" answers the question before.
CLAUSE = re.compile(r"[.;!,–—:]+|\b(?:but|and|aber|und|sondern|pero|sino|y|mais|et|mas|e)\b", re.IGNORECASE)
# A place that holds many others: "in Portugal" and "in Lisbon" may both be true.
LANDS = frozenset(
    stem(word)
    for word in (
        "germany deutschland spain españa france portugal italy italia england scotland wales ireland britain uk usa us america canada mexico méxico brazil brasil "
        "argentina chile colombia peru netherlands holland belgium switzerland schweiz suisse austria österreich denmark sweden norway finland iceland poland polen "
        "czechia slovakia hungary romania bulgaria greece turkey russia ukraine croatia serbia japan china korea vietnam thailand india pakistan indonesia philippines "
        "singapore australia egypt morocco tunisia nigeria kenya israel lebanon europe europa africa asia bavaria bayern catalonia cataluña bretagne brittany "
        "frankreich spanien italien alemania allemagne alemanha francia frança espagne espanha inglaterra angleterre país pays land"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two statements that cannot both hold; the newer counts until it is known."""

    older: Fact
    newer: Fact


class Contradictions:
    """Finds what is unsure about a person, and settles it once they say."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def doubts(
        self, known: Sequence[Fact], said: Message, window: Sequence[Message]
    ) -> Sequence[Doubt]:
        """What is unsure of all that was ever known and may be asked about, the newest first.

        What `said` settles is settled.
        """
        found = [doubt for doubt in find_doubts(known, self._clock()) if await self._open(doubt)]
        remaining = [doubt for doubt in found if not await self._settled(doubt, said, window)]
        # Who asks is told that it is unsure, however often it was asked.
        asking = said.text.rstrip().endswith("?")
        return [doubt for doubt in remaining if asking or not _asked(doubt, window)]

    async def _open(self, doubt: Doubt) -> bool:
        """Whether the newer was said once only, without a word of change."""
        sources = await self._store.memories.sources(doubt.newer.id)
        if len(sources) != 1:
            return False  # said again, or written by the person's own hand
        try:
            message = await self._store.conversations.message(sources[0])
        except NotFoundError:
            return False
        return not CHANGE.search(message.text.replace("’", "'"))

    async def _settled(self, doubt: Doubt, said: Message, window: Sequence[Message]) -> bool:
        """Store the one that the person names when they were asked; False if they name neither or both."""
        if not _asked(doubt, window[-2:]) or said.role is not Role.PERSON:
            return False
        meant = _meant(doubt, said.text)
        if meant is None:
            return False
        await self._store.memories.add([_again(meant, said)])
        return True


def find_doubts(known: Sequence[Fact], now: datetime) -> Sequence[Doubt]:
    """The current facts that took the place of a well-founded, different, recent one; the newest first."""
    versions: dict[tuple[str, str], list[Fact]] = {}
    for fact in sorted(known, key=lambda fact: (fact.said_at, fact.id)):
        if fact.kind is FactKind.FACT and fact.relation in LASTING:
            versions.setdefault((fact.subject.casefold(), fact.relation), []).append(fact)
    found = [doubt for line in versions.values() if (doubt := _doubt(line, now))]
    return sorted(found, key=lambda doubt: doubt.newer.said_at, reverse=True)


def _doubt(line: Sequence[Fact], now: datetime) -> Doubt | None:
    """The doubt about the last of several versions, oldest first, if there is one."""
    if len(line) < 2:
        return None
    *before, newer = line
    older = before[-1]
    if newer.superseded_by or newer.valid_until or newer.pinned or older.superseded_by != newer.id:
        return None
    if any(_same(fact.value, newer.value) for fact in before):
        return None  # said before, so this is the answer
    lasts = newer.said_at - older.said_at <= LASTING[newer.relation]
    founded = (older.confidence >= FOUNDED or older.pinned) and not older.valid_until
    fresh = now - newer.said_at <= ASKED_FOR
    return Doubt(older, newer) if lasts and founded and fresh and _contradict(older, newer) else None


def _contradict(older: Fact, newer: Fact) -> bool:
    """Whether two values exclude each other; a nurse may be a night nurse, and Lisbon lies in Portugal."""
    if older.relation == "age":
        return _years(older.value) is not None and _years(newer.value) not in (
            _years(older.value),
            (_years(older.value) or 0) + 1,
        )
    mine, other = _stems(older.value), _stems(newer.value)
    if mine & other or _same(older.value, newer.value):
        return False
    return not (mine & LANDS or other & LANDS)


def _years(value: str) -> int | None:
    digits = re.search(r"\d+", value)
    return int(digits[0]) if digits else None


def _asked(doubt: Doubt, window: Iterable[Message]) -> bool:
    """Whether the character named both values in one line already."""
    return any(
        message.role is Role.CHARACTER
        and _names(message.text, doubt.older)
        and _names(message.text, doubt.newer)
        for message in window
    )


def _meant(doubt: Doubt, text: str) -> Fact | None:
    """Which of the two an answer affirms, or leaves over: "Lyon, Porto was a joke", "not Porto"."""
    if "?" in text:
        return None
    affirmed: set[str] = set()
    denied: set[str] = set()
    for clause in CLAUSE.split(text.replace("’", "'")):
        named = {fact.id for fact in (doubt.older, doubt.newer) if _names(clause, fact)}
        (denied if NEGATED.search(clause) else affirmed).update(named)
    both = (doubt.older, doubt.newer)
    if affirmed == denied or len(affirmed - denied) > 1:
        return None
    left = [fact for fact in both if (fact.id in affirmed or not affirmed) and fact.id not in denied]
    return left[0] if len(left) == 1 else None


def _names(text: str, fact: Fact) -> bool:
    words = _stems(fact.value)
    return bool(words) and words <= _stems(text)


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)} | set(re.findall(r"\d+", text))


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _again(fact: Fact, said: Message) -> NewFact:
    """The fact as it was said now; the newest statement counts."""
    scope = Scope(fact.person_id, fact.character_id, fact.place)
    source = Source(scope, said.text, said.created_at, said.id)
    return owned(source, fact, exclusive=True, valid_from=fact.valid_from)
