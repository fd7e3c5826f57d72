"""What the rules of German, Spanish, French and Portuguese make of tastes, tongues and health; the languages' files name them."""

from __future__ import annotations

import re

from engine.memory import say
from engine.memory.found import NOTHING, Facts, Hearing, Match
from engine.memory.rules import glossary, stops
from engine.memory.rules.values import (
    ILLNESSES,
    LIST,
    PASTIMES,
    SPOKEN,
    THINGS,
    Read,
    many,
    one,
    over,
    thing_of,
)


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


def allergy(match: Match, hearing: Hearing) -> Facts:
    """ "Soy alérgica a las nueces." """
    values = _tastes(match["what"], hearing.tongue)
    return [
        fact
        for value in values
        if value.lower() not in stops.NO_THINGS[hearing.tongue] and value.lower() not in stops.NO_ALLERGENS
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


def afraid(match: Match, hearing: Hearing) -> Facts:
    """ "Morro de medo de aranha." """
    value = thing_of(match["what"], hearing.tongue, glossary.TASTES)
    if not _wanted(match["what"], hearing.tongue):
        return NOTHING
    return many("is afraid of", value, f"You are afraid of {value}.", "likes")


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


def sport(match: Match, hearing: Hearing) -> Facts:
    """ "Je fais de la randonnée": a pastime if it is known as one."""
    value = thing_of(match["what"], hearing.tongue, glossary.TASTES)
    return many("likes", value, f"You like {value}.", "likes") if value in PASTIMES else NOTHING


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


def stopped(match: Match, hearing: Hearing) -> Facts:
    """ "J'ai arrêté le judo": neither liked nor played nor learned."""
    value = thing_of(match["what"], hearing.tongue, *glossary.ALL, most=2)
    if value not in THINGS and value not in SPOKEN:
        return NOTHING
    return [fact for relation in ("likes", "learning") for fact in over(relation, value, "", "likes")]


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


def made(match: Match, hearing: Hearing) -> Facts:
    """ "Ich nähe Quilts": what somebody does, with what."""
    verb = stops.VERBS.get(glossary.folded(match["verb"]), "")
    what = thing_of(match["what"], hearing.tongue, glossary.TASTES, most=2)
    value = f"{verb} {what}".strip()
    return many("hobby", value, f"You like {value}.", "likes") if verb and what else NOTHING


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
