"""What a character is: identity, appearance, personality, backstory, voice and references.

Everybody above reads these frozen values; nothing here knows of a network, a database or an SDK.
Words are the truth ("copper hair, shoulder-length waves"): a diffusion model is prompted with them and the
illustrator parses them into parts, so the same words always give the same face.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

# Characters are fictional adults; the bound is an invariant, not a setting.
ADULT_AGE = 18
# Older than any living person, young enough that a typo (e.g. 350) is caught.
OLDEST_AGE = 120
# Characters shown in one line of a card, a button or a webhook name (Discord allows 80).
NAME_LENGTH = 60
# One field of the appearance, in characters; longer ones are prose, not a description.
FIELD_LENGTH = 300
# Three short paragraphs; more does not fit into a prompt that is read on every turn.
BACKSTORY_LENGTH = 1800


class StyleRegister(StrEnum):
    """How every picture of a character is drawn; locked with the canonical reference."""

    PHOTOREAL = "photoreal"
    ANIME = "anime"
    PAINTERLY = "painterly"
    THREE_D = "3d"
    HYBRID = "hybrid"


class Expression(StrEnum):
    """The faces a character can make in a picture."""

    NEUTRAL = "neutral"
    HAPPY = "happy"
    SAD = "sad"
    SURPRISED = "surprised"
    FOCUSED = "focused"
    ANGRY = "angry"
    LAUGHING = "laughing"


@dataclass(frozen=True, slots=True)
class Hair:
    """Hair in words: "copper", "shoulder-length", "loose waves, slight side parting"."""

    colour: str = ""
    length: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Outfit:
    """Clothes in words: "charcoal wool coat over a rust turtleneck, dark jeans"."""

    name: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Appearance:
    """The visible character in specific fields; `face_seed` settles whatever the words leave open."""

    age: int = 30
    presentation: str = ""  # "woman", "man", "androgynous person": the class word of a prompt
    face_shape: str = ""  # "oval", "square jaw", …
    features: str = ""  # nose, mouth, brows: "aquiline nose, full lower lip, heavy brows"
    hair: Hair = field(default_factory=Hair)
    eyes: str = ""  # colour and shape: "hazel, almond-shaped"
    skin_tone: str = ""  # "deep brown", "light olive", …
    build: str = ""  # "tall, lean, runner's build with broad shoulders"
    outfit: Outfit = field(default_factory=Outfit)
    distinctive: str = ""  # "thin scar through the left eyebrow", "round tortoiseshell glasses"
    face_seed: int = 0


@dataclass(frozen=True, slots=True)
class Personality:
    """Three to five traits (one of them with tension), one quirk, and how the character speaks."""

    traits: tuple[str, ...] = ()
    tension: str = ""  # the trait that pulls against the others
    quirk: str = ""  # a behaviour: "hums when concentrating"
    speech: tuple[str, ...] = ()  # speech patterns: "short sentences", "asks before she answers"
    sample_lines: tuple[str, ...] = ()  # example utterances, in the character's own voice


@dataclass(frozen=True, slots=True)
class Voice:
    """The slot for a locked speaking voice; `description` is a voice in words until one is frozen."""

    description: str = ""
    voice_id: str = ""


@dataclass(frozen=True, slots=True)
class References:
    """The reference library by slot; values are media ids, "" where a slot is still empty."""

    headshot: str = ""
    angles: tuple[str, ...] = ()
    outfits: tuple[str, ...] = ()
    expressions: tuple[tuple[Expression, str], ...] = ()
    locations: tuple[tuple[str, str], ...] = ()
    props: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Persona:
    """All that describes a character, without the record that stores it. One version of a character is one Persona."""

    name: str
    tagline: str = ""
    archetype: str = "custom"
    pronouns: str = "they/them"
    appearance: Appearance = field(default_factory=Appearance)
    personality: Personality = field(default_factory=Personality)
    backstory: str = ""
    relationship: str = ""  # to the person: "old friend from the night shift"
    greeting: str = ""  # the first message
    style: StyleRegister = StyleRegister.PAINTERLY
    voice: Voice = field(default_factory=Voice)
    references: References = field(default_factory=References)
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps a persona from being published: the field, and a sentence that says what to do."""

    field: str
    sentence: str


def missing(persona: Persona) -> tuple[Problem, ...]:
    """What a draft still lacks before it may be published (visual identity, personality, backstory, canon)."""
    looks = persona.appearance
    wanted = (
        ("name", persona.name, "Give the character a name."),
        ("hair", looks.hair.colour and looks.hair.style, "Describe the hair: colour, length and style."),
        ("eyes", looks.eyes, "Describe the eyes: colour and shape."),
        ("skin_tone", looks.skin_tone, "Choose a skin tone."),
        ("build", looks.build, "Describe the build."),
        ("face_shape", looks.face_shape, "Choose a face shape."),
        ("outfit", looks.outfit.description, "Choose a default outfit; it shows in the canonical picture."),
        (
            "distinctive",
            looks.distinctive,
            "Add one distinctive feature, so that this face is nobody else's.",
        ),
        (
            "traits",
            len(personality_traits(persona)) >= 3,
            "Name three to five traits, one of them with tension.",
        ),
        ("quirk", persona.personality.quirk, "Add one quirk: something the character does."),
        ("backstory", persona.backstory, "Write a short backstory: from where, does what, cares about what."),
        ("headshot", persona.references.headshot, "Choose a take as the canonical picture."),
    )
    return tuple(Problem(name, sentence) for name, value, sentence in wanted if not value)


def personality_traits(persona: Persona) -> tuple[str, ...]:
    """All traits including the one with tension, without empties."""
    own = persona.personality
    return tuple(trait for trait in (*own.traits, own.tension) if trait)
