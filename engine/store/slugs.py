"""Names as addresses: `characters.py` asks for a slug that reads like the name and is never empty."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

# An address longer than this wraps in every chat client.
SLUG_LENGTH = 40
NAMELESS = "character"

_LATIN = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_READINGS = (
    "аa бb вv гg дd еe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юyu яya "
    "іi їyi єye ґg αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo"
)
_LETTERS = {pair[0]: pair[1:] for pair in _READINGS.split()}
# Unicode names end in the reading of these letters: HANGUL SYLLABLE GIM, HIRAGANA LETTER SA.
_SPELLED = ("hangul syllable", "hiragana letter", "katakana letter")


def slug_of(name: str) -> str:
    """The name in the letters of an address: "Zoë 🦊" is "zoe-fox-face"."""
    plain = "".join(_spell(char) for char in unicodedata.normalize("NFC", name).lower().translate(_LATIN))
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LENGTH].strip("-")
    return slug or NAMELESS


def free_slug(wanted: str, taken: Iterable[str]) -> str:
    """The wanted slug, numbered if others have it already."""
    used = set(taken)
    return next(slug for slug in _numbered(wanted) if slug not in used)


def _numbered(slug: str) -> Iterator[str]:
    yield slug
    number = 2
    while True:
        yield f"{slug}-{number}"
        number += 1


def _spell(char: str) -> str:
    if char.isascii():
        return char
    if (bare := unicodedata.normalize("NFD", char)[0]) in _LETTERS:
        return _LETTERS.get(char, _LETTERS[bare])
    if letters := unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode():
        return letters.lower()
    name = unicodedata.name(char, "").lower()
    if name.startswith(_SPELLED):
        return name.rsplit(" ", 1)[1]
    if unicodedata.category(char) == "So":
        return f"-{name}-"
    return "" if unicodedata.combining(char) else "-"
