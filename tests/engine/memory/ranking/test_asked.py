"""What a text asks of memory: words, whose turns, and whether a time is asked for."""

from __future__ import annotations

import pytest

from engine.memory.ranking.asked import BY_PRONOUN, MOST_WORDS, read
from engine.types import Role


def test_names_tell_whose_turns_are_meant_and_are_not_looked_for() -> None:
    asked = read("What did Sam's sister paint?", "Sam Miller", "Noor")
    assert (asked.about, asked.certainty) == (Role.PERSON, 1.0)
    assert asked.words == ["sister", "paint"]
    assert read("Which book did Noor read?", "Sam", "Noor").about is Role.CHARACTER


def test_both_names_mean_either() -> None:
    assert read("Where did Sam and Noor meet?", "Sam", "Noor").about is None


def test_a_name_alone_is_looked_for() -> None:
    assert read("Noor?", "Sam", "Noor").words == ["noor"]


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("What was the name of my dog?", Role.PERSON),
        ("Do you remember where I parked?", Role.PERSON),
        ("Can you tell me what my sister does?", Role.PERSON),
        ("Which street do you live in?", Role.CHARACTER),
        ("Did you say which street I should take?", None),
        ("What did you tell me about the ferry?", Role.CHARACTER),
        ("Is the lighthouse open?", None),
        ("Weißt du noch, wie mein Hund heißt?", Role.PERSON),
        ("Wo wohnst du?", Role.CHARACTER),
        ("¿Te acuerdas de mi hermana?", Role.PERSON),
        ("Tu te souviens de mon chien ?", Role.PERSON),
        ("Você lembra da minha irmã?", Role.PERSON),
    ],
)
def test_pronouns_tell_it_too_with_less_weight(text: str, about: Role | None) -> None:
    asked = read(text, "Sam", "Noor")
    assert asked.about is about
    assert asked.certainty == (BY_PRONOUN if about else 0.0)


@pytest.mark.parametrize(
    "text",
    ["When did we meet?", "Since when?", "Wann war das?", "¿Cuándo fue?", "Quand ?", "Há quanto tempo?"],
)
def test_a_time_is_asked_for(text: str) -> None:
    assert read(text, "Sam", "Noor").when


def test_no_time_is_asked_for() -> None:
    assert not read("Where did we meet?", "Sam", "Noor").when


def test_of_a_long_text_the_longest_words_are_looked_for_in_its_order() -> None:
    long = [f"lighthouse{number}" for number in range(MOST_WORDS)]
    asked = read(" ".join(["ferry", *long, "dog"]), "Sam", "Noor")
    assert asked.words == long


@pytest.mark.parametrize(
    "text",
    [
        "How many times did I go diving with her last spring?",
        "Where has Sam been with the children since the wedding?",
        "Which musical instruments do you keep under the bed?",
        "What are the names of my two neighbours upstairs?",
        "Did we both study geology at the coast?",
        "Welche Bücher habe ich in letzter Zeit gelesen?",
        "¿Cuáles son las ciudades que visité con mi hermano?",
        "Quels livres ai-je lus avec ma sœur en Bretagne ?",
        "Quais livros eu li com a minha irmã no Porto?",
        "What does Sam collect?",
    ],
)
def test_many_things_are_asked_for(text: str) -> None:
    assert read(text, "Sam", "Noor").broad


@pytest.mark.parametrize(
    "text",
    [
        "What is the name of the boat that sank near the lighthouse?",
        "Which dress did my sister wear at the wedding?",
        "When did Sam's dogs eat?",
        "Thanks, sleep well!",
        "What was the ferry carrying that sank?",
    ],
)
def test_one_thing_is_asked_for(text: str) -> None:
    assert not read(text, "Sam", "Noor").broad
