"""The seven archetypes that a new character can start from: a rough silhouette instead of an empty page.

The wizard's first step shows them and calls `start_from`. Each archetype is one TOML file: a personality,
a way to speak and a backstory sketch, and several looks of which a seed chooses one. No look is "the"
default: together they are balanced over ages, bodies, skin tones and genders, which a test measures.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import TypeVar

from characters.character import Appearance, Persona, StyleRegister, Voice
from characters.sheet import Sheet, SheetError, read_appearance, read_persona, read_style

# In the order in which they are offered; "custom" is last, as the exception.
ORDER = ("adventurer", "artist", "mentor", "friend", "romance", "stranger", "custom")

# The forms that `{they}` and its cases take in a sketch, by pronouns: they, them, their, theirs, themself.
FORMS: Mapping[str, tuple[str, str, str, str, str]] = {
    "she/her": ("she", "her", "her", "hers", "herself"),
    "he/him": ("he", "him", "his", "his", "himself"),
    "they/them": ("they", "them", "their", "theirs", "themself"),
}
Part = TypeVar("Part")
CASES = ("they", "them", "their", "theirs", "themself")


@dataclass(frozen=True, slots=True)
class Look:
    """One default look of an archetype, with the pronouns, style and voice that go with it."""

    pronouns: str
    style: StyleRegister
    voice: str
    appearance: Appearance


@dataclass(frozen=True, slots=True)
class Archetype:
    """A starting point. `sketch` has neither name nor looks, and its words hold {they} and {works/work}."""

    id: str
    title: str
    description: str
    sketch: Persona
    looks: tuple[Look, ...]


def load_archetypes() -> tuple[Archetype, ...]:
    """All archetypes in the order in which they are offered."""
    return _load()


def start_from(archetype_id: str, seed: int) -> Persona:
    """A nameless persona to begin with; the seed chooses the look and settles the face. Raises SheetError."""
    found = next((one for one in load_archetypes() if one.id == archetype_id), None)
    if found is None:
        raise SheetError(f"“{archetype_id}” is not an archetype; known are {', '.join(ORDER)}.")
    look = found.looks[seed % len(found.looks)]
    return dress(found, look, face_seed=seed)


def dress(archetype: Archetype, look: Look, *, face_seed: int) -> Persona:
    """The archetype's sketch in one of its looks, with its words in the look's pronouns."""
    sketch, own = archetype.sketch, archetype.sketch.personality

    def said(text: str) -> str:
        return inflect(text, look.pronouns)

    personality = replace(
        own,
        traits=tuple(map(said, own.traits)),
        tension=said(own.tension),
        quirk=said(own.quirk),
        speech=tuple(map(said, own.speech)),
    )
    return replace(
        sketch,
        archetype=archetype.id,
        tagline=said(sketch.tagline),
        pronouns=look.pronouns,
        style=look.style,
        voice=Voice(description=look.voice),
        appearance=replace(look.appearance, face_seed=face_seed),
        personality=personality,
        backstory=said(sketch.backstory),
        relationship=said(sketch.relationship),
    )


def change(persona: Persona, archetype_id: str) -> Persona:
    """The persona on another archetype: a person's own words stay, the former archetype's words go."""
    seed = persona.appearance.face_seed
    former = _nearest(persona)
    return _exchange(persona, former, start_from(archetype_id, seed))


def inflect(text: str, pronouns: str) -> str:
    """The text with {they}, {their}, {Them} … in the pronouns' forms, and {works/work} in their number."""
    forms = dict(zip(CASES, FORMS[pronouns], strict=True))
    plural = pronouns == "they/them"

    def form(match: re.Match[str]) -> str:
        word = match[1]
        if "/" in word:
            return word.split("/")[plural]
        found = forms[word.lower()]
        return found.capitalize() if word[0].isupper() else found

    return re.sub(r"\{([^{}]+)\}", form, text)


def _nearest(persona: Persona) -> Persona:
    """The start that a persona was most likely made from; a bare Persona for one that was made from none."""
    seed = persona.appearance.face_seed
    starts = [
        dress(one, look, face_seed=seed)
        for one in load_archetypes()
        if one.id == persona.archetype
        for look in one.looks
    ]
    bare = Persona(name="", appearance=Appearance(face_seed=seed))
    if not persona.appearance.presentation:
        return bare
    return max(starts, key=lambda start: _alike(persona, start), default=bare)


def _alike(one: object, other: object) -> int:
    """How many values two personas share, at any depth."""
    if is_dataclass(one):
        return sum(_alike(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    return int(one == other)


def _exchange(own: Part, former: Part, new: Part) -> Part:
    """`own` with every value that it shares with `former` taken from `new`."""
    if is_dataclass(own) and not isinstance(own, type):
        changes = {
            field.name: _exchange(
                getattr(own, field.name), getattr(former, field.name), getattr(new, field.name)
            )
            for field in fields(own)
        }
        return replace(own, **changes)
    return new if own == former else own


@lru_cache(maxsize=1)
def _load() -> tuple[Archetype, ...]:
    return tuple(_read(name) for name in ORDER)


def _read(archetype_id: str) -> Archetype:
    text = (resources.files(__name__) / f"{archetype_id}.toml").read_text("utf-8")
    sheet = Sheet(tomllib.loads(text), f"archetypes/{archetype_id}.toml")
    looks = tuple(_read_look(look) for look in sheet.tables("looks"))
    title, description = sheet.words("title"), sheet.words("description")
    sketch = read_persona(sheet)
    sheet.finish()
    return Archetype(archetype_id, title, description, sketch, looks)


def _read_look(sheet: Sheet) -> Look:
    pronouns, style, voice = sheet.words("pronouns"), read_style(sheet), sheet.words("voice")
    if pronouns not in FORMS:
        raise SheetError(f"{sheet.where}: “{pronouns}” are not known; use one of {', '.join(FORMS)}.")
    return Look(pronouns, style, voice, read_appearance(sheet))
