"""Birthdays, ages, anniversaries ("I was born in 1990"); `english.py` puts the rules in order."""

from __future__ import annotations

import re
from datetime import timedelta

from engine.memory import say
from engine.memory.days import find_date, find_when
from engine.memory.found import NOTHING, Facts, Found, Hearing, Match, Rule, rule
from engine.memory.rules.numbers import number
from engine.memory.rules.patterns import KIND, NUMBER_WORD, TAIL


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


def _birthday_word(match: Match, hearing: Hearing) -> Facts:
    found = re.match(r"(?P<when>.*)", match["when"] or match["other"])
    return _birthday_near(found, hearing) if found else NOTHING


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
    age = number(match["age"]) or 0
    # Below and above are heights, temperatures, jokes.
    if not 10 <= age <= 110:
        return NOTHING
    return [
        Found("you", "age", str(age), f"You are {age} years old.", "dates", exclusive=True),
        *_birthday_then(match[0].lower(), hearing),
    ]


def _birthday_then(said: str, hearing: Hearing) -> Facts:
    """ "I turned fifty yesterday" tells the day, too."""
    ago = 0 if "today" in said else 1 if "yesterday" in said else None
    if ago is None or "turned" not in said:
        return NOTHING
    day = hearing.said_at.date() - timedelta(days=ago)
    value = f"{day.day} {say.MONTH_NAMES[day.month]}"
    return [Found("you", "birthday", value, f"Your birthday is on {value}.", "dates", exclusive=True)]


def _introduced(match: Match, hearing: Hearing) -> Facts:
    """ "Tamsin, 37, two kids": nobody else was spoken of, and it is no child's age."""
    name, age = say.proper(match["name"], hearing, sure=False), int(match["age"])
    if hearing.last_subject or not name or not 16 <= age <= 99:
        return NOTHING
    return [
        Found("you", "name", name, f"Your name is {name}.", "you", exclusive=True, confidence=0.8),
        Found("you", "age", str(age), f"You are {age} years old.", "dates", exclusive=True),
    ]


def _their_birthday(match: Match, hearing: Hearing) -> Facts:
    """ "My niece's birthday is on 3 May", "he's turning five on 3 May"."""
    kin = (match.groupdict().get("kin") or hearing.last_subject).lower()
    found = find_date(match["date"])
    if not kin or found is None or not say.fits(THEIR.get(match[0].split()[0].lower(), ""), kin):
        return NOTHING
    value = f"{found[0]} {say.MONTH_NAMES[found[1]]}"
    facts = [say.about(kin, "birthday", value, f"Your {kin}'s birthday is on {value}.")]
    years = number(match.groupdict().get("age") or "")
    return (
        [*facts, say.about(kin, "age", str(years), f"Your {kin} turns {years} on {value}.")]
        if years
        else facts
    )


THEIR = {"his": "he", "he": "he", "he's": "he", "her": "she", "she": "she", "she's": "she"}
AGE = rf"(?P<age>\d{{1,3}}|{NUMBER_WORD})"

RULES: tuple[Rule, ...] = (
    rule(r"my birthday(?:'s| is| falls)(?: on)? (?P<date>.*\d.*)", _birthday),
    rule(r"(?:it's|it is|today is|tomorrow is) ?my (?:\d+(?:th|st|nd|rd) )?birthday ?(?P<when>today|tomorrow|on \w+day|next \w+day|this \w+day)|my birthday(?:'s| is)(?: on)? (?P<other>today|tomorrow)", _birthday_word),
    rule(r"(?P<when>today|tomorrow)(?:'s| is) my (?:\d+(?:th|st|nd|rd) )?birthday", _birthday_near),
    rule(r"i was born (?:on )?(?P<date>(?:the )?\d{1,2}.*|\w+ \d{1,2}.*)", _birthday),
    rule(r"i was born in (?P<year>(?:19|20)\d\d)", _born_year),
    rule(rf"(?:(?:my|our) {KIND}(?:'s|s'|s)?|his|her|its) birthday(?:'s|s| is| falls)?(?: on)? (?P<date>.*\d.*)", _their_birthday),
    rule(rf"(?:(?:my|our) {KIND}|he|she)(?:'s| is)? (?:turning|turns|will be|is going to be|gonna be) {AGE} on (?P<date>.*\d.*)", _their_birthday),
    rule(rf"(?:(?:my|our) {KIND}|he|she)(?: was|'s) born on (?P<date>.*\d.*)", _their_birthday),
    rule(r"(?:my|our) (?:wedding )?anniversary(?:'s| is)(?: on)? (?P<date>.*\d.*)", _anniversary),
    rule(rf"i(?:'m| am| just turned| turned|'ve turned|'ve just turned) (?P<age>\d{{2,3}})(?: years? old| years? of age|yo)?(?: today| yesterday| last (?:week|month|year)| this (?:week|month|year)| in \w+)?{TAIL}", _age),
    rule(rf"i(?:'m| am| just turned| turned|'ve turned) (?P<age>(?:twenty|thirty|forty|fifty|sixty|seventy|eighty)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|eighteen|nineteen)(?: years old)?(?: today| yesterday)?{TAIL}", _age),
    rule(r"turned (?P<age>\d\d|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty)(?:[ -]\w+)?)(?: (?:today|yesterday|last \w+))(?: .*)?", _age),
    rule(r"(?P<name>[A-Z][\w'-]+), (?P<age>\d\d)(?:,.*)?", _introduced),
    rule(r"i(?:'m| am) an? (?P<age>\d{2,3})[- ]years?[- ]old(?: \w+)?", _age),
)  # fmt: skip
