"""What was read of pictures goes when the pictures go: the worker looks after it, at its start and now and then.

Pictures are erased by whoever keeps them (`engine/store/`), which knows nothing of models; the picture's file that is
not there any more is the sign.
"""

from __future__ import annotations

from pathlib import Path

from engine.images.identity import kept
from engine.images.pipelines.diffusion import conditioning

# In the data directory: the pictures, named by their content (`engine/store/files.py`).
MEDIA = "media"


class Forgetting:
    """Compares what is there with what was there. Its methods block."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._there: frozenset[str] = frozenset()

    def begin(self) -> None:
        """Erase what was read of pictures that went while nobody looked."""
        self._there = self._pictures()
        conditioning.keep_only(self._data, self._there)
        kept.keep_only(self._data, self._there)

    def look(self) -> None:
        """Erase what was read of pictures that went since the last look."""
        now = self._pictures()
        if gone := self._there - now:
            conditioning.forget(self._data, gone)
            kept.forget(self._data, gone)
        self._there = now

    def _pictures(self) -> frozenset[str]:
        """The SHA-256 of every picture that is kept."""
        return frozenset(path.stem for path in (self._data / MEDIA).glob("*/*") if path.suffix != ".tmp")
