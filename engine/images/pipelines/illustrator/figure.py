"""The whole character on its own board: hair, body, clothes, face and what is worn. `compose.py` calls `draw_figure`."""

from __future__ import annotations

from dataclasses import dataclass

from characters.character import Expression

from .body import Arm, body_bend, draw_neck, draw_torso
from .clothes import draw_arms, draw_lower, draw_tops
from .face import draw_face
from .hair import hair_layer
from .looks import Looks
from .pose import Pose
from .wardrobe import Clothes
from .worn import draw_hat, draw_worn


@dataclass(frozen=True, slots=True)
class Figure:
    """Everything that decides how the character is drawn, apart from colours."""

    looks: Looks
    clothes: Clothes
    expression: Expression
    pose: Pose
    whole: bool  # legs and shoes are in the picture
    anime: bool = False


def draw_figure(figure: Figure) -> str:
    """All layers from back to front."""
    looks, pose, clothes = figure.looks, figure.pose, figure.clothes
    bend = body_bend(looks.body)
    head = f'transform="rotate({pose.tilt:.1f} 500 430)"'
    behind = f"<g {head}>{draw_hat(looks, 'back', pose.turn)}{hair_layer(looks, 'back', pose.turn)}</g>"
    legs = draw_lower(looks, clothes, bend) if figure.whole else draw_lower(looks, clothes, bend, legs=False)
    body = draw_arms(looks, clothes, pose.behind) + draw_neck(looks, bend)
    tops = draw_tops(looks, clothes, bend)
    face = draw_face(looks, figure.expression, pose.turn, anime=figure.anime)
    top = (
        f"<g {head}>{hair_layer(looks, 'mid', pose.turn)}{draw_hat(looks, 'mid', pose.turn)}{face}{draw_worn(looks, pose.turn, 'under')}{hair_layer(looks, 'front', pose.turn)}"
        f"{draw_worn(looks, pose.turn, 'over')}{draw_hat(looks, 'front', pose.turn)}</g>"
    )
    return behind + draw_torso(looks, bend) + legs + body + tops + draw_worn(looks, pose.turn, "neck") + top + pose.props(draw_arms(looks, clothes, pose.before))


__all__ = ["Arm", "Figure", "draw_figure"]
