"""From a request and its conversation to a `Shot`: the person's words, then the talk, then what a model imagined, the
clock, defaults.

Called by `engine/selfie.py`. Pure: no clock, no store, no chance. It never describes the face.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zlib import crc32

from characters.character import Expression, Outfit, Persona
from engine.images.pipelines.illustrator.places.book import Place, places
from engine.images.pipelines.illustrator.places.naming import find_place
from engine.images.shot.dress import chosen, dress
from engine.images.shot.reading import Reading, flatten, foreign, read
from engine.images.shot.scene import NOTHING, Imagined
from engine.images.shot.talk import Talk, overhear
from engine.types import Framing, Message, Shot, TimeOfDay

# Words of the request that are kept with the picture.
REQUEST_LENGTH = 500  # characters

_ACCESSORY = re.compile(r"\b(hat|cap|beanie|scarf|gloves|boots|tie|bow tie|heels|sneakers|sandals|apron)\b")
_WHOLE = re.compile(
    r"\b(\w*dress|gown|suit|shirt|jacket|coat|sweater|hoodie|top|blouse|jeans|trousers|pants|skirt|robe|turtleneck)\b"
)

# Until which hour each time of day lasts, by the clock on the wall.
_HOURS = (
    (5, TimeOfDay.NIGHT),
    (7, TimeOfDay.DAWN),
    (11, TimeOfDay.MORNING),
    (17, TimeOfDay.DAY),
    (19, TimeOfDay.GOLDEN_HOUR),
    (21, TimeOfDay.DUSK),
    (24, TimeOfDay.NIGHT),
)
# Where one may well be at that time, if nothing says otherwise.
_HAUNTS = {
    TimeOfDay.DAWN: ("kitchen", "park", "lake"),
    TimeOfDay.MORNING: ("café", "kitchen", "bakery", "park"),
    TimeOfDay.DAY: ("café", "park", "bookshop", "city street", "garden", "market"),
    TimeOfDay.GOLDEN_HOUR: ("rooftop", "park", "lake", "harbour"),
    TimeOfDay.DUSK: ("living room", "rooftop", "restaurant", "city street"),
    TimeOfDay.NIGHT: ("living room", "jazz bar", "rooftop", "bedroom"),
}


def plan_shot(
    request: str,
    *,
    persona: Persona,
    recent: Sequence[Message],
    now: datetime,
    last: Shot | None,
    imagined: Imagined = NOTHING,
) -> Shot:
    """The shot that a request means in its conversation. `now` is the person's own clock.

    What the words and the talk leave open is as a model `imagined` it.
    """
    asked = read(request, names=(persona.name,))
    talk = overhear(recent)
    before = (
        last
        if last and (asked.keeps or not (asked.place or asked.unknown_place)) and flatten(request)
        else None
    )
    if before and asked.keeps:
        imagined = NOTHING
    if asked.unknown_place and imagined.place and foreign(request):
        # The places are named in English: what the rules could not read, the model has translated.
        asked = replace(asked, place=imagined.place, unknown_place="")
    place = _place(asked, talk, persona, now, before, imagined)
    known = find_place(place) if place else None
    time = _time(asked, talk, known, before, imagined, now)
    doing = asked.action
    kind = doing.dress if doing and doing.dress else known.dress if known else ""
    return Shot(
        request=request[:REQUEST_LENGTH].strip(),
        place=place,
        time_of_day=time,
        weather=asked.weather or (before.weather if before else talk.weather) or imagined.weather,
        light=asked.light or (before.light if before and not asked.time else "") or imagined.light,
        expression=_expression(asked, talk, before, imagined),
        framing=asked.framing
        or (before.framing if before and asked.keeps else imagined.framing or Framing.MEDIUM),
        outfit=_outfit(asked, talk, persona, before, last)
        or (dress(persona, kind, time) if kind or before else imagined.outfit),
        action=doing.name if doing else before.action if before and asked.keeps else imagined.action,
        props=doing.props if doing else before.props if before and asked.keeps else imagined.props,
    )


def _place(
    asked: Reading, talk: Talk, persona: Persona, now: datetime, before: Shot | None, imagined: Imagined
) -> str:
    """The first of: asked for, the same again, where the action happens, what was said, imagined, a natural one."""
    if asked.place or asked.unknown_place:
        return asked.place or asked.unknown_place
    if before and asked.keeps:
        return before.place
    if asked.action and asked.action.place:
        return asked.action.place
    said = talk.place or (before.place if before else "")
    return said or imagined.place or _haunt(persona, asked, now)


def _haunt(persona: Persona, asked: Reading, now: datetime) -> str:
    """A natural place for the character at that time; another one on another day; in weather, outdoors."""
    time = asked.time or _by_clock(now)
    own = [find_place(tag) for tag in (*persona.tags, persona.archetype)]
    own.append(_spoken_of(persona))
    candidates = [place.name for place in own if place and place.time in (None, time)]
    candidates.extend(_HAUNTS[time])
    if asked.weather:
        candidates = [name for name in (*candidates, "city street") if not places()[name].inside]
    pick = crc32(f"{persona.name}:{now.date().isoformat()}:{time}".encode()) % len(candidates)
    return candidates[pick]


def _spoken_of(persona: Persona) -> Place | None:
    name = read(f"{persona.tagline}. {persona.backstory}", names=(persona.name,)).place
    return places().get(name)


def _by_clock(now: datetime) -> TimeOfDay:
    return next(time for until, time in _HOURS if now.hour < until)


def _time(
    asked: Reading, talk: Talk, known: Place | None, before: Shot | None, imagined: Imagined, now: datetime
) -> TimeOfDay:
    if asked.time:
        return asked.time
    if before and before.time_of_day:
        return before.time_of_day
    if asked.action and asked.action.time:
        return asked.action.time
    return (known.time if known else None) or talk.time or imagined.time or _by_clock(now)


def _expression(asked: Reading, talk: Talk, before: Shot | None, imagined: Imagined) -> Expression:
    if asked.expression:
        return asked.expression
    if asked.action and asked.action.expression:
        return asked.action.expression
    if before and asked.keeps:
        return before.expression
    return talk.mood or imagined.expression or Expression.HAPPY


def _outfit(
    asked: Reading, talk: Talk, persona: Persona, before: Shot | None, last: Shot | None
) -> Outfit | None:
    """Named clothes; an accessory alone goes with the character's own outfit."""
    if asked.outfit:
        return _worn(asked.outfit, persona)
    if asked.same_outfit and last:
        return last.outfit
    if before:
        if before.outfit and asked.action and asked.action.dress and asked.action.dress != before.outfit.name:
            return chosen(persona, asked.action.dress)
        return before.outfit
    return _worn(talk.outfit, persona) if talk.outfit else None


def _worn(words: str, persona: Persona) -> Outfit:
    own = persona.appearance.outfit.description
    if own and _ACCESSORY.search(words) and not _WHOLE.search(words):
        return Outfit(name=words, description=f"{own}, {words}")
    return Outfit(name=words, description=words)
