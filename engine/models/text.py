"""From a model's raw output to the words that people see: bytes, reasoning, stops. Pure; every model's client uses it.

Each class takes pieces by `feed` and gives what can be shown of them; `close` gives the rest. How the output is cut
into pieces never changes what comes out.
"""

from __future__ import annotations

import codecs
from collections.abc import Collection, Iterable

# How models fence off what they think before they speak, and what ends it.
REASONING = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<reasoning>": "</reasoning>",
    "[THINK]": "[/THINK]",
    # gpt-oss thinks in channels of their own until the final one; that one may also come at once.
    "<|channel|>": "<|channel|>final<|message|>",
}


class Letters:
    """Bytes of UTF-8 as whole characters; one that never comes whole becomes "\ufffd"."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, raw: bytes) -> str:
        """The characters that are whole by now."""
        return self._decoder.decode(raw)

    def close(self) -> str:
        """What is left of a character that broke off."""
        return self._decoder.decode(b"", final=True)


class Unthought:
    """Takes out what a model thinks, and the white space between that and its answer.

    `opened`: the tag inside which the output begins, "" as a rule. What is never closed is never shown.
    """

    def __init__(self, opened: str = "") -> None:
        self._end = REASONING.get(opened, "")
        self._held = ""
        self._at_start = True

    def feed(self, text: str) -> str:
        """What is certainly part of the answer."""
        self._held += text
        shown = ""
        while not self._end or self._leave():
            shown += self._shown()
            if not self._end:
                break
        return shown

    def close(self) -> str:
        """What was held back in case it would become a tag."""
        rest, self._held = self._held, ""
        return "" if self._end else self._begun(rest)

    def _leave(self) -> bool:
        """Drop thoughts up to their end; False if it has not come yet."""
        place = self._held.find(self._end)
        if place < 0:
            self._held = self._held[len(self._held) - overlap(self._held, (self._end,)) :]
            return False
        self._held = self._held[place + len(self._end) :]
        self._end, self._at_start = "", True
        return True

    def _shown(self) -> str:
        """The answer up to the next thoughts, or to what may become their tag."""
        found = [(place, tag) for tag in REASONING if (place := self._held.find(tag)) >= 0]
        if found:
            place, tag = min(found)
            answer, self._held = self._held[:place], self._held[place:]
            self._end = REASONING[tag]
        else:
            keep = len(self._held) - overlap(self._held, REASONING)
            answer, self._held = self._held[:keep], self._held[keep:]
        return self._begun(answer)

    def _begun(self, answer: str) -> str:
        """The answer without the white space before its first word."""
        if self._at_start:
            answer = answer.lstrip()
            self._at_start = not answer
        return answer


class Stops:
    """Ends the text where the first of some strings stands; nothing of it is shown."""

    def __init__(self, stops: Collection[str]) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""
        self.stopped = False

    def feed(self, text: str) -> str:
        """What certainly comes before every stop."""
        if self.stopped:
            return ""
        self._held += text
        # The one that is complete first, as if the text came letter by letter.
        places = [(place + len(stop), place) for stop in self._stops if (place := self._held.find(stop)) >= 0]
        self.stopped = bool(places)
        keep = min(places)[1] if places else len(self._held) - overlap(self._held, self._stops)
        shown, self._held = self._held[:keep], "" if self.stopped else self._held[keep:]
        return shown

    def close(self) -> str:
        """What was held back in case it would become a stop."""
        rest, self._held = self._held, ""
        return rest


class Words:
    """Text pieces as what people see of them: without thoughts, up to the first stop."""

    def __init__(self, stops: Collection[str] = (), *, opened: str = "", thinks: bool = True) -> None:
        """`thinks`: False where tags are part of the answer, as in a form that it fills in."""
        self._unthought = Unthought(opened) if thinks else None
        self._stops = Stops(stops)

    @property
    def stopped(self) -> bool:
        """Whether a stop has come: nothing more will be shown."""
        return self._stops.stopped

    def feed(self, text: str) -> str:
        """What can be shown by now."""
        return self._stops.feed(self._unthought.feed(text) if self._unthought else text)

    def close(self) -> str:
        """The rest."""
        rest = self._stops.feed(self._unthought.close()) if self._unthought else ""
        return rest + self._stops.close()


class RawWords:
    """Bytes as what people see of them."""

    def __init__(self, stops: Collection[str] = (), *, opened: str = "", thinks: bool = True) -> None:
        self._letters = Letters()
        self._words = Words(stops, opened=opened, thinks=thinks)

    @property
    def stopped(self) -> bool:
        """Whether a stop has come: nothing more will be shown."""
        return self._words.stopped

    def feed(self, raw: bytes) -> str:
        """What can be shown by now."""
        return self._words.feed(self._letters.feed(raw))

    def close(self) -> str:
        """The rest."""
        return self._words.feed(self._letters.close()) + self._words.close()


def overlap(text: str, marks: Iterable[str]) -> int:
    """How many of a text's last characters may become one of the marks."""
    return max(
        (
            length
            for mark in marks
            for length in range(min(len(text), len(mark) - 1), 0, -1)
            if mark.startswith(text[-length:])
        ),
        default=0,
    )
