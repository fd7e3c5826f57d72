"""The shipped cast: the people one meets before one has made anybody.

`engine.build` stores them at start (`ensure_shipped`), with their canonical pictures from this folder.
"""

from __future__ import annotations

import tomllib
from importlib import resources

from characters.character import Persona
from characters.sheet import Sheet, read_persona


def load_cast() -> tuple[tuple[str, Persona], ...]:
    """All of the cast as (slug, persona), by slug. The slug is the name of the file."""
    files = (file for file in resources.files(__name__).iterdir() if file.name.endswith(".toml"))
    named = sorted((file.name.removesuffix(".toml"), file.read_text("utf-8")) for file in files)
    return tuple((slug, _read(slug, text)) for slug, text in named)


def cast_picture(slug: str) -> bytes | None:
    """The canonical picture of one of the cast as PNG, or None while it is not rendered."""
    picture = resources.files(__name__) / f"{slug}.png"
    return picture.read_bytes() if slug.isidentifier() and picture.is_file() else None


def _read(slug: str, text: str) -> Persona:
    sheet = Sheet(tomllib.loads(text), f"cast/{slug}.toml")
    persona = read_persona(sheet)
    sheet.finish()
    return persona
