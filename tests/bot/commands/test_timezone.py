"""`/timezone` as people type it, and as the page says it by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.messages import Outbound, Text, Tone
from tests.bot.conftest import Guest


def words(shown: Sequence[Outbound]) -> str:
    return "\n".join(one.text for one in shown if isinstance(one, Text))


async def zone_of(guest: Guest) -> str:
    return (await guest.house.engine.people.get(guest.origin.person_id)).timezone


async def test_it_is_shown_and_set(guest: Guest) -> None:
    assert "the machine that Selfsame runs on" in words(await guest.call("timezone"))
    assert "Your time zone is Asia/Tokyo" in words(await guest.say("/timezone tokyo"))
    assert await zone_of(guest) == "Asia/Tokyo"
    local = guest.house.engine.clock().astimezone(ZoneInfo("Asia/Tokyo"))
    assert f"it is {local:%A}, {local:%H}" in words(await guest.call("timezone"))
    assert "the machine" in words(await guest.say("/timezone none"))
    assert await zone_of(guest) == ""


async def test_what_is_no_zone_changes_nothing_and_offers_some(guest: Guest) -> None:
    await guest.say("/timezone Europe/Berlin")
    (refused,) = await guest.say("/timezone berl")
    assert isinstance(refused, Text) and refused.tone is Tone.ERROR
    assert "Did you mean Europe/Berlin?" in refused.text
    assert "Try a large city" in words(await guest.say("/timezone Atlantis"))
    assert await zone_of(guest) == "Europe/Berlin"


async def test_what_the_page_says_counts_until_somebody_says_something_else(guest: Guest) -> None:
    await guest.call("timezone", zone="Europe/Lisbon", unasked=True)
    assert await zone_of(guest) == "Europe/Lisbon"
    assert await guest.call("timezone", zone="Asia/Tokyo", unasked=True) == ()
    assert await zone_of(guest) == "Europe/Lisbon"
    await guest.say("/timezone Asia/Tokyo")
    assert await zone_of(guest) == "Asia/Tokyo"


async def test_nobody_is_told_in_a_channel_where_somebody_is(guest: Guest) -> None:
    guest.origin = replace(guest.origin, place="discord:guild:1:channel:2")
    (refused,) = await guest.call("timezone")
    assert refused == Text("Use /timezone in a private chat with me.", Tone.ERROR)


async def test_it_goes_with_everything_else_that_is_theirs(guest: Guest) -> None:
    ana = await guest.another("ana")
    await ana.say("/timezone Asia/Tokyo")
    await ana.call("forget_me", confirm=True)
    again = await guest.another("ana")
    assert await zone_of(again) == ""
