"""What the storyteller says of itself: its past, its looks, its stories, the time, a sum; `talk.py` calls it.

Everything comes from the prompt: a persona of three sentences tells three sentences, and says so.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence

from engine.models.storyteller.hearing import Heard
from engine.models.storyteller.library import stems_of
from engine.models.storyteller.selves import first_person_verb
from engine.models.storyteller.teller import Teller

Move = Callable[[Teller, Heard], list[str]]
ASPECTS = {
    "origin": r"\b(born|grew up|raised|from|childhood|as a (?:child|kid|girl|boy)|hometown|village|moved|came to|family|mother|father|grand\w+)\b",
    "work": r"\b(works?|worked|job|run|repair|restore|teach|host|write|paint|play|sing|cook|bake|build|drive|study|shop|studio|workshop|clinic|nights?|shift|trained|make|design|guide|sell|fix|tend|translate|map|research)\b",
    "care": r"\b(care|love|believe|want|dream|hope|matter|promise|protect|afraid|hate|collect|keep|never|always|wish|looking for|miss|still|swore|rather)\b",
    "family": r"\b(mother|father|mom|mum|dad|sister|brother|grand\w+|aunt|uncle|family|parents|son|daughter|husband|wife|twin|cousin)\b",
}  # fmt: skip
FEARS = re.compile(
    r"\b(afraid|fears?(?! as)|scared|frightened|terrified|dreads?|nightmares?)\b", re.IGNORECASE
)
# What a sentence on an aspect has when it is the one to begin with.
STRONG = {
    "origin": r"\b(grew up|was born|was raised|born aboard)\b",
    "work": r"^(?!.*\bgrew up\b).*(\b(?:works?|job|host|repair|teach|became|restore|run|paint murals|dispatch|have kept|have moved|crashed|make footsteps)\b|\bI am [^,.]{0,24}(?:,| and) (?:an? |keep |bend |work ))",
    "care": r"\bI (?:care about|believe|want|love|dream)\b",
    "family": r"\b(mother|father|sister|brother|daughter|son|grand\w+|aunts?|uncle|twin|wife|husband|cousin)\b",
}  # fmt: skip
# Words that two texts share without being about the same.
COMMON = frozenset(
    stems_of(
        "people three there about which would could because every never always years after before other thing things still again where being their with when what that this from have been "
        "were them they your mine than then into some more most much only over under night nights work works working time times today tomorrow yesterday first last good great really like "
        "love know think make made going went come came take took want wants asked said told tell says back home long little call called name named usually something everything anything evening morning afternoon week weeks month months minute minutes"
    )
)
SUM = re.compile(
    r"(?P<left>\d{1,6}(?:\.\d+)?)\s*(?P<sign>[-+*/x×÷]|plus|minus|times|divided by)\s*(?P<right>\d{1,6}(?:\.\d+)?)"
)


def past(teller: Teller, aspect: str, most: int = 2) -> list[str]:
    """Sentences of the backstory on one aspect that were not told lately."""
    pattern = ASPECTS.get(aspect, r".")
    fitting = [told for told in teller.sheet.past if re.search(pattern, told, re.IGNORECASE)]
    if aspect == "work":
        fitting = [told for told in fitting if not re.search(STRONG["origin"], told)]
    strong = STRONG.get(aspect, "^")
    fitting.sort(key=lambda sentence: not re.search(strong, sentence))
    told: list[str] = []
    for sentence in fitting:
        if len(told) < most and (fresh := teller.first([sentence], strict=False)):
            told.append(fresh)
    return told


def about_theme(teller: Teller, words: Sequence[str]) -> str:
    """A sentence of the backstory that shares a word with what is talked about."""
    wanted = {word for word in words if len(word) > 3} - COMMON
    return teller.first(told for told in teller.sheet.past if wanted & set(stems_of(told)))


def _origin_again(teller: Teller) -> str:
    """The place alone, when the sentence about it was told not long ago."""
    for sentence in teller.sheet.past:
        match = re.search(
            r"\b(?:grew up|was born|was raised)(?: (?:in|on|near|over|aboard))+ (?P<place>[^,.;]+)", sentence
        )
        if match and teller.said(sentence, strict=False):
            return teller.pool("origin_again", strict=False, place=match["place"].strip())
    return ""


def _aspect(name: str) -> Move:
    def move(teller: Teller, heard: Heard) -> list[str]:
        if name == "origin" and (again := _origin_again(teller)):
            return [again, teller.pool("origin_ask")]
        told = past(teller, name, 1 if teller.manner.terse else 2)
        if not told and name == "family":
            return [teller.pool("family_none", strict=False), teller.pool("family_ask")]
        if not told:
            told = past(teller, "", 1)
            lead = "" if told else teller.pool("self_exhausted", strict=False)
            return [lead, *told, teller.pool(f"{name}_ask")]
        lead = teller.pool(f"{name}_lead") if teller.chance(0.4) else ""
        return [lead, *told, teller.pool(f"{name}_ask") if teller.chance(0.6) else ""]

    return move


def tell_self(teller: Teller, heard: Heard) -> list[str]:
    """ "Tell me about yourself": a little of everything, then the quirk."""
    told = past(teller, "", 3 if teller.manner.wordy else 2)
    if not told:
        return [teller.pool("self_exhausted", strict=False), teller.pool("self_trait", trait=_trait(teller))]
    quirk = teller.pool("quirk") if teller.chance(0.6) else teller.pool("self_trait", trait=_trait(teller))
    return [teller.pool("self_lead"), *told, quirk, teller.pool("self_ask") if teller.chance(0.6) else ""]


def quirk(teller: Teller, heard: Heard) -> list[str]:
    """The habit one has, and a trait."""
    return [teller.pool("quirk", strict=False), teller.pool("self_trait", strict=False, trait=_trait(teller))]


def fear(teller: Teller, heard: Heard) -> list[str]:
    """What one is afraid of: the past may say, or the trait with tension."""
    told = teller.first((said for said in teller.sheet.past if FEARS.search(said)), strict=False)
    tension = teller.sheet.label("Tension").rstrip(".")
    if not told and FEARS.search(tension):
        # "lifts pianos, but is frightened of …" is told of oneself; "afraid of being forgotten" is a word for one.
        verb = first_person_verb(tension)
        done = verb.split()[0] != tension.split()[0]
        told = (
            teller.first([f"I {verb}."], strict=False)
            if done
            else teller.pool("fear", strict=False, tension=tension.lower())
        )
    return [
        told or teller.pool("fear_plain", strict=False),
        teller.pool("fear_ask") if teller.chance(0.6) else "",
    ]


def called(heard: Heard) -> str:
    """The name that the person has just said, as they write it."""
    assert heard.match is not None
    said = heard.match["name"]
    start = heard.text.lower().replace("’", "'").find(said)
    name = heard.text[start : start + len(said)] if start >= 0 else said
    return name[:1].upper() + name[1:]


def intro(teller: Teller, heard: Heard) -> list[str]:
    """The person has just said a name."""
    act = heard.act
    assert act is not None
    return [teller.pick(act.lines, strict=False, called=called(heard)), teller.pick(act.asks)]


def honesty(teller: Teller, heard: Heard) -> list[str]:
    """What it is, plainly; in each answer the small voice is named."""
    act = heard.act
    assert act is not None
    line = teller.pick(act.lines, strict=False)
    voice = "" if "voice" in line else teller.pool("honesty_voice", strict=False)
    return [line, voice, teller.pick(act.asks) if teller.chance(0.5) else ""]


def name(teller: Teller, heard: Heard) -> list[str]:
    """The name, and a word about it."""
    return [teller.pool("name", strict=False), teller.pool("name_ask") if not teller.sheet.you else ""]


def age(teller: Teller, heard: Heard) -> list[str]:
    """The age that the persona gives."""
    years = teller.sheet.label("Age")
    return [
        teller.pool("age", strict=False, age=years) or teller.pool("self_exhausted", strict=False),
        teller.pool("age_after"),
    ]


def wearing(teller: Teller, heard: Heard) -> list[str]:
    """The clothes of the persona."""
    clothes = teller.sheet.label("Wears").rstrip(".")
    line = teller.pool("wearing", strict=False, wears=clothes[:1].lower() + clothes[1:]) if clothes else ""
    return [
        line or teller.pool("wearing_unknown", strict=False),
        teller.pool("picture_offer") if teller.chance(0.5) else "",
    ]


def looks(teller: Teller, heard: Heard) -> list[str]:
    """Hair and the distinctive feature."""
    hair, mark = teller.sheet.label("Hair").rstrip("."), teller.sheet.label("Distinctive").rstrip(".")
    hair, mark = (words[:1].lower() + words[1:] for words in (hair, mark))
    line = teller.pool("looks", strict=False, hair=hair, mark=mark) or teller.pool(
        "looks_hair", strict=False, hair=hair
    )
    return [line or teller.pool("wearing_unknown", strict=False), teller.pool("picture_offer")]


def relation(teller: Teller, heard: Heard) -> list[str]:
    """What the two are to each other."""
    words = teller.sheet.label("Relationship").rstrip(".")
    line = teller.pool("relation", strict=False, relation=words[:1].lower() + words[1:]) if words else ""
    return [
        line or teller.pool("relation_open", strict=False),
        teller.pool("relation_after") if teller.chance(0.5) else "",
    ]


def picture(teller: Teller, heard: Heard) -> list[str]:
    """A word about the picture that was just made."""
    shown = teller.sheet.picture.rstrip(".")
    if not shown:
        return [teller.pool("picture_none", strict=False)]
    return [teller.pool("picture_shown", strict=False, picture=shown), teller.pool("picture_ask")]


def story(teller: Teller, heard: Heard) -> list[str]:
    """The first part of a story that was not told lately, from a world that the persona knows."""
    domains = [*teller.manner.domains, "anywhere"]
    untold = [
        parts
        for domain in domains
        for parts in teller.library.stories.get(domain, ())
        if not teller.ledger.has_any(parts[0])
    ]
    if not untold:
        told = past(teller, "", 2)
        return told or [teller.pool("story_exhausted", strict=False)]
    teller.ledger.note(untold[0][0])
    return [teller.pool("story_lead") if teller.chance(0.5) else "", untold[0][0]]


def more(teller: Teller, heard: Heard) -> list[str]:
    """The next part of the story under way, or more of the past."""
    for domain in teller.library.stories.values():
        for parts in domain:
            for part, following in itertools.pairwise(parts):
                if any(
                    teller.fill(part)[:60] in own for own in teller.sheet.own[-3:]
                ) and not teller.ledger.has_any(following):
                    teller.ledger.note(following)
                    return [following]
    told = past(teller, "", 1)
    return [teller.pool("more_lead"), *told, teller.pool("ask")] if told else []


def clock(teller: Teller, heard: Heard) -> list[str]:
    """The time and day, from the scene."""
    now = teller.sheet.now
    if now is None:
        return [teller.pool("clock_unknown", strict=False)]
    time = f"{int(now['hour'])}:{now['minute']}" if now["hour"] else ""
    day = f"{now['weekday']}, {now['date']}" if now["date"] else now["weekday"]
    line = (
        teller.pool("clock", strict=False, time=time, day=day)
        if time
        else teller.pool("clock_day", strict=False, day=day)
    )
    return [line, teller.pool("clock_after") if teller.chance(0.5) else ""]


def reckon(teller: Teller, heard: Heard) -> list[str]:
    """A small sum."""
    match = SUM.search(heard.text.lower())
    if match is None:
        return []
    left, right, sign = float(match["left"]), float(match["right"]), match["sign"]
    if sign in ("/", "÷", "divided by") and right == 0:
        return [teller.pool("sum_zero", strict=False)]
    results = {"+": left + right, "plus": left + right, "-": left - right, "minus": left - right}
    result = results.get(
        sign, left * right if sign in ("*", "x", "×", "times") else left / right if right else 0.0
    )
    return [
        teller.pool("sum", strict=False, value=f"{round(result, 4):g}" if result % 1 else str(int(result)))
    ]


def _trait(teller: Teller) -> str:
    # A sentence is no trait that fits into "people call me …".
    traits = [trait for trait in teller.sheet.traits if len(trait.split()) <= 3]
    return teller.rng.choice(traits).lower() if traits else ""


MOVES: dict[str, Move] = {
    "origin": _aspect("origin"), "work": _aspect("work"), "care": _aspect("care"), "own_family": _aspect("family"), "tell_self": tell_self,
    "quirk": quirk, "name": name, "age": age, "wearing": wearing, "looks": looks, "relation": relation, "picture": picture, "story": story,
    "more": more, "fear": fear, "intro": intro, "honesty": honesty, "clock": clock, "sum": reckon,
}  # fmt: skip
