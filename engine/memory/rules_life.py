"""English rules of what happens in lives: events, states of one's people, hours, several names at once.

`facts.py` tries them before `rules.py`; like there each pattern covers a whole clause.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.memory import say
from engine.memory.found import Found, Hearing, Rule, rule
from engine.memory.rules import KIND, NAME, NOTHING, NUMBER, PLACE, PLURAL_PET, TAIL, WORK, Facts, Match
from engine.memory.words import HEALTH, MONTHS, NATIONALITIES

JUST = r"(?:(?:just|finally|recently|also|actually|only|even|sadly) )*"
PAST = r"(?: (?:today|yesterday|last night|this (?:morning|week|month|year)|on \w+day|last (?:week|weekend|\w+day|month|year)|recently|again))*"
DATED = r"(?P<dated> (?:last|this|in|back in) (?:(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|winter)(?: \d{4})?|(?:19|20)\d\d))?"
ILLNESS = (
    "(?:"
    + "|".join(
        re.escape(word)
        for word in [
            *HEALTH,
            "dementia",
            "cancer",
            "alzheimer's",
            "parkinson's",
            "covid",
            "pneumonia",
            "a broken leg",
            "a broken hip",
        ]
    )
    + ")"
)
TONGUES = {
    *NATIONALITIES,
    "mandarin",
    "arabic",
    "hebrew",
    "hindi",
    "urdu",
    "swahili",
    "latin",
    "welsh",
    "gaelic",
    "esperanto",
    "sign language",
}
LASTING = r"(?:in (?:the )?hospital|in rehab|in intensive care|in (?:a|the) (?:nursing|care) home|in prison|pregnant|retired|unemployed|divorced|separated|engaged|married|vegan|vegetarian|blind|deaf|diabetic|deployed|adopted|expecting)"
FEELS = "hate hates love loves like likes adore adores fears dislikes".split()


def _event(match: Match, hearing: Hearing) -> Facts:
    what = " ".join(_turned(match["what"].lower()).split())
    dated = (match.groupdict().get("dated") or "").strip()
    text = f"You {what}{' ' + _dated(dated) if dated else ''}."
    topic = (
        "work"
        if re.search(r"job|promot|fired|laid|retired|raise", what)
        else "family"
        if re.search(r"married|engaged|divorced|baby|twins", what)
        else "other"
    )
    facts = [Found("you", "event", what, text, topic)]
    if state := re.search(r"\b(married|engaged|divorced)\b", what):
        facts.append(Found("you", "relationship", state[1], f"You are {state[1]}.", "family", exclusive=True))
    return facts


def _dated(words: str) -> str:
    return re.sub(
        r"\b[a-z]+\b", lambda word: word[0].capitalize() if word[0] in MONTHS else word[0], words.lower()
    )


def _turned(words: str) -> str:
    return re.sub(r"\b(?:my|our)\b", "your", words, flags=re.IGNORECASE)


def _kin_is(relation: str) -> Callable[[Match, Hearing], Facts]:
    def read(match: Match, hearing: Hearing) -> Facts:
        kin, how, what = match["kin"].lower(), match["how"].lower().replace("'s", "is"), match["what"].lower()
        how = "has been" if "been" in how else how
        return [
            Found(
                f"your {kin}",
                relation,
                what,
                f"Your {kin} {how} {_acronym(what)}.",
                say.topic_of(kin),
                exclusive=True,
                refers=kin,
            )
        ]

    return read


def _acronym(words: str) -> str:
    return (
        words.upper()
        if words in ("adhd", "ptsd", "ocd", "ibs", "pcos")
        else words.replace("alzheimer", "Alzheimer").replace("parkinson", "Parkinson")
    )


def _kin_feels(match: Match, hearing: Hearing) -> Facts:
    kin, verb, value = match["kin"].lower(), match["verb"].lower(), say.taste(match["what"])
    if not value or re.search(r"\b(?:my|our|me|i|him|her|you)\b", value, re.IGNORECASE):
        return NOTHING
    relation = (
        "dislikes" if verb in ("hates", "fears", "dislikes", "is afraid of", "is scared of") else "likes"
    )
    return [
        Found(f"your {kin}", relation, value, f"Your {kin} {verb} {value}.", say.topic_of(kin), refers=kin)
    ]


def _kin_moves(match: Match, hearing: Hearing) -> Facts:
    kin, place = match["kin"].lower(), say.place(match["place"])
    if not place:
        return NOTHING
    return [
        Found(
            f"your {kin}",
            "moves to",
            place,
            f"Your {kin} is moving to {place}.",
            say.topic_of(kin),
            exclusive=True,
            refers=kin,
        )
    ]


def _many_named(match: Match, hearing: Hearing) -> Facts:
    kin, count = match["kin"].lower(), match["count"].lower()
    parts = re.split(r", (?:and )?| and | & ", match["names"])
    names = [say.proper(part, hearing, sure=False) for part in parts]
    if not all(names) or len(names) < 2:
        return NOTHING
    value, topic = f"{', '.join(names[:-1])} and {names[-1]}", say.topic_of(kin)
    text = f"You have {count} {kin}."
    return [
        Found("you", f"number of {kin}", f"{count} {kin}", text, topic, exclusive=True, refers=kin),
        Found(
            f"your {kin}", "name", value, f"Your {kin} are called {value}.", topic, exclusive=True, refers=kin
        ),
    ]


def _hours(match: Match, hearing: Hearing) -> Facts:
    value = match["what"].lower()
    facts = [Found("you", "works when", value, f"You work {value}.", "work", exclusive=True)]
    if match["where"]:
        how, _, where = match["where"].strip().partition(" ")
        facts.append(
            Found("you", f"works {how}", where, f"You work {how} {_turned(where)}.", "work", exclusive=True)
        )
    return facts


def _job(match: Match, hearing: Hearing) -> Facts:
    job = say.thing(match["job"], most=6)
    article = say.article(match["article"])
    text = f"You work as {article}{job}."
    return [Found("you", "works as", job, text, "work", exclusive=True)] if job else NOTHING


def _job_at(match: Match, hearing: Hearing) -> Facts:
    value, how = say.thing(match["what"], most=6), match["how"].lower()
    if not value or say.is_time(value):
        return NOTHING
    return [Found("you", f"works {how}", value, f"You work {how} {value}.", "work", exclusive=True)]


def _parted(match: Match, hearing: Hearing) -> Facts:
    kin = match["kin"].lower()
    text = (
        f"Your {kin} left you."
        if "left me" in match[0].lower()
        else f"You and your {kin} {'split up' if 'split' in match[0].lower() else 'broke up'}."
    )
    return [Found("you", "relationship", text.rstrip("."), text, "family", exclusive=True, refers=kin)]


def _wedding(match: Match, hearing: Hearing) -> Facts:
    value = f"getting married {_dated(match['when'])}"
    return [Found("you", "plan", value, f"You are {value}.", "dates")]


def _ongoing(match: Match, hearing: Hearing) -> Facts:
    verb, value = match["verb"].lower(), say.thing(match["what"], most=7)
    if not value:
        return NOTHING
    return [Found("you", verb, value, f"You are {verb} {_turned(value)}.", "likes")]


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
    return [Found("you", "learning", value, f"You are learning {_turned(value)}.", "likes")]


def _parents(match: Match, hearing: Hearing) -> Facts:
    value = match["what"].lower()
    return [Found("your parents", "are", value, f"Your parents are {value}.", "family", exclusive=True)]


def _expecting(match: Match, hearing: Hearing) -> Facts:
    return [Found("you", "is", "pregnant", "You are pregnant.", "health", exclusive=True)]


_MONTH = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_READ_STATE = _kin_is("state")
_READ_HEALTH = _kin_is("health")

LIFE: tuple[Rule, ...] = (
    rule(rf"the name(?:'s| is) {NAME}", lambda match, hearing: _the_name(match, hearing)),
    rule(rf"(?:i|we)(?:'ve| have|'ve got| have got) (?P<count>{NUMBER}) (?P<kin>(?:older |younger |little |big |grown |small |adult )?(?:{PLURAL_PET}|sisters|brothers|siblings|kids|children|sons|daughters|twins|cousins|nieces|nephews|boys|girls))(?:,|:| called| named| -)? (?P<names>[\w'-]+(?:, [\w'-]+)*,? (?:and|&) [\w'-]+)", _many_named),
    rule(rf"my (?:wife|husband|partner|ex) and i have (?P<count>{NUMBER}) (?P<kin>kids|children|sons|daughters|{PLURAL_PET})", lambda match, _: [Found("you", f"number of {match['kin'].lower()}", f"{match['count'].lower()} {match['kin'].lower()}", f"You have {match['count'].lower()} {match['kin'].lower()}.", say.topic_of(match["kin"]), exclusive=True, refers=match["kin"].lower())]),
    # what happened
    rule(rf"(?:i|we)(?:'ve| have)? {JUST}(?P<what>(?:got|gotten|been) (?:promoted|engaged|married|divorced|fired|laid off|a promotion|a raise)|lost (?:my|our) jobs?|quit my job|(?:passed|failed) my (?:\w+ )?(?:exams?|test|finals)|graduated|retired|had a baby|had twins|bought an? (?:\w+ )?(?:house|flat|car|van|boat|bike|motorbike|piano)|sold (?:my|our|the) (?:house|flat|car|van|boat)|adopted a (?:child|baby|boy|girl)){DATED}{PAST}", _event),
    rule(rf"(?:my|our) {KIND} (?:and|&) i (?:have |'ve )?{JUST}(?:broke up|split up|separated|broken up){PAST}|(?:i|we) broke up with my (?P<former>girlfriend|boyfriend|partner|wife|husband){PAST}", lambda match, hearing: _parted(match, hearing) if match["kin"] else _parted_from(match)),
    rule(rf"(?:my|our) {KIND} (?:has )?{JUST}left me{PAST}", _parted),
    rule(rf"(?:i'm|i am|we're|we are) getting married (?P<when>in {_MONTH}(?: \d{{4}})?|in \d{{4}}|next (?:year|month|spring|summer|autumn|winter)|this (?:year|spring|summer|autumn|winter))", _wedding),
    rule(r"i(?:'m| am)(?: \w+ (?:weeks|months))? pregnant(?: with .+| again)?", _expecting),
    # one's people
    rule(rf"(?:my|our) {KIND} (?P<how>has been|'s been) (?:very |really |quite |so |seriously |a bit )*(?P<what>ill|sick|unwell|depressed|in hospital|out of work)(?: (?:for|since|again|lately|with|recently) ?.*)?{TAIL}", _READ_HEALTH),
    rule(rf"(?:my|our) {KIND} (?P<how>is|'s) (?:back |still |now )?(?P<what>{LASTING})(?: (?:again|with \w+(?: \w+)?|for \w+(?: \w+)?|since .+|in \w+))?{TAIL}", _READ_STATE),
    rule(rf"(?:my|our) {KIND} (?P<how>has|has got) (?P<what>{ILLNESS}){TAIL}", _READ_HEALTH),
    rule(rf"(?:my|our) {KIND} (?:is|'s) moving (?:back |away )?to {PLACE}", _kin_moves),
    rule(rf"(?:my|our) {KIND} (?:really |absolutely |just |always )?(?P<verb>hates|loves|likes|adores|fears|dislikes|is afraid of|is scared of) (?P<what>.+?){TAIL}", _kin_feels),
    rule(r"(?:i|we)(?:'ve| have|'ve got| have got) an? (?P<age>\d{1,2})[- ]years?[- ]old (?P<kin>son|daughter|boy|girl|dog|cat|twin)", lambda match, _: [Found(f"your {match['kin'].lower()}", "age", match["age"], f"Your {match['kin'].lower()} is {match['age']}.", say.topic_of(match["kin"]), exclusive=True, refers=match["kin"].lower())]),
    rule(r"(?:my|our) parents (?:are|got) (?P<what>divorced|separated|retired|both retired|both dead|dead)", _parents),
    # work
    rule(r"i (?:usually |mostly |only |still |always |often )*work (?P<what>nights|days|weekends|evenings|night shifts?|early shifts?|late shifts?|part[- ]time|full[- ]time|from home|remotely|freelance)(?: mostly)?(?P<where> (?:at|in|for) .+)?", _hours),
    rule(rf"i(?:'ve| have) been (?:working as )?(?P<article>an? )(?P<job>(?:[\w-]+ ){{0,2}}{WORK}) (?:for|since) .+", _job),
    rule(rf"i(?:'ve| have)?(?: just| recently| finally)? (?:started|got|gotten|found|landed|accepted)(?: working)? (?:an? |my )?(?:new |first )?(?:job |position |work )?as (?P<article>an? |the )?(?P<job>(?:[\w-]+ ){{0,2}}{WORK})(?: (?:at|in|for) .+)?{PAST}", _job),
    rule(rf"i(?:'ve| have)?(?: just| recently| finally)? (?:started|got|found|landed|accepted) an? (?:new |first )?(?:job|position) (?P<how>at|with|for) (?P<what>.+?){PAST}", _job_at),
    # what one is at
    rule(r"i(?:'m| am) (?:currently |also )?(?P<verb>training for|saving(?: up)? for|writing|renovating|restoring|building) (?P<what>(?:an?|the|my|our) .+)", _ongoing),
    rule(rf"i(?:'m| am|'ve been| have been) (?:currently |also |slowly )?learning (?P<what>.+?){TAIL}", _learns),
)  # fmt: skip


def _the_name(match: Match, hearing: Hearing) -> Facts:
    name = say.proper(match["name"], hearing, sure=False)
    if not name:
        return NOTHING
    return [Found("you", "name", name, f"Your name is {name}.", "you", exclusive=True, confidence=0.9)]


def _parted_from(match: Match) -> Facts:
    kin = match["former"].lower()
    text = f"You and your {kin} broke up."
    return [Found("you", "relationship", text.rstrip("."), text, "family", exclusive=True, refers=kin)]
