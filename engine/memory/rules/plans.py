"""What lies ahead, with its day ("I have an exam on Friday"); `english.py` puts the rules in order, these last."""

from __future__ import annotations

import re

from engine.memory import say
from engine.memory.days import find_when
from engine.memory.found import NOTHING, Facts, Found, Hearing, Match, Rule, rule

TIME = r"(?:tomorrow|tonight|today|on \w+day|next \w+|this \w+|in (?:a|one|two|three|four|\d+) (?:days?|weeks?|months?)|on (?:the )?\d.*|on \w+ \d.*|the day after tomorrow)(?: (?:morning|afternoon|evening|night))?(?: at \d[\d:]*(?: ?[ap]m)?)?"


def _plan(match: Match, hearing: Hearing) -> Facts:
    when = find_when(match.string, hearing.said_at.date())
    if when is None:
        return NOTHING
    rest = re.sub(rf"(?:,? ?\b(?:on |at )?){re.escape(when[0])}\b,?", "", match["what"], flags=re.IGNORECASE)
    event = say.thing(rest, most=9)
    if not event or (event.split()[0] in ("to", "no", "nothing", "a", "an") and len(event.split()) == 1):
        return NOTHING
    return [say.plan(match["verb"].lower(), event, when[1])]


def _event(match: Match, hearing: Hearing) -> Facts:
    when = find_when(match["when"], hearing.said_at.date())
    event = say.thing(match["what"], most=5)
    if when is None or not event or event.split()[0] in ("favourite", "name"):
        return NOTHING
    return [Found("you", "plan", f"{event} {when[1]}", f"Your {event} is {when[1]}.", "dates")]


def _own_event(match: Match, hearing: Hearing) -> Facts:
    """ "Got my stats exam on the 6th of May." """
    when = find_when(match["when"], hearing.said_at.date())
    if when is None:
        return NOTHING
    value = f"{match['what'].lower()} {when[1]}"
    return [Found("you", "plan", value, f"You have your {value}.", "dates")]


def _trip(match: Match, hearing: Hearing) -> Facts:
    """ "We're off to Lisbon on 11 April": a place that is written like one."""
    place = say.place(match["place"])
    if not place or not match["place"][0].isupper():
        return NOTHING
    when = find_when(match["when"] or "", hearing.said_at.date())
    value = f"trip to {place} {when[1] if when else match['when'] or ''}".strip()
    return [Found("you", "plan", value, f"You have a {value}.", "dates")]


EVENT = r"(?:exams?|finals?|interview|appointment|viva|scan|operation|surgery|wedding|concert|gig|recital|audition|driving test|test|marathon|race|flight|check-?up|mri|biopsy|hearing|graduation|funeral|exhibition|match|tournament|presentation|deadline|first day)"
MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
WHEN = rf"(?:{TIME}|in {MONTH}|(?:next|this) \w+|for (?:christmas|easter|new year)|over (?:christmas|easter)|at (?:christmas|easter))"

RULES: tuple[Rule, ...] = (
    rule(rf"{TIME},? (?:i|we)(?P<verb>'ve got| have got| have|'ve|'m| am|'re| are|'ll) (?P<what>.+)", _plan),
    rule(r"(?:i|we)(?P<verb>'ve got| have got| have|'ve|'m| am|'re| are|'ll) (?P<what>.+)", _plan),
    rule(rf"(?:(?:i|we)(?:'ve| have)? )?(?:got|have|having) (?:an?|my|our|the) (?P<what>(?:[\w'-]+ ){{0,3}}{EVENT}) (?P<when>{TIME})(?: .*)?", _own_event),
    rule(rf"(?:(?:i'm|i am|we're|we are|(?:me and [\w' ]+?|[\w' ]+? and (?:i|me)) (?:are|r)) )?(?:just |finally |all )*(?:off|going|flying|heading|travelling|traveling|driving|going away|going back|road-?tripping|moving) (?:back |over |down |up |out )?to (?P<place>[A-Z][\w' -]*?)(?: for \w+ (?:days|weeks|week|weekend))? (?P<when>{WHEN})(?:,? .*)?", _trip),
    rule(r"(?:(?:i|we)(?:'ve| have)? )?(?:just |finally )*booked (?:my |our |the |a |some )?(?:flights?|tickets|trip|holiday|train|week|hotel|room) (?:to|in) (?P<place>[A-Z][\w' -]*?)(?: (?P<when>(?:in|on|for|next|this) .*))?", _trip),
    rule(rf"(?:my|our) (?P<what>(?:[\w'-]+ ){{0,3}}[\w'-]+)(?:'s| is| starts| begins) (?P<when>{TIME})", _event),
)  # fmt: skip
