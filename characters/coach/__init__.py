"""The coach: judges how specific a character is, field by field, and proposes stronger words.

`bot/wizard/machine.py` asks `advise` after every answer; `review` looks at a whole persona. Rules are pure
functions in `looks.py`, `person.py` and `story.py`; their words are data. For each field the first rule that
objects speaks, so nobody is told five things at once, and what it proposes satisfies all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from characters.character import Persona
from characters.coach import looks, person, story
from characters.coach.tip import Rule, Tip
from characters.fields import FIELDS

__all__ = ["Tip", "advise", "review"]

# What people write who have nothing to say yet.
NOTHING = frozenset(
    {
        "none",
        "nothing",
        "nothing special",
        "normal",
        "n/a",
        "no",
        "idk",
        "dunno",
        "whatever",
    }
)
LOOKS = (
    "face_shape",
    "features",
    "hair_colour",
    "hair_length",
    "hair_style",
    "eyes",
    "skin_tone",
    "build",
    "distinctive",
)

RULES: Mapping[str, tuple[Rule, ...]] = {
    "name": (story.name_somebody,),
    "age": (story.be_adult,),
    "presentation": (story.name_adults,),
    "tagline": (story.say_what_they_do,),
    **{field: (looks.keep_style_out(field), looks.be_specific(field)) for field in LOOKS},
    "outfit": (looks.keep_style_out("outfit"), looks.avoid_white_shirt, looks.dress_on_purpose),
    "traits": (person.refuse_generic_traits, person.count_traits),
    "tension": (person.want_tension,),
    "quirk": (person.want_behaviour,),
    "speech": (person.want_speech,),
    "sample_lines": (person.avoid_assistant_lines,),
    "backstory": (story.cut_novels, story.want_facts),
    "relationship": (story.want_history,),
    "greeting": (story.open_mid_scene,),
    "style": (looks.fit_style,),
}


def advise(field: str, value: str, *, persona: Persona) -> tuple[Tip, ...]:
    """What the coach says about one field's words: one tip, or none. Unknown fields get none."""
    for rule in RULES.get(field, ()):
        tip = rule(value.strip(), persona)
        if tip is not None:
            return (_without_nothing(tip, value),)
    return ()


def _without_nothing(tip: Tip, value: str) -> Tip:
    """A proposal keeps a person's own words; "none" is no word to keep, and the sentence has an example."""
    words = value.casefold().strip(" .!-")
    kept = words.split()[0] if words else ""
    says_nothing = (
        words in NOTHING and kept in tip.proposal.casefold().replace(":", " ").replace(",", " ").split()
    )
    return replace(tip, proposal="") if says_nothing else tip


def review(persona: Persona) -> tuple[Tip, ...]:
    """What the coach says about the whole persona, in the order of its fields."""
    return tuple(
        tip for name, field in FIELDS.items() for tip in advise(name, field.read(persona), persona=persona)
    )
