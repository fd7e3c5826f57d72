"""Values that German, Spanish, French and Portuguese rules read: names, places, things, work; the readers call it.

Each function gives "" for words that are no such thing, which makes a rule find nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.memory import say
from engine.memory.found import NOTHING, Facts, Found, Hearing, Match
from engine.memory.rules import glossary, stops

Read = Callable[[Match, Hearing], Facts]
LIST = re.compile(r", (?:und |y |et |e )?| und | y | et | e | & |/", re.IGNORECASE)


def one(relation: str, value: str, text: str, topic: str) -> Facts:
    """A fact about the person of which there is one at a time."""
    return [Found("you", relation, value, text, topic, exclusive=True)] if value else NOTHING


def many(relation: str, value: str, text: str, topic: str) -> Facts:
    """A fact about the person beside which there may be others."""
    return [Found("you", relation, value, text, topic)] if value else NOTHING


def over(relation: str, value: str, text: str, topic: str) -> Facts:
    """What does not hold any more."""
    return [Found("you", relation, value, text, topic, ends=True)]


def name_of(words: str, tongue: str, *, sure: bool = True) -> str:
    """A name as it is written, as far as it goes; "" if the words are none. `sure`: the sentence says that it is one."""
    parts: list[str] = []
    for part in words.strip(" .,!").split():
        if part.lower() in stops.NO_NAMES[tongue] or (parts and not part[0].isupper()):
            break
        parts.append(part)
    if not parts or not re.fullmatch(r"[^\W\d_][\w'’-]{0,24}", parts[0]):
        return ""
    # Nobody is called Nurse, and in German all nouns look like names.
    if not sure and glossary.english(parts[0], tongue, *glossary.ALL):
        return ""
    return " ".join(parts[:3]) if parts[0][0].isupper() else parts[0].capitalize()


def place_of(words: str, tongue: str, *, sure: bool = True) -> str:
    """A place as it is written. `sure`: the sentence says that it is one, so lower case is forgiven."""
    bare = stops.DWELLING[tongue].sub("", words.strip(" .,!"))
    bare = glossary.ARTICLE[tongue].sub("", bare) if tongue != "fr" else bare
    parts: list[str] = []
    for part in bare.split(",")[0].split():
        link = part.lower() in stops.PLACE_LINKS
        named = part[0].isupper() and not parts
        if (
            part.lower() in stops.STOPS[tongue]
            and not named
            and not (parts and link and _capital_follows(bare, part))
        ):
            break
        if parts and not part[0].isupper() and not link and parts[0][0].isupper():
            break
        parts.append(part)
    while parts and parts[-1].lower() in stops.PLACE_LINKS:
        parts.pop()
    if not parts or parts[0].lower() in stops.NO_PLACES[tongue] or parts[0][0].isdigit():
        return ""
    if parts[0][0].isupper():
        return "" if tongue == "de" and parts[0].lower() in stops.GERMAN_NOUNS else " ".join(parts[:5])
    known = glossary.folded(" ".join(parts)) in stops.CITIES
    if known or (sure and len(parts) == 1):
        return " ".join(part if part in say.LINKS else part.capitalize() for part in parts)
    return ""


def _capital_follows(words: str, link: str) -> bool:
    return bool(re.search(rf"\b{re.escape(link)} [A-ZÀ-Þ]", words))


def thing_of(said: str, tongue: str, *tables: str, most: int = 4) -> str:
    """What is named at the beginning of the words, in English where it is known."""
    head = re.split(r"[,;:!?()§…]| [-–—] ", said.strip())[0]
    parts = stops.LEADS[tongue].sub("", head).split()
    for length in range(min(len(parts), 6), 0, -1):
        ends = length == len(parts) or parts[length].lower() in stops.STOPS[tongue] | stops.AFTER[tongue]
        found = glossary.translated(" ".join(parts[:length]), tongue, *tables) if ends else ""
        if found:
            return found
    return _as_said(" ".join(parts), tongue, most)


def _as_said(head: str, tongue: str, most: int) -> str:
    parts: list[str] = []
    for part in glossary.ARTICLE[tongue].sub("", head).split():
        if part.lower() in stops.STOPS[tongue]:
            break
        parts.append(part)
    while parts and parts[-1].lower() in stops.JOINING:
        parts.pop()
    value = " ".join(parts)
    if not parts or len(parts) > most or parts[0].lower() in stops.NO_THINGS[tongue]:
        return ""
    return value if re.search(r"[^\W\d_]{2}", value) and "§" not in value else ""


DEFINITE = {
    "de": re.compile(r"(?:der|die|das|unser\w*|hier) ", re.IGNORECASE),
    "es": re.compile(r"(?:el|la|tu|su|mi|casi|como) ", re.IGNORECASE),
    "fr": re.compile(r"(?:le|la|ton|ta|ma|mon|comme|presque) |l'", re.IGNORECASE),
    "pt": re.compile(r"(?:o|a|teu|tua|sua|seu|quase|como) ", re.IGNORECASE),
}


def work_in(said: str, tongue: str) -> str:
    """The work that words begin with, in English where it is known; "" if they name none."""
    if DEFINITE[tongue].match(said):
        return ""  # "Hoy soy el cocinero": a part that somebody plays
    value = thing_of(said, tongue, glossary.WORK)
    if looks_like_work(value, tongue):
        return value
    first, *rest = said.partition(",")[0].split() or [""]
    # "Il est dentiste la semaine": one word that is work, and does not go on as "chef de …" does.
    first = glossary.english(first, tongue, glossary.WORK) or first
    goes_on = bool(rest) and rest[0].lower() in stops.JOINING
    return first if looks_like_work(first, tongue) and not goes_on else ""


def looks_like_work(value: str, tongue: str) -> bool:
    """Whether it is known as work, or formed like it: "brancardière"."""
    return is_work(value) or bool(value and " " not in value and stops.JOBS[tongue].fullmatch(value))


def is_work(value: str) -> bool:
    """Whether it is known as work: "teacher", "history teacher"."""
    return value in WORKS or value.rpartition(" ")[2] in WORKS


WORKS = frozenset(line.split("|")[0] for line in glossary.WORK.strip().splitlines())


THINGS = frozenset(line.split("|")[0] for table in glossary.ALL for line in table.strip().splitlines())


SPOKEN = frozenset(line.split("|")[0] for line in glossary.TONGUES.strip().splitlines())


ILLNESSES = frozenset(line.split("|")[0] for line in glossary.HEALTH.strip().splitlines())


WORKPLACES = frozenset(line.split("|")[0] for line in glossary.PLACES_OF_WORK.strip().splitlines())


# In the table they stand together; what stands before is eaten ("je fais de la soupe").
_ROWS = [line.split("|")[0] for line in glossary.TASTES.strip().splitlines()]


PASTIMES = frozenset(_ROWS[_ROWS.index("reading") : _ROWS.index("the sea")]) | {
    "martial arts",
    "judo",
    "karate",
    "boxing",
    "sport",
    "camping",
    "gym",
    "capoeira",
    "skateboarding",
}


SUBJECTS = frozenset(line.split("|")[0] for line in glossary.STUDIES.strip().splitlines())
