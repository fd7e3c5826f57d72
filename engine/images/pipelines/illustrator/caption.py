"""The picture in words, for people who cannot see it. `compose.py` calls `caption`."""

from __future__ import annotations

from characters.character import Expression
from engine.types import Framing, PictureJob

from .light import Scene
from .looks import Looks

# Long words are cut: a caption is read aloud.
_WORDS = 80
_MOODS = {
    Expression.NEUTRAL: "with a calm look", Expression.HAPPY: "smiling", Expression.SAD: "looking sad", Expression.SURPRISED: "looking surprised",
    Expression.FOCUSED: "looking focused", Expression.ANGRY: "looking angry", Expression.LAUGHING: "laughing",
}  # fmt: skip
_FRAMES = {Framing.CLOSE_UP: "A close-up of", Framing.MEDIUM: "", Framing.WIDE: "A full view of"}


def caption(job: PictureJob, looks: Looks, scene: Scene) -> str:
    """ "Maya, a woman with shoulder-length copper hair, at a dim jazz bar at night, smiling." """
    look, shot = job.persona.appearance, job.shot
    who = _short(look.presentation) or (
        "a person" if 0.2 < looks.feminine < 0.8 else "a woman" if looks.feminine > 0.5 else "a man"
    )
    who = who if who.startswith(("a ", "an ")) else f"{'an' if who[:1].lower() in 'aeiou' else 'a'} {who}"
    hair = _hair(job)
    name = _short(job.persona.name)
    outfit = _short((shot.outfit or look.outfit).description)
    parts = [f"{name}, {who}{f' with {hair}' if hair else ''}"]
    if outfit:
        parts.append(f"wearing {outfit}")
    if shot.place.strip():
        parts.append(f"in front of {scene.caption}" if scene.caption else f"at {_short(shot.place)}")
    if shot.action:
        parts.append(_short(shot.action))
    parts.append(_MOODS[shot.expression])
    frame = _FRAMES[shot.framing]
    return f"{frame} {', '.join(parts)}.".strip()


def _hair(job: PictureJob) -> str:
    hair = job.persona.appearance.hair
    if "bald" in f"{hair.length} {hair.style}".lower():
        return "no hair"
    words = ", ".join(each for each in (_short(hair.length), _short(hair.style)) if each)
    colour = _short(hair.colour)
    return f"{colour} hair{f' ({words})' if words else ''}" if colour or words else ""


def _short(words: str) -> str:
    """One line of words, not too long."""
    line = " ".join(words.split())
    return line if len(line) <= _WORDS else line[:_WORDS].rsplit(" ", 1)[0] + " …"
