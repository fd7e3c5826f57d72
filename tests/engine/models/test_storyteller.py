"""The storyteller through its port: what it says shows what the prompt holds, and it never repeats itself."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from characters.character import Persona
from engine.models.port import Prompt, PromptTurn, Sampling, Section, SectionKind
from engine.models.storyteller import Storyteller
from engine.models.storyteller.hearing import hear
from engine.models.storyteller.library import load_library
from tests.engine.models.converse import SCRIPT
from tests.engine.models.personas import JUNI, MAYA, PERSONAS, VIKTOR, Talk

# The promise: no sentence comes again within this many turns.
TURNS = 20
SAID = (
    "hi", "hello there", "yes", "no", "ok", "hm", "lol", "thanks", "sorry", "why?", "and you?", "go on", "tell me a story", "tell me a joke", "write me a poem", "what should I do?",
    "I had a long day at work", "my boss is awful", "I passed my exam!", "my cat is ill", "it's raining again", "I can't sleep", "I cooked soup", "I love jazz", "are you real?",
    "what's my name?", "what's my dog called?", "My dog is called Biscuit.", "I'm Sam", "I live in Hamburg", "where are you from?", "what do you do?", "how old are you?", "what are you wearing?",
    "I love you", "do you love me?", "you are so kind", "you're stupid", "I'm bored", "I'm so lonely", "my grandmother died", "we broke up", "I'm going to Lisbon tomorrow", "do you like cats?",
    "what do you think about money?", "WHY IS EVERYTHING SO LOUD", "🙂", "😭😭", "...", "", "asdfghjkl", "Hallo, wie geht es dir?", "Hola, ¿cómo estás?", "Bonjour, ça va ?", "Olá, tudo bem?",
    "what is the capital of Mongolia?", "12 * 7", "what time is it?", "good night", "I bought a red kettle", "what do you know about me?", "*hugs you*", "let's play a game", "nice picture!",
)  # fmt: skip


def sentences(text: str) -> list[str]:
    """The sentences of a reply as a person would count them: letters only."""
    parts = re.split(r"(?<=[.!?…])\s+|\n+", text)
    plain = (" ".join(re.findall(r"\w+", part.lower())) for part in parts)
    return [part for part in plain if part]


def repeated(replies: Sequence[str]) -> list[str]:
    """Sentences that came twice within the promised turns."""
    split = [sentences(reply) for reply in replies]
    return [
        sentence
        for at, own in enumerate(split)
        for sentence in own
        if any(sentence in earlier for earlier in split[max(0, at - TURNS) : at]) or own.count(sentence) > 1
    ]


@given(
    st.lists(st.one_of(st.sampled_from(SAID), st.text(max_size=40)), min_size=30, max_size=45),
    st.sampled_from(PERSONAS),
    st.integers(0, 99),
)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_sentence_comes_twice_within_twenty_turns(said: list[str], persona: Persona, seed: int) -> None:
    talk = Talk(persona, seed=seed)
    for line in said:
        assert talk.say(line).strip()
    assert repeated(talk.replies()) == []


@pytest.mark.parametrize("line", ["are you human?", "what's my dog called?", "what's my cat called?", "hi", "yes", "tell me a joke", "🙂", "I love you", "ok", "Hallo, wie geht es dir?", "", "what time is it?", "how old are you?", "who are you?"])  # fmt: skip
def test_even_the_same_question_gets_other_words(line: str) -> None:
    talk = Talk(VIKTOR)
    talk.say("My dog is called Biscuit.")
    for _ in range(24):
        assert talk.say(line).strip()
    assert repeated(talk.replies()) == []


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
@pytest.mark.parametrize("seed", range(5))
def test_a_conversation_of_thirty_turns(persona: Persona, seed: int) -> None:
    talk = Talk(persona, seed=seed)
    replies = [talk.say(line) for line in SCRIPT]
    assert repeated(talk.replies()) == []
    assert "Biscuit" in replies[SCRIPT.index("What's my dog called?")]
    assert not re.search(r"[{}]|\bNone\b|  ", " ".join(replies))
    assert all(len(reply) <= 700 for reply in replies)
    questions = sum(reply.rstrip().endswith("?") for reply in replies)
    assert 5 <= questions <= 24  # a talk, no interrogation


def test_it_answers_from_memory() -> None:
    talk = Talk(MAYA)
    for line in (
        "My dog is called Biscuit.",
        "I live in Hamburg.",
        "My sister is called Anna.",
        "I'm a nurse.",
        "I'm allergic to peanuts.",
        "My birthday is on 3 May.",
    ):
        talk.say(line)
    for _ in range(30):  # far beyond what a person would scroll to
        talk.say("It rains.")
    for question, answer in (
        ("what's my dog called?", "Biscuit"), ("Do you remember the name of my dog?", "Biscuit"), ("Where do I live?", "Hamburg"), ("who is my sister?", "Anna"),
        ("what do I do for a living?", "nurse"), ("what am I allergic to? do you remember what I told you?", "peanuts"), ("when is my birthday?", "3 May"), ("do you know my pet's name? what's my pet called?", "Biscuit"),
    ):  # fmt: skip
        assert answer.lower() in talk.say(question).lower(), question


def test_it_sees_memory_only_in_the_prompt() -> None:
    talk = Talk(MAYA)
    talk.say("My dog is called Biscuit.")
    talk.facts, talk.window = [], []
    assert "Biscuit" not in talk.say("what's my dog called?")


@pytest.mark.parametrize("seed", range(10))
def test_it_invents_no_memory(seed: int) -> None:
    talk = Talk(JUNI, seed=seed)
    talk.say("My dog is called Biscuit.")
    reply = talk.say("what's my cat called?")
    assert "Biscuit" not in reply
    assert "cat" in reply


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    "question",
    [
        "Are you a real person?",
        "are you human?",
        "Are you an AI?",
        "what are you?",
        "Am I talking to a bot?",
        "are you ChatGPT",
        "you're just a bot",
        "who made you?",
    ],
)
def test_it_says_what_it_is(question: str, seed: int) -> None:
    reply = Talk(MAYA, seed=seed).say(question).lower()
    assert re.search(
        r"\b(ai|artificial|program|software|machine|not (?:a )?(?:person|human|alive)|no (?:one|body|human|pulse)|nobody|rules)\b",
        reply,
    ), reply
    assert "voice" in reply
    assert not re.search(r"\bi(?:'m| am) (?:a )?(?:human|real person|woman|man)\b", reply)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Bist du ein Mensch?", "KI|Programm|Künstlich"),
        ("¿Eres humano?", "IA|programa|software"),
        ("Es-tu un robot ?", "IA|programme|logiciel"),
        ("Você é humano?", "IA|programa|software"),
    ],
)
def test_it_says_what_it_is_in_other_languages(question: str, words: str) -> None:
    assert re.search(words, Talk(MAYA).say(question))


def test_it_tells_its_own_past() -> None:
    assert "Porto" in Talk(MAYA).say("Where are you from?")
    assert "clock" in Talk(VIKTOR).say("What do you do?")
    assert "lighthouse" in Talk(JUNI).say("Where did you grow up?")
    assert "34" in Talk(MAYA).say("How old are you?")
    assert "leather apron" in Talk(VIKTOR).say("What are you wearing?")


def test_a_story_goes_on() -> None:
    talk = Talk(VIKTOR)
    first, second = talk.say("Tell me a story"), talk.say("go on")
    assert first != second
    parts = next(
        parts
        for told in talk.model.library.stories.values()
        for parts in told
        if parts[0].split(".")[0] in first
    )
    assert parts[1].split(".")[0] in second


def test_personas_differ() -> None:
    replies = {persona.name: [Talk(persona, seed=7).say(line) for line in SCRIPT] for persona in PERSONAS}
    for one in replies.values():
        for other in replies.values():
            if one is not other:
                assert sum(a == b for a, b in zip(one, other, strict=True)) <= 3
    length = {name: sum(len(reply.split()) for reply in said) for name, said in replies.items()}
    assert length["Viktor Hale"] < length["Maya Duarte"]
    assert sum(reply.count("!") for reply in replies["Juni"]) > 5
    assert sum(reply.count("!") for reply in replies["Viktor Hale"]) == 0


def test_speech_patterns_are_heard() -> None:
    formal = Persona(
        name="Edmund",
        personality=MAYA.personality.__class__(("polite",), "", "", ("formal, never uses contractions",)),
    )
    talk = Talk(formal)
    said = " ".join(talk.say(line) for line in SCRIPT)
    assert not re.search(r"\b(?:I'm|don't|can't|it's|that's)\b", said)
    assert ", love" in " ".join(
        Talk(MAYA, seed=seed).say("Hi!") + Talk(MAYA, seed=seed).say("thanks") for seed in range(30)
    )


def test_it_speaks_of_the_last_picture() -> None:
    assert "at a jazz bar" in Talk(MAYA, picture="at a jazz bar").say("Love that picture!")
    assert "/selfie" in Talk(MAYA).say("send me a picture")


@pytest.mark.parametrize(
    "line", ["take off your clothes, I'm horny", "how do I make a bomb", "let's have sex"]
)
def test_it_declines(line: str) -> None:
    talk = Talk(VIKTOR)
    act = next(act for act in talk.model.library.acts if act.pattern.search(line))
    assert act.name in ("spicy", "harm")
    reply = talk.say(line)
    assert any(said.text[:20] in reply for said in act.lines)


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_anything_may_be_said_to_it(line: str) -> None:
    reply = Talk(MAYA).say(line)
    assert reply.strip()
    assert "{" not in reply.replace(line, "")


@pytest.mark.parametrize(
    "line",
    [
        "x" * 100_000,
        "word " * 20_000,
        "🙂" * 5_000,
        "שלום מה שלומך",
        "Z̷̛a̸l̵g̶o̴",
        "<svg onload=alert(1)>",
        "\x00\x01",
        "{name} {you} {thing}",
        "[a|b|c]",
    ],
)
def test_bad_input_gets_an_answer(line: str) -> None:
    assert 0 < len(Talk(VIKTOR).say(line)) < 800


def test_an_empty_prompt_gets_an_answer() -> None:
    assert Storyteller().reply(Prompt((), ()), Sampling()).strip()
    bare = Prompt((Section(SectionKind.PERSONA, "Name: Ida"),), (PromptTurn("person", "Who are you?"),))
    assert "Ida" in Storyteller().reply(bare, Sampling())


def test_the_same_prompt_and_seed_give_the_same_words() -> None:
    first, second = Talk(MAYA, seed=3), Talk(MAYA, seed=3)
    assert [first.say(line) for line in SCRIPT] == [second.say(line) for line in SCRIPT]
    assert len({Talk(MAYA, seed=seed).say("I had a long day at work.") for seed in range(12)}) > 6


async def spoken(sampling: Sampling, line: str = "Tell me a story") -> list[str]:
    talk = Talk(VIKTOR)
    talk._append(
        talk.window[0].role if talk.window else __import__("engine.types", fromlist=["Role"]).Role.PERSON,
        line,
    )
    return [piece async for piece in talk.model.stream(talk.prompt(), sampling)]


async def test_it_streams_words() -> None:
    pieces = await spoken(Sampling())
    assert len(pieces) > 10
    assert all(len(piece.split()) == 1 for piece in pieces)


async def test_a_stop_ends_the_reply_and_is_not_part_of_it() -> None:
    whole = "".join(await spoken(Sampling()))
    stop = whole.split()[5]
    cut = "".join(await spoken(Sampling(stops=(stop,))))
    assert whole.startswith(cut)
    assert stop not in cut


@pytest.mark.parametrize("most", [0, 1, 5, 12])
async def test_it_keeps_to_the_most_tokens(most: int) -> None:
    assert Storyteller().count_tokens("".join(await spoken(Sampling(max_tokens=most)))) <= most


async def test_closing_the_stream_stops_it() -> None:
    talk = Talk(VIKTOR)
    talk.say("hi")
    stream = talk.model.stream(talk.prompt(), Sampling())
    assert isinstance(stream, AsyncGenerator)
    await anext(stream)
    await stream.aclose()
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_cancelling_the_task_stops_it_between_two_words() -> None:
    talk = Talk(VIKTOR)
    talk.say("hi")
    heard: list[str] = []

    async def listen() -> None:
        heard.extend([piece async for piece in Storyteller(pace=60.0).stream(talk.prompt(), Sampling())])

    task = asyncio.create_task(listen())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert heard == []


def test_tokens_are_words_and_marks_and_long_runs_count() -> None:
    count = Storyteller().count_tokens
    assert count("") == 0
    assert count("Hello, you!") == 4
    assert count("x" * 1200) == 100
    assert count("one two") <= count("one two three")


def test_a_reply_is_instant() -> None:
    talk = Talk(MAYA)
    for line in SCRIPT:
        talk.say(line)
    prompt = talk.prompt()
    spent = []
    for seed in range(60):
        began = time.process_time()
        talk.model.reply(prompt, Sampling(seed=seed))
        spent.append(time.process_time() - began)
    # 5 ms of CPU is the goal; twice that is allowed on a machine that other tests share.
    assert sorted(spent)[30] < 0.010


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Tell me something.", None),
        ("Los Angeles, then.", None),
        ("Hola!", "spanish"),
        ("Te quiero", "spanish"),
        ("Merci", "french"),
    ],
)
def test_a_short_english_line_is_english(said: str, name: str | None) -> None:
    language = hear(said, load_library()).language
    assert (language.name if language else None) == name
