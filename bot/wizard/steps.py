"""The wizard's questions, as data: what is asked, in which order, with which suggestions.

`bot/wizard/machine.py` walks through `STEPS`; each question reads and writes its field of a persona by
`characters.fields`. Suggestions are words that the illustrator draws and the coach accepts as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.messages import Choice, FieldKind
from characters.archetypes import FORMS, load_archetypes
from characters.character import Persona, StyleRegister
from characters.fields import FIELDS
from characters.palette import EYE_COLOURS, HAIR_COLOURS, SKIN_TONES, Swatches

Choices = tuple[Choice, ...] | Callable[[Persona], tuple[Choice, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `write` raises `characters.text.TextError` with the sentence to show at the field."""

    name: str
    label: str
    kind: FieldKind
    help: str
    example: str
    required: bool
    max_length: int
    choices: Choices
    read: Callable[[Persona], str]
    write: Callable[[Persona, str], Persona]


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the wizard."""

    id: str
    title: str
    intro: str
    fields: tuple[Question, ...]


def ask(
    name: str,
    label: str,
    kind: FieldKind,
    *,
    help: str = "",  # noqa: A002 - the field's own name
    example: str = "",
    required: bool = True,
    choices: Choices = (),
) -> Question:
    """A question about one field of `characters.fields`."""
    field = FIELDS[name]
    return Question(name, label, kind, help, example, required, field.limit, choices, field.read, field.write)


def _archetypes(_: Persona) -> tuple[Choice, ...]:
    """The archetypes as cards; read from their files when they are shown, not when the bot starts."""
    return tuple(Choice(one.id, one.title, one.description) for one in load_archetypes())


def _words(*values: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, value) for value in values)


def _swatches(colours: Swatches, suffix: str = "") -> tuple[Choice, ...]:
    return tuple(Choice(words + suffix, words, swatch=swatch) for words, swatch in colours)


STYLES = (
    Choice(
        StyleRegister.PHOTOREAL.value,
        "Photoreal",
        "Like a good photograph; for grounded, contemporary people.",
    ),
    Choice(
        StyleRegister.ANIME.value,
        "Anime",
        "Clean lines and large eyes; for stylised characters and their worlds.",
    ),
    Choice(
        StyleRegister.PAINTERLY.value,
        "Painterly",
        "Visible brush strokes; for fantasy, history and atmosphere.",
    ),
    Choice(StyleRegister.THREE_D.value, "3D", "Like an animated film or a game; round, lit and touchable."),
    Choice(
        StyleRegister.HYBRID.value, "Hybrid", "Between drawing and photograph; stylised shapes, real light."
    ),
)

ARCHETYPE = Step(
    "archetype",
    "A starting point",
    "A rough silhouette to begin with. Everything it brings can be changed, and what you change stays yours.",
    (
        ask(
            "archetype",
            "Archetype",
            FieldKind.CHOICE,
            help="Brings a look, a way to speak and a sketch of a life.",
            example="artist",
            choices=_archetypes,
        ),
    ),
)

WHO = Step(
    "who",
    "Name and age",
    "Who is this, in one line?",
    (
        ask(
            "name",
            "Name",
            FieldKind.LINE,
            help="As it is said when you call them. Fictional people only.",
            example="Ines Okafor",
        ),
        ask(
            "age",
            "Age",
            FieldKind.NUMBER,
            help="Characters are adults, 18 to 120. Fifty-three is a good age, too.",
            example="34",
        ),
        ask(
            "presentation",
            "Presents as",
            FieldKind.SUGGEST,
            help="How a stranger would call them in one or two words.",
            example="woman",
            choices=_words(
                "woman", "man", "androgynous person", "trans woman", "trans man", "non-binary person"
            ),
        ),
        ask("pronouns", "Pronouns", FieldKind.CHOICE, example="she/her", choices=_words(*FORMS)),
        ask(
            "tagline",
            "In one line",
            FieldKind.LINE,
            help="What stands under the name on their card: what they do, with a twist.",
            example="Repairs neon signs, mostly at two in the morning",
            required=False,
        ),
    ),
)

LOOKS = Step(
    "looks",
    "Face and body",
    "Specific words make a face that is nobody else's, and the same in every picture.",
    (
        ask(
            "face_shape",
            "Face shape",
            FieldKind.SUGGEST,
            example="long oval with high cheekbones",
            choices=_words(
                "oval with high cheekbones",
                "round with full cheeks",
                "square with a strong jaw",
                "heart-shaped with a pointed chin",
                "long with a narrow jaw",
                "diamond-shaped with sharp cheekbones",
                "broad with a dimpled chin",
            ),
        ),
        ask(
            "features",
            "Features",
            FieldKind.SUGGEST,
            help="Nose, mouth, brows: two or three of them.",
            example="aquiline nose, full lower lip, heavy brows",
            required=False,
            choices=_words(
                "aquiline nose, thin lips, straight brows",
                "broad nose, full lips, arched brows",
                "snub nose, wide mouth, thick brows",
                "broken nose, crooked smile, bushy brows",
                "flat nose bridge, small full mouth, thin brows",
                "long nose, full lower lip, one raised brow",
            ),
        ),
        ask(
            "hair_colour",
            "Hair colour",
            FieldKind.SUGGEST,
            help="A shade rather than a colour: copper, not red.",
            example="copper",
            choices=_swatches(HAIR_COLOURS),
        ),
        ask(
            "hair_length",
            "Hair length",
            FieldKind.SUGGEST,
            example="shoulder-length",
            choices=_words(
                "shaved", "very short", "short", "chin-length", "shoulder-length", "long", "waist-length"
            ),
        ),
        ask(
            "hair_style",
            "Hair style",
            FieldKind.SUGGEST,
            help="How it falls, and where it is parted.",
            example="loose waves, slight side parting",
            choices=_words(
                "loose waves with a side parting",
                "straight with a blunt fringe",
                "tight curls, faded sides",
                "rounded afro",
                "box braids tied back",
                "freeform locs, half tied up",
                "choppy layered bob",
                "curly pixie cut",
                "low messy bun",
                "high ponytail with loose strands",
                "one thick braid over the shoulder",
                "slicked-back undercut",
                "spiky mohawk",
                "smooth shaved head",
            ),
        ),
        ask(
            "eyes",
            "Eyes",
            FieldKind.SUGGEST,
            help="Colour and shape.",
            example="hazel, almond-shaped",
            choices=_swatches(EYE_COLOURS, ", almond-shaped")
            + _words(
                "dark brown, monolid",
                "amber, hooded",
                "pale blue, deep-set",
                "moss green, round and wide-set",
            ),
        ),
        ask("skin_tone", "Skin tone", FieldKind.SUGGEST, example="warm brown", choices=_swatches(SKIN_TONES)),
        ask(
            "build",
            "Build",
            FieldKind.SUGGEST,
            help="Height, weight and what the shoulders do.",
            example="tall, lean, runner's build with broad shoulders",
            choices=_words(
                "tall, lean, runner's build with broad shoulders",
                "short and round with small hands",
                "average height, soft middle, sloping shoulders",
                "stocky and barrel-chested with thick forearms",
                "full-figured with wide hips",
                "small, wiry climber's build",
                "big, heavyset, slow-moving",
                "slight, narrow-shouldered, uses a wheelchair",
            ),
        ),
        ask(
            "distinctive",
            "Distinctive feature",
            FieldKind.SUGGEST,
            help="The thing by which you would find them in a crowd.",
            example="thin scar through the left eyebrow",
            choices=_words(
                "thin scar through the left eyebrow",
                "round tortoiseshell glasses",
                "dense freckles across the nose and cheeks",
                "gap between the front teeth",
                "silver nose ring on the left side",
                "large gold hoop earrings",
                "beauty mark under the right eye",
                "white streak above the right temple",
                "full beard with a grey chin",
                "tattoo of a small swallow below the left ear",
            ),
        ),
    ),
)

OUTFIT = Step(
    "outfit",
    "Clothes",
    "The default outfit shows in the canonical picture and in many later ones. Choose it on purpose.",
    (
        ask(
            "outfit",
            "Default outfit",
            FieldKind.SUGGEST,
            help="Garments with their colours, and one worn detail.",
            example="charcoal wool coat over a rust turtleneck, dark jeans",
            choices=_words(
                "charcoal wool coat over a rust turtleneck, dark jeans",
                "paint-flecked indigo overalls over an ochre shirt",
                "mustard yellow rain jacket over a grey wool sweater",
                "forest green blazer over a cream blouse, black trousers",
                "saffron yellow wrap dress with long sleeves",
                "brown leather jacket over a striped shirt, blue jeans",
                "lime green hoodie under a denim jacket, black leggings",
                "charcoal three-piece suit with a dark green tie",
                "turquoise kaftan with orange embroidery",
                "moss green hooded cloak over a brown leather jerkin",
            ),
        ),
    ),
)

PERSONALITY = Step(
    "personality",
    "Personality",
    "Edges, not adjectives: two to four traits, one more that pulls against them, and one quirk.",
    (
        ask(
            "traits",
            "Traits",
            FieldKind.LINES,
            help="Two to four, one a line. What would a friend complain about, fondly?",
            example="warm, observant, terrible at small talk",
        ),
        ask(
            "tension",
            "The trait with tension",
            FieldKind.SUGGEST,
            help="Where two sides of them pull apart: there are the stories.",
            example="enjoys teasing, but secretly insecure about her drawing skills",
            required=False,
            choices=_words(
                "slow to open up, and then never shuts up",
                "fearless in public, but afraid of letters from home",
                "helps everyone, but never asks for help",
                "teases with confidence, but goes silent when it matters",
                "forgives everybody except one brother",
            ),
        ),
        ask(
            "quirk",
            "Quirk",
            FieldKind.SUGGEST,
            help="Something they do, not something they are.",
            example="hums when concentrating",
            choices=_words(
                "hums when concentrating",
                "takes notes mid-conversation",
                "always carries a sketchbook",
                "counts the steps of every staircase out loud",
                "names every plant after a former boss",
                "rates everything on a scale from one to soup",
            ),
        ),
        ask(
            "speech",
            "How they speak",
            FieldKind.LINES,
            help="Patterns, one a line: length of sentences, favourite words, what they never say.",
            example="short sentences, begins with “So.”",
            required=False,
        ),
        ask(
            "sample_lines",
            "Sample lines",
            FieldKind.LINES,
            help="Things only they would say, one a line. They teach the voice better than any description.",
            example="Bar six. Always bar six. Don't laugh. Laugh a little.",
            required=False,
        ),
    ),
)

BACKSTORY = Step(
    "backstory",
    "Backstory",
    "Facts to hold on to: from where, does what, cares about what, and what they are to you.",
    (
        ask(
            "backstory",
            "Backstory",
            FieldKind.PARAGRAPH,
            help="Two or three short paragraphs of facts: places, numbers, names, habits.",
            example="Grew up in Lisbon, moved to Berlin five years ago, works as a junior architect, "
            "sketches the musicians of a small jazz bar on Tuesdays.",
        ),
        ask(
            "relationship",
            "To you",
            FieldKind.SUGGEST,
            help="What they are to you, and since when.",
            example="old friend from the night shift",
            required=False,
            choices=_words(
                "old friend from the night shift",
                "neighbour who borrowed your ladder and stayed for tea",
                "someone you have been seeing since spring",
                "teacher who still writes to you, years after the course",
                "stranger who keeps you a seat on the night train",
                "rival who lets you win twice a year",
            ),
        ),
        ask(
            "greeting",
            "First words",
            FieldKind.PARAGRAPH,
            help="The first message you get. Mid-scene is better than hello.",
            example="Oh good, you're up. Quick question: does this blue look sad to you, or only tired?",
            required=False,
        ),
    ),
)

STYLE = Step(
    "style",
    "Style",
    "One style for every picture, locked with the canonical one: mixing styles loses the face.",
    (
        ask(
            "style",
            "Style register",
            FieldKind.CHOICE,
            help="To change it later, a new canonical picture is chosen.",
            example="painterly",
            choices=STYLES,
        ),
    ),
)

TAKES = Step(
    "takes",
    "The canonical picture",
    "Three takes of the same person. The one you choose is their face from now on, in every scene.",
    (),
)

STEPS: tuple[Step, ...] = (ARCHETYPE, WHO, LOOKS, OUTFIT, PERSONALITY, BACKSTORY, STYLE, TAKES)
