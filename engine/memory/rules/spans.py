"""Statements that stand inside a longer clause: run-ons, afterthoughts, ends; `english.py` tries them last of all.

"on top of that i work at lidl now with my sister Ana who is a vet" tells three things without a comma. Where a new
statement begins is known by its subject; where it ends, by the words that join what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.memory import say
from engine.memory.found import Facts, Found, Hearing, Match, Rule, rule
from engine.memory.rules.patterns import KIND
from engine.memory.unfold import DENIED, DROPPED

# How many beginnings and ends of a clause are tried: more is a list of something.
MOST_STARTS, MOST_ENDS = 4, 4
START = re.compile(
    r"(?<![\w'-])(?:i|i'm|i've|we|we're|we've|my|our)(?= )|(?<=[,:] )(?=\w+,? \w)", re.IGNORECASE
)
# A word before a beginning that makes it a condition, a comparison, a thought or another's words.
BARRED = re.compile(
    r"(?:^|[\s,])(?:that|if|when|whenever|whether|than|like|as|what|whatever|where|who|whom|how|which|why|before|after|until|till|unless|wish\w*|hop(?:e|ing)|says?|said|thinks?|"
    r"thought|guess|bet|feels?|pretend\w*|imagine\w*|everything|all|anything|time|way|thing|day|once|suppose|not)$",
    re.IGNORECASE,
)
# A word before "my": then it is no subject, and only who is named counts.
OBJECT = re.compile(
    r"(?:^|[\s,])(?!(?:and|but|so|cos|cuz|coz|because|bc|while|since|n|plus|though|also|now|btw|tbh|actually|sorry|ok|okay|well|oh|anyway|then|today|yesterday)$)[\w'-]+$",
    re.IGNORECASE,
)
END = re.compile(
    r",| (?:and|but|so|cos|cuz|coz|bc|because|n|while|though|although|since|after|before|until|till|when|which|even|plus|without|just|again|in|at|for|with|on|by|from|where|who|thanks|due|instead|then|these|all|every|only) ",
    re.IGNORECASE,
)
NAMED = re.compile(rf"^(?i:my|our) (?i:{KIND}),? (?P<name>[A-Z][\w'-]+),?(?= |$)(?! and\b)(?P<rest>.*)$")
WHO = re.compile(rf"^((?:my|our) {KIND}),? (?:who|which|that)(?: is|'s)? ", re.IGNORECASE)
# "Me and Imogen my girlfriend", "with Imogen, my girlfriend,".
FIRST = re.compile(
    rf"\b(?i:and|with|me and|that|to|for|from) (?P<name>[A-Z][\w'-]+),? (?i:my|our) (?i:{KIND})(?=$|,| (?i:and|is|are|was|has|who|came|got)\b)"
)
# Parents and their parents are one's own without "my", too.
BARE = re.compile(
    r"^(?:mum|mom|dad|mam|nan|nana|gran|granny|grandma|grandpa|grandad|mummy|daddy)(?=(?:'s|s)? )",
    re.IGNORECASE,
)
PAIR = re.compile(
    r"\b(?i:my|our) (?i:two |three |older |younger |little |big |twin )*(?P<kin>(?i:sons|daughters|kids|children|boys|girls|twins|sisters|brothers|dogs|cats|cousins|nieces|nephews|parents|grandparents|rabbits|hens|parrots|budgies|rats)),? "
    r"(?P<names>[A-Z][\w-]+(?:, [A-Z][\w-]+)*,? (?:and|n|&) [A-Z][\w-]+)"
)
# What holds no longer, and the same said as if it held.
NO_LONGER = re.compile(
    r"\b(?:no longer|not|don't|do not|doesn't|does not|'m not|isn't|is not|aren't)\b", re.IGNORECASE
)
ANY_MORE = re.compile(r",? (?:any ?more|any longer|now)$", re.IGNORECASE)
OVER = re.compile(r"\bno longer\b|\b(?:not|n't|never) .*\bany ?(?:more|longer)\b", re.IGNORECASE)
# What makes a joke or a play of what was said before it.
PLAYED = re.compile(
    r"^ (?:on weekends|in (?:the|a|my|his|her) (?:game|dreams?|story|film|play|book|head|mind)|at heart)\b",
    re.IGNORECASE,
)
LASTING = frozenset({"name", "age", "birthday", "died", "event", "comes from", "born in", "grew up in"})


def rules(core: Sequence[Rule]) -> Sequence[Rule]:
    """The last rule of all, over those for whole clauses."""

    def read(match: Match, hearing: Hearing) -> Facts:
        clause = BARE.sub(
            lambda bare: f"my {bare[0]}",
            re.sub(r"^(mum|mom|dad|nan|gran)s (?=(?:from|an?|in|called|\d)\b)", r"\1's ", match[0]),
        )
        if OVER.search(clause):
            return _ended(clause, core, hearing)
        return [fact for found in _inside(clause, core, hearing) for fact in found]

    return (
        rule(
            r".*(?:\b(?:i|i'm|i've|we|we're|we've|my|our|his|her)\b|[,:]) .*|(?:mum|mom|dad|mam|nan|nana|gran|granny|grandma|grandpa|grandad)(?:'?s)? .+",
            read,
        ),
    )


def ended(found: Sequence[Found]) -> Facts:
    """What is told as holding, as what holds no longer."""
    return [
        replace(fact, ends=True, text="") for fact in found if not fact.ends and fact.relation not in LASTING
    ]


def _ended(clause: str, core: Sequence[Rule], hearing: Hearing) -> Facts:
    """ "My sister doesn't live in Rome any more" ends that she lives there."""
    held = " ".join(NO_LONGER.sub("", ANY_MORE.sub("", clause), count=1).split())
    held = re.sub(r"^((?:my|our) .+?) (live|work|play|like|love|have|own)\b", r"\1 \2s", held)
    held = held.replace(" haves", " has").replace("I a", "I'm a")
    return ended(_first(held, core, hearing)) if held != clause else ()


def _inside(clause: str, core: Sequence[Rule], hearing: Hearing) -> Iterator[Facts]:
    if match := PAIR.search(clause):
        yield _named_pair(match, hearing)
    if first := FIRST.search(clause):
        yield _name(first, hearing)
    done = 0
    if (not START.match(clause) or BARE.match(clause.removeprefix("my "))) and (
        found := _heads(clause, core, hearing, whole=True)
    ):
        yield found
    for start in list(START.finditer(clause))[:MOST_STARTS]:
        before = clause[: start.start()].rstrip(" ,")
        if start.start() < done or (start[0] and BARRED.search(before)):
            continue
        span = clause[start.start() :]
        if named := NAMED.match(span):
            yield _name(named, hearing)
        if start[0].lower() in ("my", "our") and OBJECT.search(before):
            continue
        for told in _told(span, named):
            if found := _heads(told, core, hearing, whole=start.start() == 0 and named is None):
                yield found
                done = start.start() + 2
                break


def _told(span: str, named: Match | None) -> Iterator[str]:
    """A statement without the name in it, and without "who"."""
    if named:
        span = f"my {named['kin']}{' ' + named['rest'].strip(' ,') if named['rest'] else ''}"
    elif not START.match(span):
        for pattern, plain in DROPPED:
            span = pattern.sub(plain, span)
    yield WHO.sub(r"\1 is ", span) if WHO.match(span) else span


def _heads(span: str, core: Sequence[Rule], hearing: Hearing, *, whole: bool) -> Facts:
    """What the longest beginning of it tells that a rule understands."""
    if not whole and (found := _first(span, core, hearing)):
        return found
    ends = [match for match in END.finditer(span) if match.start() > 4][:MOST_ENDS]
    for end in reversed(ends):
        rest = span[end.start() : end.start() + 24]
        if DENIED.search(rest) or PLAYED.search(rest):
            continue
        if found := _first(span[: end.start()], core, hearing):
            return found
    return ()


def _first(clause: str, core: Sequence[Rule], hearing: Hearing) -> Facts:
    for one in core:
        match = one.pattern.match(clause)
        if match and (found := one.read(match, hearing)):
            return found
    return ()


def _name(match: Match, hearing: Hearing) -> Facts:
    name = "" if hearing.shouted else say.proper(match["name"], hearing, sure=False)
    return say.named(match["kin"], name) if name else ()


def _named_pair(match: Match, hearing: Hearing) -> Facts:
    kin, names = match["kin"].lower(), re.split(r", (?:and )?| and | n | & ", match["names"])
    if hearing.shouted or not all(say.proper(name, hearing, sure=False) for name in names):
        return ()
    value = f"{', '.join(names[:-1])} and {names[-1]}"
    return [say.about(kin, "name", value, f"Your {kin} are called {value}.")]
