"""Folded sentences as plain ones, so that rules over whole clauses see them; `engine/memory/facts.py` calls `unfold`.

"My cat Miso, who is 14, is getting slow" says three things; so does "I'm Priya, a nurse from Leeds". Each reading
is one the writer would sign: nothing is unfolded whose halves mean something else alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.memory.words import ALSO_NAMES, FAMILY, NOT_NAMES, OCCUPATIONS, OTHERS, PETS

_RELATIONS = "|".join(re.escape(word) for word in sorted([*FAMILY, *OTHERS, *PETS], key=len, reverse=True))
_JOBS = "|".join(re.escape(word) for word in sorted(OCCUPATIONS, key=len, reverse=True))
_KIN = rf"(?P<kin>(?:(?:best|older|younger|little|big|elder|eldest|youngest|oldest|twin|half|late|good|dear|new|old) )*(?:{_RELATIONS}))"
# A name is what is written like one: here capitals count.
_NAME = r"(?P<name>[A-ZÀ-ÞŁŚŻ][\w'-]+)"
_I = r"(?i:i'm|i am)"
HAVE = r"(?i:i|we)(?i:'ve got|'ve| have got| have| own| adopted| just adopted| just got| got)"

RELATED = re.compile(rf"^(?i:my|our) (?i:{_KIN}),? {_NAME}(?P<rest>,? .+)$")
WHO = re.compile(
    rf"^(?i:my|our) (?i:{_KIN}),? (?i:who|which)(?: (?P<is>is|has|was)|'s) (?P<what>[^,]+)(?:, (?P<rest>.+))?$"
)
OWNED = re.compile(
    rf"^{HAVE} (?i:an?|one) (?:[\w-]+ )??(?i:{_KIN})(?: too| as well)?,? (?i:called |named )?{_NAME},? ?(?P<rest>(?:who|and|which|that|but|he|she)\b.+)?$"
)
COMPANY = re.compile(rf"\b(?:with|and|to|from|for|see|visit|meet) (?i:my|our) (?i:{_KIN}),? {_NAME}\b(?!')")
LISTED = re.compile(
    rf"^(?P<first>{_I} (?!(?:not|such|basically|practically|literally)\b)[^,]+?),? (?P<more>from [A-Z].*|(?:an? )(?:[\w-]+ ){{0,2}}(?:{_JOBS})\b.*)$"
)
BOTH = re.compile(
    rf"^(?P<am>{_I}) (?P<first>[\w ]+?) and (?P<more>(?:allergic|afraid|scared|terrified|from|married|engaged|retired|vegan|vegetarian|pregnant|diabetic|divorced|an? )\b.*)$"
)
JOB_AT = re.compile(
    rf"^(?P<job>{_I} (?:\w+ ){{0,2}}?an? (?:[\w-]+ ){{0,3}}(?:{_JOBS})) (?P<at>(?:at|for|in(?= (?-i:[A-Z]))) (?!heart|night|home|the moment|least|best|present|now|the time|a living|\w+ (?:years|months)\b).+)$",
    re.IGNORECASE,
)
# Where a statement may be over.
JOINT = re.compile(
    r",? (and|so|which|but|because|when|while|after|until|though|like|as|since|from|not|who|where|there|at|for|with|without|every|all|above|living|working|doing|but) ",
    re.IGNORECASE,
)
# What follows a statement without changing it.
AFTERWARDS = re.compile(
    r"(?:, (?:which|especially|particularly|mostly|hands down|honestly|so|as|since|though|tbh|lol|haha|thank god|sadly|unfortunately|luckily|actually)\b| because | although ).*$| (?:though|tbh|lol|haha|honestly|anyway|either)$| myself\b.*$| when i was .*$| not \w+$| at (?:all|the age of \d+)$| so$| (?:there|here|for now|as we speak|lately)$| every (?:single )?(?:day|week|weekend|\w+day|morning|night|summer)$",
    re.IGNORECASE,
)
DENIED = re.compile(r"\b(?:not|never|except|without|no longer|nor)\b|n't\b", re.IGNORECASE)
# What chat leaves out at the beginning of a clause.
DROPPED = (
    (
        re.compile(
            r"^(?=(?:(?:just|finally|recently|really|absolutely|still|also) )*(?:can't stand|hate|love|adore|live in|work(?: full time| part time)? (?:as|at|for|in)|moved to|got an? |have an? |adopted|don't (?:like|eat|drink)|study|play the|quit my|lost my|left my|handed in|failed my|passed my|got (?:promoted|engaged|married|fired|laid off)|broke up|dropped out|switched to|started (?:a|as|my|work)|speak|bought a|grew up)\b)",
            re.IGNORECASE,
        ),
        "I ",
    ),
    (
        re.compile(
            r"^(?=(?:(?:just|finally|still|also|newly|happily) )*(?:single|married to|divorced|vegan|vegetarian|allergic to|originally from|living in|working (?:as|at|for)|studying|training for|learning|engaged|pregnant|turning \d\d|terrified of|scared of)\b)",
            re.IGNORECASE,
        ),
        "I'm ",
    ),
)
REWRITTEN = (
    *DROPPED,
    (
        re.compile(r"^been (?=vegan|vegetarian|married|living|working|playing|learning)", re.IGNORECASE),
        "I've been ",
    ),
    (re.compile(r"^(?=birthday(?:'s| is)\b)", re.IGNORECASE), "my "),
    (
        re.compile(
            r"^i got (an? (?:\w+ )?(?:interview|exam|appointment|gig|test|viva|scan|operation|concert|date|recital|flight|match)\b)",
            re.IGNORECASE,
        ),
        r"I've got \1",
    ),
    (
        re.compile(
            r",? from (?:the|a|an) (?:\w+ )?(?:shelter|breeder|rescue|pound|dogs trust)\b", re.IGNORECASE
        ),
        "",
    ),
    (re.compile(r"^(?:(?:and|so|but) )?now (?=(?:i|we|he|she)(?:'m|'re|'s| )(?! ?in ))", re.IGNORECASE), ""),
    (
        re.compile(
            r"^((?:i|we)(?:'ve| have)?(?: just)?) (?:picked up|brought home|rescued) (?:the|a|an|our|my) ",
            re.IGNORECASE,
        ),
        r"\1 got a ",
    ),
    (
        re.compile(
            r"^((?:i|we)(?:'m| am|'re| are)? liv(?:e|ing)) (?:alone |together |by myself |with \w+ \w+ )?in an? (?:[\w-]+ ){0,3}(?:flat|apartment|house|studio|room|place|cottage|loft|basement|bungalow) (in|near|outside|on) ",
            re.IGNORECASE,
        ),
        r"\1 \2 ",
    ),
    (re.compile(r"^((?:i|we) live) (?:alone|together|by myself) (?=in |near )", re.IGNORECASE), r"\1 "),
    (
        re.compile(
            r"\b(moved|relocated) (?:here |out here |back |over |up |down |from [\w' -]+? )to ", re.IGNORECASE
        ),
        r"\1 to ",
    ),
    (
        re.compile(
            r" (?:\w+|a few|a couple of) (?:years|months|weeks|days) ago$| an? (?:year|month|week) ago$",
            re.IGNORECASE,
        ),
        "",
    ),
)
NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(),
        start=1,
    )
}
AGED = re.compile(
    rf"^((?:my|our|he|she|it) ?.{{0,24}}?(?: is|'s|turned) (?:just |already |only |almost )?)({'|'.join(NUMBERS)})\b(?=$| years| months| weeks| today| yesterday| last| this| now)",
    re.IGNORECASE,
)


def unfold(clause: str) -> Iterator[str]:
    """The plain statements in a clause, the clause itself (without its afterthoughts) last."""
    for pattern, plain in REWRITTEN:
        clause = pattern.sub(plain, clause)
    for match in COMPANY.finditer(clause):
        yield from _named(match)
    folded = next(
        (parts for read in (_related, _owned, _listed) if (parts := list(read(clause)))),
        [AFTERWARDS.sub("", clause)],
    )
    for part in folded:
        yield AGED.sub(lambda match: match[1] + NUMBERS[match[2].lower()], part)


def before_joint(clause: str) -> str:
    """The statement before "and", "so" or "which" where what follows is no list; "" otherwise."""
    head, joint, rest = [*JOINT.split(clause, maxsplit=1), "", ""][:3]
    return head.strip(" ,") if joint and not DENIED.search(rest) else ""


def before_comma(clause: str) -> str:
    """The statement before a comma, if what follows takes nothing back; "" otherwise."""
    head, comma, rest = clause.partition(", ")
    return head if comma and not DENIED.search(rest) else ""


def _no_name(word: str) -> bool:
    return word.lower() in NOT_NAMES - ALSO_NAMES


def _named(match: re.Match[str]) -> Iterator[str]:
    if not _no_name(match["name"]):
        yield f"my {match['kin'].lower()} is called {match['name']}"


def _related(clause: str) -> Iterator[str]:
    """ "My brother, Leo, is a pilot" and "my cat, who is 14, is slow"."""
    if match := RELATED.match(clause):
        if _no_name(match["name"]):
            return
        yield from _named(match)
        rest = match["rest"].lstrip(", ")
        yield from _more(match["kin"].lower(), rest)
    elif match := WHO.match(clause):
        yield f"my {match['kin'].lower()} {match['is'] or 'is'} {match['what']}"
        if match["rest"]:
            yield f"my {match['kin'].lower()} {match['rest']}"


def _more(kin: str, rest: str) -> Iterator[str]:
    plain = f"my {kin} {rest}"
    if match := WHO.match(plain):
        yield f"my {kin} {match['is'] or 'is'} {match['what']}"
        rest = match["rest"] or ""
    if rest:
        yield AFTERWARDS.sub("", f"my {kin} {rest}")


def _owned(clause: str) -> Iterator[str]:
    if (match := OWNED.match(clause)) and not _no_name(match["name"]):
        yield from _named(match)
        yield from _more(match["kin"].lower(), match["rest"] or "")


def _listed(clause: str) -> Iterator[str]:
    if match := JOB_AT.match(clause):
        yield match["job"]
        yield f"I work {AFTERWARDS.sub('', match['at'])}"
    elif match := BOTH.match(clause):
        yield f"{match['am']} {match['first']}"
        yield f"{match['am']} {match['more']}"
    elif match := LISTED.match(clause):
        yield match["first"]
        origin = re.search(r" from [A-Z].*$", match["more"])
        more = match["more"][: origin.start()] if origin else match["more"]
        yield f"I'm {more}"
        if origin:
            yield f"I'm{origin[0]}"
