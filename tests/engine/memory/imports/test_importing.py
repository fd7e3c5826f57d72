"""A history becomes memory on the real store: kept once, with its own dates and sources, and gone again on request."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from characters.character import Persona
from engine.errors import NotFoundError
from engine.memory.imports.importing import Importing, Report
from engine.memory.imports.lines import HistoryError, Left
from engine.memory.recall import Memory
from engine.safety.policy import load_policy
from engine.safety.text import Gate
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, CharacterRecord, Conversation, Fact, Message, Role
from tests.engine.memory.imports.files import package, said, tavern, write

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that moves a second with each look."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class House:
    """A person, a character, and what is imported for them."""

    def __init__(
        self, store: Store, tmp: Path, person: str, character: CharacterRecord, talk: Conversation
    ) -> None:
        self.store, self.tmp, self.person, self.character, self.talk = store, tmp, person, character, talk
        self.memory = Memory(store, Clock())
        self.learned: list[str] = []
        self.importing = Importing(store, GATE, self.learn, Clock())

    async def learn(self, talk: Conversation, message: Message) -> list[Fact]:
        self.learned.append(message.text)
        return list(await self.memory.learn(talk, message))

    async def take(self, content: str | bytes, me: str = "") -> Report:
        path = write(self.tmp / "history", content)
        return await self.importing.take(path, self.person, self.character, PRIVATE_PLACE, me=me)

    async def facts(self, *, every: bool = False) -> list[str]:
        known = await self.store.memories.known(
            self.person, self.character.id, PRIVATE_PLACE, include_superseded=every
        )
        return sorted(fact.text for fact in known)

    async def fact(self, text: str) -> Fact:
        known = await self.store.memories.known(self.person, self.character.id, PRIVATE_PLACE)
        return next(fact for fact in known if fact.text == text)

    async def found(self, *words: str) -> list[str]:
        hits = await self.store.conversations.search(self.person, self.character.id, PRIVATE_PLACE, words, 50)
        return [hit.text for hit in hits if hit.role is not Role.NOTICE]

    async def say(self, text: str) -> None:
        message = await self.store.conversations.append(self.talk.id, Role.PERSON, text)
        await self.memory.learn(self.talk, message)


GATE = Gate(load_policy())


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path / "data", clock=Clock(), synchronous="NORMAL")
    yield opened
    await opened.close()


async def house_of(store: Store, tmp_path: Path, name: str = "Ada") -> House:
    person = await store.people.ensure("test", name, name)
    await store.people.set_timezone(person.id, "Europe/Berlin")
    character = await store.characters.ensure_shipped("maya", Persona(name="Maya"))
    talk = await store.conversations.open(person.id, character.id, PRIVATE_PLACE)
    return House(store, tmp_path, person.id, character, talk)


@pytest.fixture
async def house(store: Store, tmp_path: Path) -> House:
    return await house_of(store, tmp_path)


CHAT = (
    said("Ada", "My dog is called Biscuit.", "March 3, 2022 9:15pm"),
    said("Maya", "What a name! Does he bite?", "March 3, 2022 9:16pm"),
    said("Ada", "I live in Lyon.", "May 9, 2024 8:00am"),
)


async def test_lines_keep_their_dates_and_facts_their_source(house: House) -> None:
    report = await house.take(tavern(*CHAT))
    assert (report.title, report.lines, report.facts, report.left) == ("a SillyTavern chat", 3, 2, {})
    # A quarter past nine on the writer's clock, which is Berlin's.
    assert report.first == datetime(2022, 3, 3, 20, 15, tzinfo=UTC)
    assert report.last == datetime(2024, 5, 9, 6, 0, tzinfo=UTC)
    fact = await house.fact("Your dog is called Biscuit.")
    source = await house.store.conversations.message(fact.source_message_id or "")
    assert (source.text, source.role, source.created_at) == (CHAT[0]["mes"], Role.PERSON, report.first)
    assert fact.said_at == report.first
    assert await house.found("bite") == ["What a name! Does he bite?"]


async def test_the_talk_that_goes_on_is_left_alone(house: House) -> None:
    await house.say("Good morning.")
    await house.take(tavern(*CHAT))
    here = await house.store.conversations.open(house.person, house.character.id, PRIVATE_PLACE)
    assert here.id == house.talk.id
    assert [one.text for one in await house.store.conversations.window(here.id, 50)] == ["Good morning."]


async def test_the_same_file_twice_adds_nothing(house: House) -> None:
    first = await house.take(tavern(*CHAT))
    again = await house.take(tavern(*CHAT))
    assert (again.lines, again.left) == (0, {Left.KNOWN: 3})
    (one,) = await house.importing.of(house.person, house.character.id, PRIVATE_PLACE)
    assert (one.conversation_id, one.lines, one.facts, one.whole) == (first.conversation_id, 3, 2, True)
    assert len(house.learned) == 3


async def test_a_longer_file_adds_what_is_new_in_it(house: House) -> None:
    await house.take(tavern(*CHAT))
    report = await house.take(tavern(*CHAT, said("Ada", "I play the cello.", "May 9, 2024 8:01am")))
    assert (report.lines, report.left) == (1, {Left.KNOWN: 3})
    assert await house.found("cello") == ["I play the cello."]
    assert len(await house.importing.of(house.person, house.character.id, PRIVATE_PLACE)) == 2


async def test_what_was_said_twice_at_the_same_minute_is_kept_twice(house: House) -> None:
    line = said("Ada", "no", "March 3, 2022 9:15pm")
    assert (await house.take(tavern(line, line))).lines == 2
    assert (await house.take(tavern(line, line, line))).lines == 1


async def test_what_is_said_here_stays_what_is_believed(house: House) -> None:
    await house.say("I live in Porto.")
    await house.take(tavern(*CHAT))
    assert "You live in Porto." in await house.facts()
    assert "You live in Lyon." not in await house.facts()
    assert "You live in Lyon." in await house.facts(every=True)


async def test_lines_without_dates_were_said_before_the_talk_here_began(house: House) -> None:
    await house.say("I live in Porto.")
    report = await house.take("Ada: I live in Lyon.\nMaya: I know.\nAda: My dog is called Biscuit.\n")
    assert (report.lines, report.dated) == (3, False)
    assert report.last is not None
    assert report.last < house.talk.created_at
    assert await house.facts() == ["You live in Porto.", "Your dog is called Biscuit."]


async def test_a_date_that_cannot_be_true_is_not_believed(house: House) -> None:
    report = await house.take(
        tavern(
            said("Ada", "one", "March 3, 2022 9:15pm"),
            said("Ada", "two", 9999999999999),
            said("Ada", "three", "1970-01-02T00:00:00Z"),
        )
    )
    assert report.first == report.last == datetime(2022, 3, 3, 20, 15, tzinfo=UTC)


async def test_what_no_rule_allows_is_left_out_and_counted(house: House) -> None:
    lines = (
        *CHAT,
        said("Ada", "She is 15 and we have sex"),
        "{broken",
        said("Narrator", "x", is_system=True),
        said("Ada", "  "),
    )
    report = await house.take(tavern(*lines))
    assert report.lines == 3
    assert report.left == {Left.REFUSED: 1, Left.BROKEN: 1, Left.HIDDEN: 1, Left.EMPTY: 1}
    assert not await house.found("sex")


async def test_other_peoples_words_are_left_out(house: House) -> None:
    report = await house.take("Ada: I have a cat.\nMaya: Nice!\nBo: My cat is called Tom.\nMaya: Hi Bo\n")
    assert (report.lines, report.left) == (3, {Left.OTHERS: 1})
    assert not await house.found("Tom")


async def test_who_one_is_has_to_be_said_where_it_cannot_be_told(house: House) -> None:
    chat = "Bea: I have a cat.\nCleo: Nice!\nBea: Yes.\n"
    with pytest.raises(HistoryError, match=r"“Bea”, “Cleo”.*me:Bea"):
        await house.take(chat)
    assert await house.importing.of(house.person, house.character.id, PRIVATE_PLACE) == []
    with pytest.raises(HistoryError, match="Nobody is called “Dora”"):
        await house.take(chat, me="Dora")
    assert (await house.take(chat, me="bea")).lines == 2


async def test_a_friends_words_are_not_the_characters(house: House) -> None:
    report = await house.take("Ada: I have a cat.\nBen: Mine is called Tom.\n")
    assert (report.lines, report.left) == (1, {Left.OTHERS: 1})
    assert not await house.found("Tom")


async def test_a_program_is_the_character_whatever_it_was_called(house: House) -> None:
    report = await house.take(tavern(said("Ada", "I have a cat."), said("Seraphina", "What a name, Tom!")))
    assert report.lines == 2
    assert await house.found("Tom") == ["What a name, Tom!"]


async def test_a_data_package_has_only_the_persons_lines(house: House) -> None:
    report = await house.take(package({"1" * 18: [("2023-01-02 12:00:00", "My dog is called Biscuit.")]}))
    assert (report.lines, report.facts) == (1, 1)
    assert report.first == datetime(2023, 1, 2, 12, 0, tzinfo=UTC)


async def test_what_breaks_off_goes_on_when_the_file_is_sent_again(house: House) -> None:
    lines = [
        said("Ada", f"Thing number {number}.", f"2024-01-02 @12h {number % 60}m 00s") for number in range(450)
    ]
    add, calls = house.store.imports.add, 0

    async def failing(conversation_id: str, new: object) -> int:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise OSError("stop")
        return await add(conversation_id, new)  # type: ignore[arg-type]

    house.store.imports.add = failing  # type: ignore[method-assign]
    with pytest.raises(OSError, match="stop"):
        await house.take(tavern(*lines))
    (half,) = await house.importing.of(house.person, house.character.id, PRIVATE_PLACE)
    assert (half.lines, half.whole) == (200, False)
    report = await house.take(tavern(*lines))
    assert (report.lines, report.left) == (250, {Left.KNOWN: 200})
    (whole,) = await house.importing.of(house.person, house.character.id, PRIVATE_PLACE)
    assert (whole.lines, whole.whole) == (450, True)
    assert house.learned == [line["mes"] for line in lines]


async def test_learning_goes_on_after_a_restart_where_it_was_left_off(house: House) -> None:
    lines = [said("Ada", f"Thing number {number}.") for number in range(250)]
    learn = house.learn

    async def dying(talk: Conversation, message: Message) -> list[Fact]:
        if len(house.learned) == 230:
            raise OSError("stop")
        return await learn(talk, message)

    house.importing = Importing(house.store, GATE, dying, Clock())
    with pytest.raises(OSError, match="stop"):
        await house.take(tavern(*lines))
    house.importing = Importing(house.store, GATE, learn, Clock())
    (late,) = await house.importing.unlearned()
    assert await house.importing.go_on(late) is False
    assert await house.importing.unlearned() == []
    assert house.learned[-1] == "Thing number 249."
    # Of the step that was broken off, what told nothing is read again; the step before it is not.
    assert house.learned.count("Thing number 10.") == 1
    assert house.learned.count("Thing number 210.") == 2


async def test_what_was_replaced_since_is_not_learned_again(house: House) -> None:
    lines = [
        said("Ada", f"My dog is called {name}.", f"2024-01-0{day} @10h 00m 00s")
        for day, name in ((1, "Rex"), (2, "Biscuit"), (3, "Ajax"))
    ]
    learn = house.learn

    async def dying(talk: Conversation, message: Message) -> list[Fact]:
        if "Ajax" in message.text:
            raise OSError("stop")
        return await learn(talk, message)

    house.importing = Importing(house.store, GATE, dying, Clock())
    with pytest.raises(OSError, match="stop"):
        await house.take(tavern(*lines))
    house.importing = Importing(house.store, GATE, learn, Clock())
    await house.take(tavern(*lines))
    assert await house.facts(every=True) == [
        f"Your dog is called {name}." for name in ("Ajax", "Biscuit", "Rex")
    ]


async def test_forgetting_an_import_takes_everything_back(house: House, tmp_path: Path) -> None:
    await house.say("I live in Porto.")
    await house.say("My cat is called Tom.")
    before = await house.facts(every=True)
    report = await house.take(
        tavern(
            *CHAT, said("Ada", "I live in Oslo now.", NOW.isoformat()), said("Ada", "My cat is called Tom.")
        )
    )
    await house.importing.forget(house.person, report.conversation_id)
    assert await house.facts(every=True) == before
    assert "You live in Porto." in await house.facts()
    assert await house.found("bite", "Biscuit", "Oslo") == []
    assert await house.importing.of(house.person, house.character.id, PRIVATE_PLACE) == []
    await house.store.close()
    left = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    for word in (b"Biscuit", b"biscuit", b"Oslo", b"bite?"):
        assert word not in left


async def test_a_fact_that_was_told_here_too_stays_with_its_own_source(house: House) -> None:
    report = await house.take(tavern(*CHAT))
    await house.say("My dog is called Biscuit.")
    await house.importing.forget(house.person, report.conversation_id)
    fact = await house.fact("Your dog is called Biscuit.")
    source = await house.store.conversations.message(fact.source_message_id or "")
    assert source.conversation_id == house.talk.id
    assert await house.store.memories.sources(fact.id) == [source.id]


async def test_what_was_imported_comes_to_mind(house: House) -> None:
    await house.take(tavern(*CHAT))
    recalled = await house.memory.recall(house.talk, "What did you ask about biting?", window_ids=[], limit=6)
    assert "What a name! Does he bite?" in [message.text for message in recalled.earlier]
    assert [fact.text for fact in recalled.facts]


async def test_only_what_was_said_to_the_character_makes_episodes(house: House) -> None:
    apart = await house.take(
        package({"1" * 18: [("2023-01-02 12:00:00", "Let's go to the beach tomorrow.")]})
    )
    assert apart.conversation_id not in await house.store.studies.behind(10)
    together = await house.take(tavern(*CHAT))
    assert together.conversation_id in await house.store.studies.behind(10)


async def test_a_model_that_read_the_end_keeps_nobody_from_learning_the_rest(house: House) -> None:
    learn = house.learn

    async def dying(talk: Conversation, message: Message) -> list[Fact]:
        raise OSError("stop")

    house.importing = Importing(house.store, GATE, dying, Clock())
    with pytest.raises(OSError, match="stop"):
        await house.take(tavern(*CHAT))
    house.importing = Importing(house.store, GATE, learn, Clock())
    (late,) = await house.importing.unlearned()
    await house.store.studies.set_read_to(late, await house.store.imports.last_id(late))
    assert await house.importing.go_on(late) is False
    assert "You live in Lyon." in await house.facts()


async def test_an_import_never_becomes_the_talk_that_goes_on(
    house: House, store: Store, tmp_path: Path
) -> None:
    other = await house_of(store, tmp_path, "Bea")
    await house.say("Here.")
    await other.say("There.")
    later = NOW + timedelta(hours=12)
    other.importing = Importing(store, GATE, other.learn, lambda: later)
    report = await other.take(tavern(*CHAT, said("Ada", "Long after that.", later.isoformat())))
    offer = await store.links.offer(house.person, "web")
    await store.links.join(offer.code, other.person, "discord")
    assert len(await house.importing.of(house.person, house.character.id, PRIVATE_PLACE)) == 1
    assert "You live in Lyon." in await house.facts()
    here = await store.conversations.open(house.person, house.character.id, PRIVATE_PLACE)
    assert here.id != report.conversation_id
    await store.links.separate(house.person, other.person)
    for one in (house, other):
        here = await store.conversations.open(one.person, one.character.id, PRIVATE_PLACE)
        assert here.id == one.talk.id
    assert await house.importing.of(house.person, house.character.id, PRIVATE_PLACE) == []
    assert len(await other.importing.of(other.person, other.character.id, PRIVATE_PLACE)) == 1


async def test_nobody_elses_import_can_be_seen_or_forgotten(
    house: House, store: Store, tmp_path: Path
) -> None:
    report = await house.take(tavern(*CHAT))
    other = await house_of(store, tmp_path, "Eve")
    assert await other.importing.of(other.person, other.character.id, PRIVATE_PLACE) == []
    for act in (other.importing.get, other.importing.forget):
        with pytest.raises(NotFoundError):
            await act(other.person, report.conversation_id)
    with pytest.raises(NotFoundError):
        await house.importing.forget(house.person, house.talk.id)
    assert await other.facts() == []
    assert await other.found("Biscuit") == []
    assert (await other.take(tavern(*CHAT))).lines == 3
