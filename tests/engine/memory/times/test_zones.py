"""Where on the clock somebody is: what they type, and the machine's own zone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.memory.times.zones import MACHINE, find_zone, like_zones, southern, zone_of

MOMENTS = some.integers(946_684_800, 2_145_916_800).map(lambda second: datetime.fromtimestamp(second, UTC))


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        (" new york ", "America/New_York"),
        ("America/Port-au-Prince", "America/Port-au-Prince"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("UTC", "UTC"),
        ("utc+2", "Etc/GMT-2"),
        ("GMT -5", "Etc/GMT+5"),
        ("+05:00", "Etc/GMT-5"),
        ("utc+0", "UTC"),
        ("utc+15", ""),
        ("utc-13", ""),
        ("Atlantis", ""),
        ("posix/Europe/Berlin", ""),
        ("../../etc/passwd", ""),
        ("", ""),
    ],
)
def test_what_people_type_is_understood(typed: str, zone: str) -> None:
    assert find_zone(typed) == zone
    if zone:
        assert ZoneInfo(zone)


def test_something_near_is_offered() -> None:
    assert like_zones("berl") == ["Europe/Berlin"]
    assert "America/Sao_Paulo" in like_zones("sao")
    assert like_zones("Atlantis") == [] == like_zones("")


def test_a_name_that_is_not_known_is_the_machines() -> None:
    assert zone_of("") is MACHINE is zone_of("Mars/Olympus") is zone_of("../x")
    assert zone_of("Europe/Berlin") == ZoneInfo("Europe/Berlin")


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize("hour", range(0, 24 * 3, 1))
@pytest.mark.parametrize("first", ["2026-03-28", "2026-10-24", "2026-07-01"])
def test_the_machines_zone_is_what_its_clock_shows(first: str, hour: int) -> None:
    """Also in the hours that are skipped or come twice."""
    moment = datetime.fromisoformat(first).replace(tzinfo=UTC).timestamp() + hour * 3600
    there = datetime.fromtimestamp(moment, MACHINE)
    assert there.replace(tzinfo=None) == datetime.fromtimestamp(moment, ZoneInfo("Europe/Berlin")).replace(
        tzinfo=None
    )
    assert there.timestamp() == moment
    assert there.fold == datetime.fromtimestamp(moment, ZoneInfo("Europe/Berlin")).fold


@given(MOMENTS)
def test_a_moment_stays_the_same_on_the_machines_clock(moment: datetime) -> None:
    assert moment.astimezone(MACHINE) == moment


def test_who_lives_in_the_south() -> None:
    assert southern(ZoneInfo("Australia/Sydney")) and southern(ZoneInfo("America/Sao_Paulo"))
    assert not southern(ZoneInfo("Europe/Berlin")) and not southern(UTC) and not southern(MACHINE)
