"""Allergies, diets, what is not eaten or drunk, conditions ("I'm vegan"); `english.py` puts the rules in order."""

from __future__ import annotations

import re

from engine.memory import say
from engine.memory.found import NOTHING, Facts, Found, Hearing, Match, Rule, rule
from engine.memory.rules.patterns import ADVERB, TAIL, any_of
from engine.memory.words import HEALTH

# What people only say that they are allergic to.
NO_ALLERGEN = re.compile(
    r"\b(?:mondays?|sundays?|mornings?|people|idiots?|stupid\w*|work|working|school|homework|love|feelings|bullshit|nonsense|drama|silence|meetings?|small talk|fun|everything|nothing|men|women|adults|maths?|exercise|gyms?|commitment)\b",
    re.IGNORECASE,
)


def _allergy(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["what"], most=6)
    if NO_ALLERGEN.search(value):
        return NOTHING
    return (
        [Found("you", "allergic to", value, f"You are allergic to {value}.", "health", confidence=0.95)]
        if value
        else NOTHING
    )


def _diet(match: Match, hearing: Hearing) -> Facts:
    value = match["diet"].lower().replace("veggie", "vegetarian")
    return say.diet(value, f"You are {value}.")


def _intolerant(match: Match, hearing: Hearing) -> Facts:
    value = match["what"].lower()
    return [Found("you", "has condition", value, f"You are {value}.", "health")]


def _abstains(match: Match, hearing: Hearing) -> Facts:
    verb = match["verb"].lower()
    value = say.thing(match["what"] or "", most=4)
    if verb == "eat" and value.lower() in ("meat", "any meat"):
        return say.diet("vegetarian", "You don't eat meat.")
    if verb == "drink" and value.lower() in ("", "alcohol", "any alcohol"):
        return say.diet("no alcohol", f"You don't drink{' alcohol' if value else ''}.")
    if not value and verb == "eat":
        return NOTHING
    if say.is_time(value) or value.split(" ")[0] in (
        "much",
        "enough",
        "well",
        "that",
        "it",
        "a",
        "too",
        "very",
        "anything",
        "breakfast",
        "lunch",
        "dinner",
    ):
        return NOTHING
    return [
        Found(
            "you",
            f"does not {verb}",
            value or verb,
            f"You don't {verb}{' ' + value if value else ''}.",
            "health",
        )
    ]


def _condition(match: Match, hearing: Hearing) -> Facts:
    value = match["what"]
    value = value.upper() if len(value) <= 4 and value.lower() not in ("ibs'",) else value.lower()
    return [Found("you", "has condition", value, f"You have {value}.", "health")]


def _is_so(match: Match, hearing: Hearing) -> Facts:
    value = match["what"].lower()
    return [Found("you", "is", value, f"You are {value}.", "health")]


def _injured(match: Match, hearing: Hearing) -> Facts:
    """ "I broke two toes." """
    value = f"{match['verb'].lower()} {re.sub('^my ', 'your ', match['what'].lower())}"
    return [Found("you", "event", value, f"You {value}.", "health")]


BODY = r"(?:arm|leg|wrist|ankle|foot|toes?|fingers?|thumb|rib|ribs|collarbone|knee|elbow|shoulder|hip|hand|nose|back|neck|tooth|acl|achilles|hamstring|shin|jaw)"

RULES: tuple[Rule, ...] = (
    rule(rf"i(?:'m| am) {ADVERB}(?P<what>(?:lactose|gluten|fructose)[- ]intolerant|c(?:o)?eliac){TAIL}", _intolerant),
    rule(rf"i(?:'m| am) {ADVERB}(?:deathly |severely |highly |slightly |badly |a bit |mildly )?allergic to (?P<what>.+?){TAIL}", _allergy),
    rule(r"i(?:'ve| have|'ve got| have got) an? (?:severe |bad |strong |slight )?(?P<what>[\w ]+?) allergy", _allergy),
    rule(r"i(?:'ve| have|'ve got) an? allergy (?:to|against) (?P<what>.+)", _allergy),
    rule(rf"i(?:'m| am| became|'ve become|'ve been| have been| turned|'ve turned| went|'ve gone|'m going) {ADVERB}(?:a )?(?P<diet>vegan|vegetarian|veggie|pescatarian|pescetarian|flexitarian){TAIL}(?: \w+ \w+ ago| and .+| but .+)?", _diet),
    rule(rf"i (?:don't|do not|can't|cannot|never|won't) {ADVERB}(?P<verb>eat|drink|smoke)(?: (?P<what>.+?))?{TAIL}", _abstains),
    rule(rf"i(?:'ve| have|'ve got| got| suffer from| live with| was diagnosed with|'ve been diagnosed with) {ADVERB}(?:chronic |severe |bad |mild )?(?P<what>(?:type (?:1|2|one|two) )?{any_of(HEALTH)})(?: in (?:it|my \w+))?{TAIL}", _condition),
    rule(rf"i(?:'ve| have)?(?: just)? (?P<verb>broke|broken|fractured|sprained|dislocated|tore|torn|snapped|twisted) (?P<what>(?:my|a|one|two|three|both) (?:\w+ )?{BODY})(?: .*)?", _injured),
    rule(rf"i(?:'m| am) {ADVERB}(?P<what>diabetic|epileptic|asthmatic|dyslexic|autistic|left[- ]handed|colou?r-?blind|deaf|blind|hard of hearing|pregnant|sober){TAIL}", _is_so),
)  # fmt: skip
