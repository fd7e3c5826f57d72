"""Which references a shot takes: the headshot first, then what fits, as far as there is room."""

from __future__ import annotations

from pathlib import Path

from characters.character import Expression, Outfit
from engine.images.pipelines.port import Reference
from engine.images.references import chosen
from engine.types import Framing, ReferenceRole, Shot

ROLES = tuple(ReferenceRole)


def reference(role: ReferenceRole, name: str) -> Reference:
    return Reference(role, name, f"{role}:{name}", Path(f"{role}-{name}.png"))


HEADSHOT = reference(ReferenceRole.HEADSHOT, "headshot")
LIBRARY = (
    reference(ReferenceRole.PROP, "guitar"),
    reference(ReferenceRole.LOCATION, "beach"),
    reference(ReferenceRole.LOCATION, "jazz bar"),
    reference(ReferenceRole.EXPRESSION, "sad"),
    reference(ReferenceRole.EXPRESSION, "happy"),
    reference(ReferenceRole.OUTFIT, "dressed up"),
    reference(ReferenceRole.ANGLE, "three-quarter"),
    reference(ReferenceRole.ANGLE, "profile"),
    HEADSHOT,
)
FULL = Shot(
    place="jazz club",
    expression=Expression.HAPPY,
    outfit=Outfit("Dressed up", "velvet blazer"),
    action="playing the guitar",
    props=("guitar",),
)


def names(shot: Shot, limit: int = 9, own: tuple[Reference, ...] = LIBRARY) -> list[str]:
    return [each.name for each in chosen(shot, own, limit, ROLES)]


def test_everything_that_fits_is_stacked_in_the_order_of_roles() -> None:
    assert names(FULL) == ["headshot", "three-quarter", "happy", "dressed up", "jazz bar", "guitar"]


def test_with_little_room_the_place_and_the_clothes_come_before_a_second_look_at_the_face() -> None:
    assert names(FULL, 1) == ["headshot"]
    assert names(FULL, 2) == ["headshot", "jazz bar"]
    assert names(FULL, 3) == ["headshot", "dressed up", "jazz bar"]
    assert names(FULL, 4) == ["headshot", "dressed up", "jazz bar", "guitar"]


def test_a_place_by_another_name_is_the_same_place() -> None:
    assert "jazz bar" in names(Shot(place="speakeasy"))
    assert "jazz bar" not in names(Shot(place="library"))


def test_the_own_clothes_are_in_the_headshot_already() -> None:
    assert "dressed up" not in names(Shot(outfit=None))


def test_the_side_that_the_action_shows() -> None:
    assert "profile" in names(Shot(action="in profile"))
    assert "three-quarter" in names(Shot(framing=Framing.WIDE))
    assert names(Shot(framing=Framing.CLOSE_UP)) == ["headshot"]


def test_without_a_headshot_nothing_fixes_the_face() -> None:
    assert names(FULL, own=LIBRARY[:-1]) == []


def test_scenery_shows_the_model_nobody() -> None:
    assert names(Shot(place="jazz bar", props=("guitar",), scenery=True)) == ["jazz bar", "guitar"]
    assert names(Shot(place="library", scenery=True)) == []


def test_roles_that_a_family_cannot_use_are_not_given() -> None:
    found = chosen(FULL, LIBRARY, 9, (ReferenceRole.HEADSHOT, ReferenceRole.EXPRESSION))
    assert [each.name for each in found] == ["headshot", "happy"]
