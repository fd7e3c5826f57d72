"""What is told is taken up by its name, a short answer goes on with it, and each speaker is heard."""

from __future__ import annotations

import itertools
import time

import pytest

from characters.cast import load_cast
from characters.character import Persona
from engine.models.port import Sampling
from engine.models.storyteller import echo
from tests.engine.models.personas import Talk

CAST = dict(load_cast())
TOLD = (
    ("Hi! My dog is called Biscuit.", "Biscuit"),
    ("I've got two cats, Miso and Tofu", "Miso and Tofu"),
    ("I'm a nurse at a children's hospital in Leeds.", "nurse"),
    ("My sister Ana lives in Porto", "Ana|Porto"),
    ("I just moved to Berlin for work.", "Berlin|work"),
    ("I passed my driving test today!", "driving test|passed"),
    ("My grandfather died in March.", "grandfather"),
    ("My mum has been ill", "mum"),
    ("I had a fight with my best friend Clara", "Clara"),
    ("I'm allergic to peanuts", "peanuts"),
    ("I'm afraid of flying", "flying"),
    ("my birthday's on 3 May", "3 May"),
    ("I want to open a café", "café"),
    ("I burned my dinner tonight.", "dinner"),
    ("We got married last June", "June|got married|Married|wedding"),
    ("I play the cello, badly", "cello"),
    ("I'm cooking ramen tonight", "ramen"),
    ("He asked me to move in with him", "asked you to move in"),
    ("It was for my boyfriend Noah.", "Noah"),
    ("she forgot my concert", "your concert"),
    ("Nights, mostly.", "nights"),
    ("My train was late again", "train"),
    ("I have a son, Theo, he's six", "Theo"),
    ("he sleeps on my keyboard", "your keyboard"),
    ("I hate Mondays", "Mondays"),
)  # fmt: skip
CHAT = (
    "Hi! My dog is called Biscuit.", "He's a beagle, and he hates thunder.", "Yeah, he hides in the bathtub.", "I'm a nurse at a children's hospital in Leeds.", "Nights, mostly.", "Yes",
    "My sister Ana lives in Porto and she's having a baby in May!", "A girl, they think.", "I might visit her at Easter.", "I passed my driving test today!", "third time", "I burned my dinner tonight.",
    "It was for my boyfriend Noah.", "He's a teacher.", "He asked me to move in with him", "I don't know if I'm ready.", "I've got two cats, Miso and Tofu", "Tofu is the fat one", "I play the cello, badly", "ok",
)  # fmt: skip


@pytest.mark.parametrize("persona", CAST.values(), ids=CAST)
@pytest.mark.parametrize(("said", "named"), TOLD, ids=[said[:24] for said, _ in TOLD])
def test_what_is_told_is_named_first(persona: Persona, said: str, named: str) -> None:
    reply = Talk(persona, seed=1).say(said)
    # A hello and an oath may stand before it.
    assert any(word.lower() in reply[:110].lower() for word in named.split("|")), reply


@pytest.mark.parametrize("answer", ["yes", "no", "I don't know", "ok", "maybe"])
@pytest.mark.parametrize("seed", range(4))
def test_a_short_answer_goes_on_with_what_was_told(answer: str, seed: int) -> None:
    talk = Talk(CAST["odile"], seed=seed)
    talk.say("My dog is called Biscuit.")
    told = next(told for told in talk.model.library.tellings if told.name == "pet_named")
    asks = {line.text.replace("{name}", "Biscuit").replace("{kin}", "dog") for line in told.asks}
    reply = talk.say(answer)
    assert any(ask in reply for ask in asks), reply


def test_he_is_the_one_who_was_told_of() -> None:
    for seed in range(6):
        talk = Talk(CAST["bram"], seed=seed)
        talk.say("My grandfather taught me to drive on his farm.")
        assert "grandfather" in talk.say("He died in March.").lower()


def test_a_known_name_is_used() -> None:
    talk = Talk(CAST["jun"], seed=2)
    talk.say("My sister is called Ana.")
    for _ in range(5):
        talk.say("It rained here.")
    assert "Ana" in talk.say("My sister has been ill.")


def test_the_cast_is_told_apart() -> None:
    replies = {name: _hold(persona) for name, persona in CAST.items()}
    for one, other in itertools.combinations(replies, 2):
        same = sum(a == b for a, b in zip(replies[one], replies[other], strict=True))
        assert same <= 4, (one, other, same)


@pytest.mark.parametrize(
    ("name", "heard"),
    [("tomasz", "So, "), ("noor", "copy"), ("zuri", "One: "), ("bram", "aye"), ("billie", "Vrrrm"), ("fintan", "Fwump"), ("linh", "ladder"), ("anselm", "One: ")],
)  # fmt: skip
def test_a_speech_pattern_is_heard(name: str, heard: str) -> None:
    said = " ".join(" ".join(_hold(CAST[name], seed)) for seed in range(3))
    assert heard.lower() in said.lower()


@pytest.mark.parametrize("persona", CAST.values(), ids=CAST)
def test_each_of_the_cast_speaks_in_its_own_pictures(persona: Persona) -> None:
    talk = Talk(persona, seed=0)
    spoken = " ".join(talk.say(line) for line in CHAT)
    own = [
        conceit
        for conceit in talk.model.library.conceits
        if sum(
            line.text.split("{it}")[-1].strip(" .!,")[:24].lower() in spoken.lower()
            for line in (*conceit.good, *conceit.plain, *conceit.names)
            if len(line.text.split("{it}")[-1]) > 12
        )
        >= 2
    ]
    assert len(own) == 1  # its own, and nobody else's


@pytest.mark.parametrize(
    ("said", "turned"),
    [
        ("he sleeps on my keyboard", "he sleeps on your keyboard"),
        ("I was late and my boss saw me", "you were late and your boss saw you"),
        ("We lost our keys", "you lost your keys"),
        ("I'm not ready", "you're not ready"),
    ],
)
def test_words_are_turned_round(said: str, turned: str) -> None:
    assert echo.turned(said).lower() == turned


@pytest.mark.parametrize(
    ("said", "clause", "bit", "scrap"),
    [
        ("he sleeps on my keyboard", "he sleeps on your keyboard", "on your keyboard", ""),
        ("third time", "", "", "third time"),
        ("Do you like it?", "", "", ""),
        ("I like you", "", "", ""),
        ("My {name} is x", "", "", ""),
        ("Every. Single. Night.", "", "", "Every single night"),
    ],
)
def test_only_what_stays_a_sentence_is_turned(said: str, clause: str, bit: str, scrap: str) -> None:
    assert (echo.clause(said), echo.bit(said), echo.scrap(said)) == (clause, bit, scrap)


def test_a_reply_of_the_cast_is_instant() -> None:
    talk = Talk(CAST["odile"], seed=0)
    for line in CHAT:
        talk.say(line)
    prompt = talk.prompt()
    spent = []
    for seed in range(40):
        began = time.process_time()
        talk.model.reply(prompt, Sampling(seed=seed))
        spent.append(time.process_time() - began)
    # 5 ms of CPU is the goal; twice that is allowed on a machine that other tests share.
    assert sorted(spent)[20] < 0.010


def _hold(persona: Persona, seed: int = 7) -> list[str]:
    talk = Talk(persona, seed=seed)
    return [talk.say(line) for line in CHAT]
