"""Appearance in words → `Looks` in parts and numbers. Unknown words are passed over; `face_seed` settles the rest.

`compose.py` calls `read_looks`; it calls the vocabularies of `words_*.py` and `colours.py`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from characters.character import ADULT_AGE, OLDEST_AGE, Appearance

from .colours import CLOTH, EYES, HAIR, brightness, colours_in, first_colour, lighten, mix, skin_in
from .looks import BodyLook, FaceLook, HairLook, Looks
from .words_face import read_face
from .words_worn import read_beard, read_glasses, read_hat, read_marks, read_metal, read_worn

# A field longer than this is not read further: the words that matter stand first.
READ_LENGTH = 600
# Skin tones and hair to choose from where the words say nothing: evenly over the range.
_SKINS = ("#f4d6c1", "#efcdb0", "#e2bd95", "#d0a079", "#bf8a5e", "#9c6846", "#7a4a31", "#5f3927")
_HAIRS = ("#29242a", "#3c2a22", "#5e3d2a", "#70402a", "#84391f", "#c2914e", "#d9b877")
_IRISES = ("#6b4226", "#4e3020", "#8c6d35", "#5c8a52", "#4a80b4", "#82929c")
_FEMININE = r"\b(wom[ae]n|female|girl|lady|feminine|femme|she|mother|sister|queen|actress|witch|goddess|grandmother)\b"
_MASCULINE = (
    r"\b(m[ae]n|male|boy|guy|gentleman|masculine|masc|he|father|brother|king|wizard|god|grandfather)\b"
)

# Hair styles by phrase; the first that fits wins, so the particular stand before the general.
STYLES: tuple[tuple[str, str], ...] = (
    (r"bald|shaved head|clean-shaven head|hairless|no hair|shaven head", "bald"),
    (r"receding|balding|tonsure|thinning", "receding"),
    (r"buzz|crew ?cut|shaved(?! side)|stubble|very short", "buzz"),
    (r"mohawk|mohican|faux ?hawk", "mohawk"),
    (r"undercut|shaved sides?|sidecut|fade", "undercut"),
    (r"top ?knot|man ?bun", "topknot"),
    (r"afro|puff|natural hair", "afro"),
    (r"locs?\b|dreads?|dreadlocks|locks\b", "locs"),
    (r"corn ?rows|box braids|micro ?braids|goddess braids|many braids|twists", "box_braids"),
    (r"two braids|pigtail braids|twin braids|two plaits|pigtails|plaits", "two_braids"),
    (r"crown braid|braided crown|milkmaid|braided up", "crown_braid"),
    (r"braid|plait", "side_braid"),
    (r"twintails|bunches|twin tails", "two_braids"),
    (r"space buns|two buns|double buns", "space_buns"),
    (r"pony", "ponytail"),
    (r"\bbun\b|chignon|updo|up-do|pinned up|knot|swept up|french twist", "bun"),
    (r"mullet", "mullet"),
    (r"shag|wolf ?cut|messy|tousled|choppy|wild|unruly|dishevel", "shaggy"),
    (r"slick|swept back|combed back|brushed back|pompadour|quiff|back-combed", "slick"),
    (r"pixie|gamine|cropped|\bcrop\b|elfin", "pixie"),
)
_SHORT = r"short|cropped|ear-length|ear length|chin-length|close"
_LONG = r"\blong|waist|hip-length|mid-back|back-length|flowing|elbow|knee|rapunzel|past (the )?shoulder|chest"
_MIDDLE = r"shoulder|collarbone|medium|mid-length|neck-length|\blob\b|jaw-length|chin-length|chin length"
_CURLED = r"curl|coil|ringlet|kink|spiral|corkscrew|frizz"
_WAVED = r"wav|loose|beach|tousle|soft"


def read_looks(appearance: Appearance) -> Looks:
    """The looks of an appearance. The same words and `face_seed` always give the same looks."""
    seed = appearance.face_seed
    age = max(ADULT_AGE, min(OLDEST_AGE, appearance.age))
    everything = _clean(" ".join((appearance.presentation, appearance.build, appearance.distinctive)))
    feminine = _feminine(_clean(appearance.presentation), everything)
    distinct, features = _clean(appearance.distinctive), _clean(appearance.features)
    skin = skin_in(_clean(appearance.skin_tone), _SKINS[Random(seed ^ 0x51).randrange(len(_SKINS))])
    hair = _hair(appearance, age, feminine, brightness(skin))
    shape = _clean(appearance.face_shape)
    face = read_face(
        shape, f"{features}, {distinct}", _clean(appearance.eyes), Random(seed), feminine=feminine, age=age
    )
    worn_words = (
        f"{distinct}, {features}, {_clean(appearance.hair.style)}, {_clean(appearance.outfit.description)}"
    )
    glasses, frame = read_glasses(f"{distinct}, {features}, {_clean(appearance.outfit.description)}")
    hat, hat_colour = read_hat(worn_words)
    beard, beard_colour = read_beard(
        f"{distinct}, {features}, {_clean(appearance.face_shape)}", hair.colour, hair.second
    )
    return Looks(
        age=age, feminine=feminine, skin=skin, hair=hair, irises=_irises(_clean(appearance.eyes), skin, seed),
        face=face, body=_body(_clean(appearance.build), feminine, age), beard=beard, beard_colour=beard_colour,
        glasses=glasses, glasses_colour=frame, hat=hat, hat_colour=hat_colour, metal=read_metal(worn_words),
        worn=read_worn(worn_words), marks=read_marks(f"{distinct}, {features}", seed), face_seed=seed,
    )  # fmt: skip


def _clean(words: str) -> str:
    """Lower case, one line, bounded."""
    return " ".join(words[:READ_LENGTH].lower().split())


def _feminine(presentation: str, everything: str) -> float:
    for words in (presentation, everything):
        if re.search(r"androgyn|non-?binary|genderless|agender|enby|ambiguous", words):
            return 0.52
        woman, man = bool(re.search(_FEMININE, words)), bool(re.search(_MASCULINE, words))
        if woman != man:
            return 1.0 if woman else 0.0
    return 0.52


def _hair(appearance: Appearance, age: int, feminine: float, skin_brightness: float) -> HairLook:
    colour_words, style_words = _clean(appearance.hair.colour), _clean(appearance.hair.style)
    length = _clean(appearance.hair.length)
    chance = Random(appearance.face_seed ^ 0x4A)
    pool = _HAIRS if skin_brightness > 0.55 else _HAIRS[:4]
    default = pool[chance.randrange(len(pool))]
    if age >= 70:
        default = "#c2c2c6"
    words = colour_words if colours_in(colour_words, HAIR) else f"{colour_words} {style_words}"
    found = [colour for _, colour in colours_in(words, HAIR)]
    first = found[0] if found else default
    second, blend = _second(words, found, first, age)
    style = _style(f"{length}, {style_words}", feminine, chance)
    return HairLook(
        style=style, colour=first, second=second, blend=blend,
        fringe=_fringe(style_words), parting=_parting(style_words, chance),
    )  # fmt: skip


def _second(words: str, found: list[str], first: str, age: int) -> tuple[str, str]:
    """The other colour of the hair, and how it is mixed in."""
    other = found[1] if len(found) > 1 else ""
    if re.search(
        r"salt[- ]and[- ]pepper|greying|graying|grey(ing)? (at|temple)|gr[ae]y streak|silver(ing| streak)",
        words,
    ):
        return "#d5d6d8", "streaks" if "streak" in words else "grey"
    if re.search(r"\btips?\b|ends\b|ombr|dip[- ]dye|fading (in)?to|roots", words):
        if "roots" in words and other:
            return (first, "roots") if re.search(r"^[a-z ]*roots", words) else (other, "roots")
        return other or lighten(first, 0.35), "tips"
    if re.search(r"split|half[- ]and[- ]half|half ", words) and other:
        return other, "split"
    if re.search(r"streak|highlight|strand|balayage|lowlight", words):
        return other or lighten(first, 0.35), "streaks"
    if other:
        return other, "streaks"
    if 52 <= age < 75 and brightness(first) < 0.6:
        return "#cfd0d2", "grey"
    return "", ""


def _style(words: str, feminine: float, chance: Random) -> str:
    for phrase, style in STYLES:
        if re.search(phrase, words):
            return _sized(style, words)
    if re.search(r"\bbob\b", words):
        return "curly_short" if re.search(_CURLED, words) else "bob"
    curled, waved = bool(re.search(_CURLED, words)), bool(re.search(_WAVED, words))
    if re.search(_MIDDLE, words) and not re.search(r"past (the )?shoulder", words):
        chin = re.search(r"(chin|jaw|neck)[- ]length", words)
        return "curly_long" if curled else "bob" if chin else "lob_wavy" if waved else "lob"
    if re.search(_LONG, words):
        return "curly_long" if curled else "long_wavy" if waved else "long_straight"
    if re.search(_SHORT, words):
        return _short(words, curled, waved, feminine, chance)
    if curled:
        return "curly_long" if feminine > 0.75 else "curly_short"
    if waved:
        return "lob_wavy" if feminine > 0.6 else "wavy_short"
    return _default_style(feminine, chance)


def _sized(style: str, words: str) -> str:
    if style == "pixie" and re.search(_CURLED, words):
        return "curly_short"
    if style == "shaggy" and re.search(_LONG, words):
        return "long_wavy"
    if style == "slick" and re.search(_LONG, words):
        return "long_straight"
    return style


def _short(words: str, curled: bool, waved: bool, feminine: float, chance: Random) -> str:
    if curled:
        return "coils_short" if re.search(r"coil|kink|tight", words) else "curly_short"
    if waved:
        return "wavy_short"
    if re.search(r"part", words):
        return "side_part"
    if re.search(r"textur|spik|crop", words):
        return "crop"
    return "pixie" if feminine > 0.75 else ("side_part", "crop")[chance.randrange(2)]


def _default_style(feminine: float, chance: Random) -> str:
    women = ("long_wavy", "lob_wavy", "long_straight", "bob", "ponytail", "bun", "lob")
    men = ("side_part", "crop", "wavy_short", "slick", "undercut", "shaggy")
    pool = (
        women
        if feminine > 0.75
        else men
        if feminine < 0.3
        else ("shaggy", "lob", "undercut", "pixie", "wavy_short")
    )
    return pool[chance.randrange(len(pool))]


def _fringe(words: str) -> str:
    if re.search(r"no (bangs|fringe)|without (bangs|fringe)", words):
        return ""
    if re.search(r"curtain", words):
        return "curtain"
    return "fringe" if re.search(r"bangs|fringe", words) else ""


def _parting(words: str, chance: Random) -> str:
    if re.search(r"(middle|cent(er|re)) ?-?part", words):
        return "middle"
    if re.search(r"part[a-z]* (on|to) the right|right[- ](side )?part", words):
        return "right"
    return "left" if "part" in words or chance.random() < 0.6 else "right"


def _irises(words: str, skin: str, seed: int) -> tuple[str, str]:
    pool = _IRISES if brightness(skin) > 0.6 else _IRISES[:3]
    default = pool[Random(seed ^ 0xE7).randrange(len(pool))]
    if re.search(
        r"heterochrom|one [a-z]+(,| and|,? the other) |mismatched|odd eyes|different colou?rs", words
    ):
        found = [colour for _, colour in colours_in(words, EYES)]
        if len(found) > 1:
            return found[0], found[1]
        return default, mix(default, "#4a80b4" if default != "#4a80b4" else "#6b4226", 0.9)
    iris = first_colour(words, EYES, default)
    return iris, iris


def _body(words: str, feminine: float, age: int) -> BodyLook:
    """The build: the body of the presentation, changed by each word of the build."""
    body = BodyLook(
        shoulders=1.24 - 0.16 * feminine, chest=1.2 - 0.13 * feminine, waist=1.15 - 0.21 * feminine,
        hips=1.06 + 0.06 * feminine, limbs=1.16 - 0.14 * feminine, neck=1.14 - 0.26 * feminine,
        bust=max(0.0, feminine - 0.55) * 1.6, stoop=max(0.0, min(1.0, (age - 68) / 20)),
    )  # fmt: skip
    for phrase, changes in _BUILDS:
        if re.search(phrase, words):
            body = replace(body, **{name: getattr(body, name) * factor for name, factor in changes.items()})
    body = replace(
        body, shoulders=min(body.shoulders, 1.4), waist=min(body.waist, 1.75), neck=min(body.neck, 1.35)
    )
    if re.search(r"\bflat[- ]chest|boyish", words):
        body = replace(body, bust=0.0)
    return body


_BUILDS: tuple[tuple[str, dict[str, float]], ...] = (
    (r"slim|slender|lean|thin|skinny|lanky|wiry|willowy|slight|petite|delicate|svelte|narrow|lithe|spare|bony",
     {"shoulders": 0.985, "chest": 0.96, "waist": 0.94, "hips": 0.97, "limbs": 0.93, "neck": 0.97}),
    (r"athletic|toned|fit\b|runner|swimmer|dancer|climber|gymnast|sporty",
     {"shoulders": 1.04, "waist": 0.95, "limbs": 1.05}),
    (r"muscular|muscled|bodybuilder|powerful|strong|brawny|burly|built|boxer|hulking",
     {"shoulders": 1.12, "chest": 1.14, "waist": 1.05, "limbs": 1.22, "neck": 1.15}),
    (r"broad[- ]shoulder|broad|barrel", {"shoulders": 1.08, "chest": 1.07}),
    (r"narrow[- ]shoulder", {"shoulders": 0.95}),
    (r"stocky|sturdy|solid|thick|compact|square[- ]built|stout",
     {"shoulders": 1.04, "chest": 1.1, "waist": 1.16, "hips": 1.08, "limbs": 1.14, "neck": 1.08}),
    (r"curvy|curvaceous|hourglass|voluptuous|full[- ]figured|buxom",
     {"chest": 1.06, "hips": 1.14, "waist": 1.02, "limbs": 1.08, "bust": 1.4}),
    (r"plus[- ]size|heavy|heavyset|fat|overweight|large|big|chubby|plump|rotund|round\b|portly|ample|stout|soft",
     {"shoulders": 1.08, "chest": 1.2, "waist": 1.4, "hips": 1.26, "limbs": 1.26, "neck": 1.14, "bust": 1.4}),
    (r"very (fat|heavy|large)|obese|enormous|huge", {"chest": 1.1, "waist": 1.15, "hips": 1.1}),
    (r"\btall|long[- ]limbed|leggy|lanky|towering|statuesque", {"height": 1.05}),
    (r"\bshort|petite|small|tiny|compact|little", {"height": 0.93}),
)  # fmt: skip


def outfit_colours(words: str) -> list[tuple[int, str]]:
    """The colours of clothes with their positions."""
    return colours_in(words, CLOTH)


__all__ = ["FaceLook", "outfit_colours", "read_looks"]
