"""The shot planner: a request and its conversation become a `Shot`. `engine/selfie.py` calls `imagine`, `plan_shot` and `vary_shot`, the chat `picture_wish`."""

from __future__ import annotations

from engine.images.shot.asking import picture_wish
from engine.images.shot.planner import plan_shot
from engine.images.shot.scene import imagine
from engine.images.shot.variation import vary_shot

__all__ = ["imagine", "picture_wish", "plan_shot", "vary_shot"]
