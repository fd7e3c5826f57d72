"""What a text says about a picture, element by element. `planner.py` reads the request and the conversation with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from characters.character import Expression
from engine.images.pipelines.illustrator.places.naming import elsewhere, find_place, spot_places
from engine.images.shot.vocabulary import Action, vocabulary
from engine.types import Framing, TimeOfDay, Weather

_Value = TypeVar("_Value")

# A request says what it wants in its first lines; the rest of 100 kB is not read.
READ_LENGTH = 1500  # characters
# A place in the person's words; longer is a story.
PLACE_LENGTH = 80  # characters
OUTFIT_LENGTH = 120  # characters

_KEEPS = re.compile(
    r"\b(same|again|another one|one more|this time|instead|but|there|here|(noch ?mal|nochmals)|gleich\w*|selbe\w*|otra vez|mism[oa]s?|encore|meme|de novo|mesm[oa]s?)\b"
)
_SAME_OUTFIT = re.compile(
    r"\bsame (outfit|clothes|dress|look|clothing)|misma ropa|gleichen (kleider|klamotten)|memes? vetements"
)
# The face belongs to the character: clauses about it are left out, whatever the request says.
_FACE = re.compile(
    r"\b(?:with|and|having|has|mit|con|avec|com) (?:(?!in |at |on |with )\w+ ){0,6}?(?:eye|eyes|hair|face|skin|nose|lips?|freckles|eyebrows?|cheeks?|chin|jaw|beard|scars?|mouth|teeth|makeup|ojos|pelo|augen|haare?|yeux|cheveux|olhos|cabelo)\b"
)
_FILLER = r"(?:(?!in\b|with\b|at\b|on\b|by\b|under\b|near\b|while\b|inside\b|and\b|to\b|from\b|front\b|am\b|an\b(?! )|auf\b|bei\b|sur\b|over the\b)[^\W_]+ )"
_ARTICLES = re.compile(
    r"^(?:(?:a|an|the|her|his|your|my|their|some|ein|eine|einem|einer|un|una|une|uma|um|tu|su|sein|ihr|deinem|deiner|its)\s)+"
)
_LOCATED = r"at|in|on|by|near|inside|under|beneath|behind|outside|into|to|from|along|across|around|above|beside|through|within|aboard|atop|over|am|im|auf|bei|beim|vor|unter|zur|zum|en|sobre|bajo|dentro|cerca|junto|dans|sur|sous|chez|au|aux|a la|al|em|no|na|nos|nas|sob"
_CUE = re.compile(
    rf"\b(?:in front of|next to|on top of|outside of|at the foot of|in the middle of|{_LOCATED}) ((?:(?!,)\S+ ?){{1,12}})"
)
_NOISE = re.compile(
    r"\b(?:please|pls|plz|show|send|give|take|make|draw|paint me|me|you|your|yourself|youre|u|i|id|im|ill|we|us|a?nother|selfies?|pics?|pictures?|photos?|images?|snaps?|shots?|portraits?|of|can|could|would|should|will|may|want|wants?|wanna|love|like|let|lets|see|get|new|one|some|something|somewhere|anything|nice|cool|cute|pretty|beautiful|hot|sexy|good|great|best|now|again|same|place|spot|scene|but|and|with|while|where|when|what|how|do|does|did|doing|is|are|be|being|been|looking|look|looks|wearing|dressed|holding|having|playing|standing|posing|pose|taken|taking|from|for|to|the|a|an|it|this|that|there|here|just|very|really|more|time|ever|today|right|surprise|whatever|hi|hello|hey|ok|okay|yes|no|thanks?|ein|eine|einen|bild|foto|von|dir|bitte|zeig|mir|mach|una|un|une|uma|um|de|del|y|et|e|und|por favor|manda|envia|sil te plait|moi|toi|ti|tua|tu|te|la|le|el|los|las|les|in|at|on|by|en|with|her|his|him|she|he|they|them|their|my|our|its|feeling|feel|mood|style|light|lighting|weather|wide|close|up|full|angle|camera|background|having|day|fun|so|too|am|im)\b"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says; None and "" where it says nothing."""

    place: str = ""
    unknown_place: str = ""  # a place that nobody has drawn, in the text's own words
    framing: Framing | None = None
    time: TimeOfDay | None = None
    weather: Weather | None = None
    light: str = ""
    expression: Expression | None = None
    action: Action | None = None
    outfit: str = ""
    same_outfit: bool = False
    keeps: bool = False  # it points back at the picture before


def flatten(text: str) -> str:
    """Lower case without accents; commas stay as words, all other signs become blanks."""
    folded = unicodedata.normalize("NFKD", text[:READ_LENGTH]).casefold()
    kept = "".join(each for each in folded if not unicodedata.combining(each))
    kept = re.sub(r"['’`´]", "", kept)
    kept = re.sub(r"[,;.!?\n:()\[\]]+", " , ", kept)
    return re.sub(r"[^\w,]+|_+", " ", kept).strip()


def bodiless(text: str) -> str:
    """A phrase, flattened, without what it says of the face: that belongs to the character."""
    return " ".join(_FACE.sub(" ", flatten(text)).replace(" ,", ",").split()).strip(" ,")


def foreign(text: str) -> bool:
    """Whether a request is clearly in another language than English, whose words the places are named in."""
    flat = flatten(text)
    if any(each.isalpha() and not each.isascii() for each in flat):
        return True
    words = set(flat.split())
    return bool(words & _ELSEWHERES_WORDS) and not words & _ENGLISH_WORDS


# Words that only one side has. "in", "am", "no" and "a" are words of several languages and say nothing.
_ELSEWHERES_WORDS = frozenset(
    "auf dem der einem einer eine ein im beim unter vor neben mit und bei zum zur dans sur sous une devant chez les du des avec "
    "el la los las una en sobre bajo con junto del al um uma na nas nos em sob numa num com nel nella sul sulla alla di il una "
    "op het een bij".split()
)
_ENGLISH_WORDS = frozenset("the at on with of your you by an inside near and while my as from".split())


def read(text: str, *, names: Sequence[str] = ()) -> Reading:
    """Everything a text says about a picture. `names` of the character are no places."""
    flat = flatten(text)
    for name in names:
        flat = re.sub(rf"\b{re.escape(flatten(name))}s?\b", " ", flat) if flatten(name) else flat
    flat = _FACE.sub(" ", flat)
    words = vocabulary()
    world = elsewhere(flat)
    outfit, rest = _outfit(flat.replace(world, " , ") if world else flat)
    framing, rest = _first(words.framings, rest)
    time, rest = _first(words.times, rest)
    weather, rest = _first(words.weathers, rest)
    expression, rest = _first(words.expressions, rest)
    light, _ = _first(words.lights, flat)
    keeps = bool(_KEEPS.search(flat))
    place, rest = ("", rest) if world else _known(rest)
    if not (place or keeps or world):
        place, _ = _known(flat)
    action, rest = _act(rest if place else flat, rest)
    action = action or _of_place(place, flat)
    return Reading(
        place=place,
        unknown_place=world[:PLACE_LENGTH].strip() or ("" if place else _unknown(rest, alone=action is None)),
        framing=framing,
        time=time,
        weather=weather,
        light=light or "",
        expression=expression,
        action=action,
        outfit=outfit,
        same_outfit=bool(_SAME_OUTFIT.search(flat)),
        keeps=keeps,
    )


def _first(table: Sequence[tuple[re.Pattern[str], _Value]], text: str) -> tuple[_Value | None, str]:
    """The first entry of a table that the text names, and the text without its words."""
    for pattern, value in table:
        if pattern.search(text):
            return value, pattern.sub(" ", text)
    return None, text


def _act(text: str, rest: str) -> tuple[Action | None, str]:
    for action in vocabulary().actions:
        if action.pattern.search(text):
            return action, action.pattern.sub(" ", rest)
    return None, rest


def _of_place(place: str, flat: str) -> Action | None:
    """What is done there, where the place's name says so itself: "skiing"."""
    done = (each for each in vocabulary().actions if place and each.place == place)
    return next((each for each in done if each.pattern.search(flat)), None)


@cache
def _wears() -> re.Pattern[str]:
    """What stands between a word for wearing and a garment."""
    garment = vocabulary().garment.pattern
    return re.compile(
        rf"\b(?:wearing|wears|wear|dressed in|dressed as|put on|puts on|in|with|tragt|tragend|im|mit|llevando|vestid[oa] con|con|portant|en|avec|vestindo|usando|com|de) "
        rf"((?:{_FILLER}){{0,5}}?{garment}(?:(?: ,)? (?:and|with|over|und|y|et|e|,|mit|con|avec) {_FILLER}{{0,4}}?{garment}){{0,3}})"
    )


@cache
def _only_clothes() -> re.Pattern[str]:
    """A request of nothing but a garment: "a red dress"."""
    return re.compile(rf"(?:now )?((?:{_FILLER}){{0,5}}{vocabulary().garment.pattern}) ")


_WEARS_ANYTHING = re.compile(rf"\b(?:wearing|dressed (?:in|as)) ((?:{_FILLER}){{1,6}})")


def _outfit(flat: str) -> tuple[str, str]:
    """The clothes a text names, and the text without them."""
    padded = flat + " "
    found = _wears().search(padded) or _only_clothes().fullmatch(padded) or _WEARS_ANYTHING.search(padded)
    if not found:
        return "", flat
    phrase = (
        re.split(r" ,", found.group(1).strip())[0] if found.re is _WEARS_ANYTHING else found.group(1).strip()
    )
    phrase = _ARTICLES.sub("", phrase.replace(" ,", ","))
    if not phrase or re.fullmatch(r"(same|new|other|different|another)?\s?(outfit|clothes|look)", phrase):
        return "", padded.replace(found.group(0), " ", 1)
    return phrase[:OUTFIT_LENGTH], padded.replace(found.group(0), " , ", 1)


# Names so general that a more particular one beside them wins: "a market in Paris" is a market.
_GENERAL = frozenset(
    [
        "paris",
        "london",
        "berlin",
        "tokyo",
        "city",
        "town",
        "home",
        "house",
        "village",
        "apartment",
        "mountain",
        "work",
        "seoul",
    ]
)


def _known(text: str) -> tuple[str, str]:
    """The place that a text most likely means, and the text without it."""
    words = text.split()
    best: tuple[tuple[bool, bool, int, int], str, int, int] | None = None
    for place, start, end in spot_places(text):
        before = words[max(0, start - 3) : start]
        name = " ".join(words[start:end])
        rank = (name not in _GENERAL, any(word in _PREPOSITIONS for word in before), end - start, -start)
        if best is None or rank > best[0]:
            best = (rank, place.name, start, end)
    if best is None:
        return "", text
    return best[1], " ".join(words[: best[2]] + words[best[3] :])


_PREPOSITIONS = frozenset(_LOCATED.split("|"))


def _unknown(rest: str, *, alone: bool) -> str:
    """The words for a place that nobody has drawn: behind a preposition, or all that is left of the request."""
    for found in _CUE.finditer(rest):
        phrase = _ARTICLES.sub("", found.group(1).strip())
        if _NOISE.sub(" ", phrase).strip(" ,"):
            return settled(phrase)
    left = _NOISE.sub(" ", rest).replace(",", " ").split()
    if alone and left and (len(left) > 1 or len(left[0]) > 3):
        return settled(_ARTICLES.sub("", " ".join(rest.replace(",", " ").split())))
    return ""


def settled(phrase: str) -> str:
    """A known place if it was only misspelt, else the phrase, cut to its length."""
    phrase = phrase.strip(" ,")
    known = find_place(phrase) if len(phrase.split()) <= 4 else None
    return known.name if known else phrase[:PLACE_LENGTH].strip()
