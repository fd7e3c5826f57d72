"""Where arms, head and props are in a picture, chosen from action, props, framing and seed. `compose.py` calls `strike`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from engine.types import Framing, Shot

from .body import Arm, Point, shoulder
from .looks import Looks


@dataclass(frozen=True, slots=True)
class Pose:
    """The pose: tilt in degrees, turn -1..1, arms behind and before the body, and what is held."""

    tilt: float = 0.0
    turn: float = 0.0
    behind: tuple[Arm, ...] = ()
    before: tuple[Arm, ...] = ()
    held: str = ""

    def props(self, arms: str) -> str:
        """The arms before the body with what they hold."""
        return arms


def strike(looks: Looks, shot: Shot, seed: int) -> Pose:
    """A pose for a shot: the same shot and seed give the same pose."""
    chance = Random(seed ^ 0x905E)
    tilt, turn = chance.uniform(-4.5, 4.5), chance.choice((-1, 1)) * chance.uniform(0.15, 0.95)
    arms = tuple(_hanging(looks, side, chance) for side in (-1, 1))
    return Pose(tilt=tilt, turn=turn, behind=arms)


def _hanging(looks: Looks, side: int, chance: Random) -> Arm:
    joint = shoulder(looks.body, side)
    wide = max(looks.body.waist * 118 + 34, 40 + looks.body.shoulders * 130)
    elbow = Point(500 + side * (wide + 8 + chance.uniform(0, 10)), 790)
    wrist = Point(500 + side * (wide + chance.uniform(-2, 18)), 985)
    return Arm(joint, elbow, wrist, looks.body.limbs, "relaxed", side)


__all__ = ["Framing", "Pose", "re", "strike"]
