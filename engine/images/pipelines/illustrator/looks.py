"""What `words.py` understood: parts and numbers only. The figure is drawn from this and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on the skin: kind, and where ("brow-left" is on the left in the picture)."""

    kind: str
    where: str


@dataclass(frozen=True, slots=True)
class HairLook:
    """Which hair, in which colours; `second` is "" or the other colour, `blend` how it is mixed in."""

    style: str
    colour: str
    second: str = ""
    blend: str = ""  # tips, streaks, split, grey
    fringe: str = ""  # fringe, curtain
    parting: str = ""  # left, right


@dataclass(frozen=True, slots=True)
class FaceLook:
    """Proportions of the face; 1.0 is the middle of the range, shifts are in board units."""

    jaw: float = 1.0
    cheek: float = 1.0
    brow_width: float = 1.0  # of the skull at the temples
    chin: float = 1.0
    length: float = 1.0
    eye_size: float = 1.0
    eye_open: float = 1.0
    eye_tilt: float = 0.0
    eye_gap: float = 0.0
    lid: float = 0.0  # heaviness of the upper lid
    monolid: bool = False
    nose_width: float = 1.0
    nose_length: float = 0.0
    nose_bridge: float = 0.0  # -1 button … 1 aquiline
    mouth_width: float = 1.0
    upper_lip: float = 1.0
    lower_lip: float = 1.0
    brow_weight: float = 1.0
    brow_arch: float = 0.0
    brow_height: float = 0.0
    ears: float = 1.0
    pointed_ears: bool = False
    cheekbones: float = 0.0
    dimples: bool = False
    cleft: bool = False
    gap_tooth: bool = False
    makeup: float = 0.0
    freckles: float = 0.0
    rosy: float = 0.0


@dataclass(frozen=True, slots=True)
class BodyLook:
    """Proportions of the body; 1.0 is the drawn standard."""

    shoulders: float = 1.0
    chest: float = 1.0
    waist: float = 1.0
    hips: float = 1.0
    limbs: float = 1.0
    neck: float = 1.0
    height: float = 1.0
    bust: float = 0.0
    stoop: float = 0.0


@dataclass(frozen=True, slots=True)
class Looks:
    """A character in parts and numbers."""

    age: int
    feminine: float  # 0 … 1
    skin: str
    hair: HairLook
    irises: tuple[str, str]
    face: FaceLook
    body: BodyLook
    beard: str = ""
    beard_colour: str = ""
    glasses: str = ""
    glasses_colour: str = ""
    hat: str = ""
    hat_colour: str = ""
    metal: str = "#d8b35c"
    worn: tuple[str, ...] = ()  # hoops, studs, nose-ring, necklace, choker, headphones, flower, …
    marks: tuple[Mark, ...] = ()
    face_seed: int = 0
