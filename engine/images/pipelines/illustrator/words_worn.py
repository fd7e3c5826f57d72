"""Words of what is worn on the face and head, and of marks on the skin. `words.py` calls these."""

from __future__ import annotations

import re
from random import Random

from .colours import CLOTH, HAIR, colours_in, first_colour, mix
from .looks import Mark

_GLASSES: tuple[tuple[str, str], ...] = (
    (r"sunglass|shades\b|aviator", "sunglasses"),
    (r"half[- ]moon|reading glasses|half[- ]rim|lesebrille|pince", "half_moon"),
    (r"cat[- ]eye", "cat_eye"),
    (r"(square|rectang|thick|black[- ]rim|horn|chunky)[a-z -]*(glasses|spectacles|frames|rim)", "square"),
    (r"glasses|spectacles|bifocal|goggles|monocle", "round"),
)
_BEARDS: tuple[tuple[str, str], ...] = (
    (r"clean[- ]shaven|no beard|beardless", ""),
    (r"(braided|plaited)[a-z -]* beard|(braided|plaited) beard|beard[a-z ]* braid", "braided"),
    (r"(long|wizard'?s?|flowing)[a-z ]* beard|(long|flowing) beard", "long"),
    (r"stubble|five o'?clock|scruff|unshaven", "stubble"),
    (r"goatee|van ?dyke|chin beard|soul patch", "goatee"),
    (r"mutton|sideburn", "sideburns"),
    (r"(short|trimmed|neat|neatly|cropped|light|close|groomed)([a-z -]*) beard", "short"),
    (r"beard", "full"),
    (r"moustache|mustache|handlebar", "moustache"),
)
_HATS: tuple[tuple[str, str], ...] = (
    (r"hijab", "hijab"), (r"turban", "turban"), (r"head ?scarf|headwrap|head wrap|bandana|kerchief|gele\b", "headwrap"),
    (r"beanie|knit(ted)? (hat|cap)|woolly hat|bobble hat|toque", "beanie"),
    (r"witch'?s? hat|wizard'?s? hat|pointed hat", "witch"), (r"beret", "beret"), (r"top hat", "top_hat"),
    (r"cowboy hat|stetson|fedora|panama|trilby|wide-brimmed|sun ?hat|straw hat|felt hat|brimmed", "fedora"),
    (r"baseball cap|flat cap|peaked cap|snapback|\bcap\b(?! sleeve)", "cap"), (r"crown|tiara|diadem|circlet", "crown"),
    (r"\bhood up|hooded\b(?! (eye|lid))", "hood"), (r"\bhat\b", "fedora"),
)  # fmt: skip
_WORN: tuple[tuple[str, str], ...] = (
    (r"hoop|creole", "hoops"), (r"stud(s)?\b(?! in (her|his|their|the) nose)|ear ?stud|pearl earring", "studs"),
    (r"earring|ear ?cuff|dangl", "drops"), (r"septum", "septum"), (r"nose[- ]?ring|ring in (her|his|the|their) nose", "nose_ring"),
    (r"nose[- ](stud|piercing)|stud in (her|his|the|their) nose", "nose_stud"),
    (r"(lip|labret)[- ](ring|stud|piercing)", "lip_ring"), (r"(eye)?brow[- ](ring|stud|piercing)", "brow_ring"),
    (r"choker|collar necklace", "choker"), (r"pendant|locket|amulet|talisman|medallion", "pendant"),
    (r"pearls|pearl necklace|beads|beaded necklace", "pearls"), (r"necklace|\bchain\b", "necklace"),
    (r"headphones|headset", "headphones"), (r"flower (in|behind)|flowers in|flower crown|blossom", "flower"),
    (r"headband|hair ?band|alice band", "headband"), (r"eye ?patch", "eyepatch"), (r"hearing aid|cochlear", "hearing_aid"),
    (r"horns\b|antlers", "horns"), (r"cat ears|fox ears|animal ears|wolf ears", "animal_ears"), (r"bindi", "bindi"),
    (r"monocle", "monocle"), (r"prosthetic|bionic|robot(ic)? arm|mechanical arm|artificial (arm|hand)", "prosthetic"),
)  # fmt: skip
_PLACES = (("brow", r"brow"), ("cheek", r"cheek"), ("lip", r"\blips?\b|mouth"), ("chin", r"chin|jaw"),
           ("nose", r"nose"), ("neck", r"neck|throat"), ("forehead", r"forehead|temple"), ("eye", r"\beye\b|under"))  # fmt: skip
_SIDED = ("brow", "cheek", "lip", "eye")
_DEFAULT_PLACE = {"scar": "cheek", "mole": "cheek", "tattoo": "neck", "paint": "cheek", "birthmark": "cheek"}


def read_glasses(words: str) -> tuple[str, str]:
    """The kind of glasses ("" for none) and the colour of the frame."""
    kind = next((name for phrase, name in _GLASSES if re.search(phrase, words)), "")
    if not kind or re.search(r"no glasses|without glasses|wine ?glass", words) or "monocle" in words:
        return "", ""
    near = re.search(r"([^,;.]*)(glasses|spectacles|shades|aviator|frames)([^,;.]*)", words)
    said = near[0] if near else words
    if re.search(r"tortoise|horn", said):
        return kind, "#6e4526"
    if re.search(r"wire|thin|rimless|gold|metal", said):
        return kind, first_colour(said, CLOTH, "#9a8350")
    return kind, first_colour(said, CLOTH, "#2b2a30")


def read_beard(words: str, hair: str, second: str) -> tuple[str, str]:
    """The kind of beard and its colour: the hair's, a little darker, unless the words say otherwise."""
    kind = next((name for phrase, name in _BEARDS if re.search(phrase, words)), "")
    near = re.search(r"([^,;.]*)(beard|stubble|goatee|mou?stache|scruff|sideburn)", words)
    own = colours_in(near[1], HAIR) if near else []
    if own:
        return kind, own[0][1]
    if near and re.search(r"gr[ea]y|salt|silver|white", near[1]):
        return kind, "#a3a4a8"
    return kind, mix(mix(hair, second, 0.4) if second == "#cfd0d2" else hair, "#2a1a14", 0.12)


def read_hat(words: str) -> tuple[str, str]:
    """The kind of hat or head covering, and its colour."""
    for phrase, name in _HATS:
        near = re.search(rf"([^,;.]*)({phrase})([^,;.]*)", words)
        if near:
            return name, first_colour(near[1], CLOTH, "") or first_colour(
                near[0], CLOTH, _HAT_COLOURS.get(name, "#4a4f5c")
            )
    return "", ""


_HAT_COLOURS = {"fedora": "#6b5138", "crown": "#d8b35c", "witch": "#2f2940", "turban": "#b5523b", "hijab": "#5b7a86",
                "headwrap": "#b9573a", "beanie": "#8a3b3b", "beret": "#7c2636", "top_hat": "#232228", "cap": "#33435f"}  # fmt: skip


def read_metal(words: str) -> str:
    """The metal of jewellery."""
    near = " ".join(
        re.findall(r"([a-z -]*)(?:earring|hoop|stud|ring|necklace|chain|pendant|choker|locket)", words)
    )
    if re.search(r"silver|steel|platinum|white gold|chrome", near):
        return "#c9ced6"
    if re.search(r"copper|rose gold|bronze", near):
        return "#c98a6a"
    return "#d8b35c" if not re.search(r"\bblack", near) else "#35343c"


def read_worn(words: str) -> tuple[str, ...]:
    """What is worn besides clothes, in a fixed order."""
    found = [name for phrase, name in _WORN if re.search(phrase, words)]
    if "drops" in found and ("hoops" in found or "studs" in found):
        found.remove("drops")
    if "necklace" in found and {"pendant", "pearls", "choker"} & set(found):
        found.remove("necklace")
    return tuple(found)


def read_marks(words: str, seed: int) -> tuple[Mark, ...]:
    """Scars, moles, tattoos and the like, each with its place; the seed settles an unsaid side."""
    kinds = (("scar", r"\bscar"), ("mole", r"\bmole\b|beauty (mark|spot)"), ("vitiligo", r"vitiligo"), ("tattoo", r"tattoo"),
             ("birthmark", r"birthmark|port[- ]wine"), ("paint", r"war ?paint|face ?paint|facial markings"))  # fmt: skip
    marks = []
    for number, (kind, phrase) in enumerate(kinds):
        said = [clause for clause in re.split(r"[,;.]| and (?=a )", words) if re.search(phrase, clause)]
        # A face holds a few marks of a kind; more would be a smear.
        marks += [Mark(kind, _place(kind, clause, Random(seed ^ (0xA0 + number)))) for clause in said[:4]]
    return tuple(marks)


def _place(kind: str, clause: str, chance: Random) -> str:
    where = next(
        (name for name, phrase in _PLACES if re.search(phrase, clause)), _DEFAULT_PLACE.get(kind, "cheek")
    )
    side = "left" if chance.random() < 0.5 else "right"
    # The character's left is on the right of the picture.
    if "left" in clause:
        side = "right"
    elif "right" in clause:
        side = "left"
    return f"{where}-{side}" if where in _SIDED else where
