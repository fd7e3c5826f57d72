"""Judges whether a picture shows the character: what an eye sees in it, weighed against references and cast.

    own, cast = what the eye saw in the references
    weighed = each face of the picture: how like the character, how like the next of the cast
    best = the one most like the character        the largest face is not always the right one
    the gates say what that means                 or that it cannot be known

`choose.py` opens it, `engine/images/studio/` asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.images.identity.eye import Eye, Floats, Sight
from engine.images.identity.gallery import Gallery, Shown, stack
from engine.images.identity.gates import Calibrations, Gates, gates_of
from engine.images.identity.port import Judgement
from engine.images.pipelines.port import Materials
from engine.types import Verdict

if TYPE_CHECKING:
    from PIL.Image import Image

    from engine.images.identity.light import Spotter

# Of the picture's height; ArcFace's figures fall below it (reference/identity.md).
SMALLEST = 0.10
# What a verdict is worth when one of several faces is chosen.
WORTH = {Verdict.OTHER: 0, Verdict.NEAR: 1, Verdict.SAME: 2}

NO_REFERENCE = "There is no reference picture in which the character can be seen."
NO_CAST = "There is nobody else to compare the character with."
NO_FACE = "No face can be seen in it."
SMALL_FACE = "The face is too small to be recognised."
MORE_LIKE_ANOTHER = "It is more like another character here."


@dataclass(frozen=True, slots=True)
class Weighed:
    """One face, or one picture, weighed."""

    sight: Sight
    likeness: float  # with the character's references
    other: float | None  # with the one of the cast that it is most like
    score: float  # what the gates are for
    verdict: Verdict
    tall: bool  # whether it is large enough to be judged


class Verifier:
    """A judge by one eye. Not for two threads at a time.

    `spotter`: where the eye sees whole pictures, says where the face is that a repair would paint anew.
    """

    def __init__(self, gallery: Gallery, spotter: Spotter | None = None) -> None:
        self._gallery = gallery
        self._spotter = spotter
        self._calibrations = Calibrations(gallery.data)

    @property
    def measure(self) -> str:
        """What it measures."""
        return self._gallery.eye.measure

    def judge(self, image: Image, materials: Materials, *, same_pose: bool) -> Judgement:
        """Compare a picture with the references and the cast's canons. Raises RenderError."""
        sights = self._gallery.eye.look(image)
        said = self.judge_sights(sights, image.height, materials, same_pose=same_pose)
        if self._spotter is None or said.face is not None or said.verdict is not Verdict.NEAR:
            return said
        face = self._spotter.tallest(image)
        # What is smaller may as well be a pattern in the background.
        return replace(said, face=face) if face and face.height >= SMALLEST * image.height else said

    def judge_sights(
        self, sights: Sequence[Sight], height: int, materials: Materials, *, same_pose: bool
    ) -> Judgement:
        """The same for what was seen in a picture of that height, in pixels: to ask of several characters."""
        own, cast = self._gallery.own(materials), self._gallery.cast(materials)
        if refusal := self._refusal(own, cast):
            return self._unknown(refusal)
        return self._weighed(sights, height, own, cast, materials.character_id, same_pose)

    def close(self) -> None:
        """Give the memory back."""
        self._gallery.close()

    def _refusal(self, own: Sequence[Shown], cast: Sequence[Shown]) -> str:
        """Why nothing can be said of any picture, "" if it can."""
        if not own:
            return NO_REFERENCE
        return NO_CAST if gates_of(self._gallery.eye.kind).ranks and not cast else ""

    def _weighed(
        self,
        sights: Sequence[Sight],
        height: int,
        own: Sequence[Shown],
        cast: Sequence[Shown],
        character_id: str,
        same_pose: bool,
    ) -> Judgement:
        eye = self._gallery.eye
        canon = own[0].reference.sha256
        gates = self._calibrations.gates(eye.kind, eye.model, character_id, canon)
        vectors, others = _vectors(own), _vectors(cast)
        weighed = [weigh(eye, gates, sight, vectors, others, height) for sight in sights]
        if not weighed:
            return self._unknown(NO_FACE)
        best = max(weighed, key=lambda one: (WORTH[one.verdict], one.tall, one.score))
        return Judgement(
            verdict=best.verdict if best.tall else Verdict.UNKNOWN,
            measure=self.measure,
            similarity=best.likeness,
            score=best.score,
            face=best.sight.box,
            copied="" if same_pose or not best.tall else _copied(eye, gates, best.sight, own),
            reason=_reason(best),
        )

    def _unknown(self, reason: str) -> Judgement:
        return Judgement(Verdict.UNKNOWN, measure=self.measure, reason=reason)


def weigh(eye: Eye, gates: Gates, sight: Sight, own: Floats, cast: Floats, height: int) -> Weighed:
    """How like the character a sight is, and what that means. `height`: of the picture, in pixels."""
    likeness = eye.likeness(sight.vector, own)
    other = float(eye.compare(sight.vector, cast).max()) if len(cast) else None
    score = likeness - other if gates.ranks and other is not None else likeness
    verdict = gates.verdict(score, likeness)
    if verdict is Verdict.SAME and other is not None and other > likeness:
        verdict = Verdict.NEAR  # good enough by itself, but somebody else's rather
    tall = sight.box is None or sight.box.height >= SMALLEST * height
    return Weighed(sight, likeness, other, score, verdict, tall)


def _copied(eye: Eye, gates: Gates, sight: Sight, own: Sequence[Shown]) -> str:
    """The reference that it is a copy of, "" if it is none."""
    likeness = eye.compare(sight.vector, _vectors(own))
    most = int(likeness.argmax())
    return own[most].reference.sha256 if likeness[most] > gates.copy_ else ""


def _reason(best: Weighed) -> str:
    if not best.tall:
        return SMALL_FACE
    if best.verdict is not Verdict.SAME and best.other is not None and best.other > best.likeness:
        return MORE_LIKE_ANOTHER
    return ""


def _vectors(shown: Sequence[Shown]) -> Floats:
    return stack([one.vector for one in shown])
