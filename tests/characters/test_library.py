"""The reference library is built in its order, and nothing jumps ahead."""

from __future__ import annotations

import pytest

from characters.character import Expression, References
from characters.library import (
    ANGLES,
    EXPRESSIONS,
    HEADSHOT,
    OUTFITS,
    Shelf,
    ShelfOrderError,
    Slot,
    all_missing,
    fill,
    is_ready_for_scenes,
    next_slots,
)


def build(references: References, shelves: int, **named: tuple[str, ...]) -> References:
    """The library after so many shelves have been completed, one picture at a time."""
    for _ in range(shelves):
        for slot in next_slots(references, **named):
            references = fill(references, slot, f"media-{slot.shelf}-{slot.name}")
    return references


def test_the_headshot_comes_first() -> None:
    assert next_slots(References()) == (HEADSHOT,)


def test_the_order_is_headshot_angles_outfits_expressions_places_props() -> None:
    missing = all_missing(References(), locations=("jazz bar",), props=("saxophone",))
    shelves = [slot.shelf for slot in missing]
    assert list(dict.fromkeys(shelves)) == list(Shelf)
    assert 3 <= shelves.count(Shelf.ANGLES) <= 5
    assert 2 <= shelves.count(Shelf.OUTFITS) <= 3
    assert {slot.name for slot in missing if slot.shelf is Shelf.EXPRESSIONS} == set(EXPRESSIONS)


def test_each_shelf_follows_once_the_former_is_complete() -> None:
    assert [slot.name for slot in next_slots(build(References(), 1))] == list(ANGLES)
    assert [slot.name for slot in next_slots(build(References(), 2))] == list(OUTFITS)
    assert [slot.name for slot in next_slots(build(References(), 3))] == list(EXPRESSIONS)
    assert next_slots(build(References(), 4)) == ()


def test_a_half_built_shelf_goes_on_where_it_stopped() -> None:
    references = References(headshot="h", angles=("a",))
    assert [slot.name for slot in next_slots(references)] == list(ANGLES[1:])
    smiling = References(
        headshot="h", angles=("a", "b", "c"), outfits=("d", "e"), expressions=((Expression.HAPPY, "x"),)
    )
    assert Slot(Shelf.EXPRESSIONS, Expression.HAPPY) not in next_slots(smiling)


def test_scenes_wait_for_the_face() -> None:
    assert not is_ready_for_scenes(build(References(), 3))
    assert is_ready_for_scenes(build(References(), 4))


def test_places_and_props_are_remembered_by_name() -> None:
    named = {"locations": ("jazz bar", "kitchen"), "props": ("saxophone",)}
    full = build(References(), 6, **named)
    assert dict(full.locations) == {
        "jazz bar": "media-locations-jazz bar",
        "kitchen": "media-locations-kitchen",
    }
    assert next_slots(full, **named) == ()
    assert next_slots(full, locations=("beach",)) == (Slot(Shelf.LOCATIONS, "beach"),)


def test_a_picture_can_be_made_again() -> None:
    full = build(References(), 4)
    again = fill(full, Slot(Shelf.EXPRESSIONS, Expression.SAD), "new")
    assert dict(again.expressions)[Expression.SAD] == "new"
    assert len(again.expressions) == len(full.expressions)


def test_nothing_jumps_ahead() -> None:
    with pytest.raises(ShelfOrderError, match="“jazz bar” is made from pictures that are still missing"):
        fill(References(headshot="h"), Slot(Shelf.LOCATIONS, "jazz bar"), "media")
