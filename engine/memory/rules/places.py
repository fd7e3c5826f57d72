"""Where somebody lives, comes from, grew up ("We moved to Porto"); `english.py` puts the rules in order."""

from __future__ import annotations

import re

from engine.memory import say
from engine.memory.found import NOTHING, Facts, Found, Hearing, Match, Rule, rule
from engine.memory.rules.glossary import folded
from engine.memory.rules.patterns import ADVERB, PLACE
from engine.memory.rules.stops import CITIES


def where(words: str) -> str:
    """A place without what is said about it: "Vienna of all places, long story"."""
    head, *more = words.split(", ")
    kept = ", ".join([head, *(part for part in more[:1] if part[:1].isupper())])
    return say.place(re.sub(r" (?:of all places|tho|lol|haha|again)\b.*$", "", kept, flags=re.IGNORECASE))


def _home(match: Match, hearing: Hearing) -> Facts:
    place = where(match["place"])
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
    place = where(match["place"] or "")
    if not place or not (place[0].isupper()):
        return NOTHING
    return [Found("you", "comes from", place, f"You come from {place}.", "places", exclusive=True)]


def _grew(match: Match, hearing: Hearing) -> Facts:
    place, how = where(match["place"]), match["how"].lower()
    if not place:
        return NOTHING
    if match["verb"].lower().endswith("born"):
        return [Found("you", "born in", place, f"You were born {how} {place}.", "places", exclusive=True)]
    return [Found("you", "grew up in", place, f"You grew up {how} {place}.", "places", exclusive=True)]


def _here(match: Match, hearing: Hearing) -> Facts:
    """ "I've been in London for eight years." """
    place = where(match["place"])
    if not place or not match["place"][0].isupper():
        return NOTHING
    return [Found("you", "lives in", place, f"You live in {place}.", "places", exclusive=True)]


def _here_now(match: Match, hearing: Hearing) -> Facts:
    """ "Now I'm in Leicester": a home only if it is written or known as a place."""
    place = where(match["place"])
    known = place[:1].isupper() and (
        match["place"][0].isupper() or folded(match["place"].split()[0]) in CITIES
    )
    return (
        [Found("you", "lives in", place, f"You live in {place}.", "places", exclusive=True)]
        if known
        else NOTHING
    )


def _home_is(match: Match, hearing: Hearing) -> Facts:
    """ "Porto is home now": a place that is written like one."""
    said = match["place"] or match["at"] or match["called"]
    place = say.place(said) if said[0].isupper() else ""
    if not place or said.split()[0].lower() in (
        "this",
        "that",
        "he",
        "she",
        "it",
        "nobody",
        "everyone",
        "mum",
        "dad",
    ):
        return NOTHING
    return [Found("you", "lives in", place, f"You live in {place}.", "places", exclusive=True)]


RULES: tuple[Rule, ...] = (
    rule(rf"(?:now (?:i'm|we're)|(?:i'm|we're) now) (?:based |settled |living )?in {PLACE}", _here_now),
    rule(rf"(?:i|we)(?:'ve| have| just|'ve just| have just|'re| are)* (?:got|rent|renting|share|sharing|bought|found|have|own|moved into) (?:an?|our own|my own|the) (?:[\w-]+ ){{0,3}}(?:flat|apartment|house|studio|room|place|cottage|bungalow|loft|bedsit|houseshare) in {PLACE}", _home),
    rule(rf"(?:i|we)(?:'ve| have|'m|'re)? {ADVERB}(?:live|lived|living|am living|'m living|'re living|are living|been living|moved|relocated|am based|'m based|reside) (?:just |right )?(?P<how>in|near|outside|on) {PLACE}", _still_home),
    rule(r"i(?:'ve| have) been in (?P<place>[A-Z][\w' -]+?) (?:for (?:\w+ ){1,2}years|since .+)", _here),
    rule(rf"(?:i|we)(?:'ve| have)?(?: just| recently)? (?:moved|relocated) (?:back |over |house )?(?P<to>to) {PLACE}", _home),
    rule(r"(?P<place>[A-Z][\w'-]+(?: [A-Z][\w'-]+)?) (?:is|'s) (?:home|my home|our home|where (?:i|we) live)(?: now| these days)?|(?:home|home for me|my home) is (?P<at>[A-Z][\w'-]+(?: [A-Z][\w'-]+)?)(?: now)?|(?:i|we) (?:now )?call (?P<called>[A-Z][\w'-]+(?: [A-Z][\w'-]+)?) home(?: now)?", _home_is),
    rule(r"(?:(?:i'm|i am|i've|we're|i) )?(?:moved |moving |living )?back (?:in |home )?(?:with|at) my (?:parents|folks|mum|mom|dad|mum and dad|mom and dad|family) in (?P<place>[A-Z][\w'-]+)(?:,? .*)?", _home),
    rule(rf"my (?:home ?town|home city|home country) is {PLACE}", _origin),
    rule(rf"i(?:'m| am) {ADVERB}(?:originally )?from {PLACE}|", _origin),
    rule(rf"i (?:originally )?(?:come|hail) (?:originally )?from {PLACE}", _origin),
    rule(rf"i(?: was)?(?: both)? (?P<verb>born|grew up|was born|was raised|raised)(?: and raised)? (?P<how>in|near|on|outside) {PLACE}", _grew),
)  # fmt: skip
