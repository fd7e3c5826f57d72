"""The friendship, line by line: what is told, what changes, what is forgotten, and much that tells nothing.

`friendship()` spreads the telling lines over 500 turns of small talk; each has a name, so that a question can say from
which line its answer comes.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

TURNS = 500
BEGIN = datetime(2024, 11, 3, 18, 0, tzinfo=UTC)
DAYS = 720
SECRET = "Zorblaxine"


@dataclass(frozen=True, slots=True)
class Line:
    """What the person says, and when. `name` is "" for what tells nothing."""

    at: datetime
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked at the end, words of which one must be in the answer, and the line that it comes from."""

    text: str
    words: tuple[str, ...]
    source: str


# By name, in the order in which they are told, with the share of the two years after which they are.
TOLD: Mapping[str, tuple[float, str]] = {
    "name": (0.0, "Hi! My name is Robin."),
    "home-1": (0.01, "I live in Lyon."),
    "dog-1": (0.02, "My dog is called Biscuit."),
    "work-1": (0.03, "I work as a nurse."),
    "sister": (0.05, "My sister is called Ana."),
    "sister-home": (0.06, "My sister lives in Porto."),
    "birthday": (0.07, "My birthday is on 14 May."),
    "tea": (0.09, "I love jasmine tea."),
    "olives": (0.10, "I hate olives."),
    "allergy": (0.12, "I'm allergic to peanuts."),
    "brother": (0.14, "My brother is called Tomas."),
    "cello": (0.16, "I play the cello."),
    "japanese": (0.18, "I'm learning Japanese."),
    "lighthouse": (0.20, "Last week we drove out to the lighthouse at Penmarch and it rained the whole day."),
    "mother": (0.22, "My mother is called Ilse."),
    "mother-work": (0.23, "My mother works as a carpenter."),
    "cat": (0.25, "I have a cat called Pixel."),
    "spiders": (0.27, "I'm afraid of spiders."),
    "colour": (0.29, "My favourite colour is teal."),
    "friend": (0.31, "My best friend is called Yusuf."),
    "home-2": (0.33, "I moved to Nantes."),
    "bakery": (0.35, "The bakery with the blue door burned down on Sunday, I cried a little."),
    "car": (0.37, "My car is called Gertrude."),
    "vegetarian": (0.39, "I'm vegetarian."),
    "secret": (0.41, f"My secret hiding place is called {SECRET}."),
    "forget": (0.415, "forget that"),
    "film": (0.43, "My favourite film is Stalker."),
    "book": (0.45, "My favourite book is Middlemarch."),
    "marathon": (0.47, "I ran my first marathon in Bordeaux and my knees still hate me."),
    "dog-2": (0.50, "My dog is called Max now."),
    "work-2": (0.54, "I'm a teacher now."),
    "partner": (0.57, "My girlfriend is called Noémie."),
    "guitar": (0.60, "I stole a guitar pick from a museum shop on a school trip."),
    "grandfather": (0.63, "My grandfather is called Otto."),
    "boss": (0.66, "My boss is called Valérie."),
    "coffee": (0.69, "I like cardamom coffee."),
    "storm": (0.72, "The storm tore the roof off our garden shed and we found it in the neighbour's pond."),
    "home-3": (0.76, "I moved to Hamburg."),
    "chess": (0.80, "I play chess."),
    "tattoo": (0.84, "Got a tiny heron tattooed on my left ankle today."),
    "daughter": (0.88, "My daughter is called Mina."),
    "song": (0.91, "My favourite song is Wild Is the Wind."),
    "uncle": (0.11, "My uncle is called Piet."),
    "aunt": (0.13, "My aunt is called Rosa."),
    "parrot": (0.15, "I have a parrot called Duke."),
    "river": (0.19, "We swam in the Loire at midnight and somebody stole our shoes."),
    "neighbour": (0.21, "My neighbour is called Igor."),
    "soup": (0.24, "I love leek soup."),
    "thunder": (0.36, "My cat is afraid of thunder."),
    "concert": (0.44, "The cello string snapped in the middle of the concert and everybody clapped."),
    "father": (0.48, "My father is called Benno."),
    "museum": (0.86, "I saw a stuffed walrus at the museum in Bremen, it looked offended."),
    "glasses": (0.94, "Found my lost glasses in the freezer, between the peas."),
}

QUESTIONS: Sequence[Question] = (
    Question("What's my name?", ("Robin",), "name"),
    Question("Do you remember my name?", ("Robin",), "name"),
    Question("Where do I live?", ("Hamburg",), "home-3"),
    Question("Which city do I live in now?", ("Hamburg",), "home-3"),
    Question("Do you know where my home is?", ("Hamburg",), "home-3"),
    Question("Where did I move to last?", ("Hamburg",), "home-3"),
    Question("What is my dog called?", ("Max",), "dog-2"),
    Question("What's the name of my dog?", ("Max",), "dog-2"),
    Question("Do you remember my dog's name?", ("Max",), "dog-2"),
    Question("What do I do for work?", ("teacher",), "work-2"),
    Question("What's my job?", ("teacher",), "work-2"),
    Question("Do you know what I work as?", ("teacher",), "work-2"),
    Question("What is my sister called?", ("Ana",), "sister"),
    Question("What's my sister's name?", ("Ana",), "sister"),
    Question("Where does my sister live?", ("Porto",), "sister-home"),
    Question("Which city does my sister live in?", ("Porto",), "sister-home"),
    Question("When is my birthday?", ("14 May", "May 14"), "birthday"),
    Question("Do you remember when my birthday is?", ("14 May", "May 14"), "birthday"),
    Question("Which tea do I love?", ("jasmine",), "tea"),
    Question("What tea do I like?", ("jasmine",), "tea"),
    Question("What do I think of olives?", ("olives",), "olives"),
    Question("Do I like olives?", ("hate", "don't like", "dislike", "olives"), "olives"),
    Question("What am I allergic to?", ("peanuts",), "allergy"),
    Question("Do you know my allergy?", ("peanuts",), "allergy"),
    Question("What is my brother called?", ("Tomas",), "brother"),
    Question("What's my brother's name?", ("Tomas",), "brother"),
    Question("Which instrument do I play?", ("cello",), "cello"),
    Question("What instrument do I play?", ("cello",), "cello"),
    Question("Which language am I learning?", ("Japanese",), "japanese"),
    Question("What language am I learning?", ("Japanese",), "japanese"),
    Question("What happened at the lighthouse?", ("Penmarch", "rained"), "lighthouse"),
    Question(
        "Do you remember the lighthouse at Penmarch?", ("Penmarch", "rained", "lighthouse"), "lighthouse"
    ),
    Question("What is my mother called?", ("Ilse",), "mother"),
    Question("What's my mother's name?", ("Ilse",), "mother"),
    Question("What does my mother do for work?", ("carpenter",), "mother-work"),
    Question("What is my mother's job?", ("carpenter",), "mother-work"),
    Question("What is my cat called?", ("Pixel",), "cat"),
    Question("What's the name of my cat?", ("Pixel",), "cat"),
    Question("What am I afraid of?", ("spiders",), "spiders"),
    Question("Do you know what I'm afraid of?", ("spiders",), "spiders"),
    Question("What's my favourite colour?", ("teal",), "colour"),
    Question("Which colour is my favourite?", ("teal",), "colour"),
    Question("What is my best friend called?", ("Yusuf",), "friend"),
    Question("Who is my best friend?", ("Yusuf",), "friend"),
    Question("What happened to the bakery?", ("burned", "bakery"), "bakery"),
    Question("What was it about the bakery with the blue door?", ("burned", "bakery"), "bakery"),
    Question("What is my car called?", ("Gertrude",), "car"),
    Question("What's the name of my car?", ("Gertrude",), "car"),
    Question("Do I eat meat?", ("vegetarian",), "vegetarian"),
    Question("Am I vegetarian?", ("vegetarian",), "vegetarian"),
    Question("What's my favourite film?", ("Stalker",), "film"),
    Question("Which film is my favourite?", ("Stalker",), "film"),
    Question("What's my favourite book?", ("Middlemarch",), "book"),
    Question("Which book is my favourite?", ("Middlemarch",), "book"),
    Question("Where did I run my marathon?", ("Bordeaux",), "marathon"),
    Question("Do you remember my first marathon?", ("Bordeaux", "marathon"), "marathon"),
    Question("What is my girlfriend called?", ("Noémie",), "partner"),
    Question("What's my girlfriend's name?", ("Noémie",), "partner"),
    Question("What did I steal from the museum shop?", ("guitar pick", "pick"), "guitar"),
    Question("Do you remember what I stole on the school trip?", ("pick",), "guitar"),
    Question("What is my grandfather called?", ("Otto",), "grandfather"),
    Question("What's my grandfather's name?", ("Otto",), "grandfather"),
    Question("What is my boss called?", ("Valérie",), "boss"),
    Question("What's my boss's name?", ("Valérie",), "boss"),
    Question("Which coffee do I like?", ("cardamom",), "coffee"),
    Question("What kind of coffee do I like?", ("cardamom",), "coffee"),
    Question("What did the storm do to our garden shed?", ("roof", "pond"), "storm"),
    Question("Where did we find the roof of the shed?", ("pond",), "storm"),
    Question("Which game do I play?", ("chess", "cello"), "chess"),
    Question("Do I play chess?", ("chess",), "chess"),
    Question("What did I get tattooed?", ("heron",), "tattoo"),
    Question("Where is my tattoo?", ("ankle",), "tattoo"),
    Question("What is my daughter called?", ("Mina",), "daughter"),
    Question("What's my daughter's name?", ("Mina",), "daughter"),
    Question("What's my favourite song?", ("Wild Is the Wind",), "song"),
    Question("Which song is my favourite?", ("Wild Is the Wind",), "song"),
    Question("Who is Yusuf?", ("friend",), "friend"),
    Question("Who is Gertrude?", ("car",), "car"),
    Question("What is my uncle called?", ("Piet",), "uncle"),
    Question("What's my uncle's name?", ("Piet",), "uncle"),
    Question("What is my aunt called?", ("Rosa",), "aunt"),
    Question("What's my aunt's name?", ("Rosa",), "aunt"),
    Question("What is my parrot called?", ("Duke",), "parrot"),
    Question("What's the name of my parrot?", ("Duke",), "parrot"),
    Question("What was stolen when we swam in the Loire?", ("shoes",), "river"),
    Question("Do you remember when we swam in the Loire at midnight?", ("shoes",), "river"),
    Question("What is my neighbour called?", ("Igor",), "neighbour"),
    Question("What's my neighbour's name?", ("Igor",), "neighbour"),
    Question("Which soup do I love?", ("leek",), "soup"),
    Question("What soup do I like?", ("leek",), "soup"),
    Question("What is my cat afraid of?", ("thunder",), "thunder"),
    Question("Do you know what my cat is afraid of?", ("thunder",), "thunder"),
    Question("What happened at the concert?", ("string",), "concert"),
    Question("What snapped in the middle of my concert?", ("string",), "concert"),
    Question("What is my father called?", ("Benno",), "father"),
    Question("What's my father's name?", ("Benno",), "father"),
    Question("What did I see at the museum in Bremen?", ("walrus",), "museum"),
    Question("Where did I see the stuffed walrus?", ("Bremen",), "museum"),
    Question("Where were my glasses?", ("freezer",), "glasses"),
    Question("Where did I find my lost glasses?", ("freezer",), "glasses"),
)

_WEATHER = (
    "fog on the river",
    "a thin rain",
    "wind from the north",
    "frost on the windows",
    "a hot still noon",
)
_DOING = (
    "cleaned the stairs",
    "burned the rice",
    "watched the boats",
    "mended a chair",
    "slept badly",
    "walked a lot",
)
_FEELING = (
    "Somehow I liked it.",
    "It was fine.",
    "Nothing much, really.",
    "I could not stop laughing.",
    "Oh well.",
)
_ASKED = ("How was your day?", "What are you up to?", "Did you sleep?", "Tell me something.", "And you?")


def friendship(seed: int = 5) -> list[Line]:
    """All lines in their order: those that tell, and small talk between them."""
    picker = random.Random(seed)
    told = [Line(BEGIN + timedelta(days=share * DAYS), text, name) for name, (share, text) in TOLD.items()]
    moments = sorted(picker.uniform(0.0, 1.0) for _ in range(TURNS - len(told)))
    small = [Line(BEGIN + timedelta(days=at * DAYS, minutes=1), _small_talk(picker)) for at in moments]
    # What is forgotten is what was said last.
    quiet = (
        next(line.at for line in told if line.name == "secret"),
        next(line.at for line in told if line.name == "forget"),
    )
    return sorted(
        [*told, *(line for line in small if not quiet[0] <= line.at <= quiet[1])], key=lambda line: line.at
    )


def _small_talk(picker: random.Random) -> str:
    if picker.random() < 0.25:
        return picker.choice(_ASKED)
    return f"There was {picker.choice(_WEATHER)}, and I {picker.choice(_DOING)}. {picker.choice(_FEELING)}"
