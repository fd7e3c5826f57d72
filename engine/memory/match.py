"""Which facts a text is about, to recall or to forget them; `recall.py` calls it. Words only, no store."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.memory.trace import plain, words_of
from engine.memory.wish import THAT
from engine.memory.words import FAMILY, FOREIGN, OTHERS, PETS, STOP_WORDS, content_words, related, stem
from engine.types import Fact, FactKind

# Facts that come to mind whatever is said, behind those that match: the newest ones.
RECENT_FACTS = 6
# What happened together that comes to mind so.
RECENT_EPISODES = 2
# What the two call each other is always there.
CALLED = frozenset(("you call", "calls you"))
# What is asked for when everything is: "what do you know about me?"
ABOUT_ME = re.compile(
    r"\b(about me|know me|remember me|who am i|my life|all you know|everything you know|remember about)\b",
    re.IGNORECASE,
)
# What may follow "forget" to mean all there is.
EVERYTHING = re.compile(
    r"^\W*(?:(?:please )?forget )?(?:everything|all|it all|all of it|all facts|everything (?:you know )?about me|"
    r"everything you know|alles(?: über mich)?|todo(?: sobre m[íi])?|tout(?: sur moi)?|tudo(?: sobre mim)?)\W*$",
    re.IGNORECASE,
)
# What may follow "forget" to mean what was said last; "it" only where nobody can mean "never mind".
LAST = re.compile(
    rf"^\W*(?:it|es|{'|'.join(THAT)})(?:,? (?:please|bitte|por favor|s'il te pla[iî]t))?\W*$", re.IGNORECASE
)
# What a request to forget is wrapped in, beyond the words that never mean anything (`STOP_WORDS`).
WRAPPING = frozenset(
    "please forget everything anything called named fact facts mine our ours having has "
    "bitte vergiss vergesse vergessen dass daß alles habe hab hast haben gesagt erzählt heißt heisst heiße heisse unser unsere über davon "
    "olvida olvide olvidar olvides todo sobre lo te dije dicho contado llama llamo llamas nuestro nuestra por favor "
    "oublie oubliez oublier tout sur j'ai dit raconté s'appelle appelle t'ai notre mes ce c'est "
    "esquece esqueça esquecer tudo disse contei chama chamo nosso nossa meus minhas".split()
)
# What verbs of the other languages are in the sentences of facts; "" for those that say no more than "is".
VERBS = {
    "wohne": "live", "wohnt": "live", "lebe": "live", "lebt": "live", "arbeite": "work", "arbeitet": "work", "mag": "", "liebe": "", "liebt": "",
    "vivo": "live", "vive": "live", "vivimos": "live", "trabajo": "work", "trabaja": "work", "gusta": "", "gustan": "", "encanta": "", "tengo": "", "tiene": "",
    "habite": "live", "vis": "live", "vit": "live", "travaille": "work", "j'habite": "live", "j'aime": "", "aime": "", "a": "", "j'ai": "",
    "moro": "live", "mora": "live", "trabalho": "work", "trabalha": "work", "gosto": "", "gosta": "", "tenho": "", "tem": "", "estou": "", "estoy": "",
}  # fmt: skip
OF_MINE = re.compile(
    r"\b(?:my|our|mein\w{0,2}|unser\w{0,2}|mis?|nuestr[oa]s?|m[oae]s?n?|notre|nos|meus?|minhas?) ((?:[\w'-]+ )?[\w'-]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Matching:
    """What a request to forget means. `last`: what was said last; `sure`: the facts can be no others."""

    facts: Sequence[Fact] = ()
    words: str = ""  # of the request, without what it is wrapped in
    sure: bool = False
    last: bool = False


def rank_facts(known: Sequence[Fact], text: str) -> Sequence[Fact]:
    """The facts that may matter for what is said: name, then the matching, the pinned, and a few recent ones."""
    words = content_words(text)
    exact, wide = {stem(word) for word in words}, related(words)
    ranked: list[tuple[float, Fact]] = []
    for fact in known:
        score = _score(fact, exact, wide)
        ranked.append((score, fact))
    if ABOUT_ME.search(text):
        return [fact for _, fact in sorted(ranked, key=lambda item: -item[0])]
    newest = _newest(known)
    kept = [(score, fact) for score, fact in ranked if score > 0 or fact in newest]
    return [fact for _, fact in sorted(kept, key=lambda item: -item[0])]


def match_wish(known: Sequence[Fact], query: str) -> Matching:
    """What a request to forget means. A word that no fact has makes it mean none of them for sure."""
    query = query.replace("’", "'").strip()
    if LAST.match(query):
        return Matching(last=True)
    if EVERYTHING.match(query):
        return Matching(list(known), sure=True)
    raw = _wanted(query)
    wanted, words = [_forms(word) for word in raw], " ".join(raw)
    about = [fact for fact in known if _is_about(fact, query)]
    exact = [fact for fact in about or known if wanted and _all_reachable(wanted, fact)]
    if exact:
        return Matching(exact, words, sure=True)
    return Matching(about or [fact for fact in known if _is_value(fact, raw)], words)


def _newest(known: Sequence[Fact]) -> list[Fact]:
    """What comes to mind by itself: mostly of the person's life, little of what the two did lately."""
    late = sorted(known, key=lambda fact: fact.said_at, reverse=True)
    told = [fact for fact in late if fact.kind is FactKind.FACT]
    return [*told[:RECENT_FACTS], *[fact for fact in late if fact.kind is FactKind.EPISODE][:RECENT_EPISODES]]


def _score(fact: Fact, exact: set[str], wide: frozenset[str]) -> float:
    bag = _bag(fact)
    score = 3.0 * len(exact & bag) + 1.0 * bool(wide & bag)
    if fact.relation == "name" and fact.subject == "you":
        score += 100.0
    if fact.relation in CALLED:
        score += 50.0
    return score + 0.5 * fact.pinned


def _wanted(query: str) -> list[str]:
    """The words of a request that say what it is about, in lower case."""
    words = re.findall(r"[^\W_]+(?:['-][^\W_]+)*", query.lower())
    idle = (STOP_WORDS | WRAPPING) - {"mi"}
    return [word for word in words if word not in idle and VERBS.get(word) != "" and len(word) > 1]


def _forms(word: str) -> frozenset[str]:
    """A word as it may stand in a fact: itself, and in English."""
    forms = (word.removesuffix("'s"), FOREIGN.get(word, ""), VERBS.get(word, ""))
    return frozenset(stem(plain(form)) for form in forms if form)


def _all_reachable(wanted: Sequence[frozenset[str]], fact: Fact) -> bool:
    reachable = _reachable(fact)
    return all(forms & reachable for forms in wanted)


def _is_value(fact: Fact, raw: Sequence[str]) -> bool:
    """Whether a request has all words of a fact's value, and other words beside."""
    value = set(words_of(fact.value))
    return bool(value) and value <= {plain(word) for word in raw}


def _is_about(fact: Fact, query: str) -> bool:
    """Whether a fact belongs to "my dog", "mein Hund", … of a request."""
    mine = {
        " ".join(FOREIGN.get(word, word) for word in words.lower().split())
        for words in OF_MINE.findall(query)
    }
    return bool(_owner(fact)) and any(_same_owner(_owner(fact), owner) for owner in mine)


def _owner(fact: Fact) -> str:
    return fact.subject.removeprefix("your ") if fact.subject.startswith("your ") else ""


def _same_owner(owner: str, asked: str) -> bool:
    """ "my dog" means "your dog" and "your old dog", but "my little brother" not "your older brother"."""
    if stem(owner) == stem(asked) or {stem(word) for word in asked.split()} >= {
        stem(word) for word in owner.split()
    }:
        return True
    return len(asked.split()) == 1 and stem(owner.split()[-1]) == stem(asked)


def _bag(fact: Fact) -> frozenset[str]:
    words = content_words(f"{fact.text} {fact.relation} {fact.topic}")
    return frozenset(stem(word) for word in words) | _kind(fact)


def _kind(fact: Fact) -> frozenset[str]:
    """Which animal or relative a fact is about says what else it belongs to."""
    words = fact.text.lower().split()
    kinds = ("pet", PETS), ("family", FAMILY), ("friend", OTHERS)
    return frozenset(
        stem(kind) for kind, members in kinds if any(word.strip(".,") in members for word in words)
    )


def _reachable(fact: Fact) -> frozenset[str]:
    """All words by which one may ask to forget a fact: its own and those of its source."""
    words = re.findall(r"[^\W_]+(?:['-][^\W_]+)*", f"{fact.text} {fact.source_text} {fact.relation}".lower())
    own = frozenset(stem(plain(word.removesuffix("'s"))) for word in words)
    return own | _kind(fact) | {stem(fact.topic)}
