"""Earlier messages are found by words and by time, within one scope and nowhere else."""

from __future__ import annotations

from datetime import timedelta

from characters.character import Persona
from engine.store.lookup import MOST_HITS, Scope
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, Conversation, Role
from tests.engine.store.conftest import Clock


async def scope_of(store: Store, talk: Conversation) -> Scope:
    return await store.lookup.scope(talk.person_id, talk.character_id, talk.place)


async def texts(store: Store, seqs: set[int]) -> set[str]:
    return {message.text for message in (await store.lookup.messages(seqs)).values()}


async def test_a_scope_knows_its_range_and_who_talks(store: Store, talk: Conversation) -> None:
    assert (await scope_of(store, talk)).messages == 0
    await store.conversations.append(talk.id, Role.PERSON, "The ferry.")
    await store.people.set_timezone(talk.person_id, "Europe/Berlin")
    scope = await scope_of(store, talk)
    assert (scope.messages, scope.character_name, scope.timezone) == (1, "Maya", "Europe/Berlin")
    assert await store.lookup.scope("nobody", talk.character_id, talk.place) == Scope()


async def test_hits_say_which_of_the_words_they_have(store: Store, talk: Conversation) -> None:
    for text in ("The ferry sank.", "Lighthouses and ferries.", "A beacon.", "Nothing."):
        await store.conversations.append(talk.id, Role.PERSON, text)
    hits = await store.lookup.hits(await scope_of(store, talk), [["ferry"], ["lighthouse", "beacon"]])
    found = await store.lookup.messages(hits)
    assert {found[seq].text: mask for seq, mask in hits.items()} == {
        "The ferry sank.": 0b01,
        "Lighthouses and ferries.": 0b11,
        "A beacon.": 0b10,
    }
    assert await store.lookup.hits(await scope_of(store, talk), []) == {}


async def test_words_of_a_text_are_never_a_query_of_their_own(store: Store, talk: Conversation) -> None:
    await store.conversations.append(talk.id, Role.PERSON, "The ferry sank.")
    scope = await scope_of(store, talk)
    for word in ('"', 'ferry" OR "sank', "NEAR(", "*", "text:ferry", "fer*", "\0", ""):
        assert await store.lookup.hits(scope, [[word], ["sank"]]) == {scope.talks[0].seqs[0]: 0b10}


async def test_of_a_word_that_is_said_all_the_time_the_latest_are_found(
    store: Store, talk: Conversation
) -> None:
    for number in range(MOST_HITS + 5):
        await store.conversations.append(talk.id, Role.PERSON, f"Rain, day {number}.")
    scope = await scope_of(store, talk)
    hits = await store.lookup.hits(scope, [["rain"]])
    assert sorted(hits) == list(scope.talks[0].seqs)[5:]


async def test_nothing_of_others_is_found(store: Store, talk: Conversation, clock: Clock) -> None:
    """Another person, another character, another place: their words and times are not there."""
    other = await store.people.ensure("web", "2", "Eve")
    noor = await store.characters.create(talk.person_id, Persona("Noor"))
    for person_id, character_id, place in (
        (other.id, talk.character_id, PRIVATE_PLACE),
        (talk.person_id, noor.id, PRIVATE_PLACE),
        (talk.person_id, talk.character_id, "discord:guild:1:channel:2"),
    ):
        theirs = await store.conversations.open(person_id, character_id, place)
        await store.conversations.append(theirs.id, Role.PERSON, "The ferry of theirs.")
    await store.conversations.append(talk.id, Role.PERSON, "The ferry of mine.")
    scope = await scope_of(store, talk)
    assert await texts(store, set(await store.lookup.hits(scope, [["ferry"]]))) == {"The ferry of mine."}
    said = await store.lookup.said(scope, [(clock.now - timedelta(days=1), clock.now + timedelta(days=1))])
    assert await texts(store, said) == {"The ferry of mine."}


async def test_what_was_said_at_a_time(store: Store, talk: Conversation, clock: Clock) -> None:
    begun = clock.now
    for text in ("One.", "Two.", "Three."):
        clock.now += timedelta(days=1)
        await store.conversations.append(talk.id, Role.PERSON, text)
    scope = await scope_of(store, talk)
    second = begun + timedelta(days=2)
    said = await store.lookup.said(scope, [(second, second + timedelta(days=1))])
    assert await texts(store, said) == {"Two."}


async def test_a_talk_that_was_set_aside_is_searched_too(store: Store, talk: Conversation) -> None:
    """What a linked account said before belongs to the same person."""
    other = await store.people.ensure("discord", "7", "Ann")
    theirs = await store.conversations.open(other.id, talk.character_id, PRIVATE_PLACE)
    await store.conversations.append(theirs.id, Role.PERSON, "The ferry of before.")
    await store.conversations.append(talk.id, Role.PERSON, "The ferry of now.")
    code = (await store.links.offer(talk.person_id, "web")).code
    await store.links.join(code, other.id, "discord")
    scope = await scope_of(store, await store.conversations.get(talk.id))
    assert len(scope.talks) == 2
    hits = await store.lookup.hits(scope, [["ferry"]])
    assert await texts(store, set(hits)) == {"The ferry of before.", "The ferry of now."}


async def test_hidden_messages_and_notices_are_never_given(store: Store, talk: Conversation) -> None:
    told = await store.conversations.append(talk.id, Role.PERSON, "The ferry.")
    await store.conversations.append(talk.id, Role.NOTICE, "A ferry is an AI.")
    await store.conversations.append(talk.id, Role.CHARACTER, "Which ferry?")
    await store.conversations.hide_from_prompt([told.id])
    scope = await scope_of(store, talk)
    assert await texts(store, set(scope.talks[0].seqs)) == {"Which ferry?"}
    assert len(await store.lookup.hits(scope, [["ferry"]])) == 1


async def test_the_numbers_of_messages(store: Store, talk: Conversation) -> None:
    told = await store.conversations.append(talk.id, Role.PERSON, "The ferry.")
    (seq,) = await store.lookup.seqs([told.id, "nobody's"])
    assert seq == (await scope_of(store, talk)).talks[0].seqs.start
    assert await store.lookup.seqs([]) == set()
