"""The whole character on its own board: hair, body, clothes, face and what is worn. `compose.py` calls `draw_figure`."""

from __future__ import annotations

from dataclasses import dataclass

from characters.character import Expression

from .body import Arm, body_bend, draw_neck, draw_torso
from .clothes import draw_arms, draw_lower, draw_tops
from .face import draw_face
from .hair import hair_layer
from .head import HEAD, skin_bend
from .looks import Looks
from .pose import Pose
from .vector import bent_path, path
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
    return "".join((
        pose.prop(behind=True), _behind_head(figure),
        draw_torso(looks, bend), draw_lower(looks, clothes, bend, legs=figure.whole),
        draw_arms(looks, clothes, pose.behind), draw_neck(looks, bend), draw_tops(looks, clothes, bend),
        draw_worn(looks, pose.turn, "neck"), _head(figure),
        pose.prop(behind=False), draw_arms(looks, clothes, pose.before),
    ))  # fmt: skip


def draw_silhouette(figure: Figure) -> str:
    """The outline of hair, head, torso and arms, for the edge of light from behind."""
    looks, pose = figure.looks, figure.pose
    head = "".join(hair_layer(looks, layer, pose.turn) for layer in ("mid", "front")) + draw_hat(
        looks, "front", pose.turn
    )
    skull = path(bent_path(HEAD, skin_bend(looks.face)), "f-skin")
    arms = draw_arms(looks, figure.clothes, (*pose.behind, *pose.before))
    body = draw_torso(looks, body_bend(looks.body)) + arms
    return f"{_behind_head(figure)}{body}<g {_tilted(pose)}>{skull}{head}</g>"


def _tilted(pose: Pose) -> str:
    return f'transform="rotate({pose.tilt:.1f} 500 430)"'


def _behind_head(figure: Figure) -> str:
    looks, pose = figure.looks, figure.pose
    return (
        f"<g {_tilted(pose)}>{draw_hat(looks, 'back', pose.turn)}{hair_layer(looks, 'back', pose.turn)}</g>"
    )


def _head(figure: Figure) -> str:
    looks, turn = figure.looks, figure.pose.turn
    layers = (
        hair_layer(looks, "mid", turn), draw_hat(looks, "mid", turn),
        draw_face(looks, figure.expression, turn, anime=figure.anime),
        draw_worn(looks, turn, "under"), hair_layer(looks, "front", turn),
        draw_worn(looks, turn, "over"), draw_hat(looks, "front", turn),
    )  # fmt: skip
    return f"<g {_tilted(figure.pose)}>{''.join(layers)}</g>"


__all__ = ["Arm", "Figure", "draw_figure", "draw_silhouette"]
