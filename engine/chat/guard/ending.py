"""The end of a reply that was broken off: back to the last whole sentence, and what is open is closed."""

from __future__ import annotations

import re
from collections.abc import Iterator

# The end of a sentence with what closes it; whether it is one is for `_ends_here` to say.
END = re.compile(
    r"(?:[.!?…]+[\"”’»«“)*_]{0,4}(?=\s|\Z)|[。！？]+[”’」』）)*_]{0,4}|(?<=[\"”»*_)])(?=\n|\Z)|(?=\n))"
)
# A stop behind these ends no sentence: "Dr. Ferro", "z. B.", "3. Bread", "J. Smith".
ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|etc|approx|No|Nr|bzw|ca|Sr|Sra|e\.g|i\.e|z\.\s?B|\w)|\n\s*\d{1,3}|\A\d{1,3})\.\Z"
)
# A reply that would lose more than this goes on with an ellipsis instead.
MOST_LOST = 0.5
FENCE = "```"
PAIRS = (("“", "”"), ("„", "“"), ("«", "»"), ("「", "」"), ("『", "』"), ("(", ")"))
MARKS = ('"', "*", "**", "_")
WORD_AT_END = re.compile(r"\s+\S*\Z")


def broken_off(text: str, *, in_word: bool) -> str:
    """A reply that ended in the middle, as it can stand: whole sentences, or an ellipsis; nothing stays open.

    `in_word`: its last word may be the beginning of one.
    """
    text = text.rstrip()
    if text.count(FENCE) % 2:
        return f"{text}\n{FENCE}"
    return closed(_whole_sentences(text, in_word=in_word))


def closed(text: str) -> str:
    """The text with the actions, quotations and emphases of its last paragraph closed."""
    paragraph = text[text.rfind("\n") + 1 :]
    missing = [(at, closing) for closing, at in _open_pairs(paragraph)]
    missing += [(paragraph.rfind(mark), mark) for mark in MARKS if _is_open(paragraph, mark)]
    return text + "".join(closing for _, closing in sorted(missing, reverse=True))


def _open_pairs(paragraph: str) -> Iterator[tuple[str, int]]:
    """What closes each quotation and bracket that is open, and where it was opened."""
    german = "„" in paragraph
    for opening, closing in PAIRS:
        at = paragraph.rfind(opening)
        face = opening == "(" and at > 0 and not paragraph[at - 1].isspace()  # ":("
        if at > paragraph.rfind(closing) and not face and not (opening == "“" and german):
            yield closing, at


def _is_open(paragraph: str, mark: str) -> bool:
    """Whether a mark is open: one that opens stands before a word; a bullet and a product do not."""
    sign = re.escape(mark[0])
    opening = re.findall(rf"(?<![\w{sign}]){re.escape(mark)}(?=[^\s{sign}])", paragraph)
    closing = re.findall(rf"(?<=[^\s{sign}]){re.escape(mark)}(?![\w{sign}])", paragraph)
    return len(opening) > len(closing)


def _whole_sentences(text: str, *, in_word: bool) -> str:
    if not text:
        return ""
    ends = [found.end() for found in END.finditer(text) if _ends_here(text, found.end())]
    end = ends[-1] if ends else 0
    if end >= len(text) * (1 - MOST_LOST):
        return text[:end].rstrip()
    words = WORD_AT_END.sub("", text) if in_word else text
    return words.rstrip(" ,;:-–—") + "…"


def _ends_here(text: str, end: int) -> bool:
    """Whether a sentence ends there: also a line does; an abbreviation and the number of a list do not."""
    return bool(text[:end].strip()) and ABBREVIATION.search(text[max(0, end - 12) : end]) is None
