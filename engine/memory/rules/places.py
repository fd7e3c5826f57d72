"""Where somebody lives, comes from, grew up ("We moved to Porto"); `english.py` puts the rules in order."""

from __future__ import annotations

from engine.memory import say
from engine.memory.found import NOTHING, Facts, Found, Hearing, Match, Rule, rule
from engine.memory.rules.patterns import ADVERB, PLACE


def _home(match: Match, hearing: Hearing) -> Facts:
    place = say.place(match["place"])
    how = (match.groupdict().get("how") or "in").lower()
    return (
        [Found("you", "lives in", place, f"You live {how} {place}.", "places", exclusive=True)]
        if place
        else NOTHING
    )


def _still_home(match: Match, hearing: Hearing) -> Facts:
    """ "I lived in Lisbon" is over; "I've lived in Lisbon for years" is not."""
    said = match[0].lower()
    return NOTHING if " lived " in f" {said} " and "'ve lived" not in said else _home(match, hearing)


def _origin(match: Match, hearing: Hearing) -> Facts:
    place = say.place(match["place"] or "")
    if not place or not (place[0].isupper()):
        return NOTHING
    return [Found("you", "comes from", place, f"You come from {place}.", "places", exclusive=True)]


def _grew(match: Match, hearing: Hearing) -> Facts:
    place, how = say.place(match["place"]), match["how"].lower()
    if not place:
        return NOTHING
    if match["verb"].lower().endswith("born"):
        return [Found("you", "born in", place, f"You were born {how} {place}.", "places", exclusive=True)]
    return [Found("you", "grew up in", place, f"You grew up {how} {place}.", "places", exclusive=True)]


RULES: tuple[Rule, ...] = (
    rule(rf"(?:i|we)(?:'ve| have|'m|'re)? {ADVERB}(?:live|lived|living|am living|'m living|'re living|are living|been living|moved|relocated|am based|'m based|reside) (?P<how>in|near|outside|on) {PLACE}", _still_home),
    rule(rf"(?:i|we)(?:'ve| have)?(?: just| recently)? (?:moved|relocated) (?:back |over |house )?(?P<to>to) {PLACE}", _home),
    rule(rf"my (?:home ?town|home city|home country) is {PLACE}", _origin),
    rule(rf"i(?:'m| am) {ADVERB}(?:originally )?from {PLACE}|", _origin),
    rule(rf"i (?:originally )?(?:come|hail) (?:originally )?from {PLACE}", _origin),
    rule(rf"i(?: was)?(?: both)? (?P<verb>born|grew up|was born|was raised|raised)(?: and raised)? (?P<how>in|near|on|outside) {PLACE}", _grew),
)  # fmt: skip
