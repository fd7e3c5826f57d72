"""Who of a history's speakers is the person and who the character; `importing.py` asks before it keeps a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.memory.imports.lines import HistoryError, Left, Line
from engine.types import Role

# Names that are told when the person has to say which one they are.
NAMED = 8
# What exports call the person themself.
_SELF = frozenset({"you", "me", "ich", "du", "yo", "tú", "moi", "toi", "eu", "você"})
WHO = "I cannot tell who of them you are: {names}. Send it again and say so, e.g. me:{first}."
NOT_THERE = "Nobody is called “{name}” in it. There are: {names}."


@dataclass(slots=True)
class Survey:
    """What was counted on the first reading."""

    lines: int = 0
    mine: int = 0  # of which the format says that they are the person's
    speakers: Counter[str] = field(default_factory=Counter)

    def add(self, found: Line | Left) -> None:
        """Count a line."""
        self.lines += 1
        if isinstance(found, Line):
            self.mine += found.mine is True
            if not found.mine:
                self.speakers[found.speaker] += 1


@dataclass(frozen=True, slots=True)
class Cast:
    """Whose lines are kept: the person's and the character's; other people's are not."""

    person: str = ""  # "" where the format tells
    character: str = ""  # "" if nobody in the history is the character

    def role(self, line: Line) -> Role | None:
        """Who said a line; None for somebody else."""
        if line.mine if self.person == "" else _same(line.speaker, self.person):
            return Role.PERSON
        if self.character and _same(line.speaker, self.character):
            return Role.CHARACTER
        return None


def cast(survey: Survey, *, me: str, person: str, character: str) -> Cast:
    """Who is who. `me` is what the person says they are called there, where the format does not tell; `person` and `character` how they are called here.

    Raises HistoryError where it cannot be told.
    """
    names = [name for name, _ in survey.speakers.most_common()]
    own = "" if survey.mine else _person(names, me, person, character)
    others = [name for name in names if not own or not _same(name, own)]
    return Cast(own, _character(others, character, with_a_program=survey.mine > 0))


def _person(names: list[str], me: str, person: str, character: str) -> str:
    if me:
        if found := _like(names, me):
            return found
        raise HistoryError(NOT_THERE.format(name=me[:40], names=_listed(names)))
    if found := next((name for name in names if name.casefold() in _SELF), "") or _like(names, person):
        return found
    others = [name for name in names if not _called(name, character)]
    if len(names) == 2 and len(others) == 1:
        return others[0]
    if not names:
        raise HistoryError
    raise HistoryError(WHO.format(names=_listed(names), first=_quoted((others or names)[0])))


def _character(others: list[str], character: str, *, with_a_program: bool) -> str:
    """Whoever is called like the character. Where somebody talked with a program, that is the only other one.

    In any other talk it is a friend: their words are not the character's, whatever the two have in common.
    """
    named = next((name for name in others if _called(name, character)), "")
    return named or (others[0] if with_a_program and len(others) == 1 else "")


def _like(names: Iterable[str], wanted: str) -> str:
    return next((name for name in names if wanted and _same(name, wanted)), "")


def _called(name: str, character: str) -> bool:
    """Whether a name is the character's, or its first name."""
    return bool(name) and (_same(name, character) or _same(name, character.split(" ")[0]))


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(f"“{name[:40]}”" for name in names[:NAMED]) + more
