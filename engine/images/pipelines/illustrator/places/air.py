"""What hour and weather make of sky and light. `scene.py` asks for an `Air`; the brush and the parts read it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from engine.types import TimeOfDay, Weather

from .colour import checked, greyed, mix, tinted


@dataclass(frozen=True, slots=True)
class Air:
    """The sky's colours, and the light under it. `night` 0..1 says how much the lamps are on."""

    time: TimeOfDay
    weather: Weather
    top: str
    mid: str
    low: str
    haze: str
    tint: str
    strength: float
    key: str
    key_from: str
    key_strength: float
    rim: str
    rim_strength: float
    sun: str
    sun_at: tuple[float, float]
    night: float
    grey: float = 0.0  # saturation taken away by the weather
    murk: float = 0.0  # how much nearer the haze comes


@dataclass(frozen=True, slots=True)
class _Turn:
    """What a weather does to a clear hour."""

    veil: str = "#ffffff"  # what the sky turns towards
    share: float = 0.0
    grey: float = 0.0
    dim: float = 0.0  # extra darkness of the tint
    murk: float = 0.0
    sun: bool = True


_TURNS = {
    Weather.CLEAR: _Turn(),
    Weather.CLOUDY: _Turn("#b9c2cc", 0.55, 0.25, 0.05, 0.1, sun=False),
    Weather.RAIN: _Turn("#7d8c9c", 0.65, 0.35, 0.16, 0.25, sun=False),
    Weather.SNOW: _Turn("#dfe6ee", 0.6, 0.25, 0.0, 0.25, sun=False),
    Weather.FOG: _Turn("#d5d9da", 0.75, 0.4, 0.02, 0.55, sun=False),
    Weather.STORM: _Turn("#4c5665", 0.75, 0.4, 0.3, 0.25, sun=False),
}


@cache
def _hours() -> dict[TimeOfDay, Air]:
    table = tomllib.loads(files(__package__).joinpath("hours.toml").read_text("utf-8"))
    return {time: _hour(time, table[time.value]) for time in TimeOfDay}


def _hour(time: TimeOfDay, row: dict[str, object]) -> Air:
    colours = {name: checked(str(row[name])) for name in ("top", "mid", "low", "haze", "tint", "key")}
    numbers = {name: float(str(row[name])) for name in ("strength", "key_strength", "rim_strength", "night")}
    where = row["sun_at"]
    assert isinstance(where, list)
    return Air(
        time=time,
        weather=Weather.CLEAR,
        top=colours["top"],
        mid=colours["mid"],
        low=colours["low"],
        haze=colours["haze"],
        tint=colours["tint"],
        key=colours["key"],
        key_from=str(row["key_from"]),
        rim=str(row["rim"]),
        sun=str(row["sun"]),
        sun_at=(float(where[0]), float(where[1])),
        strength=numbers["strength"],
        key_strength=numbers["key_strength"],
        rim_strength=numbers["rim_strength"],
        night=numbers["night"],
    )


@cache
def air(time: TimeOfDay, weather: Weather) -> Air:
    """The sky and light of an hour in a weather."""
    clear, turn = _hours()[time], _TURNS[weather]
    veil = tinted(turn.veil, clear.tint, min(1.0, clear.strength * 1.1))
    if clear.night > 0.9:
        veil = mix(veil, "#0c1024", 0.55)
    return replace(
        clear,
        weather=weather,
        top=mix(clear.top, veil, turn.share),
        mid=mix(clear.mid, veil, turn.share),
        low=mix(clear.low, veil, turn.share * 0.85),
        haze=mix(clear.haze, veil, turn.share),
        tint=mix(greyed(clear.tint, turn.grey), "#2a3448", turn.dim),
        strength=min(1.0, clear.strength + turn.dim * 1.6),
        key_strength=clear.key_strength * (1.0 if turn.sun else 0.6),
        rim_strength=clear.rim_strength * (1.0 if turn.sun else 0.5),
        sun=clear.sun if turn.sun else "",
        night=min(1.0, clear.night + (0.3 if turn.dim > 0.1 else 0.0)),
        grey=turn.grey,
        murk=turn.murk,
    )
