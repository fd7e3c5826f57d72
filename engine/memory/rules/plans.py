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


RULES: tuple[Rule, ...] = (
    rule(rf"{TIME},? (?:i|we)(?P<verb>'ve got| have got| have|'ve|'m| am|'re| are|'ll) (?P<what>.+)", _plan),
    rule(r"(?:i|we)(?P<verb>'ve got| have got| have|'ve|'m| am|'re| are|'ll) (?P<what>.+)", _plan),
    rule(rf"(?:my|our) (?P<what>(?:[\w'-]+ ){{0,3}}[\w'-]+)(?:'s| is| starts| begins) (?P<when>{TIME})", _event),
)  # fmt: skip
