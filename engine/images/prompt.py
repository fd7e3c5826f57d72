"""The words of a picture for a model, written around the character: `studio/plan.py` calls `write`.

Action, framing, place, light, clothes, style; never the face, which the references show. Only a character without any
picture yet is described, once, by `introduce`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from characters.character import ADULT_AGE, Outfit, Persona
from engine.errors import RefusedError
from engine.images.manners import Manner, book, manner_of
from engine.images.pipelines.illustrator.places.naming import find_place
from engine.images.pipelines.port import Reference
from engine.images.routing.table import company
from engine.images.shot.reading import bodiless, flatten
from engine.types import Framing, PictureJob, PicturePurpose, ReferenceRole, Shot

# Letters of one token of CLIP's and T5's vocabularies, on the cautious side: common words are one, long ones two.
_TOKEN_LETTERS = 7
# Words of a free phrase (a place, an action) that are kept; longer ones are prose.
_PHRASE_WORDS = 24
_OUTFIT_WORDS = 32
# Words of a presentation that the book has no class for: "clockwork centaur".
_CLASS_WORDS = 3
# "her long red hair": a description of what belongs to the character. "brushing her hair" says nothing of it.
_DESCRIBED = re.compile(
    r"\b(?:her|his|their|your|my|its)\s+(?:(?!hair|eyes)[\w-]+[\s,]+){1,4}"
    r"(?:hair|eyes?|face|skin|nose|lips?|freckles|eyebrows?|cheeks?|chin|jaw|beard|scars?)\b(?:\s+\w+ing\b)?",
    re.IGNORECASE,
)
# The young words for adults, so that no model reads them.
_YOUNG = (
    (re.compile(r"\b(?:young )?girl\b", re.I), "woman"),
    (re.compile(r"\b(?:young )?boy\b", re.I), "man"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """What a model is told, and what the picture should not show."""

    prompt: str
    negative: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a prompt. `rank`: the highest goes first where a model reads little; 0 always stays."""

    rank: int
    text: str


def write(job: PictureJob, family: str, references: Sequence[Reference], *, negative: str = "") -> Words:
    """The words of a job for a family, with these references shown to it in this order.

    `negative`: what else the settings want to keep out. Raises RefusedError if the character is no adult.
    """
    manner = manner_of(family)
    if job.shot.scenery:
        pieces, never = _scenery(job), book().never.scenery
    else:
        pieces, never = _portrait(job, manner, references), book().never.always
    kept_out = ", ".join(part for part in (negative, never, book().style[job.persona.style].negative) if part)
    return Words(_joined(_fitted(pieces, manner), manner), kept_out)


def close_up(job: PictureJob, family: str, references: Sequence[Reference], *, edits: bool = False) -> str:
    """The prompt for the face alone of a picture of that job, in its expression and light: what a repair paints.

    `edits`: the family is shown the crop itself as one more picture after the references, and changes that.
    """
    shot = job.shot
    near = Shot(
        framing=Framing.CLOSE_UP,
        expression=shot.expression,
        place=shot.place,
        time_of_day=shot.time_of_day,
        light=shot.light,
        outfit=shot.outfit,
    )
    manner = manner_of(family)
    whole = PictureJob(job.purpose, job.persona, near, job.seed)
    pieces = _portrait(whole, manner, references)
    if edits and manner.naming:
        crop, who = _named(manner, len(references) + 1), _who(job.persona, manner, references)
        pieces.insert(0, _Piece(0, book().words.crop.format(crop=crop, who=who)))
    return _joined(_fitted(pieces, manner), manner)


def introduce(persona: Persona) -> str:
    """A character's looks in words, face and all: for the first picture of one who has no reference yet."""
    looks = persona.appearance
    hair = ", ".join(part for part in (looks.hair.length, looks.hair.colour, looks.hair.style) if part)
    face = ", ".join(part for part in (looks.face_shape, looks.features) if part)
    parts = {
        "skin": looks.skin_tone,
        "hair": hair,
        "eyes": looks.eyes,
        "face": face,
        "recognised by": looks.distinctive,
        "build": looks.build,
    }
    return "; ".join(
        f"{name}: {_grown(_line(words, _PHRASE_WORDS))}" for name, words in parts.items() if words
    )


def noun(persona: Persona) -> str:
    """What a character is called in a prompt: "woman", "man", "person", or its own kind of being."""
    own = flatten(persona.appearance.presentation)
    for word, names in book().classes.items():
        if any(re.search(rf"\b{re.escape(flatten(name))}\b", own) for name in names):
            return word
    kind = _grown(bodiless(persona.appearance.presentation).partition(",")[0])
    return " ".join(kind.split()[:_CLASS_WORDS]) or "person"


def tokens(text: str) -> int:
    """About how many tokens a text is."""
    words = re.findall(r"\w+|[^\w\s]", text)
    return sum(math.ceil(len(word) / _TOKEN_LETTERS) for word in words)


# ---------------------------------------------------------------- pieces


def _portrait(job: PictureJob, manner: Manner, references: Sequence[Reference]) -> list[_Piece]:
    persona, shot, words = job.persona, job.shot, book()
    _adult(persona)
    phrases = words.tags if manner.manner == "tags" else words.sentences
    style = words.style[persona.style]
    who = _who(persona, manner, references)
    framing = phrases.framing[shot.framing].format(who=who)
    keep = manner.naming and references
    return [
        _Piece(0, f"{style.lead}: {framing}" if manner.manner == "sentences" else f"{style.lead}, {framing}"),
        _Piece(1, phrases.expression[shot.expression]),
        _Piece(1, introduce(persona) if not references else _build(persona, shot)),
        _Piece(1, _own(shot.action)),
        _Piece(2, _setting(job, manner, references)),
        _Piece(2, _clothes(shot.outfit or persona.appearance.outfit, manner, references)),
        _Piece(3, _props(shot, manner, references)),
        _Piece(4, _light(shot)),
        _Piece(6, style.finish),
        _Piece(5, words.words.keep.format(image=_named(manner, 1)) if keep else ""),
        _others(shot, manner),
    ]


def _others(shot: Shot, manner: Manner) -> _Piece:
    """Who else is there: whom the shot brings along, or nobody."""
    words, others = book().words, company(shot)
    if not others:
        return _Piece(7, words.alone[manner.manner])
    return _Piece(1, words.company[manner.manner].format(others=others))


def _scenery(job: PictureJob) -> list[_Piece]:
    """A place, or a thing where no place is named."""
    shot, words = job.shot, book()
    style = words.style[job.persona.style]
    what = (
        _place(shot)
        if shot.place.strip()
        else words.words.thing.format(thing=", ".join(shot.props) or "a room")
    )
    return [
        _Piece(0, f"{style.lead}: {what}"),
        _Piece(1, words.words.empty if shot.place.strip() else ""),
        _Piece(2, f"with {', '.join(shot.props)}" if shot.place.strip() and shot.props else ""),
        _Piece(4, _light(shot)),
        _Piece(6, style.finish),
    ]


def _who(persona: Persona, manner: Manner, references: Sequence[Reference]) -> str:
    """The character as a prompt points at her: by her pictures where there are any."""
    if not references:
        return f"an adult {noun(persona)} aged {persona.appearance.age}"
    if not manner.naming:
        return f"an adult {noun(persona)}"
    people = (ReferenceRole.HEADSHOT, ReferenceRole.ANGLE, ReferenceRole.EXPRESSION)
    numbers = [n for n, each in enumerate(references, 1) if each.role in people]
    further = " and ".join(_named(manner, n) for n in numbers[1:])
    also = f" ({book().words.also.format(images=further)})" if further else ""
    return f"the adult {noun(persona)} in {_named(manner, numbers[0] if numbers else 1)}{also}"


def _build(persona: Persona, shot: Shot) -> str:
    """The body, which a headshot does not show."""
    build = persona.appearance.build
    return f"build: {_line(build, _PHRASE_WORDS)}" if build and shot.framing is not Framing.CLOSE_UP else ""


def _setting(job: PictureJob, manner: Manner, references: Sequence[Reference]) -> str:
    if not job.shot.place.strip():
        return (
            book().words.canon if job.purpose is not PicturePurpose.SELFIE else "before a plain studio wall"
        )
    place = _place(job.shot)
    image = _image_of(ReferenceRole.LOCATION, manner, references)
    if image:
        return f"setting: {place}, the same place as in {image}"
    return f"setting: {place}"


def _place(shot: Shot) -> str:
    """ "jazz bar, at night, rain on the window" """
    known = find_place(shot.place)
    skies = book().weather.inside if known and known.inside else book().weather.outside
    parts = [
        _own(shot.place),
        book().time[shot.time_of_day] if shot.time_of_day else "",
        skies[shot.weather] if shot.weather else "",
    ]
    return ", ".join(part for part in parts if part)


def _clothes(outfit: Outfit, manner: Manner, references: Sequence[Reference]) -> str:
    worn = _line(outfit.description or outfit.name, _OUTFIT_WORDS)
    image = _image_of(ReferenceRole.OUTFIT, manner, references)
    if image:
        return f"wearing the clothes of {image}: {worn}" if worn else f"wearing the clothes of {image}"
    return f"wearing {worn}" if worn else ""


def _props(shot: Shot, manner: Manner, references: Sequence[Reference]) -> str:
    image = _image_of(ReferenceRole.PROP, manner, references)
    props = ", ".join(_own(each) for each in shot.props if image or each not in shot.action)
    if not props:
        return ""
    return f"with {props}, as in {image}" if image else f"with {props}"


def _light(shot: Shot) -> str:
    own = book().light.get(shot.light, _own(shot.light))
    return own or (book().hour[shot.time_of_day] if shot.time_of_day else "")


def _image_of(role: ReferenceRole, manner: Manner, references: Sequence[Reference]) -> str:
    """How the words point at the reference of a role; "" where there is none or they cannot."""
    number = next((n for n, each in enumerate(references, 1) if each.role is role), 0)
    return _named(manner, number) if number and manner.naming else ""


def _named(manner: Manner, number: int) -> str:
    return manner.naming.format(n=number)


# ---------------------------------------------------------------- words


def _adult(persona: Persona) -> None:
    if persona.appearance.age < ADULT_AGE:
        raise RefusedError(f"Characters here are adults: choose an age of {ADULT_AGE} or more.")


def _own(phrase: str) -> str:
    """A phrase of the shot without what it says of the face, which belongs to the character."""
    plain = bodiless(phrase)
    kept = phrase if plain == flatten(phrase) else plain
    return _line(_DESCRIBED.sub("", kept), _PHRASE_WORDS).strip(" ,")


def _grown(words: str) -> str:
    for young, adult in _YOUNG:
        words = young.sub(adult, words)
    return words


def _line(text: str, most: int) -> str:
    """One line of at most so many words."""
    return " ".join(text.split()[:most]).rstrip(" .,;:")


def _fitted(pieces: Sequence[_Piece], manner: Manner) -> list[_Piece]:
    """The pieces that a model reads: the least important go first, then the end of the longest that is left."""
    kept = [piece for piece in pieces if piece.text]
    while tokens(_joined(kept, manner)) > manner.tokens:
        rank = max(piece.rank for piece in kept)
        last = max(n for n, piece in enumerate(kept) if piece.rank == rank)
        if rank > 2:
            del kept[last]
            continue
        longest = max(range(len(kept)), key=lambda n: (tokens(kept[n].text), n))
        shorter = kept[longest].text.rsplit(" ", 1)[0]
        if shorter == kept[longest].text:
            break
        kept[longest] = _Piece(kept[longest].rank, shorter.rstrip(" ,"))
    return kept


def _joined(pieces: Sequence[_Piece], manner: Manner) -> str:
    texts = [piece.text for piece in pieces if piece.text]
    if manner.manner == "tags":
        return ", ".join(texts)
    return " ".join(f"{text[0].upper()}{text[1:]}." for text in texts)
