"""The judge where nobody can judge: every verdict is UNKNOWN, with the reason. `choose.py` gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.images.identity.port import Judgement
from engine.images.pipelines.port import Materials
from engine.types import Verdict

if TYPE_CHECKING:
    from PIL.Image import Image


class Nobody:
    """Says why there is no verdict."""

    measure = ""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def judge(self, image: Image, materials: Materials, *, same_pose: bool) -> Judgement:
        """UNKNOWN."""
        return Judgement(Verdict.UNKNOWN, reason=self.reason)

    def close(self) -> None:
        """There is nothing to give back."""
