"""Likes, dislikes, favourites, hobbies, fears, what somebody is learning or making ("I love jazz"); `english.py` puts the rules in order."""

from __future__ import annotations

import re

from engine.memory import say
from engine.memory.found import NOTHING, Facts, Found, Hearing, Match, Rule, rule
from engine.memory.rules.patterns import ADVERB, TAIL, turned
from engine.memory.words import NATIONALITIES

# What people learn besides "to cook" and the piano.
TONGUES = frozenset(NATIONALITIES) | {
    "mandarin", "arabic", "hebrew", "hindi", "urdu", "swahili", "latin", "welsh", "gaelic", "esperanto", "sign language",
}  # fmt: skip


def _likes(match: Match, hearing: Hearing) -> Facts:
    value = say.taste(match["what"])
    if not value:
        return NOTHING
    value = re.sub(r", (?=[^,]+$)", " and ", value) if " and " not in value else value
    verb = "love" if match["verb"].lower() in ("love", "adore") else "like"
    return [Found("you", "likes", value, f"You {verb} {value}.", "likes")]


def _dislikes(match: Match, hearing: Hearing) -> Facts:
    value = say.taste(match["what"])
    return [Found("you", "dislikes", value, f"You don't like {value}.", "likes")] if value else NOTHING


def _prefers(match: Match, hearing: Hearing) -> Facts:
    value = say.taste(match["what"])
    return [Found("you", "prefers", value, f"You prefer {value}.", "likes")] if value else NOTHING


def _favourite(match: Match, hearing: Hearing) -> Facts:
    kind, value = match["kind"].lower(), say.thing(match["what"], most=7)
    if not value:
        return NOTHING
    return [
        Found(
            "you", f"favourite {kind}", value, f"Your favourite {kind} is {value}.", "likes", exclusive=True
        )
    ]


def _plays(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["what"], most=5)
    if not value or value.split()[0] in (
        "a",
        "with",
        "around",
        "along",
        "it",
        "role",
        "games",
        "dead",
        "dumb",
    ):
        return NOTHING
    return [Found("you", "plays", value.removeprefix("the "), f"You play {value}.", "likes")]


def _hobby(match: Match, hearing: Hearing) -> Facts:
    value = match["verb"].lower()
    return [Found("you", "hobby", value, f"You {value}.", "likes")]


def _named_hobby(match: Match, hearing: Hearing) -> Facts:
    value = say.taste(match["what"])
    return [Found("you", "hobby", value, f"Your hobby is {value}.", "likes")] if value else NOTHING


def _collects(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["what"], most=5)
    return [Found("you", "collects", value, f"You collect {value}.", "likes")] if value else NOTHING


def _fears(match: Match, hearing: Hearing) -> Facts:
    value = say.taste(match["what"])
    return [Found("you", "is afraid of", value, f"You are afraid of {value}.", "likes")] if value else NOTHING


def _ongoing(match: Match, hearing: Hearing) -> Facts:
    verb, value = match["verb"].lower(), say.thing(match["what"], most=7)
    if not value:
        return NOTHING
    return [Found("you", verb, value, f"You are {verb} {turned(value)}.", "likes")]


def _learns(match: Match, hearing: Hearing) -> Facts:
    what = match["what"]
    tongue = what.lower() in TONGUES
    if not tongue and not re.match(
        r"(?:how )?to \w+|(?:the )?(?:guitar|piano|violin|cello|ukulele|drums|flute|harp|bass|banjo|accordion|saxophone)\b",
        what,
        re.IGNORECASE,
    ):
        return NOTHING
    value = what.title() if tongue else say.thing(re.sub(r"^how ", "how ", what), most=7) or what
    return [Found("you", "learning", value, f"You are learning {turned(value)}.", "likes")]


FIRST: tuple[Rule, ...] = (
    rule(r"i(?:'m| am) (?:currently |also )?(?P<verb>training for|saving(?: up)? for|writing|renovating|restoring|building) (?P<what>(?:an?|the|my|our) .+)", _ongoing),
    rule(rf"i(?:'m| am|'ve been| have been) (?:currently |also |slowly )?learning (?P<what>.+?){TAIL}", _learns),
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    rule(rf"i {ADVERB}(?P<verb>run (?:marathons|half[- ]marathons|ultras|triathlons)|paint (?:[\w-]+ ){{0,1}}(?:horses|landscapes|portraits|watercolou?rs|miniatures)|do (?:yoga|pilates|judo|karate|crossfit|pottery|ballet|taekwondo|boxing|parkour|improv|origami|calligraphy)|go (?:climbing|bouldering|running|swimming|hiking|surfing|fishing|birdwatching|dancing|sailing|cycling)|make (?:candles|soap|jewellery|jewelry|my own clothes|pottery))(?: .*)?", _hobby),
    rule(r"(?:my|our)(?: absolute| all-time| all time)? favou?rite (?P<kind>[\w -]{2,30}?)(?:'s| is| are| has always been| would be) (?P<what>.+)", _favourite),
    rule(rf"i (?:don't|do not|can't|cannot|never) {ADVERB}(?:like|stand|bear|enjoy|care for) (?P<what>.+?)(?: at all)?{TAIL}", _dislikes),
    rule(rf"i {ADVERB}(?:hate|dislike|detest|despise|loathe) (?P<what>.+?){TAIL}", _dislikes),
    rule(rf"i'?m? ?{ADVERB}(?P<verb>like|love|adore|enjoy|(?<=m )into|(?<=am )into|(?<=m )a (?:big |huge )?fan of|(?<=m )fond of|(?<=m )crazy about|(?<=m )obsessed with|(?<=m )passionate about) (?P<what>.+?)(?: a lot| very much| so much| the most)?{TAIL}", _likes),
    rule(r"i prefer (?P<what>.+?)(?: (?:to|over) .+)?", _prefers),
    rule(rf"i(?:'ve been| have been)? ?{ADVERB}play(?:ing)? (?P<what>.+?){TAIL}(?: every \w+| on \w+days?| in (?:an?|the|my|our) [\w ]+| for a living| professionally| competitively| badly)?", _plays),
    rule(r"i(?:'ve)? collect(?:ed)? (?P<what>.+)", _collects),
    rule(r"(?:one of )?my (?:main |biggest )?hobb(?:y|ies) (?:is|are) (?P<what>.+)", _named_hobby),
    rule(rf"i {ADVERB}(?P<verb>paint|draw|knit|crochet|bake|sing|dance|write poems|write poetry|write songs|climb|hike|garden|run|swim|cycle|surf|ski|row|box|sculpt|sew|fence|skate|snowboard|scuba dive|dive|birdwatch|meditate|do yoga|do pottery|do karate|do judo)(?: every \w+| on \w+days?| a lot| in my free time| for fun| regularly| sometimes| in a choir){{0,2}}", _hobby),
    rule(r"i(?:'m| am) (?:really |very |so |terribly |deathly |a bit )*(?:afraid|scared|terrified) of (?P<what>.+)", _fears),
)  # fmt: skip
