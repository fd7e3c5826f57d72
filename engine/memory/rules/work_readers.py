"""What the rules of German, Spanish, French and Portuguese make of work and studies; the languages' files name them."""

from __future__ import annotations

import re

from engine.memory import say
from engine.memory.found import NOTHING, Facts, Hearing, Match
from engine.memory.rules import glossary, stops
from engine.memory.rules.values import SUBJECTS, WORKPLACES, is_work, many, one, over, thing_of, work_in


def job(match: Match, hearing: Hearing) -> Facts:
    """ "Ich arbeite als Krankenpfleger": whatever follows is work."""
    value = thing_of(match["what"], hearing.tongue, glossary.WORK)
    return _works_as(value)


def known_job(match: Match, hearing: Hearing) -> Facts:
    """ "Soy ingeniera": work if it is known as such, or formed like it."""
    return _works_as(work_in(match["what"], hearing.tongue))


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


def left_work(match: Match, hearing: Hearing) -> Facts:
    """ "Adieu la banque": where it is known that one works there; else it is a farewell to anything."""
    known = thing_of(match["what"], hearing.tongue, glossary.PLACES_OF_WORK) in WORKPLACES
    return no_employer(match, hearing) if known else NOTHING


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


def unemployed(match: Match, hearing: Hearing) -> Facts:
    """ "Je suis au chômage depuis mars." """
    return [*over("works at", "", "", "work"), *_works_as("unemployed")]


def retired(match: Match, hearing: Hearing) -> Facts:
    """ "Sou reformada dos correios": no longer there."""
    return [*over("works at", "", "", "work"), *_works_as("retired")]


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
