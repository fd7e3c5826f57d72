"""Jobs, employers, hours, studies ("I work nights at a bakery"); `english.py` puts the rules in order."""

from __future__ import annotations

import re

from engine.memory import say
from engine.memory.found import NOTHING, Facts, Found, Hearing, Match, Rule, rule
from engine.memory.rules.glossary import STUDIES
from engine.memory.rules.patterns import ADVERB, OCCUPATION, PAST, TAIL, turned


def _hours(match: Match, hearing: Hearing) -> Facts:
    value = match["what"].lower()
    facts = [Found("you", "works when", value, f"You work {value}.", "work", exclusive=True)]
    if match["where"]:
        how, _, where = match["where"].strip().partition(" ")
        facts.append(
            Found("you", f"works {how}", where, f"You work {how} {turned(where)}.", "work", exclusive=True)
        )
    return facts


def _job(match: Match, hearing: Hearing) -> Facts:
    job = say.thing(match["job"], most=6)
    article = say.article(match["article"])
    text = f"You work as {article}{job}."
    return [Found("you", "works as", job, text, "work", exclusive=True)] if job else NOTHING


# "I'm not a doctor", "I'm basically a taxi driver": no work of theirs.
NO_WORK = re.compile(
    r"\b(?:not|never|such|basically|practically|literally|no|like|half)\b|n't\b", re.IGNORECASE
)
PAYLESS = frozenset("peanuts fun myself free nothing money food beer me you love this that".split())


def _work(match: Match, hearing: Hearing) -> Facts:
    if NO_WORK.search(match[0][: match.end("job")]):
        return NOTHING
    job = say.thing(re.split(r",| but | and (?=i\b)", match["job"])[0], most=6)
    if not job:
        return NOTHING
    return [
        Found(
            "you",
            "works as",
            job,
            f"You work as {say.article(match['article'])}{job}.",
            "work",
            exclusive=True,
        )
    ]


def _works_as(match: Match, hearing: Hearing) -> Facts:
    """ "I work as a porter at St Mary's": both; "I worked as a waiter" is over."""
    if " worked " in f" {match[0].lower()} " and "'ve worked" not in match[0].lower():
        return NOTHING
    at = re.search(r" (?P<how>at|for) (?P<what>(?:an? |the )?[\w'& -]+)$", match[0], re.IGNORECASE)
    return [*_work(match, hearing), *(_employer(at, hearing) if at else ())]


def _employer(match: Match, hearing: Hearing) -> Facts:
    value, how = say.thing(match["what"], most=6), match["how"].lower()
    if not value or say.is_time(value) or value.lower() in PAYLESS:
        return NOTHING
    return [Found("you", f"works {how}", value, f"You work {how} {value}.", "work", exclusive=True)]


def _trade(match: Match, hearing: Hearing) -> Facts:
    value = match["what"].lower()
    return [Found("you", "works in", value, f"You work in {value}.", "work", exclusive=True)]


def _own_business(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["what"], most=6)
    verb = match["verb"].lower()
    return [Found("you", verb, value, f"You {verb} {value}.", "work")] if value else NOTHING


def _out_of_work(match: Match, hearing: Hearing) -> Facts:
    value = match["what"].lower()
    return [Found("you", "works as", value, f"You are {value}.", "work", exclusive=True)]


def _study(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["what"], most=7)
    return (
        [Found("you", "studies", value, f"You study {value}.", "work", exclusive=True)] if value else NOTHING
    )


def _teach(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["what"], most=5)
    return [Found("you", "teaches", value, f"You teach {value}.", "work")] if value else NOTHING


def _hired(match: Match, hearing: Hearing) -> Facts:
    """ "The city library hired me." """
    value = say.thing(match["what"], most=5)
    return (
        [Found("you", "works at", value, f"You work at {value}.", "work", exclusive=True)]
        if value
        else NOTHING
    )


def _sells(match: Match, hearing: Hearing) -> Facts:
    value = f"{match['verb'].lower()} {match['what']}"
    return [Found("you", "works as", value, f"You {value}.", "work", exclusive=True)]


def _switched(match: Match, hearing: Hearing) -> Facts:
    """ "Switched to graphic design": a subject, if it is one that is studied."""
    value = match["what"].lower()
    return _study(match, hearing) if value in SUBJECTS else NOTHING


# What is studied, to tell it from whatever else somebody changes to.
SUBJECTS = frozenset(line.split("|")[0].lower() for line in STUDIES.strip().splitlines())

FIRST: tuple[Rule, ...] = (
    rule(rf"i(?:'ll)? start(?:ed|ing)?(?: work(?:ing)?)? as (?P<article>an? |the )?(?P<job>(?:[\w-]+ ){{0,2}}{OCCUPATION})(?: (?:at|in|for|on) .+)?{PAST}", _job),
    rule(r"(?P<what>(?:the|a) [\w' -]+?) (?:hired me|gave me (?:the|a) job|offered me (?:the|a) job)(?: .*)?", _hired),
    rule(r"i (?P<verb>sell) (?P<what>insurance|cars|houses|flowers|books|phones|shoes|wine|furniture|bikes)", _sells),
    rule(rf"i(?:'ve| have)?(?: just| recently)? (?:switched|changed|transferred)(?: majors?| courses?)? (?:to|into) (?:studying )?(?P<what>[\w ]+?){TAIL}", _switched),
    rule(r"i(?:'m| am)?(?: just)? (?:starting|finishing|start|started|finished) (?:my|a) (?:masters?|master's|bachelor'?s?|degree|phd|a-levels) in (?P<what>[\w ]+?)(?: (?:at|in|this|next) .+)?", _study),
    rule(r"i (?:usually |mostly |only |still |always |often )*work (?P<what>nights|days|weekends|evenings|night shifts?|early shifts?|late shifts?|part[- ]time|full[- ]time|from home|remotely|freelance)(?: mostly)?(?P<where> (?:at|in|for) .+)?", _hours),
    rule(rf"i(?:'ve| have) been (?:working as )?(?P<article>an? )(?P<job>(?:[\w-]+ ){{0,2}}{OCCUPATION}) (?:for|since) .+", _job),
    rule(rf"i(?:'ve| have)?(?: just| recently| finally)? (?:started|got|gotten|found|landed|accepted)(?: working)? (?:an? |my )?(?:new |first )?(?:job |position |work )?as (?P<article>an? |the )?(?P<job>(?:[\w-]+ ){{0,2}}{OCCUPATION})(?: (?:at|in|for) .+)?{PAST}", _job),
    rule(rf"i(?:'ve| have)?(?: just| recently| finally)? (?:started|got|found|landed|accepted) an? (?:new |first )?(?:job|position) (?P<how>at|with|for) (?P<what>.+?){PAST}", _employer),
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    rule(rf"i(?:'m| am) {ADVERB}(?P<what>retired|unemployed|self-employed|between jobs|out of work|on parental leave|on maternity leave){TAIL}", _out_of_work),
    rule(rf"i(?:'m| am) {ADVERB}(?P<article>an? |the )?(?P<job>(?:[\w-]+ ){{0,3}}{OCCUPATION})(?: (?:at|in|for|by) .+)?{TAIL}", _work),
    rule(rf"(?:i|we) {ADVERB}(?:work|'ve worked|worked|am working|'m working) (?:full-time |part-time )?as (?P<article>an? |the )?(?P<job>.+?)(?: (?:at|in|for) .+)?{TAIL}", _works_as),
    rule(rf"i(?: {ADVERB[:-1]})? ?(?:work|am working|'m working) (?:nights |days |full-time |part-time |shifts )?(?P<how>at|for|in) (?P<what>.+?){TAIL}", _employer),
    rule(r"my job is (?P<article>an? )?(?P<job>[\w -]+)", _work),
    rule(r"i(?: am|'m) in (?P<what>marketing|sales|finance|it|tech|logistics|construction|healthcare|education|advertising|insurance|real estate|hr|publishing)", _trade),
    rule(r"(?:i|we) (?P<verb>own|run) (?P<what>an? .+|my own .+|our own .+|the .+)", _own_business),
    rule(rf"i(?: {ADVERB[:-1]})? ?(?:study|'m studying|am studying|'m majoring in|major in|'m in my (?:first|second|third|fourth|final|last) year of|'m doing a (?:phd|master's|masters|bachelor|degree) in|'m getting a degree in) (?P<what>.+?){TAIL}", _study),
    rule(r"my major is (?P<what>.+)", _study),
    rule(rf"i teach (?P<what>.+?){TAIL}", _teach),
)  # fmt: skip
