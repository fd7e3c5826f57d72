"""The gate of a picture, by the job that makes it; a classifier of the pixels joins it later.

`engine/selfie.py` and the worker call `check_picture`. Everything that can show in the picture is judged together:
the planned shot, the appearance, the outfits; and the age, which no words can outvote.
"""

from __future__ import annotations

from characters.character import ADULT_AGE, Persona
from engine.safety.text import Action, Gate, Verdict, Where
from engine.types import PictureJob, Shot

YOUNG = Verdict(Action.REFUSE, "adult-characters", "Characters here are adults: choose an age of 18 or more.")


def check_picture(job: PictureJob, gate: Gate) -> Verdict:
    """Whether this job's picture may be made and shown."""
    if job.persona.appearance.age < ADULT_AGE:
        return YOUNG
    return gate.check(
        "\n".join(word for word in (*_shot_words(job.shot), *_looks(job.persona)) if word.strip()),
        Where.PICTURE,
    )


def _shot_words(shot: Shot) -> tuple[str, ...]:
    outfit = f"{shot.outfit.name} {shot.outfit.description}" if shot.outfit else ""
    return (shot.request, shot.place, shot.light, outfit, shot.action, *shot.props)


def _looks(persona: Persona) -> tuple[str, ...]:
    looks = persona.appearance
    return (
        persona.name,
        looks.presentation,
        looks.face_shape,
        looks.features,
        f"{looks.hair.colour} {looks.hair.length} {looks.hair.style}",
        looks.eyes,
        looks.skin_tone,
        looks.build,
        f"{looks.outfit.name} {looks.outfit.description}",
        looks.distinctive,
    )
