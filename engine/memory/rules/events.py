"""What happened in a life: a promotion, a house, a wedding, a parting, a baby ("I got promoted"); `english.py` puts the rules in order."""

from __future__ import annotations

import re

from engine.memory import say
from engine.memory.found import NOTHING, Facts, Found, Hearing, Match, Rule, rule
from engine.memory.rules.patterns import KIND, PAST, turned
from engine.memory.words import MONTHS

JUST = r"(?:(?:just|finally|recently|also|actually|only|even|sadly) )*"
MONTH = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
DATED = r"(?P<dated> (?:last|this|in|back in) (?:(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|winter)(?: \d{4})?|(?:19|20)\d\d))?"


def _event(match: Match, hearing: Hearing) -> Facts:
    what = " ".join(turned(match["what"].lower()).split())
    dated = (match.groupdict().get("dated") or "").strip()
    text = f"You {what}{' ' + _dated(dated) if dated else ''}."
    topic = (
        "work"
        if re.search(r"job|promot|fired|laid|retired|raise", what)
        else "family"
        if re.search(r"married|engaged|divorced|baby|twins", what)
        else "other"
    )
    if state := re.search(r"\b(married|engaged|divorced)\b", what):
        return [Found("you", "relationship", state[1], text, "family", exclusive=True)]
    return [Found("you", "event", what, text, topic)]


def _with_whom(match: Match, hearing: Hearing) -> Facts:
    """ "Sam and I got engaged": the partner has a name."""
    name = say.proper(match["name"], hearing, sure=False)
    if not name or match["name"].lower() in ("he", "she"):
        return NOTHING
    state = re.search(r"married|engaged|moved in", match[0].lower())
    facts = list(say.named("partner", name))
    if state and state[0] != "moved in":
        facts.append(
            Found(
                "you", "relationship", state[0], f"You and {name} got {state[0]}.", "family", exclusive=True
            )
        )
    return facts


def _event_state(match: Match, hearing: Hearing) -> Facts:
    value = match["what"].lower()
    return [Found("you", "relationship", value, f"You are {value}.", "family", exclusive=True)]


def _dated(words: str) -> str:
    return re.sub(
        r"\b[a-z]+\b", lambda word: word[0].capitalize() if word[0] in MONTHS else word[0], words.lower()
    )


def _parted(match: Match, hearing: Hearing) -> Facts:
    kin = match["kin"].lower()
    text = (
        f"Your {kin} left you."
        if "left me" in match[0].lower()
        else f"You and your {kin} {'split up' if 'split' in match[0].lower() else 'broke up'}."
    )
    return [Found("you", "relationship", text.rstrip("."), text, "family", exclusive=True, refers=kin)]


def _parted_from(match: Match) -> Facts:
    kin = match["former"].lower()
    text = f"You and your {kin} broke up."
    return [Found("you", "relationship", text.rstrip("."), text, "family", exclusive=True, refers=kin)]


def _parted_or_left(match: Match, hearing: Hearing) -> Facts:
    return _parted(match, hearing) if match["kin"] else _parted_from(match)


def _wedding(match: Match, hearing: Hearing) -> Facts:
    value = f"getting married {_dated(match['when'])}"
    return [Found("you", "plan", value, f"You are {value}.", "dates")]


def _together(match: Match, hearing: Hearing) -> Facts:
    """ "We got back together." """
    return [Found("you", "relationship", "back together", "You are back together.", "family", exclusive=True)]


def _baby(match: Match, hearing: Hearing) -> Facts:
    """ "We're having a baby": a plan, whoever carries it."""
    value = f"having {match['what'] or 'a baby'}".lower()
    said = match["what"] or "expecting" in match[0].lower()
    return [Found("you", "plan", value, f"You are {value}.", "family")] if said else NOTHING


def _expecting(match: Match, hearing: Hearing) -> Facts:
    return [Found("you", "is", "pregnant", "You are pregnant.", "health", exclusive=True)]


RULES: tuple[Rule, ...] = (
    rule(rf"(?:me and )?(?P<name>[A-Z][\w'-]+) (?:and|&) i (?:have |'ve )?{JUST}(?:got engaged|got married|are engaged|are married|moved in together|have been together .+|are getting married){PAST}(?: .*)?", _with_whom),
    rule(r"(?:i've|i have|we've|we have) been (?P<what>married|engaged)(?: (?:for )?[\w ]+? years?| (?:for|since) .+)?", _event_state),
    rule(rf"(?:i|we)(?:'ve| have)? {JUST}(?P<what>(?:got|gotten|been) (?:promoted|engaged|married|divorced|fired|laid off|a promotion|a raise)|lost (?:my|our) jobs?|quit my job|(?:passed|failed) my (?:\w+ )?(?:exams?|test|finals)|graduated|retired|had a baby|had twins|bought an? (?:\w+ )?(?:house|flat|car|van|boat|bike|motorbike|piano)|sold (?:my|our|the) (?:house|flat|car|van|boat)|adopted a (?:child|baby|boy|girl)){DATED}{PAST}", _event),
    rule(rf"(?:my|our) {KIND} (?:and|&) i (?:have |'ve )?{JUST}(?:broke up|split up|separated|broken up){PAST}|(?:i|we) broke up with my (?P<former>girlfriend|boyfriend|partner|wife|husband){PAST}", _parted_or_left),
    rule(rf"(?:my|our) {KIND} (?:has )?{JUST}left me{PAST}", _parted),
    rule(rf"(?:i'm|i am|we're|we are) getting married (?P<when>in {MONTH}(?: \d{{4}})?|in \d{{4}}|next (?:year|month|spring|summer|autumn|winter)|this (?:year|spring|summer|autumn|winter))(?: (?:in|at|on) .+)?", _wedding),
    rule(r"(?:we're|we are|i'm|i am|we'll be) (?:having|expecting)(?: (?P<what>an? (?:baby(?: girl| boy)?|boy|girl|child|little one)|twins))?(?: (?:in|this|next|any) .+)?", _baby),
    rule(r"(?:we|me and \w+|\w+ and (?:i|me))(?:'re| are|'ve| have| got)? (?:got |getting |all )?back together(?: .*)?", _together),
    rule(r"i(?:'m| am)(?: \w+ (?:weeks|months))? pregnant(?: with .+| again)?", _expecting),
)  # fmt: skip
