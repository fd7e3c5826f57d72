"""The chat model that needs no weights; `engine/build.py` makes one where no other model is configured."""

from __future__ import annotations

from engine.models.storyteller.voice import Storyteller

__all__ = ["Storyteller"]
