"""A persona's fields as the words a person types: one reader and one writer for each.

The wizard's questions (`bot/wizard/steps.py`) read and write with it, and `characters.coach` reads.
Writers clean what they are given, and raise `TextError` with a sentence when it cannot be used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from characters.archetypes import FORMS, ORDER, change
from characters.character import (
    ADULT_AGE,
    BACKSTORY_LENGTH,
    FIELD_LENGTH,
    NAME_LENGTH,
    OLDEST_AGE,
    Appearance,
    Hair,
    Persona,
    Personality,
    StyleRegister,
)
from characters.text import TextError, clean_line, clean_lines, clean_name, clean_paragraphs

# Characters of a tagline: two lines on a card.
TAGLINE_LENGTH = 120
# Characters of one trait, or one speech pattern.
TRAIT_LENGTH = 120
# Characters of a greeting or of one sample line: a few sentences, as said in a chat.
LINE_LENGTH = 600
# Lines of a list; the coach asks for fewer, this only bounds what is stored.
MOST_LINES = 12


class AgeError(TextError):
    """Write the age as a number, for example 34."""


class ChoiceError(TextError):
    """Choose one of the options."""


class TooManyLinesError(TextError):
    """Those are too many lines; keep the best dozen."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field as words. `limit` is in characters, of the whole or, for lists, of each line."""

    limit: int
    read: Callable[[Persona], str]
    write: Callable[[Persona, str], Persona]


def clean_age(text: str) -> int:
    """An adult age. Raises AgeError."""
    digits = clean_line(text, FIELD_LENGTH).removesuffix("years old").strip()
    if not re.fullmatch(r"\d{1,4}", digits):
        raise AgeError
    age = int(digits)
    if age < ADULT_AGE:
        raise AgeError(f"Characters here are adults: choose an age of {ADULT_AGE} or more.")
    if age > OLDEST_AGE:
        raise AgeError(f"{age} is older than anybody; choose an age up to {OLDEST_AGE}.")
    return age


def clean_choice(text: str, choices: tuple[str, ...]) -> str:
    """One of the choices, whatever its case. Raises ChoiceError, which names them."""
    word = clean_line(text, FIELD_LENGTH).casefold()
    if word not in choices:
        raise ChoiceError(f"Choose one of these: {', '.join(choices)}.")
    return word


def clean_list(text: str, limit: int) -> tuple[str, ...]:
    """Short answers, one a line, without repetitions. Raises TooManyLinesError, TooLongError."""
    lines = tuple(dict.fromkeys(clean_lines(text, limit)))
    if len(lines) > MOST_LINES:
        raise TooManyLinesError
    return lines


def clean_traits(text: str) -> tuple[str, ...]:
    """Traits, one a line; those on a single line may be divided by commas."""
    return clean_list("\n".join(split_traits(text)), TRAIT_LENGTH)


def split_traits(text: str) -> tuple[str, ...]:
    """The traits as they were divided: by lines, or by commas on a single line."""
    # Some letters grow to three when they are composed, and limits are for whoever stores them.
    lines = list(dict.fromkeys(clean_lines(text, 3 * len(text))))
    parts = re.split("[,;]", lines[0]) if len(lines) == 1 else lines
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _words(name: str, limit: int) -> Field:
    """A field of Persona that holds one line."""
    return Field(
        limit,
        lambda persona: str(getattr(persona, name)),
        lambda persona, text: replace(persona, **_part(name, clean_line(text, limit))),
    )


def _part(name: str, value: object) -> dict[str, Any]:
    return {name: value}


def _looks(name: str) -> Field:
    """A field of Appearance that holds one line."""

    def write(persona: Persona, text: str) -> Persona:
        return _with_looks(
            persona, replace(persona.appearance, **_part(name, clean_line(text, FIELD_LENGTH)))
        )

    return Field(FIELD_LENGTH, lambda persona: str(getattr(persona.appearance, name)), write)


def _hair(name: str) -> Field:
    """A field of Hair that holds one line."""

    def write(persona: Persona, text: str) -> Persona:
        hair: Hair = replace(persona.appearance.hair, **_part(name, clean_line(text, FIELD_LENGTH)))
        return _with_looks(persona, replace(persona.appearance, hair=hair))

    return Field(FIELD_LENGTH, lambda persona: str(getattr(persona.appearance.hair, name)), write)


def _personal(name: str, clean: Callable[[str], str | tuple[str, ...]], limit: int) -> Field:
    """A field of Personality that holds a line, or several."""

    def read(persona: Persona) -> str:
        value: str | tuple[str, ...] = getattr(persona.personality, name)
        return value if isinstance(value, str) else "\n".join(value)

    def write(persona: Persona, text: str) -> Persona:
        own: Personality = replace(persona.personality, **_part(name, clean(text)))
        return replace(persona, personality=own)

    return Field(limit, read, write)


def _with_looks(persona: Persona, looks: Appearance) -> Persona:
    return replace(persona, appearance=looks)


def _read_archetype(persona: Persona) -> str:
    """The archetype, once one was chosen: until then nothing shows, not even a face."""
    return persona.archetype if persona.appearance.presentation else ""


def _write_archetype(persona: Persona, text: str) -> Persona:
    chosen = clean_choice(text, ORDER)
    return persona if chosen == _read_archetype(persona) else change(persona, chosen)


def _write_age(persona: Persona, text: str) -> Persona:
    return _with_looks(persona, replace(persona.appearance, age=clean_age(text)))


def _write_outfit(persona: Persona, text: str) -> Persona:
    words = clean_line(text, FIELD_LENGTH)
    if words == persona.appearance.outfit.description:
        return persona
    outfit = replace(persona.appearance.outfit, name="everyday", description=words)
    return _with_looks(persona, replace(persona.appearance, outfit=outfit))


def _write_voice(persona: Persona, text: str) -> Persona:
    return replace(persona, voice=replace(persona.voice, description=clean_line(text, FIELD_LENGTH)))


def _write_tags(persona: Persona, text: str) -> Persona:
    return replace(persona, tags=clean_traits(text.casefold()))


def _list_of(limit: int) -> Callable[[str], tuple[str, ...]]:
    return lambda text: clean_list(text, limit)


def _line_of(limit: int) -> Callable[[str], str]:
    return lambda text: clean_line(text, limit)


FIELDS: Mapping[str, Field] = {
    "archetype": Field(FIELD_LENGTH, _read_archetype, _write_archetype),
    "name": Field(NAME_LENGTH, lambda p: p.name, lambda p, text: replace(p, name=clean_name(text))),
    "age": Field(4, lambda p: str(p.appearance.age), _write_age),
    "presentation": _looks("presentation"),
    "pronouns": Field(
        FIELD_LENGTH,
        lambda p: p.pronouns,
        lambda p, text: replace(p, pronouns=clean_choice(text, tuple(FORMS))),
    ),
    "tagline": _words("tagline", TAGLINE_LENGTH),
    "face_shape": _looks("face_shape"),
    "features": _looks("features"),
    "hair_colour": _hair("colour"),
    "hair_length": _hair("length"),
    "hair_style": _hair("style"),
    "eyes": _looks("eyes"),
    "skin_tone": _looks("skin_tone"),
    "build": _looks("build"),
    "distinctive": _looks("distinctive"),
    "outfit": Field(FIELD_LENGTH, lambda p: p.appearance.outfit.description, _write_outfit),
    "traits": _personal("traits", clean_traits, TRAIT_LENGTH),
    "tension": _personal("tension", _line_of(FIELD_LENGTH), FIELD_LENGTH),
    "quirk": _personal("quirk", _line_of(FIELD_LENGTH), FIELD_LENGTH),
    "speech": _personal("speech", _list_of(TRAIT_LENGTH), TRAIT_LENGTH),
    "sample_lines": _personal("sample_lines", _list_of(LINE_LENGTH), LINE_LENGTH),
    "backstory": Field(
        BACKSTORY_LENGTH,
        lambda p: p.backstory,
        lambda p, text: replace(p, backstory=clean_paragraphs(text, BACKSTORY_LENGTH)),
    ),
    "relationship": _words("relationship", FIELD_LENGTH),
    "greeting": _words("greeting", LINE_LENGTH),
    "style": Field(
        FIELD_LENGTH,
        lambda p: p.style.value,
        lambda p, text: replace(p, style=StyleRegister(clean_choice(text, tuple(StyleRegister)))),
    ),
    "voice": Field(FIELD_LENGTH, lambda p: p.voice.description, _write_voice),
    "tags": Field(TRAIT_LENGTH, lambda p: "\n".join(p.tags), _write_tags),
}
