"""The book of places: what `places.toml` says of each. Read by `naming.py`, `scene.py` and the shot planner."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from engine.types import TimeOfDay, Weather

from .colour import checked


@dataclass(frozen=True, slots=True)
class Lighting:
    """How a place is lit at one end of the day: the tint of everything, and the light on the figure."""

    tint: str = "#fff4e6"
    strength: float = 0.15
    lamps: float = 0.0
    key: str = "#fff2dc"
    key_from: str = "left"
    key_strength: float = 0.28
    rim: str = ""
    rim_strength: float = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """One known place. Outdoor places take their light from the sky alone; rooms have a day and a night."""

    name: str
    art: str
    words: tuple[str, ...]
    caption: str
    inside: bool = False
    time: TimeOfDay | None = None  # the hour it is usually seen at, None: whatever the clock says
    weather: Weather = Weather.CLEAR
    horizon: float = 560.0
    ground: float = 930.0
    dress: str = ""  # a kind of clothes without which one would look absurd: "beach", "gym", …
    glow: str = ""  # light of lamps outdoors at night, as the figure's key: "#ffb060"
    day: Lighting = field(default_factory=Lighting)
    night: Lighting = field(default_factory=Lighting)


_DAY: dict[str, object] = {
    "tint": "#fff4e6",
    "strength": 0.12,
    "lamps": 0.12,
    "key": "#fff2dc",
    "key_strength": 0.28,
}
_NIGHT: dict[str, object] = {
    "tint": "#a8786c",
    "strength": 0.85,
    "lamps": 1.0,
    "key": "#ffc880",
    "key_strength": 0.45,
    "rim": "#ffd9a0",
    "rim_strength": 0.3,
}


# A file's name is its place's, without what some file systems and archives spoil.
_FILE_NAMES = str.maketrans({" ": "-", "'": "", "é": "e"})


@cache
def places() -> Mapping[str, Place]:
    """All known places by name, in the order of the file."""
    table = tomllib.loads(files(__package__).joinpath("places.toml").read_text("utf-8"))
    return {name: _place(name, row) for name, row in table.items()}


def _place(name: str, row: dict[str, object]) -> Place:
    own = dict(row)
    words = own.pop("words")
    assert isinstance(words, list)
    day, night = own.pop("day", {}), own.pop("night", {})
    assert isinstance(day, dict)
    assert isinstance(night, dict)
    if time := own.pop("time", None):
        own["time"] = TimeOfDay(str(time))
    if weather := own.pop("weather", None):
        own["weather"] = Weather(str(weather))
    if own.get("glow"):
        checked(str(own["glow"]))
    return Place(
        name=name,
        art=name.translate(_FILE_NAMES) + ".svg",
        words=(name, *map(str, words)),
        day=_lighting({**_DAY, **day}),
        night=_lighting({**_NIGHT, **night}),
        **own,  # type: ignore[arg-type]  # the file is ours, and a test reads all of it
    )


def _lighting(row: dict[str, object]) -> Lighting:
    for name in ("tint", "key"):
        checked(str(row[name]))
    return Lighting(**row)  # type: ignore[arg-type]  # as above
