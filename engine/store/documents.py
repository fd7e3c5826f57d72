"""Values that are stored as JSON texts: personas, shots, and the lists of a draft.

Reading is tolerant: a field that an older row lacks takes its default, an unknown one is dropped.
"""

from __future__ import annotations

from pydantic import TypeAdapter

from characters.character import Persona
from engine.types import Making, Shot

PERSONA: TypeAdapter[Persona] = TypeAdapter(Persona)
SHOT: TypeAdapter[Shot] = TypeAdapter(Shot)
MAKING: TypeAdapter[Making] = TypeAdapter(Making)
TEXTS: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])
EXTRA: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])


def write_persona(persona: Persona) -> str:
    """A persona as JSON."""
    return PERSONA.dump_json(persona).decode()


def read_persona(text: str) -> Persona:
    """The persona of a JSON text."""
    return PERSONA.validate_json(text)


def write_shot(shot: Shot) -> str:
    """A shot as JSON."""
    return SHOT.dump_json(shot).decode()


def read_shot(text: str) -> Shot:
    """The shot of a JSON text."""
    return SHOT.validate_json(text)


def write_making(making: Making | None) -> str | None:
    """How a picture was made, as JSON; None for one that no model made."""
    return MAKING.dump_json(making).decode() if making else None


def read_making(text: str | None) -> Making | None:
    """How a picture was made, of a JSON text."""
    return MAKING.validate_json(text) if text else None
