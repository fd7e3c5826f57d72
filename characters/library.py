"""The reference library of a character: which pictures it holds, and in which order they are made.

The order matters: each picture is made from those before it, so the face comes first and places last.
`engine.images` asks `next_slots` what to build and stores the picture with `fill`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from characters.character import Expression, References


class Shelf(StrEnum):
    """The parts of the library, in the order in which they are built."""

    HEADSHOT = "headshot"
    ANGLES = "angles"
    OUTFITS = "outfits"
    EXPRESSIONS = "expressions"
    LOCATIONS = "locations"
    PROPS = "props"


@dataclass(frozen=True, slots=True)
class Slot:
    """One picture of the library. `name` says what it shows: "profile", "happy", "jazz bar"."""

    shelf: Shelf
    name: str


# The words are prompts: action and framing, never the face described again.
HEADSHOT = Slot(Shelf.HEADSHOT, "clean light, neutral background, neutral expression")
ANGLES = ("three-quarter", "profile", "tilted up")
# Two more than the default outfit, which the headshot shows.
OUTFITS = ("dressed up", "at home")
EXPRESSIONS = (
    Expression.NEUTRAL,
    Expression.HAPPY,
    Expression.SURPRISED,
    Expression.SAD,
    Expression.FOCUSED,
)


class ShelfOrderError(ValueError):
    """That picture is made from others that are still missing."""


def next_slots(
    references: References, *, locations: Sequence[str] = (), props: Sequence[str] = ()
) -> tuple[Slot, ...]:
    """The empty slots of the first shelf that is not complete; () once the library is.

    Locations and props are those that a character's conversations have named so far.
    """
    by_shelf = _missing(references, locations, props)
    return next((slots for slots in by_shelf if slots), ())


def all_missing(
    references: References, *, locations: Sequence[str] = (), props: Sequence[str] = ()
) -> tuple[Slot, ...]:
    """All empty slots in building order."""
    return tuple(slot for slots in _missing(references, locations, props) for slot in slots)


def is_ready_for_scenes(references: References) -> bool:
    """Whether the face is locked well enough for scenes: headshot, angles, outfits, expressions."""
    return not all_missing(references)


def fill(references: References, slot: Slot, media_id: str) -> References:
    """The library with one more picture. Raises ShelfOrderError if an earlier shelf is still incomplete."""
    earlier = all_missing(references)
    if any(_rank(one) < _rank(slot) for one in earlier):
        raise ShelfOrderError(
            f"“{slot.name}” is made from pictures that are still missing: {earlier[0].name}."
        )
    match slot.shelf:
        case Shelf.HEADSHOT:
            return replace(references, headshot=media_id)
        case Shelf.ANGLES:
            return replace(references, angles=(*references.angles, media_id))
        case Shelf.OUTFITS:
            return replace(references, outfits=(*references.outfits, media_id))
        case Shelf.EXPRESSIONS:
            kept = tuple(pair for pair in references.expressions if pair[0] != slot.name)
            return replace(references, expressions=(*kept, (Expression(slot.name), media_id)))
        case Shelf.LOCATIONS:
            return replace(references, locations=_put(references.locations, slot.name, media_id))
        case Shelf.PROPS:
            return replace(references, props=_put(references.props, slot.name, media_id))


def _missing(
    references: References, locations: Sequence[str], props: Sequence[str]
) -> tuple[tuple[Slot, ...], ...]:
    """The empty slots, shelf by shelf. Angles and outfits are filled in order: their number tells which."""
    faces = {expression for expression, media_id in references.expressions if media_id}
    places = {name for name, media_id in references.locations if media_id}
    things = {name for name, media_id in references.props if media_id}
    return (
        () if references.headshot else (HEADSHOT,),
        tuple(Slot(Shelf.ANGLES, name) for name in ANGLES[len(references.angles) :]),
        tuple(Slot(Shelf.OUTFITS, name) for name in OUTFITS[len(references.outfits) :]),
        tuple(Slot(Shelf.EXPRESSIONS, face) for face in EXPRESSIONS if face not in faces),
        tuple(Slot(Shelf.LOCATIONS, name) for name in locations if name not in places),
        tuple(Slot(Shelf.PROPS, name) for name in props if name not in things),
    )


def _rank(slot: Slot) -> int:
    return tuple(Shelf).index(slot.shelf)


def _put(pairs: tuple[tuple[str, str], ...], name: str, media_id: str) -> tuple[tuple[str, str], ...]:
    return (*(pair for pair in pairs if pair[0] != name), (name, media_id))
