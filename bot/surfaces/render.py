"""Words for all messengers: long texts in parts, the wait for a picture as a person says it, a bar of progress.

Streams split with it, the views of Discord, Telegram and the page word with it. It knows no platform.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from bot.messages import ProgressView

Length = Callable[[str], int]

HALF_A_MINUTE = 30  # seconds; below it exact numbers only jump about
# Letters without a space after them that are shown anyway: no word is that long.
LONGEST_WORD = 40

_FENCE, _BOLD = "```", "**"
# Where a text may be cut, the best first: before an empty line, after a line, after a sentence, after a word.
_CUTS = (
    re.compile(r"\n[^\S\n]*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…])[\"'”’»)\]*_]*\s|(?<=[。！？])"),
    re.compile(r"\s"),
)
# Writing without spaces between words: it may be shown up to any character.
_SPACELESS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_JOINERS = "\u200d\ufe0e\ufe0f"


# ---------------------------------------------------------------- long texts in parts


def split(text: str, limit: int, length: Length = len) -> list[str]:
    """A text in parts of at most `limit`, cut where a reader pauses. Only white space at a cut is lost.

    Where a part ends depends only on what stands before it and the character after, so that the parts of a text that
    grows stay as they are.
    """
    parts = []
    rest = text.strip()
    while rest and length(rest) > limit:
        end = _end(rest, limit, length)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest else parts


def _end(text: str, limit: int, length: Length) -> int:
    """Where the first part ends. A beginning may be longer than what it begins, where half a pair is escaped."""
    longest = _longest(text, limit, length)
    while True:
        end = _cut(text, longest)
        if end == 1 or length(text[:end].rstrip()) <= limit:
            return end
        longest = end - 1


def utf16(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _longest(text: str, limit: int, length: Length) -> int:
    """How many characters of a text fit; at least one, so that there is an end."""
    low, high = 1, min(len(text), max(1, limit))
    while low < high:
        middle = (low + high + 1) // 2
        if length(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _cut(text: str, longest: int) -> int:
    """Where the first part ends: at a pause not too early, else anywhere outside of code and bold, else hard."""
    intact = _intact(text, longest)
    pauses = [_pauses(text, longest, cut) for cut in _CUTS]
    for found in pauses:
        if good := [at for at in found if at >= longest // 3 and at in intact]:
            return good[-1]
    if good := [at for found in pauses for at in found if at in intact]:
        return max(good)
    for found in pauses:
        if found:
            return found[-1]
    return _hard(text, longest)


def _pauses(text: str, longest: int, cut: re.Pattern[str]) -> list[int]:
    """The ends of parts at such a pause: before its white space."""
    ends = []
    for found in cut.finditer(text, 0, min(len(text), longest + 2)):
        end = found.start() if not found[0].strip() else found.start() + len(found[0].rstrip())
        if 0 < end <= longest and text[:end].strip():
            ends.append(end)
    return ends


def _intact(text: str, longest: int) -> set[int]:
    """The places that are in no ``` fence and no **bold** words."""
    places, at = set(), 0
    fenced = bold = False
    while at <= longest:
        if text.startswith(_FENCE, at):
            fenced, at = not fenced, at + len(_FENCE)
            bold = False
        elif text.startswith(_BOLD, at) and not fenced:
            bold, at = not bold, at + len(_BOLD)
        else:
            at += 1
            if text[at - 1 : at] == "\n" and not fenced:
                bold = False  # bold words do not go over lines
        if not fenced and not bold:
            places.add(at)
    return places


def _hard(text: str, longest: int) -> int:
    """A cut inside a word, but not inside what is seen as one character."""
    for end in range(longest, 0, -1):
        after = text[end : end + 1]
        joined = after in _JOINERS or unicodedata.combining(after or " ") or text[end - 1] == "\u200d"
        if not (after and joined):
            return end
    return longest


def whole_words(text: str) -> str:
    """A growing text without the word at its end that may still grow."""
    tail = re.search(r"\S*\Z", text)
    assert tail is not None
    word = tail[0]
    if not word or word[-1] in ".,;:!?…”»" or len(word) > LONGEST_WORD:
        return text.rstrip()
    spaceless = [found.end() for found in _SPACELESS.finditer(word)]
    return text[: tail.start() + (spaceless[-1] if spaceless else 0)].rstrip()


# ---------------------------------------------------------------- the wait for a picture


def wait_words(view: ProgressView) -> str:
    """Place in line and time left, as a person says it."""
    if view.position == 1:
        return "Next in line" + _left(view.seconds_left)
    if view.position > 1:
        before = view.position - 1
        return f"{before} picture{'s' if before > 1 else ''} before this one" + _left(view.seconds_left)
    stage = view.stage or "starting"
    return stage[:1].upper() + stage[1:] + _left(view.seconds_left)


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < HALF_A_MINUTE:
        return f" · about {max(1, round(seconds))} s left"
    if seconds < 90:
        return " · about a minute left"
    return f" · about {round(seconds / 60)} minutes left"


def bar(fraction: float, width: int = 10) -> str:
    """Progress as a line of blocks."""
    full = round(min(1.0, max(0.0, fraction)) * width)
    return "▰" * full + "▱" * (width - full)
