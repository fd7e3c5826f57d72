"""Clothes in words → garments and colours. Unknown garments become the nearest class; nothing is refused.

`compose.py` calls `read_clothes`; `clothes.py` draws the result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from .colours import CLOTH, colours_in, lighten

READ_LENGTH = 600


@dataclass(frozen=True, slots=True)
class Cut:
    """How a garment is made: its place in the layers, neckline, sleeves, hem (board units) and details."""

    layer: str  # inner, outer, whole (dresses), lower, shoe, extra
    neck: str = "crew"
    sleeve: str = "long"
    hem: float = 1000.0
    fit: float = 1.0  # width at the waist
    detail: str = ""  # a file of parts/clothes
    below: str = ""  # the skirt or legs that come with it
    colour: str = "#8b8d94"  # when the words name none


@dataclass(frozen=True, slots=True)
class Garment:
    """One garment in one colour."""

    kind: str
    cut: Cut
    colour: str
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Clothes:
    """What is worn, from the skin outwards."""

    inner: Garment
    outer: Garment | None
    lower: Garment
    shoe: Garment
    extras: tuple[Garment, ...] = ()

    def colours(self) -> dict[str, str]:
        """The colour of each surface that `paint.palette` knows."""
        top = self.outer or self.inner
        extra = self.extras[0].colour if self.extras else "#a8503c"
        return {
            "top": top.colour,
            "inner": self.inner.colour,
            "lower": self.lower.colour,
            "shoe": self.shoe.colour,
            "extra": extra,
        }


# Phrase → kind; the particular stand before the general.
KINDS: tuple[tuple[str, str], ...] = (
    (r"hoodie|hooded sweat", "hoodie"), (r"turtle ?neck|roll ?neck|polo ?neck|mock ?neck", "turtleneck"),
    (r"lab ?coat|doctor'?s? coat|white coat", "lab_coat"), (r"rain ?coat|anorak|parka|windbreaker|puffer|down jacket|ski jacket|cagoule", "parka"),
    (r"trench|over ?coat|pea ?coat|duster|great ?coat|wool coat|winter coat|\bcoat\b", "coat"),
    (r"leather jacket|biker|motorcycle jacket|moto jacket", "leather_jacket"),
    (r"denim[a-z ]* jacket|denim jacket|jeans? jacket|trucker jacket", "denim_jacket"),
    (r"bomber|varsity|track jacket|flight jacket|pilot jacket", "bomber"),
    (r"waistcoat|\bvest\b|gilet", "waistcoat"), (r"cardigan", "cardigan"), (r"kimono|yukata|hanfu", "kimono"),
    (r"cloak|cape|mantle|poncho|shawl|pashmina", "cloak"), (r"bath ?robe|dressing gown|\brobe|vestment|wizard", "robe"),
    (r"armou?r|breastplate|plate mail|chain ?mail|cuirass", "armour"),
    (r"tux|dinner jacket|three-piece|\bsuit\b|blazer|sports? coat|smoking jacket|tweed jacket|velvet jacket|jacket", "blazer"),
    (r"evening (dress|gown)|ball ?gown|\bgown|cocktail|slip dress|sequin|sheath", "evening"),
    (r"sun ?dress|summer dress|wrap dress|tea dress|\bdress\b|frock|sari|saree|kaftan|caftan", "dress"),
    (r"overall|dungaree|salopette", "overalls"), (r"jump ?suit|boiler ?suit|flight ?suit|space ?suit|coverall|mechanic", "jumpsuit"),
    (r"uniform|tunic jacket|military", "uniform"), (r"scrubs", "scrubs"), (r"corset|bustier|bodice", "corset"),
    (r"tank|camisole|cami\b|sports? ?bra|sport ?top|running top|singlet|sleeveless|athletic top|swim|bikini|leotard|halter|crop top", "tank"),
    (r"blouse|peasant|silk top", "blouse"), (r"flannel|button[- ]?(down|up)|dress shirt|oxford|henley|linen shirt|(?<!t-)(?<!t )(?<!sweat)(?<!tee)\bshirt", "shirt"),
    (r"polo", "polo"), (r"sweat ?shirt|sweater|jumper|pull ?over|knit|fleece|jersey|aran|fair isle", "sweater"),
    (r"tunic|gi\b|dashiki|kurta|doublet", "tunic"), (r"off[- ]shoulder|bardot|strapless", "bardot"),
    (r"long[- ]sleeve|thermal", "long_sleeve"), (r"v-?neck", "v_neck"), (r"t-?shirt|\btee\b|band shirt|\btop\b|graphic", "tee"),
    (r"jeans|denims", "jeans"), (r"leggings|tights|yoga pants|running tights", "leggings"),
    (r"joggers|sweat ?pants|track ?pants|pyjama|pajama", "joggers"), (r"shorts|cut-?offs|bermuda", "shorts"),
    (r"(long|maxi|floor|ankle)[a-z -]* skirt|maxi", "long_skirt"), (r"skirt|kilt", "skirt"),
    (r"trousers|pants|chinos|slacks|corduroys|cargo|culottes|breeches|hose", "trousers"),
    (r"boots|doc martens|wellies", "boots"), (r"heels|pumps|stiletto", "heels"), (r"sandal|flip[- ]?flop|espadrille", "sandals"),
    (r"barefoot|bare feet", "barefoot"), (r"sneaker|trainers|running shoes|canvas shoes|converse", "sneakers"),
    (r"shoes|loafers|brogues|oxfords|flats|slippers", "shoes"),
    (r"bow ?tie", "bow_tie"), (r"neck ?tie|\btie\b|cravat|ascot", "tie"), (r"scarf|muffler|neckerchief|bandana round", "scarf"),
    (r"apron", "apron"), (r"suspenders|braces", "braces"), (r"sash|cummerbund", "sash"), (r"stethoscope", "stethoscope"),
    (r"lanyard|badge|name tag", "lanyard"), (r"backpack|rucksack|satchel|messenger bag|shoulder bag|strap", "strap"),
)  # fmt: skip

CUTS: dict[str, Cut] = {
    "tee": Cut("inner", "crew", "short", 1000, 1.02, "tee", colour="#5a6675"), "v_neck": Cut("inner", "v", "short", 1000, 1.0, "", colour="#43464e"),
    "long_sleeve": Cut("inner", "crew", "long", 1000, 0.98, "tee", colour="#74763f"), "tank": Cut("inner", "straps", "none", 985, 0.94, "tank", colour="#2c7a7b"),
    "shirt": Cut("inner", "collar", "rolled", 1030, 1.08, "shirt", colour="#dfe5ea"), "polo": Cut("inner", "collar", "short", 1005, 1.02, "polo", colour="#2f5a41"),
    "blouse": Cut("inner", "deep_v", "wide", 985, 1.04, "blouse", colour="#f1e9d8"), "hoodie": Cut("inner", "crew", "coat", 1010, 1.14, "hoodie", colour="#5a6675"),
    "sweater": Cut("inner", "crew", "coat", 1005, 1.1, "sweater", colour="#b35a32"), "turtleneck": Cut("inner", "high", "long", 1000, 1.0, "turtleneck", colour="#43464e"),
    "bardot": Cut("inner", "bardot", "none", 985, 0.96, "bardot", colour="#a8243c"), "corset": Cut("inner", "sweetheart", "none", 975, 0.9, "corset", colour="#573a2b"),
    "tunic": Cut("inner", "notch", "long", 1120, 1.1, "tunic", colour="#74763f"), "scrubs": Cut("inner", "v", "short", 1010, 1.12, "scrubs", colour="#3f8a8b"),
    "cardigan": Cut("outer", "open", "coat", 1060, 1.1, "cardigan", colour="#a5839a"), "waistcoat": Cut("outer", "open_low", "none", 985, 1.0, "waistcoat", colour="#43464e"),
    "blazer": Cut("outer", "open_low", "long", 1050, 1.06, "blazer", colour="#28365a"), "leather_jacket": Cut("outer", "open", "coat", 960, 1.06, "leather", colour="#2b2a30"),
    "denim_jacket": Cut("outer", "open", "coat", 960, 1.06, "denim", colour="#4f6d94"), "bomber": Cut("outer", "open", "coat", 970, 1.14, "bomber", colour="#3f4a3a"),
    "coat": Cut("outer", "open", "coat", 1420, 1.16, "coat", colour="#bd8f58"), "lab_coat": Cut("outer", "open", "coat", 1330, 1.14, "lab_coat", colour="#f2f2ee"),
    "parka": Cut("outer", "open", "coat", 1130, 1.2, "parka", colour="#cf9a35"), "cloak": Cut("outer", "cloak", "none", 1560, 1.3, "cloak", colour="#2f5a41"),
    "robe": Cut("whole", "wrap", "wide", 1640, 1.14, "robe", "robe_skirt", "#3f4487"), "kimono": Cut("whole", "wrap", "wide", 1660, 1.02, "kimono", "robe_skirt", "#a8243c"),
    "dress": Cut("whole", "scoop", "short", 985, 0.96, "dress", "dress_skirt", "#5f7f6b"), "evening": Cut("whole", "sweetheart", "straps", 985, 0.9, "evening", "gown_skirt", "#20805c"),
    "overalls": Cut("outer", "bib", "none", 1070, 1.04, "overalls", "trousers", "#4f6d94"), "jumpsuit": Cut("whole", "collar", "long", 1070, 1.06, "jumpsuit", "trousers", "#a05a34"),
    "armour": Cut("inner", "high_plate", "long", 1040, 1.0, "armour", "", "#a9b0ba"), "uniform": Cut("inner", "stand", "long", 1060, 1.06, "uniform", "", "#28365a"),
    "trousers": Cut("lower", colour="#3b3d46"), "jeans": Cut("lower", colour="#3a5277"), "leggings": Cut("lower", colour="#2b2a30"),
    "joggers": Cut("lower", colour="#6b6e76"), "shorts": Cut("lower", colour="#a89a6b"), "skirt": Cut("lower", colour="#6d2338"), "long_skirt": Cut("lower", colour="#4a5a48"),
    "boots": Cut("shoe", colour="#4a3427"), "heels": Cut("shoe", colour="#26252b"), "sandals": Cut("shoe", colour="#9a6a42"), "barefoot": Cut("shoe"),
    "sneakers": Cut("shoe", colour="#efece4"), "shoes": Cut("shoe", colour="#4d3325"),
    "bow_tie": Cut("extra", detail="bow_tie", colour="#26252b"), "tie": Cut("extra", detail="tie", colour="#7a2436"), "scarf": Cut("extra", detail="scarf", colour="#b35a32"),
    "apron": Cut("extra", detail="apron", colour="#6b5138"), "braces": Cut("extra", detail="braces", colour="#573a2b"), "sash": Cut("extra", detail="sash", colour="#a8243c"),
    "stethoscope": Cut("extra", detail="stethoscope", colour="#3a4149"), "lanyard": Cut("extra", detail="lanyard", colour="#3f6fae"), "strap": Cut("extra", detail="strap", colour="#6b4a30"),
}  # fmt: skip
_PATTERNS = (
    (r"strip", "stripes"),
    (r"plaid|tartan|flannel|check|gingham", "plaid"),
    (r"dot", "dots"),
    (r"floral|flower", "floral"),
)
# Where the words name no clothes at all: something plain and in colour, by the face's seed.
_PLAIN = (
    ("sweater", "#b35a32"),
    ("shirt", "#86b6dc"),
    ("turtleneck", "#2f5a41"),
    ("tee", "#c4694a"),
    ("cardigan", "#a5839a"),
)


def read_clothes(words: str, seed: int) -> Clothes:
    """The clothes of a description such as "charcoal wool coat over a rust turtleneck, dark jeans"."""
    chance = Random(seed ^ 0xC10)
    found = _garments(" ".join(words[:READ_LENGTH].lower().split()), chance)
    by_layer: dict[str, list[Garment]] = {}
    for garment in found:
        by_layer.setdefault(garment.cut.layer, []).append(garment)
    whole = by_layer.get("whole", [])
    inner = (whole or by_layer.get("inner") or [_default_inner(by_layer, chance)])[0]
    outer = next(iter(by_layer.get("outer", [])), None)
    lower = next(iter(by_layer.get("lower", [])), None) or _default_lower(inner, outer, found)
    shoe = next(iter(by_layer.get("shoe", [])), None) or _garment(
        "shoes" if inner.kind not in ("tee", "hoodie", "tank") else "sneakers"
    )
    return Clothes(inner, outer, lower, shoe, tuple(by_layer.get("extra", [])))


def _garment(kind: str, colour: str = "", pattern: str = "") -> Garment:
    return Garment(kind, CUTS[kind], colour or CUTS[kind].colour, pattern)


def _garments(words: str, chance: Random) -> list[Garment]:
    """Garments in the order of the words, each with the colour that stands nearest before it."""
    found: list[tuple[int, int, str]] = []
    for phrase, kind in KINDS:
        for match in re.finditer(phrase, words):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), kind))
    found.sort()
    out, last = [], 0
    for start, end, kind in found:
        out.append(_coloured(kind, words[last:start], words[start:end], words[end : end + 40]))
        last = end
    if not found and words:
        colours = colours_in(words, CLOTH)
        kind, default = _PLAIN[chance.randrange(len(_PLAIN))]
        out.append(_garment(kind, colours[0][1] if colours else default))
    return out


def _coloured(kind: str, before: str, own: str, after: str) -> Garment:
    clause = re.split(r"[,;.]|\bover\b|\bunder\b|\bwith\b|\band a\b", before)[-1]
    colours = colours_in(clause, CLOTH) or colours_in(own, CLOTH)
    if not colours and re.match(r"s?,? (in|of|the colou?r) ", after):
        colours = colours_in(re.split(r"[,;.]", after)[0], CLOTH)
    pattern = next((name for phrase, name in _PATTERNS if re.search(phrase, f"{clause} {own}")), "")
    colour = colours[-1][1] if colours else ""
    if kind == "jeans" and colour:  # blue jeans are denim
        colour = {"#3f6fae": "#3f5f8c"}.get(colour, colour)
    return _garment(kind, colour, pattern)


def _default_inner(layers: dict[str, list[Garment]], chance: Random) -> Garment:
    """What is worn under a jacket, or with trousers, where the words do not say."""
    outer = next(iter(layers.get("outer", [])), None)
    if outer is None:
        kind, colour = _PLAIN[chance.randrange(4)]
        return _garment(kind, colour)
    if outer.kind in ("blazer", "waistcoat", "lab_coat"):
        return _garment("shirt", "#f0eee8")
    if outer.kind == "cloak":
        return _garment("tunic", lighten(outer.colour, 0.3))
    return _garment("tee", "#ece6da" if outer.colour != "#f3f1ec" else "#43464e")


def _default_lower(inner: Garment, outer: Garment | None, found: list[Garment]) -> Garment:
    below = inner.cut.below or (outer.cut.below if outer else "")
    if below == "trousers":
        return _garment("trousers", (outer or inner).colour)
    if outer and outer.kind == "blazer":
        return _garment("trousers", outer.colour)
    if inner.kind == "uniform":
        return _garment("trousers", inner.colour)
    if inner.kind == "scrubs":
        return _garment("joggers", inner.colour)
    if inner.kind == "tank":
        return _garment("leggings")
    return _garment(
        "jeans"
        if inner.kind in ("tee", "hoodie", "sweater", "v_neck", "long_sleeve") or outer
        else "trousers"
    )
