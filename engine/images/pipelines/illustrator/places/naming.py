"""From words to a known place: synonyms, plurals, typos, several languages. Used by `scene.py` and the shot planner."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from .book import Place, places

# Longer requests are prose; what a place is called stands in a few words.
_LONGEST = 2000  # characters
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
# Words that carry no place.
_EMPTY = frozenset(
    [
        "a",
        "an",
        "the",
        "at",
        "in",
        "on",
        "of",
        "my",
        "your",
        "our",
        "his",
        "her",
        "their",
        "by",
        "to",
        "near",
        "with",
        "and",
        "some",
        "old",
        "big",
        "small",
        "little",
        "beautiful",
        "cozy",
        "cosy",
        "nice",
        "am",
        "im",
        "in",
        "der",
        "die",
        "das",
        "dem",
        "den",
        "ein",
        "eine",
        "einem",
        "einer",
        "beim",
        "auf",
        "an",
        "el",
        "la",
        "los",
        "las",
        "un",
        "una",
        "en",
        "del",
        "de",
        "al",
        "il",
        "lo",
        "le",
        "les",
        "du",
        "des",
        "au",
        "aux",
        "dans",
        "sur",
        "une",
        "o",
        "os",
        "as",
        "um",
        "uma",
        "no",
        "na",
        "nos",
        "nas",
        "do",
        "da",
        "em",
    ]
)


def plain(text: str) -> str:
    """Lower case, without accents and signs: "Café  Noir!" is "cafe noir"."""
    flat = unicodedata.normalize("NFKD", text[:_LONGEST]).casefold()
    kept = "".join(each for each in flat if not unicodedata.combining(each))
    return " ".join(_WORD.findall(kept))


def stem(word: str) -> str:
    """A word without its plural ending."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def stems(text: str, *, keep_signs: bool = False) -> tuple[str, ...]:
    """The stems of a text's words; with `keep_signs` exactly one for each word of the text as it stands."""
    return tuple(stem(word) for word in (text if keep_signs else plain(text)).split())


@cache
def _names() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Every name of every place as stems, the longest first."""
    pairs = {(stems(word), place.name) for place in places().values() for word in place.words}
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), -len(" ".join(pair[0])), pair)))


@cache
def _first_words() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name in _names():
        found.setdefault(name[0][0], []).append(name)
    return {word: tuple(names) for word, names in found.items()}


def spot_places(text: str) -> list[tuple[Place, int, int]]:
    """Every place named inside a text, with the words it spans; at one spot the longest name."""
    words, found, at = stems(text, keep_signs=True), [], 0
    while at < len(words):
        for name, place in _first_words().get(words[at], ()):
            if words[at : at + len(name)] == name:
                found.append((places()[place], at, at + len(name)))
                at += len(name) - 1
                break
        at += 1
    return found


def spot_place(text: str) -> Place | None:
    """The place with the longest name inside a text."""
    found = spot_places(plain(text))
    return max(found, key=lambda each: (each[2] - each[1], -each[1]))[0] if found else None


# Worlds of their own: "under the sea" is no beach, and a "haunted house" no living room.
_ELSEWHERE = re.compile(
    r"\b(?:(?!in |at |on |by |the |a |an |with |and )\w+ ){0,3}(?:under ?water|under the (?:sea|ocean|water)|deep sea|ocean floor|sea ?bed|bajo el (?:agua|mar)|unter wasser|sous leau"
    r"|volcano|vulkan|volcan|ice (?:palace|castle|cave)|(?:castle|city|house) in the (?:sky|clouds)"
    r"|(?:haunted|crystal|candy|fairy|enchanted|floating|ruined) (?!light)\w+|(?:castle|temple|city|palace) ruins)\b[^,]*"
)


def elsewhere(text: str) -> str:
    """The part of a text that names a world nobody has drawn; "" if it names none."""
    found = _ELSEWHERE.search(text)
    return found.group(0).strip() if found else ""


def find_place(text: str) -> Place | None:
    """The known place that a short phrase means, in any word order and within a typo or two."""
    if elsewhere(plain(text)):
        return None
    if spotted := spot_place(text):
        return spotted
    words = [word for word in stems(text) if word not in _EMPTY][:12]
    if not words:
        return None
    return _in_other_order(words) or _with_typos(words)


def _in_other_order(words: list[str]) -> Place | None:
    """ "bar of jazz" for "jazz bar"."""
    have = set(words)
    for name, owner in _names():
        wanted = [word for word in name if word not in _EMPTY]
        if len(wanted) > 1 and have.issuperset(wanted):
            return places()[owner]
    return None


def _with_typos(words: list[str]) -> Place | None:
    """ "jaz bar", "libary", "moutain sumit"."""
    best: tuple[float, str] | None = None
    for name, owner in _names():
        wanted = [word for word in name if word not in _EMPTY]
        if not wanted or len(wanted) > len(words):
            continue
        misses = [min(_misses(word, given) for given in words) for word in wanted]
        if any(miss is _FAR for miss in misses) or (len(wanted) == 1 and len(wanted[0]) < 5):
            continue
        rank = sum(misses) / sum(map(len, wanted))
        if best is None or rank < best[0]:
            best = (rank, owner)
    return places()[best[1]] if best else None


_FAR = 99.0


def _misses(wanted: str, given: str) -> float:
    """How many letters are wrong, or _FAR if too many for a typo."""
    allowed = 0 if len(wanted) < 4 else 1 if len(wanted) < 7 else 2
    if wanted == given:
        return 0.0
    if abs(len(wanted) - len(given)) > allowed or wanted[0] != given[0] or not allowed:
        return _FAR
    distance = _distance(wanted, given)
    return float(distance) if distance <= allowed else _FAR


def _distance(one: str, other: str) -> int:
    """Edit distance with swapped neighbours counted once."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
