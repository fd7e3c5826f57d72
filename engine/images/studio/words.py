"""The studio's sentences: how a picture goes on, what it shows, and what is honestly to be said of it."""

from __future__ import annotations

from functools import lru_cache

from characters.character import Appearance, Persona
from engine.images.pipelines.illustrator.caption import caption as drawn_caption
from engine.images.pipelines.illustrator.light import Light, Scene
from engine.images.pipelines.illustrator.looks import Looks
from engine.images.pipelines.illustrator.words import read_looks
from engine.types import PictureJob, Verdict

VERIFYING = "looking whether it is {her}"
MENDING = "repairing the face"
SWAPPING = "putting the face in"
ENLARGING = "enlarging the picture"
DONE = "done"


def painting(take: int, takes: int) -> str:
    """ "painting", or "painting, take 2 of 3"."""
    return "painting" if take == 0 else f"painting, take {take + 1} of {takes}"


def verifying(persona: Persona) -> str:
    """ "looking whether it is her" """
    return VERIFYING.format(her=her(persona))


def her(persona: Persona) -> str:
    """ "her", "him", "them": names do not travel with pictures."""
    forms = [form.strip() for form in persona.pronouns.split("/")]
    return forms[1] if len(forms) > 1 and forms[1] else "them"


def note(persona: Persona, verdict: Verdict | None, reason: str, *, copied: bool, judged: bool) -> str:
    """What is to be said of a picture that is sent; "" where it is as it should be, and where nobody can judge."""
    if verdict is Verdict.NEAR:
        return f"This is not quite {her(persona)}. Ask once more for another take."
    if verdict is Verdict.UNKNOWN and judged:
        why = f" {reason}" if reason else ""
        return f"Whether it is {her(persona)} could not be checked.{why}"
    if copied:
        return "The pose is very much that of the canonical picture. Ask once more for another take."
    return ""


def described(persona: Persona) -> str:
    """What is said of a picture of somebody who has no canonical picture yet."""
    return f"There is no canonical picture of {her(persona)} yet, so this is how the words describe {her(persona)}."


def unlike(persona: Persona, takes: int) -> str:
    """What is said instead of a picture of somebody else."""
    tries = "a take" if takes == 1 else f"{takes} takes"
    return (
        f"The picture did not come out: {tries} showed somebody who is not {her(persona)}, so none was sent. "
        "Ask again for another try. If that happens often, a canonical picture made by this model helps."
    )


def drawn(reason: str) -> str:
    """Why the illustrator answered instead of a model."""
    return reason if reason.startswith("Drawn by") else f"Drawn by the illustrator: {reason}"


def caption(job: PictureJob) -> str:
    """The picture in words, for people who cannot see it."""
    shot = job.shot
    if shot.scenery:
        hour = f", {shot.time_of_day.value}" if shot.time_of_day else ""
        things = f" with {', '.join(shot.props)}" if shot.props and shot.place else ", ".join(shot.props)
        return f"{shot.place}{things}{hour}, nobody in it.".strip().capitalize()
    plain = Scene(shot.place, "", "", "", Light())
    return drawn_caption(job, _looks(job.persona.appearance), plain)


@lru_cache(maxsize=64)
def _looks(appearance: Appearance) -> Looks:
    """Words are read with hundreds of patterns: once for each character, not for each picture."""
    return read_looks(appearance)
