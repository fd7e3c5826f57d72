"""A backstory in the first person: "She repairs radios" becomes "I repair radios"; `sheet.py` calls it.

A sentence that might be about somebody else is left out: better a shorter past than a wrong one.
"""

from __future__ import annotations

import re

ADVERBS = r"(?:\w+ly|never|always|still|also|now|once|only|just|often|even|then|already|long|soon)"
SENTENCE_END = re.compile(r"(?<=[.!?])(?:[\"”’']?)\s+|\n+")
IRREGULAR = {
    "is": "am",
    "was": "was",
    "has": "have",
    "does": "do",
    "goes": "go",
    "isn't": "am not",
    "hasn't": "haven't",
    "doesn't": "don't",
    "wasn't": "wasn't",
}
PLURAL = {"are": "am", "were": "was", "aren't": "am not", "weren't": "wasn't"}
# Third-person verbs that may stand without a subject of their own ("… and teaches swimming").
VERBS = frozenset(
    "accept add answer ask avoid bake believe belong bite blame blush breathe bring build burn buy call care carry catch change chase choose claim clean climb "
    "close collect come cook count crave cry cut dance defend deny deliver design despise dig distrust do draw dream drink drive dry earn eat edit enjoy "
    "escape expect explain face fall fear feed feel fight file fill find finish fish fix fly fold follow forget forgive gather get give glue go grow guard "
    "guess guide hand handle hang hate have hear help hide hike hoard hold hope host hum hunt ignore insist invent iron join juggle jump keep kick know knit lack "
    "laugh lead lean learn leave lend let lie lift like listen live lock long look lose love make map mean meet mend miss mix move name need notice offer open "
    "own pack paint pay pick plan plant play polish pour practise practice prefer press pretend promise pull push put quote race raise reach read rebuild "
    "refuse remember repair rescue rest restore restring return ride run sail save say search see sell send serve sew shake share shoot sing sit sketch skip sleep "
    "smell smile smoke smuggle solve sort speak spend stand start stay steal stitch stop study surf swear sweep swim take talk tap taste teach tell tend test think "
    "throw tinker touch trade train translate travel treat trust try tune turn type understand use visit volunteer wait wake walk want wash watch water wear whistle win "
    "wish wonder work worry write run bend weld dispatch compose conduct operate grind sort stack drop correct inhale rush whisper argue sharpen swear greet earn owe fall sweep stop count".split()
)
PAST = re.compile(
    r"^(?:grew|was|were|had|left|lost|came|went|spent|won|built|ran|took|made|met|found|taught|wrote|learned|learnt|once|born|raised|dropped|moved|inherited|trained|studied|used|quit|became|began|\w{3,}ed)\b",
    re.IGNORECASE,
)
KIN = {
    "she": r"\b(mother|mom|mum|sister|grandmother|grandma|aunt|wife|daughter|girlfriend|woman|girl|niece|nun|queen|landlady)\b",
    "he": r"\b(father|dad|brother|grandfather|grandpa|uncle|husband|son|boyfriend|man|boy|nephew|captain|king)\b",
    "they": r"\b(parents|siblings|sisters|brothers|friends|children|people|grandparents|kids|students|neighbours|neighbors|others|sailors|crew|regulars|aunts|uncles|cousins|twins|drivers|women|men)\b",
}  # fmt: skip
FORMS = {
    "she": ("she", "her", "hers", "herself"),
    "he": ("he", "his", "his", "himself"),
    "they": ("they", "their", "theirs", "themself"),
}
# What shows that the word before it is a verb: "sharpens them".
OBJECT = re.compile(r" (?:it|them|him|her|me|my|the|an?|every|each|people|everyone|strangers)\b")
# What follows "her" when it is no possessive: "taught her to swim".
AFTER_OBJECT = (
    "to and but in on at with for from by the a an as when if that how who what out up down off back away into again too than so because about is was "
    "through until after before over under once not never away home where why or like more most well"
).split()


def first_person(backstory: str, name: str, pronouns: str) -> tuple[str, ...]:
    """The sentences of a backstory as the character would say them."""
    subject = pronouns.split("/")[0].strip().lower()
    subject = subject if subject in FORMS else "they"
    told: list[str] = []
    mine = True
    # Where the character is "she", "you" is the person who reads; where nobody else is named, "you" is the character.
    second = not re.search(rf"\b(?:{re.escape(name)}|{'|'.join(FORMS[subject])})\b", backstory, re.IGNORECASE)
    for sentence in (part.strip() for part in SENTENCE_END.split(backstory)):
        spoken, mine = _turn(sentence, name, subject, mine, second) if sentence else ("", mine)
        if spoken:
            told.append(spoken)
    return tuple(told)


def first_person_verb(words: str) -> str:
    """A behaviour as one says it of oneself: "hums when she thinks" becomes "hum when I think"."""
    head, _, rest = words.strip(" .").partition(" ")
    rest = re.sub(r"\b(?:she|he|they)\b( \w+)?", lambda match: "I" + _verb_after(match[1], "she"), rest)
    rest = re.sub(
        r"\b(?:herself|himself|themself|themselves)\b", "myself", re.sub(r"\b(?:her|his|their)\b", "my", rest)
    )
    rest = re.sub(rf"((?:,| and| but| or| then)(?: {ADVERBS})* )(\w+s)\b", _coordinated, rest)
    return f"{_base(head.lower())} {rest}".strip()


def _turn(sentence: str, name: str, subject: str, mine: bool, second: bool) -> tuple[str, bool]:
    """The sentence in the first person ("" if in doubt), and whether the next pronoun means the character."""
    if re.search(r"\b(I|I'm|I've|my|me)\b", sentence):
        return sentence, True
    if second and re.match(r"(?:You|Your)\b", sentence):
        return _from_second(sentence), True
    first = name.split()[0] if name.split() else name
    named = re.search(rf"\b(?:{re.escape(name)}|{re.escape(first)})\b", sentence) if first else None
    own = FORMS[subject]
    pronoun = re.search(rf"\b(?:{'|'.join(own)}|him|them)\b", sentence, re.IGNORECASE)
    if not named and not pronoun:
        return (
            (_from_telegram(sentence), True)
            if _is_telegram(sentence)
            else (sentence, mine and not re.search(KIN[subject], sentence, re.IGNORECASE))
        )
    others = re.search(KIN[subject], sentence, re.IGNORECASE)
    after = re.findall(rf"\b{own[0]}\b", sentence[others.end() :], re.IGNORECASE) if others else []
    if after or (pronoun and not named and not mine):
        return "", False
    starts_with_kin = re.match(rf"(?:{own[1]}|{re.escape(first)}'s) ", sentence, re.IGNORECASE)
    return _replace(sentence, name, first, subject), not (starts_with_kin and others)


def _replace(sentence: str, name: str, first: str, subject: str) -> str:
    nominative, possessive, absolute, reflexive = FORMS[subject]
    who = rf"(?:{re.escape(name)}|{re.escape(first)}|{nominative})"
    sentence = re.sub(
        rf"\b(?:{re.escape(name)}|{re.escape(first)})['’]s\b(?! (?:been|a|an|the|not|never|always)\b)",
        "my",
        sentence,
    )
    sentence = re.sub(rf"\b{who}['’](s|re|ve|d|ll)\b( \w+)?", _contracted, sentence, flags=re.IGNORECASE)
    verb = rf"\b{who}\b((?: {ADVERBS})*)( [\w'’]+)?"
    sentence = re.sub(
        verb, lambda match: f"I{match[1]}{_verb_after(match[2], subject)}", sentence, flags=re.IGNORECASE
    )
    sentence = re.sub(
        rf"\b{reflexive}\b" + (r"|\bthemselves\b" if subject == "they" else ""),
        "myself",
        sentence,
        flags=re.IGNORECASE,
    )
    sentence = _own_things(sentence, subject, possessive, absolute)
    if subject != "they":
        sentence = re.sub(rf"((?:,| and| but| or| then)(?: {ADVERBS})* )(\w+s)\b", _coordinated, sentence)
    return sentence[:1].upper() + sentence[1:]


def _own_things(sentence: str, subject: str, possessive: str, absolute: str) -> str:
    if subject == "she":
        follow = "|".join(AFTER_OBJECT)
        sentence = re.sub(rf"\bher\b(?=\s+(?:{follow})\b|[.,;:!?]|$)", "me", sentence, flags=re.IGNORECASE)
    sentence = re.sub(rf"\b{possessive}\b", "my", sentence, flags=re.IGNORECASE)
    sentence = re.sub(rf"\b{absolute}\b", "mine", sentence, flags=re.IGNORECASE)
    return re.sub(
        {"she": r"(?!)", "he": r"\bhim\b", "they": r"(?!)"}[subject], "me", sentence, flags=re.IGNORECASE
    )


def _contracted(match: re.Match[str]) -> str:
    short, following = match[1].lower(), match[2] or ""
    if short == "s":
        return (
            f"I've{following}"
            if following.strip() in ("been", "had", "got", "never", "always", "seen")
            else f"I'm{following}"
        )
    return {"re": "I'm", "ve": "I've", "d": "I'd", "ll": "I'll"}[short] + following


def _coordinated(match: re.Match[str]) -> str:
    word = match[2]
    since = match.string[: match.start()].rpartition("I ")[2]
    if re.search(r"\b(?:who|which|whose|that)\b", since):
        return match[0]  # "Kasia, who plays and calls": hers
    if word in ("is", "has", "does"):
        linked = re.search(r"\b(?:and|but|or)\b", match[1])
        return match[1] + IRREGULAR[word] if linked else match[0]
    follows = OBJECT.match(match.string[match.end() :])
    if follows and word not in VERBS:
        return match[1] + _base(word)
    return match[1] + (_base(word) if _base(word) in VERBS and word not in VERBS else word)


def _verb_after(word: str | None, subject: str) -> str:
    if not word:
        return ""
    bare = word.strip().replace("’", "'")
    if subject == "they":
        return " " + PLURAL.get(bare, bare)
    return " " + _base(bare)


def _base(verb: str) -> str:
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if not verb.endswith("s") or verb.endswith(("ss", "us", "'s")) or len(verb) < 4:
        return verb
    if verb.endswith("ies") and len(verb) > 4:
        return verb[:-3] + "y"
    if verb.endswith(("ches", "shes", "sses", "xes", "zzes", "oes")):
        return verb[:-2]
    return verb[:-1]


def _is_telegram(sentence: str) -> bool:
    head = sentence.split()[0].lower().strip(",.")
    return bool(PAST.match(sentence)) or (_base(head) in VERBS and head != _base(head))


def _from_telegram(sentence: str) -> str:
    """ "Works nights at a bakery." and "Born in Porto."."""
    head, _, rest = sentence.partition(" ")
    lead = "I was" if head.lower() in ("born", "raised") else "I"
    spoken = f"{lead} {_base(head.lower())} {rest}"
    spoken = re.sub(r"\b(?:her|his|their)\b", "my", spoken)
    return re.sub(rf"((?:,| and| but| then)(?: {ADVERBS})* )(\w+s)\b", _coordinated, spoken)


def _from_second(sentence: str) -> str:
    sentence = re.sub(
        r"(?<=\w )you\b(?=[.,;!?]|$| (?:to|and|how|with|in|at|from|for|a|the|out|up)\b)", "me", sentence
    )
    pairs = (
        ("You are", "I am"),
        ("You're", "I'm"),
        ("You were", "I was"),
        ("You", "I"),
        ("yourself", "myself"),
        ("Your", "My"),
        ("your", "my"),
        ("you are", "I am"),
        ("you were", "I was"),
        ("you", "I"),
    )
    for old, new in pairs:
        sentence = re.sub(rf"\b{old}\b", new, sentence)
    return sentence
