"""Who speaks, told by the beginnings of lines: the own name is left out, somebody else's ends the reply.

A line is held only while it could still become such a beginning: "Ann" may be followed by a colon, "Ann, look" is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

# Names under which a model writes the person's side, whatever the person is called.
PERSONS = ("you", "user", "human", "person", "{{user}}")
# Those of them that stand in no list of a character's ("The roles: / You: the knight").
ALWAYS = ("user", "human", "{{user}}")
# The same, but also common at the beginning of an honest line: only in what is already written as a play.
WEAK = ("me", "system")
# Names under which it writes its own side; these two also begin lines of lists.
OWN = ("assistant", "{{char}}")
OWN_AT_START = ("ai", "bot")
# Headings of instruction templates.
HEADING = re.compile(
    r"\s*(?:#{2,4}[ \t]*(instruction|response|input|human|assistant|user|system)[ \t]*:|"
    r"###[ \t]*(instruction|response|input|human|assistant|user|system)[ \t]*\n)[ \t]*",
    re.IGNORECASE,
)
HEADING_BEGUN = re.compile(r"\s*#{1,4}[ \t]*(?P<word>[a-z]*)[ \t]*\Z", re.IGNORECASE)
HEADINGS = ("instruction", "response", "input", "human", "assistant", "user", "system")
OWN_HEADINGS = frozenset({"response", "assistant"})
# What may stand before a name: markup, a bracket, the hour of a chat log.
OPENING = re.compile(r"\s*(?:\[\d{1,2}:\d\d(?::\d\d)?\]\s*)?(?P<marks>[*_\[(<@]*)\s*")
HOUR_BEGUN = re.compile(r"\s*\[[\d:]{0,8}\]?\s*\Z")
CLOSING = re.compile(r"[*_\])>]*")
SPACES = re.compile(r"[ \t]*")
# "(smiling)" or "*smiles*" between a name and its colon.
DIRECTION = re.compile(r"[ \t]*(?:\([^()\n]{1,40}\)|\*[^*\n]{1,40}\*)")
DIRECTION_BEGUN = re.compile(r"[ \t]*(?:\([^()\n]{0,40}|\*[^*\n]{0,40})?\Z")
SPEAKING = frozenset({"says", "replies", "answers", "asks", "whispers", "responds"})
SPEAKING_TO = frozenset({"say", "reply", "answer", "ask", "whisper", "respond"})
# What only a person can decide to do: whoever writes it of them in the present acts for them.
ACTING = frozenset(
    "smiles nods laughs grins giggles chuckles sighs shrugs blushes whispers replies says answers asks kisses hugs leans steps "
    "walks runs sits stands takes grabs reaches pulls pushes turns looks gasps moans cries winks yawns hesitates".split()
)
ACTING_TO = frozenset(
    "smile nod laugh grin giggle chuckle sigh shrug blush whisper reply kiss hug lean step walk run sit stand reach "
    "gasp moan wink yawn hesitate".split()
)
WORD = re.compile(r"[ \t]+([^\W\d_]+)")
# Behind a colon: ":)" and ":D" are faces.
FACE = re.compile(r"[:：](?:[)(\]\[/\\|'^3:-]|[DPpOoXxSs](?!\w))")
QUOTES = "\"“„«'‘"
# A line that is still undecided after so many characters is an ordinary one.
LONGEST = 120
FENCE = "```"
LISTED = re.compile(r"[^:\n]{1,40}:\s")


class Sign(Enum):
    """What a line begins with."""

    PLAIN = "plain"
    OPEN = "open"  # more of it has to come
    OWN = "own"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Names:
    """Names as lines begin with them, in small letters, the longest first."""

    own: tuple[str, ...]
    person: tuple[str, ...]
    others: tuple[str, ...]


@lru_cache(maxsize=256)
def names_of(own: str, person: str, others: tuple[str, ...]) -> Names:
    """The names of a talk, whole and by their first word. Nobody's name is also that of the character."""
    mine = _forms(own)
    persons = tuple(name for name in _forms(person) if name not in mine)
    rest = {form for other in others for form in _forms(other)} - {*mine, *persons}
    return Names(mine, persons, tuple(sorted(rest, key=len, reverse=True)))


def _forms(name: str) -> tuple[str, ...]:
    whole = " ".join(name.casefold().split())
    first = whole.split(" ")[0]
    # A title or a letter is no name: "The Keeper", "J. Smith".
    short = (
        first
        if len(first) > 2 and first not in {"the", "der", "die", "das", "los", "las", "mrs", "mr."}
        else ""
    )
    # One letter begins an answer to choose from: "A: the red one".
    return tuple(form for form in dict.fromkeys((whole, short)) if len(form) > 1)


class Labels:
    """Leaves the own name out; ends the reply where somebody else speaks or acts."""

    def __init__(self, names: Names) -> None:
        self.ended = False
        self._names = names
        self._held = ""  # the beginning of a line, while it is not decided
        self._line = ""  # as much of the present line as is needed to know a list
        self._decided = False
        self._first = True  # nothing has passed yet
        self._played = False  # the reply is written like a play: it named its own speaker
        self._listing = False
        self._fenced = False

    def feed(self, text: str) -> str:
        """The text up to where somebody else begins, without own names at the beginnings of lines."""
        passed: list[str] = []
        for line in text.splitlines(keepends=True) if not self.ended else ():
            passed.append(self._feed_line(line, whole=line[-1] == "\n"))
            if self.ended:
                break
        return "".join(passed)

    def close(self) -> str:
        """The last line, if it began like a name and was none."""
        return "" if self.ended or self._decided else self._decide(whole=True)

    def _feed_line(self, part: str, *, whole: bool) -> str:
        if self._decided:
            return self._pass(part, whole=whole)
        self._held += part
        return self._decide(whole=whole)

    def _decide(self, *, whole: bool) -> str:
        while True:
            sign, end = self._sign(self._held, whole=whole)
            if sign is Sign.OPEN:
                return ""
            if sign is Sign.OTHER:
                self.ended, self._held = True, ""
                return ""
            if sign is Sign.PLAIN:
                part, self._held, self._decided = self._held, "", True
                return self._pass(part, whole=part.endswith("\n"))
            self._held, self._played = self._held[end:], True
            if not self._held and not whole:
                return ""

    def _pass(self, part: str, *, whole: bool) -> str:
        # Its beginning and its end are enough to know a list by.
        line = self._line + part
        self._line = line if len(line) <= LONGEST else line[:60] + line[-4:]
        self._first = self._first and not part.strip()
        if whole:
            self._end_line()
        return part

    def _end_line(self) -> None:
        line = self._line.strip()
        self._line, self._decided = "", False
        self._fenced = self._fenced != line.startswith(FENCE)
        if line:
            self._listing = line.endswith(":") or (self._listing and LISTED.match(line + " ") is not None)

    def _sign(self, line: str, *, whole: bool) -> tuple[Sign, int]:
        """What a line begins with, and where that ends."""
        if len(line) >= LONGEST:
            line, whole = line[:LONGEST], True
        if line.lstrip().startswith("#"):
            return self._heading(line if not whole or line.endswith("\n") else line + "\n", whole=whole)
        opening = OPENING.match(line)
        assert opening is not None
        name_at = opening.end()
        if not whole and (name_at == len(line) or HOUR_BEGUN.match(line)):
            return Sign.OPEN, 0
        if self._fenced or (opening["marks"] and line[name_at - 1].isspace()):
            return Sign.PLAIN, 0  # code, or the mark of a list
        begun = False
        for kind, names in self._candidates():
            for name in names:
                sign, end = self._name(kind, name, _Line(line, name_at, opening["marks"], whole))
                if sign in (Sign.OWN, Sign.OTHER):
                    return sign, end
                begun = begun or sign is Sign.OPEN
        return (Sign.OPEN if begun and not whole else Sign.PLAIN), 0

    def _candidates(self) -> Iterator[tuple[Kind, Sequence[str]]]:
        """The names that count at this line."""
        persons = PERSONS if not self._listing else ALWAYS
        yield Kind.PERSON, [name for name in persons if name not in self._names.own]
        yield Kind.OWN, OWN
        if not self._listing:
            yield Kind.OWN, self._names.own
            yield Kind.PERSON, self._names.person
            yield Kind.OTHER, self._names.others
        if self._first:
            yield Kind.OWN, OWN_AT_START
        if self._played:
            yield Kind.PERSON, WEAK

    def _heading(self, line: str, *, whole: bool) -> tuple[Sign, int]:
        found = HEADING.match(line)
        if found is not None:
            word = (found[1] or found[2]).lower()
            if self._first and word in OWN_HEADINGS:
                return (Sign.OWN if whole or found.end() < len(line) else Sign.OPEN), found.end()
            return Sign.OTHER, 0
        begun = None if whole else HEADING_BEGUN.match(line)
        if begun is not None and any(one.startswith(begun["word"].lower()) for one in HEADINGS):
            return Sign.OPEN, 0
        return Sign.PLAIN, 0

    def _name(self, kind: Kind, name: str, line: _Line) -> tuple[Sign, int]:
        """What a line begins with if it begins with this name."""
        rest = line.text[line.at : line.at + len(name)].casefold()
        if rest != name:
            return (Sign.OPEN if name.startswith(rest) else Sign.PLAIN), 0
        end = line.at + len(name)
        closed = _end(CLOSING, line.text, end)
        sign = _colon(kind, line, closed, markup=len(line.marks) - (closed - end))
        if sign[0] is Sign.PLAIN and kind is Kind.PERSON:
            return _deed(name, line, closed, marked=bool(line.marks) and closed == end), 0
        return sign


class Kind(Enum):
    """Whose name it is."""

    OWN = "own"
    PERSON = "person"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with a name at `at`, the markup before it, and whether all of the line is there."""

    text: str
    at: int
    marks: str
    whole: bool


def _colon(kind: Kind, line: _Line, at: int, *, markup: int) -> tuple[Sign, int]:
    """Whether a colon follows a name, perhaps behind a stage direction; and where the words after it begin."""
    text = line.text
    direction = DIRECTION.match(text, at)
    if direction is not None:
        at = _end(CLOSING, text, direction.end())
    elif DIRECTION_BEGUN.match(text, at):
        return Sign.OPEN, 0
    at = _end(SPACES, text, at)
    if at == len(text):
        return Sign.OPEN, 0
    if text[at] not in ":：" or FACE.match(text, at):
        # Only the second character behind the colon tells a face from a word: ":D" and ":Do".
        open_face = not line.whole and text[at] in ":：" and len(text) == at + 2
        return (Sign.OPEN if open_face and text[-1] in "DPpOoXxSs" else Sign.PLAIN), 0
    if len(text) == at + 1 and not line.whole:
        return Sign.OPEN, 0
    if kind is not Kind.OWN:
        return Sign.OTHER, 0
    words = at + 1
    while markup > 0 and text[words : words + 1] in tuple("*_])>"):
        words, markup = words + 1, markup - 1
    words = _end(SPACES, text, words)
    return (Sign.OWN if words < len(text) or line.whole else Sign.OPEN), words


def _deed(name: str, line: _Line, at: int, *, marked: bool) -> Sign:
    """Whether a line goes on with what the person does or says: "*Ann smiles*", "You say: “…"."""
    if at == len(line.text):
        return Sign.OPEN
    speaking, acting = (SPEAKING_TO, ACTING_TO) if name == "you" else (SPEAKING, ACTING)
    word = WORD.match(line.text, at)
    if word is not None and marked and word[1].endswith("ly"):  # "*Ann softly laughs*"
        if not line.text[word.end() :].strip(" \t"):
            return Sign.OPEN
        word = WORD.match(line.text, word.end()) or word
    if word is None:
        return Sign.OPEN if not line.text[at:].strip(" \t") else Sign.PLAIN
    verb = word[1].casefold()
    if word.end() == len(line.text) and not line.whole:
        known = speaking | acting if marked else speaking
        return (
            Sign.OPEN
            if (marked and word.start() == at) or any(one.startswith(verb) for one in known)
            else Sign.PLAIN
        )
    if marked and verb in acting:
        return Sign.OTHER
    return _speech(name, line, word.end()) if verb in speaking else Sign.PLAIN


def _speech(name: str, line: _Line, at: int) -> Sign:
    """Whether a colon follows "Ann says", and also a quotation mark after "You say"."""
    for wanted in (":：", QUOTES) if name == "you" else (":：",):
        at = _end(SPACES, line.text, at)
        if at == len(line.text):
            return Sign.OPEN
        if line.text[at] not in wanted:
            return Sign.PLAIN
        at += 1
    return Sign.OTHER


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
