"""Which language belongs in a talk, and where a reply leaves it: by letters at once, by common words after a while.

What is quoted, listed behind a colon, written as code or only a few words long may be in any language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from engine.chat.guard.languages import (
    LANGUAGES_OF,
    NAMES,
    SCRIPTS,
    SPOKEN_OF,
    TOO_MANY,
    TOO_MANY_ELSE,
    WRITTEN_WITH,
)

# Common words by which a language is known, and how many times those of the next likely one.
KNOWN_BY = 3
CLEARLY = 2
# The person's lines that are asked for their language.
ASKED_LINES = 4
# Characters of a stretch of foreign words that is judged, and the common words of one language in it.
STRETCH = 60
STRETCH_WORDS = 5
# A stretch goes on over one word of the talk's own language in so many foreign ones: "See" is not "see".
MIXED = 3
# A person's line has another script besides its first one if so much of it is written so.
SECOND_SCRIPT = 0.2
# Longer words are read in parts.
LONGEST_WORD = 40
TOKEN = re.compile(rf"[^\W\d_]{{1,{LONGEST_WORD}}}['’]?|[\"“”„«»「」『』`\n:]")
CLOSING_QUOTES = {
    "“": "”",
    "”": "”",
    "„": "“",
    "«": "»",
    "»": "«",
    "「": "」",
    "『": "』",
    '"': '"',
    "`": "`",
}
# Japanese has kana in every sentence: so many Han letters without any are Chinese.
HAN_ALONE = 30


@dataclass(frozen=True, slots=True)
class Tongue:
    """The languages and scripts that may be written; an empty set is not watched. `wanted`: what the person writes."""

    languages: frozenset[str] = frozenset()
    scripts: frozenset[str] = frozenset()
    wanted: str = ""

    @property
    def name(self) -> str:
        """The language's name for a model."""
        return NAMES.get(self.wanted, "the language of the person's last message")


def spoken_here(
    said: Sequence[str], earlier: Sequence[str], samples: tuple[str, ...], described: str
) -> Tongue:
    """What the person's latest lines are written in, and what is usual in this talk. Nothing is watched where it is unclear.

    A character may also speak the language of its sample lines, if that is not only the one it is described in.
    """
    if not said or any(SPOKEN_OF.search(line) for line in said[-2:]):
        return Tongue()
    scripts = _scripts(next((line for line in reversed(said) if _scripts(line)), ""))
    language = _language_of(said[-ASKED_LINES:])
    languages, written = _own_tongue(samples, described)
    if earlier and len(said) > 1 and _language_of(said[-ASKED_LINES - 1 : -1]) in ("", language):
        # The person did not just change the language: what was answered before is as they want it.
        languages |= {_language_of([earlier[-1]])}
        written |= _scripts(earlier[-1])
    return Tongue(
        frozenset({language, *languages} - {""} if language else ()),
        scripts | written if scripts else scripts,
        language,
    )


@lru_cache(maxsize=64)
def _own_tongue(samples: tuple[str, ...], described: str) -> tuple[frozenset[str], frozenset[str]]:
    """The languages and scripts of a character's own lines that it is not described in."""
    languages = frozenset(_language_of([line]) for line in samples) - {_language_of([described])}
    written = frozenset[str]().union(*(_scripts(line) for line in samples)) - _scripts(described)
    return languages, written


def _scripts(line: str) -> frozenset[str]:
    """The scripts of a line, without those of single words in it."""
    letters = {"latin": 1} if line.isascii() and SCRIPTS["latin"].search(line) else _letters(line)
    whole = sum(letters.values())
    found = {script for script, count in letters.items() if count and count >= SECOND_SCRIPT * whole}
    return frozenset(found.union(*(WRITTEN_WITH.get(script, ()) for script in found)))


def _letters(line: str) -> dict[str, int]:
    return {script: len(pattern.findall(line)) for script, pattern in SCRIPTS.items()}


def _language_of(lines: Sequence[str]) -> str:
    """The language of the newest line, told also by the lines before it; "" if that is not clear."""
    if not lines:
        return ""
    newest = _counts(lines[-1])
    if not newest and any(char.isalpha() for char in lines[-1]):
        return ""  # words that nothing is known of may be the beginning of another language
    counts: Counter[str] = Counter()
    for line in reversed(lines):
        counts.update(_counts(line))
        (language, most), second = (*counts.most_common(1), ("", 0))[0], _second(counts)
        if most >= KNOWN_BY and most >= CLEARLY * second:
            return language if newest[language] == max(newest.values(), default=0) else ""
    return ""


def _second(counts: Counter[str]) -> int:
    ranked = counts.most_common(2)
    return ranked[1][1] if len(ranked) > 1 else 0


def _counts(line: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for token in TOKEN.finditer(line.lower()):
        counts.update(_languages(token[0]))
    return counts


def _languages(word: str) -> frozenset[str]:
    """The languages that a word is common in."""
    plain = word.lower().replace("’", "'")
    return LANGUAGES_OF.get(plain, LANGUAGES_OF.get(plain.rstrip("'"), frozenset()))


@dataclass(slots=True)
class _Stretch:
    """Foreign words in a row: where they begin, and what speaks for them."""

    start: int = -1  # characters of the reply before it; -1: there is none
    letters: Counter[str] = field(default_factory=Counter)  # by script
    words: Counter[str] = field(default_factory=Counter)  # common words by language
    home: int = 0  # words in between that are common here

    def begin(self, at: int) -> None:
        """A foreign word is there, the first one or another."""
        self.start = at if self.start < 0 else self.start


class Language:
    """Ends a reply where it goes on in a language that nobody here writes; holds what may be the beginning of that."""

    def __init__(self, tongue: Tongue) -> None:
        self.ended = False
        self.keep = 0  # once ended: how many characters of the reply are in the right language
        self._tongue = tongue
        self._on = bool(tongue.languages or tongue.scripts)
        self._buffer = ""  # what did not pass yet, or is not read yet
        self._offset = 0  # characters of the reply before the buffer
        self._shown = 0  # characters of the reply that passed
        self._read = 0  # characters of the reply that were read, to the last whole word
        self._stretch = _Stretch()
        self._aside = _Aside()

    def feed(self, text: str) -> str:
        """The text, up to where foreign words begin."""
        if not self._on:
            return text
        self._buffer += text
        self._read_words(closed=False)
        return self._pass()

    def close(self) -> str:
        """What was held: a few foreign words at the end are nothing but that."""
        if self.ended or not self._on:
            return ""
        self._read_words(closed=True)
        if not self.ended:
            self._stretch = _Stretch()
        return self._pass()

    def _read_words(self, *, closed: bool) -> None:
        """Weigh the words that are complete."""
        for token in TOKEN.finditer(self._buffer, self._read - self._offset):
            start, end = self._offset + token.start(), self._offset + token.end()
            if not closed and token.end() == len(self._buffer) and _may_go_on(token[0]):
                self._read = start
                return
            self._read = end
            if token[0][0].isalpha():
                self._weigh(token[0], start, end)
            else:
                self._aside.sign(token[0])
            if self.ended or not self._on:
                return
        self._read = self._offset + len(self._buffer)

    def _pass(self) -> str:
        """Everything before what is held: a stretch of foreign words, or a beginning that looks like one."""
        until = self._offset + len(self._buffer)
        if self._stretch.start >= 0:
            until = self._stretch.start
        elif self._read < until and self._is_foreign(self._buffer[self._read - self._offset :]):
            until = self._read
        passed = self._buffer[self._shown - self._offset : max(0, until - self._offset)]
        self._shown += len(passed)
        done = min(self._shown, self._read) - self._offset
        self._buffer, self._offset = self._buffer[done:], self._offset + done
        return passed

    def _weigh(self, word: str, start: int, end: int) -> None:
        """Begin, go on with or end a stretch of foreign words."""
        if (word[0].isupper() or not word.isascii()) and SPOKEN_OF.fullmatch(word):
            self._on, self._stretch = False, _Stretch()
            return
        self._aside.word()
        if self._aside.open:
            return
        script = _script(word)
        if self._foreign_script(script):
            self._stretch.begin(start)
            self._stretch.letters[script] += len(word)
            most = HAN_ALONE if script in self._tongue.scripts else TOO_MANY.get(script, TOO_MANY_ELSE)
            self._judge(self._stretch.letters[script] >= most)
            return
        languages = _languages(word)
        if self._at_home(script, languages):
            self._stretch = _Stretch()
        if self._foreign_word(word):
            self._stretch.begin(start)
            self._stretch.words.update(languages)
            enough = max(self._stretch.words.values()) >= STRETCH_WORDS
            self._judge(enough and end - self._stretch.start >= STRETCH)

    def _at_home(self, script: str, languages: Collection[str]) -> bool:
        """Whether a word ends a foreign stretch. What is also common in the stretch's language ("war", "die") does not."""
        words = self._stretch.words
        if not words:
            return script in self._tongue.scripts
        language, most = words.most_common(1)[0]
        if not self._tongue.languages.isdisjoint(languages) and language not in languages:
            self._stretch.home += 1
        return self._stretch.home * MIXED > most

    def _is_foreign(self, beginning: str) -> bool:
        """Whether what may be the beginning of a word would be foreign as it is."""
        return not self._aside.open and (
            self._foreign_word(beginning) or self._foreign_script(_script(beginning))
        )

    def _foreign_script(self, script: str) -> bool:
        scripts = self._tongue.scripts
        alone = script == "han" and "kana" in scripts
        return bool(scripts and script) and (alone or script not in scripts)

    def _foreign_word(self, word: str) -> bool:
        """Whether a word is common in other languages only."""
        languages = _languages(word)
        return (
            bool(languages) and bool(self._tongue.languages) and self._tongue.languages.isdisjoint(languages)
        )

    def _judge(self, foreign: bool) -> None:
        if foreign:
            self.ended, self.keep = True, self._stretch.start


@dataclass(slots=True)
class _Aside:
    """Whether words are quoted, written as code, or listed behind a colon: those may be in any language."""

    quote: str = ""  # what closes the quotation
    colon: bool = False  # there was one in this line
    listing: bool = False  # what follows a line that ends in a colon, up to a blank line
    words: int = 0  # since the last break or colon
    listed: bool = False  # something of the list was there

    @property
    def open(self) -> bool:
        """Whether the words here are not the speaker's own."""
        return bool(self.quote) or self.colon or self.listing

    def word(self) -> None:
        """A word came."""
        self.words += 1
        self.listed = self.listed or self.listing

    def sign(self, sign: str) -> None:
        """A quotation mark, a colon or a break came."""
        if sign == "\n":
            self._end_line()
        elif sign == ":":
            self.colon, self.words = True, 0
        elif self.quote:
            self.quote = "" if sign == self.quote else self.quote
        else:
            self.quote = CLOSING_QUOTES.get(sign, "")

    def _end_line(self) -> None:
        if not self.words and self.colon:
            self.listing, self.listed = True, False
        elif not self.words and self.listed:
            self.listing = False
        if self.quote == '"' or not self.words:  # inches, and quotations that nobody closed
            self.quote = "" if self.quote != "`" else self.quote
        self.colon, self.words = False, 0


def _may_go_on(word: str) -> bool:
    """Whether more letters would make another word of it."""
    return word[0].isalpha() and word[-1].isalpha() and len(word) < LONGEST_WORD


def _script(word: str) -> str:
    """The script of most letters of a word; kana decides for Japanese."""
    if word.isascii():
        return "latin"
    letters = _letters(word)
    most = max(letters, key=lambda script: letters[script])
    return "kana" if letters["kana"] else most if letters[most] else ""
