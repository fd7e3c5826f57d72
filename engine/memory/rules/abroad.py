"""The commonest self-descriptions in German, Spanish, French and Portuguese; `facts.py` tries them after English.

The sentence of a fact is English whatever language it was told in, so that one memory reads as one.
"""

from __future__ import annotations

import re

from engine.memory import say
from engine.memory.days import find_date
from engine.memory.found import NOTHING, Facts, Found, Hearing, Match, Rule, rule
from engine.memory.words import FOREIGN

KIN = "(?P<kin>" + "|".join(sorted(FOREIGN, key=len, reverse=True)) + ")"
NAME = r"(?P<name>[\w'’-]+(?: [\w'’-]+){0,2})"
PLACE = r"(?P<place>[\w'’.-]+(?: [\w'’.-]+){0,3})"
WHAT = r"(?P<what>.+)"
# What may stand where a name stands, and is none.
NO_NAME = frozenset(
    "müde krank traurig froh hier da ein eine der die das so sehr nicht auch cansado cansada triste feliz aquí muy un una el la fatigué fatiguée ici très "
    "une le les content contente cansado aqui muito um uma o a".split()
)


def _name(match: Match, hearing: Hearing) -> Facts:
    name = say.proper(match["name"], hearing, sure=True)
    if not name or name.lower() in NO_NAME:
        return NOTHING
    return [Found("you", "name", name, f"Your name is {name}.", "you", exclusive=True)]


def _home(match: Match, hearing: Hearing) -> Facts:
    place = _foreign_place(match["place"])
    return (
        [Found("you", "lives in", place, f"You live in {place}.", "places", exclusive=True)]
        if place
        else NOTHING
    )


def _origin(match: Match, hearing: Hearing) -> Facts:
    place = _foreign_place(match["place"])
    return (
        [Found("you", "comes from", place, f"You come from {place}.", "places", exclusive=True)]
        if place
        else NOTHING
    )


def _foreign_place(words: str) -> str:
    words = re.sub(r"^(?:der|die|dem|den|la|el|les?|l'|o|a) (?=[A-ZÀ-Ý])", "", words.strip(" .,!"))
    parts = re.split(
        r" (?:und|y|et|e|mit|con|avec|com|seit|desde|depuis|há|jetzt|ahora|maintenant|agora)\b", words
    )[0]
    return parts if parts[:1].isupper() else ""


def _age(match: Match, hearing: Hearing) -> Facts:
    age = int(match["age"])
    return (
        [Found("you", "age", str(age), f"You are {age} years old.", "dates", exclusive=True)]
        if 10 <= age <= 110
        else NOTHING
    )


def _kin_name(match: Match, hearing: Hearing) -> Facts:
    name = say.proper(match["name"], hearing, sure=True)
    return say.named(FOREIGN[match["kin"].lower()], name) if name and name.lower() not in NO_NAME else NOTHING


def _has(match: Match, hearing: Hearing) -> Facts:
    kin = FOREIGN[match["kin"].lower()]
    if match["name"]:
        name = say.proper(match["name"], hearing, sure=True)
        return say.named(kin, name) if name else NOTHING
    return [Found("you", "has", kin, f"You have {say.a(kin)}.", say.topic_of(kin), refers=kin)]


def _pronoun_name(match: Match, hearing: Hearing) -> Facts:
    name = say.proper(match["name"], hearing, sure=True)
    return say.named(hearing.last_subject, name) if name and hearing.last_subject else NOTHING


def _work(match: Match, hearing: Hearing) -> Facts:
    job = say.thing(match["what"], most=4)
    return [Found("you", "works as", job, f"You work as {job}.", "work", exclusive=True)] if job else NOTHING


def _study(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["what"], most=4)
    return (
        [Found("you", "studies", value, f"You study {value}.", "work", exclusive=True)] if value else NOTHING
    )


# "Ich mag dich", "te quiero", "je t'aime": said to the character, not about tastes.
TO_YOU = re.compile(
    r"\b(dich|dir|dein\w*|euch|es|das|nicht|te|ti|tu|tus|eso|esto|que|toi|ton|ta|tes|ça|cela|você|te|isso|isto|quando|wenn|wie|como|comment|quand|cuando|mein\w*|mi|mis|mon|ma|mes|meu|minha)\b",
    re.IGNORECASE,
)


def _likes(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(
        re.sub(r" (?:sehr|mucho|beaucoup|muito)$|^(?:sehr|mucho|beaucoup|muito) ", "", match["what"]), most=5
    )
    if not value or TO_YOU.search(value):
        return NOTHING
    value = re.sub(r"^(?:l'|(?:los|las|el|la|les|le|os|as|o|a) )(?=\w{3})", "", value)
    return [Found("you", "likes", value, f"You like {value}.", "likes")]


def _dislikes(match: Match, hearing: Hearing) -> Facts:
    found = _likes(match, hearing)
    return [Found("you", "dislikes", fact.value, f"You don't like {fact.value}.", "likes") for fact in found]


def _allergy(match: Match, hearing: Hearing) -> Facts:
    value = say.thing(match["what"], most=4)
    value = re.sub(r"^(?:l'|(?:die|den|das|las|los|la|el|les|le|os|as|o|a) )", "", value)
    return (
        [Found("you", "allergic to", value, f"You are allergic to {value}.", "health")] if value else NOTHING
    )


def _vegetarian(match: Match, hearing: Hearing) -> Facts:
    diet = "vegan" if re.match(r"veg[aá]n|végane?|végétalien", match["diet"], re.IGNORECASE) else "vegetarian"
    return [Found("you", "diet", diet, f"You are {diet}.", "health", exclusive=True)]


def _birthday(match: Match, hearing: Hearing) -> Facts:
    found = find_date(match["date"])
    if found is None:
        return NOTHING
    value = f"{found[0]} {say.MONTH_NAMES[found[1]]}"
    return [Found("you", "birthday", value, f"Your birthday is on {value}.", "dates", exclusive=True)]


NO = r"(?!nicht|kein|no |não |pas |ne )"
ABROAD: tuple[Rule, ...] = (
    # German
    rule(rf"ich hei(?:ß|ss)e {NAME}|", lambda match, hearing: _name(match, hearing) if match["name"] else NOTHING),
    rule(rf"mein name ist {NAME}", _name),
    rule(rf"ich (?:wohne|lebe) (?:jetzt |zurzeit |seit \w+ )?in {PLACE}", _home),
    rule(rf"ich (?:komme|bin) (?:ursprünglich )?aus {PLACE}", _origin),
    rule(r"ich bin (?P<age>\d{2,3})(?: jahre?)?(?: alt)?", _age),
    rule(rf"meine?(?:n|r)? {KIN} hei(?:ß|ss)t {NAME}", _kin_name),
    rule(rf"(?:ich|wir) (?:habe|haben) (?:einen|eine|ein) {KIN}(?: namens {NAME})?|", lambda match, hearing: _has(match, hearing) if match[0] else NOTHING),
    rule(rf"(?:er|sie|es) hei(?:ß|ss)t {NAME}", _pronoun_name),
    rule(rf"ich arbeite als {WHAT}", _work),
    rule(rf"ich studiere {WHAT}", _study),
    rule(rf"ich (?:mag|liebe) {NO}{WHAT}", _likes),
    rule(rf"ich (?:hasse|mag keinen|mag keine|mag kein) {WHAT}", _dislikes),
    rule(rf"ich bin allergisch (?:gegen|auf) {WHAT}", _allergy),
    rule(r"ich bin (?P<diet>vegetarier(?:in)?|veganer(?:in)?|vegan|vegetarisch)", _vegetarian),
    rule(r"ich habe am (?P<date>\d.*?) geburtstag|mein geburtstag ist (?:am|der) (?P<other>\d.*)", lambda match, hearing: _either_birthday(match, hearing)),
    # Spanish
    rule(rf"(?:me llamo|mi nombre es) {NAME}", _name),
    rule(rf"(?:yo )?vivo en {PLACE}", _home),
    rule(rf"(?:yo )?(?:soy|vengo) de {PLACE}", _origin),
    rule(r"(?:yo )?tengo (?P<age>\d{2,3}) años", _age),
    rule(rf"mi {KIN} se llama {NAME}", _kin_name),
    rule(rf"(?:yo )?(?:tengo|tenemos) (?:una?|un) {KIN}(?: (?:que se llama|llamad[oa]) {NAME})?", _has),
    rule(rf"se llama {NAME}", _pronoun_name),
    rule(rf"(?:yo )?trabajo (?:como|de) {WHAT}", _work),
    rule(rf"(?:yo )?estudio {WHAT}", _study),
    rule(rf"(?:a mí )?(?:me gustan?|me encantan?) {NO}{WHAT}", _likes),
    rule(rf"(?:no me gustan?|odio) {WHAT}", _dislikes),
    rule(rf"(?:yo )?soy alérgic[oa] (?:a|al) {WHAT}", _allergy),
    rule(r"(?:yo )?soy (?P<diet>vegetarian[oa]|vegan[oa])", _vegetarian),
    rule(r"mi cumpleaños es el (?P<date>\d.*)", _birthday),
    # French
    rule(rf"(?:je m'appelle|mon nom est|mon prénom est) {NAME}", _name),
    rule(rf"(?:j'habite|je vis)(?: à| en| au| aux)? {PLACE}", _home),
    rule(rf"je (?:viens|suis originaire) (?:de |d'|du ){PLACE}", _origin),
    rule(r"j'ai (?P<age>\d{2,3}) ans", _age),
    rule(rf"m(?:on|a) {KIN} s'appelle {NAME}", _kin_name),
    rule(rf"(?:j'ai|on a|nous avons) une? {KIN}(?: (?:qui s'appelle|appelée?|nommée?) {NAME})?", _has),
    rule(rf"(?:il|elle) s'appelle {NAME}", _pronoun_name),
    rule(rf"je travaille comme {WHAT}", _work),
    rule(rf"j'étudie {WHAT}", _study),
    rule(rf"j'(?:aime|adore)(?: bien| beaucoup)? {NO}{WHAT}", _likes),
    rule(rf"(?:je n'aime pas|je déteste) {WHAT}", _dislikes),
    rule(rf"je suis allergique (?:aux?|à la|à l'|à) ?{WHAT}", _allergy),
    rule(r"je suis (?P<diet>végétarienne?|végane?|végétalienne?)", _vegetarian),
    rule(r"mon anniversaire (?:est|c'est) le (?P<date>\d.*)", _birthday),
    # Portuguese
    rule(rf"(?:eu )?(?:me chamo|chamo-me) {NAME}|(?:o )?meu nome é (?P<other>[\w'-]+(?: [\w'-]+){{0,2}})", lambda match, hearing: _portuguese_name(match, hearing)),
    rule(rf"(?:eu )?(?:moro|vivo) (?:em|no|na) {PLACE}", _home),
    rule(rf"(?:eu )?(?:sou|venho) (?:de|do|da) {PLACE}", _origin),
    rule(r"(?:eu )?tenho (?P<age>\d{2,3}) anos", _age),
    rule(rf"(?:o |a )?(?:meu|minha) {KIN} (?:se chama|chama-se) {NAME}", _kin_name),
    rule(rf"(?:eu )?(?:tenho|temos) uma? {KIN}(?: (?:que se chama|chamad[oa]) {NAME})?", _has),
    rule(rf"(?:ele|ela) (?:se chama|chama-se) {NAME}", _pronoun_name),
    rule(rf"(?:eu )?trabalho como {WHAT}", _work),
    rule(rf"(?:eu )?estudo {WHAT}", _study),
    rule(rf"(?:eu )?(?:gosto (?:muito )?d[eoa]s?|adoro|amo) {WHAT}", _likes),
    rule(rf"(?:eu )?(?:não gosto d[eoa]s?|odeio) {WHAT}", _dislikes),
    rule(rf"(?:eu )?sou alérgic[oa] (?:a|ao|à|aos|às) {WHAT}", _allergy),
    rule(r"(?:eu )?sou (?P<diet>vegetarian[oa]|vegan[oa])", _vegetarian),
    rule(r"(?:o )?meu aniversário é (?:dia |em |no dia )?(?P<date>\d.*)", _birthday),
)  # fmt: skip


def _either_birthday(match: Match, hearing: Hearing) -> Facts:
    found = re.match(r"(?P<date>.*)", match["date"] or match["other"])
    return _birthday(found, hearing) if found else NOTHING


def _portuguese_name(match: Match, hearing: Hearing) -> Facts:
    found = re.match(r"(?P<name>.*)", match["name"] or match["other"])
    return _name(found, hearing) if found else NOTHING
