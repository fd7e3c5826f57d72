"""What a filter of the guard is, and the filter of spaces. `watch.py` puts the filters one behind the other."""

from __future__ import annotations

import re
from typing import Protocol

MANY_BREAKS = re.compile(r"\n{3,}")


class Filter(Protocol):
    """One look at a reply while it is written. What passes depends on the text alone, never on how it was cut up."""

    @property
    def ended(self) -> bool:
        """Whether the reply ends here: whatever still comes is not part of it."""

    def feed(self, text: str) -> str:
        """The next words of the reply. Returns what may pass now; the rest is held until more is known."""

    def close(self) -> str:
        """The reply is over. Returns what was held and passes after all."""


class Spaces:
    """Takes spaces from the ends of a reply, and blank lines beyond one from its middle."""

    ended = False

    def __init__(self) -> None:
        self._begun = False
        self._held = ""

    def feed(self, text: str) -> str:
        """The text with the spaces before it, without those behind it: they may be the last ones."""
        text = self._held + text if self._begun else text.lstrip()
        body = text.rstrip()
        self._held = text[len(body) :]
        self._begun = self._begun or bool(body)
        return MANY_BREAKS.sub("\n\n", body)

    def close(self) -> str:
        """Nothing: only spaces were held."""
        return ""
