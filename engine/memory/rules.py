"""English rules: name, home, work, family, pets, tastes, health, dates and plans; `facts.py` tries them in order.

Each pattern covers a whole clause, so a sentence that goes on in a way no rule knows gives no fact at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.memory import say
from engine.memory.days import find_date, find_when
from engine.memory.found import Found, Hearing, Rule, rule
from engine.memory.words import FAMILY, HEALTH, NATIONALITIES, OCCUPATIONS, OTHERS, PETS

Match = re.Match[str]
Facts = Sequence[Found]
NOTHING: Facts = ()


def _any(words: Sequence[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


PET, KIN, WORK = _any(PETS), _any([*FAMILY, *OTHERS]), _any(OCCUPATIONS)
PLURAL_PET = _any(
    [f"{word}s" for word in PETS]
    + ["puppies", "bunnies", "ponies", "mice", "canaries", "guinea pigs", "fish"]
)
ADVERB = r"(?:(?:really|absolutely|also|just|totally|truly|still|actually|so|very much|quite|always|mostly|usually|kind of|sort of|both|currently|now|already|only|pretty much) )*"
NUMBER = "(?:one|two|three|four|five|six|seven|eight|nine|ten|twin|a couple of|several|many|\\d{1,2})"
TAIL = r"(?: (?:now|too|as well|these days|at the moment|right now|currently|by the way|actually|you know|anyway|since \w+|since last \w+|for \w+ \w+|last (?:week|month|year|spring|summer|autumn|winter)))*"
NAME = r"(?P<name>[\w'’-]+(?: [\w'’-]+){0,2})"
PLACE = r"(?P<place>[\w'’.-]+(?:,? [\w'’.-]+){0,5})"
KIND = rf"(?P<kin>(?:(?:best|older|younger|little|big|elder|eldest|youngest|oldest|twin|half|late|good|dear|childhood) )*(?:{KIN}|{PET}))"


def _name(match: Match, hearing: Hearing) -> Facts:
    name = say.proper(match["name"], hearing, sure=True)
    return (
        [Found("you", "name", name, f"Your name is {name}.", "you", exclusive=True, confidence=0.95)]
        if name
        else NOTHING
    )


def _perhaps_name(match: Match, hearing: Hearing) -> Facts:
    name = say.proper(match["name"], hearing, sure=False)
    return (
        [Found("you", "name", name, f"Your name is {name}.", "you", exclusive=True, confidence=0.8)]
        if name
        else NOTHING
    )


def _home(match: Match, hearing: Hearing) -> Facts:
    place = say.place(match["place"])
    how = (match.groupdict().get("how") or "in").lower()
    return (
        [Found("you", "lives in", place, f"You live {how} {place}.", "places", exclusive=True)]
        if place
        else NOTHING
    )


def _origin(match: Match, hearing: Hearing) -> Facts:
    place = say.place(match["place"])
    if not place or not (place[0].isupper()):
        return NOTHING
    return [Found("you", "comes from", place, f"You come from {place}.", "places", exclusive=True)]


def _grew(match: Match, hearing: Hearing) -> Facts:
    place, how = say.place(match["place"]), match["how"].lower()
    if not place:
        return NOTHING
    if match["verb"].lower().endswith("born"):
        return [Found("you", "born in", place, f"You were born {how} {place}.", "places", exclusive=True)]
    return [Found("you", "grew up in", place, f"You grew up {how} {place}.", "places", exclusive=True)]


def _nationality(match: Match, hearing: Hearing) -> Facts:
    value = match["nation"].capitalize()
    return [Found("you", "nationality", value, f"You are {value}.", "places")]


def _work(match: Match, hearing: Hearing) -> Facts:
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


def _employer(match: Match, hearing: Hearing) -> Facts:
    value, how = say.thing(match["what"], most=6), match["how"].lower()
    if not value or say.is_time(value):
        return NOTHING
    return [Found("you", f"works {how}", value, f"You work {how} {value}.", "work", exclusive=True)]


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
    return [
        Found(
            f"your {kin}",
            "name",
            value,
            f"Your {kin} are called {value}.",
            say.topic_of(kin),
            exclusive=True,
            refers=kin,
        )
    ]


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


def _their_name(match: Match, hearing: Hearing) -> Facts:
    name = say.proper(match["name"], hearing, sure=True)
    return say.named(hearing.last_subject, name) if name and hearing.last_subject else NOTHING


def _their_names(match: Match, hearing: Hearing) -> Facts:
    names = [say.proper(part, hearing, sure=True) for part in re.split(r", | and | & ", match["names"])]
    kin = hearing.last_subject
    if not all(names) or len(names) < 2 or not kin:
        return NOTHING
    value = f"{', '.join(names[:-1])} and {names[-1]}"
    return [
        Found(
            f"your {kin}",
            "name",
            value,
            f"Your {kin} are called {value}.",
            say.topic_of(kin),
            exclusive=True,
            refers=kin,
        )
    ]


def _kin_age(match: Match, hearing: Hearing) -> Facts:
    kin = match["kin"].lower() if match.groupdict().get("kin") else hearing.last_subject
    if not kin:
        return NOTHING
    age, unit = match["age"], (match["unit"] or "years").lower().rstrip("s") + "s"
    value = age if unit == "years" else f"{age} {unit}"
    text = f"Your {kin} is {age}{'' if unit == 'years' else f' {unit} old'}."
    return [Found(f"your {kin}", "age", value, text, say.topic_of(kin), exclusive=True, refers=kin)]


def _kin_home(match: Match, hearing: Hearing) -> Facts:
    kin, place = match["kin"].lower(), say.place(match["place"])
    return (
        [
            Found(
                f"your {kin}",
                "lives in",
                place,
                f"Your {kin} lives {match['how'].lower()} {place}.",
                say.topic_of(kin),
                exclusive=True,
                refers=kin,
            )
        ]
        if place
        else NOTHING
    )


def _kin_work(match: Match, hearing: Hearing) -> Facts:
    kin, job = match["kin"].lower(), say.thing(match["job"], most=5)
    return (
        [
            Found(
                f"your {kin}",
                "works as",
                job,
                f"Your {kin} is {say.a(job)}.",
                say.topic_of(kin),
                exclusive=True,
                refers=kin,
            )
        ]
        if job
        else NOTHING
    )


def _kin_died(match: Match, hearing: Hearing) -> Facts:
    kin = match["kin"].lower()
    return [
        Found(
            f"your {kin}",
            "died",
            "died",
            f"Your {kin} has died.",
            say.topic_of(kin),
            exclusive=True,
            refers=kin,
        )
    ]


def _married(match: Match, hearing: Hearing) -> Facts:
    state = match["state"].lower()
    name = say.proper(match["name"], hearing, sure=True) if match["name"] else ""
    link = {"dating": "", "engaged": "to ", "married": "to "}.get(state, "")
    value = f"{state} {link}{name}".strip() if name else state
    if state == "dating" and not name:
        return NOTHING
    return [Found("you", "relationship", value, f"You are {value}.", "family", exclusive=True)]


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


def _birthday(match: Match, hearing: Hearing) -> Facts:
    found = find_date(match["date"])
    if found is None:
        return NOTHING
    day, month, year = found
    value = f"{day} {say.MONTH_NAMES[month]}"
    facts = [
        Found(
            "you",
            "birthday",
            value,
            f"Your birthday is on {value}.",
            "dates",
            exclusive=True,
            confidence=0.95,
        )
    ]
    if year:
        facts.append(
            Found("you", "born in year", str(year), f"You were born in {year}.", "dates", exclusive=True)
        )
    return facts


def _birthday_near(match: Match, hearing: Hearing) -> Facts:
    when = find_when(match["when"], hearing.said_at.date())
    if when is None or not when[1].startswith("on "):
        return NOTHING
    _, day, month = when[1].rsplit(" ", 1)[0].rsplit(" ", 2)
    return [
        Found(
            "you",
            "birthday",
            f"{day} {month}",
            f"Your birthday is on {day} {month}.",
            "dates",
            exclusive=True,
        )
    ]


def _anniversary(match: Match, hearing: Hearing) -> Facts:
    found = find_date(match["date"])
    if found is None:
        return NOTHING
    value = f"{found[0]} {say.MONTH_NAMES[found[1]]}"
    return [Found("you", "anniversary", value, f"Your anniversary is on {value}.", "dates", exclusive=True)]


def _born_year(match: Match, hearing: Hearing) -> Facts:
    year = int(match["year"])
    if not 1900 <= year <= hearing.said_at.year:
        return NOTHING
    return [Found("you", "born in year", str(year), f"You were born in {year}.", "dates", exclusive=True)]


def _age(match: Match, hearing: Hearing) -> Facts:
    age = int(match["age"])
    # Below and above are heights, temperatures, jokes.
    if not 10 <= age <= 110:
        return NOTHING
    return [Found("you", "age", str(age), f"You are {age} years old.", "dates", exclusive=True)]


def _allergy(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["what"], most=6)
    return (
        [Found("you", "allergic to", value, f"You are allergic to {value}.", "health", confidence=0.95)]
        if value
        else NOTHING
    )


def _diet(match: Match, hearing: Hearing) -> Facts:
    value = match["diet"].lower()
    return [Found("you", "diet", value, f"You are {value}.", "health", exclusive=True)]


def _abstains(match: Match, hearing: Hearing) -> Facts:
    verb = match["verb"].lower()
    value = say.thing(match["what"] or "", most=4)
    if not value and verb == "eat":
        return NOTHING
    if say.is_time(value) or value.split(" ")[0] in (
        "much",
        "enough",
        "well",
        "that",
        "it",
        "a",
        "too",
        "very",
        "anything",
        "breakfast",
        "lunch",
        "dinner",
    ):
        return NOTHING
    return [
        Found(
            "you",
            f"does not {verb}",
            value or verb,
            f"You don't {verb}{' ' + value if value else ''}.",
            "health",
        )
    ]


def _condition(match: Match, hearing: Hearing) -> Facts:
    value = match["what"]
    value = value.upper() if len(value) <= 4 and value.lower() not in ("ibs'",) else value.lower()
    return [Found("you", "has condition", value, f"You have {value}.", "health")]


def _is_so(match: Match, hearing: Hearing) -> Facts:
    value = match["what"].lower()
    return [Found("you", "is", value, f"You are {value}.", "health")]


def _languages(match: Match, hearing: Hearing) -> Facts:
    words = re.split(r", and |, | and | & ", match["what"])
    bare = [
        re.sub(r"^(?:a (?:little|bit of)|some|fluent|basic) ", "", word, flags=re.IGNORECASE)
        for word in words
    ]
    known = {
        *NATIONALITIES,
        "mandarin",
        "cantonese",
        "arabic",
        "hebrew",
        "hindi",
        "urdu",
        "bengali",
        "swahili",
        "latin",
        "catalan",
        "basque",
        "welsh",
        "gaelic",
        "esperanto",
        "tagalog",
        "farsi",
        "tamil",
        "punjabi",
        "yiddish",
    }
    if not bare or any(word.lower() not in known for word in bare):
        return NOTHING
    return [
        Found("you", "speaks", word.capitalize(), f"You speak {word.capitalize()}.", "you") for word in bare
    ]


def _pronouns(match: Match, hearing: Hearing) -> Facts:
    value = match["what"].lower()
    return [Found("you", "pronouns", value, f"Your pronouns are {value}.", "you", exclusive=True)]


def _fears(match: Match, hearing: Hearing) -> Facts:
    value = say.taste(match["what"])
    return [Found("you", "is afraid of", value, f"You are afraid of {value}.", "likes")] if value else NOTHING


def _dream(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["what"], most=9)
    return [Found("you", "dreams of", value, f"Your dream is {value}.", "you")] if value else NOTHING


def _drives(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["what"], most=5)
    if not value or value.split()[0] not in ("a", "an", "my") or say.is_time(value):
        return NOTHING
    value = value.removeprefix("my ")
    return [Found("you", "drives", value, f"You drive {value}.", "other", exclusive=True)]


def _plan(match: Match, hearing: Hearing) -> Facts:
    when = find_when(match.string, hearing.said_at.date())
    if when is None:
        return NOTHING
    rest = re.sub(rf"(?:,? ?\b(?:on |at )?){re.escape(when[0])}\b,?", "", match["what"], flags=re.IGNORECASE)
    event = say.thing(rest, most=9)
    if not event or (event.split()[0] in ("to", "no", "nothing", "a", "an") and len(event.split()) == 1):
        return NOTHING
    return [say.plan(match["verb"].lower(), event, when[1])]


def _event(match: Match, hearing: Hearing) -> Facts:
    when = find_when(match["when"], hearing.said_at.date())
    event = say.thing(match["what"], most=5)
    if when is None or not event or event.split()[0] in ("favourite", "name"):
        return NOTHING
    return [Found("you", "plan", f"{event} {when[1]}", f"Your {event} is {when[1]}.", "dates")]


TIME = r"(?:tomorrow|tonight|today|on \w+day|next \w+|this \w+|in (?:a|one|two|three|four|\d+) (?:days?|weeks?|months?)|on (?:the )?\d.*|on \w+ \d.*|the day after tomorrow)(?: (?:morning|afternoon|evening|night))?(?: at \d[\d:]*(?: ?[ap]m)?)?"

ENGLISH: tuple[Rule, ...] = (
    rule(rf"my (?:first |full |real |middle )?name(?:'s| is) {NAME}{TAIL}", _name),
    rule(rf"(?:you can |please |just |people |everyone |everybody |my friends |friends |most people )*(?:call|calls) me {NAME}", _name),
    rule(rf"i(?:'m| am) (?:called|named) {NAME}", _name),
    rule(rf"i go by {NAME}", _name),
    rule(rf"(?:i'm|i am|it's|this is) (?P<nation>{_any(NATIONALITIES)}){TAIL}", lambda match, _: _nationality(match, _) if match[0].lower().startswith("i'm") or match[0].lower().startswith("i am") else NOTHING),
    rule(r"my pronouns are (?P<what>\w+/\w+(?:/\w+)?)|i use (?P<also>\w+/\w+)(?: pronouns)?", lambda match, _: _pronouns(match, _) if match["what"] else NOTHING),
    # dates and ages
    rule(r"my birthday(?:'s| is| falls)(?: on)? (?P<date>.*\d.*)", _birthday),
    rule(r"(?:it's|it is|today is|tomorrow is) ?my (?:\d+(?:th|st|nd|rd) )?birthday ?(?P<when>today|tomorrow|on \w+day|next \w+day|this \w+day)|my birthday(?:'s| is)(?: on)? (?P<other>today|tomorrow)", lambda match, hearing: _birthday_word(match, hearing)),
    rule(r"(?P<when>today|tomorrow)(?:'s| is) my (?:\d+(?:th|st|nd|rd) )?birthday", _birthday_near),
    rule(r"i was born (?:on )?(?P<date>(?:the )?\d{1,2}.*|\w+ \d{1,2}.*)", _birthday),
    rule(r"i was born in (?P<year>(?:19|20)\d\d)", _born_year),
    rule(r"(?:my|our) (?:wedding )?anniversary(?:'s| is)(?: on)? (?P<date>.*\d.*)", _anniversary),
    rule(rf"i(?:'m| am| just turned| turned|'ve turned|'ve just turned) (?P<age>\d{{2,3}})(?: years? old| years? of age|yo)?(?: today| yesterday| last (?:week|month|year)| this (?:week|month|year)| in \w+)?{TAIL}", _age),
    rule(r"i(?:'m| am) an? (?P<age>\d{2,3})[- ]years?[- ]old(?: \w+)?", _age),
    # health and diet
    rule(rf"i(?:'m| am) {ADVERB}(?:deathly |severely |highly |slightly |badly |a bit |mildly )?allergic to (?P<what>.+?){TAIL}", _allergy),
    rule(r"i(?:'ve| have|'ve got| have got) an? (?:severe |bad |strong |slight )?(?P<what>[\w ]+?) allergy", _allergy),
    rule(r"i(?:'ve| have|'ve got) an? allergy (?:to|against) (?P<what>.+)", _allergy),
    rule(rf"i(?:'m| am| became|'ve become|'ve been| have been) {ADVERB}(?:a )?(?P<diet>vegan|vegetarian|pescatarian|pescetarian|lactose[- ]intolerant|gluten[- ]intolerant|flexitarian){TAIL}", _diet),
    rule(rf"i (?:don't|do not|can't|cannot|never|won't) {ADVERB}(?P<verb>eat|drink|smoke)(?: (?P<what>.+?))?{TAIL}", _abstains),
    rule(rf"i(?:'ve| have|'ve got| suffer from| live with| was diagnosed with|'ve been diagnosed with) {ADVERB}(?:type \d |chronic |severe |bad |mild )?(?P<what>{_any(HEALTH)}){TAIL}", _condition),
    rule(rf"i(?:'m| am) {ADVERB}(?P<what>diabetic|epileptic|asthmatic|dyslexic|autistic|left-handed|colou?r-?blind|deaf|blind|hard of hearing|pregnant|sober){TAIL}", _is_so),
    # family, friends, pets
    rule(rf"(?:my|our) {KIND}(?:'s|s'|s)? name(?:'s| is) {NAME}{TAIL}", _kin_name),
    rule(rf"the name of my {KIND} is {NAME}", _kin_name),
    rule(rf"(?:my|our) {KIND}(?:'s| is| was) (?:called|named) {NAME}{TAIL}", _kin_name),
    rule(rf"(?:i|we) (?:call|called|named) (?:my|our) (?:new )?{KIND} {NAME}", _kin_name),
    rule(rf"(?:my|our) (?P<kin>(?:\w+ )?(?:{PLURAL_PET}|sisters|brothers|kids|children|sons|daughters|twins|parents))(?:' names)? are (?:(?:called|named) )?(?P<names>[\w'-]+(?:, [\w'-]+)*,? (?:and|&) [\w'-]+)", _kin_names),
    rule(rf"(?:my|our) {KIND}(?:'s| is) {ADVERB}(?:turning |almost )?(?P<age>\d{{1,3}})(?: (?P<unit>years?|months?|weeks?))?(?: old)?{TAIL}", _kin_age),
    rule(rf"(?:my|our) {KIND}(?: just)? turned (?P<age>\d{{1,3}})(?P<unit>)(?: today| yesterday| last \w+| this \w+)?", _kin_age),
    rule(rf"(?:my|our) {KIND} (?:lives|is living|moved) (?P<how>in|near|to|on) {PLACE}", lambda match, hearing: _kin_home(match, hearing) if match["how"].lower() != "to" else NOTHING),
    rule(rf"(?:my|our) {KIND} (?:is|works as) (?:an?|the) (?P<job>(?:[\w-]+ ){{0,2}}{WORK})(?: (?:at|in|for) .+)?", _kin_work),
    rule(rf"(?:my|our) {KIND} (?:has |just |recently |sadly )*(?:died|passed away|passed)(?: .{{0,40}})?|(?:i|we) (?:just |recently )?lost (?:my|our) (?P<lost>{KIN}|{PET})(?: to .+| last \w+| this \w+| yesterday)?", lambda match, hearing: _death(match, hearing)),
    rule(rf"(?:i|we)(?:'ve| have|'ve got| have got| own| adopted| just adopted| just got| got|'ve adopted| just bought) (?:an?|one) (?P<breed>(?:[\w-]+ ){{0,2}}?)(?P<kin>{PET})(?:(?: who's| who is| that's| that is|,)? (?:called|named) (?P<name>[\w'-]+(?: [\w'-]+)?))?{TAIL}", _has_kin),
    rule(rf"(?:i|we)(?:'ve| have|'ve got| have got) (?:an?|one) (?P<breed>(?:[\w-]+ )?)(?P<kin>{KIN})(?:(?: who's| who is|,)? (?:called|named) (?P<name>[\w'-]+(?: [\w'-]+)?))?{TAIL}", _has_kin),
    rule(rf"(?:i|we)(?:'ve| have|'ve got| have got) (?P<count>{NUMBER}) (?P<kin>(?:older |younger |little |big |grown |small |adult )?(?:{PLURAL_PET}|sisters|brothers|siblings|kids|children|sons|daughters|twins|cousins|nieces|nephews|grandchildren)){TAIL}", _has_many),
    rule(r"i(?:'m| am) an only child", lambda *_: [Found("you", "siblings", "only child", "You are an only child.", "family")]),
    rule(rf"(?:his|her|its|their) name(?:'s| is) {NAME}|(?:he|she|it)(?:'s| is) (?:called|named) (?P<other>[\w'-]+)", lambda match, hearing: _pronoun_name(match, hearing)),
    rule(r"(?:their names are|they(?:'re| are) (?:called|named)) (?P<names>[\w'-]+(?:, [\w'-]+)*,? (?:and|&) [\w'-]+)", _their_names),
    rule(r"(?:he|she|it)(?:'s| is) (?P<age>\d{1,2})(?: (?P<unit>years?|months?|weeks?))?(?: old)?", _kin_age),
    rule(rf"i(?:'m| am|'ve been|'m happily|'m recently|'m newly) {ADVERB}(?P<state>married|engaged|divorced|widowed|separated|dating)(?: (?:to|with) )?(?: ?(?P<name>[A-Z][\w'-]+))?{TAIL}", _married),
    rule(rf"(?:my|our) {KIND},? (?P<name>[\w'-]+)(?:,.*| (?:is|was|has|had|came|comes|went|goes|got|gets|loves|likes|hates|will|just|always|never|still|and I|called|visited|ran|ate|slept|cooked|wants|needs|works|lives|moved|plays|keeps|turned|bit|broke|snores|barks|helps|lost|won|made|makes) .*)?", _kin_apposition),
    # places
    rule(rf"(?:i|we)(?:'ve| have|'m|'re)? {ADVERB}(?:live|lived|living|am living|'m living|'re living|are living|been living|moved|relocated|am based|'m based|reside) (?P<how>in|near|outside|on) {PLACE}", lambda match, hearing: _home(match, hearing) if " lived " not in f" {match[0].lower()} " or "'ve lived" in match[0].lower() else NOTHING),
    rule(rf"(?:i|we)(?:'ve| have)?(?: just| recently)? (?:moved|relocated) (?:back |over |house )?(?P<to>to) {PLACE}", _home),
    rule(rf"my (?:home ?town|home city|home country) is {PLACE}", _origin),
    rule(rf"i(?:'m| am) {ADVERB}(?:originally )?from {PLACE}|", lambda match, hearing: _origin(match, hearing) if match["place"] else NOTHING),
    rule(rf"i (?:originally )?(?:come|hail) (?:originally )?from {PLACE}", _origin),
    rule(rf"i(?: was)?(?: both)? (?P<verb>born|grew up|was born|was raised|raised)(?: and raised)? (?P<how>in|near|on|outside) {PLACE}", _grew),
    # work and study
    rule(rf"i(?:'m| am) {ADVERB}(?P<what>retired|unemployed|self-employed|between jobs|out of work|on parental leave|on maternity leave){TAIL}", _out_of_work),
    rule(rf"i(?:'m| am) {ADVERB}(?P<article>an? |the )?(?P<job>(?:[\w-]+ ){{0,3}}{WORK})(?: (?:at|in|for|by) .+)?{TAIL}", _work),
    rule(rf"(?:i|we) {ADVERB}(?:work|'ve worked|worked|am working|'m working) (?:full-time |part-time )?as (?P<article>an? |the )?(?P<job>.+?)(?: (?:at|in|for) .+)?{TAIL}", lambda match, hearing: _work(match, hearing) if " worked " not in f" {match[0].lower()} " else NOTHING),
    rule(rf"i(?: {ADVERB[:-1]})? ?(?:work|am working|'m working) (?:nights |days |full-time |part-time |shifts )?(?P<how>at|for|in) (?P<what>.+?){TAIL}", _employer),
    rule(r"my job is (?P<article>an? )?(?P<job>[\w -]+)", _work),
    rule(r"i (?:am|'m) in (?P<what>marketing|sales|finance|it|tech|logistics|construction|healthcare|education|advertising|insurance|real estate|hr|publishing)", lambda match, _: [Found("you", "works in", match["what"].lower(), f"You work in {match['what'].lower()}.", "work", exclusive=True)]),
    rule(r"(?:i|we) (?P<verb>own|run) (?P<what>an? .+|my own .+|our own .+|the .+)", _own_business),
    rule(rf"i(?: {ADVERB[:-1]})? ?(?:study|'m studying|am studying|'m majoring in|major in|'m doing a (?:phd|master's|masters|bachelor|degree) in|'m getting a degree in) (?P<what>.+?){TAIL}", _study),
    rule(r"my major is (?P<what>.+)", _study),
    rule(rf"i teach (?P<what>.+?){TAIL}", _teach),
    # tastes
    rule(r"(?:my|our)(?: absolute| all-time| all time)? favou?rite (?P<kind>[\w -]{2,30}?)(?:'s| is| are| has always been| would be) (?P<what>.+)", _favourite),
    rule(rf"i (?:don't|do not|can't|cannot|never) {ADVERB}(?:like|stand|bear|enjoy|care for) (?P<what>.+?)(?: at all)?{TAIL}", _dislikes),
    rule(rf"i {ADVERB}(?:hate|dislike|detest|despise|loathe) (?P<what>.+?){TAIL}", _dislikes),
    rule(rf"i'?m? ?{ADVERB}(?P<verb>like|love|adore|enjoy|(?<=m )into|(?<=am )into|(?<=m )a (?:big |huge )?fan of|(?<=m )fond of|(?<=m )crazy about|(?<=m )obsessed with|(?<=m )passionate about) (?P<what>.+?)(?: a lot| very much| so much| the most)?{TAIL}", _likes),
    rule(r"i prefer (?P<what>.+?)(?: (?:to|over) .+)?", _prefers),
    rule(rf"i {ADVERB}play (?P<what>.+?){TAIL}(?: every \w+| on \w+days?| in (?:an?|the|my|our) [\w ]+| for a living| professionally| competitively| badly)?", _plays),
    rule(r"i(?:'ve)? collect(?:ed)? (?P<what>.+)", _collects),
    rule(r"(?:one of )?my (?:main |biggest )?hobb(?:y|ies) (?:is|are) (?P<what>.+)", _named_hobby),
    rule(rf"i {ADVERB}(?P<verb>paint|draw|knit|crochet|bake|sing|dance|write poems|write poetry|write songs|climb|hike|garden|surf|ski|row|box|sculpt|sew|fence|skate|snowboard|scuba dive|dive|birdwatch|meditate|do yoga|do pottery|do karate|do judo)(?: every \w+| on \w+days?| a lot| in my free time| for fun| regularly| sometimes| in a choir){{0,2}}", _hobby),
    rule(r"i(?:'m| am) (?:really |very |so |terribly |deathly |a bit )*(?:afraid|scared|terrified) of (?P<what>.+)", _fears),
    rule(r"(?:my|it's my) (?:biggest |lifelong |big |secret )?(?:dream|goal) is (?P<what>to .+)", _dream),
    rule(rf"i {ADVERB}speak (?:both |fluent )?(?P<what>[\w ,&]+?){TAIL}", _languages),
    rule(r"i drive (?P<what>.+)", _drives),
    # "I'm Sam" comes last of all that follows "I'm": only what looks like a name and is nothing else
    rule(rf"(?:i'm|i am|this is|it's) {NAME}(?:,? (?:by the way|and you|nice to meet you|from .+))?", _perhaps_name),
    # plans
    rule(rf"{TIME},? (?:i|we)(?P<verb>'ve got| have got| have|'ve|'m| am|'re| are|'ll) (?P<what>.+)", _plan),
    rule(r"(?:i|we)(?P<verb>'ve got| have got| have|'ve|'m| am|'re| are|'ll) (?P<what>.+)", _plan),
    rule(rf"(?:my|our) (?P<what>(?:[\w'-]+ ){{0,3}}[\w'-]+)(?:'s| is| starts| begins) (?P<when>{TIME})", _event),
)  # fmt: skip


def _birthday_word(match: Match, hearing: Hearing) -> Facts:
    return _birthday_at(match["when"] or match["other"], hearing)


def _birthday_at(words: str, hearing: Hearing) -> Facts:
    found = re.match(r"(?P<when>.*)", words)
    return _birthday_near(found, hearing) if found else NOTHING


def _death(match: Match, hearing: Hearing) -> Facts:
    kin = (match["kin"] or match["lost"]).lower()
    return [
        Found(
            f"your {kin}",
            "died",
            "died",
            f"Your {kin} has died.",
            say.topic_of(kin),
            exclusive=True,
            refers=kin,
        )
    ]


def _pronoun_name(match: Match, hearing: Hearing) -> Facts:
    found = re.match(NAME + "$", match["name"] or match["other"])
    return _their_name(found, hearing) if found else NOTHING
