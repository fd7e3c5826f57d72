"""The guard itself: the filters one behind the other while the reply is written, and the review when it is over.

`engine/turn.py` feeds it the model's pieces and shows what comes out. The text that is stored depends on the reply alone,
never on how it was cut into pieces; where it differs from what was shown, the surfaces edit.
"""

from __future__ import annotations

import re

from engine.chat.guard.ending import broken_off
from engine.chat.guard.filters import Filter, Spaces
from engine.chat.guard.labels import Labels, names_of
from engine.chat.guard.language import Language, Tongue, spoken_here
from engine.chat.guard.loops import Loops
from engine.chat.guard.marks import Marks
from engine.chat.guard.repeats import Repeats, asks_once_more, says_the_same
from engine.chat.guard.talk import Fault, Reviewed, Talk
from engine.models.port import Ending

# Letters that have to be left of a reply that was cut.
LEFT = 12
# Letters from here on stand for a syllable or a word; so much do they count.
DENSE, DENSE_LETTER = "\u3040", 3
# What belongs to the word before a cut.
SIGNS = re.compile(r"[.!?…,;:]*[\"”’»)*_]*")


class Guard:
    """Watches one reply. With `last` there will be no other: it mends what it can and finds no fault."""

    def __init__(self, talk: Talk, *, last: bool = False) -> None:
        self._talk = talk
        self._last = last
        self._again = bool(talk.said) and asks_once_more(talk.said[-1])
        self._tongue = Tongue() if last else _tongue(talk)
        self._labels = Labels(names_of(talk.persona.name, talk.person_name, tuple(talk.others)))
        self._repeats = Repeats(() if self._again else talk.earlier)
        self._language = Language(self._tongue)
        self._loops = Loops()
        self._filters: tuple[Filter, ...] = (
            Marks(),
            self._labels,
            self._repeats,
            Spaces(),
            self._language,
            self._loops,
        )
        self._shown: list[str] = []
        self._rest = ""

    @property
    def ended(self) -> bool:
        """Whether the reply ends here, whatever the model still writes."""
        return any(one.ended for one in self._filters)

    def feed(self, piece: str) -> str:
        """The model's next piece. Returns what may be shown now."""
        if self.ended:
            return ""
        for one in self._filters:
            piece = one.feed(piece)
        self._shown.append(piece)
        return piece

    def close(self, ending: Ending = Ending.STOP) -> Reviewed:
        """The reply is over: what is stored of it, and what is wrong with it if it should be written anew."""
        shown = "".join(self._shown)
        text = self._mended(shown + self._flush(), ending)
        fault = None if self._last else self._fault(text)
        # Rather what was said before than nothing.
        text = text or self._repeats.left_out.strip()
        rest = text[len(shown) :] if fault is None and text.startswith(shown) else ""
        return Reviewed(text, rest, fault, self._note(fault))

    def _flush(self) -> str:
        """What was held and passes after all."""
        rest = ""
        for one in self._filters:
            rest = ("" if one.ended else one.feed(rest)) + one.close()
        return rest

    def _mended(self, text: str, ending: Ending) -> str:
        """The reply without what is not worth keeping, in whole sentences."""
        if self._loops.ended:
            signs = SIGNS.match(text, self._loops.keep)
            text = text[: signs.end() if signs else self._loops.keep]
        if self._language.ended:
            text = text[: self._language.keep]
        if self._loops.ended or self._language.ended:
            return broken_off(text, in_word=False)
        # What ended before its end came is whole.
        return broken_off(text, in_word=True) if ending is Ending.LENGTH and not self.ended else text

    def _fault(self, text: str) -> Fault | None:
        little = sum(DENSE_LETTER if char >= DENSE else 1 for char in text if char.isalpha()) < LEFT
        if self._language.ended and little:
            return Fault.LANGUAGE
        if self._repeats.nothing_new or (self._loops.ended and little):
            return Fault.REPETITION
        if not text:
            return Fault.VOICE if self._labels.ended else Fault.NOTHING
        if not self._again and says_the_same(text, self._talk.earlier):
            return Fault.REPETITION
        return None

    def _note(self, fault: Fault | None) -> str:
        """What to tell the model before it tries again."""
        name = self._talk.persona.name
        match fault:
            case None:
                return ""
            case Fault.NOTHING:
                return f"Answer in words of {name}'s own."
            case Fault.VOICE:
                return f"Write only what {name} says, without a name before it, and no words of anybody else."
            case Fault.REPETITION:
                return "Say something new: do not repeat an earlier reply."
            case Fault.LANGUAGE:
                return f"Answer in {self._tongue.name}."


def _tongue(talk: Talk) -> Tongue:
    persona = talk.persona
    samples = (*persona.personality.sample_lines, persona.greeting)
    return spoken_here(talk.said, talk.earlier, samples, f"{persona.tagline} {persona.backstory}")
