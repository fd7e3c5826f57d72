"""Which languages a message may be in, and their clauses as the rules see them; `facts.py` tries them in this order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.memory.rules.french import FRENCH
from engine.memory.rules.german import GERMAN
from engine.memory.rules.portuguese import PORTUGUESE
from engine.memory.rules.runs import runs
from engine.memory.rules.spanish import SPANISH
from engine.memory.rules.tongue import Tongue, words
from engine.memory.words import KIN_OF

ABROAD = (GERMAN, SPANISH, FRENCH, PORTUGUESE)
ENGLISH_MARKS = words(
    "i i'm im i've ive my the a an and is was are have has had it it's its you your he she they we our we're not don't dont but so of to in on at for with from this that just live work love "
    "like called name's no yes still been got what who when really never his her their he's she's can cant can't me mine very years old since"
)
# A language with fewer of its words than this share of the best one's is another one.
SHARE = 0.5
# Letters that only one of the languages has, and for how many words they count.
LETTER = 2
SIGNS_OF = (
    None,
    re.compile(r"[äöüß]", re.IGNORECASE),
    re.compile(r"[ñ¿¡]", re.IGNORECASE),
    re.compile(r"[œêèùîû]|\b(?:qu|j|l|d|c|m|s)['’](?=[a-zéèê])|ç(?![ãõ])", re.IGNORECASE),
    re.compile(r"[ãõ]|nh[ao]\b|ção", re.IGNORECASE),
)
WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# Words of a part of an introduction; more are a sentence.
INTRODUCED_WORDS = 5
# "26 ans", and a name with little else.
AGE = re.compile(
    r"^(?:de )?(?P<age>\d{1,2})(?: (?:jahre|años|añitos|tacos|ans|piges|balais|anos|aninhos))?(?: alt)?(?=,|$| y | et | e | und )",
    re.IGNORECASE,
)
INTRODUCTION = re.compile(
    r"^(?:(?i:ich bin|ich heiße|hier ist|soy|me llamo|aquí|moi c'est|c'est|je m'appelle|je suis|sou|me chamo|aqui é|eu sou)(?: (?:die|der|la|el|o|a))? )?"
    r"[A-ZÀ-Þ][\w-]+(?: (?i:hier|aquí|aqui))?$|^(?i:ich bin|soy|je suis|sou) (?:[\w'-]+ ?){1,3}$|^(?i:tengo|j'ai|tenho) \d+ \w+$"
)
# "Renate, 63": a name and the age of somebody grown up.
GIVEN = re.compile(r"^[A-ZÀ-Þ][a-zà-ÿ-]+$")
ADULT = re.compile(r"^(?:1[6-9]|[2-9]\d)(?: (?:jahre|años|ans|anos))?$", re.IGNORECASE)
NAMED = {"de": "ich heiße", "es": "me llamo", "fr": "je m'appelle", "pt": "me chamo"}
# "A mis 31": how old one is oneself.
MY_AGE = re.compile(
    r"\b(?:a mis|con mis|à mes|avec mes|mit meinen|com os meus|com meus|aos meus|nos meus) (?P<age>\d\d)\b(?! (?:euro|kilo|kg|km))",
    re.IGNORECASE,
)
# Parents and their parents are one's own without "my", too.
BARE = {
    "de": re.compile(r"^(?:mama|papa|oma|opa|mutti|vati) ", re.IGNORECASE),
    "es": re.compile(r"^(?:mamá|papá) ", re.IGNORECASE),
    "fr": re.compile(r"^(?:maman|papa|mamie|papi|papy) ", re.IGNORECASE),
    "pt": re.compile(r"^(?:mamãe|papai|vovó|vovô|mainha|painho) ", re.IGNORECASE),
}
_ALL: Sequence[Tongue | None] = (None, *ABROAD)
# Whom somebody has gives a language away as well.
_MARKS = (ENGLISH_MARKS, *(tongue.marks | frozenset(KIN_OF[tongue.code]) for tongue in ABROAD))
# The languages that a word gives away, by their place in these.
_SPOKEN_IN = {
    word: tuple(index for index, marks in enumerate(_MARKS) if word in marks)
    for word in frozenset().union(*_MARKS)
}


def tongues(text: str, before: str = "") -> Sequence[Tongue | None]:
    """The languages that a message may be in, the likeliest first; None is English. What came before helps a short one."""
    scores = [2 * score + earlier for score, earlier in zip(_scores(text), _scores(before), strict=True)]
    best = max(scores)
    if not best:
        return _ALL
    likely = [index for index, score in enumerate(scores) if score >= best * SHARE]
    return [_ALL[index] for index in sorted(likely, key=lambda index: -scores[index])]


def _scores(text: str) -> list[int]:
    said = WORDS.findall(text.lower().replace("’", "'"))[:80]
    counts = [0] * len(_ALL)
    for word in said:
        for index in _SPOKEN_IN.get(word, ()):
            counts[index] += 1
    return [
        count + LETTER * bool(sign and sign.search(text))
        for count, sign in zip(counts, SIGNS_OF, strict=True)
    ]


def readings(clause: str, tongue: Tongue) -> Iterator[str]:
    """A clause as the rules may understand it: who is named in it, what is told of them, the whole, its beginning."""
    for match in tongue.kin_name.finditer(clause):
        yield f"{match['my']} {match['name']}"
        rest = match["rest"].strip(" ,")
        if aged := AGE.match(rest):
            yield f"{match['my']} {tongue.aged[1].format(aged['age'])}"
        elif match.start() <= 2 and rest:
            yield tongue.plain(f"{match['my']} {rest}")
    for match in tongue.named_kin.finditer(clause):
        yield f"{match['my'] or match['mine']} {match['name'] or match['first']}"
    yield from _introduced(clause, tongue)
    yield tongue.plain(clause)
    if BARE[tongue.code].match(clause):
        yield tongue.plain(f"{tongue.mine.partition('|')[0]} {clause}")
    if aged := MY_AGE.search(clause):
        yield tongue.aged[0].format(aged["age"])
    for run in runs(clause, tongue.code):
        yield tongue.plain(run)


def _introduced(clause: str, tongue: Tongue) -> Iterator[str]:
    """ "Jonas hier, 41, aus Flensburg": what somebody is, without the verb."""
    first, *parts = [part.strip() for part in clause.rpartition(": ")[2].split(",")]
    if parts and GIVEN.match(first) and ADULT.match(parts[0]):
        yield f"{NAMED[tongue.code]} {first}"
    if not parts or not INTRODUCTION.match(first):
        return
    yield tongue.plain(first)
    for part in (part for part in parts if part and len(part.split()) <= INTRODUCED_WORDS):
        aged = AGE.match(part)
        if aged or not part[0].isupper():
            yield tongue.plain(tongue.aged[0].format(aged["age"]) if aged else f"{tongue.am} {part}")
