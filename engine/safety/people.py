"""Finds somebody being made to look like a named person: "looks like Marta Villeneuve", "a face like Jane Roe's".

`text.py` calls `names_somebody` where characters and pictures are described. It reads the words as written, for
names have capitals; well-known names without such a phrase are in `people.toml`.
"""

from __future__ import annotations

import re

NAME = r"([A-ZÀ-ÖØ-ÞА-ЯЁ][^\W\d_]+)(?:['’]s)?((?: (?:de |von |van |del |di |da )?[A-ZÀ-ÖØ-ÞА-ЯЁ][^\W\d_]+)?)"
# (?i:…) spans only the phrase: the name must keep its capital.
LIKENESS = re.compile(
    r"(?i:\b(?:looks?|looking|resembles?|resembling|face|twin|double|version|copy|portrait|image|style[ds]?)"
    r" (?:(?:exactly|just|a lot|very much|almost|so much|somewhat|a bit|of|the actress|the actor|the singer) ){0,2}"
    r"(?:like|of|from|as|is that of)?|\bsieht aus wie|\b(?:se )?parece a|\bressemble à|\bparece com|\bsomiglia a|\bsembra|\bпохож[аи]? на) ?"
    r"(?i:(?:the |a )?(?:real |young |late )?(?:(?:actress|actor|singer|model|politician|footballer|streamer) )?)"
    + NAME
)
RESEMBLANCE = re.compile(r"(?i:\b(?:she|he|they|you|who|and|herself|himself|person|woman|man)\b)")


def names_somebody(text: str, not_people: frozenset[str]) -> bool:
    """Whether a likeness to somebody with a name is asked for."""
    return any(_is_name(match, text, not_people) for match in LIKENESS.finditer(text))


def _is_name(match: re.Match[str], text: str, not_people: frozenset[str]) -> bool:
    first, rest = match[1], match[2].strip()
    if first in not_people or rest in not_people:
        return False
    if rest:
        return True
    # One capital word may be a place ("a bar that looks like Lisbon"), unless it is somebody who looks so.
    before = text[max(0, match.start() - 30) : match.start()]
    after = text[match.end() : match.end() + 2]
    if after[1:].isalpha() and after[:1] == " ":
        return False
    return RESEMBLANCE.search(before) is not None or not before.strip()
