"""A model that goes round in circles: "I love you I love you I love you …". The circle is kept once, the rest is cut."""

from __future__ import annotations

import re

# How often words in a row may come again, by how many they are: "la la la" goes on for long, a paragraph does not.
TIMES = ((1, 16), (3, 7), (5, 5), (15, 4), (60, 3))
# Words that are looked back at: the longest circle.
LONGEST = TIMES[-1][0]
ALLOWED = tuple(next(times for most, times in TIMES if period <= most) for period in range(1, LONGEST + 1))
# Words, or signs that stand for one: letters of scripts without spaces, emoji.
# A longer word is read in parts, so that never more of it has to be looked at again.
LONGEST_WORD = 50
TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\u2600-\u27bf\U0001F000-\U0001FAFF]"
    rf"|[^\W_\u3040-\u30ff\u3400-\u9fff]{{1,{LONGEST_WORD}}}"
)
# The same sign so often in a row is no word and no drawn line: "aaaaaaaa…", "!!!!!!!!…".
RUN = 60
RUNS = re.compile(rf"([^\s\-_=*~#─═.·•])\1{{{RUN - 1}}}")
# What is left of such a run.
RUN_KEPT = 3


class Loops:
    """Lets a reply pass until it goes round in circles."""

    def __init__(self) -> None:
        self.ended = False
        self.keep = 0  # once ended: how many characters of the reply are worth keeping
        self._passed = 0  # characters
        self._tail = ""  # the end of what passed: the beginning of a word, or of a run
        self._ends: list[int] = []  # where each word ended
        self._last: dict[str, list[int]] = {}  # where a word stood
        self._running: dict[int, int] = {}  # period -> words in a row that equal those one period before

    def feed(self, text: str) -> str:
        """The text, up to where it is clear that it goes round."""
        whole, start = self._tail + text, self._passed - len(self._tail)
        run = RUNS.search(whole)
        limit = len(whole) if run is None else run.end()
        cut = self._read(whole[:limit], start)
        if cut is None and run is not None:
            self.keep, cut = start + run.start() + RUN_KEPT, run.end()
        passed = text if cut is None else text[: max(0, cut - len(self._tail))]
        self.ended = cut is not None
        self._passed += len(passed)
        self._tail = whole[-RUN:]
        return passed

    def close(self) -> str:
        """Nothing is ever held."""
        return ""

    def _read(self, whole: str, start: int) -> int | None:
        """Count the words that are complete. Returns where in `whole` it is clear that they go round, if they do."""
        known = self._ends[-1] if self._ends else 0
        for token in TOKEN.finditer(whole, max(0, known - start)):
            if token.end() == len(whole) and token[0].isalnum() and len(token[0]) < LONGEST_WORD:
                break  # it may go on
            if self._goes_round(token[0].lower(), start + token.end()):
                return token.end()
        return None

    def _goes_round(self, word: str, end: int) -> bool:
        here = len(self._ends)
        self._ends.append(end)
        places = [at for at in self._last.get(word, ()) if here - at <= LONGEST]
        self._running = {here - at: self._running.get(here - at, 0) + 1 for at in places}
        self._last[word] = [*places, here]
        for period, equal in self._running.items():
            if equal >= period * (ALLOWED[period - 1] - 1):
                first = here - equal - period + 1  # the first word of the circle
                self.keep = self._ends[first + (period if period > 1 else RUN_KEPT) - 1]
                return True
        return False
