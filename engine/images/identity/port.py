"""The port of identity: whether the face in a picture is the character's. `engine/images/studio/` asks it.

One judge for each style of drawing lies behind it (`choose.py`); which of them are there depends on what was fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from engine.images.pipelines.port import Materials
from engine.types import Verdict

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a picture, in pixels: left and top inside, right and bottom outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge says. `similarity` grows with likeness, whatever is measured; `score` orders takes: higher is better."""

    verdict: Verdict
    measure: str = ""  # "face", "anime", "likeness"; "" where nobody could judge
    similarity: float | None = None
    score: float = 0.0
    face: Box | None = None  # the face that was judged: where a repair paints
    copied: str = ""  # SHA-256 of the reference that it copies, though pose or expression should differ
    reason: str = ""  # a sentence: why it is UNKNOWN, whom it resembles more


class Judge(Protocol):
    """Verifies pictures of one style of drawing."""

    @property
    def measure(self) -> str:
        """What it measures: "face", "anime", "likeness"."""

    def judge(self, image: Image, materials: Materials, *, same_pose: bool) -> Judgement:
        """Compare a picture with the character's references and with the cast's canons.

        `same_pose`: whether pose and expression are to be those of a reference; otherwise a copy is pointed out.
        What was read of references is kept by their SHA-256. Raises RenderError.
        """

    def close(self) -> None:
        """Give the memory back."""
