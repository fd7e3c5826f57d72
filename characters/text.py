"""Cleans people's words at the edge: what is stored is visible, normalised, and as long as it may be.

The wizard's steps, the character sheets and the surfaces' commands call it; it calls only unicodedata.
Nothing is cut silently: words that do not fit raise `TooLongError`. Markup is left alone, since `<b>` is
a fine thing to say; escaping is the work of whoever shows the words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from characters.character import NAME_LENGTH

ZWNJ, ZWJ = "\u200c", "\u200d"
BLACK_FLAG = (
    "\U0001f3f4"  # starts the flags of England, Scotland and Wales, which are spelt in tag characters
)
# Letters that no font shows; a name made of them would be an invisible name.
FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5")
BRAILLE_BLANK = "\u2800"
# Vietnamese needs two accents on a letter, and no Latin orthography needs more.
ACCENTS_PER_LETTER = 2
# Burmese and pointed Hebrew stack four signs of their own script on one letter.
SIGNS_PER_LETTER = 4
# Normalising sorts marks in quadratic time, so absurd stacks are cut before it.
MARKS_BEFORE_NORMALISING = 12
# What one pass removes may have held something else in place; in practice the second pass changes nothing.
PASSES = 6
# The marks that go on any letter, which is what zalgo is made of; other marks belong to one script.
ACCENT_BLOCKS = (
    ("\u0300", "\u036f"),
    ("\u0483", "\u0489"),
    ("\u1ab0", "\u1aff"),
    ("\u1dc0", "\u1dff"),
    ("\u20d0", "\u20ff"),
    ("\ufe20", "\ufe2f"),
)


class TextError(ValueError):
    """Those words cannot be used as they are."""

    def __init__(self, sentence: str | None = None) -> None:
        self.sentence = sentence or " ".join((type(self).__doc__ or "").split())
        super().__init__(self.sentence)


class TooLongError(TextError):
    """That is too long."""

    def __init__(self, length: int, limit: int) -> None:
        self.length = length
        self.limit = limit
        super().__init__(
            f"That is {length:,} characters, and {limit:,} fit here. Please shorten it by {length - limit:,}."
        )


class InvisibleNameError(TextError):
    """Give the character a name that can be seen: at least one letter, digit or emoji."""


def storable(text: str) -> str:
    """The same words without what no file, page or terminal can hold: control characters, halves of letters."""
    if text.isprintable():  # nearly every line is
        return text
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    whole = whole.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in whole if letter in "\n\t" or unicodedata.category(letter) != "Cc")


def clean_line(text: str, limit: int) -> str:
    """One line of visible words, at most `limit` characters. Raises TooLongError."""
    return _fitting(" ".join(_visible(text).split()), limit)


def clean_lines(text: str, limit: int) -> tuple[str, ...]:
    """Several short answers, one a line, without empty ones. Raises TooLongError for the first long one."""
    lines = (clean_line(line, limit) for line in _visible(text).splitlines())
    return tuple(line for line in lines if line)


def clean_paragraphs(text: str, limit: int) -> str:
    """Words with their line breaks, and at most one empty line between paragraphs. Raises TooLongError."""
    lines = "\n".join(" ".join(line.split()) for line in _visible(text).splitlines())
    return _fitting(re.sub(r"\n{3,}", "\n\n", lines).strip("\n"), limit)


def clean_name(text: str) -> str:
    """A name that can be seen. Raises InvisibleNameError, TooLongError."""
    name = clean_line(text, NAME_LENGTH)
    if not any(unicodedata.category(letter)[0] in "LNS" for letter in name):
        raise InvisibleNameError
    return name


def _fitting(text: str, limit: int) -> str:
    if len(text) > limit:
        raise TooLongError(len(text), limit)
    return text


def _visible(text: str) -> str:
    """The text without what cannot be seen or what only distorts, composed (NFC)."""
    for _ in range(PASSES):
        former, text = text, _cleaned(text)
        if text == former:
            break
    return text


def _cleaned(text: str) -> str:
    bounded = "".join(_with_few_marks(text, MARKS_BEFORE_NORMALISING, MARKS_BEFORE_NORMALISING))
    shown = _without_hidden(unicodedata.normalize("NFC", bounded))
    # What was hidden may have kept letters and their marks apart, so they are composed once more.
    return unicodedata.normalize("NFC", "".join(_with_few_marks(shown, ACCENTS_PER_LETTER, SIGNS_PER_LETTER)))


def _without_hidden(text: str) -> Iterator[str]:
    before = ""  # the last character that was kept
    for here, after in zip_longest(text, text[1:], fillvalue=""):
        kept = " " if here in f"\t{BRAILLE_BLANK}" else here
        if _is_seen(kept, before, after):
            before = kept
            yield kept


def _is_seen(here: str, before: str, after: str) -> bool:
    """Whether a character shows, or joins its neighbours into something that shows."""
    if here in "\n\r\u0085\u2028\u2029":
        return True
    if here in (ZWJ, ZWNJ):
        return _joins(here, before, after) and _is_seen(after, here, "")
    if _is_tag(here):  # hidden ASCII, except within a flag
        return before == BLACK_FLAG or _is_tag(before)
    if _is_selector(here):
        return before != "" and not before.isspace() and not _is_mark(before) and not _is_latin(before)
    if here in FILLERS or "\ufdd0" <= here <= "\ufdef" or (ord(here) & 0xFFFE) == 0xFFFE:
        return False
    return unicodedata.category(here) not in ("Cc", "Cf", "Cs", "Co")


def _joins(joiner: str, before: str, after: str) -> bool:
    """Joiners make emoji families, and spell Persian and the scripts of India; elsewhere they only hide."""
    if not before or not after:
        return False
    if joiner == ZWJ and _is_pictograph(before) and _is_pictograph(after):
        return True
    return all("\u0600" <= letter <= "\u18af" and letter not in FILLERS for letter in (before, after))


def _is_pictograph(letter: str) -> bool:
    return letter == "\ufe0f" or _is_tag(letter) or unicodedata.category(letter) in ("So", "Sk", "Cn")


def _is_tag(letter: str) -> bool:
    return "\U000e0020" <= letter <= "\U000e007f"


def _is_selector(letter: str) -> bool:
    return "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) in ("Mn", "Me")


def _is_latin(letter: str) -> bool:
    return letter.isalpha() and letter < "\u0300"


def _with_few_marks(text: Iterable[str], accents_limit: int, signs_limit: int) -> Iterator[str]:
    """The text with at most so many accents and signs on each letter, and none on nothing: zalgo, cut."""
    accents = signs = 0
    on_letter = False
    for here in text:
        if not _is_mark(here) or _is_selector(here):
            accents = signs = 0
            on_letter = not here.isspace()
        elif _is_accent(here):
            accents += 1
        else:
            signs += 1
        if accents <= accents_limit and signs <= signs_limit and (on_letter or not (accents or signs)):
            yield here


def _is_accent(mark: str) -> bool:
    return any(first <= mark <= last for first, last in ACCENT_BLOCKS)
