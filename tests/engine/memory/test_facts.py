"""What the rules find, and above all what they leave alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.memory.facts import find_facts

# A Saturday.
SAID_AT = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)

FOUND = [
    # name
    ("My name is Sam.", "Your name is Sam."),
    ("my name is sam", "Your name is Sam."),
    ("Hi! I'm Priya, nice to meet you", "Your name is Priya."),
    ("I'm Jean-Luc", "Your name is Jean-Luc."),
    ("Call me Ishmael.", "Your name is Ishmael."),
    ("please call me Lou", "Your name is Lou."),
    ("MY NAME IS SAM", "Your name is Sam."),
    ("No, my name is Tom.", "Your name is Tom."),
    ("I go by Ash", "Your name is Ash."),
    ("My name’s Zoë, what's yours?", "Your name is Zoë."),
    ("My name is María José", "Your name is María José."),
    # pets
    ("My dog is called Biscuit.", "Your dog is called Biscuit."),
    ("my dog's name is biscuit", "Your dog is called Biscuit."),
    ("I have a dog called Biscuit", "Your dog is called Biscuit."),
    ("I have a dog named Biscuit and he's 4", "Your dog is 4."),
    ("We adopted a puppy.", "You have a puppy."),
    ("I have a dog. His name is Rex.", "Your dog is called Rex."),
    ("I've got a cat and her name is Mimi", "Your cat is called Mimi."),
    ("I have two cats.", "You have two cats."),
    ("I have two cats. They're called Salt and Pepper.", "Your cats are called Salt and Pepper."),
    ("My cats are called Salt and Pepper", "Your cats are called Salt and Pepper."),
    ("My dog Biscuit ate my shoe today", "Your dog is called Biscuit."),
    ("my cat is 12 years old", "Your cat is 12."),
    ("My dog is called Biscuit, what's yours called?", "Your dog is called Biscuit."),
    ("Actually, my dog is called Rex.", "Your dog is called Rex."),
    ("My dog died last week.", "Your dog has died."),
    ("I have a golden retriever dog", "You have a golden retriever dog."),
    ("I told you my dog is called Biscuit", "Your dog is called Biscuit."),
    # family and friends
    ("My sister is called Anna", "Your sister is called Anna."),
    ("My sister Anna lives in Berlin.", "Your sister is called Anna."),
    ("My sister lives in Berlin", "Your sister lives in Berlin."),
    ("My older brother's name is Max", "Your older brother is called Max."),
    ("my mom is 63", "Your mom is 63."),
    ("My husband is a nurse.", "Your husband is a nurse."),
    ("My best friend is called Yusuf", "Your best friend is called Yusuf."),
    ("I have two sisters", "You have two sisters."),
    ("I have a daughter named Mila", "Your daughter is called Mila."),
    ("Our kids are called Ben and Ella", "Your kids are called Ben and Ella."),
    ("I'm married to Jonas", "You are married to Jonas."),
    ("I'm divorced", "You are divorced."),
    ("I'm an only child", "You are an only child."),
    ("My grandmother passed away in March", "Your grandmother has died."),
    ("I lost my dad last year.", "Your dad has died."),
    ("my son turned 6 yesterday", "Your son is 6."),
    ("my boss is called Herbert", "Your boss is called Herbert."),
    # places
    ("I live in Hamburg.", "You live in Hamburg."),
    ("i live in new york", "You live in New York."),
    ("I'm living in São Paulo right now", "You live in São Paulo."),
    ("I moved to Lisbon last year", "You live in Lisbon."),
    ("I've lived in Oslo for ten years", "You live in Oslo."),
    ("I live in a small town near Leeds", "You live in a small town near Leeds."),
    ("I live near Boston with my parents", "You live near Boston."),
    ("I'm from Ghana", "You come from Ghana."),
    ("i'm originally from spain", "You come from Spain."),
    ("I come from Porto", "You come from Porto."),
    ("I grew up in Kyoto", "You grew up in Kyoto."),
    ("I was born in Lagos", "You were born in Lagos."),
    ("I'm German", "You are German."),
    ("Actually I live in Bonn now.", "You live in Bonn."),
    # work and study
    ("I work as a nurse", "You work as a nurse."),
    ("I'm a nurse.", "You work as a nurse."),
    ("I am a primary school teacher", "You work as a primary school teacher."),
    ("I'm a software engineer at a bank", "You work as a software engineer."),
    ("I work in a hospital", "You work in a hospital."),
    ("I work at the post office", "You work at the post office."),
    ("I work for Siemens", "You work for Siemens."),
    ("I run a bakery", "You run a bakery."),
    ("I'm retired", "You are retired."),
    ("I study biology", "You study biology."),
    ("I'm studying law at Leiden", "You study law at Leiden."),
    ("I teach maths", "You teach maths."),
    # tastes
    ("I love jazz", "You love jazz."),
    ("I really like hiking", "You like hiking."),
    ("I'm into board games", "You like board games."),
    ("I'm a big fan of Radiohead", "You like Radiohead."),
    ("I enjoy cooking and I hate mushrooms", "You don't like mushrooms."),
    ("I can't stand mushrooms", "You don't like mushrooms."),
    ("I don't like horror films", "You don't like horror films."),
    ("My favourite colour is green", "Your favourite colour is green."),
    ("my favorite movie is Alien", "Your favourite movie is Alien."),
    ("I prefer tea to coffee", "You prefer tea."),
    ("I play the cello", "You play the cello."),
    ("I play football every Sunday", "You play football."),
    ("I collect stamps", "You collect stamps."),
    ("I paint on Sundays", "You paint."),
    ("My hobby is pottery", "Your hobby is pottery."),
    ("I'm terrified of spiders", "You are afraid of spiders."),
    ("I speak Turkish and German", "You speak Turkish."),
    # dates
    ("My birthday is on 3 May", "Your birthday is on 3 May."),
    ("my birthday is May 3rd", "Your birthday is on 3 May."),
    ("My birthday's the 3rd of May", "Your birthday is on 3 May."),
    ("Tomorrow is my birthday!", "Your birthday is on 22 November."),
    ("It's my birthday today", "Your birthday is on 21 November."),
    ("I was born on 3 May 1990", "Your birthday is on 3 May."),
    ("I was born in 1990", "You were born in 1990."),
    ("I'm 34 years old", "You are 34 years old."),
    ("I'm 34", "You are 34 years old."),
    ("I just turned 40", "You are 40 years old."),
    ("I'm a 34-year-old dad", "You are 34 years old."),
    ("Our anniversary is June 12", "Your anniversary is on 12 June."),
    # health and diet
    ("I'm allergic to peanuts", "You are allergic to peanuts."),
    ("I have a nut allergy", "You are allergic to nut."),
    ("I'm vegan", "You are vegan."),
    ("I don't eat meat", "You don't eat meat."),
    ("I don't drink alcohol", "You don't drink alcohol."),
    ("I don't smoke", "You don't smoke."),
    ("I have asthma", "You have asthma."),
    ("I have ADHD", "You have ADHD."),
    ("I'm left-handed", "You are left-handed."),
    # plans
    ("Tomorrow I have an exam", "You have an exam on Sunday, 22 November 2026."),
    ("I have a job interview on Friday", "You have a job interview on Friday, 27 November 2026."),
    ("I'm flying to Rome next week", "You are flying to Rome in the week of 23 November 2026."),
    ("my exam is on Monday", "Your exam is on Monday, 23 November 2026."),
    ("We're moving house in two weeks", "You are moving house around Saturday, 5 December 2026."),
    (
        "I have a dentist appointment on 2 December",
        "You have a dentist appointment on Wednesday, 2 December 2026.",
    ),
    # other
    ("My pronouns are they/them", "Your pronouns are they/them."),
    (
        "Please remember that the spare key is under the blue pot",
        "You asked to remember: the spare key is under the blue pot.",
    ),
    ("I drive an old Volvo", "You drive an old Volvo."),
    # German
    ("Ich heiße Jürgen.", "Your name is Jürgen."),
    ("Mein Hund heißt Bello", "Your dog is called Bello."),
    ("Ich wohne in Köln und arbeite viel", "You live in Köln."),
    ("Ich habe eine Katze namens Minka", "Your cat is called Minka."),
    ("Ich arbeite als Krankenpfleger", "You work as Krankenpfleger."),
    ("Ich bin 41 Jahre alt", "You are 41 years old."),
    ("Ich habe am 3. Mai Geburtstag", "Your birthday is on 3 May."),
    ("Ich bin Vegetarierin", "You are vegetarian."),
    ("Meine Schwester heißt Anna", "Your sister is called Anna."),
    # Spanish
    ("Me llamo Lucía", "Your name is Lucía."),
    ("Mi perro se llama Toby", "Your dog is called Toby."),
    ("Vivo en Sevilla", "You live in Sevilla."),
    ("Tengo 29 años", "You are 29 years old."),
    ("Soy alérgica a las nueces", "You are allergic to nueces."),
    ("No me gusta el café", "You don't like café."),
    # French
    ("Je m'appelle Claire", "Your name is Claire."),
    ("Mon chien s'appelle Filou", "Your dog is called Filou."),
    ("J'habite à Lyon", "You live in Lyon."),
    ("J'ai 52 ans", "You are 52 years old."),
    ("J'ai un chat. Il s'appelle Félix.", "Your cat is called Félix."),
    # Portuguese
    ("Meu nome é João", "Your name is João."),
    ("Minha irmã se chama Rita", "Your sister is called Rita."),
    ("Moro em Porto Alegre", "You live in Porto Alegre."),
    ("Tenho 33 anos", "You are 33 years old."),
]

NOTHING = [
    "I don't have a dog",
    "Do you have a dog?",
    "If I lived in Paris, I'd be happy",
    "I wish I lived in Paris",
    "Is my dog called Biscuit?",
    "What's my name?",
    "My name is not Sam",
    "I'm not Sam",
    "He said I live in Paris",
    'She told me "my name is Anna"',
    '"I\'m Batman"',
    "> my name is Quoted",
    "I'm tired",
    "I'm Tired",
    "i'm fine, thanks",
    "I'm so happy today",
    "I'm sorry",
    "I'm on my way",
    "I'm at work",
    "I'm from work, so exhausted",
    "I live in fear",
    "I live in the moment",
    "I live in a nice flat",
    "I used to live in Madrid",
    "I no longer work as a nurse",
    "I could be a nurse",
    "Maybe I'm allergic to cats",
    "Imagine I have a horse called Pegasus",
    "I'd love a dog",
    "I want a dog",
    "Your dog is cute",
    "You live in Paris",
    "My friend says he is called Bob",
    "In my dream I was called Zorg, if that makes sense",
    "I love you",
    "I love it",
    "I like your voice",
    "I like that",
    "I love how you talk",
    "I'm not vegan",
    "I'm not 34",
    "I'm 5 minutes away",
    "I'm 10 minutes late",
    "I'm 20 percent done",
    "I eat meat, don't I?",
    "Am I a nurse?",
    "The dog next door is called Rex",
    "His name is Rex",
    "Call me later",
    "Call me back",
    "call me crazy",
    "call me when you can",
    "*my name is Zorro*",
    "Pretend my name is Zorro",
    "I'm a bit of a mess",
    "I'm a morning person",
    "I work too much",
    "I work all day",
    "I play dead",
    "My dog is sick",
    "my sister is annoying",
    "My sister is coming tomorrow?",
    "My mother thinks I live in a pigsty",
    "I'm dying of laughter",
    "I'm going to bed",
    "I have to go",
    "I have no idea",
    "I have a headache",
    "I have a question",
    "I have a feeling this goes wrong",
    "I was a nurse in the game",
    "My character lives in Paris and is called Zed",
    "I almost adopted a cat",
    "ich hätte gern einen Hund",
    "Ich habe keinen Hund",
    "Hast du einen Hund?",
    "Ich mag dich",
    "Ich bin müde",
    "No tengo perro",
    "¿Cómo te llamas?",
    "Je n'ai pas de chien",
    "Je t'aime",
    "Não tenho cachorro",
    "lol",
    "",
    "🙂🙂🙂",
    "asdf qwer zxcv",
    "I live in Paris, right?",
    "who is Anna?",
    "I'm happy that my sister is here",
    "I would say my name is Bob",
    "I'm Batman's biggest fan",
    "I don't live in Berlin",
    "I'm getting old",
    "my brother never calls",
    "The best dog is called Rex, they say",
    "I don't think I'm allergic to anything",
    "I hate this",
    "I hate my job",
    "I hate when that happens",
    "I enjoyed the film",
    "I'll be right back",
    "I'm having dinner",
    "I drive to work",
    "My name, you ask?",
]


@pytest.mark.parametrize(("said", "fact"), FOUND, ids=[said[:40] for said, _ in FOUND])
def test_finds_what_is_told(said: str, fact: str) -> None:
    assert fact in [found.text for found in find_facts(said, said_at=SAID_AT)]


@pytest.mark.parametrize("said", NOTHING, ids=[said[:40] or "empty" for said in NOTHING])
def test_leaves_alone_what_is_not_told(said: str) -> None:
    assert [found.text for found in find_facts(said, said_at=SAID_AT)] == []


def test_the_tables_are_as_long_as_promised() -> None:
    assert len(FOUND) + len(NOTHING) >= 120
    assert len(NOTHING) >= 40


def test_several_facts_in_one_message() -> None:
    said = "Hi, I'm Sam. I live in Hamburg, I work as a nurse and my dog is called Biscuit."
    assert [fact.text for fact in find_facts(said, said_at=SAID_AT)] == [
        "Your name is Sam.",
        "You live in Hamburg.",
        "You work as a nurse.",
        "Your dog is called Biscuit.",
    ]


def test_facts_of_which_there_is_one_are_exclusive() -> None:
    (home,) = find_facts("I live in Hamburg", said_at=SAID_AT)
    (taste,) = find_facts("I love jazz", said_at=SAID_AT)
    assert home.exclusive
    assert not taste.exclusive


def test_a_fact_carries_its_own_words() -> None:
    (fact,) = find_facts("It rained. My dog is called Biscuit. Bye!", said_at=SAID_AT)
    assert fact.source_text == "My dog is called Biscuit"
    assert (fact.subject, fact.relation, fact.value, fact.topic) == ("your dog", "name", "Biscuit", "pets")


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_without_harm(said: str) -> None:
    for fact in find_facts(said, said_at=SAID_AT):
        assert fact.text
        assert "\n" not in fact.text


def test_a_very_long_text_is_read_quickly() -> None:
    # 100 kB of the kind of text that makes careless patterns explode.
    for said in ("my " * 33_000, "I have a " * 11_000, "a" * 100_000, "I'm " + "very " * 20_000 + "tired"):
        started = datetime.now(UTC)
        find_facts(said, said_at=SAID_AT)
        assert (datetime.now(UTC) - started).total_seconds() < 2
