"""One piece of advice, as the coach's rules make it and the wizard shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from characters.character import Persona


@dataclass(frozen=True, slots=True)
class Tip:
    """Advice on one field. With `blocking` the answer is refused as it is.

    `proposal` replaces the whole field by one click; it is "" where only the character's maker can say it.
    """

    field: str
    sentence: str
    proposal: str = ""
    blocking: bool = False


# A rule reads a field's words and speaks up, or does not.
Rule = Callable[[str, Persona], Tip | None]
