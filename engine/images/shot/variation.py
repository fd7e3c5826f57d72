"""One element of a picture changed: "outfit", "light", or nothing but the chance ("again"). Called by `engine/selfie.py`."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from characters.character import Outfit, Persona
from engine.errors import InputError
from engine.images.pipelines.illustrator.places.naming import find_place
from engine.images.shot.vocabulary import vocabulary
from engine.types import Shot, TimeOfDay

# Hours that look unlike each other come first.
_OTHER_LIGHT = {
    TimeOfDay.DAY: (TimeOfDay.GOLDEN_HOUR, TimeOfDay.NIGHT, TimeOfDay.DUSK, TimeOfDay.DAWN),
    TimeOfDay.MORNING: (TimeOfDay.GOLDEN_HOUR, TimeOfDay.NIGHT, TimeOfDay.DUSK),
    TimeOfDay.GOLDEN_HOUR: (TimeOfDay.NIGHT, TimeOfDay.DAY, TimeOfDay.DAWN, TimeOfDay.DUSK),
    TimeOfDay.DUSK: (TimeOfDay.DAY, TimeOfDay.MORNING, TimeOfDay.GOLDEN_HOUR),
    TimeOfDay.DAWN: (TimeOfDay.NIGHT, TimeOfDay.DAY, TimeOfDay.GOLDEN_HOUR),
    TimeOfDay.NIGHT: (TimeOfDay.GOLDEN_HOUR, TimeOfDay.DAY, TimeOfDay.DAWN),
}

# Lamps that change a room so that anyone sees it; names of `scene.py`.
_LAMPS = ("candlelight", "neon", "moonlight", "spotlight")


def vary_shot(last: Shot, what: str, *, persona: Persona, seed: int) -> Shot:
    """The shot with exactly one element changed. Raises InputError for an unknown `what`."""
    if what == "again":
        return last
    if what == "outfit":
        return replace(last, outfit=_other_outfit(last, persona, seed))
    if what == "light":
        return _other_light(last, seed)
    raise InputError(f"A picture can change its outfit or its light, or be made again; not its {what[:40]}.")


def _other_outfit(last: Shot, persona: Persona, seed: int) -> Outfit:
    known = find_place(last.place) if last.place else None
    kind = known.dress if known and known.dress in ("beach", "gym", "snow", "bed") else ""
    wardrobe = vocabulary().wardrobe
    smart = known is not None and known.name in ("restaurant", "theatre", "jazz bar", "concert")
    clothes = (
        wardrobe[kind] if kind else (*wardrobe["smart"], *wardrobe["new"][:3]) if smart else wardrobe["new"]
    )
    worn = last.outfit or persona.appearance.outfit
    others = [
        each for each in clothes if each not in (worn.description, persona.appearance.outfit.description)
    ]
    return Outfit(name=kind or "new", description=Random(seed).choice(others))


def _other_light(last: Shot, seed: int) -> Shot:
    """Outdoors another hour; in a room, where the hour changes little, other lamps."""
    known = find_place(last.place) if last.place else None
    if known is None or not known.inside:
        return replace(last, time_of_day=_other_time(last, seed))
    lamps = [light for light in _LAMPS if light != last.light]
    return replace(last, light=Random(seed).choice(lamps))


def _other_time(last: Shot, seed: int) -> TimeOfDay:
    known = find_place(last.place) if last.place else None
    now = last.time_of_day or (known.time if known else None) or TimeOfDay.DAY
    return Random(seed).choice(_OTHER_LIGHT[now])
