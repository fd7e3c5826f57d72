"""Who somebody is: their name, nationality, pronouns, tongues, dream, car ("Call me Lou"); `english.py` puts the rules in order."""

from __future__ import annotations

import re

from engine.memory import say
from engine.memory.found import NOTHING, Facts, Found, Hearing, Match, Rule, rule
from engine.memory.rules.patterns import ADVERB, NAME, TAIL, any_of
from engine.memory.words import NATIONALITIES

# Tongues that are not called like the people of a country.
TONGUES = frozenset(
    "mandarin cantonese arabic hebrew hindi urdu bengali swahili latin catalan basque welsh gaelic esperanto tagalog farsi tamil punjabi yiddish".split()
) | set(NATIONALITIES)


def _name(match: Match, hearing: Hearing) -> Facts:
    name = say.proper(match["name"], hearing, sure=True)
    return (
        [Found("you", "name", name, f"Your name is {name}.", "you", exclusive=True, confidence=0.95)]
        if name
        else NOTHING
    )


def _perhaps_name(match: Match, hearing: Hearing) -> Facts:
    name = say.proper(match["name"], hearing, sure=False)
    return (
        [Found("you", "name", name, f"Your name is {name}.", "you", exclusive=True, confidence=0.8)]
        if name
        else NOTHING
    )


def _the_name(match: Match, hearing: Hearing) -> Facts:
    name = say.proper(match["name"], hearing, sure=False)
    if not name:
        return NOTHING
    return [Found("you", "name", name, f"Your name is {name}.", "you", exclusive=True, confidence=0.9)]


def _nationality(match: Match, hearing: Hearing) -> Facts:
    # "It's Italian" is about the food.
    if not match[0].lower().startswith(("i'm", "i am")):
        return NOTHING
    value = match["nation"].capitalize()
    return [Found("you", "nationality", value, f"You are {value}.", "places")]


def _pronouns(match: Match, hearing: Hearing) -> Facts:
    value = (match["what"] or match["also"]).lower()
    return [Found("you", "pronouns", value, f"Your pronouns are {value}.", "you", exclusive=True)]


def _languages(match: Match, hearing: Hearing) -> Facts:
    words = re.split(r", and |, | and | & ", match["what"])
    bare = [
        re.sub(r"^(?:a (?:little|bit of)|some|fluent|basic) ", "", word, flags=re.IGNORECASE)
        for word in words
    ]
    if not bare or any(word.lower() not in TONGUES for word in bare):
        return NOTHING
    return [
        Found("you", "speaks", word.capitalize(), f"You speak {word.capitalize()}.", "you") for word in bare
    ]


def _dream(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["what"], most=9)
    return [Found("you", "dreams of", value, f"Your dream is {value}.", "you")] if value else NOTHING


def _drives(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["what"], most=5)
    if not value or value.split()[0] not in ("a", "an", "my") or say.is_time(value):
        return NOTHING
    value = value.removeprefix("my ")
    return [Found("you", "drives", value, f"You drive {value}.", "other", exclusive=True)]


FIRST: tuple[Rule, ...] = (
    rule(rf"the name(?:'s| is) {NAME}", _the_name),
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    rule(rf"my (?:first |full |real |middle )?name(?:'s| is) {NAME}{TAIL}", _name),
    rule(rf"(?:you can |please |just |people |everyone |everybody |my friends |friends |most people )*(?:call|calls) me {NAME}", _name),
    rule(rf"i(?:'m| am) (?:called|named) {NAME}", _name),
    rule(rf"i go by {NAME}", _name),
    rule(rf"(?:i'm|i am|it's|this is) (?P<nation>{any_of(NATIONALITIES)}){TAIL}", _nationality),
    rule(r"my pronouns are (?P<what>\w+/\w+(?:/\w+)?)|i use (?P<also>\w+/\w+)(?: pronouns)?", _pronouns),
)  # fmt: skip

LAST: tuple[Rule, ...] = (
    rule(r"(?:my|it's my) (?:biggest |lifelong |big |secret )?(?:dream|goal) is (?P<what>to .+)", _dream),
    rule(rf"i {ADVERB}speak (?:both |fluent )?(?P<what>[\w ,&]+?){TAIL}", _languages),
    rule(r"i(?: was)? (?:grew|grown|raised)(?: up)? (?:speaking|with) (?P<what>\w+(?: and \w+)?)(?: .*)?", _languages),
    rule(r"i(?:'m| am) (?:fluent|bilingual) in (?P<what>[\w ,&]+?)", _languages),
    rule(r"i drive (?P<what>.+)", _drives),
    # "I'm Sam" comes last of all that follows "I'm": only what looks like a name and is nothing else
    rule(rf"(?:i'm|i am|this is|it's) {NAME}(?:,? (?:by the way|and you|nice to meet you|from .+))?", _perhaps_name),
)  # fmt: skip
