"""Forgetting on real files: what is asked to be forgotten is in no byte of the data directory, and the rest is there."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from characters.character import Persona
from engine.errors import ModelError
from engine.images.job import to_json
from engine.models.parked import erase_parked, parked_file
from engine.store.db import Forget
from engine.store.media import Picture
from engine.store.memories import NewFact
from engine.store.store import Store
from engine.types import (
    CUT,
    FORGOTTEN,
    PRIVATE_PLACE,
    Fact,
    FactKind,
    NewJob,
    PictureJob,
    PicturePurpose,
    Role,
    Shot,
)
from tests.engine.memory import talk as talks
from tests.engine.memory.leftovers import files_with

SECRET = "Zorblaxine"


class Clock(talks.Clock):
    """One clock for all who look at it, the store and the memory of every talk."""

    shared: ClassVar = talks.Clock()

    def __call__(self) -> datetime:
        return self.shared()


@dataclass
class Talk(talks.Talk):
    """Somebody's talk with a character, with all that is kept of it."""

    async def facts(self) -> list[str]:
        return [fact.text for fact in await self.known()]

    async def lines(self) -> list[str]:
        return [message.text for message in await self.store.conversations.window(self.conversation.id, 50)]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path, clock=Clock(), synchronous="NORMAL")
    yield opened
    await opened.close()


@pytest.fixture
async def talk(store: Store) -> Talk:
    return await talk_of(store)


async def talk_of(store: Store, account: str = "sam", place: str = PRIVATE_PLACE, name: str = "Maya") -> Talk:
    begun = await talks.talk_of(store, Clock(), account=account, place=place, name=name)
    return Talk(begun.store, begun.clock, begun.memory, begun.conversation)


async def test_only_the_sentences_that_tell_it_are_cut(talk: Talk) -> None:
    await talk.say(f"Hi there! My dog is called {SECRET}. I had soup for lunch.")
    await talk.say(f"{SECRET}! What a name. How was the soup?", Role.CHARACTER)
    await talk.say("Hot.")
    assert await talk.forget("what I said about my dog") == [f"Your dog is called {SECRET}."]
    assert await talk.lines() == [
        f"Hi there! {CUT} I had soup for lunch.",
        f"{CUT} What a name. How was the soup?",
        "Hot.",
    ]
    found = await talk.store.conversations.search(*talk.scope, ["soup"], 5)
    assert len(found) == 2  # what stays is found as before, and stays in prompts
    assert all(message.in_prompt for message in found)


async def test_a_message_of_nothing_else_leaves_prompts(talk: Talk) -> None:
    said = await talk.say(f"My dog is called {SECRET}.")
    await talk.forget("my dog")
    left = await talk.store.conversations.message(said.id)
    assert (left.text, left.in_prompt) == (FORGOTTEN, False)


async def test_all_that_repeats_a_name_goes_with_it(talk: Talk, tmp_path: Path) -> None:
    """Facts about its bearer, other endings and cases, and what the character made of it weeks later."""
    await talk.say(f"My dog is called {SECRET}.")
    await talk.say(f"{SECRET.upper()}s are rare, and {SECRET.lower()}'s ears rarer.", Role.CHARACTER)
    for number in range(40):
        await talk.say(f"Small talk number {number}.")
    person, character, place = talk.scope
    await talk.store.memories.add(
        [
            NewFact(
                person_id=person, character_id=character, place=place, subject="we", relation="did", topic="dates",
                value="a walk", text=f"You two walked {SECRET} by the sea.", source_message_id=None, source_text="",
                said_at=Clock()(), kind=FactKind.EPISODE,
            )
        ]
    )  # fmt: skip
    await talk.say(f"Say good night to {SECRET} and to the stars! I will.", Role.CHARACTER)
    await talk.forget("my dog")
    assert await talk.facts() == []
    assert (await talk.lines())[-1] == f"{CUT} I will."
    assert files_with(tmp_path, SECRET) == []


async def test_an_ordinary_word_goes_only_where_it_told_the_fact(talk: Talk) -> None:
    await talk.say("I love tea. It rains.")
    await talk.say("Tea, of course! Green or black?", Role.CHARACTER)
    for number in range(8):
        await talk.say(f"Small talk number {number}.")
    await talk.say("My aunt spilled the tea on the cat.")
    await talk.forget("that I love tea")
    lines = await talk.lines()
    assert lines[:2] == [f"{CUT} It rains.", f"{CUT} Green or black?"]
    assert lines[-1] == "My aunt spilled the tea on the cat."


async def test_what_another_fact_says_as_well_is_left_to_it(talk: Talk) -> None:
    await talk.say("I live in Lyon.")
    await talk.say("My sister lives in Lyon.")
    assert await talk.forget("where my sister lives") == ["Your sister lives in Lyon."]
    assert await talk.facts() == ["You live in Lyon."]
    assert await talk.lines() == ["I live in Lyon.", FORGOTTEN]


async def test_a_fact_told_in_the_same_breath_stays_without_its_source(talk: Talk) -> None:
    await talk.say(f"I love jazz and my dog is called {SECRET}.")
    assert len(await talk.facts()) == 2
    await talk.forget("my dog")
    assert await talk.facts() == ["You love jazz."]
    assert SECRET not in (await talk.store.memories.known(*talk.scope))[0].source_text


async def test_a_fact_goes_with_those_that_it_took_the_place_of(talk: Talk, tmp_path: Path) -> None:
    await talk.say("I live in Quxhaven.")
    await talk.say("Actually, I live in Zyxbourg now.")
    (current,) = await talk.store.memories.known(*talk.scope)
    await talk.memory.forget(*talk.scope, await talk.memory.meant_fact(current))
    assert await talk.lines() == [FORGOTTEN, FORGOTTEN]
    assert files_with(tmp_path, "Quxhaven", "Zyxbourg") == []


async def test_what_was_said_last_is_what_that_means(talk: Talk) -> None:
    await talk.say("I live in Lyon.")
    await talk.say(f"My dog is called {SECRET}.")
    await talk.say("A fine name!", Role.CHARACTER)
    assert await talk.forget("that") == [f"Your dog is called {SECRET}."]
    # Asked again, it does not take what came before it.
    assert not await talk.memory.meant(*talk.scope, "that")
    assert await talk.facts() == ["You live in Lyon."]


async def test_a_last_line_that_told_nothing_can_go_as_well(talk: Talk) -> None:
    said = await talk.say("Nobody saw the green Wumpus but us two.")
    await talk.say("The Wumpus? Our secret. Good night!", Role.CHARACTER)
    meant = await talk.memory.meant(*talk.scope, "that")
    assert (not meant.facts, [line.id for line in meant.lines], meant.sure) == (True, [said.id], False)
    await talk.memory.forget(*talk.scope, meant)
    assert await talk.lines() == [FORGOTTEN, f"{CUT} Our secret. Good night!"]


async def test_what_no_fact_is_known_of_is_found_in_what_was_said(talk: Talk) -> None:
    await talk.say("Nobody saw the green Wumpus but us two. It was late.")
    await talk.say("A Wumpus! How was the weather?", Role.CHARACTER)
    meant = await talk.memory.meant(*talk.scope, "what I said about the green Wumpus")
    assert [line.text for line in meant.lines] == ["Nobody saw the green Wumpus but us two. It was late."]
    await talk.memory.forget(*talk.scope, meant)
    assert await talk.lines() == [f"{CUT} It was late.", f"{CUT} How was the weather?"]


async def test_a_number_is_found_as_it_was_said(talk: Talk) -> None:
    await talk.say("Nobody expected it: we came 3rd at the regatta. It was late.")
    assert await talk.forget("what I said about the regatta 3") == []
    assert await talk.lines() == [f"{CUT} It was late."]


async def test_nobody_else_loses_a_word(store: Store) -> None:
    mine = await talk_of(store)
    others = [
        await talk_of(store, account="eve"),
        await talk_of(store, place="discord:guild:1:channel:2"),
        await talk_of(store, name="Noor"),
    ]
    for each in (mine, *others):
        await each.say(f"My dog is called {SECRET}.")
    await mine.forget("my dog")
    assert await mine.lines() == [FORGOTTEN]
    for other in others:
        assert await other.lines() == [f"My dog is called {SECRET}."]
        assert await other.facts() == [f"Your dog is called {SECRET}."]


async def test_what_a_model_reads_meanwhile_does_not_come_back(talk: Talk) -> None:
    """A fact that a background reading found in a message before it was cut is not stored any more."""
    said = await talk.say(f"I am tired. My dog is called {SECRET}.")
    (fact,) = await talk.store.memories.known(*talk.scope)
    await talk.forget("my dog")
    person, character, place = talk.scope
    late = NewFact(
        person_id=person, character_id=character, place=place, subject="your pet", relation="name", value=SECRET,
        text=f"Your pet is {SECRET}.", topic="pets", source_message_id=said.id, source_text=fact.source_text,
        said_at=said.created_at,
    )  # fmt: skip
    assert await talk.store.memories.add([late]) == []


async def everything_about(talk: Talk, folder: Path) -> None:
    """Have the secret in every place where anything of a talk is kept."""
    store, here = talk.store, talk.conversation
    await talk.say(f"Hello! My dog is called {SECRET}.")
    await talk.say(f"{SECRET}, how lovely. Tell me more!", Role.CHARACTER)
    shot = Shot(request=f"with {SECRET} at a lake", place=f"the lake of {SECRET}")
    asked = await talk.say(f"/selfie with {SECRET} at a lake")
    job = PictureJob(PicturePurpose.SELFIE, Persona("Maya"), shot, 1, conversation_id=here.id)
    queued, _ = await store.jobs.add(NewJob("picture", here.person_id, to_json(job)), lambda _: 0)
    media = await store.media.put(
        b"\x89PNG", mime="image/png", width=1, height=1, person_id=here.person_id, character_id=here.character_id,
        purpose=PicturePurpose.SELFIE, seed=1, pipeline="illustrator", shot=shot, caption=f"Maya with {SECRET}",
        job_id=queued.id,
    )  # fmt: skip
    picture = await talk.say(f"with {SECRET} at a lake", Role.CHARACTER, reply_to=asked.id, job_id=queued.id)
    await store.conversations.set_media(picture.id, media.id)
    for number in range(30):
        await talk.say(f"Small talk number {number}.")
    token = await store.studies.begin_title(here.id)
    await store.studies.set_title(here.id, token, f"A dog named {SECRET}")
    begun = await store.windows.begin_summary(here.id, picture.id, 10)
    assert begun is not None
    await store.windows.finish_summary(here.id, begun.token, f"They spoke of {SECRET}.")
    await store.calls.keep(here.person_id, json.dumps({"name": "forget", "options": {"what": SECRET}}))
    await store.inbox.take("telegram", "e1", here.person_id, json.dumps({"text": f"forget that {SECRET}"}))
    (folder / "parked").mkdir(exist_ok=True)
    (folder / "parked" / parked_file(here.id)).write_text(SECRET)


async def test_a_picture_that_was_being_made_does_not_bring_the_words_back(
    talk: Talk, tmp_path: Path
) -> None:
    store, here = talk.store, talk.conversation
    await talk.say(f"My dog is called {SECRET}.")
    shot = Shot(request=f"with {SECRET} at a lake", place="a lake")
    job = PictureJob(PicturePurpose.SELFIE, Persona("Maya"), shot, 1, conversation_id=here.id)
    queued, _ = await store.jobs.add(NewJob("picture", here.person_id, to_json(job)), lambda _: 0)
    await talk.say(f"with {SECRET} at a lake", Role.CHARACTER, job_id=queued.id)
    claimed = await store.jobs.claim("worker", timedelta(hours=1), 3)
    assert claimed is not None and SECRET in claimed.payload
    await talk.forget("my dog")
    picture = Picture(
        mime="image/png", width=1, height=1, person_id=here.person_id, character_id=here.character_id, seed=1,
        purpose=PicturePurpose.SELFIE, pipeline="illustrator", shot=shot, caption=f"With {SECRET}", job_id=queued.id,
    )  # fmt: skip
    media = await store.finish_picture(claimed, b"\x89PNG", picture)
    assert (media.shot.request, media.shot.place, media.caption) == ("", "a lake", FORGOTTEN)
    assert files_with(tmp_path, SECRET) == []


def forgetting(folder: Path) -> Forget:
    async def forget(conversations: Collection[str]) -> None:
        await asyncio.to_thread(erase_parked, folder / "parked", conversations)

    return forget


async def test_the_words_are_in_no_file_afterwards(talk: Talk, tmp_path: Path) -> None:
    await talk.store.on_erased(forgetting(tmp_path))
    await everything_about(talk, tmp_path)
    assert len(files_with(tmp_path, SECRET)) >= 2  # else this test would prove nothing
    meant = await talk.memory.meant(*talk.scope, "my dog")
    await talk.memory.forget(*talk.scope, meant, ("telegram", "e1"))
    assert files_with(tmp_path, SECRET) == []
    assert await talk.store.inbox.waiting() == []
    assert len(await talk.lines()) == 34


async def test_copies_that_the_database_left_when_it_grew_are_gone_too(store: Store, tmp_path: Path) -> None:
    """Rows wander from page to page as a database grows, and SQLite leaves their bytes behind."""
    dice = random.Random(5)
    talks = [await talk_of(store, account=f"person {number}") for number in range(8)]
    for number in range(600):
        each = dice.choice(talks)
        text = f"{SECRET}{number % 2} " + "words " * dice.randrange(1, 90)
        await store.conversations.append(each.conversation.id, Role.PERSON, text)
    for each in talks:
        await each.forget(f"what I said about {SECRET}1")
    assert files_with(tmp_path, f"{SECRET}1") == []
    assert files_with(tmp_path, f"{SECRET}0") != []


async def test_what_could_not_be_finished_is_finished_at_the_next_start(tmp_path: Path) -> None:
    """The words are gone for everybody; a model that cannot be reached and a log that is read wait for the start."""
    store = await Store.open(tmp_path, clock=Clock(), synchronous="NORMAL")
    talk = await talk_of(store)
    await everything_about(talk, tmp_path)

    async def cannot(_: Collection[str]) -> None:
        raise ModelError

    await store.on_erased(cannot)
    meant = await talk.memory.meant(*talk.scope, "my dog")
    await talk.memory.forget(*talk.scope, meant, ("telegram", "e1"))
    assert files_with(tmp_path, SECRET) == [
        f"parked/{parked_file(talk.conversation.id)}: {SECRET.lower().encode()!r}"
    ]
    await store.close()
    again = await Store.open(tmp_path, clock=Clock(), synchronous="NORMAL")
    await again.on_erased(forgetting(tmp_path))
    assert files_with(tmp_path, SECRET) == []
    await again.close()


@pytest.mark.parametrize(
    ("told", "wish"),
    [
        ("Mein Hund heißt Brummbär.", "dass mein Hund Brummbär heißt"),
        ("Ich wohne in Quxhaven.", "dass ich in Quxhaven wohne"),
        ("Mi perro se llama Manchado.", "lo que te dije de mi perro"),
        ("Vivo en Quxhaven.", "que vivo en Quxhaven"),
        ("Mon chien s'appelle Filou.", "ce que j'ai dit sur mon chien"),
        ("J'habite à Quxhaven.", "que j'habite à Quxhaven"),
        ("Meu cachorro se chama Bolinha.", "o que eu disse sobre meu cachorro"),
        ("Moro em Quxhaven.", "que eu moro em Quxhaven"),
        ("I live in Quxhaven.", "that I live in Quxhaven"),
        ("My sister is called Quxana.", "my sister's name"),
    ],
)
async def test_a_wish_is_understood_in_the_language_it_was_told_in(talk: Talk, told: str, wish: str) -> None:
    await talk.say("I love jazz.")
    await talk.say(told)
    (fact,) = [each for each in await talk.store.memories.known(*talk.scope) if "jazz" not in each.text]
    meant = await talk.memory.meant(*talk.scope, wish)
    assert (meant.current, meant.sure) == ([fact], True)


async def test_a_wish_that_only_resembles_a_fact_is_not_sure(talk: Talk) -> None:
    await talk.say("I love jazz.")
    meant = await talk.memory.meant(*talk.scope, "that my neighbour plays jazz")
    assert not meant.sure
    kept: list[Fact] = await talk.store.memories.known(*talk.scope)
    assert [fact.text for fact in kept] == ["You love jazz."]


async def test_a_reply_that_was_being_written_keeps_nothing_of_it(talk: Talk) -> None:
    said = await talk.say(f"My dog is called {SECRET}.")
    await talk.forget("my dog")
    reply = f"{SECRET}! What a name."
    assert talk.memory.left_of(talk.conversation, reply, said.created_at) == f"{CUT} What a name."
    again = await talk.say(f"My dog is called {SECRET}.")  # told anew: it is known again
    assert talk.memory.left_of(talk.conversation, reply, again.created_at) == reply


@pytest.mark.parametrize(
    ("told", "answer", "left"),
    [
        ("I have diabetes.", "How do you manage your diabetes? Take care.", f"{CUT} Take care."),
        ("My birthday is on May 3rd.", "May 3rd, noted! I will bake.", f"{CUT} I will bake."),
        ("I live in St. Quxhaven.", "St. Quxhaven? Lovely. Say more!", f"{CUT} Lovely. Say more!"),
        ("Ich wohne in Köln.", "Köln ist schön. Und sonst?", f"{CUT} Und sonst?"),
        ("I'm 34 years old.", "34 is a fine age! Mine is 29.", f"{CUT} Mine is 29."),
    ],
)
async def test_an_answer_keeps_what_does_not_tell_it(talk: Talk, told: str, answer: str, left: str) -> None:
    await talk.say(told)
    await talk.say(answer, Role.CHARACTER)
    await talk.forget("that")
    assert await talk.lines() == [FORGOTTEN, left]
    assert await talk.facts() == []
