"""A persona as a TOML table, read strictly: the archetypes and the shipped cast are written in it.

`characters.archetypes` and `characters.cast` call `read_persona` and `read_appearance`. A key that is not
known is an error that names the near miss, so that a typo never quietly loses a scar or a greeting.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import TypeVar

from characters.character import (
    BACKSTORY_LENGTH,
    Appearance,
    Hair,
    Outfit,
    Persona,
    Personality,
    StyleRegister,
    Voice,
)
from characters.text import TextError, clean_line, clean_paragraphs

# A greeting or a sample line: a few sentences, as said in a chat.
LINE_LENGTH = 600

Kind = TypeVar("Kind")


class SheetError(TextError):
    """This character sheet cannot be read."""


class Sheet:
    """One table of a sheet. Every key must be asked for before `finish`, which refuses the rest."""

    def __init__(self, table: Mapping[str, object], where: str) -> None:
        self.where = where
        self._table = table
        self._asked: list[str] = []

    def words(self, key: str, default: str = "") -> str:
        """One line of words."""
        return clean_line(self._value(key, str, default), LINE_LENGTH)

    def paragraphs(self, key: str) -> str:
        """Several paragraphs; line breaks within one are only the file's."""
        unwrapped = re.sub(r"(?<!\n)\n(?!\n)", " ", self._value(key, str, "").strip())
        return clean_paragraphs(unwrapped, BACKSTORY_LENGTH)

    def number(self, key: str, default: int) -> int:
        """A whole number."""
        return self._value(key, int, default)

    def lines(self, key: str) -> tuple[str, ...]:
        """A list of lines."""
        lines = self._value(key, list, [])
        return tuple(clean_line(str(line), LINE_LENGTH) for line in lines)

    def table(self, key: str) -> Sheet:
        """A table within this one; an empty one if it is not there."""
        return Sheet(self._value(key, dict, {}), f"{self.where}, {key}")

    def tables(self, key: str) -> tuple[Sheet, ...]:
        """A list of tables."""
        found = self._value(key, list, [])
        return tuple(Sheet(table, f"{self.where}, {key} {n}") for n, table in enumerate(found, 1))

    def finish(self) -> None:
        """Raise SheetError if the table holds a key nobody asked for."""
        for key in self._table.keys() - set(self._asked):
            near = difflib.get_close_matches(key, self._asked, 1)
            hint = f"; did you mean “{near[0]}”?" if near else f"; known are {', '.join(self._asked)}."
            raise SheetError(f"{self.where}: “{key}” is not known{hint}")

    def _value(self, key: str, kind: type[Kind], default: Kind) -> Kind:
        self._asked.append(key)
        value = self._table.get(key, default)
        if not isinstance(value, kind):
            raise SheetError(f"{self.where}: “{key}” should be a {kind.__name__}, not {value!r}.")
        return value


def read_persona(sheet: Sheet) -> Persona:
    """The persona of a whole sheet; keys it does not hold stay at their defaults."""
    return Persona(
        name=sheet.words("name"),
        tagline=sheet.words("tagline"),
        archetype=sheet.words("archetype", "custom"),
        pronouns=sheet.words("pronouns", "they/them"),
        appearance=read_appearance(sheet.table("appearance")),
        personality=_read_personality(sheet.table("personality")),
        backstory=sheet.paragraphs("backstory"),
        relationship=sheet.words("relationship"),
        greeting=sheet.words("greeting"),
        style=read_style(sheet),
        voice=Voice(description=sheet.words("voice")),
        tags=sheet.lines("tags"),
    )


def read_appearance(sheet: Sheet) -> Appearance:
    """The looks of one table, which is thereby finished."""
    looks = Appearance(
        age=sheet.number("age", 30),
        presentation=sheet.words("presentation"),
        face_shape=sheet.words("face_shape"),
        features=sheet.words("features"),
        hair=_read_hair(sheet.table("hair")),
        eyes=sheet.words("eyes"),
        skin_tone=sheet.words("skin_tone"),
        build=sheet.words("build"),
        outfit=_read_outfit(sheet.table("outfit")),
        distinctive=sheet.words("distinctive"),
        face_seed=sheet.number("face_seed", 0),
    )
    sheet.finish()
    return looks


def read_style(sheet: Sheet) -> StyleRegister:
    """The style register. Raises SheetError with the five names if it is none of them."""
    word = sheet.words("style", StyleRegister.PAINTERLY)
    if word not in tuple(StyleRegister):
        raise SheetError(f"{sheet.where}: “{word}” is not a style; known are {', '.join(StyleRegister)}.")
    return StyleRegister(word)


def _read_hair(sheet: Sheet) -> Hair:
    hair = Hair(colour=sheet.words("colour"), length=sheet.words("length"), style=sheet.words("style"))
    sheet.finish()
    return hair


def _read_outfit(sheet: Sheet) -> Outfit:
    outfit = Outfit(name=sheet.words("name"), description=sheet.words("description"))
    sheet.finish()
    return outfit


def _read_personality(sheet: Sheet) -> Personality:
    personality = Personality(
        traits=sheet.lines("traits"),
        tension=sheet.words("tension"),
        quirk=sheet.words("quirk"),
        speech=sheet.lines("speech"),
        sample_lines=sheet.lines("sample_lines"),
    )
    sheet.finish()
    return personality
