"""Rules for what is seen: face, hair, body, outfit, style. Called by `characters.coach.advise`."""

from __future__ import annotations

import re

from characters.character import Persona, StyleRegister
from characters.coach.tip import Rule, Tip
from characters.coach.wording import is_readable, pick, quoted, telling, tokens, without, wording

# A telling word counts twice as much as one that many faces share.
TELLING, WEAK = 2, 1
WHITE_SHIRT = re.compile(
    r"\bwhite\s+(?:t-?shirt|t shirt|tee shirt|tee|shirt|tank top|tank|top)\b", re.IGNORECASE
)


def be_specific(field: str) -> Rule:
    """The rule that wants a field of the looks to be somebody's, not anybody's."""

    def rule(value: str, persona: Persona) -> Tip | None:
        if not is_readable(value) or is_specific(field, value):
            return None
        why = wording().looks[field].why
        said = f"{quoted(value)} is a start. " if value else ""
        return Tip(field, f"{said}{why}", strengthen(field, value, persona))

    return rule


def is_specific(field: str, value: str) -> bool:
    """Whether the words say enough, by the field's own measure."""
    lexicon = wording().looks[field]
    words = [word for word in telling(value) if word not in lexicon.filler]
    return sum(WEAK if word in lexicon.stronger else TELLING for word in words) >= lexicon.needs


def strengthen(field: str, value: str, persona: Persona) -> str:
    """A stronger wording of what was meant: red hair stays red."""
    lexicon = wording().looks[field]
    own = without(value, lexicon.filler | wording().generic)
    if not telling(own):
        return pick(lexicon.examples, field, value, persona.name)
    weak = next((word for word in tokens(own) if lexicon.stronger.get(word)), None)
    if weak is not None:
        instead = pick(lexicon.stronger[weak], value)
        own = re.sub(rf"(?<![\w-]){re.escape(weak)}(?![\w-])", instead, own, count=1, flags=re.IGNORECASE)
    return own if is_specific(field, own) else pick(lexicon.otherwise, value).format(words=own)


def keep_style_out(field: str) -> Rule:
    """The rule that keeps words about drawing out of the looks; style has a step of its own."""

    def rule(value: str, persona: Persona) -> Tip | None:
        found = [word for word in tokens(value) if word in wording().drawing]
        if not found:
            return None
        named = registers_of(value) - {persona.style}
        mixed = " Two styles in one character break the face." if named else ""
        return Tip(
            field,
            f"“{found[0]}” says how a picture is drawn, not what is seen; "
            f"the style is chosen once, in its own step (now: {persona.style}).{mixed}",
            _without_style(field, value, persona),
        )

    return rule


def _without_style(field: str, value: str, persona: Persona) -> str:
    bare = without(value, (*wording().drawing, "style", "styled"))
    if field == "outfit":
        return bare if is_dressed(bare) else dress(bare, persona)
    return bare if is_specific(field, bare) else strengthen(field, bare, persona)


def registers_of(text: str) -> frozenset[str]:
    """The style registers whose words occur in a text."""
    padded = f" {' '.join(tokens(text))} "
    return frozenset(
        style for style, marks in wording().marks.items() if any(f" {mark} " in padded for mark in marks)
    )


def fit_style(value: str, persona: Persona) -> Tip | None:
    """The chosen style against the words of the character: anime words do not fit a photoreal picture."""
    if value == StyleRegister.HYBRID or value not in tuple(StyleRegister):
        return None
    own = persona.personality
    looks = persona.appearance
    seen = (looks.features, looks.eyes, looks.hair.colour, looks.hair.style, looks.outfit.description)
    felt = (looks.distinctive, looks.build, persona.tagline, *own.traits, own.quirk)
    text = ". ".join((*seen, *felt))
    named = registers_of(text)
    if not named or value in named:
        return None
    better = sorted(named)[0]
    mark = next(mark for mark in wording().marks[better] if mark in " ".join(tokens(text)))
    return Tip(
        "style",
        f"“{mark}” belongs to {better}, and the style is {value}. "
        "Write the character into the style, or choose the style that fits the character.",
        better,
    )


def avoid_white_shirt(value: str, persona: Persona) -> Tip | None:
    """The white T-shirt is what a picture model draws when nobody says anything."""
    words = tokens(value)
    tops = {"t-shirt", "tshirt", "tee", "shirt", "tank", "top"} & set(words)
    known = wording().wardrobe
    plain = {"white", "plain", "blue", "black", "grey", "denim"}
    others = (known.garments | known.colours) & set(words)
    others -= tops | plain | {"jeans", "pants", "trousers", "shorts", "leggings"}
    if "white" not in words or not tops or others:
        return None
    return Tip(
        "outfit",
        "A white T-shirt is what everybody wears whom nobody dressed, and it would show in every picture.",
        _over_white(value),
    )


def _over_white(value: str) -> str:
    """The white shirt, worn under something; the rest of the outfit stays."""
    rest = without(WHITE_SHIRT.sub("", value), ("simple", "plain", "basic", "just"))
    under = pick(wording().wardrobe.over_white, value)
    return f"{under}, {rest}" if rest and "white" not in tokens(rest) else under


def dress_on_purpose(value: str, persona: Persona) -> Tip | None:
    """An outfit wants at least one garment and one colour, cloth or pattern."""
    if not is_readable(value) or is_dressed(value):
        return None
    said = f"{quoted(value)} could be anything. " if value else ""
    return Tip("outfit", f"{said}{wording().wardrobe.why}", dress(value, persona))


def is_dressed(value: str) -> bool:
    """Whether an outfit names a garment, and a colour, cloth or pattern."""
    known, words = wording().wardrobe, {part for word in tokens(value) for part in (word, *word.split("-"))}
    garments = known.garments | {f"{one}s" for one in known.garments} | {f"{one}es" for one in known.garments}
    return bool(words & garments) and bool(words & known.colours)


def dress(value: str, persona: Persona) -> str:
    """A stronger outfit that keeps the garments or the mood that were named."""
    known = wording().wardrobe
    own = without(value, wording().generic | {"clothes", "clothing", "outfit", "wear", "wears", "wearing"})
    garments = [
        word for word in tokens(own) if word.removesuffix("s") in known.garments or word in known.garments
    ]
    for number, garment in enumerate(garments):
        colour = pick(known.usual.get(garment, known.colour_each), value, str(number))
        own = re.sub(rf"(?<![\w-])({re.escape(garment)})", rf"{colour} \1", own, count=1, flags=re.IGNORECASE)
    if garments:
        return own
    mood = next((word for word in tokens(value) if word in known.moods), None)
    if mood is not None:
        return pick(known.moods[mood], value)
    return pick(known.examples, value, persona.name)
