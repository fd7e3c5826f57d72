"""What the rules of German, Spanish, French and Portuguese make of a person and their home; the languages' files name them.

A fact is English whatever language it was told in, so that one memory reads as one; names stay as they were written.
"""

from __future__ import annotations

from engine.memory import say
from engine.memory.days import find_date
from engine.memory.found import NOTHING, Facts, Hearing, Match
from engine.memory.rules import glossary
from engine.memory.rules.numbers import number
from engine.memory.rules.values import Read, many, name_of, one, over, place_of, thing_of

# Ages that people tell of themselves; what is less or more is a height or a joke.
YOUNGEST, OLDEST = 10, 110


def name(match: Match, hearing: Hearing) -> Facts:
    """ "Ich heiße Jürgen." """
    value = name_of(match["name"], hearing.tongue)
    return one("name", value, f"Your name is {value}.", "you")


def nickname(match: Match, hearing: Hearing) -> Facts:
    """ "Todos me llaman Lupita": beside the name."""
    value = name_of(match["name"], hearing.tongue)
    return many("name", value, f"Your name is {value}.", "you")


def perhaps_name(match: Match, hearing: Hearing) -> Facts:
    """ "Soy Lucía": a name if it is written like one, or if somebody says hello with it."""
    words = match["name"].split()
    if hearing.shouted or not (match["name"][0].isupper() or (hearing.greeted and len(words) == 1)):
        return NOTHING
    # "C'est Oleg maintenant": whoever was spoken of.
    if not hearing.greeted and (
        hearing.tongue == "de" or (match[0].lower().startswith("c'est") and hearing.last_subject)
    ):
        return NOTHING
    value = name_of(match["name"], hearing.tongue, sure=False)
    return one("name", value, f"Your name is {value}.", "you")


def written_name(match: Match, hearing: Hearing) -> Facts:
    """ "Ich bin die Steffi": a name if it is written like one; "die jüngste" is none."""
    value = name_of(match["name"], hearing.tongue, sure=False) if match["name"][0].isupper() else ""
    return one("name", value, f"Your name is {value}.", "you")


def home(match: Match, hearing: Hearing) -> Facts:
    """ "Vivo en Sevilla." """
    value = place_of(match["place"], hearing.tongue)
    return one("lives in", value, f"You live in {value}.", "places")


def no_home(match: Match, hearing: Hearing) -> Facts:
    """ "Ich wohne nicht mehr in Köln." """
    value = place_of(match["place"], hearing.tongue)
    return over("lives in", value, f"You no longer live in {value}.", "places") if value else NOTHING


def home_named(match: Match, hearing: Hearing) -> Facts:
    """ "J'habite Lyon": without a preposition it is a place only if it is written like one."""
    return home(match, hearing) if match["place"][0].isupper() else NOTHING


def origin(match: Match, hearing: Hearing) -> Facts:
    """ "Sou de Recife." """
    value = place_of(match["place"], hearing.tongue, sure=False)
    return one("comes from", value, f"You come from {value}.", "places")


def born(match: Match, hearing: Hearing) -> Facts:
    """ "Nací en Puebla." """
    value = place_of(match["place"], hearing.tongue)
    return one("born in", value, f"You were born in {value}.", "places")


def grew(match: Match, hearing: Hearing) -> Facts:
    """ "J'ai grandi à Marseille." """
    value = place_of(match["place"], hearing.tongue)
    return one("grew up in", value, f"You grew up in {value}.", "places")


def age(match: Match, hearing: Hearing) -> Facts:
    """ "Tengo 29 años." """
    years = number(match["age"])
    if years is None or not YOUNGEST <= years <= OLDEST:
        return NOTHING
    return one("age", str(years), f"You are {years} years old.", "dates")


def birthday(match: Match, hearing: Hearing) -> Facts:
    """ "Mein Geburtstag ist am 3. Mai." """
    found = find_date(match["date"])
    if found is None:
        return NOTHING
    value = f"{found[0]} {say.MONTH_NAMES[found[1]]}"
    return one("birthday", value, f"Your birthday is on {value}.", "dates")


def state(relation: str, value: str, topic: str = "family") -> Read:
    """A reader for one fact in set words: "single", "vegetarian"."""

    def read(match: Match, hearing: Hearing) -> Facts:
        return one(relation, value, f"You are {value}.", topic)

    return read


def nation(match: Match, hearing: Hearing) -> Facts:
    """ "Soy peruana": where somebody is from, if it is known as that."""
    value = glossary.english(match["what"].partition(",")[0].split()[0], hearing.tongue, glossary.NATIONS)
    return many("nationality", value, f"You are {value}.", "places")


def gone(match: Match, hearing: Hearing) -> Facts:
    """ "Vendí el coche": neither had nor driven."""
    value = thing_of(match["what"], hearing.tongue, *glossary.ALL, most=3)
    return (
        [fact for verb in ("has", "drives", "plays") for fact in over(verb, value, "", "other")]
        if value
        else NOTHING
    )


def left_place(match: Match, hearing: Hearing) -> Facts:
    """ "J'ai quitté Lyon pour Nantes": places that are written like ones."""
    place = place_of(match["place"], hearing.tongue) if match["place"][0].isupper() else ""
    if not place:
        return NOTHING
    to = match.groupdict().get("to") or ""
    new = place_of(to, hearing.tongue) if to[:1].isupper() else ""
    ends = over("lives in", place, "", "places")
    return [*ends, *one("lives in", new, f"You live in {new}.", "places")] if new else ends


def home_coming(match: Match, hearing: Hearing) -> Facts:
    """ "Wir ziehen nach Gera": a plan."""
    value = place_of(match["place"], hearing.tongue)
    return many("plan", f"move to {value}", f"You are moving to {value}.", "dates") if value else NOTHING


def moved_away(match: Match, hearing: Hearing) -> Facts:
    """ "Nos mudamos de ahí": wherever it was, and wherever to."""
    return over("lives in", "", "", "places")
