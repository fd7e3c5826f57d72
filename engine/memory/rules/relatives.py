"""Family, friends and pets: who there is, and their names, ages, homes, jobs, deaths ("My sister Anna came by").

`english.py` puts the rules in order; what becomes of them is in `relatives_news.py`.
"""

from __future__ import annotations

import re

from engine.memory import say
from engine.memory.found import NOTHING, Facts, Found, Hearing, Match, Rule, rule
from engine.memory.rules.numbers import number
from engine.memory.rules.patterns import (
    ADVERB,
    KIN,
    KIND,
    NAME,
    NUMBER,
    NUMBER_WORD,
    OCCUPATION,
    PET,
    PLACE,
    PLURAL_PET,
    TAIL,
    any_of,
)
from engine.memory.rules.places import where
from engine.memory.rules.work import SUBJECTS
from engine.memory.words import NATIONALITIES


def _kin_name(match: Match, hearing: Hearing) -> Facts:
    name = say.proper(match["name"], hearing, sure=True)
    return say.named(match["kin"], name) if name else NOTHING


def _kin_apposition(match: Match, hearing: Hearing) -> Facts:
    """ "My sister Anna came by": the name must be written like one."""
    name = match["name"]
    if hearing.shouted or not name[:1].isupper() or not say.proper(name, hearing, sure=False):
        return NOTHING
    return say.named(match["kin"], name)


def _kin_names(match: Match, hearing: Hearing) -> Facts:
    names = [say.proper(part, hearing, sure=True) for part in re.split(r", | and | & ", match["names"])]
    if not all(names) or len(names) < 2:
        return NOTHING
    kin, value = match["kin"].lower(), f"{', '.join(names[:-1])} and {names[-1]}"
    return [say.about(kin, "name", value, f"Your {kin} are called {value}.")]


def _their_name(match: Match, hearing: Hearing) -> Facts:
    name = say.proper(match["name"], hearing, sure=True)
    kin = hearing.last_subject if say.fits(hearing.pronoun, hearing.last_subject) else ""
    return say.named(kin, name) if name and kin else NOTHING


def _their_names(match: Match, hearing: Hearing) -> Facts:
    names = [say.proper(part, hearing, sure=True) for part in re.split(r", | and | & ", match["names"])]
    kin = hearing.last_subject
    if not all(names) or len(names) < 2 or not kin:
        return NOTHING
    value = f"{', '.join(names[:-1])} and {names[-1]}"
    return [say.about(kin, "name", value, f"Your {kin} are called {value}.")]


def _pronoun_name(match: Match, hearing: Hearing) -> Facts:
    hearing.pronoun = {"his": "he", "her": "she"}.get(match[0].split()[0].lower(), match[0].split()[0])
    found = re.match(NAME + "$", match["name"] or match["other"])
    return _their_name(found, hearing) if found else NOTHING


def _has_kin(match: Match, hearing: Hearing) -> Facts:
    kin = match["kin"].lower()
    name = say.proper(match["name"], hearing, sure=True) if match["name"] else ""
    if match["name"]:
        return say.named(kin, name) if name else NOTHING
    breed = say.thing(match["breed"] or "", most=3)
    value = f"{breed} {kin}".strip()
    if (
        say.topic_of(kin) != "pets"
        and breed
        and breed not in ("older", "younger", "little", "big", "twin", "half", "best", "good")
    ):
        return NOTHING
    return [Found("you", "has", value, f"You have {say.a(value)}.", say.topic_of(kin), refers=kin)]


def _has_many(match: Match, hearing: Hearing) -> Facts:
    kin, count = match["kin"].lower(), match["count"].lower()
    # A couple of dogs and two dogs are the same household: the newer number counts.
    return [
        Found(
            "you",
            f"number of {kin}",
            f"{count} {kin}",
            f"You have {count} {kin}.",
            say.topic_of(kin),
            exclusive=True,
            refers=kin,
        )
    ]


def _many_named(match: Match, hearing: Hearing) -> Facts:
    kin = match["kin"].lower()
    parts = re.split(r", (?:and )?| and | & ", match["names"])
    names = [say.proper(part, hearing, sure=False) for part in parts]
    if not all(names) or len(names) < 2:
        return NOTHING
    value = f"{', '.join(names[:-1])} and {names[-1]}"
    return [
        *_has_many(match, hearing),
        say.about(kin, "name", value, f"Your {kin} are called {value}."),
    ]


def _has_aged(match: Match, hearing: Hearing) -> Facts:
    kin, age = match["kin"].lower(), match["age"]
    return [say.about(kin, "age", age, f"Your {kin} is {age}.")]


def _only_child(match: Match, hearing: Hearing) -> Facts:
    return [Found("you", "siblings", "only child", "You are an only child.", "family")]


def _kin_age(match: Match, hearing: Hearing) -> Facts:
    kin = match["kin"].lower() if match.groupdict().get("kin") else hearing.last_subject
    if not kin or not say.fits(match[0].split()[0], kin):
        return NOTHING
    age = str(number(match["age"]) or match["age"])
    unit = (match["unit"] or "years").lower().rstrip("s") + "s"
    value = age if unit == "years" else f"{age} {unit}"
    text = f"Your {kin} is {age}{'' if unit == 'years' else f' {unit} old'}."
    return [say.about(kin, "age", value, text)]


def _kin_home(match: Match, hearing: Hearing) -> Facts:
    kin, place = match["kin"].lower(), where(match["place"])
    how = "in" if match["how"].lower() == "to" else match["how"].lower()
    return [say.about(kin, "lives in", place, f"Your {kin} lives {how} {place}.")] if place else NOTHING


def _kin_work(match: Match, hearing: Hearing) -> Facts:
    kin, job = match["kin"].lower(), say.thing(match["job"], most=5)
    return [say.about(kin, "works as", job, f"Your {kin} is {say.a(job)}.")] if job else NOTHING


def _kin_nation(match: Match, hearing: Hearing) -> Facts:
    kin, value = match["kin"].lower(), match["nation"].capitalize()
    return [say.about(kin, "comes from", value, f"Your {kin} is {value}.")]


def _kin_origin(match: Match, hearing: Hearing) -> Facts:
    kin, place = match["kin"].lower(), where(match["place"])
    return [say.about(kin, "comes from", place, f"Your {kin} comes from {place}.")] if place else NOTHING


def _kin_employer(match: Match, hearing: Hearing) -> Facts:
    kin, value = match["kin"].lower(), say.thing(match["what"], most=4)
    if not value or say.is_time(value):
        return NOTHING
    return [say.about(kin, "works at", value, f"Your {kin} works {match['how'].lower()} {value}.")]


def _partner(match: Match, hearing: Hearing) -> Facts:
    name = say.proper(match["name"], hearing, sure=False)
    return say.named("partner", name) if name and match["name"][0].isupper() else NOTHING


def _death(match: Match, hearing: Hearing) -> Facts:
    kin = (match["kin"] or match["lost"]).lower()
    return [say.about(kin, "died", "died", f"Your {kin} has died.")]


def _kin_study(match: Match, hearing: Hearing) -> Facts:
    """ "My sister does physics": a subject that is known."""
    kin, value = match["kin"].lower(), match["what"].lower()
    known = value in SUBJECTS or value.rpartition(" ")[2] in SUBJECTS
    return [say.about(kin, "studies", value, f"Your {kin} studies {value}.")] if known else NOTHING


def _kin_first(match: Match, hearing: Hearing) -> Facts:
    """ "Gerald, my gecko, …": whoever comes first is written like a name, and is no verb ("Took my dog out")."""
    name = match["name"]
    comma = match.string[match.end("name") : match.end("name") + 1] == ","
    if not name[0].isupper() or (not comma and match.start("name") == 0):
        return NOTHING
    return _kin_apposition(match, hearing)


def _called(match: Match, hearing: Hearing) -> Facts:
    """ "…our daughter! Called Wren": of whoever was spoken of last."""
    name = say.proper(match["name"], hearing, sure=False) if match["name"][0].isupper() else ""
    kin = hearing.last_subject
    return say.named(kin, name) if name and kin and not kin.endswith("s") else NOTHING


def _married(match: Match, hearing: Hearing) -> Facts:
    state = match["state"].lower()
    name = say.proper(match["name"], hearing, sure=True) if match["name"] else ""
    link = {"dating": "", "engaged": "to ", "married": "to "}.get(state, "")
    value = f"{state} {link}{name}".strip() if name else state
    if state == "dating" and not name:
        return NOTHING
    return [Found("you", "relationship", value, f"You are {value}.", "family", exclusive=True)]


FIRST: tuple[Rule, ...] = (
    rule(rf"(?:i|we)(?:'ve| have|'ve got| have got) (?P<count>{NUMBER}) (?P<kin>(?:older |younger |little |big |grown |small |adult )?(?:{PLURAL_PET}|sisters|brothers|siblings|kids|children|sons|daughters|twins|cousins|nieces|nephews|boys|girls))(?:,|:| called| named| -)? (?P<names>[\w'-]+(?:, [\w'-]+)*,? (?:and|&) [\w'-]+)", _many_named),
    rule(rf"my (?:wife|husband|partner|ex) and i have (?P<count>{NUMBER}) (?P<kin>kids|children|sons|daughters|{PLURAL_PET})", _has_many),
    rule(r"(?:i|we)(?:'ve| have|'ve got| have got) an? (?P<age>\d{1,2})[- ]years?[- ]old (?P<kin>son|daughter|boy|girl|dog|cat|twin)", _has_aged),
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    rule(rf"(?:my|our) {KIND}(?:'s|s'|s)? name(?:'s| is) {NAME}{TAIL}", _kin_name),
    rule(rf"the name of my {KIND} is {NAME}", _kin_name),
    rule(rf"(?:my|our) {KIND}(?:'s| is| was) (?:called|named) {NAME}{TAIL}", _kin_name),
    rule(rf"(?:i|we) (?:call|called|named) (?:my|our|the) (?:new )?{KIND} {NAME}", _kin_name),
    rule(rf"(?:my|our) (?P<kin>(?:\w+ )?(?:{PLURAL_PET}|sisters|brothers|kids|children|sons|daughters|twins|parents))(?:' names)? are (?:(?:called|named) )?(?P<names>[\w'-]+(?:, [\w'-]+)*,? (?:and|&) [\w'-]+)", _kin_names),
    rule(rf"(?:my|our) {KIND}(?:'s| is) {ADVERB}(?:turning |almost |only )?(?P<age>\d{{1,3}}|{NUMBER_WORD})(?: (?P<unit>years?|months?|weeks?))?(?: old)?{TAIL}", _kin_age),
    rule(rf"(?:my|our) {KIND}(?: just)? turned (?P<age>\d{{1,3}})(?P<unit>)(?: today| yesterday| last \w+| this \w+)?", _kin_age),
    rule(rf"(?:my|our) {KIND}(?: just)? (?:turns|is turning|will be|'s turning) (?P<age>\d{{1,3}})(?P<unit>)(?: .*)?", _kin_age),
    rule(rf"(?:my|our) {KIND}(?:'s| is) (?P<nation>{any_of(NATIONALITIES)}){TAIL}", _kin_nation),
    rule(rf"(?:my|our) {KIND}(?:'s| is| comes) (?:originally )?from {PLACE}", _kin_origin),
    rule(rf"(?:my|our) {KIND} (?:still |now |also )?(?:works|does|is on|works nights|does nights|does days|does shifts|does reception)(?: (?:nights|days|shifts|evenings|weekends|part-time|full-time))? (?P<how>at|for|in) (?P<what>.+?){TAIL}", _kin_employer),
    rule(rf"(?:my|our) {KIND}(?:'s| is) (?:an?|the) (?P<job>(?:[\w-]+ ){{0,2}}{OCCUPATION})(?: (?:(?:up|down|over|out) )?(?:at|in|for|with|near|there|by) (?!weekends).+| or .+)?{TAIL}", _kin_work),
    rule(r"(?:i'm|i am|we're) (?:with|dating|seeing|going out with) (?P<kin>)(?P<name>[A-Z][\w'-]+)(?: .*)?", _partner),
    rule(rf"(?:my|our) {KIND} (?:lives|is living|'s living|is based|stays|moved|just moved|has moved|has just moved|relocated)(?: over| back| up| down| alone)? (?P<how>in|near|to|on) {PLACE}", _kin_home),
    rule(rf"(?:my|our) {KIND} (?:is|works as|is working as|trained as|became|has become|just became) (?:an?|the) (?:retired |former )?(?P<job>(?:[\w-]+ ){{0,2}}{OCCUPATION})(?: (?:at|in|for) .+)?", _kin_work),
    rule(rf"(?:my|our) {KIND} (?:has |just |recently |sadly )*(?:died|passed away|passed)(?: .{{0,40}})?|(?:i|we) (?:just |recently )?lost (?:my|our) (?P<lost>{KIN}|{PET})(?: to .+| last \w+| this \w+| yesterday)?", _death),
    rule(rf"(?:i|we)(?:'ve| have|'ve got| have got| own| adopted| just adopted| just got| got|'ve adopted| just bought) (?:an?|one) (?P<breed>(?:[\w-]+ ){{0,2}}?)(?P<kin>{PET})(?:(?: who's| who is| that's| that is|,)? (?:called|named) (?P<name>[\w'-]+(?: [\w'-]+)?))?{TAIL}", _has_kin),
    rule(rf"(?:i|we)(?:'ve| have|'ve got| have got) (?:an?|one) (?P<breed>(?:[\w-]+ )?)(?P<kin>{KIN})(?:(?: who's| who is|,)? (?:called|named) (?P<name>[\w'-]+(?: [\w'-]+)?))?{TAIL}", _has_kin),
    rule(rf"(?:i|we)(?:'ve| have|'ve got| have got) (?P<count>{NUMBER}) (?P<kin>(?:older |younger |little |big |grown |small |adult )?(?:{PLURAL_PET}|sisters|brothers|siblings|kids|children|sons|daughters|twins|cousins|nieces|nephews|grandchildren)){TAIL}", _has_many),
    rule(r"i(?:'m| am) an only child", _only_child),
    rule(rf"(?:my|our) {KIND} (?:studies|does|is studying|'s studying|is doing|reads) (?P<what>[\w ]+?)(?: (?:at|in) .+)?{TAIL}", _kin_study),
    rule(rf"(?P<name>[A-Z][\w'-]+)(?:'s| is) my (?:new )?{KIND}", _kin_apposition),
    rule(rf"(?P<name>[A-Z][\w'-]+),? my {KIND}(?:,? .*)?", _kin_first),
    rule(r"(?:called|named) (?P<name>[A-Z][\w'-]+)(?:,.*)?", _called),
    rule(r"(?P<name>[A-Z][\w'-]+) (?:he|she|it)(?:'s| is) called", _called),
    rule(rf"(?:his|her|its|their) name(?:'s| is) {NAME}|(?:he|she|it)(?:'s| is) (?:called|named) (?P<other>[\w'-]+)", _pronoun_name),
    rule(r"(?:their names are|they(?:'re| are) (?:called|named)) (?P<names>[\w'-]+(?:, [\w'-]+)*,? (?:and|&) [\w'-]+)", _their_names),
    rule(r"(?:he|she|it)(?:'s| is) (?:only |already |just )?(?P<age>\d{1,2})(?: (?P<unit>years?|months?|weeks?))?(?: old)?", _kin_age),
    rule(rf"i(?:'m| am) {ADVERB}(?P<state>single)(?P<name>){TAIL}", _married),
    rule(rf"i(?:'m| am|'ve been|'m happily|'m recently|'m newly) {ADVERB}(?P<state>married|engaged|divorced|widowed|separated|dating)(?: (?:to|with) )?(?: ?(?P<name>[A-Z][\w'-]+))?{TAIL}", _married),
    rule(rf"(?:my|our) {KIND},? (?P<name>[\w'-]+)(?:,.*| (?:is|was|has|had|came|comes|went|goes|got|gets|loves|likes|hates|will|just|always|never|still|and I|called|visited|ran|ate|slept|cooked|wants|needs|works|lives|moved|plays|keeps|turned|bit|broke|snores|barks|helps|lost|won|made|makes) .*)?", _kin_apposition),
)  # fmt: skip
