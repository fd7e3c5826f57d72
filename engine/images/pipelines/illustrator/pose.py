"""Where arms, head and props are in a picture, chosen from action, props, framing and seed. `compose.py` calls `strike`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from engine.types import Framing, Shot

from .body import Arm, Point, shoulder
from .looks import Looks
from .vector import draw, part

READ_LENGTH = 400

# Words → prop; the particular stand before the general.
PROPS: tuple[tuple[str, str], ...] = (
    (r"\bmug|coffee|\btea\b|cocoa|hot chocolate|latte|espresso|cappuccino|\bcup\b|teacup", "mug"),
    (r"wine|cocktail|champagne|whisk|martini|toast(ing)?\b|drink|\bglass of|\bbeer|prosecco|\bgin\b", "glass"),
    (r"guitar|ukulele|\blute|banjo|\bbass\b", "guitar"), (r"saxo|\bsax\b|clarinet", "saxophone"),
    (r"trumpet|trombone|\bhorn\b|cornet", "trumpet"), (r"violin|fiddle|viola", "violin"),
    (r"microphone|\bmic\b|\bsing|karaoke|on stage", "microphone"), (r"laptop|typing|computer|coding", "laptop"),
    (r"camera|photograph|taking (a )?(photo|picture)", "camera"), (r"umbrella|parasol", "umbrella"),
    (r"bouquet|flowers|roses|tulips|sunflower", "flowers"), (r"sword|blade|rapier|sabre|katana", "sword"),
    (r"\bcat\b|kitten", "cat"), (r"\bdog\b|puppy", "dog"), (r"paint ?brush|painting|paints", "brush"),
    (r"lantern|lamp in", "lantern"), (r"\bstaff\b|walking stick|hiking pole|\bcane\b", "staff"), (r"wand|casting", "wand"),
    (r"ice ?cream|gelato|popsicle", "ice_cream"), (r"basket|groceries|vegetables|fruit|shopping", "basket"),
    (r"skateboard|surfboard|longboard", "skateboard"), (r"basketball|football|\bball\b", "ball"),
    (r"letter|envelope|postcard|\bmail\b", "letter"),
    (r"cooking|soup|ramen|noodle|bowl|plate|eating|breakfast|salad|baking", "food"),
    (r"\bbook|reading|novel|\breads?\b|diary|journal|notebook|sketch|writing|\bmap\b|menu|newspaper", "book"),
    (r"phone|texting|calling|mobile", "phone"),
)  # fmt: skip
GESTURES: tuple[tuple[str, str], ...] = (
    (r"selfie", "selfie"), (r"\bwav(e|es|ing)\b|greet|hello|goodbye", "wave"), (r"cross(ed|es|ing)? (her |his |their )?arms|arms (crossed|folded)", "crossed"),
    (r"hands? on (her |his |their )?hips?|akimbo", "hips"), (r"danc|cheer|celebrat|jump|arms (up|raised|wide)|stretch", "up"),
    (r"pocket", "pockets"), (r"point", "point"), (r"think|ponder|wonder", "chin"),
)  # fmt: skip
# How each prop is held: by one raised hand, by a hand high beside the head, or before the body by two hands; and where
# the prop's own (500, 500) comes to lie, from the middle of the body.
_HELD: dict[str, tuple[str, float, float]] = {
    "mug": ("raised", 0, 0), "glass": ("raised", 0, 0), "phone": ("raised", 0, -20), "brush": ("raised", 0, -20), "letter": ("raised", 0, -10),
    "flowers": ("raised", 0, -30), "ice_cream": ("raised", 0, -40), "wand": ("raised", 0, -30), "microphone": ("mouth", 0, -60),
    "umbrella": ("high", 0, -40), "sword": ("high", 0, -30), "staff": ("high", 0, 0), "lantern": ("raised", 0, 20), "ball": ("raised", 0, -50),
    "book": ("both", 0, 190), "laptop": ("both", 0, 210), "camera": ("both_high", 0, 60), "cat": ("cradle", 30, 190), "dog": ("cradle", 30, 190),
    "basket": ("both", 0, 260), "guitar": ("strum", -10, 280), "saxophone": ("both_sax", -10, 130), "trumpet": ("both_high", 60, 20),
    "violin": ("both_high", 60, 30), "skateboard": ("high", 0, 60), "food": ("both", 0, 250),
}  # fmt: skip
# What is held beside or over the head.
_BEHIND = frozenset({"umbrella", "staff", "sword", "skateboard"})


_CHEST = Point(500.0, 700.0)


@dataclass(frozen=True, slots=True)
class Pose:
    """The pose: tilt in degrees, turn -1..1, arms behind and before the body, and the prop with its place."""

    tilt: float = 0.0
    turn: float = 0.0
    behind: tuple[Arm, ...] = ()
    before: tuple[Arm, ...] = ()
    held: str = ""
    at: Point = _CHEST

    def prop(self, *, behind: bool) -> str:
        """What is held, as SVG, if it belongs behind the body or before it."""
        if not self.held or behind != (self.held in _BEHIND):
            return ""
        dx, dy = self.at.x - 500, self.at.y - 500
        return draw(part("props", self.held)["prop"], lambda x, y: (x + dx, y + dy))


def strike(looks: Looks, shot: Shot, seed: int) -> Pose:
    """A pose for a shot: the same shot and seed give the same pose."""
    chance = Random(seed ^ 0x905E)
    tilt, turn = chance.uniform(-4.5, 4.5), chance.choice((-1, 1)) * chance.uniform(0.15, 0.95)
    side = chance.choice((-1, 1))
    held, gesture = read_action(shot)
    if held:
        return _holding(looks, held, side, Pose(tilt, turn), chance)
    if not gesture and not shot.action and shot.place:
        gesture = _idle(shot, chance)
    return _gesture(looks, gesture, shot.framing, side, Pose(tilt, turn), chance)


def read_action(shot: Shot) -> tuple[str, str]:
    """The prop and the gesture that a shot asks for ("" for none)."""
    words = " ".join((*shot.props, shot.action))[:READ_LENGTH].lower()
    held = next((name for phrase, name in PROPS if re.search(phrase, words)), "")
    said = f"{words} {shot.request[:READ_LENGTH].lower()}" if shot.action else words
    return held, next((name for phrase, name in GESTURES if re.search(phrase, said)), "")


def _idle(shot: Shot, chance: Random) -> str:
    """What hands do when nobody said: a selfie is held at arm's length, a wide picture stands at ease."""
    if shot.framing is Framing.WIDE:
        return chance.choice(("", "pockets", "hips", ""))
    return chance.choice(("selfie", "", "", "hips", "crossed"))


def _reach(looks: Looks) -> float:
    """Half the width of the body that hanging arms must go around."""
    body = looks.body
    return max(body.waist * 118 + 30, 34 + body.shoulders * 120, body.hips * 130)


def _arm(
    looks: Looks, side: int, elbow: tuple[float, float], wrist: tuple[float, float], hand: str = "relaxed"
) -> Arm:
    """An arm by elbow and wrist: x outwards from the middle, y on the board."""
    return Arm(
        shoulder(looks.body, side), Point(500 + side * elbow[0], elbow[1]), Point(500 + side * wrist[0], wrist[1]),
        looks.body.limbs, hand, side,
    )  # fmt: skip


def _hanging(looks: Looks, side: int, chance: Random) -> Arm:
    wide = _reach(looks)
    return _arm(looks, side, (wide - 2 + chance.uniform(0, 8), 786), (wide + chance.uniform(0, 12), 985))


def _holding(looks: Looks, held: str, side: int, pose: Pose, chance: Random) -> Pose:
    """One or two arms around a prop."""
    how, dx, dy = _HELD[held]
    wide = _reach(looks)
    rest = (_hanging(looks, -side, chance),)
    if how in ("raised", "mouth", "high"):
        hand = {"raised": (104.0, 672.0), "mouth": (56.0, 560.0), "high": (wide + 44, 690.0)}[how]
        elbow = (wide + 34, 770.0) if how != "high" else (wide + 40, 800.0)
        wrist = (hand[0] + (34 if how != "high" else 4), hand[1] + 44)
        arm = _arm(looks, side, elbow, wrist, "grip")
        at = Point(500 + side * (hand[0] + dx), hand[1] + dy)
        if held == "umbrella":  # the arm comes in, so that the canopy is over the head
            arm, at = _arm(looks, side, (wide + 40, 800.0), (150, 700), "grip"), Point(500 + side * 134, 560)
        return Pose(pose.tilt, pose.turn, rest, (arm,), held, at)
    span, low = {
        "both": (150.0, 840.0),
        "both_high": (96.0, 590.0),
        "cradle": (70.0, 830.0),
        "strum": (130.0, 800.0),
        "both_sax": (40.0, 700.0),
    }[how]
    arms = [_arm(looks, s, (wide + 30, 778), (span, low), "grip") for s in (-1, 1)]
    if how == "strum":
        arms = [
            _arm(looks, -1, (wide + 46, 740), (96, 770), "grip"),
            _arm(looks, 1, (wide + 40, 770), (210, 690), "grip"),
        ]
    if how == "both_sax":
        arms = [
            _arm(looks, -1, (wide + 20, 740), (70, 640), "grip"),
            _arm(looks, 1, (wide + 20, 790), (20, 790), "grip"),
        ]
    return Pose(pose.tilt, pose.turn, (), tuple(arms), held, Point(500 + dx, 500 + dy))


def _gesture(looks: Looks, gesture: str, framing: Framing, side: int, pose: Pose, chance: Random) -> Pose:
    wide = _reach(looks)
    both = (_hanging(looks, -1, chance), _hanging(looks, 1, chance))
    other = (_hanging(looks, -side, chance),)
    if gesture == "selfie" and framing is not Framing.WIDE:
        # The arm comes towards the camera and leaves the picture.
        arm = Arm(
            shoulder(looks.body, side),
            Point(500 + side * (wide + 150), 700),
            Point(500 + side * (wide + 420), 640),
            looks.body.limbs * 1.2,
            "none",
            side,
        )
        return Pose(pose.tilt + side * 2.0, pose.turn, (*other, arm))
    if gesture == "wave":
        return Pose(
            pose.tilt, pose.turn, (*other, _arm(looks, side, (wide + 84, 720), (wide + 66, 520), "open"))
        )
    if gesture == "point":
        return Pose(
            pose.tilt, pose.turn, (*other, _arm(looks, side, (wide + 90, 720), (wide + 190, 560), "point"))
        )
    if gesture == "crossed":
        arms: tuple[Arm, ...] = (
            _arm(looks, -1, (wide - 4, 752), (-64, 742), "relaxed"),
            _arm(looks, 1, (wide - 4, 764), (-70, 716), "relaxed"),
        )
        return Pose(pose.tilt, pose.turn, (), arms)
    if gesture == "hips":
        return Pose(
            pose.tilt,
            pose.turn,
            (*other, _arm(looks, side, (wide + 112, 770), (wide * 0.86, 905), "none")),
            (),
        )
    if gesture == "pockets":
        arms = tuple(_arm(looks, s, (wide + 34, 800), (wide * 0.88, 950), "none") for s in (-1, 1))
        return Pose(pose.tilt, pose.turn, arms, ())
    if gesture == "up":
        arms = tuple(
            _arm(looks, s, (wide + 110, 500 + 20 * s), (wide + 90, 300 + 16 * s), "open") for s in (-1, 1)
        )
        return Pose(pose.tilt, pose.turn, arms, ())
    if gesture == "chin":
        return Pose(pose.tilt, pose.turn, other, (_arm(looks, side, (wide + 6, 770), (64, 500), "grip"),))
    return Pose(pose.tilt, pose.turn, both, ())
