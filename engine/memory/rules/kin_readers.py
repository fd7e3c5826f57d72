"""What the rules of German, Spanish, French and Portuguese make of family, friends and pets; the languages' files name them."""

from __future__ import annotations

import re

from engine.memory import say
from engine.memory.days import find_date
from engine.memory.found import NOTHING, Facts, Found, Hearing, Match
from engine.memory.rules import glossary, stops, values
from engine.memory.rules.numbers import number
from engine.memory.rules.tongue import Tongue
from engine.memory.words import KIN_OF

# A relation may be a hundred, a pet has months or weeks.
OLDEST = 110
UNITS = {"m": "months", "w": "weeks", "s": "weeks", "t": "days", "d": "days"}


def whom(match: Match, hearing: Hearing) -> str:
    """Whom a match is about: who is named in it, or who was spoken of last."""
    said = match.groupdict().get("kin")
    if not said:
        return hearing.last_subject if say.fits(match[0].split()[0], hearing.last_subject) else ""
    kin = re.sub(r"\s+", " ", said.lower())
    known = KIN_OF[hearing.tongue]
    return known.get(kin) or known.get(kin.replace("-", " "), "")


def kin_in(text: str, tongue: Tongue) -> str:
    """Whom of the person's a text speaks of last; "" if of nobody."""
    kin, known = "", KIN_OF[tongue.code]
    for match in tongue.kin.finditer(text):
        said = match["kin"].lower()
        kin = known.get(said) or known.get(said.replace("-", " "), kin)
    # "A tortoise" is one's own as soon as it is told of; a sister is not.
    pets = [known.get(match["kin"].lower(), "") for match in tongue.pet.finditer(text)]
    return next((pet for pet in reversed(pets) if say.topic_of(pet or "x") == "pets"), kin)


def name(match: Match, hearing: Hearing) -> Facts:
    """ "Mein Hund heißt Bello", "er heißt Bello"."""
    kin, value = whom(match, hearing), values.name_of(match["name"], hearing.tongue)
    return say.named(kin, value) if kin and value else NOTHING


def apposition(match: Match, hearing: Hearing) -> Facts:
    """ "Mi primo Javi": a name if it is written like one."""
    if not match["name"][0].isupper() or hearing.shouted:
        return NOTHING
    return name(match, hearing) if values.name_of(match["name"], hearing.tongue, sure=False) else NOTHING


def age(match: Match, hearing: Hearing) -> Facts:
    """ "Meine Katze ist drei", "ela tem 6 meses"."""
    kin, years = whom(match, hearing), number(match["age"])
    if not kin or years is None or years > OLDEST:
        return NOTHING
    unit = _unit(match.groupdict().get("unit") or "")
    value = f"{years} {unit}".strip()
    return [say.about(kin, "age", value, f"Your {kin} is {value}{' old' if unit else ''}.")]


def _unit(said: str) -> str:
    plain = glossary.folded(said)
    if not plain or plain.startswith(("jahr", "an")):
        return ""
    return (
        "days"
        if plain.startswith("jour")
        else "weeks"
        if plain.startswith("sem")
        else UNITS.get(plain[0], "")
    )


def born(match: Match, hearing: Hearing) -> Facts:
    """ "Meine Tochter wird am 3. Juni vier." """
    kin, found = whom(match, hearing), find_date(match["date"])
    if not kin or found is None:
        return NOTHING
    value = f"{found[0]} {say.MONTH_NAMES[found[1]]}"
    facts = [say.about(kin, "birthday", value, f"Your {kin}'s birthday is on {value}.")]
    years = number(match["age"]) if match.groupdict().get("age") else None
    if years:
        facts.append(say.about(kin, "age", str(years), f"Your {kin} turns {years} on {value}."))
    return facts


def home(match: Match, hearing: Hearing) -> Facts:
    """ "Mi hermana vive en Cádiz." """
    kin, value = whom(match, hearing), values.place_of(match["place"], hearing.tongue)
    lives = "live" if kin.endswith("s") and kin != "boss" else "lives"
    return (
        [say.about(kin, "lives in", value, f"Your {kin} {lives} in {value}.")] if kin and value else NOTHING
    )


def origin(match: Match, hearing: Hearing) -> Facts:
    """ "Mein Freund kommt aus Hannover." """
    kin, value = whom(match, hearing), values.place_of(match["place"], hearing.tongue, sure=False)
    return (
        [say.about(kin, "comes from", value, f"Your {kin} comes from {value}.")] if kin and value else NOTHING
    )


def job(match: Match, hearing: Hearing) -> Facts:
    """ "Ma sœur est infirmière": what is known as work."""
    kin, value = whom(match, hearing), values.work_in(match["what"], hearing.tongue)
    if not kin or not value:
        return NOTHING
    return [say.about(kin, "works as", value, f"Your {kin} is {say.a(value)}.")]


def has(match: Match, hearing: Hearing) -> Facts:
    """ "Tengo una gata que se llama Luna." """
    kin, named = whom(match, hearing), match.groupdict().get("name")
    if not kin:
        return NOTHING
    value = values.name_of(named, hearing.tongue) if named else ""
    if value:
        return [*say.named(kin, value), *(age(match, hearing) if match.groupdict().get("age") else ())]
    return [Found("you", "has", kin, f"You have {say.a(kin)}.", say.topic_of(kin), refers=kin)]


def has_twins(match: Match, hearing: Hearing) -> Facts:
    """ "Wir haben Zwillinge bekommen." """
    return [Found("you", "has", "twins", "You have twins.", "family", refers="twins")]


def nation(match: Match, hearing: Hearing) -> Facts:
    """ "Ma mère est polonaise." """
    said = match["what"].partition(",")[0].split()
    kin, value = whom(match, hearing), stops.nation(said[0], hearing.tongue) if said else ""
    return [say.about(kin, "comes from", value, f"Your {kin} is {value}.")] if kin and value else NOTHING


def partner(match: Match, hearing: Hearing) -> Facts:
    """ "Namoro com o Felipe": whom somebody is together with."""
    value = values.name_of(match["name"], hearing.tongue) if match["name"][0].isupper() else ""
    return say.named("partner", value) if value else NOTHING


def has_not(match: Match, hearing: Hearing) -> Facts:
    """ "Ich habe keinen Hund mehr." """
    kin = whom(match, hearing)
    return (
        [Found("you", "has", kin, f"You no longer have {say.a(kin)}.", say.topic_of(kin), ends=True)]
        if kin
        else NOTHING
    )


def has_many(match: Match, hearing: Hearing) -> Facts:
    """ "Tengo dos gatos": the newer number counts."""
    kin, count = stops.SEVERAL.get(glossary.folded(match["many"]), ""), number(match["count"])
    if not kin or not count or count < 2:
        return NOTHING
    topic = say.topic_of(kin)
    given = match.groupdict().get("names")
    called = _names(kin, given, hearing) if given else NOTHING
    spoken = stops.COUNTS.get(count, str(count))
    return [
        Found("you", "has", kin, "", topic, ends=True),
        Found("you", "has", f"{spoken} {kin}", f"You have {spoken} {kin}.", topic, refers=kin),
        *called,
    ]


def many_names(match: Match, hearing: Hearing) -> Facts:
    """ "Meine Söhne Till und Ole"."""
    kin = stops.SEVERAL.get(glossary.folded(match["many"]), "")
    return _names(kin, match["names"], hearing) if kin and not hearing.shouted else NOTHING


def pet(match: Match, hearing: Hearing) -> Facts:
    """ "Der Kater Mikesch": with an article it is one's own only of pets, and a name only if written like one."""
    kin = whom(match, hearing)
    if say.topic_of(kin) != "pets" or not match["name"][0].isupper() or hearing.shouted:
        return NOTHING
    value = values.name_of(match["name"].split()[0], hearing.tongue, sure=False)
    return say.named(kin, value) if value else NOTHING


def buried(match: Match, hearing: Hearing) -> Facts:
    """ "Hemos perdido a mi abuela"."""
    return death(match, hearing)


def names(match: Match, hearing: Hearing) -> Facts:
    """ "Elles s'appellent Lou et Manon." """
    return _names(hearing.last_subject, match["names"], hearing) if hearing.last_subject else NOTHING


def _names(kin: str, given: str, hearing: Hearing) -> Facts:
    parts = [values.name_of(part, hearing.tongue) for part in values.LIST.split(given.strip())]
    if (
        len(parts) < 2
        or not all(parts)
        or not all(part[:1].isupper() for part in values.LIST.split(given.strip()))
    ):
        return NOTHING
    value = f"{', '.join(parts[:-1])} and {parts[-1]}"
    return [say.about(kin, "name", value, f"Your {kin} are called {value}.")]


def death(match: Match, hearing: Hearing) -> Facts:
    """ "Mein Hund ist gestorben." """
    kin = whom(match, hearing)
    return [say.about(kin, "died", "died", f"Your {kin} has died."), *gone(kin)] if kin else NOTHING


def gone(kin: str) -> Facts:
    """What ends with somebody: that one has them."""
    return [Found("you", "has", kin, "", say.topic_of(kin), ends=True)]


def parted(match: Match, hearing: Hearing) -> Facts:
    """ "Ich habe mich von meinem Freund getrennt." """
    kin = whom(match, hearing) if match.groupdict().get("kin") else ""
    if not kin:
        return [Found("your partner", "", "", "", "family", ends=True), *gone("partner")]
    text = f"You and your {kin} broke up."
    return [
        Found("you", "relationship", text.rstrip("."), text, "family", exclusive=True),
        Found(f"your {kin}", "", "", "", "family", ends=True),
        *gone(kin),
    ]


def parted_from(match: Match, hearing: Hearing) -> Facts:
    """ "Terminei com a Bia": whoever of the person's has this name."""
    value = values.name_of(match["name"], hearing.tongue)
    return [Found("your partner", "name", value, "", "family", ends=True)] if value else NOTHING


def married_to(match: Match, hearing: Hearing) -> Facts:
    """ "Eu e o Felipe casamos." """
    value = values.name_of(match["name"], hearing.tongue)
    if not value:
        return NOTHING
    kin = "husband" if match["article"].lower() == "o" else "wife"
    return [
        Found("your partner", "name", value, "", "family", ends=True),
        *say.named(kin, value),
        *values.one("relationship", "married", "You are married.", "family"),
    ]


def two_children(match: Match, hearing: Hearing) -> Facts:
    """ "Tengo dos hijos, Hugo de 8 y Vera de 5": in these languages a girl's name mostly ends in "a"."""
    facts = list(has_many(match, hearing))
    for given, years in ((match["name"], match["age"]), (match["second"], match["years"])):
        value = values.name_of(given, hearing.tongue)
        kin = "daughter" if value.endswith("a") else "son"
        if value:
            facts += [*say.named(kin, value), say.about(kin, "age", years, f"Your {kin} is {years}.")]
    return facts


def wed(match: Match, hearing: Hearing) -> Facts:
    """ "Mi hermana está embarazada" and the like: a state in set words."""
    kin = whom(match, hearing)
    value = stops.STATES.get(glossary.folded(match["what"]), "")
    return [say.about(kin, "is", value, f"Your {kin} is {value}.")] if kin and value else NOTHING


def allergy(match: Match, hearing: Hearing) -> Facts:
    """ "Mein Sohn ist gegen Nüsse allergisch." """
    kin, value = whom(match, hearing), values.thing_of(match["what"], hearing.tongue, glossary.TASTES)
    if not kin or not value:
        return NOTHING
    text = f"Your {kin} is allergic to {value}."
    return [Found(f"your {kin}", "allergic to", value, text, say.topic_of(kin), refers=kin)]


def employer(match: Match, hearing: Hearing) -> Facts:
    """ "Mi marido trabaja en Correos." """
    kin = whom(match, hearing)
    value = values.thing_of(match["what"], hearing.tongue, glossary.PLACES_OF_WORK)
    if not kin or not value or value.lower() in stops.NO_EMPLOYERS:
        return NOTHING
    return [say.about(kin, "works at", value, f"Your {kin} works at {value}.")]


def study(match: Match, hearing: Hearing) -> Facts:
    """ "Mein Bruder studiert Jura": a subject that is known."""
    kin, value = whom(match, hearing), values.thing_of(match["what"], hearing.tongue, glossary.STUDIES)
    known = kin and value in values.SUBJECTS
    return [say.about(kin, "studies", value, f"Your {kin} studies {value}.")] if known else NOTHING


def wedding_off(match: Match, hearing: Hearing) -> Facts:
    """ "Ya no hay boda": no plan, and no engagement."""
    return [
        Found("you", "plan", "wedding", "", "dates", ends=True),
        Found("you", "relationship", "engaged", "", "family", ends=True),
    ]
