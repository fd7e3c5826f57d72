"""What the person tells, taken up by its name: "Biscuit! A dog with a name like that has standards."

`talk.py` asks `find_told` about the newest message and `last_told` about the ones before, so that a short answer
goes on with what it answers. The forms of words and the lines are in `lines/told.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.models.storyteller.echo import ODD, turned
from engine.models.storyteller.library import Library, Line, Telling
from engine.models.storyteller.sheet import Sheet
from engine.models.storyteller.teller import Teller

# Messages back in which what is talked about now may have been told.
BACK = 3
# Nobody tells more than this in one breath; the rest is a pasted text.
READ_LENGTH = 700
SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")
# Tellings whose news is a name.
NAMINGS = frozenset("pet_named pets_named kin_named kin_too kin_lives partner moved lives shop".split())
# Tellings whose "what" is a thing one can name.
THINGS = frozenset("house instrument plays cooking event_ahead learning likes".split())
OPTIONAL = re.compile(r"\{\+(\w+)\}")
BEGINNING = re.compile(r"(?<=[.!?] )[a-zà-þ]")


@dataclass(frozen=True, slots=True)
class Told:
    """A telling with what it tells."""

    telling: Telling
    slots: Mapping[str, str]

    @property
    def who(self) -> str:
        """Whom it is about, "" if about nobody."""
        return self.slots.get("who", "")

    @property
    def it(self) -> str:
        """The name or thing that was told, where it can stand by itself."""
        if job := self.slots.get("job", ""):
            return (
                job
                if job[:2] in ("a ", "an") and " " in job[:3]
                else f"{'an' if job[:1].lower() in 'aeio' else 'a'} {job}"
            )
        named = next((self.slots[key] for key in ("name", "names", "place") if self.slots.get(key)), "")
        # With a baby or a fight in it, the name is not the news.
        return (named if self.telling.name in NAMINGS else "") or (
            self.slots.get("what", "") if self.telling.name in THINGS else ""
        )


def find_told(text: str, sheet: Sheet, library: Library, *, before: Told | None = None) -> Told | None:
    """The first of the tellings that a message holds. `before`: what "he" and "she" mean."""
    plain = text[:READ_LENGTH].replace("’", "'")
    plain = plain.capitalize() if plain.isupper() else plain
    if ODD.search(plain):
        return None
    stated = [part.strip() for part in SENTENCE.findall(plain) if not part.rstrip().endswith("?")]
    for telling in library.tellings:
        for sentence in stated:
            for pattern in telling.patterns:
                if match := pattern.search(sentence):
                    return Told(telling, _slots(match, sheet, before))
    return None


def last_told(sheet: Sheet, library: Library) -> Told | None:
    """What was told in the messages before the newest one, the latest first."""
    told: Told | None = None
    for text in sheet.theirs[-BACK:]:
        told = find_told(text, sheet, library, before=told) or told
    return told


def take_up(teller: Teller, told: Told) -> str:
    """The sentence that takes it up; "" if all were said lately."""
    return _line(teller, told, told.telling.takes)


def ask_on(teller: Teller, told: Told) -> str:
    """A question that stays with it; "" if all were asked lately."""
    return _line(teller, told, told.telling.asks)


def _line(teller: Teller, told: Told, lines: Sequence[Line]) -> str:
    fitting = [Line(spoken(line.text, told.slots), line.tags) for line in lines]
    return with_capitals(teller.pick_with(fitting, told.slots))


def spoken(text: str, slots: Mapping[str, str]) -> str:
    """A line whose optional slots are filled or gone."""
    return OPTIONAL.sub(lambda match: f" {slots[match[1]].strip()}" if slots.get(match[1]) else "", text)


def with_capitals(text: str) -> str:
    """The text with a capital at the beginning of each sentence."""
    return BEGINNING.sub(lambda match: match[0].upper(), text)


def _slots(match: re.Match[str], sheet: Sheet, before: Told | None) -> Mapping[str, str]:
    said = {name: turned(value.strip(" .,!;:")) for name, value in match.groupdict().items() if value}
    said |= dict(_derived(said, sheet, before))
    return said | {f"{name}_": value[:1].upper() + value[1:] for name, value in said.items()}


def _derived(said: Mapping[str, str], sheet: Sheet, before: Told | None) -> Iterable[tuple[str, str]]:
    name, kin = said.get("name", ""), said.get("kin", "").lower()
    if name:
        name = name[:1].upper() + name[1:]
        yield "name", name
    if kin:
        yield "kin", kin
    who = name or _known(kin, sheet) or (f"your {kin}" if kin else "") or (before.who if before else "")
    if who:
        yield "who", who
    if pet := said.get("pet", ""):
        yield ("many" if pet.endswith("s") else "one"), pet
    wedding = said.get("what", "").lower()
    if re.search(r"engaged|married", wedding):
        yield "did", wedding if wedding.startswith("got") else f"are {wedding}"
        yield ("wed", "Married") if wedding.endswith("got married") else ("ring", "Engaged")
        if "married" in wedding:
            yield "wedding", "wedding"
    if pron := said.get("pron", ""):
        yield (
            "pron",
            pron if pron[:1].isupper() and pron.lower() not in ("he", "she", "they") else pron.lower(),
        )


def _known(kin: str, sheet: Sheet) -> str:
    """The name of "my sister", if it is remembered."""
    start = f"Your {kin} is called "
    return next(
        (
            memory.text.removeprefix(start).rstrip(".")
            for memory in sheet.memories
            if memory.text.startswith(start)
        ),
        "",
    )
