"""The figure: identity holds by construction, and every part is a picture of its own."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

import pytest

from characters.character import Appearance, Expression, Hair, Outfit
from engine.images.pipelines.illustrator.body import body_bend
from engine.images.pipelines.illustrator.clothes import draw_tops
from engine.images.pipelines.illustrator.face import draw_face
from engine.images.pipelines.illustrator.hair import hair_layer
from engine.images.pipelines.illustrator.pose import PROPS, strike
from engine.images.pipelines.illustrator.vector import part, ramp
from engine.images.pipelines.illustrator.wardrobe import CUTS, KINDS, read_clothes
from engine.images.pipelines.illustrator.words import STYLES, read_looks
from engine.images.pipelines.illustrator.worn import HATS, draw_hat
from engine.types import Framing, Shot

MAYA = Appearance(
    34, "woman", "oval", "high cheekbones", Hair("copper", "shoulder-length", "loose waves, slight side parting"),
    "hazel, almond-shaped", "light olive", "tall, lean", Outfit("", "charcoal coat over a rust turtleneck"), "freckles", 7,
)  # fmt: skip
TOM = Appearance(
    45,
    "man",
    "square",
    "heavy brows",
    Hair("black", "short", "side part"),
    "brown",
    "deep brown",
    "broad",
    face_seed=3,
)


def parts(folder: str) -> list[str]:
    """The names of a folder's part files."""
    root = files("engine.images.pipelines.illustrator").joinpath("parts", folder)
    return sorted(each.name.removesuffix(".svg") for each in root.iterdir() if each.name.endswith(".svg"))


def face(appearance: Appearance, mood: Expression = Expression.NEUTRAL, turn: float = 0.4) -> str:
    """The face layers."""
    return draw_face(read_looks(appearance), mood, turn)


def test_a_face_is_the_same_whatever_is_worn() -> None:
    dressed = replace(MAYA, outfit=Outfit("", "yellow raincoat, red beret, sunglasses"))
    assert face(MAYA) == face(dressed)


def test_a_face_follows_its_seed_and_its_words() -> None:
    assert face(MAYA) != face(replace(MAYA, face_seed=8))
    assert face(MAYA) != face(TOM)
    assert face(MAYA) != face(replace(MAYA, age=71))
    assert face(MAYA) != face(replace(MAYA, features="aquiline nose"))


def test_forty_seeds_are_forty_faces() -> None:
    assert len({face(replace(MAYA, face_seed=seed)) for seed in range(40)}) == 40


def test_every_expression_is_another_face() -> None:
    for appearance in (MAYA, TOM):
        assert len({face(appearance, mood) for mood in Expression}) == len(Expression) == 7


def test_every_hair_style_is_drawn_and_differs() -> None:
    looks = read_looks(MAYA)
    styles = [name for name in parts("hair") if not name.startswith("front_")]
    drawn = set()
    for style in styles:
        styled = replace(looks, hair=replace(looks.hair, style=style))
        drawn.add("".join(hair_layer(styled, layer, 0.0) for layer in ("back", "mid", "front")))
    assert len(drawn) == len(styles) >= 14
    assert "" not in drawn


def test_every_style_that_words_can_name_has_its_file() -> None:
    known = {*parts("hair"), "bald"}
    assert {style for _, style in STYLES} <= known


@pytest.mark.parametrize(
    "colour",
    [
        "copper",
        "black with blue tips",
        "split black and white",
        "brown with blonde streaks",
        "salt and pepper",
    ],
)
def test_hair_colours_change_hair_only_in_its_colours(colour: str) -> None:
    assert face(MAYA) == face(replace(MAYA, hair=replace(MAYA.hair, colour=colour)))


def test_every_garment_has_its_details_and_differs() -> None:
    looks = read_looks(MAYA)
    known = set(parts("clothes"))
    assert {cut.detail for cut in CUTS.values() if cut.detail} <= known
    assert {kind for _, kind in KINDS} <= set(CUTS)
    tops = [kind for kind, cut in CUTS.items() if cut.layer in ("inner", "outer", "whole", "extra")]
    drawn = set()
    for kind in tops:
        clothes = read_clothes("white t-shirt", 1)
        from engine.images.pipelines.illustrator.wardrobe import Garment

        garment = Garment(kind, CUTS[kind], "#336699")
        layer = CUTS[kind].layer
        if layer == "outer":
            clothes = replace(clothes, outer=garment)
        elif layer == "extra":
            clothes = replace(clothes, extras=(garment,))
        else:
            clothes = replace(clothes, inner=garment)
        drawn.add(draw_tops(looks, clothes, body_bend(looks.body)))
    assert len(drawn) == len(tops) >= 30


def test_every_hat_and_prop_is_a_file() -> None:
    assert set(parts("worn")) >= HATS
    assert {name for _, name in PROPS} <= set(parts("props"))
    looks = read_looks(MAYA)
    assert len({draw_hat(replace(looks, hat=hat), "front", 0.0) for hat in HATS}) == len(HATS)


def test_parts_use_classes_and_no_addresses() -> None:
    for folder in ("hair", "clothes", "worn", "props"):
        for name in parts(folder):
            for shapes in part(folder, name).values():
                for shape in shapes:
                    assert 'class="' in shape.attributes, (folder, name)
                    assert "href" not in shape.attributes


@pytest.mark.parametrize(
    ("action", "held"),
    [
        ("drinking coffee", "mug"),
        ("reading a novel", "book"),
        ("playing the saxophone", "saxophone"),
        ("with her cat", "cat"),
        ("staring", ""),
    ],
)
def test_actions_put_things_into_hands(action: str, held: str) -> None:
    assert strike(read_looks(MAYA), Shot(action=action), 4).held == held


def test_a_pose_follows_its_seed() -> None:
    looks = read_looks(MAYA)
    shot = Shot(place="café", framing=Framing.MEDIUM)
    assert strike(looks, shot, 1) == strike(looks, shot, 1)
    assert len({strike(looks, shot, seed).turn for seed in range(12)}) > 8


def test_a_ramp_passes_through_its_points() -> None:
    points = ((0.0, 1.0), (10.0, 2.0), (20.0, 1.5))
    assert [ramp(points, at) for at in (-5, 0, 10, 20, 30)] == [1.0, 1.0, 2.0, 1.5, 1.5]
    assert 1.0 < ramp(points, 4) < 2.0
