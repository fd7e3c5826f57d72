"""What the rules of German, Spanish, French and Portuguese make of a match; the languages' files name them.

A fact is English whatever language it was told in, so that one memory reads as one; names stay as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.memory import say
from engine.memory.days import find_date
from engine.memory.found import NOTHING, Facts, Found, Hearing, Match
from engine.memory.rules import glossary, stops
from engine.memory.rules.numbers import number

Read = Callable[[Match, Hearing], Facts]
# Ages that people tell of themselves; what is less or more is a height or a joke.
YOUNGEST, OLDEST = 10, 110
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


def job(match: Match, hearing: Hearing) -> Facts:
    """ "Ich arbeite als Krankenpfleger": whatever follows is work."""
    value = thing_of(match["what"], hearing.tongue, glossary.WORK)
    return _works_as(value)


def known_job(match: Match, hearing: Hearing) -> Facts:
    """ "Soy ingeniera": work if it is known as such, or formed like it."""
    return _works_as(work_in(match["what"], hearing.tongue))


def work_in(said: str, tongue: str) -> str:
    """The work that words begin with, in English where it is known; "" if they name none."""
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


def _works_as(value: str) -> Facts:
    if value in ("retired", "unemployed", "self-employed"):
        return one("works as", value, f"You are {value}.", "work")
    article = say.a(value) if is_work(value) else value
    return one("works as", value, f"You work as {article}.", "work")


# "Ich arbeite bei der Post als Zusteller": where, and then as what.
AS = {
    "de": re.compile(r" als (?P<what>.+)$", re.IGNORECASE),
    "es": re.compile(r" (?:como|de) (?P<what>.+)$", re.IGNORECASE),
    "fr": re.compile(r" (?:comme|en tant que) (?P<what>.+)$", re.IGNORECASE),
    "pt": re.compile(r" (?:como|de) (?P<what>.+)$", re.IGNORECASE),
}


def employer(match: Match, hearing: Hearing) -> Facts:
    """ "Je bosse dans une assurance (comme comptable)." """
    what = AS[hearing.tongue].search(match["what"])
    return [*_employer(match, hearing), *(known_job(what, hearing) if what else ())]


def _employer(match: Match, hearing: Hearing) -> Facts:
    value = thing_of(match["what"], hearing.tongue, glossary.PLACES_OF_WORK)
    if value.lower() in stops.NO_EMPLOYERS or say.is_time(value):
        return NOTHING
    how = "in" if value in ("IT", "marketing", "construction") else "at"
    return one(f"works {how}", value, f"You work {how} {value}.", "work")


def no_job(match: Match, hearing: Hearing) -> Facts:
    """ "Ich bin kein Lehrer mehr." """
    value = thing_of(match["what"], hearing.tongue, glossary.WORK)
    known = is_work(value) or stops.JOBS[hearing.tongue].fullmatch(value)
    return over("works as", value, f"You no longer work as {say.a(value)}.", "work") if known else NOTHING


def no_employer(match: Match, hearing: Hearing) -> Facts:
    """ "Ya no trabajo en la tienda": and so not as what one did there."""
    value = thing_of(match["what"], hearing.tongue, glossary.PLACES_OF_WORK)
    if not value:
        return NOTHING
    return [
        *over("works at", value, f"You no longer work at {value}.", "work"),
        *over("works as", "", "", "work"),
    ]


def quit_job(match: Match, hearing: Hearing) -> Facts:
    """ "Hab gekündigt." """
    return [*over("works at", "", "", "work"), *over("works as", "", "", "work")]


def study(match: Match, hearing: Hearing) -> Facts:
    """ "Estudio derecho." """
    value = thing_of(match["what"], hearing.tongue, glossary.STUDIES, glossary.TONGUES)
    return one("studies", value, f"You study {value}.", "work")


def no_study(match: Match, hearing: Hearing) -> Facts:
    """ "J'ai arrêté la fac." """
    what = (
        thing_of(match["what"] or "", hearing.tongue, glossary.STUDIES)
        if "what" in match.re.groupindex
        else ""
    )
    return over("studies", what, f"You no longer study {what}." if what else "", "work")


def _tastes(said: str, tongue: str) -> list[str]:
    parts = [part for part in LIST.split(said) if part.strip()]
    if len(parts) == 1 or glossary.translated(said, tongue, *glossary.ALL):
        return [value for value in [thing_of(said, tongue, *glossary.ALL)] if value]
    values: list[str] = []
    for part in parts:
        value = thing_of(part, tongue, *glossary.ALL)
        # A list goes on as long as its items are known or a word; then the sentence goes on.
        if (
            not value
            or stops.TO_YOU[tongue].search(part)
            or (values and value not in THINGS and " " in part.strip())
        ):
            break
        values.append(value)
    return values


THINGS = frozenset(line.split("|")[0] for table in glossary.ALL for line in table.strip().splitlines())


def _wanted(said: str, tongue: str) -> bool:
    """Whether something is liked in general; "ich mag dich" is about the talk."""
    return not stops.TO_YOU[tongue].search(" ".join(said.split()[:2]))


def likes(match: Match, hearing: Hearing) -> Facts:
    """ "Me encantan las berenjenas." """
    if not _wanted(match["what"], hearing.tongue):
        return NOTHING
    values = _tastes(match["what"], hearing.tongue)
    return [fact for value in values for fact in many("likes", value, f"You like {value}.", "likes")]


def dislikes(match: Match, hearing: Hearing) -> Facts:
    """ "Odio coentro." """
    if not _wanted(match["what"], hearing.tongue):
        return NOTHING
    values = _tastes(match["what"], hearing.tongue)
    return [fact for value in values for fact in many("dislikes", value, f"You don't like {value}.", "likes")]


def no_taste(match: Match, hearing: Hearing) -> Facts:
    """ "Ya no me gusta el café." """
    value = thing_of(match["what"], hearing.tongue, *glossary.ALL)
    if not value or not _wanted(match["what"], hearing.tongue):
        return NOTHING
    return over("likes", value, f"You no longer like {value}.", "likes")


def favourite(match: Match, hearing: Hearing) -> Facts:
    """ "Meine Lieblingsfarbe ist Grün." """
    kind = stops.KINDS.get(glossary.folded(match["kind"]), "")
    value = thing_of(match["what"], hearing.tongue, *glossary.ALL, most=5)
    return one(f"favourite {kind}", value, f"Your favourite {kind} is {value}.", "likes") if kind else NOTHING


def plays(match: Match, hearing: Hearing) -> Facts:
    """ "Ich spiele Cello." """
    value = thing_of(match["what"], hearing.tongue, glossary.TASTES, most=2)
    # "Toco madera", "jogo conversa fora": where the verb says much else, only what is known.
    if hearing.tongue in ("es", "pt") and value not in THINGS:
        return NOTHING
    return many("plays", value, f"You play {value}.", "likes")


def no_play(match: Match, hearing: Hearing) -> Facts:
    """ "Ich spiele kein Klavier mehr." """
    value = thing_of(match["what"], hearing.tongue, glossary.TASTES, most=2)
    return over("plays", value, f"You no longer play {value}.", "likes") if value else NOTHING


def learns(match: Match, hearing: Hearing) -> Facts:
    """ "Estoy aprendiendo alemán." """
    value = thing_of(match["what"], hearing.tongue, glossary.TONGUES, glossary.TASTES, most=2)
    return many("learning", value, f"You are learning {value}.", "likes")


NOT = re.compile(r"\b(?:no|nicht|não|pas|non|kein)$|^(?:no|nicht|não|pas|kein) ", re.IGNORECASE)


def speaks(match: Match, hearing: Hearing) -> Facts:
    """ "Falo francês e inglês." """
    parts = [
        stops.FLUENCY[hearing.tongue].sub("", part)
        for part in LIST.split(match["what"])
        if not NOT.search(part)
    ]
    spoken = [thing_of(part, hearing.tongue, glossary.TONGUES, most=1) for part in parts]
    return [
        fact
        for value in spoken
        if value in SPOKEN
        for fact in many("speaks", value, f"You speak {value}.", "you")
    ]


SPOKEN = frozenset(line.split("|")[0] for line in glossary.TONGUES.strip().splitlines())


def allergy(match: Match, hearing: Hearing) -> Facts:
    """ "Soy alérgica a las nueces." """
    values = _tastes(match["what"], hearing.tongue)
    return [
        fact
        for value in values
        if value.lower() not in stops.NO_THINGS[hearing.tongue]
        for fact in many("allergic to", value, f"You are allergic to {value}.", "health")
    ]


def condition(match: Match, hearing: Hearing) -> Facts:
    """ "Tengo migrañas": what is known as an illness."""
    values = [thing_of(part, hearing.tongue, glossary.HEALTH) for part in LIST.split(match["what"])]
    return [
        fact
        for value in values
        if value in ILLNESSES
        for fact in many("has condition", value, f"You have {value}.", "health")
    ]


ILLNESSES = frozenset(line.split("|")[0] for line in glossary.HEALTH.strip().splitlines())


def afraid(match: Match, hearing: Hearing) -> Facts:
    """ "Morro de medo de aranha." """
    value = thing_of(match["what"], hearing.tongue, glossary.TASTES)
    if not _wanted(match["what"], hearing.tongue):
        return NOTHING
    return many("is afraid of", value, f"You are afraid of {value}.", "likes")


def state(relation: str, value: str, topic: str = "family") -> Read:
    """A reader for one fact in set words: "single", "vegetarian"."""

    def read(match: Match, hearing: Hearing) -> Facts:
        return one(relation, value, f"You are {value}.", topic)

    return read


def hobby(value: str) -> Read:
    """A reader for a pastime in a verb: "ich koche gern"."""

    def read(match: Match, hearing: Hearing) -> Facts:
        return many("likes", value, f"You like {value}.", "likes")

    return read


def hobby_verb(match: Match, hearing: Hearing) -> Facts:
    """ "Ich koche gern." """
    value = stops.VERBS.get(glossary.folded(match["verb"]), "")
    return many("likes", value, f"You like {value}.", "likes")


def fears(value: str) -> Read:
    """A reader for a fear in one word: "Höhenangst"."""

    def read(match: Match, hearing: Hearing) -> Facts:
        return many("is afraid of", value, f"You are afraid of {value}.", "likes")

    return read


def left_work(match: Match, hearing: Hearing) -> Facts:
    """ "Adieu la banque": where it is known that one works there; else it is a farewell to anything."""
    known = thing_of(match["what"], hearing.tongue, glossary.PLACES_OF_WORK) in WORKPLACES
    return no_employer(match, hearing) if known else NOTHING


WORKPLACES = frozenset(line.split("|")[0] for line in glossary.PLACES_OF_WORK.strip().splitlines())


def sport(match: Match, hearing: Hearing) -> Facts:
    """ "Je fais de la randonnée": a pastime if it is known as one."""
    value = thing_of(match["what"], hearing.tongue, glossary.TASTES)
    return many("likes", value, f"You like {value}.", "likes") if value in PASTIMES else NOTHING


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


def illness(value: str) -> Read:
    """A reader for a condition in one word: "laktoseintolerant"."""

    def read(match: Match, hearing: Hearing) -> Facts:
        return many("has condition", value, f"You have {say.a(value)}.", "health")

    return read


def eats(value: str) -> Read:
    """A reader for how somebody eats: "vegan", "no alcohol"."""

    def read(match: Match, hearing: Hearing) -> Facts:
        text = f"You are {value}." if value in say.DIETS else f"You don't drink {value.removeprefix('no ')}."
        return say.diet(value, text)

    return read


def no_diet(match: Match, hearing: Hearing) -> Facts:
    """ "Ya no soy vegetariano." """
    return say.no_diet()


def nation(match: Match, hearing: Hearing) -> Facts:
    """ "Soy peruana": where somebody is from, if it is known as that."""
    value = glossary.english(match["what"].partition(",")[0].split()[0], hearing.tongue, glossary.NATIONS)
    return many("nationality", value, f"You are {value}.", "places")


def intolerance(match: Match, hearing: Hearing) -> Facts:
    """ "Ich vertrage keine Fruktose." """
    value = thing_of(match["what"], hearing.tongue, glossary.TASTES)
    known = value in THINGS
    return (
        many("has condition", f"{value} intolerance", f"You do not tolerate {value}.", "health")
        if known
        else NOTHING
    )


def no_eat(match: Match, hearing: Hearing) -> Facts:
    """ "Je mange pas de porc": a food that is known."""
    value = thing_of(match["what"], hearing.tongue, glossary.TASTES)
    if value == "meat":
        return say.diet("vegetarian", "You don't eat meat.")
    return many("does not eat", value, f"You don't eat {value}.", "health") if value in THINGS else NOTHING


def gone(match: Match, hearing: Hearing) -> Facts:
    """ "Vendí el coche": neither had nor driven."""
    value = thing_of(match["what"], hearing.tongue, *glossary.ALL, most=3)
    return (
        [fact for verb in ("has", "drives", "plays") for fact in over(verb, value, "", "other")]
        if value
        else NOTHING
    )


def stopped(match: Match, hearing: Hearing) -> Facts:
    """ "J'ai arrêté le judo": neither liked nor played nor learned."""
    value = thing_of(match["what"], hearing.tongue, *glossary.ALL, most=2)
    if value not in THINGS and value not in SPOKEN:
        return NOTHING
    return [fact for relation in ("likes", "learning") for fact in over(relation, value, "", "likes")]


def left_place(match: Match, hearing: Hearing) -> Facts:
    """ "J'ai quitté Lyon pour Nantes": places that are written like ones."""
    place = place_of(match["place"], hearing.tongue) if match["place"][0].isupper() else ""
    if not place:
        return NOTHING
    to = match.groupdict().get("to") or ""
    new = place_of(to, hearing.tongue) if to[:1].isupper() else ""
    ends = over("lives in", place, "", "places")
    return [*ends, *one("lives in", new, f"You live in {new}.", "places")] if new else ends


def closed(match: Match, hearing: Hearing) -> Facts:
    """ "La fábrica cerró": who works there, works there no more."""
    value = thing_of(match["what"], hearing.tongue, glossary.PLACES_OF_WORK)
    return over("works at", value, "", "work") if value in WORKPLACES else NOTHING


def switched(match: Match, hearing: Hearing) -> Facts:
    """ "Ich habe zur Bahn gewechselt", "mudei pra pedagogia": a workplace or a subject that is known."""
    place = thing_of(match["what"], hearing.tongue, glossary.PLACES_OF_WORK)
    if place in WORKPLACES:
        return [*over("works as", "", "", "work"), *_employer(match, hearing)]
    subject = thing_of(match["what"], hearing.tongue, glossary.STUDIES)
    return one("studies", subject, f"You study {subject}.", "work") if subject in SUBJECTS else NOTHING


SUBJECTS = frozenset(line.split("|")[0] for line in glossary.STUDIES.strip().splitlines())


def learns_known(match: Match, hearing: Hearing) -> Facts:
    """ "Estoy con el coreano": what is known to be learned."""
    value = thing_of(match["what"], hearing.tongue, glossary.TONGUES, most=1)
    return many("learning", value, f"You are learning {value}.", "likes") if value in SPOKEN else NOTHING


def dreads(match: Match, hearing: Hearing) -> Facts:
    """ "Ich habe Platzangst": a fear in one word."""
    value = stops.FEARS.get(glossary.folded(match["fear"]), "")
    return many("is afraid of", value, f"You are afraid of {value}.", "likes")


def likes_known(match: Match, hearing: Hearing) -> Facts:
    """ "Me privan los churros": where the verb says much else, only what is known."""
    value = thing_of(match["what"], hearing.tongue, *glossary.ALL)
    return many("likes", value, f"You like {value}.", "likes") if value in THINGS else NOTHING


def home_coming(match: Match, hearing: Hearing) -> Facts:
    """ "Wir ziehen nach Gera": a plan."""
    value = place_of(match["place"], hearing.tongue)
    return many("plan", f"move to {value}", f"You are moving to {value}.", "dates") if value else NOTHING


def unemployed(match: Match, hearing: Hearing) -> Facts:
    """ "Je suis au chômage depuis mars." """
    return [*over("works at", "", "", "work"), *_works_as("unemployed")]


def retired(match: Match, hearing: Hearing) -> Facts:
    """ "Sou reformada dos correios": no longer there."""
    return [*over("works at", "", "", "work"), *_works_as("retired")]


def made(match: Match, hearing: Hearing) -> Facts:
    """ "Ich nähe Quilts": what somebody does, with what."""
    verb = stops.VERBS.get(glossary.folded(match["verb"]), "")
    what = thing_of(match["what"], hearing.tongue, glossary.TASTES, most=2)
    value = f"{verb} {what}".strip()
    return many("hobby", value, f"You like {value}.", "likes") if verb and what else NOTHING


def teaches(match: Match, hearing: Hearing) -> Facts:
    """ "Enseño química." """
    value = thing_of(match["what"], hearing.tongue, glossary.STUDIES, glossary.TONGUES, glossary.TASTES)
    return many("teaches", value, f"You teach {value}.", "work")


def starts_study(match: Match, hearing: Hearing) -> Facts:
    """ "Empiezo enfermería": a subject that is known."""
    value = thing_of(match["what"], hearing.tongue, glossary.STUDIES)
    return one("studies", value, f"You study {value}.", "work") if value in SUBJECTS else NOTHING


def becomes(match: Match, hearing: Hearing) -> Facts:
    """ "Je deviens apicultrice": work that is known, and ahead."""
    value = work_in(match["what"], hearing.tongue)
    return (
        many("plan", f"become {say.a(value)}", f"You are going to be {say.a(value)}.", "work")
        if value
        else NOTHING
    )


def became_diet(match: Match, hearing: Hearing) -> Facts:
    """ "Je suis passée végane." """
    value = "vegan" if re.search(r"v[eé]gan", match[0], re.IGNORECASE) else "vegetarian"
    return say.diet(value, f"You are {value}.")


def dislikes_known(match: Match, hearing: Hearing) -> Facts:
    """ "Não posso com coentro": where the verb says much else, only what is known."""
    value = thing_of(match["what"], hearing.tongue, *glossary.ALL)
    return many("dislikes", value, f"You don't like {value}.", "likes") if value in THINGS else NOTHING


def well_again(match: Match, hearing: Hearing) -> Facts:
    """ "Plus d'anémie!": what is known as an illness is over."""
    value = thing_of(match["what"], hearing.tongue, glossary.HEALTH)
    return over("has condition", value, "", "health") if value in ILLNESSES else NOTHING


def moved_away(match: Match, hearing: Hearing) -> Facts:
    """ "Nos mudamos de ahí": wherever it was, and wherever to."""
    return over("lives in", "", "", "places")
