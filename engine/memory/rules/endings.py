"""What holds no longer ("I don't live in Bonn any more", "we broke up"); `english.py` puts these rules first of all."""

from __future__ import annotations

from engine.memory import say
from engine.memory.found import NOTHING, Facts, Found, Hearing, Match, Rule, rule
from engine.memory.rules.patterns import KIND, OCCUPATION, PAST, PET

MORE = r"(?: any ?more| any longer)"
NOT = r"(?:do not|don't|does not|doesn't|am not|'m not|are not|aren't|'re not)"


def over(relation: str, value: str, text: str, topic: str) -> Facts:
    """Something about the person that has ended."""
    return [Found("you", relation, value, text, topic, ends=True)]


def _home(match: Match, hearing: Hearing) -> Facts:
    place = say.place(match["place"])
    return over("lives in", place, f"You no longer live in {place}.", "places") if place else NOTHING


def _employer(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["what"], most=6)
    if not value or say.is_time(value):
        return NOTHING
    # With the place goes what one did there.
    return [
        *over("works at", value, f"You no longer work at {value}.", "work"),
        *over("works as", "", "", "work"),
    ]


def _job(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["job"], most=4)
    return over("works as", value, f"You no longer work as {say.a(value)}.", "work") if value else NOTHING


def _lost_job(match: Match, hearing: Hearing) -> Facts:
    return [*over("works at", "", "", "work"), *over("works as", "", "", "work")]


def _study(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match.groupdict().get("what") or "", most=5)
    return over("studies", value, f"You no longer study {value}." if value else "", "work")


def _taste(match: Match, hearing: Hearing) -> Facts:
    value = say.taste(match["what"])
    return over("likes", value, f"You no longer like {value}.", "likes") if value else NOTHING


def _play(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["what"], most=4).removeprefix("the ")
    return over("plays", value, f"You no longer play {value}.", "likes") if value else NOTHING


def _diet(match: Match, hearing: Hearing) -> Facts:
    return say.no_diet()


def _state(match: Match, hearing: Hearing) -> Facts:
    value = match["state"].lower()
    return over("relationship", value, f"You are no longer {value}.", "family")


def _has(match: Match, hearing: Hearing) -> Facts:
    kin = match["kin"].lower()
    return [Found("you", "has", kin, f"You no longer have {say.a(kin)}.", say.topic_of(kin), ends=True)]


def _learns(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["what"], most=4)
    return over("learning", value, f"You no longer learn {value}.", "likes") if value else NOTHING


def _plan(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["what"], most=4)
    return [Found("you", "plan", value, "", "dates", ends=True)] if value else NOTHING


def _parted(match: Match, hearing: Hearing) -> Facts:
    kin = (match.groupdict().get("former") or match.groupdict().get("kin") or "partner").lower()
    return [
        Found(
            "you",
            "relationship",
            f"broke up with {kin}",
            f"You and your {kin} broke up.",
            "family",
            exclusive=True,
        ),
        Found(f"your {kin}", "", "", "", "family", ends=True),
        Found("you", "has", kin, "", "family", ends=True),
    ]


def _wedding_off(match: Match, hearing: Hearing) -> Facts:
    """ "The wedding's off": no plan and no engagement."""
    return [
        Found("you", "plan", "wedding", "", "dates", ends=True),
        Found("you", "plan", "married", "", "dates", ends=True),
        Found("you", "relationship", "engaged", "", "family", ends=True),
    ]


def _named_parted(match: Match, hearing: Hearing) -> Facts:
    """ "I broke up with Tom." """
    name = say.proper(match["name"], hearing, sure=True)
    return [Found("your partner", "name", name, "", "family", ends=True)] if name else NOTHING


def _just_parted(match: Match, hearing: Hearing) -> Facts:
    return [Found("your partner", "", "", "", "family", ends=True)]


def _gone_off(match: Match, hearing: Hearing) -> Facts:
    """ "I've gone right off marmite": no longer liked."""
    value = say.taste(match["what"])
    if not value or value.split()[0] in ("to", "on", "at", "in", "with", "the", "sick", "work", "grid"):
        return NOTHING
    return [
        *over("likes", value, f"You no longer like {value}.", "likes"),
        *(
            Found("you", f"favourite {kind}", value, "", "likes", ends=True)
            for kind in ("thing", "food", "drink")
        ),
    ]


def _sold(match: Match, hearing: Hearing) -> Facts:
    """ "We sold the van": neither had nor driven."""
    value = say.thing(match["what"], most=3)
    return (
        [
            Found("you", verb, value, "", "other", ends=True)
            for verb in ("drives", "has", "own", "owns", "plays")
        ]
        if value
        else NOTHING
    )


def _left_place(match: Match, hearing: Hearing) -> Facts:
    """ "I left Leeds for York": a place that is written like one."""
    place, to = say.place(match["place"]), say.place(match["to"] or "")
    words = match["place"].split()
    if not place or len(words) > 3 or not all(word[0].isupper() for word in words):
        return NOTHING
    ends = [Found("you", "lives in", place, "", "places", ends=True)]
    return (
        [*ends, Found("you", "lives in", to, f"You live in {to}.", "places", exclusive=True)] if to else ends
    )


def _moved_away(match: Match, hearing: Hearing) -> Facts:
    """ "We moved away": wherever it was, and wherever to."""
    return over("lives in", "", "", "places")


def _stopped(match: Match, hearing: Hearing) -> Facts:
    """ "I quit running": neither liked nor played nor learned."""
    value = match["what"].lower()
    if value in (
        "smoking",
        "drinking",
        "working",
        "talking",
        "trying",
        "being",
        "thinking",
        "crying",
        "eating",
        "living",
    ):
        return NOTHING
    return [Found("you", relation, value, "", "likes", ends=True) for relation in ("likes", "learning")]


def _named_over(match: Match, hearing: Hearing) -> Facts:
    """ "Tom and I are over." """
    name = say.proper(match["name"] or match["other"], hearing, sure=True)
    return [Found("your partner", "name", name, "", "family", ends=True)] if name else NOTHING


def _single_again(match: Match, hearing: Hearing) -> Facts:
    """ "I'm single again": whoever it was, it is over."""
    return [
        Found("you", "relationship", "single", "You are single.", "family", exclusive=True),
        Found("your partner", "", "", "", "family", ends=True),
        Found("you", "has", "partner", "", "family", ends=True),
    ]


PARTNER = r"(?P<former>girlfriend|boyfriend|partner|wife|husband|fiancée?)"


def _quit(match: Match, hearing: Hearing) -> Facts:
    """ "I quit my job": an event, and the end of the work that was known."""
    what = " ".join(match["what"].lower().replace("my", "your").split())
    return [Found("you", "event", what, f"You {what}.", "work"), *_lost_job(match, hearing)]


RULES: tuple[Rule, ...] = (
    rule(rf"i(?:'ve| have)? (?:(?:just|finally|recently) )*(?P<what>quit my job|lost my job|left my job|(?:got|been) (?:fired|laid off)){PAST}", _quit),
    rule(rf"me and my {PARTNER} (?:have |'ve |just |finally |recently )*(?:split up|broke up|separated|broken up){PAST}", _parted),
    rule(rf"(?:i|we) {NOT} (?:live|living) in (?P<place>.+?){MORE}", _home),
    rule(r"(?:i|we) no longer live in (?P<place>.+)", _home),
    rule(rf"i ?{NOT} (?:work|working) (?:at|for|in|with) (?P<what>.+?){MORE}", _employer),
    rule(r"i no longer work (?:at|for|in|with) (?P<what>.+)", _employer),
    rule(rf"i(?:'ve| have)? (?:just |finally )*(?:quit|left|resigned from|handed in my notice at|got fired from|got laid off from|was fired from|was laid off from|stopped working at|gave notice at) (?:my (?:job|position|work) (?:at|with|for|in) )?(?P<what>(?:the|a|an|my) (?:[\w'-]+ ){{0,2}}(?:shop|store|bank|hospital|school|office|agency|company|firm|caf[eé]|restaurant|bar|pub|bakery|library|warehouse|factory|call cent(?:re|er)|start-?up|post office|clinic|hotel|university|museum|supermarket|nursery|salon|council|studio|garage|farm|surgery|practice|bookshop))(?: {PAST[:-1]})?{PAST}", _employer),
    rule(rf"(?:i(?:'ve| have)? )?(?:just |finally )*(?:quit|left|resigned from|handed in my notice at|got (?:fired|laid off|sacked) from|stopped working at) (?:my (?:job|position) (?:at|with|for) )(?P<what>.+?){PAST}", _employer),
    rule(rf"(?:i(?:'ve| have)? )?(?:just |finally )*handed in my notice(?: at (?P<what>.+?))?{PAST}", lambda match, hearing: _employer(match, hearing) if match["what"] else _lost_job(match, hearing)),
    rule(rf"i(?:'m| am) (?:not|no longer) (?:working as )?(?:an? |the )?(?P<job>(?:[\w-]+ ){{0,2}}{OCCUPATION}){MORE}?", lambda match, hearing: _job(match, hearing) if "more" in match[0].lower() or "long" in match[0].lower() else NOTHING),
    rule(rf"i (?:no longer work|don't work) as (?:an? |the )?(?P<job>.+?){MORE}?", lambda match, hearing: _job(match, hearing) if "more" in match[0].lower() or "long" in match[0].lower() else NOTHING),
    rule(rf"i(?:'ve| have)? (?:just |finally )*(?:dropped out|quit uni(?:versity)?|left uni(?:versity)?|quit college)(?: of (?:uni(?:versity)?|college|(?P<what>.+?)))?{PAST}", _study),
    rule(rf"i(?:'m| am)? ?(?:no longer|not|don't) (?:study|studying) (?P<what>.+?){MORE}?", lambda match, hearing: _study(match, hearing) if "more" in match[0].lower() or "long" in match[0].lower() else NOTHING),
    rule(rf"i (?:don't|do not|can't) (?:like|love|enjoy|stand) (?P<what>.+?){MORE}", _taste),
    rule(r"i no longer (?:like|love|enjoy) (?P<what>.+)", _taste),
    rule(rf"i (?:don't|do not) play (?P<what>.+?){MORE}", _play),
    rule(r"i (?:no longer|stopped|quit|gave up|'ve given up) play(?:ing)? (?P<what>.+)", _play),
    rule(rf"i(?:'m| am) (?:not|no longer) (?:a )?(?:vegan|vegetarian|pescatarian){MORE}?", lambda match, hearing: _diet(match, hearing) if "more" in match[0].lower() or "long" in match[0].lower() else NOTHING),
    rule(r"i(?:'m| am)? (?:eating|eat|started eating) meat again", _diet),
    rule(rf"(?:i|we)(?:'m| am|'re| are) (?:not|no longer) (?P<state>married|engaged|single|together){MORE}?", lambda match, hearing: _state(match, hearing) if "more" in match[0].lower() or "long" in match[0].lower() else NOTHING),
    rule(rf"(?:i|we) (?:don't|do not) have (?:an? |the |my |any )?(?P<kin>{PET})s?{MORE}", _has),
    rule(rf"(?:i|we) no longer have (?:an? |the |my |any )?(?P<kin>{PET})s?", _has),
    rule(rf"(?:i(?:'ve| have)? )?(?:stopped|quit|gave up|given up|dropped) (?:learning|taking) (?P<what>\w+)(?: lessons| classes)?{PAST}", _learns),
    rule(rf"(?:i|we) (?:just |finally |recently )*(?:broke up with|split (?:up )?with|left|dumped|divorced) my {PARTNER}{PAST}", _parted),
    rule(r"(?:i|we)? ?(?:just |finally |recently )*(?:broke up with|split (?:up )?with|dumped|divorced) (?P<name>[A-Z][\w'-]+)(?: .*)?", _named_parted),
    rule(rf"(?:me and )?(?P<name>[A-Z][\w'-]+) (?:(?:and|&) (?:i|me) )?(?:have |'ve )?(?:just |finally |sadly )*(?:broke up|split up|separated|dumped me|left me|broke up with me|are done|are over){PAST}", _named_parted),
    rule(rf"we(?:'ve| have)? (?:just |finally |sadly )*(?:broke up|broken up|split up|separated|called it quits){PAST}", _just_parted),
    rule(r"(?:we|i|they) (?:called|'ve called|have called) (?:it|the wedding|everything|our engagement) off|(?:we )?called off (?:the|our) (?:wedding|engagement)|(?:(?:the|our) )?(?:wedding|engagement)(?:'s| is| got) (?:off|cancelled|canceled|called off)", _wedding_off),
    rule(r"i(?:'ve| have)? (?:just |really |kind of |sort of )*(?:gone|went) (?:right |completely |totally |really )?off (?P<what>[\w' -]+?)(?: .{0,3}now.*)?", _gone_off),
    rule(rf"(?:i|we)(?:'ve| have)? (?:just |finally |recently )*(?:sold|got rid of|scrapped|crashed|totalled|traded in|gave away) (?:my|our|the) (?:old |lovely |poor )?(?P<what>[\w -]+?){PAST}", _sold),
    rule(r"(?:i|we)(?:'ve| have)? (?:just |finally |recently )*(?:moved out of|moved away from|left) (?P<place>[A-Z][\w' -]*?)(?: (?:for good|for|to) (?P<to>[A-Z][\w' -]*))?(?: (?:last|this|in|yesterday|today).*)?", _left_place),
    rule(rf"(?:(?:i|we)(?:'ve| have)? )?(?:just |finally |recently |totally )*(?:stopped|quit|gave up|given up|packed in|given|dropped)(?: doing| going to)? (?:the )?(?P<what>[a-z]+ing|gym|guitar|piano|violin|drums|choir|yoga|football|tennis|judo|karate|ballet|chess)(?: altogether| entirely| for good)?{PAST}", _stopped),
    rule(rf"(?:i )?(?:just |finally )*(?:got|been|was|were|am|'m)? ?(?:made redundant|sacked|the sack|the boot|let go|laid off|out of a job|jobless|walked out of my job|packed in my job|jacked in my job)(?: from .+)?{PAST}", _lost_job),
    rule(r"(?:i )?(?:just |finally )*(?:walked out of|packed in|jacked in|chucked in|binned) (?:my|the) job(?: .*)?|(?:i )?(?:just )?handed my notice in(?: .*)?", _lost_job),
    rule(r"(?:(?:i|we)(?:'ve| have)? )?(?:just |finally )*moved (?:away|out of (?:there|town|the city|the country))(?: .*)?", _moved_away),
    rule(r"(?:the |our |my )?(?P<what>trip|holiday|wedding|party|move|flight|concert|gig|interview|operation|appointment)(?:'s|s| is| got| has been) (?:been )?(?:off|cancelled|canceled|called off)", _plan),
    rule(r"(?:(?P<name>[A-Z][\w'-]+) and (?:i|me)|me and (?P<other>[A-Z][\w'-]+)) (?:are|is) (?:through|over|done|finished|history|no more)", _named_over),
    rule(r"(?:it's|its|it is) (?:all )?over (?:between|with) (?:me and |us and )?(?P<name>[A-Z][\w'-]+)(?: and me)?(?P<other>)", _named_over),
    rule(rf"i'?m? ?(?:am )?(?:single again|newly single|back to being single){PAST}", _single_again),
    rule(rf"(?:i'm|i am) (?:not|no longer) with (?:my )?{PARTNER}{MORE}?", _parted),
    rule(r"(?:my|our) (?P<what>(?:[\w'-]+ ){0,2}[\w'-]+) (?:is|was|got|has been|'s been) (?:cancelled|canceled|called off)", _plan),
    rule(rf"(?:my|our) {KIND} and i (?:aren't|are not|are no longer) together{MORE}?", _parted),
)  # fmt: skip

# A new job that no rule understands: at least the old one is over.
LAST: tuple[Rule, ...] = (
    rule(r"i(?:'ve| have)?(?: just| finally| recently)* (?:started|got|found|landed|accepted) (?:a|my|the) (?:new|different|another) job(?: .*)?", _lost_job),
)  # fmt: skip
