"""Words of the face → proportions. `words.py` calls `read_face`; the seed decides what no word decides."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random
from typing import Any

from .looks import FaceLook

# Each phrase sets or multiplies: a key that ends in "*" multiplies, one that ends in "+" adds.
_OUTLINES: tuple[tuple[str, dict[str, Any]], ...] = (
    (r"\bround", {"jaw*": 1.09, "cheek*": 1.07, "chin*": 1.1, "length*": 0.95}),
    (r"\bsquare", {"jaw*": 1.13, "cheek*": 1.0, "chin*": 1.2, "brow_width*": 1.02}),
    (r"\bheart", {"jaw*": 0.91, "chin*": 0.82, "brow_width*": 1.05, "cheek*": 1.01}),
    (r"\bdiamond", {"jaw*": 0.94, "chin*": 0.88, "brow_width*": 0.94, "cheek*": 1.04}),
    (r"\b(long|oblong|rectang|narrow face)", {"length*": 1.06, "cheek*": 0.96, "jaw*": 0.98}),
    (r"\btriang|\bpear", {"jaw*": 1.13, "brow_width*": 0.96, "chin*": 1.12}),
)  # fmt: skip
_FEATURES: tuple[tuple[str, dict[str, Any]], ...] = (
    (r"(strong|square|broad|firm|heavy|chisell?ed|angular|defined) (jaw|chin)", {"jaw*": 1.06, "chin*": 1.08}),
    (r"(soft|delicate|narrow|slim|small|pointed) (jaw|chin)|pointy chin", {"jaw*": 0.95, "chin*": 0.88}),
    (r"angular|gaunt|hollow|sharp|chisell?ed|sculpted", {"cheekbones+": 0.5, "jaw*": 0.97}),
    (r"cheekbone", {"cheekbones+": 0.7, "cheek*": 1.02}),
    (r"(full|round|chubby|soft|apple) cheek", {"cheek*": 1.04, "jaw*": 1.03, "rosy+": 0.2}),
    (r"rosy|ruddy|flush|blush", {"rosy+": 0.6}),
    (r"dimple", {"dimples": True}),
    (r"cleft", {"cleft": True}),
    (r"gap(ped)?[- ](tooth|teeth|between)|tooth gap|diastema", {"gap_tooth": True}),
    (r"aquiline|hooked|roman nose|hawk|beak|prominent nose|strong nose|eagle", {"nose_bridge": 1.0, "nose_length+": 5.0}),
    (r"button nose|snub|upturned|small nose|turned-up|little nose|cute nose", {"nose_bridge": -1.0, "nose_length+": -6.0, "nose_width*": 0.9}),
    (r"(broad|wide|flat|rounded) (nose|nostril)", {"nose_width*": 1.25}),
    (r"(narrow|thin|slim|fine|delicate|slender) nose", {"nose_width*": 0.82}),
    (r"(long) nose", {"nose_length+": 6.0}),
    (r"(short) nose", {"nose_length+": -5.0}),
    (r"(straight|greek|grecian) nose", {"nose_bridge": 0.3}),
    (r"(crooked|broken|bent) nose", {"nose_bridge": 0.7, "nose_width*": 1.06}),
    (r"full(er)? lips|plump lips|(generous|full|wide|lush) mouth|pouty|bee-stung|full-lipped", {"upper_lip*": 1.3, "lower_lip*": 1.35}),
    (r"full(er)? lower lip|pouting lower", {"lower_lip*": 1.35}),
    (r"full(er)? upper lip|cupid", {"upper_lip*": 1.3}),
    (r"thin(-| )?lip|thin mouth|narrow lips", {"upper_lip*": 0.6, "lower_lip*": 0.66}),
    (r"(wide|broad|generous) (mouth|smile|grin)", {"mouth_width*": 1.12}),
    (r"(small|narrow) mouth|rosebud", {"mouth_width*": 0.86}),
    (r"(heavy|thick|bushy|bold|strong|full|dark|dense) (eye)?brows?|unibrow|monobrow", {"brow_weight*": 1.45}),
    (r"(thin|fine|faint|sparse|pencil|light|plucked) (eye)?brows?", {"brow_weight*": 0.65}),
    (r"arch(ed|ing)? (eye)?brows?|arching", {"brow_arch+": 5.0}),
    (r"(straight|flat|level|low) (eye)?brows?", {"brow_arch": -1.5, "brow_height+": 2.0}),
    (r"(big|large|prominent|jug|stick[- ]?out|protruding) ears|ears that stick", {"ears*": 1.25}),
    (r"(small) ears", {"ears*": 0.85}),
    (r"(pointed|pointy|elf|elven|elvish|fae|vulcan) ?ear|\bel(f|ven|vish)\b|\bfae\b", {"pointed_ears": True}),
    (r"freckle", {"freckles": 0.75}),
    (r"(heavy|many|dense|heavily|covered in) freckle|freckled all", {"freckles": 1.0}),
    (r"(few|light|faint|scatter|dusting)[a-z ]*freckle", {"freckles": 0.5}),
    (r"red lip|lipstick|make-?up|eyeliner|kohl|winged|smoky", {"makeup": 1.0}),
)  # fmt: skip
_EYES: tuple[tuple[str, dict[str, Any]], ...] = (
    (r"almond", {"eye_tilt+": 2.0, "eye_open*": 0.95, "eye_size*": 1.03}),
    (r"\bround|doe|wide[- ]eyed|\bwide\b", {"eye_open*": 1.16, "eye_tilt*": 0.5}),
    (r"narrow|slit|squint", {"eye_open*": 0.78}),
    (r"monolid|epicanth|single[- ]lid", {"monolid": True, "eye_open*": 0.86, "eye_tilt+": 1.5}),
    (r"hooded|heavy[- ]lid|sleepy|bedroom|droopy lid", {"lid": 0.8, "eye_open*": 0.88}),
    (r"upturned|cat[- ]|feline|fox", {"eye_tilt+": 4.0}),
    (r"downturned|droop|sad eyes|puppy", {"eye_tilt": -2.0}),
    (r"deep[- ]set|sunken", {"lid+": 0.5, "brow_height+": 2.5}),
    (r"wide[- ]set", {"eye_gap+": 4.0}),
    (r"close[- ]set", {"eye_gap+": -4.0}),
    (r"\b(big|large|huge|expressive)", {"eye_size*": 1.12, "eye_open*": 1.06}),
    (r"\bsmall", {"eye_size*": 0.9}),
    (r"lash|kohl|eyeliner", {"makeup": 1.0}),
)


def read_face(shape: str, features: str, eyes: str, chance: Random, *, feminine: float, age: int) -> FaceLook:
    """Proportions from the words of outline, features and eyes; everything is drawn from `chance` first."""
    face = _rolled(chance, feminine, age)
    for table, words in ((_OUTLINES, shape), (_FEATURES, f"{shape}, {features}"), (_EYES, eyes)):
        for phrase, changes in table:
            if re.search(phrase, words):
                face = _changed(face, changes)
    return replace(
        face,
        jaw=_within(face.jaw, 0.86, 1.1),
        chin=_within(face.chin, 0.72, 1.32),
        length=_within(face.length, 0.92, 1.1),
    )


def _within(value: float, low: float, high: float) -> float:
    """Several words that pull the same way stay a face."""
    return max(low, min(high, value))


def _rolled(chance: Random, feminine: float, age: int) -> FaceLook:
    """The face that the seed gives, before any word: always the same number of draws, in the same order."""

    def around(middle: float, spread: float) -> float:
        return middle + chance.uniform(-spread, spread)

    masculine = 1 - feminine
    return FaceLook(
        jaw=around(0.965 + 0.085 * masculine, 0.03), cheek=around(1.0 + 0.012 * masculine, 0.02),
        brow_width=around(1.0, 0.015), chin=around(0.94 + 0.2 * masculine, 0.06), length=around(1.0 + 0.02 * masculine, 0.022),
        eye_size=around(1.04 - 0.1 * masculine, 0.05), eye_open=around(1.02 - 0.17 * masculine, 0.07),
        eye_tilt=around(1.8 - 1.0 * masculine, 1.8), eye_gap=around(0.0, 2.2), lid=around(0.15, 0.15),
        nose_width=around(0.95 + 0.12 * masculine, 0.11), nose_length=around(1.0 * masculine, 4.5),
        nose_bridge=around(-0.05 + 0.25 * masculine, 0.6), mouth_width=around(1.0 + 0.02 * masculine, 0.075),
        upper_lip=around(1.0 - 0.34 * masculine, 0.2), lower_lip=around(1.05 - 0.28 * masculine, 0.2),
        brow_weight=around(0.9 + 0.45 * masculine, 0.18), brow_arch=around(2.6 - 2.2 * masculine, 1.8),
        brow_height=around(-1.5 + 3.5 * masculine, 1.8), ears=around(1.0 + min(0.15, max(0, age - 50) / 200), 0.06),
        cheekbones=around(0.25, 0.2), rosy=around(0.2 * feminine + 0.1, 0.1), makeup=0.3 * max(0.0, feminine - 0.6) / 0.4,
    )  # fmt: skip


def _changed(face: FaceLook, changes: dict[str, Any]) -> FaceLook:
    values: dict[str, Any] = {}
    for key, change in changes.items():
        name = key.rstrip("*+")
        now = getattr(face, name)
        values[name] = now * change if key.endswith("*") else now + change if key.endswith("+") else change
    return replace(face, **values)
