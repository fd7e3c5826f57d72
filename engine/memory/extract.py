"""Facts that a chat model finds in what a person said, beside the rules; `engine/memory/recall.py` calls `extract`.

The rules of `facts.py` know English and the commonest words of four other languages; a model understands the rest. It
is believed only where it can show the words: a fact whose quote was not said, or whose names and numbers were not, is
dropped, and so is what the rules or an earlier message told already.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

from pydantic import BaseModel, Field

from engine.memory.found import Found
from engine.memory.say import topic_of
from engine.memory.sentences import told
from engine.memory.words import FOREIGN, MONTHS, NATIONALITIES, WEEKDAYS, content_words, stem
from engine.models.ask import Asker
from engine.types import Fact, Message

# Less than the rules' 0.9: they never guess.
CONFIDENCE = 0.6
# Facts of one message, at most, and the tokens of a form with all of them.
MOST_FACTS, FORM_TOKENS = 6, 600
# Seconds for one message, waiting included. Nobody waits for it, and what is too late is tried again.
DEADLINE_S = 90.0
# Letters of a message, and of a quote, that can tell something; a sign of Chinese or Japanese is a word, and counts so.
LEAST_LETTERS, LEAST_QUOTE, SIGN = 10, 6, 3
# How much of a name must stand in the text where its ending changes: this share of its letters, and no fewer than so many.
ROOT, LEAST_ROOT = 0.7, 4
# Characters of what is stored.
SUBJECT, VALUE, SENTENCE, QUOTE = 40, 80, 160, 200


class Relation(StrEnum):
    """What a fact says of its subject: the rules' own words for it, so that one memory reads as one."""

    NAME = "name"
    AGE = "age"
    BIRTHDAY = "birthday"
    LIVES_IN = "lives in"
    COMES_FROM = "comes from"
    WORKS_AS = "works as"
    STUDIES = "studies"
    LIKES = "likes"
    DISLIKES = "dislikes"
    HOBBY = "hobby"
    PLAYS = "plays"
    SPEAKS = "speaks"
    LEARNING = "learning"
    HAS = "has"
    RELATIONSHIP = "relationship"
    ALLERGIC_TO = "allergic to"
    HAS_CONDITION = "has condition"
    DIET = "diet"
    IS_AFRAID_OF = "is afraid of"
    DREAMS_OF = "dreams of"
    PLAN = "plan"
    EVENT = "event"
    IS = "is"


class Topic(StrEnum):
    """Under which heading /memory shows a fact."""

    PETS = "pets"
    FAMILY = "family"
    WORK = "work"
    PLACES = "places"
    LIKES = "likes"
    DATES = "dates"
    HEALTH = "health"
    YOU = "you"
    OTHER = "other"


class Told(BaseModel):
    """One fact, as the model fills it in."""

    quote: str = Field(max_length=QUOTE, description="the words it is taken from, copied exactly")
    subject: str = Field(
        max_length=SUBJECT, description='"you", or whom of yours it is about: "your dog", "your sister"'
    )
    relation: Relation
    value: str = Field(max_length=VALUE, description="in English; names as they are written in the text")
    sentence: str = Field(
        max_length=SENTENCE, description='the fact in English: "You live in Lyon.", "Your dog is called Bo."'
    )
    topic: Topic


class Tellings(BaseModel):
    """The form."""

    facts: list[Told] = Field(max_length=MOST_FACTS)


INSTRUCTION = (
    "You note what a person tells about themselves, so that a friend can remember it for years. From the text, which may "
    "be in any language, take only lasting facts that the person clearly states about their own life: name, home, "
    "origin, work, family, pets, health, tastes, plans. Take nothing that is asked, wished, supposed, joked, played, "
    "quoted or said about somebody else's affairs, and no passing mood. The person is called you. Guess nothing; most "
    "texts tell nothing, and then the list is empty."
)

# What holds of one subject at a time; a newer one takes its place.
_EXCLUSIVE = frozenset(
    {
        Relation.NAME,
        Relation.AGE,
        Relation.BIRTHDAY,
        Relation.LIVES_IN,
        Relation.COMES_FROM,
        Relation.WORKS_AS,
        Relation.STUDIES,
        Relation.RELATIONSHIP,
        Relation.DIET,
    }
)
_TOPICS = {
    Relation.NAME: Topic.YOU,
    Relation.AGE: Topic.DATES,
    Relation.BIRTHDAY: Topic.DATES,
    Relation.LIVES_IN: Topic.PLACES,
    Relation.COMES_FROM: Topic.PLACES,
    Relation.WORKS_AS: Topic.WORK,
    Relation.STUDIES: Topic.WORK,
    Relation.LIKES: Topic.LIKES,
    Relation.DISLIKES: Topic.LIKES,
    Relation.HOBBY: Topic.LIKES,
    Relation.PLAYS: Topic.LIKES,
    Relation.LEARNING: Topic.LIKES,
    Relation.IS_AFRAID_OF: Topic.LIKES,
    Relation.SPEAKS: Topic.YOU,
    Relation.DREAMS_OF: Topic.YOU,
    Relation.RELATIONSHIP: Topic.FAMILY,
    Relation.ALLERGIC_TO: Topic.HEALTH,
    Relation.HAS_CONDITION: Topic.HEALTH,
    Relation.DIET: Topic.HEALTH,
    Relation.PLAN: Topic.DATES,
}
# What says little that a more particular fact does not say as well.
_LOOSE = frozenset({Relation.HAS, Relation.IS, Relation.EVENT, Relation.HOBBY})
# Capital letters of English that no name has.
_ENGLISH_CAPITALS = frozenset({*NATIONALITIES, *MONTHS, *WEEKDAYS, "i"})
_SELF = frozenset({"you", "i", "me", "myself", "yourself", "the person", "person", "user", "the user"})
_SUBJECT = re.compile(
    r"(?:(?:your|my|mein\w*|mi|mon|ma|meu|minha) )?(?P<kin>[^\W\d_]+(?:[ -][^\W\d_]+){0,2})"
)
_SECOND_PERSON = re.compile(r"^(?:You|Your)\b[^\n]+$")
_WORD = re.compile(r"[^\W_]+")


async def extract(asker: Asker, message: Message, known: Sequence[Fact]) -> Sequence[Found] | None:
    """What a message tells beyond what is `known`; None if the model did not answer, and may be asked again."""
    stated = [sentence for sentence in told(message.text) if letters(sentence)]
    if not asker.able or letters("".join(stated)) < LEAST_LETTERS:
        return ()
    form = await asker.ask(
        Tellings, INSTRUCTION, "\n".join(stated), max_tokens=FORM_TOKENS, deadline_s=DEADLINE_S
    )
    if form is None:
        return None
    return await asyncio.to_thread(_beyond, form.facts, stated, message, known)


def _beyond(
    facts: Sequence[Told], stated: Sequence[str], message: Message, known: Sequence[Fact]
) -> Sequence[Found]:
    """What can be believed of it, and is not known yet."""
    heard = [fact for fact in known if fact.source_message_id == message.id]
    fresh: list[Found] = []
    for found in (_believed(one, stated) for one in facts):
        if found and not _says_any((*known, *fresh), found) and not _heard(heard, found):
            fresh.append(found)
    return fresh


def _believed(one: Told, stated: Sequence[str]) -> Found | None:
    """The fact, if its words were said, and if it is written as facts are."""
    subject, value, sentence = _subject(one.subject), line_of(one.value), line_of(one.sentence)
    source = next((said for said in stated if folded(one.quote) in folded(said)), "")
    if not (source and subject and value) or letters(one.quote) < LEAST_QUOTE:
        return None
    if not _SECOND_PERSON.match(sentence) or not _says_of(sentence, subject, value):
        return None
    if not all(said_in(name, " ".join(stated)) for name in names_in(value, sentence)):
        return None
    return Found(
        subject,
        str(one.relation),
        value,
        sentence,
        _topic(one, subject),
        exclusive=one.relation in _EXCLUSIVE,
        confidence=CONFIDENCE,
        source_text=source,
    )


def _says_of(sentence: str, subject: str, value: str) -> bool:
    """Whether the sentence is about the subject, and names the value."""
    words = _stems(sentence)
    named = bool(_stems(value)) and _stems(value) <= words
    return (named or folded(value) in folded(sentence)) and _stems(_whose(subject)) <= words


def said_in(name: str, text: str) -> bool:
    """Whether a name stands in the text, if need be with the ending of a case ("Krakowie" for "Kraków")."""
    words = _WORD.findall(folded(text))
    if name in words or not name.isalpha():
        return name in words
    root = name[: max(LEAST_ROOT, round(len(name) * ROOT))]
    return len(root) >= LEAST_ROOT and any(word.startswith(root) for word in words)


def _subject(words: str) -> str:
    """ "you", or "your" and whom; "" where it is neither."""
    plain = line_of(words).lower().strip(" .'\"")
    if plain in _SELF:
        return "you"
    match = _SUBJECT.fullmatch(plain)
    if match is None:
        return ""
    kin = FOREIGN.get(match["kin"], match["kin"])
    return f"your {kin}" if kin.isascii() else ""


def _topic(one: Told, subject: str) -> str:
    """The heading that the rules would choose; the model's own where they leave it open."""
    if subject == "you":
        return str(_TOPICS.get(one.relation, one.topic))
    return topic_of(subject.removeprefix("your "))


def names_in(value: str, sentence: str) -> set[str]:
    """The names and numbers that a fact brings in, which no translation changes."""
    words = [*_WORD.findall(value), *_WORD.findall(sentence)[1:]]
    marked = {word for word in words if word[0].isupper() or any(sign.isdigit() for sign in word)}
    return {folded(word) for word in marked if word.lower() not in _ENGLISH_CAPITALS}


def _says_any(known: Sequence[Fact | Found], new: Found) -> bool:
    return any(_says(fact, new) for fact in known)


def _says(known: Fact | Found, new: Found) -> bool:
    """Whether a fact that is known says the new one already, be it in other words."""
    if known.subject.casefold() == new.subject.casefold() and known.relation == new.relation:
        return _stems(new.value) <= _stems(known.value) or folded(new.value) == folded(known.value)
    # "You have a dog" is known with "Your dog is called Biscuit."
    told = _stems(f"{_whose(new.subject)} {new.value}")
    return new.relation in _LOOSE and bool(told) and told <= _stems(f"{_whose(known.subject)} {known.text}")


def _heard(heard: Sequence[Fact], new: Found) -> bool:
    """Whether the rules took a fact of the same words from the same message: they know better what it says."""
    return any(
        fact.subject.casefold() == new.subject.casefold() and bool(_stems(fact.value) & _stems(new.value))
        for fact in heard
    )


def _whose(subject: str) -> str:
    return subject.removeprefix("your ").removeprefix("you")


def folded(text: str) -> str:
    """Words alone, in lower case and without accents, so that signs and blanks make no difference."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(_WORD.findall("".join(sign for sign in flat if not unicodedata.combining(sign))))


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}


def letters(text: str) -> int:
    """How much a text says: its letters, the signs of Chinese, Japanese and Korean for more."""
    return sum(SIGN if ord(sign) >= 0x2E80 else 1 for sign in text if sign.isalpha())


def line_of(text: str) -> str:
    """A text in one line."""
    return " ".join(text.split())
