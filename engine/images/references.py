"""Which of a character's pictures a shot is made from: `studio/plan.py` calls `chosen`.

The canonical headshot always comes first. Then whatever else fits the shot, as far as the model takes several: what the
picture would most visibly miss is kept, and all of them are stacked in the order of their roles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.images.pipelines.illustrator.places.naming import find_place
from engine.images.pipelines.port import Reference
from engine.images.shot.reading import flatten
from engine.types import Framing, ReferenceRole, Shot

_ORDER = tuple(ReferenceRole)
# What matters most beside the face, where not all of it can be shown: "the jazz bar" is the same jazz bar on Friday.
_WEIGHT = (
    ReferenceRole.HEADSHOT,
    ReferenceRole.LOCATION,
    ReferenceRole.OUTFIT,
    ReferenceRole.PROP,
    ReferenceRole.EXPRESSION,
    ReferenceRole.ANGLE,
)
# Words of a shot that show the face from a side which a reference has, too.
_ANGLES = (
    (re.compile(r"\b(profile|side view|from the side|sideways)\b"), "profile"),
    (re.compile(r"\b(look\w* up|gaz\w* up|stargaz\w*|at the sky|at the stars)\b"), "tilted up"),
)
_THREE_QUARTER = "three-quarter"


def chosen(
    shot: Shot, own: Sequence[Reference], limit: int, roles: Sequence[ReferenceRole]
) -> tuple[Reference, ...]:
    """At most `limit` references of these roles, the headshot first. () without a headshot: nothing fixes the face.

    Scenery takes its place or its thing alone, and no person.
    """
    usable = [each for each in own if each.role in roles]
    fitting = [found for role in _WEIGHT if (found := _fits(role, shot, usable))]
    if shot.scenery:
        fitting = [each for each in fitting if each.role in (ReferenceRole.LOCATION, ReferenceRole.PROP)]
    elif not any(each.role is ReferenceRole.HEADSHOT for each in fitting):
        return ()
    return tuple(sorted(fitting[:limit], key=lambda each: _ORDER.index(each.role)))


def _fits(role: ReferenceRole, shot: Shot, own: Sequence[Reference]) -> Reference | None:
    """The reference of a role that fits the shot, if there is one."""
    mine = [each for each in own if each.role is role]
    match role:
        case ReferenceRole.HEADSHOT:
            return mine[0] if mine else None
        case ReferenceRole.ANGLE:
            return _called(mine, _angle(shot))
        case ReferenceRole.EXPRESSION:
            return _called(mine, shot.expression.value)
        case ReferenceRole.OUTFIT:
            return _outfit(mine, shot)
        case ReferenceRole.LOCATION:
            return _location(mine, shot.place)
        case ReferenceRole.PROP:
            return next((each for prop in shot.props if (each := _called(mine, prop))), None)


def _called(references: Sequence[Reference], name: str) -> Reference | None:
    """The reference of that name, whatever its case and accents."""
    wanted = flatten(name)
    return next((each for each in references if wanted and flatten(each.name) == wanted), None)


def _angle(shot: Shot) -> str:
    said = flatten(f"{shot.action} {shot.request}")
    named = next((angle for pattern, angle in _ANGLES if pattern.search(said)), "")
    # In a close-up the headshot shows all there is; from further away a second side of the head helps.
    return named or ("" if shot.framing is Framing.CLOSE_UP else _THREE_QUARTER)


def _outfit(mine: Sequence[Reference], shot: Shot) -> Reference | None:
    """The outfit by its name or its words. The character's own is in the headshot already."""
    if shot.outfit is None:
        return None
    return _called(mine, shot.outfit.name) or _called(mine, shot.outfit.description)


def _location(mine: Sequence[Reference], place: str) -> Reference | None:
    """The place by its name, or by another name of the same known place."""
    if not place.strip():
        return None
    known = find_place(place)
    named = (each for each in mine if known and (other := find_place(each.name)) and other.name == known.name)
    return _called(mine, place) or next(named, None)
