"""What is between the two: what they call each other, and what they laugh about; `consolidate.py` calls it.

A running joke is told by its form, in any language: words that both use, that come again in other sessions, that
stand nowhere else, and that somebody laughed about.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from engine.memory.happened import US, Happened, sessions
from engine.memory.words import NOT_NAMES, STOP_WORDS
from engine.types import FactKind, Message, Role

# A running joke came up in so many sessions, and was laughed about in so many.
SESSIONS, LAUGHED = 3, 2
# Words of a joke, and how many of them carry meaning.
LEAST_WORDS, MOST_WORDS, MEANING = 2, 6, 2
# This share of the uses of each of its words is in the joke; otherwise it is how people speak.
OWN = 0.7
# So many jokes are kept of one talk.
MOST_JOKES = 3

_NICK = r"(?P<nick>[\"“„«'‘][^\"”“»'’\n]{2,24}[\"”“»'’]|[^\W\d_][\w'-]{1,20}(?: [A-ZÀ-Þ][\w'-]{1,20})?)"
_END = r"(?=\s*(?:[.!,;:)…\n😊🙂]|$|(?i:please|from now on|okay|ok|then|instead|bitte|ab jetzt|por favor|s'il te plaît|a partir d|desde ahora|dorénavant)\b))"
# "Call me Momo", said by either; "my friends call me Bea" and "don't call me Bea" are something else.
_ASKED = r"(?:^|(?<=[.!?,;:…\n*])\s*|\b(?i:you can|you may|you should|you could|please|just|so|and|but|then|oder|und|aber|bitte|y|pero|et|mais|e|mas|pode|puedes|tu peux)\s+)"
CALL_ME = re.compile(
    rf"{_ASKED}(?i:(?:just |please )?call me|(?:du (?:kannst|darfst|sollst) mich|nenne? mich)(?: einfach| bitte| ruhig)?|ll[aá]mame|llamarme|"
    rf"appelle[sz]?-moi|m'appeler|(?:me chame|chame-me|me chama|me chamar)(?: de)?) (?!(?i:luego|mañana|cuando|demain|quand|later|tomorrow)\b){_NICK}(?:(?i: nennen))?{_END}",
    re.MULTILINE,
)  # fmt: skip
# "I'll call you Momo", said by either.
CALL_YOU = re.compile(
    rf"\b(?i:i(?:'ll| will| am going to|'m going to|'m gonna)(?: just)? call you|i'm calling you|ich nenne? dich(?: jetzt| ab jetzt| einfach| von nun an)?|ich werde dich|"
    rf"te (?:llamaré|voy a llamar)|voy a llamarte|je (?:vais t'appeler|t'appellerai)|vou te chamar(?: de)?|vou chamar você de|te chamarei(?: de)?) {_NICK}(?:(?i: nennen))?{_END}"
)  # fmt: skip
# What stands where a name could: when somebody is called, or what nobody is called in earnest.
NO_NICK = NOT_NAMES | frozenset(
    "later tomorrow tonight soon anytime when if once sometime back again whatever what that it morgen später gleich nachher wenn zurück luego mañana cuando "
    "pronto demain quand plus ce tard bientôt amanhã depois quando logo ishmael anything names out up".split()
)
LAUGH = re.compile(r"\b(?:(?:ha){2,}h?|(?:he){2,}|(?:hi){2,}|(?:ja){2,}|lo+l|lmao|rofl|k{4,}|rs(?:rs)+|mdr|ptdr|xd)\b|[😂🤣😆😹😄😅]|\*[^*\n]*(?:laugh|giggl|chuckl|lach|kicher|ríe|rire|rit|glouss|ri )[^*\n]*\*", re.IGNORECASE)  # fmt: skip
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
CLAUSE = re.compile(r"[.!?…,;:()\"“”\n*]+")


def find_names(lines: Sequence[Message], name: str, *, taken: Collection[str] = ()) -> Sequence[Happened]:
    """What the two call each other. `taken`: messages in which somebody only said what their name is."""
    return list(_names(lines, name, taken))


def _names(lines: Sequence[Message], name: str, taken: Collection[str]) -> Iterator[Happened]:
    for line in lines:
        if not line.in_prompt or line.role is Role.NOTICE or line.job_id or line.id in taken:
            continue
        for pattern, of_speaker in ((CALL_ME, True), (CALL_YOU, False)):
            for match in pattern.finditer(line.text.replace("’", "'")):
                if nick := _nick(match["nick"], line.text, match.end()):
                    yield _named(nick, line, name, character=of_speaker is (line.role is Role.CHARACTER))


def _named(nick: str, line: Message, name: str, *, character: bool) -> Happened:
    """Who of the two is called so: the character by the person, or the person by the character."""
    text = f"You call {name} “{nick}”." if character else f"{name} calls you “{nick}”."
    relation = "you call" if character else "calls you"
    return Happened(relation, nick, text, line, line.text, FactKind.BOND, US, "us", exclusive=True)


def _nick(words: str, text: str, end: int) -> str:
    """A name, if it is one: in quotes, with a capital, or a plain word at the end of what is said."""
    nick = words.strip("\"“”„«»'‘’ ")
    marked = nick != words  # in quotes, whatever it is
    if (not marked and nick.split()[0].lower() in NO_NICK) or "?" in text[end : end + 2]:
        return ""
    return nick


@dataclass(slots=True)
class _Phrase:
    """Where a phrase came up."""

    messages: dict[str, Message] = field(default_factory=dict)
    roles: set[Role] = field(default_factory=set)
    sessions: set[int] = field(default_factory=set)
    laughed: set[int] = field(default_factory=set)


def find_jokes(lines: Sequence[Message], name: str, *, names: Collection[str] = ()) -> Sequence[Happened]:
    """The running jokes of a talk, each once for each of its messages. `names`: words that are names and no jokes."""
    said = [line for line in lines if line.in_prompt and line.role is not Role.NOTICE and not line.job_id]
    phrases, uses = _phrases(said)
    own = {word.lower() for each in names for word in WORD.findall(each)}
    running = {words: phrase for words, phrase in phrases.items() if _runs(words, phrase, uses, own)}
    kept = list(_longest(running).items())[:MOST_JOKES]
    return [_joke(" ".join(words), line, name) for words, phrase in kept for line in phrase.messages.values()]


def _joke(words: str, line: Message, name: str) -> Happened:
    text = f"A running joke of yours and {name}'s: “{words}”."
    return Happened("joke", words, text, line, line.text, FactKind.BOND, US, "us")


def _phrases(said: Sequence[Message]) -> tuple[dict[tuple[str, ...], _Phrase], dict[str, set[str]]]:
    """All phrases of a few words, and in which messages each word stands."""
    phrases: dict[tuple[str, ...], _Phrase] = defaultdict(_Phrase)
    uses: dict[str, set[str]] = defaultdict(set)
    for number, session in enumerate(sessions(said)):
        laughs = {at for at, line in enumerate(session) if LAUGH.search(line.text)}
        for at, line in enumerate(session):
            funny = bool(laughs & {at - 1, at, at + 1})
            for words in _runs_of_words(line.text):
                for word in words:
                    uses[word].add(line.id)
                for part in _parts(words):
                    phrase = phrases[part]
                    phrase.messages[line.id] = line
                    phrase.roles.add(line.role)
                    phrase.sessions.add(number)
                    if funny:
                        phrase.laughed.add(number)
    return phrases, uses


def _runs_of_words(text: str) -> Iterator[tuple[str, ...]]:
    for clause in CLAUSE.split(LAUGH.sub(" … ", text)[:2000]):
        yield tuple(word.lower() for word in WORD.findall(clause))


def _parts(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The phrases that begin and end with a word that carries meaning."""
    for first in range(len(words)):
        if words[first] in STOP_WORDS:
            continue
        for end in range(first + LEAST_WORDS, min(len(words), first + MOST_WORDS) + 1):
            if words[end - 1] not in STOP_WORDS and _meaning(words[first:end]) >= MEANING:
                yield words[first:end]


def _meaning(words: Sequence[str]) -> int:
    return sum(word not in STOP_WORDS and len(word) > 2 for word in words)


def _runs(words: tuple[str, ...], phrase: _Phrase, uses: dict[str, set[str]], names: Collection[str]) -> bool:
    """Whether a phrase is a running joke."""
    both = {Role.PERSON, Role.CHARACTER} <= phrase.roles
    if not both or len(phrase.sessions) < SESSIONS or len(phrase.laughed) < LAUGHED:
        return False
    telling = [word for word in words if word not in STOP_WORDS]
    if any(word in names for word in telling):
        return False
    return all(len(phrase.messages) >= OWN * len(uses[word]) for word in telling)


def _longest(running: dict[tuple[str, ...], _Phrase]) -> dict[tuple[str, ...], _Phrase]:
    """Of phrases of which one is a part of the other, the longer; the most used first."""
    whole = {
        words: phrase
        for words, phrase in running.items()
        if not any(words != other and _within(words, other) for other in running)
    }
    return dict(sorted(whole.items(), key=lambda item: -len(item[1].messages)))


def _within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
