"""What is worn where nothing is said: the character's own outfit, unless it would be absurd. `planner.py` asks here."""

from __future__ import annotations

import re
from zlib import crc32

from characters.character import Outfit, Persona
from engine.images.shot.vocabulary import vocabulary
from engine.types import TimeOfDay

# Own clothes that will do, by the kind of dress a place or an action calls for.
_FITTING = {
    "beach": r"swim|short|sun ?dress|summer dress|linen|tank|t-?shirt|\btee\b|sandal|beach|aloha|sarong",
    "gym": r"sport|legging|jogger|track|tank|t-?shirt|\btee\b|sweat|hoodie|athletic|\bgi\b|running",
    "snow": r"coat|parka|jacket|ski|wool|fleece|knit|sweater|fur|cloak|puffer|armou?r|anorak",
    "bed": r"pyjama|pajama|night|robe|sweat|jogger",
}
# On a trail almost everything is worn by somebody; these are not.
_ABSURD_ON_TRAILS = r"gown|evening|cocktail|ball|heels|tuxedo|dinner jacket|\bsuit\b|lab coat|apron|ball"


def dress(persona: Persona, kind: str, time: TimeOfDay) -> Outfit | None:
    """Clothes for a kind of place, or None for the character's own."""
    if not kind or (kind == "bed" and time not in (TimeOfDay.NIGHT, TimeOfDay.DAWN, TimeOfDay.MORNING)):
        return None
    own = f"{persona.appearance.outfit.name} {persona.appearance.outfit.description}".lower()
    fits = not re.search(_ABSURD_ON_TRAILS, own) if kind == "hike" else bool(re.search(_FITTING[kind], own))
    return None if fits else chosen(persona, kind)


def chosen(persona: Persona, kind: str) -> Outfit:
    """This character's clothes of a kind: always the same ones."""
    clothes = vocabulary().wardrobe[kind]
    pick = crc32(f"{persona.name}:{persona.appearance.face_seed}:{kind}".encode()) % len(clothes)
    return Outfit(name=kind, description=clothes[pick])
