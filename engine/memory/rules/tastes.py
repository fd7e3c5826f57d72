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
    if not value or value.split()[0].lower() in ("they", "we", "she", "he", "i", "and", "but"):
        return NOTHING
    value = re.sub(r", (?=[^,]+$)", " and ", value) if " and " not in value else value
    verb = "love" if match["verb"].lower() in ("love", "adore") else "like"
    return [Found("you", "likes", value, f"You {verb} {value}.", "likes")]


def _dislikes(match: Match, hearing: Hearing) -> Facts:
    value = say.taste(match["what"])
    if value.split(" ")[0].lower() in ("up", "down", "out", "by", "still", "for", "in", "on"):
        return NOTHING
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


def _dislikes_thing(match: Match, hearing: Hearing) -> Facts:
    """ "Liver is disgusting": of a thing, not of this one or of somebody."""
    first = match["what"].split()[0].lower()
    about = first in (
        "the",
        "my",
        "our",
        "your",
        "his",
        "her",
        "their",
        "that",
        "this",
        "it",
        "he",
        "she",
        "and",
        "some",
    )
    return NOTHING if about or len(match["what"].split()) > 3 else _dislikes(match, hearing)


def _taken_up(match: Match, hearing: Hearing) -> Facts:
    """ "I took up bouldering": a pastime is something one does, and not work."""
    value = match["what"].lower().split()
    if value[0] in NO_PASTIMES:
        return NOTHING
    words = " ".join(value[:1] if value[1:2] and value[1] in AFTER else value)
    return [Found("you", "hobby", words, f"Your hobby is {words}.", "likes")]


def _made(match: Match, hearing: Hearing) -> Facts:
    """ "I restore old vans": what somebody does, with what."""
    what = match["what"].lower()
    if what.split()[0] in NOT_MADE or say.PAST_TASTE.search(what):
        return NOTHING
    value = f"{match['verb'].lower()} {what}{' in a choir' if 'choir' in match[0].lower() else ''}"
    return [Found("you", "hobby", value, f"You {value}.", "likes")]


NOT_MADE = frozenset(
    "it that this them him her me us you my our your his their the a an one up out off so more sure do it's friends plans mistakes money sense everything something things lists jokes fun good great love "
    "too no not some going getting forgetting thinking losing having being dinner lunch breakfast coffee tea notes to well on back track quiet calm".split()
)


def _member(match: Match, hearing: Hearing) -> Facts:
    """ "I sing in the church choir." """
    value = match["what"].lower()
    return [Found("you", "hobby", value, f"You are in a {value}.", "likes")]


NO_PASTIMES = frozenset(
    "working being feeling going having getting looking thinking talking doing trying seeing dating living crying laughing wondering saving thing something everything nothing making taking putting using eating sleeping".split()
)
AFTER = frozenset("in at on with and but again last this to for a the my because as since".split())


def _lessons(match: Match, hearing: Hearing) -> Facts:
    what = match["what"]
    value = what.title() if what.lower() in TONGUES else what.lower()
    if value in ("driving", "my", "the", "some", "private", "online", "evening", "more", "a"):
        return NOTHING
    return [Found("you", "learning", value, f"You are learning {value}.", "likes")]


FIRST: tuple[Rule, ...] = (
    rule(r"i(?:'m| am) (?:currently |also )?(?P<verb>training for|saving(?: up)? for|writing|renovating|restoring|building) (?P<what>(?:an?|the|my|our) .+)", _ongoing),
    rule(rf"i(?:'m| am|'ve been| have been) (?:currently |also |slowly )?learning (?P<what>.+?){TAIL}", _learns),
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    rule(rf"i {ADVERB}(?P<verb>run (?:marathons|half[- ]marathons|ultras|triathlons)|paint (?:[\w-]+ ){{0,1}}(?:horses|landscapes|portraits|watercolou?rs|miniatures)|do (?:yoga|pilates|judo|karate|crossfit|pottery|ballet|taekwondo|boxing|parkour|improv|origami|calligraphy)|go (?:climbing|bouldering|running|swimming|hiking|surfing|fishing|birdwatching|dancing|sailing|cycling)|make (?:candles|soap|jewellery|jewelry|my own clothes|pottery))(?: .*)?", _hobby),
    rule(r"(?:my|our)(?: absolute| all-time| all time)? favou?rite (?P<kind>[\w -]{2,30}?)(?:'s| is| are| has always been| would be) (?P<what>.+)", _favourite),
    rule(rf"i {ADVERB}(?:(?:just|simply|honestly) )?(?:don't|do not|can't|cannot|never|could never) {ADVERB}(?:even )?(?:like|stand|bear|enjoy|care for|abide|tolerate|stomach|get on with) (?P<what>.+?)(?: at all)?{TAIL}", _dislikes),
    rule(rf"i {ADVERB}(?:hate|dislike|detest|despise|loathe) (?P<what>.+?){TAIL}", _dislikes),
    rule(rf"i'?m? ?{ADVERB}(?P<verb>like|love|adore|enjoy|(?<=m )into|(?<=am )into|(?<=m )a (?:big |huge )?fan of|(?<=m )fond of|(?<=m )crazy about|(?<=m )obsessed with|(?<=m )passionate about) (?P<what>.+?)(?: a lot| very much| so much| the most)?{TAIL}", _likes),
    rule(rf"i(?:'m| am) {ADVERB}(?P<verb>into|a (?:big |huge |massive |proper )?fan of|fond of|crazy about|mad about|nuts about|keen on|hooked on|addicted to|obsessed with|passionate about|a sucker for|partial to|mad for) (?P<what>.+?){TAIL}", _likes),
    rule(rf"(?P<verb>)i {ADVERB}(?:can't|cannot|can never) (?:get enough of|live without|resist|say no to) (?P<what>.+?){TAIL}", _likes),
    rule(r"(?P<verb>)(?P<what>[\w' -]{3,30}?)(?: is|'s| are) my (?:absolute |all-time |all time )?(?:favou?rite(?: thing| food| snack| dish| drink)?(?: ever| of all time| in the (?:whole )?world)?|comfort food|guilty pleasure|weakness|passion|(?:biggest )?hobby)", _likes),
    rule(r"(?P<verb>)(?:nothing beats|you can't beat|there's nothing better than) (?P<what>.+)", _likes),
    rule(r"(?P<what>[\w' -]{3,30}?) (?:is|are|'s) (?:absolutely |just |so |truly )?(?:disgusting|gross|vile|revolting|the worst)", _dislikes_thing),
    rule(r"i(?:'ve| have)?(?: just| recently| finally)? (?:taken up|took up|picked up|got into|gotten into|started) (?P<what>[a-z]+ing(?: \w+)?)(?: .*)?", _taken_up),
    rule(r"(?:i(?:'m| am| have|'ve)? )?(?:been |started |recently )*(?:taking|having|doing|took|take) (?:an? )?(?P<what>\w+) (?:lessons|classes|course)(?: .*)?", _lessons),
    rule(r"(?:i )(?:(?:also|still|mostly|usually|even|sometimes|just) )*(?P<verb>restore|renovate|brew|breed|grow|carve|whittle|forage for|ferment|quilt|sew|knit|crochet|bake|sculpt|volunteer at|volunteer for|sing(?= (?:tenor|alto|bass|soprano|baritone|jazz|opera))|write(?= (?:poems|poetry|songs|novels|stories|short|fan|lyrics|plays))|build(?= (?:model|guitars|boats|furniture|ships|drones|robots|keyboards|lego))|coach(?= (?:an? |the |kids|under|youth|football|netball|girls|boys))) (?P<what>[\w-]+(?: [\w-]+){0,2}?)(?: (?:in|for|on|at|with|and|every|when|as|to|but) .*)?", _made),
    rule(r"(?:i'm|i am|i sing|i dance) in (?:an?|the|this|our|my) (?P<what>(?:[\w-]+ ){0,2}(?:choir|band|orchestra|theatre group|drama group|dance group|chorus|quartet|brass band|book club|running club|chess club))(?: .*)?", _member),
    rule(r"(?P<what>[\w' -]{3,30}?) (?:scares?|terrif(?:y|ies)|freaks?|creeps?) me(?: .*)?", _fears),
    rule(r"i prefer (?P<what>.+?)(?: (?:to|over) .+)?", _prefers),
    rule(rf"i(?:'ve been| have been)? ?{ADVERB}play(?:ing)? (?:a bit of |a little |a little bit of |some )?(?P<what>.+?){TAIL}(?: every \w+| on \w+days?| in (?:an?|the|my|our) [\w ]+| for a living| professionally| competitively| badly)?", _plays),
    rule(r"i(?:'ve)? collect(?:ed)? (?P<what>.+)", _collects),
    rule(r"(?:one of )?my (?:main |biggest )?hobb(?:y|ies) (?:is|are) (?P<what>.+)", _named_hobby),
    rule(rf"i {ADVERB}(?P<verb>paint|draw|knit|crochet|bake|sing|dance|write poems|write poetry|write songs|climb|hike|garden|run|swim|cycle|surf|ski|row|box|sculpt|sew|fence|skate|snowboard|scuba dive|dive|birdwatch|meditate|do yoga|do pottery|do karate|do judo)(?: every \w+| on \w+days?| a lot| in my free time| for fun| regularly| sometimes| in a choir){{0,2}}", _hobby),
    rule(r"i(?:'m| am) (?:really |very |so |terribly |deathly |a bit )*(?:afraid|scared|terrified) of (?P<what>.+)", _fears),
)  # fmt: skip
