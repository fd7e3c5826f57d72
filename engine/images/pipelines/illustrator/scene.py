"""The stage: from a shot's words to a lit place. `compose.py` calls `stage` and puts the figure between back and front.

Nothing of the words enters the SVG: they choose among places, hours and parts.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace

from characters.character import StyleRegister
from engine.images.pipelines.illustrator.light import Light, Scene
from engine.images.pipelines.illustrator.places.air import Air, air
from engine.images.pipelines.illustrator.places.book import Lighting, Place, places
from engine.images.pipelines.illustrator.places.brush import Brush, RoomLight
from engine.images.pipelines.illustrator.places.catalog import PARTS, artwork
from engine.images.pipelines.illustrator.places.colour import darker, mix
from engine.images.pipelines.illustrator.places.invent import invent
from engine.images.pipelines.illustrator.places.naming import find_place
from engine.images.pipelines.illustrator.places.parts_nature import falling
from engine.types import Shot, TimeOfDay, Weather

_GROUP = "{http://www.w3.org/2000/svg}g"
_DEFS = "{http://www.w3.org/2000/svg}defs"


def known_places() -> Sequence[str]:
    """The names of all places that are drawn by hand."""
    return tuple(places())


# How saturated each style's places are: photographs are quieter than drawings.
_VIVID = {
    StyleRegister.PHOTOREAL: 0.86,
    StyleRegister.PAINTERLY: 0.97,
    StyleRegister.ANIME: 1.14,
    StyleRegister.THREE_D: 1.06,
    StyleRegister.HYBRID: 1.0,
}


def stage(shot: Shot, *, seed: int, style: StyleRegister) -> Scene:
    """The place of a shot at its hour and in its weather, ready for the figure."""
    place = find_place(shot.place) if shot.place.strip() else places()["studio"]
    if place is None:
        return _staged(*invent(shot.place), shot, seed, _VIVID[style])
    return _staged(place, artwork(place.art), shot, seed, _VIVID[style])


def _staged(place: Place, art: ET.Element, shot: Shot, seed: int, vivid: float) -> Scene:
    time = shot.time_of_day or place.time or TimeOfDay.DAY
    now = air(time, shot.weather or place.weather)
    if place.glow:
        now = replace(now, tint=mix(now.tint, place.glow, 0.28 * now.night))
    room = _room(place, now) if place.inside else None
    light = _worded(_room_light(place, now) if room else _sky_light(place, now), shot.light)
    brush = Brush(place.name, now, room, seed, PARTS, vivid)
    layers = {child.attrib.get("id", ""): child for child in art}
    for defs in art.findall(_DEFS):
        brush.defs.append(brush.draw(defs))
    back, front = brush.draw(layers["back"]), brush.draw(layers["front"])
    if not room:
        back, front = back + falling(brush, "back"), falling(brush, "front") + front
    back += _finish(brush, place)
    return Scene(
        name=place.name,
        defs="".join(brush.defs),
        back=back,
        front=front,
        light=light,
        horizon=place.horizon,
        ground=place.ground,
        caption=_caption(place, time, shot.weather),
    )


def _room(place: Place, now: Air) -> RoomLight:
    day, night, share = place.day, place.night, now.night
    outside = mix("#ffffff", now.low, 0.35)
    tint = mix(mix(day.tint, outside, 0.25), night.tint, share)
    strength = day.strength + (night.strength - day.strength) * share
    return RoomLight(tint, strength, day.lamps + (night.lamps - day.lamps) * share)


# Faces must stay readable: the figure takes only this share of the set's tint.
_ON_FIGURE = 0.62


def _room_light(place: Place, now: Air) -> Light:
    day, night, share = place.day, place.night, now.night
    main: Lighting = night if share >= 0.5 else day
    room = _room(place, now)
    key = mix(day.key, night.key, share)
    return Light(
        ambient=room.tint,
        ambient_strength=room.strength * _ON_FIGURE,
        key=key if share else mix(key, now.key, 0.3),
        key_from=main.key_from,
        key_strength=day.key_strength + (night.key_strength - day.key_strength) * share,
        rim=main.rim,
        rim_strength=main.rim_strength,
        shadow=darker(room.tint, 0.75),
        shadow_strength=0.25 + 0.12 * share,
    )


def _sky_light(place: Place, now: Air) -> Light:
    lamps = place.glow if now.night > 0.6 else ""
    return Light(
        ambient=now.tint,
        ambient_strength=now.strength * _ON_FIGURE,
        key=lamps or now.key,
        key_from=now.key_from,
        key_strength=max(now.key_strength, 0.42) if lamps else now.key_strength,
        rim=lamps or now.rim,
        rim_strength=max(now.rim_strength, 0.5) if lamps else now.rim_strength,
        shadow=darker(now.tint, 0.75),
        shadow_strength=0.14 if now.grey else 0.28,
    )


# Light that was asked for in words: the key, its strength, and the rim.
_WORDED = {
    "candlelight": ("#ffb060", 0.5, "#ffc880"),
    "firelight": ("#ff9440", 0.55, "#ffb060"),
    "neon": ("#ff5aa8", 0.5, "#4ad8ff"),
    "moonlight": ("#b0c0ff", 0.4, "#c0d0ff"),
    "backlight": ("#fff0d0", 0.15, "#fff0c0"),
    "spotlight": ("#fff4d8", 0.6, "#ffe0a0"),
    "lamplight": ("#ffc880", 0.45, "#ffd9a0"),
    "softlight": ("#fff4e6", 0.22, ""),
}


def _worded(light: Light, words: str) -> Light:
    """The place's light with that of the shot's words on the figure."""
    if words not in _WORDED:
        return light
    key, strength, rim = _WORDED[words]
    rim_strength = 0.9 if words == "backlight" else max(light.rim_strength, 0.5)
    return replace(
        light,
        key=key,
        key_strength=strength,
        rim=rim or light.rim,
        rim_strength=rim_strength if rim else light.rim_strength,
    )


def _finish(brush: Brush, place: Place) -> str:
    """Darker corners, and a breath of light behind the figure, so that it stands out."""
    air_now = brush.air
    light = brush.shade("#fff2dc") if place.inside else mix(air_now.low, "#ffffff", 0.2)
    pool = brush.glow(512, 400, 340, light, 0.2)
    edge = "#140c18"
    corners = brush.radial((0.55, edge, 0), (1, edge, 0.34 + 0.12 * air_now.night))
    # A ring, not a disc: the clear middle would cost as much as the corners.
    ring = "M-266 512a778 778 0 1 0 1556 0a778 778 0 1 0 -1556 0zM84 512a428 428 0 1 0 856 0a428 428 0 1 0 -856 0z"
    return f'{pool}<path d="{ring}" fill-rule="evenodd" fill="{corners}"/>'


def _caption(place: Place, time: TimeOfDay, weather: Weather | None) -> str:
    when = {TimeOfDay.DAY: "by day", TimeOfDay.NIGHT: "at night"}.get(time, f"at {time.value}")
    if time is TimeOfDay.MORNING:
        when = "in the morning"
    sky = {
        Weather.RAIN: ", in the rain",
        Weather.SNOW: ", in the snow",
        Weather.FOG: ", in fog",
        Weather.STORM: ", in a storm",
    }
    return f"{place.caption}, {when}{sky.get(weather, '') if weather else ''}"
