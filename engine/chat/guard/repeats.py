"""What the character said a moment ago: sentences that come again are left out, whole replies are told by their n-grams.

A sentence is held only while its words are the beginning of an earlier one's; most differ after two or three words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

# Shorter sentences may come again: "Good morning, my love.", "What can I get you?"
REPEATABLE_WORDS = 6
# The same in characters, where words stand without spaces.
REPEATABLE_DENSE = 10
# Letters that a reply needs beside what was said before: "Hm." is none.
FRESH = 8
# Longer sentences are not compared: so long nothing is held.
LONGEST = 400
DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
# The end of a sentence with what closes it.
END = re.compile(r"[.!?…]+[\"”’»)*_]{0,4}(?=\s)|[。！？]+[”’」』）)*_]{0,4}|\n")
# Characters before a piece that may belong to such an end.
BEFORE = 6
WORDS = re.compile(r"\w+")
# Words in a row that two replies are compared by.
GRAM = 4
# A reply that shares so much of its n-grams with one earlier reply says the same again, …
SAME_SHARE = 0.7
# … and only one of so many words is compared: "Good night. Sleep well." is said every night.
COMPARED_WORDS = 12
# A person who asks for it hears it again.
ONCE_MORE = re.compile(
    r"\b(?:again|repeat|once more|one more time|say that|what did you (?:just )?say|noch ?mal|nochmals|wiederhol\w*|otra vez|de nuevo|"
    r"rep[ií]t\w*|encore|r[ée]p[èe]te\w*|de novo|outra vez|ripeti\w*|di nuovo|ancora)\b|もう一度|再说",
    re.IGNORECASE,
)


class Repeats:
    """Leaves out sentences that were said before, unless nothing else is left of the reply."""

    ended = False

    def __init__(self, earlier: Sequence[str]) -> None:
        self._said = sorted({plain for reply in earlier for plain in _long_sentences(reply)})
        self._held = ""
        self._before = ""  # the end of what passed, where it may be the end of a sentence
        self._loose = False  # this sentence is a new one
        self._fresh = 0  # letters that passed
        self._left_out: list[str] = []

    @property
    def nothing_new(self) -> bool:
        """Whether what was left out was all that the reply had to say."""
        return bool(self._left_out) and self._fresh < FRESH

    @property
    def left_out(self) -> str:
        """The sentences that did not pass."""
        return "".join(self._left_out)

    def feed(self, text: str) -> str:
        """The text without sentences that were said before; one that may become such a one is held."""
        if not self._said:
            return text
        self._held += text
        passed: list[str] = []
        while self._held and (step := self._step()) is not None:
            passed.append(step)
        return "".join(passed)

    def close(self) -> str:
        """The last sentence, if it is new."""
        rest, self._held = self._held, ""
        return self._drop(rest) if self._is_repeat(rest) else self._keep(rest)

    def _step(self) -> str | None:
        """Pass to the end of a sentence or decide about one; None if more of it has to come."""
        if self._loose:
            return self._go_on()
        end = END.search(self._held)
        if end is None:
            if self._may_repeat(self._held):
                return None
            self._loose = True
            return ""
        sentence, self._held = self._held[: end.end()], self._held[end.end() :]
        if not self._is_repeat(sentence):
            self._before = ""
            return self._keep(sentence)
        return self._drop(sentence)

    def _go_on(self) -> str:
        whole = self._before + self._held
        end = END.search(whole)
        # An end that lies before this piece was followed by a space only now.
        cut = len(self._held) if end is None else max(0, end.end() - len(self._before))
        passed, self._held = self._held[:cut], self._held[cut:]
        self._loose = end is None
        self._before = whole[-BEFORE:] if end is None else ""
        return self._keep(passed)

    def _keep(self, text: str) -> str:
        self._fresh += sum(char.isalpha() for char in text)
        return text

    def _drop(self, sentence: str) -> str:
        """Leave a sentence out; the break of a line at its end stays."""
        self._left_out.append(sentence)
        return "\n" if sentence.endswith("\n") else ""

    def _may_repeat(self, text: str) -> bool:
        plain = _plain(text)
        at = bisect_left(self._said, plain)
        return len(text) < LONGEST and at < len(self._said) and self._said[at].startswith(plain)

    def _is_repeat(self, text: str) -> bool:
        plain = _plain(text)
        at = bisect_left(self._said, plain)
        return bool(plain) and at < len(self._said) and self._said[at] == plain


def says_the_same(reply: str, earlier: Sequence[str]) -> bool:
    """Whether a reply is much like one of the earlier ones, as a whole."""
    words = _plain(reply).split()
    if len(words) < COMPARED_WORDS:
        return False
    grams = _grams(words)
    return any(len(grams & _grams(_plain(one).split())) >= SAME_SHARE * len(grams) for one in earlier)


def asks_once_more(line: str) -> bool:
    """Whether a person wants to hear something again."""
    return ONCE_MORE.search(line) is not None


def _grams(words: Sequence[str]) -> set[tuple[str, ...]]:
    return set(zip(*(words[start:] for start in range(GRAM)), strict=False))


def _long_sentences(reply: str) -> Iterable[str]:
    start = 0
    for end in (*(found.end() for found in END.finditer(reply)), len(reply)):
        plain = _plain(reply[start:end]) if end - start < LONGEST else ""
        if len(plain.split()) >= REPEATABLE_WORDS or (len(plain) >= REPEATABLE_DENSE and DENSE.search(plain)):
            yield plain
        start = end


def _plain(sentence: str) -> str:
    return " ".join(WORDS.findall(sentence.lower()))
