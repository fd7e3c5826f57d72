"""`/link` and `/unlink` as two people type them who are one, through the router."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Catalog, Chat, Confirm, Inbound, Memories, Origin, Outbound, Text, Tone
from tests.bot.conftest import Guest


async def account(guest: Guest, surface: str, name: str) -> Guest:
    """Somebody's private chat on a messenger; as surfaces do, the person is asked for with each event."""
    person = await guest.house.engine.people.ensure(surface, name, name)
    return replace(guest, origin=Origin(surface, person.id, channel=f"chat-{name}"))


def words(shown: Sequence[Outbound]) -> str:
    return "\n".join(one.text for one in shown if isinstance(one, Text))


def code_in(shown: Sequence[Outbound]) -> str:
    found = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", words(shown))
    assert found, shown
    return found[0]


async def join(guest: Guest, code: str) -> str:
    """Type a code, and say yes to the question whose it is."""
    (question,) = await guest.say(f"/link {code}")
    assert isinstance(question, Confirm), question
    return words(await guest.call(question.confirm.call.name, **question.confirm.call.options))


async def test_whose_code_it_is_is_asked_before_anything_is_shared(guest: Guest) -> None:
    mallory = await account(guest, "discord", "Mallory")
    code = code_in(await mallory.call("link"))
    ana = await account(guest, "telegram", "Ana")
    (question,) = await ana.say(f"/link {code}")
    assert isinstance(question, Confirm) and "Discord (Mallory)" in question.question
    assert len(await guest.house.engine.links.accounts(ana.origin.person_id)) == 1
    assert "are linked" in words(await ana.call("link", **question.confirm.call.options))


async def test_a_code_joins_the_page_and_a_messenger(guest: Guest) -> None:
    ana = await account(guest, "discord", "Ana")
    (chat,) = await ana.call("talk", character="noor")
    assert isinstance(chat, Chat)
    await ana.say("My dog is called Biscuit.")
    offered = await ana.call("link")
    assert "Servers keep their own memories." in words(offered) and "ten minutes" in words(offered)
    joined = await join(guest, code_in(offered))
    assert "the page and Discord (Ana) are linked" in joined
    (memories,) = await guest.call("memory", character="noor")
    assert isinstance(memories, Memories) and "Biscuit" in str(memories.topics)
    (again,) = await guest.call("talk", character="noor")
    assert isinstance(again, Chat) and again.conversation_id == chat.conversation_id
    assert not any("/link" in line.text for line in again.messages)
    linked = await account(guest, "discord", "Ana")
    assert linked.origin.person_id == guest.origin.person_id


async def test_in_a_channel_no_code_is_shown(guest: Guest) -> None:
    ana = await account(guest, "telegram", "Ana")
    ana.origin = replace(ana.origin, place="telegram:chat:5")
    for name in ("link", "unlink"):
        (refused,) = await ana.call(name)
        assert refused == Text(f"Use /{name} in a private chat with me.", Tone.ERROR)


async def test_a_wrong_code_says_what_to_do(guest: Guest) -> None:
    (said,) = await guest.call("link", code="AAAA-AAAA")
    assert isinstance(said, Text) and said.tone is Tone.ERROR and "Send /link without a code" in said.text
    (own,) = await guest.call("link", code=code_in(await guest.call("link")))
    assert isinstance(own, Text) and "your own code" in own.text


async def test_unlinking_asks_and_then_separates(guest: Guest) -> None:
    ana = await account(guest, "discord", "Ana")
    await ana.call("talk", character="noor")
    await ana.say("My dog is called Biscuit.")
    await join(guest, code_in(await ana.call("link")))
    linked = await account(guest, "discord", "Ana")
    (asked,) = await linked.call("unlink")
    assert isinstance(asked, Confirm) and "Discord (Ana) from the page" in asked.question
    assert "goes back" in asked.question and "stays with the page" in asked.question
    call = asked.confirm.call
    done = await linked.house.router.ask(Inbound(linked.origin, "yes", call=call))
    assert "separate again" in words(done) and "went back" in words(done)
    alone = await account(guest, "discord", "Ana")
    assert alone.origin.person_id == ana.origin.person_id != guest.origin.person_id
    for one, knows in ((alone, True), (guest, False)):
        (memories,) = await one.call("memory", character="noor")
        assert isinstance(memories, Memories) and ("Biscuit" in str(memories.topics)) is knows
    again = await linked.house.router.ask(Inbound(linked.origin, "again", call=call))
    assert "not linked any more" in words(again)
    (nothing,) = await alone.call("unlink")
    assert isinstance(nothing, Text) and "Nothing is linked" in nothing.text


async def test_with_several_accounts_each_can_leave(guest: Guest) -> None:
    for surface in ("discord", "telegram"):
        one = await account(guest, surface, "Ana")
        await join(guest, code_in(await one.call("link")))
    asked = await guest.call("unlink")
    assert [one.confirm.label for one in asked if isinstance(one, Confirm)] == [
        "Unlink Discord (Ana)",
        "Unlink Telegram (Ana)",
    ]
    here = await account(guest, "telegram", "Ana")
    (mine,) = await here.call("unlink")
    assert isinstance(mine, Confirm) and mine.confirm.label == "Unlink Telegram (Ana)"


async def test_nobody_unlinks_somebody_else(guest: Guest) -> None:
    ana, bea = await account(guest, "discord", "Ana"), await account(guest, "discord", "Bea")
    await join(guest, code_in(await ana.call("link")))
    shown = await bea.call("unlink", account=ana.origin.person_id, confirm=True)
    assert "not linked any more" in words(shown)
    assert (await account(guest, "discord", "Ana")).origin.person_id == guest.origin.person_id


async def test_characters_of_both_are_there_for_both(guest: Guest) -> None:
    ana = await account(guest, "discord", "Ana")
    record = (await guest.house.engine.characters.catalog(ana.origin.person_id))[0][0]
    own = await guest.house.engine.characters.create(
        ana.origin.person_id, replace(record.persona, name="Zelda")
    )
    await join(guest, code_in(await ana.call("link")))
    (catalog,) = await guest.call("characters", query="zelda")
    assert isinstance(catalog, Catalog) and [card.id for card in catalog.characters] == [own.id]
