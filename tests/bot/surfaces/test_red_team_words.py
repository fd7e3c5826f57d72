"""What must not be taken for words, and a code that others have seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messages import Catalog, Text, Tone
from tests.bot.commands.test_link import account, code_in, join, words
from tests.bot.conftest import Guest


async def test_a_code_that_was_typed_in_a_group_is_good_for_nothing(guest: Guest) -> None:
    ana, eve = await account(guest, "discord", "Ana"), await account(guest, "telegram", "Eve")
    code = code_in(await ana.call("link"))
    careless = await account(guest, "telegram", "Ana")
    careless.origin = replace(careless.origin, place="telegram:chat:5")
    (said,) = await careless.say(f"/link {code}")
    assert isinstance(said, Text) and said.tone is Tone.ERROR and "good for nothing" in said.text
    assert "This code is not right" in words(await eve.say(f"/link {code}"))
    assert len(await guest.house.engine.links.accounts(ana.origin.person_id)) == 1


async def test_in_a_group_a_code_that_is_none_voids_nothing(guest: Guest) -> None:
    ana = await account(guest, "discord", "Ana")
    code = code_in(await ana.call("link"))
    mallory = await account(guest, "telegram", "Mallory")
    mallory.origin = replace(mallory.origin, place="telegram:chat:5")
    await mallory.say("/link AAAA-AAAA")
    assert "are linked" in await join(guest, code)


@pytest.mark.parametrize("unseen", ["\u200b\u200e\u202e", "\u2060", "\u00ad \u200d"])
async def test_what_nobody_can_see_is_no_message(guest: Guest, unseen: str) -> None:
    await guest.talk()
    (said,) = await guest.say(unseen)
    assert isinstance(said, Text) and "nothing in that message" in said.text


@pytest.mark.parametrize("seen", ["👩‍👩‍👧", "e\u0301", "…", "مرحبا"])
async def test_short_words_of_any_script_are_answered(guest: Guest, seen: str) -> None:
    await guest.talk()
    assert not any(isinstance(one, Text) and one.tone is Tone.ERROR for one in await guest.say(seen))


async def test_the_question_in_a_group_shows_nobody_whom_somebody_made(guest: Guest) -> None:
    ana = await account(guest, "telegram", "Ana")
    engine = guest.house.engine
    noor = await engine.characters.by_slug("noor")
    secret = replace(noor.persona, name="Secret Companion")
    await engine.casting.publish(await engine.drafts.create(ana.origin.person_id, secret, "takes"))
    (private,) = await ana.say("hello")
    assert isinstance(private, Catalog) and "Secret Companion" in str(private)
    ana.origin = replace(ana.origin, place="telegram:chat:5", channel="5")
    (shared,) = await ana.say("hello")
    assert isinstance(shared, Catalog) and shared.characters and "Secret Companion" not in str(shared)
    await ana.call("talk", character="Secret Companion")  # brought here by whoever made it
    bob = await account(guest, "telegram", "Bob")
    bob.origin = replace(ana.origin, person_id=bob.origin.person_id, conversation_id="")
    assert "Secret Companion" in str(await bob.call("start"))
