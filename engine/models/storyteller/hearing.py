"""What the person said, as far as rules can tell: what kind of utterance, about what, in which mood and language.

`talk.py` calls `hear` for the newest message, and `subject` for older ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.models.storyteller.library import WORD, Act, Language, Library, Theme, stems_of

# Only the beginning and the end of a pasted text are read: people put what they want there.
READ_HEAD, READ_TAIL = 1500, 500
NEGATIONS = frozenset(
    "not no never n't don't didn't isn't wasn't aren't can't couldn't wouldn't doesn't hardly barely without".split()
)
ENDS = frozenset(
    "a an the my your is was are were am be been being has have had do does did will would can could should may might must in on at to from with for of by about and or but so "
    "because that which who when where while if than as into over under after before again today yesterday tomorrow tonight now then too really very just "
    "went goes go came comes got gets made makes said says took takes looks look feels feel seems i you he she it we they me him her us them this these those "
    "taught forgot thinks thought lives hates loves likes plays works smells smelled snores asks helped died passed left wants needs myself yourself himself herself itself though anyway once when how why last next all both not never always still already ago out up down off back away here there went ended started finished broke called told asked".split()
)
DETERMINER = re.compile(r"\b(?:an?|the|my|our|some|this|that)\s+(?P<rest>[^.,;:!?\n]+)", re.IGNORECASE)
CLAUSE = re.compile(
    r"(?:^|[.,;!?\n]\s*|\b(?:and|but|because|so)\s+)(?P<clause>(?:my|the|our) [^.,;:!?\n]+? (?:was|is|went|goes|got|isn't|wasn't|feels|felt|broke|keeps|kept) [^.,;:!?\n]+)",
    re.IGNORECASE,
)
SWAPS = {
    "my": "your",
    "our": "your",
    "mine": "yours",
    "me": "you",
    "i": "you",
    "us": "you",
    "we": "you",
    "myself": "yourself",
    "i'm": "you're",
    "i've": "you've",
}
# Marks of other languages that English has, too: "tell me something", "Los Angeles".
ENGLISH = frozenset(("me", "ma", "los", "las"))
VAGUE = frozenset(
    "lot bit thing things way kind sort one time day moment people stuff something minute second point while question idea same best worst first last most fact course".split()
)


@dataclass(frozen=True, slots=True)
class Heard:
    """The newest message, understood."""

    text: str
    act: Act | None
    match: re.Match[str] | None
    theme: Theme | None
    thing: Theme | None
    mood: str  # "good", "bad", "plain"
    word: str  # a noun the person used, "" if none is certain
    echo: str  # a short clause turned round: "your interview went badly"
    asking: bool
    loud: bool
    words: int
    language: Language | None


def hear(text: str, library: Library) -> Heard:
    """Understand a message."""
    text = _bounded(text)
    plain = " ".join(text.lower().replace("’", "'").split())
    language = _language(plain, library.languages)
    act, match = _act(plain, language.acts if language else library.acts)
    if act and match and act.name == "intro" and not _is_name(text, match):
        act, match = None, None
    theme, thing = subject(text, library)
    words = WORD.findall(plain)
    return Heard(
        text=text,
        act=act,
        match=match,
        theme=theme,
        thing=thing,
        mood=mood(text, library),
        word=noun(text),
        echo=_echo(text),
        asking=text.rstrip().endswith("?"),
        loud=len(text) > 6 and text.upper() == text and text.lower() != text and len(words) > 1,
        words=len(words),
        language=language,
    )


def subject(text: str, library: Library) -> tuple[Theme | None, Theme | None]:
    """The theme of a text and, if known, the very thing it is about."""
    stems = stems_of(text)
    lowered = text.lower()
    best: tuple[float, Theme | None, Theme | None] = (0.0, None, None)
    for theme in library.themes:
        thing = next((thing for thing in theme.things if _named(thing, stems, lowered)), None)
        score = sum(found in theme.words for found in stems) + 1.5 * (thing is not None)
        score += sum(1.5 for phrase in theme.phrases if phrase in lowered)
        if score > best[0]:
            best = (score, theme, thing)
    return best[1], best[2]


def mood(text: str, library: Library) -> str:
    """Whether a text sounds good, bad or neither."""
    score = 0
    words = [word.replace("’", "'") for word in WORD.findall(text.lower())]
    stems = stems_of(text)
    for at, found in enumerate(stems):
        value = (found in library.moods["good"]) - (found in library.moods["bad"])
        denied = any(word in NEGATIONS or word.endswith("n't") for word in words[max(0, at - 3) : at])
        score += -value if denied else value
    score += sum(text.count(mark) for mark in "😀😃😄😁😊🙂😍🥰😂🤣❤🎉✨👍") - sum(
        text.count(mark) for mark in "😢😭☹🙁😞😔😡😠💔😰👎"
    )
    return "good" if score > 0 else "bad" if score < 0 else "plain"


def noun(text: str) -> str:
    """A noun that the person used with its article, so that it can be named again."""
    for match in DETERMINER.finditer(text):
        taken: list[str] = []
        for word in match["rest"].split():
            if (
                word.lower().strip("'\"()") in ENDS
                or not re.fullmatch(r"[^\W\d_][\w'’-]*", word)
                or len(taken) == 2
            ):
                break
            taken.append(word)
        if any(word[0].isupper() for word in taken) and not text.isupper():
            continue  # "my sister Anna" has a name, and is nobody's "the sister"
        if (
            taken
            and len(taken[-1]) > 2
            and taken[-1].lower() not in VAGUE
            and not taken[-1].lower().endswith(("ly", "ing", "'s"))
        ):
            return " ".join(taken) if taken[0].lower() not in VAGUE else ""
    return ""


def _named(thing: Theme, stems: Sequence[str], lowered: str) -> bool:
    return any(found in thing.words for found in stems) or any(phrase in lowered for phrase in thing.phrases)


def _act(plain: str, acts: Sequence[Act]) -> tuple[Act | None, re.Match[str] | None]:
    for act in acts:
        if match := act.pattern.search(plain):
            return act, match
    return None, None


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Whether what follows "I'm" and "it's" is written like a name; "my name is" says so itself."""
    sure = re.search(r"name|call me", match[0])
    return (
        bool(sure)
        or re.search(rf"\b{re.escape(match['name'].capitalize())}\b", text) is not None
        or text.isupper()
    )


def _language(plain: str, languages: Sequence[Language]) -> Language | None:
    """The language most of whose marks a text has; two marks, or one in a short text that no English word is, too."""
    words = set(re.findall(r"[^\W\d_]+", plain))
    scored = [(len(words & language.marks), language) for language in languages]
    count, language = max(scored, key=lambda item: item[0], default=(0, None))
    if language is None or count >= 2:
        return language
    return language if words & language.marks - ENGLISH and len(words) <= 3 else None


def _echo(text: str) -> str:
    match = CLAUSE.search(text)
    if match is None:
        return ""
    words = match["clause"].split()
    if not 4 <= len(words) <= 9 or any(
        word.lower() in ("you", "your", "he", "she", "they") for word in words
    ):
        return ""
    return (
        " ".join(SWAPS.get(word.lower(), word) for word in words).lower()
        if words[0].lower() != "the"
        else " ".join(words).lower()
    )


def _bounded(text: str) -> str:
    return text if len(text) <= READ_HEAD + READ_TAIL else f"{text[:READ_HEAD]}\n{text[-READ_TAIL:]}"
